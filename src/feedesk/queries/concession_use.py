"""Which posted charges a concession lowered: a policy or a grant that they used stays as they had it.

The snapshots of the charges say so, and they are sealed. A policy is looked for from the newest period backwards, among
charges with a concession only; what an account was granted is read from its own charges.
"""

import json
from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.models import BillingRun, Charge, table_of
from feedesk.periods import Period

_charge, _run = table_of(Charge), table_of(BillingRun)

_CYCLES = (1, 3, 6, 12)
_MONTHS_BILLED = select(_run.c.period).distinct()
_CONCEDED = select(_charge.c.id).where(
    _charge.c.period == bindparam("period"),
    _charge.c.discount > 0,
    _charge.c.status != "cancelled",
    _charge.c.snapshot.contains(bindparam("mark"), autoescape=False),
)
_OF_POLICY = _CONCEDED.limit(1)
_OF_ITEMS = _CONCEDED.where(_charge.c.fee_item_id.in_(bindparam("items", expanding=True))).limit(1)
_OF_ACCOUNT = select(_charge.c.period, _charge.c.snapshot).where(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.account_id == bindparam("account"),
    _charge.c.discount > 0,
    _charge.c.status != "cancelled",
)


def last_use_of_policy(
    connection: Connection, *, policy: int, items: Collection[int], since: date, until: date | None = None
) -> Period | None:
    """The last period, begun from ``since`` to ``until``, with a standing charge that a policy lowered."""
    facts: dict[str, object] = {"mark": f'{{"id":{policy},"name":'}
    statement = _OF_POLICY
    if items:
        statement, facts["items"] = _OF_ITEMS, list(items)
    for period in _periods_since(connection, since):
        if until is None or period.first_day <= until:
            found = connection.execute(statement, {**facts, "period": str(period)}).first()
            if found is not None:
                return period
    return None


def last_use_by_account(connection: Connection, *, account: int, name: str, since: date) -> Period | None:
    """The last period begun from ``since`` on in which the policy of that name lowered a charge of an account."""
    periods = [str(period) for period in _periods_since(connection, since)]
    used = [
        Period.parse(period)
        for period, snapshot in connection.execute(_OF_ACCOUNT, {"periods": periods, "account": account})
        if any(part["name"] == name for part in json.loads(snapshot).get("concessions", ()))
    ]
    return max(used, key=lambda period: period.first_day, default=None)


def _periods_since(connection: Connection, since: date) -> list[Period]:
    """The periods of charges that may begin on or after a day, the newest first."""
    found = {
        Period.containing(Period.parse(name).first_day, months)
        for name in connection.execute(_MONTHS_BILLED).scalars()
        for months in _CYCLES
    }
    return sorted((period for period in found if period.first_day >= since), reverse=True)
