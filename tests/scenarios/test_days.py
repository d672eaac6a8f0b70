"""Whole days at the desk, each a short story with its sums reckoned by hand, down to the evening's workbook."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.ledger.posting import DayIsClosed
from feedesk.money import ZERO, Fen
from feedesk.ops.banking import pay_cash_in
from feedesk.ops.billing import bill_period
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import PaymentCollected, collect_payment
from feedesk.ops.drawer import move_cash
from feedesk.ops.offsetting import offset_prepayments
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding import DepositPapers, refund_deposit, refund_payment
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import NotInThisShift, reverse_payment, void_payment
from feedesk.ops.waiving import waive
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.day_figures import day_summary
from feedesk.queries.desk import ShiftNotOpen
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.receipts.daily_summary import write_daily_summary
from feedesk.rules.day_summary import DayFigures
from feedesk.rules.drawer import Movement
from feedesk.rules.takings import Share
from tests.ledger.whole_ledger import Sheets, bring_along
from tests.scenarios.small_desk import assert_day_figures

Result = TypeVar("Result")
TODAY = date(2026, 11, 23)
TOMORROW = TODAY + timedelta(1)
HOMES = [f"1-1-{number}" for number in range(101, 131)]

SHEETS: Sheets = {
    "小区": [("小区名称", "物业公司"), ("锦绣江南小区", "温江和泰物业(样例)")],
    "房屋": [
        ("房屋编号", "类型", "建筑面积", "交付日期"),
        *((home, "住宅", "98.60", "2020-01-01") for home in HOMES),
        ("B1-001", "车位", "12", "2020-01-01"),
    ],
    "住户": [("房屋编号", "姓名", "身份"), *((unit, f"样{unit}", "业主") for unit in (*HOMES, "B1-001"))],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "生效日期"),
        ("住宅物业费", "物业费", "按面积", "2.80", "2026-01-01"),
    ],
    "适用范围": [("房屋编号", "收费标准", "起始日期"), ("1-1-*", "住宅物业费", "2026-01-01")],
    "期初欠费": [
        ("房屋编号", "收费项目", "所属期", "金额", "到期日"),
        *((home, "物业费", "2026-11", "276.08", "2026-11-30") for home in HOMES),
        ("B1-001", "车位服务费", "2026-09", "300.00", "2026-10-14"),
    ],
    "违约金": [("收费项目", "日费率", "生效日期"), ("车位服务费", "0.001", "2026-01-01")],
}
"""Thirty homes that owe 276.08 each of this month; a parking space that is 40 days late with 300.00, so 12.00 more."""


@dataclass(slots=True)
class Desk:
    """The desk of one ledger on one day; ``evening`` ends it and compares what it must come to."""

    workplace: Workplace
    folder: Path

    def run(self, op: Callable[..., Result], *, by: str = "样例主管", **facts: Any) -> Result:
        return replace(self.workplace, actor=by).run_op(op, **facts)

    def on(self, day: date) -> "Desk":
        return Desk(replace(self.workplace, today=day), self.folder)

    def account(self, unit: str) -> int:
        return self.workplace.read(find_account, text=unit, on=TODAY).id

    def open(self, opening_float: int = 50000, **facts: Any) -> None:
        self.run(open_shift, opening_float=Fen(opening_float), **facts)

    def pay(self, unit: str, *, by: str = "样例主管", **facts: Any) -> PaymentCollected:
        """``pay("1-1-101", cash=30000, wechat=1000)``: each way of paying in fen, further facts as they are."""
        codes = ("cash", "wechat", "alipay", "card", "transfer", "prepaid")
        given = [TenderGiven(code, Fen(amount)) for code, amount in facts.items() if code in codes]
        rest = {name: fact for name, fact in facts.items() if name not in codes}
        return self.run(collect_payment, by=by, account=self.account(unit), tenders=given, **rest)

    def owes(self, unit: str) -> int:
        day = self.workplace.business_date()
        return self.workplace.read(statement, account=self.account(unit), on=day).total_due

    def holds(self, unit: str) -> tuple[int, int]:
        """What is prepaid and deposited."""
        found = self.workplace.read(statement, account=self.account(unit), on=self.workplace.business_date())
        return found.prepaid, found.deposits

    def count(self, expected: int, counted: int | None = None, *, by: str = "样例主管", till: int = 1) -> None:
        """Ends a shift: what should lie in the drawer, and what does."""
        closed = self.run(close_shift, by=by, till=till, counts={"other": expected if counted is None else counted})
        assert closed.expected == expected
        assert closed.over_short == (0 if counted is None else counted - expected)

    def evening(
        self, takings: Mapping[str, Mapping[str, int]], *, receipts: int, voids: int = 0, version: int = 1
    ) -> DayFigures:
        """Closes the day: fee items by tender in fen, and the number of receipts; workbook and ledger agree."""
        closed = self.run(close_day)
        figures = closed.figures
        assert figures.takings.by_item() == takings
        assert (figures.receipts.count, figures.receipts.voids, figures.receipts.gaps) == (receipts, voids, 0)
        total = sum(amount for tenders in takings.values() for amount in tenders.values())
        assert (closed.total, closed.version) == (total, version)
        day = self.workplace.business_date()
        self._check_workbook(day, figures)
        with self.workplace.database.reading() as connection:
            assert_day_figures(connection, day)
            assert verify_everything(connection).problems == ()
        return figures

    def _check_workbook(self, day: date, figures: DayFigures) -> None:
        path = write_daily_summary(self.workplace.read(day_summary, day=day), self.folder)
        book = load_workbook(path, data_only=True)
        rows = list(book["明细"].iter_rows(min_row=2, values_only=True))
        details, last = [row[13] for row in rows[:-1]], rows[-1][13]
        assert _fen(sum(details)) == _fen(last) == figures.total
        found = _labelled(book["汇总"])
        assert _fen(found["合计"]) == figures.total
        assert _fen(found["应有现金"]) == sum(shift.expected for shift in figures.shifts)
        assert _fen(found["点得现金"]) == sum(shift.counted for shift in figures.shifts)
        assert _fen(found["长短款"]) == sum(shift.over_short for shift in figures.shifts)
        assert ("与上次差异" in book.sheetnames) == (figures.version > 1)


def _fen(yuan: Any) -> int:
    """A number of a workbook in fen."""
    return int(yuan * 100 + (0.5 if yuan > 0 else -0.5))


def _labelled(sheet: Any) -> dict[str, Any]:
    """The last figure to the right of each label, the first time it stands there."""
    found: dict[str, Any] = {}
    for cells in sheet.iter_rows(values_only=True):
        for place, label in enumerate(cells):
            figures = [value for value in cells[place + 1 :] if isinstance(value, int | float)]
            if isinstance(label, str) and figures:
                found.setdefault(label, figures[-1])
    return found


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def test_a_rush_of_thirty(desk: Desk) -> None:
    """Ten pay 300.00 in cash and get 24.00 back each, 抹零 0.08; ten by WeChat, ten by card."""
    desk.open()
    for number, home in enumerate(HOMES):
        if number % 3 == 0:
            paid = desk.pay(home, cash=30000)
            assert (paid.total, paid.change, paid.rounding) == (27600, 2400, 8)
        else:
            facts: dict[str, Any] = {"wechat" if number % 3 == 1 else "card": 27608}
            desk.pay(home, **facts)
    desk.count(50000 + 10 * 27600)
    figures = desk.evening(
        {"物业费": {"cash": 276080, "wechat": 276080, "card": 276080}, "抹零": {"cash": -80}}, receipts=30
    )
    assert figures.takings.shares[Share.CURRENT] == 30 * 27608
    assert figures.transit.closing == 276000


def test_mixed_tenders_change_and_rounding(desk: Desk) -> None:
    """WeChat 200.00 and cash 100.00 for 276.08: 23.92 over, 24.00 back. Exact cash is taken to the fen."""
    desk.open()
    mixed = desk.pay("1-1-101", wechat=20000, cash=10000)
    assert (mixed.total, mixed.change, mixed.rounding) == (27600, 2400, 8)
    exact = desk.pay("1-1-102", cash=27608)
    assert (exact.total, exact.change, exact.rounding) == (27608, 0, 0)
    three = desk.pay("1-1-103", alipay=10000, card=10000, cash=7610)
    assert (three.total, three.change, three.rounding) == (27600, 10, 8), "nobody has a coin of 2 fen"
    desk.count(50000 + 7600 + 27608 + 7600)
    takings = {"wechat": 20000, "alipay": 10000, "card": 10000, "cash": 7608 + 27608 + 7608}
    desk.evening({"物业费": takings, "抹零": {"cash": -16}}, receipts=3)


def test_hand_over_with_a_shortage(desk: Desk) -> None:
    """The first cashier is 50.00 short, the second right; each answers for her own drawer."""
    desk.open(by="样例收费员")
    desk.pay("1-1-101", by="样例收费员", cash=30000)
    desk.count(77600, 72600, by="样例收费员")
    desk.open(20000, by="样例收费员乙")
    desk.pay("1-1-102", by="样例收费员乙", cash=27608)
    desk.count(47608, by="样例收费员乙")
    figures = desk.evening({"物业费": {"cash": 55216}, "抹零": {"cash": -8}}, receipts=2)
    assert [(one.cashier, one.over_short) for one in figures.shifts] == [("样例收费员", -5000), ("样例收费员乙", 0)]
    assert figures.transit.closing == 27600 + 27608 - 5000


def test_two_tills(desk: Desk) -> None:
    """Each till has its own numbers and drawer; the day is closed once both have counted."""
    desk.run(add_till, by="样例管理员")
    desk.open()
    desk.open(10000, till=2)
    first = desk.pay("1-1-101", cash=27608)
    second = desk.pay("1-1-102", cash=30000, till=2)
    assert (first.receipt, second.receipt) == ("SJ-2026-1-000001", "SJ-2026-2-000001")
    desk.run(void_payment, receipt=second.receipt, reason="收错户", till=2)
    desk.count(77608)
    desk.count(10000, till=2)
    figures = desk.evening({"物业费": {"cash": 27608}}, receipts=2, voids=1)
    assert [book.count for book in figures.receipts.books] == [1, 1]


def test_reopening_with_a_second_version(desk: Desk) -> None:
    desk.open()
    desk.pay("1-1-101", wechat=27608)
    desk.count(50000)
    desk.evening({"物业费": {"wechat": 27608}}, receipts=1)
    desk.run(reopen_day, date=TODAY, reason="漏记一笔")
    desk.open()
    desk.pay("1-1-102", cash=27608)
    desk.count(77608)
    desk.evening({"物业费": {"wechat": 27608, "cash": 27608}}, receipts=2, version=2)


def test_the_life_of_a_deposit(desk: Desk) -> None:
    """1,000.00 taken by transfer; back in cash the next day against its slip, out of 备用金."""
    desk.open()
    slip = desk.pay("1-1-101", transfer=100000, deposits=[("装修押金", Fen(100000))], charges=()).receipt
    assert desk.holds("1-1-101") == (0, 100000)
    desk.count(50000)
    figures = desk.evening({"装修押金": {"transfer": 100000}}, receipts=1)
    assert figures.takings.shares[Share.DEPOSIT] == 100000
    later = desk.on(TOMORROW)
    later.open(150000)
    papers = DepositPapers(slip=slip, inspected=True)
    facts: dict[str, Any] = {
        "account": later.account("1-1-101"),
        "name": "装修押金",
        "amount": Fen(100000),
        "papers": papers,
    }
    later.run(refund_deposit, tender=TenderGiven("cash", Fen(100000)), reason="装修已毕", **facts)
    assert later.holds("1-1-101") == (0, 0)
    later.count(50000)
    figures = later.evening({"装修押金": {"cash": -100000}}, receipts=1)
    assert figures.transit.closing == 0, "what went back came out of the float, not out of takings"


def test_change_kept_is_offset_by_the_next_run(desk: Desk) -> None:
    """500.00 for 276.08: 223.92 stay prepaid, and December's bill of 276.08 takes them all."""
    desk.open()
    desk.pay("1-1-101", cash=50000, keep_change=True)
    assert desk.holds("1-1-101") == (22392, 0)
    desk.count(100000)
    desk.evening({"物业费": {"cash": 27608}, "预存款": {"cash": 22392}}, receipts=1)
    december = desk.on(date(2026, 12, 1))
    assert december.run(bill_period, period=Period.parse("2026-12")).posted == 30
    done = offset_prepayments(december.workplace)
    assert (done.accounts, done.total) == (1, 22392)
    assert (december.holds("1-1-101"), december.owes("1-1-101")) == ((0, 0), 27608 - 22392)
    figures = december.evening({"物业费": {"prepaid": 22392}}, receipts=0)
    assert figures.prepayment_used == 22392


