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
from itertools import zip_longest
from math import lcm

from feedesk.money import ZERO, Fen, round_by_magnitude
from feedesk.periods import Period
from feedesk.rules.fee_items import AGENCY_ITEMS

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
        self._beginnings: dict[date, tuple[LateFeeRule, date] | None] = {}
        # The rates as whole numbers of 1/scale, and their sum over all days before each span begins.
        self.scale = lcm(*(span.daily.denominator for span in self.spans))
        self._rates = [int(span.daily * self.scale) for span in self.spans]
        self._sums = [0]
        for place, following in enumerate(self._days[1:]):
            self._sums.append(self._sums[-1] + self._rates[place] * (following - self._days[place]).days)

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

    def beginning(self, due_date: date) -> tuple[LateFeeRule, date] | None:
        """The terms of a debt due on a day and its first day that costs; None where no rule holds."""
        if due_date not in self._beginnings:
            terms = self.terms(due_date)
            self._beginnings[due_date] = None if terms is None else (terms, first_late_day(due_date, terms))
        return self._beginnings[due_date]

    def rate_sum(self, first: date, last: date) -> int:
        """The rates of the days from ``first`` to ``last`` together, in 1/`scale`."""
        return self._rates_to(last) - self._rates_to(first - _DAY)

    def _rates_to(self, day: date) -> int:
        place = bisect_right(self._days, day) - 1
        if place < 0:
            return 0
        return self._sums[place] + self._rates[place] * ((day - self._days[place]).days + 1)

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
    """What a debt's late fee has come to by a day, past or ahead (that day included), with its arithmetic."""
    beginning = rules.beginning(debt.due_date)
    if beginning is None:
        return LateFee(debt, on)
    terms, first = beginning
    segments = tuple(_segments(debt, rules, first, on))
    exact = sum((segment.amount for segment in segments), Fraction(0))
    limit = terms.cap * max(debt.principal, 0)
    owed = min(max(exact, Fraction(terms.minimum)), limit) if exact else Fraction(0)
    return LateFee(debt, on, terms, first, segments, exact, limit, Fen(round_by_magnitude(owed)))


def late_fee_amount(debt: Debt, rules: ItemRules, on: date) -> Fen:
    """The amount of `late_fee` alone: statements ask for hundreds of them, so it is reckoned in whole numbers."""
    beginning = rules.beginning(debt.due_date)
    if beginning is None:
        return ZERO
    terms, first = beginning
    owed, parts = sum(base * rules.rate_sum(begin, end) for begin, end, base in _pieces(debt, first, on)), rules.scale
    if not owed:
        return ZERO
    owed = max(owed, terms.minimum * parts)
    if owed * terms.cap.denominator > terms.cap.numerator * debt.principal * parts:
        owed, parts = terms.cap.numerator * debt.principal, terms.cap.denominator
    return Fen((2 * owed + parts) // (2 * parts))


Piece = tuple[date, date, Fen]
"""Days, both included, on which the same principal was unpaid and no dispute held the charge."""


def _pieces(debt: Debt, first: date, last: date) -> Iterator[Piece]:
    if first > last:
        return
    starts = sorted({first, *_cuts(debt, first, last)}) if debt.lowered or debt.frozen else [first]
    for begin, following in zip_longest(starts, starts[1:]):
        base = debt.unpaid_on(begin)
        if base > 0 and not debt.is_frozen_on(begin):
            yield begin, last if following is None else following - _DAY, base


def _cuts(debt: Debt, first: date, last: date) -> Iterator[date]:
    """The days on which the base changes, or a dispute begins or is over."""
    for day, _amount in debt.lowered:
        if first <= day < last:
            yield day + _DAY
    for begin, end in debt.frozen:
        if first < begin <= last:
            yield begin
        if end is not None and first <= end < last:
            yield end + _DAY


def _segments(debt: Debt, rules: ItemRules, first: date, last: date) -> Iterator[Segment]:
    """The pieces cut where the rate changes; days that cost nothing left out."""
    for begin, end, base in _pieces(debt, first, last):
        starts = [begin, *rules.changes(begin, end)]
        for start, following in zip_longest(starts, starts[1:]):
            span = rules.span_on(start)
            if span is not None and span.daily:
                yield Segment(start, end if following is None else following - _DAY, base, span)
