"""Which parts of a payment are given back first: what was paid too much, then what was settled last.

A refund of a payment opens its charges again in the opposite order of their settling, so that the oldest debts stay
paid. What went into the prepayment settled nothing, so that goes first; then what was sold, which nobody owes again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.money import ZERO, Fen


@dataclass(frozen=True, slots=True)
class SettledPart:
    """What a payment settled of a charge, in fen: ``kind`` principal or late_fee."""

    charge: int
    kind: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a sum given back is made of, in fen, all positive: ``from_prepaid`` + ``from_sold`` + ``parts`` −
    ``rounding``.
    """

    from_prepaid: Fen
    parts: tuple[SettledPart, ...]
    rounding: Fen
    from_sold: Fen = ZERO


def give_back_latest(
    amount: Fen, parts: Sequence[SettledPart], *, prepaid: Fen = ZERO, sold: Fen = ZERO, rounding: Fen = ZERO
) -> GivenBack:
    """Takes ``amount`` (> 0) out of the prepayment, what was sold, then out of the parts, the last first.

    The 抹零 forgone is taken back with the last of it only, so that all of it opens just what was settled. Raises
    ValueError where there is not as much: the caller has refused that.
    """
    whole = sum(part.amount for part in parts) + prepaid + sold - rounding
    if not 0 < amount <= whole:
        raise ValueError(f"{amount} of {whole} cannot be given back")
    forgone = rounding if amount == whole else ZERO
    left = int(amount + forgone)
    from_prepaid = Fen(min(left, prepaid))
    from_sold = Fen(min(left - from_prepaid, sold))
    left -= from_prepaid + from_sold
    taken = []
    for part in reversed(parts):
        back = min(left, part.amount)
        if back:
            taken.append(SettledPart(part.charge, part.kind, Fen(back)))
            left -= back
    return GivenBack(from_prepaid, tuple(taken), forgone, from_sold)
