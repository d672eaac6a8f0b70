"""What a day or a shift took: payments as rows of fee items, columns of tenders (收费日报, 缴款单).

A payment of several lines and several tenders says nowhere which money paid what, so one rule decides for every paper:
prepaid money first, cash last (change comes out of cash), lines in the order of their allocation, each tender used up
before the next. Rows and columns therefore both sum to the fen, and a void mirrors its payment exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache

from feedesk.money import ZERO, Fen
from feedesk.periods import Period


class LineKind(StrEnum):
    """What a line of a payment is for."""

    PRINCIPAL = "principal"
    LATE_FEE = "late_fee"
    PREPAYMENT = "prepayment"
    DEPOSIT = "deposit"
    SALE = "sale"
    UNCLAIMED = "unclaimed"
    ROUNDING = "rounding"


class Group(StrEnum):
    """Where a row stands in the day summary, in order; the first three have subtotals (款项性质)."""

    OWN = "自有"
    AGENCY = "代收代付"
    COMMUNAL = "公共收益"
    LATE_FEE = "违约金"
    PREPAYMENT = "预存款"
    DEPOSIT = "押金"
    UNCLAIMED = "待认领款"
    ROUNDING = "抹零"


GROUPS = tuple(Group)
WITH_SUBTOTAL = (Group.OWN, Group.AGENCY, Group.COMMUNAL)


class Share(StrEnum):
    """Of which (其中): what takings are by age of the debt; every fen is in just one of them."""

    CURRENT = "本期"
    ARREARS = "往欠"
    ADVANCE = "预收"
    LATE_FEE = "违约金"
    DEPOSIT = "押金"
    UNCLAIMED = "待认领款"
    ROUNDING = "抹零"
    RETURNED = "退款红冲"


_SHARES = {
    LineKind.SALE: Share.CURRENT,
    LineKind.LATE_FEE: Share.LATE_FEE,
    LineKind.PREPAYMENT: Share.ADVANCE,
    LineKind.DEPOSIT: Share.DEPOSIT,
    LineKind.UNCLAIMED: Share.UNCLAIMED,
    LineKind.ROUNDING: Share.ROUNDING,
}
_GROUPS = {
    LineKind.LATE_FEE: Group.LATE_FEE,
    LineKind.PREPAYMENT: Group.PREPAYMENT,
    LineKind.DEPOSIT: Group.DEPOSIT,
    LineKind.UNCLAIMED: Group.UNCLAIMED,
    LineKind.ROUNDING: Group.ROUNDING,
}
NAMED = frozenset({LineKind.PRINCIPAL, LineKind.SALE, LineKind.DEPOSIT})
"""Lines that have a row of their fee item; what is sold stands in that of what is billed for the item."""
RETURNS = frozenset({"reversal", "refund", "bounce"})
"""Payments that give back what an earlier shift or receipt took; a void rather unmakes one of its own shift."""
TENDER_CHANGE = "tender_change"
WITHOUT_PAPER = frozenset({"void", TENDER_CHANGE, "transfer_out"})
"""Acts at a desk that issue no receipt of their own: they mark the one they concern."""


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One line of a payment, in fen. ``item``: the fee item or deposit; ``period`` and ``unit`` of the charge."""

    kind: LineKind
    amount: Fen
    item: str = ""
    nature: str = ""
    period: str = ""
    unit: str = ""

    @property
    def group(self) -> Group:
        if self.kind in (LineKind.PRINCIPAL, LineKind.SALE):
            return Group(self.nature)
        return _GROUPS[self.kind]

    @property
    def row(self) -> str:
        """The name of its row in the summary: 物业费, 违约金, 预存款, 装修押金, 抹零."""
        return self.item if self.kind in NAMED else str(self.group)

    def share(self, day: date) -> Share:
        """To which part of the takings of a day it belongs."""
        if self.kind is not LineKind.PRINCIPAL:
            return _SHARES[self.kind]
        return Share.DEPOSIT if self.nature == Group.DEPOSIT else share_of_period(self.period, day)


@cache
def share_of_period(period: str, day: date) -> Share:
    """A charge's period against the month of a business date: 往欠 ended before, 预收 begins after, else 本期."""
    served, month = Period.parse(period), Period.containing(day)
    if served.last_day < month.first_day:
        return Share.ARREARS
    return Share.ADVANCE if served.first_day > month.last_day else Share.CURRENT


