"""Every kind of good and bad cell, reader by reader."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.exchange import cells
from feedesk.exchange.cells import BadCell, Cell, Reader
from feedesk.money import Fen, format_amount
from feedesk.periods import Period

CODE = cells.unit_code
DAY = datetime(2001, 2, 3)  # noqa: DTZ001 - Excel's dates know no time zone


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (cells.text, "  某价〔2024〕16号 ", "某价〔2024〕16号"),
        (cells.text, "有限公司（样例）", "有限公司（样例）"),
        (cells.text, 101, "101"),
        (cells.text, 12000000502.0, "12000000502"),
        (cells.text, True, "TRUE"),
        (cells.name, "李　敏", "李敏"),
        (cells.name, " 王样𠮷\u200b", "王样𠮷"),
        (cells.name, "Sample  Trading Ltd", "Sample Trading Ltd"),
        (cells.lines, " 电梯\n\n健身区 ", "电梯\n健身区"),
        (cells.mark, "１２０ 0000 0502", "12000000502"),
        (CODE, "3-1-502", "3-1-502"),
        (CODE, " ３－１－５０２ ", "3-1-502"),
        (CODE, "3–1—502", "3-1-502"),
        (CODE, "b1-087", "B1-087"),
        (CODE, 101, "101"),
        (cells.unit_pattern, "*-*-1??", "*-*-1??"),
        (cells.unit_pattern, "３-＊", "3-*"),
        (cells.amount, 276.08, 27608),
        (cells.amount, 300, 30000),
        (cells.amount, "1,600.5", 160050),
        (cells.amount, "￥１６００．００", 160000),
        (cells.amount, " 1 600.00 元", 160000),
        (cells.amount, 98.60000000000001, 9860),
        (cells.amount_or_zero, 0, 0),
        (cells.decimal(2), 2.8, Fraction(14, 5)),
        (cells.decimal(2), "98.60", Fraction("98.6")),
        (cells.decimal(3), "１２．３４５", Fraction("12.345")),
        (cells.decimal(), 1e-05, Fraction(1, 100_000)),
        (cells.decimal(), "1,234.5", Fraction("1234.5")),
        (cells.whole_number(), "3", 3),
        (cells.whole_number(least=-20), -1.0, -1),
        (cells.day, datetime(2026, 11, 23, 9, 30), date(2026, 11, 23)),  # noqa: DTZ001
        (cells.day, date(2026, 11, 23), date(2026, 11, 23)),
        (cells.day, "2026-11-23", date(2026, 11, 23)),
        (cells.day, "2026/11/3", date(2026, 11, 3)),
        (cells.day, "2026.11.23", date(2026, 11, 23)),
        (cells.day, "20261123", date(2026, 11, 23)),
        (cells.day, 20261123, date(2026, 11, 23)),
        (cells.day, "2026年11月23日", date(2026, 11, 23)),
        (cells.day, "２０２６－１１－２３", date(2026, 11, 23)),
        (cells.day, "2026-11-23 00:00:00", date(2026, 11, 23)),
        (cells.period, "2026-11", Period.parse("2026-11")),
        (cells.period, 202611, Period.parse("2026-11")),
        (cells.period, "2026年11月", Period.parse("2026-11")),
        (cells.period, "2026q4", Period.parse("2026Q4")),
        (cells.period, "2026H2", Period.parse("2026H2")),
        (cells.period, 2026, Period.parse("2026")),
        (cells.period, datetime(2026, 11, 1), Period.parse("2026-11")),  # noqa: DTZ001
        (cells.yes_no, "是", True),
        (cells.yes_no, " y ", True),
        (cells.yes_no, "否", False),
        (cells.yes_no, 0, False),
        (cells.choice("业主", "租户", 租客="租户"), "租客", "租户"),
        (cells.several(cells.name), "老年；残疾;老年、低保", ("老年", "残疾", "低保")),
        (cells.several(cells.phone), "12000000502;12000006621", ("12000000502", "12000006621")),
        (cells.several(cells.phone), 12000000502, ("12000000502",)),
        (cells.phone, "000-0000 0000", "000-00000000"),
        (cells.email, "a@b.example", "a@b.example"),
    ],
)
def test_reads(read: Reader, value: Any, expected: Any) -> None:
    assert read(Cell(value)) == expected


@pytest.mark.parametrize(
    ("read", "value", "word"),
    [
        (CODE, DAY, "1-2-3"),
        (CODE, date(2001, 2, 3), "1-2-3"),
        (CODE, "3-*", "编号"),
        (CODE, "--", "编号"),
        (CODE, "3" * 40, "太长"),
        (cells.unit_pattern, "3-*;4-*", "编号"),
        (cells.text, DAY, "文本"),
        (cells.text, time(5, 36), "文本"),
        (cells.text, "x" * 600, "太长"),
        (cells.text, 123456789012345678, "15 位"),
        (cells.text, 1.2345678901234568e17, "15 位"),
        (cells.amount, "12O.00", "不是金额"),
        (cells.amount, "abc", "不是金额"),
        (cells.amount, 276.084, "两位小数"),
        (cells.amount, "1.005", "两位小数"),
        (cells.amount, 0, "大于零"),
        (cells.amount, -3, "大于零"),
        (cells.amount, "1,60,0", "不是金额"),
        (cells.amount, 10**13, "上限"),
        (cells.amount, DAY, "日期"),
        (cells.amount, True, "不是数字"),
        (cells.amount_or_zero, -1, "不能为负"),
        (cells.decimal(2), 98.605, "超过 2 位"),
        (cells.decimal(3), "1.2345", "超过 3 位"),
        (cells.decimal(), "1.2.3", "不是数字"),
        (cells.decimal(), ".", "不是数字"),
        (cells.decimal(), -1, "不能为负"),
        (cells.decimal(above_zero=True), 0, "大于零"),
        (cells.decimal(), 10**13, "太大"),
        (cells.decimal(), timedelta(1), "日期"),
        (cells.whole_number(), 1.5, "整数"),
        (cells.whole_number(most=99), 100, "之间"),
        (cells.day, "2026-02-30", "没有这一天"),
        (cells.day, "26-11-23", "不是日期"),
        (cells.day, "2026-11/23", "不是日期"),
        (cells.day, 46349, "不是日期"),
        (cells.day, "昨天", "不是日期"),
        (cells.day, True, "不是日期"),
        (cells.day, time(1), "不是日期"),
        (cells.day, "1899-12-31", "1899"),
        (cells.day, "2026-11-23 10:30", "不是日期"),
        (cells.period, "2026-13", "2026-13"),
        (cells.period, "十一月", "十一月"),
        (cells.period, 1026, "1026"),
        (cells.period, datetime(2026, 11, 23), "某一天"),  # noqa: DTZ001
        (cells.yes_no, "也许", "“是”或“否”"),
        (cells.choice("住宅", "商铺"), "别墅", "住宅、商铺"),
        (cells.phone, "一二〇", "电话"),
        (cells.phone, "1", "电话"),
        (cells.several(cells.phone), "12000000502;abc", "电话"),
        (cells.email, "a.b.example", "邮箱"),
    ],
)
def test_refuses_with_a_reason(read: Reader, value: Any, word: str) -> None:
    with pytest.raises(BadCell) as refusal:
        read(Cell(value))
    assert word in refusal.value.reason


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, ""), (True, "TRUE"), (2.80, "2.8"), (1e15, "1000000000000000"), (DAY, "2001-02-03"), ("x ", "x "),
     (datetime(2001, 2, 3, 4, 5, 6), "2001-02-03 04:05:06"), (3, "3"), (0.1 + 0.2, "0.3")],  # noqa: DTZ001
)  # fmt: skip
def test_shows_what_excel_shows(value: Any, shown: str) -> None:
    assert cells.shown(value) == shown


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000", "\u200b", "\xa0 "])
def test_blank_of_any_kind(value: Any) -> None:
    assert cells.is_blank(value)


@given(st.integers(min_value=1, max_value=10**13))
def test_amounts_survive_excels_doubles(fen: int) -> None:
    assert cells.amount(Cell(fen / 100)) == fen
    assert cells.amount(Cell(format_amount(Fen(fen)))) == fen


@given(st.decimals(min_value=0, max_value=10**6, places=6, allow_nan=False, allow_infinity=False))
def test_decimals_survive_excels_doubles(number: Any) -> None:
    assert cells.decimal(6)(Cell(float(number))) == Fraction(number)
