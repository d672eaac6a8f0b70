"""Meter readings that are not billed yet, unit by unit, with the reading from which each meter goes on."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, ScalarSelect, bindparam, func, literal, select

from feedesk.models import Charge, ChargeUsage, Meter, MeterReading, table_of
from feedesk.periods import Period
from feedesk.queries.counted_usage import Place, Tables, add_counted_readings
from feedesk.queries.meter_readings import READING_COLUMNS, billed_by_standing_charge, reading_of
from feedesk.rules.metering import Reading, UsageStep, join_swapped, usage_steps

_meter, _reading, _usage, _charge = (table_of(model) for model in (Meter, MeterReading, ChargeUsage, Charge))

_earlier = _reading.alias("earlier")


def _last_billed(condition: ColumnElement[bool]) -> ScalarSelect[Any]:
    """Walks back from the last reading of each meter to the first that a charge meeting the condition bills: mostly
    one or two steps.
    """
    bills = billed_by_standing_charge(_earlier, condition)
    return (
        select(_earlier.c.read_on)
        .where(_earlier.c.meter_id == _meter.c.id, _earlier.c.read_on <= bindparam("until", type_=Date), bills)
        .order_by(_earlier.c.read_on.desc())
        .limit(1)
        .correlate(_meter)
        .scalar_subquery()
    )


# Two fee items may follow one meter, water and sewage: each goes on from what it was billed itself, and one that is new
# from what others were billed for earlier months.
_billed_until = func.coalesce(
    _last_billed(_charge.c.fee_item_id == bindparam("item")),
    _last_billed(_charge.c.period < bindparam("period")),
    type_=Date,
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
        *READING_COLUMNS,
    )
    .join(_reading, _reading.c.meter_id == _meters.c.id)
    .where(
        _reading.c.read_on <= bindparam("until", type_=Date),
        _reading.c.read_on >= func.coalesce(_meters.c.billed_until, literal(date.min, Date)),
    )
    .order_by(_meters.c.unit_id, _meters.c.kind, _meters.c.id, _reading.c.read_on)
)
# Usage billed with a later month already, when a month is billed after it. The later readings first: they are few.
_later = (
    select(_reading.c.id, _reading.c.meter_id, _reading.c.read_on)
    .join(_meter, _meter.c.id == _reading.c.meter_id)
    .where(_meter.c.kind.in_(bindparam("kinds", expanding=True)), _reading.c.read_on > bindparam("until", type_=Date))
    .cte("later")
    .prefix_with("MATERIALIZED")
)
_from = _reading.alias("from_reading")
_BILLED_LATER = (
    select(_later.c.meter_id, _from.c.read_on, _later.c.read_on)
    .select_from(
        _later.join(_usage, (_usage.c.meter_id == _later.c.meter_id) & (_usage.c.to_reading_id == _later.c.id))
        .join(_charge, _charge.c.id == _usage.c.charge_id)
        .join(_from, _from.c.id == _usage.c.from_reading_id)
    )
    .where(
        _from.c.read_on < bindparam("until", type_=Date),
        _charge.c.fee_item_id == bindparam("item"),
        _charge.c.status != "cancelled",
    )
)


@dataclass(slots=True)
class UnbilledUsage:
    """Usage that a fee item was not billed for: unit → kind of meter → its steps, meter by meter, oldest first.

    ``counted`` are steps that were billed, as far as the tiers of those that were not still count them. ``last_read``
    is the day of the last reading, ``last_billed`` that of the last one billed.
    """

    steps: dict[Place, list[UsageStep]] = field(default_factory=dict)
    counted: dict[Place, list[UsageStep]] = field(default_factory=dict)
    last_read: dict[Place, date] = field(default_factory=dict)
    last_billed: dict[Place, date] = field(default_factory=dict)


Meters = dict[Place, dict[int, list[Reading]]]
"""Unit and kind of meter → meter → its readings in the order of their dates."""


@dataclass(slots=True)
class _Billed:
    """Until when each meter is billed, and what of it is billed with later months already."""

    until: dict[int, date | None] = field(default_factory=dict)
    later: dict[int, list[tuple[date, date]]] = field(default_factory=dict)

    def holds(self, step: UsageStep) -> bool:
        until = self.until[step.after.meter]
        if until is not None and step.after.read_on <= until:
            return True
        spans: Iterable[tuple[date, date]] = self.later.get(step.after.meter, ())
        return any(first <= step.before.read_on and step.after.read_on <= last for first, last in spans)


def unbilled_usage(
    connection: Connection, *, item: int, month: Period, kinds: Collection[str], tables: Tables | None = None
) -> UnbilledUsage:
    """The usage between readings up to the end of ``month`` that no standing charge of a fee item bills.

    ``tables`` are the tiers by which it counts, by kind of meter.
    """
    until = month.last_day
    usage = UnbilledUsage()
    if not kinds:
        return usage
    facts = {"until": until, "kinds": list(kinds), "item": item, "period": str(month)}
    billed, meters = _Billed(), Meters()
    for meter, first, last in connection.execute(_BILLED_LATER, facts):
        billed.later.setdefault(meter, []).append((first, last))
    for row in connection.execute(_READINGS, facts):
        billed.until[row.meter] = row.billed_until
        of_meter = meters.setdefault((row.unit_id, row.meter_kind), {}).setdefault(row.meter, [])
        of_meter.append(reading_of(row, row.multiplier))
    for place, of_unit in meters.items():
        usage.last_read[place] = max(readings[-1].read_on for readings in of_unit.values())
        done, left = _parted(of_unit, billed)
        if left:
            usage.steps[place] = left
        days = [step.after.read_on for step in done]
        days += [day for meter in of_unit if (day := billed.until[meter]) is not None]
        if days:
            usage.last_billed[place] = max(days)
    if tables:
        for place in add_counted_readings(
            connection, until=until, tables=tables, meters=meters, unbilled=usage.steps, billed_until=billed.until
        ):
            usage.counted[place] = _parted(meters[place], billed)[0]
    return usage


def _parted(of_unit: dict[int, list[Reading]], billed: _Billed) -> tuple[list[UsageStep], list[UsageStep]]:
    """The usage between the readings of a unit's meters of one kind: what is billed, and what is not."""
    done: list[UsageStep] = []
    left: list[UsageStep] = []
    for line in join_swapped(list(of_unit.values())):
        for step in usage_steps(line):
            (done if billed.holds(step) else left).append(step)
    return done, left
