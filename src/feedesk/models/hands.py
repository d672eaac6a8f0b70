"""Changes of hands (过户): which account followed which on a unit, and what was carried over from one to the other."""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id


class ChangeOfHands(Base):
    """A unit went from one account to another; ``first_day`` is the first of the new one, the old ends the day before.

    What was owed stays where it was owed; only what `CarriedBalance` names went over. ``paper`` is what it rests on.
    One that was undone is reversed by its entry; the unit may change hands again then.
    """

    __tablename__ = "change_of_hands"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    from_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    to_account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    paper: Mapped[str] = mapped_column(String)


class CarriedBalance(Base):
    """A balance that went over at a change of hands, in fen: ``kind`` prepayment or deposit, which has a name."""

    __tablename__ = "carried_balance"
    __table_args__ = (Index("ix_carried_balance_entry_id", "entry_id", "sequence", unique=True),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String)
    name: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)
