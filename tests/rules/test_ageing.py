"""Ageing: which bucket a due date is in on a day, and that no fen is lost between buckets."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.ageing import (
    DEFAULT_BOUNDS,
    Bound,
    BoundsNotRising,
    aged,
    bucket_names,
    bucket_of,
    parse_bounds,
)

TODAY = date(2026, 11, 23)

# due, on, bucket: 0 未到期, 1 0–30, 2 31–90, 3 91–180, 4 181–365 days, 5 1–2, 6 2–3, 7 over 3 years
CASES = [
    (date(2026, 11, 24), TODAY, 0),
    (date(2026, 11, 23), TODAY, 1),  # the due date itself is day 0
    (date(2026, 10, 24), TODAY, 1),  # 7 + 23 = 30 days
    (date(2026, 10, 23), TODAY, 2),  # 31
    (date(2026, 8, 25), TODAY, 2),  # 6 + 30 + 31 + 23 = 90
    (date(2026, 8, 24), TODAY, 3),  # 91
    (date(2026, 5, 27), TODAY, 3),  # 4 + 30 + 31 + 31 + 30 + 31 + 23 = 180
    (date(2026, 5, 26), TODAY, 4),  # 181
    (date(2025, 11, 23), TODAY, 4),  # 365
    (date(2025, 11, 22), TODAY, 5),  # 366
    (date(2024, 11, 23), TODAY, 5),  # the second anniversary itself
    (date(2024, 11, 22), TODAY, 6),
    (date(2023, 11, 23), TODAY, 6),  # the third
    (date(2023, 11, 22), TODAY, 7),
    (date(1999, 1, 1), TODAY, 7),
    # Through a 29 February a year has 366 days; bounds in days count days all the same.
    (date(2023, 6, 1), date(2024, 5, 31), 4),  # 365
    (date(2023, 6, 1), date(2024, 6, 1), 5),  # 366
    # Due on 29 February: the anniversary of a common year is the 28th, of a leap year the 29th.
    (date(2024, 2, 29), date(2026, 2, 28), 5),
    (date(2024, 2, 29), date(2026, 3, 1), 6),
    (date(2024, 2, 29), date(2027, 2, 28), 6),
    (date(2024, 2, 29), date(2027, 3, 1), 7),
    # Due on 28 February of a common year; three years on is a leap year with a day more.
    (date(2025, 2, 28), date(2028, 2, 28), 6),
    (date(2025, 2, 28), date(2028, 2, 29), 7),
]


@pytest.mark.parametrize(("due", "on", "bucket"), CASES)
def test_buckets(due: date, on: date, bucket: int) -> None:
    assert bucket_of(due, on) == bucket


def test_names_of_buckets() -> None:
    assert bucket_names() == (
        "未到期", "0–30 天", "31–90 天", "91–180 天", "181–365 天", "1–2 年", "2–3 年", "3 年以上",
    )  # fmt: skip
    assert bucket_names(parse_bounds("60")) == ("未到期", "0–60 天", "60 天以上")
    assert bucket_names(parse_bounds("1y 2y")) == ("未到期", "0–1 年", "1–2 年", "2 年以上")
    assert bucket_names(parse_bounds("180 2y")) == ("未到期", "0–180 天", "181 天–2 年", "2 年以上")


def test_bounds_as_they_are_written() -> None:
    assert parse_bounds("30 90 180 365 2y 3y") == DEFAULT_BOUNDS
    assert parse_bounds("30, 60") == (Bound(30), Bound(60))


@pytest.mark.parametrize("text", ["", "0", "-1", "30 30", "90 30", "2y 30", "1y 366", "365 1y", "30d", "3.5", "٣"])
def test_bounds_that_do_not_rise_are_refused(text: str) -> None:
    with pytest.raises(BoundsNotRising):
        parse_bounds(text)


def test_sums_by_item_and_bucket() -> None:
    owed = [
        ("物业费", date(2026, 11, 30), Fen(100)),
        ("水费", date(2026, 11, 15), Fen(20)),
        ("物业费", date(2026, 10, 31), Fen(300)),
        ("物业费", date(2026, 11, 1), Fen(4)),
        ("物业费", date(2020, 1, 31), Fen(5000)),
    ]
    assert aged(owed, TODAY) == {"物业费": (100, 304, 0, 0, 0, 0, 0, 5000), "水费": (0, 20, 0, 0, 0, 0, 0, 0)}
    assert aged([], TODAY) == {}


days = st.dates(date(2015, 1, 1), date(2035, 12, 31))
bounds = st.builds(
    lambda numbers, years: (*map(Bound, sorted(numbers)), *(Bound(n, True) for n in sorted(years))),
    st.sets(st.integers(1, 365), min_size=1, max_size=4),
    st.sets(st.integers(2, 9), max_size=3),
)


@given(st.lists(st.tuples(st.sampled_from("abc"), days, st.integers(-10_000, 10**9).map(Fen))), days, bounds)
def test_no_fen_is_lost(owed: list[tuple[str, date, Fen]], on: date, cut: tuple[Bound, ...]) -> None:
    found = aged(owed, on, cut)
    for what in "abc":
        assert sum(found.get(what, ())) == sum(amount for name, _due, amount in owed if name == what)
    not_due = sum(row[0] for row in found.values())
    assert not_due == sum(amount for _name, due, amount in owed if due > on)


@given(days, days, bounds)
def test_nothing_grows_younger(due: date, on: date, cut: tuple[Bound, ...]) -> None:
    today, tomorrow = bucket_of(due, on, cut), bucket_of(due, on + timedelta(1), cut)
    assert today <= tomorrow <= today + 1
    assert len(bucket_names(cut)) == len(cut) + 2 > today
