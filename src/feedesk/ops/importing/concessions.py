"""Storing 优惠政策: concession policies, known by their name and first day, with the fee items they lower."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, insert

from feedesk.models import ConcessionItem, ConcessionPolicy, table_of
from feedesk.money import decimal_text
from feedesk.ops.importing.fees import FeeItems
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.periods import Period
from feedesk.queries.concession_use import last_use_of_policy
from feedesk.rules import community_rows as rows
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.texts import _

_policy, _policy_item = table_of(ConcessionPolicy), table_of(ConcessionItem)

_FIELDS = ("condition", "method", "value", "valid_to", "stackable", "basis_document")
_COLUMN_OF = {"value": "figure"}
# What charges were lowered by; the words of the basis document may still be put right, the last day within limits.
_LOWERED_BY = {"condition": "条件", "method": "方式", "value": "值", "items": "收费项目", "stackable": "可叠加"}


@dataclass(slots=True)
class _Register:
    """The policies of the ledger by name and first day, and the keys of their fee items (none: 全部)."""

    policies: Mapping[tuple[Any, ...], Values]
    items: dict[int, frozenset[int]] = field(default_factory=dict)


def store_policies(under_way: ImportUnderWay, items: FeeItems) -> None:
    """Stores the concession policies. What posted charges used of one is refused with its reason."""
    found = list(under_way.good(rows.CONCESSIONS, under_way.book.concessions))
    if not found:
        return
    register = _register(under_way)
    given = under_way.book.concessions.fields
    writer = TableWriter(under_way.connection, _policy)
    new_ids = writer.new_ids(len(found))
    wanted: dict[int, frozenset[int]] = {}
    for row in found:
        values: Values = {name: getattr(row, name) for name in _FIELDS}
        lowered = frozenset(items.keys[item] for item in row.items if item != ALL_ITEMS)
        lowered = frozenset() if ALL_ITEMS in row.items else lowered
        before = register.policies.get((row.name, row.valid_from))
        if before is None:
            key = next(new_ids)
            writer.insert({"id": key, "name": row.name, "valid_from": row.valid_from, **values})
            wanted[key] = lowered
            under_way.count(rows.CONCESSIONS, new=True, changed=False)
            continue
        values = {name: value for name, value in values.items() if _COLUMN_OF.get(name, name) in given}
        known = register.items.get(before["id"], frozenset())
        lowered = lowered if "items" in given else known
        if _may_change(under_way, row, before, values, known, lowered):
            changed = writer.update(before["id"], before, values)
            if lowered != known:
                wanted[before["id"]] = lowered
            under_way.count(rows.CONCESSIONS, new=False, changed=changed or lowered != known)
    writer.flush()
    _store_items(under_way, wanted)


def _register(under_way: ImportUnderWay) -> _Register:
    known = all_rows(under_way.connection, _policy)
    items: dict[int, set[int]] = {}
    for row in all_rows(under_way.connection, _policy_item):
        items.setdefault(row["policy_id"], set()).add(row["fee_item_id"])
    return _Register(
        {(row["name"], row["valid_from"]): row for row in known}, {key: frozenset(one) for key, one in items.items()}
    )


def _may_change(
    under_way: ImportUnderWay,
    row: rows.ConcessionRow,
    before: Values,
    values: Values,
    known: frozenset[int],
    lowered: frozenset[int],
) -> bool:
    """Charges that were lowered by a policy keep it as it was: a change begins on a day of its own."""
    changed = [name for name, value in values.items() if before[name] != value]
    changed += ["items"] if lowered != known else []
    if not set(changed) - {"basis_document"}:
        return True
    period = last_use_of_policy(
        under_way.connection, policy=before["id"], items=known, since=before["valid_from"], until=before["valid_to"]
    )
    if period is None:
        return True
    for name in [name for name in changed if name in _LOWERED_BY]:
        reason = _("Charges of {period} were lowered by it ({value}): enter the change as a row with a new 生效日期.")
        reason = reason.format(period=period, value=_shown(before.get(name)))
        under_way.fault(rows.CONCESSIONS, row.row, _LOWERED_BY[name], _shown(getattr(row, name)), reason)
    if "valid_to" in changed and _ends_before(row, period):
        reason = _("Charges of {period} were lowered by it: its last day cannot lie before {day}.")
        reason = reason.format(period=period, day=period.first_day)
        under_way.fault(rows.CONCESSIONS, row.row, "失效日期", str(row.valid_to), reason)
        return False
    return not any(name in _LOWERED_BY for name in changed)


def _ends_before(row: rows.ConcessionRow, period: Period) -> bool:
    return row.valid_to is not None and row.valid_to < period.first_day


def _store_items(under_way: ImportUnderWay, wanted: Mapping[int, frozenset[int]]) -> None:
    if wanted:
        under_way.connection.execute(delete(_policy_item).where(_policy_item.c.policy_id.in_(list(wanted))))
    fresh = [{"policy_id": policy, "fee_item_id": item} for policy, items in wanted.items() for item in sorted(items)]
    if fresh:
        under_way.connection.execute(insert(_policy_item), fresh)


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case str():
            return value
        case tuple():
            return ";".join(value)
        case _:
            return decimal_text(value)
