"""``feedesk bench``: how long things take beside the plainest program doing the same, on a ledger made for it."""

import argparse
import json
import sys
from pathlib import Path

from feedesk.cli.arguments import whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", metavar="NAME", nargs="*", help=_("what to measure: startup, search; without: all"))
    parser.add_argument(
        "--households", metavar="N", type=whole, default=1152, help=_("the homes of the ledger measured on, 1152")
    )
    parser.add_argument(
        "--years", metavar="Y", type=_years, default=1, help=_("the years of charges in that ledger, 1")
    )
    parser.add_argument("--json-out", metavar="FILE", type=Path, help=_("writes the figures as JSON, too"))


def _years(text: str) -> int:
    return whole(text, least=0)


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    answer = desk.programs.run_bench(options.names, options.households, options.years, _tell)
    if options.json_out is not None:
        text = json.dumps(answer.document, ensure_ascii=False, indent=2)
        options.json_out.write_text(text + "\n", encoding="utf-8")
    return answer


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
