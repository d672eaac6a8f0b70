"""Shifts: the drawer is filled, counted and emptied, and its cash is what the ledger says."""

from datetime import date

import pytest

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import ZERO, Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till, create_ledger
from feedesk.ops.shifts import (
    CountMissing,
    FloatNegative,
    NoShiftToClose,
    ShiftAlreadyOpen,
    ShiftClosed,
    close_shift,
    open_shift,
)
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.queries.desk import UnknownTill, open_shift_at
from feedesk.queries.shifts import opening_float, shifts_of_day
from feedesk.rules.cash_count import UnknownDenomination
from tests.community import TODAY, SmallCommunity, picture_home
from tests.databases import sqlite_url

_TRANSIT, _IMPREST, _OVER_SHORT = "1009.在途现金", "1001.备用金", "6711.长短款"


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


def balances(community: SmallCommunity) -> tuple[int, int, int, int]:
    """Drawer, imprest, in transit, over/short: zero in all, the drawer's being the takings' other side."""
    return tuple(community.balance(code) for code in ("1001.T1", _IMPREST, _TRANSIT, _OVER_SHORT))  # type: ignore[return-value]


def test_opening_puts_the_float_into_the_drawer(community: SmallCommunity) -> None:
    assert balances(community) == (50000, -50000, 0, 0)
    shift = community.workplace.read(open_shift_at, till=1)
    assert shift is not None
    assert (shift.till_number, shift.cashier, shift.business_date) == (1, "样例主管", TODAY)
    assert community.workplace.read(opening_float, shift=shift.id) == 50000
    # What lies in the drawer cannot be read off the shift before it is counted.
    assert not {"expected", "received", "counted"} & set(type(shift).__slots__)


def test_a_till_has_one_shift_at_a_time(community: SmallCommunity) -> None:
    with pytest.raises(ShiftAlreadyOpen, match="样例主管"):
        community.run(open_shift, opening_float=ZERO)
    assert Workplace(community.database, "样例管理员").run_op(add_till) == 2
    opened = community.run(open_shift, till=2, opening_float=ZERO)
    assert (opened.till, opened.opening_float, opened.business_date) == (2, 0, TODAY)
    closed = community.run(close_shift, till=2, counts={})
    assert (closed.expected, closed.counted, closed.over_short) == (0, 0, 0)


def test_the_float_cannot_be_negative(community: SmallCommunity) -> None:
    community.run(close_shift)
    with pytest.raises(FloatNegative):
        community.run(open_shift, opening_float=Fen(-1))
    assert community.workplace.read(open_shift_at, till=1) is None


@pytest.mark.parametrize("op", [open_shift, close_shift])
def test_an_unknown_till(community: SmallCommunity, op: object) -> None:
    facts = {"opening_float": ZERO} if op is open_shift else {}
    with pytest.raises(UnknownTill):
        community.run(op, till=7, **facts)  # type: ignore[arg-type]


def test_closing_counts_the_drawer_and_empties_it(community: SmallCommunity) -> None:
    home = picture_home(community)
    tenders = [TenderGiven("wechat", Fen(50000), "W1"), cash(150000)]
    paid = community.run(collect_payment, account=home.dwelling, tenders=tenders, household_too=True)
    assert (paid.change, paid.rounding) == (2060, 8)
    closed = community.run(close_shift, counts={"100": 19, "50": 1, "20": 1, "5": 1, "0.5": 1})
    assert closed.takings_by_tender == {"cash": 147940, "wechat": 50000}
    assert (closed.expected, closed.counted, closed.over_short) == (197940, 197550, -390)
    assert balances(community) == (0, 0, 147550, 390)
    assert community.value(table_of(models.Shift), "is_open", id=closed.shift) is False
    assert community.value(table_of(models.ShiftClose), "counts") == '{"100":19,"50":1,"20":1,"5":1,"0.5":1}'
    with pytest.raises(NoShiftToClose):
        community.run(close_shift, counts={})


def test_cash_over_is_income(community: SmallCommunity) -> None:
    closed = community.run(close_shift, counts={"100": 5, "coin1": 1})
    assert closed.over_short == 100
    assert balances(community) == (0, 0, 100, -100)


