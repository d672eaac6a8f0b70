"""Storing 公摊: costs to be shared over units, by name and period. What is billed is no longer changed."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from feedesk.models import Charge, SharedCost, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.importing.fees import FeeItems
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.rules import community_rows as rows
from feedesk.rules.shared_bills import SHARED
from feedesk.rules.sharing import MeterUnknown, ShareBasis, meter_kinds_of
from feedesk.texts import _

_cost, _charge = table_of(SharedCost), table_of(Charge)
# Field of the row, header and column of the table; all of them decide what households are billed.
_COLUMNS = (
    ("item", "收费项目", "fee_item_id"),
    ("total", "总额", "total"),
    ("scope", "范围", "scope"),
    ("basis", "分摊依据", "basis"),
    ("due", "到期日", "due_rule"),
)


def store_shared_costs(under_way: ImportUnderWay, items: FeeItems) -> None:
    """Stores the shared costs of the workbook."""
    given = under_way.book.shared_costs.fields
    writer = TableWriter(under_way.connection, _cost)
    known = {(row["name"], row["period"]): row for row in all_rows(under_way.connection, _cost)}
    billed = set(under_way.connection.execute(_BILLED).scalars()) if known else set()
    for row in list(under_way.good(rows.SHARED_COSTS, under_way.book.shared_costs)):
        if row.basis == ShareBasis.USAGE and not meter_kinds_of(row.item):
            reason = str(MeterUnknown(name=row.name, item=row.item))
            under_way.fault(rows.SHARED_COSTS, row.row, "收费项目", row.item, reason)
            continue
        values = _values(row, items)
        before = known.get((row.name, str(row.period)))
        changed = False
        if before is None:
            writer.insert({"name": row.name, "period": str(row.period), "vacant_weight": None, "note": "", **values})
        else:
            values = {column: values[column] for field, _header, column in _COLUMNS if field in given}
            if before["id"] in billed and _differs(under_way, row, before, values, items):
                continue
            changed = writer.update(before["id"], before, values)
        under_way.count(rows.SHARED_COSTS, new=before is None, changed=changed)
    writer.flush()


_BILLED = select(_charge.c.number).where(_charge.c.source == SHARED, _charge.c.status != "cancelled").distinct()


def _values(row: rows.SharedCostRow, items: FeeItems) -> Values:
    return {
        "fee_item_id": items.keys[row.item],
        "total": row.total,
        "scope": ";".join(row.scope),
        "basis": row.basis,
        "due_rule": row.due,
    }


def _differs(
    under_way: ImportUnderWay, row: rows.SharedCostRow, before: Mapping[str, Any], values: Values, items: FeeItems
) -> bool:
    """Whether a row says something else than what is billed; each differing cell is a fault."""
    names = {key: name for name, key in items.keys.items()}
    differing = [
        (header, column) for _f, header, column in _COLUMNS if column in values and values[column] != before[column]
    ]
    for header, column in differing:
        reason = _("This is billed with {billed}: undo the billing run of {period} before it is changed.")
        reason = reason.format(billed=_shown(column, before[column], names), period=row.period)
        said = _shown(column, values[column], names)
        under_way.fault(rows.SHARED_COSTS, row.row, header, said, reason)
    return bool(differing)


def _shown(column: str, value: Any, names: Mapping[int, str]) -> str:
    match column:
        case "fee_item_id":
            return names[value]
        case "total":
            return format_amount(Fen(value), grouped=False)
        case _:
            return str(value)
