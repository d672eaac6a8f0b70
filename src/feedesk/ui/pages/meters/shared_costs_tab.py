"""Shared costs (公摊): the list by period, and of the one marked what every unit bears, before it is billed and after.

They are billed with the month (账单, F3); here they are entered, and looked at until the sum is right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.sharing import SharedCostFacts
from feedesk.periods import Period
from feedesk.queries.shared_cost_list import SharedCostRow, ShareTable
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.pages.meters.shared_cost_sheet import SharedCostSheet, VacantWeightSheet
from feedesk.ui.pages.meters.shared_costs_table import COST_COLUMNS, ShareHead, ShareModel, sum_spans
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyCap, KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

GROUP: Final = N_("Shared costs")


@dataclass(frozen=True, slots=True)
class SharedCostsFunctions:
    """What the tab calls; ``shares`` from the worker. ``items`` are the names of fee items, those of 公摊 first."""

    costs: Callable[[], Sequence[SharedCostRow]]
    shares: Callable[[int], ShareTable]
    items: Callable[[], Sequence[str]]
    month: Callable[[], Period]
    add: Callable[[SharedCostFacts], int]
    change: Callable[[int, SharedCostFacts], None]
    delete: Callable[[int], None]
    vacant: Callable[[], Fraction]
    set_vacant: Callable[[Fraction | None], None]


class SharedCostsTab(MetersTab):
    """`stored` carries the key of the cost that was entered, corrected or deleted."""

    name = N_("Shared costs")

    def __init__(self, functions: SharedCostsFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._table: ShareTable | None = None
        self._asked = 0
        self._busy = False
        self.banner = Banner()
        self.costs: RowsModel[SharedCostRow] = RowsModel(COST_COLUMNS, self)
        self.list = TableView(self.costs)
        self.shares = ShareModel(self)
        self.table = TableView(self.shares)
        self.head = ShareHead()
        self.filter = QLineEdit()
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.total = Phrase()
        self._empty = EmptyState(
            "receipt-text",
            N_("Nothing is shared yet"),
            N_("Enter a bill to be shared with Ctrl+N, or bring a workbook that has some."),
        )
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        for table in (self.list, self.table):
            table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self._left = Card()
        self._left.body.addWidget(self.list, 1)
        self._left.body.addWidget(self._empty, 1)
        self._left.body.addWidget(Rule("line"))
        self._left.body.addWidget(self._build_foot())
        self._right = Card()
        for widget in (self.head, Rule("hair"), self._build_filter()):
            self._right.body.addWidget(widget)
        self._right.body.addWidget(self.table, 1000)
        self._right.body.addStretch(1)
        self._right.body.addWidget(Rule("line"))
        self._sum_line = QHBoxLayout()
        self._sum_line.addWidget(self.sentence, 1)
        self._sum_line.addWidget(self.total, 1)
        vacant = KeyHint(N_("Empty units"), "Ctrl+K", keys_first=True)
        vacant.clicked.connect(self.ask_vacant)
        self._sum_line.addWidget(vacant)
        self._right.body.addLayout(self._sum_line)
        self._row = QHBoxLayout()
        self._row.addWidget(self._left)
        self._row.addWidget(self._right, 1)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addLayout(self._row, 1)

    def _build_filter(self) -> QWidget:
        self._filter_bar = QWidget()
        row = QHBoxLayout(self._filter_bar)
        row.setContentsMargins(12, 4, 12, 4)
        self.filter.setProperty("slim", True)
        self._caption = Phrase()
        row.addWidget(self._caption, 1)
        row.addWidget(self.filter)
        row.addWidget(KeyCap("/"))
        return self._filter_bar

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(14)
        for message, keys, act in self._acts()[:3]:
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            row.addWidget(hint)
        row.addStretch(1)
        return self._foot

    def _acts(self) -> tuple[tuple[str, str, Callable[[], None]], ...]:
        return (
            (N_("New"), "Ctrl+N", self.ask_new),
            (N_("Correct"), "Ctrl+E", self.ask_change),
            (N_("Delete"), "Ctrl+D", self.ask_delete),
            (N_("Empty units"), "Ctrl+K", self.ask_vacant),
            (N_("Find a unit"), "/", self.focus_filter),
            (N_("Back to the list"), "Escape", self._on_escape),
        )

    def _connect(self) -> None:
        self.list.selectionModel().currentRowChanged.connect(lambda _new, _old: self._show_cost())
        self.list.opened.connect(lambda _row: self.ask_change())
        self.table.typed.connect(self._on_typed)
        self.table.selectionModel().currentRowChanged.connect(lambda _new, _old: self._tell_share())
        self.filter.textChanged.connect(self._on_filter)
        for message, keys, act in self._acts():
            bind(self, keys, message, act, group=GROUP)

    # ---- the list ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._show_costs(self.current())

    def current(self) -> SharedCostRow | None:
        """The cost marked."""
        index = self.list.currentIndex()
        return self.costs.row_at(index.row()) if index.isValid() else None

    def shown(self) -> ShareTable | None:
        """The shares shown now."""
        return self._table

    def is_busy(self) -> bool:
        """Whether shares are being worked out."""
        return self._busy

    def _show_costs(self, keep: SharedCostRow | None, key: int | None = None) -> None:
        rows = self._call.costs()
        self.costs.set_rows(rows)
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._right.setVisible(bool(rows))
        if self.hasFocus():  # it was empty
            self.take_focus()
        wanted = key if key is not None else keep.id if keep else None
        place = next((n for n, row in enumerate(self.costs.rows()) if row.id == wanted), 0)
        self.list.choose_row(place)
        self._show_cost()

    def _show_cost(self) -> None:
        """Works out the shares of the cost marked, in the worker; what was asked before is forgotten."""
        row = self.current()
        self._asked += 1
        if row is None:
            self._table = None
            return
        asked, cost = self._asked, row.id
        self.head.show_cost(row, None)
        self._busy = True

        def work(_progress: Progress) -> ShareTable:
            return self._call.shares(cost)

        def done(table: ShareTable) -> None:
            if asked == self._asked:
                self._show_shares(row, table)

        self._worker.start(work, done=done, failed=self._on_failed)

    def _show_shares(self, row: SharedCostRow, table: ShareTable) -> None:
        self._busy = False
        self._table = table
        self.head.show_cost(row, table)
        self.shares.show_shares(table)
        self.table.fit_height()
        self.table.choose_row(0)
        self.table.setVisible(not table.refusal)
        self._filter_bar.setVisible(not table.refusal)
        self.sentence.setText(table.refusal)
        self.sentence.setVisible(bool(table.refusal))
        self.total.setVisible(not table.refusal)
        self._tell()

    def _tell(self) -> None:
        if self._table is not None and not self._table.refusal:
            self.total.set_spans(sum_spans(self._table))
            self._tell_share()

    def _tell_share(self) -> None:
        """Over the shares: whether they are posted, and the arithmetic of the one marked."""
        if self._table is None:
            return
        state = _("As posted") if self._table.posted else _("As it would be billed: F3 bills it")
        spans = [Span(state, "mute", look="caption")]
        index = self.table.currentIndex()
        row = self.shares.row_at(index.row()) if index.isValid() else None
        if row is not None and row.basis:
            spans += [
                Span(f"   {row.unit}  ", "ink_2", look="secondary", bold=True),
                Span(f"{row.basis} = {format_amount(row.amount)}", "ink_2", look="secondary"),
            ]
        self._caption.set_spans(spans)

    # ---- entering ------------------------------------------------------------------------------------------------

    def ask_new(self) -> None:
        """Ctrl+N."""
        self._ask(None)

    def ask_change(self) -> None:
        """Ctrl+E, or Enter on a cost."""
        row = self.current()
        if row is None:
            return
        if row.charges:
            words = _("“{name}” of {period} is billed, so it stays as it is; take the month back first (F3).")
            self.banner.tell("warn", (Span(words.format(name=row.name, period=row.period)),))
            return
        self._ask(row)

    def _ask(self, before: SharedCostRow | None) -> None:
        sheet = SharedCostSheet(self.window(), self._call.items(), self._call.month(), before)
        sheet.given.connect(lambda facts: self._store(sheet, before, facts))
        sheet.ask()

    def _store(self, sheet: SharedCostSheet, before: SharedCostRow | None, facts: SharedCostFacts) -> None:
        try:
            if before is None:
                key = self._call.add(facts)
            else:
                key = before.id
                self._call.change(key, facts)
        except FeedeskError as error:
            sheet.refuse(str(error))
            return
        sheet.close_sheet()
        self.banner.hide()
        self._show_costs(None, key)
        self.stored.emit(key)

    def ask_vacant(self) -> None:
        """Ctrl+K: what an empty unit weighs where a cost does not say it."""
        sheet = VacantWeightSheet(self.window(), self._call.vacant())
        sheet.given.connect(lambda weight: self._set_vacant(sheet, weight))
        sheet.ask()

    def _set_vacant(self, sheet: VacantWeightSheet, weight: Fraction | None) -> None:
        try:
            self._call.set_vacant(weight)
        except FeedeskError as error:
            sheet.refuse(str(error))
            return
        sheet.close_sheet()
        self.refresh()

    def ask_delete(self) -> None:
        """Ctrl+D: asks once, naming the amount."""
        row = self.current()
        if row is None:
            return
        question = _("Delete “{name}” of {period}?").format(name=row.name, period=row.period)
        sheet = ConfirmSheet(self.window(), question=question, act=_("Delete"), amount=f"¥ {format_amount(row.total)}")
        sheet.confirmed.connect(lambda: self._delete(row))
        sheet.ask()

    def _delete(self, row: SharedCostRow) -> None:
        try:
            self._call.delete(row.id)
        except FeedeskError as error:
            self._on_failed(error)
            return
        self.banner.hide()
        self._show_costs(None)
        self.stored.emit(row.id)

    def _on_failed(self, error: FeedeskError) -> None:
        self._busy = False
        self.banner.tell("danger", (Span(str(error), "danger"),))

    # ---- finding -------------------------------------------------------------------------------------------------

    def focus_filter(self) -> None:
        """Puts the keyboard into the field that narrows the shares."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def _on_filter(self, text: str) -> None:
        self.shares.set_filter(text)
        self.table.fit_height()
        self.table.choose_row(0)

    def _on_typed(self, text: str) -> None:
        self.focus_filter()
        self.filter.setText(text)

    def _on_escape(self) -> None:
        self.filter.clear()
        self.take_focus()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        (self.list if self.list.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.filter.setPlaceholderText(_("Room or name"))
        self.filter.setAccessibleName(_("Find a unit"))
        self.list.setAccessibleName(_("Shared costs"))
        self.table.setAccessibleName(_("Shares"))
        row = self.current()
        if row is not None:
            self.head.show_cost(row, self._table)
        self._tell()

    def relayout(self) -> None:
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        self._row.setSpacing(gap)
        scale = appearance().size.body / 14
        self._left.setFixedWidth(round((330 if compact else 420) * scale))
        self._foot.setFixedHeight(30 if compact else 41)
        self._sum_line.setContentsMargins(gap + 2, 4 if compact else 9, gap + 2, 4 if compact else 9)
        self.filter.setFixedWidth(round((150 if compact else 200) * scale))
        self.head.relayout()
        self.table.fit_height()
