"""A choice of people: arrows as in every list, or the pinyin initials of a name typed one after another."""

import time
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from feedesk.ui.widgets.choice import Choice

_SECONDS_BETWEEN_KEYS = 1.2


class NameChoice(Choice[str]):
    """Names as they are; letters choose the next one that begins so, spelled or by initials: ``zy`` finds 张样."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__([(name, name) for name in names] or [("", "")], names[0] if names else "")
        self._typed = ""
        self._last_key = 0.0

    def set_names(self, names: Sequence[str], current: str) -> None:
        """Offers other names; where ``current`` is not among them the first is chosen."""
        self.set_choices([(name, name) for name in names] or [("", "")], current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text().lower()
        if not (letter.isascii() and letter.isalpha()) or event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
            return
        now = time.monotonic()
        self._typed = letter if now - self._last_key > _SECONDS_BETWEEN_KEYS else self._typed + letter
        self._last_key = now
        self._choose(self._typed)

    def _choose(self, typed: str) -> None:
        from feedesk.ops.importing.readings_of_names import reading_of_name  # pypinyin, for whoever types only

        for name, _message in self._choices:
            spelled, initials = reading_of_name(name)
            if any(text.startswith(typed) for text in (initials, spelled.replace(" ", ""), name.lower())):
                if name != self.value():
                    self.set_value(name)
                    self.chosen.emit(name)
                return
