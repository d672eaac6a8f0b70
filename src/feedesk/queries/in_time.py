"""What was there by a business date and is there still: balances and charges, for what is booked on an earlier day.

On a day opened again what was forgotten is booked beside the day that runs. A balance that came later, or was used
later, is not there to be used then; a charge billed later was not owed then. On a day that was never closed charges
are taken whenever they were billed: arrears brought along by an import are older than the day they are entered on.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, bindparam, func, select

from feedesk.ledger import chart
from feedesk.ledger.prepared import Prepared
from feedesk.models import Charge, DayClose, Entry, LedgerAccount, Posting, table_of
from feedesk.money import Fen
from feedesk.queries.statement import StatementCharge

_charge, _entry, _posting, _ledger_account = (table_of(model) for model in (Charge, Entry, Posting, LedgerAccount))
_day_close = table_of(DayClose)

_LATEST = Prepared(select(func.max(_entry.c.business_date)))
_CLOSED_BEFORE = Prepared(
    select(func.count()).select_from(_day_close).where(_day_close.c.business_date == bindparam("on"))
)
_BILLED = Prepared(
    select(_charge.c.id, _entry.c.business_date)
    .join(_entry, _entry.c.id == _charge.c.entry_id)
    .where(_charge.c.id.in_(bindparam("charges", expanding=True)), _entry.c.business_date > bindparam("on"))
)
_DAY_BY_DAY = Prepared(
    select(_entry.c.business_date, func.sum(-_posting.c.amount).label("amount"))
    .select_from(
        _posting.join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id).join(
            _entry, _entry.c.id == _posting.c.entry_id
        )
    )
    .where(_posting.c.account_id == bindparam("account"), _ledger_account.c.code == bindparam("code"))
    .group_by(_entry.c.business_date)
    .order_by(_entry.c.business_date)
)


def billed_later(connection: Connection, charges: Sequence[StatementCharge], *, on: date) -> dict[int, date]:
    """Where ``on`` is a day opened again: those of ``charges`` that were billed on a later business date, with it."""
    latest = _LATEST.scalar(connection) if charges else None
    if latest is None or latest <= on or not _CLOSED_BEFORE.scalar(connection, {"on": on}):
        return {}
    rows = _BILLED.rows(connection, {"charges": [one.id for one in charges], "on": on})
    return {row.id: row.business_date for row in rows}


def prepaid_to_use(connection: Connection, account: int, *, on: date) -> Fen:
    """What was prepaid by a business date and is not used since, 0 at least."""
    return _to_use(connection, account, chart.PREPAYMENTS.code, on)


def deposit_to_use(connection: Connection, account: int, name: str, *, on: date) -> Fen:
    """What of a deposit was held for an account by a business date and is still, 0 at least."""
    return _to_use(connection, account, chart.deposits(name).code, on)


def _to_use(connection: Connection, account: int, code: str, on: date) -> Fen:
    """The lowest balance from the end of ``on`` until now: so much can be taken out without going below nothing."""
    rows = _DAY_BY_DAY.rows(connection, {"account": account, "code": code})
    balance = lowest = sum(int(row.amount) for row in rows if row.business_date <= on)
    for row in rows:
        if row.business_date > on:
            balance += int(row.amount)
            lowest = min(lowest, balance)
    return Fen(max(lowest, 0))
