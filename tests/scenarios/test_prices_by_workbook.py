"""Formulas, charges made once, and tariffs that override others, from workbooks alone; all reckoned by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.scenarios.price_sheets import ALWAYS, TARIFFS, community, tariff, tiered
from tests.scenarios.workbook_ledger import READINGS, SCOPES, WorkbookLedger, workbook_ledger


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def formula(name: str, text: str, price: str | None = None, **more: str | None) -> tuple[str | None, ...]:
    return tariff(name, f"项{name}", "自定义公式", price, 公式=text, **more)


# Formula tariff, quantity, first day, and what November costs with its arithmetic: 98.60 m², floor 5, 3 persons, 1.2.
FORMULAS: list[tuple[tuple[str | None, ...], int | None, str, tuple[str, str, str]]] = [
    # 98.6 × 1.2 + 5 × 3 = 133.32
    (formula("A", "面积*1.2+楼层*3"), None, ALWAYS, ("2026-11", "133.32", "98.6 × 1.2 + 5 × 3")),
    # English names, full-width signs, a fraction as the price: 98.6 × 4/3 × 1.2 = 157.76
    (formula("B", "AREA×price×coefficient", "4/3"), None, ALWAYS, ("2026-11", "157.76", "98.6 × (4/3) × 1.2")),
    # 数量 multiplies what does not ask for it: 20 + 3 × 5 = 35, twice
    (formula("C", "20 + 人口*5"), 2, ALWAYS, ("2026-11", "70.00", "(20 + 3 × 5) × 2")),
    # and is not counted twice where it does: 10 × 2 + 1
    (formula("D", "10*数量+1"), 2, ALWAYS, ("2026-11", "21.00", "10 × 2 + 1")),
    # At least 100 a month: max(49.30, 100)
    (formula("E", "max(面积*0.5，100)"), None, ALWAYS, ("2026-11", "100.00", "max(98.6 × 0.5, 100)")),
    # A part of the month by days: 98.6 × 15/30
    (formula("F", "面积"), None, "2026-11-16", ("2026-11", "49.30", "98.6 × 15/30 天")),
    # Yuan per cycle: 30 a quarter and month of it, from the middle of its second month (15/30 + 1) of 3 × 30
    (formula("G", "30*月数", 周期="季"), None, "2026-11-16", ("2026Q4", "45.00", "((30 × 3) ÷ 3 + (30 × 3) ÷ 3 × 15/30 天)")),  # noqa: E501
    # 取整 leaves the decimals out, 四舍五入 rounds half up: 98 + 99
    (formula("H", "取整(面积)+四舍五入(面积)"), None, ALWAYS, ("2026-11", "197.00", "取整(98.6) + 四舍五入(98.6)")),
]  # fmt: skip


def test_formulas(ledger: WorkbookLedger) -> None:
    codes = [f"1-1-{n}" for n in range(len(FORMULAS))]
    ledger.imports(
        community(
            [(code, "住宅", 5, "98.60", "1.2", 3) for code in codes],
            收费标准=[TARIFFS, *(one[0] for one in FORMULAS)],
            适用范围=[SCOPES, *((code, one[0][0], one[1], one[2]) for code, one in zip(codes, FORMULAS, strict=True))],
        )
    )
    assert ledger.done("bill", "2026-11")["skipped"] == []
    for code, (_tariff, _quantity, _since, bill) in zip(codes, FORMULAS, strict=True):
        found = ledger.done("statement", code)["charges"]
        assert [(one["period"], one["amount"], one["basis"]) for one in found] == [bill], code


def test_a_formula_that_a_unit_cannot_answer_is_said_unit_by_unit(ledger: WorkbookLedger) -> None:
    tariffs = [
        formula("甲", "面积*楼层"),
        formula("乙", "100/(楼层-5)"),
        formula("丙", "(楼层-3)*10"),
        formula("丁", "面积*0"),
    ]
    units = [("1-1-1", "住宅", None, 50), ("1-1-2", "住宅", 5, None), ("1-1-3", "住宅", 1, 50)]
    ledger.imports(
        community(
            units, 收费标准=[TARIFFS, *tariffs], 适用范围=[SCOPES, *(("*", one[0], None, ALWAYS) for one in tariffs)]
        )
    )
    billed = ledger.done("bill", "2026-11")
    assert {(one["unit"], one["item"]): one["reason"] for one in billed["skipped"]} == {
        ("1-1-1", "项甲"): "公式用到楼层，该房屋未登记",
        ("1-1-1", "项乙"): "公式用到楼层，该房屋未登记",
        ("1-1-1", "项丙"): "公式用到楼层，该房屋未登记",
        ("1-1-1", "项丁"): "应收为 0.00",
        ("1-1-2", "项甲"): "公式用到面积，该房屋未登记",
        ("1-1-2", "项乙"): "该房屋按公式计算时除数为零",
        ("1-1-2", "项丁"): "公式用到面积，该房屋未登记",
        ("1-1-3", "项乙"): "该房屋按公式计算结果为负数",
        ("1-1-3", "项丙"): "该房屋按公式计算结果为负数",
        ("1-1-3", "项丁"): "应收为 0.00",
    }
    assert ledger.charges("1-1-2") == [("项丙", "2026-11", "20.00", "2026-11-30")]


def test_a_sum_beyond_all_amounts_is_not_billed(ledger: WorkbookLedger) -> None:
    prices = [tariff("巨", "巨额费", "固定金额", "99999999999999"), tariff("巨水", "水费", "按用量", "99999999999999")]
    ledger.imports(
        community(
            [("1-1-1", "住宅")],
            收费标准=[TARIFFS, *prices],
            适用范围=[SCOPES, *(("*", one[0], None, ALWAYS) for one in prices)],
            抄表=[
                READINGS,
                *(("1-1-1", "水表", "M", None, day, n) for n, day in enumerate(("2026-10-31", "2026-11-20"))),
            ],
        )
    )
    billed = ledger.done("bill", "2026-11")
    assert [one["reason"] for one in billed["skipped"]] == ["金额过大，请核对单价和面积"] * 2


def test_what_is_charged_once_only(ledger: WorkbookLedger) -> None:
    """In the first billed month in which it applies, whole; never again, whatever month is billed, unless undone."""
    tariffs = [
        tariff("建档", "建档费", "固定金额", "80", 周期="一次性"),
        tariff("清运", "清运费", "按面积", "5", 周期="一次性"),
    ]
    ledger.imports(
        community(
            [("1-1-1", "住宅", None, 100), ("1-1-2", "住宅", None, 60)],
            收费标准=[TARIFFS, *tariffs],
            适用范围=[SCOPES, ("*", "建档", None, ALWAYS), ("1-1-2", "清运", 2, "2026-12-10")],
        )
    )
    quarter = ledger.done("bill", "2026Q4", "--preview")
    assert (quarter["posted"], quarter["already"], quarter["total"]) == (3, 0, "760.00")
    assert ledger.done("bill", "2026-11")["total"] == "160.00"
    again = ledger.done("bill", "2026-11")
    assert (again["posted"], again["already"]) == (0, 2)
    # The second applies from 10 December on: 60 × 5 × 2, not a part of it.
    later = ledger.done("bill", "2026-12")
    assert (later["posted"], later["already"], later["total"], later["skipped"]) == (1, 0, "600.00", [])
    for month in ("2026-10", "2027-01", "2027"):
        assert ledger.done("bill", month)["posted"] == 0, month
    assert ledger.charges("1-1-2") == [
        ("建档费", "2026-11", "80.00", "2026-11-30"), ("清运费", "2026-12", "600.00", "2026-12-31"),
    ]  # fmt: skip
    ledger.done("bill", "2026-11", "--undo", "--reason", "应从十二月起收")
    assert ledger.done("bill", "2026-12")["total"] == "160.00"
    assert ledger.done("verify")["ok"] is True


def by_area(name: str, price: str, **more: str | None) -> tuple[str | None, ...]:
    return tariff(name, "物业费", "按面积", price, **more)


def test_the_nearest_tariff_overrides_day_by_day(ledger: WorkbookLedger) -> None:
    """Community, building, entrance, unit; equally near ones add up; one without a price in force hides nothing."""
    tariffs = [
        by_area("小区价", "1"),
        by_area("三栋价", "2"),
        by_area("三栋一单元价", "3", 失效日期="2026-11-10"),
        by_area("一层价", "4"),
        by_area("本户价", "5"),
        by_area("三栋附加", "0.5"),
    ]
    scopes = [
        ("*", "小区价", None, ALWAYS),
        ("3-*", "三栋价", None, ALWAYS),
        ("3-1-*", "三栋一单元价", None, ALWAYS),
        ("*-*-1??", "一层价", None, ALWAYS),
        ("3-2-101", "本户价", None, "2026-11-16"),
        ("4-*", "三栋附加", None, ALWAYS),
        ("4-*", "三栋价", None, "2026-11-16"),
    ]
    wanted = {
        "1-1-201": "100.00",  # the community's
        "1-1-101": "400.00",  # first floors
        "3-2-201": "200.00",  # the building's
        "3-2-102": "200.00",  # the building's before the first floor's
        "3-1-101": "233.33",  # the entrance's 3 for 10 days, then the building's 2 for 20: 100 + 133.33
        "3-2-101": "350.00",  # its own 5 for 15 days, before the building's 2: 250 + 100
        "4-1-201": "150.00",  # from the 16th two that are equally near, before that the supplement alone: 50 + 100
    }
    ledger.imports(
        community(
            [(code, "住宅", None, 100) for code in wanted],
            收费标准=[TARIFFS, *tariffs],
            适用范围=[SCOPES, *scopes],
        )
    )
    billed = ledger.done("bill", "2026-11")
    assert billed["skipped"] == []
    found = {code: sum(Decimal(amount) for _i, _p, amount, _d in ledger.charges(code)) for code in wanted}
    assert found == {code: Decimal(amount) for code, amount in wanted.items()}
    assert ledger.done("bill", "2026-11")["posted"] == 0


def test_a_nearer_tariff_entered_after_the_run_bills_no_day_twice(ledger: WorkbookLedger) -> None:
    tariffs = [by_area("小区价", "1"), by_area("本户价", "5")]
    ledger.imports(
        community(
            [("1-1-1", "住宅", None, 100)],
            收费标准=[TARIFFS, *tariffs],
            适用范围=[SCOPES, ("*", "小区价", None, ALWAYS)],
        )
    )
    ledger.done("bill", "2026-11")
    ledger.imports({"适用范围": [SCOPES, ("1-1-1", "本户价", None, "2026-11-16")]})
    billed = ledger.done("bill", "2026-11")
    assert (billed["posted"], billed["already"]) == (0, 1)
    assert [one["reason"] for one in billed["skipped"]] == [
        "这些天数已按被替代的收费标准出账：请撤销该次出账，或手工补收/调减"
    ]
    assert ledger.done("bill", "2026-12")["total"] == "500.00"
    ledger.done("bill", "2026-11", "--undo", "--reason", "漏了本户价")
    assert ledger.done("bill", "2026-11")["total"] == "300.00"  # 50 + 250


def test_bad_tiers_and_formulas_are_refused_cell_by_cell(ledger: WorkbookLedger) -> None:
    tariffs = [
        tiered("空隙", "0-180:5;200-:7", "年"),
        tiered("重叠", "0-180:5;150-:7", "年"),
        tiered("不从零", "10-180:5;180-:7", "年"),
        tiered("没有末档", "0-180:5;180-260:7", "年"),
        tiered("没有周期", "0-180:5;180-:7", ""),
        formula("不认识", "面机*2"),
        formula("除零", "面积/0"),
        formula("乘方", "面积**9"),
        formula("太长", "+".join(["面积"] * 99)),
        formula("没有单价", "单价*面积"),
        formula("没有公式", ""),
        tariff("多余", "物业费", "按面积", "1", 公式="面积"),
        tariff("一次", "水费", "按用量", "1", 周期="一次性"),
    ]
    refused = ledger.cells_refused(community([("1-1-1", "住宅", None, "-50")], 收费标准=[TARIFFS, *tariffs]))
    assert refused == [
        ("房屋", 2, "建筑面积"),
        *(("收费标准", row, "阶梯") for row in (2, 3, 4, 5)),
        ("收费标准", 6, "阶梯周期"),
        *(("收费标准", row, "公式") for row in (7, 8, 9, 10)),
        ("收费标准", 11, "单价"),
        ("收费标准", 12, "公式"),
        ("收费标准", 13, "公式"),
        ("收费标准", 14, "周期"),
    ]
