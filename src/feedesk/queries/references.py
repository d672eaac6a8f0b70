"""References (交易单号): which payments still lack theirs, what was typed later, and where one was seen before."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, func, or_, select

from feedesk.ledger.prepared import Prepared
from feedesk.models import (
    Account,
    AddedReference,
    Correction,
    Payment,
    PaymentTender,
    Receipt,
    Shift,
    Staff,
    Tender,
    Till,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.queries.corrections import PaymentLeft, payment_left

_account, _added, _correction, _payment, _given, _receipt = (
    table_of(model) for model in (Account, AddedReference, Correction, Payment, PaymentTender, Receipt)
)
_shift, _staff, _tender, _till, _unit = (table_of(model) for model in (Shift, Staff, Tender, Till, Unit))
_later, _bounced = _payment.alias("later"), _payment.alias("bounced")
_concerned, _changing = _correction.alias("concerned"), _payment.alias("changing")


@dataclass(frozen=True, slots=True)
class MissingReference:
    """A way of paying that asks for a reference and has none yet; ``sequence`` is its place in the payment.

    ``receipt`` is the number on its paper, ``amount`` what came in that way, in fen.
    """

    payment: int
    sequence: int
    receipt: str
    unit: str
    payer: str
    tender_id: int
    tender: str
    amount: Fen
    till: str
    cashier: str


@dataclass(frozen=True, slots=True)
class GivenTender:
    """A way in which a payment was paid: the reference it was taken with, and the one typed later."""

    tender_id: int
    tender: str
    asks_reference: bool
    amount: Fen
    receipt: str
    business_date: date
    own: str
    typed: str


# Of a change of tender the receipt is that of the payment it concerns.
_BASE: Any = func.coalesce(_concerned.c.corrects_id, _payment.c.id)
_LACKING = (
    select(
        _payment.c.id.label("payment"),
        _given.c.sequence,
        _BASE.label("base"),
        _payment.c.kind,
        func.coalesce(_receipt.c.code, "").label("receipt"),
        func.coalesce(_unit.c.code, "").label("unit"),
        _payment.c.payer,
        _tender.c.id.label("tender_id"),
        _tender.c.code,
        _tender.c.name.label("tender"),
        _given.c.kept.label("amount"),
        _till.c.name.label("till"),
        _staff.c.name.label("cashier"),
    )
    .join(_given, _given.c.payment_id == _payment.c.id)
    .join(_tender, and_(_tender.c.id == _given.c.tender_id, _tender.c.asks_reference))
    .join(_shift, _shift.c.id == _payment.c.shift_id)
    .join(_till, _till.c.id == _shift.c.till_id)
    .join(_staff, _staff.c.id == _shift.c.cashier_id)
    .outerjoin(_concerned, and_(_concerned.c.entry_id == _payment.c.entry_id, _payment.c.kind == "tender_change"))
    .outerjoin(_receipt, _receipt.c.payment_id == _BASE)
    .outerjoin(_account, _account.c.id == _payment.c.account_id)
    .outerjoin(_unit, _unit.c.id == _account.c.unit_id)
    .where(
        _payment.c.kind.in_(("payment", "tender_change")),
        _given.c.kept > 0,
        or_(_given.c.reference.is_(None), _given.c.reference == ""),
        ~exists().where(_added.c.payment_id == _payment.c.id, _added.c.sequence == _given.c.sequence),
        ~exists().where(_later.c.reverses_id == _BASE),
        ~exists().where(
            _correction.c.corrects_id == _BASE,
            _bounced.c.entry_id == _correction.c.entry_id,
            _bounced.c.kind == "bounce",
        ),
    )
    .order_by(_payment.c.id, _given.c.sequence)
)
_ON_DAY = _LACKING.where(_payment.c.business_date == bindparam("day"))
_ONE = (
    select(
        _given.c.reference,
        _given.c.kept,
        _given.c.tender_id,
        _tender.c.name.label("tender"),
        _tender.c.asks_reference,
        func.coalesce(_receipt.c.code, "").label("receipt"),
        _payment.c.business_date,
    )
    .select_from(_given)
    .join(_payment, _payment.c.id == _given.c.payment_id)
    .join(_tender, _tender.c.id == _given.c.tender_id)
    .outerjoin(_concerned, and_(_concerned.c.entry_id == _payment.c.entry_id, _payment.c.kind == "tender_change"))
    .outerjoin(_receipt, _receipt.c.payment_id == _BASE)
    .where(_given.c.payment_id == bindparam("payment"), _given.c.sequence == bindparam("sequence"))
)
_CHANGED = exists().where(
    _correction.c.corrects_id == bindparam("payment"),
    _changing.c.entry_id == _correction.c.entry_id,
    _changing.c.kind == "tender_change",
)


_IN_PAYMENT = Prepared(
    select(_receipt.c.code)
    .select_from(_given)
    .join(_receipt, _receipt.c.payment_id == _given.c.payment_id)
    .where(
        _given.c.reference == bindparam("reference"),
        _given.c.tender_id == bindparam("tender"),
        _given.c.payment_id != bindparam("but"),
    )
    .limit(1)
)
_TYPED_LATER = Prepared(
    select(_receipt.c.code)
    .select_from(_added)
    .join(_given, and_(_given.c.payment_id == _added.c.payment_id, _given.c.sequence == _added.c.sequence))
    .join(_receipt, _receipt.c.payment_id == _given.c.payment_id)
    .where(
        _added.c.reference == bindparam("reference"),
        _given.c.tender_id == bindparam("tender"),
        _given.c.payment_id != bindparam("but"),
    )
    .limit(1)
)
_TYPED = (
    select(_added.c.reference)
    .where(_added.c.payment_id == bindparam("payment"), _added.c.sequence == bindparam("sequence"))
    .order_by(_added.c.id.desc())
    .limit(1)
)


def reference_typed_later() -> Any:
    """For a statement over `PaymentTender`: the reference that was typed for the row later, the last one."""
    last = (
        select(_added.c.reference)
        .where(_added.c.payment_id == _given.c.payment_id, _added.c.sequence == _given.c.sequence)
        .order_by(_added.c.id.desc())
        .limit(1)
    )
    return last.correlate(_given).scalar_subquery()


_TYPED_OF = (
    select(_tender.c.code, reference_typed_later().label("reference"))
    .select_from(_given)
    .join(_tender, _tender.c.id == _given.c.tender_id)
    .where(
        _given.c.kept > 0,
        func.coalesce(_given.c.reference, "") == "",
        or_(
            _given.c.payment_id == bindparam("payment"),
            _given.c.payment_id.in_(
                select(_changing.c.id)
                .join(_correction, _correction.c.entry_id == _changing.c.entry_id)
                .where(_correction.c.corrects_id == bindparam("payment"), _changing.c.kind == "tender_change")
            ),
        ),
    )
    .order_by(_given.c.payment_id, _given.c.sequence)
)


def references_that_stand(connection: Connection, left: PaymentLeft) -> tuple[tuple[str, str], ...]:
    """The references of the money of a payment as it stands, each with the code of its way of paying: taken with it, or
    typed later.
    """
    own = [(one.code, one.reference) for one in left.tenders if one.reference]
    bare = {one.code for one in left.tenders if not one.reference}
    rows = connection.execute(_TYPED_OF, {"payment": left.id}).all()
    typed = [(row.code, row.reference) for row in rows if row.reference and row.code in bare]
    return tuple(dict.fromkeys((*own, *typed)))


def numbers_of(connection: Connection, left: PaymentLeft) -> dict[str, str]:
    """The one number of each way of paying, by its code; a way with two numbers is left out."""
    pairs = references_that_stand(connection, left)
    codes = [code for code, _reference in pairs]
    return {code: reference for code, reference in pairs if codes.count(code) == 1}


def missing_references(connection: Connection, day: date) -> tuple[MissingReference, ...]:
    """What a business day took by channel or bank without a reference, and that still stands; reversed ones do not."""
    rows = connection.execute(_ON_DAY, {"day": day}).all()
    return tuple(
        MissingReference(
            payment=row.payment,
            sequence=row.sequence,
            receipt=row.receipt,
            unit=row.unit,
            payer=row.payer,
            tender_id=row.tender_id,
            tender=row.tender,
            amount=Fen(row.amount),
            till=row.till,
            cashier=row.cashier,
        )
        for row in rows
        if _still_stands(connection, row)
    )


def _still_stands(connection: Connection, row: Any) -> bool:
    """Whether the money still counts as come in that way: it may have been booked in another tender since."""
    if not connection.execute(select(_CHANGED), {"payment": row.base}).scalar():
        return True
    left = payment_left(connection, row.base)
    return any(one.code == row.code and not one.reference and one.kept > 0 for one in left.tenders)


def reference_seen(connection: Connection, *, reference: str, tender: int, but: int = 0) -> str | None:
    """The receipt on which a reference was seen before in that tender, taken with it or typed later; None: nowhere.

    ``but`` leaves a payment out.
    """
    facts = {"reference": reference, "tender": tender, "but": but}
    found: str | None = _IN_PAYMENT.scalar(connection, facts) or _TYPED_LATER.scalar(connection, facts)
    return found


def given_in(connection: Connection, payment: int, sequence: int) -> GivenTender | None:
    """A way in which a payment was paid, as it stands; None where there is none."""
    facts = {"payment": payment, "sequence": sequence}
    row = connection.execute(_ONE, facts).one_or_none()
    if row is None:
        return None
    typed = connection.execute(_TYPED, facts).one_or_none()
    return GivenTender(
        tender_id=row.tender_id,
        tender=row.tender,
        asks_reference=row.asks_reference,
        amount=Fen(row.kept),
        receipt=row.receipt,
        business_date=row.business_date,
        own=row.reference or "",
        typed=typed.reference if typed else "",
    )
