"""A drop-down of few values, each with the words of a text, and a labelled row for forms."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from feedesk.texts import _
from feedesk.ui.appearance import follow_language
from feedesk.ui.widgets.label import Label

Value = TypeVar("Value")


class _Combo(QComboBox):
    chosen = Signal(object)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # scrolling past a form must not change it


class Choice(_Combo, Generic[Value]):
    """Values with their ``N_`` texts; `chosen` carries the value when a person chooses another."""

    def __init__(self, choices: Sequence[tuple[Value, str]], current: Value) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for _value, message in self._choices:
            self.addItem(message)
        self.set_value(current)
        self.activated.connect(self._on_activated)
        follow_language(self, self._retranslate)

    def set_choices(self, choices: Sequence[tuple[Value, str]], current: Value) -> None:
        """Offers other values; where ``current`` is not among them the first one is chosen."""
        self._choices = tuple(choices)
        self.clear()
        for _value, message in self._choices:
            self.addItem(message)
        self.set_value(current)
        self._retranslate()

    def value(self) -> Value:
        """The value chosen."""
        return self._choices[self.currentIndex()][0]

    def set_value(self, value: Value) -> None:
        """Chooses without telling; a value that is not offered leaves the choice as it is."""
        values = [each for each, _message in self._choices]
        if value in values:
            self.setCurrentIndex(values.index(value))

    def _on_activated(self, place: int) -> None:
        self.chosen.emit(self._choices[place][0])

    def _retranslate(self) -> None:
        for place, (_value, message) in enumerate(self._choices):
            self.setItemText(place, _(message) if message else "")


class FormRow(QWidget):
    """A caption over its field, and perhaps a sentence below; ``message`` and ``note`` are ``N_`` texts."""

    def __init__(self, message: str, field: QWidget, note: str = "") -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(Label.saying(message, "caption", tone="ink_2"))
        column.addWidget(field)
        if note:
            column.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        follow_language(self, lambda: field.setAccessibleName(_(message)))
