"""A day that was closed and opened again: what was forgotten is booked on it, beside the day that runs already."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.ledger.posting import DayIsClosed
from feedesk.money import Fen
from feedesk.ops.adjusting import add_charge
from feedesk.ops.at_the_till import NotYourShift
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import EarlierDayOpen, close_day, reopen_day
from feedesk.ops.money_in_time import BalanceCameLater, BilledLater, MoneyCameLater
from feedesk.ops.offsetting import offset_account
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.refunding import DepositPapers, RefundTooLarge, refund_deposit, refund_payment, refund_prepayment
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import DayNotReopened, open_shift
from feedesk.ops.taking_back import PrepaymentUsed, reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.periods import Period
from feedesk.queries.day_figures import day_summary
from feedesk.queries.reopened_days import reopened_days
from feedesk.receipts.daily_summary import write_daily_summary
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk

CASHIER = "样例收费员"


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    """Yesterday's desk, closed with one payment, its successor's at a till of his own; the day is TOMORROW now."""
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    desk = Desk(workplace, tmp_path)
    desk.run(add_till, by="样例管理员")
    desk.open(by=CASHIER)
    desk.pay("1-1-101", by=CASHIER, cash=27608)
    desk.count(77608, by=CASHIER)
    desk.evening({"物业费": {"cash": 27608}}, receipts=1)
    return desk.on(TOMORROW)


def test_what_was_forgotten_is_booked_on_its_day(desk: Desk) -> None:
    """While today's shift runs at till 1, a supervisor books yesterday's forgotten payment at till 2."""
    desk.open(by=CASHIER)
    desk.pay("1-1-102", by=CASHIER, wechat=27608)
    with pytest.raises(DayNotReopened):
        desk.run(open_shift, till=2, opening_float=Fen(0), day=TODAY)
    desk.run(reopen_day, date=TODAY, reason="漏记一笔现金")
    assert desk.workplace.read(reopened_days) == (TODAY,)
    with pytest.raises(NotPermitted):
        desk.run(open_shift, by=CASHIER, till=2, opening_float=Fen(0), day=TODAY)
    opened = desk.run(open_shift, till=2, opening_float=Fen(0), day=TODAY)
    assert opened.business_date == TODAY
    with pytest.raises(NotYourShift):
        desk.pay("1-1-103", by=CASHIER, till=2, cash=27608)
    forgotten = desk.pay("1-1-103", till=2, cash=27608)
    wrong = desk.pay("1-1-104", till=2, cash=27608)
    desk.run(void_payment, receipt=wrong.receipt, reason="记错户", till=2)
    assert (forgotten.receipt, wrong.receipt) == ("SJ-2026-2-000001", "SJ-2026-2-000002")
    desk.count(27608, till=2)
    desk.on(TODAY).evening({"物业费": {"cash": 55216}}, receipts=3, version=2, voids=1)
    assert desk.workplace.read(reopened_days) == ()
    _assert_differences(desk)
    with pytest.raises(DayNotReopened):
        desk.run(open_shift, till=2, opening_float=Fen(0), day=TODAY)
    desk.pay("1-1-105", by=CASHIER, cash=27608)
    desk.count(77608, by=CASHIER)
    desk.evening({"物业费": {"wechat": 27608, "cash": 27608}}, receipts=2)


def _assert_differences(desk: Desk) -> None:
    book = load_workbook(write_daily_summary(desk.workplace.read(day_summary, day=TODAY), desk.folder))
    rows = list(book["与上次差异"].iter_rows(values_only=True))
    told = [" ".join(str(cell) for cell in row if cell is not None) for row in rows]
    assert any("漏记一笔现金" in line for line in told), told
    assert any("276.08" in line and "552.16" in line for line in told), told


def test_at_the_same_till_once_its_shift_is_counted(desk: Desk) -> None:
    """Receipt numbers run on over both days; the day that runs already stays whole."""
    desk.open()
    first = desk.pay("1-1-102", cash=27608)
    desk.count(77608)
    desk.run(reopen_day, date=TODAY, reason="漏记")
    desk.run(open_shift, opening_float=Fen(0), day=TODAY)
    second = desk.pay("1-1-103", cash=27608)
    desk.count(27608)
    assert (first.receipt, second.receipt) == ("SJ-2026-1-000002", "SJ-2026-1-000003")
    with pytest.raises(EarlierDayOpen):
        desk.run(close_day, date=TOMORROW)
    desk.on(TODAY).evening({"物业费": {"cash": 55216}}, receipts=2, version=2)
    desk.evening({"物业费": {"cash": 27608}}, receipts=1)


def test_no_other_day_is_open_for_it(desk: Desk) -> None:
    for day in (TODAY - timedelta(1), TODAY, TOMORROW + timedelta(1)):
        with pytest.raises(DayNotReopened):
            desk.run(open_shift, till=2, opening_float=Fen(0), day=day)
    with pytest.raises(DayIsClosed):
        desk.on(TODAY).open(till=2)
    desk.run(open_shift, till=2, opening_float=Fen(0), day=TOMORROW)


def test_money_of_the_running_day_stays_there(desk: Desk) -> None:
    """Nothing that came today is claimed, given back or used on the day before: there it would be below nothing."""
    desk.open(by=CASHIER)
    held = {"prepay": Fen(30000), "deposits": [("装修押金", Fen(20000))], "charges": ()}
    taken = desk.pay("1-1-102", by=CASHIER, wechat=50000, **held).receipt
    given = TenderGiven("transfer", Fen(27608), "T1")
    found = desk.run(post_unclaimed, by=CASHIER, tender=given, value_date=TODAY, remark="物业费").receipt
    desk.run(reopen_day, date=TODAY, reason="漏记")
    desk.run(open_shift, till=2, opening_float=Fen(50000), day=TODAY)
    account, cash = desk.account("1-1-102"), TenderGiven("cash", Fen(20000))
    papers = DepositPapers(slip=taken, inspected=True)
    deposit: dict[str, Any] = {"account": account, "name": "装修押金", "amount": Fen(20000), "papers": papers}
    for op, facts in (
        (claim_unclaimed, {"receipt": found, "account": account}),
        (return_unclaimed, {"receipt": found, "tender": cash, "payee": "王样"}),
        (reverse_payment, {"receipt": taken}),
        (refund_payment, {"receipt": taken, "tender": cash}),
        (transfer_payment, {"receipt": taken, "account": desk.account("1-1-103")}),
    ):
        with pytest.raises(MoneyCameLater, match=TOMORROW.isoformat()):
            desk.run(op, reason="样例", till=2, **facts)
    with pytest.raises(BalanceCameLater, match=TODAY.isoformat()):
        desk.pay("1-1-102", till=2, prepaid=27608)
    with pytest.raises(BalanceCameLater):
        desk.run(refund_deposit, **deposit, tender=cash, reason="样例", till=2)
    with pytest.raises(BalanceCameLater):
        desk.run(refund_prepayment, account=account, tender=cash, reason="样例", till=2)
    desk.count(50000, till=2)
    desk.on(TODAY).evening({"物业费": {"cash": 27608}}, receipts=1, version=2)
    desk.run(claim_unclaimed, by=CASHIER, receipt=found, account=desk.account("1-1-103"), reason="出示回单")
    desk.count(50000, by=CASHIER)
    takings = {
        "物业费": {"unclaimed": 27608},
        "预存款": {"wechat": 30000},
        "装修押金": {"wechat": 20000},
        "待认领款": {"transfer": 27608},
    }
    desk.evening(takings, receipts=3)


@pytest.fixture
def forgotten(desk: Desk) -> Desk:
    """Today runs at till 1; till 2 is open for what was forgotten on the day before."""
    desk.open(by=CASHIER)
    desk.run(reopen_day, date=TODAY, reason="漏记")
    desk.run(open_shift, till=2, opening_float=Fen(50000), day=TODAY)
    return desk


def test_a_charge_billed_later_is_not_paid_on_the_day_before(forgotten: Desk) -> None:
    """It was not owed then: neither by name nor as the oldest, nor by a claim, a transfer or an offset."""
    desk, home = forgotten, forgotten.account("1-1-103")
    facts: dict[str, Any] = {"item": "物业费", "period": Period.parse("2026-10"), "amount": Fen(5000), "reason": "漏算"}
    added = desk.run(add_charge, account=home, **facts).charge
    with pytest.raises(BilledLater, match=TOMORROW.isoformat()):
        desk.pay("1-1-103", till=2, cash=5000, charges=[added])
    desk.pay("1-1-103", till=2, cash=27608)
    with pytest.raises(BilledLater, match="1-1-103"):
        desk.pay("1-1-103", till=2, cash=5000)
    found = desk.run(
        post_unclaimed, tender=TenderGiven("cash", Fen(8000)), value_date=TODAY, remark="物业费", till=2
    ).receipt
    asked: dict[str, Any] = {"receipt": found, "account": home, "reason": "出示回单", "till": 2}
    with pytest.raises(BilledLater):
        desk.run(claim_unclaimed, charges=[added], **asked)
    desk.run(claim_unclaimed, **asked)
    wrong = desk.pay("1-1-104", till=2, cash=27608)
    desk.run(transfer_payment, receipt=wrong.receipt, account=home, reason="收错户", till=2)
    assert (desk.owes("1-1-103"), desk.holds("1-1-103")) == (5000, (8000 + 27608, 0))
    desk.count(50000 + 27608 + 8000 + 27608, till=2)
    assert desk.on(TODAY).run(offset_account, account=home) is None
    made = desk.run(offset_account, account=home)
    assert made is not None
    assert (made.total, made.left) == (5000, 8000 + 27608 - 5000)


def test_what_was_used_and_came_later_is_not_given_back_on_the_day_before(forgotten: Desk) -> None:
    """Prepaid on the day before 300.00, of which 276.08 was used today; 200.00 came again on a third day: 23.92 was
    there all the time. Of a deposit of the third day nothing, although its slip was lost.
    """
    desk, account, cash = forgotten, forgotten.account("1-1-105"), TenderGiven("cash", Fen(2393))
    first = desk.pay("1-1-105", till=2, cash=30000, prepay=Fen(30000), charges=())
    desk.pay("1-1-105", by=CASHIER, prepaid=27608)
    desk.count(50000, by=CASHIER)
    desk = desk.on(TOMORROW + timedelta(1))
    desk.open(by=CASHIER)
    desk.pay("1-1-105", by=CASHIER, wechat=40000, prepay=Fen(20000), deposits=[("装修押金", Fen(20000))], charges=())
    with pytest.raises(BalanceCameLater, match=r"23\.92"):
        desk.run(refund_prepayment, account=account, tender=cash, reason="样例", till=2)
    with pytest.raises(BalanceCameLater):
        desk.pay("1-1-105", till=2, prepaid=2393, charges=(), deposits=[("门禁押金", Fen(2393))])
    with pytest.raises(RefundTooLarge, match=r"23\.92"):
        desk.run(refund_payment, receipt=first.receipt, tender=cash, reason="样例", till=2)
    with pytest.raises(PrepaymentUsed, match=r"23\.92"):
        desk.run(void_payment, receipt=first.receipt, reason="样例", till=2)
    papers = DepositPapers(lost="声明 1", inspected=True)
    facts: dict[str, Any] = {"account": account, "name": "装修押金", "amount": Fen(2393), "papers": papers}
    with pytest.raises(BalanceCameLater):
        desk.run(refund_deposit, tender=cash, reason="样例", till=2, **facts)
    rest = TenderGiven("cash", Fen(2392))
    desk.run(refund_prepayment, account=account, tender=rest, reason="样例", till=2)
    desk.count(50000 + 30000 - 2392, till=2)
    desk.on(TODAY).evening({"物业费": {"cash": 27608}, "预存款": {"cash": 30000 - 2392}}, receipts=3, version=2)
    desk.run(refund_deposit, by=CASHIER, tender=cash, reason="样例", **facts)
