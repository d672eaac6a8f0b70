"""A payment put right: in its right tender (T), on its right account (X), taken out again because it bounced (B)."""

import uuid
from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.accounts import AccountRef, find_account
from feedesk.queries.corrections import PaymentLeft
from feedesk.queries.desk import open_shift_at, tenders
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet, ask_or_tell, receipts_at_hand
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.widgets.label import Label
from feedesk.ui.words import listed


class RightAccountMissing(UserError):
    message = N_("Type the room or account the money was meant for.")


class TenderSheet(CorrectionSheet):
    """What was really paid in another way; the rest stays as it was booked."""

    def __init__(self, place: DeskPlace, receipts: Sequence[IssuedReceipt]) -> None:
        words = _("Within this shift. The receipt keeps its number; its copies are marked.")
        super().__init__(place, _("Correct the way of paying"), _("Correct it"), receipts, words=words)
        self._key = uuid.uuid4().hex
        self.fields = TenderFields(tenders_of(place), amount=N_("Really paid this way"))
        self.add_receipt()
        self.content.addWidget(self.fields)
        self.add_reason()
        self.approver.hide()
        self.on_receipt()

    def on_receipt(self) -> None:
        self.fields.amount.edit.set_amount(self.left().total)

    def decide(self) -> str:
        left = self.left()
        done = self.run(
            change_tender, receipt=self.receipt.value(), tenders=_corrected(left, self.fields.tender()), key=self._key
        )
        words = _("{receipt}: {amount} was booked as {before}, is now {after}.")
        before, after = (listed(names) for names in (done.before, done.after))
        return words.format(receipt=done.receipt, amount=format_amount(done.total), before=before, after=after)


def _corrected(left: PaymentLeft, given: TenderGiven) -> list[TenderGiven]:
    """The payment's tenders with what was really given in another; the rest stays in the tender it was booked in."""
    rest = Fen(left.total - given.amount)
    if rest <= 0 or len(left.tenders) != 1:
        return [given]
    (booked,) = left.tenders
    return [TenderGiven(booked.code, rest, booked.reference or None), given]


class MoveSheet(CorrectionSheet):
    """The room is shown with who lives there before anything moves."""

    def __init__(self, place: DeskPlace, receipts: Sequence[IssuedReceipt]) -> None:
        words = _("The money does not move: it is taken off this account and settles what is due on the other.")
        super().__init__(place, _("Bring a payment to another account"), _("Bring it there"), receipts, words=words)
        self._key = uuid.uuid4().hex
        self.account = QLineEdit()
        self.account.setPlaceholderText("3-1-502")
        self.found = Label("", "body", tone="ink_2", wraps=True)
        self.add_receipt()
        self.add_row((N_("Meant for"), self.account))
        self.content.addWidget(self.found)
        self.add_reason()
        self.account.textChanged.connect(self._on_typed)
        self.on_receipt()

    def on_receipt(self) -> None:
        shift = self.place.seat().read(open_shift_at, till=self.place.till)
        self.approver.setVisible(shift is None or self.left().shift != shift.id)

    def _on_typed(self, _text: str) -> None:
        try:
            ref = self._right()
        except FeedeskError as error:
            self.found.setText(str(error) if self.account.text().strip() else "")
            return
        self.found.setText(f"{ref.unit} {ref.resident} · {ref.number}")

    def _right(self) -> AccountRef:
        text = self.account.text().strip()
        if not text:
            raise RightAccountMissing
        seat = self.place.seat()
        return seat.read(find_account, text=text, on=seat.business_date())

    def decide(self) -> str:
        right = self._right()
        facts = {"receipt": self.receipt.value(), "account": right.id, "key": self._key, "print_slip": True}
        act = self.run if self.approver.isHidden() else self.run_approved
        done = act(transfer_payment, **facts)
        words = _("{amount} of {moved} now stands on {unit} {resident}, receipt {receipt}.")
        facts = {"moved": done.moved, "unit": right.unit, "resident": right.resident, "receipt": done.receipt}
        return words.format(amount=format_amount(done.total), **facts)


class BounceSheet(CorrectionSheet):
    """Nothing but the receipt, why, and who approves."""

    def __init__(self, place: DeskPlace, receipts: Sequence[IssuedReceipt]) -> None:
        words = _("No cash moves. What the transfer had settled is owed again, and its late fees count on.")
        super().__init__(place, _("A transfer came back or never came"), _("Take it out again"), receipts, words=words)
        self._key = uuid.uuid4().hex
        self.reason.setPlaceholderText(_("for example: returned by the bank, wrong account number"))
        self.add_receipt()
        self.add_reason()

    def decide(self) -> str:
        done = self.run_approved(bounce_payment, receipt=self.receipt.value(), key=self._key, print_slip=True)
        words = _("{amount} of {receipt} bounced: {opened} is owed again, paper {number}.")
        facts = {"receipt": done.refunds, "opened": format_amount(done.opened), "number": done.receipt}
        return words.format(amount=format_amount(done.total), **facts)


def ask_tender(place: DeskPlace) -> None:
    """T: a receipt of this shift, of the account shown or of anybody."""
    receipts = receipts_at_hand(place, of_shift=True)

    def ask() -> None:
        sheet = TenderSheet(place, receipts)
        open_act(sheet, sheet.receipt, sheet.on_done)

    ask_or_tell(place, receipts, ask)


def ask_move(place: DeskPlace) -> None:
    """X: a receipt of the account shown, or of this shift."""
    receipts = receipts_at_hand(place)

    def ask() -> None:
        sheet = MoveSheet(place, receipts)
        open_act(sheet, sheet.account, sheet.on_done)

    ask_or_tell(place, receipts, ask)


def ask_bounce(place: DeskPlace) -> None:
    """B: a receipt that was paid by transfer."""
    banks = {one.name for one in place.seat().read(tenders).values() if one.kind == "bank"}
    receipts = tuple(one for one in receipts_at_hand(place) if banks & set(one.tenders))

    def ask() -> None:
        sheet = BounceSheet(place, receipts)
        open_act(sheet, sheet.reason, sheet.on_done)

    ask_or_tell(place, receipts, ask)
