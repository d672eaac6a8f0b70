"""How this office bills: settings of the ledger that every run follows from then on. What is posted stays."""

import json

from sqlalchemy import delete, insert

from feedesk.errors import UserError
from feedesk.models import Setting, table_of
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.advances import ADVANCE_LIMITS, AdvanceLimits
from feedesk.queries.due_bills import DELIVERY_RULE
from feedesk.rules.spans import DeliveryRule
from feedesk.texts import N_

MOST_MONTHS = 60
"""The longest advance that a ledger may allow."""

_setting = table_of(Setting)


class AdvanceLimitsNotSensible(UserError):
    message = N_("{months} months are no sensible limit: the law knows 12, and 1 to 60 can be set.")


@requires(Permission.CHANGE_PRICES)
def change_advance_limits(act: Act, *, limits: AdvanceLimits) -> AdvanceLimits:
    """Sets how far months may be paid ahead (预缴上限). Raises `AdvanceLimitsNotSensible`."""
    if not 1 <= limits.months <= MOST_MONTHS:
        raise AdvanceLimitsNotSensible(months=limits.months)
    end = limits.contract_end.isoformat() if limits.contract_end else None
    value = json.dumps({"months": limits.months, "contract_end": end})
    act.connection.execute(delete(_setting).where(_setting.c.key == ADVANCE_LIMITS))
    act.connection.execute(insert(_setting), {"key": ADVANCE_LIMITS, "value": value})
    record_audit(act, action="change_advance_limits", subject=f"setting:{ADVANCE_LIMITS}", detail=value)
    return limits


@requires(Permission.CHANGE_PRICES)
def change_delivery_rule(act: Act, *, rule: DeliveryRule) -> DeliveryRule:
    """Sets from when the buyer of a unit pays for it (交付月规则); the default is the month after delivery."""
    act.connection.execute(delete(_setting).where(_setting.c.key == DELIVERY_RULE))
    act.connection.execute(insert(_setting), {"key": DELIVERY_RULE, "value": json.dumps(rule.value)})
    record_audit(act, action="change_delivery_rule", subject=f"setting:{DELIVERY_RULE}", detail=rule.value)
    return rule
