"""``feedesk verify``: checks the whole ledger; exit status 3 when it is wrong."""

import argparse

from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, table
from feedesk.cli.progress import Progress
from feedesk.queries.verification import verify_everything
from feedesk.texts import _

WRONG = 3


def define(parser: argparse.ArgumentParser) -> None:
    """Takes no arguments of its own."""


def run(desk: CommandDesk) -> Answer:
    with Progress(_("Checking")) as progress:
        found = desk.read(verify_everything, progress=progress)
    document = {
        "ok": found.ok,
        "entries": found.entries,
        "problems": [
            {"entry": problem.entry, "table": problem.table, "column": problem.column, "message": problem.message}
            for problem in found.problems
        ],
    }
    if found.ok:
        return Answer(document, [_("The ledger is right: {entries} entries checked.").format(entries=found.entries)])
    headers = [_("Entry"), _("Table"), _("Column"), _("What is wrong")]
    rows = [
        ["" if problem.entry is None else str(problem.entry), problem.table, problem.column, problem.message]
        for problem in found.problems
    ]
    headline = _("The ledger is wrong in {count} places; {entries} entries checked.")
    lines = [headline.format(count=len(rows), entries=found.entries), *table(headers, rows, right="r")]
    return Answer(document, lines, WRONG)
