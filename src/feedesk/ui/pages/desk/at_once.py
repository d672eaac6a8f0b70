"""What is ticked as it will be taken: with months ahead, less what settling a whole year at once earns (一次性付清).

The ledger is asked only where a year may be settled, or months are paid ahead: most selections cost nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.ui.pages.desk.rows import AheadLine, PaymentTerms, Selection

_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Earned:
    """What is taken off in all, in fen, and what that is called; ``ahead`` is what the months ahead cost then."""

    amount: Fen = ZERO
    label: str = ""
    ahead: Fen = ZERO


Earn = Callable[[Sequence[int], Sequence[AheadLine], Sequence[int]], Earned | None]
"""Charges ticked, months ahead, further accounts → what that earns; None where it cannot be taken like this."""


def as_taken(selection: Selection, ahead: Sequence[AheadLine], terms: PaymentTerms, earn: Earn) -> Selection:
    """What is ticked, with the months ahead, the part of it that the payer named, and what it earns."""
    found = replace(selection, ahead=Fen(sum(one.amount for one in ahead)), only=terms.only)
    if terms.only or not (ahead or _may_be_a_year(selection)):
        return found
    charges = [charge.id for charge in selection.charges]
    earned = earn(charges, ahead, [one.account for one in terms.added])
    if earned is None:
        return found
    return replace(found, ahead=earned.ahead, conceded=earned.amount, concession=earned.label)


def _may_be_a_year(selection: Selection) -> bool:
    months: dict[tuple[str, str], int] = {}
    for charge in selection.charges:
        key = charge.unit, charge.item
        months[key] = months.get(key, 0) + Period.parse(charge.period).months
    return any(count >= _YEAR for count in months.values())
