"""4: the price list (价目表): so many of each article, by the account shown or by somebody without one, paid at once.

↑ and ↓ choose the article, digits (or + and −) say how many; Enter takes the money and prints the receipt. With an
account shown Ctrl+Enter lets it be paid together with the charges: one sum, one receipt, one change.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import ZERO, Fen, decimal_text, format_amount
from feedesk.ops.selling import QuantityWrong, SaleWish, sell
from feedesk.queries.accounts import account_by_id
from feedesk.queries.desk_terms import change_step
from feedesk.queries.price_list import price_list
from feedesk.rules.selling import MOST, Article, is_quantity, parse_quantity
from feedesk.rules.tenders import Given, settle
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.act_sheet import ActSheet, TenderFields, open_act
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.extra_sheet import tenders_of
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView, act_of, gives_change
from feedesk.ui.pages.desk.rows import SoldLine, TenderChoice
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure

_HEADS: Final = (N_("Article"), N_("Price"), N_("Basis"), N_("Quantity"), N_("Amount"))
TOGETHER: Final = "Ctrl+Return"
_TOGETHER_WORDS: Final = N_("Pay together with the charges")
_STEPS: Final = {"+": 1, "＋": 1, "-": -1, "－": -1, "−": -1}


class EmptyPriceList(UserError):
    message = N_(
        "There is nothing on the price list today: it shows the prices that are charged once only, kept in the records "
        "under prices."
    )


class RemarkNeedsItsOwn(UserError):
    message = N_("A remark stands on a receipt of its own only: clear it, or press Enter to take this money alone.")


class PriceListSheet(ActSheet):
    """A row for each article; below who pays, the sum, what is given and the change."""

    def __init__(self, place: DeskPlace, articles: Sequence[Article]) -> None:
        shown = place.page.statement()
        who = f"{shown.card.unit} {shown.card.resident}" if shown else _("somebody without an account")
        super().__init__(place.window, _("Price list for {who}").format(who=who), _("Take the money"), width=820)
        self._place, self._articles = place, tuple(articles)
        self._key = uuid.uuid4().hex
        self._ways = tenders_of(place)
        self._coins = place.seat().read(change_step)
        self._change = self._rounding = ZERO
        self.quantities: list[QLineEdit] = []
        self._amounts: list[Label] = []
        self._build_articles()
        self.payer, self.remark = QLineEdit(shown.card.resident if shown else ""), QLineEdit()
        self.payer.setPlaceholderText(_("name of whoever pays"))
        self.remark.setPlaceholderText(_("for example a telephone number"))
        self.add_row((N_("Payer"), self.payer), (N_("Remark"), self.remark))
        self.fields = TenderFields(self._ways, amount=N_("Amount received"))
        self._typed = False
        self.fields.amount.edit.textEdited.connect(self._on_typed)
        self.fields.amount.edit.amount_changed.connect(lambda _amount: self._tell_change())
        self.fields.way.chosen.connect(lambda _way: self._reckon())
        self.total = MoneyFigure("figure", right=True)
        self.change = Label("", "secondary", tone="ink_2")
        sum_row = QHBoxLayout()
        sum_row.addWidget(Label.saying(N_("Total"), "secondary", tone="ink_2"), 1, Qt.AlignmentFlag.AlignRight)
        sum_row.addWidget(self.total)
        self.content.addLayout(sum_row)
        self.content.addWidget(self.fields)
        self.add_foot(self.change)
        self.add_end()
        if shown is not None:
            self._offer_together()
        self._reckon()
        self._view = PayerView(self, place.page, self._shown)

    def _offer_together(self) -> None:
        """Below the button a second way; what is in the payment already is shown again."""
        row = QHBoxLayout()
        row.addStretch(1)
        self.together = QuietButton(_(_TOGETHER_WORDS), TOGETHER)
        self.together.clicked.connect(self.pay_together)
        row.addWidget(self.together)
        self.add_foot(row)
        bind(self, TOGETHER, _TOGETHER_WORDS, self.pay_together, group=N_("Price list"))
        wanted = {one.tariff: one.quantity for one in self._place.page.terms.terms().sales}
        for article, field in zip(self._articles, self.quantities, strict=True):
            if article.tariff in wanted:
                field.setText(decimal_text(wanted[article.tariff]))

    def _build_articles(self) -> None:
        inner = QWidget()
        inner.setObjectName("scrolled")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(2, 1)
        for column, message in enumerate(_HEADS):
            head = Label.saying(message, "caption", tone="mute")
            if column not in (0, 2):
                head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(head, 0, column)
        for row, article in enumerate(self._articles, 1):
            self._add_article(grid, row, article)
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedHeight(min(inner.sizeHint().height() + 2, max(160, self._place.window.height() - 400)))
        self._area = area
        self.content.addWidget(area)

    def _add_article(self, grid: QGridLayout, row: int, article: Article) -> None:
        quantity = QLineEdit()
        quantity.setFixedWidth(76)
        quantity.setAlignment(Qt.AlignmentFlag.AlignRight)
        quantity.setAccessibleName(f"{article.name} {_('Quantity')}")
        quantity.textChanged.connect(self._reckon)
        quantity.installEventFilter(self)
        amount = Label("", "body", bold=True)
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        amount.setMinimumWidth(96)
        basis = Label(" ".join((article.form, article.document)).strip(), "secondary", tone="mute", wraps=True)
        price = Label(article.price_words(), tone="ink_2")
        price.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        cells = (Label(article.name), price, basis, quantity, amount)
        for column, cell in enumerate(cells):
            grid.addWidget(cell, row, column)
        self.quantities.append(quantity)
        self._amounts.append(amount)

    def ask(self) -> None:
        """Opens the sheet with the keyboard at the first article."""
        open_act(self, self.quantities[0], self._on_done)

    # ---- what it comes to ----------------------------------------------------------------------------------------

    def _wishes(self) -> list[tuple[Article, Fraction]]:
        """What is wanted. Raises `QuantityWrong` for what is no quantity."""
        wanted = []
        for article, field in zip(self._articles, self.quantities, strict=True):
            quantity = parse_quantity(field.text())
            if quantity is None or (quantity and not is_quantity(quantity)):
                raise QuantityWrong(quantity=field.text().strip(), name=article.name, most=MOST)
            if quantity:
                wanted.append((article, quantity))
        return wanted

    def due(self) -> Fen:
        """What the articles chosen come to. Raises `QuantityWrong`."""
        return Fen(sum(article.amount(quantity) for article, quantity in self._wishes()))

    def _reckon(self) -> None:
        """After each digit."""
        self.sentence.hide()
        try:
            due = self.due()
        except UserError as error:
            self.refuse(str(error))
            due = ZERO
        for article, field, amount in zip(self._articles, self.quantities, self._amounts, strict=True):
            quantity = parse_quantity(field.text())
            amount.setText(format_amount(article.amount(quantity)) if quantity else "")
        self.total.set_text(format_amount(due))
        if not self._typed or not self._way().gives_change:
            self.fields.amount.edit.set_amount(due or None)
        self._tell_change()

    def _way(self) -> TenderChoice:
        return next(one for one in self._ways if one.code == self.fields.way.value())

    def _on_typed(self, text: str) -> None:
        self._typed = bool(text.strip())

    def _tell_change(self) -> None:
        """What goes back of the cash, by the very rule that takes it."""
        given = self.fields.amount.edit.amount()
        self._change, self._rounding, words = ZERO, ZERO, ""
        try:
            due = self.due()
            if given and due:
                way = self._way()
                done = settle(due, [Given(way.code, given, way.gives_change)], step=self._coins)
                self._change, self._rounding = done.change, done.rounding
                words = _("Change {amount}").format(amount=format_amount(done.change))
                if done.rounding:
                    words += " · " + _("rounded by {amount}").format(amount=format_amount(done.rounding))
        except UserError:
            words = ""  # said when it is to be taken
        self.change.setText(words)

    def _shown(self) -> ActShown:
        """What the payer sees of it: article by article, and of cash what is given and goes back."""
        lines = [
            ActLine(
                article.name, article.amount(quantity), article.arithmetic(quantity).removeprefix(article.name).strip()
            )
            for article, quantity in self._wishes()
        ]
        shown = act_of(self._place.page, lines, payer=self.payer.text(), fields=self.fields)
        given = self.fields.amount.edit.amount() or ZERO
        if not gives_change(self._ways, self.fields.way.value()) or not self._typed:
            return shown
        return replace(shown, received=given, change=self._change, rounding=self._rounding)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched in self.quantities:
            assert isinstance(watched, QLineEdit)
            place = self.quantities.index(watched)
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self._go(place + (1 if event.key() == Qt.Key.Key_Down else -1))
                return True
            if event.text() in _STEPS:
                self._step(watched, _STEPS[event.text()])
                return True
        return super().eventFilter(watched, event)

    def _go(self, place: int) -> None:
        field = self.quantities[place % len(self.quantities)]
        field.setFocus(Qt.FocusReason.TabFocusReason)
        field.selectAll()
        self._area.ensureWidgetVisible(field, 0, 20)

    def _step(self, field: QLineEdit, step: int) -> None:
        quantity = max((parse_quantity(field.text()) or Fraction(0)) + step, Fraction(0))
        field.setText(decimal_text(quantity) if quantity else "")

    # ---- taking it -----------------------------------------------------------------------------------------------

    def pay_together(self) -> None:
        """Ctrl+Enter: into the payment under way at the desk; with nothing wanted, out of it again."""
        try:
            sales = tuple(
                SoldLine(article.tariff, article.name, quantity, article.amount(quantity))
                for article, quantity in self._wishes()
            )
            if self.remark.text().strip():
                raise RemarkNeedsItsOwn
        except UserError as error:
            self.refuse_at(error)
            return
        page, payer = self._place.page, self.payer.text().strip()
        shown, terms = page.statement(), page.terms.terms()
        own = shown.card.resident if shown is not None else ""
        page.terms.set_terms(replace(terms, sales=sales, payer=payer if payer != own else terms.payer))
        self.close_sheet()
        page.tender.focus_money()

    def field_of(self, error: FeedeskError) -> QWidget | None:
        return self.remark if isinstance(error, RemarkNeedsItsOwn) else super().field_of(error)

    def decide(self) -> str:
        wishes = [SaleWish(article.tariff, quantity) for article, quantity in self._wishes()]
        given = [self.fields.tender()] if wishes else []
        payer = self.payer.text().strip()
        if self._place.account is None and not payer:
            self.payer.setFocus(Qt.FocusReason.OtherFocusReason)
        paid = self._place.seat().run_op(
            sell,
            sales=wishes,
            tenders=given,
            account=self._place.account,
            payer=payer,
            remark=self.remark.text(),
            key=self._key,
            till=self._place.till,
            print_slip=True,
            seen_step=self._coins,
        )
        terms = self._place.page.terms
        terms.set_terms(replace(terms.terms(), sales=()))  # what was put into the payment before is paid now
        self._change = paid.change
        self._view.done(paid.receipt, paid.total, paid.change)
        words = _("Price list: taken {amount}, receipt {receipt}.")
        if paid.change:
            words = _("Price list: taken {amount}, receipt {receipt}. Change ")
        return words.format(amount=format_amount(paid.total), receipt=paid.receipt)

    def _on_done(self, told: str) -> None:
        figure = f"¥ {format_amount(self._change)}" if self._change else ""
        self._place.done(told, Changed.PAYMENTS, Changed.PRINT_JOBS, figure=figure)


def ask_price_list(place: DeskPlace) -> None:
    """4: for the account shown, or for anybody."""
    seat = place.seat()
    ref = seat.read(account_by_id, account=place.account) if place.account is not None else None
    articles = seat.read(price_list, on=seat.business_date(), account=ref)
    if articles:
        PriceListSheet(place, articles).ask()
    else:
        place.done(str(EmptyPriceList()), tone="warn")
