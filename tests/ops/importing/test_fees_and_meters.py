"""收费标准, 适用范围 and 抄表: new prices, what was billed stays, readings along the line of a meter."""

from typing import Any

import pytest

from tests.ops.importing.office import HOME, Office, Sheet, changed, tally

RECORDS = {sheet: rows for sheet, rows in HOME.items() if not sheet.startswith("期初")}


def with_rows(sheet: str, *rows: list[Any]) -> dict[str, Sheet]:
    return {sheet: [HOME[sheet][0], *rows]}


def test_fee_items_and_whose_money_they_are(office: Office) -> None:
    office.imports(HOME)
    assert office.rows("SELECT name, nature, position FROM fee_item ORDER BY position") == [
        ("物业费", "自有", 1),
        ("水费", "代收代付", 2),
        ("车位服务费", "自有", 3),
    ]


def test_a_new_price_begins_on_a_day_of_its_own(office: Office) -> None:
    office.imports(RECORDS)
    done = office.imports(
        with_rows("收费标准", ["住宅物业费", "物业费", "按面积", "3.00", "自有", "2027-01-01"]), dry_run=False
    )
    assert tally(done, "收费标准") == (1, 0, 0)
    versions = "SELECT unit_price, valid_from FROM tariff_version v JOIN tariff t ON t.id = v.tariff_id"
    found = office.rows(f"{versions} WHERE t.name = '住宅物业费' ORDER BY valid_from")
    assert [(price, str(day)) for price, day in found] == [("14/5", "2024-07-01"), ("3", "2027-01-01")]


def test_a_price_may_change_until_it_was_billed(office: Office) -> None:
    office.imports(HOME)
    book = changed(RECORDS, "收费标准", 2, 单价="2.90")
    assert tally(office.imports(book), "收费标准") == (0, 1, 1)
    office.execute("INSERT INTO charge (entry_id, account_id, unit_id, fee_item_id, tariff_version_id, period, source,"
                   " number, serves_from, serves_to, gross, discount, due_date, basis, snapshot, paid, waived,"
                   " late_fee_paid, late_fee_waived, status) SELECT entry_id, account_id, unit_id, fee_item_id,"
                   " (SELECT MIN(id) FROM tariff_version), '2026-11', 'run', 1, serves_from, serves_to, gross,"
                   " discount, due_date, basis, snapshot, 0, 0, 0, 0, 'open' FROM charge"
                   " WHERE period = '2026-10'")  # fmt: skip
    ((sheet, row, column, reason),) = office.refusals(changed(RECORDS, "收费标准", 2, 单价="3.00"))
    assert (sheet, row, column) == ("收费标准", 2, "单价")
    assert "2.9" in reason
    assert tally(office.imports(book), "收费标准") == (0, 0, 2)


def test_whose_money_it_is_stays_once_something_is_owed(office: Office) -> None:
    office.imports(RECORDS)
    assert tally(office.imports(changed(RECORDS, "收费标准", 2, 款项性质="公共收益")), "收费标准") == (0, 0, 2)
    office.imports(changed(HOME, "收费标准", 2, 款项性质="公共收益"))
    found = office.refusals(changed(RECORDS, "收费标准", 2, 款项性质="自有"))
    assert [one[:3] for one in found] == [("收费标准", 2, "款项性质")]


def test_a_tariff_keeps_its_fee_item(office: Office) -> None:
    office.imports(RECORDS)
    found = office.refusals(with_rows("收费标准", ["住宅物业费", "垃圾费", "按面积", "3.00", "自有", "2027-01-01"]))
    assert [one[:3] for one in found] == [("收费标准", 2, "收费项目")]
    rows = [["甲", "物业费", "按面积", 1, "自有", "2024-01-01"], ["甲", "垃圾费", "按面积", 1, "自有", "2025-01-01"]]
    assert [one[:3] for one in office.refusals(with_rows("收费标准", *rows))] == [("收费标准", 3, "收费项目")]
    rows = [["甲", "物业费", "按面积", 1, "自有", "2024-01-01"], ["乙", "物业费", "按面积", 1, "押金", "2025-01-01"]]
    assert [one[:3] for one in office.refusals(with_rows("收费标准", *rows))] == [("收费标准", 3, "款项性质")]


def test_rounding_belongs_to_the_fee_item(office: Office) -> None:
    header = ["名称", "收费项目", "计费方式", "单价", "尾数", "生效日期"]
    rows = [["甲", "物业费", "按面积", 1, "进位到角", "2024-01-01"], ["乙", "物业费", "按面积", 1, None, "2024-01-01"]]
    assert [one[:3] for one in office.refusals({"收费标准": [header, *rows]})] == [("收费标准", 3, "尾数")]
    office.imports({"收费标准": [header, rows[0]]})
    assert office.rows("SELECT mantissa, mantissa_step FROM fee_item") == [("进位", 10)]


def test_scopes(either_office: Office) -> None:
    either_office.imports(RECORDS)
    header = ["房屋编号", "收费标准", "数量", "起始日期", "截止日期"]
    row = ["*-*-*", "住宅物业费", 1.5, "2024-07-01", "2026-12-31"]
    assert tally(either_office.imports({"适用范围": [header, row]}), "适用范围") == (0, 1, 0)
    assert either_office.rows("SELECT quantity FROM tariff_scope WHERE to_date IS NOT NULL") == [("3/2",)]
    found = either_office.refusals({"适用范围": [header, ["3-1-503", "没有的标准", 1, "2024-07-01", None]]})
    assert [one[:3] for one in found] == [("适用范围", 2, "房屋编号"), ("适用范围", 2, "收费标准")]
    done = either_office.imports({"适用范围": [header, ["99-*", "住宅物业费", 1, "2024-07-01", None]]})
    assert done.warnings == ("工作表“适用范围”：没有房屋符合 99-*。",)


