"""The paid-through rulers (缴至) of accounts: for each fee item until when it is billed and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, select, text

from feedesk.models import Account, Charge, Entry, FeeItem, Opening, table_of
from feedesk.rules.paid_through import Ruler, Served, brought_along, ruler

_account, _charge, _entry, _item, _opening = (table_of(model) for model in (Account, Charge, Entry, FeeItem, Opening))

# Every period that has charges, found by jumping from one to the next in the index that begins with it.
_standing = _charge.c.status != text("'cancelled'")
_periods = select(func.min(_charge.c.period).label("period")).where(_standing).cte("periods", recursive=True)
_next_period = (
    select(func.min(_charge.c.period))
    .where(_standing, _charge.c.period > _periods.c.period)
    .correlate(_periods)
    .scalar_subquery()
)
_periods = _periods.union_all(select(_next_period).where(_periods.c.period.is_not(None)))
_SERVED = (
    select(
        _charge.c.account_id,
        _charge.c.fee_item_id,
        _charge.c.serves_from,
        _charge.c.serves_to,
        _charge.c.status,
        _charge.c.source,
        _entry.c.business_date,
    )
    .select_from(
        _periods.join(_charge, _charge.c.period == _periods.c.period).join(_entry, _entry.c.id == _charge.c.entry_id)
    )
    .where(
        _charge.c.account_id.in_(bindparam("accounts", expanding=True)),
        _standing,
        _charge.c.source != "one_off",
    )
)
# What a unit was paid for when the books were opened holds for whoever has it now.
_OPENED = (
    select(_account.c.id, _opening.c.fee_item_id, func.max(_opening.c.paid_through))
    .select_from(_opening)
    .join(_opened_for := _account.alias("opened_for"), _opened_for.c.id == _opening.c.account_id)
    .join(_account, _account.c.unit_id == _opened_for.c.unit_id)
    .where(_opening.c.kind == "paid_through", _account.c.id.in_(bindparam("accounts", expanding=True)))
    .group_by(_account.c.id, _opening.c.fee_item_id)
)
_ON_TOP = frozenset({"adjustment", "split", "merge"})
_ITEMS = select(_item.c.id, _item.c.name).order_by(_item.c.position, _item.c.id)


@dataclass(frozen=True, slots=True)
class ItemRuler:
    """How far a fee item of an account is billed and paid."""

    account: int
    item_id: int
    item: str
    ruler: Ruler


def rulers(connection: Connection, *, accounts: Sequence[int]) -> tuple[ItemRuler, ...]:
    """The rulers of accounts, in their order, each with its fee items in the order they are shown."""
    served: dict[tuple[int, int], list[Served]] = {}
    facts = {"accounts": list(accounts)}
    for account, item, first, last, status, source, booked in connection.execute(_SERVED, facts):
        if first <= last:
            # What was split or merged stays billed; whether it is paid, those in its place say.
            settled = status in ("settled", "replaced")
            loose = source == "opening"
            reach = brought_along(last, booked) if loose else last
            span = Served(first, reach, settled, on_top=source in _ON_TOP, loose=loose)
            served.setdefault((account, item), []).append(span)
    opened: dict[tuple[int, int], date] = {
        (account, item): day for account, item, day in connection.execute(_OPENED, facts)
    }
    items = connection.execute(_ITEMS).all()
    return tuple(
        ItemRuler(account, item, name, ruler(served.get((account, item), ()), opened.get((account, item))))
        for account in accounts
        for item, name in items
        if (account, item) in served or (account, item) in opened
    )
