"""Money is put right, claimed or given back on its own business day or later, never before it came.

A shift of a day that was opened again, or one open past midnight, is of an earlier day than the shift beside it. What
came in that one would stand below nothing on the earlier day's summary.
"""

from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import Payment, Receipt, table_of
from feedesk.texts import N_

_payment, _receipt = table_of(Payment), table_of(Receipt)
_CAME = (
    select(_payment.c.business_date, _receipt.c.code)
    .outerjoin(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.id == bindparam("payment"))
)


class MoneyCameLater(UserError):
    message = N_(
        "Receipt {receipt} is of {came}, but this shift is of {day}: do it in a shift of {came} or later. "
        "Nothing was changed."
    )


def check_came_before(connection: Connection, *, payment: int, day: date) -> None:
    """Raises `MoneyCameLater` where a payment came after ``day``, the business date of what is to be booked."""
    row = connection.execute(_CAME, {"payment": payment}).one()
    if row.business_date > day:
        raise MoneyCameLater(receipt=row.code, came=row.business_date.isoformat(), day=day.isoformat())
