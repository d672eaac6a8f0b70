"""Ctrl+I: how one charge was reckoned, line by line, to be read out to whoever asks; below it the late fee."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.money import Fen, format_amount
from feedesk.queries.charge_arithmetic import ChargeArithmetic
from feedesk.rules.late_fee_words import late_fee_lines
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.card import Rule
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

GROUP = N_("Arithmetic of a charge")


class ChargeSheet(Sheet):
    """`waive_asked` and `dispute_asked` lead on to what may be decided about the charge shown."""

    waive_asked = Signal()
    dispute_asked = Signal()

    def __init__(self, window: QWidget, facts: ChargeArithmetic) -> None:
        super().__init__(window, width=760)
        self.facts = facts
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        title = f"{facts.item} {facts.period} · {facts.unit}"
        self.add_title(Label(title, "button", bold=True), leave)
        self._lines: list[str] = []
        self.area = self._build_lines()
        self.content.addWidget(self.area, 1)
        self._build_foot()
        bind(self, "Ctrl+J", N_("Waive"), lambda: self._leave_for(self.waive_asked), group=GROUP)
        bind(self, "Ctrl+G", N_("Hold or release"), lambda: self._leave_for(self.dispute_asked), group=GROUP)

    def lines(self) -> tuple[str, ...]:
        """Every sentence shown, in order."""
        return tuple(self._lines)

    def ask(self) -> None:
        """Opens the sheet; arrow keys and Page Down move through long arithmetic."""
        room = self._window.height() - 220
        self.area.setMinimumHeight(min(self._inner.sizeHint().height() + 4, room))
        self.open(self.area)

    def _build_lines(self) -> QScrollArea:
        inner = self._inner = QWidget()
        inner.setObjectName("scrolled")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(7)
        self._add(column, _("How it is reckoned"), tuple(_charge_lines(self.facts)), "ink")
        if self.facts.dispute:
            self._add(column, _("in dispute"), (self.facts.dispute,), "warn")
        state, fee = self.facts.state, self.facts.fee
        late = late_fee_lines(fee, waived=state.waived, paid=state.paid)
        if state.accrued != fee.amount:
            words = _("It stands still at {amount}, as reckoned when the principal was settled.")
            late = (*late, words.format(amount=format_amount(state.accrued)))
        self._add(column, _("Late fee"), late, "ink")
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setAccessibleName(_("How it is reckoned"))
        area.setAccessibleDescription("\n".join(self._lines))
        return area

    def _add(self, column: QVBoxLayout, heading: str, lines: Sequence[str], tone: Token) -> None:
        column.addWidget(Label(heading, "caption", tone="mute"))
        for line in lines:
            column.addWidget(Label(line, "body", tone=tone, wraps=True))
            self._lines.append(line)
        column.addSpacing(6)

    def _build_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(14)
        sums = Phrase()
        sums.set_spans(_sums(self.facts))
        row.addWidget(sums, 1)
        held = bool(self.facts.dispute)
        for message, keys, signal in (
            (N_("Waive"), "Ctrl+J", self.waive_asked),
            (N_("Release the dispute") if held else N_("Hold as disputed"), "Ctrl+G", self.dispute_asked),
        ):
            hint = KeyHint(message, keys)
            hint.clicked.connect(partial(self._leave_for, signal))
            row.addWidget(hint)
        self.add_foot(Rule("line"), row)

    def _leave_for(self, signal: SignalInstance) -> None:
        self.close_sheet()
        signal.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_sheet()
        else:
            super().keyPressEvent(event)


def _charge_lines(facts: ChargeArithmetic) -> Iterator[str]:
    """The words stored with the charge when it was billed, what the price rests on, and what is owed of it."""
    yield from facts.words or ((facts.basis,) if facts.basis else ())
    if facts.price_basis:
        words = _("The price rests on: {basis}").format(basis=facts.price_basis)
        since = _(" (in force since {day})").format(day=facts.price_since.isoformat()) if facts.price_since else ""
        yield f"{words}{since}"
    sums = [(_("Charged"), facts.gross), (_("Concession"), Fen(-facts.discount)), (_("Waived"), Fen(-facts.waived))]
    sums.append((_("Paid"), Fen(-facts.paid)))
    shown = [f"{name} {format_amount(amount)}" for name, amount in sums if amount or amount is facts.gross]
    left = _("principal to pay {amount}").format(amount=format_amount(facts.principal))
    yield _("; ").join((*shown, left))


def _sums(facts: ChargeArithmetic) -> tuple[Span, ...]:
    late = facts.state.due
    return (
        Span(_("To pay ")),
        Span(format_amount(facts.due), bold=True),
        Span(_(": principal {principal}").format(principal=format_amount(facts.principal)), "ink_2"),
        Span(_(", late fee {late_fee}").format(late_fee=format_amount(late)), "danger" if late else "ink_2"),
    )
