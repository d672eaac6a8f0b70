"""Storing 小区 and 房屋: the community, its buildings (derived from the unit codes) and its units."""

from collections.abc import Sequence
from typing import Any

from feedesk.models import Building, Community, Unit, table_of
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.rules import community_rows as rows
from feedesk.rules.unit_codes import sort_key
from feedesk.texts import _

_community, _building, _unit = (table_of(model) for model in (Community, Building, Unit))

UNNAMED = "未命名小区"
"""What a community is called until a workbook brings the sheet 小区."""

_UNIT_FIELDS = ("kind", "floor", "built_area", "billing_area", "coefficient", "occupancy", "delivered_on", "persons")
_COMMUNITY_FIELDS = (
    "address", "land_area", "built_area", "developer", "company", "credit_code", "service_phone", "facilities",
    "services",
)  # fmt: skip


def store_community(under_way: ImportUnderWay) -> int:
    """Stores the community and returns its key; without a sheet 小区 the ledger's own, or one without a name yet."""
    writer = TableWriter(under_way.connection, _community)
    known = next(iter(all_rows(under_way.connection, _community)), None)
    row = next(under_way.good(rows.COMMUNITY, under_way.book.communities), None)
    if row is None:
        return int(known["id"]) if known else _without_name(under_way, writer)
    given = under_way.book.communities.fields
    if known is None:
        key = next(writer.new_ids(1))
        writer.insert({"id": key, "name": row.name} | {name: getattr(row, name) for name in _COMMUNITY_FIELDS})
        under_way.count(rows.COMMUNITY, new=True, changed=False)
    else:
        key = int(known["id"])
        if known["name"] not in (row.name, UNNAMED):
            reason = _("This ledger is kept for {name}; another community needs a ledger of its own.")
            under_way.fault(rows.COMMUNITY, row.row, "小区名称", row.name, reason.format(name=known["name"]))
            return key
        values = {"name": row.name} | {name: getattr(row, name) for name in _COMMUNITY_FIELDS if name in given}
        under_way.count(rows.COMMUNITY, new=False, changed=writer.update(key, known, values))
    writer.flush()
    return key


def _without_name(under_way: ImportUnderWay, writer: TableWriter) -> int:
    key = next(writer.new_ids(1))
    writer.insert({"id": key, "name": UNNAMED})
    writer.flush()
    under_way.warnings.append(_("The sheet 小区 is missing: the community has no name yet."))
    return key


def store_units(under_way: ImportUnderWay, community: int) -> dict[str, int]:
    """Stores the units and returns the keys of all units of the ledger by code."""
    known = {row["code"]: row for row in all_rows(under_way.connection, _unit)}
    found = list(under_way.good(rows.UNITS, under_way.book.units))
    writer = TableWriter(under_way.connection, _unit)
    new_ids = writer.new_ids(sum(row.code not in known for row in found))
    keys = {code: int(row["id"]) for code, row in known.items()}
    buildings = _buildings(under_way, community, [row.code for row in found])
    for row in found:
        if row.code not in known:
            keys[row.code] = next(new_ids)
            writer.insert(_new_unit(row, keys[row.code], buildings))
    joined = _count_units(under_way, writer, found, known, keys)
    writer.flush()
    # Only now: the dwelling that a parking space is joined to may stand further down in the sheet.
    writer.fill_in("joined_to", joined)
    return keys


def _new_unit(row: rows.UnitRow, key: int, buildings: dict[str, int]) -> Values:
    values: Values = {name: getattr(row, name) for name in _UNIT_FIELDS}
    return values | {
        "id": key,
        "code": row.code,
        "sort_key": sort_key(row.code),
        "building_id": buildings[_building_of(row.code)],
        "joined_to": None,
    }


def _count_units(
    under_way: ImportUnderWay,
    writer: TableWriter,
    found: Sequence[rows.UnitRow],
    known: dict[str, Any],
    keys: dict[str, int],
) -> dict[int, int | None]:
    """Notes what changed of known units; returns the units that are joined to another one than before."""
    given = under_way.book.units.fields
    fields = [name for name in _UNIT_FIELDS if name in given]
    joined: dict[int, int | None] = {}
    for row in found:
        before = known.get(row.code)
        target = keys.get(row.joined_to)
        changed = before is not None and writer.update(
            before["id"], before, {name: getattr(row, name) for name in fields}
        )
        if "joined_to" in given and target != (before["joined_to"] if before else None):
            joined[keys[row.code]] = target
            changed = True
        under_way.count(rows.UNITS, new=before is None, changed=changed)
    return joined


def _buildings(under_way: ImportUnderWay, community: int, codes: Sequence[str]) -> dict[str, int]:
    writer = TableWriter(under_way.connection, _building)
    keys = {row["code"]: int(row["id"]) for row in all_rows(under_way.connection, _building)}
    missing = [code for code in dict.fromkeys(map(_building_of, codes)) if code not in keys]
    for code, key in zip(missing, writer.new_ids(len(missing)), strict=True):
        keys[code] = key
        writer.insert({"id": key, "community_id": community, "code": code, "sort_key": sort_key(code)})
    writer.flush()
    return keys


def _building_of(code: str) -> str:
    return code.partition("-")[0]
