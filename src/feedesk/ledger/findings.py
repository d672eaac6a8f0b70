"""What a check of the ledger finds: problems that name the entry, the table and, where it can be told, the column."""

from dataclasses import dataclass, field

from feedesk.money import Fen, format_amount
from feedesk.texts import _

LIMIT = 1000
"""So many problems are listed; a ledger that has more is not described any better by naming them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not hold. ``entry`` is the journal entry concerned, None where there is none;

    ``table`` and ``column`` are the database's names, empty where the whole file or table is meant.
    """

    entry: int | None
    table: str
    column: str
    message: str


def yuan(amount: object) -> str:
    """A stored amount for people; whatever is no amount as it is stored."""
    try:
        return format_amount(Fen(int(amount)))  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return repr(amount)


class TooMany(Exception):
    """The limit of problems is reached."""


@dataclass(slots=True)
class Findings:
    """Collects problems; the same one is listed once. Raises `TooMany` at the limit."""

    limit: int = LIMIT
    _found: dict[Problem, None] = field(default_factory=dict)

    def add(self, table: str, column: str, message: str, *, entry: object = None) -> None:
        """Notes a problem. ``entry`` is taken as it is stored, so it may be no number at all."""
        readable = message.encode(errors="backslashreplace").decode()  # for text that is no text
        self.include(Problem(entry if isinstance(entry, int) else None, table, column, readable))

    def include(self, problem: Problem) -> None:
        """Notes a problem found elsewhere."""
        self._found[problem] = None
        if len(self._found) >= self.limit:
            raise TooMany

    def whole(self, value: object, table: str, column: str, *, entry: object = None) -> int:
        """A stored amount or number as an int; anything else is a problem and counts as 0."""
        if type(value) is int:
            return value
        self.add(table, column, _("{value} is not a whole number").format(value=repr(value)), entry=entry)
        return 0

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._found)
