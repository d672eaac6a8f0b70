"""Writing a report to a file, by the ending of its name: ``.pdf``, ``.xlsx`` or ``.csv``.

The file is written beside its place and then put there in one step: whoever opens it sees the old one or the new one.
"""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from feedesk.errors import EnvironmentFault, UsageError, UserError
from feedesk.reports.table import Table
from feedesk.texts import N_, _


class UnknownFileKind(UsageError):
    message = N_("“{file}” does not say what kind of file it is: let its name end in .pdf, .xlsx or .csv.")


class ReportOpenElsewhere(UserError):
    message = N_("{file} is open in another program, so it was not written. Close it there and try again.")


class ReportNotWritten(EnvironmentFault):
    message = N_("The report cannot be written to {folder} ({reason}). Choose another folder or free some space.")


def write_report(table: Table, path: Path) -> Path:
    """Writes a report. Raises `UnknownFileKind`, `ReportOpenElsewhere` or `ReportNotWritten`."""
    content = _writer(path)(table)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _put_in_place(content, path)
    except PermissionError as error:
        if path.exists() and os.access(path.parent, os.W_OK):
            raise ReportOpenElsewhere(file=str(path)) from error
        raise ReportNotWritten(folder=str(path.parent), reason=_("no permission to write there")) from error
    except OSError as error:
        reason = _("the disk is full") if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise ReportNotWritten(folder=str(path.parent), reason=reason) from error
    return path


def _writer(path: Path) -> Callable[[Table], bytes]:
    match path.suffix.lower():
        case ".pdf":
            from feedesk.reports.pdf import pdf

            return pdf
        case ".xlsx":
            from feedesk.reports.xlsx import xlsx

            return xlsx
        case ".csv":
            from feedesk.reports.csv_text import csv_text

            return csv_text
    raise UnknownFileKind(file=path.name)


def _put_in_place(content: bytes, path: Path) -> None:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
