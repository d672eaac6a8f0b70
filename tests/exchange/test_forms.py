"""A form reads what is typed as the workbook would, and shows what is stored so that it is read back the same."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.exchange.forms import (
    CYCLE_TEXTS,
    ROUNDING_TEXTS,
    FormRefused,
    price_texts,
    read_scope_form,
    read_tariff_form,
    rounding_text,
)
from feedesk.rules.price_terms import PriceTerms

GOOD = {"name": "住宅物业费", "item": "物业费", "method": "按面积", "price": "2.80", "valid_from": "2027.1.1"}


def test_blanks_take_what_is_usual() -> None:
    form = read_tariff_form(GOOD)
    assert form.terms == PriceTerms(method="按面积", unit_price=Fraction("2.8"), valid_from=date(2027, 1, 1))
    assert (form.name, form.item.name, form.item.nature, form.item.mantissa_step) == ("住宅物业费", "物业费", "", 1)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"name": "  "}, "name"),
        ({"valid_from": ""}, "valid_from"),
        ({"price": ""}, "price"),
        ({"price": "-1"}, "price"),
        ({"price": "2.8元/月"}, "price"),
        ({"method": "按心情"}, "method"),
        ({"tax_rate": "6"}, "tax_rate"),
        ({"method": "阶梯用量", "price": "", "tiers": "0-180:5;200-:9", "tier_cycle": "年"}, "tiers"),
        ({"method": "自定义公式", "price": "", "formula": "面积 / 0"}, "formula"),
        ({"valid_to": "2026-12-31"}, "valid_to"),
    ],
)
def test_the_first_field_that_does_not_fit_is_named(texts: dict[str, str], field: str) -> None:
    with pytest.raises(FormRefused) as refused:
        read_tariff_form({**GOOD, **texts})
    assert refused.value.field == field
    assert "：" in str(refused.value)


def test_a_scope_is_read_as_in_the_workbook() -> None:
    row = read_scope_form({"pattern": "３－＊", "tariff": "物业费", "quantity": "", "from_date": "20270101"})
    assert (row.pattern, row.quantity, row.from_date, row.to_date) == ("3-*", Fraction(1), date(2027, 1, 1), None)
    with pytest.raises(FormRefused) as refused:
        read_scope_form({"pattern": "*", "tariff": "物业费", "quantity": "0", "from_date": "2027-01-01"})
    assert refused.value.field == "quantity"


EXACT = st.fractions(min_value=0, max_value=1000, max_denominator=1000)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@st.composite
def prices(draw: st.DrawFn) -> PriceTerms:
    facts: dict[str, Any] = draw(
        st.sampled_from(
            [
                {"method": "按面积"},
                {"method": "固定金额", "cycle_months": 12, "partial_month": "按半月"},
                {"method": "固定金额", "cycle_months": 0},
                {"method": "按用量", "meter_kind": "水表", "prices": ""},
                {"method": "阶梯用量", "meter_kind": "电表", "tiers": "0-180:5;180-:4/3", "tier_cycle": "月"},
                {"method": "自定义公式", "formula": "面积*单价"},
            ]
        )
    )
    first, last = sorted((draw(DAYS), draw(DAYS)))
    return PriceTerms(
        unit_price=draw(EXACT),
        valid_from=first,
        valid_to=draw(st.sampled_from([None, last])),
        tax_rate=draw(st.sampled_from([None, Fraction(6, 100), Fraction("0.015")])),
        due_rule=draw(st.sampled_from(["当月末", "次月15", "周期首日"])),
        price_form=draw(st.sampled_from(["", "合同约定"])),
        basis_document=draw(st.sampled_from(["", "样价〔2024〕16 号"])),
        **facts,
    )


@given(prices())
def test_what_is_stored_is_read_back_the_same(terms: PriceTerms) -> None:
    texts = {"name": "某标准", "item": "水费", **price_texts(terms)}
    assert read_tariff_form(texts).terms == terms


def test_every_cycle_and_rounding_is_read_back() -> None:
    for months, text in CYCLE_TEXTS.items():
        texts = {**GOOD, "method": "固定金额", "cycle_months": text}
        assert read_tariff_form(texts).terms.cycle_months == months
    read = [read_tariff_form({**GOOD, "rounding": text}).item for text in ROUNDING_TEXTS]
    assert [rounding_text(item.mantissa, item.mantissa_step) for item in read] == list(ROUNDING_TEXTS)
