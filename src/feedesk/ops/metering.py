"""Reading meters (抄表): a figure at a time as they are typed, corrections, swaps, estimates, the walking order.

Every reading must follow the one before it (`ops.metering_checks`); one that is billed is locked, and so is everything
before it. Nothing here touches money; each act leaves an audit record.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import bindparam, delete, func, insert, select, update

from feedesk.db import inserted_key
from feedesk.models import Building, Meter, MeterReading, Unit, table_of
from feedesk.money import decimal_text
from feedesk.ops.metering_checks import (
    LaterReadingStands,
    NewReadingBelowInitial,
    NothingToEstimateFrom,
    NotOneRound,
    check_day,
    check_number,
    check_rollover,
    check_steps,
    figure,
    line_with,
    open_line,
    refuse_billed,
    refuse_once_billed,
)
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.meter_lines import MeterLine
from feedesk.rules.metering import ESTIMATE, NORMAL, ROLLOVER, SWAP, Reading, rollover_note, usage_between
from feedesk.rules.reading_checks import checked_reading
from feedesk.rules.usage_checks import estimated_reading

_building, _meter, _reading, _unit = (table_of(model) for model in (Building, Meter, MeterReading, Unit))


@dataclass(frozen=True, slots=True)
class ReadingGiven:
    """What somebody read off a meter. ``kind``: 正常, 估读 or 翻转; ``digits`` of a meter that rolled over."""

    meter: int
    read_on: date
    value: Fraction
    kind: str = NORMAL
    digits: int | None = None


@dataclass(frozen=True, slots=True)
class ReadingRecorded:
    """A reading as it stands now. ``usage`` since the one before, None for a meter's first."""

    reading: int
    meter: int
    unit: str
    read_on: date
    value: Fraction
    kind: str
    usage: Fraction | None


@dataclass(frozen=True, slots=True)
class ReadingRemoved:
    """A reading taken out; ``meter_removed`` when it was all there was of a meter put in by a swap."""

    reading: int
    unit: str
    meter_removed: bool


@requires(Permission.RECORD_READINGS)
def record_readings(act: Act, *, readings: Sequence[ReadingGiven]) -> tuple[ReadingRecorded, ...]:
    """Stores readings, all of them or, when one is refused, none.

    Raises `ReadingBackwards`, `ReadingDateTooEarly`, `ReadingIsThere`, `ReadingInFuture`, `NotRolledOver`,
    `TooFewDigits`, `MeterWasSwapped`, `UnknownMeter`, or what the figure itself may be refused for.
    """
    return tuple(_record(act, given) for given in readings)


@requires(Permission.RECORD_READINGS)
def correct_reading(
    act: Act, *, reading: int, value: Fraction, kind: str = NORMAL, digits: int | None = None
) -> ReadingRecorded:
    """Puts another figure in place of a reading that is not billed; its day stays, and of a swap the two figures.

    Raises what `record_readings` raises for a figure, `ReadingIsBilled`, `NextReadingBackwards`, `UnknownReading`.
    """
    line, place = line_with(act, reading)
    old = line.readings[place]
    refuse_billed(act, line, old)
    checked_reading(value)
    new = replace(old, value=value)
    if old.kind != SWAP:
        note = rollover_note(digits or len(str(int(_before(line, place))))) if kind == ROLLOVER else ""
        new = replace(new, kind=kind, note=note)
    elif value < (old.new_initial or 0):
        raise NewReadingBelowInitial(unit=line.unit, reading=figure(value), initial=figure(old.new_initial))
    check_rollover(line, line.readings[place - 1] if place else None, new, digits)
    check_steps(line, [*line.readings[:place], new, *line.readings[place + 1 :]], new)
    act.connection.execute(
        update(_reading)
        .where(_reading.c.id == reading)
        .values(reading=value, kind=new.kind, note=new.note, recorded_by=act.actor.id, recorded_at=act.now)
    )
    done = _recorded(line, line.readings[place - 1] if place else None, new)
    _note(act, "correct_reading", line, done, before=decimal_text(old.value))
    return done


@requires(Permission.RECORD_READINGS)
def remove_reading(act: Act, *, reading: int) -> ReadingRemoved:
    """Takes out a meter's last reading, if it is not billed; with a swap the new meter goes too.

    Raises `ReadingIsBilled`, `ReadingWasBilled`, `LaterReadingStands`, `UnknownReading`.
    """
    line, place = line_with(act, reading)
    old = line.readings[place]
    refuse_billed(act, line, old)
    if place + 1 < len(line.readings):
        raise LaterReadingStands(unit=line.unit, last=line.readings[-1].read_on)
    refuse_once_billed(act, line, old)
    act.connection.execute(delete(_reading).where(_reading.c.id == reading))
    swapped_in = old.kind == SWAP and all(one.meter != old.meter for one in line.readings[:place])
    if swapped_in and place:
        act.connection.execute(delete(_meter).where(_meter.c.id == old.meter))
    done = ReadingRemoved(reading, line.unit, meter_removed=swapped_in and place > 0)
    _note(act, "remove_reading", line, _recorded(line, line.readings[place - 1] if place else None, old))
    return done


@requires(Permission.RECORD_READINGS)
def estimate_reading(act: Act, *, meter: int, read_on: date) -> ReadingRecorded:
    """Reads a meter that nobody could reach (估读), by the mean of its last readings; the next real one settles it.

    Raises `NothingToEstimateFrom`, and what `record_readings` raises.
    """
    line = open_line(act, meter)
    value = estimated_reading(line.readings)
    if value is None:
        raise NothingToEstimateFrom(unit=line.unit)
    return _record(act, ReadingGiven(meter, read_on, value, ESTIMATE))


