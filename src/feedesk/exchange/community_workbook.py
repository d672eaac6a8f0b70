"""Reading the community workbook (小区资料簿): every sheet into typed rows, every bad cell into a problem.

The reader never stops at the first fault: a bad cell leaves its row out and is told with its place and reason.
What concerns several rows or the ledger (an unknown unit, readings that run down) is checked by `rules` and `ops`.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from feedesk.errors import UserError
from feedesk.exchange import community_sheets, fee_sheets, opening_sheets
from feedesk.exchange.cells import BadCell, Cell, half_width, is_blank, shown
from feedesk.exchange.excel_files import faults_named, opened_workbook, rows_of
from feedesk.exchange.grammar import Column, Sheet
from feedesk.rules.community_rows import CellProblem, CommunityBook, Mention, SheetRows
from feedesk.texts import N_, _

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_ALSO_CALLED = {"滞纳金": "违约金"}

SHEETS: tuple[Sheet, ...] = (
    community_sheets.COMMUNITY_SHEET,
    community_sheets.UNIT_SHEET,
    community_sheets.RESIDENT_SHEET,
    fee_sheets.TARIFF_SHEET,
    fee_sheets.SCOPE_SHEET,
    fee_sheets.READING_SHEET,
    fee_sheets.SHARED_COST_SHEET,
    fee_sheets.CONCESSION_SHEET,
    fee_sheets.LATE_FEE_SHEET,
    opening_sheets.ARREARS_SHEET,
    opening_sheets.PAID_THROUGH_SHEET,
    opening_sheets.PREPAYMENT_SHEET,
    opening_sheets.DEPOSIT_SHEET,
)
_MENTIONED = frozenset({"unit", "pattern", "tariff", "joined_to", "item"})
"""Fields that name a unit, a tariff or a fee item, wherever they stand."""

REASON_COLUMN = "导入错误"
"""The column that a marked copy adds; a corrected copy may be imported as it is."""

_HEADER_WITHIN = 10
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")


class NoKnownSheet(UserError):
    message = N_("{path} has none of the sheets of a community workbook (小区, 房屋, 住户 …): see “feedesk template”.")


@dataclass(slots=True)
class _SheetReading:
    """What has been found in one sheet so far. ``uncached`` are places of formulas without a value."""

    sheet: Sheet
    uncached: frozenset[str]
    problems: list[CellProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    fields: frozenset[str] = frozenset()
    named: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    first_rows: dict[tuple[object, ...], int] = field(default_factory=dict)

    def fault(self, row: int, column: str, value: object, reason: str) -> None:
        self.problems.append(CellProblem(self.sheet.name, row, column, shown(value), reason))


def sheet_name(title: str) -> str:
    """The sheet that a title means: blanks and full-width forms aside, 滞纳金 for 违约金."""
    name = half_width(title)
    return _ALSO_CALLED.get(name, name)


def read_community_workbook(path: Path) -> CommunityBook:
    """All that the workbook says, its bad cells and what was left unread (``warnings``).

    Raises the errors of `excel_files` for a file that is no workbook, `NoKnownSheet` for one about other things.
    """
    with opened_workbook(path) as workbook:
        by_name = {sheet.name: sheet for sheet in SHEETS}
        titles = {title: by_name.get(sheet_name(title)) for title in workbook.sheetnames}
        if not any(titles.values()):
            raise NoKnownSheet(path=path)
        warnings = [
            _("The sheet “{sheet}” is not known and was not read.").format(sheet=title)
            for title, sheet in titles.items()
            if sheet is None
        ]
        uncached = _formulas_without_value(path, workbook)
        readings = [
            _read_sheet(sheet, rows_of(path, workbook[title]), uncached.get(title, frozenset()))
            for title, sheet in titles.items()
            if sheet is not None
        ]
    return _book(readings, warnings)


def _book(readings: Sequence[_SheetReading], warnings: Sequence[str]) -> CommunityBook:
    named = {reading.sheet.part: frozenset(reading.named) for reading in readings}
    parts: dict[str, Any] = {reading.sheet.part: SheetRows(tuple(reading.rows), reading.fields) for reading in readings}
    return CommunityBook(
        **parts,
        named_units=named.get("units", frozenset()),
        named_tariffs=named.get("tariffs", frozenset()),
        mentions=tuple(mention for reading in readings for mention in reading.mentions),
        sheets=tuple(sheet.name for sheet in SHEETS if sheet.part in parts),
        problems=tuple(problem for reading in readings for problem in reading.problems),
        warnings=(*warnings, *(warning for reading in readings for warning in reading.warnings)),
    )


def find_header(rows: Sequence[Sequence[object]], sheet: Sheet) -> int | None:
    """The index of the row with the headers: the first with all key columns, else the one that knows most."""
    wanted = {column.header for column in sheet.columns}
    keys = {column.header for column in sheet.keys}
    best, best_known = None, 0
    for index, row in enumerate(rows):
        headers = {half_width(shown(value)) for value in row}
        if keys <= headers:
            return index
        if len(headers & wanted) > best_known:
            best, best_known = index, len(headers & wanted)
    if best is None:
        best = next((index for index, row in enumerate(rows) if not all(map(is_blank, row))), None)
    return best


def _read_sheet(sheet: Sheet, rows: Iterator[Sequence[Any]], uncached: frozenset[str]) -> _SheetReading:
    reading = _SheetReading(sheet, uncached)
    start = [row for _n, row in zip(range(_HEADER_WITHIN), rows, strict=False)]
    header = find_header([[cell.value for cell in row] for row in start], sheet)
    if header is None:
        return reading
    columns = _columns(reading, header + 1, [cell.value for cell in start[header]])
    if columns is None:
        return reading
    for number, row in enumerate(start[header + 1 :], header + 2):
        _read_row(reading, number, row, columns)
    for number, row in enumerate(rows, len(start) + 1):
        _read_row(reading, number, row, columns)
    return reading


def _columns(reading: _SheetReading, row: int, headers: Sequence[object]) -> dict[str, int] | None:
    """Where each field stands; None when a column is missing that no row can do without."""
    known = {column.header: column for column in reading.sheet.columns}
    places: dict[str, int] = {}
    for index, value in enumerate(headers):
        header = half_width(shown(value))
        column = known.get(header)
        if column is None:
            if header and not header.startswith(REASON_COLUMN):
                reading.warnings.append(
                    _("Sheet “{sheet}”: the column “{column}” is not known and was not read.").format(
                        sheet=reading.sheet.name, column=shown(value).strip()
                    )
                )
        elif column.field in places:
            reading.fault(row, header, value, _("This column is there twice."))
        else:
            places[column.field] = index
    missing = [column for column in reading.sheet.columns if column.required and column.field not in places]
    for column in missing:
        reading.fault(row, column.header, "", _("This column is missing; no row can do without it."))
    reading.fields = frozenset(places)
    return None if missing else places


def _read_row(reading: _SheetReading, number: int, row: Sequence[Any], columns: dict[str, int]) -> None:
    found = {name: row[index] for name, index in columns.items() if index < len(row)}
    if all(is_blank(cell.value) and not _is_uncached(reading, cell) for cell in found.values()):
        return
    faults = len(reading.problems)
    values = {
        column.field: _value(reading, number, column, found.get(column.field)) for column in reading.sheet.columns
    }
    _note_key(reading, number, values)
    if len(reading.problems) == faults:
        for name, reason in reading.sheet.complete(values):
            cell = found.get(name)
            reading.fault(number, reading.sheet.column(name).header, cell and cell.value, reason)
    if len(reading.problems) == faults:
        reading.rows.append(reading.sheet.build(row=number, **values))
        return
    for column in reading.sheet.columns:
        value = values.get(column.field)
        if column.field in _MENTIONED and isinstance(value, str) and value:
            reading.mentions.append(Mention(reading.sheet.name, number, column.field, column.header, value))


def _value(reading: _SheetReading, number: int, column: Column, cell: Any) -> Any:
    """The value of a cell, its column's default where it is blank; None after a fault."""
    if cell is not None and _is_uncached(reading, cell):
        reason = _("The formula has no stored value: open the workbook in Excel, let it calculate, and save.")
    elif cell is None or is_blank(cell.value):
        if not column.required:
            return column.default
        reason = _("This cell must be filled in.")
    elif cell.data_type == "e":
        reason = _("The formula ends in an error: mend it, or type the value.")
    else:
        try:
            return column.read(Cell(cell.value, cell.number_format or "General"))
        except BadCell as error:
            reason = error.reason
    reading.fault(number, column.header, cell and cell.value, reason)
    return None


