"""What is decided about a charge at the desk: a waiver (Ctrl+J), a dispute that holds or releases it (Ctrl+G)."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.signing_in import StaffMember
from feedesk.queries.charge_arithmetic import ChargeArithmetic
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.charge_work import WaiverOrder
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label


class WaiverAmountMissing(UserError):
    message = N_("Type how much is waived, for example 6.26.")


class DecisionSheet(Sheet):
    """Enter decides, Esc leaves; what is wrong stands above the button. `decided` carries what to tell."""

    decided = Signal(str)

    def __init__(self, window: QWidget, facts: ChargeArithmetic, title: str, act: str) -> None:
        super().__init__(window, width=560)
        self.facts = facts
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label(title, "button", bold=True), leave)
        words = _("{item} {period} of {unit}: principal {principal}, late fee {late_fee} to pay")
        self.content.addWidget(
            Label(
                words.format(
                    item=facts.item,
                    period=facts.period,
                    unit=facts.unit,
                    principal=format_amount(facts.principal),
                    late_fee=format_amount(facts.state.due),
                ),
                "body",
                tone="ink_2",
                wraps=True,
            )
        )
        self.reason = QLineEdit()
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.button = ActionButton("Return")
        self.button.set_words(act)
        self.button.clicked.connect(self.submit)

    def add_end(self) -> None:
        """The sentence and the button, below all fields."""
        self.add_foot(self.sentence, self.button)

    def submit(self) -> None:
        """Enter: decides, or tells what is missing."""
        try:
            told = self.decide()
        except FeedeskError as error:
            self.sentence.setText(str(error))
            self.sentence.setVisible(bool(self.sentence.text()))
            return
        self.close_sheet()
        self.decided.emit(told)

    def decide(self) -> str:
        """Does what the fields say and answers what to tell. Raises a `FeedeskError`; nothing was changed then."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)


class WaiveSheet(DecisionSheet):
    """A waiver of the late fee, or of the principal, by somebody who approves it; within ``quota`` nobody is asked.

    Whoever approves types the password here, or Ctrl+R asks for it (``ask``), and somebody decides later.
    """

    def __init__(
        self,
        window: QWidget,
        facts: ChargeArithmetic,
        approvers: Sequence[StaffMember],
        waive: Callable[[WaiverOrder], object],
        quota: Fen = ZERO,
        ask: Callable[[WaiverOrder], str] | None = None,
    ) -> None:
        super().__init__(window, facts, _("Waive what is owed"), _("Waive it"))
        self._waive, self._quota, self._ask = waive, quota, ask
        owes_late_fee = facts.state.due > 0
        kinds = [(True, N_("Late fee")), (False, N_("Principal"))]
        self.kind: Choice[bool] = Choice(kinds, owes_late_fee)
        self.amount = MoneyField(N_("Amount"))
        self.approver = ApproverFields(approvers)
        self.reason.setPlaceholderText(_("for example: first delay, agreed with the owner"))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(FormRow(N_("What is waived"), self.kind), 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.amount, 1, Qt.AlignmentFlag.AlignBottom)
        self.content.addLayout(row)
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.content.addWidget(self.approver)
        words = _("Within your quota: {left} of late fees may be waived today without asking.")
        self.alone = Label(words.format(left=format_amount(quota)), "secondary", tone="good", wraps=True)
        self.content.addWidget(self.alone)
        self.add_end()
        self._asking = QuietButton(_("Ask for it, decided later"), "Ctrl+R")
        self._asking.clicked.connect(self.ask_for_it)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._asking)
        self.add_foot(row)
        bind(self, "Ctrl+R", N_("Ask for it, decided later"), self.ask_for_it, group=N_("Requests"))
        self.kind.chosen.connect(self._propose)
        self.amount.edit.textChanged.connect(lambda _text: self._show_who())
        self._propose(owes_late_fee)

    def ask(self) -> None:
        """Opens the sheet with the whole of it proposed; the keyboard is at the reason."""
        self.open(self.reason)

    def decide(self) -> str:
        amount = self.amount.required(WaiverAmountMissing)
        approval = None if self._is_within_quota() else self.approver.approval()
        self._waive(WaiverOrder(self.facts.id, self.kind.value(), amount, self.reason.text(), approval))
        told = _("Waived {amount} of {item} {period}, approved by {name}.")
        if approval is None:
            told = _("Waived {amount} of {item} {period}, within your quota of today.")
        facts = {"item": self.facts.item, "period": self.facts.period, "name": approval.name if approval else ""}
        return told.format(amount=format_amount(amount), **facts)

    def ask_for_it(self) -> None:
        """Ctrl+R: asks somebody to decide later; within the quota nobody needs to."""
        if self._ask is None or self._is_within_quota():
            return
        try:
            amount = self.amount.required(WaiverAmountMissing)
            told = self._ask(WaiverOrder(self.facts.id, self.kind.value(), amount, self.reason.text(), None))
        except FeedeskError as error:
            self.sentence.setText(str(error))
            self.sentence.setVisible(bool(self.sentence.text()))
            return
        self.close_sheet()
        self.decided.emit(told)

    def _is_within_quota(self) -> bool:
        amount = self.amount.edit.amount()
        return self.kind.value() and amount is not None and 0 < amount <= self._quota

    def _show_who(self) -> None:
        self.approver.setVisible(not self._is_within_quota())
        self.alone.setVisible(self._is_within_quota())
        self._asking.setVisible(self._ask is not None and not self._is_within_quota())

    def _propose(self, of_late_fee: bool) -> None:
        """All that is owed of it; less may be typed."""
        self.amount.edit.set_amount(self.facts.state.due if of_late_fee else self.facts.principal)
        self._show_who()


class DisputeSheet(DecisionSheet):
    """A reason, and the charge is held, or released where a dispute holds it already."""

    def __init__(
        self, window: QWidget, facts: ChargeArithmetic, hold: Callable[[str], object], release: Callable[[str], object]
    ) -> None:
        self._held = facts.state.frozen
        title = _("Release the dispute") if self._held else _("Hold as disputed")
        super().__init__(window, facts, title, title)
        self._act = release if self._held else hold
        words = (
            _("The late fee counts again from tomorrow; the charge is ticked by itself again.")
            if self._held
            else _("From today on the late fee stands still, and the charge is not ticked by itself.")
        )
        self.content.addWidget(Label(words, "secondary", tone="mute", wraps=True))
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the reason."""
        self.open(self.reason)

    def decide(self) -> str:
        self._act(self.reason.text())
        told = _("{item} {period}: the dispute is over.") if self._held else _("{item} {period} is held as disputed.")
        return told.format(item=self.facts.item, period=self.facts.period)
