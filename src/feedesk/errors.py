"""The three kinds of trouble: what the user can mend, what the environment refuses, and bugs.

A `UserError` is refused for a reason of the business (exit status 1), a `UsageError` is wrong use of a command (2),
an `EnvironmentFault` is the machine's doing: disk, lock, a newer or foreign ledger (4). Anything else is a bug and
goes to the crash dialog. ``message`` is a class attribute marked with ``N_`` so that the catalogue finds it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from feedesk.texts import N_, _


class FeedeskError(Exception):
    """A sentence for a person, with the facts that fill it.

    Subclasses set ``message``, a text with ``{named}`` places; the keyword arguments fill them. ``code`` is what
    programs match on: the class name in snake case unless set. ``details`` lists single findings (bad cells, say).
    """

    message: ClassVar[str] = N_("Something went wrong.")
    code: ClassVar[str] = "error"

    def __init_subclass__(cls) -> None:
        if "code" not in cls.__dict__:
            cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, *, details: Sequence[Mapping[str, object]] = (), **facts: object) -> None:
        self.facts = facts
        self.details = tuple(details)
        super().__init__(facts)

    def __str__(self) -> str:
        return _(self.message).format(**self.facts)


class UserError(FeedeskError):
    """Refused for a reason of the business; nothing was changed."""


class UsageError(FeedeskError):
    """A command was called wrongly."""


class EnvironmentFault(FeedeskError):
    """The machine, not the user: disk full, ledger locked, newer or not a ledger."""