def test_a_late_fee_paid_in_part_and_waived_in_part(desk: Desk) -> None:
    """300.00 are 40 days late at 1‰ a day: 12.00. The principal and 5.00 are paid, 7.00 are waived."""
    desk.open()
    assert desk.owes("B1-001") == 31200
    paid = desk.pay("B1-001", wechat=30500, part=True)
    assert [(one.principal, one.late_fee) for one in paid.allocations] == [(30000, 500)]
    charge = paid.allocations[0].charge
    desk.run(waive, charges=[charge], late_fee=Fen(700), reason="首次逾期")
    assert desk.owes("B1-001") == 0
    desk.count(50000)
    figures = desk.evening({"车位服务费": {"wechat": 30000}, "违约金": {"wechat": 500}}, receipts=1)
    assert (figures.takings.shares[Share.ARREARS], figures.takings.shares[Share.LATE_FEE]) == (30000, 500)


def test_petty_cash_and_change_money(desk: Desk) -> None:
    """35.50 for stamps out of the float, 200.00 of change fetched, 100.00 of it given back: takings stay whole."""
    desk.open()
    desk.pay("1-1-101", cash=27608)
    desk.run(move_cash, kind=Movement.PETTY_CASH, amount=Fen(3550), purpose="邮票")
    desk.run(move_cash, kind=Movement.CHANGE_IN, amount=Fen(20000), purpose="换零钱")
    desk.run(move_cash, kind=Movement.CHANGE_OUT, amount=Fen(10000), purpose="退零钱")
    desk.count(50000 + 27608 - 3550 + 20000 - 10000)
    figures = desk.evening({"物业费": {"cash": 27608}}, receipts=1)
    assert (figures.shifts[0].paid_out, figures.shifts[0].change) == (3550, 10000)
    assert figures.transit.closing == 27608
    later = desk.on(TOMORROW)
    later.run(pay_cash_in, slip="JK-1", amount=Fen(27608), first_day=TODAY, last_day=TODAY)
    assert later.evening({}, receipts=0).transit.closing == 0


