"""The ageing of all open charges: what is owed by fee item, optionally by building, in buckets of age.

The database adds up by due date and fee item, a few hundred rows that it reads from one index; the rules then put due
dates into buckets. So no charge is dated one by one, and what a bucket is stays out of SQL.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select, text

from feedesk.models import Account, Building, Charge, FeeItem, Unit, table_of
from feedesk.money import Fen
from feedesk.queries.desk import ledger_setting
from feedesk.rules.ageing import DEFAULT_BOUNDS, Bound, BoundsNotRising, aged, bucket_names, parse_bounds

_charge, _item, _account, _unit, _building = (table_of(model) for model in (Charge, FeeItem, Account, Unit, Building))

AGEING_BOUNDS = "ageing_bounds"
"""The setting of the ledger that holds the bounds of the buckets, such as ``30 90 180 365 2y 3y``."""

_OWED = func.sum(_charge.c.gross - _charge.c.discount - _charge.c.waived - _charge.c.paid).label("owed")
_open = _charge.c.status == text("'open'")
_BY_DATE = (
    select(_charge.c.due_date, _charge.c.fee_item_id, _OWED)
    .where(_open)
    .group_by(_charge.c.due_date, _charge.c.fee_item_id)
)
# Added up by account first, which the index of open charges is ordered by.
_by_account = (
    select(_charge.c.account_id, _charge.c.due_date, _charge.c.fee_item_id, _OWED)
    .where(_open)
    .group_by(_charge.c.account_id, _charge.c.due_date, _charge.c.fee_item_id)
    .subquery()
)
_BY_BUILDING = (
    select(
        _building.c.code, _by_account.c.due_date, _by_account.c.fee_item_id, func.sum(_by_account.c.owed).label("owed")
    )
    .join(_account, _account.c.id == _by_account.c.account_id)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_building, _building.c.id == _unit.c.building_id)
    .group_by(_building.c.code, _building.c.sort_key, _by_account.c.due_date, _by_account.c.fee_item_id)
    .order_by(_building.c.sort_key)
)
_ITEMS = select(_item.c.id, _item.c.name).order_by(_item.c.position, _item.c.id)


@dataclass(frozen=True, slots=True)
class AgeingRow:
    """What is owed for a fee item (of a building; empty: of all), in fen by bucket."""

    building: str
    item: str
    amounts: tuple[Fen, ...]

    @property
    def total(self) -> Fen:
        return Fen(sum(self.amounts))


@dataclass(frozen=True, slots=True)
class Ageing:
    """All open charges on a day. ``buckets`` names the columns of `AgeingRow.amounts`; the first is not yet due."""

    on: date
    buckets: tuple[str, ...]
    rows: tuple[AgeingRow, ...]

    @property
    def totals(self) -> tuple[Fen, ...]:
        """What is owed by bucket."""
        return tuple(Fen(sum(column)) for column in zip(*(row.amounts for row in self.rows), strict=True)) or (
            (Fen(0),) * len(self.buckets)
        )

    @property
    def total(self) -> Fen:
        return Fen(sum(self.totals))


def ageing_bounds(connection: Connection) -> tuple[Bound, ...]:
    """The bounds of the ledger's buckets, or the usual ones: also where somebody spoilt the setting by hand."""
    stored = ledger_setting(connection, AGEING_BOUNDS, None)
    try:
        return DEFAULT_BOUNDS if stored is None else parse_bounds(str(stored))
    except BoundsNotRising:
        return DEFAULT_BOUNDS


def ageing(
    connection: Connection, *, on: date, bounds: tuple[Bound, ...] | None = None, by_building: bool = False
) -> Ageing:
    """How old the principal of all open charges is on a day, by fee item in their order, or by building and fee item.

    Late fees are left out: they grow with age themselves. ``bounds`` are the ledger's unless given.
    """
    bounds = bounds or ageing_bounds(connection)
    names = {row.id: row.name for row in connection.execute(_ITEMS)}
    if by_building:
        found = [
            ((row.code, row.fee_item_id), row.due_date, Fen(int(row.owed))) for row in connection.execute(_BY_BUILDING)
        ]
    else:
        found = [(("", row.fee_item_id), row.due_date, Fen(int(row.owed))) for row in connection.execute(_BY_DATE)]
    places = {item: n for n, item in enumerate(names)}
    buildings = {building: n for n, building in enumerate(dict.fromkeys(key[0] for key, _due, _owed in found))}
    sums = aged(found, on, bounds)
    rows = [
        AgeingRow(building, names[item], sums[building, item])
        for building, item in sorted(sums, key=lambda key: (buildings[key[0]], places[key[1]]))
    ]
    return Ageing(on, bucket_names(bounds), tuple(row for row in rows if any(row.amounts)))
