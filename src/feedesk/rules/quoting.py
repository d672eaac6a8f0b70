"""The quote (算一算): four ways to pay side by side, each with its concessions, its late fees and its total.

Arrears only; up to the end of the quarter; a whole year ahead; not before a day of next month. A quote promises
nothing that a payment would not do: its figures are the statement's and the advance's own, it only adds them up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.texts import _, ngettext

LATER_DAY = 15
"""The day of next month that waiting is reckoned to."""


class Way(IntEnum):
    """The columns, by the digit that chooses them."""

    ARREARS = 1
    QUARTER = 2
    YEAR = 3
    LATER = 4


@dataclass(frozen=True, slots=True)
class Owing:
    """An open charge, in fen, with its late fee to the day of the quote and to the later day."""

    id: int
    item: str
    period: str
    principal: Fen
    late_fee: Fen
    later_late_fee: Fen
    due_date: date
    disputed: bool = False

    @property
    def due(self) -> Fen:
        return Fen(self.principal + self.late_fee)


@dataclass(frozen=True, slots=True)
class MonthsAhead:
    """An item of an account paid ahead: ``amount`` is owed for it, ``granted`` what paying ahead has taken off already.

    ``refused`` names concessions that paying ahead would have earned, had not ``better`` ones counted.
    """

    account: int
    item: str
    unit: str
    months: int
    first: Period
    until: date
    amount: Fen
    granted: tuple[tuple[str, Fen], ...] = ()
    refused: tuple[str, ...] = ()
    better: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Granted:
    """What a way takes off charges that are billed already, by what it is called (一次性付清): positive, in fen."""

    way: Way
    label: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class QuoteRow:
    """A line of a column: words and an amount, or a note where there is no amount yet."""

    words: str
    amount: Fen | None
    note: str = ""
    is_late_fee: bool = False


@dataclass(frozen=True, slots=True)
class QuoteColumn:
    """One way to pay: ``charges`` and ``ahead`` are what a payment takes for it on the day ``on``.

    ``paid_through`` is the last month paid then; ``left`` stays open of this period, due on ``left_due``; ``more`` is
    what it costs more than paying all today.
    """

    way: Way
    title: str
    on: date
    total: Fen
    rows: tuple[QuoteRow, ...]
    notes: tuple[str, ...] = ()
    paid_through: Period | None = None
    left: Fen = ZERO
    left_due: date | None = None
    more: Fen | None = None
    charges: tuple[int, ...] = ()
    ahead: tuple[MonthsAhead, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """What the four ways come to on a day; ``disputed`` is owed too but counted in none."""

    today: date
    columns: tuple[QuoteColumn, ...]
    disputed: Fen = ZERO


def later_day(today: date) -> date:
    """The day of next month to which waiting is reckoned."""
    return Period.containing(today).shifted(1).first_day.replace(day=LATER_DAY)


def quote(
    today: date,
    owing: Sequence[Owing],
    *,
    quarter: Sequence[MonthsAhead],
    year: Sequence[MonthsAhead],
    unbilled: Sequence[str] = (),
    granted: Sequence[Granted] = (),
) -> Quote:
    """Adds up the four ways. ``quarter`` and ``year`` are the months ahead of their ways, ``unbilled`` the items whose
    charge of this month is not known yet, ``granted`` what is taken off those that are billed already.
    """
    month = Period.containing(today)
    open_now = [one for one in owing if not one.disputed]
    arrears = [one for one in open_now if Period.parse(one.period).last_day < month.first_day]
    present = [one for one in open_now if one not in arrears and Period.parse(one.period).first_day <= today]
    coming = [one for one in open_now if one not in arrears and one not in present]
    columns = (
        _arrears_only(today, arrears, present),
        _to_the_quarter(today, arrears, present, coming, quarter, unbilled),
        _whole_year(today, arrears, present, coming, year),
        _waiting(today, [*arrears, *present]),
    )
    lowered = tuple(_lowered(one, [off for off in granted if off.way is one.way]) for one in columns)
    return Quote(today, lowered, _sum(one.due for one in owing if one.disputed))


def with_bought(found: Quote, bought: Sequence[tuple[str, Fen]]) -> Quote:
    """A quote with what is bought in the same payment (words and fen): paid today in each way, but not by waiting."""
    rows = tuple(QuoteRow(words, amount) for words, amount in bought)
    more = _sum(amount for _words, amount in bought)
    columns = tuple(
        one if one.way is Way.LATER else replace(one, rows=(*one.rows, *rows), total=Fen(one.total + more))
        for one in found.columns
    )
    return replace(found, columns=columns)


def _lowered(column: QuoteColumn, granted: Sequence[Granted]) -> QuoteColumn:
    """A column with what is taken off charges billed already; what is called alike is one row."""
    if not granted:
        return column
    rows: list[QuoteRow] = []
    sums: dict[str, int] = {}
    for one in granted:
        sums[one.label] = sums.get(one.label, 0) + one.amount
    for row in column.rows:
        more = sums.pop(row.words, 0) if row.amount is not None and row.amount < 0 else 0
        rows.append(replace(row, amount=Fen(row.amount - more)) if more and row.amount is not None else row)
    rows += [QuoteRow(label, Fen(-amount)) for label, amount in sums.items()]
    total = Fen(column.total - sum(one.amount for one in granted))
    return replace(column, rows=tuple(rows), total=total)


def _arrears_only(today: date, arrears: Sequence[Owing], present: Sequence[Owing]) -> QuoteColumn:
    late = _sum(one.late_fee for one in arrears)
    return QuoteColumn(
        way=Way.ARREARS,
        title=_("Arrears only"),
        on=today,
        total=_sum(one.due for one in arrears),
        rows=(
            QuoteRow(_("Principal in arrears"), _sum(one.principal for one in arrears)),
            QuoteRow(_("Late fee"), late, is_late_fee=bool(late)),
        ),
        paid_through=Period.containing(today).shifted(-1),
        left=_sum(one.due for one in present),
        left_due=min((one.due_date for one in present), default=None),
        charges=tuple(one.id for one in arrears),
    )


def _to_the_quarter(
    today: date,
    arrears: Sequence[Owing],
    present: Sequence[Owing],
    coming: Sequence[Owing],
    ahead: Sequence[MonthsAhead],
    unbilled: Sequence[str],
) -> QuoteColumn:
    end = Period.containing(today, 3).last_day
    charges = [*present, *(one for one in coming if Period.parse(one.period).first_day <= end)]
    items = dict.fromkeys([*(one.item for one in charges), *(one.item for one in ahead)])
    rows = [*_arrears_row(arrears), *(_item_row(item, charges, ahead) for item in items), *_granted(ahead)]
    if unbilled:
        rows.append(QuoteRow("、".join(unbilled), None, _("billed after reading")))
    paid = [*arrears, *charges]
    return QuoteColumn(
        way=Way.QUARTER,
        title=_("To the end of the quarter"),
        on=today,
        total=Fen(_sum(one.due for one in paid) + _sum(one.amount for one in ahead)),
        rows=tuple(rows),
        notes=_notes(ahead),
        paid_through=_reach(today, charges, ahead),
        charges=tuple(one.id for one in paid),
        ahead=tuple(ahead),
    )


def _whole_year(
    today: date,
    arrears: Sequence[Owing],
    present: Sequence[Owing],
    coming: Sequence[Owing],
    ahead: Sequence[MonthsAhead],
) -> QuoteColumn:
    rows = [*_arrears_row(arrears)]
    if present:
        rows.append(QuoteRow(_("This period"), _sum(one.due for one in present)))
    if coming:
        rows.append(QuoteRow(_("Billed for later"), _sum(one.due for one in coming)))
    for one in ahead:
        words = ngettext("{item}, {n} month", "{item}, {n} months", one.months).format(item=one.item, n=one.months)
        rows.append(QuoteRow(words, _before(one)))
    rows += _granted(ahead)
    paid = [*arrears, *present, *coming]
    return QuoteColumn(
        way=Way.YEAR,
        title=_("A whole year ahead"),
        on=today,
        total=Fen(_sum(one.due for one in paid) + _sum(one.amount for one in ahead)),
        rows=tuple(rows),
        notes=_notes(ahead),
        paid_through=_reach(today, paid, ahead),
        charges=tuple(one.id for one in paid),
        ahead=tuple(ahead),
    )


def _waiting(today: date, owing: Sequence[Owing]) -> QuoteColumn:
    on = later_day(today)
    principal, late = _sum(one.principal for one in owing), _sum(one.later_late_fee for one in owing)
    until = _("Late fee (to {day})").format(day=f"{on:%m-%d}")
    return QuoteColumn(
        way=Way.LATER,
        title=_("Wait until {day} of next month").format(day=on.day),
        on=on,
        total=Fen(principal + late),
        rows=(
            QuoteRow(_("Arrears and this period"), principal),
            QuoteRow(until, late, is_late_fee=bool(late)),
        ),
        more=Fen(late - _sum(one.late_fee for one in owing)),
    )


def _arrears_row(arrears: Sequence[Owing]) -> list[QuoteRow]:
    if not arrears:
        return []
    return [QuoteRow(_("Arrears with late fee"), _sum(one.due for one in arrears))]


def _item_row(item: str, charges: Sequence[Owing], ahead: Sequence[MonthsAhead]) -> QuoteRow:
    """``物业费 11–12 月``: what is billed of an item and what is paid ahead of it."""
    billed = [one for one in charges if one.item == item]
    more = [one for one in ahead if one.item == item]
    months = [Period.parse(one.period).first_day for one in billed] + [one.first.first_day for one in more]
    ends = [Period.parse(one.period).last_day for one in billed] + [one.until for one in more]
    first, last = min(months).month, max(ends).month
    words = _("{item}, month {month}") if first == last else _("{item}, months {first}–{last}")
    amount = Fen(_sum(one.due for one in billed) + _sum(_before(one) for one in more))
    return QuoteRow(words.format(item=item, month=first, first=first, last=last), amount)


def _before(ahead: MonthsAhead) -> Fen:
    """What months ahead cost before what paying ahead takes off."""
    return Fen(ahead.amount + sum(amount for _label, amount in ahead.granted))


def _granted(ahead: Sequence[MonthsAhead]) -> list[QuoteRow]:
    sums: dict[str, int] = {}
    for one in ahead:
        for label, amount in one.granted:
            sums[label] = sums.get(label, 0) + amount
    return [QuoteRow(label, Fen(-amount)) for label, amount in sums.items()]


def _notes(ahead: Sequence[MonthsAhead]) -> tuple[str, ...]:
    text = _("{refused} cannot be had together with {better}: the better one counts.")
    told = [
        text.format(refused="、".join(one.refused), better="、".join(one.better))
        for one in ahead
        if one.refused and one.better
    ]
    return tuple(dict.fromkeys(told))


def _reach(today: date, charges: Sequence[Owing], ahead: Sequence[MonthsAhead]) -> Period:
    """The last month that everything paid for a time reaches: the item that reaches least far counts."""
    if ahead:
        return Period.containing(min(one.until for one in ahead))
    ends = [Period.parse(one.period).last_day for one in charges]
    return Period.containing(max(ends, default=today))


def _sum(amounts: Iterable[Fen]) -> Fen:
    return Fen(sum(amounts))
