"""Homes with water meters whose readings are known: for whatever reads, bills or shares by them."""

from datetime import date
from fractions import Fraction

from sqlalchemy import select

from feedesk import models
from feedesk.models import table_of
from tests.community import SmallCommunity

DAYS = (date(2026, 8, 20), date(2026, 9, 20), date(2026, 10, 20))
"""When the meters were read before November."""


def meter(
    community: SmallCommunity,
    unit: str,
    *values: str,
    kind: str = "水表",
    number: str = "S1",
    multiplier: str = "1",
    walk_order: int | None = None,
) -> int:
    """A meter of a unit that is there, read on the last of `DAYS`; returns its key."""
    units = table_of(models.Unit)
    with community.database.reading() as connection:
        unit_id = connection.execute(select(units.c.id).where(units.c.code == unit)).scalar_one()
    key = community.add(
        models.Meter,
        unit_id=unit_id,
        kind=kind,
        number=number,
        multiplier=Fraction(multiplier),
        walk_order=walk_order,
    )
    for day, value in zip(DAYS[len(DAYS) - len(values) :], values, strict=True):
        community.add(models.MeterReading, meter_id=key, read_on=day, reading=Fraction(value))
    return key


def home(community: SmallCommunity, code: str, *values: str, **facts: str) -> int:
    """A home of 样 with a water meter; returns the meter's key."""
    community.unit(code, resident=f"张样{code[-1]}")
    return meter(community, code, *values, **facts)  # type: ignore[arg-type]


def bill(community: SmallCommunity, unit: str, reading: int, *, status: str = "open", period: str = "2026-10") -> int:
    """Notes that a charge billed a meter's usage up to a reading; returns the charge."""
    readings, units, accounts = (table_of(model) for model in (models.MeterReading, models.Unit, models.Account))
    with community.database.reading() as connection:
        meter_id = connection.execute(select(readings.c.meter_id).where(readings.c.id == reading)).scalar_one()
        account = connection.execute(
            select(accounts.c.id).join(units, units.c.id == accounts.c.unit_id).where(units.c.code == unit)
        ).scalar_one()
        first = connection.execute(
            select(readings.c.id).where(readings.c.meter_id == meter_id).order_by(readings.c.read_on)
        ).scalars()
        before = next(first)
    charge = community.charge(account, "水费", period, 4864)
    if status != "open":
        set_status(community, charge, status)
    community.add(
        models.ChargeUsage,
        charge_id=charge,
        meter_id=meter_id,
        from_reading_id=before,
        to_reading_id=reading,
        usage=Fraction(16),
    )
    return charge


def set_status(community: SmallCommunity, charge: int, status: str) -> None:
    """What undoing a run does to a charge."""
    table = table_of(models.Charge)
    with community.database.transaction() as connection:
        connection.execute(table.update().where(table.c.id == charge).values(status=status))


def last_reading(community: SmallCommunity, meter_id: int) -> int:
    """The key of a meter's last reading."""
    readings = table_of(models.MeterReading)
    statement = select(readings.c.id).where(readings.c.meter_id == meter_id).order_by(readings.c.read_on.desc())
    with community.database.reading() as connection:
        return int(next(connection.execute(statement).scalars()))
