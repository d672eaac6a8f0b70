"""Which days an account bears, and what part of a month they count."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.periods import Period
from feedesk.rules.spans import (
    Borne,
    Days,
    DeliveryRule,
    Holder,
    ScopeDays,
    days_held,
    delivery_cut,
    holds_meters_on,
    month_share,
    scope_days,
)
from feedesk.rules.tariffs import PartialMonth

NOVEMBER = Period.parse("2026-11")
HALF = Fraction(1, 2)


def november(first: int, last: int) -> Days:
    return Days(date(2026, 11, first), date(2026, 11, last))


def share(holder: Holder, rule: DeliveryRule, month: Period, partial: PartialMonth) -> Fraction:
    """What a holder pays of a month for which nothing but delivery counts."""
    held = days_held(holder, rule)
    borne = held and held.within(month.first_day, month.last_day)
    return month_share(borne.count, month, partial, delivery_cut(holder, rule)) if borne else Fraction(0)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(None, None, (1, 30)), (10, None, (10, 30)), (None, 10, (1, 10)), (5, 7, (5, 7)), (30, 30, (30, 30))],
)
def test_within(first: int | None, last: int | None, expected: tuple[int, int]) -> None:
    begin, end = (date(2026, 11, day) if day else None for day in (first, last))
    assert november(1, 30).within(begin, end) == november(*expected)


def test_nothing_within() -> None:
    assert november(1, 30).within(date(2026, 12, 1), None) is None
    assert november(1, 30).within(None, date(2026, 10, 31)) is None
    with pytest.raises(ValueError, match="at least one day"):
        november(2, 1)


@pytest.mark.parametrize(
    ("borne", "partial", "expected"),
    [
        (30, PartialMonth.BY_DAY, Fraction(1)),
        (21, PartialMonth.BY_DAY, Fraction(21, 30)),
        (1, PartialMonth.BY_DAY, Fraction(1, 30)),
        (1, PartialMonth.WHOLE, Fraction(1)),
        (15, PartialMonth.HALF, HALF),
        (16, PartialMonth.HALF, Fraction(1)),
        (1, PartialMonth.HALF, HALF),
    ],
)
def test_part_of_a_month(borne: int, partial: PartialMonth, expected: Fraction) -> None:
    assert month_share(borne, NOVEMBER, partial) == expected


@pytest.mark.parametrize(
    ("day", "rule", "buyer", "developer"),
    [
        # the default: the buyer from the following month, delivered on the 1st included
        (20, DeliveryRule.NEXT_MONTH, Fraction(0), Fraction(1)),
        (1, DeliveryRule.NEXT_MONTH, Fraction(0), Fraction(1)),
        # the day of delivery is the buyer's
        (20, DeliveryRule.BY_DAY, Fraction(11, 30), Fraction(19, 30)),
        (1, DeliveryRule.BY_DAY, Fraction(1), Fraction(0)),
        (30, DeliveryRule.BY_DAY, Fraction(1, 30), Fraction(29, 30)),
        (30, DeliveryRule.WHOLE_MONTH, Fraction(1), Fraction(0)),
        # fifteen days or fewer left: half each
        (16, DeliveryRule.HALF_MONTH, HALF, HALF),
        (15, DeliveryRule.HALF_MONTH, Fraction(1), Fraction(0)),
    ],
)
@pytest.mark.parametrize("partial", PartialMonth)
def test_the_month_of_delivery(
    day: int, rule: DeliveryRule, buyer: Fraction, developer: Fraction, partial: PartialMonth
) -> None:
    delivered = date(2026, 11, day)
    assert share(Holder(False, False, delivered), rule, NOVEMBER, partial) == buyer
    assert share(Holder(True, False, delivered), rule, NOVEMBER, partial) == developer


@given(
    day=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    rule=st.sampled_from(DeliveryRule),
    partial=st.sampled_from(PartialMonth),
    by=st.integers(-2, 2),
)
def test_buyer_and_developer_pay_each_month_once(day: date, rule: DeliveryRule, partial: PartialMonth, by: int) -> None:
    month = Period.containing(day).shifted(by)
    both = [share(Holder(developer, False, day), rule, month, partial) for developer in (False, True)]
    assert sum(both) == 1


def test_unsold_is_the_developers_and_a_unit_without_a_date_was_delivered_long_ago() -> None:
    for delivered in (None, date(2020, 1, 1)):
        assert days_held(Holder(True, True, delivered), DeliveryRule.NEXT_MONTH) == Days(date.min, date.max)
        assert days_held(Holder(False, True, delivered), DeliveryRule.NEXT_MONTH) is None
    assert days_held(Holder(True, False, None), DeliveryRule.NEXT_MONTH) is None
    assert days_held(Holder(False, False, None), DeliveryRule.NEXT_MONTH) == Days(date.min, date.max)
    assert delivery_cut(Holder(False, True, date(2026, 11, 20)), DeliveryRule.BY_DAY) is None


@pytest.mark.parametrize(
    ("holder", "day", "expected"),
    [
        (Holder(), 20, True),
        (Holder(developer=True), 20, False),
        (Holder(developer=True, unsold=True), 20, True),
        (Holder(unsold=True), 20, False),
        (Holder(delivered_on=date(2026, 11, 20)), 19, False),
        (Holder(delivered_on=date(2026, 11, 20)), 20, False),  # used before the keys were handed over
        (Holder(delivered_on=date(2026, 11, 20)), 21, True),
        (Holder(developer=True, delivered_on=date(2026, 11, 20)), 20, True),
        (Holder(developer=True, delivered_on=date(2026, 11, 20)), 21, False),
    ],
)
def test_whose_usage_it_is(holder: Holder, day: int, expected: bool) -> None:
    assert holds_meters_on(holder, date(2026, 11, day)) is expected


def scope(first: int | None, last: int | None, quantity: int = 1, *, exact: bool = False) -> ScopeDays:
    begin, end = (date(2026, 11, day) if day else None for day in (first, last))
    return ScopeDays(exact, Fraction(quantity), begin, end)


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        ([scope(None, None)], [(1, 30, 1)]),
        ([scope(10, None)], [(10, 30, 1)]),
        ([scope(None, 10)], [(1, 10, 1)]),
        ([ScopeDays(True, Fraction(1), date(2026, 12, 1))], []),
        ([scope(1, 10), scope(21, None)], [(1, 10, 1), (21, 30, 1)]),
        # the one begun last holds
        ([scope(None, None, 1), scope(11, None, 2)], [(1, 10, 1), (11, 30, 2)]),
        ([scope(None, None, 1), scope(11, 20, 2)], [(1, 10, 1), (11, 20, 2), (21, 30, 1)]),
        # one that names the unit more closely goes first, whenever it began
        ([scope(5, None, 1), scope(None, None, 2, exact=True)], [(1, 4, 2), (5, 30, 2)]),
        ([], []),
    ],
)
def test_scope(scopes: list[ScopeDays], expected: list[tuple[int, int, int]]) -> None:
    borne = scope_days(scopes, november(1, 30))
    assert borne == tuple(Borne(november(first, last), Fraction(quantity)) for first, last, quantity in expected)


scope_rows = st.builds(
    lambda exact, quantity, first, length: ScopeDays(
        exact, Fraction(quantity), first, None if length is None else (first or date(2026, 11, 5)) + timedelta(length)
    ),
    st.booleans(),
    st.integers(1, 3),
    st.one_of(st.none(), st.dates(date(2026, 10, 20), date(2026, 12, 10))),
    st.one_of(st.none(), st.integers(0, 40)),
)


@given(st.lists(scope_rows, max_size=5))
def test_no_day_is_borne_twice(scopes: list[ScopeDays]) -> None:
    borne = scope_days(scopes, november(1, 30))
    told = [one.days.first + timedelta(n) for one in borne for n in range(one.days.count)]
    covered = {
        day
        for day in (date(2026, 11, n) for n in range(1, 31))
        for one in scopes
        if (one.from_date or date.min) <= day <= (one.to_date or date.max)
    }
    assert told == sorted(covered)