@dataclass(frozen=True, slots=True)
class PaidTender:
    """Money kept in one way of paying, in fen. ``kind``: cash, channel, bank, prepaid, unclaimed."""

    code: str
    kind: str
    kept: Fen
    reference: str = ""


@dataclass(frozen=True, slots=True)
class PaidPayment:
    """A payment, void, reversal, refund or offset as the ledger has it; lines sum to the tenders kept + ``rounding``.

    ``receipt`` is its own number, a void's that of the receipt it voids; ``reverses`` the receipt it takes back or
    puts right, of ``reverses_day``; ``moved``: brought to another account that day. A change of tender has the lines
    of the payment it concerns twice: taken out of the old tenders, put into the new ones. ``shift`` counts within the
    day from 1, 0 for an offset (自动冲抵) and its reversal, which no desk made and which have no receipt.
    """

    id: int
    kind: str
    receipt: str
    at: datetime
    cashier: str
    till: str
    shift: int
    unit: str
    payer: str
    lines: tuple[PaidLine, ...]
    tenders: tuple[PaidTender, ...]
    rounding: Fen = ZERO
    voided: bool = False
    moved: bool = False
    reversed: bool = False
    reverses: str = ""
    reverses_day: date | None = None
    reason: str = ""
    approver: str = ""

    @property
    def total(self) -> Fen:
        return Fen(sum(tender.kept for tender in self.tenders))

    @property
    def returns(self) -> bool:
        return self.kind in RETURNS

    @property
    def at_the_desk(self) -> bool:
        """Whether it was made at a desk, with a receipt."""
        return self.shift > 0

    @property
    def stands(self) -> bool:
        """Whether its receipt counts: taken at a desk and neither voided nor brought to another account."""
        return self.at_the_desk and self.kind not in WITHOUT_PAPER and not self.voided and not self.moved


@dataclass(frozen=True, slots=True)
class PaidTogether:
    """Many payments added up: each in this one way of paying, without 抹零, and none of them taken back.

    ``lines`` are the sums by kind, item and period; ``counts`` says how many payments stand behind each row of takings.
    """

    lines: tuple[PaidLine, ...]
    tender: PaidTender
    counts: Mapping[tuple[Group, str], int]

    @property
    def tenders(self) -> tuple[PaidTender, ...]:
        return (self.tender,)

    @property
    def total(self) -> Fen:
        return self.tender.kept

    @property
    def returns(self) -> bool:
        return False

    @property
    def at_the_desk(self) -> bool:
        return True

    @property
    def stands(self) -> bool:
        return True


Paid = PaidPayment | PaidTogether


@dataclass(frozen=True, slots=True)
class Cell:
    """What one tender paid of one line: places in the payment's lines and tenders, and fen."""

    line: int
    tender: int
    amount: Fen


def cross_items_and_tenders(lines: Sequence[Fen], tenders: Sequence[Fen]) -> list[Cell]:
    """Says what of each line was paid by which tender, filling in the given order; cells of zero are left out.

    The cells of a line sum to it and those of a tender to it, whatever the signs. Raises ValueError where lines and
    tenders do not have the same sum, or where there is money without a line or a line without money.
    """
    if sum(lines) != sum(tenders) or bool(lines) != bool(tenders):
        raise ValueError(f"lines {list(lines)} and tenders {list(tenders)} do not match")
    cells: dict[tuple[int, int], int] = {}
    left = list(tenders)
    tender, last = 0, len(tenders) - 1
    for line, amount in enumerate(lines):
        owed = int(amount)
        while tender < last and _exhausts(owed, left[tender]):
            cells[line, tender] = cells.get((line, tender), 0) + left[tender]
            owed -= left[tender]
            left[tender] = ZERO
            tender += 1
        cells[line, tender] = cells.get((line, tender), 0) + owed
        left[tender] = Fen(left[tender] - owed)
    # Only where a payment mixes signs: what tenders still hold sums to zero, so the last line takes it all.
    for tender, rest in enumerate(left):
        cells[len(lines) - 1, tender] = cells.get((len(lines) - 1, tender), 0) + rest
    return [Cell(line, tender, Fen(amount)) for (line, tender), amount in cells.items() if amount]


def _exhausts(owed: int, left: int) -> bool:
    """Whether a line uses up a tender: it needs more than is left, in the same direction, or nothing is left."""
    return left == 0 or (owed > left > 0) or (owed < left < 0)


_TURNS = {"prepaid": 0, "unclaimed": 0, "cash": 2}


