"""Booking what a year paid at once concedes (一次性付清) of charges that are posted already, and taking it back.

A reduction of its own entry, in the same transaction as the payment and just before it, takes out what they had been
credited with. Whatever takes the payment back, or a part of it, takes the concession back by an entry that mirrors it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection, bindparam, case, select, update

from feedesk.ledger import chart
from feedesk.ledger.posting import PostingLine
from feedesk.models import Allocation, Charge, Entry, LateFeeStop, Payment, Waiver, table_of
from feedesk.money import ZERO, Fen
from feedesk.ops.mirrored_entries import mirrored_postings
from feedesk.ops.releasing import correct_releases
from feedesk.ops.run import Act
from feedesk.ops.single_charges import begin_office_entry, charges_at_hand, credited_account
from feedesk.queries.paid_at_once import AtOnce
from feedesk.queries.statement import StatementCharge

KIND = "concession"
"""The kind of the entry, and of its waivers."""

_allocation, _charge, _entry, _payment, _stop, _waiver = (
    table_of(model) for model in (Allocation, Charge, Entry, Payment, LateFeeStop, Waiver)
)
_LOWER = (
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(waived=_charge.c.waived + bindparam("amount"), status=bindparam("new_status"))
)


def book_concession(act: Act, day: date, granted: AtOnce, charges: Sequence[StatementCharge]) -> None:
    """Lowers the charges that the payment under way settles; ``charges`` stand as they are lowered."""
    if not granted.cuts:
        return
    lowered = {one.id: one for one in charges}
    draft = begin_office_entry(replace(act, business_date=day), KIND, "+".join(granted.labels))
    lines: list[PostingLine] = []
    amounts = {cut.charge: cut.amount for cut in granted.cuts}
    deferred = False
    for fact in charges_at_hand(act.connection, list(amounts)):
        amount, left = amounts[fact.id], lowered[fact.id]
        draft.add(_waiver, {"charge_id": fact.id, "kind": KIND, "amount": amount})
        status = "open" if left.due else "settled"
        act.connection.execute(_LOWER, {"charge": fact.id, "amount": amount, "new_status": status})
        if not left.principal and left.late_fee_accrued:
            draft.add(_stop, {"charge_id": fact.id, "amount": left.late_fee_accrued})
        credited = credited_account(act.connection, fact)
        deferred = deferred or credited.code == chart.deferred(fact.item).code
        lines += [
            PostingLine(credited, amount, fact.account),
            PostingLine(chart.receivable(fact.item), Fen(-amount), fact.account),
        ]
    draft.seal(lines)
    if deferred:
        correct_releases(act)


_undone = _entry.alias("undone")
_GRANTED = (
    select(_waiver.c.entry_id, _waiver.c.charge_id, _waiver.c.amount)
    .join(_entry, _entry.c.id == _waiver.c.entry_id)
    .join(_allocation, _allocation.c.charge_id == _waiver.c.charge_id)
    .outerjoin(_undone, _undone.c.reverses_id == _entry.c.id)
    .where(
        _allocation.c.payment_id == bindparam("payment"),
        _entry.c.kind == KIND,
        _entry.c.reverses_id.is_(None),
        _undone.c.id.is_(None),
    )
    .distinct()
)
_OF_ENTRY = select(_waiver.c.charge_id, _waiver.c.amount).where(_waiver.c.entry_id == bindparam("entry"))
_RAISE = (
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(
        waived=_charge.c.waived - bindparam("amount"),
        status=case(
            (_charge.c.status == "cancelled", "cancelled"), (_charge.c.status == "replaced", "replaced"), else_="open"
        ),
    )
)
_STOPPED = select(_stop.c.charge_id, _stop.c.amount).where(_stop.c.entry_id == bindparam("entry"))


def concession_at_stake(connection: Connection, payment: int) -> Fen:
    """What a payment earned by settling a year at once, and would lose with any of its money."""
    rows = connection.execute(_GRANTED, {"payment": payment}).all()
    entries = {row.entry_id for row in rows}
    return Fen(sum(row.amount for entry in entries for row in connection.execute(_OF_ENTRY, {"entry": entry})))


def take_concession_back(act: Act, day: date, payment: int, why: str) -> Fen:
    """After what takes ``payment`` back: what a year paid at once had conceded is owed again. Returns how much."""
    entries = sorted({row.entry_id for row in act.connection.execute(_GRANTED, {"payment": payment})})
    total = 0
    for entry in entries:
        draft = begin_office_entry(replace(act, business_date=day), KIND, why, reverses=entry)
        for row in act.connection.execute(_OF_ENTRY, {"entry": entry}).all():
            draft.add(_waiver, {"charge_id": row.charge_id, "kind": KIND, "amount": -row.amount})
            act.connection.execute(_RAISE, {"charge": row.charge_id, "amount": row.amount})
            total += row.amount
        for stop in act.connection.execute(_STOPPED, {"entry": entry}).all():
            draft.add(_stop, {"charge_id": stop.charge_id, "amount": -stop.amount})
        lines = mirrored_postings(act.connection, [entry])
        draft.seal(lines)
        if any(line.ledger_account.code.startswith(chart.deferred("").code) for line in lines):
            correct_releases(act)
    return Fen(total)


_MIRRORED = (
    select(_payment.c.id, _entry.c.business_date, _entry.c.reason)
    .join(_undone, _undone.c.reverses_id == _payment.c.entry_id)
    .join(_entry, _entry.c.id == _undone.c.id)
    .where(_payment.c.entry_id == bindparam("entry"))
)


def concession_of_mirrored(act: Act, entry: int) -> Fen:
    """After the entry that mirrors a payment's (``entry``): takes back what the payment had earned."""
    row = act.connection.execute(_MIRRORED, {"entry": entry}).one_or_none()
    return ZERO if row is None else take_concession_back(act, row.business_date, row.id, row.reason)
