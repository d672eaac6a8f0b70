"""A few views of one list, side by side: 本期及往期 10 | 只看欠费 8 | 预缴… | 全部."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_FIELD
from feedesk.ui.widgets.painting import cap_size, paint_cap, paint_focus_ring

_PAD: Final = 12
_CAP_GAP: Final = 6


class SegmentedTabs(QWidget):
    """One of several is chosen, by mouse or by ← →; ``framed`` draws the outline, else only the chosen one is tinted.

    Words come ready in the language shown; setting them anew keeps the choice. ``keys`` stand behind the words of
    each; whoever makes the tabs binds them.
    """

    chosen = Signal(int)

    def __init__(self, *, framed: bool = True, keys: Sequence[str] = ()) -> None:
        super().__init__()
        self._keys = tuple(keys)
        self._words: tuple[str, ...] = ()
        self._current = 0
        self._framed = framed
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_words(self, words: Sequence[str]) -> None:
        """The words of the segments, counts included."""
        if self._words != tuple(words):
            self._words = tuple(words)
            self._current = min(self._current, max(len(self._words) - 1, 0))
            self._name()
            self.updateGeometry()
            self.update()

    def current(self) -> int:
        """The place of the chosen segment."""
        return self._current

    def choose(self, place: int) -> None:
        """Chooses a segment and tells."""
        if 0 <= place < len(self._words) and place != self._current:
            self._current = place
            self._name()
            self.update()
            self.chosen.emit(place)

    def _name(self) -> None:
        self.setAccessibleName(self._words[self._current] if self._words else "")

    def _edges(self) -> list[float]:
        metrics = QFontMetricsF(appearance().font("secondary", bold=True))
        edges = [0.0]
        for place, words in enumerate(self._words):
            edges.append(edges[-1] + round(metrics.horizontalAdvance(words)) + self._cap_width(place) + 2 * _PAD)
        return edges

    def _cap_width(self, place: int) -> int:
        """What the key of a segment takes, the gap before it included; 0 without one."""
        return round(cap_size(self._keys[place])[0]) + _CAP_GAP if place < len(self._keys) else 0

    def sizeHint(self) -> QSize:
        height = round(QFontMetricsF(appearance().font("secondary")).height()) + 9
        return QSize(round(self._edges()[-1]) + 1, height if self._framed else height + 3)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left:
            self.choose(self._current - 1)
        elif event.key() == Qt.Key.Key_Right:
            self.choose(self._current + 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        edges = self._edges()
        for place in range(len(self._words)):
            if edges[place] <= event.position().x() < edges[place + 1]:
                self.choose(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edges = self._edges()
        frame = QRectF(0.5, 0.5, edges[-1], self.height() - 1)
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS_FIELD, RADIUS_FIELD)
        for place, words in enumerate(self._words):
            self._paint_segment(painter, outline, place, words, edges)
        if self._framed:
            painter.setPen(QPen(appearance().colour("line"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)  # a key cap has left its own
            for edge in edges[1:-1]:
                painter.drawLine(QPointF(edge + 0.5, 1), QPointF(edge + 0.5, self.height() - 1))
            painter.drawPath(outline)
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()

    def _paint_segment(
        self, painter: QPainter, outline: QPainterPath, place: int, words: str, edges: list[float]
    ) -> None:
        on = place == self._current
        box = QRectF(edges[place], 0, edges[place + 1] - edges[place], self.height())
        if on:
            painter.save()
            painter.setClipPath(outline)
            painter.fillRect(box, appearance().colour("accent_soft"))
            painter.restore()
        painter.setFont(appearance().font("secondary", bold=on))
        painter.setPen(appearance().colour("accent" if on else "ink_2"))
        cap = self._cap_width(place)
        painter.drawText(box.adjusted(0, 0, -cap, 0), Qt.AlignmentFlag.AlignCenter, words)
        if cap:
            at = QPointF(box.right() - _PAD - cap + _CAP_GAP, (self.height() - cap_size(self._keys[place])[1]) / 2)
            paint_cap(painter, at, self._keys[place])
