"""What a shift's receipts say about a difference in its drawer."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from feedesk.models import CashMovement, Correction, Entry, Payment, PaymentTender, Receipt, Tender, table_of
from feedesk.money import Fen
from feedesk.queries.desk_terms import change_step
from feedesk.rules.drawer import SIGNS, Movement
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind
from feedesk.rules.variance import Cause, DrawerMovement, DrawerReceipt, likely_causes

_receipt, _payment, _tender = table_of(Receipt), table_of(Payment), table_of(Tender)
_correction, _payment_tender = table_of(Correction), table_of(PaymentTender)
_entry, _movement = table_of(Entry), table_of(CashMovement)
_void = _payment.alias("void")

_RECEIPTS = (
    select(_receipt.c.document, _receipt.c.payment_id, _void.c.id.label("void"))
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .outerjoin(_void, (_void.c.reverses_id == _payment.c.id) & (_void.c.kind == "void"))
    # What was brought here from another account was handed over with the receipt it came from.
    .where(_payment.c.shift_id == bindparam("shift"), or_(_payment.c.kind != "payment", _correction.c.id.is_(None)))
    .order_by(_receipt.c.id)
)
_CHANGED = (
    select(_correction.c.corrects_id, _tender.c.code, _tender.c.name, _payment_tender.c.kept)
    .join(_payment, _payment.c.entry_id == _correction.c.entry_id)
    .join(_payment_tender, _payment_tender.c.payment_id == _payment.c.id)
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .where(_payment.c.shift_id == bindparam("shift"), _payment.c.kind == "tender_change")
)
_MOVEMENTS = (
    select(_movement.c.kind, _movement.c.amount, _movement.c.purpose, _entry.c.recorded_at)
    .join(_entry, _entry.c.id == _movement.c.entry_id)
    .where(_movement.c.shift_id == bindparam("shift"))
    .order_by(_movement.c.id)
)
_CASH = select(_tender.c.code).where(_tender.c.kind == "cash")


def causes_of_difference(connection: Connection, *, shift: int, over_short: Fen) -> tuple[Cause, ...]:
    """The mistakes that would explain a shift's ``over_short`` (counted less expected) exactly, likeliest first."""
    if not over_short:
        return ()
    cash = frozenset(connection.execute(_CASH).scalars())
    changes: dict[int, list[Any]] = {}
    for change in connection.execute(_CHANGED, {"shift": shift}):
        changes.setdefault(change.corrects_id, []).append(change)
    receipts = [
        _drawer_receipt(
            ReceiptDocument.from_json(row.document), changes.get(row.payment_id, ()), cash, row.void is not None
        )
        for row in connection.execute(_RECEIPTS, {"shift": shift})
    ]
    movements = [
        DrawerMovement(Fen(SIGNS[Movement(row.kind)] * row.amount), row.purpose, f"{row.recorded_at:%H:%M}")
        for row in connection.execute(_MOVEMENTS, {"shift": shift})
    ]
    return likely_causes(receipts, over_short, movements, step=change_step(connection))


def _drawer_receipt(
    document: ReceiptDocument, changes: Sequence[Any], cash: frozenset[str], is_void: bool
) -> DrawerReceipt:
    """A receipt with the tenders it was really paid in: those on paper and what was changed of them since."""
    sign = 1 if document.kind is ReceiptKind.PAYMENT else -1
    kept: dict[tuple[str, str], int] = {}
    for one in document.tenders:
        kept[one.code, one.name] = kept.get((one.code, one.name), 0) + sign * abs(one.kept)
    for row in changes:
        kept[row.code, row.name] = kept.get((row.code, row.name), 0) + row.kept
    return DrawerReceipt(
        number=document.number,
        time=document.issued_at[11:16],
        cash=Fen(sum(amount for (code, _name), amount in kept.items() if code in cash)),
        others={name: Fen(amount) for (code, name), amount in kept.items() if code not in cash and amount},
        change=document.change,
        is_void=is_void,
        unit=document.unit,
    )
