"""What the quote (算一算) adds up: what a household owes today and on the later day, and what it can pay ahead."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.accounts import AccountRef, household_of
from feedesk.queries.advances import ItemAhead, ItemOffer, item_ahead, items_to_pay_ahead
from feedesk.queries.concessions import dated_policies
from feedesk.queries.paid_at_once import paid_at_once
from feedesk.queries.paid_through import rulers
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.queries.whole_years import leaves_nothing, may_be_a_year
from feedesk.rules.paid_through import first_unbilled
from feedesk.rules.quoting import Granted, MonthsAhead, Owing, Quote, Way, later_day, quote


def quote_of(connection: Connection, *, account: int, on: date) -> Quote:
    """The quote of a household (an account and the units joined to it) on a day."""
    accounts = household_of(connection, account=account, on=on)
    ids = [one.id for one in accounts]
    now = open_charges(connection, accounts=ids, on=on)
    later = {one.id: one for one in open_charges(connection, accounts=ids, on=later_day(on))}
    offers = items_to_pay_ahead(connection, accounts=accounts, today=on)
    at_payment = {one.policy.id for one in dated_policies(connection) if one.condition.is_met_on_payment}
    quarter = [_to_quarter(connection, offer, on) for offer in offers]
    year = [_ahead(connection, offer, offer.most, on, nothing_left=True) for offer in offers]
    planned = {
        Way.QUARTER: [one for one in quarter if one is not None],
        Way.YEAR: [one for one in year if one is not None],
    }
    owing = [_owing(one, later[one.id]) for one in now]
    unbilled = _unbilled(connection, accounts, offers, now, on)

    def reckoned(granted: Sequence[Granted] = ()) -> Quote:
        ahead = {way: [_months_ahead(one, at_payment) for one in planned[way]] for way in planned}
        return quote(on, owing, quarter=ahead[Way.QUARTER], year=ahead[Way.YEAR], unbilled=unbilled, granted=granted)

    plain = reckoned()
    granted = _at_once(connection, plain, planned, now, on)
    return reckoned(granted) if granted else plain


def _at_once(
    connection: Connection,
    plain: Quote,
    planned: dict[Way, list[ItemAhead]],
    now: Sequence[StatementCharge],
    on: date,
) -> list[Granted]:
    """What a way earns that settles a whole year and leaves nothing open, just as its payment would (一次性付清)."""
    granted = []
    for column in plain.columns:
        chosen = [one for one in now if one.id in column.charges]
        ahead = planned.get(column.way, [])
        rest = [one for one in now if one.id not in column.charges]
        if column.on != on or not leaves_nothing(rest) or not may_be_a_year(chosen, ahead):
            continue
        found = paid_at_once(connection, charges=chosen, ahead=ahead, today=on)
        if column.way in planned:
            planned[column.way] = list(found.ahead)
        if found.cuts:
            granted.append(Granted(column.way, "+".join(found.labels), found.total))
    return granted


def _owing(now: StatementCharge, later: StatementCharge) -> Owing:
    return Owing(
        id=now.id,
        item=now.item,
        period=now.period,
        principal=now.principal,
        late_fee=now.late_fee_due,
        later_late_fee=later.late_fee_due,
        due_date=now.due_date,
        disputed=now.frozen,
    )


def _to_quarter(connection: Connection, offer: ItemOffer, on: date) -> ItemAhead | None:
    """An item's months from where it is billed to the end of the quarter, if there are any."""
    start = first_unbilled(offer.ruler, on, offer.account.from_date)
    months = Period.containing(on, 3).first_month + 3 - start.first_month
    return _ahead(connection, offer, min(months, offer.most), on)


def _ahead(
    connection: Connection, offer: ItemOffer, months: int, on: date, *, nothing_left: bool = False
) -> ItemAhead | None:
    if months <= 0:
        return None
    try:
        return item_ahead(
            connection, account=offer.account, item=offer.item, months=months, today=on, nothing_left=nothing_left
        )
    except UserError:  # it cannot be paid for just these months: the quote does without
        return None


def _months_ahead(found: ItemAhead, at_payment: Iterable[int]) -> MonthsAhead:
    granted: dict[str, int] = {}
    standing: dict[str, None] = {}
    for bill in found.bills:
        for part in bill.conceded.parts if bill.conceded is not None else ():
            if part.policy in at_payment:
                granted[part.label] = granted.get(part.label, 0) + part.amount
            else:
                standing[part.label] = None
    return MonthsAhead(
        account=found.account.id,
        item=found.item,
        unit=found.account.unit,
        months=found.months,
        first=Period.containing(found.bills[0].line.serves.first),
        until=found.until,
        amount=found.total,
        granted=tuple((label, Fen(amount)) for label, amount in granted.items()),
        refused=found.refused,
        better=(*granted, *standing),
    )


def _unbilled(
    connection: Connection,
    accounts: Sequence[AccountRef],
    offers: Sequence[ItemOffer],
    now: Sequence[StatementCharge],
    on: date,
) -> list[str]:
    """Items charged before but not by time, whose charge of this month is not there yet: it follows the reading."""
    timed = {(offer.account.id, offer.item) for offer in offers}
    month = Period.containing(on)
    there = {(one.account, one.item) for one in now if Period.parse(one.period) == month}
    names = (
        one.item
        for one in rulers(connection, accounts=[account.id for account in accounts])
        if (one.account, one.item) not in timed | there
        and (one.ruler.billed is None or one.ruler.billed < month.last_day)
    )
    return list(dict.fromkeys(names))
