"""The sheet of an act at the desk: Enter does it, Esc leaves; what is refused is told and nothing typed is lost."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen
from feedesk.ops.payment_posting import TenderGiven
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.rows import TenderChoice
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label


class AmountMissing(UserError):
    message = N_("Type the amount, for example 200.00.")


class ActSheet(Sheet):
    """Add fields, then `add_end`. `decide` does it and answers what to tell; `decided` carries that."""

    decided = Signal(str)

    def __init__(self, window: QWidget, title: str, act: str, *, words: str = "", width: int = 560) -> None:
        super().__init__(window, width=width)
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label(title, "button", bold=True), leave)
        if words:
            self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(act)
        self.button.clicked.connect(self.submit)

    def add_row(self, *fields: tuple[str, QWidget]) -> None:
        """A row of fields, each under its ``N_`` text."""
        row = QHBoxLayout()
        row.setSpacing(12)
        for message, field in fields:
            field.setAccessibleName(_(message))
            row.addWidget(FormRow(message, field), 1, Qt.AlignmentFlag.AlignBottom)
        self.content.addLayout(row)

    def add_end(self) -> None:
        """The sentence and the button, below all fields and always in sight."""
        self.add_foot(self.sentence, self.button)

    def submit(self) -> None:
        """Enter: does it, or tells what is missing."""
        try:
            told = self.decide()
        except FeedeskError as error:
            self.refuse_at(error)
            return
        self.close_sheet()
        self.decided.emit(told)

    def refuse_at(self, error: FeedeskError) -> None:
        """Says why it was not done, with the keyboard where it is put right."""
        self.refuse(str(error))
        field = self.field_of(error)
        if field is not None:
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def field_of(self, _error: FeedeskError) -> QWidget | None:
        """The field that a refusal is about; None leaves the keyboard where it is."""
        return None

    def refuse(self, sentence: str) -> None:
        """Says above the button why it was not done; empty where a field says it."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def decide(self) -> str:
        """Does what the fields say and answers what to tell. Raises a `FeedeskError`; nothing was changed then."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)


class TenderFields(QWidget):
    """An amount, the way it is paid, and the channel's reference where it asks for one."""

    def __init__(self, tenders: Sequence[TenderChoice], *, amount: str = N_("Amount")) -> None:
        super().__init__()
        self._tenders = {one.code: one for one in tenders}
        self.amount = MoneyField(amount)
        first = next(iter(self._tenders), "")
        self.way: Choice[str] = Choice([(one.code, one.name) for one in tenders], first)
        self.reference = QLineEdit()
        self._reference_row = FormRow(N_("Reference"), self.reference)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for part in (self.amount, FormRow(N_("Way of paying"), self.way), self._reference_row):
            row.addWidget(part, 1, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.amount.edit)
        self.way.chosen.connect(self._on_way)
        self._on_way()

    def choose(self, code: str) -> None:
        """Proposes a way of paying, if it is offered."""
        self.way.set_value(code)
        self._on_way()

    def sum(self) -> Fen:
        """The amount typed. Raises `AmountMissing`, or `SaidAtTheField`, with the keyboard at the field."""
        return self.amount.required(AmountMissing)

    def tender(self) -> TenderGiven:
        """What is given. Raises `AmountMissing`."""
        return TenderGiven(self.way.value(), self.sum(), self.reference.text().strip() or None)

    def _on_way(self, _way: object = None) -> None:
        chosen = self._tenders.get(self.way.value())
        self._reference_row.setVisible(chosen is not None and chosen.asks_reference)


def open_act(sheet: ActSheet, first: QWidget, done: Callable[[str], object]) -> None:
    """Opens an act's sheet with the keyboard at its first field; ``done`` is told what was done."""
    sheet.decided.connect(done)
    sheet.open(first)
