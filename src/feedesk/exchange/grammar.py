"""What a sheet of the workbook is: columns with their readers, a natural key, and what must hold within one row.

From this one description a sheet is read, its template is written, and bad cells are found again to be marked.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from feedesk.exchange.cells import Reader
from feedesk.texts import N_, _

Values = dict[str, Any]
Finding = tuple[str, str]
"""A field and the reason why its value cannot stand."""

Completion = Callable[[Values], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``note`` explains it to people (translated where it is shown); ``choices`` become a drop-down list.

    ``offered`` is False for a column that is read but not part of the template.
    """

    field: str
    header: str
    read: Reader
    note: str
    key: bool = False
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    width: int = 12
    as_text: bool = False
    offered: bool = True


def _nothing_more(_values: Values) -> Iterator[Finding]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: ``build`` makes its row of the fields; ``complete`` fills in what follows from other columns and
    yields what does not fit together."""

    name: str
    part: str
    columns: tuple[Column, ...]
    build: Callable[..., Any]
    complete: Completion = _nothing_more

    @property
    def keys(self) -> tuple[Column, ...]:
        """The columns of the natural key."""
        return tuple(column for column in self.columns if column.key)

    def column(self, field: str) -> Column:
        return next(column for column in self.columns if column.field == field)


def key_column(field: str, header: str, read: Reader, note: str, **more: Any) -> Column:
    """A column of the natural key: it must be there and filled in."""
    return Column(field, header, read, note, key=True, required=True, **more)


def in_order(first: str, last: str, reason: str) -> Completion:
    """The days of two fields must not be the wrong way round."""

    def complete(values: Values) -> Iterator[Finding]:
        if values[first] and values[last] and values[first] > values[last]:
            yield last, _(reason)

    return complete


def filled(values: Mapping[str, Any], *fields: str) -> bool:
    """Whether all these fields hold something."""
    return all(values[field] not in (None, "", ()) for field in fields)


ENDS_BEFORE_IT_BEGINS = N_("The end lies before the beginning.")
