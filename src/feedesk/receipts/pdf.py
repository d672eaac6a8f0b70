"""The receipt as a form of A5 landscape, for the system's printer or for sending: half a sheet of A4, as offices use.

Fonts are embedded as subsets. The same receipt gives the same bytes each time (no date of making, no random id).
Long receipts run over several sheets; totals and seal stand on the last.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, cast

from reportlab.lib.pagesizes import A5, landscape
from reportlab.pdfgen.canvas import Canvas

from feedesk.money import Fen, format_amount
from feedesk.receipts.codes import qr_modules
from feedesk.receipts.columns import wrap
from feedesk.receipts.layout import (
    balance_texts,
    closing_words,
    issued_minute,
    labels_of,
    mark_texts,
    tender_texts,
)
from feedesk.receipts.pdf_text import body_font, draw, fit, measure
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument, ReceiptLine
from feedesk.texts import N_, in_language

WIDTH, HEIGHT = landscape(A5)
_LEFT, _RIGHT = 30.0, WIDTH - 30.0
_FACTS = HEIGHT - 72
_BESIDE_TITLE = 95.0
"""How long a mark may be to stand at the left of the title; a longer one stands across the sheet, below the head."""
_SHEET_FOOT = 30.0
_CLOSING_FOOT = 112.0
"""Where the seal and code begin, above the lower edge of the last sheet."""

_BODY, _SMALL = 9.5, 8.5
_ROW, _PADDING = 12.0, 4.0
_SHARES = (0.27, 0.17, 0.39, 0.17)
"""Widths of item, period, arithmetic and amount."""

_CODE_SIDE = 66.0

_Cells = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class _ClosingRow:
    """A row under the table, of text at the left and an amount at the right."""

    left: str
    right: str = ""
    bold: bool = False

    @property
    def size(self) -> float:
        return 11.5 if self.bold else _BODY

    @property
    def height(self) -> float:
        return 18.5 if self.bold else 15.0


@dataclass(frozen=True, slots=True)
class _TableLine:
    """One line of text of the table; ``last`` ends a row, and a rule is drawn below it."""

    cells: _Cells
    last: bool


def pdf(document: ReceiptDocument, marks: PaperMarks | None = None) -> bytes:
    """The receipt as a PDF file."""
    buffer = io.BytesIO()
    font = cast("Any", body_font())  # the stubs take it for a number
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, initialFontName=font)
    canvas.setTitle(document.number)
    canvas.setAuthor(document.company)
    _Form(canvas, document, marks or PaperMarks()).draw()
    canvas.save()
    return buffer.getvalue()


@dataclass(slots=True)
class _Form:
    canvas: Canvas
    document: ReceiptDocument
    marks: PaperMarks

    def draw(self) -> None:
        closing = self.closing_rows()
        room_last = self.table_top() - _CLOSING_FOOT - sum(row.height for row in closing)
        sheets = _sheets(
            [line for item in self.document.lines for line in self.table_lines(item)],
            full=self.table_top() - _SHEET_FOOT,
            last=room_last,
        )
        for number, lines in enumerate(sheets, 1):
            self.watermark()
            self.head()
            below = self.table(lines)
            if number == len(sheets):
                self.closing(closing, below)
                self.foot()
            if len(sheets) > 1:
                page = self.say(N_("Sheet {number} of {count}"), number=str(number), count=str(len(sheets)))
                draw(self.canvas, (WIDTH / 2, 14), page, _SMALL, align="centre")
            self.canvas.showPage()

    # --- head ---

    def head(self) -> None:
        document, canvas = self.document, self.canvas
        title, _total, _person = labels_of(document.kind)
        draw(canvas, (WIDTH / 2, HEIGHT - 38), self.say(title), 18, bold=True, align="centre")
        names = fit(" · ".join(name for name in (document.community, document.company) if name))
        size = min(_BODY, _BODY * (WIDTH - 260) / max(1.0, measure(names, _BODY)))
        draw(canvas, (WIDTH / 2, HEIGHT - 53), names, size, align="centre")
        number = self.say(N_("No. {number}"), number=fit(document.number))
        draw(canvas, (_RIGHT, HEIGHT - 38), number, 11, bold=True, align="right")
        draw(canvas, (_RIGHT, HEIGHT - 53), issued_minute(document), _BODY, align="right")
        beside, below = self.mark_lines()
        for place, text in enumerate(beside):
            draw(canvas, (_LEFT, HEIGHT - 30 - 13 * place), text, 11, bold=True)
        for place, text in enumerate(below):
            draw(canvas, (_LEFT, _FACTS - _ROW * place), text, _BODY, bold=True)
        y = _FACTS - _ROW * len(below)
        for row in self.facts():
            self.spread(row, y)
            y -= _ROW

    def mark_lines(self) -> tuple[list[str], list[str]]:
        """What is marked on the copy: up to three short words beside the title, and the lines below the head."""
        texts = [fit(text) for text, _style in mark_texts(self.document, self.marks)]
        beside = [text for text in texts if measure(text, 11, bold=True) <= _BESIDE_TITLE][:3]
        rest = "   ".join(text for text in texts if text not in beside)
        return beside, wrap(rest, _RIGHT - _LEFT, lambda part: measure(part, _BODY, bold=True))

    def facts(self) -> list[Sequence[str]]:
        """The lines between title and table: unit, account, person; for a reversal or refund what it concerns."""
        document = self.document
        _title, _total, person = labels_of(document.kind)
        unit = f"{document.unit} ({document.unit_note})" if document.unit_note else document.unit
        whose = (
            (self.say(N_("Unit {code}"), code=unit), self.say(N_("Account {number}"), number=document.account))
            if document.account
            else ()
        )
        rows: list[Sequence[str]] = [(*whose, self.say(person, name=document.payer))]
        if document.other_units:
            rows.append((self.say(N_("And for {units}"), units="、".join(document.other_units)),))
        if document.reverses or document.reason:
            number = self.say(N_("Original receipt {number}"), number=document.reverses) if document.reverses else ""
            rows.append((number, self.say(N_("Reason: {reason}"), reason=document.reason)))
        return [line for row in rows for line in self.fitting(row)]

    def fitting(self, row: Sequence[str]) -> Iterator[Sequence[str]]:
        """The facts side by side where each fits its share of the width, else one below the other."""
        texts = [fit(text) for text in row if text]
        if all(measure(text, _BODY) <= (_RIGHT - _LEFT) / len(texts) - 8 for text in texts):
            yield texts
            return
        for text in texts:
            for part in wrap(text, _RIGHT - _LEFT, lambda part: measure(part, _BODY)):
                yield (part,)

    def spread(self, texts: Sequence[str], y: float) -> None:
        share = (_RIGHT - _LEFT) / len(texts)
        for place, text in enumerate(texts):
            if place and place == len(texts) - 1:
                draw(self.canvas, (_RIGHT, y), text, _BODY, align="right")
            else:
                draw(self.canvas, (_LEFT + place * share, y), text, _BODY)

    def table_top(self) -> float:
        _beside, below = self.mark_lines()
        return _FACTS - _ROW * (len(below) + len(self.facts())) + 5

    # --- table ---

    def table_lines(self, line: ReceiptLine) -> list[_TableLine]:
        columns = [
            self.cell(f"{line.unit} {line.item}", 0, _BODY),
            self.cell(line.periods, 1, _BODY),
            [part for detail in line.details for part in self.cell(detail, 2, _SMALL)],
        ]
        rows = list(zip_longest(*columns, fillvalue="")) or [("", "", "")]
        amounts = [format_amount(line.amount)] + [""] * (len(rows) - 1)
        cells = [(*row, amount) for row, amount in zip(rows, amounts, strict=True)]
        return [_TableLine((a, b, c, d), i == len(cells) - 1) for i, (a, b, c, d) in enumerate(cells)]

    def cell(self, text: str, column: int, size: float) -> list[str]:
        room = _SHARES[column] * (_RIGHT - _LEFT) - 2 * _PADDING
        return wrap(fit(text), room, lambda part: measure(part, size))

    def table(self, lines: Sequence[_TableLine]) -> float:
        """Draws the heading and the lines; returns the y of the lower edge."""
        canvas = self.canvas
        top = y = self.table_top()
        canvas.setFillGray(0.93)
        canvas.rect(_LEFT, y - _ROW - _PADDING, _RIGHT - _LEFT, _ROW + _PADDING, stroke=0, fill=1)
        canvas.setFillGray(0)
        headings = (N_("Fee item"), N_("Period"), N_("Arithmetic"), N_("Amount (CNY)"))
        y = self.table_row(self.four(self.say(heading) for heading in headings), y, bold=True)
        for place, line in enumerate(lines):
            begins = place == 0 or lines[place - 1].last
            y = self.table_row(line.cells, y, begins=begins, ends=line.last)
        canvas.setLineWidth(0.6)
        for edge in self.edges():
            canvas.line(edge, top, edge, y)
        canvas.line(_LEFT, top, _RIGHT, top)
        canvas.line(_LEFT, y, _RIGHT, y)
        return y

    @staticmethod
    def four(texts: Iterator[str]) -> _Cells:
        a, b, c, d = texts
        return a, b, c, d

    def edges(self) -> list[float]:
        edges = [_LEFT]
        for share in _SHARES:
            edges.append(edges[-1] + share * (_RIGHT - _LEFT))
        return edges

    def table_row(
        self, cells: _Cells, y: float, *, bold: bool = False, begins: bool = True, ends: bool = True
    ) -> float:
        canvas, edges = self.canvas, self.edges()
        y -= _PADDING / 2 if begins else 0
        for text, left, size in zip(cells[:3], edges, (_BODY, _BODY, _SMALL), strict=False):
            draw(canvas, (left + _PADDING, y - 9.5), text, _BODY if bold else size, bold=bold)
        draw(canvas, (_RIGHT - _PADDING, y - 9.5), cells[3], _BODY, bold=bold, align="right")
        y -= _ROW + (_PADDING / 2 if ends else 0)
        if ends:
            canvas.setLineWidth(0.3)
            canvas.line(_LEFT, y, _RIGHT, y)
        return y

    # --- closing ---

    def closing_rows(self) -> list[_ClosingRow]:
        document = self.document
        _title, total, _person = labels_of(document.kind)
        rows = [_ClosingRow(self.say(N_("Subtotal")), format_amount(document.subtotal))]
        if document.rounding:
            rows.append(_ClosingRow(self.say(N_("Rounded off")), format_amount(Fen(-document.rounding))))
        capitals = f"{self.say(total)} {document.in_words}"
        rows.append(_ClosingRow(capitals, f"￥{format_amount(document.total)}", bold=True))
        for tender, note in tender_texts(document):
            reference = self.say(N_("Reference {text}"), text=tender.reference) if tender.reference else ""
            words = (tender.name, format_amount(tender.tendered), note, reference)
            rows.append(_ClosingRow("  ".join(word for word in words if word)))
        rows.append(_ClosingRow("  ".join(balance_texts(document))))
        if document.remark:
            rows.append(_ClosingRow(self.say(N_("Remark: {text}"), text=document.remark)))
        return [part for row in rows for part in _wrapped(row)]

    def closing(self, rows: Sequence[_ClosingRow], y: float) -> None:
        canvas, top = self.canvas, y
        for place, row in enumerate(rows):
            base = y - row.height / 2 - row.size * 0.37
            draw(canvas, (_LEFT + _PADDING, base), row.left, row.size, bold=row.bold)
            draw(canvas, (_RIGHT - _PADDING, base), row.right, row.size, bold=row.bold, align="right")
            y -= row.height
            if place + 1 < len(rows) and row.bold != rows[place + 1].bold:
                canvas.setLineWidth(0.3)
                canvas.line(_LEFT, y, _RIGHT, y)
        canvas.setLineWidth(0.6)
        canvas.rect(_LEFT, y, _RIGHT - _LEFT, top - y)

    def foot(self) -> None:
        document, canvas = self.document, self.canvas
        top = _CLOSING_FOOT - 18
        draw(canvas, (_LEFT, top), self.say(N_("Seal of the payee:")), _BODY)
        canvas.setLineWidth(0.6)
        canvas.rect(_LEFT, top - 71, 150, 66)
        x = _LEFT + 190
        lines = [
            self.say(N_("Cashier {name}"), name=document.cashier),
            document.till,
            self.say(closing_words(document)),
            self.say(N_("Service phone {number}"), number=document.service_phone) if document.service_phone else "",
        ]
        for place, line in enumerate(line for line in lines if line):
            draw(canvas, (x, top - 16 - place * 15), fit(line), _BODY)
        self.code((_RIGHT - _CODE_SIDE, top - 71))

    def code(self, at: tuple[float, float]) -> None:
        modules = qr_modules(self.document.code)
        side = _CODE_SIDE / len(modules)
        for row, squares in enumerate(modules):
            for column, black in enumerate(squares):
                if black:
                    x, y = at[0] + column * side, at[1] + _CODE_SIDE - (row + 1) * side
                    self.canvas.rect(x, y, side, side, stroke=0, fill=1)

    def watermark(self) -> None:
        """Void and practice papers say so across the whole sheet."""
        words = [N_("VOID")] if self.marks.void else []
        words += [N_("TRAINING")] if self.document.training else []
        if not words:
            return
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillColorRGB(0.98, 0.88, 0.86)
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(24)
        text, size = " ".join(self.say(word) for word in words), 110 / len(words) + 20
        draw(canvas, (0, -40), text, size, bold=True, align="centre")
        canvas.restoreState()

    def say(self, message: str, **facts: str) -> str:
        return in_language(self.document.language, message).format(**facts)


def _wrapped(row: _ClosingRow) -> list[_ClosingRow]:
    """The row with its text on as many lines as it needs, the amount on the first."""
    room = _RIGHT - _LEFT - 3 * _PADDING - measure(row.right, row.size, bold=row.bold)
    parts = wrap(fit(row.left), room, lambda part: measure(part, row.size, bold=row.bold)) or [""]
    return [replace(row, left=part, right="" if place else row.right) for place, part in enumerate(parts)]


def _sheets(lines: Sequence[_TableLine], *, full: float, last: float) -> list[list[_TableLine]]:
    """The lines of the table by sheet: a sheet takes ``full`` points of them, the last one only ``last``."""
    sheets: list[list[_TableLine]] = [[]]
    for line in lines:
        if _table_height([*sheets[-1], line]) > full:
            sheets.append([])
        sheets[-1].append(line)
    if _table_height(sheets[-1]) > last:
        moved: list[_TableLine] = [sheets[-1].pop()]
        sheets.append(moved)
    return sheets


def _table_height(lines: Sequence[_TableLine]) -> float:
    rows = sum(line.last for line in lines)
    return _ROW + _PADDING + len(lines) * _ROW + rows * _PADDING
