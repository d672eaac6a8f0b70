"""Storing 违约金: late-fee rules, known by their fee item (or 全部) and first day."""

from typing import Any

from feedesk.models import LateFeeRule, table_of
from feedesk.money import decimal_text
from feedesk.ops.importing.fees import FeeItems
from feedesk.ops.importing.under_way import ImportUnderWay, TableWriter, Values, all_rows
from feedesk.queries.late_fee_rules import is_rule_used
from feedesk.rules import community_rows as rows
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.texts import _

_rule = table_of(LateFeeRule)

_FIELDS = ("daily_rate", "grace_days", "cap", "starts")
_COLUMNS = {"daily_rate": "日费率", "grace_days": "宽限天数", "cap": "上限", "starts": "起算"}


def store_late_fee_rules(under_way: ImportUnderWay, items: FeeItems) -> None:
    """Stores the late-fee rules; one by which late fees were collected or waived is refused another content."""
    writer = TableWriter(under_way.connection, _rule)
    known = {(row["fee_item_id"], row["valid_from"]): row for row in all_rows(under_way.connection, _rule)}
    given = under_way.book.late_fees.fields
    for row in list(under_way.good(rows.LATE_FEES, under_way.book.late_fees)):
        item = None if row.item == ALL_ITEMS else items.keys[row.item]
        before = known.get((item, row.valid_from))
        values: Values = {name: getattr(row, name) for name in _FIELDS}
        values["daily_rate"] = values["daily_rate"] or None
        if before is None:
            more = {"lpr_multiple": None, "minimum": 0, "clause": ""}
            writer.insert({"fee_item_id": item, "valid_from": row.valid_from, **values, **more})
            under_way.count(rows.LATE_FEES, new=True, changed=False)
            continue
        values = {name: value for name, value in values.items() if name in given}
        if values.get("daily_rate"):
            values["lpr_multiple"] = None
        if _may_change(under_way, row, before, values):
            under_way.count(rows.LATE_FEES, new=False, changed=writer.update(before["id"], before, values))
    writer.flush()


def _may_change(under_way: ImportUnderWay, row: rows.LateFeeRow, before: Values, values: Values) -> bool:
    changed = [name for name in _FIELDS if name in values and values[name] != before[name]]
    item = before["fee_item_id"]
    if not changed or not is_rule_used(under_way.connection, item=item, since=before["valid_from"]):
        return True
    for name in changed:
        reason = _("Late fees were collected by it ({value}): enter the change as a row with a new 生效日期.")
        reason = reason.format(value=_shown(before[name]))
        under_way.fault(rows.LATE_FEES, row.row, _COLUMNS[name], _shown(getattr(row, name)), reason)
    return False


def _shown(value: Any) -> str:
    return decimal_text(value) if hasattr(value, "denominator") else str(value or "")
