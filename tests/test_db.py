"""What the machine may do to a ledger, and the sentence each gets: nothing is lost, nothing foreign is touched."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from feedesk import db
from feedesk.db import (
    Database,
    DatabaseUnreachable,
    DiskFull,
    DriverMissing,
    FolderReadOnly,
    LedgerDamaged,
    LedgerForeign,
    LedgerLocked,
    LedgerMissing,
    LedgerNewer,
    NetworkDrive,
    NotADatabaseUrl,
    inserted_key,
    next_ids,
    refuse_network_drive,
)
from feedesk.errors import EnvironmentFault
from feedesk.models import AuditRecord, Entry, Setting, table_of
from tests.databases import fill, sqlite_url, write_setting

_setting = table_of(Setting)


def _settings(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(_setting)).scalar_one()


class TestSomebodyElsesFile:
    def test_a_missing_ledger_is_not_created_by_opening(self, tmp_path: Path) -> None:
        path = tmp_path / "folder" / "ledger.sqlite"
        with pytest.raises(LedgerMissing, match=r"ledger\.sqlite"):
            Database(sqlite_url(path)).open()
        assert list(tmp_path.iterdir()) == []

    def test_an_empty_file_is_no_ledger_yet(self, tmp_path: Path) -> None:
        path = tmp_path / "ledger.sqlite"
        path.touch()
        database = Database(sqlite_url(path))
        with pytest.raises(LedgerMissing):
            database.open()
        database.create()
        assert database.exists()

    @pytest.mark.parametrize(
        "content",
        [b"a text, no database at all\n" * 500, b"PK\x03\x04" + bytes(4000), b"x"],
        ids=["text", "workbook", "one byte"],
    )
    @pytest.mark.parametrize("act", [Database.open, Database.create], ids=["open", "create"])
    def test_a_file_that_is_no_database_is_left_as_it_is(
        self, tmp_path: Path, content: bytes, act: Callable[[Database], None]
    ) -> None:
        path = tmp_path / "ledger.sqlite"
        path.write_bytes(content)
        with pytest.raises(LedgerForeign):
            act(Database(sqlite_url(path)))
        assert path.read_bytes() == content
        assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]

    @pytest.mark.parametrize("act", [Database.open, Database.create], ids=["open", "create"])
    def test_a_foreign_sqlite_database_is_left_as_it_is(self, tmp_path: Path, act: Callable[[Database], None]) -> None:
        path = tmp_path / "ledger.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
            connection.execute("INSERT INTO alembic_version VALUES ('0001')")
        connection.close()
        before = path.read_bytes()
        database = Database(sqlite_url(path))
        with pytest.raises(LedgerForeign):
            act(database)
        database.dispose()
        assert path.read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == ["ledger.sqlite"]

    def test_a_folder_is_no_ledger(self, tmp_path: Path) -> None:
        with pytest.raises(FolderReadOnly):
            Database(sqlite_url(tmp_path)).open()

    @pytest.mark.parametrize("act", [Database.open, Database.create], ids=["open", "create"])
    def test_a_newer_ledger_is_refused_and_kept(
        self, ledger_database: Database, act: Callable[[Database], None]
    ) -> None:
        with ledger_database.transaction() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(LedgerNewer) as caught:
            act(ledger_database)
        assert caught.value.facts["found"] == "9999"
        assert caught.value.facts["known"] == db.latest_revision()
        with ledger_database.reading() as connection:
            assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "9999"


class TestDamage:
    @pytest.mark.parametrize("length", [5000, 60_000])
    def test_a_ledger_cut_short_is_named_as_damaged_and_kept(
        self, sqlite_template: Path, tmp_path: Path, length: int
    ) -> None:
        path = tmp_path / "ledger.sqlite"
        path.write_bytes(sqlite_template.read_bytes()[:length])
        with pytest.raises(LedgerDamaged, match="malformed"):
            Database(sqlite_url(path)).open()
        assert path.read_bytes() == sqlite_template.read_bytes()[:length]

    def test_garbage_in_the_first_page_is_named_as_damage(self, sqlite_template: Path, tmp_path: Path) -> None:
        path = tmp_path / "ledger.sqlite"
        content = bytearray(sqlite_template.read_bytes())
        content[100:4096] = b"\xa5" * 3996
        path.write_bytes(content)
        with pytest.raises(LedgerDamaged):
            Database(sqlite_url(path)).open()
        assert path.read_bytes() == content


class TestOtherPrograms:
    def test_a_writer_waits_and_then_says_that_the_ledger_is_locked(self, sqlite_ledger: Database) -> None:
        assert sqlite_ledger.path is not None
        other = sqlite3.connect(sqlite_ledger.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        impatient = Database(sqlite_url(sqlite_ledger.path), busy_seconds=0.05)
        before = _settings(impatient)  # reading is not kept waiting
        with pytest.raises(LedgerLocked):
            write_setting(impatient)
        other.execute("ROLLBACK")
        write_setting(impatient)
        assert _settings(impatient) == before + 1
        other.close()
        impatient.dispose()

    def test_a_ledger_held_exclusively_is_locked_even_for_readers(self, sqlite_ledger: Database) -> None:
        assert sqlite_ledger.path is not None
        other = sqlite3.connect(sqlite_ledger.path, isolation_level=None)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerLocked):
            Database(sqlite_url(sqlite_ledger.path), busy_seconds=0.05).open()
        other.close()

    def test_a_reader_sees_one_picture_while_others_write(self, ledger_database: Database) -> None:
        with ledger_database.reading() as connection:
            before = connection.execute(select(func.count()).select_from(_setting)).scalar_one()
            write_setting(ledger_database)
            assert connection.execute(select(func.count()).select_from(_setting)).scalar_one() == before
        assert _settings(ledger_database) == before + 1

    def test_writing_ahead_is_on_after_creation(self, sqlite_ledger: Database) -> None:
        with sqlite_ledger.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
            assert connection.exec_driver_sql("PRAGMA recursive_triggers").scalar() == 1

    def test_turning_writing_ahead_on_waits_for_whoever_is_writing(self, sqlite_ledger: Database) -> None:
        """SQLite itself gives up at once here: two programs that start on a new ledger met like that."""
        assert sqlite_ledger.path is not None
        sqlite_ledger.dispose()
        with closing(sqlite3.connect(sqlite_ledger.path, isolation_level=None, check_same_thread=False)) as other:
            assert other.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(LedgerLocked):
                Database(sqlite_url(sqlite_ledger.path), busy_seconds=0.05).open()
            done = threading.Timer(0.2, other.execute, ["ROLLBACK"])
            done.start()
            with sqlite_ledger.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            done.join()

    def test_a_conflict_between_desks_is_run_again(self, postgres_ledger: Database) -> None:
        seen: list[int] = []

        def work(connection: Connection) -> int:
            seen.append(connection.execute(select(func.count()).select_from(_setting)).scalar_one())
            if len(seen) == 1:  # another desk reads and writes the same meanwhile
                with postgres_ledger.transaction() as other:
                    other.execute(select(func.count()).select_from(_setting)).scalar_one()
                    other.execute(insert(_setting), {"key": "other", "value": "1"})
            connection.execute(insert(_setting), {"key": "mine", "value": "1"})
            return len(seen)

        assert postgres_ledger.run(work) == 2
        assert seen == [2, 3]

    def test_a_conflict_that_only_the_commit_finds_is_run_again(self, postgres_ledger: Database) -> None:
        """Both read all and write a row of their own: the server sees it when the second of them commits."""
        seen: list[int] = []
        for key in ("mine", "other"):
            write_setting(postgres_ledger, key=key)

        def work(connection: Connection) -> int:
            seen.append(connection.execute(select(func.count()).select_from(_setting)).scalar_one())
            with postgres_ledger.transaction() as other:
                other.execute(select(func.count()).select_from(_setting)).scalar_one()
                connection.execute(update(_setting).where(_setting.c.key == "mine").values(value=str(len(seen))))
                if len(seen) == 1:
                    other.execute(update(_setting).where(_setting.c.key == "other").values(value="2"))
            return len(seen)

        assert postgres_ledger.run(work) == 2
        assert seen == [4, 4]

    def test_a_conflict_that_never_ends_is_told_as_a_busy_ledger(self, postgres_ledger: Database) -> None:
        """As many desks hammer the same accounts: it is tried for a while, and then a sentence says so."""
        calls: list[int] = []
        database = Database(postgres_ledger.url.render_as_string(hide_password=False), busy_seconds=0)

        def work(connection: Connection) -> None:
            calls.append(1)
            connection.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$")

        with pytest.raises(LedgerLocked):
            database.run(work)
        database.dispose()
        assert len(calls) == 12

    def test_what_collides_for_ever_is_a_bug_and_comes_out(self, ledger_database: Database) -> None:
        calls: list[int] = []

        def work(connection: Connection) -> None:
            calls.append(1)
            connection.execute(insert(_setting), [{"key": "same", "value": "1"}] * 2)

        with pytest.raises(IntegrityError):
            ledger_database.run(work)
        assert len(calls) == (1 if ledger_database.path else 4)


class TestTheDisk:
    def test_a_full_ledger_says_so_and_nothing_is_lost(self, sqlite_ledger: Database) -> None:
        before = _settings(sqlite_ledger)

        def grow(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            for number in range(100):
                connection.execute(insert(_setting), {"key": f"k{number}", "value": "x" * 4000})

        with pytest.raises(DiskFull):
            sqlite_ledger.run(grow)
        assert _settings(sqlite_ledger) == before

    def test_a_file_system_without_room(self, sqlite_template: Path, tmp_path: Path) -> None:
        """A real one, 300 KiB larger than an empty ledger, where mounting is permitted."""
        disk = tmp_path / "disk"
        disk.mkdir()
        size = sqlite_template.stat().st_size // 1024 + 300
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(disk)]
        if not sys.platform.startswith("linux") or subprocess.run(mounting, capture_output=True).returncode:
            pytest.skip("file systems cannot be mounted here")
        try:
            shutil.copyfile(sqlite_template, disk / "ledger.sqlite")
            database = Database(sqlite_url(disk / "ledger.sqlite"))
            database.open()
            before = _settings(database)
            with pytest.raises(DiskFull, match=r"ledger\.sqlite"):
                fill(database)
            assert _settings(database) >= before
            with database.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            database.dispose()
        finally:
            subprocess.run(["umount", str(disk)], check=True)

    def test_no_room_to_create_a_ledger(self, tmp_path: Path) -> None:
        (outcome,) = _in_a_process(tmp_path, "database.create()", limit=65536)
        assert outcome in ("DiskFailing", "DiskFull")

    def test_a_limit_met_while_writing_loses_nothing(self, sqlite_ledger: Database, tmp_path: Path) -> None:
        before = _settings(sqlite_ledger)
        assert sqlite_ledger.path is not None
        sqlite_ledger.dispose()
        limit = sqlite_ledger.path.stat().st_size
        opened, filled = _in_a_process(tmp_path, "database.open()", "fill(database)", limit=limit)
        assert opened == "done"
        assert filled in ("DiskFailing", "DiskFull")
        assert _settings(sqlite_ledger) >= before
        with sqlite_ledger.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    def test_room_that_another_part_of_an_act_ran_out_of(self, sqlite_ledger: Database) -> None:
        with pytest.raises(DiskFull), sqlite_ledger.transaction():
            raise OSError(28, "No space left on device")
        with pytest.raises(FileNotFoundError), sqlite_ledger.transaction():
            raise FileNotFoundError(2, "something else")


def _in_a_process(folder: Path, *acts: str, limit: int = 0, user: int | None = None) -> list[str]:
    """Runs each act on the ledger of a folder in another process: the name of the fault it met, or "done".

    ``limit`` is how large a file may grow, in bytes;
    ``user`` is who the process becomes once all it needs is imported, for the checkout may be out of that user's reach.
    """
    program = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        import alembic.command
        from feedesk import db, models
        from feedesk.errors import EnvironmentFault
        from tests.databases import fill, sqlite_url, write_setting
        database = db.Database(sqlite_url(Path(sys.argv[1]) / "ledger.sqlite"))
        head = db.latest_revision()
        db.latest_revision = lambda: head
        """
    )
    if user is not None:
        program += f"os.setgid({user})\nos.setuid({user})\n"
    if limit:
        program += "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        program += f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    for act in acts:
        program += f"try:\n    {act}\n    print('done')\n"
        program += "except EnvironmentFault as fault:\n    print(type(fault).__name__)\n"
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(root), str(root / "src")])},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


