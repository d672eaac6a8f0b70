"""A report on A4, fonts embedded: text wraps in its cells, headings come again on each page, pages are numbered.

The same report gives the same bytes each time (no date of making, no random id).
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from feedesk.receipts.columns import wrap
from feedesk.receipts.pdf_text import body_font, draw, fit, measure
from feedesk.reports.table import Column, Part, Table, cell_text, widths
from feedesk.texts import _

_EDGE, _FOOT = 36.0, 34.0
_TITLE, _CAPTION, _BODY, _SMALL = 20.0, 12.5, 10.0, 9.0
_LEADING = 13.0
_PAD = 5.0
_GAP = 14.0


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines of each cell of a row, and how high that makes it."""

    cells: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> float:
        return max(len(lines) for lines in self.cells) * _LEADING + 2 * _PAD - 3


def pdf(table: Table) -> bytes:
    """The report as a PDF file."""
    pages = _set(table, 0).count
    buffer = io.BytesIO()
    _set(table, pages, buffer).canvas.save()
    return buffer.getvalue()


def _set(table: Table, pages: int, buffer: io.BytesIO | None = None) -> "_Setter":
    """Sets the whole report; how many pages it has is known only afterwards, so it is set twice."""
    size = landscape(A4) if table.landscape else A4
    font = cast("Any", body_font())  # the stubs take it for a number
    canvas = Canvas(buffer or io.BytesIO(), pagesize=size, invariant=1, initialFontName=font)
    canvas.setTitle(table.title)
    setter = _Setter(canvas, table, size[0], size[1], pages)
    setter.set()
    return setter


@dataclass(slots=True)
class _Setter:
    canvas: Canvas
    table: Table
    width: float
    height: float
    pages: int
    y: float = 0.0
    count: int = field(default=0)

    @property
    def room(self) -> float:
        return self.width - 2 * _EDGE

    def set(self) -> None:
        self.begin_page()
        self.head()
        for part in self.table.parts:
            self.part(part)
        self.closing()
        self.end_page()

    # --- pages ---

    def begin_page(self) -> None:
        self.count += 1
        self.y = self.height - _EDGE
        if self.table.training:
            self.watermark()

    def end_page(self) -> None:
        words = _("Page {number} of {count}").format(number=self.count, count=self.pages)
        draw(self.canvas, (self.width / 2, 18), words, _SMALL, align="centre")
        self.canvas.showPage()

    def need(self, height: float) -> bool:
        """Begins another page where that much does not fit any more."""
        if self.y - height >= _FOOT:
            return False
        self.end_page()
        self.begin_page()
        return True

    def watermark(self) -> None:
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillColorRGB(0.98, 0.88, 0.86)
        canvas.translate(self.width / 2, self.height / 2)
        canvas.rotate(24)
        draw(canvas, (0, -40), _("TRAINING"), 110, bold=True, align="centre")
        canvas.restoreState()

    # --- parts ---

    def head(self) -> None:
        title = fit(self.table.title)
        draw(self.canvas, (self.width / 2, self.y - 18), title, _TITLE, bold=True, align="centre")
        self.y -= 34
        for left, right in _in_pairs([fit(fact) for fact in self.table.facts], self.room / 2 - 8):
            draw(self.canvas, (_EDGE, self.y - 9), left, _BODY)
            draw(self.canvas, (_EDGE + self.room / 2, self.y - 9), right, _BODY)
            self.y -= 15

    def part(self, part: Part) -> None:
        edges = widths(part.columns, self.room)
        head = _row([column.title for column in part.columns], edges, bold=True)
        rows = [_row(_texts(part.columns, row), edges) for row in part.rows]
        first = rows[0].height if rows else 0
        self.need(_GAP + _CAPTION + 8 + head.height + first)
        self.y -= _GAP
        draw(self.canvas, (_EDGE, self.y - _CAPTION + 2), fit(part.caption), _CAPTION, bold=True)
        self.y -= _CAPTION + 6
        self.row(part.columns, head, edges, head=True)
        for row in rows:
            if self.need(row.height):
                self.row(part.columns, head, edges, head=True)
            self.row(part.columns, row, edges)
        if part.note:
            self.lines(part.note, _SMALL)

    def row(self, columns: Sequence[Column], row: _Row, edges: Sequence[float], *, head: bool = False) -> None:
        canvas, below = self.canvas, self.y - row.height
        if head:
            canvas.setFillColorRGB(0.89, 0.95, 0.94)
            canvas.rect(_EDGE, below, self.room, row.height, stroke=0, fill=1)
            canvas.setFillGray(0)
        x = _EDGE
        for column, lines, wide in zip(columns, row.cells, edges, strict=True):
            for place, line in enumerate(lines):
                base = self.y - _PAD - 8.5 - place * _LEADING
                if column.right and not head:
                    draw(canvas, (x + wide - _PAD, base), line, _BODY, align="right")
                else:
                    draw(canvas, (x + _PAD, base), line, _BODY, bold=head)
            x += wide
        self.frame(edges, below)
        self.y = below

    def frame(self, edges: Sequence[float], below: float) -> None:
        canvas, x = self.canvas, _EDGE
        canvas.setLineWidth(0.5)
        canvas.setStrokeGray(0.62)
        canvas.rect(_EDGE, below, self.room, self.y - below)
        for wide in edges[:-1]:
            x += wide
            canvas.line(x, below, x, self.y)
        canvas.setStrokeGray(0)

    def lines(self, text: str, size: float) -> None:
        for line in wrap(fit(text), self.room, lambda part: measure(part, size)):
            self.need(_LEADING)
            draw(self.canvas, (_EDGE, self.y - 11), line, size)
            self.y -= _LEADING

    def closing(self) -> None:
        if self.table.notes:
            self.y -= _GAP / 2
        for number, note in enumerate(self.table.notes, 1):
            self.lines(f"{number}. {note}", _BODY)
        if self.table.signs:
            self.need(40)
            share = self.room / len(self.table.signs)
            for place, sign in enumerate(self.table.signs):
                draw(self.canvas, (_EDGE + place * share, self.y - 30), fit(sign), _BODY)
            self.y -= 40


def _texts(columns: Sequence[Column], row: Sequence[Any]) -> list[str]:
    return [cell_text(column, value) for column, value in zip(columns, row, strict=True)]


def _row(texts: Sequence[str], edges: Sequence[float], *, bold: bool = False) -> _Row:
    return _Row(tuple(tuple(_wrapped(text, wide, bold)) for text, wide in zip(texts, edges, strict=True)))


def _wrapped(text: str, wide: float, bold: bool) -> list[str]:
    room = wide - 2 * _PAD
    lines = [
        line for given in text.split("\n") for line in wrap(fit(given), room, lambda p: measure(p, _BODY, bold=bold))
    ]
    return lines or [""]


def _in_pairs(facts: Sequence[str], room: float) -> Iterator[tuple[str, str]]:
    """Two facts a line where each fits its half, else one."""
    waiting = ""
    for fact in facts:
        if measure(fact, _BODY) > room:
            if waiting:
                yield waiting, ""
            waiting = ""
            yield fact, ""
        elif waiting:
            yield waiting, fact
            waiting = ""
        else:
            waiting = fact
    if waiting:
        yield waiting, ""
