"""The left of the day close: the steps, and below them either what is still open or the day's takings and receipts."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from feedesk.money import format_amount
from feedesk.queries.closing_view import ClosingView
from feedesk.queries.shifts import ShiftRow
from feedesk.rules.day_summary import BookRange
from feedesk.rules.takings import Share
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.dayclose.count_panel import over_short_words
from feedesk.ui.pages.dayclose.item_list import OpenItemList
from feedesk.ui.pages.dayclose.open_items import OpenItem
from feedesk.ui.pages.dayclose.takings_table import TakingsTable
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.step_bar import StepBar

OPEN_ITEMS, COUNT, CHANNELS, LOCK, DONE = range(5)
STEPS: Final = (N_("Open items"), N_("Count the cash"), N_("Check the channels"), N_("Lock and export"))

_SHARE_NAMES: Final = {
    Share.CURRENT: N_("this period "),
    Share.ARREARS: N_("arrears "),
    Share.ADVANCE: N_("in advance "),
    Share.LATE_FEE: N_("late fees "),
    Share.DEPOSIT: N_("deposits "),
    Share.UNCLAIMED: N_("of unknown origin "),
    Share.ROUNDING: N_("rounded off "),
    Share.RETURNED: N_("given back "),
}


class TakingsCard(Card):
    """`step_asked` carries a step that was clicked, `item_asked` an open item, `slip_asked` the bank's slip; `left`
    when the keyboard leaves the items.
    """

    step_asked = Signal(int)
    item_asked = Signal(object)
    slip_asked = Signal()
    x_report_asked = Signal()
    hand_over_asked = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._view: ClosingView | None = None
        self.steps = StepBar(STEPS)
        self.steps.chosen.connect(self.step_asked)
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(14, 0, 14, 0)
        row.addWidget(self.steps, 1)
        self.hand_over = KeyHint(N_("Hand-over slip"), "Ctrl+P")
        self.x_report = KeyHint(N_("X report"), "Ctrl+T")
        self.hand_over.clicked.connect(self.hand_over_asked)
        self.x_report.clicked.connect(self.x_report_asked)
        row.addWidget(self.hand_over)
        row.addWidget(self.x_report)
        self.body.addWidget(self._head)
        self.body.addWidget(Rule("line"))
        self.items = OpenItemList()
        self.items.asked.connect(self.item_asked)
        self.items.left.connect(self.left)
        self._stack = QStackedLayout()
        self.body.addLayout(self._stack, 1)  # before its pages: one without a parent would show them as windows
        self._stack.addWidget(self._build_takings())
        self._stack.addWidget(self.items)
        self._foot_rule = Rule("line")
        self.body.addWidget(self._foot_rule)
        self._foot = Label.saying(
            N_(
                "When count and books agree, the day is locked: "
                "nothing of it changes any more, corrections are reversals."
            ),
            "caption",
            tone="mute",
            wraps=True,
        )
        self.body.addWidget(self._foot)

    def _build_takings(self) -> QWidget:
        self.table = TakingsTable()
        self._title = Label.saying(N_("Takings of the day (by item × way of paying)"), "title", bold=True)
        self._shares = Phrase()
        self._receipts = QVBoxLayout()
        self._receipts.setSpacing(4)
        self._transit = QWidget()
        line = QHBoxLayout(self._transit)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        self._transit_words = Phrase()
        pay_in = KeyHint(N_("Slip"), "Ctrl+B")
        pay_in.clicked.connect(self.slip_asked)
        line.addWidget(self._transit_words)
        line.addWidget(pay_in)
        self._shifts = QVBoxLayout()
        self._shifts.setSpacing(4)
        below = QWidget()
        lines = QVBoxLayout(below)
        lines.setContentsMargins(14, 8, 14, 8)
        lines.setSpacing(8)
        lines.addWidget(self._shares)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addLayout(self._receipts, 1)
        lines.addLayout(row)
        self._receipts_row = row
        lines.addLayout(self._shifts)
        self._below = lines
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(self.table, 1000)
        column.addWidget(self.table.total)
        column.addWidget(below)
        column.addStretch(1)
        self._takings = whole
        return whole

    def show_view(self, view: ClosingView, items: Sequence[OpenItem], step: int) -> None:
        """Shows a day at a step."""
        self._view = view
        self.steps.set_current(step)
        self._place_papers()
        self.items.show_items(items)
        self._stack.setCurrentWidget(self.items if step == OPEN_ITEMS else self._takings)
        self.table.show_view(view)
        self._tell_shares(view)
        self._tell_receipts(view)
        self._tell_shifts(view)
        known = view.transit
        words = ""
        if known is not None:
            words = _("Cash in transit to {day}: {amount}, not yet paid in").format(
                day=f"{known.day:%m-%d}", amount=format_amount(known.amount)
            )
        self._transit_words.set_spans((Span(words, "warn", look="secondary"),) if words else ())
        self._transit.setVisible(bool(words))
        self._place_transit()

    def focus_items(self) -> bool:
        """Puts the keyboard on the first open item; False where there is none."""
        if not self.items.buttons:
            return False
        self.items.focus_item(0)
        return True

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        if self._view is not None:
            self.table.retranslate()
            self._tell_shares(self._view)
            self._tell_receipts(self._view)
            self._tell_shifts(self._view)

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._head.setFixedHeight(36 if compact else 47)
        self._title.setContentsMargins(14, 4 if compact else 9, 14, 4 if compact else 7)
        self._foot.setContentsMargins(14, 4 if compact else 10, 14, 6 if compact else 11)
        self._below.setContentsMargins(14, 4 if compact else 8, 14, 4 if compact else 8)
        self._below.setSpacing(2 if compact else 8)
        self._foot.setVisible(not compact)
        self._foot_rule.setVisible(not compact)
        self._place_transit()
        self._place_papers()
        self.table.retranslate()

    def _place_papers(self) -> None:
        """The keys of the papers a shift has now, where there is room beside the steps."""
        shifts = self._view.shifts if self._view is not None else ()
        roomy = not appearance().is_compact
        self.x_report.setVisible(roomy and any(shift.is_open for shift in shifts))
        self.hand_over.setVisible(roomy and any(not shift.is_open for shift in shifts))

    def _place_transit(self) -> None:
        """At the right end of the receipts' line, or where that is too short, on a line of its own."""
        widest = max((line.sizeHint().width() for line in self._lines()), default=0)
        below = widest + self._transit.sizeHint().width() + 50 > self.width()
        self._receipts_row.removeWidget(self._transit)
        self._below.removeWidget(self._transit)
        if below:
            self._below.insertWidget(2, self._transit)
        else:
            self._receipts_row.addWidget(self._transit, 0, Qt.AlignmentFlag.AlignTop)

    def _lines(self) -> list[Phrase]:
        items = (self._receipts.itemAt(place) for place in range(self._receipts.count()))
        widgets = (item.widget() for item in items if item is not None)
        return [widget for widget in widgets if isinstance(widget, Phrase)]

    def _tell_shares(self, view: ClosingView) -> None:
        shares = {name: amount for name, amount in (view.shares or {}).items() if amount}
        spans = [Span(_("Of which: "), "ink_2")]
        for share, message in _SHARE_NAMES.items():
            if share.value in shares:
                spans += [Span(" · ", "mute")] if len(spans) > 1 else []
                spans += [Span(_(message), "ink_2"), Span(format_amount(shares[share.value]), "ink_2", bold=True)]
        self._shares.set_spans(spans)
        self._shares.setVisible(bool(shares))

    def _tell_receipts(self, view: ClosingView) -> None:
        _empty(self._receipts)
        issued = view.receipts
        head = [Span(_("Receipts"), bold=True), Span("\N{EM SPACE}")]
        if not issued.books:
            self._receipts.addWidget(Phrase((*head, Span(_("none issued"), "mute"))))
            return
        gaps: Token = "danger" if issued.gaps else "good"
        missing = " ".join(code for book in issued.books for code in book.gaps[:3])
        facts = [
            Span("\N{EM SPACE}" + _("issued {n}").format(n=issued.count), "ink_2"),
            Span("\N{EM SPACE}" + _("voided {n}").format(n=issued.voids), "ink_2"),
            Span("\N{EM SPACE}" + _("reprinted {n}").format(n=issued.reprints), "ink_2"),
            Span("\N{EM SPACE}" + _("missing {n}").format(n=issued.gaps), gaps),
            Span(f" {missing}" if missing else "", "danger"),
        ]
        for place, book in enumerate(issued.books):
            spans = [*(head if not place else []), Span(_book_words(book), "ink_2"), *(facts if not place else [])]
            self._receipts.addWidget(Phrase(spans))

    def _tell_shifts(self, view: ClosingView) -> None:
        _empty(self._shifts)
        if len(view.shifts) == 1 and view.shifts[0].is_open:
            return
        for number, shift in enumerate(view.shifts, 1):
            head = _("Shifts") if number == 1 else "\N{EM SPACE}" * 2
            spans = [Span(head + "\N{EM SPACE}", bold=True)]
            spans.append(Span(_shift_words(number, shift), "ink_2"))
            if shift.over_short is not None:
                words, tone = over_short_words(shift.over_short)
                spans.append(Span(" " + words, tone))
            self._shifts.addWidget(Phrase(spans))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_transit()


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
            old.deleteLater()


def _book_words(book: BookRange) -> str:
    """``SJ-2026-1-004271 – 004317``."""
    if book.first == book.last:
        return book.first
    prefix = book.first.rpartition("-")[0] + "-"
    return f"{book.first} – {book.last.removeprefix(prefix)}"


def _shift_words(number: int, shift: ShiftRow) -> str:
    begin = f"{shift.opened_at:%H:%M}"
    facts = {"n": number, "cashier": shift.cashier, "till": shift.till_name, "begin": begin}
    if shift.closed_at is None:
        return _("no. {n} {till} {cashier} since {begin}, still open").format(**facts)
    return _("no. {n} {till} {cashier} {begin}–{end}").format(**facts, end=f"{shift.closed_at:%H:%M}")
