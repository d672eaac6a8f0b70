"""Shared costs (公摊) through workbook and commands, reckoned by hand."""

from pathlib import Path

import pytest

from tests.scenarios.test_rules_by_workbook import tariff
from tests.scenarios.workbook_ledger import (
    ARREARS,
    PAID_THROUGH,
    READINGS,
    SCOPES,
    TARIFFS,
    Rows,
    Sheets,
    WorkbookLedger,
    office,
    workbook_ledger,
)

COSTS = ("名称", "收费项目", "所属期", "总额", "范围", "分摊依据", "到期日")
UNITS = ("房屋编号", "类型", "建筑面积", "计费面积", "系数", "状态", "交付日期")
NOVEMBER = "2026-11"


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def sheets(units: Rows, costs: Rows, *, people: Rows = (), **more: Rows) -> Sheets:
    """A community whose units have coefficients; no tariff is needed for 公摊."""
    return {**office(units, people=people), "房屋": [UNITS, *units], "公摊": [COSTS, *costs], **more}


def shares(ledger: WorkbookLedger, *units: str) -> dict[str, list[tuple[str, str]]]:
    return {unit: [(item, amount) for item, _period, amount, _due in ledger.charges(unit)] for unit in units}


HOMES: Rows = [
    ("1-1-101", "住宅", 100, None, 1, "自住", None),
    ("1-1-102", "住宅", 120, 98.6, 2, "自住", None),
    ("1-1-201", "住宅", 101.4, None, 0, "空置", None),
    ("2-1-101", "住宅", 300, None, 1.5, "自住", None),
    ("S-001", "商铺", 50, None, 4, "自住", None),
    ("B1-001", "车位", 12, None, 1, "自住", None),
]


def test_every_basis_without_a_tariff(ledger: WorkbookLedger) -> None:
    costs: Rows = [
        # 100 + 98.60 + 101.40 = 300 m²: 33.33⅓, 32.86⅔, 33.80; the fen left to 1-1-102.
        ("1 栋电梯", "电梯费", NOVEMBER, 100, "1-*", "按面积", None),
        # Six units, 10.00 ÷ 6 = 1.66⅔: four fen left for the first four codes in natural order.
        ("门禁", "公共设施费", NOVEMBER, 10, "*", "按户", "次月15"),
        # 1 + 2 + 0 + 1.5 + 4 = 8.5: 2.0058…, 4.0117…, 0, 3.0088…, 8.0235… of 17.05; the fen left to 1-1-102.
        ("绿化", "公摊水费", NOVEMBER, 17.05, "?-*;S-*", "按系数", "2026-12-05"),
    ]
    ledger.imports(sheets(HOMES, costs))
    billed = ledger.done("bill", NOVEMBER)
    assert (billed["posted"], billed["total"], billed["discount"]) == (13, "127.05", "0.00")
    assert [(one["unit"], one["item"]) for one in billed["skipped"]] == [("1-1-201", "公摊水费")]
    assert shares(ledger, *(str(row[0]) for row in HOMES)) == {
        "1-1-101": [("电梯费", "33.33"), ("公摊水费", "2.01"), ("公共设施费", "1.67")],
        "1-1-102": [("电梯费", "32.87"), ("公摊水费", "4.01"), ("公共设施费", "1.67")],
        "1-1-201": [("电梯费", "33.80"), ("公共设施费", "1.67")],
        "2-1-101": [("公摊水费", "3.01"), ("公共设施费", "1.67")],
        "S-001": [("公摊水费", "8.02"), ("公共设施费", "1.66")],
        "B1-001": [("公共设施费", "1.66")],
    }


