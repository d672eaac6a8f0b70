"""Usage from readings."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.metering import (
    ESTIMATE,
    NORMAL,
    ROLLOVER,
    SWAP,
    Reading,
    UsageStep,
    join_swapped,
    rollover_size,
    usage_between,
    usage_steps,
)


def reading(
    value: str,
    kind: str = NORMAL,
    *,
    day: int = 1,
    month: int = 11,
    key: int = 0,
    meter: int = 1,
    old: str | None = None,
    new: str | None = None,
    note: str = "",
    multiplier: str = "1",
) -> Reading:
    return Reading(
        id=key,
        meter=meter,
        meter_kind="水表",
        read_on=date(2026, month, day),
        value=Fraction(value),
        kind=kind,
        old_final=None if old is None else Fraction(old),
        new_initial=None if new is None else Fraction(new),
        note=note,
        multiplier=Fraction(multiplier),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (reading("412"), reading("431"), "19"),
        (reading("412.125"), reading("431.5"), "19.375"),
        (reading("412"), reading("412"), "0"),
        (reading("12"), reading("15", multiplier="40"), "120"),
        (reading("412"), reading("12", SWAP, old="450", new="0"), "50"),
        (reading("412"), reading("12.5", SWAP, old="450", new="2"), "48.5"),
        (reading("412"), reading("12", SWAP), "12"),
        (reading("12", multiplier="40"), reading("3", SWAP, old="15", new="0", multiplier="60"), "300"),
        (reading("99985"), reading("12", ROLLOVER), "27"),
        (reading("9985.5"), reading("12", ROLLOVER), "26.5"),
        (reading("9985"), reading("12", ROLLOVER, note="5位"), "90027"),
        (reading("12"), reading("30", ROLLOVER), "18"),  # called a rollover, but it was none
        (reading("450", ESTIMATE), reading("445"), "-5"),
    ],
)
def test_usage(before: Reading, after: Reading, expected: str) -> None:
    assert usage_between(before, after) == Fraction(expected)


@pytest.mark.parametrize(
    ("value", "note", "size"),
    [("0", "", 10), ("99985", "", 100000), ("9985", "6 位表", 1000000), ("9985", "3位", 10000)],
)
def test_where_a_meter_starts_again(value: str, note: str, size: int) -> None:
    assert rollover_size(Fraction(value), note) == size


def test_estimates_are_marked() -> None:
    guessed, real = reading("450", ESTIMATE), reading("460")
    assert UsageStep(guessed, real, Fraction(10)).estimated
    assert UsageStep(real, guessed, Fraction(10)).estimated
    assert not UsageStep(real, real, Fraction(0)).estimated


def test_a_new_meter_goes_on_from_the_one_it_replaces() -> None:
    old = [reading("400", day=1, key=1), reading("412", day=10, key=2)]
    other = [reading("7", day=2, key=3, meter=2), reading("9", day=20, key=4, meter=2)]
    new = [reading("5", SWAP, day=18, key=5, meter=3, old="420", new="0"), reading("8", day=28, key=6, meter=3)]
    lines = join_swapped([new, other, old, []])
    assert [[one.id for one in line] for line in lines] == [[1, 2, 5, 6], [3, 4]]
    assert [step.usage for step in usage_steps(lines[0])] == [12, 13, 3]


def test_a_swap_without_a_meter_before_it_is_a_first_reading() -> None:
    first = reading("5", SWAP, old="420", new="0")
    assert join_swapped([[first]]) == [[first]]
    assert usage_steps([first]) == []


@given(st.lists(st.integers(0, 500), min_size=2, max_size=12), st.integers(0, 10**6))
def test_readings_in_between_change_nothing(used: list[int], start: int) -> None:
    values = [start + sum(used[:n]) for n in range(len(used) + 1)]
    line = [reading(str(value), key=n) for n, value in enumerate(values)]
    assert sum(step.usage for step in usage_steps(line)) == usage_between(line[0], line[-1]) == sum(used)
