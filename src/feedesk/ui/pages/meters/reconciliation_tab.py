"""Supplier reconciliation (对账): for each item, what is billed and shared against the supplier's invoice.

Utilities carry no handling charge: the sum billed to households plus the disclosed common share must come to the
invoice (物业管理条例 art. 44; 国办函〔2020〕129号), and here one sees that it does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import format_amount
from feedesk.ops.supplier_invoices import InvoiceFacts
from feedesk.periods import Period
from feedesk.rules.reconciliation import Invoice, Reconciliation
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.pages.meters.reconciliation_card import INVOICE_COLUMNS, ITEM_COLUMNS, ReconciliationSum
from feedesk.ui.pages.meters.reconciliation_sheets import CommonItemsSheet, InvoiceSheet
from feedesk.ui.pages.meters.tab import MetersTab
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span

GROUP: Final = N_("Reconciling with suppliers")


@dataclass(frozen=True, slots=True)
class ReconciliationFunctions:
    """What the tab calls; ``load`` from the worker. ``common`` are the items an item's common share is billed as."""

    month: Callable[[], Period]
    load: Callable[[Period], Sequence[Reconciliation]]
    record: Callable[[InvoiceFacts], int]
    change: Callable[[int, InvoiceFacts], None]
    delete: Callable[[int], None]
    items: Callable[[], Sequence[str]]
    common: Callable[[str], Sequence[str]]
    choose_common: Callable[[str, Sequence[str]], None]


