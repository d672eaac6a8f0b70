"""Who may do what: every operation names the permission it needs, every role holds a set of them."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from feedesk.errors import UserError
from feedesk.texts import N_

Op = TypeVar("Op", bound=Callable[..., object])


class Permission(StrEnum):
    """What an operation may need; the values are stored nowhere, so they may be renamed."""

    SIGN_IN = "sign_in"
    SET_UP_LEDGER = "set_up_ledger"
    IMPORT_RECORDS = "import_records"
    BILL = "bill"
    UNDO_BILLING = "undo_billing"
    COLLECT = "collect"
    VOID = "void"
    REVERSE = "reverse"
    REFUND = "refund"
    RUN_SHIFT = "run_shift"
    ACT_IN_ANOTHERS_SHIFT = "act_in_anothers_shift"
    REVIEW_CASHIERS = "review_cashiers"
    PRINT = "print"
    CLOSE_DAY = "close_day"
    REOPEN_DAY = "reopen_day"
    CONFIRM_CLOCK = "confirm_clock"
    CHANGE_SETTINGS = "change_settings"
    CHANGE_PRICES = "change_prices"
    GRANT_CONCESSIONS = "grant_concessions"
    RECORD_READINGS = "record_readings"
    ADJUST_CHARGES = "adjust_charges"
    WAIVE = "waive"
    WAIVE_AT_THE_DESK = "waive_at_the_desk"
    HOLD_DISPUTES = "hold_disputes"
    CHANGE_HANDS = "change_hands"
    ASK_FOR_DECISIONS = "ask_for_decisions"
    DECIDE_REQUESTS = "decide_requests"
    WAIVE_BEYOND_QUOTA = "waive_beyond_quota"


class Role(StrEnum):
    """The roles of staff; what they are called is a text, not this value."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    FINANCE = "finance"
    ADMIN = "admin"


_AT_THE_DESK = frozenset(
    {
        Permission.SIGN_IN,
        Permission.COLLECT,
        Permission.VOID,
        Permission.REFUND,
        Permission.WAIVE_AT_THE_DESK,
        Permission.RUN_SHIFT,
        Permission.PRINT,
        Permission.CLOSE_DAY,
        Permission.RECORD_READINGS,
        Permission.HOLD_DISPUTES,
        Permission.CHANGE_HANDS,
        Permission.ASK_FOR_DECISIONS,
    }
)
_IN_THE_OFFICE = frozenset(
    {
        Permission.SIGN_IN,
        Permission.REVIEW_CASHIERS,
        Permission.IMPORT_RECORDS,
        Permission.BILL,
        Permission.PRINT,
        Permission.CLOSE_DAY,
        Permission.RECORD_READINGS,
        Permission.ADJUST_CHARGES,
        Permission.CHANGE_HANDS,
    }
)
_DECISIONS = frozenset(
    {
        Permission.SIGN_IN,
        Permission.ACT_IN_ANOTHERS_SHIFT,
        Permission.REVIEW_CASHIERS,
        Permission.REOPEN_DAY,
        Permission.CONFIRM_CLOCK,
        Permission.CHANGE_PRICES,
        Permission.GRANT_CONCESSIONS,
        Permission.WAIVE,
        Permission.WAIVE_AT_THE_DESK,
        Permission.HOLD_DISPUTES,
        Permission.DECIDE_REQUESTS,
    }
)

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.CASHIER: _AT_THE_DESK,
    Role.SUPERVISOR: _AT_THE_DESK
    | _IN_THE_OFFICE
    | _DECISIONS
    | {Permission.REVERSE, Permission.UNDO_BILLING, Permission.CHANGE_SETTINGS},
    Role.MANAGER: _DECISIONS
    | {
        Permission.REVERSE,
        Permission.REFUND,
        Permission.WAIVE_BEYOND_QUOTA,
        Permission.ASK_FOR_DECISIONS,
        Permission.UNDO_BILLING,
        Permission.PRINT,
        Permission.ADJUST_CHARGES,
    },
    Role.FINANCE: _IN_THE_OFFICE | {Permission.UNDO_BILLING, Permission.CHANGE_PRICES},
    Role.ADMIN: frozenset(Permission),
}


PERMISSION_NAMES: dict[Permission, str] = {
    Permission.SIGN_IN: N_("sign in"),
    Permission.SET_UP_LEDGER: N_("set up the ledger"),
    Permission.IMPORT_RECORDS: N_("import records"),
    Permission.BILL: N_("bill"),
    Permission.UNDO_BILLING: N_("undo billing"),
    Permission.COLLECT: N_("collect"),
    Permission.VOID: N_("void payments"),
    Permission.REVERSE: N_("reverse payments"),
    Permission.REFUND: N_("give money back"),
    Permission.RUN_SHIFT: N_("open and close shifts"),
    Permission.ACT_IN_ANOTHERS_SHIFT: N_("move money in somebody else's shift"),
    Permission.REVIEW_CASHIERS: N_("review a cashier's day"),
    Permission.PRINT: N_("print"),
    Permission.CLOSE_DAY: N_("close the day"),
    Permission.REOPEN_DAY: N_("open a closed day again"),
    Permission.CONFIRM_CLOCK: N_("confirm the clock"),
    Permission.CHANGE_SETTINGS: N_("change settings"),
    Permission.CHANGE_PRICES: N_("change prices"),
    Permission.GRANT_CONCESSIONS: N_("grant concessions"),
    Permission.RECORD_READINGS: N_("record meter readings"),
    Permission.ADJUST_CHARGES: N_("adjust charges"),
    Permission.WAIVE: N_("waive what is owed"),
    Permission.WAIVE_AT_THE_DESK: N_("waive late fees within the quota"),
    Permission.HOLD_DISPUTES: N_("hold disputed charges"),
    Permission.CHANGE_HANDS: N_("change hands"),
    Permission.ASK_FOR_DECISIONS: N_("ask for a decision"),
    Permission.DECIDE_REQUESTS: N_("decide about requests"),
    Permission.WAIVE_BEYOND_QUOTA: N_("approve waivers beyond the quota"),
}
"""What each permission is called when somebody lacks it."""


class NotPermitted(UserError):
    message = N_("{name} may not do this: it needs the right “{permission}”. Ask a supervisor. Nothing was changed.")


def requires(permission: Permission) -> Callable[[Op], Op]:
    """Names the permission an operation needs; `feedesk.ops.run` refuses an actor without it."""

    def mark(op: Op) -> Op:
        op.permission = permission  # type: ignore[attr-defined]
        return op

    return mark
