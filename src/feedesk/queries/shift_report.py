"""What one shift took, by fee item and way of paying, and what is in its drawer: for the X report and the hand-over.

Read from the shift's own payments; nothing is closed or stored by it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Payment, table_of
from feedesk.money import Fen
from feedesk.queries.day_figures import tender_columns
from feedesk.queries.shifts import DrawerCash, ShiftRow, drawer_cash, drawer_movements, shifts_of_day
from feedesk.queries.sign_offs import SignOff, closed_shift
from feedesk.queries.takings import day_payments, item_order
from feedesk.rules.day_summary import BookRange, DrawerMovement, ReceiptsIssued, TenderColumn
from feedesk.rules.drawer import imprest_returned
from feedesk.rules.takings import (
    WITHOUT_PAPER,
    BlindRow,
    Group,
    PaidPayment,
    Takings,
    TakingsRow,
    add_up_takings,
    without_cash,
)

_payment = table_of(Payment)
_OF_SHIFT = select(_payment.c.id).where(_payment.c.shift_id == bindparam("shift"))


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """A shift as it stands. ``number``: which of its day; where ``blind`` nothing tells what cash there is.

    ``corrections`` counts changes of tender and transfers away; ``drawer`` and ``total`` are None where blind.
    """

    shift: ShiftRow
    number: int
    blind: bool
    tenders: tuple[TenderColumn, ...]
    rows: tuple[BlindRow, ...]
    returned: BlindRow | None
    receipts: ReceiptsIssued
    corrections: int
    prepayment_used: Fen
    movements: tuple[DrawerMovement, ...]
    drawer: DrawerCash | None
    taken_at: datetime

    def total_of(self, tender: TenderColumn) -> Fen | None:
        """What came in by a way of paying, net of what was given back; None where it may not be seen."""
        if self.blind and tender.kind == "cash":
            return None
        rows = (*self.rows, *([self.returned] if self.returned else []))
        return Fen(sum(row.amounts.get(tender.code) or 0 for row in rows))

    def of_group(self, group: Group) -> tuple[BlindRow, ...]:
        """The rows of a group."""
        return tuple(row for row in self.rows if row.group is group)


@dataclass(frozen=True, slots=True)
class HandOver:
    """A counted shift as its hand-over slip (交班单) has it: what is handed over, and who signed for it.

    ``imprest`` goes back to 备用金, ``to_bank`` is on its way to the bank, both in fen.
    """

    report: ShiftReport
    drawer: DrawerCash
    counted: Fen
    over_short: Fen
    imprest: Fen
    to_bank: Fen
    signatures: tuple[SignOff, ...]


def shift_report(connection: Connection, *, day: date, shift: int, blind: bool, now: datetime) -> ShiftReport | None:
    """The report of a shift of a business day; None where that day has no such shift."""
    shifts = shifts_of_day(connection, day)
    found = next(((number, row) for number, row in enumerate(shifts, 1) if row.id == shift), None)
    if found is None:
        return None
    number, row = found
    payments = _payments_of(connection, day, shift)
    takings = add_up_takings(payments, day, item_order(connection))
    by_tender = takings.by_tender()
    columns = tuple(
        one for one in tender_columns(connection, set(by_tender)) if one.kind == "cash" or _used(one, takings)
    )
    cash = frozenset(one.code for one in columns if one.kind == "cash") if blind else frozenset[str]()
    return ShiftReport(
        shift=row,
        number=number,
        blind=blind,
        tenders=columns,
        rows=without_cash(takings.rows, cash),
        returned=_returned(takings, cash),
        receipts=_receipts(row, payments),
        corrections=sum(one.kind in ("tender_change", "transfer_out") for one in payments),
        prepayment_used=Fen(sum(by_tender.get(one.code, 0) for one in columns if one.kind == "prepaid")),
        movements=tuple(replace(one, shift=number) for one in drawer_movements(connection, [row])),
        drawer=None if blind else drawer_cash(connection, shift, row.till),
        taken_at=now,
    )


def hand_over(connection: Connection, *, shift: int, now: datetime) -> HandOver | None:
    """What a shift hands over; None while it is not counted."""
    closed = closed_shift(connection, shift)
    if closed is None:
        return None
    report = shift_report(connection, day=closed.business_date, shift=shift, blind=False, now=now)
    if report is None or report.drawer is None or report.shift.counted is None:
        return None
    drawer, counted = report.drawer, report.shift.counted
    imprest = imprest_returned(drawer.opening_float, drawer.change - drawer.paid_out, counted)
    return HandOver(
        report=report,
        drawer=drawer,
        counted=counted,
        over_short=Fen(counted - drawer.expected),
        imprest=imprest,
        to_bank=Fen(counted - imprest),
        signatures=closed.sign_offs,
    )


def _payments_of(connection: Connection, day: date, shift: int) -> Sequence[PaidPayment]:
    chosen = list(connection.execute(_OF_SHIFT, {"shift": shift}).scalars())
    return day_payments(connection, day, chosen) if chosen else ()


def _used(column: TenderColumn, takings: Takings) -> bool:
    return any(column.code in row.amounts for row in (*takings.rows, *takings.returned))


def _returned(takings: Takings, cash: frozenset[str]) -> BlindRow | None:
    if not takings.returned_count:
        return None
    row = TakingsRow(Group.OWN, "", takings.returned_count, takings.returned_by_tender())
    return without_cash((row,), cash)[0]


def _receipts(shift: ShiftRow, payments: Iterable[PaidPayment]) -> ReceiptsIssued:
    papers = [one for one in payments if one.kind not in WITHOUT_PAPER and one.receipt]
    if not papers:
        return ReceiptsIssued((), 0)
    numbers = sorted(one.receipt for one in papers)
    voids = sum(one.voided for one in papers)
    return ReceiptsIssued((BookRange(shift.till_name, numbers[0], numbers[-1], len(papers), voids),), 0)
