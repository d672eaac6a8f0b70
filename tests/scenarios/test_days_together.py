"""Days on which one payment is for several accounts, somebody else pays, or the payer names what is settled."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.payment_posting import PaymentCollected, TenderGiven
from feedesk.ops.refunding import refund_payment
from feedesk.ops.run import Workplace
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.day_figures import day_summary
from feedesk.queries.issued_receipts import receipts_of_account
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.receipts.daily_summary import write_daily_summary
from feedesk.rules.allocation import DebtPart
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk

HOME = 27608
LATE, LATE_FEE = 30000, 1200
"""What the parking space owes of September, 40 days late."""


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def pay_for(desk: Desk, *units: str, **facts: Any) -> PaymentCollected:
    """One payment for several units, the first one's account first."""
    return desk.pay(units[0], also=[desk.account(unit) for unit in units[1:]], **facts)


def charge_of(desk: Desk, unit: str) -> int:
    found = desk.workplace.read(statement, account=desk.account(unit), on=desk.workplace.business_date())
    return found.charges[0].id


def history(desk: Desk, unit: str) -> list[tuple[str, str, str]]:
    """Number, state and basis of every paper, the newest first."""
    day = desk.workplace.business_date()
    papers = desk.workplace.read(receipts_of_account, account=desk.account(unit), on=day)
    return [(one.number, one.status, one.basis) for one in papers]


def details(desk: Desk) -> list[tuple[Any, ...]]:
    """Unit, payer and amount of the rows of the day's detail sheet."""
    summary = desk.workplace.read(day_summary, day=desk.workplace.business_date())
    book = load_workbook(write_daily_summary(summary, desk.folder), data_only=True)
    rows = list(book["明细"].iter_rows(min_row=2, values_only=True))
    book.close()
    return [(row[5], row[6], row[13]) for row in rows[:-1]]


def test_a_family_pays_everything_at_once(desk: Desk) -> None:
    """Two homes and the space, 864.16, with 900.00 in cash: 35.84 is prepaid on the first home."""
    desk.open()
    paid = pay_for(desk, "1-1-101", "1-1-102", "B1-001", cash=90000, keep_change=True, payer="样例亲戚")
    assert (paid.total, paid.change, paid.balance_after) == (90000, 0, 0)
    assert [desk.owes(unit) for unit in ("1-1-101", "1-1-102", "B1-001")] == [0, 0, 0]
    assert [desk.holds(unit)[0] for unit in ("1-1-101", "1-1-102", "B1-001")] == [3584, 0, 0]
    document = desk.workplace.read(find_receipt, number=paid.receipt).document
    assert (document.payer, document.unit, document.other_units) == ("样例亲戚", "1-1-101", ("B1-001", "1-1-102"))
    for unit in ("1-1-101", "1-1-102", "B1-001"):
        assert history(desk, unit) == [(paid.receipt, "issued", "agreed")]
    desk.count(50000 + 90000)
    desk.evening(
        {
            "物业费": {"cash": 2 * HOME},
            "车位服务费": {"cash": LATE},
            "违约金": {"cash": LATE_FEE},
            "预存款": {"cash": 3584},
        },
        receipts=1,
    )
    assert details(desk) == [
        ("B1-001", "样例亲戚", 300),
        ("1-1-101", "样例亲戚", 276.08),
        ("1-1-102", "样例亲戚", 276.08),
        ("B1-001", "样例亲戚", 12),
        ("1-1-101", "样例亲戚", 35.84),
    ]


def test_parts_and_what_the_payer_names(desk: Desk) -> None:
    """400.00 for two homes goes oldest first over both; one payer names the second home, one the late fee alone."""
    desk.open()
    part = pay_for(desk, "1-1-103", "1-1-104", wechat=40000, part=True)
    assert (desk.owes("1-1-103"), desk.owes("1-1-104"), part.balance_after) == (0, 2 * HOME - 40000, 2 * HOME - 40000)
    named = pay_for(desk, "B1-001", "1-1-106", card=HOME, charges=[charge_of(desk, "1-1-106")])
    assert history(desk, "1-1-106") == [(named.receipt, "issued", "designated")]
    assert desk.workplace.read(find_receipt, number=named.receipt).document.remark == "按缴费人指定"
    fee = desk.pay("B1-001", cash=LATE_FEE, only=DebtPart.LATE_FEE)
    assert (fee.allocations[0].principal, fee.allocations[0].late_fee) == (0, LATE_FEE)
    rest = desk.pay("B1-001", cash=LATE, only=DebtPart.PRINCIPAL)
    assert rest.balance_after == 0
    desk.count(50000 + LATE_FEE + LATE)
    desk.evening(
        {
            "物业费": {"wechat": 40000, "card": HOME},
            "车位服务费": {"cash": LATE},
            "违约金": {"cash": LATE_FEE},
        },
        receipts=4,
    )


def test_what_was_paid_together_is_put_right_together(desk: Desk) -> None:
    """One is voided, of one 100.00 goes back, one goes to another home; the next day one is reversed."""
    desk.open()
    voided = pay_for(desk, "1-1-107", "1-1-108", cash=2 * HOME)
    desk.run(void_payment, receipt=voided.receipt, reason="收错")
    assert [desk.owes(unit) for unit in ("1-1-107", "1-1-108")] == [HOME, HOME]
    refunded = pay_for(desk, "1-1-109", "1-1-110", card=2 * HOME)
    back = desk.run(refund_payment, receipt=refunded.receipt, tender=TenderGiven("card", Fen(10000)), reason="多收")
    assert [desk.owes(unit) for unit in ("1-1-109", "1-1-110")] == [0, 10000]
    assert [one[0] for one in history(desk, "1-1-110")] == [back.receipt, refunded.receipt]
    wrong = pay_for(desk, "1-1-111", "1-1-112", alipay=2 * HOME)
    right = desk.run(transfer_payment, receipt=wrong.receipt, account=desk.account("1-1-113"), reason="收错户")
    assert [desk.owes(unit) for unit in ("1-1-111", "1-1-112", "1-1-113")] == [HOME, HOME, 0]
    assert desk.holds("1-1-113")[0] == HOME
    assert history(desk, "1-1-112") == [(wrong.receipt, "transferred", "agreed")]
    assert history(desk, "1-1-113") == [(right.receipt, "issued", "agreed")]
    later = pay_for(desk, "1-1-114", "1-1-115", wechat=2 * HOME)
    desk.count(50000)
    desk.evening(
        {
            "物业费": {"card": 2 * HOME - 10000, "alipay": HOME, "wechat": 2 * HOME},
            "预存款": {"alipay": HOME},
        },
        receipts=6,
        voids=1,
    )
    tomorrow = desk.on(TOMORROW)
    tomorrow.open()
    tomorrow.run(reverse_payment, receipt=later.receipt, reason="重复收款")
    assert [tomorrow.owes(unit) for unit in ("1-1-114", "1-1-115")] == [HOME, HOME]
    assert [one[1] for one in history(tomorrow, "1-1-115")] == ["red", "reversed"]
    tomorrow.count(50000)
    tomorrow.evening({"物业费": {"wechat": -2 * HOME}}, receipts=1)
