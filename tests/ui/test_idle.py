"""What waits until nobody is served: imports, and bringing what was written ahead into the ledger's file."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from feedesk.db import DiskFull
from feedesk.ui import idle
from feedesk.ui.idle import SERVING, IdleCheckpoint, ImportsAhead
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
    assert not times
    database.dispose()


def test_what_serving_takes_is_imported_one_by_one(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(idle, "import_module", seen.append)
    parent = QObject()
    ahead = ImportsAhead(SERVING, parent)
    assert not seen  # nothing before the desk can take a key
    qtbot.waitUntil(lambda: seen == list(SERVING))
    qtbot.waitUntil(lambda: not ahead.is_under_way())


def test_the_window_is_ready_without_what_serving_takes() -> None:
    """In a program of its own: this one has imported everything long since."""
    says = "import sys, feedesk.ui.session; print(*(name for name in sys.modules if name.startswith('feedesk.')))"
    here = subprocess.run([sys.executable, "-c", says], capture_output=True, text=True, check=True, encoding="utf-8")
    imported = set(here.stdout.split())
    assert "feedesk.ui.pages.desk.page" in imported
    assert not imported & {*SERVING, "feedesk.ops.collecting", "feedesk.rules.pricing", "feedesk.ledger.verify"}
    for name in SERVING:
        import_module(name)