def test_usage_of_the_same_run_weighs(ledger: WorkbookLedger) -> None:
    """12.50 + 0 + 37.50 kWh: 10.00 × 12.5 ÷ 50 = 2.50 and 7.50; who was not read bears nothing."""
    homes: Rows = [(f"1-1-{n}", "住宅", 100, None, None, "自住", None) for n in (101, 102, 103, 104)]
    readings: Rows = [
        READINGS,
        *((f"1-1-{n}", "电表", "A", None, "2026-10-31", 100) for n in (101, 102, 103, 104)),
        ("1-1-101", "电表", "A", None, "2026-11-20", "112.5"),
        ("1-1-102", "电表", "A", None, "2026-11-20", 100),
        ("1-1-103", "电表", "A", None, "2026-11-20", "137.5"),
    ]
    costs: Rows = [("公共用电", "公摊电费", NOVEMBER, 10, "*", "按用量", None)]
    ledger.imports(
        sheets(
            homes,
            costs,
            收费标准=[TARIFFS, tariff("电", "电费", "按用量", "1")],
            适用范围=[SCOPES, ("*", "电", None, "2020-01-01")],
            抄表=readings,
        )
    )
    # By itself it has nothing to weigh with: the usage is not billed yet.
    alone = ledger.done("bill", NOVEMBER, "--item", "公摊电费")
    assert (alone["posted"], alone["skipped"]) == (
        0,
        [{"unit": "*", "item": "公摊电费", "reason": "“公共用电”未分摊：该所属期还没有出账的用量"}],
    )
    preview = ledger.done("bill", NOVEMBER, "--preview")
    billed = ledger.done("bill", NOVEMBER)
    assert preview == billed
    assert (billed["posted"], billed["total"]) == (4, "60.00")
    assert shares(ledger, "1-1-101", "1-1-102", "1-1-103", "1-1-104") == {
        "1-1-101": [("电费", "12.50"), ("公摊电费", "2.50")],
        "1-1-102": [],
        "1-1-103": [("电费", "37.50"), ("公摊电费", "7.50")],
        "1-1-104": [],
    }
    again = ledger.done("bill", NOVEMBER)
    assert (again["posted"], again["already"], again["total"]) == (0, 4, "0.00")
    assert ledger.done("verify")["ok"]


def test_who_bears_a_share_and_what_is_not_billed(ledger: WorkbookLedger) -> None:
    """60.00 over six homes, 10.00 each, whoever pays: nothing is laid on the others."""
    homes: Rows = [
        ("1-1-1", "住宅", 100, None, None, "自住", "2026-11-11"),  # ten days the developer's: 10.00 × 10/30 = 3.33⅓
        ("1-1-2", "住宅", 100, None, None, "未售", None),
        ("1-1-3", "住宅", 100, None, None, "自住", None),  # sold on after the 18th: 10.00 × 18/30 = 6.00
        ("1-1-4", "住宅", 100, None, None, "自住", None),  # nobody named
        ("1-1-5", "住宅", 100, None, None, "自住", None),  # paid through
        ("1-1-6", "住宅", 100, None, None, "自住", None),  # brought along as arrears
    ]
    people: Rows = [
        ("1-1-3", "样甲", "业主", None, "2026-11-18"),
        ("1-1-3", "样乙", "业主", "2026-11-19"),
    ]
    book = dict(
        sheets(
            homes,
            [("门禁", "公共设施费", NOVEMBER, 60, "*", "按户", None)],
            people=people,
            期初缴至=[PAID_THROUGH, ("1-1-5", "公共设施费", "2026-12-31")],
            期初欠费=[ARREARS, ("1-1-6", "公共设施费", NOVEMBER, "9.99")],
        )
    )
    book["住户"] = [row for row in book["住户"] if row[0] != "1-1-4"]
    ledger.imports(book)
    billed = ledger.done("bill", NOVEMBER)
    assert (billed["posted"], billed["already"], billed["total"]) == (5, 1, "30.00")
    assert [(one["unit"], one["reason"]) for one in billed["skipped"]] == [
        ("1-1-4", "没有登记缴费人"),
        ("1-1-5", "已缴至 2026-12-31"),
    ]
    owed = {
        (unit, name): [amount for _item, _period, amount, _due in ledger.charges(account)]
        for unit in ("1-1-1", "1-1-2", "1-1-3", "1-1-6")
        for name, account in ledger.accounts(unit).items()
    }
    assert owed == {
        ("1-1-1", "样例置业"): ["3.33"],
        ("1-1-1", "样1-1-1"): ["6.67"],
        ("1-1-2", "样例置业"): ["10.00"],
        ("1-1-3", "样甲"): ["6.00"],
        ("1-1-3", "样乙"): ["4.00"],
        ("1-1-6", "样1-1-6"): ["9.99"],
    }


