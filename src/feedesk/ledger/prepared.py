"""Statements of the hot paths, compiled once and run on the driver's own cursor.

SQLAlchemy's way of running a statement costs many times what SQLite needs for a row found by its key, and a payment
runs thirty. So on SQLite a `Prepared` statement keeps its text and its types' own conversions, and hands them to the
driver within the same transaction; on a server it is run as always. Rows are named tuples of the selected columns, and
errors are SQLAlchemy's.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError

from feedesk.db import inserted_key

Facts = Mapping[str, Any]
Statement = Select[Any] | Insert | Update | Delete
_Convert = Callable[[Any], Any]
_NONE: Final[Facts] = {}
_LISTS: Final = frozenset({list, tuple})
_LONGEST: Final = 1024


class Prepared:
    """A statement whose parameters are bound by name; a list or tuple fills an expanding one (``IN``).

    An insert takes the facts as the row; columns left out get their fixed default.
    """

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._forms: dict[tuple[Any, ...], _Form] = {}

    def rows(self, connection: Connection, facts: Facts = _NONE) -> list[Any]:
        """All rows, as named tuples."""
        padded = _padded(facts) if connection.dialect.name == "sqlite" else None
        if padded is None:
            return list(connection.execute(self.statement, facts).all())
        form = self._form(connection.dialect, padded)
        return form.rows(form.execute(connection, padded).fetchall())

    def tuples(self, connection: Connection, facts: Facts = _NONE) -> Iterable[Sequence[Any]]:
        """All rows as plain tuples, where there are thousands. No lists among the facts."""
        if connection.dialect.name != "sqlite":
            return connection.execute(self.statement, facts).all()
        form = self._form(connection.dialect, facts)
        return form.converted(form.execute(connection, facts).fetchall())

    def one_or_none(self, connection: Connection, facts: Facts = _NONE) -> Any:
        """The only row, None where there is none. ValueError for more than one."""
        found = self.rows(connection, facts)
        if len(found) > 1:
            raise ValueError(f"{len(found)} rows where one was looked for")
        return found[0] if found else None

    def scalar(self, connection: Connection, facts: Facts = _NONE) -> Any:
        """The first column of the first row, None where there is none."""
        found = self.rows(connection, facts)
        return found[0][0] if found else None

    def scalars(self, connection: Connection, facts: Facts = _NONE) -> list[Any]:
        """The first column of all rows."""
        return [row[0] for row in self.rows(connection, facts)]

    def run(self, connection: Connection, facts: Facts = _NONE) -> None:
        """Changes what is stored."""
        if connection.dialect.name != "sqlite":
            connection.execute(self.statement, facts)
        else:
            self._form(connection.dialect, facts).execute(connection, facts)

    def insert(self, connection: Connection, row: Facts) -> int:
        """Stores a row and returns its key."""
        if connection.dialect.name != "sqlite":
            return inserted_key(connection.execute(self.statement, row))
        return int(self._form(connection.dialect, row).execute(connection, row).lastrowid or 0)

    def run_many(self, connection: Connection, many: Sequence[Facts]) -> None:
        """Changes what is stored, once for each set of facts; all have the same names."""
        if not many:
            return  # SQLAlchemy would run it once, without facts
        if connection.dialect.name != "sqlite":
            connection.execute(self.statement, list(many))
        else:
            self._form(connection.dialect, many[0]).execute_many(connection, many)

    def _form(self, dialect: Dialect, facts: Facts) -> "_Form":
        """The compiled statement: one form for each length of the lists in it, and each set of an insert's columns."""
        lengths = tuple([len(value) for value in facts.values() if type(value) in _LISTS])
        key = (*facts, *lengths) if isinstance(self.statement, Insert) else lengths
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(self.statement, dialect, facts)
        return form


