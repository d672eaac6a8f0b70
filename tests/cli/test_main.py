"""The frame: help, wrong usage, faults of the machine, and the window when there is no command."""

import functools
import re
import sqlite3
from datetime import date
from pathlib import Path

import pytest

import feedesk.cli.main as frame
from feedesk import __version__
from feedesk.cli import desk
from feedesk.cli.commands import COMMANDS, module_of
from feedesk.cli.output import Answer
from feedesk.db import Database
from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk, NoWindow


def test_without_a_command_the_window_opens(
    feedesk: Feedesk, window: NoWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feedesk().status == 0
    assert feedesk("--database", "a.sqlite", "--today", "2026-11-23").status == 0
    monkeypatch.setenv("FEEDESK_DATABASE", "postgresql+psycopg://desk@server/ledger")
    assert feedesk().status == 0
    assert window.opened == [
        (None, None),
        ("sqlite:///a.sqlite", date(2026, 11, 23)),
        ("postgresql+psycopg://desk@server/ledger", None),
    ]


def test_help_lists_every_command(feedesk: Feedesk) -> None:
    outcome = feedesk("--help")
    assert outcome.status == 0
    for command in COMMANDS:
        assert f"\n  {command} " in outcome.out
    assert "--database" in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(feedesk: Feedesk, command: str) -> None:
    outcome = feedesk(*command.split(), "--help")
    assert outcome.status == 0
    assert f"feedesk {command}" in outcome.out
    assert "--json" in outcome.out
    assert module_of(command).rpartition(".")[2].startswith(re.sub(r"[- ]", "_", command))


def test_version(feedesk: Feedesk) -> None:
    assert feedesk("--version").out == f"feedesk {__version__}\n"


def test_unknown_command(feedesk: Feedesk) -> None:
    outcome = feedesk("pay")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "feedesk: 没有“pay”这个命令。请看“feedesk --help”。\n"


def test_half_a_command(feedesk: Feedesk) -> None:
    outcome = feedesk("shift")
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err == "feedesk: “shift”后面要接：open close。请看“feedesk --help”。\n"


def test_wrong_usage_as_json(feedesk: Feedesk) -> None:
    for arguments in (["pay", "--json"], ["--json", "search"], ["--json", "--wrong"]):
        outcome = feedesk(*arguments)
        assert outcome.status == 2
        assert outcome.error["code"] == "usage_error"
        assert outcome.err == ""


def test_miswritten_value_is_wrong_usage_with_its_own_sentence(feedesk: Feedesk) -> None:
    outcome = feedesk("search", "x", "--today", "yesterday", "--json")
    assert (outcome.status, outcome.error["code"]) == (2, "not_a_date")
    assert "yesterday" in outcome.error["message"]


def test_no_ledger(feedesk: Feedesk, tmp_path: Path) -> None:
    outcome = feedesk("search", "x", "--database", tmp_path / "none.sqlite", "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "ledger_missing")
    assert not (tmp_path / "none.sqlite").exists()


def test_foreign_database(feedesk: Feedesk, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE songs (title)")
    connection.close()
    before = path.read_bytes()
    for command in (["search", "x"], ["init"]):
        outcome = feedesk(*command, "--database", path, "--json")
        assert (outcome.status, outcome.error["code"]) == (4, "ledger_foreign")
    assert path.read_bytes() == before


def test_file_that_is_no_database(feedesk: Feedesk, tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear residents, " * 200, encoding="utf-8")
    outcome = feedesk("search", "x", "--database", path, "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "ledger_foreign")


def test_damaged_ledger(feedesk: Feedesk, training: Path) -> None:
    content = bytearray(training.read_bytes())
    content[4096:] = b"\x5a" * (len(content) - 4096)
    training.write_bytes(content)
    outcome = feedesk("search", "x", "--database", training, "--json")
    assert outcome.status == 4
    assert outcome.error["code"] in ("ledger_damaged", "ledger_foreign")


def test_newer_ledger(feedesk: Feedesk, training: Path) -> None:
    connection = sqlite3.connect(training)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    outcome = feedesk("search", "x", "--database", training, "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "ledger_newer")
    assert "9999" in outcome.error["message"]


def test_url_that_is_none(feedesk: Feedesk) -> None:
    outcome = feedesk("search", "x", "--database", "foo://bar", "--json")
    assert (outcome.status, outcome.error["code"]) == (2, "not_a_database_url")


def test_database_from_the_environment(
    feedesk: Feedesk, training: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEEDESK_DATABASE", str(training))
    assert feedesk("search", "x", "--json").document == []
    monkeypatch.setenv("FEEDESK_DATABASE", f"sqlite:///{training}")
    assert feedesk("search", "x", "--json").document == []
    # What is said on the command line goes before.
    assert feedesk("search", "x", "--database", tmp_path / "none.sqlite").status == 4


def test_default_database_is_in_the_users_folder(
    feedesk: Feedesk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    assert feedesk("search", "x").status == 4
    document = feedesk("init", "--json").document
    assert Path(document["ledger"]).is_relative_to(tmp_path / "home")
    assert feedesk("search", "x").status == 0


def test_today_on_a_real_ledger_is_refused(feedesk: Feedesk, real: Path) -> None:
    outcome = feedesk("search", "x", "--database", real, "--today", "2026-11-23", "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "today_only_in_training")


def test_language_is_the_ledgers(feedesk: Feedesk, training: Path) -> None:
    connection = sqlite3.connect(training)
    connection.execute("""UPDATE setting SET value = '"en"' WHERE key = 'language'""")
    connection.commit()
    connection.close()
    assert feedesk("search", "nobody", "--database", training).out == "Nothing found for “nobody”.\n"
    assert feedesk("pay").err.startswith("feedesk: 没有")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (FileNotFoundError(2, "No such file", "a.xlsx"), 4, "file_missing"),
        (PermissionError(13, "Permission denied", "a.xlsx"), 4, "file_refused"),
        (OSError(30, "Read-only file system", "a.xlsx"), 4, "file_refused"),
        (OSError(28, "No space left", "a.xlsx"), 4, "disk_full"),
        (IsADirectoryError(21, "Is a directory", "a.xlsx"), 4, "file_trouble"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_faults_are_sentences(
    feedesk: Feedesk, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int, code: str
) -> None:
    def fail(*_anything: object) -> Answer:
        raise error

    monkeypatch.setattr(frame, "_answer", fail)
    outcome = feedesk("search", "x", "--json")
    assert (outcome.status, outcome.error["code"]) == (status, code)
    outcome = feedesk("search", "x")
    assert outcome.out == ""
    assert len(outcome.err.splitlines()) == 1
    if isinstance(error, OSError):
        assert "a.xlsx" in outcome.err


def test_ledger_is_let_go(feedesk: Feedesk, training: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disposed = []
    dispose = Database.dispose

    def noted(database: Database) -> None:
        disposed.append(database.where)
        dispose(database)

    monkeypatch.setattr(Database, "dispose", noted)
    feedesk("search", "x", "--database", training)
    feedesk("statement", "9-9-999", "--database", training)
    assert disposed == [str(training)] * 2


def test_locked_ledger(feedesk: Feedesk, day: DeskDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "Database", functools.partial(Database, busy_seconds=0.05))
    other = sqlite3.connect(day.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert day("search", "3-1-502").status == 0, "reading goes on"
    outcome = day("collect", "3-1-502", "--tender", "cash=2000")
    other.execute("ROLLBACK")
    other.close()
    assert (outcome.status, outcome.error["code"]) == (4, "ledger_locked")
    assert day("collect", "3-1-502", "--tender", "cash=2000").status == 0
