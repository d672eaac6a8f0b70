"""Enter held down: the keyboard repeats it, and no act is meant twice."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


def is_held_enter(event: QEvent) -> bool:
    """Whether it is an Enter that the keyboard repeats."""
    return (
        isinstance(event, QKeyEvent) and event.isAutoRepeat() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
    )


class EnterLine(QLineEdit):
    """A field whose Enter does something at once; held down it does it once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not is_held_enter(event):
            super().keyPressEvent(event)
