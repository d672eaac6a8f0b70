"""Counted cash on its way to the bank (在途现金), and from which days it is."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select

from feedesk.ledger import chart
from feedesk.models import BankDeposit, Entry, LedgerAccount, Posting, table_of
from feedesk.money import ZERO, Fen

_deposit, _entry, _ledger_account, _posting = (
    table_of(model) for model in (BankDeposit, Entry, LedgerAccount, Posting)
)
_BALANCE = (
    select(func.coalesce(func.sum(_posting.c.amount), 0))
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_ledger_account.c.code == chart.CASH_IN_TRANSIT.code)
)
_reversal = _entry.alias("reversal")
_PAID_IN = (
    select(func.max(_deposit.c.last_day))
    .select_from(_deposit.outerjoin(_reversal, _reversal.c.reverses_id == _deposit.c.entry_id))
    .where(_reversal.c.id.is_(None))
)
_COUNTED = (
    select(func.min(_entry.c.business_date).label("first"), func.max(_entry.c.business_date).label("last"))
    .join(_posting, _posting.c.entry_id == _entry.c.id)
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(
        _ledger_account.c.code == chart.CASH_IN_TRANSIT.code,
        _entry.c.kind == "shift_close",
        _entry.c.business_date > bindparam("after"),
    )
)


@dataclass(frozen=True, slots=True)
class CashToPayIn:
    """Cash not yet at the bank, in fen, and the business days it was counted on; None where there is none."""

    amount: Fen
    first_day: date | None = None
    last_day: date | None = None


def cash_to_pay_in(connection: Connection) -> CashToPayIn:
    """What is in transit now. The days are those counted after the last slip's; a slip for a part covers its days."""
    amount = Fen(int(connection.execute(_BALANCE).scalar_one()))
    if amount <= 0:
        return CashToPayIn(ZERO)
    until: date | None = connection.execute(_PAID_IN).scalar()
    days = connection.execute(_COUNTED, {"after": until or date.min}).one()
    if days.first is None and until is not None:  # the rest of days that a slip covered in part
        days = connection.execute(_COUNTED, {"after": until - timedelta(1)}).one()
    return CashToPayIn(amount, days.first, days.last)
