"""Signing in: who sits in front of the ledger, proved by a password (argon2id) where one is set.

Staff without a password act freely until they have one, so that a small office can start at once.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from feedesk.errors import UserError
from feedesk.models import Staff, table_of
from feedesk.ops.permissions import Permission, Role, requires
from feedesk.ops.run import Act, UnknownStaff
from feedesk.ops.setting_up import record_audit
from feedesk.texts import N_

_staff = table_of(Staff)
# Whose role was altered by hand into one that does not exist may do nothing.
_everybody = (
    select(_staff.c.name, _staff.c.role, _staff.c.password_hash)
    .where(_staff.c.active, _staff.c.role.in_([role.value for role in Role]))
    .order_by(_staff.c.id)
)
_one = _everybody.where(_staff.c.name == bindparam("name"))


class WrongPassword(UserError):
    message = N_("The password of {name} is not right. Nothing was changed.")


class EmptyPassword(UserError):
    message = N_("A password must not be empty.")


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
