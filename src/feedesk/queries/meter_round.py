"""The round (抄表) of a month: every meter of a kind in walking order, what it showed last, and what it shows now.

A month's reading is the last one dated in it, which is also how far its bill goes. A meter that was swapped away is
not on the round any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import Connection, bindparam, func, select

from feedesk.models import Account, Building, Meter, Resident, Unit, table_of
from feedesk.periods import Period
from feedesk.queries.meter_lines import MeterLine, line_of, meter_lines
from feedesk.rules.metering import NORMAL, Reading, usage_between, usage_steps
from feedesk.rules.usage_checks import PERIODS, UsageCheck, check_usage, mean_usage

_account, _building, _meter, _resident, _unit = (
    table_of(model) for model in (Account, Building, Meter, Resident, Unit)
)

# The developer's account first, so that whoever lives there stands in its place.
_PAYERS = (
    select(_account.c.unit_id, _resident.c.name)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .where(_account.c.to_date.is_(None))
    .order_by(_account.c.developer.desc(), _account.c.id)
)
_PAYERS_OF_UNIT = _PAYERS.where(_account.c.unit_id == bindparam("unit"))
_PLACES = (
    select(_meter.c.kind, _building.c.code, _building.c.sort_key, func.count())
    .select_from(_meter.join(_unit, _unit.c.id == _meter.c.unit_id))
    .join(_building, _building.c.id == _unit.c.building_id)
    .group_by(_meter.c.kind, _building.c.code, _building.c.sort_key)
    .order_by(_building.c.sort_key)
)


class RoundState(StrEnum):
    """How far a row is: to be read, read, read with a usage that asks for a second look, billed and locked."""

    UNREAD = "unread"
    READ = "read"
    UNUSUAL = "unusual"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A meter on the round. ``before`` is its last reading before this month's ``reading``, ``recent`` the usages up
    to it, oldest first, two at most; ``later`` the day of the last reading after the month, if there is one.
    """

    meter: int
    unit: str
    building: str
    resident: str
    kind: str
    number: str
    multiplier: Fraction
    before: Reading | None
    recent: tuple[Fraction, ...]
    reading: Reading | None
    locked: bool
    later: date | None

    @property
    def mean(self) -> Fraction | None:
        """The mean usage of the last two periods."""
        return mean_usage(self.recent)

    @property
    def check(self) -> UsageCheck | None:
        """This month's usage beside what is usual; None where nothing was read, now or before."""
        return self.check_of(self.reading) if self.reading is not None else None

    @property
    def state(self) -> RoundState:
        """How far it is."""
        if self.reading is None:
            return RoundState.UNREAD
        if self.locked:
            return RoundState.LOCKED
        check = self.check
        return RoundState.UNUSUAL if check is not None and check.unusual else RoundState.READ

    def check_of(self, reading: Reading) -> UsageCheck | None:
        """The usage that a reading in place of this month's would give."""
        if self.before is None:
            return None
        return check_usage(usage_between(self.before, reading), self.recent)

    def next_reading(self, value: Fraction, read_on: date, kind: str = NORMAL, note: str = "") -> Reading:
        """A reading of this meter that is not stored yet."""
        return Reading(
            id=0,
            meter=self.meter,
            meter_kind=self.kind,
            read_on=read_on,
            value=value,
            kind=kind,
            note=note,
            multiplier=self.multiplier,
        )


@dataclass(frozen=True, slots=True)
class MeterRound:
    """The rows of a round, and how far it is: ``ready`` counts those read, with a usage, and not billed yet."""

    kind: str
    month: Period
    rows: tuple[RoundRow, ...]
    read: int
    unusual: int
    locked: int
    ready: int

    @property
    def left(self) -> int:
        """How many are still to be read."""
        return len(self.rows) - self.read


@dataclass(frozen=True, slots=True)
class RoundPlace:
    """So many meters of a kind in a building."""

    kind: str
    building: str
    meters: int


def round_places(connection: Connection) -> tuple[RoundPlace, ...]:
    """Where there are meters of which kind, buildings in natural order."""
    return tuple(RoundPlace(kind, building, count) for kind, building, _key, count in connection.execute(_PLACES))


def meter_round(connection: Connection, *, kind: str, day: date, building: str | None = None) -> MeterRound:
    """The round of the month of ``day``: of all meters of a kind, or of those in one building."""
    month = Period.containing(day)
    payers = {row.unit_id: row.name for row in connection.execute(_PAYERS)}
    lines = meter_lines(connection, kind=kind, until=month.last_day, building=building)
    rows = [_row(line, payers.get(line.unit_id, ""), month) for line in lines]
    return summed_round(kind, month, [row for row in rows if row is not None])


def round_row(connection: Connection, *, meter: int, day: date) -> RoundRow | None:
    """One row of the round of the month of ``day``, by any meter that ever stood in its place."""
    month = Period.containing(day)
    line = line_of(connection, meter=meter, until=month.last_day)
    if line is None:
        return None
    payers = [name for _unit, name in connection.execute(_PAYERS_OF_UNIT, {"unit": line.unit_id})]
    return _row(line, payers[-1] if payers else "", month)


def summed_round(kind: str, month: Period, rows: Sequence[RoundRow]) -> MeterRound:
    """Counts how far the rows are."""
    states = [row.state for row in rows]
    locked = states.count(RoundState.LOCKED)
    open_rows = [row for row in rows if row.reading is not None and not row.locked]
    return MeterRound(
        kind=kind,
        month=month,
        rows=tuple(rows),
        read=len(rows) - states.count(RoundState.UNREAD),
        unusual=states.count(RoundState.UNUSUAL),
        locked=locked,
        ready=sum(row.before is not None for row in open_rows),
    )


def _row(line: MeterLine, resident: str, month: Period) -> RoundRow | None:
    """None for a meter that was first read after the month."""
    so_far = line.until(month.last_day)
    if line.readings and not so_far:
        return None
    reading = so_far[-1] if so_far and so_far[-1].read_on >= month.first_day else None
    past = so_far[:-1] if reading is not None else so_far
    later = line.readings[-1].read_on if len(line.readings) > len(so_far) else None
    return RoundRow(
        meter=so_far[-1].meter if so_far else line.meter,
        unit=line.unit,
        building=line.building,
        resident=resident,
        kind=line.kind,
        number=line.number,
        multiplier=line.multiplier,
        before=past[-1] if past else None,
        recent=tuple(step.usage for step in usage_steps(past[-PERIODS - 1 :])),
        reading=reading,
        locked=reading is not None and line.is_locked(reading.id),
        later=later,
    )
