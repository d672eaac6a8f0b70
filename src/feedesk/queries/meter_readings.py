"""What every query of meter readings asks alike: their columns, whether one is billed, and the value made of a row."""

from fractions import Fraction
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, exists

from feedesk.models import Charge, ChargeUsage, MeterReading, table_of
from feedesk.rules.metering import Reading

_reading, _usage, _charge = (table_of(model) for model in (MeterReading, ChargeUsage, Charge))

READING_COLUMNS: Final = (
    _reading.c.id,
    _reading.c.read_on,
    _reading.c.reading,
    _reading.c.kind,
    _reading.c.old_final,
    _reading.c.new_initial,
    _reading.c.note,
)
"""What `reading_of` takes of a reading; of its meter it takes ``meter`` (the key) and ``meter_kind``."""


def billed_by_standing_charge(readings: FromClause, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a charge that was not cancelled bills up to a reading of ``readings``, the table or an alias of it.

    ``conditions`` say which charges count.
    """
    return exists().where(
        _usage.c.meter_id == readings.c.meter_id,
        _usage.c.to_reading_id == readings.c.id,
        _charge.c.id == _usage.c.charge_id,
        _charge.c.status != "cancelled",
        *conditions,
    )


def reading_of(row: Any, multiplier: Fraction) -> Reading:
    """The reading of a row with `READING_COLUMNS`, ``meter`` and ``meter_kind``; ``multiplier`` is its meter's."""
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
        multiplier=multiplier,
    )
