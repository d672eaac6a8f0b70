"""Meter readings that are not billed yet, unit by unit, with the reading from which each meter goes on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, Date, bindparam, exists, func, literal, select

from feedesk.models import Charge, ChargeUsage, Meter, MeterReading, table_of
from feedesk.rules.metering import Reading, UsageStep, join_swapped, usage_steps

_meter, _reading, _usage, _charge = (table_of(model) for model in (Meter, MeterReading, ChargeUsage, Charge))

_earlier = _reading.alias("earlier")
_bills = exists().where(
    _usage.c.meter_id == _meter.c.id,
    _usage.c.to_reading_id == _earlier.c.id,
    _charge.c.id == _usage.c.charge_id,
    _charge.c.status != "cancelled",
)
# Walks back from the last reading of each meter to the first that is billed: mostly one or two steps.
_billed_until = (
    select(_earlier.c.read_on)
    .where(_earlier.c.meter_id == _meter.c.id, _earlier.c.read_on <= bindparam("until", type_=Date), _bills)
    .order_by(_earlier.c.read_on.desc())
    .limit(1)
    .correlate(_meter)
    .scalar_subquery()
)
_meters = (
    select(
        _meter.c.id,
        _meter.c.unit_id,
        _meter.c.kind,
        _meter.c.multiplier,
        _billed_until.label("billed_until"),
    )
    .where(_meter.c.kind.in_(bindparam("kinds", expanding=True)))
    .cte("meters")
    .prefix_with("MATERIALIZED")
)
_READINGS = (
    select(
        _meters.c.id.label("meter"),
        _meters.c.unit_id,
        _meters.c.kind.label("meter_kind"),
        _meters.c.multiplier,
        _meters.c.billed_until,
        _reading.c.id,
        _reading.c.read_on,
        _reading.c.reading,
        _reading.c.kind,
        _reading.c.old_final,
        _reading.c.new_initial,
        _reading.c.note,
    )
    .join(_reading, _reading.c.meter_id == _meters.c.id)
    .where(
        _reading.c.read_on <= bindparam("until", type_=Date),
        _reading.c.read_on >= func.coalesce(_meters.c.billed_until, literal(date.min, Date)),
    )
    .order_by(_meters.c.unit_id, _meters.c.kind, _meters.c.id, _reading.c.read_on)
)
# Usage billed with a later month already, when a month is billed after it.
_from, _to = _reading.alias("from_reading"), _reading.alias("to_reading")
_BILLED_LATER = (
    select(_usage.c.meter_id, _from.c.read_on, _to.c.read_on)
    .select_from(
        _meter.join(_to, _to.c.meter_id == _meter.c.id)
        .join(_usage, (_usage.c.meter_id == _meter.c.id) & (_usage.c.to_reading_id == _to.c.id))
        .join(_charge, _charge.c.id == _usage.c.charge_id)
        .join(_from, _from.c.id == _usage.c.from_reading_id)
    )
    .where(
        _meter.c.kind.in_(bindparam("kinds", expanding=True)),
        _to.c.read_on > bindparam("until", type_=Date),
        _from.c.read_on < bindparam("until", type_=Date),
        _charge.c.status != "cancelled",
    )
)


@dataclass(slots=True)
class UnbilledUsage:
    """Usage not billed by a day: unit → kind of meter → its steps, meter by meter, oldest first.

    ``last_read`` is the day of the last reading, ``last_billed`` that of the last one billed.
    """

    steps: dict[tuple[int, str], list[UsageStep]] = field(default_factory=dict)
    last_read: dict[tuple[int, str], date] = field(default_factory=dict)
    last_billed: dict[tuple[int, str], date] = field(default_factory=dict)


def unbilled_usage(connection: Connection, *, until: date, kinds: Collection[str]) -> UnbilledUsage:
    """The usage between readings up to ``until`` that no standing charge bills."""
    usage = UnbilledUsage()
    if not kinds:
        return usage
    facts = {"until": until, "kinds": list(kinds)}
    later: dict[int, list[tuple[date, date]]] = {}
    for meter, first, last in connection.execute(_BILLED_LATER, facts):
        later.setdefault(meter, []).append((first, last))
    billed: dict[int, date | None] = {}
    meters: dict[tuple[int, str], dict[int, list[Reading]]] = {}
    for row in connection.execute(_READINGS, facts):
        billed[row.meter] = row.billed_until
        meters.setdefault((row.unit_id, row.meter_kind), {}).setdefault(row.meter, []).append(_as_reading(row))
    for place, of_unit in meters.items():
        usage.last_read[place] = max(readings[-1].read_on for readings in of_unit.values())
        steps = [step for line in join_swapped(list(of_unit.values())) for step in usage_steps(line)]
        unbilled = [step for step in steps if not _is_billed(step, billed, later)]
        if unbilled:
            usage.steps[place] = unbilled
        done = [step.after.read_on for step in steps if step not in unbilled]
        done += [day for meter in of_unit if (day := billed[meter]) is not None]
        if done:
            usage.last_billed[place] = max(done)
    return usage


def _as_reading(row: Any) -> Reading:
    return Reading(
        id=row.id,
        meter=row.meter,
        meter_kind=row.meter_kind,
        read_on=row.read_on,
        value=row.reading,
        kind=row.kind,
        old_final=row.old_final,
        new_initial=row.new_initial,
        note=row.note,
        multiplier=row.multiplier if row.multiplier is not None else Fraction(1),
    )


def _is_billed(step: UsageStep, billed: dict[int, date | None], later: dict[int, list[tuple[date, date]]]) -> bool:
    until = billed[step.after.meter]
    if until is not None and step.after.read_on <= until:
        return True
    spans: Iterable[tuple[date, date]] = later.get(step.after.meter, ())
    return any(first <= step.before.read_on and step.after.read_on <= last for first, last in spans)
