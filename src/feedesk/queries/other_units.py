"""The other units that a person holds (同一客户的其他房屋), and what they owe: offered to be paid together.

One resident is over several units where 客户编号 says so; a developer's units are not counted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.ledger.prepared import Prepared
from feedesk.models import Account, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.accounts import AccountRef, account_by_id, household
from feedesk.queries.statement import open_charges

_account, _unit = table_of(Account), table_of(Unit)

_OF_PERSON = Prepared(
    select(_account.c.id, _account.c.to_date)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .where(_account.c.payer_id == bindparam("resident"), ~_account.c.developer)
    .order_by(_unit.c.sort_key, _account.c.id)
)


@dataclass(frozen=True, slots=True)
class OtherUnit:
    """An account of the same person, and what it owes up to a day, in fen."""

    account: AccountRef
    due: Fen


def other_units(connection: Connection, *, account: AccountRef, home: Collection[int], on: date) -> list[OtherUnit]:
    """The accounts a person has beside a household (``home``), those that owe most first; ended ones that still owe."""
    if account.developer:
        return []
    rows = [row for row in _OF_PERSON.rows(connection, {"resident": account.resident_id}) if row.id not in home]
    if not rows:
        return []
    due: dict[int, int] = {row.id: 0 for row in rows}
    for charge in open_charges(connection, accounts=list(due), on=on):
        due[charge.account] += charge.due
    kept = [row.id for row in rows if due[row.id] or row.to_date is None or row.to_date >= on]
    found = [OtherUnit(account_by_id(connection, one), Fen(due[one])) for one in kept]
    return sorted(found, key=lambda one: -one.due)


def other_units_of(connection: Connection, *, account: int, on: date) -> list[OtherUnit]:
    """The same for the account of that key and its household. Raises `UnknownAccount`."""
    ref = account_by_id(connection, account)
    home = {one.id for one in household(connection, ref, on)}
    return other_units(connection, account=ref, home=home, on=on)
