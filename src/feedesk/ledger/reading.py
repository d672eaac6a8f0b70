"""Reading the money tables raw, as the digests saw them: no type is applied, days and moments stay ISO text.

Rows come as a stream in the order of their entries, so that a ledger of millions of charges is checked in little
memory; whatever an attacker put into a column arrives as it is stored.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Date, Table

from feedesk.ledger.sealing import SEALED

RawRow = tuple[Any, ...]

# Where a document has no entry of its own: the table, and the column, by which it hangs on one that has.
_OWNERS = {
    "payment_tender": ("payment", "payment_id"),
    "allocation": ("payment", "payment_id"),
    "allocation_basis": ("payment", "payment_id"),
    "payment_line": ("payment", "payment_id"),
    "charge_usage": ("charge", "charge_id"),
}
# An allocation or waiver is posted to the account and the fee item of its charge, so these are read with it.
_CHARGED = {"charge_account": "c.account_id", "charge_item": "c.fee_item_id"}
# Once a replacement was reversed its charge lives on, so that what is left of it tells nothing of that day.
_REPLACED = {
    "replaced_item": "c.fee_item_id",
    "replaced_open": "c.gross - c.discount - c.waived - c.paid",
    "undone": "EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = d.entry_id)",
}
_CHARGE_FACTS = {
    "allocation": ("charge_id", _CHARGED),
    "waiver": ("charge_id", _CHARGED),
    "charge_cancellation": (
        "charge_id",
        {**_CHARGED, "charge_net": "c.gross - c.discount", "charge_left": "c.waived + c.paid"},
    ),
    "charge_replacement": ("replaced_id", _REPLACED),
}
_NO_CHARGE: tuple[str, dict[str, str]] = ("", {})


def raw_column(connection: Connection, column: Column[Any], alias: str) -> str:
    """SQL for a column as the digests saw it: PostgreSQL's days become text, truth 0 or 1."""
    name = f'{alias}."{column.name}"'
    if connection.dialect.name == "sqlite":
        return name
    if isinstance(column.type, Date):
        return f"CAST({name} AS TEXT)"
    if isinstance(column.type, Boolean):
        return f"CAST({name} AS INTEGER)"
    return name


def stream(connection: Connection, sql: str) -> Iterator[RawRow]:
    """The rows of a query as plain tuples, a thousand at a time; several streams may be read side by side."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        with closing(driver.execute(sql)) as cursor:  # SQLAlchemy's rows would take as long as the rest
            while rows := cursor.fetchmany(1000):
                yield from rows
    else:
        with connection.exec_driver_sql(sql, execution_options={"stream_results": True}) as result:
            for part in result.partitions(1000):
                yield from map(tuple, part)


def document_columns(table: Table) -> tuple[str, ...]:
    """The columns that `documents` reads of a table: first the sealed ones, then the rest."""
    sealed = SEALED[table.name]
    rest = [column.name for column in table.columns if column.name not in sealed]
    return (*sealed, *rest, *_CHARGE_FACTS.get(table.name, _NO_CHARGE)[1])


def documents(connection: Connection, table: Table) -> Iterator[RawRow]:
    """All rows of a document table as (entry, *`document_columns`), by entry and key."""
    names = document_columns(table)
    link, facts = _CHARGE_FACTS.get(table.name, _NO_CHARGE)
    columns = ", ".join(facts.get(name) or raw_column(connection, table.columns[name], "d") for name in names)
    charged = f"LEFT JOIN charge c ON c.id = d.{link}" if link else ""
    if table.name not in _OWNERS:
        return stream(
            connection, f"SELECT d.entry_id, {columns} FROM {table.name} d {charged} ORDER BY d.entry_id, d.id"
        )
    owner, owned_by = _OWNERS[table.name]
    return stream(
        connection,
        f"SELECT o.entry_id, {columns} FROM {owner} o JOIN {table.name} d ON d.{owned_by} = o.id {charged}"
        " ORDER BY o.entry_id, d.id",
    )


def document_owner(table: Table) -> tuple[str, str]:
    """For a table read as ``d``: the join to whatever knows its entry, and SQL for that entry (NULL for none)."""
    if table.name in _OWNERS:
        owner, link = _OWNERS[table.name]
        return f"LEFT JOIN {owner} o ON o.id = d.{link}", "o.entry_id"
    if table.name == "entry":
        return "", "d.id"
    return "", "d.entry_id" if "entry_id" in table.columns else "NULL"


class ByEntry:
    """A stream of rows that begin with their entry, handed out entry by entry; rows of no entry are told."""

    def __init__(self, rows: Iterator[RawRow], orphan: Callable[[RawRow], None]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._orphan = orphan
        self._next = next(self._groups, None)

    def of(self, entry: int) -> Iterator[RawRow]:
        """The rows of an entry; to be consumed, and asked for in the order of entries."""
        while self._next is not None and (type(self._next[0]) is not int or self._next[0] < entry):
            self._tell_orphans(self._next[1])
        if self._next is not None and self._next[0] == entry:
            yield from self._next[1]
            self._next = next(self._groups, None)

    def finish(self) -> None:
        """Tells the rows that are left: their entries do not exist."""
        while self._next is not None:
            self._tell_orphans(self._next[1])

    def _tell_orphans(self, rows: Iterator[RawRow]) -> None:
        for row in rows:
            self._orphan(row)
        self._next = next(self._groups, None)
