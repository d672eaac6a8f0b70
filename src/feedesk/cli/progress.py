"""How far long work has come: on standard error, as a bar where that is a terminal, else as a line now and then."""

import sys
import time
from types import TracebackType
from typing import Self

from feedesk.cli.output import width

_BAR = 30
_SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Called with how much of how much is done; used as a context, so that the bar is gone when the work is."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._terminal = sys.stderr.isatty()
        self._shown = ""
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __call__(self, done: int, whole: int) -> None:
        share = min(done / whole, 1.0) if whole else 1.0
        if self._terminal:
            filled = round(share * _BAR)
            self._draw(f"{self._label} [{'#' * filled}{'.' * (_BAR - filled)}] {share:4.0%}")
        elif time.monotonic() - self._last_line >= _SECONDS_BETWEEN_LINES:
            self._last_line = time.monotonic()
            print(f"{self._label} {share:.0%}", file=sys.stderr, flush=True)

    def _draw(self, text: str) -> None:
        if text != self._shown:
            print("\r" + text + " " * max(0, width(self._shown) - width(text)), end="", file=sys.stderr, flush=True)
            self._shown = text

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print("\r" + " " * width(self._shown) + "\r", end="", file=sys.stderr, flush=True)
