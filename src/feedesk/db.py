"""The ledger's database: one engine, one way to read and one to write, upgrades, and the faults of the machine.

SQLite runs in WAL mode with ``synchronous=FULL`` and foreign keys on; a writing transaction begins IMMEDIATE, so that
two programs wait for each other instead of failing late. On PostgreSQL writing transactions are serialisable, and
`Database.run` repeats what a conflict between desks rolled back. A file that is not ours is never written to.
"""

import errno
import random
import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, CursorResult, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from feedesk.errors import EnvironmentFault, UsageError
from feedesk.resources import migrations_path
from feedesk.texts import N_

# "feed" in ASCII: marks a SQLite file as ours (PRAGMA application_id).
APPLICATION_ID = 0x66656564
BUSY_SECONDS = 10.0
_SMALLEST_PAGE = 512
# How long the write-ahead log may grow before a commit itself must bring it into the file: 64 MiB, a billing run.
_LOG_PAGES = 16_384

Result = TypeVar("Result")

# serialization failure, deadlock: run the whole act again, so often at least, and for as long as a file is waited for.
_CONFLICTS = frozenset({"40001", "40P01"})
_ATTEMPTS = 12
# unique violation, table exists: two desks created the same thing at once, or a bug; so only a few times.
_COLLISIONS = frozenset({"23505", "42P07"})
_COLLISION_ATTEMPTS = 4


class NotADatabaseUrl(UsageError):
    message = N_("“{url}” names no ledger: give sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE.")


class DriverMissing(EnvironmentFault):
    message = N_("For {where} this program needs the package {package}: install feedesk with its extra “postgres”.")


class LedgerMissing(EnvironmentFault):
    message = N_("There is no ledger at {where}: create one with “feedesk init”, or check the path.")


class LedgerForeign(EnvironmentFault):
    message = N_("{where} is not a feedesk ledger; it was left as it is. Choose another file.")


class LedgerDamaged(EnvironmentFault):
    message = N_("The ledger {where} is damaged and was left as it is: restore the latest backup. ({reason})")


class LedgerNewer(EnvironmentFault):
    message = N_(
        "The ledger {where} was written by a newer feedesk (revision {found}, this program knows {known}): "
        "update this program. Nothing was changed."
    )


class LedgerLocked(EnvironmentFault):
    message = N_("The ledger {where} is locked by another program; nothing was changed. Close it and try again.")


class DiskFull(EnvironmentFault):
    message = N_("The disk holding {where} is full; nothing was changed. Free some space and try again.")


class DiskFailing(EnvironmentFault):
    message = N_("The disk holding {where} refused to read or write; nothing was changed. Check the disk. ({reason})")


class FolderReadOnly(EnvironmentFault):
    message = N_("{where} cannot be written; nothing was changed. Check the folder's permissions.")


class NetworkDrive(EnvironmentFault):
    message = N_(
        "{where} lies on a network drive, where a shared ledger file gets damaged. "
        "Keep it on a local disk, or use a PostgreSQL server for several desks."
    )


class DatabaseUnreachable(EnvironmentFault):
    message = N_("The database {where} cannot be reached; nothing was changed. ({reason})")


_NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "9p", "afs", "ceph", "lustre", "fuse.sshfs"}
    | {"fuse.glusterfs", "fuse.rclone", "fuse.davfs2", "davfs"}
)


