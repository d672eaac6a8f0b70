"""The round (抄表) of a month: every meter of a kind in walking order, what it showed last, and what it shows now.

A month's reading is the last one dated in it, which is also how far its bill goes. A meter that was swapped away is
not on the round any more.
"""

from dataclasses import dataclass, field, replace
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
    to it, oldest first, two at most; ``later`` the day of the last reading after the month, if there is one. ``check``
    is this month's usage beside what is usual; None where nothing was read, now or before.
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
    check: UsageCheck | None = field(init=False)
    state: RoundState = field(init=False)

    def __post_init__(self) -> None:
        # Worked out once: tables ask for them again and again.
        check = None if self.reading is None else self.check_of(self.reading)
        object.__setattr__(self, "check", check)
        object.__setattr__(self, "state", self._state(check))

    @property
    def mean(self) -> Fraction | None:
        """The mean usage of the last two periods."""
        return mean_usage(self.recent)

    def _state(self, check: UsageCheck | None) -> RoundState:
        if self.reading is None:
            return RoundState.UNREAD
        if self.locked:
            return RoundState.LOCKED
        return RoundState.UNUSUAL if check is not None and check.unusual else RoundState.READ

    def check_of(self, reading: Reading) -> UsageCheck | None:
        """The usage that a reading in place of this month's would give."""
        if self.before is None:
            return None
        return check_usage(usage_between(self.before, reading), self.recent)

    def following(self) -> "RoundRow":
        """The row as it is after this month's reading, for one more in the same month."""
        if self.reading is None:
            return self
        check = self.check
        recent = self.recent if check is None else (*self.recent, check.usage)[-PERIODS:]
        return replace(self, before=self.reading, recent=recent, reading=None, locked=False)

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
class RoundTally:
    """How far a round is: ``ready`` counts the rows read, with a usage, and not billed yet."""

    total: int = 0
    read: int = 0
    unusual: int = 0
    locked: int = 0
    ready: int = 0

    @property
    def left(self) -> int:
        """How many are still to be read."""
        return self.total - self.read

    def changed(self, old: RoundRow | None, new: RoundRow | None) -> "RoundTally":
        """The tally with a row in another's place."""
        gone, come = _counted(old), _counted(new)
        now = (self.total, self.read, self.unusual, self.locked, self.ready)
        return RoundTally(*(count - less + more for count, less, more in zip(now, gone, come, strict=True)))


def _counted(row: RoundRow | None) -> tuple[int, int, int, int, int]:
    if row is None:
        return 0, 0, 0, 0, 0
    read, locked = row.reading is not None, row.state is RoundState.LOCKED
    ready = read and not locked and row.before is not None
    return 1, int(read), int(row.state is RoundState.UNUSUAL), int(locked), int(ready)


@dataclass(frozen=True, slots=True)
class MeterRound:
    """The rows of a month's round of one kind of meter, in walking order."""

    kind: str
    month: Period
    rows: tuple[RoundRow, ...]
    tally: RoundTally


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
    found = (_row(line, payers.get(line.unit_id, ""), month) for line in lines)
    rows = tuple(row for row in found if row is not None)
    return MeterRound(kind, month, rows, RoundTally(*map(sum, zip(*map(_counted, rows), strict=True))))


def round_row(connection: Connection, *, meter: int, day: date) -> RoundRow | None:
    """One row of the round of the month of ``day``, by any meter that ever stood in its place."""
    month = Period.containing(day)
    line = line_of(connection, meter=meter, until=month.last_day)
    if line is None:
        return None
    payers = [name for _unit, name in connection.execute(_PAYERS_OF_UNIT, {"unit": line.unit_id})]
    return _row(line, payers[-1] if payers else "", month)


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
