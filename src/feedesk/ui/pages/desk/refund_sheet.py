"""R: money given back of a receipt or of the prepayment, in the way it came or another; somebody else approves."""

import uuid
from collections.abc import Sequence

from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.refunding import refund_payment, refund_prepayment
from feedesk.ops.refunding_months import RefundPlan, preview_months_back, refund_months, refundable_months
from feedesk.ops.wishes import Wish
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.queries.requests import RequestKind
from feedesk.queries.statement import prepaid_balance
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.asking import CannotBeAskedFor
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet, ask_or_tell, receipts_at_hand, strangers_receipts
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.pages.desk.months_back_fields import MonthsBackFields

_PREPAID = ""
"""Stands for the prepayment among the receipts."""


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
        self.add_receipt()
        self.content.addWidget(self.months)
        self.content.addWidget(self.fields)
        self.add_reason()
        self.offer_asking()
        self.on_receipt()

    def on_receipt(self) -> None:
        if self.receipt.value() == _PREPAID:
            self.months.show_advances(())
            self.fields.amount.edit.set_amount(self._prepaid)
            return
        seat = self.place.seat()
        today = seat.business_date()
        self.months.show_advances(seat.read(refundable_months, receipt=self.receipt.value(), today=today))
        left = self.left()
        self.fields.amount.edit.set_amount(Fen(max(left.refundable, 0)))
        if left.tenders:
            self.fields.choose(left.tenders[0].code)

    def _plan(self, wishes: Sequence[AdvanceWish], keep_billed: bool) -> RefundPlan:
        seat = self.place.seat()
        facts = {"receipt": self.receipt.value(), "months": wishes, "keep_billed": keep_billed}
        return seat.read(preview_months_back, today=seat.business_date(), **facts)

    def _on_reckoned(self, plan: RefundPlan | None) -> None:
        """What the months come to is what goes back."""
        amount = plan.amount if plan is not None else Fen(max(self.left().refundable, 0))
        self.fields.amount.edit.set_amount(amount)

    def wish(self) -> Wish:
        if self.months.wishes():
            raise CannotBeAskedFor
        given = self.fields.tender()
        prepaid = self.receipt.value() == _PREPAID
        return Wish(
            RequestKind.PREPAYMENT if prepaid else RequestKind.PAYMENT,
            given.amount,
            receipt=self.receipt.value(),
            account=self.place.account if prepaid else None,
            tender=given.code,
            reference=given.reference or "",
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
            done = self.run_approved(refund_payment, receipt=self.receipt.value(), **facts)
        words = _("Given back {amount} of {what}, refund receipt {receipt}.")
        return words.format(amount=format_amount(done.total), what=done.refunds, receipt=done.receipt)


def ask_refund(place: DeskPlace) -> None:
    """R: of the account shown; on an empty desk of whoever has none."""
    receipts = receipts_at_hand(place) if place.account is not None else strangers_receipts(place)
    prepaid = place.seat().read(prepaid_balance, account=place.account) if place.account is not None else ZERO

    def ask() -> None:
        sheet = RefundSheet(place, receipts, prepaid)
        first = next(iter(sheet.months.months), sheet.fields.amount.edit)
        open_act(sheet, first, sheet.on_done)
        sheet.fields.amount.edit.selectAll()  # typing replaces what is proposed

    ask_or_tell(place, [*receipts, *([prepaid] if prepaid else [])], ask)
