"""Storing 抄表: meters and their readings, checked along the line of each meter, swaps included.

A reading below the one before is refused unless a swap, a rollover or a too high estimate explains it. A reading that
has been billed is locked, and so is everything before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, func, select

from feedesk.models import Charge, ChargeUsage, Meter, MeterReading, table_of
from feedesk.money import decimal_text
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.rules import community_rows as rows
from feedesk.rules.metering import Reading, UsageStep, join_swapped, usage_steps
from feedesk.rules.reading_checks import StepFault, step_fault
from feedesk.rules.usage_checks import PERIODS, check_usage
from feedesk.texts import _

_meter, _reading, _usage, _charge = (table_of(model) for model in (Meter, MeterReading, ChargeUsage, Charge))
_READING_FIELDS = ("reading", "kind", "old_final", "new_initial", "note")
_MeterKey = tuple[int, str, str]
_SINCE = select(_reading).where(_reading.c.read_on >= bindparam("day"))
_ranked = (
    select(
        _reading,
        func.row_number().over(partition_by=_reading.c.meter_id, order_by=_reading.c.read_on.desc()).label("rank"),
    )
    .where(_reading.c.read_on < bindparam("day"))
    .subquery()
)
_BEFORE = select(_ranked).where(_ranked.c.rank <= 3)


def store_readings(under_way: ImportUnderWay, units: Mapping[str, int]) -> None:
    """Stores meters and readings."""
    found = list(under_way.good(rows.READINGS, under_way.book.readings))
    if not found:
        return
    meters = _store_meters(under_way, units, found)
    billed = _billed_until(under_way)
    writer = TableWriter(under_way.connection, _reading)
    first_day = min(row.read_on for row in found)
    known = {(row["meter_id"], row["read_on"]): row for row in _readings_since(under_way, first_day)}
    given = under_way.book.readings.fields | ({"kind"} if "note" in under_way.book.readings.fields else frozenset())
    new_rows: set[int] = set()
    for row in found:
        meter = meters[units[row.unit], row.meter, row.number]
        values: Values = {name: getattr(row, name) for name in _READING_FIELDS}
        before = known.get((meter["id"], row.read_on))
        if before is not None:
            values = {name: value for name, value in values.items() if name in given or name in _SWAP_FIELDS}
        if _is_locked(under_way, row, billed.get(meter["id"]), before, values):
            continue
        if before is None:
            new_rows.add(row.row)
            writer.insert({"meter_id": meter["id"], "read_on": row.read_on, **values})
        changed = before is not None and writer.update(before["id"], before, values)
        under_way.count(rows.READINGS, new=before is None, changed=changed)
    writer.flush()
    _check_lines(under_way, units, meters, new_rows)


def _readings_since(under_way: ImportUnderWay, first_day: date) -> Iterable[Any]:
    return under_way.connection.execute(_SINCE, {"day": first_day}).mappings()


def _latest_before(under_way: ImportUnderWay, first_day: date) -> Iterable[Any]:
    """The last three readings of each meter before a day: what usage is reckoned from, and what is usual."""
    return under_way.connection.execute(_BEFORE, {"day": first_day}).mappings()


_SWAP_FIELDS = ("old_final", "new_initial")


def _store_meters(
    under_way: ImportUnderWay, units: Mapping[str, int], found: Sequence[rows.ReadingRow]
) -> dict[_MeterKey, Values]:
    """Makes new meters; returns all of the ledger. A row without a multiplier leaves the meter's as it is."""
    writer = TableWriter(under_way.connection, _meter)
    meters: dict[_MeterKey, Values] = {
        (row["unit_id"], row["kind"], row["number"]): row for row in all_rows(under_way.connection, _meter)
    }
    multipliers: dict[_MeterKey, Fraction] = {}
    first_rows: dict[_MeterKey, rows.ReadingRow] = {}
    for row in found:
        key = (units[row.unit], row.meter, row.number)
        first_rows.setdefault(key, row)
        if row.multiplier is not None:
            multipliers[key] = row.multiplier
    billed = _billed_until(under_way)
    missing = [key for key in first_rows if key not in meters]
    for key, new_id in zip(missing, writer.new_ids(len(missing)), strict=True):
        values = {"unit_id": key[0], "kind": key[1], "number": key[2], "multiplier": multipliers.get(key, Fraction(1))}
        meters[key] = {"id": new_id, **values}
        writer.insert(meters[key])
    for key, multiplier in multipliers.items():
        before = meters[key]
        if before["multiplier"] != multiplier and before["id"] in billed:
            row = first_rows[key]
            reason = _("Usage of this meter was billed with the multiplier {value}: it can no longer be changed.")
            reason = reason.format(value=decimal_text(before["multiplier"]))
            under_way.fault(rows.READINGS, row.row, "倍率", decimal_text(multiplier), reason)
        else:
            writer.update(before["id"], before, {"multiplier": multiplier})
    writer.flush()
    return meters


