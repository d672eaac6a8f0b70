"""Fee items (收费项目), tariffs (收费标准) with their dated prices, and the units they apply to."""

from datetime import date
from fractions import Fraction

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Exact, Id


class FeeItem(Base):
    """What is charged for. ``nature`` (款项性质) says whose money it is: 自有 代收代付 公共收益 押金.

    ``mantissa`` 四舍五入/进位/舍去 and ``mantissa_step`` (fen: 1, 10, 100) round each charge line once. ``covers`` says
    what is done for the money, for the fee board (服务内容).
    """

    __tablename__ = "fee_item"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String, unique=True)
    nature: Mapped[str] = mapped_column(String)
    position: Mapped[int] = mapped_column(Integer)
    mantissa: Mapped[str] = mapped_column(String, default="四舍五入")
    mantissa_step: Mapped[int] = mapped_column(Integer, default=1)
    covers: Mapped[str | None] = mapped_column(Text)


class Tariff(Base):
    """A named price for one fee item; its dated versions hold the figures."""

    __tablename__ = "tariff"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String, unique=True)
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))
    position: Mapped[int] = mapped_column(Integer)


class TariffVersion(Base):
    """A price in force from a day to a day (both included), with the basis that the price marking rules ask for.

    ``method``: 按面积 固定金额 按用量 阶梯用量 总额分摊 自定义公式 (``formula``, yuan for one cycle).
    ``cycle_months``: 1, 3, 6, 12, or 0 for once only (一次性). ``unit_price`` yuan;
    ``prices`` holds 峰/谷 prices, ``tiers`` and ``person_base`` the workbook's own notation. ``due_rule``: 当月末 …
    ``partial_month``: 按天 按整月 按半月. 明码标价和禁止价格欺诈规定 art. 7–9.
    """

    __tablename__ = "tariff_version"
    __table_args__ = (UniqueConstraint("tariff_id", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    method: Mapped[str] = mapped_column(String)
    unit_price: Mapped[Fraction | None] = mapped_column(Exact)
    prices: Mapped[str] = mapped_column(String, default="")
    cycle_months: Mapped[int] = mapped_column(Integer, default=1)
    due_rule: Mapped[str] = mapped_column(String, default="当月末")
    tiers: Mapped[str] = mapped_column(Text, default="")
    tier_cycle: Mapped[str] = mapped_column(String, default="")
    tier_restart: Mapped[str] = mapped_column(String, default="01-01")
    person_base: Mapped[str] = mapped_column(String, default="")
    partial_month: Mapped[str] = mapped_column(String, default="按天")
    price_form: Mapped[str] = mapped_column(String, default="")
    basis_document: Mapped[str] = mapped_column(String, default="")
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    tax_rate: Mapped[Fraction | None] = mapped_column(Exact)
    meter_kind: Mapped[str] = mapped_column(String, default="")
    formula: Mapped[str | None] = mapped_column(Text)


class TariffScope(Base):
    """The units a tariff applies to: an exact code or a pattern (``3-*``), from a day to a day, ``quantity`` times."""

    __tablename__ = "tariff_scope"
    __table_args__ = (UniqueConstraint("unit_pattern", "tariff_id", "from_date"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    unit_pattern: Mapped[str] = mapped_column(String)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariff.id"))
    quantity: Mapped[Fraction] = mapped_column(Exact, default=1)
    from_date: Mapped[date | None] = mapped_column(Date)
    to_date: Mapped[date | None] = mapped_column(Date)
