"""What can be adjusted of an account: its open charges, the accounts of its unit, the fee items there are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Account, FeeItem, table_of
from feedesk.queries.accounts import AccountRef, account_by_id
from feedesk.queries.statement import StatementCharge, open_charges

_account, _item = table_of(Account), table_of(FeeItem)
_OF_UNIT = select(_account.c.id).where(_account.c.unit_id == bindparam("unit")).order_by(_account.c.id)
_ITEMS = select(_item.c.name).where(_item.c.nature != "押金").order_by(_item.c.position, _item.c.id)


@dataclass(frozen=True, slots=True)
class Adjustable:
    """An account with its open charges, oldest due first; ``accounts`` are all of its unit, itself among them."""

    account: AccountRef
    accounts: tuple[AccountRef, ...]
    items: tuple[str, ...]
    charges: tuple[StatementCharge, ...]
    day: date


def adjustable(connection: Connection, *, account: int, on: date) -> Adjustable:
    """What can be adjusted of an account on a day. Raises `UnknownAccount`."""
    ref = account_by_id(connection, account)
    keys = connection.execute(_OF_UNIT, {"unit": ref.unit_id}).scalars().all()
    return Adjustable(
        account=ref,
        accounts=tuple(account_by_id(connection, key) for key in keys),
        items=tuple(connection.execute(_ITEMS).scalars()),
        charges=tuple(open_charges(connection, accounts=[ref.id], on=on)),
        day=on,
    )
