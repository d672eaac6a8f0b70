"""How this office bills: settings of the ledger that every run follows from then on. What is posted stays."""

import json

from sqlalchemy import delete, insert

from feedesk.models import Setting, table_of
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.queries.due_bills import DELIVERY_RULE
from feedesk.rules.spans import DeliveryRule

_setting = table_of(Setting)


@requires(Permission.CHANGE_PRICES)
def change_delivery_rule(act: Act, *, rule: DeliveryRule) -> DeliveryRule:
    """Sets from when the buyer of a unit pays for it (交付月规则); the default is the month after delivery."""
    act.connection.execute(delete(_setting).where(_setting.c.key == DELIVERY_RULE))
    act.connection.execute(insert(_setting), {"key": DELIVERY_RULE, "value": json.dumps(rule.value)})
    record_audit(act, action="change_delivery_rule", subject=f"setting:{DELIVERY_RULE}", detail=rule.value)
    return rule
