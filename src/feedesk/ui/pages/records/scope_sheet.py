"""Where a tariff applies: to all homes, a building or a unit, how many times, from a day to a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.exchange.forms import FormRefused, read_scope_form
from feedesk.rules.community_rows import ScopeRow
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label


@dataclass(frozen=True, slots=True)
class ScopeOrder:
    """The tariff concerned; ``keep`` stores where it applies or raises a `UserError`."""

    tariff: str
    from_date: date
    keep: Callable[[ScopeRow], object]
    pattern: str = ""


class ScopeSheet(FormSheet):
    """Enter lets the tariff apply."""

    def __init__(self, window: QWidget, worker: Worker, order: ScopeOrder) -> None:
        title = _("Where “{name}” applies").format(name=order.tariff)
        super().__init__(window, worker, title, _("Let it apply"), width=620)
        self._order = order
        self.pattern, self.quantity = QLineEdit(order.pattern), QLineEdit()
        self.first, self.last = QLineEdit(order.from_date.isoformat()), QLineEdit()
        for field in (self.pattern, self.quantity, self.first, self.last):
            field.setProperty("form", True)
        self.pattern.setPlaceholderText("* · 3-* · 3-1-502")
        self.quantity.setPlaceholderText("1")
        self.last.setPlaceholderText(_("empty: no limit"))
        note = N_("* is the whole community, 3-* building 3, a code one unit. The nearest goes before the others.")
        self.add_row(
            (FormRow(N_("Unit or pattern"), self.pattern), FormRow(N_("How many times"), self.quantity)), (2, 1)
        )
        self.content.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        self.add_row((FormRow(N_("First day charged"), self.first), FormRow(N_("Last day charged"), self.last)))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.pattern)

    def order(self) -> tuple[Callable[[], object], str]:
        row = read_scope_form(
            {
                "pattern": self.pattern.text(),
                "tariff": self._order.tariff,
                "quantity": self.quantity.text(),
                "from_date": self.first.text(),
                "to_date": self.last.text(),
            }
        )
        return lambda: self._order.keep(row), _("The tariff applies there now.")

    def tell(self, error: FeedeskError) -> None:
        super().tell(error)
        fields = {"pattern": self.pattern, "quantity": self.quantity, "from_date": self.first, "to_date": self.last}
        if isinstance(error, FormRefused) and error.field in fields:
            fields[error.field].setFocus(Qt.FocusReason.OtherFocusReason)
