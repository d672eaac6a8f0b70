"""Refunds (退款): money that was rightly taken goes back, of a receipt, of a prepayment, or of a deposit.

Never more than was paid, less what was given back before; by the original tender or another; in an open shift, approved
by somebody else, with a refund receipt of its own. Cash comes out of the drawer of the till, counted against 备用金.
"""

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import FeeItem, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.adjusting import add_charge
from feedesk.ops.at_the_till import check_drawer, shift_to_act_in
from feedesk.ops.charge_moves import ChargeMove
from feedesk.ops.collecting import checked_tenders, new_deposit_item
from feedesk.ops.giving_back import (
    GivingBack,
    MoneyGivenBack,
    checked_approval,
    given_before,
    post_giving_back,
    prepayments_back,
    sales_back,
)
from feedesk.ops.money_in_time import check_came_before, check_there_by
from feedesk.ops.payment_posting import Request, TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.refund_parts import RefundOf, narrowed
from feedesk.ops.refunding_months import months_given_back
from feedesk.ops.run import Act
from feedesk.ops.taking_back import StillUnclaimed, standing_receipt
from feedesk.periods import Period
from feedesk.queries.accounts import AccountRef, account_by_id, account_number
from feedesk.queries.corrections import HeldLine, PaymentLeft, brought_along, deposit_held, payment_left
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.hands import deposit_accounts
from feedesk.queries.in_time import deposit_to_use, prepaid_to_use
from feedesk.queries.receipts import StoredReceipt, UnknownReceipt, find_receipt
from feedesk.queries.statement import open_charges, prepaid_balance
from feedesk.rules.giving_back import give_back_latest
from feedesk.rules.receipt_document import ReceiptKind
from feedesk.texts import N_, _

_item = table_of(FeeItem)

FIT_OUT = "装修"
"""A deposit whose name says this is given back only after a passed inspection."""


class RefundTooLarge(UserError):
    message = N_("Of receipt {receipt} only {left} can be given back, so {amount} cannot. Nothing was given back.")


class DepositsOnly(UserError):
    message = N_("Receipt {receipt} is for a deposit: give the deposit back with its slip (退押金).")


class PrepaidTooSmall(UserError):
    message = N_("Only {left} is prepaid on {account}, so {amount} cannot be given back.")


class DepositTooSmall(UserError):
    message = N_("Only {left} of {name} is held for {account}, so {amount} cannot be given back.")


class RefundsDiffer(UserError):
    message = N_("{tendered} goes back, but {amount} is to be refunded: let the two agree.")


class NotInPrepayment(UserError):
    message = N_("Money held for the resident goes back in money, not into the prepayment.")


class EvidenceMissing(UserError):
    message = N_("{name} goes back against the original slip: give its number, or a statement that it was lost.")


class SlipDoesNotFit(UserError):
    message = N_("Receipt {receipt} did not take {name} of {account}: look at the slip again.")


class InspectionMissing(UserError):
    message = N_("{name} goes back only after the work was inspected and passed.")


class AuthorisationMissing(UserError):
    message = N_("The money belongs to {payer}: {payee} gets it only with a written authorisation; say which.")


class DeductionWrong(UserError):
    message = N_("A deduction is more than zero and at most the deposit of {amount}.")


@dataclass(frozen=True, slots=True)
class Deduction:
    """What of a deposit is kept: ``item`` is charged with ``amount``, and the deposit pays it."""

    item: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class DepositPapers:
    """What a deposit goes back against: the ``slip``'s number or, ``lost``, the statement; who may have it instead
    of the payer (``authorisation``); whether the work was ``inspected`` and passed.
    """

    slip: str = ""
    lost: str = ""
    payee: str = ""
    authorisation: str = ""
    inspected: bool = False


