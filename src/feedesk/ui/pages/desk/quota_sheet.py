"""W: what each may waive of late fees a day alone, and what a supervisor may approve of waivers a day.

Whoever may change settings sets both.
"""

from PySide6.QtWidgets import QHBoxLayout

from feedesk.money import format_amount
from feedesk.ops.waiving import change_late_fee_quota
from feedesk.queries.waiver_quota import approval_quota, late_fee_quota
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.widgets.amount_edit import MoneyField


class QuotaSheet(ActSheet):
    """Two amounts, as they are in force; 0.00 stands for: nothing."""

    def __init__(self, place: DeskPlace) -> None:
        words = _(
            "So much of late fees each operator may waive a day alone, and so much of waivers a supervisor may approve "
            "a day; what is beyond needs the manager. 0.00: nothing."
        )
        super().__init__(place.window, _("Quota of late fees waived alone"), _("Keep it"), words=words)
        self._place = place
        self.quota = MoneyField(N_("Waived alone, a day"))
        self.approvals = MoneyField(N_("Approved by a supervisor, a day"))
        self.quota.edit.set_amount(place.seat().read(late_fee_quota))
        self.approvals.edit.set_amount(place.seat().read(approval_quota))
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.quota, 1)
        row.addWidget(self.approvals, 1)
        self.content.addLayout(row)
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet; typing replaces what is in force."""
        open_act(self, self.quota.edit, lambda told: self._place.done(told, Changed.SETTINGS))
        self.quota.edit.selectAll()

    def decide(self) -> str:
        amount, approvals = self.quota.required(AmountMissing), self.approvals.required(AmountMissing)
        self._place.seat().run_op(change_late_fee_quota, quota=amount, approvals=approvals)
        told = _("A day each operator may now waive {amount} of late fees alone, a supervisor approve {approvals}.")
        return told.format(amount=format_amount(amount), approvals=format_amount(approvals))


def ask_quota(place: DeskPlace) -> None:
    """W: no account is needed."""
    QuotaSheet(place).ask()
