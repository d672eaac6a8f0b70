"""What a charge that spans months has served by the end of a month: by its days in each month, exact to the fen.

权责发生制: revenue belongs to the months served. The net amount is split over the months by their days with the largest
remainder, so that the months sum to the whole; what is served by a month's end is the sum of the months up to it.
"""

from datetime import date

from feedesk.money import ZERO, Fen, split_by_weight
from feedesk.periods import Period


def days_by_month(first: date, last: date) -> dict[Period, int]:
    """How many days from ``first`` to ``last``, both included, lie in each month, in order."""
    days: dict[Period, int] = {}
    month, end = Period.containing(first), Period.containing(last)
    while month <= end:
        days[month] = (min(last, month.last_day) - max(first, month.first_day)).days + 1
        month = month.shifted(1)
    return days


def served_by(amount: Fen, first: date, last: date, month: Period) -> Fen:
    """What of an amount for the days ``first`` to ``last`` is served by the end of a month.

    Days that end before they begin are served at once.
    """
    if last <= month.last_day or last < first:
        return amount
    if month.last_day < first:
        return ZERO
    days = days_by_month(first, last)
    parts = split_by_weight(amount, list(days.values()))
    return Fen(sum(part for served, part in zip(days, parts, strict=True) if served <= month))
