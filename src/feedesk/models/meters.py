"""Meters (表计) and their readings (抄表)."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Exact, Id, Moment, Scaled


class Meter(Base):
    """A meter of a unit. ``kind``: 水表 电表 电表峰 电表谷 燃气表 热水表; ``multiplier`` turns readings into usage.

    ``walk_order`` is its place on the reader's round; None: by the order of the units' codes.
    """

    __tablename__ = "meter"
    __table_args__ = (UniqueConstraint("unit_id", "kind", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str] = mapped_column(String)
    number: Mapped[str] = mapped_column(String, default="")
    multiplier: Mapped[Fraction] = mapped_column(Exact, default=1)
    walk_order: Mapped[int | None] = mapped_column(Integer)


class MeterReading(Base):
    """A reading with three decimals. ``kind``: 正常 换表 估读 翻转; a 换表 keeps the old end and the new start.

    ``recorded_by`` and ``recorded_at`` say who typed it in; empty for imported ones.
    """

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
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    recorded_at: Mapped[datetime | None] = mapped_column(Moment)


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


class SupplierInvoice(Base):
    """A supplier's invoice (水电气供应单位账单) for a period, in fen, to reconcile what was billed with.

    What households are billed and the disclosed common share must reach its amount (国办函〔2020〕129号).
    """

    __tablename__ = "supplier_invoice"
    __table_args__ = (UniqueConstraint("fee_item_id", "period", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))
    period: Mapped[str] = mapped_column(String(7))
    supplier: Mapped[str] = mapped_column(String)
    number: Mapped[str] = mapped_column(String)
    usage: Mapped[Fraction | None] = mapped_column(Scaled(3))
    amount: Mapped[int] = mapped_column(Amount)
    note: Mapped[str] = mapped_column(String)
