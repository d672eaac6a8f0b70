"""The paid-through ruler: tables of ugly cases, and that nothing is left out or laid twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.periods import Period
from feedesk.rules.paid_through import Ruler, Served, brought_along, first_unbilled, ruler

TODAY = date(2026, 11, 23)


def month(text: str, *, settled: bool = True, on_top: bool = False) -> Served:
    period = Period.parse(text)
    return Served(period.first_day, period.last_day, settled, on_top)


@pytest.mark.parametrize(
    ("served", "opening", "billed", "paid"),
    [
        ([], None, None, None),
        ([], date(2026, 10, 15), date(2026, 10, 15), date(2026, 10, 15)),
        ([month("2026-10"), month("2026-11")], None, date(2026, 11, 30), date(2026, 11, 30)),
        ([month("2026-11", settled=False), month("2026-10")], None, date(2026, 11, 30), date(2026, 10, 31)),
        ([month("2026-10", settled=False), month("2026-11")], None, date(2026, 11, 30), None),
        ([month("2026-10"), month("2026-12")], None, date(2026, 10, 31), date(2026, 10, 31)),
        ([month("2026Q4"), month("2026-10", settled=False, on_top=True)], None, date(2026, 12, 31), None),
        ([month("2026-10"), month("2026Q4", on_top=True)], None, date(2026, 10, 31), date(2026, 10, 31)),
        ([Served(date(2026, 11, 16), date(2026, 11, 30))], date(2026, 11, 15), date(2026, 11, 30), date(2026, 11, 30)),
        ([month("2026-12")], date(2026, 10, 31), date(2026, 10, 31), date(2026, 10, 31)),
        ([month("2026-11", settled=False)], date(2026, 10, 31), date(2026, 11, 30), date(2026, 10, 31)),
        ([month("2026-09", settled=False)], date(2026, 10, 31), date(2026, 10, 31), date(2026, 10, 31)),
    ],
)
def test_ruler(served: list[Served], opening: date | None, billed: date | None, paid: date | None) -> None:
    found = ruler(served, opening)
    assert (found.billed, found.paid) == (billed, paid)


@pytest.mark.parametrize(
    ("known", "since", "start"),
    [
        (Ruler(), None, "2026-11"),
        (Ruler(), date(2027, 2, 10), "2027-02"),
        (Ruler(date(2026, 12, 31)), None, "2027-01"),
        (Ruler(date(2027, 1, 15)), None, "2027-01"),
        (Ruler(date(2026, 9, 30)), None, "2026-10"),  # a month that was forgotten comes first
    ],
)
def test_where_an_advance_begins(known: Ruler, since: date | None, start: str) -> None:
    assert str(first_unbilled(known, TODAY, since)) == start


@pytest.mark.parametrize(
    ("last", "reach"), [(date(2024, 8, 31), date(2026, 10, 31)), (date(2026, 11, 30), date(2026, 11, 30))]
)
def test_arrears_brought_along_tell_how_far_the_old_books_reached(last: date, reach: date) -> None:
    assert brought_along(last, TODAY) == reach


def test_a_ruler_that_ends_with_arrears_brought_along_says_so() -> None:
    old = Served(date(2026, 10, 1), date(2026, 10, 31), loose=True)
    assert ruler([old]).loose
    assert not ruler([old, month("2026-11")]).loose


def test_nothing_is_paid_that_is_not_billed() -> None:
    with pytest.raises(ValueError, match="billed"):
        Ruler(date(2026, 10, 31), date(2026, 11, 30))


days = st.integers(0, 200).map(lambda n: date(2026, 1, 1) + timedelta(n))
spans = st.builds(
    lambda first, length, settled: Served(first, first + timedelta(length), settled),
    days,
    st.integers(0, 40),
    st.booleans(),
)


@given(st.lists(spans, max_size=8), st.none() | days)
def test_every_day_up_to_the_ruler_is_served_and_the_next_is_not(served: list[Served], opening: date | None) -> None:
    found = ruler(served, opening)
    covered = {span.first + timedelta(n) for span in served for n in range((span.last - span.first).days + 1)}
    if found.billed is None:
        assert not served
        assert opening is None
        return
    first = opening + timedelta(1) if opening is not None else min(span.first for span in served)
    reach = [first + timedelta(n) for n in range((found.billed - first).days + 1)]
    assert covered.issuperset(reach)
    assert found.billed + timedelta(1) not in covered
    owed = {span.first for span in served if not span.settled and (opening is None or span.first > opening)}
    if found.paid is not None:
        assert all(day > found.paid for day in owed)
