"""An act that is asked about once and done only with a reason: the question, what it means, why, and its button."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.texts import _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.label import Label


class ReasonSheet(Sheet):
    """`confirmed` carries the reason. ``words`` say what the act means, ``example`` is a reason somebody might have,
    ``figures`` stand between the question and its meaning.
    """

    confirmed = Signal(str)

    def __init__(
        self,
        window: QWidget,
        *,
        question: str,
        words: str,
        example: str,
        act: str,
        width: int,
        figures: Sequence[QWidget] = (),
    ) -> None:
        super().__init__(window, width=width)
        self.add_title(Label(question, "title", bold=True, wraps=True))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(example)
        self.reason.setAccessibleName(_("Reason"))
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(act)
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        meaning = Label(words, "secondary", tone="ink_2", wraps=True)
        for widget in (*figures, meaning, self.reason):
            self.content.addWidget(widget)
        self.add_foot(self.sentence, row)

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
