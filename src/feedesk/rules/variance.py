"""Why a drawer may hold more or less than the books say: the usual mistakes that would make just this difference.

Nothing is accused: each cause names the receipts concerned, so that somebody can look at their papers. The most telling
come first; of one kind at most three are named. The sum of a receipt may hang on what was typed as given, so that is
looked at too: one digit wrong there, or one note for another, makes the change wrong.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, islice

from feedesk.money import Fen, format_amount
from feedesk.rules.cash_count import DENOMINATIONS
from feedesk.texts import N_, _

_MOST_OF_A_KIND = 3


class CauseKind(StrEnum):
    """What may have happened."""

    DOUBLED = "doubled"
    OTHER_TENDER = "other_tender"
    VOIDED = "voided"
    CHANGE = "change"
    TRANSPOSED = "transposed"
    TWICE = "twice"
    MOVEMENT = "movement"
    NOTE = "note"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class DrawerReceipt:
    """A receipt of the shift: ``cash`` and ``others`` (by the tender's name) as kept, ``change`` given back, in fen.

    ``unit`` is whose debts it settled, as printed on it.
    """

    number: str
    time: str
    cash: Fen
    others: Mapping[str, Fen]
    change: Fen
    is_void: bool = False
    unit: str = ""

    @property
    def given(self) -> Fen:
        """The cash that was typed as handed over; nothing where cash went out."""
        return Fen(max(self.cash + self.change, 0))


@dataclass(frozen=True, slots=True)
class DrawerMovement:
    """Cash booked into (positive) or out of (negative) the drawer beside receipts, in fen, and what for."""

    amount: Fen
    purpose: str
    time: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation, in words, and the receipt it is about; empty where it is about the notes."""

    kind: CauseKind
    words: str
    receipt: str = ""
    time: str = ""


def likely_causes(
    receipts: Sequence[DrawerReceipt], over_short: Fen, movements: Sequence[DrawerMovement] = (), *, step: int = 1
) -> tuple[Cause, ...]:
    """What would explain ``over_short`` (counted less expected, in fen) exactly; nothing where the count is right.

    ``step``: the smallest coin of change, in fen; a sum that was paid in cash without being booked so lies there
    rounded down to it.
    """
    if not over_short:
        return ()
    standing = [receipt for receipt in receipts if not receipt.is_void]
    voided = [receipt for receipt in receipts if receipt.is_void]
    found: list[Cause] = []
    for causes in (
        _booked_twice(standing, over_short),
        _in_another_tender(standing, over_short, step),
        _money_not_given_back(voided, over_short),
        _wrong_change(standing, over_short),
        _transposed(standing, over_short),
        _the_wrong_way(standing, over_short),
        _not_moved(movements, over_short),
    ):
        found += islice(causes, _MOST_OF_A_KIND)
    return (*found, *_notes(standing, over_short))


def _about(kind: CauseKind, receipt: DrawerReceipt, message: str, **facts: object) -> Cause:
    return Cause(kind, _(message).format(**facts), receipt.number, receipt.time)


def _booked_twice(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
    """Two receipts of one unit over the same cash, where it was paid once."""
    seen: dict[str, str] = {}
    for receipt in receipts:
        if not receipt.unit or receipt.cash <= 0 or receipt.cash != -over_short:
            continue
        if receipt.unit in seen:
            message = N_("{amount} in cash for {unit}, as on {before}: perhaps it was booked twice")
            facts = {"amount": format_amount(receipt.cash), "unit": receipt.unit, "before": seen[receipt.unit]}
            yield _about(CauseKind.DOUBLED, receipt, message, **facts)
        seen[receipt.unit] = receipt.number


def _in_another_tender(receipts: Sequence[DrawerReceipt], over_short: Fen, step: int) -> Iterator[Cause]:
    for receipt in receipts:
        if over_short < 0 and receipt.cash == -over_short:
            message = N_("{amount} was booked as cash: perhaps it was paid another way")
            yield _about(CauseKind.OTHER_TENDER, receipt, message, amount=format_amount(receipt.cash))
        for name, kept in receipt.others.items():
            if over_short > 0 and over_short in (kept, kept - kept % step):
                message = N_("{amount} was booked as {tender}: perhaps it was paid in cash")
                yield _about(CauseKind.OTHER_TENDER, receipt, message, amount=format_amount(kept), tender=name)


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
        elif receipt.change and (meant := Fen(receipt.given + over_short)) in _swaps(receipt.given):
            message = N_("{given} was typed as given: perhaps it was {meant}, two digits transposed")
            facts = {"given": format_amount(receipt.given), "meant": format_amount(meant)}
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


def _not_moved(movements: Sequence[DrawerMovement], over_short: Fen) -> Iterator[Cause]:
    for one in movements:
        if one.amount == -over_short:
            into = N_("{amount} was booked into the drawer ({purpose}): perhaps it was not put there")
            out = N_("{amount} was booked out of the drawer ({purpose}): perhaps it was not taken out")
            facts = {"amount": format_amount(Fen(abs(one.amount))), "purpose": one.purpose}
            yield Cause(CauseKind.MOVEMENT, _(into if one.amount > 0 else out).format(**facts), time=one.time)


def _notes(receipts: Sequence[DrawerReceipt], over_short: Fen) -> Iterator[Cause]:
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
            taken, given_out = (larger, smaller) if over_short < 0 else (smaller, larger)
            yield from islice(_where_notes_went(receipts, taken, given_out), _MOST_OF_A_KIND)


def _where_notes_went(receipts: Sequence[DrawerReceipt], taken: int, given_out: int) -> Iterator[Cause]:
    """The receipts that such a note, as it was believed to be, belonged to: among the fewest for what was typed."""
    for receipt in receipts:
        facts = {"given": format_amount(receipt.given), "change": format_amount(receipt.change)}
        if _holds(receipt.given, taken):
            message = N_("{given} was given: a {note} yuan note may have been among it")
            yield _about(CauseKind.NOTE, receipt, message, note=_value(Fen(taken)), **facts)
        elif _holds(receipt.change, given_out):
            message = N_("change of {change}: a {note} yuan note may have been among it")
            yield _about(CauseKind.NOTE, receipt, message, note=_value(Fen(given_out)), **facts)


def _holds(amount: int, note: int) -> bool:
    """Whether a note is among the fewest pieces that make an amount."""
    for value in sorted({one.value for one in DENOMINATIONS}, reverse=True):
        if value == note:
            return amount >= note
        amount %= value
    return False


def _value(value: Fen) -> str:
    return format_amount(value).removesuffix(".00").removesuffix("0") if value % 100 else str(value // 100)
