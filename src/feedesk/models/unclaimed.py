"""Money that came without saying for whom (待认领款): what is known of it, until somebody claims it."""

from datetime import date

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Id


class UnclaimedMoney(Base):
    """What is known of a payment without an account; how much, in which way and from whom stands on the payment.

    ``value_date`` is the day the money came (the bank's, for a transfer): late fees of whoever claims it stop then.
    """

    __tablename__ = "unclaimed_money"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    value_date: Mapped[date] = mapped_column(Date)
    remark: Mapped[str] = mapped_column(String)
