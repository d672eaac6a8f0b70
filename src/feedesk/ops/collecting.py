"""Taking money (收款): one payment settles charges, fills prepayments and takes deposits, in one entry.

The open charges are read again inside the transaction, so two desks can never take the same charge; the request key
is unique in the database, so the same request can never take money twice.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, insert, select

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.prepared import Prepared
from feedesk.models import FeeItem, Payment, PaymentTender, Receipt, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import (
    NO_ADVANCES,
    Advances,
    AdvanceWish,
    check_arrears,
    plan_advances,
    written_advances,
)
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.buying import SaleWish, bought
from feedesk.ops.from_prepayment import check_prepaid
from feedesk.ops.money_in_time import check_billed
from feedesk.ops.payment_posting import (
    AllocationDone,
    DepositTaken,
    PaymentCollected,
    Request,
    Taking,
    TenderGiven,
    post_payment,
)
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.tendering import check_references, step_of_change
from feedesk.queries.accounts import AccountRef, account_by_id, household
from feedesk.queries.desk import AgreedOrder, TenderRow, allocation_order
from feedesk.queries.desk import tenders as tenders_in_use
from feedesk.queries.in_time import billed_later
from feedesk.queries.payments import collected_facts
from feedesk.queries.references import reference_seen
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.queries.whole_years import leaves_nothing, may_be_a_year
from feedesk.rules.allocation import (
    AllocationPart,
    Basis,
    BasisKind,
    DebtPart,
    Owed,
    allocate,
    is_current_or_earlier,
    is_designated,
    only_part,
)
from feedesk.rules.fee_items import item_fault
from feedesk.rules.tenders import ChangeStep, Given, TenderShort, settle
from feedesk.texts import N_, _

if TYPE_CHECKING:
    from feedesk.queries.advances import ItemAhead
    from feedesk.queries.paid_at_once import AtOnce

__all__ = ["AdvanceWish", "AllocationDone", "PaymentCollected", "SaleWish", "TenderGiven", "collect_payment"]

_payment, _payment_tender, _item, _receipt = (table_of(model) for model in (Payment, PaymentTender, FeeItem, Receipt))


class NothingDue(UserError):
    message = N_("{unit} owes nothing now: to take money in advance, give an advance or a prepayment.")


class ChargeNotOpen(UserError):
    message = N_("Charge {charge} is not open on {unit}: it is paid, cancelled or belongs elsewhere. Look again.")


class UnknownTender(UserError):
    message = N_("There is no way of paying called “{code}”: the ledger has {known}.")


class AmountNotPositive(UserError):
    message = N_("The amount of “{what}” must be more than zero; {amount} was given.")


class ReferenceUsed(UserError):
    message = N_(
        "{tender} reference {reference} was used before, on receipt {receipt}: is this the same money? "
        "If not, confirm that the reference is used again."
    )


class RequestKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another payment, receipt {receipt}: nothing was taken.")


class AheadWithBothParts(UserError):
    message = N_("Months ahead are paid together with principal and late fees: name neither of the two alone.")


class NotADeposit(UserError):
    message = N_("“{name}” is a fee item, not a deposit: choose another name for the deposit.")


class DepositNotTakenHere(UserError):
    message = N_("“{name}” is no deposit. {reason}")


@dataclass(frozen=True, slots=True)
class _Wish:
    """What the payer wants to pay for."""

    account: int
    also: tuple[int, ...]
    charges: tuple[int, ...] | None
    only: DebtPart | None
    part: bool
    household_too: bool
    prepay: Fen
    deposits: tuple[tuple[str, Fen], ...]
    keep_change: bool
    advances: tuple[AdvanceWish, ...]
    sales: tuple[SaleWish, ...]


_REPLAY = Prepared(
    select(_payment.c.id, _payment.c.request_digest, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.request_key == bindparam("key"))
)
_DEPOSIT_ITEM = select(_item.c.id, _item.c.nature).where(_item.c.name == bindparam("name"))


@requires(Permission.COLLECT)
def collect_payment(
    act: Act,
    *,
    account: int,
    tenders: Sequence[TenderGiven],
    also: Sequence[int] = (),
    charges: Sequence[int] | None = None,
    only: DebtPart | None = None,
    part: bool = False,
    household_too: bool = False,
    prepay: Fen = ZERO,
    deposits: Sequence[tuple[str, Fen]] = (),
    keep_change: bool = False,
    advances: Sequence[AdvanceWish] = (),
    sales: Sequence[SaleWish] = (),
    payer: str | None = None,
    key: str | None = None,
    same_reference: bool = False,
    till: int = 1,
    print_slip: bool = False,
    seen_step: ChangeStep | None = None,
) -> PaymentCollected:
    """Takes a payment at a till with an open shift, issues its receipt and, if asked, queues its slip.

    Without ``charges`` everything open and undisputed of the current period and earlier is paid, oldest first, and
    what is paid ahead (``advances``), prepaid, deposited or bought (``sales``) comes on top; money that is just these
    is for these alone.
    Less than what is chosen needs ``part``, and nothing is paid ahead with less. Money is allocated by
    `feedesk.rules.allocation`, cash settled by `feedesk.rules.tenders`. Raises `ShiftNotOpen`, `NothingDue`,
    `ChargeNotOpen`, `TenderShort`, `ReferenceUsed`, `ItemInArrears` …

    ``also`` are further accounts paid for, with all theirs oldest first; prepayment, change and deposits are of
    ``account``. ``only`` the principal or the late fees, ``charges`` other than the oldest: the payer's designation.
    """
    wish = _Wish(
        account,
        tuple(also),
        tuple(charges) if charges is not None else None,
        only,
        part,
        household_too,
        prepay,
        tuple(deposits),
        keep_change,
        tuple(advances),
        tuple(sales),
    )
    request = Request(key or uuid.uuid4().hex, digest_of(wish, tuple(tenders), payer, till), payer)
    seen = paid_before(act.connection, request)
    if seen is not None:
        return seen
    shift = shift_to_act_in(act, till)
    known = checked_tenders(act.connection, tenders, same_reference)
    check_references(act.connection, tenders, known)
    step = step_of_change(act.connection, seen_step)
    taking = _take(act, shift.business_date, wish, tenders, known, step)
    return post_payment(act, shift, known, taking, request, print_slip)


def digest_of(*facts: object) -> str:
    """A digest of all that a request asks for."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def paid_before(connection: Connection, request: Request) -> PaymentCollected | None:
    """What the same request took already; None for a new one. Raises `RequestKeyUsed` for another's key."""
    row = _REPLAY.one_or_none(connection, {"key": request.key})
    if row is None:
        return None
    if row.request_digest != request.digest:
        raise RequestKeyUsed(key=request.key, receipt=row.code)
    return _collected_before(connection, row.id)


