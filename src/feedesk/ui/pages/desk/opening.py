"""Opening a shift, in place of the empty desk: who sits here, at which till, with what float. Enter opens it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import Fen
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.signing_in import StaffMember
from feedesk.queries.desk_opening import TillRow
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label

if TYPE_CHECKING:
    from feedesk.ops.shifts import ShiftOpened


@dataclass(frozen=True, slots=True)
class OpeningOrder:
    """Who opens a shift where, with how much in the drawer; the password only where that person has one."""

    name: str
    password: str
    till: int
    opening_float: Fen
    day: date | None = None


@dataclass(frozen=True, slots=True)
class OpeningFacts:
    """What the card offers: the staff that may take money, the tills, and who and which was last here.

    ``to_take_over`` names whose closed shift nobody has taken over yet; ``reopened``: earlier days on which a
    supervisor may still book.
    """

    staff: tuple[StaffMember, ...]
    tills: tuple[TillRow, ...]
    name: str
    till: int
    opening_float: Fen
    day: date
    to_take_over: str = ""
    reopened: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class OpeningFunctions:
    """What the card calls. ``open`` opens the shift or raises a `UserError`; ``clock`` says in a sentence what is
    wrong with this computer's clock.
    """

    facts: Callable[[], OpeningFacts]
    float_of: Callable[[int], Fen]
    open: Callable[[OpeningOrder], "ShiftOpened"]
    clock: Callable[[], str] = str


class OpeningCard(QWidget):
    """`opened` carries the `ShiftOpened`."""

    opened = Signal(object)

    def __init__(self, functions: OpeningFunctions) -> None:
        super().__init__()
        self._call = functions
        self._facts: OpeningFacts | None = None
        self.card = Card()
        self._title = Label.saying(N_("Opening a shift"), "room", bold=True)
        self._words = Label("", "body", tone="ink_2", wraps=True)
        self.who: Choice[str] = Choice((("", ""),), "")
        self.where: Choice[int] = Choice(((1, ""),), 1)
        self.when: Choice[date | None] = Choice(((None, ""),), None)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.money = MoneyField(N_("Float in the drawer"))
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        self._build()
        self.who.chosen.connect(self._on_who)
        self.where.chosen.connect(self._on_where)
        self.money.edit.textEdited.connect(self._on_typed)
        self.password.textEdited.connect(self._on_typed)
        follow_language(self, self.retranslate)
        follow_appearance(self, self._relayout)

    def _build(self) -> None:
        self._where_row = FormRow(N_("Till"), self.where)
        self._password_row = FormRow(N_("Password"), self.password)
        self._when_row = FormRow(N_("Business day"), self.when)
        self.clock = Label("", "secondary", tone="danger", wraps=True)
        column = QVBoxLayout()
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._words)
        column.addWidget(self.clock)
        column.addWidget(FormRow(N_("Who sits here"), self.who))
        column.addWidget(self._password_row)
        column.addWidget(self._where_row)
        column.addWidget(self._when_row)
        column.addWidget(self.money)
        column.addWidget(self.sentence)
        column.addWidget(self.button)
        self._column = column
        self.card.body.addLayout(column)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.card)
        row.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addStretch(2)
        outer.addLayout(row)
        outer.addStretch(3)

    def refresh(self) -> None:
        """Reads staff, tills and float anew."""
        facts = self._facts = self._call.facts()
        self.who.set_choices([(member.name, member.name) for member in facts.staff], facts.name)
        self.where.set_choices([(till.number, _till_words(till)) for till in facts.tills], facts.till)
        self._where_row.setVisible(len(facts.tills) > 1)
        self.when.set_choices([(None, facts.day.isoformat()), *_days_again(facts.reopened)], None)
        self.money.edit.set_amount(facts.opening_float)
        self._tell("")
        self._on_who()
        self.retranslate()

    def take_focus(self) -> None:
        """The password if one is asked, else the float."""
        target = self.password if self._asks_password() else self.money.edit
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Enter: opens the shift, or says what is missing."""
        amount = self.money.edit.amount()
        if amount is None:
            # What is wrong with the amount already stands below the field.
            self._tell("" if self.money.edit.problem() else _("Count the float and type it; 0 if there is none."))
            self.money.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self._asks_password() and not self.password.text():
            self._tell(_("{name} has a password: type it.").format(name=self.who.value()))
            self.password.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        day = self.when.value() if self._may_book_earlier() else None
        order = OpeningOrder(self.who.value(), self.password.text(), self.where.value(), amount, day)
        try:
            done = self._call.open(order)
        except FeedeskError as error:
            self._tell(str(error))
            self.password.clear()
            self.take_focus()
            return
        self.opened.emit(done)

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self.button.set_words(_("Open the shift"))
        self.clock.setText(self._call.clock())
        self.clock.setVisible(bool(self.clock.text()) and not self.sentence.text())
        if self._facts is not None:
            day = self._facts.day.isoformat()
            words = _("Business day {day}. Count the float in the drawer; then money can be taken.").format(day=day)
            if self._facts.to_take_over:
                waits = _("{cashier}'s closed shift has not been taken over yet: Ctrl+K, then H.")
                words = f"{words}\n{waits.format(cashier=self._facts.to_take_over)}"
            self._words.setText(words)

    def _relayout(self) -> None:
        compact = appearance().is_compact
        self.card.setFixedWidth(400 if compact else round(440 * appearance().size.body / 14))
        pad = 16 if compact else 24
        self._column.setContentsMargins(pad, pad - 4, pad, pad)
        self._column.setSpacing(8 if compact else 12)

    def _asks_password(self) -> bool:
        staff: Sequence[StaffMember] = self._facts.staff if self._facts else ()
        return any(member.has_password for member in staff if member.name == self.who.value())

    def _may_book_earlier(self) -> bool:
        """Whether a day that was opened again is offered to whoever sits here."""
        facts = self._facts
        roles = [one.role for one in facts.staff if one.name == self.who.value()] if facts else []
        return bool(facts and facts.reopened) and any(Permission.REOPEN_DAY in PERMISSIONS[role] for role in roles)

    def _on_who(self) -> None:
        self._when_row.setVisible(self._may_book_earlier())
        self._password_row.setVisible(self._asks_password())
        self.password.clear()

    def _on_typed(self) -> None:
        self._tell("")

    def _on_where(self, till: int) -> None:
        self.money.edit.set_amount(self._call.float_of(till))

    def _tell(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.clock.setVisible(bool(self.clock.text()) and not sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.submit()
        else:
            super().keyPressEvent(event)


def _days_again(days: Sequence[date]) -> list[tuple[date | None, str]]:
    return [(day, _("{day} (opened again)").format(day=day.isoformat())) for day in days]


def _till_words(till: TillRow) -> str:
    return f"{till.name} · {till.cashier}" if till.cashier else till.name
