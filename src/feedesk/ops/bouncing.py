"""A transfer that came back (银行退票) or never arrived (转账未到账): taken out again without any cash.

What it had settled is owed again as if it had never been paid, so its late fees count on from where they were.
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
)
from feedesk.ops.payment_posting import Request, TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.taking_back import DepositGivenBack, PrepaymentUsed, RefundedInPart, standing_receipt
from feedesk.queries.accounts import account_by_id, account_number
from feedesk.queries.corrections import HeldLine, PaymentLeft, deposit_held, payment_left
from feedesk.queries.desk import tenders
from feedesk.queries.statement import prepaid_balance
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
    known = tenders(act.connection)
    given = tuple(
        (known[one.code], TenderGiven(one.code, one.kept, one.reference or None))
        for one in left.tenders
        if one.kind == "bank"
    )
    if not given or left.account is None:
        raise NothingToBounce(receipt=stored.number)
    if left.refunded:
        papers = "、".join(stored.refunds)
        raise RefundedInPart(receipt=stored.number, amount=format_amount(left.refunded), papers=papers)
    amount = Fen(sum(one.amount for _row, one in given))
    from_charges = Fen(min(amount, max(left.refundable, 0)))
    back = GivenBack(ZERO, (), ZERO)
    if from_charges:
        back = give_back_latest(from_charges, left.parts, prepaid=left.prepaid, rounding=left.rounding)
    held = _held(left, back.from_prepaid, Fen(amount - from_charges))
    _check_held(act, stored.number, held)
    giving = GivingBack(
        kind=ReceiptKind.BOUNCE,
        account=account_by_id(act.connection, left.account),
        payee=left.payer,
        tenders=given,
        reason=why,
        value_date=left.business_date,
        corrects=left.id,
        reverses=stored.number,
        parts=back.parts,
        charges=left.charges,
        held=held,
        rounding=back.rounding,
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


def _held(left: PaymentLeft, prepaid: Fen, of_deposits: Fen) -> tuple[HeldLine, ...]:
    held = list(prepayments_back(left, prepaid))
    rest = int(of_deposits)
    for one in left.deposits:
        back = Fen(min(rest, one.amount))
        if back:
            held.append(replace(one, amount=back))
            rest -= back
    return tuple(held)


def _check_held(act: Act, receipt: str, held: tuple[HeldLine, ...]) -> None:
    for one in held:
        amount = format_amount(one.amount)
        if one.kind == "deposit":
            there = deposit_held(act.connection, one.account, one.name)
            if there < one.amount:
                raise DepositGivenBack(receipt=receipt, name=one.name, amount=amount, left=format_amount(there))
            continue
        there = prepaid_balance(act.connection, one.account)
        if there < one.amount:
            account = account_number(one.account)
            raise PrepaymentUsed(receipt=receipt, account=account, brought=amount, left=format_amount(there))
