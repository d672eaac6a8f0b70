"""Deferred revenue (待转收入): what charges that span months, or were paid ahead (预缴), have served by a month's end.

Charges alike (item, days, net amount) are read as one row with their count, so that only what is different is reckoned.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
    text,
)

from feedesk.ledger import chart
from feedesk.models import Charge, Entry, FeeItem, LedgerAccount, Opening, Posting, RevenueRelease, Waiver, table_of
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.serving import served_by

_charge, _entry, _item, _account, _opening, _posting, _release, _waiver = (
    table_of(model) for model in (Charge, Entry, FeeItem, LedgerAccount, Opening, Posting, RevenueRelease, Waiver)
)

_NO_LIMIT = 10**12

# Every period that has charges, found by jumping from one to the next in the index that begins with it; the status is
# written out, not bound, since SQLite must see that the partial index holds them all.
_in_force = _charge.c.status != text("'cancelled'")
_periods = select(func.min(_charge.c.period).label("period")).where(_in_force).cte("periods", recursive=True)
_next_period = (
    select(func.min(_charge.c.period))
    .where(_in_force, _charge.c.period > _periods.c.period)
    .correlate(_periods)
    .scalar_subquery()
)
_periods = _periods.union_all(select(_next_period).where(_periods.c.period.is_not(None)))
_PERIODS = select(_periods.c.period).where(_periods.c.period.is_not(None))

# A reduction (调减), and what paying a year at once concedes, lower what was deferred; principal waived (减免) is an
# expense, so its revenue is served anyway.
# Of a replaced charge just that is left here, for the rest went over to those in its place.
_reductions = (
    select(_waiver.c.charge_id, func.sum(_waiver.c.amount).label("amount"))
    .where(_waiver.c.kind.in_(("reduction", "concession")))
    .group_by(_waiver.c.charge_id)
    .subquery()
)
_reduced = func.coalesce(_reductions.c.amount, 0)
_net = case((_charge.c.status == "replaced", _charge.c.waived), else_=_charge.c.gross - _charge.c.discount) - _reduced
_done = _charge.c.serves_to <= bindparam("until")
# Of what is served to its end only the sum counts; of the rest the days.
_from = case((_done, None), else_=_charge.c.serves_from)
_to = case((_done, None), else_=_charge.c.serves_to)
_amount = case((_done, None), else_=_net)
_ALL_GROUPS = (
    select(
        _charge.c.entry_id,
        _charge.c.fee_item_id,
        _from.label("serves_from"),
        _to.label("serves_to"),
        _amount.label("net"),
        func.count().label("alike"),
        func.sum(_net).label("sum"),
    )
    .select_from(_charge.outerjoin(_reductions, _reductions.c.charge_id == _charge.c.id))
    .where(_in_force)
    .group_by(_charge.c.entry_id, _charge.c.fee_item_id, _from, _to, _amount)
)
_code = literal(chart.deferred("").code).concat(_item.c.name)


def _deferred(which: ColumnElement[bool]) -> Select[Any]:
    """Of some charges those that were really deferred when they were posted: of our own revenue, that is."""
    groups = _ALL_GROUPS.where(which).subquery()
    return (
        select(groups)
        .join(_item, _item.c.id == groups.c.fee_item_id)
        .where(
            exists()
            .select_from(_posting.join(_account, _account.c.id == _posting.c.ledger_account_id))
            .where(_posting.c.entry_id == groups.c.entry_id, _posting.c.amount < 0, _account.c.code == _code)
            .correlate(groups, _item)
        )
    )


# What serves several months, and what was paid ahead: that has a small index of its own (`models.Charge`).
_OF_PERIODS = _deferred(_charge.c.period.in_(bindparam("periods", expanding=True)))
_is_ahead = and_(_in_force, _charge.c.source == text("'advance'"))
# In the order of that index and with a limit: SQLite, not knowing how small it is, would read all charges instead.
_ahead = select(_charge.c.id).where(_is_ahead).order_by(_charge.c.serves_to).limit(_NO_LIMIT)
_PAID_AHEAD = _deferred(and_(_charge.c.id.in_(_ahead), _charge.c.period.not_in(bindparam("periods", expanding=True))))
_BROUGHT_ALONG = (
    select(_opening.c.fee_item_id, _opening.c.amount, _opening.c.paid_through, _entry.c.business_date)
    .join(_entry, _entry.c.id == _opening.c.entry_id)
    .where(_opening.c.kind == "paid_through")
)
_LAST = select(func.max(_release.c.period))
_RELEASED = select(_release.c.fee_item_id, func.sum(_release.c.amount)).group_by(_release.c.fee_item_id)


def served(connection: Connection, month: Period) -> dict[int, Fen]:
    """What is served by the end of a month of all that was deferred, by fee item."""
    sums: dict[int, int] = {}
    for item, amount in _served_charges(connection, month):
        sums[item] = sums.get(item, 0) + amount
    for item, amount, through, booked in connection.execute(_BROUGHT_ALONG):
        # What was paid ahead when the books were opened serves the days from then on.
        days = booked + timedelta(1), through or booked
        sums[item] = sums.get(item, 0) + served_by(Fen(int(amount)), *days, month)
    return {item: Fen(amount) for item, amount in sums.items()}


def _served_charges(connection: Connection, month: Period) -> list[tuple[int, int]]:
    periods = [one for one in connection.execute(_PERIODS).scalars() if Period.parse(one).months > 1]
    facts = {"periods": periods, "until": month.last_day}
    groups = [*(connection.execute(_OF_PERIODS, facts) if periods else ()), *connection.execute(_PAID_AHEAD, facts)]
    reckoned: dict[tuple[int, date, date], Fen] = {}
    found = []
    for group in groups:
        if group.serves_from is None:
            found.append((group.fee_item_id, int(group.sum)))
            continue
        key = (group.net, group.serves_from, group.serves_to)
        if key not in reckoned:
            reckoned[key] = served_by(Fen(int(group.net)), group.serves_from, group.serves_to, month)
        found.append((group.fee_item_id, reckoned[key] * int(group.alike)))
    return found


def released(connection: Connection) -> Mapping[int, Fen]:
    """What was released so far, by fee item."""
    return {item: Fen(int(amount)) for item, amount in connection.execute(_RELEASED)}


def last_release(connection: Connection) -> Period | None:
    """The last month that was released."""
    period = connection.execute(_LAST).scalar()
    return None if period is None else Period.parse(period)
