"""Money of unknown origin over whole days: found, claimed in parts, returned, a claim taken back; to the fen."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.claiming import MoneyClaimed, claim_unclaimed
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.run import Workplace
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.queries.unclaimed import open_unclaimed
from feedesk.rules.day_summary import DayFigures
from feedesk.rules.takings import Share
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk

BANK_DAY = TODAY - timedelta(20)
"""3 November: the parking space, due on 14 October, was 20 days late, and 40 today."""


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def find(desk: Desk, amount: int, code: str = "transfer", **facts: Any) -> str:
    known = {"value_date": BANK_DAY, "sender": "样例付款人", "remark": "物业费", **facts}
    return desk.run(post_unclaimed, tender=TenderGiven(code, Fen(amount), f"Z{amount}"), **known).receipt


def claim(desk: Desk, receipt: str, unit: str, **facts: Any) -> MoneyClaimed:
    return desk.run(claim_unclaimed, receipt=receipt, account=desk.account(unit), reason="出示回单", **facts)


def held(figures: DayFigures) -> tuple[int, int, int, int, int]:
    """How what is held of it changed: opening, received, claimed, otherwise, closing."""
    (change,) = [one for one in figures.held if one.name == "待认领款"]
    return change.opening, change.received, change.used, change.other, change.closing


def waiting(desk: Desk) -> dict[str, int]:
    return {item.receipt: item.left for item in desk.workplace.read(open_unclaimed)}


def test_money_is_found_and_claimed_the_next_day(desk: Desk) -> None:
    """1,000.00 by transfer and 50.00 in an envelope; the parking space takes 306.00 as if paid on the 3rd."""
    desk.open()
    sent = find(desk, 100000)
    envelope = find(desk, 5000, "cash", sender="", remark="信封，无署名")
    desk.pay("1-1-101", cash=27608)
    desk.count(50000 + 5000 + 27608)
    first = desk.evening({"物业费": {"cash": 27608}, "待认领款": {"transfer": 100000, "cash": 5000}}, receipts=3)
    assert first.takings.shares[Share.UNCLAIMED] == 105000
    assert held(first) == (0, 105000, 0, 0, 105000)
    desk = desk.on(TOMORROW)
    assert desk.owes("B1-001") == 30000 + 1230
    desk.open()
    parking = claim(desk, sent, "B1-001", amount=Fen(30600))
    assert [(one.principal, one.late_fee) for one in parking.allocations] == [(30000, 600)]
    assert desk.owes("B1-001") == 0
    home = claim(desk, sent, "1-1-102", amount=Fen(30000))
    assert (home.prepaid, home.left) == (30000 - 27608, 39400)
    assert waiting(desk) == {envelope: 5000, sent: 39400}
    desk.pay("1-1-103", wechat=27608)
    desk.count(50000)
    second = desk.evening(
        {
            "车位服务费": {"unclaimed": 30000},
            "违约金": {"unclaimed": 600},
            "物业费": {"unclaimed": 27608, "wechat": 27608},
            "预存款": {"unclaimed": 30000 - 27608},
        },
        receipts=3,
    )
    assert (second.claimed, second.total - second.claimed) == (60600, 27608)
    assert held(second) == (105000, 0, 60600, 0, 44400)
    assert desk.holds("1-1-102") == (30000 - 27608, 0)


def test_a_claim_by_the_wrong_home_and_money_that_was_not_ours(desk: Desk) -> None:
    """The claim is voided the same day, the next one reversed a day later; what is left goes back to its sender."""
    desk.open()
    sent = find(desk, 60000)
    wrong = claim(desk, sent, "1-1-101", amount=Fen(27608))
    desk.run(void_payment, receipt=wrong.receipt, reason="认错户")
    assert desk.owes("1-1-101") == 27608
    other = claim(desk, sent, "1-1-102", amount=Fen(27608))
    desk.count(50000)
    first = desk.evening({"物业费": {"unclaimed": 27608}, "待认领款": {"transfer": 60000}}, receipts=3, voids=1)
    assert held(first) == (0, 60000, 27608, 0, 60000 - 27608)
    desk = desk.on(TOMORROW)
    desk.open()
    desk.run(reverse_payment, receipt=other.receipt, reason="业主否认")
    assert desk.owes("1-1-102") == 27608
    assert waiting(desk) == {sent: 60000}
    right = claim(desk, sent, "1-1-103", amount=Fen(27608))
    assert right.left == 60000 - 27608
    back = TenderGiven("transfer", Fen(60000 - 27608), "T1")
    desk.run(return_unclaimed, receipt=sent, tender=back, reason="误汇")
    assert waiting(desk) == {}
    desk.count(50000)
    second = desk.evening({"待认领款": {"transfer": -(60000 - 27608)}}, receipts=3)
    by_tender = second.takings.by_tender()
    assert (by_tender["transfer"], by_tender.get("unclaimed", 0)) == (-(60000 - 27608), 0)
    assert held(second) == (60000 - 27608, 0, 27608, 27608 - (60000 - 27608), 0)


def test_two_cashiers_find_and_claim_in_one_day(desk: Desk) -> None:
    """One hands her till over; the next claims what she found, and each answers for her own drawer."""
    desk.open(by="样例收费员")
    found = TenderGiven("cash", Fen(30000))
    facts = {"value_date": TODAY, "remark": "窗口遗落"}
    receipt = desk.run(post_unclaimed, by="样例收费员", tender=found, **facts).receipt
    desk.count(80000, by="样例收费员")
    desk.open()
    done = claim(desk, receipt, "1-1-105")
    assert (done.total, done.prepaid) == (30000, 30000 - 27608)
    desk.count(50000)
    figures = desk.evening(
        {
            "物业费": {"unclaimed": 27608},
            "预存款": {"unclaimed": 30000 - 27608},
            "待认领款": {"cash": 30000},
        },
        receipts=2,
    )
    assert [shift.expected for shift in figures.shifts] == [80000, 50000]
    assert (figures.total, figures.claimed) == (60000, 30000)
    assert held(figures) == (0, 30000, 30000, 0, 0)
    assert waiting(desk) == {}
