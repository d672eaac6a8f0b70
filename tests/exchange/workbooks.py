"""Writing small workbooks as an office would, to be read by the importer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from feedesk.exchange.workbook_template import EXAMPLES

Sheets = Mapping[str, Sequence[Sequence[Any]]]


def write_book(path: Path, sheets: Sheets) -> Path:
    """A workbook with these rows of cells in each sheet, the header first."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        worksheet = workbook.create_sheet(title)
        for row in rows:
            worksheet.append(list(row))
    workbook.save(path)
    return path


def example_rows(sheet: str, **changes: Any) -> list[list[Any]]:
    """Header and example row of the template's sheet, with some cells changed (None: left blank)."""
    cells = {**EXAMPLES[sheet], **changes}
    return [list(cells), list(cells.values())]
