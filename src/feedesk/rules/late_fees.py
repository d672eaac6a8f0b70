"""Late fees (违约金): what a debt costs from its first late day to the day it is paid, exactly, in segments.

Days: the due date is none, the day of payment is one; days = payment date − due date − grace. Each day costs its rate
on what was unpaid of the principal that day; a part payment counts from the day after. Never on late fees. Days a
dispute holds the charge (its first and last included) cost nothing. One rounding, at the end.

Which version of a rule holds: for the rate, on each day the one in force that day; for grace, start, cap and minimum
the one in force on the due date, else the first one later. A rule that names the item comes before one for 全部.

An LPR is a rate a year, and a day of it is 1/365, leap years too: the 360 days of banks would make a year cost more
than its rate. It holds from the day it was published; days before the first published rate cost nothing.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from feedesk.money import ZERO, Fen, round_by_magnitude
from feedesk.periods import Period
from feedesk.rules.community_rows import AGENCY_ITEMS

DAYS_OF_YEAR = 365
_AGENCY = "代收代付"
_DAY = timedelta(days=1)


class LateFeeStart(StrEnum):
    """From when a late fee counts, before the days of grace (起算)."""

    NEXT_DAY = "到期次日"
    NEXT_MONTH = "次月1日"


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFeeRule:
    """A rule from a day on, until the next version: ``daily_rate`` a day, or ``lpr_multiple`` times the yearly LPR.

    With neither the rule has ended. ``cap`` is a share of the original net principal, ``minimum`` fen once a fee has
    arisen. ``named``: it names the fee item; else it is for 全部.
    """

    valid_from: date
    daily_rate: Fraction | None = None
    lpr_multiple: Fraction | None = None
    grace_days: int = 0
    cap: Fraction = Fraction(1)
    minimum: Fen = ZERO
    start: LateFeeStart = LateFeeStart.NEXT_DAY
    clause: str = ""
    named: bool = True

    def __post_init__(self) -> None:
        if self.daily_rate is not None and self.lpr_multiple is not None:
            raise ValueError("a late fee has a rate a day or a multiple of the LPR, not both")
        if (self.daily_rate or 0) < 0 or (self.lpr_multiple or 0) < 0 or self.cap < 0 or self.minimum < 0:
            raise ValueError("a late fee is never negative")
        if self.grace_days < 0:
            raise ValueError("days of grace cannot be negative")

    @property
    def ended(self) -> bool:
        """Whether this version only says that no late fee is charged any more."""
        return not self.daily_rate and not self.lpr_multiple


@dataclass(frozen=True, slots=True)
class LprRate:
    """The one-year LPR published on a day: 0.03 is 3 % a year."""

    published_on: date
    yearly: Fraction


@dataclass(frozen=True, slots=True)
class RateSpan:
    """A rate a day from a day on, until the next span."""

    since: date
    daily: Fraction
    rule: LateFeeRule
    lpr: LprRate | None = None


def is_covered_by_all(item: str, nature: str) -> bool:
    """Whether a rule for 全部 covers a fee item: never utilities, nor other money owed on to a supplier (代收代付).

    What is collected for somebody else bears a late fee of ours only by a rule that names it.
    """
    return item not in AGENCY_ITEMS and nature != _AGENCY


class ItemRules:
    """The rules one fee item is reckoned by: its own from the first of them on, before that those for 全部."""

    def __init__(
        self,
        item: str,
        nature: str,
        *,
        own: Iterable[LateFeeRule] = (),
        general: Iterable[LateFeeRule] = (),
        lpr: Iterable[LprRate] = (),
    ) -> None:
        named = sorted(own, key=lambda rule: rule.valid_from)
        others = sorted(general, key=lambda rule: rule.valid_from) if is_covered_by_all(item, nature) else []
        self.versions = (*(rule for rule in others if not named or rule.valid_from < named[0].valid_from), *named)
        self.spans = tuple(_rate_spans(self.versions, sorted(lpr, key=lambda rate: rate.published_on)))
        self._days = [span.since for span in self.spans]

    def __bool__(self) -> bool:
        return bool(self.versions)

    def in_force(self, day: date) -> LateFeeRule | None:
        """The version in force on a day; None before the first, and once the rule has ended."""
        found = next((rule for rule in reversed(self.versions) if rule.valid_from <= day), None)
        return None if found is None or found.ended else found

    def terms(self, due_date: date) -> LateFeeRule | None:
        """The version whose grace, start, cap and minimum hold for a debt due on a day."""
        later = (rule for rule in self.versions if rule.valid_from > due_date and not rule.ended)
        return self.in_force(due_date) or next(later, None)

    def span_on(self, day: date) -> RateSpan | None:
        """The rate of a day; None where there is none."""
        place = bisect_right(self._days, day)
        return self.spans[place - 1] if place else None

    def changes(self, first: date, last: date) -> Iterator[date]:
        """The days after ``first`` up to ``last`` on which another rate begins."""
        return iter(self._days[bisect_right(self._days, first) : bisect_right(self._days, last)])


def _rate_spans(versions: Sequence[LateFeeRule], lpr: Sequence[LprRate]) -> Iterator[RateSpan]:
    for rule, following in zip(versions, (*versions[1:], None), strict=False):
        if rule.lpr_multiple is None:
            yield RateSpan(rule.valid_from, rule.daily_rate or Fraction(0), rule)
            continue
        before = [rate for rate in lpr if rate.published_on <= rule.valid_from]
        until = following.valid_from if following else date.max
        within = [rate for rate in lpr if rule.valid_from < rate.published_on < until]
        if not before:
            yield RateSpan(rule.valid_from, Fraction(0), rule)
        for rate in (*before[-1:], *within):
            daily = rule.lpr_multiple * rate.yearly / DAYS_OF_YEAR
            yield RateSpan(max(rate.published_on, rule.valid_from), daily, rule, rate)


def first_late_day(due_date: date, rule: LateFeeRule) -> date:
    """The first day that costs: the day after the due date, or the 1st of the month after it, and then the grace."""
    start = due_date + _DAY
    if rule.start is LateFeeStart.NEXT_MONTH:
        start = Period.containing(due_date).last_day + _DAY
    return start + rule.grace_days * _DAY


@dataclass(frozen=True, slots=True)
class Debt:
    """A charge as its late fee sees it: ``principal`` is the original net one, in fen.

    ``lowered``: the days on which principal was paid or given up, and how much (negative: owed again); it counts from
    the day after. ``frozen``: the days a dispute held it, the last one None while it still does.
    """

    principal: Fen
    due_date: date
    lowered: tuple[tuple[date, Fen], ...] = ()
    frozen: tuple[tuple[date, date | None], ...] = ()

    def unpaid_on(self, day: date) -> Fen:
        """What was unpaid of the principal on a day, before what was paid that day."""
        return Fen(self.principal - sum(amount for on, amount in self.lowered if on < day))

    def is_frozen_on(self, day: date) -> bool:
        return any(first <= day and (last is None or day <= last) for first, last in self.frozen)


@dataclass(frozen=True, slots=True)
class Segment:
    """Days at one base and one rate, both days included; ``amount`` is exact, in fen."""

    first: date
    last: date
    base: Fen
    rate: RateSpan

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def amount(self) -> Fraction:
        return self.base * self.days * self.rate.daily


@dataclass(frozen=True, slots=True)
class LateFee:
    """A late fee to a day (included). ``terms`` None: no rule holds, or the fee has not begun to count.

    ``exact`` fen is the sum of the segments, ``limit`` the most it may come to, ``amount`` what is owed of it in all:
    raised to the minimum, cut at the limit, rounded once, half up.
    """

    debt: Debt
    on: date
    terms: LateFeeRule | None = None
    first_day: date | None = None
    segments: tuple[Segment, ...] = ()
    exact: Fraction = Fraction(0)
    limit: Fraction = Fraction(0)
    amount: Fen = ZERO

    @property
    def days(self) -> int:
        """The days that cost something."""
        return sum(segment.days for segment in self.segments)

    @property
    def is_capped(self) -> bool:
        return self.exact > self.limit

    @property
    def is_raised(self) -> bool:
        """Whether the minimum counts instead of what the days come to."""
        return self.terms is not None and 0 < self.exact < min(Fraction(self.terms.minimum), self.limit)


def late_fee(debt: Debt, rules: ItemRules, on: date) -> LateFee:
    """What a debt's late fee has come to by a day, past or ahead (that day included)."""
    terms = rules.terms(debt.due_date)
    if terms is None:
        return LateFee(debt, on)
    first = first_late_day(debt.due_date, terms)
    if first > on:
        return LateFee(debt, on, terms, first)
    segments = tuple(_segments(debt, rules, first, on))
    exact = _summed(segments)
    limit = terms.cap * max(debt.principal, 0)
    owed = min(max(exact, Fraction(terms.minimum)), limit) if exact else Fraction(0)
    return LateFee(debt, on, terms, first, segments, exact, limit, Fen(round_by_magnitude(owed)))


