"""Payments as they were taken."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Allocation, Charge, FeeItem, Payment, Receipt, table_of
from feedesk.money import ZERO, Fen
from feedesk.rules.receipt_document import ReceiptDocument

_payment, _receipt, _allocation, _charge, _item = (
    table_of(model) for model in (Payment, Receipt, Allocation, Charge, FeeItem)
)


@dataclass(frozen=True, slots=True)
class SettledPart:
    """What a payment settled of one charge, in fen."""

    charge: int
    item: str
    period: str
    principal: Fen
    late_fee: Fen


@dataclass(frozen=True, slots=True)
class CollectedFacts:
    """A payment as it was taken, with what was still owed right after it."""

    receipt: str
    total: Fen
    tendered: Fen
    change: Fen
    rounding: Fen
    balance_after: Fen
    settled: tuple[SettledPart, ...]


_PAYMENT = (
    select(
        _payment.c.total,
        _payment.c.tendered,
        _payment.c.change,
        _payment.c.rounding,
        _receipt.c.code,
        _receipt.c.document,
    )
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.id == bindparam("payment"))
)
_SETTLED = (
    select(_allocation.c.charge_id, _item.c.name, _charge.c.period, _allocation.c.kind, _allocation.c.amount)
    .join(_charge, _charge.c.id == _allocation.c.charge_id)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .where(_allocation.c.payment_id == bindparam("payment"))
    .order_by(_allocation.c.sequence)
)


def collected_facts(connection: Connection, payment: int) -> CollectedFacts:
    """The payment of that key, which must have a receipt."""
    row = connection.execute(_PAYMENT, {"payment": payment}).one()
    settled: dict[int, SettledPart] = {}
    for part in connection.execute(_SETTLED, {"payment": payment}):
        before = settled.get(part.charge_id) or SettledPart(part.charge_id, part.name, part.period, ZERO, ZERO)
        principal = before.principal + (part.amount if part.kind == "principal" else 0)
        late_fee = before.late_fee + (part.amount if part.kind == "late_fee" else 0)
        settled[part.charge_id] = SettledPart(part.charge_id, part.name, part.period, Fen(principal), Fen(late_fee))
    return CollectedFacts(
        receipt=row.code,
        total=Fen(row.total),
        tendered=Fen(row.tendered),
        change=Fen(row.change),
        rounding=Fen(row.rounding),
        balance_after=ReceiptDocument.from_json(row.document).still_owed,
        settled=tuple(settled.values()),
    )
