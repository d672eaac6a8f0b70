"""All that sets late fees, as the records show it on a day: rules, LPR rates, the agreed order of payment."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from feedesk.queries.desk import AgreedOrder, allocation_order
from feedesk.queries.late_fee_rules import LateFeeRuleRow, late_fee_rules
from feedesk.queries.late_fees import lpr_rates
from feedesk.queries.takings import item_order
from feedesk.rules.late_fees import LprRate


@dataclass(frozen=True, slots=True)
class LateFeeList:
    """Rules as the list shows them, rates newest first, fee items in their order."""

    on: date
    rules: tuple[LateFeeRuleRow, ...]
    rates: tuple[LprRate, ...]
    items: tuple[str, ...]
    order: AgreedOrder


def late_fee_list(connection: Connection, *, on: date) -> LateFeeList:
    """Everything that sets late fees."""
    items = item_order(connection)
    return LateFeeList(
        on=on,
        rules=late_fee_rules(connection),
        rates=tuple(reversed(lpr_rates(connection))),
        items=tuple(sorted(items, key=lambda name: (items[name], name))),
        order=allocation_order(connection),
    )
