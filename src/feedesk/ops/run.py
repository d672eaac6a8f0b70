"""How every operation is run: one transaction, one clock, one business date, one actor whose permission is checked.

The window and the command line use the same door. On a server a conflict between desks rolls an operation back
whole, and it is simply run again.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, select

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.ledger.prepared import Prepared
from feedesk.models import Setting, Staff, table_of
from feedesk.ops.permissions import PERMISSION_NAMES, PERMISSIONS, NotPermitted, Permission, Role
from feedesk.texts import N_, _

Result = TypeVar("Result")

_staff, _setting = table_of(Staff), table_of(Setting)
_ACTOR = Prepared(
    select(_staff.c.id, _staff.c.name, _staff.c.role).where(_staff.c.name == bindparam("name"), _staff.c.active)
)
_TRAINING = Prepared(select(_setting.c.value).where(_setting.c.key == "training"))


class UnknownStaff(UserError):
    message = N_("There is nobody called “{name}” among the staff: check the name.")


class TodayOnlyInTraining(UserError):
    message = N_("A business date can be set on a training ledger only; this is a real one.")


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff who acts."""

    id: int
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        return permission in PERMISSIONS[self.role]


@dataclass(frozen=True, slots=True)
class Act:
    """What an operation is given: its transaction, the clock's time, the business date, who acts and who approves."""

    connection: Connection
    now: datetime
    business_date: date
    actor: Actor
    approver: Actor | None = None
    training: bool = False


class _OnlyTried(Exception):
    """Rolls back what was only to be tried."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where acts come from: a ledger and who sits in front of it. ``today`` sets a training ledger's business date."""

    database: Database
    actor: str
    approver: str | None = None
    today: date | None = None

    def run_op(self, op: Callable[..., Result], **facts: Any) -> Result:
        """Runs ``op(act, **facts)`` in one transaction and commits it; on any exception nothing has happened.

        Raises `NotPermitted`, `UnknownStaff`, the operation's own `UserError`, or an `EnvironmentFault`.
        """
        return self.database.run(lambda connection: op(self._act(connection, op), **facts))

    def try_op(self, op: Callable[..., Result], **facts: Any) -> Result:
        """What ``op(act, **facts)`` would do: it is done and rolled back whole, so nothing of it is ever seen."""
        tried: list[Result] = []

        def attempt(connection: Connection) -> None:
            tried.append(op(self._act(connection, op), **facts))
            raise _OnlyTried

        with suppress(_OnlyTried):
            self.database.run(attempt)
        return tried[-1]

    def read(self, query: Callable[..., Result], **facts: Any) -> Result:
        """Runs ``query(connection, **facts)`` on one consistent picture of the ledger."""
        with self.database.reading() as connection:
            return query(connection, **facts)

    def business_date(self) -> date:
        """The business date of what would be done now."""
        return self.today or datetime.now().astimezone().date()

    def _act(self, connection: Connection, op: Callable[..., object]) -> Act:
        permission: Permission = op.permission  # type: ignore[attr-defined]
        actor = find_actor(connection, self.actor)
        if not actor.may(permission):
            raise NotPermitted(name=actor.name, permission=_(PERMISSION_NAMES[permission]))
        training = is_training(connection)
        if self.today is not None and not training:
            raise TodayOnlyInTraining
        now = datetime.now().astimezone()
        if self.today is not None:
            now = now.replace(year=self.today.year, month=self.today.month, day=self.today.day)
        approver = find_actor(connection, self.approver) if self.approver else None
        return Act(connection, now, self.today or now.date(), actor, approver, training)


def find_actor(connection: Connection, name: str) -> Actor:
    """The active member of staff of that name, with a role that exists; else `UnknownStaff`."""
    row = _ACTOR.one_or_none(connection, {"name": name})
    if row is None or row.role not in {role.value for role in Role}:
        raise UnknownStaff(name=name)
    return Actor(row.id, row.name, Role(row.role))


def is_training(connection: Connection) -> bool:
    """Whether this is a training ledger (培训账)."""
    return bool(_TRAINING.scalar(connection) == "true")
