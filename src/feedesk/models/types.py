"""How values that SQL has no exact type for are stored: decimals as scaled integers or text, moments as ISO text.

`Numeric` on SQLite is a float, so no column of this ledger uses it.
"""

from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Dialect, Integer, String, types

Id = BigInteger().with_variant(Integer, "sqlite")
"""A surrogate key; SQLite wants the very word INTEGER to count by itself."""

Amount = BigInteger
"""Money in fen."""


class Scaled(types.TypeDecorator[Fraction]):
    """An exact decimal with a fixed number of places, stored as an integer: ``Scaled(2)`` keeps 98.60 as 9860."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Fraction | int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        scaled = Fraction(value) * 10**self.places
        if scaled.denominator != 1:
            raise ValueError(f"{value} has more than {self.places} decimals")
        return int(scaled.numerator)

    def process_result_value(self, value: Any, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value, 10**self.places)


class Exact(types.TypeDecorator[Fraction]):
    """A price, rate or factor of any length, stored as text: ``2.80`` as ``14/5``; a fraction such as 4/3 stays one."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Fraction | int | None, dialect: Dialect) -> str | None:
        return None if value is None else str(Fraction(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Fraction | None:
        return None if value is None else _fraction(value)


@lru_cache(maxsize=4096)
def _fraction(text: str) -> Fraction:
    # Multipliers, quantities and prices are few among many rows: reading one from text takes longer than the row.
    return Fraction(text)


class Moment(types.TypeDecorator[datetime]):
    """An aware date and time, stored as ISO 8601 text to the second with its offset, as it is printed and hashed."""

    impl = String(25)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else moment_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


def moment_text(value: datetime) -> str:
    """The stored form of a moment: ``2026-11-23T10:42:05+08:00``."""
    if value.tzinfo is None:
        raise ValueError("a moment needs its offset")
    return value.isoformat(timespec="seconds")
