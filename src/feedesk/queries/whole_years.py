"""Whether a payment may settle a whole year and leaves nothing open, asked of every payment before anything is read.

What it earns then is `feedesk.queries.paid_at_once`, with all of the billing rules; most payments need none of them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from feedesk.periods import Period
from feedesk.queries.statement import StatementCharge

if TYPE_CHECKING:
    from feedesk.queries.advances import ItemAhead

YEAR: Final = 12
_MONTH: Final = len("2026-11")


def leaves_nothing(left_open: Sequence[StatementCharge]) -> bool:
    """Whether nothing stays open but what is in dispute (一次性付清)."""
    return not any(charge.due and not charge.frozen for charge in left_open)


def may_be_a_year(charges: Sequence[StatementCharge], planned: Sequence["ItemAhead"]) -> bool:
    """Whether some item's charges and months ahead come to twelve months."""
    months: dict[tuple[int, str], int] = {(one.account.id, one.item): one.months for one in planned}
    if len(charges) + sum(months.values()) < YEAR and not any(len(one.period) < _MONTH for one in charges):
        return False  # most payments: a few charges of a month each
    for charge in charges:
        key = charge.account, charge.item
        months[key] = months.get(key, 0) + Period.parse(charge.period).months
    return any(count >= YEAR for count in months.values())
