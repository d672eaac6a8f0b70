"""Reading the workbook: headers, defaults, duplicates, formulas; every bad cell told with its place."""

import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from feedesk.exchange.community_workbook import NoKnownSheet, read_community_workbook
from feedesk.rules.community_rows import CellProblem, CommunityBook
from tests.exchange.workbooks import Sheets, example_rows, write_book


def read(tmp_path: Path, sheets: Sheets) -> CommunityBook:
    return read_community_workbook(write_book(tmp_path / "book.xlsx", sheets))


def problem(book: CommunityBook) -> CellProblem:
    (found,) = book.problems
    return found


def test_headers_match_after_trimming_and_in_any_order(tmp_path: Path) -> None:
    header = ["　姓 名 ", "房屋编号　", "个人／单位", "身份"]
    book = read(tmp_path, {" 住户 ": [header, ["张样燕", "3-1-502", "个人", "业主"]]})
    assert not book.problems
    assert not book.warnings
    (row,) = book.residents.rows
    assert (row.unit, row.name, row.role, row.kind) == ("3-1-502", "张样燕", "业主", "个人")
    assert book.residents.fields == {"name", "unit", "kind", "role"}


def test_a_title_above_the_headers_is_passed_over(tmp_path: Path) -> None:
    rows = [["锦绣江南小区房屋清单"], [], ["房屋编号", "建筑面积"], ["3-1-502", "98.60"]]
    book = read(tmp_path, {"房屋": rows})
    assert [(row.row, row.code, row.built_area) for row in book.units.rows] == [(4, "3-1-502", Fraction("98.6"))]


def test_missing_columns_take_their_defaults(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        {
            "房屋": [["房屋编号"], ["3-1-502"], ["S-012"], ["B1-087"], ["B座-101"]],
            "收费标准": [
                ["名称", "收费项目", "计费方式", "单价", "生效日期"],
                ["水", "水费", "按用量", 3.04, 20240701],
            ],
            "适用范围": [["房屋编号", "收费标准", "起始日期"], ["3-*", "水", "2024-07-01"]],
            "期初欠费": [["房屋编号", "收费项目", "所属期", "金额"], ["3-1-502", "水费", "2026-10", 48.64]],
            "违约金": [["收费项目", "日费率", "生效日期"], ["全部", "万分之五", "2024-07-01"]],
            "优惠政策": [
                ["名称", "条件", "方式", "值", "收费项目", "生效日期"],
                ["老年", "标签=老年", "百分比", 10, "物业费", "2026-01-01"],
            ],
            "期初缴至": [["房屋编号", "收费项目", "缴至日期"], ["3-1-502", "水费", "2026-10-31"]],
            "抄表": [["房屋编号", "表计", "表号", "抄表日期", "读数"], ["3-1-502", "水表", "S1", "2026-10-20", 465]],
        },
    )
    assert not book.problems
    assert [row.kind for row in book.units.rows] == ["住宅", "商铺", "车位", "住宅"]
    assert {row.occupancy for row in book.units.rows} == {"自住"}
    (tariff,) = book.tariffs.rows
    assert (tariff.cycle_months, tariff.due_rule, tariff.partial_month, tariff.meter_kind, tariff.tier_restart) == (
        1, "当月末", "按天", "水表", "01-01",
    )  # fmt: skip
    assert (tariff.mantissa, tariff.mantissa_step, tariff.nature) == ("四舍五入", 1, "")
    assert book.scopes.rows[0].quantity == 1
    assert book.arrears.rows[0].due_date is None
    (late_fee,) = book.late_fees.rows
    assert (late_fee.grace_days, late_fee.starts) == (0, "到期次日")
    assert late_fee.cap == 1
    assert book.concessions.rows[0].stackable is False
    assert book.paid_through.rows[0].unserved == 0
    assert (book.readings.rows[0].multiplier, book.readings.rows[0].kind) == (None, "正常")


def test_unknown_sheets_and_columns_are_warnings(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [["房屋编号", "朝向"], ["3-1-502", "南"]], "Sheet1": [["x"]]})
    assert not book.problems
    assert book.warnings == ("不认识工作表“Sheet1”，未读取。", "工作表“房屋”：不认识列“朝向”，未读取。")
    assert book.sheets == ("房屋",)


def test_blank_rows_are_passed_over(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [["房屋编号", "朝向"], [None, "南"], ["", ""], ["　"], ["3-1-502", None]]})
    assert not book.problems
    assert [row.row for row in book.units.rows] == [5]


def test_an_empty_sheet_has_no_rows(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [], "住户": [["房屋编号", "姓名", "身份"]]})
    assert not book.problems
    assert (book.units.rows, book.residents.rows) == ((), ())


