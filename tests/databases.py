"""Ledgers for tests, each test its own: made once by upgrading an empty database, then copied.

PostgreSQL takes part when ``FEEDESK_TEST_POSTGRES`` names a server and a role that may create databases.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, insert, make_url

from feedesk.db import Database
from feedesk.models import Setting, table_of
from feedesk.ops.setting_up import create_ledger

SERVER = os.environ.get("FEEDESK_TEST_POSTGRES", "")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite:///{path.as_posix()}"


def make_template(folder: Path) -> Path:
    """A training ledger in one SQLite file, without the files beside it."""
    path = folder / "template.sqlite"
    database = Database(sqlite_url(path))
    create_ledger(database, training=True)
    database.dispose()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


def copied(template: Path, target: Path) -> Database:
    """A ledger of one's own from the template."""
    shutil.copyfile(template, target)
    return Database(sqlite_url(target))


def write_setting(database: Database, key: str = "k", value: str = "1") -> None:
    """The smallest change of a ledger, in a transaction of its own."""
    with database.transaction() as connection:
        connection.execute(insert(table_of(Setting)), {"key": key, "value": value})


def fill(database: Database) -> None:
    """Writes 2.4 MB in sixty transactions."""
    for number in range(60):
        write_setting(database, key=f"fill{number}", value="x" * 40_000)


class Server:
    """Databases on the PostgreSQL server, named after this process so that parallel runs do not meet."""

    def __init__(self) -> None:
        self._admin = create_engine(SERVER, isolation_level="AUTOCOMMIT")
        self._prefix = f"feedesk_test_{os.getpid()}"
        self._count = 0
        self._shared: Database | None = None
        self._refresh = ""

    def close(self) -> None:
        """Drops the template and the database that tests shared."""
        if self._shared is not None:
            self._shared.dispose()
            self._execute(f"DROP DATABASE {self._shared.url.database} WITH (FORCE)")
        self._execute(f"DROP DATABASE IF EXISTS {self._prefix} WITH (FORCE)")
        self._admin.dispose()

    def make_template(self) -> None:
        """A training ledger from which `copied` makes others."""
        self._execute(f"CREATE DATABASE {self._prefix}")
        database = self._database(self._prefix)
        create_ledger(database, training=True)
        database.dispose()

    @contextmanager
    def refreshed(self) -> Iterator[Database]:
        """A training ledger as fresh, in a database that the next test uses too: a tenth of the time of a new one."""
        if self._shared is None:
            self._shared = self._database(self._add(f"TEMPLATE {self._prefix}"))
            self._refresh = _restoring(self._shared)
        database = Database(self._shared.url.render_as_string(hide_password=False))
        try:
            yield database
        finally:
            database.dispose()
            with self._shared.transaction() as connection:
                connection.exec_driver_sql(self._refresh)

    @contextmanager
    def copied(self) -> Iterator[Database]:
        """A training ledger of one's own, dropped afterwards."""
        with self._created(f"TEMPLATE {self._prefix}") as database:
            yield database

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """A database without tables, dropped afterwards."""
        with self._created("") as database:
            yield database

    @contextmanager
    def _created(self, how: str) -> Iterator[Database]:
        name = self._add(how)
        database = self._database(name)
        try:
            yield database
        finally:
            database.dispose()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _add(self, how: str) -> str:
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self._execute(f"CREATE DATABASE {name} {how}")
        return name

    def _database(self, name: str) -> Database:
        return Database(make_url(SERVER).set(database=name).render_as_string(hide_password=False))

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


def _restoring(database: Database) -> str:
    """SQL that makes all rows and counters what they are now, whatever a test has done to them."""
    with database.reading() as connection:
        tables = (
            connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").scalars().all()
        )
        rows = {table: connection.exec_driver_sql(f"SELECT json_agg(t) FROM {table} t").scalar() for table in tables}
        counters = connection.exec_driver_sql("SELECT sequencename, last_value FROM pg_sequences").all()
    statements = ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {table}" for table in tables)]
    for table, found in rows.items():
        if found:
            quoted = json.dumps(found, ensure_ascii=False).replace("'", "''")
            statements.append(f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, '{quoted}')")
    for name, last in counters:
        statements.append(f"SELECT setval('{name}', {last or 1}, {'true' if last else 'false'})")
    return "; ".join(statements).replace("%", "%%")
