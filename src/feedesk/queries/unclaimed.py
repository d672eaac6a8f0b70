"""Money that came without saying for whom (待认领款): what of it is still open, how old it is, and who claimed what.

Nothing is noted on an item when it is claimed or returned: what is open is what came, less the claims that stand and
what went back.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.errors import UserError
from feedesk.models import (
    AddedReference,
    Correction,
    Payment,
    PaymentLine,
    PaymentTender,
    Receipt,
    Tender,
    UnclaimedMoney,
    table_of,
)
from feedesk.money import Fen, format_amount
from feedesk.texts import N_

LINE = "unclaimed"
"""The kind of a payment's line, and the code and kind of the tender by which it is claimed."""

_payment, _line, _payment_tender, _tender, _receipt, _correction, _money = (
    table_of(model) for model in (Payment, PaymentLine, PaymentTender, Tender, Receipt, Correction, UnclaimedMoney)
)
_added = table_of(AddedReference)
_mirror, _later = _payment.alias("mirror"), _payment.alias("later")
_later_mirror, _later_receipt = _payment.alias("later_mirror"), _receipt.alias("later_receipt")


class NotUnclaimed(UserError):
    message = N_("Receipt {receipt} is not of money of unknown origin: look it up in the list (Ctrl+K U).")


class UnclaimedTakenBack(UserError):
    message = N_("Receipt {receipt} was voided or reversed: there is nothing to be claimed or returned of it.")


@dataclass(frozen=True, slots=True)
class UnclaimedItem:
    """Money of unknown origin, in fen: ``amount`` came on ``value_date`` and was booked on ``booked_on``; ``left`` is
    neither claimed nor returned. ``sender`` and ``remark`` are what is known of where it came from.
    """

    payment: int
    receipt: str
    booked_on: date
    value_date: date
    sender: str
    remark: str
    tender_code: str
    tender: str
    reference: str
    amount: Fen
    left: Fen

    def age(self, on: date) -> int:
        """How many days it has been waiting for its owner."""
        return max((on - self.value_date).days, 0)

    @property
    def words(self) -> str:
        """Everything that was written with it."""
        return " ".join(part for part in (self.sender, self.remark, self.reference) if part)

    def fits(self, text: str) -> bool:
        """Whether a text typed into a search field is part of it: amount, reference, sender, remark or receipt."""
        wanted = text.strip().casefold().replace(",", "")
        amounts = (format_amount(self.amount), format_amount(self.left))
        facts = (self.words, self.receipt, self.tender, *(amount.replace(",", "") for amount in amounts))
        return any(wanted in fact.casefold() for fact in facts)


