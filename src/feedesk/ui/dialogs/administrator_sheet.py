"""Before a real ledger is made: who sets it up, and his password. He adds the cashiers afterwards."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.ops.setting_up import DEFAULT_ADMIN
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.password_pair import PasswordPair


class AdministratorSheet(Sheet):
    """`named` once ``take`` accepted name and password."""

    named = Signal()

    def __init__(self, window: QWidget, take: Callable[[str, str], object]) -> None:
        super().__init__(window, width=520)
        self._take = take
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("Who sets this ledger up?"), "button", bold=True), leave)
        words = N_(
            "The administrator adds the cashiers (Records, Staff). A forgotten password cannot be read anywhere."
        )
        self.content.addWidget(Label.saying(words, "secondary", tone="ink_2", wraps=True))
        self.name = QLineEdit(DEFAULT_ADMIN)
        self.passwords = PasswordPair()
        self.content.addWidget(FormRow(N_("Name of the administrator"), self.name))
        self.content.addWidget(self.passwords)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(_("Make the ledger"))
        self.button.clicked.connect(self.submit)
        self.add_foot(self.sentence, self.button)

    def ask(self) -> None:
        """Opens it, the name marked."""
        self.open(self.name)
        self.name.selectAll()

    def submit(self) -> None:
        """Enter: goes on, or says what is missing."""
        try:
            self._take(self.name.text(), self.passwords.password())
        except FeedeskError as error:
            self.sentence.setText(str(error))
            self.sentence.show()
            return
        self.close_sheet()
        self.named.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
