"""One request: approved, refused or laid aside with a password, withdrawn by whoever asked, or carried out.

What the approval does stands there in words and amounts before anybody says yes. A request that no longer fits the
ledger says why and can only be laid aside.
"""

import uuid
from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.permissions import Permission
from feedesk.ops.requesting import (
    RefusalReasonMissing,
    RequestDecided,
    approve_request,
    carry_out_request,
    look_at_request,
    refuse_request,
    withdraw_request,
)
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import prove
from feedesk.ops.wishes import wish_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.requests import STATES, WAITING, WAIVERS, DecisionRequest, Outcome, RequestKind
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.asking import deciders
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView
from feedesk.ui.pages.desk.requests_sheet import KINDS
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label

GROUP = N_("Requests")
_EFFECTS = {
    RequestKind.LATE_FEE: N_("{amount} of the late fee on {name} is given up at once."),
    RequestKind.PRINCIPAL: N_("{amount} of the principal of {name} is given up at once, as an expense."),
    RequestKind.PAYMENT: N_("{amount} of receipt {name} goes back by {tender}; what it had settled is owed again."),
    RequestKind.PREPAYMENT: N_("{amount} of the prepayment of {name} goes back by {tender}."),
    RequestKind.DEPOSIT: N_("{name}: {amount} of the deposit ends, the money goes back by {tender}."),
    RequestKind.REVERSAL: N_("Receipt {name}, {amount}, is taken back whole; what it had settled is owed again."),
}
_LATER = N_("A cashier gives the money back in an open shift, with Ctrl+K P and Enter.")


def effect_words(request: DecisionRequest) -> str:
    """What comes of it, in words and amounts."""
    amount = format_amount(request.amount)
    effect = _EFFECTS[request.kind]
    if request.gives_money_back and wish_of(request).months:
        effect = N_("{amount} for months paid ahead with receipt {name} goes back by {tender}.")
    return _(effect).format(amount=amount, name=request.name, tender=request.tender)


