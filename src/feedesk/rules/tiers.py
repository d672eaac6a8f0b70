"""Tiered usage (阶梯用量): the more a unit uses in a month or year, the more, or the less, one unit of it costs.

A reading costs what all usage up to it costs, less what the usage before it costs. So it may straddle tiers, an
estimate that was too high is settled by the same difference, and the sum is the same however usage is cut into
readings. Usage counts per unit and tariff, whether it was billed or not: annual tiers from zero at the first reading,
by the year of the reading's date; peak and valley meters together.

Readings of one date have no order among themselves: together they climb the tiers, on top of what is billed already.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, Self

from feedesk.money import decimal_text
from feedesk.rules.metering import UsageStep


class Tier(NamedTuple):
    """Usage up to ``upper`` (None: without end) at ``price`` yuan, from where the tier before it ends."""

    upper: Fraction | None
    price: Fraction


class Slice(NamedTuple):
    """Usage that falls into the tier ``number`` (from 1 on), which reaches from ``lower`` to ``upper``.

    ``used`` is negative where an estimate is taken back.
    """

    number: int
    lower: Fraction
    upper: Fraction | None
    used: Fraction
    price: Fraction


@dataclass(frozen=True, slots=True)
class TierTable:
    """The tiers of a price, counted by the month or (``yearly``) from the day of the year ``restart`` (month, day).

    Each bound moves up by ``per_person`` for every person above ``persons`` (人口基数), in the unit of the cycle.
    """

    tiers: tuple[Tier, ...]
    yearly: bool = False
    restart: tuple[int, int] = (1, 1)
    persons: int = 0
    per_person: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not self.tiers or self.tiers[-1].upper is not None:
            raise ValueError("the last tier is open")
        bounds = [Fraction(0), *(tier.upper for tier in self.tiers[:-1])]
        if any(upper is None or lower is None or upper <= lower for lower, upper in pairwise(bounds)):
            raise ValueError("each tier ends above its beginning")

    @classmethod
    def parse(cls, tiers: str, *, cycle: str, restart: str = "01-01", person_base: str = "") -> Self:
        """Reads the ledger's notation: ``0-180:5.00;180-:7.00``, 月 or 年, ``01-01``, ``5:36``; else ValueError."""
        found = []
        for part in tiers.split(";"):
            bounds, _colon, price = part.partition(":")
            upper = bounds.partition("-")[2]
            found.append(Tier(Fraction(upper) if upper else None, Fraction(price)))
        month, day = map(int, restart.split("-"))
        persons, _colon, more = person_base.partition(":")
        return cls(tuple(found), cycle == "年", (month, day), int(persons or 0), Fraction(more or 0))

    def __str__(self) -> str:
        """The tiers in the ledger's notation."""
        parts, lower = [], Fraction(0)
        for tier in self.tiers:
            upper = "" if tier.upper is None else decimal_text(tier.upper)
            parts.append(f"{decimal_text(lower)}-{upper}:{decimal_text(tier.price)}")
            lower = lower if tier.upper is None else tier.upper
        return ";".join(parts)

    def begins(self, day: date) -> date:
        """The first day of the month or year of tiers that a day lies in."""
        if not self.yearly:
            return day.replace(day=1)
        this_year = date(day.year, *self.restart)
        return this_year if this_year <= day else date(day.year - 1, *self.restart)

    def widening(self, persons: int | None) -> Fraction:
        """How much further each tier reaches in a home of so many persons; None: not known, so not at all."""
        return self.per_person * max(0, (persons or 0) - self.persons)

    def cost(self, used: Fraction, wider: Fraction = Fraction(0)) -> Fraction:
        """Yuan for ``used`` from zero on; below zero at the price of the first tier."""
        return sum((part.used * part.price for part in self.slices(Fraction(0), used, wider)), Fraction(0))

    def slices(self, before: Fraction, after: Fraction, wider: Fraction = Fraction(0)) -> list[Slice]:
        """The tiers that usage climbs through from ``before`` to ``after``, or steps back through, the lowest first."""
        low, high, sign = (before, after, 1) if before <= after else (after, before, -1)
        found, lower = [], Fraction(0)
        for number, tier in enumerate(self.tiers, 1):
            upper = None if tier.upper is None else tier.upper + wider
            begin = low if number == 1 else max(low, lower)
            if upper is None or high <= upper:
                if begin < high:
                    found.append(Slice(number, lower, upper, sign * (high - begin), tier.price))
                break
            if begin < upper:
                found.append(Slice(number, lower, upper, sign * (upper - begin), tier.price))
            lower = upper
        return found


@dataclass(frozen=True, slots=True)
class Counted:
    """All usage of a unit that a tariff's tiers count, of all its meters, in any order: ``billed`` already, or not."""

    billed: tuple[UsageStep, ...] = ()
    unbilled: tuple[UsageStep, ...] = ()

    def before(self, day: date, table: TierTable) -> Fraction:
        """What the readings of a day, those not billed, are counted on top of."""
        begin = table.begins(day)
        billed = (step for step in self.billed if table.begins(step.after.read_on) == begin)
        earlier = (step for step in self.unbilled if begin <= step.after.read_on < day)
        return total_usage(billed) + total_usage(earlier)


NOTHING_COUNTED = Counted()


def total_usage(steps: Iterable[UsageStep]) -> Fraction:
    """The usage of several steps together."""
    used = [step.usage for step in steps]
    return sum(used[1:], used[0]) if used else Fraction(0)
