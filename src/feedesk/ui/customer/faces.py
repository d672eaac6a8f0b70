"""How the customer display is laid out: a face is grounds, texts and perhaps a picture, each in its own box.

All sizes grow with the window, from 1024×600 to a television. A text that is too wide for its box shrinks, and only
then ends in an ellipsis; figures always fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from feedesk.money import Fen, format_amount
from feedesk.texts import _
from feedesk.ui.customer.rows import Bill, BillLine, PaymentCode, Thanks
from feedesk.ui.fonts import type_face
from feedesk.ui.tokens import Token

_DRAWN_FOR: Final = QSizeF(1366, 768)
_LARGE: Final = 1.2
_SMALLEST_SHARE: Final = 0.5
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE: Final = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in its box; ``pixels`` is its height unless it must shrink to fit, ``wraps`` lets it take lines."""

    box: QRectF
    text: str
    pixels: float
    tone: Token = "ink"
    bold: bool = False
    place: Qt.AlignmentFlag = _LEFT
    wraps: bool = False

    def font(self) -> QFont:
        """The font in which the text fits its box."""
        pixels = max(self.pixels, 1.0)
        least = pixels * _SMALLEST_SHARE
        while pixels > least and not self.fits(type_face(round(pixels), bold=self.bold)):
            pixels = max(pixels * 0.94, least)
        return type_face(max(round(pixels), 1), bold=self.bold)

    def words(self, font: QFont) -> str:
        """The text, shortened where even the smallest font is too wide."""
        if self.wraps:
            return self.text
        return QFontMetricsF(font).elidedText(self.text, Qt.TextElideMode.ElideRight, self.box.width() + 1)

    def fits(self, font: QFont) -> bool:
        """Whether the whole text stands in its box."""
        metrics = QFontMetricsF(font)
        if not self.wraps:
            return metrics.horizontalAdvance(self.text) <= self.box.width()
        taken = metrics.boundingRect(self.box, int(Qt.TextFlag.TextWordWrap | self.place), self.text)
        return taken.height() <= self.box.height() and taken.width() <= self.box.width()


@dataclass(frozen=True, slots=True)
class Face:
    """What is painted: ``grounds`` first, ``rules`` as fine lines, then texts and the ``picture``, all of it fitted."""

    pieces: tuple[Piece, ...]
    grounds: tuple[QRectF, ...] = ()
    rules: tuple[QRectF, ...] = ()
    picture: tuple[QRectF, Path] | None = None

    def text(self) -> str:
        """All words, for screen readers."""
        return " ".join(piece.text for piece in self.pieces if piece.text)


@dataclass(slots=True)
class _Sheet:
    """A face in the making on a window of ``size``; ``grown`` is what the type in use enlarges texts by."""

    size: QSizeF
    large: bool
    pieces: list[Piece] = field(default_factory=list)
    rules: list[QRectF] = field(default_factory=list)

    @property
    def unit(self) -> float:
        return min(self.size.width() / _DRAWN_FOR.width(), self.size.height() / _DRAWN_FOR.height())

    @property
    def grown(self) -> float:
        return self.unit * (_LARGE if self.large else 1)

    def write(self, box: QRectF, text: str, pixels: float, place: Qt.AlignmentFlag = _LEFT, **look: object) -> None:
        self.pieces.append(Piece(box, text, pixels, place=place, **look))  # type: ignore[arg-type]


def idle_face(size: QSizeF, name: str, now: datetime, *, large: bool = False) -> Face:
    """Nobody is being served, or nothing may be seen: the name and the time."""
    sheet = _Sheet(size, large)
    width, height, unit = size.width(), size.height(), sheet.grown
    rows = (
        (name, 0.10, 0.20, 52 * unit, "ink", True),
        (f"{now:%H:%M}", 0.30, 0.32, 170 * unit, "accent", True),
        (f"{now:%Y-%m-%d}", 0.63, 0.10, 36 * unit, "ink_2", False),
        (_("Welcome. Please tell the cashier your room number."), 0.78, 0.10, 32 * unit, "mute", False),
    )
    for text, top, share, pixels, tone, bold in rows:
        box = QRectF(width * 0.04, height * top, width * 0.92, height * share)
        sheet.write(box, text, pixels, _CENTRE, tone=tone, bold=bold)
    return Face(tuple(sheet.pieces))


