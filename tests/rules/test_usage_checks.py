"""Whether a usage is likely, and what an estimate takes."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.metering import ESTIMATE, NORMAL, SWAP, Reading
from feedesk.rules.usage_checks import check_usage, estimated_reading, mean_usage


def fractions(*values: str) -> list[Fraction]:
    return [Fraction(value) for value in values]


@pytest.mark.parametrize(
    ("usage", "recent", "unusual", "change"),
    [
        ("43", ("18", "16"), True, 153),  # mean 17, 43 / 17 = 2.529…
        ("19", ("18", "16"), False, 12),  # 2 / 17 = 11.76 %
        ("17", ("18", "16"), False, 0),
        ("25.5", ("18", "16"), False, 50),  # exactly 150 %
        ("25.501", ("18", "16"), True, 50),
        ("8.5", ("18", "16"), False, -50),  # exactly 50 %
        ("8.499", ("18", "16"), True, -50),
        ("0", ("18", "16"), True, -100),
        ("0", ("0", "0"), False, None),
        ("3", ("0", "0"), True, None),
        ("-4", ("18", "16"), True, -124),  # an estimate that was too high: −21 / 17
        ("5", ("-9", "3"), True, None),  # the mean counts as nought
        ("0", ("-9", "3"), False, None),
        ("43", ("100", "18", "16"), True, 153),  # only the last two count
        ("430", ("18",), False, None),  # one period is no habit
        ("430", (), False, None),
        ("2.5", ("1", "2"), True, 67),  # mean 1.5, 1 / 1.5
    ],
)
def test_what_is_unusual(usage: str, recent: tuple[str, ...], unusual: bool, change: int | None) -> None:
    check = check_usage(Fraction(usage), fractions(*recent))
    assert (check.unusual, check.change) == (unusual, change)


usages = st.fractions(min_value=0, max_value=10_000, max_denominator=1000)


@given(usages, st.lists(usages, min_size=2, max_size=5))
def test_only_the_last_two_count_in_any_order(usage: Fraction, recent: list[Fraction]) -> None:
    check = check_usage(usage, recent)
    assert check == check_usage(usage, recent[-2:]) == check_usage(usage, recent[:-3:-1])
    mean = mean_usage(recent)
    assert mean is not None
    assert check.unusual == (abs(usage - mean) > mean / 2)


@given(usages, usages, usages)
def test_more_usage_never_changes_for_less(usage: Fraction, more: Fraction, mean: Fraction) -> None:
    low, high = check_usage(usage, [mean, mean]), check_usage(usage + more, [mean, mean])
    assert (low.change is None) == (high.change is None)
    if low.change is not None and high.change is not None:
        assert low.change <= high.change


@given(usages)
def test_the_same_as_ever_is_never_unusual(usage: Fraction) -> None:
    assert not check_usage(usage, [usage, usage]).unusual


def line(*values: str, kinds: tuple[str, ...] = (), multiplier: str = "1", new: str | None = None) -> list[Reading]:
    return [
        Reading(
            id=place,
            meter=1,
            meter_kind="水表",
            read_on=date(2026, 1, 1) + timedelta(days=30 * place),
            value=Fraction(value),
            kind=kinds[place] if kinds else NORMAL,
            old_final=Fraction(values[place - 1]) if kinds and kinds[place] == SWAP else None,
            new_initial=Fraction(new) if new is not None and kinds and kinds[place] == SWAP else None,
            multiplier=Fraction(multiplier),
        )
        for place, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        (line("400", "418", "434"), "451"),  # (18 + 16) / 2
        (line("400", "417", "434", "435"), "444"),  # (17 + 1) / 2 = 9: the last two usages
        (line("400", "417", "433"), "450"),  # 16.5 → 17, as whole as the readings
        (line("400.0", "417.5", "433"), "449.5"),  # one decimal
        (line("400", "417.125", "433"), "449.5"),  # 16.5, three decimals
        (line("400", "420"), "440"),  # one period is all there is
        (line("10", "14", "18", multiplier="40"), "22"),  # 160 ÷ 40
        (line("400", "430", "425", kinds=(NORMAL, ESTIMATE, NORMAL)), "438"),  # (30 − 5) / 2 = 12.5 → 13
        (line("400", "401", "380", kinds=(NORMAL, NORMAL, NORMAL)), "380"),  # never backwards
        (line("400", "418", "6", kinds=(NORMAL, NORMAL, SWAP), new="0"), "18"),  # (18 + 6) / 2
    ],
)
def test_an_estimate_takes_the_mean(readings: list[Reading], expected: str) -> None:
    assert estimated_reading(readings) == Fraction(expected)


def test_without_a_usage_nothing_can_be_estimated() -> None:
    assert estimated_reading(line("400")) is None
    assert estimated_reading([]) is None


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(1, 80))
def test_an_estimate_never_runs_backwards_and_looks_like_the_meter(steps: list[int], multiplier: int) -> None:
    total, values = 0, ["0"]
    for step in steps:
        total += step
        values.append(str(total))
    estimate = estimated_reading(line(*values, multiplier=str(multiplier)))
    assert estimate is not None
    assert estimate.denominator == 1
    assert total <= estimate <= total + max(steps)
