"""A workbook file into the ledger: read, import, and on refusal leave the marked copy beside it."""

from pathlib import Path

from feedesk.errors import FeedeskError, UserError
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.marked_copy import marked_copy_path, write_marked_copy
from feedesk.ops.importing import CommunityImported, WorkbookRefused, import_community
from feedesk.ops.run import Workplace
from feedesk.texts import N_


class WorkbookMarked(WorkbookRefused):
    """The refusal that names the copy in which every bad cell is marked."""

    message = N_("Nothing was imported: {count} cells cannot be taken. The copy {copy} says why; mend and import it.")
    code = WorkbookRefused.code

    def __init__(self, refused: WorkbookRefused, copy: Path) -> None:
        self.problems = refused.problems
        UserError.__init__(self, count=len(refused.problems), copy=copy, details=refused.details)


def import_workbook(
    workplace: Workplace, path: Path, *, dry_run: bool = False, errors: Path | None = None
) -> CommunityImported:
    """Imports the workbook, all or nothing.

    Raises `WorkbookMarked` with every bad cell after writing the marked copy to ``errors`` (by default
    ``BOOK-导入错误.xlsx`` beside it; `WorkbookRefused` where that cannot be written), and the errors of `excel_files`
    for a file that cannot be read.
    """
    book = read_community_workbook(path)
    try:
        return workplace.run_op(import_community, book=book, dry_run=dry_run)
    except WorkbookRefused as refusal:
        try:
            copy = write_marked_copy(path, refusal.problems, errors or marked_copy_path(path))
        except FeedeskError:
            raise refusal from None
        raise WorkbookMarked(refusal, copy) from None
