"""Ctrl+M: petty cash out of the drawer, change money into it or back; what for is asked each time."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import Fen
from feedesk.ops.drawer import CashMoved
from feedesk.rules.drawer import Movement
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.choice import Choice
from feedesk.ui.widgets.label import Label

NAMES: Final = {
    Movement.PETTY_CASH: N_("Petty cash"),
    Movement.CHANGE_IN: N_("Change money fetched"),
    Movement.CHANGE_OUT: N_("Change money given back"),
}


class DrawerSheet(Sheet):
    """`moved` carries what `move` answered; what it refuses is told in the sheet, and nothing typed is lost."""

    moved = Signal(object)

    def __init__(self, window: QWidget, move: Callable[[Movement, Fen, str], CashMoved]) -> None:
        super().__init__(window, width=480)
        self._move = move
        self.add_title(Label.saying(N_("Cash into and out of the drawer"), "title", bold=True))
        words = _("It comes out of the float or goes into it, and stands apart from takings.")
        self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))
        self.kind = Choice(list(NAMES.items()), Movement.PETTY_CASH)
        self.amount = AmountEdit("body")
        self.amount.setProperty("bare", False)
        self.purpose = QLineEdit()
        form = QFormLayout()
        form.setSpacing(8)
        for message, field in ((_("What"), self.kind), (_("Amount"), self.amount), (_("Purpose"), self.purpose)):
            field.setAccessibleName(message)
            form.addRow(message, field)
        self.content.addLayout(form)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.button = ActionButton("Return")
        self.button.set_words(_("Book it"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        self.add_foot(self.sentence, row)

    def ask(self) -> None:
        """Opens the sheet at the kind; ↑ ↓ change it, Tab goes on."""
        self.open(self.kind)

    def submit(self) -> None:
        """Enter: goes on to the purpose while there is none, then books it or says why not."""
        amount = self.amount.amount()
        if amount is None:
            self.sentence.setText(self.amount.problem() or _("Type the amount."))
            self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if not self.purpose.text().strip() and not self.purpose.hasFocus():
            self.sentence.setText("")
            self.purpose.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            done = self._move(self.kind.value(), amount, self.purpose.text())
        except FeedeskError as error:
            self.sentence.setText(str(error))
            return
        self.close_sheet()
        self.moved.emit(done)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
