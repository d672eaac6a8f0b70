"""M: a unit changes hands (过户). What the old account owes stands above; what goes over is chosen below."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.moving import Carried, HandsWereChanged, Newcomer, change_hands
from feedesk.ops.signing_in import prove
from feedesk.queries.accounts import household_of
from feedesk.queries.hands import ClosingStatement, Namesake, closing_statement, namesakes
from feedesk.rules.community_rows import OWNER, TENANT
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import approvers
from feedesk.ui.pages.desk.hands_words import can_be_shorter, closing_words
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.approver_fields import ApproverFields
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.choice import Choice
from feedesk.ui.widgets.day_edit import DayEdit
from feedesk.ui.widgets.day_line import NotADay
from feedesk.ui.widgets.label import Label

_NEW = 0
"""Stands for somebody who is not in the ledger yet."""


class PersonNotChosen(UserError):
    message = N_("{name} is a name in the ledger already: say whether that person is meant, or somebody new.")


@dataclass(frozen=True, slots=True)
class _Held:
    """A balance that may go over; the prepayment has no name."""

    name: str
    amount: Fen


class HandsSheet(ActSheet):
    """Name, day and what goes over. A name that is known is never taken for the person: that is asked."""

    def __init__(self, place: DeskPlace, account: int) -> None:
        self._place, self._account, self._seat = place, account, place.seat()
        self._today = self._seat.business_date()
        self._closing = self._statement(self._today - timedelta(1))
        ref = self._closing.account
        title = _("Change of hands of {who}").format(who=f"{ref.unit} {ref.resident}")
        super().__init__(place.window, title, _("Change hands"), width=760)
        self.facts = Label("", "secondary", tone="ink_2", wraps=True)
        self.content.addWidget(self.facts)
        self._in_full = False
        self.more = QuietButton("", "Ctrl+I")
        self.more.clicked.connect(self.show_each)
        bind(self, "Ctrl+I", N_("Each bill, or in short"), self.show_each, group=N_("Change of hands"))
        self.content.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.first_day = DayEdit(self._today)
        self.name, self.phone, self.paper = QLineEdit(), QLineEdit(), QLineEdit()
        for field in (self.name, self.phone, self.paper):
            field.setProperty("form", True)
        self.role: Choice[str] = Choice([(OWNER, N_("Owner")), (TENANT, N_("Tenant"))], OWNER)
        self.person: Choice[int] = Choice([(_NEW, N_("Somebody new"))], _NEW)
        running = [(True, N_("charged to each by days")), (False, N_("left on the old account"))]
        self.running: Choice[bool] = Choice(running, True)
        self._asked_about = ""
        self.add_row((N_("New payer"), self.name), (N_("As"), self.role), (N_("Telephone"), self.phone))
        self.add_row((N_("Known already?"), self.person), (N_("First day of the new payer"), self.first_day))
        self.add_row((N_("Billed beyond and unpaid"), self.running), (N_("Paper both signed"), self.paper))
        self.balances = self._balance_rows()
        self.approver = ApproverFields(approvers(self._seat))
        self.content.addWidget(self.approver)
        self.approver.setVisible(False)
        self.add_end()
        self.name.editingFinished.connect(self._look_up)
        self.first_day.editingFinished.connect(self._reckon)
        self.first_day.submitted.connect(self.submit)
        self.running.currentIndexChanged.connect(lambda _place: self._tell(self._closing))
        self._tell(self._closing)

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the new payer's name."""
        open_act(self, self.name, self._on_done)

    def decide(self) -> str:
        first_day = self.first_day.day()
        self._look_up()
        if self.person.value() < _NEW:
            raise PersonNotChosen(name=self.name.text().strip())
        carried = self._carried()
        seat = self._seat
        if carried:
            approval = self.approver.approval()
            prove(seat.database, name=approval.name, password=approval.password)
            seat = replace(seat, approver=approval.name)
        newcomer = Newcomer(self.name.text(), self.role.value(), self.person.value() or None, phone=self.phone.text())
        done = seat.run_op(
            change_hands,
            account=self._account,
            first_day=first_day,
            newcomer=newcomer,
            paper=self.paper.text(),
            carried=carried,
            split_running=self.running.value(),
        )
        return self._told(done, first_day)

    def _statement(self, last_day: date) -> ClosingStatement:
        return self._seat.read(closing_statement, account=self._account, last_day=last_day, today=self._today)

    def _balance_rows(self) -> list[tuple[_Held, Choice[bool]]]:
        """A choice for each balance: it stays, or goes over."""
        held = [_Held("", self._closing.prepaid)] if self._closing.prepaid else []
        held += [_Held(name, amount) for name, amount in self._closing.deposits.items()]
        rows = []
        for one in held:
            stays = _("{name} {amount}: stays with the old payer")
            goes = _("{name} {amount}: goes over to the new payer")
            facts = {"name": one.name or _("Prepayment"), "amount": format_amount(one.amount)}
            choice: Choice[bool] = Choice([(False, stays.format(**facts)), (True, goes.format(**facts))], False)
            choice.currentIndexChanged.connect(lambda _place: self._ask_approval())
            rows.append((one, choice))
        for place in range(0, len(rows), 2):
            self.add_row(*((N_("Held"), choice) for _one, choice in rows[place : place + 2]))
        return rows

    def _carried(self) -> Carried:
        going = [one for one, choice in self.balances if choice.value()]
        prepayment = next((one.amount for one in going if not one.name), ZERO)
        return Carried(prepayment, tuple((one.name, one.amount) for one in going if one.name))

    def _ask_approval(self) -> None:
        self.approver.setVisible(bool(self._carried()))

    def _look_up(self) -> None:
        """A name that is in the ledger: who of that name is meant, or somebody new."""
        name = self.name.text().strip()
        if name == self._asked_about:
            return
        self._asked_about = name
        known = [one for one in self._seat.read(namesakes, name=name) if one.resident != self._payer()]
        choices = [(one.resident, _words(one)) for one in known]
        if known:
            asked = (-1, N_("Please say who is meant"))
            self.person.set_choices([asked, *choices, (_NEW, N_("Somebody new"))], -1)
        else:
            self.person.set_choices([(_NEW, N_("Somebody new"))], _NEW)

    def _payer(self) -> int:
        return self._closing.account.resident_id

    def _reckon(self) -> None:
        try:
            self._closing = self._statement(self.first_day.day() - timedelta(1))
        except NotADay:
            return  # said when the sheet is submitted
        self._tell(self._closing)

    def _tell(self, closing: ClosingStatement) -> None:
        self.facts.setText(closing_words(closing, by_days=self.running.value(), in_full=self._in_full))
        self.more.setVisible(can_be_shorter(closing))
        self.more.set_words(_("In short") if self._in_full else _("Each bill"))

    def show_each(self) -> None:
        """Ctrl+I: a line for each bill that reaches beyond the change, or one for each fee item again."""
        self._in_full = not self._in_full
        self._tell(self._closing)

    def _told(self, done: HandsWereChanged, first_day: date) -> str:
        words = [
            _("{unit} changed hands on {day}. {amount} is still owed by {name}.").format(
                unit=self._closing.account.unit,
                day=first_day.isoformat(),
                amount=format_amount(done.stays),
                name=self._closing.account.resident,
            )
        ]
        if done.carried:
            words.append(_("{amount} went over to the new payer.").format(amount=format_amount(done.carried)))
        joined = [
            one.unit
            for one in self._seat.read(household_of, account=done.left, on=self._today)
            if one.id != done.left and one.resident_id == self._payer()
        ]
        if joined:
            words.append(
                _("{units} is still {name}'s: change it too if it goes along.").format(
                    units=" ".join(joined), name=self._closing.account.resident
                )
            )
        return " ".join(words)

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.RECORDS, Changed.CHARGES)


def _words(known: Namesake) -> str:
    facts = [known.customer_code, " ".join(known.units), known.phone_ending and f"…{known.phone_ending}"]
    return " ".join([known.name, *(fact for fact in facts if fact)])


def ask_change_of_hands(place: DeskPlace) -> None:
    """M: of the account shown."""
    if place.account is not None:
        HandsSheet(place, place.account).ask()
