"""Ending a price, or where a tariff applies: the last day on which it counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QWidget

from feedesk.errors import UserError
from feedesk.texts import N_
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label


class LastDayUntold(UserError):
    message = N_("Type the last day on which it counts, for example 2026-12-31.")


@dataclass(frozen=True, slots=True)
class LastDayOrder:
    """What is ended, in words; ``end`` does it or raises a `UserError`."""

    title: str
    note: str
    act: str
    last_day: date
    end: Callable[[date], object]


class LastDaySheet(FormSheet):
    """Enter ends it."""

    def __init__(self, window: QWidget, worker: Worker, order: LastDayOrder) -> None:
        super().__init__(window, worker, order.title, order.act, width=520)
        self._order = order
        self.last = DayLine(order.last_day)
        self.last.setProperty("form", True)
        self.content.addWidget(Label(order.note, "secondary", tone="ink_2", wraps=True))
        self.content.addWidget(FormRow(N_("Last day"), self.last))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.last.selectAll()
        self.open(self.last)

    def order(self) -> Callable[[], object]:
        last_day = self.last.day()
        if last_day is None:
            raise LastDayUntold
        return lambda: self._order.end(last_day)
