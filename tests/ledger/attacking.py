"""Altering a ledger by hand, as somebody with the file and a database tool would."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table

from feedesk.db import Database
from feedesk.ledger.reading import document_owner
from feedesk.ledger.verify import Verification, verify_ledger


class Attacker:
    """Someone with the file, a database tool and no respect; all of it is rolled back in the end."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows as stored, with the entry each belongs to as ``of_entry``."""
        names = [column.name for column in table.columns]
        columns = ", ".join(f'd."{name}"' for name in names)
        owner, entry = document_owner(table)
        found = self.connection.exec_driver_sql(f"SELECT {entry}, {columns} FROM {table.name} d {owner} ORDER BY d.id")
        return [{"of_entry": row[0], **dict(zip(names, row[1:], strict=True))} for row in found]

    def execute(self, *statements: str) -> None:
        """Runs statements with every trigger and every reference switched off, and switches them on again."""
        if self.connection.dialect.name == "sqlite":
            triggers = self.connection.exec_driver_sql(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            touched = {statement.split()[2 if statement.startswith("DELETE") else 1] for statement in statements}
            touched |= {statement.split()[2] for statement in statements if statement.startswith("INSERT")}
            before = [f"DROP TRIGGER {name}" for name, table, _sql in triggers if table in touched]
            after = [sql for _name, table, sql in triggers if table in touched]
        else:
            before = ["SET LOCAL session_replication_role = replica"]
            after = ["SET LOCAL session_replication_role = origin"]
        for statement in (*before, *statements, *after):
            self.connection.exec_driver_sql(statement)

    def alter(self, table: Table, row: dict[str, Any], column: str, value: Any) -> None:
        self.execute(f'UPDATE {table.name} SET "{column}" = {literal(value)} WHERE id = {row["id"]}')

    def verify(self) -> Verification:
        return verify_ledger(self.connection)


def literal(value: Any) -> str:
    """A value as SQL; bytes stand for SQL of their own."""
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


@contextmanager
def attacking(database: Database) -> Iterator[Attacker]:
    with database.engine.connect() as connection:
        if database.path is not None:
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys = OFF")
        with connection.begin() as transaction:
            try:
                yield Attacker(connection)
            finally:
                transaction.rollback()
