"""Who acts: named, the only one there is, or the sample supervisor; proved by a password where one is set."""

import getpass
import io
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk, Outcome

ADMIN = "样例管理员"


@pytest.fixture
def guarded(feedesk: Feedesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A real ledger whose only administrator has the password "secret"."""
    path = tmp_path / "guarded.sqlite"
    with monkeypatch.context() as environment:
        environment.setenv("FEEDESK_PASSWORD", "secret")
        assert feedesk("init", "--admin", ADMIN, "--database", path).status == 0
    return path


def _act(feedesk: Feedesk, ledger: Path, *more: str) -> Outcome:
    """An act that is refused in any case; the question is how far it comes."""
    return feedesk("void", "SJ-2026-1-000001", "--reason", "R", "--database", ledger, "--json", *more)


def test_sample_supervisor_acts_on_a_training_ledger(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    connection = sqlite3.connect(day.path)
    rows = connection.execute(
        "SELECT staff.name, entry.approver_id FROM entry JOIN staff ON staff.id = actor_id WHERE kind = 'payment'"
    ).fetchall()
    connection.close()
    assert rows == [("样例主管", None)]


def test_actor_from_the_environment(day: DeskDay, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDESK_ACTOR", "样例财务")
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").error["code"] == "not_permitted"
    other = day("collect", "3-1-502", "--tender", "cash=1079.48", "--actor", "样例收费员")
    assert other.error["code"] == "not_your_shift"
    assert day("collect", "3-1-502", "--tender", "cash=1079.48", "--actor", "样例主管").status == 0


def test_training_ledger_asks_for_no_password(day: DeskDay) -> None:
    connection = sqlite3.connect(day.path)
    connection.execute("UPDATE staff SET password_hash = 'x'")
    connection.commit()
    connection.close()
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0


def test_without_a_password_one_acts_freely(feedesk: Feedesk, real: Path) -> None:
    assert _act(feedesk, real).error["code"] == "unknown_receipt"


def test_several_staff_must_say_who_acts(feedesk: Feedesk, real: Path) -> None:
    connection = sqlite3.connect(real)
    connection.execute("INSERT INTO staff (name, role, active) VALUES ('样例收费员', 'cashier', 1)")
    connection.commit()
    connection.close()
    outcome = _act(feedesk, real)
    assert (outcome.status, outcome.error["code"]) == (2, "nobody_named")
    assert "管理员、样例收费员" in outcome.error["message"]
    assert _act(feedesk, real, "--actor", "样例收费员").error["code"] == "unknown_receipt"
    assert _act(feedesk, real, "--actor", "样例生人").error["code"] == "unknown_staff"


def test_reading_asks_for_nobody(feedesk: Feedesk, guarded: Path) -> None:
    assert feedesk("search", "x", "--database", guarded).status == 0


def test_password_is_needed(feedesk: Feedesk, guarded: Path) -> None:
    outcome = _act(feedesk, guarded)
    assert (outcome.status, outcome.error["code"]) == (2, "password_needed")
    assert "FEEDESK_PASSWORD" in outcome.error["message"]


def test_password_from_the_environment(feedesk: Feedesk, guarded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEEDESK_PASSWORD", "wrong")
    outcome = _act(feedesk, guarded)
    assert (outcome.status, outcome.error["code"]) == (1, "wrong_password")
    monkeypatch.setenv("FEEDESK_PASSWORD", "secret")
    assert _act(feedesk, guarded).error["code"] == "unknown_receipt"


def test_approver_proves_it_too(feedesk: Feedesk, guarded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = sqlite3.connect(guarded)
    connection.execute(
        "INSERT INTO staff (name, role, active, password_hash) "
        "SELECT '样例经理', 'manager', 1, password_hash FROM staff"
    )
    connection.commit()
    connection.close()
    monkeypatch.setenv("FEEDESK_PASSWORD", "secret")
    command = ["reverse", "SJ-2026-1-000001", "--reason", "R", "--approver", "样例经理", "--actor", ADMIN]
    outcome = feedesk(*command, "--database", guarded, "--json")
    assert (outcome.status, outcome.error["code"]) == (2, "password_needed")
    assert "FEEDESK_APPROVER_PASSWORD" in outcome.error["message"]
    monkeypatch.setenv("FEEDESK_APPROVER_PASSWORD", "secret")
    assert feedesk(*command, "--database", guarded, "--json").error["code"] == "unknown_receipt"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_password_is_asked_for_at_a_terminal(feedesk: Feedesk, guarded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", _Terminal())
    questions: list[str] = []

    def answer(prompt: str) -> str:
        questions.append(prompt)
        return "secret"

    monkeypatch.setattr(getpass, "getpass", answer)
    assert _act(feedesk, guarded).error["code"] == "unknown_receipt"
    assert questions == [f"{ADMIN} 的密码："]

    def end_of_input(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", end_of_input)
    assert _act(feedesk, guarded).error["code"] == "password_needed"