def thanks_face(size: QSizeF, name: str, thanks: Thanks, *, large: bool = False) -> Face:
    """The payment has been taken."""
    sheet = _Sheet(size, large)
    width, height, unit = size.width(), size.height(), sheet.grown
    card = QRectF(width * 0.12, height * 0.12, width * 0.76, height * 0.76)
    rows: list[tuple[str, float, float, float, Token, bool]] = [
        (name, 0.04, 0.10, 28 * unit, "mute", False),
        (_("Thank you, {name}").format(name=thanks.name), 0.16, 0.20, 64 * unit, "good", True),
        (_done_words(thanks).format(amount=_yuan(thanks.total)), 0.40, 0.16, 48 * unit, "ink", True),
    ]
    if thanks.change:
        rows.append((_("Change {amount}").format(amount=_yuan(thanks.change)), 0.57, 0.14, 44 * unit, "ink", True))
    rows.append((_("Receipt {number}").format(number=thanks.receipt), 0.74, 0.09, 30 * unit, "ink_2", False))
    please = _("Please check your change and keep the receipt.") if thanks.change else _("Please keep the receipt.")
    if thanks.back:
        please = _("Please count the money here and keep the receipt.")
    rows.append((please, 0.85, 0.09, 26 * unit, "mute", False))
    for text, top, share, pixels, tone, bold in rows:
        box = QRectF(
            card.left() + card.width() * 0.04,
            card.top() + card.height() * top,
            card.width() * 0.92,
            card.height() * share,
        )
        sheet.write(box, text, pixels, _CENTRE, tone=tone, bold=bold)
    return Face(tuple(sheet.pieces), (card,))


def _done_words(thanks: Thanks) -> str:
    if thanks.settled:
        return _("Settled {amount}")
    return _("Paid out {amount}") if thanks.back else _("Received {amount}")


def bill_face(size: QSizeF, name: str, bill: Bill, *, large: bool = False) -> Face:
    """What is being paid at the left, how much of it at the right."""
    sheet = _Sheet(size, large)
    unit = sheet.unit
    margin, head = 24 * unit, 64 * unit
    width, height = size.width() - 2 * margin, size.height() - head - margin
    sheet.write(QRectF(margin, 0, width * 0.55, head), name, 26 * unit, tone="ink_2")
    who = f"{bill.unit}  {bill.name}".strip()
    sheet.write(QRectF(margin + width * 0.57, 0, width * 0.43, head), who, 32 * unit, _RIGHT, bold=True)
    left = QRectF(margin, head, width * 0.57, height)
    right = QRectF(left.right() + margin * 0.75, head, width - left.width() - margin * 0.75, height)
    _write_lines(sheet, _inner(left, 22 * unit), bill)
    picture = _write_money(sheet, _inner(right, 26 * unit), bill)
    return Face(tuple(sheet.pieces), (left, right), tuple(sheet.rules), picture)


def _inner(box: QRectF, by: float) -> QRectF:
    return box.adjusted(by, by * 0.6, -by, -by * 0.6)


def _yuan(amount: Fen) -> str:
    return f"¥ {format_amount(amount)}"


def _sums(bill: Bill) -> Iterator[tuple[str, Fen, Token]]:
    if bill.rest:
        yield _("Others in this payment"), bill.rest, "ink"
    if bill.discount:
        yield _("Concessions"), Fen(-bill.discount), "good"
    if bill.settled:
        yield _("Paid or waived before"), Fen(-bill.settled), "good"
    if bill.late_fees:
        yield _("Late fees"), bill.late_fees, "danger"


def _shown_lines(lines: tuple[BillLine, ...], room: int) -> list[BillLine]:
    """As many lines as there is room for; what does not fit is summed up in the last one."""
    if len(lines) <= room:
        return list(lines)
    shown, rest = lines[: max(room - 1, 0)], lines[max(room - 1, 0) :]
    words = _("and {n} more").format(n=len(rest))
    return [*shown, BillLine(words, "", Fen(sum(line.amount for line in rest)))]


