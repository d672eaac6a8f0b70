"""A card: white ground, one fine line, round corners, the faintest shadow."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.tokens import RADIUS_CARD, Token


class Card(QWidget):
    """A ground for a layout of its own; ``body`` is a column without margins, the widgets bring theirs."""

    def __init__(self, *, ground: Token = "card") -> None:
        super().__init__()
        self._ground: Token = ground
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(1, 1, 1, 1)
        self.body.setSpacing(0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(appearance().colour("line"), 1))
        painter.setBrush(appearance().colour(self._ground))
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        painter.end()


class Rule(QWidget):
    """A fine line between two things of a card."""

    def __init__(self, token: Token = "hair") -> None:
        super().__init__()
        self._token: Token = token
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), appearance().colour(self._token))
        painter.end()


def strip(spacing: int, *, above: int = 0) -> tuple[QWidget, QHBoxLayout]:
    """A row of widgets for the head or the foot of a card; ``above`` pixels are left free above and below it."""
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(14, above, 14, above)
    row.setSpacing(spacing)
    return widget, row