def test_nothing_is_shared_out_twice(ledger: WorkbookLedger) -> None:
    """A unit that comes after the run bears nothing; after the run is undone it bears its part."""
    homes: Rows = [(f"1-1-{n}", "住宅", 100, None, None, "自住", None) for n in (101, 102)]
    cost: Rows = [("电梯", "公摊电费", NOVEMBER, 90, "1-*", "按面积", None)]
    ledger.imports(sheets(homes, cost))
    assert ledger.done("bill", NOVEMBER)["total"] == "90.00"
    more: Rows = [*homes, ("1-1-103", "住宅", 100, None, None, "自住", None)]
    imported = ledger.imports(sheets(more, cost))
    assert imported["sheets"]["公摊"] == {"added": 0, "changed": 0, "unchanged": 1}
    for arguments in (("bill", NOVEMBER, "--preview"), ("bill", NOVEMBER)):
        again = ledger.done(*arguments)
        assert (again["posted"], again["already"], again["total"]) == (0, 2, "0.00")
        assert again["skipped"] == [
            {"unit": "1-1-103", "item": "公摊电费", "reason": "“电梯”已分摊出账，不再追加"},
        ]
    assert ledger.done("bill", NOVEMBER, "--undo", "--reason", "漏了 103")["cancelled"] == 2
    assert ledger.done("bill", NOVEMBER)["posted"] == 3
    assert [ledger.charges(unit)[0][2] for unit in ("1-1-101", "1-1-102", "1-1-103")] == ["30.00"] * 3
    assert ledger.done("verify")["ok"]


def test_what_is_billed_is_not_changed_by_an_import(ledger: WorkbookLedger) -> None:
    homes: Rows = [(f"1-1-{n}", "住宅", 100, None, None, "自住", None) for n in (101, 102)]
    first = ("电梯", "公摊电费", NOVEMBER, 90, "1-*", "按面积", None)
    ledger.imports(sheets(homes, [first]))
    changed = ("电梯", "公摊电费", NOVEMBER, 100, "1-1-101", "按户", "2026-12-31")
    assert ledger.imports(sheets(homes, [changed]))["sheets"]["公摊"]["changed"] == 1
    assert ledger.imports(sheets(homes, [first]))["sheets"]["公摊"]["changed"] == 1
    ledger.done("bill", NOVEMBER)
    assert ledger.cells_refused(sheets(homes, [changed])) == [
        ("公摊", 2, "总额"),
        ("公摊", 2, "范围"),
        ("公摊", 2, "分摊依据"),
        ("公摊", 2, "到期日"),
    ]
    assert ledger.imports(sheets(homes, [first]))["sheets"]["公摊"]["unchanged"] == 1
    ledger.done("bill", NOVEMBER, "--undo", "--reason", "改总额")
    assert ledger.imports(sheets(homes, [changed]))["sheets"]["公摊"]["changed"] == 1
    assert ledger.done("bill", NOVEMBER)["total"] == "100.00"
    # The same name in another period is another cost.
    other = ("电梯", "公摊电费", "2026-12", 50, "1-*", "按面积", None)
    assert ledger.imports(sheets(homes, [changed, other]))["sheets"]["公摊"] == {
        "added": 1,
        "changed": 0,
        "unchanged": 1,
    }


def test_what_cannot_be_shared_out_stops_nothing_else(ledger: WorkbookLedger) -> None:
    homes: Rows = [
        ("1-1-101", "住宅", 100, None, 0, "自住", None),
        ("1-1-102", "住宅", None, None, None, "自住", None),
    ]
    costs: Rows = [
        ("照明", "公摊电费", NOVEMBER, 90, "1-*", "按面积", None),
        ("绿化", "公摊水费", NOVEMBER, 80, "1-1-101", "按系数", None),
        ("门禁", "公共设施费", NOVEMBER, 70, "1-*", "按户", None),
    ]
    ledger.imports(sheets(homes, costs))
    billed = ledger.done("bill", NOVEMBER)
    assert (billed["posted"], billed["total"]) == (2, "70.00")
    assert [(one["unit"], one["reason"]) for one in billed["skipped"]] == [
        ("1-1-102", "“照明”未分摊：该房屋没有面积"),
        ("1-1-101", "“绿化”未分摊：范围内房屋的权重合计为零"),
    ]
    # With the area known it is shared out; what stands stays.
    homes = [homes[0], ("1-1-102", "住宅", 50, None, None, "自住", None)]
    ledger.imports(sheets(homes, costs))
    again = ledger.done("bill", NOVEMBER)
    assert (again["posted"], again["already"], again["total"]) == (2, 2, "90.00")
    no_meter = ("保洁", "保洁费", NOVEMBER, 1, "1-*", "按用量", None)
    nobody = ("路灯", "公摊电费", NOVEMBER, 1, "9-*", "按户", None)
    assert ledger.cells_refused(sheets(homes, [no_meter, nobody])) == [("公摊", 2, "收费项目"), ("公摊", 3, "范围")]