def _billed_until(under_way: ImportUnderWay) -> dict[int, date]:
    """The day of the last billed reading of each meter."""
    statement = (
        select(_reading.c.meter_id, func.max(_reading.c.read_on))
        .join(_usage, _usage.c.to_reading_id == _reading.c.id)
        .join(_charge, _charge.c.id == _usage.c.charge_id)
        .where(_charge.c.status != "cancelled")
        .group_by(_reading.c.meter_id)
    )
    return {int(meter): day for meter, day in under_way.connection.execute(statement)}


def _is_locked(
    under_way: ImportUnderWay,
    row: rows.ReadingRow,
    billed_until: date | None,
    before: Mapping[str, Any] | None,
    values: Values,
) -> bool:
    if billed_until is None or row.read_on > billed_until:
        return False
    if before is not None and all(before[name] == value for name, value in values.items()):
        return False
    reason = _("The readings of this meter up to {day} are billed and locked: settle a mistake with a later reading.")
    reason = reason.format(day=billed_until.isoformat())
    under_way.fault(rows.READINGS, row.row, "读数", decimal_text(row.reading), reason)
    return True


def _check_lines(
    under_way: ImportUnderWay, units: Mapping[str, int], meters: Mapping[_MeterKey, Values], new_rows: set[int]
) -> None:
    """Follows each meter of the sheet from reading to reading, over swaps, through ledger and sheet together."""
    row_of: dict[tuple[int, date], rows.ReadingRow] = {}
    touched = set()
    for row in under_way.good(rows.READINGS, under_way.book.readings):
        meter = meters[units[row.unit], row.meter, row.number]
        row_of[meter["id"], row.read_on] = row
        touched.add((meter["unit_id"], meter["kind"]))
    first_day = min((day for _meter, day in row_of), default=date.max)
    by_meter: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for reading in chain(_latest_before(under_way, first_day), _readings_since(under_way, first_day)):
        by_meter[reading["meter_id"]].append(reading)
    of_unit: dict[tuple[int, str], list[list[Reading]]] = defaultdict(list)
    for (unit, kind, _number), meter in meters.items():
        if (unit, kind) in touched:
            readings = (_reading_of(meter, reading) for reading in by_meter[meter["id"]])
            of_unit[unit, kind].append(sorted(readings, key=lambda one: one.read_on))
    for lines in of_unit.values():
        for line in join_swapped(lines):
            steps = usage_steps(line)
            _tell_faults(under_way, steps, row_of)
            _warn_of_unusual(under_way, steps, row_of, new_rows)


def _reading_of(meter: Values, row: Mapping[str, Any]) -> Reading:
    return Reading(
        id=row["id"],
        meter=meter["id"],
        meter_kind=meter["kind"],
        read_on=row["read_on"],
        value=row["reading"],
        kind=row["kind"],
        old_final=row["old_final"],
        new_initial=row["new_initial"],
        note=row["note"],
        multiplier=meter["multiplier"],
    )


def _tell_faults(
    under_way: ImportUnderWay, steps: Iterable[UsageStep], row_of: Mapping[tuple[int, date], rows.ReadingRow]
) -> None:
    for step in steps:
        before, after = step.before, step.after
        row = row_of.get((after.meter, after.read_on)) or row_of.get((before.meter, before.read_on))
        fault = step_fault(step)
        if row is None or fault is None:
            continue
        if fault is StepFault.OLD_FINAL_BELOW and after.old_final is not None:
            reason = _("旧表止度 {final} is below the reading before ({before} on {day}).")
            reason = reason.format(
                final=decimal_text(after.old_final), before=decimal_text(before.value), day=before.read_on.isoformat()
            )
            under_way.fault(rows.READINGS, row.row, "说明", row.note, reason)
        else:
            reason = _(
                "The reading is below the one before ({before} on {day}): "
                "write 换表 with 旧表止度 and 新表起度, or 翻转."
            )
            reason = reason.format(before=decimal_text(before.value), day=before.read_on.isoformat())
            under_way.fault(rows.READINGS, row.row, "读数", decimal_text(row.reading), reason)


def _warn_of_unusual(
    under_way: ImportUnderWay,
    steps: Sequence[UsageStep],
    row_of: Mapping[tuple[int, date], rows.ReadingRow],
    new_rows: set[int],
) -> None:
    """Only of the newest reading: what lies further back has been billed by somebody."""
    if not steps:
        return
    row = row_of.get((steps[-1].after.meter, steps[-1].after.read_on))
    if row is None or row.row not in new_rows:
        return
    check = check_usage(steps[-1].usage, [step.usage for step in steps[-1 - PERIODS : -1]])
    if check.unusual:
        warning = _("{unit}: {meter} usage {usage} on {day} is unusual, the two before were {first} and {second}.")
        under_way.warnings.append(
            warning.format(
                unit=row.unit,
                meter=row.meter,
                usage=decimal_text(check.usage),
                day=row.read_on.isoformat(),
                first=decimal_text(steps[-3].usage),
                second=decimal_text(steps[-2].usage),
            )
        )
