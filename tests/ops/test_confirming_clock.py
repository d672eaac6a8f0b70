"""A clock set back on a real ledger: refused in one sentence, confirmed by a supervisor with a reason."""

import pytest
from sqlalchemy import select

from feedesk import models
from feedesk.db import Database
from feedesk.ledger.clock import CONFIRMED, ClockSetBack
from feedesk.ledger.posting import DayIsClosed
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.confirming_clock import ClockIsRight, ClockReasonMissing, confirm_clock
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.queries.clock import clock_warning
from feedesk.queries.verification import verify_everything
from tests.clocks import TestClock, make_real
from tests.community import picture_home, small_community

CASHIER, SUPERVISOR, ADMIN = "样例收费员", "样例主管", "样例管理员"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TestClock:
    return TestClock(monkeypatch, "feedesk.ops.run")


@pytest.fixture
def desk(ledger_database: Database, clock: TestClock) -> Workplace:
    """A cashier with an open shift since nine, and a first payment at ten."""
    picture_home(small_community(ledger_database))
    make_real(ledger_database)
    desk = Workplace(ledger_database, CASHIER)
    desk.run_op(open_shift, opening_float=Fen(50000))
    clock.set("2026-11-23", "10:00")
    pay(desk)
    return desk


def pay(desk: Workplace, fen: int = 1000) -> None:
    desk.run_op(collect_payment, account=1, tenders=[TenderGiven("cash", Fen(fen))], part=True)


def warning(desk: Workplace, clock: TestClock) -> str:
    return desk.read(clock_warning, till=1, now=clock.at)


def counts(desk: Workplace) -> int:
    entry = table_of(models.Entry)
    return desk.read(lambda connection: len(connection.execute(select(entry.c.id)).all()))


@pytest.mark.parametrize(
    ("day", "time", "hours_east"),
    [
        ("2026-11-23", "10:00", 8),
        ("2026-11-23", "09:50", 8),  # a clock that corrected itself
        ("2026-11-23", "02:01", 0),  # the same moment in another zone
        ("2026-11-22", "21:00", -5),
        ("2026-11-23", "11:00", 9),  # one hour on, as summer time would have it
        ("2026-11-23", "09:00", 7),  # and one back
        ("2026-12-01", "09:00", 8),
    ],
)
def test_a_clock_that_is_well(desk: Workplace, clock: TestClock, day: str, time: str, hours_east: int) -> None:
    clock.set(day, time, hours_east=hours_east)
    assert not warning(desk, clock)
    pay(desk)


@pytest.mark.parametrize(
    ("day", "time", "hours_east"),
    [("2026-11-23", "09:49", 8), ("2026-11-22", "10:00", 8), ("2020-01-01", "00:00", 8), ("2026-11-23", "10:00", 9)],
)
def test_a_clock_set_back(desk: Workplace, clock: TestClock, day: str, time: str, hours_east: int) -> None:
    before = counts(desk)
    clock.set(day, time, hours_east=hours_east)
    for act in (lambda: pay(desk), lambda: desk.run_op(close_shift, counts={"100": 5, "10": 1})):
        with pytest.raises(ClockSetBack) as refused:
            act()
        assert f"{day} {time}" in str(refused.value)
        assert "2026-11-23 1" in str(refused.value)
    assert f"{day} {time}" in warning(desk, clock)
    assert counts(desk) == before
    clock.set("2026-11-23", "10:01")
    pay(desk)


def test_a_supervisor_confirms_it(desk: Workplace, clock: TestClock) -> None:
    """The clock ran a month ahead; the payment made then keeps its time, and from the confirmation on all is well."""
    clock.set("2026-12-24", "10:00")
    pay(desk)
    clock.set("2026-11-23", "11:00")
    supervisor = Workplace(desk.database, SUPERVISOR)
    with pytest.raises(ClockSetBack):
        pay(desk)
    with pytest.raises(NotPermitted):
        desk.run_op(confirm_clock, reason="电池已更换")
    with pytest.raises(ClockReasonMissing):
        supervisor.run_op(confirm_clock, reason=" ")
    done = supervisor.run_op(confirm_clock, reason=" 电池已更换 ")
    assert (done.at, done.last.isoformat()) == (clock.at, "2026-12-24T10:00:00+08:00")
    assert not warning(desk, clock)
    pay(desk)
    with pytest.raises(ClockIsRight):
        supervisor.run_op(confirm_clock, reason="电池已更换")
    entry = table_of(models.Entry)
    confirmed = select(entry.c.reason, entry.c.recorded_at).where(entry.c.kind == CONFIRMED)
    rows = desk.read(lambda connection: connection.execute(confirmed).all())
    assert {(row.reason, row.recorded_at.isoformat()) for row in rows} == {("电池已更换", clock.at.isoformat())}
    assert desk.read(verify_everything).problems == ()


def test_a_day_closed_by_a_clock_that_ran_ahead_is_opened_again(desk: Workplace, clock: TestClock) -> None:
    desk.run_op(close_shift, counts={"100": 5, "10": 1})
    clock.set("2027-11-23", "18:00")
    desk.run_op(open_shift, opening_float=Fen(0))
    desk.run_op(close_shift, counts={})
    clock.set("2026-11-23", "18:00")
    closing = Workplace(desk.database, SUPERVISOR)
    with pytest.raises(ClockSetBack):
        desk.run_op(open_shift, opening_float=Fen(0))
    clock.set("2027-11-23", "18:00")
    closing.run_op(close_day, date=clock.at.date().replace(year=2026))
    closing.run_op(close_day)
    clock.set("2026-11-24", "09:00")
    with pytest.raises(DayIsClosed):
        closing.run_op(confirm_clock, reason="电池已更换")
    closing.run_op(reopen_day, date=clock.at.date().replace(year=2027, day=23), reason="时钟错了")
    if desk.database.engine.dialect.name != "sqlite":  # several machines write there: each till has its own last act
        closing.run_op(confirm_clock, reason="电池已更换", till=1)
    desk.run_op(open_shift, opening_float=Fen(50000))
    pay(desk)
    assert desk.read(verify_everything).problems == ()


def test_a_training_ledger_has_any_day(ledger_database: Database) -> None:
    made = small_community(ledger_database)
    picture_home(made)
    assert made.workplace.read(clock_warning, till=1, now=TestClock(pytest.MonkeyPatch(), "tests.clocks").at) == ""


def test_a_clock_far_ahead_is_told(desk: Workplace, clock: TestClock) -> None:
    """It is no reason to refuse: an office may have been closed."""
    clock.set("2026-12-08", "09:59")
    assert not warning(desk, clock)
    clock.set("2026-12-08", "10:01")
    assert "2026-12-08 10:01" in warning(desk, clock)
    pay(desk)
    assert not warning(desk, clock)
