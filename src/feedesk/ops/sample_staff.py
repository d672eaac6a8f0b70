"""Who works on a training ledger: visibly samples, without passwords."""

from feedesk.ops.permissions import Role

SAMPLE_STAFF = (
    ("样例收费员", Role.CASHIER),
    ("样例收费员乙", Role.CASHIER),
    ("样例主管", Role.SUPERVISOR),
    ("样例经理", Role.MANAGER),
    ("样例财务", Role.FINANCE),
    ("样例管理员", Role.ADMIN),
)
TRAINING_ACTOR, TRAINING_APPROVER, TRAINING_CASHIER = "样例主管", "样例经理", "样例收费员"
