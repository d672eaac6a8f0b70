"""What a ledger lays down for its desks: coins of change, ticks at opening, references, the count of the drawer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from feedesk.money import Fen
from feedesk.rules.allocation import is_current_or_earlier
from feedesk.rules.tenders import ChangeStep

TRANSIT_DAYS_USUAL = 1
MOST_TRANSIT_DAYS = 31


class Ticked(StrEnum):
    """Which charges are ticked when an account is opened; disputed ones never are."""

    PRESENT = "present"
    OVERDUE = "overdue"
    EVERYTHING = "everything"
    NOTHING = "nothing"

    def ticks(self, period: str, due_date: date, on: date) -> bool:
        """Whether a charge of ``period`` is ticked on a day; overdue is what was due before that day."""
        match self:
            case Ticked.PRESENT:
                return is_current_or_earlier(period, on)
            case Ticked.OVERDUE:
                return due_date < on
            case Ticked.EVERYTHING:
                return True
            case _:
                return False


class ReferenceRule(StrEnum):
    """Whether a way of paying asks for the channel's reference (交易单号), and takes money without one."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class DeskTerms:
    """The settings of a ledger for its desks.

    ``over_short_limit`` in fen: from such a difference on a drawer is handed over with a reason only; None: never
    asked. ``transit_days``: so many days counted cash may be on its way to the bank. ``references`` by the code of each
    way of paying that is neither cash nor prepayment.
    """

    change_step: ChangeStep = ChangeStep.JIAO
    ticked: Ticked = Ticked.PRESENT
    blind_count: bool = True
    over_short_limit: Fen | None = None
    transit_days: int = TRANSIT_DAYS_USUAL
    references: Mapping[str, ReferenceRule] = field(default_factory=dict)


def needs_reason(over_short: int, limit: Fen | None) -> bool:
    """Whether a difference of the drawer, in fen either way, must be explained."""
    return limit is not None and over_short != 0 and abs(over_short) >= limit
