"""A transfer that came back (银行退票) or never arrived (转账未到账): taken out again without any cash.

What it had settled is owed again as if it had never been paid, so its late fees count on from where they were. Months
that it had paid ahead are owed no more, but for those served already.
"""

import hashlib
import uuid
from dataclasses import replace

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.giving_back import (
    GivingBack,
    MoneyGivenBack,
    checked_approval,
    given_before,
    post_giving_back,
    prepayments_back,
    sales_back,
)
from feedesk.ops.payment_posting import Request, TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.refunding_months import whole_months
from feedesk.ops.run import Act
from feedesk.ops.taking_back import RefundedInPart, StillUnclaimed, check_held, standing_receipt
from feedesk.queries.accounts import account_by_id
from feedesk.queries.corrections import HeldLine, PaymentLeft, payment_left
from feedesk.queries.desk import tenders
from feedesk.queries.references import numbers_of
from feedesk.rules.giving_back import GivenBack, give_back_latest
from feedesk.rules.receipt_document import ReceiptKind
from feedesk.texts import N_


class NothingToBounce(UserError):
    message = N_("Receipt {receipt} was not paid by bank transfer: void, reverse or refund it instead.")


@requires(Permission.REFUND)
def bounce_payment(
    act: Act, *, receipt: str, reason: str, key: str | None = None, till: int = 1, print_slip: bool = False
) -> MoneyGivenBack:
    """Takes the bank transfer of a payment out again; of a payment in several tenders, that part, the latest first.

    Raises `UnknownReceipt`, `AlreadyTakenBack`, `NothingToBounce`, `RefundedInPart`, `PrepaymentUsed`,
    `DepositGivenBack`, `ShiftNotOpen`, `RefundReasonMissing`, `RefundApproverMissing`, `NotPermitted`.
    """
    digest = hashlib.sha256(repr(("bounce", receipt, reason, till)).encode()).hexdigest()
    request = Request(key or uuid.uuid4().hex, digest, None)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    stored = standing_receipt(act.connection, receipt, why)
    shift = shift_to_act_in(act, till)
    left = payment_left(act.connection, stored.payment, locked=True)
    known, numbers = tenders(act.connection), numbers_of(act.connection, left)
    given = tuple(
        (known[one.code], TenderGiven(one.code, one.kept, one.reference or numbers.get(one.code)))
        for one in left.tenders
        if one.kind == "bank"
    )
    if left.is_unclaimed:
        raise StillUnclaimed(receipt=stored.number)
    if not given:
        raise NothingToBounce(receipt=stored.number)
    if left.refunded:
        papers = "、".join(stored.refunds)
        raise RefundedInPart(receipt=stored.number, amount=format_amount(left.refunded), papers=papers)
    amount = Fen(sum(one.amount for _row, one in given))
    from_charges = Fen(min(amount, max(left.refundable, 0)))
    back = GivenBack(ZERO, (), ZERO)
    if from_charges:
        back = give_back_latest(from_charges, left.parts, prepaid=left.prepaid, sold=left.sold, rounding=left.rounding)
    held = _held(left, back, Fen(amount - from_charges))
    check_held(act.connection, stored.number, held, left, on=shift.business_date)
    giving = GivingBack(
        kind=ReceiptKind.BOUNCE,
        account=account_by_id(act.connection, left.account) if left.account is not None else None,
        payee=left.payer,
        tenders=given,
        reason=why,
        value_date=left.business_date,
        corrects=left.id,
        reverses=stored.number,
        parts=back.parts,
        charges=left.charges,
        held=held,
        months=whole_months(act.connection, left, back.parts, shift.business_date, gap=True),
        rounding=back.rounding,
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


def _held(left: PaymentLeft, back: GivenBack, of_deposits: Fen) -> tuple[HeldLine, ...]:
    held = [*prepayments_back(left, back.from_prepaid), *sales_back(left, back.from_sold)]
    rest = int(of_deposits)
    for one in left.deposits:
        part = Fen(min(rest, one.amount))
        if part:
            held.append(replace(one, amount=part))
            rest -= part
    return tuple(held)
