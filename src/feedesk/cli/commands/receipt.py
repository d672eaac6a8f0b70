"""``feedesk receipt``: a stored receipt as a file, or as another slip on paper."""

import argparse
from pathlib import Path

from feedesk.cli.arguments import whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, pairs
from feedesk.errors import UsageError
from feedesk.ops.printing import queue_reprint
from feedesk.queries.receipts import find_receipt
from feedesk.receipts.columns import COLUMNS
from feedesk.receipts.render import FORMS, render
from feedesk.receipts.repertoire import Repertoire
from feedesk.texts import N_, _


class NothingToDo(UsageError):
    message = N_("Say what to do with the receipt: --as FORM --out FILE, or --print.")


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", metavar="NUMBER", help=_("the number of the receipt"))
    parser.add_argument("--as", dest="form", choices=FORMS, help=_("the form of the file"))
    parser.add_argument("--out", metavar="FILE", type=Path, help=_("the file to write"))
    parser.add_argument("--columns", type=whole, choices=COLUMNS, default=48, help=_("the width of the slip"))
    repertoires = [repertoire.value for repertoire in Repertoire]
    parser.add_argument("--repertoire", choices=repertoires, default="gbk", help=_("the characters the printer knows"))
    parser.add_argument("--print", dest="print_slip", action="store_true", help=_("queues a slip for the printer"))


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    if (options.form is None) != (options.out is None) or not (options.out or options.print_slip):
        raise NothingToDo
    stored = desk.read(find_receipt, options.number)
    facts: dict[str, object] = {"receipt": stored.number}
    if options.out is not None:
        paper = render(
            stored.document, stored.marks(), form=options.form, columns=options.columns, repertoire=options.repertoire
        )
        options.out.write_bytes(paper)
        facts |= {"form": options.form, "file": str(options.out), "bytes": len(paper)}
    if options.print_slip:
        queued = desk.run_op(queue_reprint, receipt=stored.number)
        facts |= {"reprint": queued.reprint}
    return Answer(facts, _lines(facts))


def _lines(facts: dict[str, object]) -> list[str]:
    shown = {_("Receipt"): str(facts["receipt"])}
    if "file" in facts:
        shown[_("File")] = str(facts["file"])
    if "reprint" in facts:
        shown[_("Queued as reprint")] = str(facts["reprint"])
    return pairs(shown)
