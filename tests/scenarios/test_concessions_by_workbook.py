"""Concessions from the workbook to the receipt, by commands alone: one unit for each rule, reckoned by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.workbook_ledger import READINGS, SCOPES, TARIFFS, UNITS, Rows, WorkbookLedger, workbook_ledger

ALWAYS = "2020-01-01"
PEOPLE = ("房屋编号", "姓名", "身份", "起始日期", "截止日期", "缴费人", "标签")
POLICIES = ("名称", "条件", "方式", "值", "收费项目", "生效日期", "失效日期", "可叠加", "依据文件")

AGED = ("老年减免", "标签=老年", "百分比", "10", "物业费", ALWAYS, None, "是", "样例文〔2025〕3 号")
POOR = ("低保补助", "标签=低保", "减金额", "5", "物业费", ALWAYS, None, "是", None)
VACANT = ("空置优惠", "空置", "百分比", "40%", "物业费", ALWAYS, None, "否", None)
HERO = ("烈属免缴", "标签=烈属", "减金额", "500", "物业费", ALWAYS, None, None, None)
VETERAN = ("退役优待", "标签=退役", "百分比", "20", "物业费", ALWAYS, "2026-10-31", None, None)
YOUNG = ("青年优待", "标签=青年", "百分比", "20", "物业费", "2026-11-02", None, None, None)
STAFF = ("员工价", "标签=员工", "单价", "2.00", "物业费", ALWAYS, None, None, None)
WATER = ("用水补助", "标签=低保水", "百分比", "50", "水费;公摊电费", ALWAYS, None, None, None)
FREE = ("免一个月", "标签=车主", "减月数", "1", "车位服务费", ALWAYS, None, None, None)
YEARLY = ("年付优惠", "预缴>=12月", "减月数", "1", "物业费", ALWAYS, None, None, None)
CHANGED = [
    ("阶段优惠", "标签=阶段", "百分比", "30", "物业费", ALWAYS, None, "是", None),
    ("阶段优惠", "标签=阶段", "百分比", "10", "物业费", "2026-11-01", None, "是", None),
]
ALL_POLICIES: Rows = [POLICIES, AGED, POOR, VACANT, HERO, VETERAN, YOUNG, STAFF, WATER, FREE, YEARLY, *CHANGED]

# Unit, state, tags, and what November concedes of 98.60 × 2.80 = 276.08.
HOMES: list[tuple[str, str, str | None, str]] = [
    ("1-1-101", "自住", "老年", "27.61"),  # net 248.472 → 248.47
    ("1-1-102", "自住", "老年;低保", "32.61"),  # net 248.472 − 5 = 243.472 → 243.47
    ("1-1-103", "空置", "老年", "110.43"),  # net 276.08 × 0.6 = 165.648 → 165.65; alone, and lower than 248.47
    ("1-1-104", "自住", "烈属", "276.08"),  # 500.00, but never below zero
    ("1-1-105", "自住", "退役", "0.00"),  # ended on 10-31
    ("1-1-106", "自住", "青年", "0.00"),  # not in force on the first day
    ("1-1-107", "自住", "员工", "78.88"),  # 98.60 × 2.00 = 197.20
    ("1-1-108", "自住", None, "0.00"),
    ("1-1-109", "自住", "阶段", "27.61"),  # of one name the version begun last
    ("1-1-110", "空置", "员工", "110.43"),  # each alone: 165.65 is lower than 197.20
]


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def community(policies: Rows = ALL_POLICIES, **more: Rows) -> dict[str, Rows]:
    homes = [(unit, "住宅", "98.60", None, state) for unit, state, _tags, _off in HOMES]
    owners = [(unit, f"样{unit}", "业主", None, None, None, tags) for unit, _state, tags, _off in HOMES]
    return {
        "小区": [("小区名称",), ("样例小区",)],
        "房屋": [UNITS, *homes, ("2-1-101", "住宅", "98.60"), ("B1-001", "车位")],
        "住户": [
            PEOPLE,
            *owners,
            ("2-1-101", "样东", "业主", None, None, "否", "老年"),
            ("2-1-101", "样客", "租户", None, None, "是", "低保水"),
            ("B1-001", "样车主", "业主", None, None, None, "车主"),
        ],
        "收费标准": [
            TARIFFS,
            ("物业费", "物业费", "按面积", "2.80", None, None, None, ALWAYS),
            ("水费", "水费", "按用量", "3.04", None, None, None, ALWAYS),
            ("车位", "车位服务费", "固定金额", "300", "季", None, None, ALWAYS),
        ],
        "适用范围": [
            SCOPES,
            ("1-*", "物业费", None, ALWAYS),
            ("2-*", "物业费", None, ALWAYS),
            ("2-*", "水费", None, ALWAYS),
            ("B1-*", "车位", None, ALWAYS),
        ],
        "抄表": [
            READINGS,
            ("2-1-101", "水表", "W1", None, "2026-10-20", "431"),
            ("2-1-101", "水表", "W1", None, "2026-11-20", "447"),
        ],
        "优惠政策": policies,
        **more,
    }


def charges(ledger: WorkbookLedger, account: str, *more: str) -> list[tuple[str, str, str, str, str]]:
    found = ledger.done("statement", account, *more)["charges"]
    return [(one["item"], one["period"], one["amount"], one["discount"], one["due"]) for one in found]


def test_from_workbook_to_receipt(ledger: WorkbookLedger) -> None:
    imported = ledger.imports(community())
    assert imported["sheets"]["优惠政策"] == {"added": 12, "changed": 0, "unchanged": 0}
    assert all("依据类型" in warning for warning in imported["warnings"])
    preview = ledger.done("bill", "2026-11", "--preview")
    billed = ledger.done("bill", "2026-11")
    # 11 homes × 276.08 + 16 × 3.04 + 300.00
    assert (preview["total"], billed["total"]) == ("3385.52", "3385.52")
    # 27.61 + 32.61 + 110.43 + 276.08 + 78.88 + 27.61 + 110.43, water 24.32, a month of three 100.00
    assert (preview["discount"], billed["discount"]) == ("787.97", "787.97")
    for unit, _state, _tags, off in HOMES:
        net = f"{(27608 - round(float(off) * 100)) / 100:.2f}"
        assert charges(ledger, unit, "--all") == [("物业费", "2026-11", "276.08", off, net)], unit
    # Wholly conceded: a charge all the same, but nothing that is owed.
    assert charges(ledger, "1-1-104") == []
    # The owner's tag is not the payer's; 48.64 ÷ 2 = 24.32.
    assert charges(ledger, "2-1-101") == [
        ("物业费", "2026-11", "276.08", "0.00", "276.08"),
        ("水费", "2026-11", "48.64", "24.32", "24.32"),
    ]
    assert charges(ledger, "B1-001") == [("车位服务费", "2026Q4", "300.00", "100.00", "200.00")]
    assert ledger.done("verify")["problems"] == []
    # Once more: nothing is missing, the conceded charge included.
    again = ledger.done("bill", "2026-11")
    assert (again["posted"], again["already"], again["discount"]) == (0, 13, "0.00")
    # December: the policy begun on 11-02 counts, 276.08 × 20 % = 55.216.
    ledger.done("bill", "2026-12", "--item", "物业费")
    assert charges(ledger, "1-1-106")[1] == ("物业费", "2026-12", "276.08", "55.22", "220.86")
    assert charges(ledger, "1-1-104", "--all")[1][4] == "0.00"
    assert ledger.done("verify")["ok"] is True


def test_paid_and_shown_on_the_receipt(ledger: WorkbookLedger, tmp_path: Path) -> None:
    ledger.imports(community())
    ledger.done("bill", "2026-10", "--item", "物业费")
    ledger.done("bill", "2026-11", "--item", "物业费")
    ledger.done("shift", "open", "--float", "500.00")
    paid = ledger.done("collect", "1-1-101", "--tender", "wechat=496.94")
    assert (paid["total"], paid["balance_after"]) == ("496.94", "0.00")
    ledger.done("receipt", paid["receipt"], "--as", "json", "--out", tmp_path / "receipt.json")
    receipt: dict[str, Any] = json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8"))
    (line,) = receipt["lines"]
    assert line["amount"] == 49694
    assert line["details"] == ["98.60㎡×2.80×2=552.16", "老年减免10% −55.22"]
    # Undoing a month takes its concessions with it, wholly conceded charges too.
    undone = ledger.run("bill", "2026-11", "--undo", "--reason", "价格有误")
    assert undone[1]["error"]["code"] == "run_already_paid"
    assert ledger.done("verify")["problems"] == []


def test_a_share_of_a_common_cost_is_lowered_after_it_was_shared(ledger: WorkbookLedger) -> None:
    shared = ("名称", "收费项目", "所属期", "总额", "范围", "分摊依据")
    cost = ("电梯用电", "公摊电费", "2026-11", "100.00", "1-1-101;1-1-102;2-1-101", "按户")
    ledger.imports(community(公摊=[shared, cost]))
    billed = ledger.done("bill", "2026-11", "--item", "公摊电费")
    # 33.34 to the first, 33.33 to the others; half of the last one's is 16.665, left 16.67, taken off 16.66.
    assert (billed["total"], billed["discount"]) == ("100.00", "16.66")
    assert charges(ledger, "1-1-101") == [("公摊电费", "2026-11", "33.34", "0.00", "33.34")]
    assert charges(ledger, "2-1-101") == [("公摊电费", "2026-11", "33.33", "16.66", "16.67")]
    assert ledger.done("verify")["problems"] == []


def test_a_run_is_undone_with_its_concessions(ledger: WorkbookLedger) -> None:
    ledger.imports(community())
    ledger.done("bill", "2026-11")
    ledger.done("bill", "2026-11", "--undo", "--reason", "政策有误")
    assert charges(ledger, "1-1-104", "--all") == []
    assert ledger.done("verify")["problems"] == []
    assert ledger.done("bill", "2026-11")["discount"] == "787.97"
    assert charges(ledger, "1-1-104", "--all") == [("物业费", "2026-11", "276.08", "276.08", "0.00")]
    assert ledger.done("verify")["problems"] == []


def test_the_sheet_twice_changed_and_refused(ledger: WorkbookLedger) -> None:
    ledger.imports(community())
    assert ledger.imports(community())["sheets"]["优惠政策"] == {"added": 0, "changed": 0, "unchanged": 12}
    ledger.done("bill", "2026-11")
    assert ledger.imports(community())["sheets"]["优惠政策"] == {"added": 0, "changed": 0, "unchanged": 12}
    # Charges were lowered by it: value, way and items stay; its basis and an end after them may be put right.
    used = (AGED[0], "标签=老人", "减金额", "8", "物业费;水费", ALWAYS, "2026-10-31", "否", AGED[8])
    assert ledger.cells_refused(community([POLICIES, used])) == [
        ("优惠政策", 2, column) for column in ("条件", "方式", "值", "可叠加", "收费项目", "失效日期")
    ]
    ended = (*AGED[:6], "2026-12-31", AGED[7], "样例文〔2025〕3 号修订")
    assert ledger.imports(community([POLICIES, ended]))["sheets"]["优惠政策"]["changed"] == 1
    # One that no charge used may change; nothing is lost of what is not in the sheet.
    free = (*YOUNG[:3], "25", "物业费;水费", *YOUNG[5:])
    assert ledger.imports(community([POLICIES, free]))["sheets"]["优惠政策"]["changed"] == 1
    ledger.done("bill", "2026-12", "--item", "物业费")
    assert charges(ledger, "1-1-106")[1][3] == "69.02"


def test_what_cannot_be_a_policy(ledger: WorkbookLedger) -> None:
    rows: Rows = [
        POLICIES,
        ("甲", "标签=老年", "百分比", "101", "物业费", ALWAYS),
        ("乙", "标签=老年", "百分比", "0", "物业费", ALWAYS),
        ("丙", "标签=老年", "减金额", "1.005", "物业费", ALWAYS),
        ("丁", "老年", "百分比", "10", "物业费", ALWAYS),
        ("戊", "空置", "减月数", "1.5", "物业费", ALWAYS),
        ("己", "空置", "百分比", "10", "物业费", "2026-12-01", "2026-11-30"),
        ("庚", "空置", "单价", "-2", "物业费", ALWAYS),
        ("辛", "空置", "百分比", "10", None, ALWAYS),
    ]
    assert ledger.cells_refused(community(rows)) == [
        ("优惠政策", 2, "值"),
        ("优惠政策", 3, "值"),
        ("优惠政策", 4, "值"),
        ("优惠政策", 5, "条件"),
        ("优惠政策", 6, "值"),
        ("优惠政策", 7, "失效日期"),
        ("优惠政策", 8, "值"),
        ("优惠政策", 9, "收费项目"),
    ]
    # An amount beyond any charge is no fault: it never takes off more than there is.
    ledger.imports(community([POLICIES, ("补助", "标签=老年", "减金额", "99999", "物业费", ALWAYS)]))
    assert ledger.done("bill", "2026-11", "--item", "物业费")["discount"] == "828.24"  # three times all of 276.08


def test_a_policy_stands_once_in_the_sheet(ledger: WorkbookLedger) -> None:
    twice = (*AGED[:3], "20", *AGED[4:])
    assert ledger.cells_refused(community([POLICIES, AGED, twice])) == [("优惠政策", 3, "名称")]


def test_a_tag_is_its_payers_when_a_home_changes_hands(ledger: WorkbookLedger) -> None:
    """98.60 × 2.80 × 10/30 = 92.0266…, × 0.9 = 82.824; × 20/30 = 184.0533…, × 0.9 = 165.648."""
    book = community([POLICIES, AGED])
    homes = [("3-1-101", "住宅", "98.60"), ("3-1-102", "住宅", "98.60")]
    people = [
        ("3-1-101", "样老", "业主", None, "2026-11-10", None, "老年"),
        ("3-1-101", "样新", "业主", "2026-11-11"),
        ("3-1-102", "样旧", "业主", None, "2026-11-10"),
        ("3-1-102", "样长", "业主", "2026-11-11", None, None, "老年"),
    ]
    more: dict[str, Rows] = {"房屋": homes, "住户": people, "适用范围": [("3-*", "物业费", None, ALWAYS)]}
    ledger.imports({sheet: [*rows, *more.get(sheet, ())] for sheet, rows in book.items()})
    ledger.done("bill", "2026-11", "--item", "物业费")
    wanted = {
        "样老": ("92.03", "9.21", "82.82"),
        "样新": ("184.05", "0.00", "184.05"),
        "样旧": ("92.03", "0.00", "92.03"),
        "样长": ("184.05", "18.40", "165.65"),
    }
    accounts = {**ledger.accounts("3-1-101"), **ledger.accounts("3-1-102")}
    for name, (amount, off, due) in wanted.items():
        assert charges(ledger, accounts[name]) == [("物业费", "2026-11", amount, off, due)], name
