"""Months paid ahead that are given back before they are served (提前退预缴): what comes back, what is kept.

The concession was granted for the months paid ahead. With fewer of them its condition may hold no longer, so the months
kept are reckoned anew, as if just they had been paid ahead; what was paid beyond that goes back. (SPC interpretation
on prepaid consumption, 2025, art. 3: what was prepaid and is not served comes back.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.rules.advance_concessions import concede_advance
from feedesk.rules.concessions import ChargeLine, Conceded, Policy


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """A charge paid ahead, in fen: its ``line`` before concessions, what counts for it anyway, what was ``paid``."""

    charge: int
    period: Period
    paid: Fen
    line: ChargeLine
    standing: tuple[Policy, ...] = ()

    @property
    def months(self) -> int:
        return self.period.months


@dataclass(frozen=True, slots=True)
class KeptMonth:
    """A month that is kept, and what is conceded of it now."""

    month: MonthAhead
    conceded: Conceded | None

    @property
    def discount(self) -> Fen:
        return self.conceded.discount if self.conceded is not None else ZERO

    @property
    def net(self) -> Fen:
        return Fen(self.month.line.gross - self.discount)


@dataclass(frozen=True, slots=True)
class MonthsBack:
    """An advance of which the months ``given`` go back, the last ones; ``kept`` as they are reckoned now."""

    kept: tuple[KeptMonth, ...]
    given: tuple[MonthAhead, ...]

    @property
    def paid(self) -> Fen:
        """What was paid for all of them."""
        return Fen(sum(one.month.paid for one in self.kept) + sum(one.paid for one in self.given))

    @property
    def price(self) -> Fen:
        """What the months kept cost now."""
        return Fen(sum(one.net for one in self.kept))

    @property
    def back(self) -> Fen:
        """What goes back; negative where the months kept cost more by themselves than was paid for all."""
        return Fen(self.paid - self.price)

    @property
    def more(self) -> Fen:
        """How much more the months kept cost than was paid for them: the concession that is lost."""
        return Fen(self.price - sum(one.month.paid for one in self.kept))

    @property
    def is_reckoned_anew(self) -> bool:
        """Whether a month kept costs something else than was paid for it."""
        return any(one.net != one.month.paid for one in self.kept)


def give_months_back(months: Sequence[MonthAhead], given: int, on_payment: Sequence[Policy]) -> MonthsBack:
    """Gives the last ``given`` charges of an advance back. ``on_payment``: the policies that the months kept would
    have met by themselves.
    """
    if not 0 <= given <= len(months):
        raise ValueError(f"{given} of {len(months)} charges cannot be given back")
    kept = list(months[: len(months) - given])
    conceded = concede_advance([one.line for one in kept], [one.standing for one in kept], on_payment) if kept else ()
    return MonthsBack(
        tuple(KeptMonth(*one) for one in zip(kept, conceded, strict=True)), tuple(months[len(months) - given :])
    )
