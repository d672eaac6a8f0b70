"""What a cashier may waive of late fees without asking: so much a day, counted from the ledger."""

from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from feedesk.models import Entry, Staff, Waiver, table_of
from feedesk.money import ZERO, Fen
from feedesk.queries.desk import ledger_setting

LATE_FEE_QUOTA = "late_fee_quota"
"""The setting that holds the quota in fen."""
DEFAULT_QUOTA = Fen(2000)

_waiver, _entry, _staff = table_of(Waiver), table_of(Entry), table_of(Staff)
_USED = (
    select(func.coalesce(func.sum(_waiver.c.amount), 0))
    .join(_entry, _entry.c.id == _waiver.c.entry_id)
    .where(
        _waiver.c.kind == "late_fee",
        _entry.c.business_date == bindparam("day"),
        _entry.c.actor_id == bindparam("actor"),
        _entry.c.approver_id.is_(None),
    )
)


def late_fee_quota(connection: Connection) -> Fen:
    """What each operator may waive of late fees a day without an approver; zero: nothing."""
    value = ledger_setting(connection, LATE_FEE_QUOTA, int(DEFAULT_QUOTA))
    return Fen(value) if type(value) is int and value >= 0 else DEFAULT_QUOTA


def quota_left(connection: Connection, *, actor: int, day: date) -> Fen:
    """What is left of an operator's quota on a business day."""
    used = int(connection.execute(_USED, {"actor": actor, "day": day}).scalar_one())
    return Fen(max(late_fee_quota(connection) - used, 0))


_KEY = select(_staff.c.id).where(_staff.c.name == bindparam("name"))


def quota_left_of(connection: Connection, *, name: str, day: date) -> Fen:
    """What is left of somebody's quota, by name; nothing for a name the staff does not have."""
    actor = connection.execute(_KEY, {"name": name}).scalar()
    return ZERO if actor is None else quota_left(connection, actor=actor, day=day)
