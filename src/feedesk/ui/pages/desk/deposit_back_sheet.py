"""D: a deposit given back against its slip or a statement that it was lost; what is kept is charged for a fee item."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.giving_back import MoneyGivenBack
from feedesk.ops.refunding import FIT_OUT, Deduction, DepositPapers, refund_deposit
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit
from feedesk.ops.wishes import Wish
from feedesk.queries.correctable import fee_item_names
from feedesk.queries.corrections import deposit_slip, deposits_held
from feedesk.queries.requests import RequestKind
from feedesk.queries.strangers import StrangersDeposit, strangers_deposits
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.correction_sheet import CorrectionSheet, ask_or_tell
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.choice import Choice, FormRow

_INSPECTED = ((False, N_("Not inspected yet")), (True, N_("Inspected and passed")))


class NoDepositHeld(UserError):
    message = N_("No deposit is held for this account: look at its history (Ctrl+H).")


class NoStrangersDeposit(UserError):
    message = N_("No deposit is held for anybody without an account: for a resident's, find the account first.")


class InspectionNotTicked(UserError):
    message = N_("{name} goes back only after an inspection: choose “Inspected and passed”.")


class DepositBackSheet(CorrectionSheet):
    """The whole of a deposit is proposed, with the slip the ledger knows; a deduction lowers what goes back.

    `StrangersDepositSheet` is the same for people without an account, whose deposits are known by their receipts.
    """

    op: Callable[..., MoneyGivenBack] = staticmethod(refund_deposit)

    def __init__(self, place: DeskPlace, held: dict[str, Fen]) -> None:
        super().__init__(place, _("Give a deposit back"), _("Give it back"), (), words="")
        self._key, self._held = uuid.uuid4().hex, held
        seat = place.seat()
        names = [(name, f"{name} {format_amount(amount)}") for name, amount in held.items()]
        self.deposit: Choice[str] = Choice(self.named(names), names[0][0])
        self.slip, self.lost, self.payee, self.authorised = (QLineEdit() for _field in range(4))
        self.inspected: Choice[bool] = Choice(_INSPECTED, False)
        self.deducted = MoneyField(N_("Deducted"))
        items = [(name, name) for name in seat.read(fee_item_names)]
        self.item: Choice[str] = Choice(items or [("", "")], items[0][0] if items else "")
        self.fields = TenderFields(tenders_of(place), amount=N_("Given back"))
        self.payee.setPlaceholderText(_("whoever paid it"))
        self.lost.setPlaceholderText(_("only without the slip"))
        self._build()
        self.deposit.currentIndexChanged.connect(lambda _place: self._propose())
        self.deducted.edit.textChanged.connect(lambda _text: self._reckon())
        self._propose()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        given, kept = self.fields.amount.edit.amount() or ZERO, self._deduction()
        lines = [
            ActLine(self.name_of(self.deposit.value()), Fen(given + kept), self.slip.text().strip()),
            ActLine(_("Deducted: {item}").format(item=self.item.value()), Fen(-kept)),
        ]
        payer = self.payee.text() or self.payer_of(self.deposit.value())
        return act_of(self.place.page, lines, payer=payer, fields=self.fields, back=True, reason=self.reason)

    def payer_of(self, _key: str) -> str:
        """Who left it, where that is not the account's own payer."""
        return ""

    def named(self, names: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The deposits held, each with its words."""
        return names

    def name_of(self, key: str) -> str:
        """What the deposit is called."""
        return key

    def whose(self, _key: str) -> dict[str, Any]:
        """Whose deposit it is, as the operation asks for it."""
        return {"account": self.place.account}

    def slip_of(self, name: str) -> str:
        """The slip that the ledger knows for a deposit; empty where it knows none."""
        facts = {"account": self.place.account, "name": name, "amount": self._held[name]}
        return self.place.seat().read(deposit_slip, **facts)

    def _build(self) -> None:
        self.add_row((N_("Deposit"), self.deposit), (N_("Inspection"), self.inspected))
        self.add_row((N_("Original slip"), self.slip), (N_("Statement of loss"), self.lost))
        self.add_row((N_("Payee"), self.payee), (N_("Written authorisation"), self.authorised))
        kept = QHBoxLayout()
        kept.setSpacing(12)
        for part in (self.deducted, FormRow(N_("Deducted for"), self.item)):
            kept.addWidget(part, 1, Qt.AlignmentFlag.AlignBottom)
        self.content.addLayout(kept)
        self.content.addWidget(self.fields)
        self.add_reason()
        self.offer_asking()

    def _propose(self) -> None:
        self.slip.setText(self.slip_of(self.deposit.value()))
        self._reckon()

    def _deduction(self) -> Fen:
        return self.deducted.edit.amount() or ZERO

    def _reckon(self) -> None:
        back = self._held[self.deposit.value()] - self._deduction()
        self.fields.amount.edit.set_amount(Fen(max(back, 0)))

    def field_of(self, error: FeedeskError) -> QWidget | None:
        return self.inspected if isinstance(error, InspectionNotTicked) else super().field_of(error)

    def ask(self) -> None:
        """Opens it at the slip's number, which typing another one replaces."""
        open_act(self, self.slip, self.on_done)
        self.slip.selectAll()

    def _papers(self, name: str) -> DepositPapers:
        if FIT_OUT in name and not self.inspected.value():
            raise InspectionNotTicked(name=name)
        return DepositPapers(
            slip=self.slip.text() if not self.lost.text().strip() else "",
            lost=self.lost.text(),
            payee=self.payee.text(),
            authorisation=self.authorised.text(),
            inspected=self.inspected.value(),
        )

    def wish(self) -> Wish:
        key, deducted, given = self.deposit.value(), self.deducted.optional() or ZERO, self.fields.tender()
        name = self.name_of(key)
        return Wish(
            RequestKind.DEPOSIT,
            Fen(given.amount + deducted),
            **self.whose(key),
            tender=given.code,
            reference=given.reference or "",
            deposit=name,
            papers=self._papers(name),
            deduction=Deduction(self.item.value(), deducted) if deducted else None,
        )

    def decide(self) -> str:
        key, deducted, given = self.deposit.value(), self.deducted.optional() or ZERO, self.fields.tender()
        name = self.name_of(key)
        papers = self._papers(name)
        done = self.run_approved(
            self.op,
            **self.whose(key),
            name=name,
            amount=Fen(given.amount + deducted),
            tender=given,
            papers=papers,
            deduction=Deduction(self.item.value(), deducted) if deducted else None,
            key=self._key,
            print_slip=True,
        )
        self._view.done(done.receipt, done.total)
        words = _("{name}: given back {amount}, refund receipt {receipt}.")
        return words.format(name=name, amount=format_amount(done.total), receipt=done.receipt)


class StrangersDepositSheet(DepositBackSheet):
    """Each deposit with its receipt, day and payer; by its number it is found at once."""

    op = staticmethod(refund_walk_in_deposit)

    def __init__(self, place: DeskPlace, deposits: Sequence[StrangersDeposit]) -> None:
        self._deposits = {f"{one.receipt} {one.name}": one for one in deposits}
        super().__init__(place, {key: one.held for key, one in self._deposits.items()})
        self.slip.textEdited.connect(self._find)

    def named(self, names: list[tuple[str, str]]) -> list[tuple[str, str]]:
        def words(one: StrangersDeposit) -> str:
            return f"{one.receipt} · {one.day:%m-%d} · {one.payer} · {one.name} {format_amount(one.held)}"

        return [(key, words(self._deposits[key])) for key, _words in names]

    def slip_of(self, name: str) -> str:
        return self._deposits[name].receipt

    def name_of(self, key: str) -> str:
        return self._deposits[key].name

    def payer_of(self, key: str) -> str:
        return self._deposits[key].payer

    def whose(self, key: str) -> dict[str, Any]:
        return {"receipt": self._deposits[key].receipt}

    def _find(self, typed: str) -> None:
        """The deposit whose receipt ends with what is typed, while it is just one receipt's."""
        number = typed.strip().upper()
        found = [key for key, one in self._deposits.items() if number and one.receipt.endswith(number)]
        if len({self._deposits[key].receipt for key in found}) == 1 and self.deposit.value() not in found:
            self.deposit.blockSignals(True)  # what is being typed stays
            self.deposit.set_value(found[0])
            self.deposit.blockSignals(False)
            self._reckon()


def ask_deposit_back(place: DeskPlace) -> None:
    """D: of the account shown; on an empty desk of people without an account."""
    if place.account is None:
        _ask_of_strangers(place)
        return
    held = place.seat().read(deposits_held, account=place.account)

    def ask() -> None:
        DepositBackSheet(place, held).ask()

    ask_or_tell(place, list(held), ask, NoDepositHeld)


def _ask_of_strangers(place: DeskPlace) -> None:
    deposits = place.seat().read(strangers_deposits)

    def ask() -> None:
        StrangersDepositSheet(place, deposits).ask()

    ask_or_tell(place, deposits, ask, NoStrangersDeposit)
