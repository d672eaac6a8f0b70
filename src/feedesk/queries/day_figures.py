"""The figures of a business day, worked out from the ledger or read as they were when it was closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeGuard

from sqlalchemy import Connection, String, bindparam, exists, func, select, type_coerce

from feedesk.errors import UserError
from feedesk.ledger.heads import heads_from_json
from feedesk.ledger.posting import OFFICE_CHAIN
from feedesk.models import (
    Community,
    DayClose,
    Entry,
    Payment,
    PrintJob,
    Receipt,
    ReceiptBook,
    Staff,
    Tender,
    Till,
    table_of,
)
from feedesk.money import Fen
from feedesk.queries.balance_changes import arrears_changes, cash_in_transit, held_changes, movements
from feedesk.queries.shifts import (
    ShiftRow,
    drawer_cash,
    drawer_movements,
    receipts_of_shift,
    shift_takings,
    shifts_of_day,
)
from feedesk.queries.sign_offs import sign_offs
from feedesk.queries.takings import day_payments, day_sums, item_order
from feedesk.rules.day_summary import (
    BookRange,
    DayFigures,
    DaySummary,
    ReceiptsIssued,
    Reopening,
    SealedChain,
    ShiftCash,
    ShiftSignature,
    TakenBack,
    TenderColumn,
    channel_checks,
)
from feedesk.rules.takings import Paid, PaidPayment, add_up_takings, added_up
from feedesk.texts import N_, _

_community, _day_close, _payment, _job, _receipt, _book, _tender, _till = (
    table_of(model) for model in (Community, DayClose, Payment, PrintJob, Receipt, ReceiptBook, Tender, Till)
)
_void = _payment.alias("void")

_TENDERS = select(_tender.c.code, _tender.c.name, _tender.c.kind, _tender.c.active).order_by(
    _tender.c.position, _tender.c.id
)
_LETTERHEAD = select(_community.c.name, _community.c.company).limit(1)
_BOOKS = (
    select(
        _receipt.c.book_id,
        _book.c.prefix,
        _till.c.name.label("till"),
        func.min(_receipt.c.number).label("first"),
        func.max(_receipt.c.number).label("last"),
        func.count().label("issued"),
        func.count(_void.c.id).label("voids"),
    )
    .join(_book, _book.c.id == _receipt.c.book_id)
    .join(_till, _till.c.id == _book.c.till_id)
    .outerjoin(_void, (_void.c.reverses_id == _receipt.c.payment_id) & (_void.c.kind == "void"))
    .where(_receipt.c.business_date == bindparam("day"))
    .group_by(_receipt.c.book_id, _book.c.prefix, _till.c.name, _till.c.number)
    .order_by(_till.c.number, _book.c.prefix)
)
_CODE = select(_receipt.c.code).where(_receipt.c.book_id == bindparam("book"), _receipt.c.number == bindparam("number"))
_BEFORE = select(func.max(_receipt.c.number)).where(
    _receipt.c.book_id == bindparam("book"), _receipt.c.number < bindparam("first")
)
# Of any day: on a training ledger later numbers may belong to earlier days.
_NUMBERS = select(_receipt.c.number).where(
    _receipt.c.book_id == bindparam("book"), _receipt.c.number.between(bindparam("first"), bindparam("last"))
)
_REPRINTS = (
    select(func.count())
    .select_from(_job)
    .where(_job.c.reprint > 0, type_coerce(_job.c.requested_at, String).startswith(bindparam("day")))
)
_entry, _staff = table_of(Entry), table_of(Staff)
_reopening = _entry.alias("reopening")
# A close stands unless it was reopened (reversed).
_stands = ~exists().where(_reopening.c.reverses_id == _day_close.c.entry_id)
_CLOSED = select(_day_close.c.entry_id, _day_close.c.figures).where(
    _day_close.c.business_date == bindparam("day"), _stands
)
_HEADS = select(_day_close.c.chain_heads).where(_day_close.c.business_date == bindparam("day"), _stands)
_TILL_NAMES = select(_till.c.id, _till.c.name)
_LAST_CLOSED = (
    select(_day_close.c.business_date)
    .where(_day_close.c.business_date < bindparam("before"), _stands)
    .order_by(_day_close.c.business_date.desc())
    .limit(1)
)
_REOPENED = (
    select(
        _day_close.c.figures,
        _reopening.c.recorded_at,
        _reopening.c.reason,
        _staff.c.name,
    )
    .join(_reopening, _reopening.c.reverses_id == _day_close.c.entry_id)
    .join(_staff, _staff.c.id == _reopening.c.actor_id)
    .where(_day_close.c.business_date == bindparam("day"))
    .order_by(_day_close.c.version.desc())
    .limit(1)
)


_HELD = ("prepaid", "unclaimed")
"""Kinds of tender that pay with money that lay here already."""


class DayNotClosed(UserError):
    message = N_("{day} is not closed yet: close it first, then its summary can be written.")


@dataclass(frozen=True, slots=True)
class Closing:
    """What a day close adds to the figures: which version, when, by whom, the digest over all chains.

    ``reported``: what channels say themselves that they took, by tender.
    """

    version: int
    at: datetime
    by: str
    chain_head: str
    training: bool
    reported: Mapping[str, Fen] = field(default_factory=dict)


def closed_figures(connection: Connection, day: date) -> DayFigures | None:
    """The figures a day was closed with; None while it is open, or open again."""
    stored = connection.execute(_CLOSED, {"day": day}).one_or_none()
    return None if stored is None else DayFigures.from_json(stored.figures)


def standing_close(connection: Connection, day: date) -> int | None:
    """The entry of the close of a day that stands; None while the day is open."""
    stored = connection.execute(_CLOSED, {"day": day}).one_or_none()
    return None if stored is None else int(stored.entry_id)


def last_reopening(connection: Connection, day: date) -> Reopening | None:
    """The version of a day that was reopened last, and why; None where it never was."""
    row = connection.execute(_REOPENED, {"day": day}).one_or_none()
    if row is None:
        return None
    return Reopening(DayFigures.from_json(row.figures), row.recorded_at, row.name, row.reason)


def last_closed(connection: Connection, before: date = date.max) -> date | None:
    """The last closed day before a day, or of all."""
    found: date | None = connection.execute(_LAST_CLOSED, {"before": before}).scalar()
    return found


def day_summary(connection: Connection, day: date) -> DaySummary:
    """All that the day summary of a closed day says. Raises `DayNotClosed`."""
    figures = closed_figures(connection, day)
    if figures is None:
        raise DayNotClosed(day=day.isoformat())
    return DaySummary(figures, day_payments(connection, day), last_reopening(connection, day), _chains(connection, day))


def _chains(connection: Connection, day: date) -> tuple[SealedChain, ...]:
    names = {row.id: row.name for row in connection.execute(_TILL_NAMES)}
    heads = heads_from_json(connection.execute(_HEADS, {"day": day}).scalar_one())
    return tuple(
        SealedChain(
            _("Office (bills, imports, closes)") if one.chain == OFFICE_CHAIN else names.get(one.chain, str(one.chain)),
            one.length,
            one.head,
        )
        for one in heads
    )


def work_out_figures(connection: Connection, day: date, closing: Closing) -> DayFigures:
    """The figures of a day whose shifts are all closed, from the ledger."""
    payments = day_sums(connection, day)
    order = item_order(connection)
    takings = add_up_takings(payments, day, order)
    columns = tender_columns(connection, set(takings.by_tender()))
    closed = last_closed(connection, day)
    before = closed_figures(connection, closed) if closed else None
    moves = movements(connection, day, closed=closed, balances=before.balances if before else {})
    letterhead = connection.execute(_LETTERHEAD).one_or_none()
    shifts = shifts_of_day(connection, day)
    return DayFigures(
        day=day.isoformat(),
        version=closing.version,
        community=letterhead.name if letterhead else "",
        company=letterhead.company if letterhead else "",
        training=closing.training,
        closed_at=closing.at.isoformat(timespec="seconds"),
        closed_by=closing.by,
        chain_head=closing.chain_head,
        tenders=columns,
        takings=takings,
        receipts=receipts_issued(connection, day),
        shifts=tuple(_shift_cash(connection, number, shift) for number, shift in enumerate(shifts, 1)),
        transit=cash_in_transit(moves),
        arrears=arrears_changes(moves, payments, order),
        held=held_changes(
            moves, payments, *(frozenset(one.code for one in columns if one.kind == kind) for kind in _HELD)
        ),
        taken_back=tuple(_taken_back(payment) for payment in payments if _takes_back(payment)),
        balances=moves.balances(),
        movements=drawer_movements(connection, shifts),
        signatures=_signatures(connection, shifts),
        channels=channel_checks(columns, takings.by_tender(), closing.reported),
    )


def receipts_issued(connection: Connection, day: date) -> ReceiptsIssued:
    """The receipts of a business day by book, and the numbers missing among them."""
    books = []
    for row in connection.execute(_BOOKS, {"day": day}).all():
        first, last = (_code(connection, row.book_id, number) for number in (row.first, row.last))
        gaps = tuple(f"{row.prefix}{number:06d}" for number in _missing(connection, row.book_id, row.first, row.last))
        books.append(BookRange(row.till, first, last, row.issued, row.voids, gaps))
    reprints = connection.execute(_REPRINTS, {"day": day.isoformat()}).scalar_one()
    return ReceiptsIssued(tuple(books), reprints)


def _code(connection: Connection, book: int, number: int) -> str:
    return str(connection.execute(_CODE, {"book": book, "number": number}).scalar_one())


def _missing(connection: Connection, book: int, first: int, last: int) -> Sequence[int]:
    """Numbers between a day's first and last, or right before its first, that no receipt of the ledger has."""
    before = connection.execute(_BEFORE, {"book": book, "first": first}).scalar()
    begin = first if before is None else before + 1
    issued = set(connection.execute(_NUMBERS, {"book": book, "first": begin, "last": last}).scalars())
    return [number for number in range(begin, last + 1) if number not in issued]


