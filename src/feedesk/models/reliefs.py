"""What a charge may be lowered or raised by: concessions (优惠) and late fees (违约金), as dated rules."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Boolean, Date, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Exact, Id, Moment


class ConcessionPolicy(Base):
    """A concession's condition, size and legal basis, in force from a day to a day (both included).

    ``condition``: 标签=老年, 空置, 预缴>=12月, 一次性付清, or 核准 (by grant only).
    ``method``: 百分比 减金额 减月数 单价, with ``value`` per cent (10 = 10 %), yuan, months, or yuan per unit.
    """

    __tablename__ = "concession_policy"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    condition: Mapped[str] = mapped_column(String)
    method: Mapped[str] = mapped_column(String)
    value: Mapped[Fraction] = mapped_column(Exact)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    stackable: Mapped[bool] = mapped_column(Boolean)
    basis_document: Mapped[str] = mapped_column(String)


class ConcessionItem(Base):
    """A fee item that a policy lowers."""

    __tablename__ = "concession_item"
    __table_args__ = (UniqueConstraint("policy_id", "fee_item_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("concession_policy.id"))
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))


class ConcessionGrant(Base):
    """A decision that a policy applies to an account from a day to a day (both included), with its evidence."""

    __tablename__ = "concession_grant"
    __table_args__ = (UniqueConstraint("policy_id", "account_id", "from_date"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("concession_policy.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    from_date: Mapped[date] = mapped_column(Date)
    to_date: Mapped[date | None] = mapped_column(Date, index=True)
    evidence: Mapped[str] = mapped_column(String)
    note: Mapped[str] = mapped_column(String)
    granted_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    granted_at: Mapped[datetime] = mapped_column(Moment)


class LateFeeRule(Base):
    """What late payment of a fee item costs from a day on (``fee_item_id`` None: 全部, but never utilities).

    ``daily_rate`` a day, or ``lpr_multiple`` times the yearly LPR; ``cap`` a share of the charge's net principal,
    ``minimum`` fen once a fee has arisen; ``starts``: 到期次日 or 次月1日. ``clause`` is what it rests on.
    """

    __tablename__ = "late_fee_rule"
    __table_args__ = (UniqueConstraint("fee_item_id", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    fee_item_id: Mapped[int | None] = mapped_column(ForeignKey("fee_item.id"))
    daily_rate: Mapped[Fraction | None] = mapped_column(Exact)
    lpr_multiple: Mapped[Fraction | None] = mapped_column(Exact)
    grace_days: Mapped[int] = mapped_column(Integer)
    cap: Mapped[Fraction] = mapped_column(Exact)
    minimum: Mapped[int] = mapped_column(Amount)
    starts: Mapped[str] = mapped_column(String)
    clause: Mapped[str] = mapped_column(String)
    valid_from: Mapped[date] = mapped_column(Date)


class LprRate(Base):
    """The one-year loan prime rate (贷款市场报价利率) published on a day, a year: 0.03 is 3 %."""

    __tablename__ = "lpr_rate"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    published_on: Mapped[date] = mapped_column(Date, unique=True)
    yearly: Mapped[Fraction] = mapped_column(Exact)