def _padded(facts: Facts) -> Facts | None:
    """Facts whose lists are as long as a power of two, so that a statement has few forms; None for very long ones.

    The last value stands for the places to be filled: whether a value is among others does not depend on it.
    """
    filled: dict[str, Any] = {}
    for name, value in facts.items():
        if type(value) in _LISTS and len(value) > 1:
            if len(value) > _LONGEST:
                return None
            missing = (1 << (len(value) - 1).bit_length()) - len(value)
            filled[name] = [*value, *[value[-1]] * missing]
    return {**facts, **filled} if filled else facts


class _Form:
    """A statement compiled for SQLite: its text, and how values go in and come out."""

    def __init__(self, statement: Statement, dialect: Dialect, facts: Facts) -> None:
        columns = list(facts) if isinstance(statement, Insert) else None
        compiled = statement.compile(dialect=dialect, column_keys=columns)
        state = compiled.construct_expanded_state(dict(facts))
        constants = {**state.parameters, **_fixed_defaults(statement)}
        places: dict[str, tuple[str, int | None]]
        places = {name: (fact, n) for fact, names in state.parameter_expansion.items() for n, name in enumerate(names)}
        self._sql, self._dialect = state.statement, dialect
        self._takes = []
        for name in state.positiontup or ():
            fact, place = places.get(name, (name, None))
            convert = compiled.binds[fact].type.dialect_impl(dialect).bind_processor(dialect)
            self._takes.append(_take(fact, place, fact in facts, constants.get(name), convert))
        selected = list(statement.exported_columns)
        row: Any = namedtuple("Row", [str(column.key) for column in selected], rename=True)  # type: ignore[misc]
        self._make: Callable[[Iterable[Any]], Any] = row._make
        converts = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in selected]
        self._converts = [(place, convert) for place, convert in enumerate(converts) if convert is not None]

    def execute(self, connection: Connection, facts: Facts) -> sqlite3.Cursor:
        """Runs it once."""
        values = [take(facts) for take in self._takes]
        try:
            return _cursor(connection).execute(self._sql, values)
        except sqlite3.Error as error:
            raise self._named(error, values) from error

    def execute_many(self, connection: Connection, many: Sequence[Facts]) -> None:
        """Runs it for each set of facts."""
        values = [[take(facts) for take in self._takes] for facts in many]
        try:
            _cursor(connection).executemany(self._sql, values)
        except sqlite3.Error as error:
            raise self._named(error, values) from error

    def _named(self, error: sqlite3.Error, values: Any) -> BaseException:
        return DBAPIError.instance(self._sql, values, error, sqlite3.Error, dialect=self._dialect)

    def rows(self, found: Iterable[Sequence[Any]]) -> list[Any]:
        """Rows as the driver gives them, converted and named."""
        return [self._make(row) for row in self.converted(found)]

    def converted(self, found: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
        """Rows as the driver gives them, converted."""
        if not self._converts:
            return found
        made = []
        for row in found:
            values = list(row)
            for place, convert in self._converts:
                values[place] = convert(values[place])
            made.append(values)
        return made


def _cursor(connection: Connection) -> sqlite3.Cursor:
    cursor: sqlite3.Cursor = connection.connection.cursor()  # type: ignore[assignment]
    return cursor


def _fixed_defaults(statement: Statement) -> dict[str, Any]:
    """The values of an insert's columns that have a fixed default."""
    if not isinstance(statement, Insert):
        return {}
    columns = statement.table.columns
    return {column.key: getattr(column.default, "arg", None) for column in columns if column.default is not None}


_Take = Callable[[Facts], Any]


def _take(name: str, n: int | None, given: bool, constant: Any, convert: _Convert | None) -> _Take:
    """How one mark is filled: with a fact, with the n-th of a list, or with a constant of the statement."""
    if not given:
        value = convert(constant) if convert else constant
        return lambda _facts: value
    if n is not None:
        return (lambda facts: convert(facts[name][n])) if convert else (lambda facts: facts[name][n])
    return (lambda facts: convert(facts[name])) if convert else (lambda facts: facts[name])
