"""Stored receipts: found by their number, with what happened to them since."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.errors import UserError
from feedesk.models import Correction, Payment, PrintJob, Receipt, ReceiptBook, UnclaimedMoney, table_of
from feedesk.money import ZERO, Fen
from feedesk.queries.corrections import put_right
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument
from feedesk.texts import N_

_receipt, _payment, _job, _book = (table_of(model) for model in (Receipt, Payment, PrintJob, ReceiptBook))
_correction = table_of(Correction)
_unclaimed = table_of(UnclaimedMoney)
_reversal, _corrected = _payment.alias("reversal"), _payment.alias("corrected")
_reversal_receipt = _receipt.alias("reversal_receipt")


class UnknownReceipt(UserError):
    message = N_("There is no receipt “{number}”: check the number, for example SJ-2026-1-000001.")


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """A receipt as issued: ``status`` issued, void, reversed, transferred (转户) or refunded (in full).

    ``copies`` counts the print jobs that exist for it; ``refunded`` fen were given back by the papers ``refunds``,
    ``paid_by`` are the ways it really was paid in where that was changed, ``moved_to`` the right account's receipt,
    ``claimed_by`` the receipts of those who claimed it, were it money of unknown origin.
    """

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
    refunded: Fen = ZERO
    refunds: tuple[str, ...] = ()
    paid_by: tuple[str, ...] = ()
    moved_to: str = ""
    claimed_by: tuple[str, ...] = ()

    def marks(self, reprint: int = 0) -> PaperMarks:
        """What a copy of it must say today."""
        return PaperMarks(
            reprint=reprint,
            void=self.status == "void",
            reversed_by=self.reversed_by,
            refunded_by="、".join(self.refunds),
            paid_by="、".join(self.paid_by),
            moved_to=self.moved_to,
            claimed_by="、".join(self.claimed_by),
        )


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

_STATUS = {None: "issued", "void": "void", "reversal": "reversed", "transfer_out": "transferred"}


def find_receipt(connection: Connection, number: str) -> StoredReceipt:
    """The receipt of that number; `UnknownReceipt` where there is none."""
    row = connection.execute(_BY_CODE, {"code": number.strip().upper()}).one_or_none()
    if row is None:
        raise UnknownReceipt(number=number)
    return _stored(connection, row._mapping)


def receipt_by_id(connection: Connection, receipt: int) -> StoredReceipt:
    """The receipt of that key."""
    return _stored(connection, connection.execute(_BY_ID, {"receipt": receipt}).one()._mapping)


def last_receipt(connection: Connection, *, shift: int) -> StoredReceipt | None:
    """The receipt issued last in a shift."""
    receipt = connection.execute(_LAST_OF_SHIFT, {"shift": shift}).scalar()
    return None if receipt is None else receipt_by_id(connection, receipt)


def _stored(connection: Connection, row: Any) -> StoredReceipt:
    since = put_right(connection, row["payment_id"])
    document = ReceiptDocument.from_json(row["document"])
    status = _STATUS[row["reversal_kind"]]
    if since.refunded and since.refunded >= document.total:
        status = "refunded"
    return StoredReceipt(
        id=row["id"],
        number=row["code"],
        payment=row["payment_id"],
        account=row["account_id"],
        shift=row["shift_id"],
        business_date=row["business_date"],
        status=status,
        reversed_by=row["reversed_by"],
        copies=row["copies"],
        document=document,
        refunded=since.refunded,
        refunds=since.refunds,
        paid_by=since.paid_by,
        moved_to=since.moved_to,
        claimed_by=since.claimed_by,
    )


@dataclass(frozen=True, slots=True)
class SlipOnItsWay:
    """A slip that is not on paper yet, as far as is known: ``state`` waiting, sending, failed or uncertain."""

    job: int
    receipt: str
    unit: str
    state: str
    message: str
    reprint: int


_UNPRINTED = (
    select(_job.c.id, _receipt.c.code, _receipt.c.document, _job.c.state, _job.c.message, _job.c.reprint)
    .join(_receipt, _receipt.c.id == _job.c.receipt_id)
    .where(_job.c.state.in_(("waiting", "sending", "failed", "uncertain")), _job.c.till_id == bindparam("till"))
    .order_by(_job.c.id)
)


def unprinted_slips(connection: Connection, *, till: int) -> list[SlipOnItsWay]:
    """The slips of a till that are waiting, failed or uncertain, oldest first."""
    return [
        SlipOnItsWay(
            row.id, row.code, _whose(ReceiptDocument.from_json(row.document)), row.state, row.message, row.reprint
        )
        for row in connection.execute(_UNPRINTED, {"till": till})
    ]


def _whose(document: ReceiptDocument) -> str:
    """The unit, or who paid without one."""
    return document.unit or document.payer


_NEXT_NUMBER = select(_book.c.prefix, _book.c.next_number).where(
    _book.c.till_id == bindparam("till"), _book.c.year == bindparam("of_year")
)


def next_receipt_number(connection: Connection, *, till: int, till_number: int, year: int) -> str:
    """The number the next receipt of a till will most likely have; it is taken for good inside the posting."""
    row = connection.execute(_NEXT_NUMBER, {"till": till, "of_year": year}).one_or_none()
    return f"SJ-{year}-{till_number}-{1:06d}" if row is None else f"{row.prefix}{row.next_number:06d}"


_TAKEN_TODAY = (
    select(func.count(), func.coalesce(func.sum(_payment.c.total), 0))
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .outerjoin(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .outerjoin(_corrected, _corrected.c.id == _correction.c.corrects_id)
    .outerjoin(_unclaimed, _unclaimed.c.entry_id == _corrected.c.entry_id)
    .where(
        _payment.c.business_date == bindparam("on"),
        _payment.c.kind == "payment",
        _reversal.c.id.is_(None),
        _unclaimed.c.id.is_(None),  # what is claimed came in when it was found
        # What was brought here from another account's payment of an earlier day came in then.
        or_(_correction.c.id.is_(None), _correction.c.value_date == bindparam("on")),
    )
)


def receipts_of_day(connection: Connection, *, on: date) -> tuple[int, int]:
    """How many payments of a day stand, and their sum in fen."""
    count, total = connection.execute(_TAKEN_TODAY, {"on": on}).one()
    return int(count), int(total)
