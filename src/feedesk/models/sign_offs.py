"""Second signatures on closed shifts: who took over what lay there, and who reviewed the cashier's day."""

from sqlalchemy import Boolean, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id


class ShiftSignOff(Base):
    """A second person's word on a closed shift; who gave it and when stands on the entry.

    ``kind``: hand_over (交接) or review (复核). ``counted`` is what that person found, in fen; ``accepted`` False is a
    refusal, whose reason is the ``remark``. ``things``: what else changed hands, a JSON list of [name, count].
    """

    __tablename__ = "shift_sign_off"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    kind: Mapped[str] = mapped_column(String)
    accepted: Mapped[bool] = mapped_column(Boolean)
    counted: Mapped[int] = mapped_column(Amount)
    things: Mapped[str] = mapped_column(Text)
    remark: Mapped[str] = mapped_column(String)
