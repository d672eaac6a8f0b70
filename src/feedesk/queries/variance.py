"""What a shift's receipts say about a difference in its drawer."""

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Payment, Receipt, Tender, table_of
from feedesk.money import Fen
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind
from feedesk.rules.variance import Cause, DrawerReceipt, likely_causes

_receipt, _payment, _tender = table_of(Receipt), table_of(Payment), table_of(Tender)
_void = _payment.alias("void")

_RECEIPTS = (
    select(_receipt.c.document, _void.c.id.label("void"))
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_void, (_void.c.reverses_id == _payment.c.id) & (_void.c.kind == "void"))
    .where(_payment.c.shift_id == bindparam("shift"))
    .order_by(_receipt.c.id)
)
_CASH = select(_tender.c.code).where(_tender.c.kind == "cash")


def causes_of_difference(connection: Connection, *, shift: int, over_short: Fen) -> tuple[Cause, ...]:
    """The mistakes that would explain a shift's ``over_short`` (counted less expected) exactly, likeliest first."""
    if not over_short:
        return ()
    cash = frozenset(connection.execute(_CASH).scalars())
    rows = connection.execute(_RECEIPTS, {"shift": shift})
    receipts = [_drawer_receipt(ReceiptDocument.from_json(row.document), cash, row.void is not None) for row in rows]
    return likely_causes(receipts, over_short)


def _drawer_receipt(document: ReceiptDocument, cash: frozenset[str], is_void: bool) -> DrawerReceipt:
    sign = 1 if document.kind is ReceiptKind.PAYMENT else -1
    return DrawerReceipt(
        number=document.number,
        time=document.issued_at[11:16],
        cash=Fen(sign * sum(abs(one.kept) for one in document.tenders if one.code in cash)),
        others={one.name: Fen(sign * abs(one.kept)) for one in document.tenders if one.code not in cash},
        change=document.change,
        is_void=is_void,
    )
