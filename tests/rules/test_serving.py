"""What is served by a month's end, reckoned by hand, and that the months always sum to the whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.serving import days_by_month, served_by

Q4 = (date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("amount", "days", "month", "served"),
    [
        # 828.24 over 92 days: 279.0808… 270.0782… 279.0808… are 279.08 270.08 279.08.
        (82824, Q4, "2026-09", 0),
        (82824, Q4, "2026-10", 27908),
        (82824, Q4, "2026-11", 27908 + 27008),
        (82824, Q4, "2026-12", 82824),
        (82824, Q4, "2027-05", 82824),
        # 1.00 over 92 days: 33.69… 32.60… 33.69… fen; 34 fen go to October and to December, 32 + 0 to November.
        (100, Q4, "2026-10", 34),
        (100, Q4, "2026-11", 66),
        (100, Q4, "2026-12", 100),
        # 1 fen: the largest remainder is October's 31/92, before December's which is as large but later.
        (1, Q4, "2026-10", 1),
        (1, Q4, "2026-11", 1),
        # From the 20th: 12 days of October, 30, 31 of 73: 1,000.00 × 12/73 = 164.3835…
        (100000, (date(2026, 10, 20), date(2026, 12, 31)), "2026-10", 16438),
        # A year that begins in February: 28 of 365 days, 1,200.00 × 28/365 = 92.0547…
        (120000, (date(2026, 2, 1), date(2027, 1, 31)), "2026-02", 9205),
        (120000, (date(2026, 2, 1), date(2027, 1, 31)), "2026-01", 0),
        # Days that end before they begin (paid ahead to a day before the books were opened): served at once.
        (5000, (date(2026, 11, 23), date(2026, 10, 31)), "2026-11", 5000),
        (5000, (date(2026, 11, 23), date(2026, 10, 31)), "2026-09", 5000),
        (0, Q4, "2026-11", 0),
        (-82824, Q4, "2026-10", -27908),
    ],
)
def test_served_by_the_end_of_a_month(amount: int, days: tuple[date, date], month: str, served: int) -> None:
    assert served_by(Fen(amount), *days, Period.parse(month)) == served


@given(
    st.integers(0, 10**9),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 800),
)
def test_months_grow_to_the_whole_and_never_beyond(amount: int, first: date, length: int) -> None:
    last = first + timedelta(length)
    days = days_by_month(first, last)
    assert sum(days.values()) == length + 1
    by_month = [served_by(Fen(amount), first, last, month) for month in days]
    assert by_month == sorted(by_month)
    assert by_month[-1] == amount
    steps = [after - before for before, after in zip([0, *by_month], by_month, strict=False)]
    for step, count in zip(steps, days.values(), strict=True):
        assert abs(step * (length + 1) - amount * count) < length + 1  # each within a fen of its exact share
