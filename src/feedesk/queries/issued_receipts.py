"""Receipts as issued, newest first: of a shift, to void one or print it again, or of an account, its history.

An account's history also has the offsets (自动冲抵), which settled charges without a paper, and the payments of others
that settled charges of it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, or_, select, union

from feedesk.models import (
    Account,
    AllocationBasis,
    Correction,
    Entry,
    Payment,
    PaymentLine,
    PaymentTender,
    Posting,
    Receipt,
    Tender,
    Unit,
    table_of,
)
from feedesk.money import ZERO, Fen
from feedesk.queries.accounts import account_by_id, household
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind

_receipt, _payment, _entry, _account, _unit, _tender, _payment_tender = (
    table_of(model) for model in (Receipt, Payment, Entry, Account, Unit, Tender, PaymentTender)
)
_posting, _basis = table_of(Posting), table_of(AllocationBasis)
_line, _correction = table_of(PaymentLine), table_of(Correction)
_reversal = _payment.alias("reversal")
_of_accounts: BindParameter[int] = bindparam("accounts", expanding=True)

PAYMENTS_FOR_ACCOUNTS = union(
    select(_payment.c.id).where(_payment.c.account_id.in_(_of_accounts)),
    select(_payment.c.id)
    .join(_posting, _posting.c.entry_id == _payment.c.entry_id)
    .where(_posting.c.account_id.in_(_of_accounts)),
)
"""The keys of every payment on accounts, and of those on other accounts that settled charges of theirs."""

_ISSUED = (
    select(
        _receipt.c.code,
        _receipt.c.document,
        _reversal.c.kind.label("taken_back"),
        _basis.c.kind.label("basis"),
        _basis.c.clause,
    )
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .outerjoin(_basis, _basis.c.payment_id == _payment.c.id)
    .order_by(_receipt.c.id.desc())
)
_OF_SHIFT = _ISSUED.where(_payment.c.shift_id == bindparam("shift"))
# Of somebody without an account (散客), whose receipt is all there is to find it by.
_OF_STRANGERS = (
    _ISSUED.where(
        _payment.c.account_id.is_(None),
        _payment.c.kind == "payment",
        select(_line.c.id).where(_line.c.payment_id == _payment.c.id, _line.c.kind == "sale").exists(),
    )
).limit(bindparam("most"))
_OF_STRANGER = _ISSUED.where(
    or_(
        _payment.c.id == bindparam("payment"),
        _payment.c.reverses_id == bindparam("payment"),
        _payment.c.entry_id.in_(
            select(_correction.c.entry_id).where(_correction.c.corrects_id == bindparam("payment"))
        ),
    )
)
_OF_ACCOUNTS = _ISSUED.where(_payment.c.id.in_(PAYMENTS_FOR_ACCOUNTS))
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

    An offset has no ``number`` and the status offset, or reversed once it was taken back. ``others`` are the units that
    were paid for beside ``unit``; ``basis`` is agreed (by ``clause``) or designated, empty where nothing says it.
    ``moved`` is what of the total is money that came or went.
    """

    number: str
    at: datetime
    unit: str
    payer: str
    tenders: tuple[str, ...]
    total: Fen
    status: str
    others: tuple[str, ...] = ()
    basis: str = ""
    clause: str = ""
    moved: Fen = ZERO


def issued_receipts(connection: Connection, *, shift: int) -> tuple[IssuedReceipt, ...]:
    """The receipts of a shift, newest first."""
    return tuple(_issued(row) for row in connection.execute(_OF_SHIFT, {"shift": shift}))


def receipts_of_strangers(connection: Connection, *, most: int) -> tuple[IssuedReceipt, ...]:
    """What was sold to people without an account, the ``most`` newest."""
    return tuple(_issued(row) for row in connection.execute(_OF_STRANGERS, {"most": most}))


def papers_of_payment(connection: Connection, *, payment: int) -> tuple[IssuedReceipt, ...]:
    """A payment's receipt and every paper that puts it right, newest first."""
    return tuple(_issued(row) for row in connection.execute(_OF_STRANGER, {"payment": payment}))


def _issued(row: Any) -> IssuedReceipt:
    document = ReceiptDocument.from_json(row.document)
    states = {"void": "void", "reversal": "reversed", "transfer_out": "transferred"}
    status = states.get(row.taken_back or "", "issued")
    return IssuedReceipt(
        number=document.number,
        at=datetime.fromisoformat(document.issued_at),
        unit=document.unit,
        payer=document.payer,
        tenders=tuple(tender.name for tender in document.tenders),
        total=document.total,
        status=status if document.kind is ReceiptKind.PAYMENT else "red",
        others=document.other_units,
        basis=row.basis or "",
        clause=row.clause or "",
        moved=document.moved,
    )


def receipts_of_account(connection: Connection, *, account: int, on: date) -> tuple[IssuedReceipt, ...]:
    """Every paper and every offset of an account and of the units joined to it, newest first."""
    accounts = [one.id for one in household(connection, account_by_id(connection, account), on)]
    papers = [_issued(row) for row in connection.execute(_OF_ACCOUNTS, {"accounts": accounts})]
    for at, unit, payer, tender, total, taken_back in connection.execute(_OFFSETS, {"accounts": accounts}):
        status = "reversed" if taken_back else "offset"
        papers.append(IssuedReceipt("", at, unit, payer, (tender,), Fen(total), status))
    return tuple(sorted(papers, key=lambda paper: paper.at, reverse=True))
