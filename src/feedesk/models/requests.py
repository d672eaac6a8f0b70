"""Requests (申请): what somebody may not do alone and asks for, and what was decided about it."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Id


class ApprovalRequest(Base):
    """What is asked for; who asked and when stands on the entry.

    ``kind``: see `feedesk.queries.requests.RequestKind`; ``amount`` in fen. ``payment_id`` is the payment concerned,
    ``name`` what the request is about in words; ``facts`` the rest of the act asked for, a JSON object.
    """

    __tablename__ = "approval_request"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    request_key: Mapped[str] = mapped_column(String, unique=True)
    kind: Mapped[str] = mapped_column(String)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"))
    name: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)
    facts: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String)


class ApprovalDecision(Base):
    """A word on a request; who gave it and when stands on the entry. Released requests get a second one when done.

    ``outcome``: see `feedesk.queries.requests.Outcome`; ``act_entry_id`` is the entry of the act that was done by it.
    """

    __tablename__ = "approval_decision"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    request_key: Mapped[str] = mapped_column(String, unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("approval_request.id"), index=True)
    outcome: Mapped[str] = mapped_column(String)
    act_entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    words: Mapped[str] = mapped_column(String)
