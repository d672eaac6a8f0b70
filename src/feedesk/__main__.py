"""The program's entrance: arguments lead to a command, no command to the window.

A bug in a command is told in one line, too, and described in the log: the one place beside the crash dialog where
whatever happened is caught.
"""

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feedesk.cli.output import Answer


class _Programs:
    """What the command line starts although it stands above it; imported when it is wanted."""

    def open_window(self, database: str | None, today: date | None) -> int:
        from feedesk.app import run_window

        return run_window(database, today)

    def play_day(self, out: Path, households: int, day: date, tell: Callable[[str], None]) -> "Answer":
        from feedesk.app import Composition, make_application
        from feedesk.demo.run import SampleDay, Theatre, play_day

        return play_day(SampleDay(out, households, day, tell), Theatre(make_application, Composition))

    def run_bench(self, names: Sequence[str], households: int, years: int, tell: Callable[[str], None]) -> "Answer":
        from feedesk.bench.run import run_bench

        return run_bench(names, households=households, years=years, tell=tell)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments, or the process's, and returns its exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        from feedesk.cli.main import main as run_command

        return run_command(words, _Programs())
    except Exception:
        from feedesk.cli.faults import log_to_file
        from feedesk.cli.main import tell_program_fault

        where = log_to_file()
        logging.getLogger("feedesk").exception("a command failed: %s", words)
        return tell_program_fault(where, "--json" in words)


if __name__ == "__main__":
    sys.exit(main())
