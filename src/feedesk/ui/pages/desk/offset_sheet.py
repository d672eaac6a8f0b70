"""O: what is prepaid settles the charges ticked (预存冲抵), whole or as far as is typed; no money moves.

It is the payment out of the prepayment that Alt+6 makes too, with a receipt of its own; a deposit is never used for it.
"""

import uuid
from dataclasses import replace
from typing import Any

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import preview_advances
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.run import Workplace
from feedesk.queries.desk import tenders
from feedesk.queries.statement import prepaid_balance
from feedesk.texts import N_, _, ngettext
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.pages.desk.rows import DeskStatement, Selection
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span


class NothingPrepaid(UserError):
    message = N_("Nothing is prepaid on {unit}: take a prepayment first (Ctrl+K 1), or take the money.")


class NothingTicked(UserError):
    message = N_("Tick the charges that the prepayment is to settle first.")


class OffsetTooLarge(UserError):
    message = N_("At most {most} can be offset: {prepaid} is prepaid, {due} is ticked.")


class OffsetSheet(ActSheet):
    """The charges ticked, what is prepaid, and how much of it to use; all that is possible is proposed."""

    def __init__(self, place: DeskPlace, chosen: Selection, due: Fen, prepaid: Fen) -> None:
        shown = place.page.statement()
        assert shown is not None  # the act needs an account
        title = _("Offset the prepayment of {who}").format(who=f"{shown.card.unit} {shown.card.resident}")
        words = _("No money moves. The oldest debts are settled first; a receipt is printed. Deposits are not touched.")
        super().__init__(place.window, title, _("Offset it"), words=words)
        self._place, self._chosen, self._due, self._prepaid = place, chosen, due, prepaid
        self._key = uuid.uuid4().hex
        self.most = Fen(min(prepaid, due))
        told = ngettext("{n} charge ticked: {due}", "{n} charges ticked: {due}", len(chosen.charges))
        ticked = told.format(n=len(chosen.charges), due=format_amount(due))
        held = _("Prepaid: {amount}").format(amount=format_amount(prepaid))
        self.content.addWidget(Label(f"{held} · {ticked}", "body", tone="ink_2", wraps=True))
        self.amount = MoneyField(N_("Offset"))
        self.amount.edit.set_amount(self.most)
        self.content.addWidget(self.amount)
        self.add_end()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        line = ActLine(_("Charges settled"), self.amount.edit.amount() or ZERO)
        return replace(act_of(self._place.page, [line]), tender=_("Prepayment"))

    def ask(self) -> None:
        """Opens the sheet; what is typed replaces the amount proposed."""
        open_act(self, self.amount.edit, self._on_done)
        self.amount.edit.selectAll()

    def decide(self) -> str:
        amount = self.amount.required(AmountMissing)
        if not amount:
            raise AmountMissing
        if amount > self.most:
            facts: dict[str, Any] = {"prepaid": format_amount(self._prepaid), "due": format_amount(self._due)}
            raise OffsetTooLarge(most=format_amount(self.most), **facts)
        seat = self._place.seat()
        paid = seat.run_op(
            collect_payment,
            account=self._place.account,
            tenders=[TenderGiven(_prepaid_code(seat), amount)],
            charges=[charge.id for charge in self._chosen.charges],
            part=amount < self._due,
            household_too=True,
            key=self._key,
            till=self._place.till,
            print_slip=True,
        )
        self._view.done(paid.receipt, paid.total, settled=True)
        words = _("Offset {amount} from the prepayment, receipt {receipt}; still prepaid {left}.")
        left = format_amount(Fen(self._prepaid - paid.total))
        return words.format(amount=format_amount(paid.total), receipt=paid.receipt, left=left)

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.CHARGES, Changed.PRINT_JOBS)


def _due(place: DeskPlace, shown: DeskStatement, chosen: Selection) -> Fen:
    """What is ticked, less what settling a whole year at once earns."""
    charges = [charge.id for charge in chosen.charges]
    facts = {"account": shown.card.account, "wishes": (), "on": shown.today, "charges": charges}
    return Fen(chosen.total - place.seat().read(preview_advances, **facts).total)


def _prepaid_code(seat: Workplace) -> str:
    """The way of paying that uses up the prepayment."""
    return next((row.code for row in seat.read(tenders).values() if row.kind == "prepaid"), "prepaid")


def ask_offset(place: DeskPlace) -> None:
    """O: of the account shown, for the charges ticked."""
    shown = place.page.statement()
    if shown is None:
        return
    chosen = place.page.charges.selection()
    prepaid = place.seat().read(prepaid_balance, account=shown.card.account)
    if prepaid <= 0:
        place.page.banner.tell("warn", (Span(str(NothingPrepaid(unit=shown.card.unit))),))
    elif not chosen.charges:
        place.page.banner.tell("warn", (Span(str(NothingTicked())),))
    else:
        OffsetSheet(place, chosen, _due(place, shown, chosen), prepaid).ask()
