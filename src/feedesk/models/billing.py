"""Charges (应收) and the runs that billed them."""

from datetime import date
from fractions import Fraction

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Exact, Id

_OPEN = text("status = 'open'")
_STANDING = text("status <> 'cancelled'")
_TAKEN_BACK = text("cancelled_by IS NOT NULL")
_AHEAD = text("source = 'advance' AND status <> 'cancelled'")
_ONCE = text("source = 'one_off' AND status <> 'cancelled'")


class BillingRun(Base):
    """One posting of a period: how many charges, their gross sum and concessions. Undone by a reversing entry."""

    __tablename__ = "billing_run"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    period: Mapped[str] = mapped_column(String(7), index=True)
    count: Mapped[int] = mapped_column(Integer)
    total: Mapped[int] = mapped_column(Amount)
    discount: Mapped[int] = mapped_column(Amount)


class Charge(Base):
    """What an account owes for one fee item and period. Amounts in fen; ``discount`` is positive.

    Identity: ``period, account, fee item, source, number`` among charges not cancelled. ``source``: run, opening,
    advance, shared, adjustment, one_off, split, merge. ``serves_from``–``serves_to`` are the days served. ``basis`` is
    the arithmetic as shown, ``snapshot`` (JSON) quantity, price, tariff version and the words that explain it.
    Only ``paid``, ``waived``, ``late_fee_paid``, ``late_fee_waived``, ``status`` (open, settled, cancelled, replaced)
    and ``cancelled_by`` move; triggers freeze the rest and the entry's digest covers it.
    """

    __tablename__ = "charge"
    __table_args__ = (
        # The period first: one month's charges lie together, so a new month touches few pages.
        Index(
            "uq_charge_identity",
            "period",
            "account_id",
            "fee_item_id",
            "source",
            "number",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        # What an account owes. Narrow: a billing run writes to nearly every page of it.
        Index("ix_charge_open", "account_id", "due_date", sqlite_where=_OPEN, postgresql_where=_OPEN),
        # Every column that arrears and ageing ask for, so that they never touch the table; a month's charges fall due
        # on a few days, so a billing run writes to the ends of a few stretches only.
        Index(
            "ix_charge_due",
            "due_date",
            "fee_item_id",
            "account_id",
            "gross",
            "discount",
            "paid",
            "waived",
            "status",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_charge_entry", "entry_id"),
        # Without it SQLite would read every charge each time an entry follows its documents, as entries do.
        Index("ix_charge_cancelled_by", "cancelled_by", sqlite_where=_TAKEN_BACK, postgresql_where=_TAKEN_BACK),
        # Few too: what is paid ahead is deferred until it is served, so every month asks for it.
        Index("ix_charge_advance", "serves_to", sqlite_where=_AHEAD, postgresql_where=_AHEAD),
        # Few: what is charged once only is looked for in every later run, whatever its period.
        Index("uq_charge_one_off", "number", "account_id", unique=True, sqlite_where=_ONCE, postgresql_where=_ONCE),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))
    tariff_version_id: Mapped[int | None] = mapped_column(ForeignKey("tariff_version.id"))
    period: Mapped[str] = mapped_column(String(7))
    source: Mapped[str] = mapped_column(String)
    number: Mapped[int] = mapped_column(Integer)
    serves_from: Mapped[date] = mapped_column(Date)
    serves_to: Mapped[date] = mapped_column(Date)
    gross: Mapped[int] = mapped_column(Amount)
    discount: Mapped[int] = mapped_column(Amount)
    due_date: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(Text)
    snapshot: Mapped[str] = mapped_column(Text)
    paid: Mapped[int] = mapped_column(Amount, default=0)
    waived: Mapped[int] = mapped_column(Amount, default=0)
    late_fee_paid: Mapped[int] = mapped_column(Amount, default=0)
    late_fee_waived: Mapped[int] = mapped_column(Amount, default=0)
    status: Mapped[str] = mapped_column(String, default="open")
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))


class Opening(Base):
    """A balance brought along (期初预存, 期初押金, 期初缴至): ``kind`` prepayment, deposit or paid_through."""

    __tablename__ = "opening"
    __table_args__ = (
        Index("uq_opening_identity", "kind", "account_id", "fee_item_id", "name", unique=True),
        Index("ix_opening_entry", "entry_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    kind: Mapped[str] = mapped_column(String)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    fee_item_id: Mapped[int | None] = mapped_column(ForeignKey("fee_item.id"))
    name: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)
    paid_through: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(String)


class ChargeReplacement(Base):
    """Which charges an entry put in the place of which (拆分, 合并): each pair of an old one and a new one."""

    __tablename__ = "charge_replacement"
    __table_args__ = (UniqueConstraint("replaced_id", "by_id"), Index("ix_charge_replacement_entry", "entry_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    replaced_id: Mapped[int] = mapped_column(ForeignKey("charge.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)


class Waiver(Base):
    """What an entry gave up of a charge, in fen: ``kind`` late_fee, principal (减免), reduction (调减) or concession
    (付清优惠: granted on payment of a year at once).
    """

    __tablename__ = "waiver"
    __table_args__ = (Index("ix_waiver_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    kind: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)


class ChargeFreeze(Base):
    """A dispute begins or ends to hold a charge: its late fee stands still from ``on_date`` to ``on_date``, both
    included.
    """

    __tablename__ = "charge_freeze"
    __table_args__ = (Index("ix_charge_freeze_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    begins: Mapped[bool] = mapped_column(Boolean)
    on_date: Mapped[date] = mapped_column(Date)


class LateFeeStop(Base):
    """What a charge's late fee had come to, in fen, when an entry paid or gave up the last of its principal.

    From then on it stands still. An entry after which principal is owed again takes it back: a negative ``amount``.
    """

    __tablename__ = "late_fee_stop"
    __table_args__ = (Index("ix_late_fee_stop_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    amount: Mapped[int] = mapped_column(Amount)


class RevenueRelease(Base):
    """Deferred revenue (待转收入) that became revenue with the end of a month, by fee item, in fen."""

    __tablename__ = "revenue_release"
    __table_args__ = (Index("ix_revenue_release_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    period: Mapped[str] = mapped_column(String(7))
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))
    amount: Mapped[int] = mapped_column(Amount)


class SharedCost(Base):
    """A bill to be shared (公摊) over the units of ``scope`` (patterns, ``;`` between them); ``total`` in fen.

    ``basis``: 按面积 按户 按用量 按系数. ``vacant_weight`` weighs an empty unit, None: in full. ``due_rule`` is a rule
    (当月末) or a day. Its charges have the source ``shared`` and its key as their number.
    """

    __tablename__ = "shared_cost"
    __table_args__ = (UniqueConstraint("name", "period"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String)
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"))
    period: Mapped[str] = mapped_column(String(7), index=True)
    total: Mapped[int] = mapped_column(Amount)
    scope: Mapped[str] = mapped_column(Text)
    basis: Mapped[str] = mapped_column(String)
    due_rule: Mapped[str] = mapped_column(String)
    vacant_weight: Mapped[Fraction | None] = mapped_column(Exact)
    note: Mapped[str] = mapped_column(String)
