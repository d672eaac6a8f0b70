"""Whether a usage is likely: outside 50–150 % of the mean of the last two periods somebody must confirm it.

The same two periods tell what an estimate (估读) takes. The meters page and the import of workbooks ask here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from feedesk.money import round_by_magnitude
from feedesk.rules.metering import Reading, usage_steps

PERIODS: Final = 2
_LEAST_USUAL, _MOST_USUAL = Fraction(1, 2), Fraction(3, 2)


@dataclass(frozen=True, slots=True)
class UsageCheck:
    """A usage beside what is usual. ``mean`` is None where fewer than two periods are known: then nothing is unusual.

    ``change`` is in whole per cent of the mean, 153 for 43 after 17; None where the mean is nought.
    """

    usage: Fraction
    mean: Fraction | None
    change: int | None
    unusual: bool


def mean_usage(recent: Sequence[Fraction]) -> Fraction | None:
    """The mean of the last two of some usages, oldest first; None where there are fewer.

    Never below zero: an estimate that was too high gives a negative usage, which says nothing about the next.
    """
    if len(recent) < PERIODS:
        return None
    return max(sum(recent[-PERIODS:], Fraction(0)) / PERIODS, Fraction(0))


def check_usage(usage: Fraction, recent: Sequence[Fraction]) -> UsageCheck:
    """Compares a usage with the two periods before it; the bounds themselves, 50 % and 150 %, are usual."""
    mean = mean_usage(recent)
    if mean is None:
        return UsageCheck(usage, None, None, unusual=False)
    change = round_by_magnitude((usage - mean) * 100 / mean) if mean else None
    return UsageCheck(usage, mean, change, unusual=not mean * _LEAST_USUAL <= usage <= mean * _MOST_USUAL)


def estimated_reading(line: Sequence[Reading]) -> Fraction | None:
    """Where a meter stands by the mean of its last two usages (of one, if there is but one); None without any.

    Rounded to as many decimals as its last readings have, so that an estimate looks like a reading of that meter.
    """
    steps = usage_steps(line[-PERIODS - 1 :])
    if not steps:
        return None
    mean = max(sum((step.usage for step in steps), Fraction(0)) / len(steps), Fraction(0))
    places = max(_places(reading.value) for reading in line[-PERIODS - 1 :])
    used = mean / line[-1].multiplier
    return line[-1].value + Fraction(round_by_magnitude(used * 10**places), 10**places)


def _places(value: Fraction) -> int:
    return next(places for places in range(4) if (value * 10**places).denominator == 1 or places == 3)
