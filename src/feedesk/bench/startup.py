"""How long the window takes to its first frame and until it is ready, beside an empty PySide6 window.

Each program runs in a process of its own and reports moments on the clock; the two take turns, so that a machine that
slows down slows both.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

MARKS_VARIABLE = "FEEDESK_STARTUP_MARKS"
QUIT_VARIABLE = "FEEDESK_QUIT_WHEN_READY"

EMPTY_WINDOW = f"""
import os, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

class Empty(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)
    def painted(self):
        with open(os.environ["{MARKS_VARIABLE}"], "w") as marks:
            marks.write(f"first_frame {{time.time_ns()}}\\n")
        app.quit()

app = QApplication([])
window = Empty()
window.resize(1366, 768)
window.show()
app.exec()
"""


@dataclass(frozen=True, slots=True)
class StartupTimes:
    """Medians over the runs, in seconds from the start of the process; ``ratio``: our first frame to the empty one's."""

    runs: int
    empty_window: float
    first_frame: float
    ready: float
    ratio: float


def measure_startup(database: str, *, runs: int = 5) -> StartupTimes:
    """Starts an empty window and feedesk's on ``database`` in turn, once to warm up and ``runs`` times counted."""
    empty: list[float] = []
    first: list[float] = []
    ready: list[float] = []
    for run in range(runs + 1):
        bare = _run([sys.executable, "-c", EMPTY_WINDOW])
        ours = _run([sys.executable, "-m", "feedesk", "--database", database])
        if run:
            empty.append(bare["first_frame"])
            first.append(ours["first_frame"])
            ready.append(ours["ready"])
    bare_median = statistics.median(empty)
    return StartupTimes(
        runs=runs,
        empty_window=bare_median,
        first_frame=statistics.median(first),
        ready=statistics.median(ready),
        ratio=statistics.median(ours / bare for ours, bare in zip(first, empty, strict=True)),
    )


def _run(command: list[str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        marks = Path(folder) / "marks"
        environment = {**os.environ, MARKS_VARIABLE: str(marks), QUIT_VARIABLE: "1"}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.setdefault("FEEDESK_HOME", folder)
        start = time.time_ns()
        subprocess.run(command, env=environment, check=True, timeout=60, capture_output=True)  # noqa: S603
        pairs = (line.split() for line in marks.read_text(encoding="utf-8").splitlines())
        return {name: (int(moment) - start) / 1e9 for name, moment in pairs}


def as_json(times: StartupTimes) -> str:
    """The figures as JSON."""
    return json.dumps(asdict(times), indent=2)
