"""``feedesk virtual-printer``: the built-in printer, until it is interrupted.

Its one document, or its first line, comes when it listens, so that whoever started it knows the port; the slips it
keeps are told on standard error.
"""

import argparse
import sys
from pathlib import Path

from feedesk.cli.arguments import NotAWholeNumber, whole
from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer, write_now
from feedesk.receipts.columns import COLUMNS
from feedesk.receipts.virtual_printer import DEFAULT_PORT, Fault, VirtualPrinter
from feedesk.texts import _

_HOST = "127.0.0.1"
_LARGEST_PORT = 65535


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port", metavar="PORT", type=_port, default=DEFAULT_PORT, help=_("where it listens, 9100; 0: any free port")
    )
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("slips"), help=_("the folder of the slips"))
    parser.add_argument("--columns", type=whole, choices=COLUMNS, default=48, help=_("the width of the slip"))
    parser.add_argument("--fault", choices=[fault.value for fault in Fault], help=_("how it misbehaves"))


def _port(text: str) -> int:
    port = whole(text, least=0)
    if port > _LARGEST_PORT:
        raise NotAWholeNumber(text=text, least=0)
    return port


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    options.out.mkdir(parents=True, exist_ok=True)
    fault = Fault(options.fault) if options.fault else None
    printer = VirtualPrinter(_HOST, options.port, options.out, options.columns, fault)
    printer.on_slip = lambda picture, _bytes: print(picture, file=sys.stderr, flush=True)

    def listening(port: int) -> None:
        text = _("The built-in printer listens on {host}:{port}; slips go to {folder}.")
        document = {"host": _HOST, "port": port, "out": str(options.out), "columns": options.columns}
        write_now(Answer(document, [text.format(host=_HOST, port=port, folder=options.out)]), options.json)

    try:
        printer.serve_forever(listening)
    except KeyboardInterrupt:
        print(_("The built-in printer has stopped."), file=sys.stderr)
    return Answer(None)
