"""The receipts a shift issued, newest first: what the cashier chooses from to void one or print it again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Payment, Receipt, table_of
from feedesk.money import Fen
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind

_receipt, _payment = table_of(Receipt), table_of(Payment)
_reversal = _payment.alias("reversal")

_OF_SHIFT = (
    select(_receipt.c.code, _receipt.c.document, _reversal.c.kind.label("taken_back"))
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .where(_payment.c.shift_id == bindparam("shift"))
    .order_by(_receipt.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    """A receipt as issued. ``tenders`` are names; ``status``: issued, void, reversed, or red for a correction."""

    number: str
    at: datetime
    unit: str
    payer: str
    tenders: tuple[str, ...]
    total: Fen
    status: str


def issued_receipts(connection: Connection, *, shift: int) -> tuple[IssuedReceipt, ...]:
    """The receipts of a shift, newest first."""
    return tuple(
        _issued(ReceiptDocument.from_json(row.document), row.taken_back)
        for row in connection.execute(_OF_SHIFT, {"shift": shift})
    )


def _issued(document: ReceiptDocument, taken_back: str | None) -> IssuedReceipt:
    status = {"void": "void", "reversal": "reversed"}.get(taken_back or "", "issued")
    return IssuedReceipt(
        number=document.number,
        at=datetime.fromisoformat(document.issued_at),
        unit=document.unit,
        payer=document.payer,
        tenders=tuple(tender.name for tender in document.tenders),
        total=document.total,
        status=status if document.kind is ReceiptKind.PAYMENT else "red",
    )
