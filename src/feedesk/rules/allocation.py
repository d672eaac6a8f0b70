"""Which debts a payment settles (核销): an agreed order, since 民法典 561 does not name 违约金 and courts differ.

The payer's own designation comes first (560): it chooses the charges. Among them, oldest first: by default all
principal and then all late fees; a setting takes each charge's late fee before its principal. A payment keeps on which
of the two its allocation rests (`Basis`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from feedesk.money import ZERO, Fen
from feedesk.periods import Period


class AllocationOrder(StrEnum):
    PRINCIPAL_FIRST = "principal_first"
    LATE_FEE_FIRST = "late_fee_first"


class DebtPart(StrEnum):
    """The two parts of a debt that a payer may name apart."""

    PRINCIPAL = "principal"
    LATE_FEE = "late_fee"


class BasisKind(StrEnum):
    """On what an allocation rests: the order agreed (约定抵充), or the payer's own designation (按缴费人指定)."""

    AGREED = "agreed"
    DESIGNATED = "designated"


@dataclass(frozen=True, slots=True)
class Basis:
    """On what a payment's allocation rests. ``only``: the payer named this part of the debts, None both.

    ``order`` is the one agreed, by the contract's ``clause``; a designation goes by it within what it names.
    """

    kind: BasisKind = BasisKind.AGREED
    only: DebtPart | None = None
    order: AllocationOrder = AllocationOrder.PRINCIPAL_FIRST
    clause: str = ""


AGREED = Basis()
"""The agreed order where no setting says another."""


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


def only_part(owed: Owed, only: DebtPart | None) -> Owed:
    """What of a debt can be settled where the payer named its principal or its late fee alone."""
    match only:
        case DebtPart.PRINCIPAL:
            return replace(owed, late_fee=ZERO)
        case DebtPart.LATE_FEE:
            return replace(owed, principal=ZERO)
        case _:
            return owed


def is_designated(
    parts: Sequence[AllocationPart], owed: Sequence[Owed], order: AllocationOrder = AllocationOrder.PRINCIPAL_FIRST
) -> bool:
    """Whether ``parts`` settle other debts than the same money would by the agreed order, so that the payer chose them.

    ``owed`` is everything the money could have settled, oldest first.
    """
    amount = Fen(sum(part.amount for part in parts))
    return set(parts) != set(allocate(owed, amount, order))


def is_current_or_earlier(period: str, on: date) -> bool:
    """Whether a charge's period has begun by a day: what is ticked by default (本期及往期)."""
    return Period.parse(period).first_day <= on
