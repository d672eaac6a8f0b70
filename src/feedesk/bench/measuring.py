"""Figures of a benchmark: quantiles of times, the most memory a process held."""

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what took how long (seconds) and, where there is one, how that compares.

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


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well, and the most memory it held in MiB; 0 where the system does not say."""

    peak_mib: float


def run_and_measure(command: Sequence[str], environment: dict[str, str], log: Path, seconds: float) -> Ended:
    """Runs a program for so many seconds at most. Raises CalledProcessError with what it wrote when it fails."""
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
        peak = 0.0
        patience = threading.Timer(seconds, process.kill)
        patience.start()
        if hasattr(os, "wait4"):
            _pid, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            peak = _mib(usage.ru_maxrss)
        else:
            process.wait()
        patience.cancel()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), log.read_bytes())
    return Ended(peak)


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
