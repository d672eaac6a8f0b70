"""The program as it is started: the frame first, then the ledger, and a file that is none refused in words."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import qInstallMessageHandler

from feedesk.app import start_logging


def _start(home: Path, ledger: Path, **environment: str) -> dict[str, int]:
    """Starts the window, waits until it is ready and has closed itself, and returns the moments it marked."""
    marks = home / "marks"
    facts = {
        **os.environ,
        "FEEDESK_HOME": str(home),
        "FEEDESK_STARTUP_MARKS": str(marks),
        "FEEDESK_QUIT_WHEN_READY": "1",
        "QT_QPA_PLATFORM": "offscreen",
        **environment,
    }
    command = [sys.executable, "-m", "feedesk", "--database", f"sqlite:///{ledger.as_posix()}"]
    done = subprocess.run(command, env=facts, timeout=60, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {name: int(moment) for name, moment in (line.split() for line in marks.read_text().splitlines())}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="there a window always has a screen")
def test_without_a_screen_it_says_so_in_words(tmp_path: Path) -> None:
    unset = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    facts = {name: value for name, value in os.environ.items() if name not in unset}
    facts["FEEDESK_HOME"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "feedesk"], env=facts, timeout=60, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert done.stderr == (
        "feedesk: 这里没有可以显示窗口的屏幕：请在桌面环境里启动，或者改用不需要屏幕的命令（feedesk --help）。\n"
    )


def test_the_window_paints_first_and_keeps_its_place(sqlite_template: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    ledger.write_bytes(sqlite_template.read_bytes())
    marked = _start(tmp_path, ledger)
    assert list(marked) == ["first_frame", "ready"]
    assert marked["first_frame"] < marked["ready"]
    assert "1366" in (tmp_path / "config" / "settings.json").read_text(encoding="utf-8")


def test_a_foreign_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    foreign = tmp_path / "photo.sqlite"
    foreign.write_bytes(b"not a ledger at all" * 100)
    marked = _start(tmp_path, foreign)
    assert list(marked) == ["first_frame", "ready"]
    assert foreign.read_bytes() == b"not a ledger at all" * 100


def test_a_log_that_cannot_be_written_does_not_keep_the_desk_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "log").write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path))
    logger = logging.getLogger("feedesk")
    before = list(logger.handlers)
    try:
        assert start_logging() == tmp_path / "log" / "feedesk.log"
        (added,) = [handler for handler in logger.handlers if handler not in before]
        assert isinstance(added, logging.StreamHandler)
    finally:
        qInstallMessageHandler(None)
        for handler in [handler for handler in logger.handlers if handler not in before]:
            logger.removeHandler(handler)
