"""Tariffs in words, as lists and the fee board show them."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.rules.price_terms import PriceTerms
from feedesk.rules.tariff_words import (
    days_words,
    gap_words,
    place_words,
    price_words,
    rounding_words,
    several_places,
    short_price,
)

FROM = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"method": "按面积", "unit_price": "2.8"}, "2.80 元/㎡·月"),
        ({"method": "按面积", "unit_price": "4/3"}, "4/3 元/㎡·月"),
        ({"method": "按面积", "unit_price": "2.805"}, "2.805 元/㎡·月"),
        ({"method": "固定金额", "unit_price": "300"}, "300.00 元/月"),
        ({"method": "固定金额", "unit_price": "900", "cycle_months": 3}, "900.00 元/季"),
        ({"method": "固定金额", "unit_price": "30", "cycle_months": 0}, "30.00 元/次"),
        ({"method": "按用量", "unit_price": "3.04", "meter_kind": "水表"}, "3.04 元/吨"),
        ({"method": "按用量", "unit_price": "2.63", "meter_kind": "燃气表"}, "2.63 元/方"),
        ({"method": "按用量", "prices": "峰0.5583;谷0.3583", "meter_kind": "电表"}, "峰 0.5583、谷 0.3583 元/度"),
        ({"method": "总额分摊"}, "按实际发生额分摊"),
        ({"method": "自定义公式", "formula": "面积 * 1.2"}, "按公式：面积 * 1.2"),
        (
            {"method": "阶梯用量", "tiers": "0-180:5;180-260:7;260-:9", "tier_cycle": "年", "meter_kind": "水表"},
            "0–180 吨 5.00、180–260 吨 7.00、260 吨以上 9.00 元/吨，按年累计",
        ),
        (
            {
                "method": "阶梯用量",
                "tiers": "0-240:0.52;240-:0.57",
                "tier_cycle": "月",
                "meter_kind": "电表",
                "unit_price": "0.01",
                "person_base": "5:36",
            },
            "0–240 度 0.52、240 度以上 0.57 元/度，按月累计；全部用量另加 0.01 元；5 人以上每多一人各档加 36",
        ),
    ],
)
def test_a_price_is_told_with_its_unit(facts: dict[str, Any], words: str) -> None:
    price = facts.pop("unit_price", None)
    terms = PriceTerms(valid_from=FROM, unit_price=Fraction(price) if price else None, **facts)
    assert price_words(terms) == words


def test_a_narrow_column_gets_the_prices_of_the_tiers_alone() -> None:
    terms = PriceTerms(method="阶梯用量", tiers="0-180:5;180-:9", tier_cycle="年", meter_kind="水表", valid_from=FROM)
    assert short_price(terms) == "5.00 / 9.00 元/吨"


@pytest.mark.parametrize(
    ("pattern", "kinds", "words"),
    [
        ("*", ("住宅", "车位"), "全小区"),
        ("3-*", (), "3 栋"),
        ("*-*-*", ("住宅",), "全部住宅"),
        ("S-*", ("商铺",), "全部商铺"),
        ("S-*", (), "S-*"),
        ("3-1-*", (), "3-1-*"),
        ("3-1-502", (), "3-1-502"),
    ],
)
def test_a_place_is_told_as_people_call_it(pattern: str, kinds: tuple[str, ...], words: str) -> None:
    assert place_words(pattern, kinds) == words


def test_many_places_are_cut_short() -> None:
    assert several_places(["1 栋", "2 栋"]) == "1 栋、2 栋"
    assert several_places(["1 栋", "2 栋", "3 栋", "4 栋", "5 栋"]) == "1 栋、2 栋、3 栋等，另有 2 处"


def test_days_are_told_from_to() -> None:
    last = date(2026, 12, 31)
    assert days_words(FROM, None) == "2026-01-01 起"
    assert days_words(FROM, last) == "2026-01-01 至 2026-12-31"
    assert days_words(None, last) == "至 2026-12-31"
    assert days_words(None, None) == "一直"


def test_days_without_a_price_are_named() -> None:
    assert gap_words((FROM, FROM)) == "2026-01-01 没有单价，当天不计费。"
    assert gap_words((FROM, None)) == "2026-01-01 起没有单价，不再计费。"


def test_rounding_is_told() -> None:
    assert rounding_words("四舍五入", 1) == "四舍五入到分"
    assert rounding_words("进位", 10) == "进位到角"
