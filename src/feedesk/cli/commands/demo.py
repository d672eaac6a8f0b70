"""``feedesk demo``: a whole sample day through the real window; its slips, papers and pictures stay in a folder."""

import argparse
import sys
from datetime import date
from pathlib import Path

from feedesk.cli.arguments import day, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.texts import _

SMALLEST = 80
"""Below so many homes the sample day does not find enough different customers."""


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--out", metavar="DIR", type=Path, default=Path("demo-out"), help=_("the folder of the results, demo-out")
    )
    parser.add_argument(
        "--households",
        metavar="N",
        type=_households,
        default=1152,
        help=_("the homes of the sample community, 1152; at least {least}").format(least=SMALLEST),
    )
    parser.add_argument(
        "--date", metavar="DATE", type=day, default=date(2026, 11, 23), help=_("the sample day, 2026-11-23")
    )


def _households(text: str) -> int:
    return whole(text, least=SMALLEST)


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    return desk.programs.play_day(options.out, options.households, options.date, _tell)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