def _crossed(paid: Paid) -> tuple[Paid, list[Cell]]:
    if isinstance(paid, PaidTogether):
        return paid, _cells(paid.lines, [paid.tender.kept])
    return crossed(paid)


def crossed(payment: PaidPayment) -> tuple[PaidPayment, list[Cell]]:
    """A payment with its 抹零 as a line of its own (the lines then sum to the total), and which tender paid what.

    The 抹零 is forgone in cash, which alone is rounded: it adds to the cash line by line and comes off as a line.
    """
    if payment.kind == TENDER_CHANGE:
        return _crossed_twice(payment)
    if len(payment.tenders) == 1 and not payment.rounding:  # nearly all payments
        return payment, _cells(payment.lines, [payment.tenders[0].kept])
    tenders = tuple(sorted(payment.tenders, key=lambda tender: _TURNS.get(tender.kind, 1)))
    if not payment.rounding:
        ordered = replace(payment, tenders=tenders)
        return ordered, _cells(ordered.lines, [tender.kept for tender in tenders])
    ordered = replace(
        payment,
        tenders=tenders,
        lines=(*payment.lines, PaidLine(LineKind.ROUNDING, Fen(-payment.rounding))),
    )
    last = len(tenders) - 1  # cash, being last
    worth = [Fen(one.kept + (payment.rounding if place == last else 0)) for place, one in enumerate(tenders)]
    cells = _cells(payment.lines, worth)
    return ordered, [*cells, Cell(len(payment.lines), last, Fen(-payment.rounding))]


def changed_lines(lines: Sequence[PaidLine], rounding: Fen) -> tuple[PaidLine, ...]:
    """The lines of a change of tender: those of its payment, 抹零 included, taken back, and once more."""
    own = [*lines, PaidLine(LineKind.ROUNDING, Fen(-rounding))] if rounding else list(lines)
    return (*(replace(line, amount=Fen(-line.amount)) for line in own), *own)


def _crossed_twice(change: PaidPayment) -> tuple[PaidPayment, list[Cell]]:
    """A change of tender: what was crossed with the old tenders is taken back and crossed with the new ones."""
    half = len(change.lines) // 2
    lines: list[PaidLine] = []
    tenders: list[PaidTender] = []
    cells: list[Cell] = []
    for part, sign in ((change.lines[:half], -1), (change.lines[half:], 1)):
        whole = replace(
            change,
            kind="payment",
            lines=tuple(line for line in part if line.kind is not LineKind.ROUNDING),
            tenders=tuple(tender for tender in change.tenders if tender.kept * sign > 0),
            rounding=Fen(-sum(line.amount for line in part if line.kind is LineKind.ROUNDING)),
        )
        ordered, crossing = crossed(whole)
        cells.extend(Cell(one.line + len(lines), one.tender + len(tenders), one.amount) for one in crossing)
        lines.extend(ordered.lines)
        tenders.extend(ordered.tenders)
    return replace(change, lines=tuple(lines), tenders=tuple(tenders)), cells


def _cells(lines: Sequence[PaidLine], worth: Sequence[Fen]) -> list[Cell]:
    if len(worth) == 1 and sum(line.amount for line in lines) == worth[0]:
        return [Cell(place, 0, line.amount) for place, line in enumerate(lines) if line.amount]
    return cross_items_and_tenders([line.amount for line in lines], worth)


@dataclass(frozen=True, slots=True)
class TakingsRow:
    """A row: what was taken for an item by tender code, in fen, and by how many receipts that stand."""

    group: Group
    item: str
    count: int
    amounts: Mapping[str, Fen]

    @property
    def total(self) -> Fen:
        return Fen(sum(self.amounts.values()))


@dataclass(frozen=True, slots=True)
class Takings:
    """A day's or shift's takings. ``rows``: taken, voids off; ``returned``: given back (退款, 红冲), amounts negative.

    ``shares`` (其中) sum to the total as well.
    """

    rows: tuple[TakingsRow, ...]
    returned: tuple[TakingsRow, ...]
    returned_count: int
    shares: Mapping[str, Fen]

    @property
    def total(self) -> Fen:
        return Fen(sum(row.total for row in (*self.rows, *self.returned)))

    def by_item(self) -> dict[str, dict[str, Fen]]:
        """Item → tender code → fen, net of what was given back; what is zero is left out."""
        return _nested((row.item, row.amounts) for row in (*self.rows, *self.returned))

    def by_tender(self) -> dict[str, Fen]:
        """Tender code → fen, net of what was given back."""
        return added_up(row.amounts for row in (*self.rows, *self.returned))

    def returned_by_tender(self) -> dict[str, Fen]:
        """Tender code → fen given back, negative."""
        return added_up(row.amounts for row in self.returned)

    def subtotal(self, group: Group) -> dict[str, Fen]:
        """Tender code → fen taken for the items of a group."""
        return added_up(row.amounts for row in self.rows if row.group is group)


