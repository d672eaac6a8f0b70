"""Payments put aside (挂单): whose, what was ticked, typed and said, so that each goes on where it stopped.

They live as long as the window: nothing of them is booked yet.
"""

from collections.abc import Sequence
from dataclasses import replace

from feedesk.money import Fen
from feedesk.ui.pages.desk.rows import ChargeLine, HeldPayment, PaymentTerms, Typed


class HeldPayments:
    """The last one put aside stands last; of an account there is one at most."""

    def __init__(self) -> None:
        self._rows: list[HeldPayment] = []

    def rows(self) -> tuple[HeldPayment, ...]:
        """All of them."""
        return tuple(self._rows)

    def put(self, payment: HeldPayment) -> None:
        """Puts one aside."""
        self.take_of(payment.account)
        self._rows.append(payment)

    def take_last(self) -> HeldPayment | None:
        """The one put aside last, which is put aside no more."""
        return self._rows.pop() if self._rows else None

    def take_of(self, account: int) -> HeldPayment | None:
        """That of an account, which is put aside no more."""
        found = next((one for one in self._rows if one.account == account), None)
        if found is not None:
            self._rows.remove(found)
        return found


def is_begun(payment: HeldPayment, *, has_typed: bool) -> bool:
    """Whether more was done than looked at: money typed, months added, something said. Ticks alone are made anew."""
    return has_typed or bool(payment.ahead) or payment.terms != PaymentTerms()


def still_typed(typed: Typed, *, before: Fen, now: Fen, is_cash: bool) -> Typed:
    """What stands after the account was read anew: cash lies on the counter, but what was filled in follows the sum."""
    if before == now or is_cash or typed.combined:
        return typed
    return replace(typed, tendered=())


def ticks(before: Sequence[ChargeLine], ticked: Sequence[ChargeLine], lines: Sequence[ChargeLine]) -> list[int]:
    """What is ticked of ``lines`` read later: what was; of new ones, and of those whose dispute began or ended since,
    what is ticked at opening.
    """
    known, kept = {line.id: line.frozen for line in before}, {line.id for line in ticked}
    return [
        line.id for line in lines if (line.id in kept if known.get(line.id) == line.frozen else line.ticked_at_opening)
    ]
