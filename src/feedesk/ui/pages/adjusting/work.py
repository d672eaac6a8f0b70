"""What can be done about an account's charges after they were billed: add, lower, split and merge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from feedesk.money import Fen
from feedesk.ops.adjusting import ChargeAdded, ChargeReduced, add_charge, reduce_charge
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.replacing import ChargesReplaced, Part, merge_charges, split_charge
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.periods import Period
from feedesk.queries.adjustable import Adjustable, adjustable
from feedesk.ui.widgets.approver_fields import Approval


@dataclass(frozen=True, slots=True)
class AddOrder:
    """A charge to be added, as it is typed."""

    account: int
    item: str
    period: Period
    amount: Fen
    due: date | None
    reason: str
    approval: Approval


@dataclass(frozen=True, slots=True)
class ReduceOrder:
    """How much a charge is lowered by, as it is typed."""

    charge: int
    amount: Fen
    reason: str
    approval: Approval


@dataclass(frozen=True, slots=True)
class AdjustFunctions:
    """What the sheet calls. Those that act may raise a `FeedeskError`; nothing was changed then."""

    approvers: Callable[[], Sequence[StaffMember]]
    add: Callable[[AddOrder], ChargeAdded]
    reduce: Callable[[ReduceOrder], ChargeReduced]
    split: Callable[[int, Sequence[Part], str], ChargesReplaced]
    merge: Callable[[Sequence[int], date | None, str], ChargesReplaced]


@dataclass(slots=True)
class AdjustWork:
    """Adjusting on one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> AdjustFunctions:
        """What the sheet calls."""
        return AdjustFunctions(self.approvers, self.add, self.reduce, self.split, self.merge)

    def adjustable(self, account: int) -> Adjustable:
        """What can be adjusted of an account today."""
        seat = self.seat()
        return seat.read(adjustable, account=account, on=seat.business_date())

    def approvers(self) -> Sequence[StaffMember]:
        """Who may approve: anybody who may give up money, but whoever sits here."""
        seat = self.seat()
        return [one for one in seat.read(staff) if Permission.WAIVE in PERMISSIONS[one.role] and one.name != seat.actor]

    def add(self, order: AddOrder) -> ChargeAdded:
        """Adds a charge, once the approver's password is right."""
        facts = {"account": order.account, "item": order.item, "period": order.period, "amount": order.amount}
        return self._approved(order.approval).run_op(add_charge, **facts, due=order.due, reason=order.reason)

    def reduce(self, order: ReduceOrder) -> ChargeReduced:
        """Lowers a charge, once the approver's password is right."""
        acting = self._approved(order.approval)
        return acting.run_op(reduce_charge, charge=order.charge, amount=order.amount, reason=order.reason)

    def split(self, charge: int, parts: Sequence[Part], reason: str) -> ChargesReplaced:
        """Splits a charge."""
        return self.seat().run_op(split_charge, charge=charge, parts=parts, reason=reason)

    def merge(self, charges: Sequence[int], due: date | None, reason: str) -> ChargesReplaced:
        """Merges charges."""
        return self.seat().run_op(merge_charges, charges=charges, due=due, reason=reason)

    def _approved(self, approval: Approval) -> Workplace:
        seat = self.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        return replace(seat, approver=approval.name)
