"""Money of unknown origin is brought to its owner: what it would settle is shown before anything is done."""

import uuid
from dataclasses import replace
from typing import Any, Final

from PySide6.QtWidgets import QLineEdit

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.claiming import MoneyClaimed, claim_unclaimed
from feedesk.queries.accounts import AccountRef, find_account
from feedesk.queries.likely_owners import LikelyOwner, Likeness, likely_owners
from feedesk.queries.unclaimed import UnclaimedItem
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label
from feedesk.ui.words import listed

_REASONS: Final = {
    Likeness.UNIT: N_("the room stands in the remark"),
    Likeness.NAME: N_("the payer's name stands in the remark"),
    Likeness.AMOUNT: N_("owes just that much"),
}
_ANYBODY: Final = N_("Choose, or type the room below")
_OLDEST, _TICKED, _PREPAID = "oldest", "ticked", "prepaid"


class OwnerMissing(UserError):
    message = N_("Type the room or account whose money it is.")


class ClaimSheet(ActSheet):
    """The account shown at the desk is proposed; on an empty desk nobody is, though likely owners are offered."""

    def __init__(self, place: DeskPlace, item: UnclaimedItem) -> None:
        words = _("{receipt}: {left} came on {day} by {tender}. {words}")
        facts = {"receipt": item.receipt, "tender": item.tender, "words": item.words}
        words = words.format(left=format_amount(item.left), day=item.value_date.isoformat(), **facts)
        super().__init__(place.window, _("Claim money of unknown origin"), _("Claim it"), words=words, width=720)
        self._place, self._item, self._seat = place, item, place.seat()
        self._key = uuid.uuid4().hex
        self._shown = place.page.statement()
        self.account, self.reason = QLineEdit(), QLineEdit()
        self.account.setPlaceholderText("3-1-502")
        self.reason.setPlaceholderText(_("for example: the payer showed the bank's slip"))
        self.amount = MoneyField(N_("Amount"))
        self.amount.edit.set_amount(item.left)
        self.settles: Choice[str] = Choice([(_OLDEST, _SETTLES[_OLDEST])], _OLDEST)
        self._likely: dict[int, LikelyOwner] = {}
        self.likely: Choice[int] = Choice([(0, _ANYBODY)], 0)
        self._likely_row = FormRow(N_("Whose it may be"), self.likely)
        self._likely_row.hide()
        self.content.addWidget(self._likely_row)
        self.found = Label("", "body", tone="ink_2", wraps=True)
        self.add_row((N_("Money belongs to"), self.account), (N_("Settles"), self.settles))
        self.content.addWidget(self.amount)
        self.content.addWidget(self.found)
        self.content.addWidget(FormRow(N_("How it is known"), self.reason))
        self.add_end()
        self._tried: tuple[AccountRef, MoneyClaimed] | None = None
        self.account.textChanged.connect(lambda _text: self._on_account())
        self.settles.currentIndexChanged.connect(lambda _place: self._tell())
        self.amount.edit.amount_changed.connect(lambda _amount: self._tell())
        if self._shown is not None:
            self.account.setText(self._shown.card.unit)
        self._view = PayerView(self, place.page, self._act_shown)
        self.likely.chosen.connect(self._on_likely)
        place.beside(self._look_for_owners, self._on_owners)

    def _act_shown(self) -> ActShown:
        """What the money settles, as it was tried."""
        if self._tried is None:
            return ActShown(())
        owner, tried = self._tried
        lines = [ActLine(one.item, Fen(one.principal + one.late_fee), one.period) for one in tried.allocations]
        lines.append(ActLine(_("Prepayment"), tried.prepaid))
        shown = act_of(self._place.page, lines, payer=owner.resident, reason=self.reason)
        return replace(shown, unit=owner.unit, tender=_("Money of unknown origin"))

    def _look_for_owners(self) -> tuple[LikelyOwner, ...]:
        """Beside the window, since every open account is compared: the sheet is there before."""
        return self._seat.read(likely_owners, item=self._item, on=self._seat.business_date())

    def _on_owners(self, found: tuple[LikelyOwner, ...]) -> None:
        """Who may be meant, each with the reason; nothing where nobody fits."""
        self._likely = {one.account: one for one in found}
        named = [(account, likely_words(one)) for account, one in self._likely.items()]
        self.likely.set_choices([(0, _ANYBODY), *named], 0)
        self._likely_row.setVisible(bool(found))

    def ask(self) -> None:
        """Opens the sheet at the account; where one is shown at the desk, at how it is known."""
        open_act(self, self.account if self._shown is None else self.reason, self._on_done)

    def owner(self) -> AccountRef:
        """The account typed. Raises `OwnerMissing`, `UnknownAccount` …"""
        text = self.account.text().strip()
        if not text:
            raise OwnerMissing
        if self._shown is not None and text == self._shown.card.unit:
            text = self._shown.card.number  # of several accounts of a unit the one at the desk
        return self._seat.read(find_account, text=text, on=self._seat.business_date())

    def decide(self) -> str:
        owner = self.owner()
        self._tell()
        done = self._seat.run_op(
            claim_unclaimed,
            account=owner.id,
            reason=self.reason.text(),
            key=self._key,
            print_slip=True,
            **self._order(owner),
        )
        self._view.done(done.receipt, done.total, settled=True)
        words = _("{amount} of {item} is {unit} {resident}'s now, receipt {receipt}.")
        facts = {"item": done.item, "unit": owner.unit, "resident": owner.resident, "receipt": done.receipt}
        return words.format(amount=format_amount(done.total), **facts)

    def _order(self, owner: AccountRef) -> dict[str, Any]:
        charges: tuple[int, ...] | None = None
        if self.settles.value() == _PREPAID:
            charges = ()
        elif self.settles.value() == _TICKED:
            charges = self._ticked(owner)
        amount = self.amount.required(AmountMissing)
        facts = {"receipt": self._item.receipt, "amount": amount, "charges": charges}
        return {**facts, "household_too": True, "till": self._place.till}

    def _ticked(self, owner: AccountRef) -> tuple[int, ...]:
        """The charges ticked at the desk, where they are of this account."""
        if self._shown is None or self._shown.card.account != owner.id:
            return ()
        return tuple(charge.id for charge in self._place.page.charges.selection().charges)

    def _on_likely(self, account: int) -> None:
        likely = self._likely.get(account)
        if likely is not None:
            self.account.setText(likely.unit)
            self.reason.setText(_reason_words(likely))

    def _on_account(self) -> None:
        """Another account: what can be settled there is offered."""
        ways = [_OLDEST, _PREPAID]
        try:
            if self._ticked(self.owner()):
                ways.insert(1, _TICKED)
        except FeedeskError as error:
            self.found.setText(str(error) if self.account.text().strip() else "")
            return
        self.settles.set_choices([(way, _SETTLES[way]) for way in ways], self.settles.value())
        self._tell()

    def _tell(self) -> None:
        """What would become of the money, found out by trying; nothing is kept of it."""
        self._tried = None
        try:
            owner = self.owner()
            tried = self._seat.try_op(claim_unclaimed, account=owner.id, reason=_("tried"), **self._order(owner))
        except FeedeskError as error:
            self.found.setText(str(error) if self.account.text().strip() else "")
            return
        self._tried = owner, tried
        self.found.setText(f"{owner.unit} {owner.resident} · {owner.number}\n{self._outcome(tried)}")

    def _outcome(self, tried: MoneyClaimed) -> str:
        late_fees = Fen(sum(one.late_fee for one in tried.allocations))
        settled = Fen(tried.total - tried.prepaid)
        words = []
        if tried.allocations:
            settles = _("Settles {amount} of {count} charges")
            words.append(settles.format(amount=format_amount(settled), count=len(tried.allocations)))
        if late_fees:
            day = self._item.value_date.isoformat()
            fees = _("late fees {amount} of it, reckoned to {day}")
            words.append(fees.format(amount=format_amount(late_fees), day=day))
        if tried.prepaid:
            words.append(_("{amount} is prepaid").format(amount=format_amount(tried.prepaid)))
        if tried.left:
            words.append(_("{amount} stays unclaimed").format(amount=format_amount(tried.left)))
        return listed(words)

    def _on_done(self, told: str) -> None:
        self._place.done(told, Changed.PAYMENTS, Changed.CHARGES, Changed.PRINT_JOBS)


_SETTLES: Final = {
    _OLDEST: N_("what is due, oldest first"),
    _TICKED: N_("the charges ticked at the desk"),
    _PREPAID: N_("nothing yet: all of it is prepaid"),
}


def likely_words(likely: LikelyOwner) -> str:
    """``1-1-102 李样：房号见附言、应缴正好相等``."""
    return _("{unit} {resident}: {why}").format(unit=likely.unit, resident=likely.resident, why=_reason_words(likely))


def _reason_words(likely: LikelyOwner) -> str:
    return listed([_(_REASONS[one]) for one in likely.likeness])
