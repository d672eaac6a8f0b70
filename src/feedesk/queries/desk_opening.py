"""What opening a shift asks: which tills there are, whether one is busy, and what float its drawer was left with."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Shift, ShiftClose, Staff, Till, table_of
from feedesk.money import Fen

_till, _shift, _close, _staff = (table_of(model) for model in (Till, Shift, ShiftClose, Staff))

_TILLS = (
    select(_till.c.number, _till.c.name, _staff.c.name.label("cashier"))
    .outerjoin(_shift, (_shift.c.till_id == _till.c.id) & _shift.c.is_open)
    .outerjoin(_staff, _staff.c.id == _shift.c.cashier_id)
    .order_by(_till.c.number)
)
_LAST_CLOSE = (
    select(_shift.c.opening_float, _close.c.counted)
    .join(_close, _close.c.shift_id == _shift.c.id)
    .join(_till, _till.c.id == _shift.c.till_id)
    .where(_till.c.number == bindparam("till"))
    .order_by(_close.c.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class TillRow:
    """A till; ``cashier`` names who has a shift open there, empty when nobody has."""

    number: int
    name: str
    cashier: str


def tills(connection: Connection) -> tuple[TillRow, ...]:
    """All tills, by number."""
    return tuple(TillRow(row.number, row.name, row.cashier or "") for row in connection.execute(_TILLS))


def float_left(connection: Connection, till: int) -> Fen | None:
    """The float that stayed in a till's drawer when its last shift was closed; None before the first."""
    row = connection.execute(_LAST_CLOSE, {"till": till}).one_or_none()
    return None if row is None else Fen(min(row.opening_float, row.counted))
