"""V: a payment of an earlier shift or a closed day taken back whole (红冲), with a red receipt and a second person."""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.taking_back import reverse_payment
from feedesk.ops.wishes import Wish
from feedesk.queries.correctable import receipt_by_text
from feedesk.queries.desk import open_shift_at
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.queries.receipts import StoredReceipt, find_receipt
from feedesk.queries.requests import RequestKind
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet, receipts_at_hand
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.words import listed


class ReceiptMissing(UserError):
    message = N_("Type the number on the receipt, or its last six digits.")


class OfThisShift(UserError):
    message = N_("Receipt {receipt} is of this shift: void it (Ctrl+Delete) instead of reversing it.")


class ReversalSheet(CorrectionSheet):
    """What is reversed is shown line by line; the receipt is chosen of the account's, or its number is typed."""

    def __init__(self, place: DeskPlace, receipts: Sequence[IssuedReceipt], number: str = "") -> None:
        words = _(
            "The whole payment is taken back in this shift: what it settled is owed again, a red receipt is printed, "
            "the original stays and is marked."
        )
        super().__init__(place, _("Reverse a payment"), _("Reverse it"), receipts, words=words)
        self._key = uuid.uuid4().hex
        self.number = QLineEdit(number)
        self.number.setPlaceholderText("SJ-2026-1-000042")
        self.what = Label("", "body", tone="ink_2", wraps=True)
        self.amount = MoneyFigure("figure", tone="danger")
        if receipts:
            self.add_receipt()
            self.receipt.set_value(number or self.receipt.value())
        else:
            self.content.addWidget(FormRow(N_("Receipt no."), self.number))
        self.content.addWidget(self.what)
        self.content.addWidget(self.amount)
        self.add_reason()
        self.offer_asking()
        self._receipts = tuple(receipts)
        self.number.textChanged.connect(lambda _text: self.on_receipt())
        self.on_receipt()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        document = self._stored().document
        lines = [ActLine(line.item, line.amount, line.periods) for line in document.lines]
        lines.append(ActLine(_("Rounded in your favour"), Fen(-document.rounding)))
        lines.append(ActLine(_("Not given back: it lies with the office again"), Fen(document.moved - document.total)))
        shown = act_of(self.place.page, lines, payer=document.payer, back=True, reason=self.reason)
        return replace(shown, unit=document.unit, tender=listed(one.name for one in document.tenders))

    def on_receipt(self) -> None:
        try:
            stored = self._stored()
        except FeedeskError as error:
            self.what.setText(str(error) if self.number.text().strip() else "")
            self.amount.set_text("")
            return
        document = stored.document
        lines = [f"{line.item} {line.periods}".strip() + f" {format_amount(line.amount)}" for line in document.lines]
        if document.rounding:
            lines.append(_("Rounded off {amount}").format(amount=format_amount(document.rounding)))
        paid = listed(f"{one.name} {format_amount(one.kept)}" for one in document.tenders)
        words = _("{unit} {payer}, {at}: {lines}. Paid by: {tenders}.")
        facts = {"unit": document.unit, "payer": document.payer, "at": document.issued_at[:16].replace("T", " ")}
        self.what.setText(words.format(**facts, lines=_("; ").join(lines), tenders=paid))
        self.amount.set_text(f"¥ −{format_amount(document.total)}")

    def _stored(self) -> StoredReceipt:
        """The receipt meant. Raises `ReceiptMissing`, `OfThisShift`, `UnknownReceipt`."""
        seat = self.place.seat()
        text = self.receipt.value() if self._receipts else self.number.text().strip()
        if not text:
            raise ReceiptMissing
        stored = seat.read(find_receipt, number=seat.read(receipt_by_text, text=text))
        shift = seat.read(open_shift_at, till=self.place.till)
        if shift is not None and stored.shift == shift.id:
            raise OfThisShift(receipt=stored.number)
        return stored

    def wish(self) -> Wish:
        stored = self._stored()
        return Wish(RequestKind.REVERSAL, stored.document.total, receipt=stored.number)

    def decide(self) -> str:
        done = self.run_approved(reverse_payment, receipt=self._stored().number, key=self._key, print_slip=True)
        self._view.done(done.receipt, done.money_out)
        words = _("Receipt {receipt} reversed, red receipt {red}: give back {amount}.")
        if not done.money_out:
            words = _("Receipt {receipt} reversed, red receipt {red}. No money goes out: it lies where it came from.")
        return words.format(receipt=done.reverses, red=done.receipt, amount=format_amount(done.money_out))


def ask_reversal(place: DeskPlace, number: str = "") -> None:
    """V: of the account shown the receipts of earlier shifts, else by number; ``number`` is chosen already."""
    of_shift = {one.number for one in receipts_at_hand(place, of_shift=True)}
    found = receipts_at_hand(place) if place.account is not None else ()
    receipts = tuple(one for one in found if one.number not in of_shift)
    if number and number not in {one.number for one in receipts}:
        receipts = ()
    sheet = ReversalSheet(place, receipts, number)
    open_act(sheet, sheet.reason if receipts or number else sheet.number, sheet.on_done)
