"""The day summary (收费日报) as one Excel workbook that a finance clerk prints and signs.

Sheets: 汇总 (fee items × tenders, formulas that recompute), 明细 (every receipt line), 作废退款, 票据, 现金, 欠费变化,
核对 (control totals with which finance checks it without the program), and 与上次差异 where a day was closed again.
It is written beside its place and then put there in one step: whoever opens it sees the old one or the new one, whole.
The close itself stands whatever happens to the file; closing the day again writes it anew.
"""

import errno
import io
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from xlsxwriter import Workbook

from feedesk.errors import EnvironmentFault, UserError
from feedesk.receipts.summary_balances import write_arrears, write_cash
from feedesk.receipts.summary_checks import Places, write_checks
from feedesk.receipts.summary_front import write_front
from feedesk.receipts.summary_lists import detail_rows, details_total, write_details, write_receipts, write_taken_back
from feedesk.receipts.summary_sheet import Book
from feedesk.receipts.summary_versions import write_changes
from feedesk.rules.day_summary import DayFigures, DaySummary, workbook_name
from feedesk.texts import N_, _


class SummaryOpenElsewhere(UserError):
    message = N_(
        "{file} is open in another program, so it was not written; the day stays closed. "
        "Close the file there and close the day again: that writes it anew."
    )


class SummaryNotWritten(EnvironmentFault):
    message = N_(
        "The daily summary cannot be written to {folder} ({reason}); the day stays closed. "
        "Choose another folder or free some space, and close the day again: that writes it anew."
    )


def summary_name(figures: DayFigures) -> str:
    """The workbook's file name: ``收费日报 2026-11-23.xlsx``."""
    return workbook_name(figures.date)


def write_daily_summary(summary: DaySummary, folder: Path) -> Path:
    """Writes the workbook into ``folder``, which is made where it is missing, and returns its path.

    Raises `SummaryOpenElsewhere` when the old one is in use, `SummaryNotWritten` when the folder cannot be written.
    """
    content = daily_summary(summary)
    path = folder / summary_name(summary.figures)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put_in_place(content, path)
    except PermissionError as error:
        if path.exists() and os.access(folder, os.W_OK):
            raise SummaryOpenElsewhere(file=str(path)) from error
        raise SummaryNotWritten(folder=str(folder), reason=_reason(error)) from error
    except OSError as error:
        raise SummaryNotWritten(folder=str(folder), reason=_reason(error)) from error
    return path


def _reason(error: OSError) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return _("the disk is full")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return _("no permission to write there")
        case errno.ENOTDIR | errno.EEXIST:
            return _("it is not a folder")
        case _:
            return os.strerror(error.errno) if error.errno else str(error)


def _put_in_place(content: bytes, path: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)  # a temporary file is its owner's alone
        os.replace(name, path)
    except OSError:
        with suppress(OSError):
            os.unlink(name)
        raise


def daily_summary(summary: DaySummary) -> bytes:
    """The workbook as bytes, the same for the same summary."""
    content = io.BytesIO()
    figures = summary.figures
    workbook = Workbook(content, {"in_memory": True})
    workbook.set_properties(
        {
            "title": summary_name(figures).removesuffix(".xlsx"),
            "author": figures.closed_by,
            "company": figures.company,
            "comments": figures.chain_head,
            "created": datetime.fromisoformat(figures.closed_at).replace(tzinfo=None),
        }
    )
    book = Book(workbook, figures)
    details = tuple(detail_rows(summary))
    front = write_front(book, summary, details_total(len(details)))
    write_details(book, details, figures.total)
    write_taken_back(book, figures)
    receipts = write_receipts(book, summary)
    write_cash(book, figures)
    write_arrears(book, figures)
    write_checks(book, summary, Places(front, len(details), receipts))
    write_changes(book, summary)
    workbook.close()
    return content.getvalue()
