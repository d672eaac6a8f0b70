"""Shifts and the cash in their drawers. What is expected stands apart from the open shift: the count is blind."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from feedesk.ledger import chart
from feedesk.models import (
    CashMovement,
    Entry,
    LedgerAccount,
    Payment,
    PaymentTender,
    Posting,
    Receipt,
    Shift,
    ShiftClose,
    Staff,
    Tender,
    Till,
    table_of,
)
from feedesk.money import ZERO, Fen
from feedesk.rules.day_summary import DrawerMovement
from feedesk.rules.drawer import Movement

_entry, _ledger_account, _posting, _payment, _payment_tender, _receipt = (
    table_of(model) for model in (Entry, LedgerAccount, Posting, Payment, PaymentTender, Receipt)
)
_shift, _close, _staff, _tender, _till, _movement = (
    table_of(model) for model in (Shift, ShiftClose, Staff, Tender, Till, CashMovement)
)

_CASH_MOVED = (
    select(_entry.c.kind, func.sum(_posting.c.amount).label("amount"))
    .join(_posting, _posting.c.entry_id == _entry.c.id)
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_entry.c.shift_id == bindparam("shift"), _ledger_account.c.code == bindparam("drawer"))
    .group_by(_entry.c.kind)
)
_TAKINGS = (
    select(_tender.c.code, func.sum(_payment_tender.c.kept).label("kept"))
    .join(_payment, _payment.c.id == _payment_tender.c.payment_id)
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .where(_payment.c.shift_id == bindparam("shift"))
    .group_by(_tender.c.code, _tender.c.position)
    .order_by(_tender.c.position)
)
_SHIFT = select(_shift.c.opening_float).where(_shift.c.id == bindparam("shift"))
_SHIFTS = (
    select(
        _shift.c.id,
        _till.c.number.label("till"),
        _till.c.name.label("till_name"),
        _staff.c.name.label("cashier"),
        _shift.c.business_date,
        _shift.c.opened_at,
        _shift.c.opening_float,
        _shift.c.is_open,
        _close.c.closed_at,
        _close.c.expected,
        _close.c.counted,
        _close.c.over_short,
        _close.c.counts,
        func.coalesce(_entry.c.reason, "").label("reason"),
    )
    .join(_till, _till.c.id == _shift.c.till_id)
    .join(_staff, _staff.c.id == _shift.c.cashier_id)
    .outerjoin(_close, _close.c.shift_id == _shift.c.id)
    .outerjoin(_entry, _entry.c.id == _close.c.entry_id)
    .where(_shift.c.business_date == bindparam("day"))
    .order_by(_shift.c.id)
)
_MOVEMENTS = (
    select(_movement.c.shift_id, _entry.c.recorded_at, _movement.c.kind, _movement.c.amount, _movement.c.purpose)
    .join(_entry, _entry.c.id == _movement.c.entry_id)
    .where(_movement.c.shift_id.in_(bindparam("shifts", expanding=True)))
    .order_by(_movement.c.id)
)
_RECEIPTS = (
    select(func.count())
    .select_from(_receipt)
    .join(_payment, _payment.c.id == _receipt.c.payment_id)
    .where(_payment.c.shift_id == bindparam("shift"))
)
_EARLIER = select(func.min(_shift.c.business_date)).where(
    _shift.c.business_date < bindparam("day"), _shift.c.business_date > bindparam("after")
)


@dataclass(frozen=True, slots=True)
class DrawerCash:
    """The cash of a shift by the ledger: float, received, paid out; together what should lie there.

    ``received`` is net of voids and changes of tender; ``paid_out``: reversals, refunds and petty cash; ``change``:
    change money fetched, less what was given back.
    """

    opening_float: Fen
    received: Fen
    paid_out: Fen
    change: Fen = ZERO

    @property
    def expected(self) -> Fen:
        return Fen(self.opening_float + self.received - self.paid_out + self.change)

    @property
    def float_left(self) -> Fen:
        """What is left of 备用金: all that is paid out comes from it (`feedesk.rules.drawer`)."""
        return Fen(max(self.opening_float + self.change - self.paid_out, 0))


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift of a day: what was counted is None while it is open; ``reason`` says why the drawer differed."""

    id: int
    till: int
    till_name: str
    cashier: str
    business_date: date
    opened_at: datetime
    opening_float: Fen
    is_open: bool
    closed_at: datetime | None
    expected: Fen | None
    counted: Fen | None
    over_short: Fen | None
    counts: Mapping[str, int]
    reason: str = ""


def opening_float(connection: Connection, shift: int) -> Fen:
    """The float a shift was opened with."""
    return Fen(connection.execute(_SHIFT, {"shift": shift}).scalar_one())


def drawer_cash(connection: Connection, shift: int, till: int) -> DrawerCash:
    """What moved in the drawer of till number ``till`` during a shift. Not for a cashier who has yet to count."""
    facts = {"shift": shift, "drawer": chart.till_cash(till).code}
    moved = {row.kind: int(row.amount) for row in connection.execute(_CASH_MOVED, facts)}
    received = sum(moved.get(kind, 0) for kind in _RECEIVED)
    change = sum(moved.get(kind, 0) for kind in _CHANGE)
    out = sum(amount for kind, amount in moved.items() if kind not in _NOT_PAID_OUT)
    return DrawerCash(Fen(moved.get("shift_open", 0)), Fen(received), Fen(-out), Fen(change))


_CHANGE = (Movement.CHANGE_IN, Movement.CHANGE_OUT)
_RECEIVED = ("payment", "void", "tender_change", "transfer_out")
_NOT_PAID_OUT = frozenset({"shift_open", "shift_close", *_RECEIVED, *_CHANGE})


def shift_takings(connection: Connection, shift: int) -> dict[str, Fen]:
    """What a shift took by tender code, net of voids and refunds, for each tender that was used."""
    return {row.code: Fen(int(row.kept)) for row in connection.execute(_TAKINGS, {"shift": shift})}


def receipts_of_shift(connection: Connection, shift: int) -> int:
    """How many receipts a shift issued, voided ones included."""
    return int(connection.execute(_RECEIPTS, {"shift": shift}).scalar_one())


def drawer_movements(connection: Connection, shifts: Sequence[ShiftRow]) -> tuple[DrawerMovement, ...]:
    """Petty cash and change money of shifts, in the order of booking; a shift is known by its place among them."""
    places = {shift.id: (place, shift.cashier) for place, shift in enumerate(shifts, 1)}
    rows = connection.execute(_MOVEMENTS, {"shifts": list(places)})
    return tuple(
        DrawerMovement(
            shift=places[row.shift_id][0],
            at=row.recorded_at.isoformat(timespec="seconds"),
            kind=row.kind,
            amount=Fen(row.amount),
            purpose=row.purpose,
            cashier=places[row.shift_id][1],
        )
        for row in rows
    )


def shifts_of_day(connection: Connection, day: date) -> tuple[ShiftRow, ...]:
    """The shifts of a business day, in the order they were opened."""
    return tuple(_row(row._mapping) for row in connection.execute(_SHIFTS, {"day": day}))


def earliest_worked(connection: Connection, *, after: date | None, before: date) -> date | None:
    """The earliest business day with a shift between two days, both excluded; ``after`` None means since ever."""
    facts = {"day": before, "after": after or date.min}
    found: date | None = connection.execute(_EARLIER, facts).scalar()
    return found


def _row(values: Mapping[Any, Any]) -> ShiftRow:
    counts = values["counts"]
    facts = {**values, "counts": json.loads(counts) if counts else {}}
    return ShiftRow(**facts)
