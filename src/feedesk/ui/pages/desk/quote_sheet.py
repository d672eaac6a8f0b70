"""Ctrl+Q: the quote (算一算), four ways to pay side by side.

A digit chooses one, Enter takes it over to the money, Ctrl+P prints all of them as a dated slip. Nothing is posted.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from feedesk.money import Fen, format_amount
from feedesk.ops.receipting import letterhead
from feedesk.ops.run import is_training
from feedesk.queries.quotes import quote_of
from feedesk.rules.quoting import Quote, QuoteColumn, QuoteRow, Way, with_bought
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.rows import AheadLine
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.shortcuts import bind
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.card import Rule
from feedesk.ui.widgets.keycap import KeyCap, KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span

_WIDTH = 1060


class QuoteCard(QFrame):
    """One way to pay. `chosen` when it is clicked."""

    chosen = Signal()

    def __init__(self, column: QuoteColumn) -> None:
        super().__init__()
        self.column = column
        self.setObjectName("quote")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        body = QVBoxLayout(self)
        body.setContentsMargins(14, 14, 14, 14)
        body.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(KeyCap(str(column.way.value)))
        head.addWidget(Label(column.title, "title", bold=True), 1)
        body.addLayout(head)
        total = MoneyFigure("figure")
        total.set_text(format_amount(column.total))
        body.addWidget(total)
        body.addWidget(Rule("line"))
        body.addLayout(_rows(column.rows))
        for note in column.notes:
            body.addWidget(Label(note, "caption", tone="mute", wraps=True))
        body.addStretch(1)
        body.addWidget(Rule("line"))
        body.addLayout(_foot(column))
        self.setAccessibleName(f"{column.way.value} {column.title} {format_amount(column.total)}")
        self.set_chosen(False)

    def set_chosen(self, chosen: bool) -> None:
        """Draws it as the one that Enter takes."""
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit()
        event.accept()


def _rows(rows: tuple[QuoteRow, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    for place, row in enumerate(rows):
        tone: Token = "danger" if row.is_late_fee else "good" if (row.amount or 0) < 0 else "ink"
        words = Label(row.words, "secondary", tone="ink", wraps=True)
        grid.addWidget(words, place, 0)
        if row.amount is None:
            grid.addWidget(_right(Label(row.note, "secondary", tone="mute")), place, 1)
        else:
            grid.addWidget(_right(Label(_signed(row.amount), "secondary", tone=tone)), place, 1)
    return grid


def _foot(column: QuoteColumn) -> QGridLayout:
    lines: list[tuple[str, str, Token]] = []
    if column.paid_through is not None:
        lines.append((_("Paid through"), str(column.paid_through), "ink"))
    if column.left and column.left_due is not None:
        words = _("Still owed, due {day}").format(day=f"{column.left_due:%m-%d}")
        lines.append((words, format_amount(column.left), "ink"))
    if column.more is not None:
        lines.append((_("More than today"), format_amount(column.more), "danger" if column.more else "ink"))
    grid = QGridLayout()
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    for place, (words, figure, tone) in enumerate(lines):
        grid.addWidget(Label(words, "secondary", tone="ink"), place, 0)
        grid.addWidget(_right(Label(figure, "secondary", tone=tone, bold=True)), place, 1)
    if len(lines) < 2:
        grid.addWidget(Label("", "secondary"), 1, 0)  # so that the lines above stand level in all columns
    return grid


def _right(label: QLabel) -> QLabel:
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return label


def _signed(amount: Fen) -> str:
    return f"−{format_amount(Fen(-amount))}" if amount < 0 else format_amount(amount)


class QuoteSheet(Sheet):
    """`taken` carries the column that Enter was pressed on, `print_asked` asks for the slip."""

    taken = Signal(object)
    print_asked = Signal()

    def __init__(self, window: QWidget, title: str, quote: Quote) -> None:
        super().__init__(window, width=_WIDTH)
        words = _("Reckoned for {day}; late fees to that day").format(day=quote.today.isoformat())
        self.add_title(Label(title, "button", bold=True), Label(words, "body", tone="mute"))
        row = QHBoxLayout()
        row.setSpacing(12)
        self.cards = [QuoteCard(column) for column in quote.columns]
        for card in self.cards:
            card.chosen.connect(partial(self.choose, card.column.way))
            row.addWidget(card, 1)
        self.content.addLayout(row)
        self.told = Label("", "secondary", tone="warn", wraps=True)
        self.content.addWidget(self.told)
        if quote.disputed:
            self.told.setText(_("In dispute {amount}, not counted").format(amount=format_amount(quote.disputed)))
        else:
            self.told.hide()
        self._build_hints()
        self._chosen = Way.QUARTER
        self.choose(Way.QUARTER)
        bind(self, "Ctrl+P", N_("Print the quote"), self.print_asked.emit, group=N_("Quote"))

    def _build_hints(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(20)
        choose = KeyHint(N_("choose"), "1 … 4", keys_first=True)
        choose.clicked.connect(self.choose_next)
        row.addWidget(choose)
        for message, keys, act in (
            (N_("Take this payment"), "Return", self.take),
            (N_("Print the quote"), "Ctrl+P", self.print_asked.emit),
            (N_("Back"), "Escape", self.close_sheet),
        ):
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            row.addWidget(hint)
        row.addStretch(1)
        self.add_foot(Rule("line"), row)

    def chosen(self) -> Way:
        """The way that Enter takes."""
        return self._chosen

    def choose(self, way: Way) -> None:
        """Marks a way to pay."""
        self._chosen = way
        for card in self.cards:
            card.set_chosen(card.column.way is way)

    def choose_next(self) -> None:
        """Marks the next one, after the last the first."""
        self.choose(Way(self._chosen % len(self.cards) + 1))

    def take(self) -> None:
        """Enter."""
        column = next(card.column for card in self.cards if card.column.way is self._chosen)
        self.close_sheet()
        self.taken.emit(column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.text() in {str(way.value) for way in Way}:
            self.choose(Way(int(event.text())))
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.choose(Way((self._chosen - 1 + step) % len(self.cards) + 1))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take()
        else:
            super().keyPressEvent(event)


def ask_quote(place: DeskPlace, print_loose: Callable[[LooseSlip], object] | None) -> None:
    """Opens the quote of the account shown."""
    shown = place.page.statement()
    if shown is None:
        return
    bought = [(one.words, one.amount) for one in place.page.terms.terms().sales]
    quote = with_bought(place.seat().read(quote_of, account=shown.card.account, on=shown.today), bought)
    title = _("Ways to pay · {unit} {resident}").format(unit=shown.card.unit, resident=shown.card.resident)
    sheet = QuoteSheet(place.window, title, quote)
    sheet.taken.connect(partial(_take, place))

    def print_it() -> None:
        if print_loose is not None:
            print_loose(_slip(place, quote, shown.card.unit, shown.card.resident))
        sheet.told.setText(_("The quote goes to the printer."))
        sheet.told.show()

    sheet.print_asked.connect(print_it)
    sheet.open(sheet)


def _take(place: DeskPlace, column: QuoteColumn) -> None:
    if column.way is Way.LATER:
        place.page.banner.tell("plain", (Span(_("Nothing is taken today: {title}.").format(title=column.title)),))
        return
    ahead = [AheadLine(one.account, one.item, one.months, one.until, one.amount) for one in column.ahead]
    place.page.set_ahead(ahead, column.charges)


def _slip(place: DeskPlace, quote: Quote, unit: str, resident: str) -> LooseSlip:
    """The slip, put into words now and into bytes when the printer is ready."""
    from feedesk.receipts.quote_slip import QuoteSlip, quote_escpos

    seat = place.seat()
    head = seat.read(letterhead)
    moment = f"{quote.today.isoformat()} {datetime.now().astimezone():%H:%M}"
    slip = QuoteSlip(
        quote=quote,
        community=head.community,
        company=head.company,
        unit=unit,
        resident=resident,
        cashier=seat.actor,
        issued=moment,
        service_phone=head.service_phone,
        training=seat.read(is_training),
    )
    return partial(quote_escpos, slip)
