"""The program's entrance: arguments lead to a command, no command to the window."""

import importlib
import sys
from collections.abc import Sequence
from typing import Any


class _Programs:
    """What the command line starts although it stands above it; imported when it is wanted."""

    def open_window(self, database: str | None) -> int:
        window: Any = importlib.import_module("feedesk.app")
        return int(window.run_window(database))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the program with these arguments, or the process's, and returns its exit status."""
    from feedesk.cli.main import main as run_command

    return run_command(sys.argv[1:] if arguments is None else arguments, _Programs())


if __name__ == "__main__":
    sys.exit(main())
