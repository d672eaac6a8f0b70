"""W: what each operator may waive of late fees a day without an approver; whoever may change settings sets it."""

from feedesk.money import format_amount
from feedesk.ops.waiving import change_late_fee_quota
from feedesk.queries.waiver_quota import late_fee_quota
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.widgets.amount_edit import MoneyField


class QuotaSheet(ActSheet):
    """One amount, as it is in force; 0.00 stands for: nothing."""

    def __init__(self, place: DeskPlace) -> None:
        words = _("So much each operator may waive a day without an approver; 0.00: nothing.")
        super().__init__(place.window, _("Quota of late fees waived alone"), _("Keep it"), words=words)
        self._place = place
        self.quota = MoneyField(N_("Amount a day"))
        self.quota.edit.set_amount(place.seat().read(late_fee_quota))
        self.content.addWidget(self.quota)
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet; typing replaces what is in force."""
        open_act(self, self.quota.edit, lambda told: self._place.done(told, Changed.SETTINGS))
        self.quota.edit.selectAll()

    def decide(self) -> str:
        amount = self.quota.required(AmountMissing)
        kept = self._place.seat().run_op(change_late_fee_quota, quota=amount)
        return _("Each operator may now waive {amount} of late fees a day alone.").format(amount=format_amount(kept))


def ask_quota(place: DeskPlace) -> None:
    """W: no account is needed."""
    QuotaSheet(place).ask()