def tender_columns(connection: Connection, used: set[str]) -> tuple[TenderColumn, ...]:
    """The ways of paying in use, and those no longer in use that the day still saw."""
    rows = connection.execute(_TENDERS)
    return tuple(TenderColumn(row.code, row.name, row.kind) for row in rows if row.active or row.code in used)


def _shift_cash(connection: Connection, number: int, shift: ShiftRow) -> ShiftCash:
    drawer = drawer_cash(connection, shift.id, shift.till)
    assert shift.closed_at is not None
    assert shift.counted is not None
    return ShiftCash(
        number=number,
        till=shift.till_name,
        cashier=shift.cashier,
        opened_at=shift.opened_at.isoformat(timespec="seconds"),
        closed_at=shift.closed_at.isoformat(timespec="seconds"),
        receipts=receipts_of_shift(connection, shift.id),
        opening_float=drawer.opening_float,
        received=drawer.received,
        paid_out=drawer.paid_out,
        expected=drawer.expected,
        counted=shift.counted,
        over_short=Fen(shift.counted - drawer.expected),
        counts=shift.counts,
        takings=shift_takings(connection, shift.id),
        change=drawer.change,
        reason=shift.reason,
    )


def _signatures(connection: Connection, shifts: Sequence[ShiftRow]) -> tuple[ShiftSignature, ...]:
    places = {shift.id: place for place, shift in enumerate(shifts, 1)}
    return tuple(
        ShiftSignature(
            shift=places[one.shift],
            kind=one.kind.value,
            by=one.by,
            at=one.at.isoformat(timespec="seconds"),
            accepted=one.accepted,
            counted=one.counted,
            things=" ".join(f"{thing.name}×{thing.count}" for thing in one.things),
            remark=one.remark,
        )
        for one in sign_offs(connection, places)
    )


def _takes_back(paid: Paid) -> TypeGuard[PaidPayment]:
    return isinstance(paid, PaidPayment) and paid.kind not in ("payment", "offset")


def _taken_back(payment: PaidPayment) -> TakenBack:
    return TakenBack(
        kind=payment.kind if payment.at_the_desk else "offset_reversal",
        at=payment.at.isoformat(timespec="seconds"),
        receipt="" if payment.kind == "void" else payment.receipt,
        reverses=payment.reverses,
        reverses_day=payment.reverses_day.isoformat() if payment.reverses_day else "",
        unit=payment.unit,
        payer=payment.payer,
        total=payment.total,
        tenders=added_up({tender.code: tender.kept} for tender in payment.tenders),
        reason=payment.reason,
        cashier=payment.cashier,
        approver=payment.approver,
    )
