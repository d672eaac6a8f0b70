"""What can be put right at the desk: receipts that stand, what is left of each, deposits held, and who may approve."""

from datetime import date

from sqlalchemy import Connection, select

from feedesk.ledger import chart
from feedesk.models import FeeItem, table_of
from feedesk.queries.corrections import PaymentLeft, payment_left
from feedesk.queries.issued_receipts import (
    IssuedReceipt,
    issued_receipts,
    receipts_of_account,
    receipts_of_strangers,
)
from feedesk.queries.receipts import UnknownReceipt, find_receipt
from feedesk.queries.search import search_receipts

MOST = 60
"""So many receipts are offered, the newest."""

_item = table_of(FeeItem)
_ITEMS = select(_item.c.name).where(_item.c.nature != chart.DEPOSIT).order_by(_item.c.position, _item.c.id)


def correctable_receipts(
    connection: Connection, *, on: date, account: int | None = None, shift: int | None = None
) -> tuple[IssuedReceipt, ...]:
    """The receipts that stand, newest first: of an account's household, or of a shift; those of both where both are
    named. Without either, what was sold to people without an account, whenever it was.
    """
    of_shift = issued_receipts(connection, shift=shift) if shift is not None else None
    if account is None and of_shift is None:
        found = receipts_of_strangers(connection, most=MOST)
    else:
        found = receipts_of_account(connection, account=account, on=on) if account is not None else of_shift or ()
    numbers = None if of_shift is None else {one.number for one in of_shift}
    standing = (one for one in found if one.number and one.status == "issued")
    return tuple(one for one in standing if numbers is None or one.number in numbers)[:MOST]


def receipt_left(connection: Connection, number: str) -> PaymentLeft:
    """What is left of a receipt's payment; `UnknownReceipt` where there is none."""
    return payment_left(connection, find_receipt(connection, number).payment)


def receipt_by_text(connection: Connection, text: str) -> str:
    """The number of the receipt that a text means: all of it, or its last six digits; the text itself else."""
    found = search_receipts(connection, text)
    return found[0].receipt if found else text


def earlier_receipt(connection: Connection, text: str, *, shift: int | None) -> IssuedReceipt | None:
    """The receipt that a text means, of another shift than this one; None where there is none."""
    try:
        stored = find_receipt(connection, receipt_by_text(connection, text))
    except UnknownReceipt:
        return None
    if stored.shift == shift:
        return None
    found = issued_receipts(connection, shift=stored.shift)
    return next((one for one in found if one.number == stored.number), None)


def fee_item_names(connection: Connection) -> tuple[str, ...]:
    """The fee items that something may be charged for, in their order."""
    return tuple(connection.execute(_ITEMS).scalars())
