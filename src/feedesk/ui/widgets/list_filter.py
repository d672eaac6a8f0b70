"""A field that narrows the list below it: keys that move about in the list, and Enter, go to the list as one types."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

_LIST_KEYS: Final = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
)


class ListFilter(QLineEdit):
    """``table`` answers which list is in sight now."""

    def __init__(self, table: Callable[[], QWidget]) -> None:
        super().__init__()
        self._table = table

    def focus(self) -> None:
        """Puts the keyboard here, what is there marked."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def take_text(self, text: str) -> None:
        """What was typed in the list goes on here, instead of what was here."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _LIST_KEYS:
            QApplication.sendEvent(self._table(), event)
            event.accept()
        else:
            super().keyPressEvent(event)
