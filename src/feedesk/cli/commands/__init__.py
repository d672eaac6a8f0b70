"""The commands, a file each: ``define(parser)`` adds arguments, ``run(desk)`` does the work and returns an `Answer`.

Only the chosen command's file is imported, so that each starts as fast as it can.
"""

from feedesk.texts import N_

COMMANDS: dict[str, str] = {
    "init": N_("creates an empty ledger, or upgrades one"),
}
"""Name and purpose of each command, in the order of a day's work."""


def module_of(name: str) -> str:
    """The module of a command: ``close-day`` is in ``close_day``."""
    return f"{__name__}.{name.replace('-', '_')}"
