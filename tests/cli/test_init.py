"""Creating ledgers, and who may act in them."""

import getpass
import io
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.command_line import Feedesk

MIGRATIONS = Path(__file__).parents[2] / "migrations" / "versions"


def test_real_ledger(feedesk: Feedesk, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "ledger.sqlite"
    outcome = feedesk("init", "--database", path, "--json")
    warning = "管理员 还没有密码：任何人都可以用这个名字办理业务。"
    assert outcome.status == 0
    assert outcome.document == {
        "ledger": str(path),
        "created": True,
        "training": False,
        "revision": max(script.stem[:4] for script in MIGRATIONS.glob("[0-9]*.py")),
        "admin": "管理员",
        "warnings": [warning],
    }
    assert outcome.err == warning + "\n"


def test_again_changes_nothing(feedesk: Feedesk, real: Path) -> None:
    before = real.read_bytes()
    outcome = feedesk("init", "--database", real, "--admin", "样例管理员", "--json")
    assert outcome.status == 0
    assert (outcome.document["created"], outcome.document["training"]) == (False, False)
    assert (outcome.document["admin"], outcome.document["warnings"]) == (None, [])
    assert real.read_bytes() == before


def test_training_ledger(feedesk: Feedesk, tmp_path: Path) -> None:
    outcome = feedesk("init", "--training", "--database", tmp_path / "t.sqlite", "--json")
    assert (outcome.document["training"], outcome.document["warnings"]) == (True, [])
    assert outcome.err == ""
    # A real one is not asked for again: it is there, as a training ledger.
    assert feedesk("init", "--database", tmp_path / "t.sqlite", "--json").document["training"] is True


def test_training_ledger_with_an_administrator(feedesk: Feedesk, tmp_path: Path) -> None:
    for number, admin in enumerate(("样例管理员", "样例新人")):
        path = tmp_path / f"{number}.sqlite"
        assert feedesk("init", "--training", "--admin", admin, "--database", path).status == 0
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT role, password_hash FROM staff WHERE name = ?", [admin]).fetchall()
        connection.close()
        assert rows == [("admin", None)]


def test_real_ledger_stays_real(feedesk: Feedesk, real: Path) -> None:
    outcome = feedesk("init", "--training", "--database", real, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "training_stays_training")


def test_folder_that_cannot_be_written(feedesk: Feedesk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    outcome = feedesk("init", "--database", tmp_path / "file" / "ledger.sqlite", "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "folder_read_only")


def test_password_from_the_environment(feedesk: Feedesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    monkeypatch.setenv("FEEDESK_PASSWORD", "secret")
    outcome = feedesk("init", "--database", path, "--admin", "样例管理员", "--json")
    assert outcome.document["warnings"] == []
    connection = sqlite3.connect(path)
    ((name, stored),) = connection.execute("SELECT name, password_hash FROM staff").fetchall()
    connection.close()
    assert name == "样例管理员"
    assert stored.startswith("$argon2id$")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _type(monkeypatch: pytest.MonkeyPatch, *typed: str) -> list[str]:
    """What is typed at the terminal when asked; returns the questions."""
    questions: list[str] = []
    answers = iter(typed)

    def answer(prompt: str) -> str:
        questions.append(prompt)
        return next(answers)

    monkeypatch.setattr(sys, "stdin", _Terminal())
    monkeypatch.setattr(getpass, "getpass", answer)
    return questions


def test_password_typed_twice(feedesk: Feedesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    questions = _type(monkeypatch, "secret", "secret")
    assert feedesk("init", "--database", path).err == ""
    assert questions == ["管理员 的新密码：", "再输入一遍："]
    _type(monkeypatch)
    assert feedesk("init", "--database", path).status == 0, "an existing ledger asks nothing"


def test_passwords_that_differ(feedesk: Feedesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ledger.sqlite"
    _type(monkeypatch, "secret", "sceret")
    outcome = feedesk("init", "--database", path, "--json")
    assert (outcome.status, outcome.error["code"]) == (2, "passwords_differ")
    assert not path.exists()


def test_no_password_typed(feedesk: Feedesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _type(monkeypatch, "")
    outcome = feedesk("init", "--database", tmp_path / "ledger.sqlite")
    assert outcome.status == 0
    assert "还没有密码" in outcome.err
