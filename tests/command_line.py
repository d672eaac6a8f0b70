"""The command line, called in this process: what it prints and how it ends."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from feedesk.cli.main import main


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
