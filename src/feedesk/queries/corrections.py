"""What is left of a payment after all that was put right since: what may be given back, and in which way it was paid.

A payment is never rewritten. Refunds and bounced transfers took parts of it back, a change of tender says in which way
it really was paid; what stands today is the sum of them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select

from feedesk.ledger import chart
from feedesk.models import (
    Allocation,
    Charge,
    Correction,
    FeeItem,
    LedgerAccount,
    Opening,
    Payment,
    PaymentLine,
    PaymentTender,
    Posting,
    Receipt,
    Tender,
    UnclaimedMoney,
    Unit,
    table_of,
)
from feedesk.money import ZERO, Fen
from feedesk.rules.giving_back import SettledPart

_payment, _payment_tender, _tender, _allocation, _line, _charge = (
    table_of(model) for model in (Payment, PaymentTender, Tender, Allocation, PaymentLine, Charge)
)
_correction, _receipt, _item, _unit, _posting, _ledger_account, _opening = (
    table_of(model) for model in (Correction, Receipt, FeeItem, Unit, Posting, LedgerAccount, Opening)
)


@dataclass(frozen=True, slots=True)
class TenderKept:
    """Money kept in one way of paying, in fen; ``reference`` of the channel."""

    tender: int
    code: str
    name: str
    kind: str
    kept: Fen
    reference: str


@dataclass(frozen=True, slots=True)
class ChargeWords:
    """What papers call a charge."""

    account: int
    unit: str
    item: str
    period: str


@dataclass(frozen=True, slots=True)
class HeldLine:
    """What a payment brought beside charges and did not give back, in fen: ``kind`` prepayment, deposit or sale.

    ``account`` is None where somebody who is no resident paid; ``nature`` says whose money a sale is.
    """

    kind: str
    account: int | None
    item: int | None
    name: str
    amount: Fen
    nature: str = ""


@dataclass(frozen=True, slots=True)
class PaymentLeft:
    """A payment as it stands, in fen. ``parts`` in the order in which they were settled, ``held`` the prepayment and
    the deposits it brought and what it sold, ``rounding`` the 抹零 not taken back.

    ``changed_by`` are the payments that changed its tender, in order; ``refunded`` what was given back so far.
    """

    id: int
    entry: int
    account: int | None
    payer: str
    shift: int | None
    business_date: date
    total: Fen
    rounding: Fen
    tenders: tuple[TenderKept, ...]
    parts: tuple[SettledPart, ...]
    charges: dict[int, ChargeWords]
    held: tuple[HeldLine, ...]
    refunded: Fen
    changed_by: tuple[int, ...]

    @property
    def prepaid(self) -> Fen:
        """What of its prepayment was not given back."""
        return Fen(sum(one.amount for one in self.held if one.kind == "prepayment"))

    @property
    def deposits(self) -> tuple[HeldLine, ...]:
        """What of its deposits was not given back, by name."""
        return tuple(one for one in self.held if one.kind == "deposit")

    @property
    def is_unclaimed(self) -> bool:
        """Whether it is money that came without saying for whom."""
        return any(one.kind == "unclaimed" for one in self.held)

    @property
    def sold(self) -> Fen:
        """What of its sales was not given back."""
        return Fen(sum(one.amount for one in self.held if one.kind == "sale"))

    @property
    def refundable(self) -> Fen:
        """What may be given back without a deposit's own papers."""
        return Fen(sum(part.amount for part in self.parts) + self.prepaid + self.sold - self.rounding)


