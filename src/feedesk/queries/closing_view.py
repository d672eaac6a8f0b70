"""What the day-close page shows: a business day as it stands, without the drawer's cash until it has been counted.

The cash is left out here, not in the window: what may not be seen does not reach the screen's memory at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from feedesk.money import ZERO, Fen
from feedesk.queries.day_figures import closed_figures, last_closed, receipts_issued, tender_columns
from feedesk.queries.desk import OpenShift, open_shift_at, till_id
from feedesk.queries.desk_terms import is_count_blind
from feedesk.queries.open_matters import OpenMatters, open_matters
from feedesk.queries.receipts import SlipOnItsWay, unprinted_slips
from feedesk.queries.shifts import ShiftRow, earliest_worked, opening_float, shifts_of_day
from feedesk.queries.sign_offs import SignOff, sign_offs
from feedesk.queries.takings import day_takings
from feedesk.rules.channel_check import ChannelCheck
from feedesk.rules.day_summary import DayFigures, ReceiptsIssued, TenderColumn, channel_checks
from feedesk.rules.takings import BlindRow, Group, Takings, TakingsRow, without_cash


@dataclass(frozen=True, slots=True)
class CashInTransitKnown:
    """Cash on its way to the bank when the last closed day ended."""

    day: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class ClosingView:
    """A business day to be counted and closed. ``own``: the shift open at this till; ``earlier``: a day to close first.

    ``blind``: a drawer has yet to be counted, so cash and what holds cash is None, ``returned`` and ``shares`` too.
    ``closed`` are the figures of the day once it is closed.
    """

    day: date
    today: date
    own: OpenShift | None
    own_float: Fen
    shifts: tuple[ShiftRow, ...]
    blind: bool
    tenders: tuple[TenderColumn, ...]
    rows: tuple[BlindRow, ...]
    returned: BlindRow | None
    shares: Mapping[str, Fen] | None
    receipts: ReceiptsIssued
    slips: tuple[SlipOnItsWay, ...]
    earlier: date | None
    transit: CashInTransitKnown | None
    closed: DayFigures | None
    channels: tuple[ChannelCheck, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    matters: OpenMatters = field(default_factory=OpenMatters)

    @property
    def others_open(self) -> tuple[ShiftRow, ...]:
        """Shifts of the day open at other tills."""
        own = self.own.id if self.own else None
        return tuple(shift for shift in self.shifts if shift.is_open and shift.id != own)


def closing_view(
    connection: Connection, *, till: int, today: date, day: date | None = None, counted_shift: int | None = None
) -> ClosingView:
    """The day to close at till number ``till``: the open shift's, else the earliest worked one not closed, else today.

    ``counted_shift`` is a shift whose drawer has been counted though it is still open. Raises `UnknownTill`.
    """
    own = open_shift_at(connection, till)
    last = last_closed(connection)
    waiting = earliest_worked(connection, after=last, before=today)
    shown = day or (own.business_date if own else None) or waiting or today
    own = own if own is not None and own.business_date == shown else None
    shifts = shifts_of_day(connection, shown)
    blind = is_blind(connection, shifts, counted_shift)
    takings = day_takings(connection, shown)
    columns = tender_columns(connection, set(takings.by_tender()))
    closed = closed_figures(connection, shown)
    cash = frozenset(column.code for column in columns if column.kind == "cash") if blind else frozenset()
    return ClosingView(
        day=shown,
        today=today,
        own=own,
        own_float=opening_float(connection, own.id) if own else ZERO,
        shifts=shifts,
        blind=blind,
        tenders=columns,
        rows=without_cash(takings.rows, cash),
        returned=_returned(takings, cash),
        shares=None if blind else takings.shares,
        receipts=receipts_issued(connection, shown),
        slips=tuple(unprinted_slips(connection, till=till_id(connection, till))),
        earlier=waiting if waiting is not None and waiting < shown else None,
        transit=_transit(connection, shown),
        closed=closed,
        channels=closed.channels if closed else channel_checks(columns, takings.by_tender(), {}),
        sign_offs=sign_offs(connection, [shift.id for shift in shifts]),
        matters=OpenMatters() if closed else open_matters(connection, shown),
    )


def is_blind(connection: Connection, shifts: tuple[ShiftRow, ...], counted_shift: int | None = None) -> bool:
    """Whether a shift of the day has yet to be counted, and the ledger counts blind (it does unless set otherwise)."""
    uncounted = any(shift.is_open and shift.id != counted_shift for shift in shifts)
    return uncounted and is_count_blind(connection)


def _returned(takings: Takings, cash: frozenset[str]) -> BlindRow | None:
    if not takings.returned_count:
        return None
    row = TakingsRow(Group.OWN, "", takings.returned_count, takings.returned_by_tender())
    return without_cash((row,), cash)[0]


def _transit(connection: Connection, day: date) -> CashInTransitKnown | None:
    before = last_closed(connection, before=day)
    figures = closed_figures(connection, before) if before else None
    if before is None or figures is None or not figures.transit.closing:
        return None
    return CashInTransitKnown(before, figures.transit.closing)
