"""How long the window takes to its first frame and until it is ready, beside an empty PySide6 window.

Each program runs in a process of its own and reports moments on the clock; the two take turns, so that a machine that
slows down slows both; the quickest of the runs counts, since whatever else the machine does can only slow it down.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from feedesk.bench.ledgers import Site
from feedesk.bench.measuring import Figure, run_and_measure
from feedesk.texts import N_

MARKS_VARIABLE = "FEEDESK_STARTUP_MARKS"
QUIT_VARIABLE = "FEEDESK_QUIT_WHEN_READY"
FIRST_FRAME_TARGET: Final = 0.35
READY_TARGET: Final = 1.0
_SECONDS: Final = 60.0

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


def measure_startup(site: Site, *, runs: int = 7) -> list[Figure]:
    """Starts an empty window and feedesk's on the ledger in turn, once to warm up and ``runs`` times counted."""
    database = f"sqlite:///{site.ledger.as_posix()}"
    bare: list[dict[str, float]] = []
    ours: list[dict[str, float]] = []
    for _run in range(runs + 1):
        bare.append(_start([sys.executable, "-c", EMPTY_WINDOW]))
        ours.append(_start([sys.executable, "-m", "feedesk", "--database", database]))

    def least(found: list[dict[str, float]], name: str) -> float:
        return min(one[name] for one in found[1:])

    empty = least(bare, "first_frame")
    return [
        Figure(N_("start: first frame"), least(ours, "first_frame"), empty, FIRST_FRAME_TARGET),
        Figure(N_("start: ready to serve"), least(ours, "ready"), empty, READY_TARGET),
        Figure(N_("start: most memory until ready"), least(ours, "peak_mib"), least(bare, "peak_mib"), unit="MiB"),
    ]


def _start(command: list[str]) -> dict[str, float]:
    """The moments a program marked, in seconds after its start, and its peak of memory."""
    with tempfile.TemporaryDirectory(prefix="feedesk-bench-") as folder:
        marks = Path(folder) / "marks"
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            "FEEDESK_HOME": folder,
            **os.environ,
            MARKS_VARIABLE: str(marks),
            QUIT_VARIABLE: "1",
        }
        start = time.time_ns()
        peak = run_and_measure(command, environment, Path(folder) / "written", _SECONDS)
        pairs = (line.split() for line in marks.read_text(encoding="utf-8").splitlines())
        moments = {name: (int(moment) - start) / 1e9 for name, moment in pairs}
    return {**moments, "peak_mib": peak}
