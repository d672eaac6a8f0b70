"""Money is put right, claimed or given back on its own business day or later, never before it came; and it pays for
what was billed by then, from what was held by then.

A shift of a day that was opened again, or one open past midnight, is of an earlier day than the shift beside it. What
came in that one would stand below nothing on the earlier day's summary.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import Payment, Receipt, table_of
from feedesk.money import Fen, format_amount
from feedesk.queries.statement import StatementCharge
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


class BilledLater(UserError):
    message = N_(
        "{item} {period} of {unit} was billed on {billed}, but this shift is of {day}: leave it out, or take it in a "
        "shift of {billed} or later."
    )


class BalanceCameLater(UserError):
    message = N_(
        "Of what {unit} has here only {left} was there by {day}, the day of this shift, and is not used since: "
        "for {amount} do it in a shift of a later day."
    )


def check_came_before(connection: Connection, *, payment: int, day: date) -> None:
    """Raises `MoneyCameLater` where a payment came after ``day``, the business date of what is to be booked."""
    row = connection.execute(_CAME, {"payment": payment}).one()
    if row.business_date > day:
        raise MoneyCameLater(receipt=row.code, came=row.business_date.isoformat(), day=day.isoformat())


def check_billed(charges: Iterable[StatementCharge], later: Mapping[int, date], *, day: date) -> None:
    """Raises `BilledLater` of the first of ``charges`` that is among those billed ``later`` than ``day``."""
    for charge in charges:
        if charge.id in later:
            raise BilledLater(
                item=charge.item,
                period=charge.period,
                unit=charge.unit,
                billed=later[charge.id].isoformat(),
                day=day.isoformat(),
            )


def check_there_by(unit: str, *, asked: Fen, to_use: Fen, now: Fen, day: date) -> None:
    """Raises `BalanceCameLater` where what is ``asked`` of a balance is there ``now``, and was not by ``day``."""
    if to_use < asked <= now:
        left, amount = format_amount(to_use), format_amount(asked)
        raise BalanceCameLater(unit=unit, left=left, day=day.isoformat(), amount=amount)