def reading(day: str, value: float, note: str | None = None, number: str = "S1") -> list[Any]:
    return ["3-1-502", "水表", number, day, value, note]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([reading("2026-11-20", 482)], []),
        ([reading("2026-11-20", 464)], [(2, "读数")]),
        ([reading("2026-11-20", 3, "翻转")], []),
        ([reading("2026-11-20", 3, "换表 旧表止度 470 新表起度 0")], []),
        ([reading("2026-11-20", 3, "换表 旧表止度 470 新表起度 0", "S2")], []),
        ([reading("2026-11-20", 3, "换表 旧表止度 460 新表起度 0", "S2")], [(2, "说明")]),
        ([reading("2026-11-20", 3, number="S2")], []),
        ([reading("2026-11-20", 490, "估读"), reading("2026-12-20", 485)], []),
        ([reading("2026-12-20", 490), reading("2026-11-20", 495)], [(2, "读数")]),
        ([reading("2026-10-05", 466)], [(2, "读数")]),
        ([reading("2026-10-20", 440)], [(2, "读数")]),
    ],
)
def test_readings_follow_each_other(office: Office, rows: list[list[Any]], faults: list[tuple[int, str]]) -> None:
    office.imports(RECORDS)
    found = office.refusals(with_rows("抄表", *rows))
    assert [(row, column) for _sheet, row, column, _reason in found] == faults


def test_an_unusual_usage_is_a_warning(either_office: Office) -> None:
    either_office.imports(RECORDS)
    either_office.imports(with_rows("抄表", reading("2026-11-20", 482)))
    done = either_office.imports(with_rows("抄表", reading("2026-12-20", 600)))
    assert len(done.warnings) == 1
    assert "118" in done.warnings[0]
    assert either_office.imports(with_rows("抄表", reading("2026-12-20", 600))).warnings == ()


def test_a_reading_may_be_put_right_until_it_is_billed(office: Office) -> None:
    office.imports(HOME)
    assert tally(office.imports(with_rows("抄表", reading("2026-10-20", 466))), "抄表") == (0, 1, 0)
    office.execute("INSERT INTO charge_usage (charge_id, meter_id, from_reading_id, to_reading_id, usage)"
                   " SELECT (SELECT MIN(id) FROM charge), meter_id, MIN(id), MAX(id), 19000 FROM meter_reading"
                   " GROUP BY meter_id")  # fmt: skip
    for row in (reading("2026-10-20", 467), reading("2026-10-01", 450)):
        ((sheet, number, column, reason),) = office.refusals(with_rows("抄表", row))
        assert (sheet, number, column) == ("抄表", 2, "读数")
        assert "2026-10-20" in reason
    assert tally(office.imports(with_rows("抄表", reading("2026-10-20", 466))), "抄表") == (0, 0, 1)
    header = ["房屋编号", "表计", "表号", "倍率", "抄表日期", "读数"]
    found = office.refusals({"抄表": [header, ["3-1-502", "水表", "S1", 2, "2026-11-20", 490]]})
    assert [one[:3] for one in found] == [("抄表", 2, "倍率")]


def test_multipliers(either_office: Office) -> None:
    header = ["房屋编号", "表计", "表号", "倍率", "抄表日期", "读数"]
    row = ["3-1-502", "电表", "D1", None, "2026-10-20", 1]
    either_office.imports(RECORDS)
    either_office.imports({"抄表": [header, row]})
    assert either_office.rows("SELECT multiplier FROM meter WHERE kind = '电表'") == [("1",)]
    either_office.imports({"抄表": [header, [*row[:3], 40, *row[4:]]]})
    assert either_office.rows("SELECT multiplier FROM meter WHERE kind = '电表'") == [("40",)]
    either_office.imports({"抄表": [header, row]})
    assert either_office.rows("SELECT multiplier FROM meter WHERE kind = '电表'") == [("40",)]
    two = [[*row[:3], 40, *row[4:]], [*row[:3], 30, "2026-11-20", 2]]
    assert [one[:3] for one in either_office.refusals({"抄表": [header, *two]})] == [("抄表", 3, "倍率")]


def test_scopes_of_a_tariff_in_a_bad_row_are_left_alone(office: Office) -> None:
    found = office.refusals(changed(RECORDS, "收费标准", 3, 单价="三块"))
    assert [one[:3] for one in found] == [("收费标准", 3, "单价")]


def test_a_line_of_readings_reaches_back_into_the_ledger(office: Office) -> None:
    """Even over a long time and a swap: what came before is what the new reading is measured by."""
    office.imports(RECORDS)
    office.imports(with_rows("抄表", reading("2026-11-20", 5, "换表 旧表止度 482 新表起度 0", "S2")))
    assert [one[:3] for one in office.refusals(with_rows("抄表", reading("2028-11-20", 4, number="S2")))] == [
        ("抄表", 2, "读数")
    ]
    assert tally(office.imports(with_rows("抄表", reading("2028-11-20", 6, number="S2"))), "抄表") == (1, 0, 0)