@requires(Permission.RECORD_READINGS)
def swap_meter(
    act: Act,
    *,
    meter: int,
    read_on: date,
    old_final: Fraction,
    new_initial: Fraction,
    reading: Fraction,
    number: str,
    multiplier: Fraction | None = None,
) -> ReadingRecorded:
    """Puts a new meter in the place of another (换表): what the old one ended at, where the new one began and stands.

    Raises `OldFinalBelow`, `NewReadingBelowInitial`, `SameMeterNumber`, `ReadingDateTooEarly`, `ReadingInFuture`, or
    what a figure itself may be refused for.
    """
    line = open_line(act, meter)
    for value in (old_final, new_initial, reading):
        checked_reading(value)
    check_day(act, line, read_on, swap=True)
    if reading < new_initial:
        raise NewReadingBelowInitial(unit=line.unit, reading=figure(reading), initial=figure(new_initial))
    number = number.strip()
    check_number(act, line, number)
    new = Reading(
        id=0,
        meter=0,
        meter_kind=line.kind,
        read_on=read_on,
        value=reading,
        kind=SWAP,
        old_final=old_final,
        new_initial=new_initial,
        multiplier=multiplier or line.multiplier,
    )
    check_steps(line, [*line.readings, new], new)
    new = replace(new, meter=_put_in(act, line, number, new.multiplier))
    return _store(act, line, new, "swap_meter", number=number, old_final=decimal_text(old_final))


_PLACES = (
    select(_meter.c.kind, _building.c.code.label("building"), func.count().label("meters"))
    .select_from(_meter.join(_unit, _unit.c.id == _meter.c.unit_id))
    .join(_building, _building.c.id == _unit.c.building_id)
    .where(_meter.c.id.in_(bindparam("meters", expanding=True)))
    .group_by(_meter.c.kind, _building.c.code)
)


@requires(Permission.RECORD_READINGS)
def set_walking_order(act: Act, *, meters: Sequence[int]) -> None:
    """Numbers the meters of one kind in one building in the order in which the reader walks. Raises `NotOneRound`."""
    places = list(act.connection.execute(_PLACES, {"meters": list(meters)}))
    if len(places) != 1 or len(set(meters)) != len(meters) or places[0].meters != len(meters):
        raise NotOneRound
    statement = update(_meter).where(_meter.c.id == bindparam("walked")).values(walk_order=bindparam("place"))
    act.connection.execute(statement, [{"walked": meter, "place": place} for place, meter in enumerate(meters, 1)])
    subject = f"building:{places[0].building}"
    record_audit(act, action="set_walking_order", subject=subject, detail=f"{places[0].kind} {len(meters)}")


def _record(act: Act, given: ReadingGiven) -> ReadingRecorded:
    line = open_line(act, given.meter)
    checked_reading(given.value)
    check_day(act, line, given.read_on)
    before = line.readings[-1] if line.readings else None
    new = Reading(
        id=0,
        meter=given.meter,
        meter_kind=line.kind,
        read_on=given.read_on,
        value=given.value,
        kind=given.kind,
        multiplier=line.multiplier,
    )
    if given.kind == ROLLOVER:
        new = replace(new, note=rollover_note(given.digits or len(str(int(before.value if before else 0)))))
    check_rollover(line, before, new, given.digits)
    check_steps(line, [*line.readings, new], new)
    return _store(act, line, new, "record_reading")


def _store(act: Act, line: MeterLine, new: Reading, action: str, **facts: str) -> ReadingRecorded:
    values = {
        "meter_id": new.meter,
        "read_on": new.read_on,
        "reading": new.value,
        "kind": new.kind,
        "old_final": new.old_final,
        "new_initial": new.new_initial,
        "note": new.note,
        "recorded_by": act.actor.id,
        "recorded_at": act.now,
    }
    key = inserted_key(act.connection.execute(insert(_reading), values))
    done = _recorded(line, line.readings[-1] if line.readings else None, replace(new, id=key))
    _note(act, action, line, done, **facts)
    return done


def _put_in(act: Act, line: MeterLine, number: str, multiplier: Fraction) -> int:
    order = act.connection.execute(select(_meter.c.walk_order).where(_meter.c.id == line.meter)).scalar_one()
    values = {"unit_id": line.unit_id, "kind": line.kind, "number": number, "walk_order": order}
    return inserted_key(act.connection.execute(insert(_meter), {**values, "multiplier": multiplier}))


def _recorded(line: MeterLine, before: Reading | None, new: Reading) -> ReadingRecorded:
    usage = usage_between(before, new) if before is not None else None
    return ReadingRecorded(new.id, new.meter, line.unit, new.read_on, new.value, new.kind, usage)


def _note(act: Act, action: str, line: MeterLine, done: ReadingRecorded, **facts: str) -> None:
    detail = {
        "unit": line.unit,
        "kind": line.kind,
        "read_on": done.read_on.isoformat(),
        "reading": decimal_text(done.value),
        "marked": "" if done.kind == NORMAL else done.kind,
        "usage": "" if done.usage is None else decimal_text(done.usage),
        **facts,
    }
    told = {name: value for name, value in detail.items() if value}
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    record_audit(act, action=action, subject=f"meter:{done.meter}", detail=text)


def _before(line: MeterLine, place: int) -> Fraction:
    return line.readings[place - 1].value if place else Fraction(0)
