"""The pause after wrong passwords grows, has an end, and does not depend on a clock that runs forwards."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.sign_in_pause import LONGEST_PAUSE, pause_after, seconds_left

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_the_third_wrong_password_brings_the_first_pause() -> None:
    seconds = [pause_after(wrong).total_seconds() for wrong in range(11)]
    assert seconds == [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300]


def test_what_is_left_of_it() -> None:
    assert seconds_left(3, NOON, NOON) == 5
    assert seconds_left(3, NOON, NOON + timedelta(seconds=4.2)) == 1
    assert seconds_left(3, NOON, NOON + timedelta(seconds=5)) == 0
    assert seconds_left(2, NOON, NOON) == 0


@given(wrong=st.integers(0, 10_000), moved=st.integers(-10_000_000, 10_000_000))
def test_never_longer_than_the_pause_itself(wrong: int, moved: int) -> None:
    left = seconds_left(wrong, NOON, NOON + timedelta(seconds=moved))
    assert 0 <= left <= pause_after(wrong).total_seconds() <= LONGEST_PAUSE.total_seconds()
