"""Figures of a benchmark: times beside a plain program's, quantiles, the most memory a process held."""

import re
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final, Literal

_LOOK_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what (an ``N_`` text) came to how much, beside the plainest program doing the same.

    ``value`` in seconds or MiB by ``unit``, or charges a second; ``plain`` likewise. ``target`` is the most it may be
    (the least of charges a second), ``ratio_target`` the most times of ``plain``. ``middle`` is the median where
    ``value`` is the least of several rounds.
    """

    name: str
    value: float
    plain: float | None = None
    target: float | None = None
    ratio_target: float | None = None
    middle: float | None = None
    unit: Literal["s", "MiB", "/s"] = "s"

    @property
    def ratio(self) -> float | None:
        return self.value / self.plain if self.plain else None

    @property
    def met(self) -> bool | None:
        """Whether it keeps its targets; None where it has none."""
        kept = []
        if self.target is not None:
            kept.append(self.value <= self.target)
        if self.ratio_target is not None and self.ratio is not None:
            kept.append(self.ratio <= self.ratio_target)
        return all(kept) if kept else None


@dataclass(frozen=True, slots=True)
class Pair:
    """The same work done by us and by the plain program in turns, so that a machine that slows down slows both."""

    ours: tuple[float, ...]
    plain: tuple[float, ...]

    def figure(self, name: str, *, target: float | None = None, ratio_target: float | None = None) -> Figure:
        """The least time of each: whatever else the machine does can only slow it down."""
        return Figure(name, min(self.ours), min(self.plain), target, ratio_target, median(self.ours))

    def quantile(
        self, name: str, share: float, *, target: float | None = None, ratio_target: float | None = None
    ) -> Figure:
        """The time that ``share`` of all did not exceed, of each."""
        return Figure(name, quantile(self.ours, share), quantile(self.plain, share), target, ratio_target)


def timed(work: Callable[[], object]) -> float:
    """How long a piece of work takes, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
            peak = max(peak, peak_mib(process.pid))
            time.sleep(_LOOK_SECONDS)
        patience.cancel()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), log.read_bytes())
    return peak


def peak_mib(process: int | Literal["self"] = "self") -> float:
    """The most memory a process has held since it was started, in MiB; 0 where the system does not say (Linux does)."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = re.search(r"^VmHWM:\s*(\d+) kB", status, re.MULTILINE)
    return int(found[1]) / 2**10 if found else 0.0