def test_a_month_end_billed_while_a_shift_is_open(desk: Desk) -> None:
    """November's last morning: the bill for December goes out between two payments of the same home."""
    last = desk.on(date(2026, 11, 30))
    last.open()
    last.pay("1-1-101", wechat=27608)
    assert last.run(bill_period, period=Period.parse("2026-12")).posted == 30
    december = last.workplace.read(statement, account=last.account("1-1-101"), on=date(2026, 11, 30)).charges
    assert [charge.period for charge in december] == ["2026-12"]
    last.pay("1-1-101", cash=30000, charges=[december[0].id])
    last.count(77600)
    figures = last.evening({"物业费": {"wechat": 27608, "cash": 27608}, "抹零": {"cash": -8}}, receipts=2)
    assert figures.takings.shares[Share.ADVANCE] == 27608
    assert sum(one.closing for one in figures.arrears if one.item == "物业费") == 58 * 27608


def test_past_midnight_in_an_open_shift(desk: Desk) -> None:
    """What is taken after midnight belongs to the day on which the shift was opened, and so does the drawer."""
    desk.open()
    desk.pay("1-1-101", cash=27608)
    night = desk.on(TOMORROW)
    night.pay("1-1-102", wechat=27608)
    night.count(77608)
    desk.evening({"物业费": {"cash": 27608, "wechat": 27608}}, receipts=2)
    with pytest.raises(DayIsClosed):
        desk.open()
    night.open()
    night.count(50000)
    night.evening({}, receipts=0)


