"""R: money given back of a receipt or of the prepayment, in the way it came or another; somebody else approves."""

import uuid
from collections.abc import Sequence

from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.refund_parts import PREPAYMENT, SETTLED, RefundOf, lines_to_choose
from feedesk.ops.refunding import refund_payment, refund_prepayment
from feedesk.ops.refunding_months import RefundPlan, preview_months_back, refund_months, refundable_months
from feedesk.ops.wishes import Wish
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.queries.requests import RequestKind
from feedesk.queries.statement import prepaid_balance
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet, ask_or_tell, receipts_at_hand, strangers_receipts
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.pages.desk.months_back_fields import MonthsBackFields
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.widgets.choice import Choice, FormRow

_PREPAID = ""
"""Stands for the prepayment among the receipts."""
_LATEST = N_("what was prepaid and bought first, then what was settled last")
_SETTLED = N_("the charges that it settled")


class RefundSheet(CorrectionSheet):
    """All that can go back is proposed, in the way it came; less may be typed."""

    def __init__(self, place: DeskPlace, receipts: Sequence[IssuedReceipt], prepaid: Fen) -> None:
        words = _("What the payment had settled is owed again, the latest first. Cash comes out of the drawer.")
        held = [(_PREPAID, _("Prepayment: {amount}").format(amount=format_amount(prepaid)))] if prepaid else []
        super().__init__(place, _("Give money back"), _("Give it back"), receipts, words=words, more=held)
        self._key = uuid.uuid4().hex
        self._prepaid = prepaid
        self.fields = TenderFields(tenders_of(place), amount=N_("Given back"))
        self.months = MonthsBackFields(self._plan)
        self.months.reckoned.connect(self._on_reckoned)
        self._lines: dict[str, tuple[RefundOf, Fen]] = {}
        self.line: Choice[str] = Choice([("", _LATEST)], "")
        self._line_row = FormRow(N_("What goes back"), self.line)
        self.line.currentIndexChanged.connect(lambda _place: self._propose())
        self.add_receipt()
        self.content.addWidget(self._line_row)
        self.content.addWidget(self.months)
        self.content.addWidget(self.fields)
        self.add_reason()
        self.offer_asking()
        self.on_receipt()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        months = self.months.count()
        chosen = self._of()
        what = _("Prepayment") if self.receipt.value() == _PREPAID else _("Refund")
        if months:
            what = _("{months} months ahead go back").format(months=months)
        elif chosen is not None and chosen.kind != SETTLED:
            what = _line_words(chosen)
        line = ActLine(what, self.fields.amount.edit.amount() or ZERO, self.receipt.value())
        return act_of(self.place.page, [line], payer=self._payer, fields=self.fields, back=True, reason=self.reason)

    def on_receipt(self) -> None:
        if self.receipt.value() == _PREPAID:
            self.months.show_advances(())
            self._offer_lines(())
            self._payer = ""
            self.fields.amount.edit.set_amount(self._prepaid)
            return
        seat = self.place.seat()
        today = seat.business_date()
        self.months.show_advances(seat.read(refundable_months, receipt=self.receipt.value(), today=today))
        left = self.left()
        self._payer = left.payer
        self._offer_lines(lines_to_choose(left))
        self._propose()
        if left.tenders:
            self.fields.choose(left.tenders[0].code)

    def _offer_lines(self, lines: Sequence[tuple[RefundOf, Fen]]) -> None:
        """Of a receipt that sold something beside what it settled, one line alone can go back."""
        self._lines = {f"{of.kind} {of.name}": (of, amount) for of, amount in lines}
        words = [(key, f"{_line_words(of)} {format_amount(amount)}") for key, (of, amount) in self._lines.items()]
        self.line.blockSignals(True)
        self.line.set_choices([("", _LATEST), *words], "")
        self.line.blockSignals(False)
        self._line_row.setVisible(bool(lines))

    def _propose(self) -> None:
        """All that is left of the receipt, or of the line chosen."""
        chosen = self._lines.get(self.line.value())
        most = Fen(max(self.left().refundable, 0))
        self.fields.amount.edit.set_amount(most if chosen is None else min(chosen[1], most))

    def _of(self) -> RefundOf | None:
        chosen = self._lines.get(self.line.value())
        return None if chosen is None else chosen[0]

    def _plan(self, wishes: Sequence[AdvanceWish], keep_billed: bool) -> RefundPlan:
        seat = self.place.seat()
        facts = {"receipt": self.receipt.value(), "months": wishes, "keep_billed": keep_billed}
        return seat.read(preview_months_back, today=seat.business_date(), **facts)

    def _on_reckoned(self, plan: RefundPlan | None) -> None:
        """What the months come to is what goes back."""
        self._line_row.setVisible(plan is None and bool(self._lines))
        if plan is None:
            self._propose()
        else:
            self.fields.amount.edit.set_amount(plan.amount)

    def wish(self) -> Wish:
        months = tuple(self.months.wishes())
        given = self.fields.tender()
        prepaid = self.receipt.value() == _PREPAID
        return Wish(
            RequestKind.PREPAYMENT if prepaid else RequestKind.PAYMENT,
            given.amount,
            receipt=self.receipt.value(),
            account=self.place.account if prepaid else None,
            tender=given.code,
            reference=given.reference or "",
            of=None if months else self._of(),
            months=months,
            keep_billed=bool(months) and self.months.keep.value(),
        )

    def decide(self) -> str:
        given = self.fields.tender()
        facts = {"tender": given, "key": self._key, "print_slip": True}
        months = self.months.wishes()
        if months:
            facts |= {"receipt": self.receipt.value(), "months": months, "keep_billed": self.months.keep.value()}
            done = self.run_approved(refund_months, **facts)
        elif self.receipt.value() == _PREPAID:
            done = self.run_approved(refund_prepayment, account=self.place.account, **facts)
        else:
            done = self.run_approved(refund_payment, receipt=self.receipt.value(), of=self._of(), **facts)
        self._view.done(done.receipt, done.total)
        words = _("Given back {amount} of {what}, refund receipt {receipt}.")
        return words.format(amount=format_amount(done.total), what=done.refunds, receipt=done.receipt)


def _line_words(of: RefundOf) -> str:
    if of.kind == SETTLED:
        return _(_SETTLED)
    return _("Prepayment") if of.kind == PREPAYMENT else of.name


def ask_refund(place: DeskPlace) -> None:
    """R: of the account shown; on an empty desk of whoever has none."""
    receipts = receipts_at_hand(place) if place.account is not None else strangers_receipts(place)
    prepaid = place.seat().read(prepaid_balance, account=place.account) if place.account is not None else ZERO

    def ask() -> None:
        sheet = RefundSheet(place, receipts, prepaid)
        months = next((field for field in sheet.months.months if field.isEnabled()), None)
        open_act(sheet, months or sheet.fields.amount.edit, sheet.on_done)
        if months is None:
            sheet.fields.amount.edit.selectAll()  # typing replaces what is proposed

    ask_or_tell(place, [*receipts, *([prepaid] if prepaid else [])], ask)
