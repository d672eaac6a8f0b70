"""A payment booked on the wrong account is brought to the right one (转户): the money does not move.

The payment is mirrored on its account, where it is owed again, and stands as a payment of the other account with a
receipt of its own, in the same tenders; late fees there stop on the day the money came. Both papers name each other.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.prepared import Prepared
from feedesk.models import Payment, Receipt, table_of
from feedesk.money import ZERO, Fen
from feedesk.ops.advancing import correct_advances
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.giving_back import checked_approval
from feedesk.ops.mirrored_entries import mirrored_postings
from feedesk.ops.mirrored_payments import store_mirror
from feedesk.ops.payment_posting import (
    AllocationDone,
    DepositTaken,
    Moved,
    Request,
    Taking,
    TenderGiven,
    post_payment,
)
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.taking_back import (
    PaidWithClaimedMoney,
    StillUnclaimed,
    begin_mirror,
    standing_receipt,
)
from feedesk.queries.accounts import AccountRef, account_by_id
from feedesk.queries.as_if_paid import as_if_paid_on
from feedesk.queries.corrections import PaymentLeft, payment_left
from feedesk.queries.desk import allocation_order, tenders
from feedesk.queries.in_time import billed_later
from feedesk.queries.receipts import StoredReceipt
from feedesk.queries.references import numbers_of
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.rules.allocation import Basis, Owed, allocate, is_current_or_earlier
from feedesk.rules.tenders import Settlement
from feedesk.texts import N_, _

_payment, _receipt = table_of(Payment), table_of(Receipt)


class SameAccount(UserError):
    message = N_("Receipt {receipt} is of {account} already: nothing was moved.")


class PaidFromPrepayment(UserError):
    message = N_("Receipt {receipt} was paid from the prepayment of its account: void or reverse it instead.")


class SoldAtTheDesk(UserError):
    message = N_(
        "Receipt {receipt} sold something at the desk or is of somebody without an account: nothing of it can be owed "
        "elsewhere. Void or reverse it and take the money anew."
    )


class TransferKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act, receipt {receipt}: nothing was moved.")


@dataclass(frozen=True, slots=True)
class PaymentMoved:
    """A payment brought to another account: ``receipt`` is the paper there; ``prepaid`` fen settled nothing yet."""

    receipt: str
    moved: str
    total: Fen
    allocations: tuple[AllocationDone, ...] = ()
    prepaid: Fen = ZERO
    replayed: bool = False


_REPLAY = Prepared(
    select(_payment.c.request_digest, _payment.c.total, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.request_key == bindparam("key"))
)


@requires(Permission.VOID)
def transfer_payment(
    act: Act,
    *,
    receipt: str,
    account: int,
    reason: str,
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> PaymentMoved:
    """Brings a payment to the account it was meant for, to settle what is due there, oldest first; the rest is prepaid.

    A payment of an earlier shift needs an approver. Raises `UnknownReceipt`, `AlreadyTakenBack`, `SameAccount`,
    `SoldAtTheDesk`, `PaidFromPrepayment`, `StillUnclaimed`, `PaidWithClaimedMoney`, `RefundedInPart`,
    `PrepaymentUsed`, `UnknownAccount`, `ShiftNotOpen`, `ReasonMissing` …
    """
    digest = hashlib.sha256(repr(("transfer", receipt, account, reason, till)).encode()).hexdigest()
    request = Request(key or uuid.uuid4().hex, digest, None)
    seen = _REPLAY.one_or_none(act.connection, {"key": request.key})
    if seen is not None:
        if seen.request_digest != request.digest:
            raise TransferKeyUsed(key=request.key, receipt=seen.code)
        return PaymentMoved(seen.code, receipt, Fen(seen.total), replayed=True)
    stored = standing_receipt(act.connection, receipt, reason)
    shift = shift_to_act_in(act, till)
    if stored.shift != shift.id:
        checked_approval(act, reason)
    ref = account_by_id(act.connection, account)
    if stored.account == account:
        raise SameAccount(receipt=stored.number, account=ref.unit)
    before = payment_left(act.connection, stored.payment)
    if before.is_unclaimed:
        raise StillUnclaimed(receipt=stored.number)
    if stored.account is None or before.sold:
        raise SoldAtTheDesk(receipt=stored.number)
    draft, mirror, left = begin_mirror(act, shift, stored, "transfer_out", reason)
    if any(one.kind == "prepaid" for one in left.tenders):
        raise PaidFromPrepayment(receipt=stored.number)
    if any(one.kind == "unclaimed" for one in left.tenders):
        raise PaidWithClaimedMoney(receipt=stored.number)
    store_mirror(draft, mirror)
    draft.seal(mirrored_postings(act.connection, mirror.entries, shift.till_number))
    correct_advances(act, mirror.original_entry)
    taking = _taking(act, ref, left, shift.business_date)
    known = tenders(act.connection)
    paper = replace(request, payer=_other_payer(act.connection, stored))
    done = post_payment(act, shift, known, taking, paper, print_slip, _moved(stored, left, reason))
    return PaymentMoved(done.receipt, stored.number, done.total, done.allocations, taking.prepay)


def _other_payer(connection: Connection, stored: StoredReceipt) -> str | None:
    """Who paid, where it was somebody else than the resident whose account it was booked on by mistake."""
    if stored.account is None:
        return stored.document.payer or None
    resident = account_by_id(connection, stored.account).resident
    return None if stored.document.payer == resident else stored.document.payer


def _moved(stored: StoredReceipt, left: PaymentLeft, reason: str) -> Moved:
    remark = _("transferred from receipt {receipt} of {unit}, money of {day}")
    words = remark.format(receipt=stored.number, unit=stored.document.unit, day=left.business_date.isoformat())
    return Moved(left.id, left.business_date, reason.strip(), words)


def _chosen(connection: Connection, ref: AccountRef, left: PaymentLeft, today: date) -> Sequence[StatementCharge]:
    """What the money can settle: what is open and undisputed today, with late fees as if paid the day it came."""
    still_open = open_charges(connection, accounts=[ref.id], on=today, locked=True)
    later = billed_later(connection, still_open, on=today)
    payable = [
        charge
        for charge in still_open
        if not charge.frozen and is_current_or_earlier(charge.period, today) and charge.id not in later
    ]
    return as_if_paid_on(connection, payable, value_date=left.business_date, on=today)


def _taking(act: Act, ref: AccountRef, left: PaymentLeft, today: date) -> Taking:
    """What the money pays there: the same prepayment and deposits, else what was due, oldest first."""
    connection = act.connection
    deposits = tuple(DepositTaken(one.item or 0, one.name, one.amount) for one in left.deposits)
    prepay = left.prepaid
    held = sum(one.amount for one in deposits) + prepay
    # 抹零 may have paid some fen of what was prepaid or deposited: it goes along.
    rounding = Fen(max(held - left.total, 0))
    for_charges = Fen(max(left.total - held, 0))
    chosen = _chosen(connection, ref, left, today)
    due = sum(charge.due for charge in chosen)
    owing = [Owed(charge.id, charge.principal, charge.late_fee_due) for charge in chosen]
    pays = Fen(min(for_charges, due))
    agreed = allocation_order(connection)
    parts = allocate(owing, pays, agreed.order) if pays else []
    kept = tuple(one.kept for one in left.tenders)
    numbers = numbers_of(connection, left)
    return Taking(
        account=ref,
        accounts=(ref,),
        chosen=tuple(chosen),
        parts=tuple(parts),
        prepay=Fen(prepay + for_charges - pays),
        deposits=deposits,
        tenders=tuple(TenderGiven(one.code, one.kept, one.reference or numbers.get(one.code)) for one in left.tenders),
        settlement=Settlement(left.total, ZERO, rounding, Fen(left.total + rounding), ZERO, kept),
        basis=Basis(order=agreed.order, clause=agreed.clause),
    )
