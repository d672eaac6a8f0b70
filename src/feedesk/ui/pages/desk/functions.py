"""What the desk calls and is told: the page knows neither the ledger nor its operations."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedesk.errors import FeedeskError
from feedesk.money import Fen
from feedesk.ui.pages.desk.at_once import Earn, nothing_earned
from feedesk.ui.pages.desk.rows import AddedUnit, CollectionOrder, DeskStatement
from feedesk.ui.widgets.search_field import SearchHit


def is_reference_used(error: FeedeskError) -> bool:
    """Whether money was refused only because its reference was seen before, so that it can be confirmed."""
    from feedesk.ops.collecting import ReferenceUsed  # known by now: somebody was served

    return isinstance(error, ReferenceUsed)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the desk tells after money was taken."""

    receipt: str
    unit: str
    resident: str
    total: Fen
    change: Fen


@dataclass(frozen=True, slots=True)
class DeskFunctions:
    """What the desk calls. ``find`` answers while typing; ``open`` reads the account of a hit's target (or of a typed
    text, when Enter is pressed without a hit); ``take`` takes the money or raises a `FeedeskError`; ``next_receipt``
    gives the number the next receipt will have, ``join`` further accounts for the same payment; ``earn`` says what
    settling a whole year at once earns.
    """

    find: Callable[[str], Sequence[SearchHit]]
    open: Callable[[object], DeskStatement]
    take: Callable[[CollectionOrder], Taken]
    next_receipt: Callable[[], str]
    join: Callable[[Sequence[int]], tuple[AddedUnit, ...]]
    earn: Earn = nothing_earned
