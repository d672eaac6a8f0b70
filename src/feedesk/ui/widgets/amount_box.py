"""An amount that is told, not typed, in the frame of a money field: 找零 1.60, with a note below (抹零 0.01)."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_FIELD, Token


class AmountBox(QWidget):
    """Caption and note at the left, the figure at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._caption = ""
        self._note = ""
        self._figure = ""
        self._tone: Token = "good"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def tell(self, caption: str, figure: str, *, note: str = "", tone: Token = "good") -> None:
        """Shows ready words in the language shown."""
        self._caption, self._figure, self._note, self._tone = caption, figure, note, tone
        self.setAccessibleName(f"{caption} {figure} {note}".strip())
        self.update()

    def figure(self) -> str:
        return self._figure

    def sizeHint(self) -> QSize:
        return QSize(160, appearance().size.money_field)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, appearance().size.money_field)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look = appearance()
        painter.setPen(QPen(look.colour("field_line"), 1))
        painter.setBrush(look.colour("field"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS_FIELD, RADIUS_FIELD)
        inner = QRectF(self.rect()).adjusted(13, 0, -13, 0)
        line = QFontMetricsF(look.font("caption")).height()
        top = (self.height() - line * (2 if self._note else 1)) / 2
        painter.setFont(look.font("caption"))
        painter.setPen(look.colour("ink_2"))
        painter.drawText(QRectF(inner.left(), top, inner.width(), line), Qt.AlignmentFlag.AlignVCenter, self._caption)
        if self._note:
            painter.setPen(look.colour("mute"))
            below = QRectF(inner.left(), top + line, inner.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, self._note)
        painter.setFont(look.font("figure"))
        painter.setPen(look.colour(self._tone))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._figure)
        painter.end()
