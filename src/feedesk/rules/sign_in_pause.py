"""How long to wait after wrong passwords: not at all for two, then twice as long each time, so that nobody tries on."""

from datetime import datetime, timedelta

FREE_TRIES = 3
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=5)


def pause_after(wrong: int) -> timedelta:
    """The pause that the ``wrong``-th wrong password in a row brings: 0, 0, 5 s, 10 s, 20 s … 5 minutes at most."""
    if wrong < FREE_TRIES:
        return timedelta(0)
    times: int = 2 ** min(wrong - FREE_TRIES, 12)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)


def seconds_left(wrong: int, last: datetime, now: datetime) -> int:
    """Whole seconds until the next try, 0 when it may be now; a clock set back never makes the pause longer."""
    pause = pause_after(wrong)
    left = min(last + pause - now, pause)
    return max(0, -int(-left.total_seconds() // 1))
