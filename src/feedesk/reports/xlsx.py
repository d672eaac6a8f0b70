"""A report as an Excel workbook that prints well: A4, fitted to its width, pages numbered; figures stay figures."""

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from feedesk.reports.table import Column, Kind, Part, Table, Value
from feedesk.texts import _

_FONT: Final = "微软雅黑"
_INK, _MUTE, _LINE, _HEAD, _RED = "#17222D", "#5A6672", "#AAB6C0", "#E3F2EF", "#B42318"
_MONEY = '#,##0.00;[Red]-#,##0.00;"–"'
_PAGE: Final = {True: 132.0, False: 90.0}
"""How many characters of the body's size stand side by side on A4, landscape or not."""

_LINE_HEIGHT = 16.5


def xlsx(table: Table) -> bytes:
    """The report as a workbook of one sheet."""
    buffer = io.BytesIO()
    # What people wrote stays text: a name that begins with = must not be run as a formula.
    book = Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": table.title})
    _Writer(book, table).write()
    book.close()
    return buffer.getvalue()


class _Writer:
    """Writes parts one below the other on a grid fine enough for all of them: columns are merged from its cells."""

    def __init__(self, book: Workbook, table: Table) -> None:
        self._book, self._table = book, table
        self._sheet: Worksheet = book.add_worksheet(table.title[:31])
        self._row = 0
        self._edges = _grid(table)
        self._last = len(self._edges) - 2

    def write(self) -> None:
        self._set_page()
        self._wide(self._table.title, {"font_size": 18, "bold": True, "align": "center"}, height=30)
        if self._table.training:
            self._wide(_("TRAINING"), {"font_size": 14, "bold": True, "font_color": _RED, "align": "center"})
        for fact in self._table.facts:
            self._wide(fact, {})
        for part in self._table.parts:
            self._row += 1
            self._part(part)
        if self._table.notes:
            self._row += 1
        for number, note in enumerate(self._table.notes, 1):
            self._wide(f"{number}. {note}", {"text_wrap": True}, height=_LINE_HEIGHT * _lines(note, _page(self._table)))
        for sign in self._table.signs:
            self._row += 1
            self._wide(sign, {})

    def _set_page(self) -> None:
        sheet = self._sheet
        sheet.set_paper(9)
        if self._table.landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N")
        sheet.hide_gridlines(2)
        whole = _page(self._table)
        for place, (left, right) in enumerate(pairwise(self._edges)):
            sheet.set_column(place, place, (right - left) * whole)

    def _part(self, part: Part) -> None:
        self._wide(part.caption, {"bold": True, "font_size": 12})
        spans = _spans(part, self._edges)
        head = {"bold": True, "bg_color": _HEAD, "border": 1, "border_color": _LINE, "text_wrap": True}
        self._cells(part, spans, tuple(column.title for column in part.columns), head)
        for row in part.rows:
            self._cells(part, spans, row, {"border": 1, "border_color": _LINE, "text_wrap": True})
        if part.note:
            self._wide(part.note, {"font_color": _MUTE, "text_wrap": True})

    def _cells(self, part: Part, spans: list[tuple[int, int]], row: tuple[Value, ...], look: dict[str, Any]) -> None:
        height = 1
        for column, (first, last), value in zip(part.columns, spans, row, strict=True):
            shape = self._look({**look, **_shape_of(column, value)})
            written = _written(column, value)
            if first == last:
                self._sheet.write(self._row, first, written, shape)
            else:
                self._sheet.merge_range(self._row, first, self._row, last, written, shape)
            wide = (self._edges[last + 1] - self._edges[first]) * _page(self._table)
            height = max(height, _lines(str(value or ""), wide))
        self._sheet.set_row(self._row, _LINE_HEIGHT * height + 4)
        self._row += 1

    def _wide(self, text: str, look: dict[str, Any], *, height: float = 0) -> None:
        shape = self._look(look)
        if self._last:
            self._sheet.merge_range(self._row, 0, self._row, self._last, text, shape)
        else:
            self._sheet.write(self._row, 0, text, shape)
        self._sheet.set_row(self._row, height or _LINE_HEIGHT + 4)
        self._row += 1

    def _look(self, look: dict[str, Any]) -> Any:
        return self._book.add_format(
            {"font_name": _FONT, "font_size": 10, "font_color": _INK, "valign": "vcenter", **look}
        )


def _page(table: Table) -> float:
    return _PAGE[table.landscape]


def _grid(table: Table) -> list[float]:
    """Where any part's columns begin and end, as shares of the width."""
    found = {0.0, 1.0}
    for part in table.parts:
        found |= set(_cuts(part))
    return sorted(found)


def _cuts(part: Part) -> list[float]:
    whole, at, found = sum(column.share for column in part.columns), 0.0, [0.0]
    for column in part.columns[:-1]:
        at += column.share
        found.append(round(at / whole, 4))
    return [*found, 1.0]


def _spans(part: Part, edges: list[float]) -> list[tuple[int, int]]:
    cuts = _cuts(part)
    return [(edges.index(left), edges.index(right) - 1) for left, right in pairwise(cuts)]


def _shape_of(column: Column, value: Value) -> dict[str, Any]:
    if column.kind is Kind.MONEY and isinstance(value, int):
        return {"num_format": _MONEY, "align": "right"}
    if column.kind is Kind.DAY and isinstance(value, date):
        return {"num_format": "yyyy-mm-dd", "align": "center"}
    return {"align": "right"} if column.right else {}


def _written(column: Column, value: Value) -> Any:
    if column.kind is Kind.MONEY and isinstance(value, int):
        return Decimal(value) / 100
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return "" if value is None else value


def _lines(text: str, wide: float) -> int:
    """How many lines a text takes in a cell that many characters wide; a Han character is two."""
    taken = 0
    for line in text.split("\n"):
        length = sum(1 if character.isascii() else 2 for character in line)
        taken += max(1, -(-length // max(1, int(wide) - 2)))
    return taken
