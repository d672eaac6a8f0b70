"""Residents (住户), where they live, and the accounts (户) that owe.

A resident is one person or firm, over several units when the workbook's 客户编号 says so; never guessed from a name.
"""

from datetime import date

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Id


class Resident(Base):
    """An owner or tenant. ``kind``: 个人 or 单位; ``pinyin`` and ``initials`` are kept for the search box."""

    __tablename__ = "resident"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    customer_code: Mapped[str | None] = mapped_column(String, unique=True)
    name: Mapped[str] = mapped_column(String)
    kind: Mapped[str] = mapped_column(String, default="个人")
    pinyin: Mapped[str] = mapped_column(String, default="")
    initials: Mapped[str] = mapped_column(String, default="")
    invoice_title: Mapped[str] = mapped_column(String, default="")
    tax_number: Mapped[str] = mapped_column(String, default="")
    email: Mapped[str] = mapped_column(String, default="")
    identity_number: Mapped[str] = mapped_column(String, default="")


class ResidentPhone(Base):
    __tablename__ = "resident_phone"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    phone: Mapped[str] = mapped_column(String, index=True)


class Occupancy(Base):
    """Who lives in or owns a unit, as 业主 or 租户, from a day to a day (both included, empty = open)."""

    __tablename__ = "occupancy"
    __table_args__ = (UniqueConstraint("unit_id", "resident_id", "role"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    role: Mapped[str] = mapped_column(String)
    from_date: Mapped[date | None] = mapped_column(Date)
    to_date: Mapped[date | None] = mapped_column(Date)
    pays: Mapped[bool | None] = mapped_column(Boolean)


class OccupancyTag(Base):
    """A mark such as 老年, 残疾, 低保, on which concessions depend."""

    __tablename__ = "occupancy_tag"
    __table_args__ = (UniqueConstraint("occupancy_id", "tag"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    occupancy_id: Mapped[int] = mapped_column(ForeignKey("occupancy.id"))
    tag: Mapped[str] = mapped_column(String)


class Plate(Base):
    """A vehicle's number plate, found by the search box."""

    __tablename__ = "plate"
    __table_args__ = (UniqueConstraint("occupancy_id", "plate"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    occupancy_id: Mapped[int] = mapped_column(ForeignKey("occupancy.id"))
    plate: Mapped[str] = mapped_column(String, index=True)


class Account(Base):
    """One unit held by one payer from a day to a day (both included, empty = open): what is owed hangs on it.

    Its number for people is its id (``H000123``), so nothing can be altered that is not the key itself.
    ``developer``: the account that bears an unsold or undelivered unit (物业管理条例 art. 41).
    """

    __tablename__ = "account"
    __table_args__ = (
        Index(
            "uq_account_current",
            "unit_id",
            "developer",
            unique=True,
            sqlite_where=text("to_date IS NULL"),
            postgresql_where=text("to_date IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    payer_id: Mapped[int] = mapped_column(ForeignKey("resident.id"), index=True)
    from_date: Mapped[date | None] = mapped_column(Date)
    to_date: Mapped[date | None] = mapped_column(Date)
    developer: Mapped[bool] = mapped_column(Boolean, default=False)
