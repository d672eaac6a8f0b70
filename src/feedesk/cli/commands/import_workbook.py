"""``feedesk import``: reads the community workbook, all of it or nothing; what is refused is marked in a copy."""

import argparse
from pathlib import Path

from feedesk.cli.desk import CommandDesk, warn
from feedesk.cli.output import Answer, table
from feedesk.errors import FeedeskError, UserError
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.importing import WorkbookMarked
from feedesk.exchange.marked_copy import marked_copy_path, write_marked_copy
from feedesk.ops.importing import CommunityImported, WorkbookRefused, import_community
from feedesk.texts import _

_WARNINGS_SHOWN = 20


def define(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the community workbook"))
    parser.add_argument("--dry-run", action="store_true", help=_("checks everything and stores nothing"))
    parser.add_argument(
        "--errors", metavar="FILE", type=Path, help=_("the marked copy, BOOK-导入错误.xlsx unless given")
    )


def run(desk: CommandDesk) -> Answer:
    options = desk.options
    desk.sign_in()  # before a large workbook is read
    book = read_community_workbook(options.file)
    try:
        imported = desk.run_op(import_community, book=book, dry_run=options.dry_run)
    except WorkbookRefused as refused:
        raise _marked(refused, options.file, options.errors) from refused
    return Answer(_document(imported), _lines(imported))


def _marked(refused: WorkbookRefused, workbook: Path, errors: Path | None) -> UserError:
    """The refusal, naming the marked copy; as it was where that cannot be written."""
    try:
        copy = write_marked_copy(workbook, refused.problems, errors or marked_copy_path(workbook))
    except FeedeskError as error:
        warn(str(error))
        return refused
    return WorkbookMarked(refused, copy)


def _document(imported: CommunityImported) -> dict[str, object]:
    return {
        "sheets": {
            sheet: {"added": tally.added, "changed": tally.changed, "unchanged": tally.unchanged}
            for sheet, tally in imported.sheets.items()
        },
        "warnings": list(imported.warnings),
    }


def _lines(imported: CommunityImported) -> list[str]:
    rows = [
        [sheet, *map(str, (tally.added, tally.changed, tally.unchanged))] for sheet, tally in imported.sheets.items()
    ]
    lines = table([_("Sheet"), _("New"), _("Updated"), _("Unchanged")], rows, right=".rrr")
    if imported.dry_run:
        lines.append(_("This was a check: nothing was stored."))
    shown = imported.warnings[:_WARNINGS_SHOWN]
    lines += [_("Note: {text}").format(text=text) for text in shown]
    if len(imported.warnings) > len(shown):
        lines.append(_("… and {count} more notes (all with --json)").format(count=len(imported.warnings) - len(shown)))
    return lines
