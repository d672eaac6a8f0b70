"""Starting desks in processes of their own, setting them off together, killing them."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feedesk.db import Database

ROOT = Path(__file__).parents[2]


class Rival:
    """A desk in another process, see `tests.scenarios.rival`. What it tells is kept in a file, killed or not."""

    def __init__(self, database: Database, act: str, till: int = 1) -> None:
        url = database.url.render_as_string(hide_password=False)
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the outcomes are read)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.rival", url, act, str(till)],
            stdin=subprocess.PIPE,
            stdout=self._told,
            stderr=self._errors,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def _lines(self) -> list[str]:
        """The whole lines told so far."""
        text = os.pread(self._told.fileno(), 10**7, 0).decode()
        return text[: text.rfind("\n") + 1].splitlines()

    def wait(self, lines: int) -> None:
        """Until it has told so many lines, ``ready`` being the first; or has ended, which is a failure."""
        while len(self._lines()) < lines:
            assert self._process.poll() is None, os.pread(self._errors.fileno(), 10**6, 0).decode()
            time.sleep(0.005)

    def go(self) -> None:
        """Sets it off."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """Ends it at once, whatever it is doing."""
        self._process.kill()

    def outcomes(self, *, killed: bool = False) -> list[Any]:
        """What it told, once it has ended."""
        assert self._process.stdin is not None
        self._process.wait(timeout=120)
        self._process.stdin.close()
        with self._told, self._errors:
            assert killed or self._process.returncode == 0, os.pread(self._errors.fileno(), 10**6, 0).decode()
            return [json.loads(line) for line in self._lines()[1:]]


def race(database: Database, act: str, tills: Sequence[int] = (1, 1)) -> list[list[Any]]:
    """Two desks do the same at the same time; what each of them told."""
    return race_of(database, [(act, till) for till in tills])


def race_of(database: Database, desks: Sequence[tuple[str, int]]) -> list[list[Any]]:
    """Desks do each its own act at a till, all at the same time; what each of them told."""
    rivals = [Rival(database, act, till) for act, till in desks]
    for rival in rivals:
        rival.wait(1)
    for rival in rivals:
        rival.go()
    return [rival.outcomes() for rival in rivals]
