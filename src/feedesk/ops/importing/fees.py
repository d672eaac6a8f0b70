"""Storing 收费标准 and 适用范围: fee items, tariffs, their dated prices, and the units they apply to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from feedesk.models import Charge, FeeItem, Sale, Tariff, TariffScope, TariffVersion, table_of
from feedesk.money import decimal_text
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.queries.price_use import is_item_booked
from feedesk.rules import community_rows as rows
from feedesk.rules.community_rows import SheetRows
from feedesk.rules.fee_items import ALL_ITEMS, usual_nature
from feedesk.texts import _

_item, _tariff, _version, _scope, _charge, _sale = (
    table_of(model) for model in (FeeItem, Tariff, TariffVersion, TariffScope, Charge, Sale)
)
_VERSION_FIELDS = (
    "method", "unit_price", "prices", "cycle_months", "due_rule", "tiers", "tier_cycle", "tier_restart", "person_base",
    "partial_month", "price_form", "basis_document", "valid_to", "tax_rate", "meter_kind", "formula",
)  # fmt: skip
_COLUMN_OF = {"unit_price": "price", "prices": "price"}
# What a charge was reckoned by; the words of the basis document and the last day may still be put right.
_RECKONED_BY = {
    "method": "计费方式", "unit_price": "单价", "prices": "单价", "cycle_months": "周期", "tiers": "阶梯",
    "tier_cycle": "阶梯周期", "tier_restart": "阶梯起算", "person_base": "人口基数", "partial_month": "不足月",
    "tax_rate": "税率", "meter_kind": "表计", "formula": "公式",
}  # fmt: skip


@dataclass(slots=True)
class FeeItems:
    """The fee items of the ledger by name: key and whose money they are."""

    keys: dict[str, int] = field(default_factory=dict)
    natures: dict[str, str] = field(default_factory=dict)


def store_fee_items(under_way: ImportUnderWay) -> FeeItems:
    """Makes every fee item that is named anywhere, and brings those of the tariffs up to date."""
    writer = TableWriter(under_way.connection, _item)
    known: dict[str, Values] = {str(row["name"]): row for row in all_rows(under_way.connection, _item)}
    said = _said_of_items(under_way)
    missing = [name for name in dict.fromkeys(_named_items(under_way)) if name not in known]
    items = FeeItems({name: int(row["id"]) for name, row in known.items()})
    items.natures = {name: str(row["nature"]) for name, row in known.items()}
    position = max((row["position"] for row in known.values()), default=0)
    for name, key in zip(missing, writer.new_ids(len(missing)), strict=True):
        position += 1
        values = {"nature": usual_nature(name), "mantissa": "四舍五入", "mantissa_step": 1, **said.get(name, {})}
        writer.insert({"id": key, "name": name, "position": position, **values})
        items.keys[name], items.natures[name] = key, str(values["nature"])
    for name, values in said.items():
        if name in known and writer.update(known[name]["id"], known[name], values):
            items.natures[name] = str(values.get("nature", known[name]["nature"]))
    writer.flush()
    return items


def _named_items(under_way: ImportUnderWay) -> Iterable[str]:
    book = under_way.book
    naming: tuple[tuple[str, SheetRows[Any]], ...] = (
        (rows.TARIFFS, book.tariffs),
        (rows.SHARED_COSTS, book.shared_costs),
        (rows.LATE_FEES, book.late_fees),
        (rows.ARREARS, book.arrears),
        (rows.PAID_THROUGH, book.paid_through),
    )
    for sheet, found in naming:
        yield from (row.item for row in under_way.good(sheet, found) if row.item != ALL_ITEMS)
    for row in under_way.good(rows.CONCESSIONS, book.concessions):
        yield from (item for item in row.items if item != ALL_ITEMS)


def _said_of_items(under_way: ImportUnderWay) -> dict[str, Values]:
    """What the tariffs say of their items. Whose money an item is cannot change once something is owed for it."""
    given = under_way.book.tariffs.fields
    known = {row["name"]: row for row in all_rows(under_way.connection, _item)}
    said: dict[str, Values] = {}
    for row in list(under_way.good(rows.TARIFFS, under_way.book.tariffs)):
        values: Values = {}
        if row.nature:
            values["nature"] = row.nature
        if "rounding" in given:
            values |= {"mantissa": row.mantissa, "mantissa_step": row.mantissa_step}
        before = known.get(row.item)
        if (
            before
            and row.nature
            and before["nature"] != row.nature
            and is_item_booked(under_way.connection, before["id"])
        ):
            reason = _("{item} is {nature} in the ledger, and charges are posted: this can no longer be changed.")
            reason = reason.format(item=row.item, nature=before["nature"])
            under_way.fault(rows.TARIFFS, row.row, "款项性质", row.nature, reason)
            continue
        said[row.item] = said.get(row.item, {}) | values
    return said


def store_tariffs(under_way: ImportUnderWay, items: FeeItems) -> dict[str, int]:
    """Stores the tariffs and their versions; returns the keys of all tariffs of the ledger by name."""
    known = {row["name"]: row for row in all_rows(under_way.connection, _tariff)}
    keys = {name: int(row["id"]) for name, row in known.items()}
    for row in list(under_way.good(rows.TARIFFS, under_way.book.tariffs)):
        before = known.get(row.name)
        if before and before["fee_item_id"] != items.keys[row.item]:
            reason = _("In the ledger this tariff is for another fee item: give the new one a name of its own.")
            under_way.fault(rows.TARIFFS, row.row, "收费项目", row.item, reason)
    found = list(under_way.good(rows.TARIFFS, under_way.book.tariffs))
    writer = TableWriter(under_way.connection, _tariff)
    new = {row.name: row.item for row in reversed(found) if row.name not in known}
    position = max((row["position"] for row in known.values()), default=0)
    for name, key in zip(reversed(new), writer.new_ids(len(new)), strict=True):
        position += 1
        keys[name] = key
        writer.insert({"id": key, "name": name, "fee_item_id": items.keys[new[name]], "position": position})
    writer.flush()
    _store_versions(under_way, keys, found)
    return keys


def _store_versions(under_way: ImportUnderWay, tariffs: Mapping[str, int], found: list[rows.TariffRow]) -> None:
    given = under_way.book.tariffs.fields
    writer = TableWriter(under_way.connection, _version)
    known = {(row["tariff_id"], row["valid_from"]): row for row in all_rows(under_way.connection, _version)}
    for row in found:
        before = known.get((tariffs[row.name], row.valid_from))
        values: Values = {name: getattr(row, name) for name in _VERSION_FIELDS}
        values["formula"] = row.formula or None
        if before is None:
            writer.insert({"tariff_id": tariffs[row.name], "valid_from": row.valid_from, **values})
        else:
            values = {name: value for name, value in values.items() if _COLUMN_OF.get(name, name) in given}
            if not _may_change(under_way, row, before, values):
                continue
        changed = before is not None and writer.update(before["id"], before, values)
        under_way.count(rows.TARIFFS, new=before is None, changed=changed)
    writer.flush()


def _may_change(under_way: ImportUnderWay, row: rows.TariffRow, before: Mapping[str, Any], values: Values) -> bool:
    """A price that charges were reckoned by stays: a new one begins on a day of its own."""
    differing = [name for name in _RECKONED_BY if name in values and values[name] != before[name]]
    if not differing:
        return True
    by_it = (select(table.c.id).where(table.c.tariff_version_id == before["id"]).limit(1) for table in (_charge, _sale))
    if all(under_way.connection.execute(statement).first() is None for statement in by_it):
        return True
    for name in differing:
        reason = _("Charges were billed by this price ({value}): enter the change as a row with a new 生效日期.")
        reason = reason.format(value=_shown(before[name]))
        under_way.fault(rows.TARIFFS, row.row, _RECKONED_BY[name], _shown(values[name]), reason)
    return False


def _shown(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else decimal_text(value)


def store_scopes(under_way: ImportUnderWay, tariffs: Mapping[str, int]) -> None:
    """Stores which tariff applies to which units."""
    given = under_way.book.scopes.fields
    writer = TableWriter(under_way.connection, _scope)
    known = {
        (row["unit_pattern"], row["tariff_id"], row["from_date"]): row for row in all_rows(under_way.connection, _scope)
    }
    for row in under_way.good(rows.SCOPES, under_way.book.scopes):
        if row.tariff not in tariffs:  # its own row was bad
            continue
        key = (row.pattern, tariffs[row.tariff], row.from_date)
        values: Values = {"quantity": row.quantity, "to_date": row.to_date}
        before = known.get(key)
        changed = False
        if before is None:
            writer.insert({"unit_pattern": key[0], "tariff_id": key[1], "from_date": key[2], **values})
        else:
            values = {name: value for name, value in values.items() if name in given}
            changed = writer.update(before["id"], before, values)
        under_way.count(rows.SCOPES, new=before is None, changed=changed)
    writer.flush()