_NOBODY = 65534


@pytest.fixture
def read_only_folder() -> Iterator[tuple[Path, int | None]]:
    """A folder that everybody may reach, and the user to be in it: root may write everywhere, so root steps down."""
    folder = Path(tempfile.mkdtemp(prefix="feedesk-read-only-"))
    folder.chmod(0o755)
    yield folder, _NOBODY if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="folders have other permissions there")
class TestPermissions:
    def test_a_read_only_folder(self, read_only_folder: tuple[Path, int | None], sqlite_template: Path) -> None:
        folder, user = read_only_folder
        path = folder / "ledger.sqlite"
        shutil.copyfile(sqlite_template, path)
        path.chmod(0o444)
        folder.chmod(0o555)
        acts = ("database.open()", "database.create()", "write_setting(database)")
        assert _in_a_process(folder, *acts, user=user) == ["FolderReadOnly"] * 3
        assert path.read_bytes() == sqlite_template.read_bytes()

    @pytest.mark.parametrize("below", ["", "below"])
    def test_no_ledger_can_be_created_in_it(self, read_only_folder: tuple[Path, int | None], below: str) -> None:
        folder, user = read_only_folder
        folder.chmod(0o555)
        assert _in_a_process(folder / below, "database.create()", user=user) == ["FolderReadOnly"]
        assert list(folder.iterdir()) == []


