"""The staff list: who comes, changes and leaves, all of it on record, and never without an administrator."""

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.permissions import NotPermitted, Role
from feedesk.ops.run import UnknownStaff, Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_in import EmptyPassword, sign_in, staff
from feedesk.ops.staffing import (
    LastAdministrator,
    NameMissing,
    NameTaken,
    ShiftIsOpen,
    add_staff,
    change_role,
    deactivate_staff,
)

ADMIN, CASHIER, NEW = "样例管理员", "样例收费员", "样例新人"


@pytest.fixture
def admin(ledger_database: Database) -> Workplace:
    return Workplace(ledger_database, ADMIN)


def roles(place: Workplace) -> dict[str, Role]:
    return {member.name: member.role for member in place.read(staff)}


def test_somebody_new_signs_in_with_a_first_password(admin: Workplace) -> None:
    admin.run_op(add_staff, name=f" {NEW} ", role=Role.CASHIER, password="first")
    assert roles(admin)[NEW] is Role.CASHIER
    assert sign_in(admin.database, name=NEW, password="first").must_change


def test_names_tell_people_apart(admin: Workplace) -> None:
    with pytest.raises(NameTaken, match=CASHIER):
        admin.run_op(add_staff, name=CASHIER, role=Role.CASHIER, password="x")
    for name in ("", "  ", "样" * 21):
        with pytest.raises(NameMissing):
            admin.run_op(add_staff, name=name, role=Role.CASHIER, password="x")
    with pytest.raises(EmptyPassword):
        admin.run_op(add_staff, name=NEW, role=Role.CASHIER, password="")
    assert NEW not in roles(admin)


def test_who_leaves_acts_no_more_and_may_come_back(admin: Workplace) -> None:
    admin.run_op(deactivate_staff, name=CASHIER)
    with pytest.raises(UnknownStaff):
        sign_in(admin.database, name=CASHIER, password="")
    with pytest.raises(UnknownStaff):
        admin.run_op(deactivate_staff, name=CASHIER)
    admin.run_op(add_staff, name=CASHIER, role=Role.FINANCE, password="back")
    assert roles(admin)[CASHIER] is Role.FINANCE


def test_nobody_leaves_an_open_drawer(admin: Workplace) -> None:
    Workplace(admin.database, CASHIER).run_op(open_shift, opening_float=Fen(0))
    with pytest.raises(ShiftIsOpen, match=CASHIER):
        admin.run_op(deactivate_staff, name=CASHIER)
    admin.run_op(close_shift)
    admin.run_op(deactivate_staff, name=CASHIER)


def test_there_is_always_an_administrator(admin: Workplace) -> None:
    with pytest.raises(LastAdministrator):
        admin.run_op(deactivate_staff, name=ADMIN)
    with pytest.raises(LastAdministrator):
        admin.run_op(change_role, name=ADMIN, role=Role.CASHIER)
    admin.run_op(change_role, name="样例经理", role=Role.ADMIN)
    admin.run_op(change_role, name=ADMIN, role=Role.CASHIER)
    assert roles(admin)[ADMIN] is Role.CASHIER


def test_only_an_administrator_keeps_the_list(ledger_database: Database) -> None:
    for name in ("样例主管", "样例经理", CASHIER):
        with pytest.raises(NotPermitted):
            Workplace(ledger_database, name).run_op(add_staff, name=NEW, role=Role.ADMIN, password="x")
