"""Ledgers for tests, each test its own: made once by upgrading an empty database, then copied.

PostgreSQL takes part when ``FEEDESK_TEST_POSTGRES`` names a server and a role that may create databases.
"""

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

    def close(self) -> None:
        """Drops the template."""
        self._execute(f"DROP DATABASE IF EXISTS {self._prefix} WITH (FORCE)")
        self._admin.dispose()

    def make_template(self) -> None:
        """A training ledger from which `copied` makes others."""
        self._execute(f"CREATE DATABASE {self._prefix}")
        database = self._database(self._prefix)
        create_ledger(database, training=True)
        database.dispose()

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
        self._count += 1
        name = f"{self._prefix}_{self._count}"
        self._execute(f"CREATE DATABASE {name} {how}")
        database = self._database(name)
        try:
            yield database
        finally:
            database.dispose()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _database(self, name: str) -> Database:
        return Database(make_url(SERVER).set(database=name).render_as_string(hide_password=False))

    def _execute(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)
