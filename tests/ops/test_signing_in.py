"""Passwords: stored as argon2id, asked for only where one is set."""

import pytest
from sqlalchemy import select, update

from feedesk.db import Database
from feedesk.models import AuditRecord, Staff, table_of
from feedesk.ops.permissions import NotPermitted, Role
from feedesk.ops.run import UnknownStaff, Workplace
from feedesk.ops.setting_up import SAMPLE_STAFF
from feedesk.ops.signing_in import (
    EmptyPassword,
    StaffMember,
    WrongPassword,
    check_password,
    hash_password,
    set_password,
    staff,
)

CASHIER = "样例收费员"


@pytest.fixture
def admin(ledger_database: Database) -> Workplace:
    return Workplace(ledger_database, "样例管理员")


def test_everybody_who_may_act(admin: Workplace) -> None:
    assert admin.read(staff) == tuple(StaffMember(name, role, False) for name, role in SAMPLE_STAFF)
    table = table_of(Staff)
    with admin.database.transaction() as connection:
        connection.execute(update(table).where(table.c.name == CASHIER).values(active=False))
    assert CASHIER not in {member.name for member in admin.read(staff)}


def test_password_is_checked(admin: Workplace) -> None:
    admin.run_op(set_password, name=CASHIER, password="绿水青山 1")
    assert [member for member in admin.read(staff) if member.has_password] == [StaffMember(CASHIER, Role.CASHIER, True)]
    admin.read(check_password, name=CASHIER, password="绿水青山 1")
    for wrong in ("绿水青山 2", "", "绿水青山"):
        with pytest.raises(WrongPassword, match=CASHIER):
            admin.read(check_password, name=CASHIER, password=wrong)


def test_who_has_none_need_not_prove_it(admin: Workplace) -> None:
    admin.read(check_password, name=CASHIER, password="anything")


def test_stranger(admin: Workplace) -> None:
    with pytest.raises(UnknownStaff):
        admin.read(check_password, name="样例生人", password="")
    with pytest.raises(UnknownStaff):
        admin.run_op(set_password, name="样例生人", password="x")


def test_damaged_hash_opens_nothing(admin: Workplace) -> None:
    table = table_of(Staff)
    with admin.database.transaction() as connection:
        connection.execute(update(table).where(table.c.name == CASHIER).values(password_hash="secret"))
    with pytest.raises(WrongPassword):
        admin.read(check_password, name=CASHIER, password="secret")


def test_only_an_administrator_sets_passwords(ledger_database: Database) -> None:
    with pytest.raises(NotPermitted):
        Workplace(ledger_database, "样例主管").run_op(set_password, name=CASHIER, password="x")


def test_setting_a_password_is_on_record(admin: Workplace) -> None:
    admin.run_op(set_password, name=CASHIER, password="secret")
    record = table_of(AuditRecord)
    with admin.database.reading() as connection:
        rows = connection.execute(select(record.c.action, record.c.subject, record.c.detail)).all()
    assert [tuple(row) for row in rows] == [("set_password", f"staff:{CASHIER}", "")]


def test_stored_form() -> None:
    first, second = hash_password("secret"), hash_password("secret")
    assert first.startswith("$argon2id$")
    assert first != second
    with pytest.raises(EmptyPassword):
        hash_password("")