def test_after_the_day_is_closed_nothing_is_voided(desk: Desk) -> None:
    """A payment of yesterday is reversed today, with a red receipt; yesterday's paper stays as it was."""
    desk.open()
    wrong = desk.pay("1-1-101", cash=30000).receipt
    desk.count(77600)
    before = desk.evening({"物业费": {"cash": 27608}, "抹零": {"cash": -8}}, receipts=1)
    later = desk.on(TOMORROW)
    with pytest.raises(ShiftNotOpen):
        later.run(void_payment, receipt=wrong, reason="收错户")
    later.open()
    with pytest.raises(NotInThisShift):
        later.run(void_payment, receipt=wrong, reason="收错户")
    assert later.run(reverse_payment, receipt=wrong, reason="收错户").total == -27600
    later.count(50000 - 27600)
    later.evening({"物业费": {"cash": -27608}, "抹零": {"cash": 8}}, receipts=1)
    assert later.workplace.read(day_summary, day=TODAY).figures == before


def test_the_wrong_tender_and_a_refund_in_another(desk: Desk) -> None:
    """Booked as cash, paid by WeChat; then 76.08 of it go back in cash, since the fee was charged too high."""
    desk.open()
    receipt = desk.pay("1-1-101", cash=27608).receipt
    desk.run(change_tender, receipt=receipt, tenders=[TenderGiven("wechat", Fen(27608), "W1")], reason="选错")
    back = TenderGiven("cash", Fen(7608))
    desk.run(refund_payment, receipt=receipt, tender=back, reason="多收")
    assert desk.owes("1-1-101") == 7608
    desk.count(50000 - 7608)
    figures = desk.evening({"物业费": {"wechat": 27608, "cash": -7608}}, receipts=2)
    assert figures.transit.closing == ZERO


def test_a_clock_set_back(desk: Desk) -> None:
    """In an open shift money stays on the shift's day; nothing is booked on a day that is closed, or before it."""
    desk.open()
    desk.pay("1-1-101", cash=27608)
    desk.count(77608)
    desk.evening({"物业费": {"cash": 27608}}, receipts=1)
    later = desk.on(TOMORROW)
    later.open()
    yesterday = desk.on(TODAY - timedelta(1))
    yesterday.pay("1-1-102", wechat=27608)
    for back in (desk, yesterday):
        with pytest.raises(DayIsClosed):
            back.run(bill_period, period=Period.parse("2026-12"))
    later.count(50000)
    later.evening({"物业费": {"wechat": 27608}}, receipts=1)
