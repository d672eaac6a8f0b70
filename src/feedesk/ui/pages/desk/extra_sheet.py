"""Money that settles nothing yet: a prepayment (预存) or a deposit (押金), with a receipt of its own."""

import uuid

from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.collecting import collect_payment
from feedesk.ops.selling import PayerMissing, sell
from feedesk.queries.desk import tenders
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
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
        who = f"{shown.card.unit} {shown.card.resident}" if shown else _("somebody without an account")
        title = _("Deposit of {who}") if deposit else _("Prepayment of {who}")
        act = _("Take the deposit") if deposit else _("Take the prepayment")
        super().__init__(place.window, title.format(who=who), act)
        self._place = place
        self._key = uuid.uuid4().hex
        self.name = QLineEdit()
        self.name.setPlaceholderText(_("for example a fit-out deposit"))
        self.fields = TenderFields(tenders_of(place))
        self.payer = QLineEdit()
        whoever = _("the resident, unless somebody else pays") if shown else _("name of whoever pays")
        self.payer.setPlaceholderText(whoever)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText(_("for example a telephone number"))
        if deposit:
            self.add_row((N_("Deposit for"), self.name))
        self._deposit = deposit
        self.content.addWidget(self.fields)
        stranger = [(N_("Remark"), self.remark)] if shown is None else []
        self.add_row((N_("Payer"), self.payer), *stranger)
        self.add_end()
        self._view = PayerView(self, place.page, self._shown)

    def _shown(self) -> ActShown:
        what = (self.name.text().strip() or _("Deposit")) if self._deposit else _("Prepayment")
        line = ActLine(what, self.fields.amount.edit.amount() or ZERO)
        return act_of(self._place.page, [line], payer=self.payer.text(), fields=self.fields)

    def ask(self) -> None:
        """Opens the sheet."""
        open_act(self, self.name if self._deposit else self.fields.amount.edit, self._on_done)

    def decide(self) -> str:
        name = self.name.text().strip()
        if self._deposit and not name:
            raise DepositNameMissing
        given = self.fields.tender()
        taken = {"tenders": [given], "deposits": [(name, given.amount)] if self._deposit else ()}
        paper = {"key": self._key, "till": self._place.till, "print_slip": True}
        seat, payer = self._place.seat(), self.payer.text().strip()
        if self._place.account is None:
            paid = seat.run_op(sell, payer=payer, remark=self.remark.text(), **taken, **paper)
        else:
            prepay = ZERO if self._deposit else given.amount
            facts = {"account": self._place.account, "charges": (), "prepay": prepay, "payer": payer or None}
            paid = seat.run_op(collect_payment, **facts, **taken, **paper)
        self._view.done(paid.receipt, Fen(paid.total), Fen(paid.change))
        words = _("{what}: taken {amount}, receipt {receipt}.")
        what = name if self._deposit else _("Prepayment")
        return words.format(what=what, amount=format_amount(Fen(paid.total)), receipt=paid.receipt)

    def field_of(self, error: FeedeskError) -> QWidget | None:
        if isinstance(error, DepositNameMissing):
            return self.name
        return self.payer if isinstance(error, PayerMissing) else None

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.PRINT_JOBS)


def ask_prepayment(place: DeskPlace) -> None:
    """1: money for charges to come."""
    ExtraSheet(place, deposit=False).ask()


def ask_deposit(place: DeskPlace) -> None:
    """2: money held and given back later; without an account shown, of somebody who has none."""
    ExtraSheet(place, deposit=True).ask()
