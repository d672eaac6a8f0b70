"""What was sold at the desk from the price list (临时收费), beside the charges that are billed."""

from fractions import Fraction

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Exact, Id


class Sale(Base):
    """One article of a payment: ``quantity`` × ``measure`` × ``unit_price`` yuan, rounded once, is ``amount`` in fen.

    ``measure`` is 1, or the billing area in m² where the price is by area. The money lies in the payment's lines of
    the kind sale. Without a tariff it is what was kept of the deposit of somebody who is no resident.
    """

    __tablename__ = "sale"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    fee_item_id: Mapped[int] = mapped_column(ForeignKey("fee_item.id"), index=True)
    tariff_version_id: Mapped[int | None] = mapped_column(ForeignKey("tariff_version.id"), index=True)
    quantity: Mapped[Fraction] = mapped_column(Exact)
    measure: Mapped[Fraction] = mapped_column(Exact)
    unit_price: Mapped[Fraction] = mapped_column(Exact)
    amount: Mapped[int] = mapped_column(Amount)
    basis: Mapped[str] = mapped_column(String)