_GIVEN_BACK = ("refund", "bounce")
_PAYMENT = select(_payment).where(_payment.c.id == bindparam("payment"))
_PAYMENT_LOCKED = _PAYMENT.with_for_update()
# The payment itself and all that put it right.
_WITH_CORRECTIONS = (
    select(_payment.c.id, _payment.c.kind, _payment.c.total, _payment.c.rounding)
    .outerjoin(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .where(
        or_(
            _payment.c.id == bindparam("payment"),
            and_(
                _correction.c.corrects_id == bindparam("payment"),
                _payment.c.kind.in_((*_GIVEN_BACK, "tender_change")),
            ),
        )
    )
    .order_by(_payment.c.id)
)
_OF: Any = bindparam("payments", expanding=True)
_TENDERS = (
    select(
        _payment_tender.c.payment_id,
        _payment_tender.c.tender_id,
        _tender.c.code,
        _tender.c.name,
        _tender.c.kind,
        _payment_tender.c.kept,
        func.coalesce(_payment_tender.c.reference, "").label("reference"),
    )
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .where(_payment_tender.c.payment_id.in_(_OF))
    .order_by(_payment_tender.c.payment_id, _payment_tender.c.sequence)
)
_PARTS = (
    select(
        _allocation.c.payment_id,
        _allocation.c.charge_id,
        _allocation.c.kind,
        _allocation.c.amount,
        (_charge.c.entry_id == _payment.c.entry_id).label("billed_here"),
        _charge.c.account_id,
        _unit.c.code.label("unit"),
        _item.c.name.label("item"),
        _charge.c.period,
    )
    .join(_payment, _payment.c.id == _allocation.c.payment_id)
    .join(_charge, _charge.c.id == _allocation.c.charge_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .where(_allocation.c.payment_id.in_(_OF))
    .order_by(_allocation.c.payment_id, _allocation.c.sequence)
)
_LINES = (
    select(
        _line.c.payment_id,
        _line.c.kind,
        _line.c.name,
        _line.c.account_id,
        _line.c.fee_item_id,
        _line.c.amount,
        func.coalesce(_item.c.nature, "").label("nature"),
    )
    .outerjoin(_item, _item.c.id == _line.c.fee_item_id)
    .where(_line.c.payment_id.in_(_OF))
    .order_by(_line.c.payment_id, _line.c.sequence)
)


def payment_left(connection: Connection, payment: int, *, locked: bool = False) -> PaymentLeft:
    """The payment of that key as it stands; ``locked`` keeps other desks off it until the commit."""
    row = connection.execute(_PAYMENT_LOCKED if locked else _PAYMENT, {"payment": payment}).one()
    related = connection.execute(_WITH_CORRECTIONS, {"payment": payment}).all()
    given_back = [one for one in related if one.kind in _GIVEN_BACK]
    counted = {"payments": [payment, *(one.id for one in given_back)]}
    changes = tuple(one.id for one in related if one.kind == "tender_change")
    parts, charges = _parts(connection.execute(_PARTS, counted), payment)
    return PaymentLeft(
        id=row.id,
        entry=row.entry_id,
        account=row.account_id,
        payer=row.payer,
        shift=row.shift_id,
        business_date=row.business_date,
        total=Fen(row.total),
        rounding=Fen(row.rounding + sum(one.rounding for one in given_back)),
        tenders=_net(connection.execute(_TENDERS, {"payments": [payment, *changes]})),
        parts=parts,
        charges=charges,
        held=_held(connection.execute(_LINES, counted), payment),
        refunded=Fen(-sum(one.total for one in given_back)),
        changed_by=changes,
    )


def _held(rows: Iterable[Any], payment: int) -> tuple[HeldLine, ...]:
    """What it brought, less what was given back; what a refund kept of its deposit was sold by that, and stays sold."""
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        if row.kind == "sale" and row.payment_id != payment and row.amount > 0:
            continue
        key = (row.kind, row.account_id, row.fee_item_id, row.name, row.nature)
        sums[key] = sums.get(key, 0) + row.amount
    return tuple(
        HeldLine(kind, account, item, name, Fen(amount), nature)
        for (kind, account, item, name, nature), amount in sums.items()
        if amount
    )


def _net(rows: Iterable[Any]) -> tuple[TenderKept, ...]:
    sums: dict[tuple[str, str], TenderKept] = {}
    for row in rows:
        key = (row.code, row.reference)
        before = sums[key].kept if key in sums else ZERO
        kept = Fen(before + row.kept)
        sums[key] = TenderKept(row.tender_id, row.code, row.name, row.kind, kept, row.reference)
    return tuple(one for one in sums.values() if one.kept)


def _parts(rows: Iterable[Any], payment: int) -> tuple[tuple[SettledPart, ...], dict[int, ChargeWords]]:
    """What the payment settled, less what was given back, and months ahead that a refund billed anew; a charge made by
    a deduction is not its own.
    """
    sums: dict[tuple[int, str], int] = {}
    charges: dict[int, ChargeWords] = {}
    for row in rows:
        key = (row.charge_id, row.kind)
        if row.payment_id == payment or row.billed_here:
            charges[row.charge_id] = ChargeWords(row.account_id, row.unit, row.item, row.period)
            sums[key] = sums.get(key, 0) + row.amount
        elif key in sums:
            sums[key] += row.amount
    parts = tuple(SettledPart(charge, kind, Fen(amount)) for (charge, kind), amount in sums.items() if amount)
    return parts, charges


_DEPOSIT_HELD = (
    select(func.coalesce(func.sum(-_posting.c.amount), 0))
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_posting.c.account_id == bindparam("account"), _ledger_account.c.code == bindparam("code"))
)
_DEPOSITS_HELD = (
    select(_ledger_account.c.code, func.sum(-_posting.c.amount).label("held"))
    .join(_posting, _posting.c.ledger_account_id == _ledger_account.c.id)
    .where(
        _posting.c.account_id == bindparam("account"),
        _ledger_account.c.code.startswith(chart.deposits("").code, autoescape=True),
    )
    .group_by(_ledger_account.c.code)
    .order_by(_ledger_account.c.code)
)
_BROUGHT_ALONG = select(_opening.c.id).where(
    _opening.c.kind == "deposit", _opening.c.account_id == bindparam("account"), _opening.c.name == bindparam("name")
)


def deposit_held(connection: Connection, account: int, name: str) -> Fen:
    """What is held of a deposit for an account."""
    facts = {"account": account, "code": chart.deposits(name).code}
    return Fen(int(connection.execute(_DEPOSIT_HELD, facts).scalar_one()))


def deposits_held(connection: Connection, account: int) -> dict[str, Fen]:
    """Every deposit that is held for an account, by name."""
    prefix = chart.deposits("").code
    rows = connection.execute(_DEPOSITS_HELD, {"account": account})
    return {row.code.removeprefix(prefix): Fen(int(row.held)) for row in rows if row.held}


def brought_along(connection: Connection, account: int, name: str) -> bool:
    """Whether a deposit was brought along from another book, so that its slip has a number of that book."""
    return connection.execute(_BROUGHT_ALONG, {"account": account, "name": name}).first() is not None


_SLIPS = (
    select(_receipt.c.code, _payment.c.id)
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .join(_line, _line.c.payment_id == _payment.c.id)
    .where(
        _payment.c.kind == "payment",
        _line.c.kind == "deposit",
        _line.c.account_id == bindparam("account"),
        _line.c.name == bindparam("name"),
    )
    .order_by(_payment.c.id.desc())
)


def deposit_slip(connection: Connection, account: int, name: str, amount: Fen) -> str:
    """The number of the latest receipt that took a deposit and still holds as much of it; empty where none does."""
    for row in connection.execute(_SLIPS, {"account": account, "name": name}).all():
        if connection.execute(_TAKEN_BACK, {"payment": row.id}).first() is not None:
            continue
        left = payment_left(connection, row.id)
        if sum(one.amount for one in left.deposits if (one.name, one.account) == (name, account)) >= amount:
            return str(row.code)
    return ""


_unclaimed = table_of(UnclaimedMoney)
_corrected, _mirror = _payment.alias("corrected"), _payment.alias("mirror")
_TAKEN_BACK = select(_payment.c.id).where(_payment.c.reverses_id == bindparam("payment"))
_GIVEN = (
    select(_payment.c.total, _receipt.c.code, _payment.c.kind, _unclaimed.c.id.label("claim"))
    .join(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .join(_corrected, _corrected.c.id == _correction.c.corrects_id)
    .outerjoin(_unclaimed, _unclaimed.c.entry_id == _corrected.c.entry_id)
    .outerjoin(_mirror, _mirror.c.reverses_id == _payment.c.id)
    # A claim that was taken back is none; of money that was moved on, the paper stays.
    .where(_correction.c.corrects_id == bindparam("payment"), or_(_unclaimed.c.id.is_(None), _mirror.c.id.is_(None)))
    .order_by(_payment.c.id)
)
_CHANGED = (
    select(_payment.c.id)
    .join(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .where(_correction.c.corrects_id == bindparam("payment"), _payment.c.kind == "tender_change")
)


@dataclass(frozen=True, slots=True)
class PutRight:
    """What was put right of a payment since, for the marks of its papers: ``refunded`` in fen by the papers named,
    ``paid_by`` the ways it really was paid in, where that was changed, ``moved_to`` the receipt of the right account;
    ``claimed_by`` the receipts by which money of unknown origin was claimed.
    """

    refunded: Fen
    refunds: tuple[str, ...]
    paid_by: tuple[str, ...]
    moved_to: str
    claimed_by: tuple[str, ...] = ()


def put_right(connection: Connection, payment: int) -> PutRight:
    """What became of a payment, without keeping other desks off it."""
    rows = connection.execute(_GIVEN, {"payment": payment}).all()
    given = [row for row in rows if row.kind in _GIVEN_BACK]
    changes = connection.execute(_CHANGED, {"payment": payment}).scalars().all()
    tenders: tuple[TenderKept, ...] = ()
    if changes:
        tenders = _net(connection.execute(_TENDERS, {"payments": [payment, *changes]}))
    return PutRight(
        refunded=Fen(-sum(row.total for row in given)),
        refunds=tuple(row.code for row in given),
        paid_by=tuple(one.name for one in tenders),
        moved_to=next((row.code for row in rows if row.kind == "payment" and row.claim is None), ""),
        claimed_by=tuple(row.code for row in rows if row.kind == "payment" and row.claim is not None),
    )