def _note_key(reading: _SheetReading, number: int, values: dict[str, Any]) -> None:
    keys = reading.sheet.keys
    key = tuple(values[column.field] for column in keys)
    if key[0] is not None:
        reading.named.add(key[0])
    if None in key:
        return
    first = reading.first_rows.setdefault(key, number)
    if first != number:
        reading.fault(
            number,
            keys[0].header,
            values[keys[0].field],
            _("Row {first} has the same {columns}.").format(
                first=first, columns="、".join(column.header for column in keys)
            ),
        )


def _is_uncached(reading: _SheetReading, cell: Any) -> bool:
    return bool(reading.uncached) and cell.value is None and getattr(cell, "coordinate", "") in reading.uncached


def _formulas_without_value(path: Path, workbook: "Workbook") -> dict[str, frozenset[str]]:
    """For each sheet the places of formulas that no program has calculated yet; openpyxl shows them as blank."""
    found = {}
    with faults_named(path), zipfile.ZipFile(path) as archive:
        for title in workbook.sheetnames:
            part: str = getattr(workbook[title], "_worksheet_path", "")
            if part and _has_formula(archive, part):
                with archive.open(part) as source:
                    found[title] = frozenset(_uncached(source))
    return found


def _has_formula(archive: zipfile.ZipFile, part: str) -> bool:
    with archive.open(part) as source:
        before = b""
        while chunk := source.read(1 << 20):
            if _FORMULA.search(before + chunk):
                return True
            before = chunk[-64:]
    return False


def _uncached(source: Any) -> Iterator[str]:
    for _event, element in ElementTree.iterparse(source):
        tag = element.tag.rpartition("}")[2]
        if tag == "c":
            children = {child.tag.rpartition("}")[2]: child for child in element}
            value = children.get("v")
            # An empty text (t="str") is a result like any other: =IF(A1="","",…).
            if "f" in children and element.get("t") != "str" and (value is None or not value.text):
                yield element.get("r", "")
        elif tag == "row":
            element.clear()
