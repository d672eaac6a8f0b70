"""A copy of the user's workbook in which the bad cells are coloured and an extra column 导入错误 says why.

All else stays as it is, so that the copy can be corrected and imported instead of the original.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedesk.exchange.cells import half_width, shown
from feedesk.exchange.community_workbook import REASON_COLUMN, SHEETS, find_header, sheet_name
from feedesk.exchange.excel_files import WorkbookNotWritten, faults_named, opened_workbook
from feedesk.rules.community_rows import CellProblem

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

BAD_CELL = "FFF3B0A6"
_WIDTH = 60
_HEADER_WITHIN = 10


def marked_copy_path(workbook: Path) -> Path:
    """Where a marked copy goes unless told otherwise: ``BOOK-导入错误.xlsx`` beside the workbook."""
    return workbook.with_name(f"{workbook.stem.removesuffix('-' + REASON_COLUMN)}-{REASON_COLUMN}.xlsx")


def write_marked_copy(workbook: Path, problems: Sequence[CellProblem], target: Path) -> Path:
    """Writes the marked copy to ``target`` and returns it.

    Raises `WorkbookNotWritten`, and the errors of `excel_files` for what is wrong with the workbook itself.
    """
    by_sheet: dict[str, list[CellProblem]] = defaultdict(list)
    for problem in problems:
        by_sheet[problem.sheet].append(problem)
    with opened_workbook(workbook, editable=True) as copy:
        for title in copy.sheetnames:
            found = by_sheet.get(sheet_name(title), [])
            with faults_named(workbook):
                _mark_sheet(copy[title], sheet_name(title), found)
        try:
            copy.save(target)
        except OSError as error:
            raise WorkbookNotWritten(path=target) from error
    return target


def _mark_sheet(worksheet: "Worksheet", name: str, problems: Iterable[CellProblem]) -> None:
    sheet = next((sheet for sheet in SHEETS if sheet.name == name), None)
    if sheet is None:
        return
    start = [list(row) for row in worksheet.iter_rows(max_row=_HEADER_WITHIN, values_only=True)]
    index = find_header(start, sheet)
    header_row = 1 if index is None else index + 1
    headers = [half_width(shown(value)) for value in start[header_row - 1]] if start else []
    columns: Mapping[str, int] = {header: n for n, header in reversed(list(enumerate(headers, 1))) if header}
    reason_column = next((n for n, header in enumerate(headers, 1) if header.startswith(REASON_COLUMN)), 0)
    if reason_column:
        _forget_marks(worksheet, header_row, reason_column)
    by_row: dict[int, list[CellProblem]] = defaultdict(list)
    for problem in problems:
        by_row[problem.row].append(problem)
    if by_row:
        _mark_rows(worksheet, header_row, reason_column or _free_column(headers), columns, by_row)


def _free_column(headers: Sequence[str]) -> int:
    return max((n for n, header in enumerate(headers, 1) if header), default=0) + 1


def _mark_rows(
    worksheet: "Worksheet",
    header_row: int,
    reason_column: int,
    columns: Mapping[str, int],
    by_row: Mapping[int, Sequence[CellProblem]],
) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    worksheet.column_dimensions[get_column_letter(reason_column)].width = _WIDTH
    header: Any = worksheet.cell(header_row, reason_column)
    header.value = REASON_COLUMN
    header.font = Font(bold=True, color="FFB42318")
    for row, problems in by_row.items():
        for problem in problems:
            if problem.column in columns:
                worksheet.cell(row, columns[problem.column]).fill = _fill()
        reasons = "\n".join(f"{problem.column}：{problem.reason}" for problem in problems)
        cell: Any = worksheet.cell(row, reason_column)
        cell.value = f"{REASON_COLUMN}\n{reasons}" if row == header_row else reasons
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.number_format = "@"


def _forget_marks(worksheet: "Worksheet", header_row: int, reason_column: int) -> None:
    """Takes away what an earlier marking left, so that only what is still wrong is marked."""
    from openpyxl.styles import PatternFill

    for row in worksheet.iter_rows(min_row=header_row):
        for cell in row:
            if cell.fill is not None and cell.fill.fill_type == "solid" and cell.fill.start_color.rgb == BAD_CELL:
                cell.fill = PatternFill()
        if len(row) >= reason_column:
            row[reason_column - 1].value = None
    worksheet.cell(header_row, reason_column).value = REASON_COLUMN


def _fill() -> Any:
    from openpyxl.styles import PatternFill

    return PatternFill("solid", start_color=BAD_CELL, end_color=BAD_CELL)
