"""The line of each meter: its last readings, over swaps, with what of them is billed.

A line goes on from a meter to the one put in its place (see `rules.metering.join_swapped`); it belongs to the meter
that was read last. Of a meter that was never swapped only the last few readings are read, by four steps down an index,
so that a community of many years costs no more than a young one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Date, Select, String, bindparam, case, func, literal, select, type_coerce

from feedesk.models import Building, Meter, MeterReading, Unit, table_of
from feedesk.queries.meter_readings import READING_COLUMNS, billed_by_standing_charge, reading_of
from feedesk.rules.metering import Reading, join_swapped

DEPTH: Final = 4
"""How many readings up to the day asked for are read: this month's, and three that make two periods before it."""

_building, _meter, _reading, _unit = (table_of(model) for model in (Building, Meter, MeterReading, Unit))
_other, _earlier = _meter.alias("other"), _reading.alias("earlier")


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A meter with its last readings, oldest first, and the later ones; the first ``billed`` of them are locked."""

    meter: int
    unit_id: int
    unit: str
    building: str
    kind: str
    number: str
    multiplier: Fraction
    readings: tuple[Reading, ...]
    billed: int

    def until(self, day: date) -> tuple[Reading, ...]:
        """The readings up to a day."""
        return tuple(reading for reading in self.readings if reading.read_on <= day)

    def is_locked(self, reading: int) -> bool:
        """Whether a reading is billed, or one after it is."""
        return any(one.id == reading for one in self.readings[: self.billed])


_siblings = (
    select(func.count())
    .select_from(_other)
    .where(_other.c.unit_id == _meter.c.unit_id, _other.c.kind == _meter.c.kind)
    .correlate(_meter)
    .scalar_subquery()
)
_fourth_last = (
    select(_earlier.c.read_on)
    .where(_earlier.c.meter_id == _meter.c.id, _earlier.c.read_on <= bindparam("until", type_=Date))
    .order_by(_earlier.c.read_on.desc())
    .limit(1)
    .offset(DEPTH - 1)
    .correlate(_meter)
    .scalar_subquery()
)
_METERS = (
    select(
        _meter.c.id,
        _meter.c.unit_id,
        _unit.c.code.label("unit"),
        _building.c.code.label("building"),
        _meter.c.kind.label("meter_kind"),
        _meter.c.number,
        type_coerce(_meter.c.multiplier, String).label("multiplier"),
        _building.c.sort_key.label("building_sort_key"),
        _meter.c.walk_order,
        _unit.c.sort_key,
        case((_siblings > 1, None), else_=_fourth_last).label("since"),
    )
    .join(_unit, _unit.c.id == _meter.c.unit_id)
    .join(_building, _building.c.id == _unit.c.building_id)
)


def _with_readings(meters: Select[Any]) -> Select[Any]:
    """The meters with their readings, in walking order."""
    chosen = meters.cte("meters").prefix_with("MATERIALIZED")
    return (
        select(
            *(column for column in chosen.c if column.name not in ("since", "id")),
            chosen.c.id.label("meter"),
            *READING_COLUMNS,
            billed_by_standing_charge(_reading).label("billed"),
        )
        .outerjoin(
            _reading,
            (_reading.c.meter_id == chosen.c.id)
            & (_reading.c.read_on >= func.coalesce(chosen.c.since, literal(date.min, Date))),
        )
        .order_by(
            chosen.c.building_sort_key,
            chosen.c.walk_order.is_(None),
            chosen.c.walk_order,
            chosen.c.sort_key,
            chosen.c.id,
            _reading.c.read_on,
        )
    )


_of_kind = _METERS.where(_meter.c.kind == bindparam("kind"))
_OF_KIND = _with_readings(_of_kind)
_OF_BUILDING = _with_readings(_of_kind.where(_building.c.code == bindparam("building")))
_of_one = select(_other.c.unit_id, _other.c.kind).where(_other.c.id == bindparam("meter")).subquery()
_OF_METER = _with_readings(
    _METERS.join(_of_one, (_meter.c.unit_id == _of_one.c.unit_id) & (_meter.c.kind == _of_one.c.kind))
)


def meter_lines(connection: Connection, *, kind: str, until: date, building: str | None = None) -> list[MeterLine]:
    """The lines of all meters of a kind, or of those in one building, in walking order."""
    if building is None:
        return _lines(connection.execute(_OF_KIND, {"kind": kind, "until": until}))
    return _lines(connection.execute(_OF_BUILDING, {"kind": kind, "until": until, "building": building}))


def line_of(connection: Connection, *, meter: int, until: date = date.max) -> MeterLine | None:
    """The line that a meter belongs to, perhaps of the meter that took its place; None where there is no such meter."""
    lines = _lines(connection.execute(_OF_METER, {"meter": meter, "until": until}))
    for line in lines:
        if line.meter == meter or any(reading.meter == meter for reading in line.readings):
            return line
    return None


# Nearly all meters have the same few multipliers: their texts are read once.
_multiplier = lru_cache(maxsize=256)(Fraction)


@dataclass(slots=True)
class _Found:
    """A meter and its readings as they are read."""

    facts: Any
    readings: list[Reading]


def _lines(found: Iterable[Any]) -> list[MeterLine]:
    meters: dict[int, _Found] = {}
    of_unit: dict[tuple[int, str], list[int]] = defaultdict(list)
    billed: set[int] = set()
    for row in found:
        meter = meters.get(row.meter)
        if meter is None:
            meter = meters[row.meter] = _Found(row, [])
            of_unit[row.unit_id, row.meter_kind].append(row.meter)
        if row.id is not None:
            meter.readings.append(reading_of(row, _multiplier(row.multiplier)))
            if row.billed:
                billed.add(row.id)
    ended: dict[int, list[Reading]] = {}
    gone: set[int] = set()
    for siblings in of_unit.values():
        if len(siblings) > 1:
            for line in join_swapped([meters[key].readings for key in siblings]):
                ended[line[-1].meter] = line
                gone.update(reading.meter for reading in line if reading.meter != line[-1].meter)
    return [
        _line(meter.facts, ended.get(key, meter.readings), billed) for key, meter in meters.items() if key not in gone
    ]


def _line(facts: Any, readings: list[Reading], billed: set[int]) -> MeterLine:
    last = max((place for place, reading in enumerate(readings, 1) if reading.id in billed), default=0)
    return MeterLine(
        meter=facts.meter,
        unit_id=facts.unit_id,
        unit=facts.unit,
        building=facts.building,
        kind=facts.meter_kind,
        number=facts.number,
        multiplier=_multiplier(facts.multiplier),
        readings=tuple(readings),
        billed=last,
    )
