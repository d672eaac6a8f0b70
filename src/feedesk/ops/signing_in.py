"""Signing in: who sits in front of the ledger, proved by a password (argon2id) where one is set.

Staff without a password act freely until they have one, so that a small office can start at once. A password that
somebody else gave is a first one: its owner changes it when signing in. Every signing in, and every wrong password, is
on the audit trail; what is read back from it is the pause after wrong passwords, so that a restart does not end it.
Whoever approves at somebody else's desk is asked for the password too, with the same pause.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, update

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.models import AuditRecord, Staff, table_of
from feedesk.ops.permissions import Permission, Role, requires
from feedesk.ops.run import Act, UnknownStaff
from feedesk.ops.setting_up import record_audit
from feedesk.rules.sign_in_pause import seconds_left
from feedesk.texts import N_

_staff, _audit = table_of(Staff), table_of(AuditRecord)


class SignInAction(StrEnum):
    """What the audit trail calls it."""

    SIGNED_IN = "sign_in"
    UNLOCKED = "unlock"
    REFUSED = "wrong_password"
    PASSWORD_GIVEN = "set_password"
    PASSWORD_CHANGED = "change_password"
    PROVED = "right_password"


# Whose role was altered by hand into one that does not exist may do nothing.
_everybody = (
    select(_staff.c.name, _staff.c.role, _staff.c.password_hash)
    .where(_staff.c.active, _staff.c.role.in_([role.value for role in Role]))
    .order_by(_staff.c.id)
)
_one = _everybody.add_columns(_staff.c.id).where(_staff.c.name == bindparam("name"))
_trail = (
    select(_audit.c.action, _audit.c.actor_id, _audit.c.at)
    .where(_audit.c.subject == bindparam("subject"), _audit.c.action.in_([one.value for one in SignInAction]))
    .order_by(_audit.c.id.desc())
)


class WrongPassword(UserError):
    message = N_("The password of {name} is not right. Nothing was changed.")


class EmptyPassword(UserError):
    message = N_("A password must not be empty.")


class SamePassword(UserError):
    message = N_("That is the password you were given: choose one of your own.")


class TriedTooOften(UserError):
    """``seconds`` says how long the pause still lasts."""

    message = N_("The password of {name} was wrong {n} times. Wait {seconds} seconds, then try again.")

    def __init__(self, *, name: str, n: int, seconds: int) -> None:
        super().__init__(name=name, n=n, seconds=seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Somebody who may act, and whether a password must be given."""

    name: str
    role: Role
    has_password: bool


def staff(connection: Connection) -> tuple[StaffMember, ...]:
    """Everybody who may act, in the order they were entered."""
    return tuple(
        StaffMember(row.name, Role(row.role), row.password_hash is not None) for row in connection.execute(_everybody)
    )


