"""Which prices posted charges were reckoned by: those stay as they are, a change begins with a price of its own."""

from datetime import date

from sqlalchemy import Connection, and_, bindparam, or_, select

from feedesk.models import Account, BillingRun, Charge, Sale, Unit, table_of
from feedesk.periods import Period
from feedesk.rules.bills import ONE_OFF, RUN
from feedesk.rules.price_terms import Stretch
from feedesk.rules.unit_patterns import matches

_account, _charge, _run, _sale, _unit = (table_of(model) for model in (Account, Charge, BillingRun, Sale, Unit))

_MONTHS_BILLED = select(_run.c.period).distinct()
# By period and fee item, which the index of identities answers: charges run into millions.
_OF_TARIFF = (
    select(_charge.c.id)
    .where(
        _charge.c.period.in_(bindparam("periods", expanding=True)),
        _charge.c.fee_item_id == bindparam("item"),
        _charge.c.status != "cancelled",
        _charge.c.serves_to >= bindparam("first"),
        _charge.c.serves_from <= bindparam("last"),
    )
    .limit(1)
)
_OF_VERSION = _OF_TARIFF.where(
    or_(
        _charge.c.tariff_version_id == bindparam("version"),
        and_(_charge.c.source.in_((RUN, ONE_OFF)), _charge.c.number == bindparam("tariff")),
    )
)
_OF_ACCOUNTS = _OF_TARIFF.where(
    _charge.c.account_id.in_(bindparam("accounts", expanding=True)),
    _charge.c.source == "run",
    _charge.c.number == bindparam("tariff"),
)
_SOLD_BY = select(_sale.c.id).where(_sale.c.tariff_version_id == bindparam("version")).limit(1)
_ACCOUNTS = select(_account.c.id, _unit.c.code).join(_unit, _unit.c.id == _account.c.unit_id)
_CHARGED = select(_charge.c.id).where(_charge.c.fee_item_id == bindparam("item")).limit(1)
_SOLD = select(_sale.c.id).where(_sale.c.fee_item_id == bindparam("item")).limit(1)
_AT_ONCE = 500
_CYCLES = (1, 3, 6, 12)


def is_price_used(connection: Connection, *, version: int, tariff: int, item: int, days: Stretch) -> bool:
    """Whether charges that stand were reckoned by a tariff's version, or by its tariff on any day of ``days``.

    What was sold by it counts too, even where the money went back: the receipt names its price.
    """
    if connection.execute(_SOLD_BY, {"version": version}).first() is not None:
        return True
    facts = {"version": version, "tariff": tariff, **_where(connection, item, days)}
    return connection.execute(_OF_VERSION, facts).first() is not None


def is_item_booked(connection: Connection, item: int) -> bool:
    """Whether anything was charged or sold for a fee item, so that whose money it is stands fast."""
    return any(connection.execute(statement, {"item": item}).first() is not None for statement in (_CHARGED, _SOLD))


def is_scope_used(connection: Connection, *, pattern: str, tariff: int, item: int, days: Stretch) -> bool:
    """Whether charges that stand were billed by a tariff on ``days`` to a unit that ``pattern`` names."""
    facts = {"tariff": tariff, **_where(connection, item, days)}
    accounts = [account for account, code in connection.execute(_ACCOUNTS) if matches(pattern, code)]
    return any(
        connection.execute(_OF_ACCOUNTS, {**facts, "accounts": accounts[start : start + _AT_ONCE]}).first() is not None
        for start in range(0, len(accounts), _AT_ONCE)
    )


def _where(connection: Connection, item: int, days: Stretch) -> dict[str, object]:
    first, last = days[0], days[1] or date.max
    return {"item": item, "first": first, "last": last, "periods": _periods(connection, first)}


def _periods(connection: Connection, first: date) -> list[str]:
    """The periods of charges that may reach into these days: of each month billed, the cycles that hold it.

    Usage is billed with the month of its last reading, which may lie long after the first: all later months count.
    """
    found: dict[str, None] = {}
    for name in connection.execute(_MONTHS_BILLED).scalars():
        month = Period.parse(name)
        for months in _CYCLES:
            cycle = Period.containing(month.first_day, months)
            if cycle.last_day >= first:
                found[str(cycle)] = None
    return list(found)
