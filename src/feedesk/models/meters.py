"""Meters (表计) and their readings (抄表)."""

from datetime import date
from fractions import Fraction

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Exact, Id, Scaled


class Meter(Base):
    """A meter of a unit. ``kind``: 水表 电表 电表峰 电表谷 燃气表 热水表; ``multiplier`` turns readings into usage."""

    __tablename__ = "meter"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String)
    number: Mapped[str] = mapped_column(String, default="")
    multiplier: Mapped[Fraction] = mapped_column(Exact, default=1)


class MeterReading(Base):
    """A reading with three decimals. ``kind``: 正常 换表 估读 翻转; a 换表 keeps the old end and the new start."""

    __tablename__ = "meter_reading"
    __table_args__ = (UniqueConstraint("meter_id", "read_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    meter_id: Mapped[int] = mapped_column(ForeignKey("meter.id"))
    read_on: Mapped[date] = mapped_column(Date)
    reading: Mapped[Fraction] = mapped_column(Scaled(3))
    kind: Mapped[str] = mapped_column(String, default="正常")
    old_final: Mapped[Fraction | None] = mapped_column(Scaled(3))
    new_initial: Mapped[Fraction | None] = mapped_column(Scaled(3))
    note: Mapped[str] = mapped_column(String, default="")


class ChargeUsage(Base):
    """Which readings a charge billed: the usage from one reading (not included) to another, which locks them."""

    __tablename__ = "charge_usage"
    __table_args__ = (Index("ix_charge_usage_meter", "meter_id", "to_reading_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    meter_id: Mapped[int] = mapped_column(ForeignKey("meter.id"))
    from_reading_id: Mapped[int] = mapped_column(ForeignKey("meter_reading.id"))
    to_reading_id: Mapped[int] = mapped_column(ForeignKey("meter_reading.id"))
    usage: Mapped[Fraction] = mapped_column(Scaled(3))
