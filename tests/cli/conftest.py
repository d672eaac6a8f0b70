"""The command line, called in this process: what it prints and how it ends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feedesk.cli.main import main
from feedesk.db import Database
from feedesk.money import Fen
from tests.community import TODAY, PictureHome, SmallCommunity, open_desk, picture_home, small_community


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
        self.opened: list[tuple[str | None, date | None]] = []

    def open_window(self, database: str | None, today: date | None) -> int:
        self.opened.append((database, today))
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


@dataclass(frozen=True)
class DeskDay:
    """A day at the desk: the community's ledger, and commands run on it on that day, answered as JSON."""

    community: SmallCommunity
    home: PictureHome
    path: Path
    run_feedesk: Feedesk

    def __call__(self, *arguments: object) -> Outcome:
        return self.run_feedesk(*arguments, "--json", "--database", self.path, "--today", TODAY)

    def shown(self, *arguments: object) -> Outcome:
        """The same for people."""
        return self.run_feedesk("--database", self.path, "--today", TODAY, *arguments)


@pytest.fixture
def day(sqlite_ledger: Database, feedesk: Feedesk) -> DeskDay:
    """The home of the design's picture, owing 1,979.48, and a shift open with a float of 500.00."""
    community = small_community(sqlite_ledger)
    home = picture_home(community)
    open_desk(community, Fen(50000))
    assert sqlite_ledger.path is not None
    return DeskDay(community, home, sqlite_ledger.path, feedesk)
