"""How operations are run: each names its permission, and whoever lacks it is refused before anything happens."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update

import feedesk.ops
from feedesk.db import Database
from feedesk.models import AuditRecord, Staff, table_of
from feedesk.ops.permissions import PERMISSIONS, NotPermitted, Permission, Role
from feedesk.ops.run import Act, TodayOnlyInTraining, UnknownStaff, Workplace
from feedesk.ops.setting_up import (
    DEFAULT_ADMIN,
    TrainingStaysTraining,
    UnknownLanguage,
    add_till,
    change_language,
    create_ledger,
)
from feedesk.texts import DEFAULT_LANGUAGE, use_language

TODAY = date(2026, 11, 23)
_staff = table_of(Staff)


def _operations() -> dict[str, Callable[..., object]]:
    """Every public function of the operations that takes an act."""
    found: dict[str, Callable[..., object]] = {}
    for module in pkgutil.walk_packages(feedesk.ops.__path__, "feedesk.ops."):
        for name, each in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            first = next(iter(inspect.signature(each).parameters.values()), None)
            if first is not None and first.name == "act" and not name.startswith("_") and hasattr(each, "permission"):
                found[name] = each
    return found


OPERATIONS = _operations()


def test_all_kinds_of_work_are_found() -> None:
    expected = {"collect_payment", "void_payment", "reverse_payment", "open_shift", "close_shift", "close_day"}
    assert expected | {"bill_period", "undo_billing", "import_community", "add_till"} <= set(OPERATIONS)


def _may_not(name: str) -> list[Role]:
    return [role for role in Role if OPERATIONS[name].permission not in PERMISSIONS[role]]  # type: ignore[attr-defined]


def test_only_printing_and_signing_in_are_for_everybody() -> None:
    permissions = {OPERATIONS[name].permission for name in OPERATIONS if not _may_not(name)}  # type: ignore[attr-defined]
    assert permissions == {Permission.PRINT, Permission.SIGN_IN}


@pytest.mark.parametrize("name", [name for name in sorted(OPERATIONS) if _may_not(name)])
def test_an_actor_without_the_permission_is_refused(sqlite_ledger: Database, name: str) -> None:
    names = {
        Role.CASHIER: "样例收费员",
        Role.MANAGER: "样例经理",
        Role.FINANCE: "样例财务",
        Role.SUPERVISOR: "样例主管",
    }
    for role in _may_not(name):
        with pytest.raises(NotPermitted):
            Workplace(sqlite_ledger, names[role], today=TODAY).run_op(OPERATIONS[name])


def test_the_administrator_may_do_everything() -> None:
    assert PERMISSIONS[Role.ADMIN] == frozenset(Permission)


def test_nobody_unknown_or_no_longer_there_acts(ledger_database: Database) -> None:
    with pytest.raises(UnknownStaff) as caught:
        Workplace(ledger_database, "没有此人", today=TODAY).run_op(add_till)
    assert caught.value.facts == {"name": "没有此人"}
    with ledger_database.transaction() as connection:
        connection.execute(update(_staff).where(_staff.c.name == "样例管理员").values(active=False))
    with pytest.raises(UnknownStaff):
        Workplace(ledger_database, "样例管理员", today=TODAY).run_op(add_till)
    with pytest.raises(UnknownStaff):
        Workplace(ledger_database, "样例主管", approver="没有此人", today=TODAY).run_op(change_language, language="en")


def test_the_business_date_is_the_clocks_unless_a_training_ledger_sets_it(
    sqlite_ledger: Database, empty_database: Database
) -> None:
    acts: list[Act] = []

    def look(act: Act) -> None:
        acts.append(act)

    look.permission = Permission.PRINT  # type: ignore[attr-defined]
    Workplace(sqlite_ledger, "样例主管", approver="样例经理", today=TODAY).run_op(look)
    assert (acts[0].business_date, acts[0].now.date()) == (TODAY, TODAY)
    assert acts[0].approver is not None
    assert acts[0].approver.role is Role.MANAGER
    create_ledger(empty_database)
    real = Workplace(empty_database, DEFAULT_ADMIN)
    real.run_op(look)
    assert acts[1].business_date == acts[1].now.date() == real.business_date()
    assert not acts[1].training
    with pytest.raises(TodayOnlyInTraining):
        Workplace(empty_database, DEFAULT_ADMIN, today=TODAY).run_op(look)


class TestSettingUp:
    def test_a_real_ledger_has_an_administrator_and_a_till(self, empty_database: Database) -> None:
        made = create_ledger(empty_database, admin="样例站长", password_hash="hash")
        assert (made.created, made.training, made.admin) == (True, False, "样例站长")
        again = create_ledger(empty_database)
        assert (again.created, again.training) == (False, False)
        with empty_database.reading() as connection:
            rows = connection.execute(select(_staff.c.name, _staff.c.role, _staff.c.password_hash)).all()
        assert [tuple(row) for row in rows] == [("样例站长", "admin", "hash")]

    def test_a_real_ledger_never_becomes_a_training_one(self, empty_database: Database) -> None:
        create_ledger(empty_database)
        with pytest.raises(TrainingStaysTraining):
            create_ledger(empty_database, training=True)

    def test_a_training_ledger_opened_again_stays_one(self, ledger_database: Database) -> None:
        assert create_ledger(ledger_database, training=True).training
        assert create_ledger(ledger_database).training

    def test_tills_are_numbered_and_noted(self, ledger_database: Database) -> None:
        desk = Workplace(ledger_database, "样例管理员", today=TODAY)
        assert [desk.run_op(add_till), desk.run_op(add_till)] == [2, 3]
        assert desk.read(_audited, action="add_till") == 2

    def test_the_language_is_the_ledgers(self, ledger_database: Database) -> None:
        desk = Workplace(ledger_database, "样例主管", today=TODAY)
        try:
            assert desk.run_op(change_language, language="en") == "en"
            assert desk.read(_audited, action="change_language") == 1
            with pytest.raises(UnknownLanguage):
                desk.run_op(change_language, language="fr")
        finally:
            use_language(DEFAULT_LANGUAGE)


def _audited(connection: Any, *, action: str) -> int:
    record = table_of(AuditRecord)
    return int(connection.execute(select(func.count()).where(record.c.action == action)).scalar_one())