class Database:
    """A ledger's database. ``url`` is SQLAlchemy's; for SQLite the file is `path`.

    ``busy_seconds`` is how long an act waits for others that are writing.
    Raises `NotADatabaseUrl`, `DriverMissing`.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url: URL = _parsed(url)
        is_file = self.url.get_backend_name() == "sqlite"
        self.path = Path(str(self.url.database)) if is_file else None
        self.where = str(self.path) if self.path else self.url.render_as_string(hide_password=True)
        self._busy_seconds = busy_seconds
        self.engine: Engine = self._sqlite_engine(busy_seconds) if self.path else self._server_engine()

    def _sqlite_engine(self, busy_seconds: float) -> Engine:
        # The pool rolls back what it gets back: a commit that fails leaves SQLite within its transaction.
        engine = create_engine(self.url, connect_args={"timeout": busy_seconds, "isolation_level": None})
        event.listen(engine, "connect", partial(_set_pragmas, busy_seconds=busy_seconds))
        event.listen(engine, "begin", _begin)
        return engine

    def _server_engine(self) -> Engine:
        try:
            return create_engine(self.url, isolation_level="SERIALIZABLE", pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise DriverMissing(where=self.where, package=error.name) from error

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A writing transaction: commits at the end, rolls back on any exception; faults of the machine are named."""
        with self._named_faults(), self.engine.connect() as connection:
            writer = connection.execution_options(feedesk_writes=True)
            with writer.begin():
                yield writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A reading transaction: one consistent picture, and writers are not kept waiting."""
        with self._named_faults(), self.engine.connect() as connection:
            if self.path is None:  # a snapshot that no conflict can roll back
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield connection

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """``work(connection)`` in a writing transaction; where two desks met on a server, the whole of it again."""
        give_up = time.monotonic() + self._busy_seconds
        for attempt in count(1):
            try:
                with self.transaction() as connection:
                    return work(connection)
            except DBAPIError as error:
                state = _state(error)
                if state in _CONFLICTS:
                    if attempt >= _ATTEMPTS and time.monotonic() > give_up:
                        raise LedgerLocked(where=self.where) from error
                elif state not in _COLLISIONS or attempt >= _COLLISION_ATTEMPTS:
                    raise
                time.sleep(random.uniform(0, 0.01 * 2 ** min(attempt, 6)))  # each desk a different while
        raise AssertionError("unreachable")

    @contextmanager
    def _named_faults(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            fault = self._fault(error)
            if fault is None:
                raise
            raise fault from error
        except sqlite3.Error as error:  # while a connection is made, before SQLAlchemy wraps errors
            fault = self._fault_of(error)
            if fault is None:
                raise
            raise fault from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise DiskFull(where=self.where) from error
            raise

    def _fault(self, error: DBAPIError) -> EnvironmentFault | None:
        if isinstance(error.orig, sqlite3.Error):
            return self._fault_of(error.orig)
        if _state(error) in _CONFLICTS:  # also when the commit itself tells it, which is no statement
            return None
        if isinstance(error, OperationalError) and (error.connection_invalidated or error.statement is None):
            return DatabaseUnreachable(where=self.where, reason=str(error.orig).strip().splitlines()[0])
        return None

    def _fault_of(self, error: sqlite3.Error) -> EnvironmentFault | None:
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return LedgerLocked(where=self.where)
            case sqlite3.SQLITE_FULL:
                return DiskFull(where=self.where)
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN:
                return FolderReadOnly(where=self.where)
            case sqlite3.SQLITE_NOTADB:
                return LedgerForeign(where=self.where)
            case sqlite3.SQLITE_CORRUPT:
                return LedgerDamaged(where=self.where, reason=str(error))
            case sqlite3.SQLITE_IOERR:
                return DiskFailing(where=self.where, reason=str(error))
            case _:
                return None

    def exists(self) -> bool:
        """Whether there is a ledger (an empty file is none). Raises `LedgerForeign` for somebody else's file."""
        if self.path is not None and self._file_size() == 0:
            return False
        with self.reading() as connection:
            return _revision(connection, self.where) is not None

    def _file_size(self) -> int:
        assert self.path is not None
        size = self.path.stat().st_size if self.path.exists() else 0
        if 0 < size < _SMALLEST_PAGE and not self.path.is_dir():  # SQLite would take it for empty and write over it
            raise LedgerForeign(where=self.where)
        return size

    def open(self) -> None:
        """Makes sure that this is a ledger of this program's and brings it up to date.

        Raises `LedgerMissing`, `LedgerForeign`, `LedgerNewer`, `LedgerDamaged`, `NetworkDrive` …
        """
        if self.path is not None:
            refuse_network_drive(self.path)
        if not self.exists():
            raise LedgerMissing(where=self.where)
        self.upgrade_to_head()

    def create(self) -> None:
        """Creates the tables of an empty ledger, or upgrades the one that is there."""
        if self.path is not None:
            refuse_network_drive(self.path)
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise FolderReadOnly(where=str(self.path.parent)) from error
        self.upgrade_to_head()

    def upgrade_to_head(self) -> None:
        """Runs the migrations that are missing, all in one transaction."""
        head = latest_revision()
        if self.path is None or self._file_size():
            with self.reading() as connection:
                if _revision(connection, self.where) == head:
                    return
        self.run(self._upgrade)
        self.dispose()  # connections made before the ledger was ours do not write ahead yet

    def _upgrade(self, connection: Connection) -> None:
        if _revision(connection, self.where) == latest_revision():
            return  # another program was faster
        _run_migrations(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def backup(self, target: Path) -> None:
        """Copies a SQLite ledger while it is in use (SQLite's online backup)."""
        if self.path is None:
            raise NotImplementedError("a server has backups of its own")
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)

    def checkpoint(self) -> None:
        """Brings what a SQLite ledger has written ahead into the file, as far as nobody is kept waiting by it.

        To be called when nobody is being served: by itself SQLite does it within the commit that fills the log.
        """
        if self.path is None:
            return
        with self._named_faults(), self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def dispose(self) -> None:
        """Closes all connections."""
        self.engine.dispose()


