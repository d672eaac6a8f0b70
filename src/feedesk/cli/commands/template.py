"""``feedesk template``: writes an empty community workbook."""

import argparse
from pathlib import Path

from feedesk.cli.desk import CommandDesk
from feedesk.cli.output import Answer
from feedesk.exchange.workbook_template import write_template
from feedesk.texts import _


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the workbook to write"))


def run(desk: CommandDesk) -> Answer:
    file: Path = desk.options.file
    write_template(file)
    return Answer({"workbook": str(file)}, [_("An empty workbook lies in {where}.").format(where=file)])
