"""一次性付清: a whole year of an item settled in one payment that leaves nothing open, billed already or not.

The year is the last twelve months of what the payment settles of the item, without a gap, and it has not passed: its
last month is the current one or a later one. Whether a payer who is late deserves it is for the policy's dates to say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.advance_concessions import WHOLE_YEAR, concede_advance
from feedesk.rules.concessions import ChargeLine, Conceded, Policy


@dataclass(frozen=True, slots=True)
class YearLine:
    """A charge of the year: its line before concessions, what counts for it anyway, what is taken off it already.

    ``posted`` ones stand as they are billed, and may be lowered further; the others are still to be billed.
    """

    period: Period
    line: ChargeLine
    standing: tuple[Policy, ...]
    discount: Fen
    posted: bool


def last_year(periods: Sequence[Period], today: date) -> int:
    """How many of the last ``periods``, in order, make up a whole year; 0 where they do not, or it has passed."""
    covered: set[Period] = set()
    first: Period | None = None
    for count, period in enumerate(reversed(periods), 1):
        months = set(period.each_month())
        if first is not None and max(months).shifted(1) < first:
            return 0  # a gap
        covered |= months
        first = min(covered)
        if len(covered) >= WHOLE_YEAR:
            return count if max(covered) >= Period.containing(today) else 0
    return 0


def concede_at_once(lines: Sequence[YearLine], policies: Sequence[Policy]) -> tuple[Conceded | None, ...] | None:
    """What a year paid at once is lowered by, line by line; None where that is no more than it is lowered by anyway."""
    found = concede_advance([one.line for one in lines], [one.standing for one in lines], policies)
    if taken_off(lines, found) <= sum(one.discount for one in lines):
        return None
    return found


def taken_off(lines: Iterable[YearLine], conceded: Iterable[Conceded | None]) -> Fen:
    """What is taken off in all; what is billed already never costs more for it."""
    return Fen(sum(off_line(line, one) for line, one in zip(lines, conceded, strict=True)))


def off_line(line: YearLine, conceded: Conceded | None) -> Fen:
    """What is taken off a line."""
    discount = conceded.discount if conceded is not None else Fen(0)
    return max(discount, line.discount) if line.posted else discount
