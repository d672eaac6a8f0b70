"""The desk: tenders (付款方式), tills (收费台), shifts (班次), payments (收款) and their allocation (核销)."""

from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from feedesk.models.base import Base
from feedesk.models.types import Amount, Exact, Id, Moment


class Tender(Base):
    """A way of paying, as data: whether it asks for a reference or gives change, its fee and days to settlement.

    ``kind``: cash, channel (WeChat, Alipay, card terminal), bank, prepaid.
    """

    __tablename__ = "tender"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String, unique=True)
    name: Mapped[str] = mapped_column(String)
    kind: Mapped[str] = mapped_column(String)
    position: Mapped[int] = mapped_column(Integer)
    asks_reference: Mapped[bool] = mapped_column(Boolean)
    gives_change: Mapped[bool] = mapped_column(Boolean)
    fee_rate: Mapped[Fraction] = mapped_column(Exact, default=0)
    settlement_days: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Till(Base):
    """A place where money is taken. ``name`` is printed (1 号台); its number is part of receipt numbers."""

    __tablename__ = "till"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, unique=True)
    name: Mapped[str] = mapped_column(String)


class Shift(Base):
    """A cashier's time at a till, opened with a float (备用金) in fen. Only ``is_open`` moves."""

    __tablename__ = "shift"
    __table_args__ = (
        Index(
            "uq_shift_open",
            "till_id",
            unique=True,
            sqlite_where=text("is_open = 1"),
            postgresql_where=text("is_open"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    till_id: Mapped[int] = mapped_column(ForeignKey("till.id"))
    cashier_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    business_date: Mapped[date] = mapped_column(Date, index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opening_float: Mapped[int] = mapped_column(Amount)
    is_open: Mapped[bool] = mapped_column(Boolean)


class ShiftClose(Base):
    """The end of a shift: expected and counted cash in fen, float included.

    ``counts`` is JSON {denomination in yuan: pieces}.
    """

    __tablename__ = "shift_close"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), unique=True)
    closed_at: Mapped[datetime] = mapped_column(Moment)
    expected: Mapped[int] = mapped_column(Amount)
    counted: Mapped[int] = mapped_column(Amount)
    over_short: Mapped[int] = mapped_column(Amount)
    counts: Mapped[str] = mapped_column(Text)


class Payment(Base):
    """Money taken or given back: ``kind`` payment, void (作废), reversal (红冲), refund (退款), offset (自动冲抵),
    tender_change (付款方式更正), transfer_out (转户转出), bounce (退票).

    An offset settles charges from what was prepaid; it belongs to the office, so it has no shift and no receipt.
    ``total`` is the money kept; a void or reversal mirrors it with the opposite sign. ``request_key`` is unique, so
    that a double click, a replay or a crash cannot take money twice; ``request_digest`` tells a replay from a misuse.
    """

    __tablename__ = "payment"
    __table_args__ = (Index("ix_payment_account", "account_id", "business_date"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    kind: Mapped[str] = mapped_column(String)
    request_key: Mapped[str] = mapped_column(String, unique=True)
    request_digest: Mapped[str] = mapped_column(String)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    payer: Mapped[str] = mapped_column(String)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    business_date: Mapped[date] = mapped_column(Date, index=True)
    total: Mapped[int] = mapped_column(Amount)
    tendered: Mapped[int] = mapped_column(Amount)
    change: Mapped[int] = mapped_column(Amount)
    rounding: Mapped[int] = mapped_column(Amount)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), unique=True)


class PaymentTender(Base):
    """One way in which a payment was paid. ``kept`` = tendered − change; the kept sums are the payment's total."""

    __tablename__ = "payment_tender"
    __table_args__ = (Index("ix_payment_tender_reference", "reference", "tender_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    sequence: Mapped[int] = mapped_column(Integer)
    tender_id: Mapped[int] = mapped_column(ForeignKey("tender.id"))
    tendered: Mapped[int] = mapped_column(Amount)
    kept: Mapped[int] = mapped_column(Amount)
    reference: Mapped[str | None] = mapped_column(String)


class Allocation(Base):
    """What a payment settled of a charge: ``kind`` principal or late_fee, in fen, negative when it is taken back."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("payment_id", "sequence"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), index=True)
    kind: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)


class AllocationBasis(Base):
    """On what a payment's allocation rests: ``kind`` agreed (约定抵充) or designated (按缴费人指定).

    ``part``: the payer named the principal or the late_fee alone, empty for both. ``agreed_order`` and the contract's
    ``clause`` are the setting of that day. Payments taken before this was kept have none.
    """

    __tablename__ = "allocation_basis"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), unique=True)
    kind: Mapped[str] = mapped_column(String)
    part: Mapped[str] = mapped_column(String)
    agreed_order: Mapped[str] = mapped_column(String)
    clause: Mapped[str] = mapped_column(String)


class PaymentLine(Base):
    """What a payment brought beside charges: ``kind`` prepayment or deposit, for an account, in fen."""

    __tablename__ = "payment_line"
    __table_args__ = (UniqueConstraint("payment_id", "sequence"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    sequence: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    fee_item_id: Mapped[int | None] = mapped_column(ForeignKey("fee_item.id"))
    name: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)


class BankDeposit(Base):
    """Counted cash paid into the bank (解款单): the bank's slip, its day, and the business days whose cash it was."""

    __tablename__ = "bank_deposit"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    slip_number: Mapped[str] = mapped_column(String, index=True)
    paid_in_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[int] = mapped_column(Amount)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)


class CashMovement(Base):
    """Cash that went into or out of a drawer beside payments, in fen, always positive.

    ``kind``: petty_cash (零星支出), change_in (领零钱) from 备用金, change_out (退零钱) back to it; ``purpose`` why.
    """

    __tablename__ = "cash_movement"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    kind: Mapped[str] = mapped_column(String)
    amount: Mapped[int] = mapped_column(Amount)
    purpose: Mapped[str] = mapped_column(String)


class Correction(Base):
    """What a payment puts right: ``corrects_id`` is the payment that is refunded, bounced, booked in another tender or
    brought to another account; None where money held (预存, 押金) is given back without its slip.

    ``value_date`` is the day from which it counts for late fees. A deposit given back keeps its ``evidence`` (the
    original slip or a loss statement), the ``authorisation`` of another payee, and whether the work was ``inspected``.
    """

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id", deferrable=True, initially="DEFERRED"), unique=True)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("payment.id"), index=True)
    value_date: Mapped[date] = mapped_column(Date)
    evidence: Mapped[str] = mapped_column(String)
    authorisation: Mapped[str] = mapped_column(String)
    inspected: Mapped[bool] = mapped_column(Boolean)
