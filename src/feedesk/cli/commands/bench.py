"""``feedesk bench``: how long things take beside the plainest program doing the same, on a ledger made for it."""

import argparse
import json
import sys
from pathlib import Path

from feedesk.cli.arguments import whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.texts import _

_NAMES = ("startup", "search", "statement", "ageing", "billing", "payment", "dayclose")


def define(parser: argparse.ArgumentParser) -> None:
    what = _("what to measure, all unless named: {names}").format(names=" ".join(_NAMES))
    parser.add_argument("names", metavar="NAME", nargs="*", help=what)
    parser.add_argument(
        "--households", metavar="N", type=whole, default=1152, help=_("the homes of the ledger measured on, 1152")
    )
    parser.add_argument("--years", metavar="Y", type=whole, default=1, help=_("the years of charges in that ledger, 1"))
    parser.add_argument("--json-out", metavar="FILE", type=Path, help=_("writes the figures as JSON, too"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    answer = desk.programs.run_bench(options.names, options.households, options.years, _tell)
    if options.json_out is not None:
        text = json.dumps(answer.document, ensure_ascii=False, indent=2)
        options.json_out.write_text(text + "\n", encoding="utf-8")
    return answer


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
