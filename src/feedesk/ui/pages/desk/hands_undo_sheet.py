"""Y: a wrong change of hands (过户) is undone on its own day. What it did stands above, then why, and who approves."""

from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import UserError
from feedesk.money import format_amount
from feedesk.ops.moving_back import undo_change_of_hands, undoable
from feedesk.ops.signing_in import prove
from feedesk.queries.accounts import account_number
from feedesk.queries.hands_undone import ChangeToUndo
from feedesk.texts import N_, _, ngettext
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import approvers
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span


class UndoHandsSheet(ActSheet):
    """Nothing is chosen here: there is one change to undo, and both accounts become what they were."""

    def __init__(self, place: DeskPlace, change: ChangeToUndo) -> None:
        title = _("Undo the change of hands of {unit}").format(unit=change.unit)
        super().__init__(place.window, title, _("Undo it"), width=680)
        self._place, self._change = place, change
        self.facts = Label("\n".join(_facts(change)), "body", tone="ink_2", wraps=True)
        self.content.addWidget(self.facts)
        self.reason = QLineEdit()
        self.reason.setProperty("form", True)
        self.reason.setPlaceholderText(_("for example: the wrong room was chosen"))
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.approver = ApproverFields(approvers(place.seat()))
        self.content.addWidget(self.approver)
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet with the keyboard at the reason."""
        open_act(self, self.reason, self._on_done)

    def decide(self) -> str:
        approval, seat = self.approver.approval(), self._place.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        acting = replace(seat, approver=approval.name)
        done = acting.run_op(undo_change_of_hands, account=self._change.left, reason=self.reason.text())
        words = _("The change of hands of {unit} is undone: {name} pays for it again, account {account}.")
        return words.format(unit=done.unit, name=done.payer, account=account_number(done.kept))

    def _on_done(self, told: str) -> None:
        self._place.page.open_target(self._change.left)
        self._place.done(told, Changed.RECORDS, Changed.CHARGES)


def _facts(change: ChangeToUndo) -> list[str]:
    words = [
        _("From {day} on {after} was to pay for {unit} instead of {before}.").format(
            day=change.first_day.isoformat(), after=change.after, unit=change.unit, before=change.before
        )
    ]
    if change.carried:
        amount = format_amount(change.carried)
        words.append(_("{amount} went over and comes back.").format(amount=amount))
    if change.split:
        text = ngettext(
            "{n} charge was divided by days and becomes one again.",
            "{n} charges were divided by days and become whole again.",
            change.split,
        )
        words.append(text.format(n=change.split))
    words.append(_("Both accounts become what they were; each booking is reversed by one that names it."))
    return words


def ask_undo(place: DeskPlace) -> None:
    """Y: of the account shown, the one that ended or the one that began."""
    seat = place.seat()
    if place.account is None:
        return
    try:
        change, _trace = seat.read(undoable, account=place.account, today=seat.business_date())
    except UserError as error:
        place.page.banner.tell("warn", (Span(str(error)),))
        return
    UndoHandsSheet(place, change).ask()
