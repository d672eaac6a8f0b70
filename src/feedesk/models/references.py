"""References (交易单号) that came after their payment, whose own rows never change."""

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Id


class AddedReference(Base):
    """The reference of one way in which a payment was paid: ``sequence`` is its place among them.

    Its entry says who typed it and when. One that was mistyped is followed by another; the last one holds.
    """

    __tablename__ = "added_reference"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    reference: Mapped[str] = mapped_column(String, index=True)