def added_up(amounts: Iterable[Mapping[str, Fen]]) -> dict[str, Fen]:
    """The sums of several rows, column by column."""
    sums: dict[str, Fen] = {}
    for row in amounts:
        for name, amount in row.items():
            sums[name] = Fen(sums.get(name, 0) + amount)
    return sums


def _nested(rows: Iterable[tuple[str, Mapping[str, Fen]]]) -> dict[str, dict[str, Fen]]:
    nested: dict[str, dict[str, Fen]] = {}
    for item, amounts in rows:
        nested[item] = added_up((nested.get(item, {}), amounts))
    without_zeros = {
        item: {code: amount for code, amount in amounts.items() if amount} for item, amounts in nested.items()
    }
    return {item: amounts for item, amounts in without_zeros.items() if amounts}


@dataclass(slots=True)
class _Sums:
    """Rows being added up: (group, item) → tender → fen, and how many receipts stand behind each."""

    amounts: dict[tuple[Group, str], dict[str, int]] = field(default_factory=dict)
    receipts: dict[tuple[Group, str], int] = field(default_factory=dict)

    def add(self, payment: Paid, cells: Sequence[Cell]) -> None:
        found: dict[tuple[Group, str], int] = {}
        for cell in cells:
            line = payment.lines[cell.line]
            key = (line.group, line.row)
            row = self.amounts.setdefault(key, {})
            code = payment.tenders[cell.tender].code
            row[code] = row.get(code, 0) + cell.amount
            found[key] = 1
        if payment.stands:
            for key, count in (payment.counts if isinstance(payment, PaidTogether) else found).items():
                self.receipts[key] = self.receipts.get(key, 0) + count

    def rows(self, order: Mapping[str, int]) -> tuple[TakingsRow, ...]:
        keys = sorted(self.amounts, key=lambda key: (GROUPS.index(key[0]), order.get(key[1], len(order)), key[1]))
        rows = (
            TakingsRow(
                key[0],
                key[1],
                self.receipts.get(key, 0),
                {code: Fen(amount) for code, amount in self.amounts[key].items() if amount},
            )
            for key in keys
        )
        return tuple(row for row in rows if row.amounts or row.count)


def add_up_takings(payments: Sequence[Paid], day: date, order: Mapping[str, int] | None = None) -> Takings:
    """The takings of payments of one business day; ``order`` ranks the fee items (their position in the ledger)."""
    taken, returned = _Sums(), _Sums()
    # A share that came later stands only where there is some, so that days closed before it are as they were.
    shares: dict[str, int] = {share.value: 0 for share in Share if share is not Share.UNCLAIMED}
    for given in payments:
        payment, cells = _crossed(given)
        (returned if payment.returns else taken).add(payment, cells)
        if payment.returns:
            shares[Share.RETURNED] += payment.total
            continue
        for line in payment.lines:
            share = line.share(day)
            shares[share] = shares.get(share, 0) + line.amount
    return Takings(
        rows=taken.rows(order or {}),
        returned=returned.rows(order or {}),
        returned_count=sum(payment.returns and payment.at_the_desk for payment in payments),
        shares={share: Fen(amount) for share, amount in shares.items()},
    )


@dataclass(frozen=True, slots=True)
class BlindRow:
    """A row as a cashier may see it before she has counted: ``None`` is a figure kept back."""

    group: Group
    item: str
    count: int
    amounts: Mapping[str, Fen | None]
    total: Fen | None


def without_cash(rows: Sequence[TakingsRow], cash: frozenset[str]) -> tuple[BlindRow, ...]:
    """Rows without anything from which the drawer's cash follows (盲点): cash and every total that holds cash."""
    return tuple(
        BlindRow(
            row.group,
            row.item,
            row.count,
            {code: None if code in cash else amount for code, amount in row.amounts.items()},
            None if cash & row.amounts.keys() else row.total,
        )
        for row in rows
    )
