"""``feedesk reopen-day``: opens the last closed day again, for a reason; closing it once more is a new version."""

import argparse

from feedesk.cli.arguments import day
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.ops.closing import reopen_day
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("date", metavar="DATE", type=day, help=_("the last closed day"))
    parser.add_argument("--reason", metavar="R", required=True, help=_("why it is opened again"))


def run(desk: CommandDesk) -> Answer:
    done = desk.run_op(reopen_day, date=desk.options.date, reason=desk.options.reason)
    words = _("{day} is open again: version {version} of its summary no longer stands.")
    return Answer(
        {"date": done.date.isoformat(), "reopened_version": done.version},
        [words.format(day=done.date.isoformat(), version=done.version)],
    )
