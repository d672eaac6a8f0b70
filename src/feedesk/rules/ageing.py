"""Ageing (账龄): how long what is owed has been due, in buckets.

The due date itself is day 0. A bound belongs to the bucket it closes: thirty days are in 0–30. Bounds in years fall on
anniversaries of the due date (29 February: on the 28th of a common year, 民法典 art. 202); over three years a claim
may be time-barred (art. 188). What is not yet due (未到期) stands apart.
"""

import calendar
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final, Self, TypeVar

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen
from feedesk.texts import N_, _

Key = TypeVar("Key", bound=Hashable)


class BoundsNotRising(UserError):
    message = N_(
        "“{text}” are no bounds of ageing: write rising numbers of days, then of years, like 30 90 180 365 2y 3y."
    )


@dataclass(frozen=True, slots=True)
class Bound:
    """The last day of a bucket, so many days or years after the due date."""

    number: int
    in_years: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads ``30`` (days) or ``2y`` (years); ValueError for anything else."""
        match = re.fullmatch(r"([1-9]\d{0,3})(y?)", text, re.ASCII)
        if match is None:
            raise ValueError(text)
        return cls(int(match[1]), bool(match[2]))

    def last_day(self, due: date) -> date:
        """The last day of the bucket for something due on ``due``."""
        if not self.in_years:
            return due + timedelta(self.number)
        year = due.year + self.number
        return date(year, due.month, min(due.day, calendar.monthrange(year, due.month)[1]))

    @property
    def _least_days(self) -> int:
        return self.number * 365 if self.in_years else self.number


DEFAULT_BOUNDS: Final = (Bound(30), Bound(90), Bound(180), Bound(365), Bound(2, True), Bound(3, True))
"""0–30, 31–90, 91–180, 181–365 days, 1–2, 2–3 and over 3 years."""


def parse_bounds(text: str) -> tuple[Bound, ...]:
    """Reads bounds such as ``30 90 180 365 2y 3y``. Raises `BoundsNotRising`."""
    try:
        bounds = tuple(map(Bound.parse, text.replace(",", " ").split()))
    except ValueError:
        raise BoundsNotRising(text=text) from None
    days = [bound._least_days for bound in bounds]
    kinds = [bound.in_years for bound in bounds]
    if not bounds or sorted(set(days)) != days or sorted(kinds) != kinds:
        raise BoundsNotRising(text=text)
    return bounds


def bucket_of(due: date, on: date, bounds: Sequence[Bound] = DEFAULT_BOUNDS) -> int:
    """The bucket on a day of what is due on ``due``: 0 not yet due, then one per bound, the last beyond all."""
    if on < due:
        return 0
    return next((n for n, bound in enumerate(bounds, 1) if on <= bound.last_day(due)), len(bounds) + 1)


def bucket_names(bounds: Sequence[Bound] = DEFAULT_BOUNDS) -> tuple[str, ...]:
    """The buckets in words: not yet due, 0–30 days, …, 2–3 years, over 3 years."""
    names = [_("Not yet due")]
    before: Bound | None = None
    for bound in bounds:
        names.append(_between(before, bound))
        before = bound
    assert before is not None
    over = _("Over {n} years") if before.in_years else _("Over {n} days")
    return (*names, over.format(n=before.number))


def _between(before: Bound | None, bound: Bound) -> str:
    if not bound.in_years:
        first = before.number + 1 if before else 0
        return _("{first}–{last} days").format(first=first, last=bound.number)
    if before is None or before.in_years or before.number == 365:
        first = 0 if before is None else before.number if before.in_years else 1
        return _("{first}–{last} years").format(first=first, last=bound.number)
    return _("{first} days–{last} years").format(first=before.number + 1, last=bound.number)


def aged(
    owed: Iterable[tuple[Key, date, Fen]], on: date, bounds: Sequence[Bound] = DEFAULT_BOUNDS
) -> dict[Key, tuple[Fen, ...]]:
    """Sums what is owed, (what, due date, fen), into the buckets of a day; each ``what`` in the order it is met."""
    find = cache(lambda due: bucket_of(due, on, bounds))
    sums: dict[Key, list[int]] = {}
    for what, due, amount in owed:
        row = sums.setdefault(what, [ZERO] * (len(bounds) + 2))
        row[find(due)] += amount
    return {what: tuple(map(Fen, row)) for what, row in sums.items()}