# The claims of an item that stand, and what went back of it: payments that name it.
_USED = (
    select(
        _correction.c.corrects_id.label("item"),
        func.sum(func.abs(_later.c.total)).label("used"),
    )
    .select_from(_correction.join(_later, _later.c.entry_id == _correction.c.entry_id))
    .outerjoin(_later_mirror, _later_mirror.c.reverses_id == _later.c.id)
    .where(_later.c.kind.in_(("payment", "refund")), _later_mirror.c.id.is_(None))
    .group_by(_correction.c.corrects_id)
    .subquery("used")
)
# A reference typed later stands in place of the one it was taken with; an item has just one way of paying.
_typed_later = (
    select(_added.c.reference)
    .where(_added.c.payment_id == _payment.c.id)
    .order_by(_added.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_ITEMS = (
    select(
        _payment.c.id.label("payment"),
        _receipt.c.code.label("receipt"),
        _payment.c.business_date.label("booked_on"),
        _money.c.value_date,
        _payment.c.payer.label("sender"),
        _money.c.remark,
        _payment.c.total.label("amount"),
        func.coalesce(_USED.c.used, 0).label("used"),
        _mirror.c.kind.label("taken_back"),
        _typed_later.label("typed_later"),
    )
    .select_from(_money.join(_payment, _payment.c.entry_id == _money.c.entry_id))
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .outerjoin(_mirror, _mirror.c.reverses_id == _payment.c.id)
    .outerjoin(_USED, _USED.c.item == _payment.c.id)
)
_OPEN = _ITEMS.where(_mirror.c.id.is_(None), _payment.c.total > func.coalesce(_USED.c.used, 0)).order_by(
    _money.c.value_date, _payment.c.id
)
_ONE = _ITEMS.where(_receipt.c.code == bindparam("code"))
# What was really paid in, changes of tender included.
_changed = (
    select(_payment.c.id, _correction.c.corrects_id)
    .join(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .where(_payment.c.kind == "tender_change")
    .subquery("changed")
)
_TENDERS = (
    select(
        func.coalesce(_changed.c.corrects_id, _payment_tender.c.payment_id).label("payment"),
        _tender.c.code,
        _tender.c.name,
        func.coalesce(_payment_tender.c.reference, "").label("reference"),
        func.sum(_payment_tender.c.kept).label("kept"),
        func.max(_payment_tender.c.id).label("latest"),
    )
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .outerjoin(_changed, _changed.c.id == _payment_tender.c.payment_id)
    .where(
        or_(
            _payment_tender.c.payment_id.in_(bindparam("payments", expanding=True)),
            _changed.c.corrects_id.in_(bindparam("payments", expanding=True)),
        )
    )
    .group_by(
        func.coalesce(_changed.c.corrects_id, _payment_tender.c.payment_id),
        _tender.c.code,
        _tender.c.name,
        _payment_tender.c.reference,  # a server would take the text of no reference for another one here
    )
    .order_by(func.max(_payment_tender.c.id))
)
_PAPERS = (
    select(_later_receipt.c.code)
    .select_from(_correction.join(_later, _later.c.entry_id == _correction.c.entry_id))
    .join(_later_receipt, _later_receipt.c.payment_id == _later.c.id)
    .outerjoin(_later_mirror, _later_mirror.c.reverses_id == _later.c.id)
    .where(_correction.c.corrects_id == bindparam("payment"), _later_mirror.c.id.is_(None))
    .order_by(_later.c.id)
)
_IS_UNCLAIMED = (
    select(_payment.c.id)
    .join(_money, _money.c.entry_id == _payment.c.entry_id)
    .where(_payment.c.id == bindparam("payment"))
)


def open_unclaimed(connection: Connection, *, text: str = "") -> tuple[UnclaimedItem, ...]:
    """Money that nobody has claimed yet, in whole or in part, the oldest first.

    ``text`` keeps only what fits it (`UnclaimedItem.fits`): an amount, a reference, a name, a receipt's number.
    """
    found = _items(connection, connection.execute(_OPEN).all())
    return tuple(item for item in found if item.fits(text)) if text.strip() else found


def unclaimed_item(connection: Connection, receipt: str) -> UnclaimedItem:
    """The item of a receipt, open or not. Raises `NotUnclaimed`, `UnclaimedTakenBack`."""
    code = receipt.strip().upper()
    row = connection.execute(_ONE, {"code": code}).one_or_none()
    if row is None:
        raise NotUnclaimed(receipt=code)
    if row.taken_back is not None:
        raise UnclaimedTakenBack(receipt=code)
    return _items(connection, [row])[0]


def is_unclaimed(connection: Connection, payment: int) -> bool:
    """Whether a payment is money that came without saying for whom."""
    return connection.execute(_IS_UNCLAIMED, {"payment": payment}).first() is not None


def is_receipt_of_unclaimed(connection: Connection, receipt: str) -> bool:
    """Whether a receipt is of money that came without saying for whom, open or not."""
    return connection.execute(_ONE, {"code": receipt}).first() is not None


def used_by(connection: Connection, payment: int) -> tuple[str, ...]:
    """The numbers of the papers by which an item was claimed or returned, of those that stand."""
    return tuple(connection.execute(_PAPERS, {"payment": payment}).scalars())


def _items(connection: Connection, rows: Any) -> tuple[UnclaimedItem, ...]:
    ways: dict[int, Any] = {}
    if rows:
        for way in connection.execute(_TENDERS, {"payments": [row.payment for row in rows]}):
            if way.kept:
                ways[way.payment] = way
    return tuple(
        UnclaimedItem(
            payment=row.payment,
            receipt=row.receipt,
            booked_on=row.booked_on,
            value_date=row.value_date,
            sender=row.sender,
            remark=row.remark,
            tender_code=ways[row.payment].code,
            tender=ways[row.payment].name,
            reference=row.typed_later or ways[row.payment].reference,
            amount=Fen(row.amount),
            left=Fen(int(row.amount - row.used)),
        )
        for row in rows
    )
