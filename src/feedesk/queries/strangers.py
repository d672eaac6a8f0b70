"""Deposits of people without an account (散客): each is found by the receipt that took it, and by nothing else."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from feedesk.models import Payment, PaymentLine, Receipt, table_of
from feedesk.money import Fen
from feedesk.queries.corrections import payment_left

_payment, _line, _receipt = table_of(Payment), table_of(PaymentLine), table_of(Receipt)
_taken_back = _payment.alias("taken_back")

_TAKEN = (
    select(_payment.c.id, _receipt.c.code)
    .distinct()
    .join(_line, _line.c.payment_id == _payment.c.id)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .outerjoin(_taken_back, _taken_back.c.reverses_id == _payment.c.id)
    .where(
        _payment.c.account_id.is_(None),
        _payment.c.kind == "payment",
        _line.c.kind == "deposit",
        _taken_back.c.id.is_(None),
    )
    .order_by(_payment.c.id.desc())
)


@dataclass(frozen=True, slots=True)
class StrangersDeposit:
    """What is held of a deposit, in fen, by the receipt that took it."""

    receipt: str
    day: date
    payer: str
    name: str
    held: Fen


def strangers_deposits(connection: Connection) -> tuple[StrangersDeposit, ...]:
    """Every deposit still held of somebody without an account, the newest first."""
    found = []
    for payment, code in connection.execute(_TAKEN).all():
        left = payment_left(connection, payment)
        found += [StrangersDeposit(code, left.business_date, left.payer, one.name, one.amount) for one in left.deposits]
    return tuple(found)