class TestNetworkDrives:
    MOUNTS = textwrap.dedent(
        r"""
        /dev/sda1 / ext4 rw 0 0
        server:/export /mnt/share nfs4 rw 0 0
        //server/books /mnt/the\040books cifs rw 0 0
        /dev/sdb1 /mnt/share/local ext4 rw 0 0
        """
    ).lstrip()

    @pytest.mark.parametrize(
        ("path", "refused"),
        [
            ("/mnt/share/ledger.sqlite", True),
            ("/mnt/share/a/b/ledger.sqlite", True),
            ("/mnt/the books/ledger.sqlite", True),
            ("/mnt/shared/ledger.sqlite", False),
            ("/mnt/share/local/ledger.sqlite", False),
            ("/home/desk/ledger.sqlite", False),
            ("//server/share/ledger.sqlite", True),
            (r"\\server\share\ledger.sqlite", True),
        ],
    )
    def test_a_network_drive_is_refused(self, tmp_path: Path, path: str, refused: bool) -> None:
        mounts = tmp_path / "mounts"
        mounts.write_text(self.MOUNTS, encoding="utf-8")
        if refused:
            with pytest.raises(NetworkDrive):
                refuse_network_drive(Path(path), mounts=mounts)
        else:
            refuse_network_drive(Path(path), mounts=mounts)

    def test_a_system_that_tells_nothing_refuses_nothing(self, tmp_path: Path) -> None:
        refuse_network_drive(tmp_path / "ledger.sqlite", mounts=tmp_path / "none")

    def test_opening_and_creating_look_at_the_drive(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(db, "_is_remote_drive", lambda path: True)
        database = Database(sqlite_url(tmp_path / "ledger.sqlite"))
        for act in (database.open, database.create):
            with pytest.raises(NetworkDrive):
                act()
        assert list(tmp_path.iterdir()) == []


class TestAddresses:
    @pytest.mark.parametrize("url", ["nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "foo://a/b", ""])
    def test_what_names_no_ledger(self, url: str) -> None:
        with pytest.raises(NotADatabaseUrl):
            Database(url)

    def test_a_server_that_is_not_there_is_named_without_its_password(self) -> None:
        pytest.importorskip("psycopg")
        database = Database("postgresql+psycopg://desk:secret@127.0.0.1:1/ledger")
        with pytest.raises(DatabaseUnreachable) as caught:
            database.open()
        assert "127.0.0.1" in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_a_missing_driver_is_named(self) -> None:
        with pytest.raises(DriverMissing) as caught:
            Database("postgresql+pg8000://desk@127.0.0.1/ledger")
        assert caught.value.facts["package"] == "pg8000"

    def test_a_server_that_goes_away_is_unreachable(self, postgres_ledger: Database) -> None:
        def work(connection: Connection) -> None:
            own = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            with postgres_ledger.reading() as other:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({own})")
            connection.exec_driver_sql("SELECT 1")

        with pytest.raises(DatabaseUnreachable):
            postgres_ledger.run(work)
        assert _settings(postgres_ledger) == 2


class TestKeysAndCopies:
    def test_reserved_keys_are_those_the_rows_then_have(self, ledger_database: Database) -> None:
        entries = table_of(Entry)
        with ledger_database.transaction() as connection:
            reserved = list(next_ids(connection, entries, 3))
            assert reserved == sorted(set(reserved))
            assert len(reserved) == 3
            noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
            record = {"at": noon, "actor_id": None, "action": "a", "subject": "", "detail": ""}
            created = connection.execute(insert(table_of(AuditRecord)), record)
            key = inserted_key(created)
            assert list(connection.execute(select(AuditRecord.id)).scalars()) == [key]

    def test_an_exception_leaves_nothing_behind(self, ledger_database: Database) -> None:
        before = _settings(ledger_database)

        def work(connection: Connection) -> None:
            connection.execute(insert(_setting), {"key": "k", "value": "1"})
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            ledger_database.run(work)
        assert _settings(ledger_database) == before

    def test_a_commit_that_fails_leaves_no_transaction_behind(self, ledger_database: Database) -> None:
        """References that are checked at the end fail in the commit itself."""
        before = _settings(ledger_database)

        def work(connection: Connection) -> None:
            connection.execute(insert(_setting), {"key": "k", "value": "1"})
            connection.exec_driver_sql(
                "INSERT INTO posting (entry_id, sequence, ledger_account_id, amount)"
                " SELECT 99, 0, 1, 1 WHERE EXISTS (SELECT 1 FROM setting)"
            )

        for _time in range(2):
            with pytest.raises(IntegrityError):
                ledger_database.run(work)
        assert _settings(ledger_database) == before
        write_setting(ledger_database)
        assert _settings(ledger_database) == before + 1

    def test_an_unknown_fault_stays_what_it_is(self, ledger_database: Database) -> None:
        kind = OperationalError if ledger_database.path else Exception
        with pytest.raises(kind) as caught, ledger_database.transaction() as connection:
            connection.exec_driver_sql("SELECT * FROM nowhere")
        assert not isinstance(caught.value, EnvironmentFault)

    def test_a_backup_is_a_whole_ledger_though_somebody_writes(self, sqlite_ledger: Database, tmp_path: Path) -> None:
        with sqlite_ledger.transaction() as connection:
            connection.execute(insert(_setting), {"key": "unfinished", "value": "1"})
            sqlite_ledger.backup(tmp_path / "backup.sqlite")
        copy = Database(sqlite_url(tmp_path / "backup.sqlite"))
        copy.open()
        assert _settings(copy) == _settings(sqlite_ledger) - 1
        copy.dispose()

    def test_a_server_is_not_backed_up_by_us(self, postgres_ledger: Database, tmp_path: Path) -> None:
        with pytest.raises(NotImplementedError):
            postgres_ledger.backup(tmp_path / "backup")


def test_what_is_written_ahead_is_brought_into_the_file_when_nobody_is_served(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    database.create()
    with database.transaction() as connection:
        connection.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('kept', 'true')")
    database.checkpoint()
    with database.reading() as connection:
        # All pages of the log are in the file: SQLite answers (busy, pages in the log, pages brought over).
        busy, logged, moved = connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
    assert (busy, moved) == (0, logged)
    copy = tmp_path / "without-log.sqlite"
    copy.write_bytes((tmp_path / "ledger.sqlite").read_bytes())
    with closing(sqlite3.connect(copy)) as file:
        assert file.execute("SELECT value FROM setting WHERE key = 'kept'").fetchone() == ("true",)
    database.dispose()


def test_a_billing_run_fits_into_the_log_before_a_commit_must_empty_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
    assert pages * size == 64 * 2**20
    database.dispose()
