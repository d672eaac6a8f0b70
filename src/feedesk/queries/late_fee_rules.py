"""The late-fee rules and LPR rates of the ledger as the records show them, and whether a rule was used already."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Allocation, Charge, Entry, FeeItem, LateFeeRule, LateFeeStop, Payment, Waiver, table_of
from feedesk.queries.late_fees import rule_of
from feedesk.rules.late_fees import LateFeeRule as Rule

_rule, _item, _charge, _stop, _waiver, _allocation, _entry, _payment = (
    table_of(model) for model in (LateFeeRule, FeeItem, Charge, LateFeeStop, Waiver, Allocation, Entry, Payment)
)


@dataclass(frozen=True, slots=True)
class LateFeeRuleRow:
    """A version of a rule; ``item`` None: 全部. ``until`` is the day before the next version, None for the last."""

    id: int
    item: str | None
    rule: Rule
    until: date | None


_RULES = (
    select(_rule, _item.c.name.label("item"), _item.c.position)
    .outerjoin(_item, _item.c.id == _rule.c.fee_item_id)
    .order_by(_item.c.position.is_not(None), _item.c.position, _rule.c.fee_item_id, _rule.c.valid_from)
)
_USED = (
    select(_stop.c.id)
    .join(_charge, _charge.c.id == _stop.c.charge_id)
    .join(_entry, _entry.c.id == _stop.c.entry_id)
    .where(_entry.c.business_date >= bindparam("since"))
    .limit(1),
    select(_waiver.c.id)
    .join(_charge, _charge.c.id == _waiver.c.charge_id)
    .join(_entry, _entry.c.id == _waiver.c.entry_id)
    .where(_waiver.c.kind == "late_fee", _entry.c.business_date >= bindparam("since"))
    .limit(1),
    select(_allocation.c.id)
    .join(_charge, _charge.c.id == _allocation.c.charge_id)
    .join(_payment, _payment.c.id == _allocation.c.payment_id)
    .where(_allocation.c.kind == "late_fee", _payment.c.business_date >= bindparam("since"))
    .limit(1),
)
_USED_BY_ITEM = tuple(statement.where(_charge.c.fee_item_id == bindparam("item")) for statement in _USED)


def late_fee_rules(connection: Connection) -> tuple[LateFeeRuleRow, ...]:
    """All rules: those for 全部 first, then by fee item, each by its days."""
    rows = connection.execute(_RULES).all()
    found = []
    for row, following in zip(rows, (*rows[1:], None), strict=False):
        same = following is not None and following.fee_item_id == row.fee_item_id
        until = date.fromordinal(following.valid_from.toordinal() - 1) if same and following is not None else None
        found.append(LateFeeRuleRow(row.id, row.item, rule_of(row), until))
    return tuple(found)


def is_rule_used(connection: Connection, *, item: int | None, since: date) -> bool:
    """Whether late fees of an item (None: of any) were collected, waived or fixed on a day or later."""
    facts = {"since": since} if item is None else {"since": since, "item": item}
    statements = _USED if item is None else _USED_BY_ITEM
    return any(connection.execute(statement, facts).first() is not None for statement in statements)