def test_cash_short_of_the_float_all_goes_back(community: SmallCommunity) -> None:
    closed = community.run(close_shift, counts={"100": 4})
    assert (closed.expected, closed.over_short) == (50000, -10000)
    assert balances(community) == (0, -10000, 0, 10000)


def test_a_void_takes_its_cash_out_again(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    paid = community.run(collect_payment, account=account, tenders=[cash(10000)])
    community.run(void_payment, receipt=paid.receipt, reason="房号选错")
    closed = community.run(close_shift)
    assert (closed.expected, closed.takings_by_tender) == (50000, {"cash": 0})


def test_a_reversal_pays_out_of_the_float(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    paid = community.run(collect_payment, account=account, tenders=[cash(10000)])
    community.run(close_shift)
    community.run(open_shift, opening_float=Fen(20000))
    approved = Workplace(community.database, "样例主管", "样例经理", TODAY)
    approved.run_op(reverse_payment, receipt=paid.receipt, reason="重复收款")
    closed = community.run(close_shift)
    assert (closed.expected, closed.takings_by_tender) == (10000, {"cash": -10000})
    # 坐支: what was given back is missing from 备用金, the first shift's takings stay in transit whole.
    assert balances(community) == (0, -10000, 10000, 0)
    first, second = community.workplace.read(shifts_of_day, day=TODAY)
    assert (first.counted, second.counted, second.is_open) == (60000, 10000, False)


def test_a_drawer_that_owes_is_counted_as_empty(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    paid = community.run(collect_payment, account=account, tenders=[cash(10000)])
    community.run(close_shift)
    community.run(open_shift, opening_float=ZERO)
    approved = Workplace(community.database, "样例主管", "样例经理", TODAY)
    approved.run_op(reverse_payment, receipt=paid.receipt, reason="重复收款")
    closed = community.run(close_shift)
    assert (closed.expected, closed.counted, closed.over_short) == (-10000, 0, 10000)
    assert community.balance("1001.T1") == 0


def test_an_unknown_denomination_closes_nothing(community: SmallCommunity) -> None:
    with pytest.raises(UnknownDenomination):
        community.run(close_shift, counts={"3": 1})
    assert community.workplace.read(open_shift_at, till=1) is not None
    assert balances(community) == (50000, -50000, 0, 0)


def test_a_shift_past_midnight_keeps_its_business_date(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    tomorrow = Workplace(community.database, "样例主管", today=date(2026, 11, 24))
    tomorrow.run_op(collect_payment, account=account, tenders=[cash(10000)])
    closed = tomorrow.run_op(close_shift, counts={"100": 6})
    assert (closed.business_date, closed.closed_at.date()) == (TODAY, date(2026, 11, 24))
    entry = table_of(models.Entry)
    assert community.value(entry, "business_date", kind="shift_close") == TODAY
    assert community.value(entry, "business_date", kind="payment") == TODAY


def test_a_real_ledger_wants_the_count(tmp_path_factory: pytest.TempPathFactory) -> None:
    database = Database(sqlite_url(tmp_path_factory.mktemp("real") / "ledger.sqlite"))
    create_ledger(database, admin="样例管理员")
    desk = Workplace(database, "样例管理员")
    desk.run_op(open_shift, opening_float=Fen(100))
    with pytest.raises(CountMissing):
        desk.run_op(close_shift)
    closed: ShiftClosed = desk.run_op(close_shift, counts={"1": 1})
    assert (closed.counted, closed.over_short, closed.counts) == (100, 0, {"1": 1})
    database.dispose()


def test_both_databases_know_the_drawer(ledger_database: Database) -> None:
    desk = Workplace(ledger_database, "样例收费员", today=TODAY)
    desk.run_op(open_shift, opening_float=Fen(12300))
    closed = desk.run_op(close_shift, counts={"100": 1, "20": 1})
    assert (closed.cashier, closed.expected, closed.over_short) == ("样例收费员", 12300, -300)
    (row,) = desk.read(shifts_of_day, day=TODAY)
    assert (row.expected, row.counted, row.counts) == (12300, 12000, {"100": 1, "20": 1})


@pytest.mark.parametrize("op", [open_shift, close_shift])
def test_who_may_not_run_a_shift(community: SmallCommunity, op: object) -> None:
    office = Workplace(community.database, "样例财务", today=TODAY)
    with pytest.raises(NotPermitted):
        office.run_op(op)  # type: ignore[arg-type]
