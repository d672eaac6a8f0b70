"""Settling a sum with the tenders handed over: change from cash only, cash rounded to what the drawer can give.

Nobody has fen coins: by default change is rounded up to the next 角 in favour of the payer, the difference is 抹零.
Exact cash is taken exactly, other tenders always to the fen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.texts import N_


class ChangeStep(IntEnum):
    """The smallest coin that change is given in, in fen."""

    EXACT = 1
    JIAO = 10
    YUAN = 100


class TenderShort(UserError):
    message = N_("{tendered} was given, {due} is due: take the rest, or take it as a part payment (--part).")


class TenderTooMuch(UserError):
    message = N_("{tendered} was given, only {due} is due, and change is given from cash only: correct the amount.")


class NothingKept(TenderTooMuch):
    """What is due in cash is less than the smallest change, so all of the cash would go back, and the debt with it."""

    message = N_(
        "Only {due} is due in cash, and change goes up to the next {step}: all of the {cash} would go back. "
        "Take it exactly, by another way of paying, or keep the change as prepayment."
    )


@dataclass(frozen=True, slots=True)
class Given:
    """Money handed over in one way of paying, in fen."""

    code: str
    amount: Fen
    gives_change: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a sum is settled, in fen.

    ``total`` is the money kept = Σ ``kept`` (in the order of the tenders given); ``settled`` = total + ``rounding`` −
    ``to_prepayment`` pays for what was due; ``tendered`` = total + ``change``.
    """

    tendered: Fen
    change: Fen
    rounding: Fen
    settled: Fen
    to_prepayment: Fen
    kept: tuple[Fen, ...]

    @property
    def total(self) -> Fen:
        return Fen(sum(self.kept))

    def __post_init__(self) -> None:
        if self.tendered != self.total + self.change:
            raise ValueError("what is tendered must be kept or given back")
        if self.total + self.rounding != self.settled + self.to_prepayment:
            raise ValueError("what is kept and forgone must be used up")


def settle(
    due: Fen,
    tenders: Sequence[Given],
    *,
    part: bool = False,
    keep_change: bool = False,
    step: ChangeStep = ChangeStep.JIAO,
) -> Settlement:
    """Settles ``due`` (> 0) with what was given. ``keep_change`` puts the change into the prepayment, to the fen.

    Raises `TenderShort` when too little was given (unless ``part``), `TenderTooMuch` when what is over cannot be given
    back because it is not cash, `NothingKept` when all of the cash would go back though some of it is due.
    """
    tendered = Fen(sum(tender.amount for tender in tenders))
    amounts = tuple(tender.amount for tender in tenders)
    if tendered < due:
        if not part or not tendered:
            raise TenderShort(tendered=format_amount(tendered), due=format_amount(due))
        return Settlement(tendered, ZERO, ZERO, tendered, ZERO, amounts)
    over = Fen(tendered - due)
    cash = sum(tender.amount for tender in tenders if tender.gives_change)
    if over > cash:
        raise TenderTooMuch(tendered=format_amount(tendered), due=format_amount(due))
    if keep_change:
        return Settlement(tendered, ZERO, ZERO, due, over, amounts)
    # Never more than the cash itself: a coin of 1 角 cannot be handed back out of 5 分.
    change = Fen(min(-(-over // step) * step, cash))
    if over < change == cash:
        in_cash = Fen(cash - over)
        raise NothingKept(due=format_amount(in_cash), step=format_amount(Fen(step)), cash=format_amount(Fen(cash)))
    kept = _kept(tenders, change)
    return Settlement(tendered, change, Fen(change - over), due, ZERO, kept)


def _kept(tenders: Sequence[Given], change: Fen) -> tuple[Fen, ...]:
    """What stays of each tender when change goes out of the cash, the last cash tender first."""
    kept = [tender.amount for tender in tenders]
    for n in range(len(tenders) - 1, -1, -1):
        if tenders[n].gives_change:
            back = min(change, kept[n])
            kept[n] = Fen(kept[n] - back)
            change = Fen(change - back)
    return tuple(kept)
