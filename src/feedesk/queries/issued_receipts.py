"""Receipts as issued, newest first: of a shift, to void one or print it again, or of an account, its history.

An account's history also has the offsets (自动冲抵), which settled charges without a paper.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Account, Entry, Payment, PaymentTender, Receipt, Tender, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.accounts import account_by_id, household
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind

_receipt, _payment, _entry, _account, _unit, _tender, _payment_tender = (
    table_of(model) for model in (Receipt, Payment, Entry, Account, Unit, Tender, PaymentTender)
)
_reversal = _payment.alias("reversal")

_ISSUED = (
    select(_receipt.c.code, _receipt.c.document, _reversal.c.kind.label("taken_back"))
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .order_by(_receipt.c.id.desc())
)
_OF_SHIFT = _ISSUED.where(_payment.c.shift_id == bindparam("shift"))
_OF_ACCOUNTS = _ISSUED.where(_payment.c.account_id.in_(bindparam("accounts", expanding=True)))
_OFFSETS = (
    select(
        _entry.c.recorded_at,
        _unit.c.code,
        _payment.c.payer,
        _tender.c.name,
        _payment.c.total,
        _reversal.c.kind.label("taken_back"),
    )
    .join(_entry, _entry.c.id == _payment.c.entry_id)
    .join(_account, _account.c.id == _payment.c.account_id)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_payment_tender, _payment_tender.c.payment_id == _payment.c.id)
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .where(_payment.c.account_id.in_(bindparam("accounts", expanding=True)), _payment.c.kind == "offset")
)


@dataclass(frozen=True, slots=True)
class IssuedReceipt:
    """A receipt as issued. ``tenders`` are names; ``status``: issued, void, reversed, transferred (to another
    account), or red for a correction.

    An offset has no ``number`` and the status offset, or reversed once it was taken back.
    """

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
    states = {"void": "void", "reversal": "reversed", "transfer_out": "transferred"}
    status = states.get(taken_back or "", "issued")
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
    """Every paper and every offset of an account and of the units joined to it, newest first."""
    accounts = [one.id for one in household(connection, account_by_id(connection, account), on)]
    papers = [
        _issued(ReceiptDocument.from_json(row.document), row.taken_back)
        for row in connection.execute(_OF_ACCOUNTS, {"accounts": accounts})
    ]
    for at, unit, payer, tender, total, taken_back in connection.execute(_OFFSETS, {"accounts": accounts}):
        status = "reversed" if taken_back else "offset"
        papers.append(IssuedReceipt("", at, unit, payer, (tender,), Fen(total), status))
    return tuple(sorted(papers, key=lambda paper: paper.at, reverse=True))
