"""The command line, called in this process: what it prints and how it ends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedesk.cli.main import main
from feedesk.db import Database


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one document on standard output."""
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        return json.loads(lines[0])

    @property
    def error(self) -> dict[str, Any]:
        """The error of a refused command, checked for its shape."""
        assert self.status != 0, self.out
        document = self.document
        assert set(document) == {"error"}
        error: dict[str, Any] = document["error"]
        assert set(error) == {"code", "message", "details"}
        assert error["message"]
        return error


class NoWindow:
    """Remembers which ledger the window was opened on, instead of opening it."""

    def __init__(self) -> None:
        self.opened: list[str | None] = []

    def open_window(self, database: str | None) -> int:
        self.opened.append(database)
        return 0


Feedesk = Callable[..., Outcome]


@pytest.fixture
def window() -> NoWindow:
    return NoWindow()


@pytest.fixture
def feedesk(capsys: pytest.CaptureFixture[str], window: NoWindow) -> Feedesk:
    """``feedesk("search", "x")`` runs a command."""

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments], window)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def training(sqlite_ledger: Database) -> Path:
    """The file of a training ledger."""
    assert sqlite_ledger.path is not None
    return sqlite_ledger.path


@pytest.fixture
def real(feedesk: Feedesk, tmp_path: Path) -> Path:
    """The file of a real ledger whose administrator has no password."""
    path = tmp_path / "real.sqlite"
    assert feedesk("init", "--database", path).status == 0
    return path
