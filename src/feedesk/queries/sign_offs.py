"""Second signatures on shifts: what waits to be taken over, what changed hands last, who reviewed which shift."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Entry, Shift, ShiftClose, ShiftSignOff, Staff, Till, table_of
from feedesk.money import Fen

_entry, _shift, _close, _sign, _staff, _till = (
    table_of(model) for model in (Entry, Shift, ShiftClose, ShiftSignOff, Staff, Till)
)


class SignOffKind(StrEnum):
    """What a second person's word is about."""

    HAND_OVER = "hand_over"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that changes hands with the till: a seal, keys, blank forms, access cards."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SignOff:
    """A second person's word on a shift, in the order given."""

    shift: int
    kind: SignOffKind
    by: str
    at: datetime
    accepted: bool
    counted: Fen
    things: tuple[Thing, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A shift that was counted, with the words others gave on it."""

    id: int
    till_id: int
    till: int
    till_name: str
    cashier_id: int
    cashier: str
    business_date: date
    closed_at: datetime
    counted: Fen
    over_short: Fen
    sign_offs: tuple[SignOff, ...]

    def has(self, kind: SignOffKind) -> bool:
        """Whether somebody accepted it so."""
        return any(one.kind is kind and one.accepted for one in self.sign_offs)


_SIGNED = (
    select(
        _sign.c.shift_id,
        _sign.c.kind,
        _staff.c.name.label("by"),
        _entry.c.recorded_at,
        _sign.c.accepted,
        _sign.c.counted,
        _sign.c.things,
        _sign.c.remark,
    )
    .join(_entry, _entry.c.id == _sign.c.entry_id)
    .join(_staff, _staff.c.id == _entry.c.actor_id)
    .order_by(_sign.c.id)
)
_OF_SHIFTS = _SIGNED.where(_sign.c.shift_id.in_(bindparam("shifts", expanding=True)))
_LAST_THINGS = (
    select(_sign.c.things)
    .join(_shift, _shift.c.id == _sign.c.shift_id)
    .join(_till, _till.c.id == _shift.c.till_id)
    .where(_till.c.number == bindparam("till"), _sign.c.kind == SignOffKind.HAND_OVER.value, _sign.c.accepted)
    .order_by(_sign.c.id.desc())
    .limit(1)
)
_CLOSED = (
    select(
        _shift.c.id,
        _shift.c.till_id,
        _till.c.number.label("till"),
        _till.c.name.label("till_name"),
        _shift.c.cashier_id,
        _staff.c.name.label("cashier"),
        _shift.c.business_date,
        _close.c.closed_at,
        _close.c.counted,
        _close.c.over_short,
    )
    .join(_close, _close.c.shift_id == _shift.c.id)
    .join(_till, _till.c.id == _shift.c.till_id)
    .join(_staff, _staff.c.id == _shift.c.cashier_id)
    .order_by(_shift.c.id)
)


def sign_offs(connection: Connection, shifts: Iterable[int]) -> tuple[SignOff, ...]:
    """Every word on these shifts."""
    return tuple(_row(row) for row in connection.execute(_OF_SHIFTS, {"shifts": list(shifts)}))


def closed_shift(connection: Connection, shift: int) -> ClosedShift | None:
    """A shift that was counted; None where it is open or unknown."""
    found = _with_signatures(connection, connection.execute(_CLOSED.where(_shift.c.id == shift)).all())
    return found[0] if found else None


def last_closed_shift(connection: Connection, till: int) -> ClosedShift | None:
    """The shift counted last at a till; None before the first."""
    last = _CLOSED.where(_till.c.number == till).order_by(None).order_by(_shift.c.id.desc()).limit(1)
    found = _with_signatures(connection, connection.execute(last).all())
    return found[0] if found else None


def closed_shifts_of(connection: Connection, day: date) -> tuple[ClosedShift, ...]:
    """The shifts of a business day that were counted."""
    return _with_signatures(connection, connection.execute(_CLOSED.where(_shift.c.business_date == day)).all())


def things_handed_over(connection: Connection, till: int) -> tuple[Thing, ...]:
    """What changed hands last at a till, to be counted again."""
    text = connection.execute(_LAST_THINGS, {"till": till}).scalar()
    return _things(text) if text else ()


def _with_signatures(connection: Connection, rows: Sequence[Any]) -> tuple[ClosedShift, ...]:
    signed = sign_offs(connection, [row.id for row in rows])
    return tuple(
        ClosedShift(**row._asdict(), sign_offs=tuple(one for one in signed if one.shift == row.id)) for row in rows
    )


def _row(row: Any) -> SignOff:
    return SignOff(
        shift=row.shift_id,
        kind=SignOffKind(row.kind),
        by=row.by,
        at=row.recorded_at,
        accepted=row.accepted,
        counted=Fen(row.counted),
        things=_things(row.things),
        remark=row.remark,
    )


def _things(text: str) -> tuple[Thing, ...]:
    return tuple(Thing(name, count) for name, count in json.loads(text))
