"""Months paid ahead (预缴), by commands alone: the billing run skips them, a void gives them back, limits hold."""

from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.workbook_ledger import (
    ARREARS,
    PAID_THROUGH,
    SCOPES,
    TARIFFS,
    WorkbookLedger,
    office,
    workbook_ledger,
)

HOMES = [
    ("3-1-502", "住宅", "98.60"),
    ("3-1-503", "住宅", "98.60"),
    ("B1-087", "车位", None, None, None, None, "3-1-502"),
]
POLICIES = ("名称", "条件", "方式", "值", "收费项目", "生效日期", "失效日期", "可叠加", "依据文件")
PEOPLE = ("房屋编号", "姓名", "身份", "标签")
FIRST = "2020-01-01"


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def community(**more: Any) -> dict[str, Any]:
    book = office(
        HOMES,
        收费标准=[
            TARIFFS,
            ("物业费", "物业费", "按面积", "2.80", None, None, None, FIRST),
            ("车位", "车位服务费", "固定金额", "300", None, None, None, FIRST),
            ("保洁", "保洁费", "固定金额", "90", "季", None, None, FIRST),
            ("水费", "水费", "按用量", "3.04", None, None, None, FIRST),
        ],
        适用范围=[
            SCOPES,
            *(
                (*row, None, FIRST)
                for row in (("3-*", "物业费"), ("B1-*", "车位"), ("3-1-503", "保洁"), ("3-*", "水费"))
            ),
        ],
        优惠政策=[
            POLICIES,
            ("老年减免", "标签=老年", "百分比", "10", "物业费", "2020-01-01", None, "否", None),
            ("一次缴95折", "预缴>=12月", "百分比", "5", "物业费", "2020-01-01", None, "否", None),
            ("缴12送1", "预缴>=12月", "减月数", "1", "车位服务费", "2020-01-01", None, "否", None),
        ],
        **more,
    )
    book["住户"] = [
        PEOPLE,
        ("3-1-502", "张样燕", "业主", "老年"),
        ("3-1-503", "李样", "业主", None),
        ("B1-087", "张样燕", "业主", None),
    ]
    return book


def opened(ledger: WorkbookLedger, **more: Any) -> None:
    ledger.imports(community(**more))
    ledger.done("bill", "2026-11")
    ledger.done("shift", "open", "--float", "0")


def periods(answer: Any, item: str) -> list[tuple[str, str]]:
    return [(one["period"], one["principal"]) for one in answer["allocations"] if one["item"] == item]


def test_a_year_ahead_with_its_concessions_and_the_run_skips_it(ledger: WorkbookLedger) -> None:
    """248.47 + 300.00 now; 12 × 248.47 = 2,981.64 (10 % off is better than 5 %); 12 × 300.00 − 300.00 = 3,300.00."""
    opened(ledger)
    ahead = ("--advance", "物业费=12", "--advance", "车位服务费=12", "--household")
    paid = ledger.done("collect", "3-1-502", "--tender", "wechat=6830.11@W1", *ahead)
    assert (paid["total"], paid["change"], paid["balance_after"]) == ("6830.11", "0.00", "0.00")
    fees = periods(paid, "物业费")
    assert (len(fees), fees[0], fees[1], fees[-1]) == (
        13, ("2026-11", "248.47"), ("2026-12", "248.47"), ("2027-11", "248.47"),
    )  # fmt: skip
    assert set(periods(paid, "车位服务费")[1:]) == {(f"2027-{month:02}", "275.00") for month in range(1, 12)} | {
        ("2026-12", "275.00")
    }
    shown = ledger.done("statement", "3-1-502", "--household", "--all", "--on", "2027-11-30")
    space = next(one for one in shown["charges"] if (one["item"], one["period"]) == ("车位服务费", "2027-03"))
    assert (space["amount"], space["discount"], space["paid"], space["due"]) == ("300.00", "25.00", "275.00", "0.00")
    assert ledger.done("verify")["problems"] == []

    run = ledger.done("bill", "2026-12")
    assert (run["already"], run["posted"]) == (3, 1), "only the neighbour is billed; the quarter stands"
    year = ledger.done("bill", "2027")
    assert year["posted"] == 12 + 4 + 2, "the neighbour's months and quarters, and our December"
    assert [one[:2] for one in ledger.charges("3-1-502", "--on", "2027-12-31")] == [("物业费", "2027-12")]
    assert ledger.done("verify")["problems"] == []


