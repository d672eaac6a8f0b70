"""What a report says, whatever file it becomes: a heading, facts, tables one below the other, notes.

Cells are values, not words: amounts in fen, days, counts; each kind of file writes them in its own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from feedesk.money import Fen, decimal_text, format_amount

Value = str | int | date | Fraction | None
"""Text, fen or a count (by the column's kind), a day, an exact figure such as a reading, or nothing."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    DAY = "day"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its ``title`` (ready words); ``share`` of the page's width, in any unit."""

    title: str
    share: float = 1
    kind: Kind = Kind.TEXT

    @property
    def right(self) -> bool:
        """Whether it is set at the right, as figures are."""
        return self.kind in (Kind.MONEY, Kind.COUNT, Kind.FIGURE)


@dataclass(frozen=True, slots=True)
class Part:
    """A table with a caption over it and perhaps a sentence below. A row has a value for each column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("each row has as many values as there are columns")


@dataclass(frozen=True, slots=True)
class Table:
    """A report ready to be written. ``facts`` stand below the title, ``signs`` are places to sign at the end.

    ``missing`` are sentences about what it lacks, told before it is printed and never part of it.
    """

    title: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    landscape: bool = True
    training: bool = False

    @property
    def row_count(self) -> int:
        """How many rows all its tables have together."""
        return sum(len(part.rows) for part in self.parts)


def cell_text(column: Column, value: Value) -> str:
    """A value as it is read on paper."""
    if value is None:
        return ""
    if isinstance(value, int):
        return format_amount(Fen(value)) if column.kind is Kind.MONEY else f"{value:,}"
    if isinstance(value, Fraction):
        return decimal_text(value)
    return value if isinstance(value, str) else value.isoformat()


def widths(columns: Sequence[Column], room: float) -> list[float]:
    """The widths of columns that fill ``room``."""
    whole = sum(column.share for column in columns)
    return [room * column.share / whole for column in columns]
