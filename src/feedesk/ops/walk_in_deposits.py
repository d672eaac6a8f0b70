"""Giving a deposit back to somebody who is no resident (散客), for example a contractor's for a fit-out (装修押金).

There is no account to look it up by, so the receipt that took it is the only way to it: by its slip, or with a written
statement that the slip was lost. What is kept is sold out of the deposit, since nobody can owe it.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.models import FeeItem, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.giving_back import GivingBack, MoneyGivenBack, checked_approval, given_before, post_giving_back
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.refunding import (
    FIT_OUT,
    AuthorisationMissing,
    Deduction,
    DepositPapers,
    DepositTooSmall,
    EvidenceMissing,
    InspectionMissing,
    check_drawer_for,
    check_money,
    deducted_amount,
    refund_request,
    refund_tender,
    remark_on,
)
from feedesk.ops.run import Act
from feedesk.ops.sale_lines import Sold
from feedesk.ops.taking_back import standing_receipt
from feedesk.queries.corrections import HeldLine, PaymentLeft, payment_left
from feedesk.rules.receipt_document import ReceiptKind
from feedesk.rules.selling import ONE
from feedesk.texts import N_

_item = table_of(FeeItem)
_ITEM = select(_item.c.id, _item.c.name, _item.c.nature).where(_item.c.name == bindparam("name"))


class NoWalkInDeposit(UserError):
    message = N_("Receipt {receipt} took no {name} of somebody without an account: look at the receipt again.")


class SlipOfAnother(UserError):
    message = N_("Slip {slip} is not receipt {receipt}, which took the deposit: look at the slip again.")


class UnknownItem(UserError):
    message = N_("There is no fee item “{item}” to deduct for: choose one of the list. Nothing was given back.")


@requires(Permission.REFUND)
def refund_walk_in_deposit(
    act: Act,
    *,
    receipt: str,
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
    """Gives back ``amount`` of the deposit ``name`` that ``receipt`` took; ``tender`` is that less the deduction.

    Against the slip (its number is the receipt's) or a loss statement, to the payer or whom he authorised in writing.
    Raises `UnknownReceipt`, `AlreadyTakenBack`, `NoWalkInDeposit`, `DepositTooSmall`, `EvidenceMissing`,
    `SlipOfAnother`, `InspectionMissing`, `AuthorisationMissing`, `DeductionWrong`, `UnknownItem`, `DrawerTooEmpty` …
    """
    request = refund_request(key, "walk-in", receipt, name, amount, tender, reason, papers, deduction, till)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    standing_receipt(act.connection, receipt, why)
    shift = shift_to_act_in(act, till)
    facts: dict[str, Any] = {"name": name, "amount": amount, "papers": papers, "deduction": deduction}
    found = walk_in_to_refund(act.connection, receipt=receipt, reason=why, **facts)
    left = found.left
    back = Fen(amount - deducted_amount(deduction, amount))
    way = check_money(refund_tender(act.connection, tender, back, may_be_nothing=deduction is not None))
    check_drawer_for(act.connection, shift, way, tender.amount)
    giving = GivingBack(
        kind=ReceiptKind.REFUND,
        account=None,
        payee=found.payee,
        tenders=((way, tender),),
        reason=why,
        value_date=shift.business_date,
        corrects=left.id,
        reverses=found.receipt,
        held=(found.held,),
        kept=found.kept,
        evidence=papers.slip.strip() or papers.lost.strip(),
        authorisation=papers.authorisation.strip(),
        inspected=papers.inspected,
        remark=remark_on(papers, bool(papers.slip.strip())),
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


@dataclass(frozen=True, slots=True)
class WalkInDeposit:
    """What would go back: the payment by its ``receipt``, the part of the deposit that ends, what of it is kept."""

    receipt: str
    left: PaymentLeft
    held: HeldLine
    kept: tuple[Sold, ...]
    payee: str


def walk_in_to_refund(
    connection: Connection,
    *,
    receipt: str,
    name: str,
    amount: Fen,
    papers: DepositPapers,
    deduction: Deduction | None,
    reason: str,
) -> WalkInDeposit:
    """Whether so much of a deposit can go back. Raises what `refund_walk_in_deposit` raises of it and its papers."""
    stored = standing_receipt(connection, receipt, reason)
    left = payment_left(connection, stored.payment, locked=True)
    held = _held(stored.number, left, name, amount)
    deducted_amount(deduction, amount)
    _check_papers(stored.number, name, papers)
    return WalkInDeposit(stored.number, left, held, _kept(connection, deduction, reason), _payee(left.payer, papers))


def _held(receipt: str, left: PaymentLeft, name: str, amount: Fen) -> HeldLine:
    """The part of the deposit that ends."""
    found = next((one for one in left.deposits if one.name == name and one.account is None), None)
    if found is None:
        raise NoWalkInDeposit(receipt=receipt, name=name)
    if not 0 < amount <= found.amount:
        facts: dict[str, Any] = {"left": format_amount(found.amount), "amount": format_amount(amount)}
        raise DepositTooSmall(name=name, account=left.payer, **facts)
    return HeldLine(found.kind, None, found.item, name, amount, found.nature)


def _check_papers(receipt: str, name: str, papers: DepositPapers) -> None:
    slip = papers.slip.strip().upper()
    if not slip and not papers.lost.strip():
        raise EvidenceMissing(name=name)
    if slip and slip != receipt:
        raise SlipOfAnother(slip=slip, receipt=receipt)
    if FIT_OUT in name and not papers.inspected:
        raise InspectionMissing(name=name)


def _payee(payer: str, papers: DepositPapers) -> str:
    payee = papers.payee.strip() or payer
    if payee != payer and not papers.authorisation.strip():
        raise AuthorisationMissing(payer=payer, payee=payee)
    return payee


def _kept(connection: Connection, deduction: Deduction | None, why: str) -> tuple[Sold, ...]:
    if deduction is None:
        return ()
    row = connection.execute(_ITEM, {"name": deduction.item}).one_or_none()
    if row is None or row.nature == chart.DEPOSIT:
        raise UnknownItem(item=deduction.item)
    price = Fraction(deduction.amount, 100)
    return (Sold(row.id, row.name, row.nature, None, ONE, ONE, price, deduction.amount, why),)
