"""A page or card with nothing to show says so, and what to do next."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from feedesk.ui.appearance import appearance
from feedesk.ui.icons import paint_icon
from feedesk.ui.widgets.label import Label


class _Picture(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(QSize(40, 40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, QRectF(self.rect()), appearance().colour("field_line"))
        painter.end()


class EmptyState(QWidget):
    """An icon, a few words and a sentence (``N_`` texts), in the middle of what would be there."""

    def __init__(self, icon_name: str, message: str, sentence: str) -> None:
        super().__init__()
        self.title = Label.saying(message, "title", tone="ink_2", bold=True)
        self.sentence = Label.saying(sentence, "secondary", tone="mute", wraps=True)
        for label in (self.title, self.sentence):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(_Picture(icon_name), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.title)
        column.addWidget(self.sentence)
        column.addStretch(3)
