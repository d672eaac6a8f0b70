"""3: months ahead (预缴): each item with how far it is billed, a number of months, and at once what that comes to.

Enter takes them over to the money, together with the charges ticked; nothing is posted before the money is taken.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.advancing import AdvanceWish, preview_advances
from feedesk.queries.accounts import household_of
from feedesk.queries.advances import ItemAhead, ItemOffer, items_to_pay_ahead
from feedesk.queries.paid_at_once import AtOnce
from feedesk.texts import N_, _
from feedesk.ui.pages.desk.act_sheet import ActSheet, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.month_count import months_typed
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of
from feedesk.ui.pages.desk.rows import AheadLine
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure


class NoMonthsAhead(UserError):
    message = N_("Type for how many months to pay ahead, for example 12.")


class NothingToPayAhead(UserError):
    message = N_("Nothing of {unit} is charged by time, so that nothing can be paid ahead.")


class AdvanceSheet(ActSheet):
    """A row for each item: name, billed through, months, amount; below what all comes to, concessions included."""

    def __init__(self, place: DeskPlace, offers: tuple[ItemOffer, ...]) -> None:
        shown = place.page.statement()
        assert shown is not None  # the act needs an account
        title = _("Months ahead of {unit} {resident}").format(unit=shown.card.unit, resident=shown.card.resident)
        super().__init__(place.window, title, _("To the money"), width=680)
        self._place, self._offers, self._shown = place, offers, shown
        self._charges = tuple(charge.id for charge in place.page.charges.selection().charges)
        self._planned: tuple[ItemAhead, ...] = ()
        self.months: list[QLineEdit] = []
        self._amounts: list[Label] = []
        self._build_rows()
        self.conceded = Label("", "secondary", tone="good", wraps=True)
        self.total = MoneyFigure("figure", right=True)
        self.content.addWidget(self.conceded)
        self.content.addWidget(self.total)
        self.add_end()
        self._earned = AtOnce()
        self._reckon()
        self._view = PayerView(self, place.page, self._act_shown)

    def _act_shown(self) -> ActShown:
        page, earned = self._place.page, self._earned
        lines = [ActLine(_("Charges ticked"), page.charges.selection().total)]
        lines += [ActLine(one.words, one.amount) for one in page.terms.terms().sales]
        lines += [ActLine(one.item, one.total, _ahead_words(one)) for one in earned.ahead]
        lines.append(ActLine(_("Concessions"), Fen(-earned.total)))
        return act_of(page, lines)

    def _build_rows(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        heads = (N_("Item"), N_("Billed through"), N_("Months ahead"), N_("Amount"))
        for column, message in enumerate(heads):
            head = Label.saying(message, "caption", tone="mute")
            if column > 1:
                head.setAlignment(Qt.AlignmentFlag.AlignRight)
            grid.addWidget(head, 0, column)
        for place, offer in enumerate(self._offers, 1):
            name = offer.item if offer.account.id == self._shown.card.account else f"{offer.item} {offer.account.unit}"
            months = QLineEdit()
            months.setFixedWidth(90)
            months.setAlignment(Qt.AlignmentFlag.AlignRight)
            months.setAccessibleName(f"{name} {_('Months ahead')}")
            months.setEnabled(offer.most > 0)
            months.setPlaceholderText(_("to {most}").format(most=offer.most))
            months.textChanged.connect(self._reckon)
            amount = Label("", "body", bold=True)
            amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            amount.setMinimumWidth(110)
            billed = offer.ruler.billed.isoformat() if offer.ruler.billed else "–"
            cells = (Label(name), Label(billed, tone="ink_2"), months, amount)
            for column, cell in enumerate(cells):
                grid.addWidget(cell, place, column)
            self.months.append(months)
            self._amounts.append(amount)
        self.content.addLayout(grid)

    def ask(self) -> None:
        """Opens the sheet with the keyboard at the first item that can be paid ahead."""
        first = next((field for field in self.months if field.isEnabled()), self.button)
        open_act(self, first, lambda _told: None)

    def decide(self) -> str:
        if not self._wishes():
            raise NoMonthsAhead
        self._planned = self._plan().ahead
        return ""

    def submit(self) -> None:
        """Enter: over to the money; what cannot be is told here."""
        super().submit()
        if self._planned and not self.isVisible():
            lines = [AheadLine(one.account.id, one.item, one.months, one.until, one.total) for one in self._planned]
            self._place.page.set_ahead(lines)

    def _wishes(self) -> list[AdvanceWish]:
        typed = zip(self._offers, self.months, strict=True)
        return [
            AdvanceWish(offer.item, months, offer.account.id)
            for offer, field in typed
            if (months := months_typed(field.text()))
        ]

    def _plan(self) -> AtOnce:
        return self._place.seat().read(
            preview_advances,
            account=self._shown.card.account,
            wishes=self._wishes(),
            on=self._shown.today,
            charges=self._charges,
        )

    def _reckon(self) -> None:
        """After each digit: what it comes to, or why it cannot be."""
        earned = AtOnce()
        self.sentence.hide()
        try:
            earned = self._plan()
        except FeedeskError as error:
            self.refuse(str(error))
        self._earned, planned = earned, earned.ahead
        found = {(one.account.id, one.item): one for one in planned}
        for offer, amount in zip(self._offers, self._amounts, strict=True):
            ahead = found.get((offer.account.id, offer.item))
            amount.setText(format_amount(ahead.total) if ahead else "")
        page = self._place.page
        bought = sum(one.amount for one in page.terms.terms().sales)
        total = Fen(page.charges.selection().total + bought - earned.total + sum(one.total for one in planned))
        self.total.set_text(format_amount(total))
        self.total.setAccessibleName(format_amount(total))
        self.conceded.setText(_conceded(earned))
        self.conceded.setVisible(bool(self.conceded.text()))


def _ahead_words(one: ItemAhead) -> str:
    return _("{months} months ahead, to {until}").format(months=one.months, until=one.until.isoformat())


def _conceded(earned: AtOnce) -> str:
    """What is taken off, by name: off the months ahead, and off the charges ticked where a year is paid at once."""
    sums: dict[str, int] = {"+".join(earned.labels): earned.total} if earned.cuts else {}
    for one in earned.ahead:
        for bill in one.bills:
            for part in bill.conceded.parts if bill.conceded is not None else ():
                sums[part.label] = sums.get(part.label, 0) + part.amount
    return " · ".join(f"{label} −{format_amount(Fen(amount))}" for label, amount in sums.items())


def ask_advance(place: DeskPlace) -> None:
    """3: months to come, posted and paid at once."""
    shown = place.page.statement()
    if shown is None:
        return
    accounts = place.seat().read(household_of, account=shown.card.account, on=shown.today)
    offers = place.seat().read(items_to_pay_ahead, accounts=accounts, today=shown.today)
    if offers:
        AdvanceSheet(place, offers).ask()
    else:
        place.done(str(NothingToPayAhead(unit=shown.card.unit)), tone="warn")
