"""A desk that dies in the middle: whatever it was doing is done whole or not at all, and the ledger is sound."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event

from feedesk.db import Database
from feedesk.ledger.sealing import DOCUMENTS
from feedesk.models import Base
from feedesk.money import Fen
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.importing import import_community
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.verification import verify_everything
from tests.ledger.whole_ledger import read_book
from tests.scenarios.rivals import Rival
from tests.scenarios.street import TODAY, sheets, street

OCTOBER = Period.parse("2026-10")
TABLES = (*(table.name for table in DOCUMENTS), "entry", "posting", "receipt_book", "print_job", "account", "unit")


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has, and the next receipt number."""
    with database.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"SELECT COUNT(*) FROM {name}").scalar_one()
            for name in TABLES
            if name in Base.metadata.tables
        }
        found["next"] = connection.exec_driver_sql("SELECT SUM(next_number) FROM receipt_book").scalar() or 0
        return {name: int(number) for name, number in found.items()}


def assert_sound(database: Database) -> None:
    with database.reading() as connection:
        assert verify_everything(connection).problems == ()


def _pay(desk: Workplace) -> None:
    tenders = [TenderGiven("cash", Fen(50000)), TenderGiven("wechat", Fen(3000), "WX1")]
    deposits = [("装修押金", Fen(5000))]
    desk.run_op(collect_payment, account=2, tenders=tenders, charges=[3, 4], deposits=deposits, print_slip=True)


def _void(desk: Workplace) -> None:
    desk.run_op(void_payment, receipt="SJ-2026-1-000001", reason="x")


def _bill(desk: Workplace) -> None:
    desk.run_op(bill_period, period=OCTOBER)


def _undo(desk: Workplace) -> None:
    desk.run_op(undo_billing, period=OCTOBER, reason="x")


def _import(desk: Workplace) -> None:
    desk.run_op(import_community, book=_BOOK, dry_run=False)


_BOOK = read_book(sheets(3, first=1000))


def _close_shift(desk: Workplace) -> None:
    desk.run_op(close_shift)


def _close_day(desk: Workplace) -> None:
    desk.run_op(close_shift, till=2)
    desk.run_op(close_day)


# In an order in which each finds what it needs; where money is taken also statements that go past SQLAlchemy count.
ACTS: tuple[tuple[Callable[[Workplace], None], int], ...] = (
    (_pay, 5), (_void, 5), (_bill, 4), (_undo, 4), (_import, 6), (_close_shift, 4),
)  # fmt: skip
TRACED = (_pay, _void)


def dies_at(database: Database, step: int, act: Callable[[Workplace], object], *, traced: bool = False) -> bool:
    """Runs an act in a process that is killed at its n-th statement; False when it ended before that.

    ``traced``: SQLite itself counts, so that the prepared statements of the hot paths (`feedesk.ledger.prepared`),
    which go past SQLAlchemy, count too.
    """
    database.dispose()  # SQLite's files must not be open across a fork
    child = os.fork()
    if child == 0:
        try:
            own = Database(database.url.render_as_string(hide_password=False))
            statements = count(1)

            def strike(*_facts: object) -> None:
                if next(statements) == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            @event.listens_for(own.engine, "connect")
            def watch(driver: Any, _record: object) -> None:
                if traced:
                    driver.set_trace_callback(strike)

            if not traced:
                event.listen(own.engine, "before_cursor_execute", strike)
            event.listen(own.engine, "commit", strike)

            act(Workplace(own, "样例主管", today=TODAY))
            os._exit(0)
        finally:  # whatever went wrong: never back into the tests
            traceback.print_exc()
            os._exit(1)
    _child, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_killed_at_any_statement_an_act_has_not_happened(ledger_database: Database) -> None:
    desk = street(ledger_database)
    for act, stride in ACTS:
        before, died = rows(ledger_database), 0
        for step in count(1, stride if ledger_database.path else 7):
            if not dies_at(ledger_database, step, act, traced=bool(ledger_database.path) and act in TRACED):
                break
            died += 1
            assert rows(ledger_database) == before, (act.__name__, step)
            assert_sound(ledger_database)
        assert died >= 2, act.__name__
        assert rows(ledger_database) != before
    _close_day(desk)
    assert_sound(ledger_database)


@pytest.mark.slow
def test_killed_at_any_moment_what_was_told_has_happened_and_nothing_by_halves(ledger_database: Database) -> None:
    """Desks one after another, each killed after a random while; no act they told of may be missing."""
    street(ledger_database)
    kinds = {"payment": 0, "void": 0, "billing": 0, "billing_undo": 0, "opening": 1}
    chance = random.Random()
    for _desk in range(4 if ledger_database.path else 3):
        rival = Rival(ledger_database, "work")
        rival.wait(1)
        rival.go()
        rival.wait(1 + chance.randint(1, 20))
        time.sleep(chance.uniform(0, 0.05))
        rival.kill()
        for kind, _receipt in rival.outcomes(killed=True):
            kinds[kind] += 1
        assert_sound(ledger_database)
        with ledger_database.reading() as connection:
            counts = connection.exec_driver_sql("SELECT kind, COUNT(*) FROM entry GROUP BY kind")
            found: dict[str, int] = {kind: number for kind, number in counts}  # noqa: C416
        lost = {kind: told - found.get(kind, 0) for kind, told in kinds.items() if told > found.get(kind, 0)}
        assert not lost
        assert sum(found.get(kind, 0) for kind in kinds) - sum(kinds.values()) <= 1
        kinds = {kind: found.get(kind, 0) for kind in kinds}
    assert kinds["payment"] > 2
    assert rows(ledger_database)["payment"] == kinds["payment"] + kinds["void"]
