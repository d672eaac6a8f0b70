"""The journal: entries whose postings sum to zero, chained by hash, never updated, never deleted.

A chain is kept per till, so that desks do not wait for each other; chain 0 is the office (billing, imports, closes).
"""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id, Moment


class LedgerAccount(Base):
    """An account of the ledger (会计科目), such as ``1122.物业费``.

    ``kind``: asset liability equity revenue expense.
    """

    __tablename__ = "ledger_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String, unique=True)
    name: Mapped[str] = mapped_column(String)
    kind: Mapped[str] = mapped_column(String)


class Chain(Base):
    """The head of a hash chain: how many entries it has and the last one's hash. Moved only with an entry."""

    __tablename__ = "chain"

    id: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    length: Mapped[int] = mapped_column(Integer)
    head: Mapped[str] = mapped_column(String(64))


class Entry(Base):
    """A journal entry: one act of money.

    ``digest`` covers the act's documents, ``hash`` this entry and the one before. ``sequence`` counts within its chain
    from 1; ``business_date`` is the day it belongs to, ``recorded_at`` the clock's. ``shift_id`` has no foreign key:
    a shift names its entry, and of two tables that name each other one must come first.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("chain_id", "sequence"),
        Index("ix_entry_business_date", "business_date"),
        Index("ix_entry_shift", "shift_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String)
    business_date: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    actor_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    shift_id: Mapped[int | None] = mapped_column(Integer)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    reason: Mapped[str] = mapped_column(String)
    digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Posting(Base):
    """A line of an entry in fen, debit positive, credit negative; ``account_id`` is the resident account concerned."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("ix_posting_entry", "entry_id"),
        Index(
            "ix_posting_account",
            "account_id",
            "ledger_account_id",
            "amount",
            sqlite_where=text("account_id IS NOT NULL"),
            postgresql_where=text("account_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    sequence: Mapped[int] = mapped_column(Integer)
    ledger_account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    amount: Mapped[int] = mapped_column(Amount)
