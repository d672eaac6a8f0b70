"""Two days at the price list: residents and strangers buy, leave deposits and get money back, to the fen by evening."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.payment_posting import PaymentCollected, TenderGiven
from feedesk.ops.refund_parts import RefundOf
from feedesk.ops.refunding import Deduction, DepositPapers, refund_payment
from feedesk.ops.run import Workplace
from feedesk.ops.selling import NotOnSale, SaleWish, sell
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.periods import Period
from feedesk.queries.accounts import account_by_id
from feedesk.queries.day_figures import day_summary
from feedesk.queries.price_list import price_list
from feedesk.queries.receipts import find_receipt
from feedesk.receipts.layout import lay_out
from feedesk.receipts.summary_lists import detail_rows
from feedesk.rules.takings import Share
from tests.ledger.whole_ledger import Sheets, bring_along
from tests.scenarios.test_days import SHEETS as STREET
from tests.scenarios.test_days import TODAY, TOMORROW, Desk

SHEETS: Sheets = {
    **STREET,
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "生效日期", "周期", "款项性质"),
        ("住宅物业费", "物业费", "按面积", "2.80", "2026-01-01", "月", "自有"),
        ("门禁卡", "门禁卡", "固定金额", "25", "2026-01-01", "一次性", "自有"),
        ("垃圾清运(每车)", "装修垃圾清运费", "固定金额", "300", "2026-01-01", "一次性", "代收代付"),
        ("场地占用(每天)", "场地占用费", "固定金额", "120.05", "2026-01-01", "一次性", "公共收益"),
        ("装修押金", "装修押金", "固定金额", "2000", "2026-01-01", "一次性", "押金"),
        ("特约清扫(按面积)", "物业费", "按面积", "0.5", "2026-01-01", "一次性", "自有"),
        ("开户费", "开户费", "固定金额", "100", "2026-01-01", "一次性", "自有"),
    ],
    "适用范围": [
        ("房屋编号", "收费标准", "起始日期"),
        ("1-1-*", "住宅物业费", "2026-12-01"),
        ("1-1-101", "开户费", "2026-12-01"),
    ],
}


def buy(desk: Desk, what: dict[str, Any], *, unit: str = "", payer: str = "", **tenders: int) -> PaymentCollected:
    """``buy(desk, {"门禁卡": 2}, payer="样访客", cash=10000)``: articles by their names, ways of paying in fen."""
    account = desk.account(unit) if unit else None
    ref = desk.workplace.read(account_by_id, account=account) if account else None
    tariffs = {
        one.name: one.tariff for one in desk.workplace.read(price_list, on=desk.workplace.business_date(), account=ref)
    }
    wishes = [SaleWish(tariffs[name], Fraction(quantity)) for name, quantity in what.items()]
    given = [TenderGiven(code, Fen(amount)) for code, amount in tenders.items()]
    return desk.run(sell, sales=wishes, tenders=given, account=account, payer=payer)


def wishes(desk: Desk, unit: str, what: dict[str, Any]) -> list[SaleWish]:
    """Articles by their names, for a payment of an account."""
    ref = desk.workplace.read(account_by_id, account=desk.account(unit))
    found = {
        one.name: one.tariff for one in desk.workplace.read(price_list, on=desk.workplace.business_date(), account=ref)
    }
    return [SaleWish(found[name], Fraction(quantity)) for name, quantity in what.items()]


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def test_a_day_of_sales(desk: Desk) -> None:
    """Cards for a visitor and a resident, rubbish of a fit-out, a site let for a day and a half, a deposit.

    Cash: 50.00 + 180.10 (1.5 × 120.05 = 180.075, half up 180.08; of 200.00 back 19.92, so 20.00: 抹零 0.08) + 2,300.00.
    """
    desk.open()
    buy(desk, {"门禁卡": 2}, payer="样访客", cash=10000)
    buy(desk, {"门禁卡": 1}, unit="1-1-102", wechat=2500)
    site = buy(desk, {"场地占用(每天)": "1.5"}, payer="样商户", cash=20000)
    assert (site.total, site.change, site.rounding) == (18000, 2000, 8)
    fit_out = buy(desk, {"垃圾清运(每车)": 1, "装修押金": 1}, unit="1-1-103", payer="样装修队", cash=230000)
    assert desk.holds("1-1-103") == (0, 200000)
    swept = buy(desk, {"特约清扫(按面积)": 1}, unit="1-1-104", card=4930)  # 98.60 × 0.50, the item of the monthly bills
    desk.pay("1-1-104", card=27608)
    wrong = buy(desk, {"门禁卡": 1}, payer="样访客", cash=2500)
    desk.run(void_payment, receipt=wrong.receipt, reason="不要了")
    desk.run(
        change_tender, receipt=swept.receipt, tenders=[TenderGiven("alipay", Fen(4930), "A1")], reason="实为支付宝"
    )
    desk.count(50000 + 5000 + 18000 + 230000)
    figures = desk.evening(
        {
            "门禁卡": {"cash": 5000, "wechat": 2500},
            "场地占用费": {"cash": 18008},
            "装修垃圾清运费": {"cash": 30000},
            "装修押金": {"cash": 200000},
            "物业费": {"alipay": 4930, "card": 27608},
            "抹零": {"cash": -8},
        },
        receipts=7,
        voids=1,
    )
    shares = figures.takings.shares
    assert shares[Share.CURRENT] == 5000 + 2500 + 18008 + 30000 + 4930 + 27608
    assert (shares[Share.DEPOSIT], shares[Share.ROUNDING]) == (200000, -8)
    rows = {row.item: row.count for row in figures.takings.rows}
    assert (rows["物业费"], rows["门禁卡"], rows["装修押金"]) == (2, 2, 1), (
        "each receipt counts once in the row of an item"
    )
    details = list(detail_rows(desk.workplace.read(day_summary, day=TODAY)))
    kinds = {(row.item, row.kind) for row in details}
    assert {("物业费", "本金"), ("物业费", "临时收费"), ("装修押金", "押金")} <= kinds
    assert sum(row.amount for row in details if row.kind == "临时收费" and row.item == "物业费") == 4930
    paper = desk.workplace.read(find_receipt, number=fit_out.receipt).document
    assert [(one.item, one.amount) for one in paper.lines] == [("装修垃圾清运费", 30000), ("装修押金", 200000)]


def test_a_month_and_a_card_in_one_payment(desk: Desk) -> None:
    """276.08 of the month and two cards: 326.08 of 400.00, 73.92 over, so 74.00 back and 0.08 抹零, one receipt.

    A part payment pays cards first; one payment is voided, of another the card comes back, then the month.
    """
    desk.open()
    first = desk.pay("1-1-101", cash=40000, sales=wishes(desk, "1-1-101", {"门禁卡": 2}))
    assert (first.total, first.change, first.rounding) == (32600, 7400, 8)
    paper = desk.workplace.read(find_receipt, number=first.receipt).document
    assert [(one.item, one.amount) for one in paper.lines] == [("物业费", 27608), ("门禁卡", 5000)]
    part = desk.pay("1-1-102", wechat=22500, part=True, sales=wishes(desk, "1-1-102", {"门禁卡": 1}))
    assert (part.balance_after, desk.owes("1-1-102")) == (7608, 7608)
    wrong = desk.pay("1-1-103", card=30108, sales=wishes(desk, "1-1-103", {"门禁卡": 1}))
    desk.run(void_payment, receipt=wrong.receipt, reason="卡不要了")
    assert desk.owes("1-1-103") == 27608
    also = [desk.account("1-1-105")]
    several = wishes(desk, "1-1-104", {"垃圾清运(每车)": 1, "装修押金": 1})
    both = desk.pay("1-1-104", cash=2 * 27608 + 230000, also=also, sales=several)
    assert (both.total, desk.owes("1-1-105"), desk.holds("1-1-104")) == (2 * 27608 + 230000, 0, (0, 200000))
    refund: dict[str, Any] = {"receipt": first.receipt, "reason": "退一张卡"}
    desk.run(refund_payment, tender=TenderGiven("cash", Fen(2500)), of=RefundOf("sale", "门禁卡"), **refund)
    assert desk.owes("1-1-101") == 0
    desk.run(refund_payment, tender=TenderGiven("cash", Fen(10000)), of=RefundOf("settled"), **refund)
    assert desk.owes("1-1-101") == 10000
    desk.count(50000 + 32600 + 2 * 27608 + 230000 - 2500 - 10000)
    figures = desk.evening(
        {
            "物业费": {"cash": 3 * 27608 - 10000, "wechat": 20000},
            "门禁卡": {"cash": 5000 - 2500, "wechat": 2500},
            "装修垃圾清运费": {"cash": 30000},
            "装修押金": {"cash": 200000},
            "抹零": {"cash": -8},
        },
        receipts=6,
        voids=1,
    )
    kinds = {(row.item, row.kind) for row in detail_rows(desk.workplace.read(day_summary, day=TODAY))}
    assert {("物业费", "本金"), ("门禁卡", "临时收费"), ("装修押金", "押金")} <= kinds
    assert figures.takings.shares[Share.DEPOSIT] == 200000


def test_money_goes_back_the_next_day(desk: Desk) -> None:
    """A contractor leaves 2,000.00; the next day 300.50 is kept for rubbish. One card of two comes back."""
    desk.open()
    two = buy(desk, {"门禁卡": 2}, payer="样访客", cash=5000)
    left = buy(desk, {"装修押金": 1}, payer="样装修队", cash=200000)
    other = buy(desk, {"装修押金": 1, "门禁卡": 1}, payer="另样装修队", wechat=202500)
    red = buy(desk, {"垃圾清运(每车)": 1}, unit="1-1-105", card=30000)
    desk.count(50000 + 205000)
    desk.evening(
        {
            "门禁卡": {"cash": 5000, "wechat": 2500},
            "装修押金": {"cash": 200000, "wechat": 200000},
            "装修垃圾清运费": {"card": 30000},
        },
        receipts=4,
    )
    later = desk.on(TOMORROW)
    later.open(300000)
    papers = DepositPapers(slip=left.receipt, inspected=True)
    deposit: dict[str, Any] = {"receipt": left.receipt, "name": "装修押金", "amount": Fen(200000), "papers": papers}
    kept = Deduction("装修垃圾清运费", Fen(30050))
    later.run(refund_walk_in_deposit, tender=TenderGiven("cash", Fen(169950)), deduction=kept, reason="完工", **deposit)
    later.run(refund_payment, receipt=two.receipt, tender=TenderGiven("cash", Fen(2500)), reason="退一张")
    later.run(reverse_payment, receipt=red.receipt, reason="收错")
    back = later.run(refund_payment, receipt=other.receipt, tender=TenderGiven("wechat", Fen(2500)), reason="退卡")
    assert back.opened == 0
    later.count(300000 - 169950 - 2500)
    figures = later.evening(
        {
            "门禁卡": {"cash": -2500, "wechat": -2500},
            "装修押金": {"cash": -200000},
            "装修垃圾清运费": {"cash": 30050, "card": -30000},
        },
        receipts=4,
    )
    assert figures.takings.shares[Share.RETURNED] == figures.total
    (held,) = (one for one in figures.held if one.name == "装修押金")
    assert (held.opening, held.closing) == (400000, 200000)


def test_what_the_run_bills_is_not_sold_and_what_is_sold_is_not_billed(desk: Desk) -> None:
    """开户费 is billed to 1-1-101 in December by itself, so it is not on that account's list, but on anybody else's."""
    desk.open()
    tariffs = {one.name: one.tariff for one in desk.workplace.read(price_list, on=TODAY)}
    wish = [SaleWish(tariffs["开户费"])]
    given = [TenderGiven("cash", Fen(10000))]
    with pytest.raises(NotOnSale):
        desk.run(sell, sales=wish, tenders=given, account=desk.account("1-1-101"))
    desk.run(sell, sales=wish, tenders=given, account=desk.account("1-1-102"))
    later = desk.on(TODAY.replace(month=12))
    billed = later.run(bill_period, period=Period.parse("2026-12"))
    assert billed.posted == 31, "thirty homes for December, and 开户费 of the one account"
    desk.count(60000)
    desk.evening({"开户费": {"cash": 10000}}, receipts=1)


def test_the_slip_of_a_stranger(desk: Desk) -> None:
    """No unit, no account, nothing owed: who paid, what for and how many at which price."""
    desk.open()
    sold = buy(desk, {"门禁卡": 2, "垃圾清运(每车)": "0.5"}, payer="样访客", cash=20000)
    document = desk.workplace.read(find_receipt, number=sold.receipt).document
    slip = "\n".join(line.padded(48) for line in lay_out(document) if hasattr(line, "padded"))
    assert "交款人 样访客" in slip
    for words in ("25.00×2", "垃圾清运(每车) 300.00×0.5", "门禁卡", "200.00"):
        assert words in slip
    assert "尚欠" not in slip
