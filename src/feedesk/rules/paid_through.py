"""The paid-through ruler (缴至): until which day an item is billed and paid for, without a gap.

Charges, openings (期初缴至) and advances are days laid end to end. The ruler reads how far they reach from the first of
them; an advance is laid where they end, or into the first gap, so that no day is charged twice and none is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feedesk.periods import Period

_ONE_DAY = timedelta(1)


@dataclass(frozen=True, slots=True, order=True)
class Served:
    """Days that a charge serves, ``first`` to ``last``; ``settled`` once nothing is owed of it.

    ``on_top``: a supplement, or a part of what was billed; it can be owed, but its days are not billed by it.
    ``loose``: arrears brought along, of which it is not known what was billed after them.
    """

    first: date
    last: date
    settled: bool = True
    on_top: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Ruler:
    """How far an item reaches: billed through and paid through, None where nothing is; ``loose``: it ends with arrears
    brought along.

    ``paid`` never lies after ``billed``; what lies beyond a gap counts only once the gap is closed.
    """

    billed: date | None = None
    paid: date | None = None
    loose: bool = False

    def __post_init__(self) -> None:
        if self.paid is not None and (self.billed is None or self.paid > self.billed):
            raise ValueError("nothing is paid for that is not billed")


def ruler(served: Iterable[Served], opening: date | None = None) -> Ruler:
    """The ruler of one item. ``opening``: paid through that day when the books were opened, however long before.

    Days charged twice (a supplement beside a bill) count once; they are paid for when all their charges are.
    """
    spans = sorted(served)
    laid = [span for span in spans if not span.on_top and (opening is None or span.last > opening)]
    billed, loose = _reach(laid, opening)
    if billed is None:
        return Ruler()
    owed = min((span.first for span in spans if not span.settled), default=None)
    if owed is None or owed > billed:
        return Ruler(billed, billed, loose)
    begins = min(span.first for span in spans)
    paid = owed - _ONE_DAY if begins < owed else None
    return Ruler(billed, paid if opening is None else max(paid or opening, opening), loose)


def brought_along(last: date, booked: date) -> date:
    """Until when the old books had billed: arrears brought along tell, and all before the month they were booked in."""
    return max(last, booked.replace(day=1) - _ONE_DAY)


def _reach(spans: Sequence[Served], opening: date | None) -> tuple[date | None, bool]:
    """The last day of the first stretch without a gap, and whether it ends loose; ``spans`` by their first days."""
    reach, loose = opening, False
    for span in spans:
        if reach is not None and span.first > reach + _ONE_DAY:
            break
        if reach is None or span.last > reach:
            reach, loose = span.last, span.loose
    return reach, loose


def first_unbilled(known: Ruler, today: date, since: date | None = None) -> Period:
    """The month in which an advance begins to look for days not billed: the one after the billed stretch.

    Where nothing is billed yet it is the current month, or the one in which the account begins (``since``) if that is
    later.
    """
    if known.billed is not None:
        return Period.containing(known.billed + _ONE_DAY)
    return Period.containing(max(today, since) if since is not None else today)
