"""What the rules of the trade make of a workbook, reckoned by hand: one unit for each rule."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.scenarios.workbook_ledger import (
    PAID_THROUGH,
    READINGS,
    SCOPES,
    TARIFFS,
    Rows,
    WorkbookLedger,
    office,
    workbook_ledger,
)

ALWAYS = "2020-01-01"


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def tariff(name: str, item: str, how: str, price: str, **more: str | None) -> tuple[str | None, ...]:
    values = {"名称": name, "收费项目": item, "计费方式": how, "单价": price, "生效日期": ALWAYS, **more}
    return tuple(values.get(column) for column in TARIFFS)


def area(name: str, price: str, **more: str | None) -> tuple[str | None, ...]:
    return tariff(name, "物业费", "按面积", price, **more)


AREAS: list[tuple[str, str, Rows, str]] = [
    # Unit, m², versions of its own tariff, what November costs.
    ("1-1-101", "98.60", [area("A", "2.80")], "276.08"),
    ("1-1-102", "100", [area("B", "2.80", 失效日期="2026-11-15"), area("B", "3.00", 生效日期="2026-11-16")], "290.00"),
    ("1-1-103", "100", [area("C", "2.80"), area("C", "3.00", 生效日期="2026-11-11")], "293.33"),
    ("1-1-104", "89.50", [area("D", "4/3")], "119.33"),
    ("1-1-105", "100", [area("E", "2.12345678")], "212.35"),
    ("1-1-106", "1", [area("F", "3.00500000")], "3.01"),
    ("1-1-107", "100", [area("G", "3", 失效日期="2026-11-10")], "100.00"),
    (
        "1-1-108",
        "100",
        [area("H", "2.8", 不足月="按整月"), area("H", "3", 不足月="按整月", 生效日期="2026-11-11")],
        "293.33",
    ),
]


def test_prices(ledger: WorkbookLedger) -> None:
    """Prices of any length, changes inside a month by days, the version begun last holds, days without a price."""
    ledger.imports(
        office(
            [(unit, "住宅", size) for unit, size, _tariffs, _amount in AREAS],
            收费标准=[TARIFFS, *(version for _unit, _size, versions, _amount in AREAS for version in versions)],
            适用范围=[SCOPES, *((unit, versions[0][0], None, ALWAYS) for unit, _size, versions, _amount in AREAS)],
        )
    )
    billed = ledger.done("bill", "2026-11")
    assert (billed["posted"], billed["skipped"]) == (len(AREAS), [])
    for unit, _size, _versions, amount in AREAS:
        assert ledger.charges(unit) == [("物业费", "2026-11", amount, "2026-11-30")], unit


# Tariff, scope from, scope to, what it makes of November: item, period, amount, due date.
CYCLES: list[tuple[tuple[str | None, ...], str, str | None, tuple[str, str, str, str]]] = [
    (tariff("K1", "一", "固定金额", "150", 到期日="周期首日"), ALWAYS, None, ("一", "2026-11", "150.00", "2026-11-01")),
    (tariff("K2", "二", "固定金额", "300", 周期="季"), ALWAYS, None, ("二", "2026Q4", "300.00", "2026-10-31")),
    (
        tariff("K3", "三", "固定金额", "300", 周期="季", 到期日="周期末日"),
        "2026-11-15",
        None,
        ("三", "2026Q4", "153.33", "2026-12-31"),  # 100.00 × 16/30 + 100.00
    ),
    (
        tariff("K4", "四", "按面积", "2", 周期="季", 到期日="次月15"),
        ALWAYS,
        None,
        ("四", "2026Q4", "600.00", "2026-11-15"),
    ),
    (
        tariff("K5", "五", "按面积", "2", 周期="半年", 到期日="周期首日"),
        ALWAYS,
        None,
        ("五", "2026H2", "1200.00", "2026-07-01"),
    ),
    (
        tariff("K6", "六", "按面积", "2", 周期="年", 到期日="周期末日"),
        ALWAYS,
        None,
        ("六", "2026", "2400.00", "2026-12-31"),
    ),
    (tariff("K7", "七", "按面积", "3", 不足月="按整月"), "2026-11-20", None, ("七", "2026-11", "300.00", "2026-11-30")),
    (tariff("K8", "八", "按面积", "3", 不足月="按半月"), "2026-11-16", None, ("八", "2026-11", "150.00", "2026-11-30")),
    (tariff("K9", "九", "按面积", "3", 不足月="按半月"), "2026-11-15", None, ("九", "2026-11", "300.00", "2026-11-30")),
    (tariff("K10", "十", "按面积", "3"), "2026-11-20", None, ("十", "2026-11", "110.00", "2026-11-30")),
    (tariff("K11", "百", "按面积", "3"), ALWAYS, "2026-11-10", ("百", "2026-11", "100.00", "2026-11-30")),
    (
        tariff("K12", "千", "固定金额", "9.95", 到期日="当月31", 尾数="舍去到元"),
        ALWAYS,
        None,
        ("千", "2026-11", "9.00", "2026-11-30"),
    ),
    (tariff("K13", "万", "固定金额", "9.91", 尾数="进位到角"), ALWAYS, None, ("万", "2026-11", "10.00", "2026-11-30")),
]


def test_cycles_due_dates_and_months_not_whole(ledger: WorkbookLedger) -> None:
    units = [f"2-1-{100 + n}" for n in range(len(CYCLES))]
    ledger.imports(
        office(
            [(unit, "住宅", 100) for unit in units],
            收费标准=[TARIFFS, *(cycle[0] for cycle in CYCLES)],
            适用范围=[SCOPES, *((u, c[0][0], None, c[1], c[2]) for u, c in zip(units, CYCLES, strict=True))],
        )
    )
    ledger.done("bill", "2026-11")
    wanted = {unit: cycle[3] for unit, cycle in zip(units, CYCLES, strict=True)}
    for unit, charge in wanted.items():
        assert ledger.charges(unit) == [charge], unit
    # A cycle is billed once, whatever month of it comes next.
    for month in ("2026年12月", "202610"):
        ledger.done("bill", month)
        for unit, charge in wanted.items():
            assert len(ledger.charges(unit)) == 1 or charge[1] == "2026-11", (unit, month)


def test_who_owes(ledger: WorkbookLedger) -> None:
    """Hand-overs, tenants who pay, unsold and undelivered units, and what is paid through already."""
    units: Rows = [
        ("3-1-1", "住宅", 100, None, "自住", "2026-11-10"),
        ("3-1-2", "住宅", 100, None, "自住", "2026-11-01"),
        ("3-1-3", "住宅", 100, None, "未售"),
        ("3-1-4", "住宅", 120, 100, "空置"),
        *((f"3-1-{n}", "住宅", 100, None, "自住") for n in (5, 6, 7, 8)),
    ]
    people = [
        ("3-1-5", "样甲", "业主", None, "2026-11-15"),
        ("3-1-5", "样乙", "业主", "2026-11-16"),
        ("3-1-6", "样丙", "业主"),
        ("3-1-6", "样租", "租户", "2026-11-11", "2027-11-10", "是"),
    ]
    ledger.imports(
        office(
            units,
            people=people,
            收费标准=[TARIFFS, area("A", "3")],
            适用范围=[SCOPES, ("3-*", "A", None, ALWAYS)],
            期初缴至=[PAID_THROUGH, ("3-1-7", "物业费", "2026-11-10"), ("3-1-8", "物业费", "2026-12-31", 300)],
        )
    )
    billed = ledger.done("bill", "2026-11")
    assert (billed["posted"], billed["total"]) == (9, "2000.00")
    assert [(one["unit"], one["item"]) for one in billed["skipped"]] == [("3-1-8", "物业费")]
    owed = {
        (unit, name): sum(Decimal(charge[2]) for charge in ledger.charges(account))
        for unit in (str(row[0]) for row in units)
        for name, account in ledger.accounts(unit).items()
    }
    assert {key: sum_ for key, sum_ in owed.items() if sum_} == {
        ("3-1-1", "样例置业"): 300,
        ("3-1-2", "样例置业"): 300,
        ("3-1-3", "样例置业"): 300,
        ("3-1-4", "样3-1-4"): 300,
        ("3-1-5", "样甲"): 150,
        ("3-1-5", "样乙"): 150,
        ("3-1-6", "样丙"): 100,
        ("3-1-6", "样租"): 200,
        ("3-1-7", "样3-1-7"): 200,
    }
    # A unit's code means who holds it now, also while a lease runs that has an end.
    assert ledger.done("statement", "3-1-6")["resident"] == "样租"
    assert ledger.done("search", "3-1-6")[0]["resident"] == "样租"
    ledger.done("bill", "2026-12")
    assert ledger.charges("3-1-1") == [("物业费", "2026-12", "300.00", "2026-12-31")]


def test_nobody_to_owe_is_said(ledger: WorkbookLedger) -> None:
    units = [("3-1-1", "住宅", 100, None, "未售"), ("3-1-2", "住宅"), ("3-1-3", "住宅", 100), ("4-1-1", "住宅", 100)]
    sheets = office(
        units, developer="", 收费标准=[TARIFFS, area("A", "3")], 适用范围=[SCOPES, ("3-*", "A", None, ALWAYS)]
    )
    sheets["住户"] = [row for row in sheets["住户"] if row[0] != "3-1-3"]
    ledger.imports(sheets)
    billed = ledger.done("bill", "2026-11")
    assert billed["posted"] == 0
    assert {one["unit"]: one["reason"] for one in billed["skipped"]}.keys() == {"3-1-1", "3-1-2", "3-1-3", "4-1-1"}
    assert len({one["reason"] for one in billed["skipped"]}) == 4


def test_scopes(ledger: WorkbookLedger) -> None:
    """Patterns match whole codes; a unit in two scopes of one tariff pays once; quantities change by the day."""
    codes = ("3-1-101", "3-2-1102", "4-1-1102", "13-1-1", "B1-001")
    fixed = [tariff(name, name, "固定金额", price) for name, price in (("甲", "5"), ("乙", "7"), ("车位", "100"))]
    scopes = [
        ("3-*", "甲", None, ALWAYS),
        ("3-1-101", "甲", None, ALWAYS),
        ("*-*-1??", "乙", None, ALWAYS),
        ("B1-001", "车位", 1, ALWAYS, "2026-11-15"),
        ("B1-001", "车位", 2, "2026-11-16"),
    ]
    ledger.imports(office([(code, None, 50) for code in codes], 收费标准=[TARIFFS, *fixed], 适用范围=[SCOPES, *scopes]))
    ledger.done("bill", "2026-11")
    found = {code: [(item, amount) for item, _period, amount, _due in ledger.charges(code)] for code in codes}
    assert found == {
        "3-1-101": [("甲", "5.00"), ("乙", "7.00")],
        "3-2-1102": [("甲", "5.00")],
        "4-1-1102": [],
        "13-1-1": [],
        "B1-001": [("车位", "150.00")],
    }


# Readings (meter number, multiplier, date, reading, note) and the price of what they count at 3.50, if anything.
METERS: list[tuple[Rows, str | None]] = [
    ([("A", None, "2026-10-31", 100), ("A", None, "2026-11-20", 112.5)], "43.75"),
    ([("A", 40, "2026-10-31", 100), ("A", 40, "2026-11-20", 101.234)], "172.76"),
    ([("A", None, "2026-10-31", 400), ("A", None, "2026-11-20", 6, "换表 旧表止度 412 新表起度 0")], "63.00"),
    ([("A", None, "2026-10-31", 400), ("B", None, "2026-11-20", 6, "换表 旧表止度 412 新表起度 0")], "63.00"),
    ([("A", 10, "2026-10-31", 9990), ("A", 10, "2026-11-20", 5, "翻转")], "525.00"),
    ([("A", None, "2026-10-31", 100), ("A", None, "2026-11-05", 120, "估读"), ("A", None, "2026-11-20", 115)], "52.50"),
    ([("A", None, "2026-10-31", 100), ("A", None, "2026-11-05", 103), ("A", None, "2026-11-20", 110)], "35.00"),
    ([("A", None, "2026-09-30", 100), ("A", None, "2026-10-31", 110), ("A", None, "2026-11-10", 130)], "105.00"),
    ([("A", None, "2026-10-31", 1), ("B", None, "2026-10-31", 2), ("A", None, "2026-11-9", 2), ("B", None, "2026-11-9", 4)], "10.50"),  # noqa: E501
    ([("A", None, "2026-10-31", 100), ("A", None, "2026-11-20", 100)], None),
    ([("A", None, "2026-10-31", 100), ("A", None, "2026-12-02", 130)], None),
    ([("A", None, "2026-11-10", 100)], None),
    ([], None),
]  # fmt: skip


def test_meters(ledger: WorkbookLedger) -> None:
    units = [f"5-1-{n}" for n in range(1, len(METERS) + 1)]
    readings = [(unit, "水表", *row) for unit, (rows, _price) in zip(units, METERS, strict=True) for row in rows]
    sheets = office(
        [(unit, "住宅") for unit in units],
        收费标准=[TARIFFS, tariff("水", "水费", "按用量", "3.50", 到期日="次月15")],
        适用范围=[SCOPES, ("5-*", "水", None, ALWAYS)],
        抄表=[READINGS, *readings],
    )
    ledger.imports(sheets)
    billed = ledger.done("bill", "2026-11")
    found = {unit: ledger.charges(unit) for unit in units}
    assert found == {
        unit: [("水费", "2026-11", price, "2026-12-15")] if price else []
        for unit, (_rows, price) in zip(units, METERS, strict=True)
    }
    assert {one["unit"] for one in billed["skipped"]} == {unit for unit, charges in found.items() if not charges}
    # A billed reading is locked; what comes late is counted with the next month.
    changed = ("5-1-1", "水表", "A", None, "2026-11-20", 113)
    assert ledger.cells_refused({"抄表": [READINGS, changed]}) == [("抄表", 2, "读数")]
    later = [("5-1-1", "水表", "A", None, day, value) for day, value in (("2026-11-28", 113), ("2026-12-20", 120))]
    ledger.imports({"抄表": [READINGS, *later]})
    assert ledger.done("bill", "2026-11")["posted"] == 0
    ledger.done("bill", "2026-12")
    assert ledger.charges("5-1-1")[1:] == [("水费", "2026-12", "26.25", "2027-01-15")]


def test_a_rerun_posts_what_is_missing_and_undo_takes_all_back(ledger: WorkbookLedger) -> None:
    tariffs = [TARIFFS, area("A", "3"), tariff("车", "车位服务费", "固定金额", "150")]
    sheets = office([(f"1-1-{n}", "住宅", 100) for n in (1, 2)], 收费标准=tariffs)
    ledger.imports({**sheets, "适用范围": [SCOPES, ("1-*", "A", None, ALWAYS), ("1-1-1", "车", None, ALWAYS)]})
    assert ledger.done("bill", "2026-11", "--item", "车位服务费")["total"] == "150.00"
    preview = ledger.done("bill", "2026-11", "--preview")
    assert (preview["posted"], preview["already"], preview["total"]) == (2, 1, "600.00")
    assert ledger.charges("1-1-2") == []
    assert ledger.done("bill", "2026-11") == preview
    ledger.imports(office([("1-1-3", "住宅", 50)]))
    more = ledger.done("bill", "2026-11")
    assert (more["posted"], more["already"], more["total"]) == (1, 3, "150.00")
    ledger.done("shift", "open")
    paid = ledger.done("collect", "1-1-2", "--tender", "cash=300")["receipt"]
    assert ledger.refused("bill", "2026-11", "--undo", "--reason", "价格有误") == "run_already_paid"
    ledger.done("void", paid, "--reason", "为撤销出账")
    ledger.done("bill", "2026-11", "--undo", "--reason", "价格有误")
    assert all(ledger.charges(f"1-1-{n}") == [] for n in (1, 2, 3))
    assert ledger.refused("bill", "2026-11", "--undo", "--reason", "价格有误") == "nothing_to_undo"
    assert ledger.done("bill", "2026-11")["total"] == "900.00"
    assert ledger.done("verify")["ok"] is True
