"""What can be a reading at all, and what may follow what."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import UserError
from feedesk.money import decimal_text
from feedesk.rules.metering import ESTIMATE, NORMAL, ROLLOVER, SWAP, Reading, usage_steps
from feedesk.rules.reading_checks import (
    ReadingBelowZero,
    ReadingNotANumber,
    ReadingTooFine,
    ReadingTooLarge,
    StepFault,
    checked_reading,
    parse_reading,
    step_fault,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("431", "431"),
        (" 431.5 ", "431.5"),
        ("４３１．５", "431.5"),
        ("431。5", "431.5"),
        ("1,431.125", "1431.125"),
        ("0", "0"),
        ("00431", "431"),
        (".5", "0.5"),
        ("431.", "431"),
        ("431.1250", "431.125"),
        ("999999999.999", "999999999.999"),
    ],
)
def test_figures_as_people_type_them(text: str, value: str) -> None:
    assert parse_reading(text) == Fraction(value)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", ReadingNotANumber),
        ("abc", ReadingNotANumber),
        ("43 1", ReadingNotANumber),
        ("43,1", ReadingNotANumber),
        ("4.3.1", ReadingNotANumber),
        (".", ReadingNotANumber),
        ("4e3", ReadingNotANumber),
        ("½", ReadingNotANumber),
        ("-3", ReadingBelowZero),
        ("−3", ReadingBelowZero),
        ("431.1255", ReadingTooFine),
        ("1000000000", ReadingTooLarge),
        ("13800138000", ReadingTooLarge),
    ],
)
def test_what_is_no_reading(text: str, refusal: type[UserError]) -> None:
    with pytest.raises(refusal) as raised:
        parse_reading(text)
    assert f"“{text}”" in str(raised.value)


@given(st.integers(0, 10**12 - 1))
def test_every_figure_a_meter_shows_is_read_back(thousandths: int) -> None:
    value = Fraction(thousandths, 1000)
    assert parse_reading(decimal_text(value)) == checked_reading(value) == value


def reading(value: int, kind: str = NORMAL, *, old: int | None = None, day: int = 1) -> Reading:
    return Reading(
        id=day,
        meter=1,
        meter_kind="水表",
        read_on=date(2026, 11, day),
        value=Fraction(value),
        kind=kind,
        old_final=None if old is None else Fraction(old),
        new_initial=None if old is None else Fraction(0),
    )


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (reading(431), reading(447, day=2), None),
        (reading(431), reading(431, day=2), None),
        (reading(431), reading(430, day=2), StepFault.BACKWARDS),
        (reading(431), reading(430, ESTIMATE, day=2), StepFault.BACKWARDS),
        (reading(431, ESTIMATE), reading(430, day=2), None),
        (reading(99_990), reading(4, ROLLOVER, day=2), None),
        (reading(431), reading(3, SWAP, old=440, day=2), None),
        (reading(431), reading(3, SWAP, old=431, day=2), None),
        (reading(431), reading(3, SWAP, old=430, day=2), StepFault.OLD_FINAL_BELOW),
        (reading(431, ESTIMATE), reading(3, SWAP, old=430, day=2), None),
    ],
)
def test_what_may_follow_what(before: Reading, after: Reading, fault: StepFault | None) -> None:
    (step,) = usage_steps([before, after])
    assert step_fault(step) is fault


figures = st.integers(0, 10**6).map(lambda thousandths: Fraction(thousandths, 100))


@given(figures, figures, figures, figures, st.sampled_from([NORMAL, ROLLOVER, SWAP]))
def test_what_is_let_through_is_never_a_negative_usage(
    first: Fraction, final: Fraction, initial: Fraction, more: Fraction, kind: str
) -> None:
    """Only an estimate that was too high may be settled by less than nothing."""
    swap = kind == SWAP
    after = Reading(
        id=2,
        meter=1,
        meter_kind="水表",
        read_on=date(2026, 11, 2),
        value=initial + more if swap else final,
        kind=kind,
        old_final=final if swap else None,
        new_initial=initial if swap else None,
    )
    before = Reading(id=1, meter=1, meter_kind="水表", read_on=date(2026, 11, 1), value=first)
    (step,) = usage_steps([before, after])
    if step_fault(step) is None:
        assert step.usage >= 0
    else:
        assert final < first


@given(figures, figures, figures)
def test_the_next_reading_settles_an_estimate_exactly(first: Fraction, guess: Fraction, used: Fraction) -> None:
    days = [date(2026, 11, day) for day in (1, 2, 3)]
    values = [(first, NORMAL), (first + guess, ESTIMATE), (first + used, NORMAL)]
    line = [
        Reading(id=place, meter=1, meter_kind="水表", read_on=day, value=value, kind=kind)
        for place, (day, (value, kind)) in enumerate(zip(days, values, strict=True))
    ]
    steps = usage_steps(line)
    assert [step_fault(step) for step in steps] == [None, None]
    assert sum(step.usage for step in steps) == used
    assert all(step.estimated for step in steps)
