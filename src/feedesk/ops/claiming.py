"""Money of unknown origin finds its owner (认领): it settles his charges, oldest first, and the rest is prepaid.

No money moves: it comes out of 待认领款 and counts for late fees from the day it came. The claimant gets a receipt of
his own that names the paper under which it was booked. Taking that receipt back makes the money unclaimed again.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection, bindparam, func, insert, select

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.prepared import Prepared
from feedesk.models import Payment, Receipt, Tender, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.collecting import ChargeNotOpen
from feedesk.ops.money_in_time import check_billed
from feedesk.ops.payment_posting import AllocationDone, Moved, Request, Taking, TenderGiven, post_payment
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.unclaimed import locked_item
from feedesk.queries.accounts import AccountRef, account_by_id, household
from feedesk.queries.as_if_paid import as_if_paid_on
from feedesk.queries.desk import TenderRow, allocation_order
from feedesk.queries.in_time import billed_later
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.queries.unclaimed import LINE, UnclaimedItem, used_by
from feedesk.rules.allocation import Basis, BasisKind, Owed, allocate, is_current_or_earlier
from feedesk.rules.tenders import Settlement
from feedesk.texts import N_, _

_payment, _receipt, _tender = table_of(Payment), table_of(Receipt), table_of(Tender)


class NothingLeftToClaim(UserError):
    message = N_("Receipt {receipt} is claimed or returned already, all {amount} of it: see {papers}.")


class ClaimTooLarge(UserError):
    message = N_("Of receipt {receipt} only {left} is neither claimed nor returned, so {amount} cannot be claimed.")


class ClaimNotPositive(UserError):
    message = N_("Of receipt {receipt} more than zero is claimed, at most {left}; {amount} was given.")


class ClaimReasonMissing(UserError):
    message = N_("Say how it is known whose money receipt {receipt} is, for example: the payer showed the bank's slip.")


class ClaimKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act, receipt {receipt}: nothing was claimed.")


@dataclass(frozen=True, slots=True)
class MoneyClaimed:
    """A claim: ``receipt`` is the claimant's paper, ``item`` the one under which the money was booked.

    ``prepaid`` fen settled nothing yet, ``left`` of the item are still unclaimed.
    """

    receipt: str
    item: str
    total: Fen
    left: Fen
    allocations: tuple[AllocationDone, ...] = ()
    prepaid: Fen = ZERO
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class _Wish:
    accounts: tuple[AccountRef, ...]
    charges: tuple[int, ...] | None
    amount: Fen


_REPLAY = Prepared(
    select(_payment.c.request_digest, _payment.c.total, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.request_key == bindparam("key"))
)
_TENDER = select(_tender.c.id, _tender.c.name).where(_tender.c.kind == LINE).order_by(_tender.c.id).limit(1)
_LAST_POSITION = select(func.coalesce(func.max(_tender.c.position), 0))


@requires(Permission.COLLECT)
def claim_unclaimed(
    act: Act,
    *,
    receipt: str,
    account: int,
    reason: str,
    amount: Fen | None = None,
    charges: Sequence[int] | None = None,
    household_too: bool = False,
    payer: str | None = None,
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyClaimed:
    """Brings money of unknown origin, all that is left of it or ``amount``, to the account it was meant for.

    ``receipt`` is the paper under which it was booked. Without ``charges`` it settles what is open and undisputed of
    the current period and earlier; late fees count as if it had been paid on its value date. ``reason`` says how it
    is known whose it is. Raises `NotUnclaimed`, `UnclaimedTakenBack`, `NothingLeftToClaim`, `ClaimTooLarge`,
    `ClaimNotPositive`, `ClaimReasonMissing`, `ChargeNotOpen`, `UnknownAccount`, `ShiftNotOpen` …
    """
    named = tuple(charges) if charges is not None else None
    facts = ("claim", receipt, account, reason, amount, named, household_too, payer, till)
    request = Request(key or uuid.uuid4().hex, hashlib.sha256(repr(facts).encode()).hexdigest(), payer)
    before = _claimed_before(act.connection, request, receipt)
    if before is not None:
        return before
    shift = shift_to_act_in(act, till)
    item = locked_item(act.connection, receipt)
    if not reason.strip():
        raise ClaimReasonMissing(receipt=item.receipt)
    claimed = _checked_amount(act.connection, item, amount)
    ref = account_by_id(act.connection, account)
    accounts = household(act.connection, ref, shift.business_date) if household_too else (ref,)
    taking = _taking(act.connection, item, _Wish(accounts, named, claimed), shift.business_date)
    words = _("claimed from receipt {receipt}, money of {day}")
    remark = words.format(receipt=item.receipt, day=item.value_date.isoformat())
    moved = Moved(item.payment, item.value_date, reason.strip(), remark)
    known = {LINE: unclaimed_tender(act.connection)}
    done = post_payment(act, shift, known, taking, request, print_slip, moved)
    left = Fen(item.left - claimed)
    return MoneyClaimed(done.receipt, item.receipt, done.total, left, done.allocations, taking.prepay)


def unclaimed_tender(connection: Connection) -> TenderRow:
    """The way of paying of claims, made when it is first needed; it is offered at no desk (``active`` is false)."""
    row = connection.execute(_TENDER).one_or_none()
    name = chart.UNCLAIMED.code.partition(".")[2]
    if row is not None:
        return TenderRow(row.id, LINE, row.name, LINE, asks_reference=False, gives_change=False)
    facts = {
        "code": LINE,
        "name": name,
        "kind": LINE,
        "position": connection.execute(_LAST_POSITION).scalar_one() + 1,
        "asks_reference": False,
        "gives_change": False,
        "fee_rate": Fraction(0),
        "settlement_days": 0,
        "active": False,
    }
    made = inserted_key(connection.execute(insert(_tender), facts))
    return TenderRow(made, LINE, name, LINE, asks_reference=False, gives_change=False)


def _claimed_before(connection: Connection, request: Request, receipt: str) -> MoneyClaimed | None:
    row = _REPLAY.one_or_none(connection, {"key": request.key})
    if row is None:
        return None
    if row.request_digest != request.digest:
        raise ClaimKeyUsed(key=request.key, receipt=row.code)
    item = locked_item(connection, receipt)
    return MoneyClaimed(row.code, item.receipt, Fen(row.total), item.left, replayed=True)


def _checked_amount(connection: Connection, item: UnclaimedItem, amount: Fen | None) -> Fen:
    if not item.left:
        papers = "、".join(used_by(connection, item.payment))
        raise NothingLeftToClaim(receipt=item.receipt, amount=format_amount(item.amount), papers=papers)
    claimed = item.left if amount is None else amount
    left, asked = format_amount(item.left), format_amount(claimed)
    if claimed <= 0:
        raise ClaimNotPositive(receipt=item.receipt, left=left, amount=asked)
    if claimed > item.left:
        raise ClaimTooLarge(receipt=item.receipt, left=left, amount=asked)
    return claimed


def _taking(connection: Connection, item: UnclaimedItem, wish: _Wish, day: date) -> Taking:
    chosen = as_if_paid_on(connection, _chosen(connection, wish, day), value_date=item.value_date, on=day)
    pays = Fen(min(wish.amount, sum(charge.due for charge in chosen)))
    owing = [Owed(charge.id, charge.principal, charge.late_fee_due) for charge in chosen]
    agreed = allocation_order(connection)
    parts = allocate(owing, pays, agreed.order) if pays else []
    kind = BasisKind.AGREED if wish.charges is None else BasisKind.DESIGNATED
    return Taking(
        account=wish.accounts[0],
        accounts=wish.accounts,
        chosen=tuple(chosen),
        parts=tuple(parts),
        prepay=Fen(wish.amount - pays),
        deposits=(),
        tenders=(TenderGiven(LINE, wish.amount, item.receipt),),
        settlement=Settlement(wish.amount, ZERO, ZERO, wish.amount, ZERO, (wish.amount,)),
        basis=Basis(kind, order=agreed.order, clause=agreed.clause),
    )


def _chosen(connection: Connection, wish: _Wish, day: date) -> list[StatementCharge]:
    still_open = open_charges(connection, accounts=[one.id for one in wish.accounts], on=day, locked=True)
    later = billed_later(connection, still_open, on=day)
    if wish.charges is None:
        due = [charge for charge in still_open if not charge.frozen and is_current_or_earlier(charge.period, day)]
        return [charge for charge in due if charge.id not in later]
    there = {charge.id for charge in still_open}
    for charge in wish.charges:
        if charge not in there:
            raise ChargeNotOpen(charge=charge, unit=wish.accounts[0].unit)
    chosen = [charge for charge in still_open if charge.id in wish.charges]
    check_billed(chosen, later, day=day)
    return chosen
