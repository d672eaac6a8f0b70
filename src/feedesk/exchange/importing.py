"""A workbook file into the ledger: read, import, and on refusal leave the marked copy beside it."""

from pathlib import Path

from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.marked_copy import marked_copy_path, write_marked_copy
from feedesk.ops.importing import CommunityImported, WorkbookRefused, import_community
from feedesk.ops.run import Workplace


def import_workbook(
    workplace: Workplace, path: Path, *, dry_run: bool = False, errors: Path | None = None
) -> CommunityImported:
    """Imports the workbook, all or nothing.

    Raises `WorkbookRefused` with every bad cell after writing the marked copy to ``errors`` (by default
    ``BOOK-导入错误.xlsx`` beside it), and the errors of `excel_files` for a file that cannot be read.
    """
    book = read_community_workbook(path)
    try:
        return workplace.run_op(import_community, book=book, dry_run=dry_run)
    except WorkbookRefused as refusal:
        write_marked_copy(path, refusal.problems, errors or marked_copy_path(path))
        raise
