"""What charges would owe, had the money that settles them now been theirs on the day it came.

Money whose owner was not known, or that stood on another account, counts for late fees from its value date. So the
late fee of a charge that such money settles is reckoned as if its open principal had gone that day; what others paid
of it since counts from their own days.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection

from feedesk.money import Fen
from feedesk.queries.late_fees import (
    ChargeHistory,
    LateFeeBook,
    LateFeeState,
    ReckonedCharge,
    accrued,
    charge_histories,
    late_fee_book,
)
from feedesk.queries.statement import StatementCharge


def as_if_paid_on(
    connection: Connection, charges: Sequence[StatementCharge], *, value_date: date, on: date
) -> list[StatementCharge]:
    """Charges as they stand on ``on``, their late fees as if all open principal had been paid on ``value_date``.

    A charge whose principal is settled already keeps its late fee: that stopped when the last of it was paid.
    """
    book = late_fee_book(connection)
    ids = [charge.id for charge in charges if charge.principal and charge.due_date < on]
    if not book or not ids:
        return list(charges)
    histories = charge_histories(connection, on=on, frozen=ids, paid=ids, waived=ids)
    late = set(ids)
    return [_settled_then(book, one, histories[one.id], value_date, on) if one.id in late else one for one in charges]


def _settled_then(
    book: LateFeeBook, charge: StatementCharge, history: ChargeHistory, value_date: date, on: date
) -> StatementCharge:
    # What is shown as the discount of a statement's charge includes what was given up of its principal.
    net = Fen(charge.amount - charge.discount + history.principal_waived + history.reduced)
    owed_then = history.debt(net, charge.due_date).unpaid_on(value_date + timedelta(1))
    then = Fen(max(min(charge.principal, owed_then), 0))
    history.lowered.extend(((value_date, then), (on, Fen(charge.principal - then))))
    reckoned = ReckonedCharge(charge.item_id, charge.item, charge.nature, net, charge.due_date)
    paid = Fen(charge.late_fee - charge.late_fee_due)
    state = LateFeeState(accrued(book, reckoned, history, on), charge.late_fee_waived, paid, charge.frozen)
    return replace(charge, late_fee=state.charged, late_fee_due=state.due)
