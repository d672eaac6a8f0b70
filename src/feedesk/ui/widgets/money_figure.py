"""An amount to be read from a step away: the sum due, the change, the figures on top of a page."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import Look, Token


class MoneyFigure(QWidget):
    """Bold figures that shrink, rather than lose a digit, where they do not fit."""

    def __init__(self, look: Look = "total", *, tone: Token = "ink", bold: bool = True, right: bool = False) -> None:
        super().__init__()
        self._look: Look = look
        self._tone: Token = tone
        self._bold = bold
        self._side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_text(self, text: str, tone: Token | None = None) -> None:
        """Shows ready text (the page formats it, with its sign), and perhaps another colour."""
        self._text = text
        self._tone = self._tone if tone is None else tone
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(appearance().font(self._look, bold=self._bold))
        # Figures have no descenders: the line is as high as they are, and a little air.
        return QSize(round(metrics.horizontalAdvance(self._text)) + 2, round(metrics.capHeight() * 1.62))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = appearance().font(self._look, bold=self._bold)
        width = QFontMetricsF(font).horizontalAdvance(self._text)
        if width > self.width() > 0:
            font = type(font)(font)
            font.setPixelSize(max(int(font.pixelSize() * self.width() / width), 8))
        painter.setFont(font)
        painter.setPen(appearance().colour(self._tone))
        painter.drawText(QRectF(self.rect()), self._side | Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()
