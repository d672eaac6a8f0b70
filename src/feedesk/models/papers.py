"""Receipt books (票据号段), receipts (收据) as stored, the print queue, and the day close (日结)."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id, Moment


class ReceiptBook(Base):
    """A run of receipt numbers of one till and year. Only ``next_number`` moves, inside the posting transaction."""

    __tablename__ = "receipt_book"
    __table_args__ = (UniqueConstraint("till_id", "year"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    year: Mapped[int] = mapped_column(Integer)
    prefix: Mapped[str] = mapped_column(String, unique=True)
    next_number: Mapped[int] = mapped_column(Integer)


class Receipt(Base):
    """An issued receipt: its number, and the document (JSON) that every copy shows. ``form_number``: 印刷号."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("book_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("receipt_book.id"))
    number: Mapped[int] = mapped_column(Integer)
    code: Mapped[str] = mapped_column(String, unique=True)
    business_date: Mapped[date] = mapped_column(Date, index=True)
    document: Mapped[str] = mapped_column(Text)
    form_number: Mapped[str | None] = mapped_column(String)


class PrintJob(Base):
    """A slip on its way to paper: ``state`` waiting, sending, printed, failed or uncertain.

    ``reprint`` 0 is the original, n > 0 is marked 补打 第 n 次.
    """

    __tablename__ = "print_job"
    __table_args__ = (Index("ix_print_job_state", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"), index=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    reprint: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String)
    message: Mapped[str] = mapped_column(String, default="")
    requested_by: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    requested_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)


class DayClose(Base):
    """A closed day, by version: the figures (JSON) as issued and the head of every chain (JSON) at that moment.

    Version 2 and later follow a reopening. ``total``: takings of the day in fen.
    """

    __tablename__ = "day_close"
    __table_args__ = (UniqueConstraint("business_date", "version"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    business_date: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    closed_at: Mapped[datetime] = mapped_column(Moment)
    total: Mapped[int] = mapped_column(Amount)
    figures: Mapped[str] = mapped_column(Text)
    chain_heads: Mapped[str] = mapped_column(Text)
