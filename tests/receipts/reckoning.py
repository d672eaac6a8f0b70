"""Working out a workbook's formulas: by a small reckoner of our own, and by LibreOffice without the kept values."""

import os
import re
import subprocess
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries

_REFERENCE = re.compile(r"\"(?:[^\"]|\"\")*\"|(?:'([^']+)'!)?([A-Z]{1,2}\d+(?::[A-Z]{1,2}\d+)?)")
_KEPT_VALUE = re.compile(rb"(</f>)<v>[^<]*</v>")


class Reckoner:
    """Evaluates the few functions the day summary uses, exactly, in yuan."""

    def __init__(self, path: Path) -> None:
        self.formulas: Workbook = load_workbook(path)
        self.kept: Workbook = load_workbook(path, data_only=True)

    def cells(self) -> list[tuple[str, str, str]]:
        """Sheet, cell and formula of every cell with a formula."""
        return [
            (sheet.title, cell.coordinate, cell.value)
            for sheet in self.formulas.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.data_type == "f"
        ]

    def value(self, sheet: str, cell: str) -> Fraction:
        """What a cell is worth; text and empty cells are 0."""
        content = self.formulas[sheet][cell].value
        if isinstance(content, str) and self.formulas[sheet][cell].data_type == "f":
            return self.evaluate(sheet, content)
        return Fraction(str(content)) if isinstance(content, int | float) else Fraction(0)

    def evaluate(self, sheet: str, formula: str) -> Fraction:
        """A formula of ``+ - * /``, comparisons, SUM, SUMSQ, SUBTOTAL, ROUND, SUMPRODUCT, LEFT, RIGHT and VALUE."""
        names: dict[str, Any] = {
            "SUM": lambda *parts: sum(_flat(parts), Fraction(0)),
            "SUBTOTAL": lambda _nine, *parts: sum(_flat(parts), Fraction(0)),
            "ROUND": lambda number, places: round(number, places),
            "F": Fraction,
            "SUMPRODUCT": lambda column: sum(_flat([column]), Fraction(0)),
            "SUMSQ": lambda *parts: sum((one * one for one in _flat(parts)), Fraction(0)),
            "LEFT": lambda column, length: Column(str(one)[:length] for one in column),
            "RIGHT": lambda column, length: Column(str(one)[-length:] for one in column),
            "VALUE": lambda column: Column(Fraction(one) for one in column),
        }

        def fetch(match: re.Match[str]) -> str:
            name = f"c{len(names)}"
            if match[0].startswith('"'):
                names[name] = match[0][1:-1].replace('""', '"')
            else:
                names[name] = self._fetch(match[1] or sheet, match[2])
            return name

        text = _REFERENCE.sub(fetch, formula.removeprefix("="))
        text = text.replace("<>", "!=").replace("=", "==").replace("!==", "!=")
        text = re.sub(r"(?<![\w.])(\d+\.\d+)", r"F('\1')", text)
        return Fraction(eval(text, {"__builtins__": {}}, names))

    def _fetch(self, sheet: str, reference: str) -> Any:
        if ":" not in reference:
            return self.value(sheet, reference)
        left, top, right, bottom = range_boundaries(reference)
        page = self.formulas[sheet]
        return Column(
            self._text_or_value(sheet, page.cell(row, column).coordinate)
            for row in range(int(top or 0), int(bottom or 0) + 1)
            for column in range(int(left or 0), int(right or 0) + 1)
        )

    def _text_or_value(self, sheet: str, cell: str) -> Any:
        found = self.formulas[sheet][cell]
        is_text = isinstance(found.value, str) and found.data_type != "f"
        return found.value if is_text else self.value(sheet, cell)


class Column(list[Any]):
    """The cells of a range; compared and multiplied cell by cell, as SUMPRODUCT does."""

    def __eq__(self, other: object) -> Any:
        return Column(Fraction(one == other) for one in self)

    def __ne__(self, other: object) -> Any:
        return Column(Fraction(one != other) for one in self)

    def __mul__(self, other: Any) -> Any:
        others = other if isinstance(other, Column) else [Fraction(other)] * len(self)
        return Column(one * another for one, another in zip(self, others, strict=True))


def _flat(parts: Any) -> list[Fraction]:
    """Numbers only: text in a range counts for nothing."""
    cells = [one for part in parts for one in (part if isinstance(part, list) else [part])]
    return [one for one in cells if not isinstance(one, str)]


def without_kept_values(path: Path, target: Path) -> None:
    """A copy in which formulas carry no values, so that whoever opens it has to work them out."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content = _KEPT_VALUE.sub(rb"\1", content)
            copy.writestr(name, content)


def recalculated(soffice: str, path: Path, folder: Path) -> Workbook:
    """The workbook after LibreOffice worked out every formula anew."""
    bare = folder / "bare.xlsx"
    without_kept_values(path, bare)
    out = folder / "out"
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(out),
            str(bare),
        ],
        check=True,
        capture_output=True,
        timeout=120,
        env=os.environ | {"HOME": str(folder)},
    )
    return load_workbook(out / "bare.xlsx", data_only=True)