@requires(Permission.REFUND)
def refund_payment(
    act: Act,
    *,
    receipt: str,
    tender: TenderGiven,
    reason: str,
    amount: Fen | None = None,
    of: RefundOf | None = None,
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyGivenBack:
    """Gives back a payment or a part of it: first what went into the prepayment or was sold, then what it settled last.

    ``of`` names the one line of the receipt that goes back instead. What was settled is owed again; what was sold is
    not. Raises `UnknownReceipt`, `AlreadyTakenBack`, `NotOnReceipt`, `RefundTooLarge`, `DepositsOnly`,
    `RefundsDiffer`, `DrawerTooEmpty`, `ShiftNotOpen`, `RefundReasonMissing`, `RefundApproverMissing`, `NotPermitted`.
    """
    request = refund_request(key, "payment", receipt, tender, amount, reason, till, *([of] if of else []))
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    standing_receipt(act.connection, receipt, why)
    shift = shift_to_act_in(act, till)
    way = refund_tender(act.connection, tender, amount)
    back = payment_to_refund(
        act.connection, receipt=receipt, amount=tender.amount, reason=why, on=shift.business_date, of=of
    )
    stored, left, prepaid = back.receipt, back.left, back.prepaid
    if left.account is None:
        check_money(way)
    check_drawer_for(act.connection, shift, way, tender.amount)
    given = give_back_latest(tender.amount, left.parts, prepaid=prepaid, sold=left.sold, rounding=left.rounding)
    months = months_given_back(act.connection, stored.number, back.whole, given.parts, shift.business_date)
    giving = GivingBack(
        kind=ReceiptKind.REFUND,
        account=account_by_id(act.connection, left.account) if left.account is not None else None,
        payee=left.payer,
        tenders=((way, tender),),
        reason=why,
        value_date=shift.business_date,
        corrects=left.id,
        reverses=stored.number,
        parts=given.parts,
        charges=left.charges,
        held=(*prepayments_back(left, given.from_prepaid), *sales_back(left, given.from_sold)),
        months=months,
        rounding=given.rounding,
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


@dataclass(frozen=True, slots=True)
class RefundablePayment:
    """A payment of which an amount may go back: what is left of it, or of the line named, and what of its prepayment is
    still there; the ``whole`` of it.
    """

    receipt: StoredReceipt
    left: PaymentLeft
    prepaid: Fen
    whole: PaymentLeft

    @property
    def account(self) -> int | None:
        return self.left.account


def payment_to_refund(
    connection: Connection, *, receipt: str, amount: Fen, reason: str, on: date, of: RefundOf | None = None
) -> RefundablePayment:
    """Whether so much of a payment may be given back on a day. Raises what `refund_payment` raises of the payment."""
    stored = standing_receipt(connection, receipt, reason)
    check_came_before(connection, payment=stored.payment, day=on)
    whole = payment_left(connection, stored.payment, locked=True)
    _check_size(stored.number, whole, _prepaid_left(connection, whole, on), amount)
    left = narrowed(whole, of, stored.number)
    prepaid = _prepaid_left(connection, left, on)
    _check_size(stored.number, left, prepaid, amount)
    return RefundablePayment(stored, left, prepaid, whole)


def _prepaid_left(connection: Connection, left: PaymentLeft, on: date) -> Fen:
    """What of the prepayment a payment brought can still go back: what was used since is gone."""
    lines = [(one.account, one.amount) for one in left.held if one.kind == "prepayment"]
    return Fen(
        sum(
            max(min(amount, prepaid_to_use(connection, account, on=on)), 0)
            for account, amount in lines
            if account is not None
        )
    )


def _check_size(receipt: str, left: PaymentLeft, prepaid: Fen, amount: Fen) -> None:
    if left.is_unclaimed:
        raise StillUnclaimed(receipt=receipt)
    most = Fen(left.refundable - left.prepaid + prepaid)
    if amount <= most:
        return
    if left.deposits and most <= 0:
        raise DepositsOnly(receipt=receipt)
    raise RefundTooLarge(receipt=receipt, left=format_amount(Fen(max(most, 0))), amount=format_amount(amount))


@requires(Permission.REFUND)
def refund_prepayment(
    act: Act,
    *,
    account: int,
    tender: TenderGiven,
    reason: str,
    amount: Fen | None = None,
    payee: str = "",
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyGivenBack:
    """Gives back what an account has prepaid, at most all of it.

    Raises `PrepaidTooSmall`, `RefundsDiffer`, `NotInPrepayment`, `DrawerTooEmpty`, `ShiftNotOpen` …
    """
    request = refund_request(key, "prepaid", account, tender, amount, reason, payee, till)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    ref = account_by_id(act.connection, account)
    shift = shift_to_act_in(act, till)
    way = check_money(refund_tender(act.connection, tender, amount))
    check_prepaid(act.connection, ref, tender.amount, on=shift.business_date)
    check_drawer_for(act.connection, shift, way, tender.amount)
    giving = GivingBack(
        kind=ReceiptKind.REFUND,
        account=ref,
        payee=payee.strip() or ref.resident,
        tenders=((way, tender),),
        reason=why,
        value_date=shift.business_date,
        held=(HeldLine("prepayment", account, None, "", tender.amount),),
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


def check_prepaid(connection: Connection, account: AccountRef, amount: Fen, *, on: date) -> None:
    """Raises `PrepaidTooSmall`, `BalanceCameLater` unless so much is prepaid on an account by a business date."""
    left = prepaid_to_use(connection, account.id, on=on)
    if amount > left:
        check_there_by(account.unit, asked=amount, to_use=left, now=prepaid_balance(connection, account.id), day=on)
        facts: dict[str, Any] = {"left": format_amount(left), "amount": format_amount(amount)}
        raise PrepaidTooSmall(account=_name(account), **facts)


@requires(Permission.REFUND)
def refund_deposit(
    act: Act,
    *,
    account: int,
    name: str,
    amount: Fen,
    tender: TenderGiven,
    reason: str,
    papers: DepositPapers,
    deduction: Deduction | None = None,
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyGivenBack:
    """Gives a deposit back against its slip; what is deducted is charged for ``deduction.item`` and paid by it.

    ``amount`` is what of the deposit ends; ``tender`` is that less the deduction. Raises `DepositTooSmall`,
    `EvidenceMissing`, `SlipDoesNotFit`, `InspectionMissing`, `AuthorisationMissing`, `DeductionWrong` …
    """
    request = refund_request(key, "deposit", account, name, amount, tender, reason, papers, deduction, till)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    ref = account_by_id(act.connection, account)
    shift = shift_to_act_in(act, till)
    back = Fen(amount - deducted_amount(deduction, amount))
    way = check_money(refund_tender(act.connection, tender, back, may_be_nothing=deduction is not None))
    slip = deposit_to_refund(act.connection, ref, name=name, amount=amount, papers=papers, on=shift.business_date)
    payee = _payee(ref, slip, papers)
    check_drawer_for(act.connection, shift, way, tender.amount)
    deducted = _deduct(act, shift.business_date, ref, deduction, why)
    item = deposit_item(act.connection, name)
    giving = GivingBack(
        kind=ReceiptKind.REFUND,
        account=ref,
        payee=payee,
        tenders=((way, tender),),
        reason=why,
        value_date=shift.business_date,
        corrects=slip.id if slip else None,
        reverses=papers.slip.strip().upper() if slip else "",
        held=(HeldLine("deposit", account, item, name, amount),),
        deducted=deducted,
        evidence=papers.slip.strip() or papers.lost.strip(),
        authorisation=papers.authorisation.strip(),
        inspected=papers.inspected,
        remark=remark_on(papers, slip is not None),
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


def deposit_to_refund(
    connection: Connection, account: AccountRef, *, name: str, amount: Fen, papers: DepositPapers, on: date
) -> PaymentLeft | None:
    """Whether so much of a deposit may go back against these papers on a day; the payment of its slip, if it is ours.

    Raises what `refund_deposit` raises of the deposit and its papers.
    """
    held = deposit_to_use(connection, account.id, name, on=on)
    if not 0 < amount <= held:
        check_there_by(account.unit, asked=amount, to_use=held, now=deposit_held(connection, account.id, name), day=on)
        facts: dict[str, Any] = {"left": format_amount(held), "amount": format_amount(amount)}
        raise DepositTooSmall(name=name, account=_name(account), **facts)
    slip = _slip(connection, account, name, amount, papers)
    _payee(account, slip, papers)
    if FIT_OUT in name and not papers.inspected:
        raise InspectionMissing(name=name)
    return slip


_ITEM = select(_item.c.id).where(_item.c.name == bindparam("name"))


def deposit_item(connection: Connection, name: str) -> int:
    """The fee item of a deposit; one that was only ever brought along has none yet."""
    found: int | None = connection.execute(_ITEM, {"name": name}).scalar()
    return new_deposit_item(connection, name) if found is None else found


def refund_request(key: str | None, *facts: object) -> Request:
    """A request by its key and by all that it asks for."""
    return Request(key or uuid.uuid4().hex, hashlib.sha256(repr(facts).encode()).hexdigest(), None)


def _name(ref: AccountRef) -> str:
    return f"{ref.unit} {account_number(ref.id)}"


def refund_tender(
    connection: Connection, tender: TenderGiven, amount: Fen | None, *, may_be_nothing: bool = False
) -> TenderRow:
    """The way the money goes back: it exists, and the sums agree."""
    nothing = may_be_nothing and not tender.amount
    asked = replace(tender, amount=Fen(1), reference=None) if nothing else tender
    known = checked_tenders(connection, [asked], same_reference=True)
    if amount is not None and amount != tender.amount:
        raise RefundsDiffer(tendered=format_amount(tender.amount), amount=format_amount(amount))
    return known[tender.code]


def check_drawer_for(connection: Connection, shift: OpenShift, way: TenderRow, amount: Fen) -> None:
    """Raises `DrawerTooEmpty` where cash is to go back that does not lie in the drawer."""
    if way.kind == "cash":
        check_drawer(connection, shift, amount)


def check_money(way: TenderRow) -> TenderRow:
    """Money goes back in money. Raises `NotInPrepayment`."""
    if way.kind == "prepaid":
        raise NotInPrepayment
    return way


def deducted_amount(deduction: Deduction | None, amount: Fen) -> Fen:
    """What is kept of a deposit of which ``amount`` ends. Raises `DeductionWrong`."""
    if deduction is None:
        return ZERO
    if not 0 < deduction.amount <= amount:
        raise DeductionWrong(amount=format_amount(amount))
    return deduction.amount


def _slip(connection: Connection, ref: AccountRef, name: str, amount: Fen, papers: DepositPapers) -> PaymentLeft | None:
    """The payment that the original slip is of; None where it was lost, or is of the book kept before this ledger."""
    if not papers.slip.strip():
        if not papers.lost.strip():
            raise EvidenceMissing(name=name)
        return None
    held_by = deposit_accounts(connection, ref.id, name)
    try:
        stored = find_receipt(connection, papers.slip)
    except UnknownReceipt:
        if not any(brought_along(connection, account, name) for account in held_by):
            raise
        return None
    left = payment_left(connection, stored.payment, locked=True)
    there = sum(one.amount for one in left.deposits if one.name == name and one.account in held_by)
    if stored.status != "issued" or not there:
        raise SlipDoesNotFit(receipt=stored.number, name=name, account=_name(ref))
    if there < amount:
        facts: dict[str, Any] = {"left": format_amount(Fen(there)), "amount": format_amount(amount)}
        raise RefundTooLarge(receipt=stored.number, **facts)
    return left


def _payee(ref: AccountRef, slip: PaymentLeft | None, papers: DepositPapers) -> str:
    """Who gets it: whoever paid it, unless he authorised another in writing, or it went over at a change of hands."""
    payer = slip.payer if slip and slip.account == ref.id else ref.resident
    payee = papers.payee.strip() or payer
    if payee != payer and not papers.authorisation.strip():
        raise AuthorisationMissing(payer=payer, payee=payee)
    return payee


def _deduct(act: Act, day: date, ref: AccountRef, deduction: Deduction | None, why: str) -> ChargeMove | None:
    """Charges what is kept of a deposit, so that it is revenue of its item like any other charge."""
    if deduction is None:
        return None
    added = add_charge(
        replace(act, business_date=day),
        account=ref.id,
        item=deduction.item,
        period=Period.containing(day),
        amount=deduction.amount,
        reason=why,
        due=day,
    )
    still_open = open_charges(act.connection, accounts=[ref.id], on=day)
    (charge,) = (one for one in still_open if one.id == added.charge)
    return ChargeMove(charge, paid=deduction.amount)


def remark_on(papers: DepositPapers, slip_is_ours: bool) -> str:
    """What the paper says of the slip that is not named as the original receipt, and of who may have the money."""
    words = []
    if papers.slip.strip() and not slip_is_ours:
        words.append(_("original slip {number}").format(number=papers.slip.strip()))
    if papers.lost.strip() and not papers.slip.strip():
        words.append(_("slip lost: {statement}").format(statement=papers.lost.strip()))
    if papers.authorisation.strip():
        words.append(_("authorised: {paper}").format(paper=papers.authorisation.strip()))
    return "；".join(words)
