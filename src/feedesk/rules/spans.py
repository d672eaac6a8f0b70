"""Which days an account bears, and what a month of which it bears only a part counts.

An account bears the days that its own dates, the tariff's scope and what is paid already leave to it. Who bears a unit
around its delivery follows 物业管理条例 art. 41: the developer what is not sold or not delivered, the buyer by default
from the month after delivery (Beijing art. 22, Shanghai art. 49). Both sides are derived from one rule, so that a
delivery month is neither paid twice nor by nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from feedesk.periods import Period
from feedesk.rules.tariffs import ONE_DAY, PartialMonth

HALF_MONTH_DAYS = 15
"""So many days, or fewer, are half a month (按半月)."""

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """Days from ``first`` to ``last``, both included; never empty."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a run of days has at least one day")

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    def within(self, first: date | None, last: date | None) -> "Days | None":
        """What lies from ``first`` to ``last`` (both included, None: open); None where nothing does."""
        begin = self.first if first is None or first < self.first else first
        end = self.last if last is None or last > self.last else last
        if (begin, end) == (self.first, self.last):
            return self
        return Days(begin, end) if begin <= end else None


ALWAYS = Days(date.min, date.max)


class DeliveryRule(StrEnum):
    """From when the buyer pays for a unit delivered within a month (by area and fixed sums only)."""

    NEXT_MONTH = "next_month"
    BY_DAY = "by_day"
    WHOLE_MONTH = "whole_month"
    HALF_MONTH = "half_month"


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account it is: the developer's or another's, on a unit unsold (未售), delivered on a day, or long ago."""

    developer: bool = False
    unsold: bool = False
    delivered_on: date | None = None


def days_held(holder: Holder, rule: DeliveryRule) -> Days | None:
    """The days that the unit's delivery leaves to a holder of timed charges (by area, fixed); None where none are."""
    if holder.unsold or holder.delivered_on is None:
        return ALWAYS if holder.developer is holder.unsold else None
    month = Period.containing(holder.delivered_on)
    starts = {
        DeliveryRule.NEXT_MONTH: month.last_day + ONE_DAY,
        DeliveryRule.WHOLE_MONTH: month.first_day,
        DeliveryRule.BY_DAY: holder.delivered_on,
        DeliveryRule.HALF_MONTH: holder.delivered_on if _is_halved(holder.delivered_on) else month.first_day,
    }[rule]
    return Days(date.min, starts - ONE_DAY) if holder.developer else Days(starts, date.max)


def _is_halved(delivered_on: date) -> bool:
    """Whether so few days are left of the delivery month that the buyer pays half of it, the developer the other."""
    return (Period.containing(delivered_on).last_day - delivered_on).days + 1 <= HALF_MONTH_DAYS


def holds_meters_on(holder: Holder, read_on: date) -> bool:
    """Whether usage read on a day is the holder's. What is read on the day of delivery was used before it."""
    if holder.unsold or holder.delivered_on is None:
        return holder.developer is holder.unsold
    return (read_on <= holder.delivered_on) is holder.developer


@dataclass(frozen=True, slots=True)
class DeliveryCut:
    """A month that the day of delivery cuts in two, and by which rule both parts are reckoned."""

    month: Period
    rule: DeliveryRule


def delivery_cut(holder: Holder, rule: DeliveryRule) -> DeliveryCut | None:
    """The month cut by delivery under a rule that splits it; the tariff's 不足月 does not count there."""
    if holder.unsold or holder.delivered_on is None:
        return None
    splits = rule is DeliveryRule.BY_DAY or (rule is DeliveryRule.HALF_MONTH and _is_halved(holder.delivered_on))
    return DeliveryCut(Period.containing(holder.delivered_on), rule) if splits else None


def month_share(borne: int, month: Period, partial: PartialMonth, cut: DeliveryCut | None = None) -> Fraction:
    """What ``borne`` days of a month count, as a share of the month: 1 for a whole one."""
    if borne == month.days:
        return Fraction(1)
    if cut is not None and cut.month == month:
        return HALF if cut.rule is DeliveryRule.HALF_MONTH else Fraction(borne, month.days)
    match partial:
        case PartialMonth.BY_DAY:
            return Fraction(borne, month.days)
        case PartialMonth.HALF if borne <= HALF_MONTH_DAYS:
            return HALF
        case _:
            return Fraction(1)


@dataclass(frozen=True, slots=True)
class ScopeDays:
    """A row of 适用范围 that reaches a unit: ``quantity`` times, from a day to a day (None: open).

    ``nearness`` says how closely it names the unit (`feedesk.rules.unit_patterns.nearness`); on its days it ``hides``
    these tariffs of the same fee item, which are farther (`feedesk.rules.inheritance`).
    """

    nearness: int
    quantity: Fraction
    from_date: date | None = None
    to_date: date | None = None
    hides: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Borne:
    """Days borne ``quantity`` times."""

    days: Days
    quantity: Fraction = Fraction(1)


def scope_days(scopes: Sequence[ScopeDays], within: Days) -> tuple[Borne, ...]:
    """The days of ``within`` that one tariff's scope rows cover of a unit, each day once, in order.

    Where rows overlap, the one that names the unit more closely holds, else the one begun last.
    """
    if len(scopes) == 1:
        found = within.within(scopes[0].from_date, scopes[0].to_date)
        return (Borne(found, scopes[0].quantity),) if found else ()
    cuts = {within.first}
    cuts |= {scope.from_date for scope in scopes if scope.from_date is not None}
    cuts |= {scope.to_date + ONE_DAY for scope in scopes if scope.to_date is not None and scope.to_date < within.last}
    starts = sorted(cut for cut in cuts if within.first <= cut <= within.last)
    borne = []
    for start, next_start in zip(starts, [*starts[1:], None], strict=True):
        holding = scope_on(scopes, start)
        if holding is not None:
            last = within.last if next_start is None else next_start - ONE_DAY
            borne.append(Borne(Days(start, last), holding.quantity))
    return tuple(borne)


def scope_on(scopes: Sequence[ScopeDays], day: date) -> ScopeDays | None:
    """The row that holds on a day."""
    reaching = [
        scope
        for scope in scopes
        if (scope.from_date is None or scope.from_date <= day) and (scope.to_date is None or day <= scope.to_date)
    ]
    return max(reaching, key=lambda scope: (scope.nearness, scope.from_date or date.min), default=None)
