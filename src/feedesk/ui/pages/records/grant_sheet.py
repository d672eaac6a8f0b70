"""Granting a policy to an account: which unit, from when to when, on what evidence, approved by whom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.ops.signing_in import StaffMember
from feedesk.queries.accounts import AccountRef
from feedesk.queries.concession_list import PolicyRow
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.pages.records.concession_tables import takes_off
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.approver_fields import Approval, ApproverFields
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label


class UnitMissing(UserError):
    message = N_("Type the unit it is granted to, for example 3-1-502.")


class GrantDayMissing(UserError):
    message = N_("Type the first day on which the grant counts, for example 2027-01-01.")


@dataclass(frozen=True, slots=True)
class GrantOrder:
    """A grant as it is typed; both days included, None: until it is withdrawn."""

    policy: int
    account: int
    from_date: date
    to_date: date | None
    evidence: str
    note: str
    approval: Approval


@dataclass(frozen=True, slots=True)
class GrantFunctions:
    """What the sheet calls: ``find`` an account by its unit or number, ``grant`` it; both may raise a `UserError`."""

    find: Callable[[str], AccountRef]
    grant: Callable[[GrantOrder], object]


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """What the sheet begins with: the policies to choose from, who may approve, and what is known already."""

    policies: Sequence[PolicyRow]
    approvers: Sequence[StaffMember]
    from_date: date
    to_date: date
    policy: int = 0
    unit: str = ""
    evidence: str = ""


class GrantSheet(FormSheet):
    """Enter grants."""

    def __init__(self, window: QWidget, worker: Worker, functions: GrantFunctions, facts: GrantFacts) -> None:
        super().__init__(window, worker, _("Grant a concession"), _("Grant it"), width=760)
        self._call = functions
        self._account: AccountRef | None = None
        self._names = {policy.id: policy.name for policy in facts.policies}
        self.unit = QLineEdit(facts.unit)
        self.unit.setPlaceholderText("3-1-502")
        self.holder = Label("", "secondary", tone="ink_2")
        self.policy: Choice[int] = Choice([(one.id, _words_of(one)) for one in facts.policies], facts.policy)
        self.first, self.last = DayLine(facts.from_date), DayLine(facts.to_date)
        self.evidence, self.note = QLineEdit(facts.evidence), QLineEdit()
        self.evidence.setPlaceholderText(_("a certificate and its number, an application"))
        self.approver = ApproverFields(facts.approvers)
        for field in (self.unit, self.first, self.last, self.evidence, self.note, self.approver.password):
            field.setProperty("form", True)
        self._build()
        self.unit.textChanged.connect(self._on_unit)
        self._on_unit(facts.unit)

    def _build(self) -> None:
        self.add_row((FormRow(N_("Unit or account number"), self.unit), FormRow(N_("Policy"), self.policy)), (1, 2))
        self.content.addWidget(self.holder)
        self.last.setPlaceholderText(_("empty: until it is withdrawn"))
        last = FormRow(N_("Last day"), self.last)
        note = N_("It counts for periods that begin on these days.")
        self.add_row((FormRow(N_("First day"), self.first, note), last))
        self.add_row((FormRow(N_("Evidence"), self.evidence), FormRow(N_("Remark"), self.note)), (2, 1))
        self.content.addWidget(self.approver)
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the unit, where it is known at the evidence."""
        self.open(self.evidence if self._account is not None else self.unit)

    def order(self) -> tuple[Callable[[], object], str]:
        first, last = self.first.day(), self.last.day()
        if not self.unit.text().strip():
            self.unit.setFocus(Qt.FocusReason.OtherFocusReason)
            raise UnitMissing
        account = self._account or self._call.find(self.unit.text().strip())
        if first is None:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
            raise GrantDayMissing
        order = GrantOrder(
            policy=self.policy.value(),
            account=account.id,
            from_date=first,
            to_date=last,
            evidence=self.evidence.text().strip(),
            note=self.note.text().strip(),
            approval=self.approver.approval(),
        )
        said = _("“{name}” is granted to {unit} {resident}.")
        facts = {"name": self._names[order.policy], "unit": account.unit, "resident": account.resident}
        return lambda: self._call.grant(order), said.format(**facts)

    def _on_unit(self, text: str) -> None:
        """Says whose account it is while it is typed."""
        self._account = None
        try:
            if text.strip():
                self._account = self._call.find(text.strip())
        except FeedeskError:
            self.holder.setText("")
            return
        found = self._account
        words = "" if found is None else " · ".join(filter(None, (found.unit, found.resident, found.number)))
        self.holder.setText(words)


def _words_of(policy: PolicyRow) -> str:
    """A policy in the list: its name, what it takes off, of what."""
    return f"{policy.name} · {takes_off(policy.method, policy.value)} · {policy.item_names}"
