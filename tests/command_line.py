"""The command line, called in this process: what it prints and how it ends."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feedesk.cli.main import main
from feedesk.cli.output import Answer


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

    def play_day(self, out: Path, households: int, day: date, tell: Callable[[str], None]) -> Answer:
        tell("played")
        return Answer({"out": str(out), "households": households, "date": day.isoformat()}, ["played"])

    def run_bench(self, names: Sequence[str], households: int, years: int, tell: Callable[[str], None]) -> Answer:
        tell("measured")
        return Answer({"names": list(names), "households": households, "years": years}, ["measured"])


Feedesk = Callable[..., Outcome]
"""``feedesk("search", "x")`` runs a command."""


def command_line(capsys: pytest.CaptureFixture[str], window: NoWindow) -> Feedesk:
    """Runs commands and keeps what they print."""

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments], window)
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Outcome(status, captured.out, captured.err)

    return run
