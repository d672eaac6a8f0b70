"""Why a drawer may hold more or less than the books say: the usual mistakes that would make just this difference.

Nothing is accused: each cause names the receipts concerned, so that somebody can look at their papers. The most telling
come first; of one kind at most three are named.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice

from feedesk.money import Fen, format_amount
from feedesk.rules.cash_count import DENOMINATIONS
from feedesk.texts import N_, _

_MOST_OF_A_KIND = 3


class CauseKind(StrEnum):
    """What may have happened."""

    OTHER_TENDER = "other_tender"
    VOIDED = "voided"
    CHANGE = "change"
    TRANSPOSED = "transposed"
    TWICE = "twice"
    NOTE = "note"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class DrawerReceipt:
    """A receipt of the shift: ``cash`` and ``others`` (by the tender's name) as kept, ``change`` given back, in fen."""

    number: str
    time: str
    cash: Fen
    others: Mapping[str, Fen]
    change: Fen
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation, in words, and the receipt it is about; empty where it is about the notes."""

    kind: CauseKind
    words: str
    receipt: str = ""
    time: str = ""


def likely_causes(receipts: Sequence[DrawerReceipt], over_short: Fen) -> tuple[Cause, ...]:
    """What would explain ``over_short`` (counted less expected, in fen) exactly; nothing where the count is right."""
    if not over_short:
        return ()
    found: list[Cause] = []
    for search in _SEARCHES:
        concerned = [receipt for receipt in receipts if receipt.is_void is (search is _money_not_given_back)]
        found += islice(search(concerned, over_short), _MOST_OF_A_KIND)
    return (*found, *_notes(over_short))


def _about(kind: CauseKind, receipt: DrawerReceipt, message: str, **facts: object) -> Cause:
    return Cause(kind, _(message).format(**facts), receipt.number, receipt.time)


def _in_another_tender(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    amount = format_amount(Fen(abs(over_short)))
    for receipt in receipts:
        if over_short < 0 and receipt.cash == -over_short:
            message = N_("{amount} was booked as cash: perhaps it was paid another way")
            yield _about(CauseKind.OTHER_TENDER, receipt, message, amount=amount)
        for name, kept in receipt.others.items():
            if over_short > 0 and kept == over_short:
                message = N_("{amount} was booked as {tender}: perhaps it was paid in cash")
                yield _about(CauseKind.OTHER_TENDER, receipt, message, amount=amount, tender=name)


def _money_not_given_back(voided: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    for receipt in voided:
        if receipt.cash == over_short:
            message = N_("voided, {amount} in cash: perhaps it was not given back")
            yield _about(CauseKind.VOIDED, receipt, message, amount=format_amount(over_short))


def _wrong_change(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    for receipt in receipts:
        if receipt.change and receipt.change == abs(over_short):
            short = N_("change of {amount}: perhaps it was given twice")
            over = N_("change of {amount}: perhaps it was not given")
            amount = format_amount(receipt.change)
            yield _about(CauseKind.CHANGE, receipt, short if over_short < 0 else over, amount=amount)


def _transposed(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    for receipt in receipts:
        if receipt.cash > 0 and (meant := Fen(receipt.cash + over_short)) in _swaps(receipt.cash):
            message = N_("{booked} was booked: perhaps it was {meant}, two digits transposed")
            facts = {"booked": format_amount(receipt.cash), "meant": format_amount(meant)}
            yield _about(CauseKind.TRANSPOSED, receipt, message, **facts)


def _swaps(amount: int) -> set[int]:
    """The amounts with two neighbouring digits exchanged."""
    digits = str(amount)
    swapped = (digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(len(digits) - 1))
    return {int(each) for each in swapped} - {amount}


def _the_wrong_way(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    for receipt in receipts:
        if receipt.cash and receipt.cash * -2 == over_short:
            taken = N_("the difference is twice {amount}: perhaps it was given out instead of taken")
            given = N_("the difference is twice {amount}: perhaps it was taken instead of given out")
            amount = format_amount(Fen(abs(receipt.cash)))
            yield _about(CauseKind.TWICE, receipt, taken if over_short < 0 else given, amount=amount)


_SEARCHES: tuple[Callable[[Sequence[DrawerReceipt], Fen], Iterator[Cause]], ...] = (
    _in_another_tender,
    _money_not_given_back,
    _wrong_change,
    _transposed,
    _the_wrong_way,
)


def _notes(over_short: Fen) -> Iterator[Cause]:
    amount = abs(over_short)
    values = sorted({one.value for one in DENOMINATIONS}, reverse=True)
    if amount in values:
        message = N_("one {value} yuan piece more or less: count these once more")
        yield Cause(CauseKind.COUNT, _(message).format(value=_value(Fen(amount))))
    for larger, smaller in combinations(values, 2):
        if larger - smaller == amount:
            short = N_("a {smaller} yuan note may have been taken for {larger}, or {larger} given out for {smaller}")
            over = N_("a {larger} yuan note may have been taken for {smaller}, or {smaller} given out for {larger}")
            facts = {"larger": _value(larger), "smaller": _value(smaller)}
            yield Cause(CauseKind.NOTE, _(short if over_short < 0 else over).format(**facts))


def _value(value: Fen) -> str:
    return format_amount(value).removesuffix(".00").removesuffix("0") if value % 100 else str(value // 100)
