"""Showing what the drawer should hold, once it has been counted (盲点): every look leaves a line in the audit trail.

A cashier may count again after she has seen the difference; the trail then shows both counts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from feedesk.money import Fen, format_amount
from feedesk.ops.at_the_till import check_own_shift
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.ops.shifts import NoShiftToClose
from feedesk.queries.desk import open_shift_at
from feedesk.queries.desk_terms import over_short_limit
from feedesk.queries.shifts import drawer_cash
from feedesk.rules.cash_count import counted_cash
from feedesk.rules.desk_terms import needs_reason


@dataclass(frozen=True, slots=True)
class DrawerCounted:
    """A drawer counted while its shift is still open, in fen; ``expected`` includes the float. ``needs_reason``: so
    large a difference is handed over with a reason only.
    """

    shift: int
    opening_float: Fen
    expected: Fen
    counted: Fen
    needs_reason: bool = False

    @property
    def over_short(self) -> Fen:
        return Fen(self.counted - self.expected)


@requires(Permission.RUN_SHIFT)
def count_drawer(act: Act, *, till: int = 1, counts: Mapping[str, int]) -> DrawerCounted:
    """Takes a count of the open shift's drawer and answers what should lie there. The shift stays open.

    Raises `UnknownTill`, `NoShiftToClose`, and what the count itself may be refused for.
    """
    shift = open_shift_at(act.connection, till)
    if shift is None:
        raise NoShiftToClose(till=till)
    check_own_shift(act, shift)
    counted = counted_cash(counts)
    drawer = drawer_cash(act.connection, shift.id, till)
    wants = needs_reason(counted - drawer.expected, over_short_limit(act.connection))
    seen = DrawerCounted(shift.id, drawer.opening_float, drawer.expected, counted, wants)
    detail = {
        "counted": format_amount(counted, grouped=False),
        "expected": format_amount(seen.expected, grouped=False),
        "counts": dict(counts),
    }
    record_audit(
        act,
        action="count_drawer",
        subject=f"shift:{shift.id}",
        detail=json.dumps(detail, ensure_ascii=False, separators=(",", ":")),
    )
    return seen
