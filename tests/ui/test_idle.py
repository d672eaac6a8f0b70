"""What was written ahead is brought into the ledger's file between two customers."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from feedesk.db import DiskFull
from feedesk.ui import idle
from feedesk.ui.idle import IdleCheckpoint
from feedesk.ui.tasks import Worker
from tests.databases import copied, write_setting


def moved_pages(path: Path) -> int:
    """How many pages SQLite has brought from the log into the file, by the log's own header of what is done."""
    shared = Path(f"{path}-shm").read_bytes()
    return int.from_bytes(shared[96:100], "little")  # walIndexHdr twice (96 bytes), then nBackfill


def test_the_log_is_emptied_when_it_has_been_quiet(
    qtbot: QtBot, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "QUIET_MS", 1)
    path = tmp_path / "ledger.sqlite"
    database = copied(sqlite_template, path)
    worker = Worker()
    checkpoint = IdleCheckpoint(database, worker, worker)
    with database.engine.connect():  # a connection that stays: the last one to go would empty the log by itself
        write_setting(database)
        assert moved_pages(path) == 0
        worker.start(lambda progress: None, done=lambda result: None, failed=lambda error: None)
        checkpoint.wake(frozenset())
        qtbot.waitUntil(lambda: moved_pages(path) > 0)
    worker.stop()
    database.dispose()


def test_a_fault_of_the_disk_is_left_to_the_next_act(
    qtbot: QtBot, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "QUIET_MS", 1)
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    times: list[int] = []

    def fail() -> None:
        times.append(1)
        raise DiskFull(where="ledger.sqlite")

    monkeypatch.setattr(database, "checkpoint", fail)
    worker = Worker()
    checkpoint = IdleCheckpoint(database, worker, worker)
    for n in (1, 2):
        checkpoint.wake()
        qtbot.waitUntil(lambda n=n: len(times) == n and not worker.is_busy())  # type: ignore[misc]
    worker.stop()
    database.dispose()


def test_nothing_is_begun_once_the_window_has_closed(
    qtbot: QtBot, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idle, "QUIET_MS", 1)
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    times: list[int] = []
    monkeypatch.setattr(database, "checkpoint", lambda: times.append(1))
    worker = Worker()
    checkpoint = IdleCheckpoint(database, worker, worker)
    checkpoint.wake()
    worker.stop()
    qtbot.wait(20)  # an exception within the timer's call would fail the test
    assert worker.has_stopped
    assert not times
    database.dispose()