def test_a_void_takes_the_months_back_and_they_can_be_billed_again(ledger: WorkbookLedger) -> None:
    opened(ledger)
    paid = ledger.done("collect", "3-1-503", "--tender", "card=918.24@K1", "--advance", "物业费=2")
    assert paid["total"] == "918.24"  # 276.08 × 3 and the quarter's 90.00
    assert ledger.done("bill", "2026-12")["already"] == 2
    ledger.done("void", paid["receipt"], "--reason", "收错房号")
    assert [one[:2] for one in ledger.charges("3-1-503")] == [("保洁费", "2026Q4"), ("物业费", "2026-11")]
    assert ledger.done("verify")["problems"] == []
    assert ledger.done("bill", "2026-12")["posted"] == 1
    assert ("物业费", "2026-12") in [one[:2] for one in ledger.charges("3-1-503")]


def test_arrears_of_the_item_come_first(ledger: WorkbookLedger) -> None:
    opened(ledger, 期初欠费=[ARREARS, ("3-1-503", "物业费", "2026-08", "276.08", "2026-08-31")])
    ahead = ("--advance", "物业费=2")
    assert ledger.refused("collect", "3-1-503", "--tender", "cash=552.16", *ahead) == "item_in_arrears"
    paid = ledger.done("collect", "3-1-503", "--tender", "cash=1194.40", *ahead)
    assert [one[0] for one in periods(paid, "物业费")] == ["2026-08", "2026-11", "2026-12", "2027-01"]
    alone = ledger.done("collect", "3-1-503", "--tender", "cash=276.08", "--advance", "物业费=1")
    assert periods(alone, "物业费") == [("2027-02", "276.08")]
    assert (
        ledger.refused("collect", "3-1-503", "--tender", "cash=100", "--part", "--advance", "物业费=1")
        == "tender_short"
    )


def test_limits_and_what_cannot_be_paid_ahead(ledger: WorkbookLedger) -> None:
    opened(ledger)

    def refused(advance: str) -> str:
        return ledger.refused("collect", "3-1-503", "--tender", "cash=9999", "--advance", advance)

    assert refused("物业费=13") == "advance_out_of_bounds"
    assert refused("保洁费=2") == "not_whole_cycles"
    assert refused("车位服务费=1") == "only_timed_items_ahead"
    assert refused("水费=1") in ("only_timed_items_ahead", "not_payable_ahead")
    assert refused("没有的费=1") == "unknown_fee_item"
    paid = ledger.done(
        "collect", "3-1-503", "--tender", "cash=366.08", "--tender", "card=3312.96@K1", "--advance", "物业费=12"
    )
    # 5 % off 276.08 is 262.276, so 262.28 a month
    assert (paid["total"], periods(paid, "物业费")[-1]) == ("3513.44", ("2027-11", "262.28"))
    assert refused("物业费=1") == "advance_too_far"


def test_it_goes_on_where_the_old_books_end(ledger: WorkbookLedger) -> None:
    """Paid through 2027-01-15 in the old books: the first month ahead is the rest of January, 16 of 31 days."""
    opened(ledger, 期初缴至=[PAID_THROUGH, ("3-1-503", "物业费", "2027-01-15", "500.00")])
    paid = ledger.done("collect", "3-1-503", "--tender", "cash=508.57", "--advance", "物业费=2")
    assert periods(paid, "物业费") == [("2027-01", "142.49"), ("2027-02", "276.08")]
    assert ledger.done("verify")["problems"] == []


def test_it_is_revenue_month_by_month(ledger: WorkbookLedger) -> None:
    opened(ledger)
    ledger.done("collect", "3-1-503", "--tender", "cash=918.24", "--advance", "物业费=2")
    ledger.done("shift", "close")
    day = ledger.done("close-day", "--out", ledger.folder)
    assert day["takings"] == {"物业费": {"cash": "828.24"}, "保洁费": {"cash": "90.00"}}
    ledger.done("bill", "2026-12", today="2026-12-01")
    assert ledger.done("verify", today="2026-12-01")["problems"] == []
