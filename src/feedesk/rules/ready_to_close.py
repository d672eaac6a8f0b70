"""What can stand in the way of a day close, in the order in which it presses, and what of it keeps the day open.

Blocking is what would leave the figures of the day unfinished: an earlier day, a drawer not counted. The close itself
refuses those (`feedesk.ops.closing`). Everything else is told and may be put right on a later day; a number gap or a
prepayment below zero cannot come about by the program, and closing on them loses nothing: `verify` names them anyway.
"""

from enum import StrEnum
from typing import Final


class Matter(StrEnum):
    """One kind of thing, the most pressing first."""

    EARLIER_DAY = "earlier_day"
    OTHER_SHIFT = "other_shift"
    OWN_SHIFT = "own_shift"
    NUMBER_GAP = "number_gap"
    NEGATIVE_PREPAYMENT = "negative_prepayment"
    UNDECIDED_SLIP = "undecided_slip"
    MONEY_REQUEST = "money_request"
    MISSING_REFERENCE = "missing_reference"
    CHANNEL_DIFFERS = "channel_differs"
    REFUSED_SHIFT = "refused_shift"
    NOT_REVIEWED = "not_reviewed"
    OTHER_REQUEST = "other_request"
    CASH_IN_TRANSIT = "cash_in_transit"
    UNCLAIMED = "unclaimed"
    WAITING_SLIP = "waiting_slip"


BLOCKING: Final = frozenset({Matter.EARLIER_DAY, Matter.OTHER_SHIFT, Matter.OWN_SHIFT})
"""What `feedesk.ops.closing.close_day` refuses."""

SHOWN_FIRST: Final = frozenset(
    {
        Matter.EARLIER_DAY,
        Matter.OTHER_SHIFT,
        Matter.NUMBER_GAP,
        Matter.NEGATIVE_PREPAYMENT,
        Matter.UNDECIDED_SLIP,
        Matter.MONEY_REQUEST,
        Matter.MISSING_REFERENCE,
    }
)
"""What is shown before anybody counts: it is best put right while its people are still there."""