def test_a_missing_key_column_is_told_once(tmp_path: Path) -> None:
    book = read(tmp_path, {"住户": [["房屋编号", "姓名"], ["3-1-502", "张样燕"], ["3-1-503", "李样国"]]})
    assert (problem(book).row, problem(book).column, problem(book).value) == (1, "身份", "")
    assert "缺少这一列" in problem(book).reason


def test_a_column_that_is_there_twice(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [["房屋编号", "楼层", "楼 层"], ["3-1-502", 5, 6]]})
    assert (problem(book).row, problem(book).column) == (1, "楼层")


def test_the_column_of_reasons_of_a_marked_copy_is_passed_over(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [["房屋编号", "导入错误"], ["3-1-502", "编号：…"]]})
    assert (book.problems, book.warnings) == ((), ())


def test_every_bad_cell_is_told_with_its_place(tmp_path: Path) -> None:
    book = read(
        tmp_path,
        {
            "房屋": [["房屋编号", "建筑面积", "人口"], ["3-1-501", "九十八", 1.5], ["3-1-502", 98.6, 3], [None, 80, 1]],
            "期初预存": [["房屋编号", "金额"], ["3-1-502", "12O"], ["3-1-501", 1.005]],
        },
    )
    assert [(one.sheet, one.row, one.column, one.value) for one in book.problems] == [
        ("房屋", 2, "建筑面积", "九十八"),
        ("房屋", 2, "人口", "1.5"),
        ("房屋", 4, "房屋编号", ""),
        ("期初预存", 2, "金额", "12O"),
        ("期初预存", 3, "金额", "1.005"),
    ]
    assert [row.code for row in book.units.rows] == ["3-1-502"]
    assert book.named_units == {"3-1-501", "3-1-502"}


def test_duplicate_keys_name_the_first_row(tmp_path: Path) -> None:
    book = read(tmp_path, {"房屋": [["房屋编号"], ["3-1-502"], ["３－１－５０２"]]})
    assert (problem(book).row, problem(book).value) == (3, "3-1-502")
    assert "第 2 行" in problem(book).reason


SHEETS_WITH_FAULTS: list[tuple[str, dict[str, Any], str, str]] = [
    ("房屋", {"关联房屋": "1-1-101"}, "关联房屋", "自己"),
    ("房屋", {"状态": "装修"}, "状态", "自住"),
    ("房屋", {"建筑面积": 98.605}, "建筑面积", "2 位"),
    ("住户", {"截止日期": date(2020, 1, 1)}, "截止日期", "早于"),
    ("住户", {"身份": "亲戚"}, "身份", "业主"),
    ("住户", {"邮箱": "x"}, "邮箱", "邮箱"),
    ("收费标准", {"单价": None}, "单价", "按面积"),
    ("收费标准", {"失效日期": date(2020, 1, 1)}, "失效日期", "早于"),
    ("收费标准", {"单价": "峰1;谷2"}, "单价", "峰谷"),
    ("收费标准", {"计费方式": "阶梯用量", "收费项目": "水费"}, "阶梯", "阶梯"),
    ("收费标准", {"计费方式": "阶梯用量", "收费项目": "水费", "阶梯": "0-:5"}, "阶梯周期", "按月还是按年"),
    ("收费标准", {"计费方式": "按用量", "收费项目": "直饮水费"}, "表计", "直饮水费"),
    ("适用范围", {"截止日期": date(2020, 1, 1)}, "截止日期", "早于"),
    ("适用范围", {"数量": 0}, "数量", "大于零"),
    ("抄表", {"读数": 1.2345}, "读数", "3 位"),
    ("抄表", {"表计": "冷水表"}, "表计", "水表"),
    ("抄表", {"说明": "换表"}, "说明", "旧表止度"),
    ("抄表", {"说明": "换表 旧表止度 412 新表起度 500"}, "读数", "新表起度"),
    ("抄表", {"说明": "旧表止度 412"}, "说明", "换表"),
    ("抄表", {"说明": "换表 旧表止度 412.1234 新表起度 0"}, "说明", "3 位"),
    ("公摊", {"范围": None}, "范围", "必填"),
    ("公摊", {"总额": -1}, "总额", "大于零"),
    ("优惠政策", {"值": 0.1}, "值", "10%"),
    ("优惠政策", {"值": 101}, "值", "0 到 100"),
    ("优惠政策", {"方式": "减月数", "值": 1.5}, "值", "1 到 12"),
    ("优惠政策", {"方式": "减金额", "值": 1.005}, "值", "两位小数"),
    ("优惠政策", {"方式": "减金额", "值": "5%"}, "值", "减金额"),
    ("优惠政策", {"失效日期": date(2020, 1, 1)}, "失效日期", "早于"),
    ("违约金", {"日费率": "5"}, "日费率", "违约金"),
    ("期初欠费", {"所属期": "去年"}, "所属期", "去年"),
    ("期初缴至", {"缴至日期": None}, "缴至日期", "必填"),
    ("期初预存", {"金额": "一百"}, "金额", "不是金额"),
    ("期初押金", {"金额": 0}, "金额", "大于零"),
]


