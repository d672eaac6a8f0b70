"""Charges (应收) and the runs that billed them."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id

_OPEN = text("status = 'open'")
_STANDING = text("status <> 'cancelled'")


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
    advance, shared, adjustment, one_off. ``serves_from``–``serves_to`` are the days served. ``basis`` is the arithmetic
    as shown, ``snapshot`` (JSON) quantity, price, tariff version and the words that explain it.
    Only ``paid``, ``waived``, ``late_fee_paid``, ``late_fee_waived``, ``status`` (open, settled, cancelled) and
    ``cancelled_by`` move; triggers freeze the rest and the entry's digest covers it.
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
        # Every column that arrears and ageing ask for, so that they never touch the table.
        Index(
            "ix_charge_open",
            "account_id",
            "due_date",
            "period",
            "fee_item_id",
            "gross",
            "discount",
            "paid",
            "waived",
            "late_fee_paid",
            "late_fee_waived",
            "status",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_charge_entry", "entry_id"),
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
