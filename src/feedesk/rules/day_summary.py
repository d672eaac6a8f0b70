"""What the day summary (收费日报) says, stored with the day close once and for all.

Plain data as issued: amounts in fen, dates in ISO 8601, names as they were that day. `DayFigures` is what is stored
and sealed; `DaySummary` adds each receipt line, which the ledger keeps anyway. ``schema`` numbers the shape.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen
from feedesk.rules.channel_check import ChannelCheck
from feedesk.rules.takings import Group, PaidPayment, Takings, TakingsRow
from feedesk.texts import N_


class SummaryDoesNotAddUp(UserError):
    message = N_(
        "The receipts of {day} do not add up to its figures as closed: check the ledger with “feedesk verify”."
    )


def workbook_name(day: date) -> str:
    """The file name of a day's summary: ``收费日报 2026-11-23.xlsx``."""
    return f"收费日报 {day.isoformat()}.xlsx"


@dataclass(frozen=True, slots=True)
class TenderColumn:
    """A column of the summary. ``kind``: cash, channel, bank, prepaid, unclaimed."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class BookRange:
    """The receipts a day issued from one book. ``gaps``: numbers that are missing, which must never happen."""

    till: str
    first: str
    last: str
    count: int
    voids: int
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptsIssued:
    """The receipts of a day, voided ones included; ``reprints`` counts copies marked 补打 that were asked for."""

    books: tuple[BookRange, ...]
    reprints: int

    @property
    def first(self) -> str | None:
        return self.books[0].first if self.books else None

    @property
    def last(self) -> str | None:
        return self.books[-1].last if self.books else None

    @property
    def count(self) -> int:
        return sum(book.count for book in self.books)

    @property
    def voids(self) -> int:
        return sum(book.voids for book in self.books)

    @property
    def gaps(self) -> int:
        return sum(len(book.gaps) for book in self.books)


@dataclass(frozen=True, slots=True)
class ShiftCash:
    """The drawer of one closed shift: float + received − paid out + change = expected; counted − expected = over/short.

    ``received`` is net of voids; ``paid_out`` what reversals, refunds and petty cash took out; ``change`` is change
    money fetched from 备用金 less what was given back. ``counts`` pieces by
    denomination (`feedesk.rules.cash_count`), ``counted_by_hand`` False where a training shift took what was expected;
    ``reason``: why the drawer differed.
    """

    number: int
    till: str
    cashier: str
    opened_at: str
    closed_at: str
    receipts: int
    opening_float: Fen
    received: Fen
    paid_out: Fen
    expected: Fen
    counted: Fen
    over_short: Fen
    counts: Mapping[str, int]
    takings: Mapping[str, Fen]
    change: Fen = ZERO
    reason: str = ""

    def __post_init__(self) -> None:
        if self.opening_float + self.received - self.paid_out + self.change != self.expected:
            raise ValueError("float + received − paid out + change money must be the expected cash")
        if self.counted - self.expected != self.over_short:
            raise ValueError("counted − expected must be the over/short")


@dataclass(frozen=True, slots=True)
class DrawerMovement:
    """Petty cash or change money of the day: ``shift`` counts from 1, ``kind`` is a `feedesk.rules.drawer.Movement`."""

    shift: int
    at: str
    kind: str
    amount: Fen
    purpose: str
    cashier: str


@dataclass(frozen=True, slots=True)
class ShiftSignature:
    """A second person's word on a shift of the day: ``kind`` hand_over (交接) or review (复核); ``things`` in words."""

    shift: int
    kind: str
    by: str
    at: str
    accepted: bool
    counted: Fen
    things: str
    remark: str


@dataclass(frozen=True, slots=True)
class CashInTransit:
    """Cash on its way to the bank (在途现金): what was there, what the day's shifts added, what was paid in."""

    opening: Fen
    added: Fen
    cleared: Fen

    @property
    def closing(self) -> Fen:
        return Fen(self.opening + self.added - self.cleared)


@dataclass(frozen=True, slots=True)
class ArrearsChange:
    """How the principal owed for one fee item changed: opening + billed − conceded − collected = closing.

    Due or not; late fees are counted when they are collected. ``conceded``: undone, cancelled, waived.
    """

    item: str
    opening: Fen
    billed: Fen
    conceded: Fen
    collected: Fen

    @property
    def closing(self) -> Fen:
        return Fen(self.opening + self.billed - self.conceded - self.collected)