def _collected_before(connection: Connection, payment: int) -> PaymentCollected:
    facts = collected_facts(connection, payment)
    return PaymentCollected(
        payment=payment,
        receipt=facts.receipt,
        total=facts.total,
        tendered=facts.tendered,
        change=facts.change,
        rounding=facts.rounding,
        allocations=tuple(
            AllocationDone(one.charge, one.item, one.period, one.principal, one.late_fee) for one in facts.settled
        ),
        balance_after=facts.balance_after,
        replayed=True,
    )


def checked_tenders(connection: Connection, given: Sequence[TenderGiven], same_reference: bool) -> dict[str, TenderRow]:
    """The ways of paying by code. Raises `UnknownTender`, `AmountNotPositive`, `ReferenceUsed`."""
    known = tenders_in_use(connection)
    seen: set[tuple[str, str]] = set()
    for tender in given:
        if tender.code not in known:
            raise UnknownTender(code=tender.code, known="、".join(known))
        if tender.amount <= 0:
            raise AmountNotPositive(what=known[tender.code].name, amount=format_amount(tender.amount))
        if not tender.reference or same_reference:
            continue
        before = reference_seen(connection, reference=tender.reference, tender=known[tender.code].id)
        if before is not None or (tender.code, tender.reference) in seen:
            name = known[tender.code].name
            raise ReferenceUsed(tender=name, reference=tender.reference, receipt=before or _("this one"))
        seen.add((tender.code, tender.reference))
    return known


