"""Figures of a benchmark: quantiles of times, the most memory a process held."""

import re
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LOOK_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what (an ``N_`` text) took how long (seconds) and, where there is one, how that compares.

    ``ratio`` is to ``plain``, the time of the plainest program doing the same in the same run; ``target`` in seconds.
    """

    name: str
    seconds: float
    plain: float | None = None
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.seconds / self.plain if self.plain else None


def quantile(times: Sequence[float], share: float) -> float:
    """The time that ``share`` of all did not exceed."""
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def run_and_measure(command: Sequence[str], environment: dict[str, str], log: Path, seconds: float) -> float:
    """Runs a program for so many seconds at most; returns the most memory it held in MiB, 0 where nobody says.

    Raises CalledProcessError with what it wrote when it fails.
    """
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
        patience = threading.Timer(seconds, process.kill)
        patience.start()
        peak = 0.0
        # Asked while it runs: what the system tells of a process that has ended counts its parent's memory, too.
        while process.poll() is None:
            peak = max(peak, _peak_now_mib(process.pid))
            time.sleep(_LOOK_SECONDS)
        patience.cancel()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), log.read_bytes())
    return peak


def _peak_now_mib(process: int) -> float:
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 2**10 if found else 0.0


def own_peak_mib() -> float:
    """The most memory this process has held so far, in MiB; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    return _mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _mib(most: int) -> float:
    """Linux counts in KiB, macOS in bytes."""
    return most / 2**20 if sys.platform == "darwin" else most / 2**10
