"""What of a business day still waits for somebody beside its shifts and slips (日结前的未完事项).

Only the day's own payments and what is open in short lists is read, never the charges.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select

from feedesk.ledger import chart
from feedesk.models import Account, BankDeposit, Entry, LedgerAccount, Posting, Resident, Unit, table_of
from feedesk.money import ZERO, Fen
from feedesk.queries.day_figures import closed_figures, last_closed
from feedesk.queries.desk_terms import transit_days
from feedesk.queries.references import MissingReference, missing_references
from feedesk.queries.requests import DecisionRequest, waiting_requests
from feedesk.queries.unclaimed import open_unclaimed

_account, _deposit, _entry, _ledger_account, _posting, _resident, _unit = (
    table_of(model) for model in (Account, BankDeposit, Entry, LedgerAccount, Posting, Resident, Unit)
)
_PREPAYMENTS = select(_ledger_account.c.id).where(_ledger_account.c.code == chart.PREPAYMENTS.code).scalar_subquery()
_PAID_IN = (
    select(func.coalesce(func.sum(_deposit.c.amount), 0))
    .join(_entry, _entry.c.id == _deposit.c.entry_id)
    .where(_entry.c.business_date > bindparam("after"))
)
_TAKEN_BACK = (
    select(func.coalesce(func.sum(_deposit.c.amount), 0))
    .join(_entry, _entry.c.reverses_id == _deposit.c.entry_id)
    .where(_entry.c.business_date > bindparam("after"))
)
# Offsets leave nothing below zero: they take what is there.
_MOVED = (
    select(_posting.c.account_id)
    .join(_entry, _entry.c.id == _posting.c.entry_id)
    .where(
        _entry.c.business_date == bindparam("day"),
        _entry.c.kind != "offset",
        _posting.c.ledger_account_id == _PREPAYMENTS,
        _posting.c.account_id.is_not(None),
    )
    .distinct()
)
_BALANCE = (
    select(func.sum(_posting.c.amount))
    .where(_posting.c.account_id == _account.c.id, _posting.c.ledger_account_id == _PREPAYMENTS)
    .scalar_subquery()
)
_NEGATIVE = (
    select(_account.c.id, _unit.c.code.label("unit"), _resident.c.name.label("resident"), _BALANCE.label("balance"))
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .where(_account.c.id.in_(_MOVED), _BALANCE > 0)
    .order_by(_account.c.id)
)


@dataclass(frozen=True, slots=True)
class NegativePrepayment:
    """An account that used more than it had prepaid, by ``amount`` fen."""

    account: int
    unit: str
    resident: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class OverdueTransit:
    """Cash counted up to ``until`` that is still on its way to the bank, in fen."""

    until: date
    amount: Fen


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What waits for a word or a number. ``unclaimed`` counts items of 待认领款, ``unclaimed_amount`` in fen.

    ``transit``: counted cash that has been on its way to the bank for longer than the setting says; None otherwise.
    """

    references: tuple[MissingReference, ...] = ()
    requests: tuple[DecisionRequest, ...] = ()
    negatives: tuple[NegativePrepayment, ...] = ()
    unclaimed: int = 0
    unclaimed_amount: Fen = ZERO
    transit: OverdueTransit | None = None


def open_matters(connection: Connection, day: date) -> OpenMatters:
    """What is open as a business day stands."""
    unclaimed = open_unclaimed(connection)
    return OpenMatters(
        references=missing_references(connection, day),
        requests=waiting_requests(connection),
        negatives=negative_prepayments(connection, day),
        unclaimed=len(unclaimed),
        unclaimed_amount=Fen(sum(item.left for item in unclaimed)),
        transit=overdue_transit(connection, day),
    )


def negative_prepayments(connection: Connection, day: date) -> tuple[NegativePrepayment, ...]:
    """The accounts whose prepayment moved on a business day and now stands below zero, which must never be."""
    rows = connection.execute(_NEGATIVE, {"day": day})
    return tuple(NegativePrepayment(row.id, row.unit, row.resident, Fen(int(row.balance))) for row in rows)


def overdue_transit(connection: Connection, day: date) -> OverdueTransit | None:
    """Counted cash without the bank's slip that is older than the setting allows on a day.

    What was in transit when an earlier day was closed, less the slips entered since: the oldest cash goes first.
    """
    closed = last_closed(connection, before=day - timedelta(transit_days(connection)))
    figures = closed_figures(connection, closed) if closed else None
    if closed is None or figures is None:
        return None
    facts = {"after": closed}
    paid_in = connection.execute(_PAID_IN, facts).scalar_one() - connection.execute(_TAKEN_BACK, facts).scalar_one()
    left = Fen(figures.transit.closing - int(paid_in))
    return OverdueTransit(closed, left) if left > 0 else None
