"""Taking a month's bills back while nothing of it is paid: how many, how much, and why."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.money import Fen, format_amount
from feedesk.texts import _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure


class UndoSheet(Sheet):
    """`confirmed` carries the reason."""

    confirmed = Signal(str)

    def __init__(self, window: QWidget, *, month: str, charges: int, total: Fen) -> None:
        super().__init__(window, width=480)
        question = _("Take back all {n} bills of {month}?").format(n=f"{charges:,}", month=month)
        self.add_title(Label(question, "title", bold=True, wraps=True))
        figure = MoneyFigure("figure", tone="danger")
        figure.set_text(f"¥ {format_amount(total)}")
        words = _("They are cancelled by a reversing entry; it is refused once anything of them is paid.")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Why: for example a wrong price"))
        self.reason.setAccessibleName(_("Reason"))
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(_("Take the bills back"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        for widget in (figure, Label(words, "secondary", tone="ink_2", wraps=True), self.reason, self.sentence):
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