@pytest.mark.parametrize(("sheet", "changes", "column", "word"), SHEETS_WITH_FAULTS)
def test_what_does_not_fit_within_a_row(
    tmp_path: Path, sheet: str, changes: dict[str, Any], column: str, word: str
) -> None:
    found = problem(read(tmp_path, {sheet: example_rows(sheet, **changes)}))
    assert (found.sheet, found.row, found.column) == (sheet, 2, column)
    assert word in found.reason


def test_swaps_are_read_from_the_note_or_from_columns_of_their_own(tmp_path: Path) -> None:
    header = ["房屋编号", "表计", "表号", "抄表日期", "读数", "说明", "旧表止度", "新表起度"]
    book = read(
        tmp_path,
        {
            "抄表": [
                header,
                ["1", "水表", "A", "2026-10-20", 5, "换表 旧表止度：412.5，新表起度 0", None, None],
                ["2", "水表", "B", "2026-10-20", 5, "换表", 412.5, 0],
                ["3", "水表", "C", "2026-10-20", 5, "估读", None, None],
                ["4", "水表", "D", "2026-10-20", 5, "翻转 5位", None, None],
            ]
        },
    )
    assert not book.problems
    assert [(row.kind, row.old_final, row.new_initial) for row in book.readings.rows] == [
        ("换表", Fraction("412.5"), 0), ("换表", Fraction("412.5"), 0), ("估读", None, None), ("翻转", None, None),
    ]  # fmt: skip


def test_peak_and_valley_and_tiers(tmp_path: Path) -> None:
    changes = {
        "收费项目": "电费", "计费方式": "阶梯用量", "单价": "峰0.5583;谷0.3583", "阶梯": "0-2520:0;2520-:0.05",
        "阶梯周期": "年", "人口基数": "4:1200", "尾数": "舍去到角",
    }  # fmt: skip
    (row,) = read(tmp_path, {"收费标准": example_rows("收费标准", **changes)}).tariffs.rows
    assert (row.unit_price, row.prices, row.meter_kind) == (None, "峰0.5583;谷0.3583", "电表")
    assert (row.tiers, row.tier_cycle, row.person_base) == ("0-2520:0;2520-:0.05", "年", "4:1200")
    assert (row.mantissa, row.mantissa_step) == ("舍去", 10)


def test_percentages_of_concessions(tmp_path: Path) -> None:
    rows = example_rows("优惠政策")
    for name, value in (("乙", "10%"), ("丙", "0.5%")):
        rows.append([{"名称": name, "值": value}.get(header, cell) for header, cell in zip(*rows[:2], strict=True)])
    assert [row.value for row in read(tmp_path, {"优惠政策": rows}).concessions.rows] == [10, 10, Fraction(1, 2)]


def test_formulas_are_read_by_their_value(tmp_path: Path) -> None:
    path = tmp_path / "formulas.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    sheet = workbook.add_worksheet("期初预存")
    sheet.write_row(0, 0, ["房屋编号", "金额", "说明"])
    sheet.write_string(1, 0, "3-1-502")
    sheet.write_formula(1, 1, "=100+20", None, 120)
    sheet.write_formula(1, 2, '=IF(1=1,"","x")', None, "")
    sheet.write_string(2, 0, "3-1-503")
    sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")
    workbook.close()
    book = read_community_workbook(_as_excel_writes_empty_texts(path))
    assert [(row.unit, row.amount, row.note) for row in book.prepayments.rows] == [("3-1-502", 12000, "")]
    assert (problem(book).row, problem(book).value) == (3, "#DIV/0!")
    assert "错误值" in problem(book).reason


def _as_excel_writes_empty_texts(path: Path) -> Path:
    target = path.with_name("excel.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b'r="C2"><f>', b'r="C2" t="str"><f>'))
    return target


def test_formula_without_a_value_is_an_error(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["房屋编号", "金额", "说明"], ["3-1-502", "=100+20", None], ["=A2", 5, None]]
    book = read(tmp_path, {"期初预存": rows})
    assert [(one.row, one.column) for one in book.problems] == [(2, "金额"), (3, "房屋编号")]
    assert all("重新计算" in one.reason for one in book.problems)


def test_a_workbook_about_something_else(tmp_path: Path) -> None:
    with pytest.raises(NoKnownSheet):
        read(tmp_path, {"Sheet1": [["a"]]})
