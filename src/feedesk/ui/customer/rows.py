"""What the customer display says, as frozen rows, and what it may say at all.

The queue reads along: of the name only the surname, of the home only its last part, of the account only what is being
paid now. No phone, no other arrears, nothing held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from feedesk.money import ZERO, Fen
from feedesk.rules.hidden_names import hidden_name, short_unit
from feedesk.texts import _
from feedesk.ui.pages.desk.payer_view import ActDone, ActShown
from feedesk.ui.pages.desk.rows import AheadLine, ChargeLine, DeskStatement, Selection
from feedesk.ui.pages.desk.tendering import MoneyState
from feedesk.ui.words import listed


@dataclass(frozen=True, slots=True)
class BillLine:
    """One fee item being paid: for which periods, at its price before concessions, in fen."""

    item: str
    period: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """A picture of the code by which the company is paid, None where there is none, and by which channel."""

    channel: str
    amount: Fen
    picture: Path | None


@dataclass(frozen=True, slots=True)
class Bill:
    """A payment in the making, or (``back``) money that is given back.

    ``discount`` and ``settled`` (paid or waived before) are positive and come off the lines, ``late_fees`` and ``rest``
    (others paid for in the same payment) are added; together they make ``due``.
    """

    unit: str
    name: str
    lines: tuple[BillLine, ...]
    due: Fen
    discount: Fen = ZERO
    settled: Fen = ZERO
    late_fees: Fen = ZERO
    rest: Fen = ZERO
    tender: str = ""
    received: Fen = ZERO
    missing: Fen = ZERO
    change: Fen | None = None
    rounding: Fen = ZERO
    code: PaymentCode | None = None
    back: bool = False

    def __post_init__(self) -> None:
        added = sum(line.amount for line in self.lines) + self.late_fees + self.rest
        if added - self.discount - self.settled != self.due:
            raise ValueError("what is shown must add up to what is due")


@dataclass(frozen=True, slots=True)
class Thanks:
    """A payment just taken, or (``back``) money just given back; ``settled`` from what lay here, so nothing came."""

    name: str
    receipt: str
    total: Fen
    change: Fen
    back: bool = False
    settled: bool = False


def bill_of(
    statement: DeskStatement,
    selection: Selection,
    ahead: Sequence[AheadLine],
    money: MoneyState,
    codes: "CodePictures",
) -> Bill:
    """What is ticked and typed at the desk now."""
    charges = selection.charges
    gross, discount = _sum(one.amount for one in charges), _sum(one.discount for one in charges)
    principal, late_fees = selection.principal, selection.late_fees
    paid_ahead = _sum(one.amount for one in ahead)
    cost_ahead = selection.ahead or paid_ahead  # less, where a whole year is paid at once
    earned = Fen(selection.conceded + paid_ahead - cost_ahead)
    settlement = money.settlement
    received = _sum(amount for _name, amount in money.entered)
    only_late_fees = bool(late_fees) and not principal
    listed_charges = _charge_lines(charges, late_fees=only_late_fees)
    return Bill(
        unit=short_unit(statement.card.unit),
        name=hidden_name(statement.card.resident),
        lines=(
            *listed_charges,
            *map(_ahead_line, ahead),
            *(BillLine(one.words, "", one.amount) for one in selection.sales),
        ),
        due=money.due,
        discount=earned if only_late_fees else Fen(discount + earned),
        settled=ZERO if only_late_fees else Fen(gross - discount - principal),
        late_fees=ZERO if only_late_fees else late_fees,
        rest=Fen(money.due - principal - late_fees - cost_ahead + selection.conceded - selection.sold),
        tender=listed(name for name, _amount in money.entered) or (money.chosen.name if money.chosen else ""),
        received=received,
        missing=Fen(max(money.missing, 0)) if received else ZERO,
        change=settlement.change if settlement is not None else None,
        rounding=settlement.rounding if settlement is not None else ZERO,
        code=codes.code(money),
    )


def bill_of_act(act: ActShown, codes: "CodePictures") -> Bill:
    """What a sheet is doing at the desk now."""
    short = act.received and act.received < act.due
    return Bill(
        unit=short_unit(act.unit),
        name=hidden_name(act.who),
        lines=tuple(BillLine(one.what, one.note, one.amount) for one in act.lines),
        due=act.due,
        tender=act.tender,
        received=act.received,
        missing=Fen(act.due - act.received) if short else ZERO,
        change=act.change if act.received and not short else None,
        rounding=act.rounding,
        code=None if act.back else codes.of(act.tender_code, act.tender, act.due),
        back=act.back,
    )


def thanks_of_act(done: ActDone) -> Thanks:
    """What a sheet has just done."""
    return Thanks(hidden_name(done.who), done.receipt, done.total, done.change, done.back, done.settled)


@dataclass(frozen=True, slots=True)
class CodePictures:
    """The picture files of the company's codes, by the code of the way of paying."""

    files: tuple[tuple[str, str], ...] = ()

    def code(self, money: MoneyState) -> PaymentCode | None:
        """The code to show for the way of paying chosen; None where that is no channel a code leads to."""
        return None if money.chosen is None else self.of(money.chosen.code, money.chosen.name, money.asked)

    def of(self, tender: str, name: str, amount: Fen) -> PaymentCode | None:
        """The code by which an amount is paid in a way of paying, if one leads there."""
        known = dict(self.files)
        if tender not in known or not amount:
            return None
        path = known[tender]
        return PaymentCode(name, amount, Path(path) if path else None)


def _sum(amounts: Iterable[int]) -> Fen:
    return Fen(sum(amounts))


def _charge_lines(charges: Sequence[ChargeLine], *, late_fees: bool) -> list[BillLine]:
    """One line for each fee item, in the order of the statement; only its ``late_fees`` where nothing else is paid."""
    by_item: dict[str, list[ChargeLine]] = {}
    for charge in charges:
        by_item.setdefault(charge.item, []).append(charge)
    if late_fees:
        words = _("{item}, late fees")
        by_item = {item: [one for one in mine if one.late_fee] for item, mine in by_item.items()}
        return [
            BillLine(words.format(item=item), _periods(mine), _sum(one.due - one.principal for one in mine))
            for item, mine in by_item.items()
            if mine
        ]
    return [BillLine(item, _periods(mine), _sum(one.amount for one in mine)) for item, mine in by_item.items()]


def _periods(charges: Sequence[ChargeLine]) -> str:
    periods = list(dict.fromkeys(charge.period for charge in charges))
    if len(periods) == 1:
        return periods[0]
    return _("{first} to {last}").format(first=min(periods), last=max(periods))


def _ahead_line(ahead: AheadLine) -> BillLine:
    words = _("{months} months ahead, to {until}").format(months=ahead.months, until=ahead.until.isoformat())
    return BillLine(ahead.item, words, ahead.amount)