class RequestSheet(ActSheet):
    """Enter does what comes next: approve, lay aside, or carry out; Ctrl+D refuses, Ctrl+U withdraws."""

    def __init__(self, place: DeskPlace, request: DecisionRequest, misfit: str) -> None:
        who = " ".join(part for part in (request.unit, request.resident) if part) or request.name
        title = _("Request {request}: {what} · {who}").format(request=request.id, what=_(KINDS[request.kind]), who=who)
        super().__init__(place.window, title, _next_words(request, misfit), width=680)
        self.place, self.request, self.misfit = place, request, misfit
        self._key = uuid.uuid4().hex
        self.content.addWidget(Label(effect_words(request), "body", wraps=True))
        asked = _("{name} asked {at}: {reason}")
        at = f"{request.asked_at:%Y-%m-%d %H:%M}"
        self._add_line(asked.format(name=request.asked_by, at=at, reason=request.reason))
        for one in request.decisions:
            at, state = f"{one.at:%Y-%m-%d %H:%M}", _(STATES[one.outcome])
            said = _("{name}, {at}: {state}").format(name=one.by, at=at, state=state)
            self._add_line(_("; ").join(part for part in (said, one.words) if part))
        if misfit:
            self.content.addWidget(Label(misfit, "body", tone="danger", wraps=True))
        elif request.state == WAITING and request.kind not in WAIVERS:
            self._add_line(_(_LATER))
        self.words = QLineEdit()
        permission = Permission.WAIVE if request.kind in WAIVERS else Permission.REVERSE
        people = deciders(place.seat(), besides=request.asked_by, permission=permission)
        self.decider = ApproverFields(people, who=N_("Who decides"), password=N_("Password"))
        self._build()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        """What is about to be carried out; what is only decided about concerns nobody at the counter."""
        request = self.request
        if request.state != Outcome.RELEASED or self.misfit:
            return ActShown(())
        moved = request.amount
        if request.kind is RequestKind.REVERSAL:
            moved = self.place.seat().read(find_receipt, number=request.receipt).document.moved
        line = ActLine(_(KINDS[request.kind]), moved, request.receipt)
        return ActShown((line,), who=request.resident, unit=request.unit, back=True, tender=request.tender)

    def _add_line(self, words: str) -> None:
        self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))

    def _build(self) -> None:
        if not self.request.is_open:
            self.add_end()
            return
        self.content.addWidget(FormRow(N_("Words for whoever asked; needed for a refusal"), self.words))
        self.content.addWidget(self.decider)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addStretch(1)
        buttons: list[tuple[str, str, Callable[[], None]]] = []
        if not self.misfit:
            buttons.append((N_("Refuse"), "Ctrl+D", self.refuse_it))
        if self.request.asked_by == self.place.seat().actor:
            buttons.append((N_("Withdraw"), "Ctrl+U", self.withdraw))
        for message, keys, act in buttons:
            button = QuietButton(_(message), keys)
            button.clicked.connect(act)
            row.addWidget(button)
            bind(self, keys, message, act, group=GROUP)
        self.add_foot(row)
        self.add_end()

    def decide(self) -> str:
        request = self.request
        if not request.is_open:
            return ""
        if self.misfit:
            return self._lay_aside()
        if request.state == Outcome.RELEASED:
            return self._carry_out()
        done = self._decided(approve_request)
        if done.outcome is Outcome.APPROVED:
            told = _("Request {request} approved: {effect}")
        else:
            told = _("Request {request} approved. {later}")
        return told.format(request=request.id, effect=effect_words(request), later=_(_LATER))

    def refuse_it(self) -> None:
        """Ctrl+D: no, with words for whoever asked."""
        if self.decider.isHidden():  # it was to be carried out: the fields of a decision come only now
            self.decider.show()
        if not self.words.text().strip():
            self.words.setFocus()
            self.refuse(str(RefusalReasonMissing()))
            return
        self._end(lambda: self._tell_decided(self._decided(refuse_request)))

    def withdraw(self) -> None:
        """Ctrl+U: whoever asked needs it no more; no password."""
        facts = {"request": self.request.id, "words": self.words.text(), "key": self._key}
        self._end(lambda: self._tell_decided(self.place.seat().run_op(withdraw_request, **facts)))

    def _end(self, act: Callable[[], str]) -> None:
        try:
            told = act()
        except FeedeskError as error:
            self.refuse(str(error))
            return
        self.close_sheet()
        self.decided.emit(told)

    def _lay_aside(self) -> str:
        return self._tell_decided(self._decided(refuse_request))

    def _carry_out(self) -> str:
        place = self.place
        facts = {"request": self.request.id, "key": self._key, "till": place.till, "print_slip": True}
        done = place.seat().run_op(carry_out_request, **facts)
        moved = place.seat().read(find_receipt, number=done.receipt).document.moved
        self._view.done(done.receipt, moved)
        words = _("Request {request}: given back {amount}, paper {receipt}.")
        return words.format(request=done.request, amount=format_amount(moved), receipt=done.receipt)

    def _decided(self, op: Callable[..., RequestDecided]) -> RequestDecided:
        """Decides in the name of whoever types the password."""
        approval, seat = self.decider.approval(), self.place.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        acting = Workplace(seat.database, approval.name, today=seat.today)
        return acting.run_op(op, request=self.request.id, words=self.words.text(), key=self._key)

    def _tell_decided(self, done: RequestDecided) -> str:
        told = {
            Outcome.REFUSED: N_("Request {request} refused: nothing was done."),
            Outcome.OVERTAKEN: N_("Request {request} laid aside: it no longer fits."),
            Outcome.WITHDRAWN: N_("Request {request} withdrawn."),
        }
        return _(told[done.outcome]).format(request=done.request)

    def on_done(self, told: str) -> None:
        """Says on the desk what was decided."""
        if told:
            self.place.done(told, Changed.PAYMENTS, Changed.CHARGES, Changed.PRINT_JOBS)


def _next_words(request: DecisionRequest, misfit: str) -> str:
    if not request.is_open:
        return _("Back")
    if misfit:
        return _("Lay it aside")
    if request.state == Outcome.RELEASED:
        return _("Carry it out")
    return _("Approve")


def ask_about(place: DeskPlace, request: int) -> None:
    """Opens one request as it stands now."""
    found, misfit = place.seat().try_op(look_at_request, request=request)
    sheet = RequestSheet(place, found, misfit)
    released = found.state == Outcome.RELEASED and not misfit
    sheet.decider.setVisible(found.is_open and not released)
    sheet.decided.connect(sheet.on_done)
    sheet.open(sheet.button if released or not found.is_open else sheet.words)
