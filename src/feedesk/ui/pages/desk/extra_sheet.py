"""Money that settles nothing yet: a prepayment (预存) or a deposit (押金), with a receipt of its own."""

import uuid

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.collecting import collect_payment
from feedesk.queries.desk import tenders
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.rows import TenderChoice


class DepositNameMissing(UserError):
    message = N_("Say what the deposit is for, for example a fit-out deposit.")


def tenders_of(place: DeskPlace) -> list[TenderChoice]:
    """The ways in which money comes in; a prepayment cannot be paid out of itself."""
    return [
        TenderChoice(row.code, row.name, row.gives_change, row.asks_reference)
        for row in place.seat().read(tenders).values()
        if row.kind != "prepaid"
    ]


class ExtraSheet(ActSheet):
    """Takes a prepayment; with a name, a deposit."""

    def __init__(self, place: DeskPlace, *, deposit: bool) -> None:
        shown = place.page.statement()
        who = f"{shown.card.unit} {shown.card.resident}" if shown else ""
        title = _("Deposit of {who}") if deposit else _("Prepayment of {who}")
        act = _("Take the deposit") if deposit else _("Take the prepayment")
        super().__init__(place.window, title.format(who=who), act)
        self._place = place
        self._key = uuid.uuid4().hex
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("for example a fit-out deposit"))
        self.fields = TenderFields(tenders_of(place))
        self.payer = QLineEdit()
        self.payer.setPlaceholderText(_("the resident, unless somebody else pays"))
        if deposit:
            self.add_row((N_("Deposit for"), self.name))
        self._deposit = deposit
        self.content.addWidget(self.fields)
        self.add_row((N_("Payer"), self.payer))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        open_act(self, self.name if self._deposit else self.fields.amount.edit, self._on_done)

    def decide(self) -> str:
        name = self.name.text().strip()
        if self._deposit and not name:
            raise DepositNameMissing
        given = self.fields.tender()
        paid = self._place.seat().run_op(
            collect_payment,
            account=self._place.account,
            tenders=[given],
            charges=(),
            prepay=ZERO if self._deposit else given.amount,
            deposits=[(name, given.amount)] if self._deposit else (),
            payer=self.payer.text().strip() or None,
            key=self._key,
            till=self._place.till,
            print_slip=True,
        )
        words = _("{what}: taken {amount}, receipt {receipt}.")
        what = name if self._deposit else _("Prepayment")
        return words.format(what=what, amount=format_amount(Fen(paid.total)), receipt=paid.receipt)

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.PRINT_JOBS)


def ask_prepayment(place: DeskPlace) -> None:
    """1: money for charges to come."""
    ExtraSheet(place, deposit=False).ask()


def ask_deposit(place: DeskPlace) -> None:
    """2: money held and given back later."""
    ExtraSheet(place, deposit=True).ask()
