"""The mirror of a payment: a payment with all its details negative, that takes it back whole.

Its charges are owed again, months it paid ahead go out of force. Where the tender was changed meanwhile, the money goes
back the way it really came. The entry around it mirrors the postings (`ops.mirrored_entries`).
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.ledger.posting import EntryDraft
from feedesk.models import Allocation, Payment, PaymentLine, PaymentTender, table_of
from feedesk.money import Fen
from feedesk.ops.advancing import cancel_advances
from feedesk.ops.charge_moves import give_back
from feedesk.queries.corrections import PaymentLeft
from feedesk.queries.references import numbers_of

_payment, _payment_tender, _allocation, _line = (
    table_of(model) for model in (Payment, PaymentTender, Allocation, PaymentLine)
)
_ORIGINAL = select(_payment).where(_payment.c.id == bindparam("payment"))
_TENDERS, _ALLOCATIONS, _LINES = (
    select(table).where(table.c.payment_id == bindparam("payment")).order_by(table.c.sequence)
    for table in (_payment_tender, _allocation, _line)
)


@dataclass(frozen=True, slots=True)
class Mirror:
    """What `store_mirror` stores: ``row``, the payment that takes ``original`` back, by column.

    ``entries`` are those whose postings are mirrored: the original's own, ``original_entry``, first, then changes of
    its tender. ``tenders``: the rows of these changes instead of the original's.
    """

    row: Mapping[str, Any]
    original: int
    original_entry: int
    entries: tuple[int, ...]
    tenders: tuple[Mapping[str, Any], ...] = ()

    @property
    def total(self) -> Fen:
        """What is taken back, negative."""
        return Fen(self.row["total"])

    def with_key(self, key: str | None) -> "Mirror":
        """The same under a request key that is known; None keeps the one it has."""
        return self if key is None else replace(self, row={**self.row, "request_key": key})


def mirror_of(connection: Connection, payment: int, *, kind: str, shift: int | None, day: date) -> Mirror:
    """The mirror of a payment as it was taken; ``kind`` says why (void, reversal, transfer_out), ``day`` is its own."""
    original = connection.execute(_ORIGINAL, {"payment": payment}).one()._mapping
    row = {
        "kind": kind,
        "request_key": uuid.uuid4().hex,
        "request_digest": "",
        "account_id": original["account_id"],
        "payer": original["payer"],
        "shift_id": shift,
        "business_date": day,
        **{column: -original[column] for column in ("total", "tendered", "change", "rounding")},
        "reverses_id": original["id"],
    }
    entry = original["entry_id"]
    return Mirror(row, original["id"], entry, (entry,))


def in_its_tenders(connection: Connection, mirror: Mirror, left: PaymentLeft) -> Mirror:
    """The mirror of a payment whose tender may have been changed: the money goes back the way it really came."""
    if not left.changed_by:
        return mirror
    changes = [connection.execute(_ORIGINAL, {"payment": change}).one().entry_id for change in left.changed_by]
    tenders = [
        {
            "sequence": place,
            "tender_id": one.tender,
            "tendered": -one.kept,
            "kept": -one.kept,
            "reference": one.reference or None,
        }
        for place, one in enumerate(left.tenders)
    ]
    row = {**mirror.row, "tendered": mirror.total, "change": 0}
    return replace(mirror, row=row, entries=(*mirror.entries, *changes), tenders=tuple(tenders))


def with_numbers(connection: Connection, mirror: Mirror, left: PaymentLeft) -> Mirror:
    """The same with the references that were typed only after the payment was taken."""
    numbers = numbers_of(connection, left)
    known = {one.tender: numbers[one.code] for one in left.tenders if one.code in numbers}
    rows = mirror.tenders or _mirrored_tenders(connection, mirror.original)
    return replace(
        mirror,
        tenders=tuple({**row, "reference": row["reference"] or known.get(row["tender_id"])} for row in rows),
    )


def store_mirror(draft: EntryDraft, mirror: Mirror) -> int:
    """Stores a mirror with all its details; its charges are owed again, months paid ahead are not. Returns its key."""
    payment = draft.add(_payment, dict(mirror.row))
    connection, facts = draft.connection, {"payment": mirror.original}
    returned: dict[int, tuple[int, int]] = {}
    for values in mirror.tenders or _mirrored_tenders(connection, mirror.original):
        draft.add(_payment_tender, {**values, "payment_id": payment})
    for row in connection.execute(_ALLOCATIONS, facts).all():
        draft.add(_allocation, _without_id({**row._mapping, "payment_id": payment, "amount": -row.amount}))
        principal, late_fee = returned.get(row.charge_id, (0, 0))
        if row.kind == "principal":
            returned[row.charge_id] = (principal - row.amount, late_fee)
        else:
            returned[row.charge_id] = (principal, late_fee - row.amount)
    for row in connection.execute(_LINES, facts).all():
        draft.add(_line, _without_id({**row._mapping, "payment_id": payment, "amount": -row.amount}))
    give_back(draft, returned)
    cancel_advances(draft, mirror.original_entry)
    return payment


def _mirrored_tenders(connection: Connection, payment: int) -> Sequence[Mapping[str, Any]]:
    rows = connection.execute(_TENDERS, {"payment": payment}).all()
    return [_without_id({**row._mapping, "tendered": -row.tendered, "kept": -row.kept}) for row in rows]


def _without_id(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "id"}
