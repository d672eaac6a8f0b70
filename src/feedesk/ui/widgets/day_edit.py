"""A field for a day that must be given: typed as people write days, or stepped with ↑ ↓."""

from datetime import date, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent

from feedesk.ui.widgets.day_line import DayLine, NotADay


class DayEdit(DayLine):
    """`submitted` when Enter is pressed in it."""

    submitted = Signal()

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.setProperty("form", True)

    def day(self) -> date:
        """The day typed. Raises `NotADay`, also where nothing is typed."""
        found = super().day()
        if found is None:
            raise NotADay(text=self.text())
        return found

    def step(self, days: int) -> None:
        """Goes so many days on; from what is no day it does not."""
        try:
            self.set_day(self.day() + timedelta(days=days))
        except NotADay:
            return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.step(step)
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            event.accept()  # the sheet around it would take it once more
            self.submitted.emit()
