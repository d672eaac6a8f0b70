"""Receipts as issued, newest first: of a shift, to void one or print it again, or of an account, its history."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Payment, Receipt, table_of
from feedesk.money import Fen
from feedesk.queries.accounts import account_by_id, household
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind

_receipt, _payment = table_of(Receipt), table_of(Payment)
_reversal = _payment.alias("reversal")

_ISSUED = (
    select(_receipt.c.code, _receipt.c.document, _reversal.c.kind.label("taken_back"))
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .order_by(_receipt.c.id.desc())
)
_OF_SHIFT = _ISSUED.where(_payment.c.shift_id == bindparam("shift"))
_OF_ACCOUNTS = _ISSUED.where(_payment.c.account_id.in_(bindparam("accounts", expanding=True)))


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


def receipts_of_account(connection: Connection, *, account: int, on: date) -> tuple[IssuedReceipt, ...]:
    """Every paper of an account and of the units joined to it, newest first."""
    accounts = [one.id for one in household(connection, account_by_id(connection, account), on)]
    return tuple(
        _issued(ReceiptDocument.from_json(row.document), row.taken_back)
        for row in connection.execute(_OF_ACCOUNTS, {"accounts": accounts})
    )