def _take(
    act: Act,
    day: date,
    wish: _Wish,
    tenders: Sequence[TenderGiven],
    known: dict[str, TenderRow],
    step: ChangeStep,
) -> Taking:
    connection, accounts = act.connection, _accounts(act.connection, wish, day)
    ref = accounts[0]
    if wish.prepay < 0:
        raise AmountNotPositive(what=_("Prepayment"), amount=format_amount(wish.prepay))
    wanted = bought(connection, wish.sales, on=day, account=ref)
    deposits = checked_deposits(connection, wish.deposits)
    extras = Fen(wish.prepay + wanted.total + sum(deposit.amount for deposit in deposits))
    tendered = Fen(sum(one.amount for one in tenders) - extras)
    still_open = _still_open(connection, day, accounts, wish, tendered)
    later = billed_later(connection, still_open, on=day)
    chosen, advances, at_once = _chosen(connection, day, accounts, wish, tendered, still_open, later)
    owing = [_owed(charge, wish.only) for charge in chosen]
    owed = Fen(extras + sum(one.principal + one.late_fee for one in owing))
    if not owed:
        check_billed(still_open, later, day=day)
        raise NothingDue(unit=_units(accounts, wish))
    given = [Given(tender.code, tender.amount, known[tender.code].gives_change) for tender in tenders]
    part = wish.part and not advances.charges  # months ahead are no debt that could stay open in part
    settlement = settle(owed, given, part=part, keep_change=wish.keep_change, step=step)
    check_prepaid(connection, ref, known, tenders, on=day)
    # Prepayments, deposits and sales are named to the fen; a part payment leaves the rest to the charges.
    for_charges = Fen(settlement.settled - extras)
    if for_charges < 0:
        raise TenderShort(due=format_amount(owed), tendered=format_amount(settlement.tendered))
    agreed = allocation_order(connection)
    parts = tuple(allocate(owing, for_charges, agreed.order))
    if at_once is not None and at_once.cuts:
        from feedesk.ops.paying_at_once import book_concession

        book_concession(act, day, at_once, chosen)
    return Taking(
        ref,
        accounts,
        chosen,
        parts,
        Fen(wish.prepay + settlement.to_prepayment),
        (*deposits, *wanted.deposits),
        tuple(tenders),
        settlement,
        advances,
        _basis(parts, _payable([one for one in still_open if one.id not in later], chosen, day), wish, agreed),
        joint=bool(wish.also),
        sales=wanted.sold,
    )


def _accounts(connection: Connection, wish: _Wish, day: date) -> tuple[AccountRef, ...]:
    """Whom the money is for: the first account, its household if that is wanted, then the further ones, each once."""
    ref = account_by_id(connection, wish.account)
    found = {one.id: one for one in (household(connection, ref, day) if wish.household_too else (ref,))}
    for other in wish.also:
        if other not in found:
            found[other] = account_by_id(connection, other)
    return tuple(found.values())


def _units(accounts: Sequence[AccountRef], wish: _Wish) -> str:
    return "、".join(one.unit for one in accounts) if wish.also else accounts[0].unit


def _owed(charge: StatementCharge, only: DebtPart | None = None) -> Owed:
    return only_part(Owed(charge.id, charge.principal, charge.late_fee_due), only)


def _payable(
    still_open: Sequence[StatementCharge], chosen: Sequence[StatementCharge], day: date
) -> list[StatementCharge]:
    """What the money could have settled in the agreed order: what is undisputed and no younger, and what it settles."""
    settled = {charge.id: charge for charge in chosen}  # less what settling them at once takes off
    until = max((charge.due_date for charge in chosen), default=day)
    due = [
        settled.get(one.id, one)
        for one in still_open
        if one.id in settled or (_is_due(one, day) and one.due_date <= until)
    ]
    there = {charge.id for charge in due}
    return [*due, *(charge for charge in chosen if charge.id not in there)]  # months ahead come last


def _is_due(charge: StatementCharge, day: date) -> bool:
    return not charge.frozen and is_current_or_earlier(charge.period, day)


def _basis(
    parts: Sequence[AllocationPart], payable: Sequence[StatementCharge], wish: _Wish, agreed: AgreedOrder
) -> Basis:
    """The payer's designation: a part of the debts named, a disputed charge paid all the same, or others than the
    same money would settle by the agreed order.
    """
    settled = {part.charge for part in parts}
    disputed = any(charge.frozen and charge.id in settled for charge in payable)
    designated = wish.only or disputed or is_designated(parts, [_owed(one) for one in payable], agreed.order)
    kind = BasisKind.DESIGNATED if designated else BasisKind.AGREED
    return Basis(kind, wish.only, agreed.order, agreed.clause)


def _still_open(
    connection: Connection, day: date, accounts: Sequence[AccountRef], wish: _Wish, tendered: Fen
) -> list[StatementCharge]:
    """What is open on the accounts, kept from other desks; nothing where what is ``tendered`` is for the rest alone."""
    if wish.charges is None and not wish.advances and not tendered and (wish.prepay or wish.deposits or wish.sales):
        return []
    return open_charges(connection, accounts=[one.id for one in accounts], on=day, locked=True)


