"""How the small things of the design are drawn: words in several colours, key caps, chips, tick boxes, focus rings.

Widgets and table cells draw with the same functions, so that a chip in a cell is the chip on a card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from feedesk.ui.appearance import appearance
from feedesk.ui.icons import paint_icon
from feedesk.ui.tokens import FOCUS, RADIUS_CAP, RADIUS_FIELD, Look, Token
from feedesk.ui.words import key_words

Tone = Literal["good", "warn", "danger", "plain"]

_CHIP_COLOURS: Final[dict[Tone, tuple[Token, Token]]] = {
    "good": ("accent", "accent_soft"),
    "warn": ("warn", "warn_soft"),
    "danger": ("danger", "danger_soft"),
    "plain": ("ink_2", "panel"),
}
_CHIP_PAD: Final = 6.0
_CAP_PAD: Final = 6.0


@dataclass(frozen=True, slots=True)
class Span:
    """A few words in one colour, size and weight; with a ``chip`` they stand on a soft ground."""

    text: str
    token: Token = "ink"
    bold: bool = False
    look: Look = "body"
    chip: Tone | None = None


def spans_text(spans: Sequence[Span]) -> str:
    """The words alone, for the clipboard and for screen readers."""
    return "".join(span.text if span.chip is None else f" {span.text} " for span in spans).strip()


def span_width(span: Span) -> float:
    """The width a span takes, its chip's ground included."""
    if span.chip is not None:
        return chip_size(span.text)[0] + 8
    return QFontMetricsF(appearance().font(span.look, bold=span.bold)).horizontalAdvance(span.text)


def paint_spans(painter: QPainter, place: QRectF, spans: Sequence[Span], *, right: bool = False) -> None:
    """Draws words one after another on one base line, centred in height; what does not fit ends in an ellipsis."""
    widths = [span_width(span) for span in spans]
    missing = sum(widths) - place.width()
    x = place.left() if not right or missing > 0 else place.right() - sum(widths)
    tallest = max((QFontMetricsF(appearance().font(s.look, bold=s.bold)) for s in spans), key=_height, default=None)
    if tallest is None:
        return
    base = place.center().y() + (tallest.ascent() - tallest.descent()) / 2
    for span, width in zip(spans, widths, strict=True):
        room = min(width, place.right() - x)
        if room <= 0.5:
            return
        if span.chip is None:
            _paint_words(painter, span, QPointF(x, base), room, fits=width <= room + 0.5)
        else:
            chip_width, chip_height = chip_size(span.text)
            paint_chip(painter, QPointF(x + 4, place.center().y() - chip_height / 2), span.text, span.chip)
            width = chip_width + 8
        x += width


def _height(metrics: QFontMetricsF) -> float:
    return metrics.height()


def _paint_words(painter: QPainter, span: Span, at: QPointF, room: float, *, fits: bool) -> None:
    font = appearance().font(span.look, bold=span.bold)
    painter.setFont(font)
    painter.setPen(appearance().colour(span.token))
    text = span.text
    if not fits:
        text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
    painter.drawText(at, text)


def chip_size(text: str) -> tuple[float, float]:
    """Width and height of a chip."""
    metrics = QFontMetricsF(appearance().font("caption"))
    return metrics.horizontalAdvance(text) + 2 * _CHIP_PAD, metrics.height() + 1


def paint_chip(painter: QPainter, at: QPointF, text: str, tone: Tone) -> None:
    """A word on a soft round ground."""
    ink, soft = _CHIP_COLOURS[tone]
    width, height = chip_size(text)
    ground = QRectF(at.x(), at.y(), width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance().colour(soft))
    painter.drawRoundedRect(ground, height / 2, height / 2)
    painter.setPen(appearance().colour(ink))
    painter.setFont(appearance().font("caption"))
    painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, text)


def cap_size(keys: str, look: Look = "keycap", *, slim: bool = False) -> tuple[float, float]:
    """Width and height of a key cap; ``keys`` as Qt writes them (``Ctrl+H``)."""
    metrics = QFontMetricsF(appearance().font(look))
    width = metrics.horizontalAdvance(key_words(keys)) + 2 * (_CAP_PAD - 2 if slim else _CAP_PAD)
    height = float(round(metrics.height())) + (-2 if slim else 2)
    return max(width, height - 2), height


@dataclass(frozen=True, slots=True)
class CapColours:
    """The colours of a key cap; without a ground it is only a slim outline, as in the sidebar."""

    ink: Token = "cap_ink"
    line: Token = "cap_line"
    ground: Token | None = "cap"


def paint_cap(
    painter: QPainter, at: QPointF, keys: str, colours: CapColours = CapColours(), look: Look = "keycap"
) -> None:
    """A key of the keyboard: an outline, thicker below."""
    width, height = cap_size(keys, look, slim=colours.ground is None)
    cap = QRectF(round(at.x()) + 0.5, round(at.y()) + 0.5, round(width) - 1, height - 1)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = appearance().colour(colours.line)
    painter.setPen(QPen(line, 1))
    if colours.ground is None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(cap, RADIUS_CAP - 1, RADIUS_CAP - 1)
    else:
        painter.setBrush(line)
        painter.drawRoundedRect(cap, RADIUS_CAP - 1, RADIUS_CAP - 1)
        painter.setBrush(appearance().colour(colours.ground))
        painter.drawRoundedRect(cap.adjusted(0, 0, 0, -1), RADIUS_CAP - 1, RADIUS_CAP - 1)
    painter.setPen(appearance().colour(colours.ink))
    painter.setFont(appearance().font(look))
    painter.drawText(cap.adjusted(0, -0.5, 0, -0.5), Qt.AlignmentFlag.AlignCenter, key_words(keys))


def paint_tick(painter: QPainter, place: QRectF, state: Qt.CheckState) -> None:
    """A tick box of 16 pixels: empty, ticked, or a dash for some."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = place.adjusted(0.5, 0.5, -0.5, -0.5)
    if state == Qt.CheckState.Unchecked:
        painter.setPen(QPen(appearance().colour("tick_line"), 1.2))
        painter.setBrush(appearance().colour("field"))
        painter.drawRoundedRect(box, RADIUS_CAP - 0.5, RADIUS_CAP - 0.5)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(appearance().colour("button"))
    painter.drawRoundedRect(place, RADIUS_CAP, RADIUS_CAP)
    ink = QPen(appearance().colour("button_ink"), 1.7, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(ink)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y, unit = place.left(), place.top(), place.width() / 16
    mark = QPainterPath(QPointF(x + 4.2 * unit, y + 8.3 * unit))
    if state == Qt.CheckState.PartiallyChecked:
        mark = QPainterPath(QPointF(x + 4.5 * unit, y + 8 * unit))
        mark.lineTo(x + 11.5 * unit, y + 8 * unit)
    else:
        mark.lineTo(x + 7 * unit, y + 11 * unit)
        mark.lineTo(x + 11.8 * unit, y + 5.4 * unit)
    painter.drawPath(mark)


def paint_focus_ring(painter: QPainter, place: QRectF, radius: float = RADIUS_FIELD) -> None:
    """Two pixels of accent around what has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(appearance().colour("accent"), FOCUS))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), radius, radius)


def paint_outline_icon(painter: QPainter, name: str, x: float, y: float, size: float, token: Token) -> None:
    """An icon with its upper left corner at ``x``, ``y``."""
    paint_icon(painter, name, QRectF(x, y, size, size), appearance().colour(token))