@dataclass(frozen=True, slots=True)
class HeldChange:
    """How money held for residents changed (预存款, 押金, 待认领款): opening + received − used + other = closing.

    ``used``: paid from it; ``other``: given back by reversals and refunds, brought along by an import.
    """

    name: str
    opening: Fen
    received: Fen
    used: Fen
    other: Fen

    @property
    def closing(self) -> Fen:
        return Fen(self.opening + self.received - self.used + self.other)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A void, reversal or refund of the day. ``total`` negative; ``receipt`` is empty for a void."""

    kind: str
    at: str
    receipt: str
    reverses: str
    reverses_day: str
    unit: str
    payer: str
    total: Fen
    tenders: Mapping[str, Fen]
    reason: str
    cashier: str
    approver: str


@dataclass(frozen=True, slots=True)
class DayFigures:
    """All sums of a closed day. ``balances``: what stands on the ledger accounts it follows, to start the next day."""

    day: str
    version: int
    community: str
    company: str
    training: bool
    closed_at: str
    closed_by: str
    chain_head: str
    tenders: tuple[TenderColumn, ...]
    takings: Takings
    receipts: ReceiptsIssued
    shifts: tuple[ShiftCash, ...]
    transit: CashInTransit
    arrears: tuple[ArrearsChange, ...]
    held: tuple[HeldChange, ...]
    taken_back: tuple[TakenBack, ...]
    balances: Mapping[str, Fen]
    channels: tuple[ChannelCheck, ...] = ()
    movements: tuple[DrawerMovement, ...] = ()
    signatures: tuple[ShiftSignature, ...] = ()
    schema: int = 1

    @property
    def date(self) -> date:
        return date.fromisoformat(self.day)

    @property
    def total(self) -> Fen:
        return self.takings.total

    @property
    def prepayment_used(self) -> Fen:
        """What of the total was paid from prepayments, so came in earlier."""
        return self._paid_by("prepaid")

    @property
    def claimed(self) -> Fen:
        """What of the total was paid with money of unknown origin that was claimed, so came in earlier too."""
        return self._paid_by("unclaimed")

    def _paid_by(self, kind: str) -> Fen:
        by_tender = self.takings.by_tender()
        return Fen(sum(by_tender.get(tender.code, ZERO) for tender in self.tenders if tender.kind == kind))

    def to_json(self) -> str:
        """Compact JSON, the same bytes each time."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        facts: dict[str, Any] = json.loads(text)
        takings = facts["takings"]
        receipts = facts["receipts"]
        facts["takings"] = Takings(
            **{**takings, "rows": _rows(takings["rows"]), "returned": _rows(takings["returned"])}
        )
        books = (BookRange(**{**book, "gaps": tuple(book["gaps"])}) for book in receipts["books"])
        facts["receipts"] = ReceiptsIssued(tuple(books), receipts["reprints"])
        facts["transit"] = CashInTransit(**facts["transit"])
        for name, kind in _PARTS.items():
            # A part that came later is missing from what was stored before it.
            facts[name] = tuple(kind(**part) for part in facts.get(name, ()))
        return cls(**facts)


_PARTS: Mapping[str, Any] = {
    "tenders": TenderColumn,
    "shifts": ShiftCash,
    "arrears": ArrearsChange,
    "held": HeldChange,
    "taken_back": TakenBack,
    "channels": ChannelCheck,
    "movements": DrawerMovement,
    "signatures": ShiftSignature,
}


def channel_checks(
    tenders: Sequence[TenderColumn], booked: Mapping[str, Fen], reported: Mapping[str, Fen]
) -> tuple[ChannelCheck, ...]:
    """The channels in use (WeChat, Alipay, card terminal) with what was booked and what they report themselves."""
    return tuple(
        ChannelCheck(tender.code, tender.name, booked.get(tender.code, ZERO), reported.get(tender.code))
        for tender in tenders
        if tender.kind == "channel"
    )


def _rows(rows: list[dict[str, Any]]) -> tuple[TakingsRow, ...]:
    return tuple(TakingsRow(**{**row, "group": Group(row["group"])}) for row in rows)


@dataclass(frozen=True, slots=True)
class Reopening:
    """The version of a day that was reopened: its figures, and when, by whom and why it was opened again."""

    figures: DayFigures
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SealedChain:
    """A hash chain (凭证链) as the close sealed it: whose, how many entries it had, and the hash of the last one."""

    name: str
    entries: int
    head: str


@dataclass(frozen=True, slots=True)
class DaySummary:
    """A day's figures and every payment behind them, which sum to the same total; ``reopening``: of a later version.

    ``chains`` are those whose heads make up the figures' ``chain_head``.
    """

    figures: DayFigures
    payments: tuple[PaidPayment, ...]
    reopening: Reopening | None = None
    chains: tuple[SealedChain, ...] = ()

    def __post_init__(self) -> None:
        if sum(payment.total for payment in self.payments) != self.figures.total:
            raise SummaryDoesNotAddUp(day=self.figures.day)
