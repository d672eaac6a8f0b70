"""What each may waive of late fees without asking, and what each may approve of waivers: so much a day.

Both are counted from the ledger. What is beyond the second needs somebody with the right to go beyond it.
"""

from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from feedesk.models import Entry, Staff, Waiver, table_of
from feedesk.money import ZERO, Fen
from feedesk.queries.desk import ledger_setting

LATE_FEE_QUOTA = "late_fee_quota"
"""The setting that holds the quota in fen."""
DEFAULT_QUOTA = Fen(2000)
APPROVAL_QUOTA = "waiver_approval_quota"
"""The setting that holds what one person may approve of waivers a day, in fen."""
DEFAULT_APPROVALS = Fen(50000)

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

_APPROVED = (
    select(func.coalesce(func.sum(_waiver.c.amount), 0))
    .join(_entry, _entry.c.id == _waiver.c.entry_id)
    .where(
        _waiver.c.kind.in_(("late_fee", "principal")),
        _entry.c.business_date == bindparam("day"),
        _entry.c.approver_id == bindparam("approver"),
    )
)


def late_fee_quota(connection: Connection) -> Fen:
    """What each operator may waive of late fees a day without an approver; zero: nothing."""
    return _setting(connection, LATE_FEE_QUOTA, DEFAULT_QUOTA)


def approval_quota(connection: Connection) -> Fen:
    """What one person may approve of waivers a day, unless he has the right to go beyond; zero: nothing."""
    return _setting(connection, APPROVAL_QUOTA, DEFAULT_APPROVALS)


def approvals_left(connection: Connection, *, approver: int, day: date) -> Fen:
    """What is left of it for somebody on a business day; late fees and principal count alike."""
    used = int(connection.execute(_APPROVED, {"approver": approver, "day": day}).scalar_one())
    return Fen(max(approval_quota(connection) - used, 0))


def _setting(connection: Connection, key: str, default: Fen) -> Fen:
    value = ledger_setting(connection, key, int(default))
    return Fen(value) if type(value) is int and value >= 0 else default


def quota_left(connection: Connection, *, actor: int, day: date) -> Fen:
    """What is left of an operator's quota on a business day."""
    used = int(connection.execute(_USED, {"actor": actor, "day": day}).scalar_one())
    return Fen(max(late_fee_quota(connection) - used, 0))


_KEY = select(_staff.c.id).where(_staff.c.name == bindparam("name"))


def quota_left_of(connection: Connection, *, name: str, day: date) -> Fen:
    """What is left of somebody's quota, by name; nothing for a name the staff does not have."""
    actor = connection.execute(_KEY, {"name": name}).scalar()
    return ZERO if actor is None else quota_left(connection, actor=actor, day=day)
