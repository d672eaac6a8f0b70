"""What is ticked as it will be taken: with months ahead, less what settling a whole year at once earns (一次性付清).

The ledger is asked only where a year may be settled, or months are paid ahead: most selections cost nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.ui.pages.desk.rows import AheadLine, DeskStatement, PaymentTerms, Selection

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Earned:
    """What is taken off charges that are billed already, in fen, and what that is called; ``ahead`` is what the months
    ahead cost then.
    """

    amount: Fen = ZERO
    label: str = ""
    ahead: Fen = ZERO


Earn = Callable[[DeskStatement, Selection, Sequence[AheadLine]], Earned | None]


def nothing_earned(_statement: DeskStatement, _selection: Selection, _ahead: Sequence[AheadLine]) -> Earned | None:
    """Of a desk without a ledger."""
    return None


def as_taken(
    selection: Selection, statement: DeskStatement | None, ahead: Sequence[AheadLine], terms: PaymentTerms, earn: Earn
) -> Selection:
    """What is ticked, with the months ahead, what is bought, the part that the payer named, and what it earns."""
    paid_ahead = Fen(sum(one.amount for one in ahead))
    found = replace(selection, ahead=paid_ahead, only=terms.only, sales=terms.sales)
    if statement is None or terms.only or terms.added or not (ahead or _may_be_a_year(selection)):
        return found
    earned = earn(statement, selection, ahead)
    if earned is None:
        return found
    return replace(found, ahead=earned.ahead, conceded=earned.amount, concession=earned.label)


def _may_be_a_year(selection: Selection) -> bool:
    months: dict[tuple[str, str], int] = {}
    for charge in selection.charges:
        key = charge.unit, charge.item
        months[key] = months.get(key, 0) + Period.parse(charge.period).months
    return any(count >= _YEAR for count in months.values())
