"""Billing periods: a month, quarter, half-year or year, written ``2026-11``, ``2026Q4``, ``2026H2``, ``2026``."""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from feedesk.errors import UserError
from feedesk.texts import N_

_FORMS = re.compile(
    r"(?P<year>\d{4})(?:[-/.](?P<m1>\d{1,2})|(?P<m2>\d{2})|年(?P<m3>\d{1,2})月|[Qq](?P<q>[1-4])|[Hh](?P<h>[12])|年?)",
    re.ASCII,
)


class NotAPeriod(UserError):
    message = N_("“{text}” is not a billing period: write 2026-11, 2026Q4, 2026H2 or 2026.")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``months`` months (1, 3, 6 or 12) from ``first_month``, which counts months since year 0 (year × 12 + month − 1).

    Ordered by first month, then length.
    """

    first_month: int
    months: int = 1

    def __post_init__(self) -> None:
        if self.months not in (1, 3, 6, 12) or self.first_month % self.months:
            raise ValueError(f"no period of {self.months} months begins at month {self.first_month}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads ``2026-11``, ``202611``, ``2026年11月``, ``2026Q4``, ``2026H2`` or ``2026``; else `NotAPeriod`."""
        match = _FORMS.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if match is None:
            raise NotAPeriod(text=text)
        start = int(match["year"]) * 12
        if month := match["m1"] or match["m2"] or match["m3"]:
            if not 1 <= int(month) <= 12:
                raise NotAPeriod(text=text)
            return cls(start + int(month) - 1)
        if match["q"]:
            return cls(start + 3 * (int(match["q"]) - 1), 3)
        if match["h"]:
            return cls(start + 6 * (int(match["h"]) - 1), 6)
        return cls(start, 12)

    @classmethod
    def containing(cls, day: date, months: int = 1) -> Self:
        """The period of ``months`` months in which ``day`` lies."""
        month = day.year * 12 + day.month - 1
        return cls(month - month % months, months)

    def __str__(self) -> str:
        year, month = divmod(self.first_month, 12)
        match self.months:
            case 1:
                return f"{year:04d}-{month + 1:02d}"
            case 3:
                return f"{year:04d}Q{month // 3 + 1}"
            case 6:
                return f"{year:04d}H{month // 6 + 1}"
            case _:
                return f"{year:04d}"

    @property
    def first_day(self) -> date:
        return date(self.first_month // 12, self.first_month % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        year, month = divmod(self.first_month + self.months - 1, 12)
        return date(year, month + 1, calendar.monthrange(year, month + 1)[1])

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day + timedelta(1)).days

    def each_month(self) -> Iterator["Period"]:
        """The months it consists of, in order."""
        for month in range(self.first_month, self.first_month + self.months):
            yield Period(month)

    def shifted(self, periods: int) -> "Period":
        """The period of the same length, ``periods`` later (negative: earlier)."""
        return Period(self.first_month + periods * self.months, self.months)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