class ReconciliationTab(MetersTab):
    """`stored` carries the key of the invoice that was entered, corrected or deleted."""

    name = N_("Reconciliation")

    def __init__(self, functions: ReconciliationFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._asked = 0
        self._busy = False
        self._month = functions.month()
        self.banner = Banner()
        self.period = QLineEdit(str(self._month))
        self.items: RowsModel[Reconciliation] = RowsModel(ITEM_COLUMNS, self)
        self.list = TableView(self.items)
        self.sum = ReconciliationSum()
        self.invoices: RowsModel[Invoice] = RowsModel(INVOICE_COLUMNS, self)
        self.table = TableView(self.invoices, quiet=True)
        self._empty = EmptyState(
            "gauge",
            N_("Nothing to reconcile"),
            N_("Items that meters measure, and those an invoice is entered for, are reconciled here."),
        )
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        for table in (self.list, self.table):
            table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self._left = Card()
        self._left.body.addWidget(self._build_period())
        self._left.body.addWidget(Rule("hair"))
        self._left.body.addWidget(self.list, 1)
        self._left.body.addWidget(self._empty, 1)
        self._right = Card()
        self._right.body.addWidget(self.sum)
        self._right.body.addWidget(Rule("hair"))
        self._caption = Label("", "caption", tone="mute")
        self._caption.setContentsMargins(14, 8, 14, 6)
        self._right.body.addWidget(self._caption)
        self._right.body.addWidget(self.table, 1)
        self._right.body.addWidget(Rule("line"))
        self._right.body.addWidget(self._build_foot())
        self._row = QHBoxLayout()
        self._row.addWidget(self._left)
        self._row.addWidget(self._right, 1)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addLayout(self._row, 1)

    def _build_period(self) -> QWidget:
        self._period_bar = QWidget()
        row = QHBoxLayout(self._period_bar)
        row.setContentsMargins(12, 6, 12, 6)
        row.setSpacing(10)
        self.period.setProperty("slim", True)
        self._period_words = Label.saying(N_("Period"), "caption", tone="ink_2")
        row.addWidget(self._period_words)
        row.addWidget(self.period)
        for message, keys, step in ((N_("earlier"), "Alt+Left", -1), (N_("later"), "Alt+Right", 1)):
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(self._stepper(step))
            row.addWidget(hint)
        row.addStretch(1)
        return self._period_bar

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(14)
        for message, keys, act in self._acts()[:4]:
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            row.addWidget(hint)
        row.addStretch(1)
        return self._foot

    def _acts(self) -> tuple[tuple[str, str, Callable[[], None]], ...]:
        return (
            (N_("Enter an invoice"), "Ctrl+N", self.ask_new),
            (N_("Correct"), "Ctrl+E", self.ask_change),
            (N_("Delete"), "Ctrl+D", self.ask_delete),
            (N_("Common items"), "Ctrl+K", self.ask_common),
            (N_("An earlier period"), "Alt+Left", self._stepper(-1)),
            (N_("A later period"), "Alt+Right", self._stepper(1)),
            (N_("Another period"), "/", self.focus_period),
            (N_("Back to the list"), "Escape", self.take_focus),
        )

    def _connect(self) -> None:
        self.list.selectionModel().currentRowChanged.connect(lambda _new, _old: self._show_current())
        self.list.opened.connect(lambda _row: self.ask_new())
        self.table.opened.connect(lambda _row: self.ask_change())
        self.period.returnPressed.connect(self._on_period)
        for message, keys, act in self._acts():
            bind(self, keys, message, act, group=GROUP)

    # ---- periods -------------------------------------------------------------------------------------------------

    def _stepper(self, step: int) -> Callable[[], None]:
        return lambda: self.show_period(self._month.shifted(step))

    def _on_period(self) -> None:
        try:
            period = Period.parse(self.period.text())
        except UserError as error:
            self._on_failed(error)
            return
        self.show_period(period)
        self.take_focus()

    def show_period(self, period: Period) -> None:
        """Shows another month, quarter, half-year or year."""
        self._month = period
        self.period.setText(str(period))
        self.banner.hide()
        self.load()

    def focus_period(self) -> None:
        """Puts the keyboard into the period."""
        self.period.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.period.selectAll()

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.load()

    def load(self) -> None:
        """Reads the period in the worker; what was asked before is forgotten."""
        self._asked += 1
        asked, period = self._asked, self._month
        self._busy = True

        def work(_progress: Progress) -> Sequence[Reconciliation]:
            return self._call.load(period)

        def done(found: Sequence[Reconciliation]) -> None:
            if asked == self._asked:
                self._show(found)

        self._worker.start(work, done=done, failed=self._on_failed)

    def is_busy(self) -> bool:
        """Whether a period is being read."""
        return self._busy

    def current(self) -> Reconciliation | None:
        """The item marked."""
        index = self.list.currentIndex()
        return self.items.row_at(index.row()) if index.isValid() else None

    def current_invoice(self) -> Invoice | None:
        """The invoice marked."""
        index = self.table.currentIndex()
        return self.invoices.row_at(index.row()) if index.isValid() else None

    def _show(self, found: Sequence[Reconciliation]) -> None:
        self._busy = False
        before = self.current()
        self.items.set_rows(found)
        self.list.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._right.setVisible(bool(found))
        if self.hasFocus():  # it was empty
            self.take_focus()
        same = (place for place, row in enumerate(self.items.rows()) if before and row.item_id == before.item_id)
        self.list.choose_row(next(same, 0))
        self._show_current()

    def _show_current(self) -> None:
        found = self.current()
        if found is not None:
            self.sum.show_found(found)
            self.invoices.set_rows(found.invoices)
            self.table.choose_row(0)

    # ---- invoices ------------------------------------------------------------------------------------------------

    def ask_new(self) -> None:
        """Ctrl+N."""
        self._ask(None)

    def ask_change(self) -> None:
        """Ctrl+E."""
        invoice = self.current_invoice()
        if invoice is None:
            self._tell_none()
        else:
            self._ask(invoice)

    def _ask(self, before: Invoice | None) -> None:
        found = self.current()
        if found is None:
            return
        supplier = found.invoices[0].supplier if found.invoices else ""
        sheet = InvoiceSheet(self.window(), found.item, found.period, before, supplier)
        sheet.given.connect(lambda facts: self._store(sheet, before, facts))
        sheet.ask()

    def _store(self, sheet: InvoiceSheet, before: Invoice | None, facts: InvoiceFacts) -> None:
        try:
            if before is None:
                key = self._call.record(facts)
            else:
                key = before.id
                self._call.change(key, facts)
        except FeedeskError as error:
            sheet.refuse(str(error))
            return
        sheet.close_sheet()
        self._on_stored(key)

    def ask_delete(self) -> None:
        """Ctrl+D: asks once, naming the amount."""
        invoice = self.current_invoice()
        if invoice is None:
            self._tell_none()
            return
        question = _("Delete invoice {number} of {supplier}?").format(number=invoice.number, supplier=invoice.supplier)
        amount = f"¥ {format_amount(invoice.amount)}"
        sheet = ConfirmSheet(self.window(), question=question, act=_("Delete"), amount=amount)
        sheet.confirmed.connect(lambda: self._delete(invoice))
        sheet.ask()

    def _delete(self, invoice: Invoice) -> None:
        try:
            self._call.delete(invoice.id)
        except FeedeskError as error:
            self._on_failed(error)
            return
        self._on_stored(invoice.id)

    def ask_common(self) -> None:
        """Ctrl+K: as which items the common share is billed."""
        found = self.current()
        if found is None:
            return
        chosen = self._call.common(found.item)
        sheet = CommonItemsSheet(self.window(), found.item, self._call.items(), chosen)
        sheet.given.connect(lambda names: self._choose_common(found.item, names))
        sheet.ask()

    def _choose_common(self, item: str, names: Sequence[str]) -> None:
        try:
            self._call.choose_common(item, names)
        except FeedeskError as error:
            self._on_failed(error)
            return
        self.load()

    def _on_stored(self, key: int) -> None:
        self.banner.hide()
        self.stored.emit(key)
        self.load()

    def _tell_none(self) -> None:
        self.banner.tell("plain", (Span(_("No invoice is entered here yet: Ctrl+N.")),))

    def _on_failed(self, error: FeedeskError) -> None:
        self._busy = False
        self.banner.tell("danger", (Span(str(error), "danger"),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def take_focus(self) -> None:
        (self.list if self.list.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self._caption.setText(_("Invoices of the supplier"))
        self.period.setAccessibleName(_("Period"))
        self.list.setAccessibleName(_("Reconciliation"))
        self.table.setAccessibleName(_("Invoices of the supplier"))
        self.sum.retranslate()

    def relayout(self) -> None:
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._outer.setSpacing(gap)
        self._row.setSpacing(gap)
        scale = appearance().size.body / 14
        self._left.setFixedWidth(round((330 if compact else 420) * scale))
        self._period_words.setVisible(not compact)
        self.period.setFixedWidth(round(96 * scale))
        self._foot.setFixedHeight(30 if compact else 41)
        self.sum.relayout()