def test_a_quarter_is_billed_once(ledger: WorkbookLedger) -> None:
    homes: Rows = [(f"1-1-{n}", "住宅", 100, None, None, "自住", None) for n in (101, 102)]
    ledger.imports(sheets(homes, [("路灯", "公摊电费", "2026Q4", 90, "1-*", "按面积", "周期末日")]))
    assert ledger.done("bill", NOVEMBER)["total"] == "90.00"
    assert ledger.charges("1-1-101") == [("公摊电费", "2026Q4", "45.00", "2026-12-31")]
    for month in ("2026-10", "2026-12"):
        assert ledger.done("bill", month)["posted"] == 0


def test_a_tariff_may_say_that_an_item_is_shared_out(ledger: WorkbookLedger) -> None:
    """总额分摊 prices nothing: the sheet 公摊 says what is shared; where nothing is, the preview says so."""
    homes: Rows = [(f"1-1-{n}", "住宅", 100, None, None, "自住", None) for n in (101, 102, 201)]
    tariffs: Rows = [TARIFFS, tariff("公摊电费", "公摊电费", "总额分摊", "")]
    ledger.imports(
        sheets(
            homes,
            [("电梯", "公摊电费", NOVEMBER, 90, "1-1-1??", "按面积", None)],
            收费标准=tariffs,
            适用范围=[SCOPES, ("*", "公摊电费", None, "2020-01-01")],
        )
    )
    billed = ledger.done("bill", NOVEMBER)
    assert (billed["posted"], billed["total"]) == (2, "90.00")
    assert [(one["unit"], one["item"]) for one in billed["skipped"]] == [("1-1-201", "公摊电费")]


CONCESSIONS = ("名称", "条件", "方式", "值", "收费项目", "生效日期", "可叠加")


def test_concessions_lower_a_share_and_are_not_laid_on_others(ledger: WorkbookLedger) -> None:
    """30.00 each of 90.00: 10 % off for who is old, 4.00 off for the empty home; a lower unit price fits no share."""
    homes: Rows = [
        ("1-1-101", "住宅", 100, None, None, "自住", None),
        ("1-1-102", "住宅", 100, None, None, "空置", None),
        ("1-1-103", "住宅", 100, None, None, "自住", None),
    ]
    book = dict(
        sheets(
            homes,
            [("电梯", "公摊电费", NOVEMBER, 90, "1-*", "按面积", None)],
            优惠政策=[
                CONCESSIONS,
                ("老年优惠", "标签=老年", "百分比", 10, "公摊电费", "2020-01-01", "否"),
                ("空置优惠", "空置", "减金额", 4, "公摊电费", "2020-01-01", "否"),
                ("空置低价", "空置", "单价", "0.01", "公摊电费", "2020-01-01", "是"),
            ],
        )
    )
    book["住户"] = [
        ("房屋编号", "姓名", "身份", "标签"),
        *((row[0], "样甲", "业主", "老年") for row in homes[:1]),
        *((row[0], "样乙", "业主", None) for row in homes[1:]),
    ]
    ledger.imports(book)
    billed = ledger.done("bill", NOVEMBER)
    assert (billed["posted"], billed["total"], billed["discount"]) == (3, "90.00", "7.00")
    found = {unit: ledger.done("statement", unit)["charges"][0] for unit in ("1-1-101", "1-1-102", "1-1-103")}
    assert [(one["amount"], one["discount"], one["due"]) for one in found.values()] == [
        ("30.00", "3.00", "27.00"),
        ("30.00", "4.00", "26.00"),
        ("30.00", "0.00", "30.00"),
    ]
    assert ledger.done("verify")["ok"]
