"""An import under way: its act, its rows, and what has been found and counted so far."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from feedesk.db import next_ids
from feedesk.ops.run import Act
from feedesk.rules.community_rows import CellProblem, CommunityBook, SheetRows


class SheetRow(Protocol):
    """A row that knows its place."""

    @property
    def row(self) -> int: ...


Row = TypeVar("Row", bound=SheetRow)
Values = dict[str, Any]


@dataclass(slots=True)
class SheetTally:
    """How many rows of a sheet were new, changed what was there, or said what the ledger knew."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class ImportUnderWay:
    """Faulty rows are left out and noted; whoever runs the import undoes everything if any were found."""

    act: Act
    book: CommunityBook
    problems: list[CellProblem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tallies: dict[str, SheetTally] = field(default_factory=dict)
    _faulty: set[tuple[str, int]] = field(default_factory=set)

    @property
    def connection(self) -> Connection:
        return self.act.connection

    def note(self, problems: Iterable[CellProblem]) -> None:
        """Adds problems; their rows are no longer among the good ones."""
        for problem in problems:
            self.problems.append(problem)
            self._faulty.add((problem.sheet, problem.row))

    def leave_out(self, sheet: str, found: Iterable[int]) -> None:
        """Leaves rows out without a word: what is wrong with them is told elsewhere."""
        self._faulty.update((sheet, row) for row in found)

    def fault(self, sheet: str, row: int, column: str, value: str, reason: str) -> None:
        self.note([CellProblem(sheet, row, column, value, reason)])

    def good(self, sheet: str, rows: SheetRows[Row]) -> Iterator[Row]:
        """The rows of a sheet that nobody has found fault with so far."""
        for row in rows.rows:
            if (sheet, row.row) not in self._faulty:
                yield row

    def count(self, sheet: str, *, new: bool, changed: bool) -> None:
        """Counts one row of a sheet."""
        tally = self.tallies.setdefault(sheet, SheetTally())
        if new:
            tally.added += 1
        elif changed:
            tally.changed += 1
        else:
            tally.unchanged += 1


@dataclass(slots=True)
class TableWriter:
    """Collects the new rows and the changes of one table, and writes them at once."""

    connection: Connection
    table: Table
    _inserts: list[Values] = field(default_factory=list)
    _updates: list[tuple[int, Values]] = field(default_factory=list)

    def new_ids(self, count: int) -> Iterator[int]:
        """Keys for at most ``count`` new rows."""
        return iter(next_ids(self.connection, self.table, count) if count else ())

    def insert(self, values: Values) -> None:
        self._inserts.append(values)

    def update(self, key: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
        """Notes what differs of the values given; says whether anything does."""
        changes = {name: value for name, value in after.items() if before[name] != value}
        if changes:
            self._updates.append((key, changes))
        return bool(changes)

    def flush(self) -> None:
        """Writes: changes first, since a new row may need the place that an old one gives up."""
        for key, changes in self._updates:
            self.connection.execute(update(self.table).where(self.table.c.id == key).values(**changes))
        if self._inserts:
            self.connection.execute(insert(self.table), self._inserts)
        self._inserts, self._updates = [], []

    def fill_in(self, column: str, values: Mapping[int, Any]) -> None:
        """Sets one column of many rows."""
        if values:
            statement = (
                update(self.table).where(self.table.c.id == bindparam("key")).values({column: bindparam("value")})
            )
            self.connection.execute(statement, [{"key": key, "value": value} for key, value in values.items()])


def all_rows(connection: Connection, table: Table) -> list[Values]:
    """All rows of a table as dictionaries."""
    return [dict(row._mapping) for row in connection.execute(select(table))]
