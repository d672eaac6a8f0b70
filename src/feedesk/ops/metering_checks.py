"""What a reading is refused for, each in a sentence; asked by every operation on readings (`ops.metering`)."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from sqlalchemy import bindparam, or_, select

from feedesk.errors import UserError
from feedesk.models import Charge, ChargeUsage, FeeItem, Meter, MeterReading, table_of
from feedesk.money import decimal_text
from feedesk.ops.run import Act
from feedesk.queries.meter_lines import MeterLine, line_of
from feedesk.rules.metering import ROLLOVER, Reading, UsageStep, rollover_size, usage_steps
from feedesk.rules.reading_checks import StepFault, step_fault
from feedesk.texts import N_

_charge, _usage, _item, _meter, _reading = (
    table_of(model) for model in (Charge, ChargeUsage, FeeItem, Meter, MeterReading)
)


class UnknownMeter(UserError):
    message = N_("This meter is not in the ledger any more: look at the round again.")


class UnknownReading(UserError):
    message = N_("This reading is not in the ledger any more: look at the round again.")


class MeterWasSwapped(UserError):
    message = N_("The meter of {unit} was swapped for {number} on {day}: read the new one.")


class ReadingBackwards(UserError):
    message = N_(
        "{unit}: {reading} is below the last reading {before} of {day}. If the meter was swapped or rolled over, "
        "say so; else correct the figure."
    )


class NextReadingBackwards(UserError):
    message = N_("{unit}: {reading} is above the next reading {after} of {day}: correct that one first.")


class OldFinalBelow(UserError):
    message = N_("{unit}: the old meter ended at {final}, which is below its last reading {before} of {day}.")


class NewReadingBelowInitial(UserError):
    message = N_("{unit}: the new meter shows {reading}, which is below its first figure {initial}.")


class SameMeterNumber(UserError):
    message = N_("{unit} has a {kind} numbered “{number}” already: give the new meter a number of its own.")


class NotRolledOver(UserError):
    message = N_("{unit}: {reading} is not below the last reading {before}, so the meter did not roll over.")


class TooFewDigits(UserError):
    message = N_("{unit}: a meter of {digits} digits cannot have shown {reading}: check the digits.")


class ReadingInFuture(UserError):
    message = N_("A reading cannot be of {day}: today is {today}.")


class ReadingDateTooEarly(UserError):
    message = N_("{unit} was read on {last} already: a reading of {day} comes too late. Choose a later day.")


class ReadingIsThere(UserError):
    message = N_("{unit} was read on {day} already ({reading}): correct that reading instead.")


class ReadingIsBilled(UserError):
    message = N_(
        "The reading of {unit} of {day} is locked: {item} of {period} was billed with it. "
        "Settle a mistake with a later reading, or take the bill back first."
    )


class LaterReadingStands(UserError):
    message = N_("The reading of {unit} of {last} builds on this one: remove that first.")


class ReadingWasBilled(UserError):
    message = N_(
        "The reading of {unit} of {day} was billed once, and the bill taken back: it can be corrected, not removed."
    )


class NothingToEstimateFrom(UserError):
    message = N_("{unit} has too few readings to estimate from: two are needed.")


class NotOneRound(UserError):
    message = N_("A walking order is for the meters of one kind in one building.")


def open_line(act: Act, meter: int) -> MeterLine:
    """The line of a meter that is still in its place. Raises `UnknownMeter`, `MeterWasSwapped`."""
    line = line_of(act.connection, meter=meter)
    if line is None:
        raise UnknownMeter
    if line.meter != meter:
        swapped = next(reading for reading in line.readings if reading.meter == line.meter)
        raise MeterWasSwapped(unit=line.unit, number=line.number, day=swapped.read_on)
    return line


def line_with(act: Act, reading: int) -> tuple[MeterLine, int]:
    """The line that holds a reading, and its place in it."""
    where = select(_reading.c.meter_id, _reading.c.read_on).where(_reading.c.id == reading)
    found = act.connection.execute(where).one_or_none()
    line = line_of(act.connection, meter=found.meter_id, until=found.read_on) if found is not None else None
    if line is None:
        raise UnknownReading
    return line, next(place for place, one in enumerate(line.readings) if one.id == reading)


def check_day(act: Act, line: MeterLine, read_on: date, *, swap: bool = False) -> None:
    """Readings come in order of their days, none of tomorrow; on the day of a swap both meters may be read.

    Raises `ReadingInFuture`, `ReadingDateTooEarly`, `ReadingIsThere`.
    """
    if read_on > act.business_date:
        raise ReadingInFuture(day=read_on, today=act.business_date)
    if not line.readings:
        return
    last = line.readings[-1]
    if last.read_on > read_on:
        raise ReadingDateTooEarly(unit=line.unit, last=last.read_on, day=read_on)
    if last.read_on == read_on and not swap:
        raise ReadingIsThere(unit=line.unit, day=read_on, reading=figure(last.value))


def check_rollover(line: MeterLine, before: Reading | None, new: Reading, digits: int | None) -> None:
    """A rollover must be one, on a meter with so many digits. Raises `NotRolledOver`, `TooFewDigits`."""
    if new.kind != ROLLOVER:
        return
    if before is None or new.value >= before.value:
        last = figure(before.value) if before is not None else "–"
        raise NotRolledOver(unit=line.unit, reading=figure(new.value), before=last)
    if digits is not None and rollover_size(before.value) > 10**digits:
        raise TooFewDigits(unit=line.unit, digits=digits, reading=figure(before.value))


def check_steps(line: MeterLine, readings: Sequence[Reading], new: Reading) -> None:
    """Follows the readings to the new one, and on to the next if there is one."""
    for step in usage_steps(readings):
        if step.after is new or step.before is new:
            _refuse_fault(line, step, new)


def _refuse_fault(line: MeterLine, step: UsageStep, new: Reading) -> None:
    fault = step_fault(step)
    if fault is None:
        return
    before, day = figure(step.before.value), step.before.read_on
    if fault is StepFault.OLD_FINAL_BELOW:
        raise OldFinalBelow(unit=line.unit, final=figure(step.after.old_final), before=before, day=day)
    if step.before is new:
        after, day = figure(step.after.value), step.after.read_on
        raise NextReadingBackwards(unit=line.unit, reading=before, after=after, day=day)
    raise ReadingBackwards(unit=line.unit, reading=figure(new.value), before=before, day=day)


def check_number(act: Act, line: MeterLine, number: str) -> None:
    """Two meters of a kind in one unit are told apart by their numbers. Raises `SameMeterNumber`."""
    same = select(_meter.c.id).where(
        _meter.c.unit_id == line.unit_id, _meter.c.kind == line.kind, _meter.c.number == number
    )
    if act.connection.execute(same).first() is not None:
        raise SameMeterNumber(unit=line.unit, kind=line.kind, number=number)


_BILLED_WITH = (
    select(_item.c.name, _charge.c.period)
    .select_from(_usage.join(_charge, _charge.c.id == _usage.c.charge_id))
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_reading, _reading.c.id == _usage.c.to_reading_id)
    .where(
        _usage.c.meter_id == bindparam("meter"),
        _reading.c.read_on >= bindparam("day"),
        _charge.c.status != "cancelled",
    )
    .order_by(_reading.c.read_on, _item.c.position)
    .limit(1)
)


def refuse_billed(act: Act, line: MeterLine, reading: Reading) -> None:
    """Names the bill that locks a reading. Raises `ReadingIsBilled`."""
    if not line.is_locked(reading.id):
        return
    meters = dict.fromkeys([reading.meter, *(one.meter for one in line.readings)])
    for meter in meters:
        found = act.connection.execute(_BILLED_WITH, {"meter": meter, "day": reading.read_on}).first()
        if found is not None:
            raise ReadingIsBilled(unit=line.unit, day=reading.read_on, item=found.name, period=found.period)


def refuse_once_billed(act: Act, line: MeterLine, reading: Reading) -> None:
    """A bill that was taken back stays in the ledger, and the readings it names with it. Raises `ReadingWasBilled`."""
    named = or_(_usage.c.from_reading_id == reading.id, _usage.c.to_reading_id == reading.id)
    if act.connection.execute(select(_usage.c.id).where(named).limit(1)).first() is not None:
        raise ReadingWasBilled(unit=line.unit, day=reading.read_on)


def figure(value: Fraction | None) -> str:
    """A reading as it is said."""
    return decimal_text(value or Fraction(0))
