"""Usage that was billed already and that tiers still count: the readings since the tiers' month or year began.

Readings between which nothing happened telescope, so of a meter that was neither swapped nor rolled over only the last
reading before that day is read, however many were billed since.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Boolean, Connection, Date, bindparam, exists, func, or_, select

from feedesk.models import Meter, MeterReading, table_of
from feedesk.queries.meter_readings import READING_COLUMNS, reading_of
from feedesk.rules.metering import ROLLOVER, SWAP, Reading, UsageStep
from feedesk.rules.tiers import TierTable

_meter, _reading = table_of(Meter), table_of(MeterReading)

Place = tuple[int, str]
"""A unit and a kind of meter."""

Tables = Mapping[str, Collection[TierTable]]
"""The tiers by which usage counts, by kind of meter."""

_before, _special = _reading.alias("before"), _reading.alias("special")
_begin = bindparam("begin", type_=Date)
_last_before = (
    select(func.max(_before.c.read_on))
    .where(_before.c.meter_id == _meter.c.id, _before.c.read_on < _begin)
    .correlate(_meter)
    .scalar_subquery()
)
_first = (
    select(func.min(_before.c.read_on)).where(_before.c.meter_id == _meter.c.id).correlate(_meter).scalar_subquery()
)
_starts = (
    select(
        _meter.c.id,
        _meter.c.unit_id,
        _meter.c.kind,
        _meter.c.multiplier,
        func.coalesce(_last_before, _first, type_=Date).label("since"),
    )
    .where(_meter.c.kind.in_(bindparam("kinds", expanding=True)))
    .cte("starts")
    .prefix_with("MATERIALIZED")
)
_is_special = exists().where(
    _special.c.meter_id == _starts.c.id, _special.c.read_on >= _starts.c.since, _special.c.kind.in_((SWAP, ROLLOVER))
)
_HISTORY = (
    select(
        _starts.c.id.label("meter"),
        _starts.c.unit_id,
        _starts.c.kind.label("meter_kind"),
        _starts.c.multiplier,
        *READING_COLUMNS,
    )
    .join(_reading, _reading.c.meter_id == _starts.c.id)
    .where(
        _reading.c.read_on >= _starts.c.since,
        _reading.c.read_on <= bindparam("until", type_=Date),
        or_(bindparam("every", type_=Boolean), _reading.c.read_on == _starts.c.since, _is_special),
    )
    .order_by(_starts.c.unit_id, _starts.c.kind, _starts.c.id, _reading.c.read_on)
)


def add_counted_readings(
    connection: Connection,
    *,
    until: date,
    tables: Tables,
    meters: Mapping[Place, dict[int, list[Reading]]],
    unbilled: Mapping[Place, Sequence[UsageStep]],
    billed_until: Mapping[int, date | None],
) -> set[Place]:
    """Adds to ``meters`` the readings billed before that the tiers of unbilled usage count; returns where it did.

    ``meters`` has each meter's readings from the last billed one on.
    """
    wanted: dict[tuple[date, bool], set[Place]] = {}
    for place, steps in unbilled.items():
        need = _needed(tables.get(place[1], ()), steps, [billed_until[meter] for meter in meters[place]])
        if need is not None:
            wanted.setdefault(need, set()).add(place)
    for (begin, every), places in wanted.items():
        facts = {"begin": begin, "until": until, "every": every, "kinds": sorted({kind for _unit, kind in places})}
        for row in connection.execute(_HISTORY, facts):
            place = (row.unit_id, row.meter_kind)
            if place in places:
                _add(meters[place].setdefault(row.meter, []), reading_of(row, row.multiplier))
    return set().union(*wanted.values())


def _needed(
    tables: Iterable[TierTable], steps: Sequence[UsageStep], billed: Sequence[date | None]
) -> tuple[date, bool] | None:
    """Since when readings count, and whether every one must be known; None where nothing billed does."""
    first = min(step.after.read_on for step in steps)
    begins = {table.begins(first) for table in tables}
    last_billed = max((day for day in billed if day is not None), default=None)
    if not begins or last_billed is None or last_billed < min(begins):
        return None
    # Several tables cut time differently, and so does usage billed beyond the month or year of what is not.
    every = len(begins) > 1 or any(table.begins(last_billed) not in begins for table in tables)
    return min(begins), every


def _add(known: list[Reading], reading: Reading) -> None:
    """Puts a reading where its date belongs, unless it is known."""
    if all(one.id != reading.id for one in known):
        known.append(reading)
        known.sort(key=lambda one: one.read_on)
