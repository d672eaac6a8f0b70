"""Money whose owner is not known is entered, or goes back to whoever sent it."""

import uuid
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import ZERO, format_amount
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ops.signing_in import prove
from feedesk.ops.tendering import ReferenceMissing
from feedesk.ops.unclaimed import NothingKnown, NotMoney, ValueDateAhead, post_unclaimed, return_unclaimed
from feedesk.queries.unclaimed import UnclaimedItem
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import approvers
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.day_edit import DayEdit
from feedesk.ui.widgets.day_line import NotADay


class FoundSheet(ActSheet):
    """How much came, in which way and on which day; who sent it and what was written with it, as far as is known."""

    def __init__(self, place: DeskPlace) -> None:
        words = _("Its paper stays with the bank's advice; whoever claims the money gets a receipt of his own.")
        super().__init__(place.window, _("Enter money of unknown origin"), _("Enter it"), words=words, width=680)
        self._place = place
        self._key = uuid.uuid4().hex
        self.fields = TenderFields(tenders_of(place))
        self.fields.choose("transfer")
        self.value_date = DayEdit(place.seat().business_date())
        self.from_whom, self.remark = QLineEdit(), QLineEdit()
        self.from_whom.setPlaceholderText(_("as the bank names it"))
        self.remark.setPlaceholderText(_("as written by the sender, word for word"))
        self.again = CheckBox(N_("Another payment with the same reference"))
        self.again.hide()
        self.content.addWidget(self.fields)
        self.add_row((N_("Came on (value date)"), self.value_date), (N_("Sender"), self.from_whom))
        self.add_row((N_("Sender's remark"), self.remark))
        self.content.addWidget(self.again)
        self.add_end()
        self.value_date.submitted.connect(self.submit)

    def ask(self) -> None:
        """Opens the sheet at the amount."""
        open_act(self, self.fields.amount.edit, self._on_done)

    def decide(self) -> str:
        try:
            done = self._place.seat().run_op(
                post_unclaimed,
                tender=self.fields.tender(),
                value_date=self.value_date.day(),
                sender=self.from_whom.text(),
                remark=self.remark.text(),
                key=self._key,
                same_reference=self.again.isChecked(),
                till=self._place.till,
                print_slip=True,
            )
        except ReferenceUsed:
            self.again.show()
            raise
        words = _("{amount} waits for its owner, receipt {receipt}.")
        return words.format(amount=format_amount(done.total), receipt=done.receipt)

    def field_of(self, error: FeedeskError) -> QWidget | None:
        if isinstance(error, (NotADay, ValueDateAhead)):
            return self.value_date
        if isinstance(error, NothingKnown):
            return self.from_whom
        if isinstance(error, NotMoney):
            return self.fields.way
        return self.fields.reference if isinstance(error, (ReferenceMissing, ReferenceUsed)) else None

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.PRINT_JOBS)


class ReturnSheet(ActSheet):
    """All that is left is proposed, in the way it came, to whoever sent it; somebody else approves."""

    def __init__(self, place: DeskPlace, item: UnclaimedItem) -> None:
        words = _("{receipt} of {day}: {left} is neither claimed nor returned. {words}")
        facts = {"receipt": item.receipt, "day": item.value_date.isoformat(), "words": item.words}
        words = words.format(left=format_amount(item.left), **facts)
        super().__init__(place.window, _("Give unclaimed money back"), _("Return the money"), words=words, width=680)
        self._place, self._item = place, item
        self._key = uuid.uuid4().hex
        self.fields = TenderFields(tenders_of(place), amount=N_("Given back"))
        self.fields.choose(item.tender_code)
        self.fields.amount.edit.set_amount(item.left)
        self.payee, self.reason = QLineEdit(item.sender), QLineEdit()
        self.reason.setPlaceholderText(_("for example: sent to the wrong company"))
        self.approver = ApproverFields(approvers(place.seat()))
        self.content.addWidget(self.fields)
        self.add_row((N_("Payee"), self.payee))
        self.content.addWidget(FormRow(N_("Reason"), self.reason))
        self.content.addWidget(self.approver)
        self.add_end()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        line = ActLine(_("Money of unknown origin"), self.fields.amount.edit.amount() or ZERO, self._item.receipt)
        shown = act_of(self._place.page, [line], fields=self.fields, back=True, reason=self.reason)
        return replace(shown, who=self.payee.text(), unit="")

    def ask(self) -> None:
        """Opens the sheet at the reason, for all else is proposed."""
        open_act(self, self.reason, self._on_done)

    def decide(self) -> str:
        given = self.fields.tender()
        approval, seat = self.approver.approval(), self._place.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        done = replace(seat, approver=approval.name).run_op(
            return_unclaimed,
            receipt=self._item.receipt,
            tender=given,
            reason=self.reason.text(),
            payee=self.payee.text(),
            key=self._key,
            till=self._place.till,
            print_slip=True,
        )
        self._view.done(done.receipt, done.total)
        words = _("Given back {amount} of {what}, refund receipt {receipt}.")
        return words.format(amount=format_amount(done.total), what=done.refunds, receipt=done.receipt)

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.PRINT_JOBS)
