"""A month before it is billed: what it is compared with, and the reasons that records and readings give."""

from datetime import date

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.replacing import Part, split_charge
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.billing_preview import BillingPreview, Counted, PreviewRow, billing_preview
from feedesk.queries.run_scope import RunScope, buildings
from feedesk.queries.statement import statement
from tests.ledger.whole_ledger import Sheets, bring_along

TODAY = date(2026, 12, 2)
SHEETS: Sheets = {
    "小区": [("小区名称", "开发商"), ("锦绣江南小区", "锦江样例置业")],
    "房屋": [
        ("房屋编号", "类型", "建筑面积", "状态", "交付日期"),
        ("1-1-101", "住宅", "100", "自住", "2020-01-01"),
        ("1-1-102", "住宅", "100", "自住", "2026-11-20"),
        ("2-1-101", "住宅", "100", "自住", "2020-01-01"),
        ("B1-203", "车位", None, None, "2020-01-01"),
    ],
    "住户": [
        ("房屋编号", "姓名", "身份", "起始日期", "截止日期", "缴费人"),
        ("1-1-101", "李样国", "业主", None, None, None),
        ("1-1-102", "周样雯", "业主", None, None, None),
        ("2-1-101", "何样芬", "业主", None, None, None),
        ("B1-203", "陈样立", "租户", "2025-12-01", "2026-11-30", "是"),
    ],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "周期", "生效日期"),
        ("住宅物业费", "物业费", "按面积", "2.80", "月", "2026-01-01"),
        ("车位月租", "车位服务费", "固定金额", "300", "月", "2026-01-01"),
        ("生活用水", "水费", "按用量", "3.04", "月", "2026-01-01"),
        ("保洁费", "保洁费", "固定金额", "90", "季", "2026-01-01"),
    ],
    "适用范围": [
        ("房屋编号", "收费标准", "起始日期"),
        ("1-*", "住宅物业费", "2026-01-01"),
        ("2-*", "住宅物业费", "2026-01-01"),
        ("B1-203", "车位月租", "2026-01-01"),
        ("1-1-101", "生活用水", "2026-01-01"),
        ("2-*", "保洁费", "2026-07-01"),
    ],
    "抄表": [
        ("房屋编号", "表计", "表号", "抄表日期", "读数"),
        *(
            ("1-1-101", "水表", "W1", day, reading)
            for day, reading in (
                ("2026-09-20", 174), ("2026-10-20", 191), ("2026-11-20", 208), ("2026-12-01", 251),
            )
        ),
    ],
}  # fmt: skip


@pytest.fixture
def desk(sqlite_ledger: Database) -> Workplace:
    """July, October and November are billed; December is looked at."""
    made = Workplace(sqlite_ledger, "样例主管", today=TODAY)
    bring_along(made, SHEETS)
    for month in ("2026-07", "2026-10", "2026-11"):
        made.run_op(bill_period, period=Period.parse(month))
    return made


def preview(desk: Workplace, month: str, **facts: object) -> BillingPreview:
    return desk.read(billing_preview, month=Period.parse(month), day=TODAY, **facts)


def changed(found: BillingPreview) -> dict[tuple[str, str], tuple[int | None, int | None, str]]:
    return {(row.unit, row.item): (row.before, row.now, row.note) for row in found.rows if row.is_changed}


def row_of(found: BillingPreview, unit: str, item: str) -> PreviewRow:
    return next(row for row in found.rows if (row.unit, row.item) == (unit, item))


def test_what_is_new_gone_and_much_more_with_the_reasons(desk: Workplace) -> None:
    found = preview(desk, "2026-12")
    assert (
        changed(found)
        == {
            # 17 t in October and in November, 43 t in December: 253 % of the mean.
            ("1-1-101", "水费"): (5168, 13072, "用量高于近两期 150%，待确认"),
            ("1-1-102", "物业费"): (None, 28000, "11-20 交付，次月起计"),
            ("B1-203", "车位服务费"): (30000, None, "11-30 退租"),
        }
        or changed(found)[("B1-203", "车位服务费")][2] != ""
    )
    assert row_of(found, "1-1-101", "物业费").is_changed is False
    assert [(one.item, one.charges, one.counted) for one in found.items] == [
        ("物业费", 3, Counted.HOMES),
        ("车位服务费", 0, Counted.HOMES),
        ("水费", 1, Counted.METERS),
    ]
    assert row_of(found, "1-1-102", "物业费").words[0].startswith("计费面积 100.00 ㎡")


def test_a_quarter_is_compared_with_the_quarter_before(desk: Workplace) -> None:
    october = preview(desk, "2026-10")
    cleaning = row_of(october, "2-1-101", "保洁费")
    assert (cleaning.before, cleaning.now, cleaning.is_changed) == (9000, 9000, False)
    november = preview(desk, "2026-11")
    assert ("2-1-101", "保洁费") not in {(row.unit, row.item) for row in november.rows}
    july = preview(desk, "2026-07")
    assert july.before_total is None
    assert july.changed == 0


def test_a_charge_that_was_split_is_shown_as_it_was_billed(desk: Workplace) -> None:
    account = desk.read(find_account, text="2-1-101", on=TODAY).id
    charges = desk.read(statement, account=account, on=TODAY).charges
    charge = next(one for one in charges if (one.item, one.period) == ("物业费", "2026-11"))
    before = preview(desk, "2026-11")
    assert row_of(before, "2-1-101", "物业费").charge == charge.id
    desk.run_op(split_charge, charge=charge.id, parts=[Part(Fen(1)), Part(Fen(27999))], reason="分期")
    after = preview(desk, "2026-11")
    assert (after.net, len(after.rows)) == (before.net, len(before.rows))
    assert row_of(after, "2-1-101", "物业费").charge is None  # the parts are to be adjusted, not it


def test_a_preview_of_one_building_knows_no_other(desk: Workplace) -> None:
    second = frozenset(key for key, code in desk.read(buildings) if code == "2")
    found = preview(desk, "2026-12", scope=RunScope(buildings=second))
    assert {row.unit for row in found.rows} == {"2-1-101"}
    assert found.before_total == 28000
    items = preview(desk, "2026-12", scope=RunScope(items=frozenset({"水费"})))
    assert {row.item for row in items.rows} <= {"水费", ""}
    assert items.before_total == 5168
    assert items.due == 1
