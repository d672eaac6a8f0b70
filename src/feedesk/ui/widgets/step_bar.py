"""Where one stands in a few steps: done ones ticked, the present one filled."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import paint_outline_icon

_CIRCLE: Final = 24
_LINE: Final = 34
_GAP: Final = 10


class StepBar(QWidget):
    """Steps by their ``N_`` texts, counted from 0. ``later``: steps that are not there yet, greyed and never ticked.

    `chosen` carries a step that was clicked; the page decides whether to go there.
    """

    chosen = Signal(int)

    def __init__(self, messages: Sequence[str], later: frozenset[int] = frozenset()) -> None:
        super().__init__()
        self._messages = tuple(messages)
        self._later = later
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def set_current(self, step: int) -> None:
        """Moves on; ``len(steps)`` means that all is done."""
        self._current = step
        self._retranslate()

    def current(self) -> int:
        """The step one stands at."""
        return self._current

    def _retranslate(self) -> None:
        done = min(self._current, len(self._messages) - 1)
        self.setAccessibleName(
            _("Step {step} of {steps}: {words}").format(
                step=done + 1, steps=len(self._messages), words=_(self._messages[done])
            )
        )
        self.updateGeometry()
        self.update()

    def _widths(self) -> list[float]:
        plain = QFontMetricsF(appearance().font("body"))
        bold = QFontMetricsF(appearance().font("body", bold=True))
        return [
            (bold if step == self._current else plain).horizontalAdvance(_(message))
            for step, message in enumerate(self._messages)
        ]

    def sizeHint(self) -> QSize:
        words = sum(self._widths()) + len(self._messages) * (_CIRCLE + 8)
        return QSize(round(words + (len(self._messages) - 1) * (_LINE + 2 * _GAP)), _CIRCLE)

    def minimumSizeHint(self) -> QSize:
        return QSize(len(self._messages) * (_CIRCLE + 8), _CIRCLE)

    def _places(self) -> list[QRectF]:
        """Where each step is drawn, its words included; where all do not fit, only the present one keeps its words."""
        short = self.sizeHint().width() > self.width()
        places: list[QRectF] = []
        x = 0.0
        for step, width in enumerate(self._widths()):
            worded = not short or step == self._current
            places.append(QRectF(x, 0, _CIRCLE + (8 + width if worded else 0), _CIRCLE))
            x = places[-1].right() + (0 if worded else 8) + _LINE + 2 * _GAP
        return places

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for step, place in enumerate(self._places()):
            if place.contains(event.position()) and step not in self._later:
                self.chosen.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for step, (message, place) in enumerate(zip(self._messages, self._places(), strict=True)):
            if step:
                line = QRectF(place.left() - _GAP - _LINE, _CIRCLE / 2, _LINE, 1)
                painter.fillRect(line, appearance().colour("line"))
            self._paint_circle(painter, step, place.left())
            if place.width() > _CIRCLE:
                on = step == self._current
                painter.setFont(appearance().font("body", bold=on))
                painter.setPen(appearance().colour("mute" if step in self._later else "ink" if on else "ink_2"))
                words = place.adjusted(_CIRCLE + 8, 0, 2, 0)
                painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, _(message))
        painter.end()

    def _paint_circle(self, painter: QPainter, step: int, x: float) -> None:
        circle = QRectF(x + 0.5, 0.5, _CIRCLE - 1, _CIRCLE - 1)
        if step < self._current and step not in self._later:
            painter.setPen(QPen(appearance().colour("accent"), 1))
            painter.setBrush(appearance().colour("accent_soft"))
            painter.drawEllipse(circle)
            paint_outline_icon(painter, "check", x + 5, 5, 14, "accent")
            return
        on = step == self._current
        rest: Token = "field_line" if step in self._later else "tick_line"
        line = QPen(appearance().colour("button" if on else rest), 1)
        painter.setPen(line)
        painter.setBrush(appearance().colour("button" if on else "card"))
        painter.drawEllipse(circle)
        painter.setPen(appearance().colour("button_ink" if on else "mute" if step in self._later else "ink_2"))
        painter.setFont(appearance().font("secondary", bold=on))
        painter.drawText(QRectF(QPointF(x, 0), circle.size()), Qt.AlignmentFlag.AlignCenter, str(step + 1))