def _state(error: DBAPIError) -> str | None:
    """The server's five characters for what happened; None from SQLite, and where no server answered."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    return state


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError) as error:
        raise NotADatabaseUrl(url=url) from error
    except ModuleNotFoundError:
        pass  # named later, when the driver is needed
    backend = parsed.get_backend_name()
    if backend not in ("sqlite", "postgresql") or (backend == "sqlite" and parsed.database in (None, "", ":memory:")):
        raise NotADatabaseUrl(url=parsed.render_as_string(hide_password=True))
    return parsed


def _set_pragmas(connection: sqlite3.Connection, _record: Any, *, busy_seconds: float) -> None:
    with closing(connection.cursor()) as cursor:
        (application_id,) = cursor.execute("PRAGMA application_id").fetchone()
        if application_id == APPLICATION_ID:  # writing ahead is noted in the file: only in one that is ours
            _write_ahead(cursor, busy_seconds)
        for pragma in (
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            f"wal_autocheckpoint = {_LOG_PAGES}",
        ):
            cursor.execute(f"PRAGMA {pragma}")


def _write_ahead(cursor: sqlite3.Cursor, busy_seconds: float) -> None:
    """Turns writing ahead on. SQLite itself does not wait here for whoever is writing or turning it on as well."""
    give_up = time.monotonic() + busy_seconds
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(random.uniform(0, 0.02))


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("feedesk_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def latest_revision() -> str:
    """The newest revision this program knows, read from the file names without loading alembic."""
    return max(path.name[:4] for path in (migrations_path() / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection, where: str) -> str | None:
    """The ledger's revision, None for an empty database; `LedgerForeign` for one with other tables."""
    if connection.dialect.name == "sqlite":
        application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
        if not tables and application_id == 0:
            return None
        if application_id != APPLICATION_ID or "alembic_version" not in tables:
            raise LedgerForeign(where=where)
    elif connection.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    if revision is not None and revision > latest_revision():
        raise LedgerNewer(where=where, found=revision, known=latest_revision())
    return revision


def _run_migrations(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_path()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def refuse_network_drive(path: Path, *, mounts: Path = Path("/proc/mounts")) -> None:
    """Raises `NetworkDrive` when a SQLite file would lie on a network file system (as far as the system tells)."""
    if str(path).startswith(("\\\\", "//")) or _is_remote_drive(path):
        raise NetworkDrive(where=str(path))
    if not mounts.exists():
        return
    resolved = str(path.resolve())
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _device, mount, file_system, *_rest = line.split(" ")
        prefix = _ESCAPED.sub(lambda match: chr(int(match[1], 8)), mount).rstrip("/") + "/"
        if resolved.startswith(prefix) and len(prefix) >= len(best):
            best, kind = prefix, file_system
    if kind in _NETWORK_FILE_SYSTEMS:
        raise NetworkDrive(where=str(path))


_ESCAPED = re.compile(r"\\([0-7]{3})")
_DRIVE_REMOTE = 4


def _is_remote_drive(path: Path) -> bool:
    """Whether a Windows drive letter stands for a share (GetDriveType)."""
    if sys.platform == "win32":
        import ctypes

        return bool(ctypes.windll.kernel32.GetDriveTypeW(path.resolve().anchor) == _DRIVE_REMOTE)
    return False


def next_ids(connection: Connection, table: Table, count: int = 1) -> range | list[int]:
    """Reserves ``count`` keys of a table, for rows that must know their key before they are stored."""
    if connection.dialect.name == "sqlite":  # safe: the transaction holds the only write lock
        first = (connection.exec_driver_sql(f"SELECT max(id) FROM {table.name}").scalar() or 0) + 1
        return range(first, first + count)
    sequence = f"{table.name}_id_seq"
    return list(
        connection.execute(
            text(f"SELECT nextval('{sequence}') FROM generate_series(1, :count)"), {"count": count}
        ).scalars()
    )


def inserted_key(result: CursorResult[Any]) -> int:
    """The key that an insert of one row was given."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
