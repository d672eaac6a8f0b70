"""Where one stands in a few steps: done ones ticked, the present one filled."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.widgets.painting import paint_outline_icon

_CIRCLE: Final = 24
_LINE: Final = 34
_GAP: Final = 10


class StepBar(QWidget):
    """Steps by their ``N_`` texts, counted from 0."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__()
        self._messages = tuple(messages)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow_language(self, self._retranslate)

    def set_current(self, step: int) -> None:
        """Moves on; ``len(steps)`` means that all is done."""
        self._current = step
        self._retranslate()

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

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Where the steps do not fit, only the present one keeps its words.
        short = self.sizeHint().width() > self.width()
        x = 0.0
        for step, (message, width) in enumerate(zip(self._messages, self._widths(), strict=True)):
            if step:
                painter.fillRect(QRectF(x + _GAP, _CIRCLE / 2, _LINE, 1), appearance().colour("line"))
                x += _LINE + 2 * _GAP
            self._paint_circle(painter, step, x)
            x += _CIRCLE + 8
            if not short or step == self._current:
                on = step == self._current
                painter.setFont(appearance().font("body", bold=on))
                painter.setPen(appearance().colour("ink" if on else "ink_2"))
                painter.drawText(QRectF(x, 0, width + 2, _CIRCLE), Qt.AlignmentFlag.AlignVCenter, _(message))
                x += width
        painter.end()

    def _paint_circle(self, painter: QPainter, step: int, x: float) -> None:
        circle = QRectF(x + 0.5, 0.5, _CIRCLE - 1, _CIRCLE - 1)
        if step < self._current:
            painter.setPen(QPen(appearance().colour("accent"), 1))
            painter.setBrush(appearance().colour("accent_soft"))
            painter.drawEllipse(circle)
            paint_outline_icon(painter, "check", x + 5, 5, 14, "accent")
            return
        on = step == self._current
        painter.setPen(QPen(appearance().colour("button" if on else "tick_line"), 1))
        painter.setBrush(appearance().colour("button" if on else "card"))
        painter.drawEllipse(circle)
        painter.setPen(appearance().colour("button_ink" if on else "ink_2"))
        painter.setFont(appearance().font("secondary", bold=on))
        painter.drawText(QRectF(QPointF(x, 0), circle.size()), Qt.AlignmentFlag.AlignCenter, str(step + 1))
