"""Which debts a payment settles (核销): an agreed order, since 民法典 561 does not name 违约金 and courts differ.

The payer's own designation comes first (560): it chooses the charges. Among them, oldest first: by default all
principal and then all late fees; a setting takes each charge's late fee before its principal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedesk.money import ZERO, Fen
from feedesk.periods import Period


class AllocationOrder(StrEnum):
    PRINCIPAL_FIRST = "principal_first"
    LATE_FEE_FIRST = "late_fee_first"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is open of a charge, in fen."""

    charge: int
    principal: Fen
    late_fee: Fen = ZERO


@dataclass(frozen=True, slots=True)
class AllocationPart:
    """What a payment settles of a charge: ``kind`` principal or late_fee."""

    charge: int
    kind: str
    amount: Fen


def allocate(
    owed: Sequence[Owed], amount: Fen, order: AllocationOrder = AllocationOrder.PRINCIPAL_FIRST
) -> list[AllocationPart]:
    """Splits ``amount`` over debts given oldest first; the parts sum to ``amount``.

    Raises ValueError when the amount is negative or exceeds what is owed: whoever calls has settled that before.
    """
    if not 0 <= amount <= sum(one.principal + one.late_fee for one in owed):
        raise ValueError(f"{amount} fen cannot be allocated to these charges")
    principals = [AllocationPart(one.charge, "principal", one.principal) for one in owed]
    late_fees = [AllocationPart(one.charge, "late_fee", one.late_fee) for one in owed]
    if order is AllocationOrder.PRINCIPAL_FIRST:
        queue = principals + late_fees
    else:
        queue = [part for pair in zip(late_fees, principals, strict=True) for part in pair]
    parts, left = [], int(amount)
    for part in queue:
        taken = min(part.amount, left)
        if taken > 0:
            parts.append(AllocationPart(part.charge, part.kind, Fen(taken)))
            left -= taken
    return parts


def is_current_or_earlier(period: str, on: date) -> bool:
    """Whether a charge's period has begun by a day: what is ticked by default (本期及往期)."""
    return Period.parse(period).first_day <= on
