"""The sheets about concessions, each begun with what is usual: this month, a year, the terms there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.ops.signing_in import StaffMember
from feedesk.periods import Period
from feedesk.queries.concession_list import ConcessionList, GrantRow, PolicyRow
from feedesk.rules.concession_terms import Condition
from feedesk.rules.policy_terms import PolicyTerms
from feedesk.rules.tariffs import ONE_DAY
from feedesk.texts import _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.pages.records.ending_sheet import EndingOrder, EndingSheet
from feedesk.ui.pages.records.grant_sheet import GrantFacts, GrantFunctions, GrantSheet
from feedesk.ui.pages.records.policy_sheet import PolicyOrder, PolicySheet, begun_anew, new_terms
from feedesk.ui.tasks import Worker


@dataclass(frozen=True, slots=True)
class ConcessionsFunctions:
    """What section and sheets call; all but ``approvers`` from the worker. Those that act may raise a `UserError`."""

    listed: Callable[[], ConcessionList]
    approvers: Callable[[], tuple[StaffMember, ...]]
    add: Callable[[PolicyTerms], object]
    change: Callable[[int, PolicyTerms], object]
    end: Callable[[int, date], object]
    withdraw: Callable[[int, date, str], object]
    granting: GrantFunctions


class ConcessionSheets(QObject):
    """Opens the sheets over the window of ``owner``. `kept` tells what was done, `refused` why no sheet opens."""

    kept = Signal(str)
    refused = Signal(str)

    def __init__(self, owner: QWidget, functions: ConcessionsFunctions, worker: Worker) -> None:
        super().__init__(owner)
        self._owner = owner
        self._call = functions
        self._worker = worker

    def add(self, found: ConcessionList) -> None:
        """A new policy, in force from this month on."""
        terms = new_terms(Period.containing(found.on).first_day)
        self._policy(found, _("A new policy"), _("Add the policy"), terms, self._call.add, new=True)

    def change(self, found: ConcessionList, row: PolicyRow) -> None:
        """Puts a policy right."""
        title = _("Put right: {name}").format(name=row.name)
        self._policy(found, title, _("Keep the change"), terms_of(row), lambda terms: self._call.change(row.id, terms))

    def begin_anew(self, found: ConcessionList, row: PolicyRow) -> None:
        """Other terms of a policy from next month on; the terms so far end the day before."""
        day = Period.containing(found.on).shifted(1).first_day
        title = _("New terms: {name}").format(name=row.name)
        self._policy(found, title, _("Begin the new terms"), begun_anew(terms_of(row), day), self._call.add)

    def _policy(
        self,
        found: ConcessionList,
        title: str,
        act: str,
        terms: PolicyTerms,
        keep: Callable[[PolicyTerms], object],
        *,
        new: bool = False,
    ) -> None:
        order = PolicyOrder(title=title, act=act, items=found.items, keep=keep, terms=terms, new=new)
        sheet = PolicySheet(self._owner.window(), self._worker, order)
        self._follow(sheet)
        sheet.ask()

    def renew(self, found: ConcessionList, row: GrantRow) -> None:
        """The same grant for another year, from the day after its last one."""
        if row.to_date is None:
            self.refused.emit(_("This grant has no last day: there is nothing to renew."))
            return
        versions = [one.id for one in found.policies if one.name == row.policy and may_be_granted(one, found.on)]
        policy = row.policy_id if row.policy_id in versions or not versions else versions[-1]
        self.grant(found, policy=policy, unit=row.number, first=row.to_date + ONE_DAY)

    def grant(self, found: ConcessionList, *, policy: int, unit: str = "", first: date | None = None) -> None:
        """A grant for a year, from this month on."""
        able = [one for one in found.policies if may_be_granted(one, found.on)]
        if not able:
            self.refused.emit(_("There is no policy in force that could be granted: Ctrl+N adds one."))
            return
        begin = first or Period.containing(found.on).first_day
        facts = GrantFacts(
            policies=able,
            approvers=self._call.approvers(),
            from_date=begin,
            to_date=year_from(begin),
            policy=policy,
            unit=unit,
        )
        sheet = GrantSheet(self._owner.window(), self._worker, self._call.granting, facts)
        self._follow(sheet)
        sheet.ask()

    def end(self, found: ConcessionList, row: PolicyRow | GrantRow) -> None:
        """Ends a policy with this month, withdraws a grant today."""
        order = self._withdrawal(found, row) if isinstance(row, GrantRow) else self._end(found, row)
        sheet = EndingSheet(self._owner.window(), self._worker, order)
        self._follow(sheet)
        sheet.ask()

    def _end(self, found: ConcessionList, row: PolicyRow) -> EndingOrder:
        return EndingOrder(
            title=_("End “{name}”").format(name=row.name),
            note=_("It counts for the last time in periods that begin by that day. Bills posted stay as they are."),
            act=_("End the policy"),
            said=_("“{name}” ends on {{day}}.").format(name=row.name),
            last_day=Period.containing(found.on).last_day,
            end=lambda last_day, _reason: self._call.end(row.id, last_day),
        )

    def _withdrawal(self, found: ConcessionList, row: GrantRow) -> EndingOrder:
        span = {"first": row.from_date, "last": row.to_date or _("no limit")}
        return EndingOrder(
            title=_("Withdraw “{name}” from {unit}").format(name=row.policy, unit=row.unit),
            note=_("Granted from {first} to {last}. Bills posted stay as they are.").format(**span),
            act=_("Withdraw the grant"),
            said=_("“{name}” counts for {unit} through {{day}}.").format(name=row.policy, unit=row.unit),
            last_day=found.on,
            end=lambda last_day, reason: self._call.withdraw(row.id, last_day, reason),
            asks_reason=True,
        )

    def _follow(self, sheet: FormSheet) -> None:
        sheet.kept.connect(self.kept)


def terms_of(row: PolicyRow) -> PolicyTerms:
    """The terms of a policy in the list, as its sheet shows them."""
    return PolicyTerms(
        name=row.name,
        condition=row.condition,
        method=row.method,
        value=row.value,
        items=row.items,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        stackable=row.stackable,
        basis_document=row.basis_document,
    )


def may_be_granted(policy: PolicyRow, on: date) -> bool:
    """Whether a policy is not over and does not depend on a payment."""
    over = policy.valid_to is not None and policy.valid_to < on
    return not over and not Condition.parse(policy.condition).is_met_on_payment


def year_from(first: date) -> date:
    """The last day of a year from a day on."""
    try:
        return first.replace(year=first.year + 1) - ONE_DAY
    except ValueError:  # 29 February
        return date(first.year + 1, 2, 28)
