"""What a price must say by its method, and the days that a row of prices leaves out."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.price_terms import PriceTerms, Stretch, days_without_price, price_findings, usual_meter
from feedesk.rules.tariffs import ONE_DAY

FROM = date(2026, 1, 1)
AREA = PriceTerms(method="按面积", unit_price=Fraction("2.8"), valid_from=FROM)
USAGE = PriceTerms(method="按用量", unit_price=Fraction("3.04"), meter_kind="水表", valid_from=FROM)
TIERED = PriceTerms(method="阶梯用量", tiers="0-180:5;180-:9", tier_cycle="年", meter_kind="水表", valid_from=FROM)


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        (AREA, []),
        (USAGE, []),
        (TIERED, []),
        (replace(AREA, unit_price=Fraction(0)), []),
        (replace(AREA, unit_price=None), ["price"]),
        (replace(AREA, method="固定金额", unit_price=None), ["price"]),
        (replace(AREA, unit_price=None, prices="峰0.5583;谷0.3583"), ["price"]),
        (replace(USAGE, unit_price=None, prices="峰0.5583;谷0.3583", meter_kind="电表"), []),
        (replace(USAGE, meter_kind=""), ["meter_kind"]),
        (replace(TIERED, tiers=""), ["tiers"]),
        (replace(TIERED, tiers="0-180:5;200-:9"), ["tiers"]),
        (replace(TIERED, tiers="10-180:5;180-:9"), ["tiers"]),
        (replace(TIERED, tiers="0-180:5;180-260:9"), ["tiers"]),
        (replace(TIERED, tiers="0-180:5;180-170:7;170-:9"), ["tiers"]),
        (replace(TIERED, tiers="0-180:五;180-:9"), ["tiers"]),
        (replace(TIERED, person_base="5"), []),
        (replace(TIERED, tier_cycle=""), ["tier_cycle"]),
        (replace(TIERED, meter_kind=""), ["meter_kind"]),
        (PriceTerms(method="总额分摊", valid_from=FROM), []),
        (PriceTerms(method="自定义公式", valid_from=FROM), ["formula"]),
        (PriceTerms(method="自定义公式", formula="面积 * 1.2", valid_from=FROM), []),
        (PriceTerms(method="自定义公式", formula="面积 / 0", valid_from=FROM), ["formula"]),
        (PriceTerms(method="自定义公式", formula="房价 * 2", valid_from=FROM), ["formula"]),
        (PriceTerms(method="自定义公式", formula="面积 * 单价", valid_from=FROM), ["price"]),
        (replace(AREA, formula="面积 * 1.2"), ["formula"]),
        (replace(USAGE, cycle_months=0), ["cycle_months"]),
        (replace(AREA, valid_to=date(2025, 12, 31)), ["valid_to"]),
        (replace(AREA, valid_to=FROM), []),
        (replace(AREA, due_rule="随便"), ["due_rule"]),
    ],
)
def test_a_method_needs_what_it_is_reckoned_by(terms: PriceTerms, fields: list[str]) -> None:
    found = list(price_findings(terms, "某项费用"))
    assert [field for field, _reason in found] == fields
    assert all(reason.endswith((".", "。")) for _field, reason in found)


def test_the_missing_meter_is_named_with_the_item() -> None:
    assert "直饮水费" in dict(price_findings(replace(USAGE, meter_kind=""), "直饮水费"))["meter_kind"]


def test_the_usual_meter_follows_the_item() -> None:
    assert usual_meter("水费", "") == "水表"
    assert usual_meter("充电费", "峰0.5583;谷0.3583") == "电表"
    assert usual_meter("直饮水费", "") == ""


@pytest.mark.parametrize(
    ("stretches", "gaps"),
    [
        ([], []),
        ([("2026-01-01", None)], []),
        ([("2026-01-01", "2026-03-31")], [("2026-04-01", None)]),
        ([("2026-01-01", "2026-03-31"), ("2026-04-01", None)], []),
        ([("2026-04-01", None), ("2026-01-01", "2026-03-30")], [("2026-03-31", "2026-03-31")]),
        ([("2026-01-01", "2026-03-31"), ("2026-02-01", "2026-06-30")], [("2026-07-01", None)]),
        ([("2026-01-01", "2026-12-31"), ("2026-02-01", "2026-02-28")], [("2027-01-01", None)]),
        (
            [("2026-01-01", "2026-01-31"), ("2026-03-01", "2026-03-31"), ("2026-05-01", None)],
            [("2026-02-01", "2026-02-28"), ("2026-04-01", "2026-04-30")],
        ),
    ],
)
def test_days_that_have_no_price_are_named(
    stretches: list[tuple[str, str | None]], gaps: list[tuple[str, str | None]]
) -> None:
    assert days_without_price(_days(stretches)) == _days(gaps)


def _days(stretches: list[tuple[str, str | None]]) -> list[Stretch]:
    return [(date.fromisoformat(first), date.fromisoformat(last) if last else None) for first, last in stretches]


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 31))
STRETCHES = st.lists(st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair))), min_size=1, max_size=6)


@given(STRETCHES)
def test_every_day_is_in_a_price_or_in_a_gap_and_never_in_both(stretches: list[tuple[date, date]]) -> None:
    gaps = days_without_price(stretches)
    assert gaps == days_without_price(list(reversed(stretches)))
    day = min(first for first, _last in stretches)
    while day <= date(2026, 4, 2):
        priced = any(first <= day <= last for first, last in stretches)
        missing = any(first <= day and (last is None or day <= last) for first, last in gaps)
        assert priced is not missing
        day += ONE_DAY
