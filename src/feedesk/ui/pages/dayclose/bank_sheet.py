"""Ctrl+B: the bank's slip (解款单) for counted cash that was on its way; the amount and the days are filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import Fen, format_amount
from feedesk.ops.banking import CashPaidIn
from feedesk.queries.transit import CashToPayIn
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.day_edit import DayEdit
from feedesk.ui.widgets.label import Label


@dataclass(frozen=True, slots=True)
class Slip:
    """What the sheet gathers."""

    number: str
    amount: Fen
    first_day: date
    last_day: date
    paid_in_on: date


class BankSheet(Sheet):
    """`paid_in` carries what `pay` answered; what it refuses is told in the sheet, and nothing typed is lost."""

    paid_in = Signal(object)

    def __init__(self, window: QWidget, transit: CashToPayIn, today: date, pay: Callable[[Slip], CashPaidIn]) -> None:
        super().__init__(window, width=480)
        self._pay = pay
        self.add_title(Label.saying(N_("Cash paid into the bank"), "title", bold=True))
        words = _("On its way to the bank: {amount}").format(amount=format_amount(transit.amount))
        self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))
        self.number = QLineEdit()
        self.amount = AmountEdit("body")
        self.amount.setProperty("bare", False)
        self.amount.set_amount(transit.amount)
        self.first_day = DayEdit(transit.first_day or today)
        self.last_day = DayEdit(transit.last_day or today)
        self.paid_in_on = DayEdit(today)
        form = QFormLayout()
        form.setSpacing(8)
        for message, field in (
            (_("Slip number"), self.number),
            (_("Amount"), self.amount),
            (_("Cash of, from"), self.first_day),
            (_("Cash of, to"), self.last_day),
            (_("Paid in on"), self.paid_in_on),
        ):
            field.setAccessibleName(message)
            form.addRow(message, field)
        for day in (self.first_day, self.last_day, self.paid_in_on):
            day.submitted.connect(self.submit)
        self.content.addLayout(form)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.button = ActionButton("Return")
        self.button.set_words(_("Enter the slip"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        self.add_foot(self.sentence, row)

    def ask(self) -> None:
        """Opens the sheet at the slip's number."""
        self.open(self.number)

    def submit(self) -> None:
        """Enter: books the slip, or says why not."""
        amount = self.amount.amount()
        if amount is None:
            self.sentence.setText(self.amount.problem() or _("Type the amount on the slip."))
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            days = (self.first_day.day(), self.last_day.day(), self.paid_in_on.day())
            done = self._pay(Slip(self.number.text(), amount, *days))
        except FeedeskError as error:
            self.sentence.setText(str(error))
            return
        self.close_sheet()
        self.paid_in.emit(done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
