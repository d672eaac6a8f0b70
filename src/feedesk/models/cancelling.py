"""Charges that an entry put out of force one by one, not by reversing the entry that had posted them."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Id


class ChargeCancellation(Base):
    """A month paid ahead that was given back (退预缴): nothing is owed or paid of it any more, and it may be billed
    anew. What was paid of it goes back in the same entry.
    """

    __tablename__ = "charge_cancellation"
    __table_args__ = (Index("ix_charge_cancellation_entry", "entry_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"))
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), unique=True)
