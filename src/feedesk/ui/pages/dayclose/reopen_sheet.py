"""Opening a closed day again: what that means, and why it is done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.texts import _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.label import Label


class ReopenSheet(Sheet):
    """`confirmed` carries the reason."""

    confirmed = Signal(str)

    def __init__(self, window: QWidget, *, day: str, version: int) -> None:
        super().__init__(window, width=520)
        self.add_title(Label(_("Open {day} again?").format(day=day), "title", bold=True, wraps=True))
        words = _(
            "Version {version} of its summary no longer stands; it stays in the ledger as it was issued. "
            "Closing the day once more makes version {next}, with a sheet that shows every difference."
        ).format(version=version, next=version + 1)
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why: for example a payment came after the close"))
        self.reason.setAccessibleName(_("Reason"))
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(_("Open the day again"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        for widget in (Label(words, "secondary", tone="ink_2", wraps=True), self.reason, self.sentence):
            self.content.addWidget(widget)
        self.content.addLayout(row)

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.reason)

    def submit(self) -> None:
        """Enter: a reason is required."""
        reason = self.reason.text().strip()
        if not reason:
            self.sentence.setText(_("Say why first."))
            self.sentence.show()
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.close_sheet()
        self.confirmed.emit(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
