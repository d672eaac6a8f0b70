"""Asking for what one may not do alone (申请), from the sheet that would do it: its fields become the request."""

from feedesk.errors import UserError
from feedesk.money import format_amount
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.requesting import request_decision
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, staff
from feedesk.ops.wishes import Wish
from feedesk.texts import N_, _

ASK_KEYS = "Ctrl+R"
ASK_WORDS = N_("Ask for it, decided later")


class CannotBeAskedFor(UserError):
    message = N_("This cannot be asked for: whoever approves it has to type the password here.")


def ask_for(seat: Workplace, wish: Wish, reason: str, key: str) -> str:
    """Asks, and answers what to tell. Raises what `feedesk.ops.requesting.request_decision` raises."""
    made = seat.run_op(request_decision, wish=wish, reason=reason, key=key)
    told = _("Asked for: {name}, {amount} (request {request}). Ctrl+K P shows what was decided.")
    return told.format(name=made.name, amount=format_amount(wish.amount), request=made.request)


def deciders(seat: Workplace, *, besides: str, permission: Permission) -> list[StaffMember]:
    """Who may decide about a request of ``besides``; who sits here first."""
    needed = {Permission.DECIDE_REQUESTS, permission}
    able = [one for one in seat.read(staff) if needed <= PERMISSIONS[one.role] and one.name != besides]
    return sorted(able, key=lambda one: one.name != seat.actor)
