"""Passwords: stored as argon2id, asked for only where one is set."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

import feedesk
from feedesk.db import Database
from feedesk.models import AuditRecord, Staff, table_of
from feedesk.ops.permissions import NotPermitted, Role
from feedesk.ops.run import UnknownStaff, Workplace
from feedesk.ops.sample_staff import SAMPLE_STAFF
from feedesk.ops.signing_in import (
    EmptyPassword,
    SamePassword,
    SignInAction,
    StaffMember,
    TriedTooOften,
    WrongPassword,
    change_password,
    check_password,
    hash_password,
    prove,
    set_password,
    sign_in,
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


def trail(place: Workplace) -> list[str]:
    record = table_of(AuditRecord)
    with place.database.reading() as connection:
        return list(connection.execute(select(record.c.action).order_by(record.c.id)).scalars())


def test_signing_in_is_on_record(admin: Workplace) -> None:
    admin.run_op(set_password, name=CASHIER, password="secret")
    done = sign_in(admin.database, name=CASHIER, password="secret")
    assert (done.name, done.role) == (CASHIER, Role.CASHIER)
    with pytest.raises(WrongPassword):
        sign_in(admin.database, name=CASHIER, password="Secret")
    with pytest.raises(UnknownStaff):
        sign_in(admin.database, name="样例生人", password="")
    sign_in(admin.database, name=CASHIER, password="secret", action=SignInAction.UNLOCKED)
    assert trail(admin) == ["set_password", "sign_in", "wrong_password", "unlock"]


def test_the_third_wrong_password_brings_a_pause_that_a_right_one_does_not_break(admin: Workplace) -> None:
    admin.run_op(set_password, name=CASHIER, password="secret")
    for _try in range(2):
        with pytest.raises(WrongPassword):
            sign_in(admin.database, name=CASHIER, password="x")
    with pytest.raises(TriedTooOften, match="3 次") as third:
        sign_in(admin.database, name=CASHIER, password="x")
    assert third.value.seconds == 5
    with pytest.raises(TriedTooOften):
        sign_in(admin.database, name=CASHIER, password="secret")
    assert trail(admin).count("wrong_password") == 3  # the try during the pause was none
    admin.run_op(set_password, name=CASHIER, password="new")
    assert sign_in(admin.database, name=CASHIER, password="new").name == CASHIER


def test_approving_has_the_same_pause(admin: Workplace) -> None:
    """Wrong passwords at an approval and at signing in count together; a right one ends the row."""
    admin.run_op(set_password, name=CASHIER, password="secret")
    prove(admin.database, name=CASHIER, password="secret")
    assert trail(admin).count("right_password") == 0  # the act that is approved says so itself
    for attempt in (prove, sign_in):
        with pytest.raises(WrongPassword):
            attempt(admin.database, name=CASHIER, password="x")
    prove(admin.database, name=CASHIER, password="secret")
    assert trail(admin).count("right_password") == 1
    for _try in range(2):
        with pytest.raises(WrongPassword):
            prove(admin.database, name=CASHIER, password="x")
    for password in ("x", "secret"):
        with pytest.raises(TriedTooOften):
            prove(admin.database, name=CASHIER, password=password)
    with pytest.raises(TriedTooOften):
        sign_in(admin.database, name=CASHIER, password="secret")
    prove(admin.database, name="样例经理", password="")  # who has none
    with pytest.raises(UnknownStaff):
        prove(admin.database, name="样例生人", password="")


def test_no_password_is_checked_without_the_pause() -> None:
    """`check_password` alone may be tried for ever."""
    source = Path(feedesk.__file__).parent
    using = {path.name for path in source.rglob("*.py") if "check_password" in path.read_text(encoding="utf-8")}
    assert using == {"signing_in.py"}


def test_a_first_password_is_changed_by_its_owner(admin: Workplace) -> None:
    admin.run_op(set_password, name=CASHIER, password="first")
    assert sign_in(admin.database, name=CASHIER, password="first").must_change
    cashier = Workplace(admin.database, CASHIER)
    for refused, password in ((SamePassword, "first"), (EmptyPassword, "")):
        with pytest.raises(refused):
            cashier.run_op(change_password, password=password)
    cashier.run_op(change_password, password="mine")
    assert not sign_in(admin.database, name=CASHIER, password="mine").must_change
    admin.run_op(set_password, name=CASHIER, password="again")
    assert sign_in(admin.database, name=CASHIER, password="again").must_change


def test_who_has_no_password_just_sits_down(admin: Workplace) -> None:
    assert not sign_in(admin.database, name=CASHIER, password="").must_change
