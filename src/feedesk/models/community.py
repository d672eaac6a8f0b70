"""The community (小区), its buildings (楼栋) and units (房屋)."""

from datetime import date
from fractions import Fraction

from sqlalchemy import Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Exact, Id, Scaled


class Community(Base):
    """A residential community and who serves it. Lines of facilities and services are separated by newlines."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String, unique=True)
    address: Mapped[str] = mapped_column(String, default="")
    land_area: Mapped[Fraction | None] = mapped_column(Scaled(2))
    built_area: Mapped[Fraction | None] = mapped_column(Scaled(2))
    developer: Mapped[str] = mapped_column(String, default="")
    company: Mapped[str] = mapped_column(String, default="")
    credit_code: Mapped[str] = mapped_column(String, default="")
    service_phone: Mapped[str] = mapped_column(String, default="")
    facilities: Mapped[str] = mapped_column(Text, default="")
    services: Mapped[str] = mapped_column(Text, default="")


class Building(Base):
    """A building or a zone of parking spaces or shops: the part of a unit code before the first hyphen."""

    __tablename__ = "building"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    code: Mapped[str] = mapped_column(String, unique=True)
    sort_key: Mapped[str] = mapped_column(String)


class Unit(Base):
    """A dwelling, shop, office, parking space or storeroom. ``sort_key`` orders codes naturally (2 before 10).

    ``kind``: 住宅 商铺 写字楼 车位 储藏室. ``occupancy``: 自住 出租 空置 未售. ``joined_to``: the dwelling
    that a parking space belongs to (关联房屋). Areas in m².
    """

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    code: Mapped[str] = mapped_column(String, unique=True)
    sort_key: Mapped[str] = mapped_column(String, index=True)
    kind: Mapped[str] = mapped_column(String)
    floor: Mapped[int | None] = mapped_column(Integer)
    built_area: Mapped[Fraction | None] = mapped_column(Scaled(2))
    billing_area: Mapped[Fraction | None] = mapped_column(Scaled(2))
    coefficient: Mapped[Fraction | None] = mapped_column(Exact)
    occupancy: Mapped[str] = mapped_column(String, default="自住")
    delivered_on: Mapped[date | None] = mapped_column(Date)
    persons: Mapped[int | None] = mapped_column(Integer)
    joined_to: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
