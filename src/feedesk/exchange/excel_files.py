"""Opening somebody's Excel file: whatever is wrong with the file itself becomes one clear sentence."""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from feedesk.errors import EnvironmentFault, UserError
from feedesk.texts import N_

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BIGGEST = 500 * 2**20
_RELATIONS = "xl/_rels/workbook.xml.rels"


class WorkbookMissing(UserError):
    message = N_("There is no file {path}: check the name and the folder.")


class WorkbookUnreadable(EnvironmentFault):
    message = N_("{path} cannot be read: if it is open in Excel, save and close it there; else check its permissions.")


class NotAWorkbook(UserError):
    message = N_("{path} is not an Excel workbook: open it in Excel and save it as .xlsx.")


class OldWorkbook(UserError):
    message = N_("{path} is in the old .xls format: open it in Excel and save it as .xlsx.")


class EncryptedWorkbook(UserError):
    message = N_("{path} is protected by a password: open it in Excel, remove the password and save it.")


class DamagedWorkbook(UserError):
    message = N_("{path} is damaged: open it in Excel, which may repair it, and save it anew. ({reason})")


class WorkbookTooLarge(UserError):
    message = N_("{path} is too large for a community workbook: at most {limit} MB unpacked.")


class WorkbookNotWritten(EnvironmentFault):
    message = N_("{path} cannot be written: close it in Excel, or choose another folder. Nothing was changed.")


@contextmanager
def opened_workbook(path: Path, *, editable: bool = False) -> Iterator["Workbook"]:
    """The workbook in ``path``: cached values row by row, or (``editable``) all of it with its formulas to be changed.

    Raises one of this module's errors. Faults may also show later: see `rows_of`.
    """
    from openpyxl import load_workbook

    _look_at(path)
    with faults_named(path):
        file = path.open("rb")
    with file:
        with faults_named(path):
            workbook = load_workbook(file, read_only=not editable, data_only=not editable)
        try:
            yield workbook
        finally:
            workbook.close()


def rows_of(path: Path, sheet: Any) -> Iterator[Sequence[Any]]:
    """The rows of cells of a sheet of that workbook, from row 1; raises `DamagedWorkbook` where the file breaks off."""
    with faults_named(path):
        sheet.reset_dimensions()  # some programs write wrong ones
        yield from sheet.iter_rows()


@contextmanager
def faults_named(path: Path) -> Iterator[None]:
    """Names what openpyxl and zipfile let through when parts of a file are cut off, missing or not what they say."""
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        yield
    except OSError as error:
        raise WorkbookUnreadable(path=path) from error
    except (
        InvalidFileException, zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, NotImplementedError,
        KeyError, ValueError, TypeError, AttributeError, IndexError,
    ) as error:  # fmt: skip
        raise DamagedWorkbook(path=path, reason=f"{type(error).__name__}: {error}"[:200]) from error


def _look_at(path: Path) -> None:
    try:
        with path.open("rb") as file:
            start = file.read(8)
            if start == _OLE:
                raise EncryptedWorkbook(path=path) if _ENCRYPTED in file.read() else OldWorkbook(path=path)
    except FileNotFoundError as error:
        raise WorkbookMissing(path=path) from error
    except OSError as error:
        raise WorkbookUnreadable(path=path) from error
    if not start.startswith(b"PK"):
        raise NotAWorkbook(path=path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            unpacked = sum(info.file_size for info in archive.infolist())
            missing = _missing_sheets(archive, names)
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, EOFError, NotImplementedError) as error:
        raise DamagedWorkbook(path=path, reason=str(error)) from error
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
        raise NotAWorkbook(path=path)
    if not any(name.startswith("xl/workbook") and name.endswith(".xml") for name in names):
        raise NotAWorkbook(path=path)  # .xlsb keeps its parts in a binary form
    if missing:
        raise DamagedWorkbook(path=path, reason=", ".join(missing))
    if unpacked > _BIGGEST:
        raise WorkbookTooLarge(path=path, limit=_BIGGEST // 2**20)


def _missing_sheets(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    """Sheets that the workbook lists but does not hold; openpyxl would pass them over without a word."""
    if _RELATIONS not in names:
        return []
    relations = ElementTree.fromstring(archive.read(_RELATIONS))
    targets = [one.get("Target", "") for one in relations if one.get("Type", "").endswith("/worksheet")]
    parts = [target.removeprefix("/") if target.startswith("/") else f"xl/{target}" for target in targets]
    return [part for part in parts if part not in names]
