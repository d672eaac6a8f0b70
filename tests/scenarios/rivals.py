"""Starting desks in processes of their own, setting them off together, killing them."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feedesk.db import Database

ROOT = Path(__file__).parents[2]


class Rival:
    """A desk in another process, see `tests.scenarios.rival`."""

    def __init__(self, database: Database, act: str, till: int = 1) -> None:
        url = database.url.render_as_string(hide_password=False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.scenarios.rival", url, act, str(till)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def wait_ready(self) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n", self.process.communicate()[1]

    def go(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def outcomes(self, *, killed: bool = False) -> list[Any]:
        """What it told, once it has ended."""
        out, err = self.process.communicate(timeout=60)
        assert killed or self.process.returncode == 0, err
        return [json.loads(line) for line in out.splitlines() if line.endswith(("]", "e"))]


def race(database: Database, act: str, tills: Sequence[int] = (1, 1)) -> list[list[Any]]:
    """Two desks do the same at the same time; what each of them told."""
    rivals = [Rival(database, act, till) for till in tills]
    for rival in rivals:
        rival.wait_ready()
    for rival in rivals:
        rival.go()
    return [rival.outcomes() for rival in rivals]
