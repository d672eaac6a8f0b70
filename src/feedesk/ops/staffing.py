"""The staff (人员): who may act, in which role. Nobody is ever deleted, since entries and papers name them."""

from sqlalchemy import Connection, insert, select, update

from feedesk.errors import UserError
from feedesk.models import Shift, Staff, table_of
from feedesk.ops.permissions import Permission, Role, requires
from feedesk.ops.run import Act, UnknownStaff
from feedesk.ops.setting_up import record_audit
from feedesk.ops.signing_in import SignInAction, hash_password
from feedesk.texts import N_

_staff, _shift = table_of(Staff), table_of(Shift)
_LONGEST_NAME = 20


class NameMissing(UserError):
    message = N_("Type the name, at most {n} characters.")


class NameTaken(UserError):
    message = N_("There is a {name} among the staff already: papers must tell two people apart.")


class LastAdministrator(UserError):
    message = N_("{name} is the only administrator: make somebody else one first.")


class ShiftIsOpen(UserError):
    message = N_("{name} has a shift open: close it first.")


def checked_name(name: str) -> str:
    """The name without needless blanks. Raises `NameMissing` where none is left, or more than a paper has room for."""
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise NameMissing(n=_LONGEST_NAME)
    return name


@requires(Permission.SET_UP_LEDGER)
def add_staff(act: Act, *, name: str, role: Role, password: str) -> None:
    """Adds somebody with a first password, to be changed at the first signing in.

    Who left and comes back is let in again. Raises `NameMissing`, `NameTaken`, `EmptyPassword`.
    """
    name = checked_name(name)
    values = {"role": role.value, "password_hash": hash_password(password), "active": True}
    before = act.connection.execute(select(_staff.c.id, _staff.c.active).where(_staff.c.name == name)).one_or_none()
    if before is None:
        act.connection.execute(insert(_staff), {"name": name, **values})
    elif before.active:
        raise NameTaken(name=name)
    else:
        act.connection.execute(update(_staff).where(_staff.c.id == before.id).values(values))
    record_audit(act, action="add_staff", subject=f"staff:{name}", detail=role.value)
    record_audit(act, action=SignInAction.PASSWORD_GIVEN, subject=f"staff:{name}")


@requires(Permission.SET_UP_LEDGER)
def change_role(act: Act, *, name: str, role: Role) -> None:
    """Gives somebody another role. Raises `UnknownStaff`, `LastAdministrator`."""
    key = _member(act.connection, name)
    if role is not Role.ADMIN:
        _check_not_last(act.connection, name)
    act.connection.execute(update(_staff).where(_staff.c.id == key).values(role=role.value))
    record_audit(act, action="change_role", subject=f"staff:{name}", detail=role.value)


@requires(Permission.SET_UP_LEDGER)
def deactivate_staff(act: Act, *, name: str) -> None:
    """Somebody leaves: he may act no more. Raises `UnknownStaff`, `LastAdministrator`, `ShiftIsOpen`."""
    key = _member(act.connection, name)
    _check_not_last(act.connection, name)
    if act.connection.execute(select(_shift.c.id).where(_shift.c.cashier_id == key, _shift.c.is_open)).first():
        raise ShiftIsOpen(name=name)
    act.connection.execute(update(_staff).where(_staff.c.id == key).values(active=False))
    record_audit(act, action="deactivate_staff", subject=f"staff:{name}")


def _member(connection: Connection, name: str) -> int:
    key = connection.execute(select(_staff.c.id).where(_staff.c.name == name, _staff.c.active)).scalar()
    if key is None:
        raise UnknownStaff(name=name)
    return int(key)


def _check_not_last(connection: Connection, name: str) -> None:
    admins = select(_staff.c.name).where(_staff.c.active, _staff.c.role == Role.ADMIN.value)
    if set(connection.execute(admins).scalars()) == {name}:
        raise LastAdministrator(name=name)