def _write_lines(sheet: _Sheet, box: QRectF, bill: Bill) -> None:
    sums = list(_sums(bill))
    # Few lines are written larger: they are read from the other side of the counter.
    row = min(max(box.height() / (len(bill.lines) + len(sums) + 1), 48 * sheet.grown), 66 * sheet.grown)
    pixels = row * 0.52
    room = max(int((box.height() - len(sums) * row) // row), 1)
    top = box.top()
    for line in _shown_lines(bill.lines, room):
        place = QRectF(box.left(), top, box.width(), row)
        sheet.write(_share(place, 0, 0.35), line.item, pixels, wraps=True)
        sheet.write(_share(place, 0.36, 0.74), line.period, pixels * 0.86, tone="ink_2")
        sheet.write(_share(place, 0.76, 1), format_amount(line.amount), pixels, _RIGHT)
        sheet.rules.append(QRectF(box.left(), top + row - 1, box.width(), 1))
        top += row
    top = box.bottom() - len(sums) * row
    for words, amount, tone in sums:
        place = QRectF(box.left(), top, box.width(), row)
        sheet.write(_share(place, 0, 0.7), words, pixels, tone=tone)
        sheet.write(_share(place, 0.7, 1), format_amount(amount), pixels, _RIGHT, tone=tone, bold=True)
        top += row


def _share(box: QRectF, start: float, end: float) -> QRectF:
    return QRectF(box.left() + box.width() * start, box.top(), box.width() * (end - start), box.height())


def _write_money(sheet: _Sheet, box: QRectF, bill: Bill) -> tuple[QRectF, Path] | None:
    """The sum, and below it the code to pay by or what was received; answers the picture to draw."""
    unit, grown = sheet.unit, sheet.grown
    heading = _("Goes back to you") if bill.back else _("To pay")
    sheet.write(QRectF(box.left(), box.top(), box.width(), 44 * unit), heading, 28 * grown, tone="ink_2")
    total = QRectF(box.left(), box.top() + 44 * unit, box.width(), 120 * unit)
    sheet.write(total, _yuan(bill.due), 100 * grown, tone="accent", bold=True)
    sheet.rules.append(QRectF(box.left(), total.bottom() + 12 * unit, box.width(), 1))
    below = box.adjusted(0, 44 * unit + 120 * unit + 24 * unit, 0, 0)
    if bill.code is not None and not bill.change:
        return _write_code(sheet, below, bill.code)
    row = 58 * unit
    if bill.tender:
        words = _("Received, {tender}").format(tender=bill.tender) if bill.received else bill.tender
        _write_amount(sheet, below, words, bill.received or None, 34, "ink")
        below = below.adjusted(0, row, 0, 0)
    if bill.missing:
        _write_amount(sheet, below, _("Still to pay"), bill.missing, 44, "danger")
        below = below.adjusted(0, row, 0, 0)
    if bill.rounding:
        _write_amount(sheet, below, _("Rounded in your favour"), bill.rounding, 30, "ink_2")
        below = below.adjusted(0, row, 0, 0)
    if bill.change:
        place = QRectF(box.left(), box.bottom() - 168 * unit, box.width(), 58 * unit)
        sheet.write(place, _("Change"), 30 * grown, tone="ink_2")
        place = QRectF(box.left(), place.bottom(), box.width(), 110 * unit)
        sheet.write(place, _yuan(bill.change), 84 * grown, tone="good", bold=True)
    return None


def _write_amount(sheet: _Sheet, box: QRectF, words: str, amount: Fen | None, pixels: float, tone: Token) -> None:
    row = QRectF(box.left(), box.top(), box.width(), 58 * sheet.unit)
    sheet.write(_share(row, 0, 0.5), words, 28 * sheet.grown, tone="ink_2")
    if amount is not None:
        sheet.write(_share(row, 0.5, 1), _yuan(amount), pixels * sheet.grown, _RIGHT, tone=tone, bold=True)


def _write_code(sheet: _Sheet, box: QRectF, code: PaymentCode) -> tuple[QRectF, Path] | None:
    unit = sheet.unit
    foot = 56 * unit
    if code.picture is None:
        words = _("{channel}: please show your payment code to the cashier.").format(channel=code.channel)
        sheet.write(box, words, 40 * sheet.grown, _CENTRE, wraps=True, bold=True)
        return None
    caption = QRectF(box.left(), box.bottom() - foot, box.width(), foot)
    words = _("Scan with {channel} and pay {amount}").format(channel=code.channel, amount=_yuan(code.amount))
    sheet.write(caption, words, 28 * sheet.grown, _CENTRE, bold=True)
    side = min(box.width(), box.height() - foot - 8 * unit)
    return QRectF(box.center().x() - side / 2, box.top(), side, side), code.picture
