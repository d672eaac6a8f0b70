"""What the section of concessions really does: policies and grants of the ledger, approved by somebody else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from feedesk.ops.conceding import PolicyKept, add_policy, change_policy, end_policy
from feedesk.ops.granting import ConcessionGranted, GrantWithdrawn, grant_concession, withdraw_grant
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import StaffMember, prove, staff
from feedesk.queries.accounts import AccountRef, find_account
from feedesk.queries.concession_list import ConcessionList, concession_list
from feedesk.rules.policy_terms import PolicyTerms
from feedesk.ui.pages.records.concession_sheets import ConcessionsFunctions
from feedesk.ui.pages.records.grant_sheet import GrantFunctions, GrantOrder


@dataclass(frozen=True, slots=True)
class ConcessionsWork:
    """The concessions of one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> ConcessionsFunctions:
        """What the section calls."""
        return ConcessionsFunctions(
            listed=self.listed,
            approvers=self.approvers,
            add=self.add,
            change=self.change,
            end=self.end,
            withdraw=self.withdraw,
            granting=GrantFunctions(self.find, self.grant),
        )

    def listed(self) -> ConcessionList:
        """All policies and grants on the business day."""
        seat = self.seat()
        return seat.read(concession_list, on=seat.business_date())

    def approvers(self) -> tuple[StaffMember, ...]:
        """Everybody who may approve a grant but whoever sits here; managers first."""
        seat = self.seat()
        able = [one for one in seat.read(staff) if Permission.GRANT_CONCESSIONS in PERMISSIONS[one.role]]
        others = [one for one in able if one.name != seat.actor]
        return tuple(sorted(others, key=lambda one: one.role.value != "manager"))

    def find(self, text: str) -> AccountRef:
        """The account of a unit that holds it now, or of a number."""
        seat = self.seat()
        return seat.read(find_account, text=text, on=seat.business_date())

    def add(self, terms: PolicyTerms) -> PolicyKept:
        """Adds a policy or new terms of one."""
        return self.seat().run_op(add_policy, terms=terms)

    def change(self, policy: int, terms: PolicyTerms) -> PolicyKept:
        """Puts a policy right."""
        return self.seat().run_op(change_policy, policy=policy, terms=terms)

    def end(self, policy: int, last_day: date) -> PolicyKept:
        """Ends a policy."""
        return self.seat().run_op(end_policy, policy=policy, last_day=last_day)

    def grant(self, order: GrantOrder) -> ConcessionGranted:
        """Checks the approver's password where there is one, and grants."""
        seat = self.seat()
        prove(seat.database, name=order.approval.name, password=order.approval.password)
        return replace(seat, approver=order.approval.name).run_op(
            grant_concession,
            policy=order.policy,
            account=order.account,
            from_date=order.from_date,
            to_date=order.to_date,
            evidence=order.evidence,
            note=order.note,
        )

    def withdraw(self, grant: int, last_day: date, reason: str) -> GrantWithdrawn:
        """Withdraws a grant."""
        return self.seat().run_op(withdraw_grant, grant=grant, last_day=last_day, reason=reason)
