"""Usage from readings: swaps (换表), rollovers (翻转), estimates (估读), and several readings within a period.

A charge of a period bills the usage from the last billed (or first) reading to the last one dated in that period.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

NORMAL, SWAP, ESTIMATE, ROLLOVER = "正常", "换表", "估读", "翻转"

_DIGITS = re.compile(r"(\d{1,2})\s*位", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading of a meter of some kind (表计); ``value`` before its multiplier (倍率).

    ``old_final`` (旧表止度) and ``new_initial`` (新表起度) belong to a 换表; ``note`` may tell the meter's digits.
    """

    id: int
    meter: int
    meter_kind: str
    read_on: date
    value: Fraction
    kind: str = NORMAL
    old_final: Fraction | None = None
    new_initial: Fraction | None = None
    note: str = ""
    multiplier: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class UsageStep:
    """The usage between two readings, multiplied. Negative where an estimate turns out to have been too high."""

    before: Reading
    after: Reading
    usage: Fraction

    @property
    def estimated(self) -> bool:
        return ESTIMATE in (self.before.kind, self.after.kind)


def rollover_size(reading: Fraction, note: str = "") -> int:
    """Where a meter starts again from 0: by the digits its note tells (``5位``), else the power of ten above it."""
    told = _DIGITS.search(note)
    digits = len(str(int(reading)))
    return int(10 ** max(digits, int(told[1]) if told else 0))


def rollover_note(digits: int) -> str:
    """What is kept beside a reading after a rollover, for `rollover_size`: ``翻转 5位``."""
    return f"{ROLLOVER} {digits}位"


def usage_between(before: Reading, after: Reading) -> Fraction:
    """The usage from one reading to the next, each meter's part with its own multiplier."""
    if after.kind == SWAP:
        old = before.value if after.old_final is None else after.old_final
        new = Fraction(0) if after.new_initial is None else after.new_initial
        return (old - before.value) * before.multiplier + (after.value - new) * after.multiplier
    used = after.value - before.value
    if after.kind == ROLLOVER and used < 0:
        used += rollover_size(before.value, after.note)
    return used if after.multiplier == 1 else used * after.multiplier


def join_swapped(meters: Sequence[Sequence[Reading]]) -> list[list[Reading]]:
    """The readings of a unit's meters of one kind, each in order of date, as lines of readings that belong together.

    A meter whose first reading is a 换表 goes on from the meter that was read last before it.
    """
    lines: list[list[Reading]] = []
    for readings in sorted(filter(None, meters), key=lambda one: (one[0].read_on, one[0].id)):
        line = _line_before(lines, readings[0]) if readings[0].kind == SWAP else None
        if line is None:
            lines.append(list(readings))
        else:
            line.extend(readings)
    return lines


def _line_before(lines: Sequence[list[Reading]], first: Reading) -> list[Reading] | None:
    ended = [line for line in lines if line[-1].read_on <= first.read_on]
    return max(ended, key=lambda line: line[-1].read_on, default=None)


def usage_steps(line: Sequence[Reading]) -> list[UsageStep]:
    """The usage from each reading to the next."""
    return [UsageStep(before, after, usage_between(before, after)) for before, after in pairwise(line)]
