"""K: a supervisor says that this computer's clock is right although the last act in the ledger lies after it."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtWidgets import QLineEdit

from feedesk.ledger.clock import moment_text
from feedesk.ops.confirming_clock import confirm_clock
from feedesk.ops.permissions import Permission
from feedesk.ops.signing_in import prove
from feedesk.queries.clock import clock_warning
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.sign_off_sheets import who_may_sign
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.painting import Span


class ClockSheet(ActSheet):
    """What is wrong, why the clock is right all the same, and who says so with a password."""

    def __init__(self, place: DeskPlace, warning: str) -> None:
        super().__init__(place.window, _("Confirm the clock"), _("The clock is right"), words=warning)
        self._place = place
        people = who_may_sign(place.seat(), Permission.CONFIRM_CLOCK, "")
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("for example: the date was wrong yesterday, it is right now"))
        self.signer = ApproverFields(people, who=N_("Who confirms"), password=N_("Password"))
        self.add_row((N_("Reason"), self.reason))
        self.content.addWidget(self.signer)
        self.add_end()

    def decide(self) -> str:
        approval, seat = self.signer.approval(), self._place.seat()
        prove(seat.database, name=approval.name, password=approval.password)
        acting = replace(seat, actor=approval.name)
        done = acting.run_op(confirm_clock, reason=self.reason.text(), till=self._place.till)
        words = _("{name} confirmed the clock: it counts from {now} on.")
        return words.format(name=approval.name, now=moment_text(done.at))


def ask_clock(place: DeskPlace) -> None:
    """K: no account is needed."""
    warning = place.seat().read(clock_warning, till=place.till, now=datetime.now().astimezone())
    if not warning:
        place.page.banner.tell("good", (Span(_("The clock of this computer agrees with the ledger.")),))
        return
    sheet = ClockSheet(place, warning)
    open_act(sheet, sheet.reason, lambda told: place.done(told, Changed.SHIFTS))
