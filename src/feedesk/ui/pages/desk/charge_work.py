"""What can be asked and decided about one charge at the desk: how it was reckoned, a waiver, a dispute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from feedesk.money import Fen
from feedesk.ops.disputing import ChargesHeld, hold_charge, release_charge
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.ops.waiving import ChargesWaived, waive
from feedesk.queries.charge_arithmetic import ChargeArithmetic, charge_arithmetic
from feedesk.queries.waiver_quota import quota_left_of
from feedesk.ui.pages.desk.desk_day import desk_day
from feedesk.ui.widgets.approver_fields import Approval


@dataclass(frozen=True, slots=True)
class WaiverOrder:
    """A waiver as it is typed: of the late fee, else of the principal; without approval within the quota."""

    charge: int
    of_late_fee: bool
    amount: Fen
    reason: str
    approval: Approval | None


@dataclass(slots=True)
class ChargeWork:
    """The charges of a desk, one at a time."""

    seat: Callable[[], Workplace]
    till: int = 1

    def arithmetic(self, charge: int) -> ChargeArithmetic:
        """Everything that explains a charge to the day of the desk."""
        seat = self.seat()
        return seat.read(charge_arithmetic, charge=charge, on=desk_day(seat, self.till))

    def approvers(self) -> Sequence[StaffMember]:
        """Who may approve a waiver: anybody with the right but whoever sits here."""
        seat = self.seat()
        return [one for one in seat.read(staff) if Permission.WAIVE in PERMISSIONS[one.role] and one.name != seat.actor]

    def quota(self) -> Fen:
        """What whoever sits here may still waive of late fees today without asking."""
        seat = self.seat()
        return seat.read(quota_left_of, name=seat.actor, day=seat.business_date())

    def waive(self, order: WaiverOrder) -> ChargesWaived:
        """Waives, once the approver's password is right. Raises what `feedesk.ops.waiving.waive` raises."""
        acting = self.seat()
        if order.approval is not None:
            prove(acting.database, name=order.approval.name, password=order.approval.password)
            acting = replace(acting, approver=order.approval.name)
        what = {"late_fee" if order.of_late_fee else "principal": order.amount}
        return acting.run_op(waive, charges=[order.charge], reason=order.reason, **what)

    def ask(self, order: WaiverOrder, key: str) -> str:
        """Asks somebody to decide about a waiver later; answers what to tell. The same ``key`` asks once."""
        from feedesk.ops.wishes import Wish
        from feedesk.queries.requests import RequestKind
        from feedesk.ui.pages.desk.asking import ask_for

        kind = RequestKind.LATE_FEE if order.of_late_fee else RequestKind.PRINCIPAL
        return ask_for(self.seat(), Wish(kind, order.amount, charges=(order.charge,)), order.reason, key)

    def hold(self, charge: int, reason: str) -> ChargesHeld:
        """Holds a charge because of a dispute."""
        return self.seat().run_op(hold_charge, charges=[charge], reason=reason)

    def release(self, charge: int, reason: str) -> ChargesHeld:
        """Ends the dispute that holds a charge."""
        return self.seat().run_op(release_charge, charges=[charge], reason=reason)