def _chosen(
    connection: Connection,
    day: date,
    accounts: Sequence[AccountRef],
    wish: _Wish,
    tendered: Fen,
    still_open: Sequence[StatementCharge],
    later: Mapping[int, date],
) -> tuple[tuple[StatementCharge, ...], Advances, "AtOnce | None"]:
    """What is settled, the months paid ahead last, and what settling a year at once takes off it."""
    if not wish.advances:
        charges = _chosen_charges(day, accounts, wish, still_open, later)
        at_once = _earned(connection, day, wish, charges, (), still_open)
        return (charges, NO_ADVANCES, None) if at_once is None else (at_once.lowered(charges), NO_ADVANCES, at_once)
    if wish.only:
        raise AheadWithBothParts
    if wish.charges is None:
        alone = _planned(connection, day, accounts, wish, still_open)
        if sum(one.total for one in alone) == tendered:
            check_arrears(alone, still_open)
            advances = written_advances(connection, alone)
            return advances.charges, advances, None
    chosen = _chosen_charges(day, accounts, wish, still_open, later)
    ids = {charge.id for charge in chosen}
    left_open = [charge for charge in still_open if charge.id not in ids]
    planned = _planned(connection, day, accounts, wish, left_open)
    check_arrears(planned, left_open)
    at_once = _earned(connection, day, wish, chosen, planned, still_open)
    if at_once is not None:
        chosen, planned = at_once.lowered(chosen), at_once.ahead
    advances = written_advances(connection, planned)
    return (*chosen, *advances.charges), advances, at_once


def _earned(
    connection: Connection,
    day: date,
    wish: _Wish,
    chosen: Sequence[StatementCharge],
    planned: Sequence["ItemAhead"],
    still_open: Sequence[StatementCharge],
) -> "AtOnce | None":
    """What a payment earns that settles a whole year and leaves nothing open; None where it does not.

    That is of one household: a payment for further accounts earns nothing.
    """
    if wish.part or wish.only or wish.also or not may_be_a_year(chosen, planned):
        return None
    ids = {charge.id for charge in chosen}
    if not leaves_nothing([charge for charge in still_open if charge.id not in ids]):
        return None
    from feedesk.queries.paid_at_once import paid_at_once

    return paid_at_once(connection, charges=chosen, ahead=planned, today=day)


def _planned(
    connection: Connection,
    day: date,
    accounts: Sequence[AccountRef],
    wish: _Wish,
    left_open: Sequence[StatementCharge],
) -> tuple["ItemAhead", ...]:
    named = {one.account for one in wish.advances}
    others = set() if None in named or named & set(wish.also) else set(wish.also)
    mine = [charge for charge in left_open if charge.account not in others]
    return plan_advances(connection, accounts, wish.advances, day, nothing_left=leaves_nothing(mine))


def _chosen_charges(
    day: date,
    accounts: Sequence[AccountRef],
    wish: _Wish,
    still_open: Sequence[StatementCharge],
    later: Mapping[int, date],
) -> tuple[StatementCharge, ...]:
    """What the payment is for; what was billed ``later`` than its day was not owed then."""
    if wish.charges is None:
        return tuple(charge for charge in still_open if _is_due(charge, day) and charge.id not in later)
    ids = {charge.id for charge in still_open}
    for charge in wish.charges:
        if charge not in ids:
            raise ChargeNotOpen(charge=charge, unit=_units(accounts, wish))
    chosen = tuple(charge for charge in still_open if charge.id in wish.charges)
    check_billed(chosen, later, day=day)
    return chosen


def checked_deposits(connection: Connection, deposits: Sequence[tuple[str, Fen]]) -> tuple[DepositTaken, ...]:
    """Deposits by name, each with its fee item. Raises `AmountNotPositive`, `NotADeposit`, `DepositNotTakenHere`."""
    taken = []
    for name, amount in deposits:
        if amount <= 0:
            raise AmountNotPositive(what=name, amount=format_amount(amount))
        row = connection.execute(_DEPOSIT_ITEM, {"name": name}).one_or_none()
        if row is not None and row.nature != chart.DEPOSIT:
            raise NotADeposit(name=name)
        if reason := item_fault(name):
            raise DepositNotTakenHere(name=name, reason=reason)
        taken.append(DepositTaken(row.id if row is not None else new_deposit_item(connection, name), name, amount))
    return tuple(taken)


def new_deposit_item(connection: Connection, name: str) -> int:
    """Makes the fee item of a kind of deposit that the ledger has not taken yet; returns its key."""
    position = (connection.execute(select(func.max(_item.c.position))).scalar() or 0) + 1
    row = {"name": name, "nature": chart.DEPOSIT, "position": position}
    return inserted_key(connection.execute(insert(_item), row))
