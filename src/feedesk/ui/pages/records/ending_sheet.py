"""Ending a policy or a grant: the last day on which it counts, and of a grant the reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.texts import N_
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label


class LastDayMissing(UserError):
    message = N_("Type the last day on which it counts, for example 2026-12-31.")


@dataclass(frozen=True, slots=True)
class EndingOrder:
    """What is ended, in words; ``end`` (last day, reason) does it or raises a `UserError`."""

    title: str
    note: str
    act: str
    said: str
    last_day: date
    end: Callable[[date, str], object]
    asks_reason: bool = False


class EndingSheet(FormSheet):
    """Enter ends it."""

    def __init__(self, window: QWidget, worker: Worker, order: EndingOrder) -> None:
        super().__init__(window, worker, order.title, order.act, width=520)
        self._order = order
        self.last = DayLine(order.last_day)
        self.reason = QLineEdit()
        for field in (self.last, self.reason):
            field.setProperty("form", True)
        self.content.addWidget(Label(order.note, "secondary", tone="ink_2", wraps=True))
        self.content.addWidget(FormRow(N_("Last day"), self.last))
        if order.asks_reason:
            self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.last.selectAll()
        self.open(self.last)

    def order(self) -> tuple[Callable[[], object], str]:
        last_day, reason = self.last.day(), self.reason.text().strip()
        if last_day is None:
            raise LastDayMissing
        return lambda: self._order.end(last_day, reason), self._order.said.format(day=last_day)
