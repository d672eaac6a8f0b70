"""Typing as a person does, Chinese and full-width characters too (QTest knows Latin ones only)."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def type_text(widget: QWidget, text: str) -> None:
    """Types character by character; what is not Latin is committed as an input method does."""
    for character in text:
        if character.isascii():
            QTest.keyClicks(widget, character)
        else:
            event = QInputMethodEvent("", [])
            event.setCommitString(character)
            QApplication.sendEvent(widget, event)


def claims(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier, text: str = "") -> bool:
    """Whether a widget claims a key for itself before the shortcuts see it."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
