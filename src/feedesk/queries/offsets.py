"""Prepayments that could settle charges by themselves (自动冲抵), the rule for it, and what was offset."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Connection, bindparam, cast, func, select, text

from feedesk.ledger import chart
from feedesk.models import (
    Account,
    Charge,
    Entry,
    FeeItem,
    LedgerAccount,
    Payment,
    PaymentTender,
    Posting,
    Tender,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.queries.desk import ledger_setting
from feedesk.rules.allocation import is_current_or_earlier
from feedesk.rules.offsetting import OffsetRule

OFFSET_RULE = "prepayment_offset"
"""The setting of the ledger that holds the `OffsetRule`."""

_account, _charge, _entry, _item, _ledger_account, _payment, _payment_tender, _posting, _tender, _unit = (
    table_of(model)
    for model in (
        Account, Charge, Entry, FeeItem, LedgerAccount, Payment, PaymentTender, Posting, Tender, Unit,
    )
)  # fmt: skip

# Account by account: the index of postings begins with it, so that what else was posted is never read.
_balance = (
    select(cast(-func.sum(_posting.c.amount), BigInteger))
    .where(
        _posting.c.account_id == _account.c.id,
        _posting.c.ledger_account_id
        == select(_ledger_account.c.id).where(_ledger_account.c.code == chart.PREPAYMENTS.code).scalar_subquery(),
    )
    .correlate(_account)
    .scalar_subquery()
)
_balances = select(_account.c.id, _balance.label("prepaid")).subquery()
_PREPAID = select(_balances.c.id, _balances.c.prepaid).where(_balances.c.prepaid > 0)
_OWING = (
    select(_charge.c.account_id, _item.c.name, _charge.c.period, _unit.c.sort_key)
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .where(_charge.c.account_id.in_(bindparam("accounts", expanding=True)), _charge.c.status == text("'open'"))
    .order_by(_unit.c.sort_key, _charge.c.account_id)
)
_PREPAID_TENDER = select(_tender.c.id).where(_tender.c.kind == "prepaid").order_by(_tender.c.id).limit(1)
_ITEMS = select(_item.c.name).where(_item.c.nature != chart.DEPOSIT).order_by(_item.c.position, _item.c.id)
_reversal = _payment.alias("reversal")
_LISTED = (
    select(
        _payment.c.id,
        _payment.c.business_date,
        _entry.c.recorded_at,
        _unit.c.code,
        _payment.c.account_id,
        _payment.c.payer,
        _payment.c.total,
        _reversal.c.id.label("reversed"),
    )
    .join(_entry, _entry.c.id == _payment.c.entry_id)
    .join(_account, _account.c.id == _payment.c.account_id)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .outerjoin(_reversal, _reversal.c.reverses_id == _payment.c.id)
    .where(_payment.c.kind == "offset")
    .order_by(_payment.c.id.desc())
    .limit(bindparam("limit"))
)
_OF_DAY = (
    select(_tender.c.code, func.sum(_payment_tender.c.kept))
    .select_from(_payment.join(_payment_tender, _payment_tender.c.payment_id == _payment.c.id))
    .join(_tender, _tender.c.id == _payment_tender.c.tender_id)
    .where(_payment.c.business_date == bindparam("day"), _payment.c.shift_id.is_(None))
    .group_by(_tender.c.code)
)


@dataclass(frozen=True, slots=True)
class OffsetRow:
    """An offset that was made, in fen; ``taken_back``: its reversal came later."""

    payment: int
    day: date
    at: datetime
    unit: str
    account: int
    payer: str
    total: Fen
    taken_back: bool


def offset_rule(connection: Connection) -> OffsetRule:
    """The ledger's rule for prepayments."""
    return OffsetRule.from_stored(ledger_setting(connection, OFFSET_RULE, None))


def offset_choices(connection: Connection) -> tuple[OffsetRule, tuple[str, ...]]:
    """The rule, and the fee items that it may name."""
    return offset_rule(connection), tuple(connection.execute(_ITEMS).scalars())


def prepaid_accounts(connection: Connection) -> dict[int, Fen]:
    """What each account has prepaid and not used; accounts without are left out."""
    return {account: Fen(int(prepaid)) for account, prepaid in connection.execute(_PREPAID)}


def accounts_to_offset(connection: Connection, *, on: date, accounts: Collection[int] | None = None) -> tuple[int, ...]:
    """The accounts whose prepayment can settle an open charge of the current period or earlier, by their units.

    ``accounts`` restricts them.
    """
    rule = offset_rule(connection)
    prepaid = [one for one in prepaid_accounts(connection) if accounts is None or one in accounts]
    found: dict[int, None] = {}
    for part in range(0, len(prepaid), 10_000):
        for account, item, period, _sort in connection.execute(_OWING, {"accounts": prepaid[part : part + 10_000]}):
            if account not in found and rule.covers(item) and is_current_or_earlier(period, on):
                found[account] = None
    return tuple(found)


def prepaid_tender(connection: Connection) -> int:
    """The key of the tender that pays out of the prepayment, in use at the desk or not."""
    return int(connection.execute(_PREPAID_TENDER).scalar_one())


def offsets(connection: Connection, *, limit: int = 500) -> tuple[OffsetRow, ...]:
    """The offsets made last, newest first."""
    return tuple(
        OffsetRow(row[0], row[1], row[2], row[3], row[4], row[5], Fen(row[6]), row[7] is not None)
        for row in connection.execute(_LISTED, {"limit": limit})
    )


def day_offsets(connection: Connection, *, day: date) -> dict[str, Fen]:
    """What a day's offsets come to by tender code, net of those taken back."""
    return {code: Fen(int(kept)) for code, kept in connection.execute(_OF_DAY, {"day": day})}