def hash_password(password: str) -> str:
    """The stored form of a password: argon2id with a salt of its own. Raises `EmptyPassword`."""
    if not password:
        raise EmptyPassword
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def check_password(connection: Connection, *, name: str, password: str) -> None:
    """Raises `WrongPassword` unless it is that of ``name``, or none is set; `UnknownStaff` for a stranger."""
    row = connection.execute(_one, {"name": name}).one_or_none()
    if row is None:
        raise UnknownStaff(name=name)
    if row.password_hash is None:
        return
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        PasswordHasher().verify(row.password_hash, password)
    except (VerificationError, InvalidHashError) as error:
        raise WrongPassword(name=name) from error


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody proved who he is; with a first password he must choose one of his own before he goes on."""

    name: str
    role: Role
    must_change: bool


def sign_in(database: Database, *, name: str, password: str, action: SignInAction = SignInAction.SIGNED_IN) -> SignedIn:
    """Proves ``name`` by the password, where one is set, and notes it, a wrong one too.

    Raises `UnknownStaff`, `WrongPassword`, and `TriedTooOften` while the pause after wrong passwords lasts.
    """
    outcome = database.run(lambda connection: _try(connection, name, password, action))
    if isinstance(outcome, UserError):
        raise outcome
    return outcome


def prove(database: Database, *, name: str, password: str) -> None:
    """Whether somebody who approves, decides or takes over is ``name``, by the password, where one is set.

    A wrong one is noted and counts for the pause like one at signing in; a right one is noted only where it ends such
    a row. Raises `UnknownStaff`, `WrongPassword`, `TriedTooOften`.
    """
    outcome = database.run(lambda connection: _try(connection, name, password, SignInAction.PROVED))
    if isinstance(outcome, UserError):
        raise outcome


def _try(connection: Connection, name: str, password: str, action: SignInAction) -> SignedIn | UserError:
    """The answer, raised only once what it noted is committed."""
    now = datetime.now().astimezone()
    member = connection.execute(_one, {"name": name}).one_or_none()
    if member is None:
        return UnknownStaff(name=name)
    wrong, last = _wrong_in_a_row(connection, name)
    waits = seconds_left(wrong, last, now) if last else 0
    if waits:
        return TriedTooOften(name=name, n=wrong, seconds=waits)
    try:
        check_password(connection, name=name, password=password)
    except WrongPassword as error:
        _note(connection, now, member.id, name, SignInAction.REFUSED)
        waits = seconds_left(wrong + 1, now, now)
        return TriedTooOften(name=name, n=wrong + 1, seconds=waits) if waits else error
    must_change = _has_first_password(connection, name, member.id)
    if wrong or action is not SignInAction.PROVED:
        _note(connection, now, member.id, name, action)
    return SignedIn(name, Role(member.role), must_change)


def _wrong_in_a_row(connection: Connection, name: str) -> tuple[int, datetime | None]:
    """How many wrong passwords there were since the last right or new one, and when the last of them was."""
    wrong, last = 0, None
    for row in connection.execute(_trail.limit(64), {"subject": f"staff:{name}"}):
        if row.action != SignInAction.REFUSED:
            break
        wrong, last = wrong + 1, last or row.at
    return wrong, last


def _has_first_password(connection: Connection, name: str, member: int) -> bool:
    given = (SignInAction.PASSWORD_GIVEN.value, SignInAction.PASSWORD_CHANGED.value)
    row = connection.execute(_trail.where(_audit.c.action.in_(given)).limit(1), {"subject": f"staff:{name}"}).first()
    return row is not None and row.actor_id != member


def _note(connection: Connection, now: datetime, member: int, name: str, action: SignInAction) -> None:
    row = {"at": now, "actor_id": member, "action": action.value, "subject": f"staff:{name}", "detail": ""}
    connection.execute(insert(_audit), row)


@requires(Permission.SIGN_IN)
def change_password(act: Act, *, password: str) -> None:
    """Gives the actor a password of his own. Raises `EmptyPassword`, `SamePassword`."""
    name = act.actor.name
    stored = hash_password(password)
    before = act.connection.execute(_one, {"name": name}).one()
    if before.password_hash is not None:
        try:
            check_password(act.connection, name=name, password=password)
        except WrongPassword:
            pass
        else:
            raise SamePassword
    act.connection.execute(update(_staff).where(_staff.c.id == act.actor.id).values(password_hash=stored))
    record_audit(act, action=SignInAction.PASSWORD_CHANGED, subject=f"staff:{name}")


@requires(Permission.SET_UP_LEDGER)
def set_password(act: Act, *, name: str, password: str) -> None:
    """Gives somebody a new password. Raises `EmptyPassword`, `UnknownStaff`."""
    stored = hash_password(password)
    changed = act.connection.execute(
        update(_staff).where(_staff.c.name == name, _staff.c.active).values(password_hash=stored)
    )
    if not changed.rowcount:
        raise UnknownStaff(name=name)
    record_audit(act, action="set_password", subject=f"staff:{name}")
