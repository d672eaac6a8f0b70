"""The notations of the tariff sheets in all their spellings, and what is refused."""

from datetime import datetime, time
from fractions import Fraction
from typing import Any

import pytest

from feedesk.exchange import notation
from feedesk.exchange.cells import BadCell, Cell, Reader
from feedesk.exchange.notation import Figure, Price, Rounding
from feedesk.rules.tariffs import DueRule

FEBRUARY = datetime(2001, 2, 3)  # noqa: DTZ001 - Excel's dates know no time zone


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (notation.price, 2.8, Price(Fraction(14, 5))),
        (notation.price, "4/3", Price(Fraction(4, 3))),
        (notation.price, "0.55831234", Price(Fraction("0.55831234"))),
        (notation.price, "2.80元", Price(Fraction(14, 5))),
        (notation.price, "谷0.3583；峰：0.5583", Price(None, "峰0.5583;谷0.3583")),
        (notation.price, "峰4/3;谷1", Price(None, "峰4/3;谷1")),
        (notation.tiers, "0-180:5.00;180-260:7.00;260-:9.00", "0-180:5;180-260:7;260-:9"),
        (notation.tiers, "０～１２．５：４／３；12.5-：2", "0-12.5:4/3;12.5-:2"),
        (notation.tiers, "0-:3.04", "0-:3.04"),
        (notation.person_base, "5:36", "5:36"),
        (notation.person_base, "５：７.5", "5:7.5"),
        (notation.tier_restart, "1-1", "01-01"),
        (notation.tier_restart, "7月1日", "07-01"),
        (notation.tier_restart, FEBRUARY, "02-03"),
        (notation.due_rule, "当月末", "当月末"),
        (notation.due_rule, "本月底", "当月末"),
        (notation.due_rule, "下月5日", "次月5"),
        (notation.due_rule, "次月 15", "次月15"),
        (notation.due_rule, "当月05", "当月5"),
        (notation.due_rule, "周期首日", "周期首日"),
        (notation.due_rule_or_day, "次月15", "次月15"),
        (notation.due_rule_or_day, "2026/12/15", "2026-12-15"),
        (notation.due_rule_or_day, FEBRUARY, "2001-02-03"),
        (notation.cycle, "季度", 3),
        (notation.cycle, "每半年", 6),
        (notation.rounding, "四舍五入", Rounding("四舍五入", 1)),
        (notation.rounding, "进位到角", Rounding("进位", 10)),
        (notation.rounding, "舍去（到元）", Rounding("舍去", 100)),
        (notation.rounding, "到角", Rounding("四舍五入", 10)),
        (notation.figure, 10, Figure(Fraction(10), False)),
        (notation.figure, "10%", Figure(Fraction(1, 10), True)),
        (notation.daily_rate, 0.0005, Fraction(5, 10_000)),
        (notation.daily_rate, "0.5‰", Fraction(5, 10_000)),
        (notation.daily_rate, "万分之五", Fraction(5, 10_000)),
        (notation.daily_rate, "万分之3", Fraction(3, 10_000)),
        (notation.daily_rate, "千分之零点五", Fraction(5, 10_000)),
        (notation.daily_rate, "万分之十二", Fraction(12, 10_000)),
        (notation.daily_rate, "万分之十", Fraction(10, 10_000)),
        (notation.tax_rate, "6%", Fraction(6, 100)),
        (notation.tax_rate, 0.06, Fraction(6, 100)),
        (notation.cap, "30%", Fraction(3, 10)),
        (notation.cap, 1, Fraction(1)),
        (notation.condition, "标签＝老年", "标签=老年"),
        (notation.condition, "预缴≥12个月", "预缴>=12月"),
        (notation.condition, "空置", "空置"),
    ],
)
def test_reads(read: Reader, value: Any, expected: Any) -> None:
    assert read(Cell(value)) == expected


@pytest.mark.parametrize(
    ("read", "value", "word"),
    [
        (notation.price, FEBRUARY, "文本"),
        (notation.price, "4/0", "零"),
        (notation.price, "两块八", "不是数字"),
        (notation.price, -1, "负"),
        (notation.price, "峰1", "峰谷"),
        (notation.price, "峰1;峰2", "峰谷"),
        (notation.price, "峰1;平2;谷3", "峰谷"),
        (notation.tiers, "180-260:7;260-:9", "从 0 开始"),
        (notation.tiers, "0-180:5;200-:7", "从 0 开始"),
        (notation.tiers, "0-180:5", "最后一档"),
        (notation.tiers, "0-:5;180-:7", "最后一档"),
        (notation.tiers, "0-0:5;0-:7", "大于起点"),
        (notation.tiers, "180:5", "0-180"),
        (notation.person_base, time(5, 36), "时间"),
        (notation.person_base, "36", "5:36"),
        (notation.tier_restart, "13-01", "01-01"),
        (notation.tier_restart, "02-29", "01-01"),
        (notation.tier_restart, "元旦", "01-01"),
        (notation.due_rule, "次月32", "当月末"),
        (notation.due_rule, "当月0", "当月末"),
        (notation.due_rule, "月底", "当月末"),
        (notation.due_rule_or_day, "明天", "当月末"),
        (notation.due_rule_or_day, "2026-02-30", "没有这一天"),
        (notation.cycle, "周", "半年"),
        (notation.rounding, "抹零", "进位"),
        (notation.figure, "一些", "不是数字"),
        (notation.daily_rate, 5, "违约金"),
        (notation.daily_rate, "万分之多", "费率"),
        (notation.tax_rate, 6, "6%"),
        (notation.cap, 0, "本金"),
        (notation.cap, 30, "本金"),
        (notation.condition, "标签=", "标签=老年"),
        (notation.condition, "预缴>=0月", "标签=老年"),
        (notation.condition, "高兴", "标签=老年"),
    ],
)
def test_refuses_with_a_reason(read: Reader, value: Any, word: str) -> None:
    with pytest.raises(BadCell) as refusal:
        read(Cell(value))
    assert word in refusal.value.reason


def test_number_formatted_as_percentage_is_one() -> None:
    assert notation.figure(Cell(0.1, "0%")) == Figure(Fraction(1, 10), True)
    assert notation.tax_rate(Cell(0.06, "0.00%")) == Fraction(6, 100)


@pytest.mark.parametrize("text", ["当月末", "次月15", "当月10", "周期首日", "周期末日", "下月末"])
def test_due_rules_are_those_that_bills_follow(text: str) -> None:
    plain = notation.due_rule(Cell(text))
    assert str(DueRule.parse(plain)) == plain
