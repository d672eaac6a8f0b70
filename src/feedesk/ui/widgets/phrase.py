"""A line of words in several colours and weights: 已选 **9** 笔 · 违约金 18.93."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.widgets.painting import Span, paint_spans, span_width, spans_text


class Phrase(QWidget):
    """Shows spans on one line; too narrow, it ends in an ellipsis and keeps the whole as tool tip."""

    def __init__(self, spans: Sequence[Span] = (), *, right: bool = False, shrinks: bool = True) -> None:
        super().__init__()
        self._spans: tuple[Span, ...] = ()
        self._right = right
        self._shrinks = shrinks
        wide = QSizePolicy.Policy.Preferred if shrinks else QSizePolicy.Policy.Fixed
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self.set_spans(spans)

    def set_spans(self, spans: Sequence[Span]) -> None:
        """Shows other words."""
        if self._spans == tuple(spans) and spans:
            return
        self._spans = tuple(spans)
        self.setAccessibleName(spans_text(self._spans))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words without their looks."""
        return spans_text(self._spans)

    def sizeHint(self) -> QSize:
        width = sum(map(span_width, self._spans))
        height = max((self._line_height(span) for span in self._spans), default=0)
        return QSize(int(width) + 2, height)

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(24, whole.width()), whole.height()) if self._shrinks else whole

    def _line_height(self, span: Span) -> int:
        return round(QFontMetricsF(appearance().font(span.look, bold=span.bold)).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_spans(painter, QRectF(self.rect()), self._spans, right=self._right)
        clipped = self.width() < self.sizeHint().width() - 2
        if clipped != bool(self.toolTip()):
            self.setToolTip(self.text() if clipped else "")
        painter.end()
