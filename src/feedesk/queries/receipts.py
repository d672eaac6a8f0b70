"""Stored receipts: found by their number, with what happened to them since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from feedesk.errors import UserError
from feedesk.models import Payment, PrintJob, Receipt, table_of
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument
from feedesk.texts import N_

_receipt, _payment, _job = (table_of(model) for model in (Receipt, Payment, PrintJob))
_reversal = _payment.alias("reversal")
_reversal_receipt = _receipt.alias("reversal_receipt")


class UnknownReceipt(UserError):
    message = N_("There is no receipt “{number}”: check the number, for example SJ-2026-1-000001.")


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as issued: ``status`` issued, void or reversed; ``copies`` counts the print jobs that exist for it."""

    id: int
    number: str
    payment: int
    account: int | None
    shift: int
    business_date: date
    status: str
    reversed_by: str
    copies: int
    document: ReceiptDocument

    def marks(self, reprint: int = 0) -> PaperMarks:
        """What a copy of it must say today."""
        return PaperMarks(reprint=reprint, void=self.status == "void", reversed_by=self.reversed_by)


_FIND = (
    select(
        _receipt.c.id,
        _receipt.c.code,
        _receipt.c.payment_id,
        _payment.c.account_id,
        _payment.c.shift_id,
        _receipt.c.business_date,
        _receipt.c.document,
        _reversal.c.kind.label("reversal_kind"),
        func.coalesce(_reversal_receipt.c.code, "").label("reversed_by"),
        select(func.count()).where(_job.c.receipt_id == _receipt.c.id).scalar_subquery().label("copies"),
    )
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .outerjoin(_reversal_receipt, _reversal_receipt.c.payment_id == _reversal.c.id)
)
_BY_CODE = _FIND.where(_receipt.c.code == bindparam("code"))
_BY_ID = _FIND.where(_receipt.c.id == bindparam("receipt"))
_LAST = select(func.max(_receipt.c.id)).join(_payment, _payment.c.id == _receipt.c.payment_id)
_LAST_OF_SHIFT = _LAST.where(_payment.c.shift_id == bindparam("shift"))

_STATUS = {None: "issued", "void": "void", "reversal": "reversed", "refund": "issued"}


def find_receipt(connection: Connection, number: str) -> StoredReceipt:
    """The receipt of that number; `UnknownReceipt` where there is none."""
    row = connection.execute(_BY_CODE, {"code": number.strip().upper()}).one_or_none()
    if row is None:
        raise UnknownReceipt(number=number)
    return _stored(row._mapping)


def receipt_by_id(connection: Connection, receipt: int) -> StoredReceipt:
    """The receipt of that key."""
    return _stored(connection.execute(_BY_ID, {"receipt": receipt}).one()._mapping)


def last_receipt(connection: Connection, *, shift: int) -> StoredReceipt | None:
    """The receipt issued last in a shift."""
    receipt = connection.execute(_LAST_OF_SHIFT, {"shift": shift}).scalar()
    return None if receipt is None else receipt_by_id(connection, receipt)


def _stored(row: Any) -> StoredReceipt:
    return StoredReceipt(
        id=row["id"],
        number=row["code"],
        payment=row["payment_id"],
        account=row["account_id"],
        shift=row["shift_id"],
        business_date=row["business_date"],
        status=_STATUS[row["reversal_kind"]],
        reversed_by=row["reversed_by"],
        copies=row["copies"],
        document=ReceiptDocument.from_json(row["document"]),
    )