def _summed(segments: Sequence[Segment]) -> Fraction:
    """The sum of the segments: by rate first, since whole numbers are added faster than fractions."""
    by_rate: dict[Fraction, int] = {}
    for segment in segments:
        rate = segment.rate.daily
        by_rate[rate] = by_rate.get(rate, 0) + segment.base * segment.days
    return sum((rate * times for rate, times in by_rate.items()), Fraction(0))


def _segments(debt: Debt, rules: ItemRules, first: date, last: date) -> Iterator[Segment]:
    """The days from ``first`` to ``last`` cut where base, rate or freeze changes; days that cost nothing left out."""
    starts = sorted({first, *_cuts(debt, rules, first, last)})
    for begin, end in zip(starts, (*(day - _DAY for day in starts[1:]), last), strict=True):
        span, base = rules.span_on(begin), debt.unpaid_on(begin)
        if span is not None and span.daily and base > 0 and not debt.is_frozen_on(begin):
            yield Segment(begin, end, base, span)


def _cuts(debt: Debt, rules: ItemRules, first: date, last: date) -> Iterator[date]:
    yield from rules.changes(first, last)
    for day, _amount in debt.lowered:
        if first <= day < last:
            yield day + _DAY
    for begin, end in debt.frozen:
        if first < begin <= last:
            yield begin
        if end is not None and first <= end < last:
            yield end + _DAY
