"""Room for a card that is higher than the window: its rows scroll instead of being squeezed, its foot stays."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget

from feedesk.ui.widgets.card import Card


class ScrolledRows(QScrollArea):
    """The column of a card. It asks for as much height as the rows do; keys go on to the sheet.

    `resized` when it shows more or fewer rows than before.
    """

    resized = Signal()

    def __init__(self, rows: QLayout) -> None:
        super().__init__()
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._rows = QWidget()
        self._rows.setLayout(rows)
        self.setWidget(self._rows)
        self._rows.setAutoFillBackground(False)

    def sizeHint(self) -> QSize:
        wide = self._rows.sizeHint()
        return QSize(wide.width(), self._rows.heightForWidth(self.width()) if self._wraps() else wide.height())

    def _wraps(self) -> bool:
        return self._rows.hasHeightForWidth() and self.width() > 0

    def minimumSizeHint(self) -> QSize:
        return QSize(self._rows.minimumSizeHint().width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


def lacks_room(card: Card, height: int) -> bool:
    """Whether the rows of a card need more than ``height`` even at their least."""
    width = card.width()
    needed = card.body.minimumHeightForWidth(width) if card.body.hasHeightForWidth() else -1
    return max(needed, 0) > height or (needed < 0 and card.body.minimumSize().height() > height)


def let_scroll(card: Card, rows: QLayout) -> ScrolledRows:
    """Puts the rows of a card, its first layout, where they scroll."""
    card.body.removeItem(rows)
    rows.setParent(None)
    area = ScrolledRows(rows)
    card.body.insertWidget(0, area)
    area.lower()  # its rows come before the foot when Tab goes round
    area.show()
    return area
