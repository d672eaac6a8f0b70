"""Billing periods."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.periods import NotAPeriod, Period

LENGTHS = (1, 3, 6, 12)
periods = st.builds(
    lambda number, months: Period(number * months, months), st.integers(1900, 2200), st.sampled_from(LENGTHS)
).filter(lambda period: 12 * 1900 <= period.first_month < 12 * 2200)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11", "2026-11"),
        ("2026-1", "2026-01"),
        ("202611", "2026-11"),
        ("2026/11", "2026-11"),
        ("2026.11", "2026-11"),
        ("2026年11月", "2026-11"),
        ("2026年1月", "2026-01"),
        ("２０２６－１１", "2026-11"),
        ("2026Q4", "2026Q4"),
        ("2026q1", "2026Q1"),
        ("2026H2", "2026H2"),
        ("2026h1", "2026H1"),
        ("2026", "2026"),
        ("2026年", "2026"),
        (" 2026 ", "2026"),
    ],
)
def test_read(text: str, expected: str) -> None:
    assert str(Period.parse(text)) == expected


@pytest.mark.parametrize(
    "text", ["", "2026-13", "202600", "2026Q5", "2026H3", "26-11", "2026-11-01", "十一月", "2026Q"]
)
def test_refused(text: str) -> None:
    with pytest.raises(NotAPeriod):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "days"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), 28),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29), 29),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31), 31),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31), 92),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), 181),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), 365),
    ],
)
def test_days(text: str, first: date, last: date, days: int) -> None:
    period = Period.parse(text)
    assert (period.first_day, period.last_day, period.days) == (first, last, days)
    assert first in period
    assert last in period
    assert first - timedelta(1) not in period
    assert last + timedelta(1) not in period


@pytest.mark.parametrize(("first_month", "months"), [(24310, 2), (24311, 3), (24310, 6), (24310, 12), (24310, 0)])
def test_periods_begin_where_such_periods_begin(first_month: int, months: int) -> None:
    with pytest.raises(ValueError, match="no period"):
        Period(first_month, months)


@given(periods)
def test_written_and_read_again(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(periods)
def test_months_cover_the_period_without_gap(period: Period) -> None:
    months = list(period.each_month())
    assert len(months) == period.months
    assert (months[0].first_day, months[-1].last_day) == (period.first_day, period.last_day)
    assert sum(month.days for month in months) == period.days
    assert all(Period.containing(month.first_day, period.months) == period for month in months)


@given(period=periods, by=st.integers(-60, 60))
def test_shifting_back_and_forth(period: Period, by: int) -> None:
    assert period.shifted(by).shifted(-by) == period
    assert period.shifted(1).first_day == period.last_day + timedelta(1)


def test_in_the_order_of_time() -> None:
    texts = ["2026", "2026-01", "2025-12", "2026Q1", "2026-02"]
    ordered = sorted(Period.parse(text) for text in texts)
    assert [str(period) for period in ordered] == ["2025-12", "2026-01", "2026Q1", "2026", "2026-02"]
