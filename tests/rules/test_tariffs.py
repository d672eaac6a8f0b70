"""On which days a price holds, and when a charge falls due."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.periods import Period
from feedesk.rules.tariffs import DueRule, Method, PriceVersion, due_date, price_on, price_spans

RULES = ["当月末", "当月10", "当月31", "次月末", "次月1", "次月15", "周期首日", "周期末日"]


def version(key: int, valid_from: date, valid_to: date | None = None, price: str = "2.80") -> PriceVersion:
    return PriceVersion(key, Method.AREA, Fraction(price), valid_from, valid_to)


@pytest.mark.parametrize(
    ("rule", "period", "expected"),
    [
        ("当月末", "2026-11", date(2026, 11, 30)),
        ("当月末", "2026-12", date(2026, 12, 31)),
        ("当月10", "2026-11", date(2026, 11, 10)),
        ("当月31", "2026-11", date(2026, 11, 30)),
        ("当月30", "2026-02", date(2026, 2, 28)),
        ("当月29", "2028-02", date(2028, 2, 29)),
        ("次月15", "2026-11", date(2026, 12, 15)),
        ("次月15", "2026-12", date(2027, 1, 15)),
        ("次月31", "2027-01", date(2027, 2, 28)),
        ("次月末", "2026-11", date(2026, 12, 31)),
        # of a longer period 当月 is the first month
        ("当月末", "2026Q4", date(2026, 10, 31)),
        ("当月10", "2026H2", date(2026, 7, 10)),
        ("次月15", "2026Q4", date(2026, 11, 15)),
        ("周期首日", "2026Q4", date(2026, 10, 1)),
        ("周期末日", "2026Q4", date(2026, 12, 31)),
        ("周期末日", "2026", date(2026, 12, 31)),
        ("周期首日", "2026-11", date(2026, 11, 1)),
    ],
)
def test_due(rule: str, period: str, expected: date) -> None:
    assert due_date(DueRule.parse(rule), Period.parse(period)) == expected


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_written_as_it_is_read(rule: str) -> None:
    assert str(DueRule.parse(rule)) == rule


@pytest.mark.parametrize("text", ["", "当月", "当月0", "当月32", "次月", "月末", "周期中", "当月末 "])
def test_no_rule(text: str) -> None:
    with pytest.raises(ValueError, match="no rule"):
        DueRule.parse(text)


def test_the_last_day_in_force_is_in_force() -> None:
    only = version(1, date(2026, 11, 1), date(2026, 11, 15))
    assert price_on([only], date(2026, 10, 31)) is None
    assert price_on([only], date(2026, 11, 1)) is only
    assert price_on([only], date(2026, 11, 15)) is only
    assert price_on([only], date(2026, 11, 16)) is None


def test_of_overlapping_versions_the_one_begun_last_holds() -> None:
    old = version(1, date(2024, 1, 1))
    new = version(2, date(2026, 11, 10), date(2026, 11, 20))
    assert [price_on([old, new], date(2026, 11, day)) for day in (9, 10, 20, 21)] == [old, new, new, old]
    assert price_on([new, old], date(2026, 11, 10)) is new


def test_days_are_cut_where_the_price_changes() -> None:
    old = version(1, date(2024, 1, 1), date(2026, 11, 9))
    new = version(2, date(2026, 11, 16))
    spans = price_spans([old, new], date(2026, 11, 1), date(2026, 11, 30))
    assert [(span.days, span.price) for span in spans] == [(9, old), (6, None), (15, new)]


def test_a_price_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        version(1, date(2026, 11, 2), date(2026, 11, 1))


def test_peak_and_valley_meters_have_prices_of_their_own() -> None:
    split = (("峰", Fraction("0.5583")), ("谷", Fraction("0.3583")))
    power = PriceVersion(1, Method.USAGE, Fraction(0), date(2026, 1, 1), prices=split)
    assert (power.of_meter("电表峰"), power.of_meter("电表谷")) == (Fraction("0.5583"), Fraction("0.3583"))
    water = PriceVersion(1, Method.USAGE, Fraction("3.04"), date(2026, 1, 1))
    assert water.of_meter("水表") == Fraction("3.04")


days = st.dates(date(2026, 9, 1), date(2027, 1, 31))


@st.composite
def versions(draw: st.DrawFn) -> list[PriceVersion]:
    found = []
    for key in range(draw(st.integers(0, 5))):
        begin = draw(days)
        length = draw(st.one_of(st.none(), st.integers(0, 60)))
        end = None if length is None else begin + timedelta(length)
        found.append(version(key, begin, end))
    return found


@given(known=versions(), first=days, length=st.integers(0, 90))
def test_spans_tell_every_day_its_price(known: list[PriceVersion], first: date, length: int) -> None:
    last = first + timedelta(length)
    spans = price_spans(known, first, last)
    assert (spans[0].first, spans[-1].last) == (first, last)
    told = [(span.first + timedelta(n), span.price) for span in spans for n in range(span.days)]
    assert told == [(first + timedelta(n), price_on(known, first + timedelta(n))) for n in range(length + 1)]
