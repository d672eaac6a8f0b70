"""Prices (收费标准): every tariff with its price now, its prices over time, what they rest on, and where they apply."""

from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.ops.pricing import PriceChanged
from feedesk.queries.tariff_list import TariffList, TariffRow
from feedesk.rules.tariff_words import gap_words
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.records.section import Section
from feedesk.ui.pages.records.tariff_sheets import TariffsFunctions, TariffSheets
from feedesk.ui.pages.records.tariff_tables import (
    SCOPE_COLUMNS,
    TARIFF_COLUMNS,
    VERSION_COLUMNS,
    ShownScope,
    ShownTariff,
    ShownVersion,
)
from feedesk.ui.pages.records.time_line import TimeLine
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card, Rule, strip
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.list_filter import ListFilter
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

GROUP: Final = N_("Prices")


class TariffsSection(Section):
    """The list above; below it the marked tariff's time line, prices and where it applies."""

    def __init__(self, functions: TariffsFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._found: TariffList | None = None
        self._wanted: int | None = None
        self.sheets = TariffSheets(self, functions, worker)
        self.banner = Banner()
        self.search = ListFilter(lambda: self.table)
        self.tariffs = RowsModel(TARIFF_COLUMNS, self)
        self.versions = RowsModel(VERSION_COLUMNS, self)
        self.scopes = RowsModel(SCOPE_COLUMNS, self)
        self.table = TableView(self.tariffs)
        self.version_table = TableView(self.versions, sortable=False, quiet=True)
        self.scope_table = TableView(self.scopes, sortable=False, quiet=True)
        for table in (self.table, self.version_table, self.scope_table):
            table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.time_line = TimeLine()
        self.new_button = QuietButton(keys="Ctrl+N")
        self.calculate_button = QuietButton(keys="Ctrl+K")
        self.board_button = QuietButton(keys="Ctrl+P")
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        self._head, head = strip(12)
        self._counts = Label("", "secondary", tone="mute")
        head.addWidget(self._counts)
        head.addStretch(1)
        head.addWidget(self.search)
        for button in (self.new_button, self.calculate_button, self.board_button):
            head.addWidget(button)
        self._foot, foot = strip(14)
        for message, keys, act in (
            (N_("Put right"), "Return", self.open_current),
            (N_("New price from a day on"), "Ctrl+B", self.begin_price),
            (N_("Where it applies"), "Ctrl+R", self.assign),
            (N_("End it"), "Ctrl+E", self.end_current),
            (N_("Billing settings"), "Ctrl+G", self.show_settings),
            (N_("Search"), "/", self.search.focus),
        ):
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            foot.addWidget(hint)
        foot.addStretch(1)
        self._empty = EmptyState("archive", N_("No prices yet"), N_("Ctrl+N adds a tariff, or bring them by workbook."))
        self._empty.hide()
        card = Card()
        card.body.addWidget(self._head)
        card.body.addWidget(Rule("line"))
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self.table, 1000)
        card.body.addWidget(self._build_detail(), 1)
        card.body.addWidget(Rule("line"))
        card.body.addWidget(self._foot)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(card, 1)

    def _build_detail(self) -> QWidget:
        self.detail = QWidget()
        self._title = Phrase()
        self._gaps = Phrase()
        self._detail_column = QVBoxLayout(self.detail)
        titles = QHBoxLayout()
        titles.addWidget(self._title, 1)
        titles.addWidget(self._gaps, 1)
        self._detail_column.addLayout(titles)
        self._detail_column.addWidget(self.time_line)
        tables = QHBoxLayout()
        tables.setSpacing(12)
        tables.addWidget(self.version_table, 6)
        tables.addWidget(self.scope_table, 5)
        self._detail_column.addLayout(tables, 1)
        return self.detail

    def _connect(self) -> None:
        self.sheets.kept.connect(self._on_kept)
        self.sheets.refused.connect(self._on_refused)
        self.search.textChanged.connect(self._on_search)
        self.new_button.clicked.connect(self.add_tariff)
        self.calculate_button.clicked.connect(self.calculate)
        self.board_button.clicked.connect(self.show_board)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        for table in (self.table, self.version_table, self.scope_table):
            table.opened.connect(lambda _row: self.open_current())
            table.typed.connect(self.search.take_text)
        for keys, message, act in (
            ("Ctrl+N", N_("Add a tariff"), self.add_tariff),
            ("Ctrl+B", N_("New price from a day on"), self.begin_price),
            ("Ctrl+R", N_("Where it applies"), self.assign),
            ("Ctrl+E", N_("End a price, or where it applies"), self.end_current),
            ("Ctrl+Delete", N_("Take back what nothing was billed by"), self.withdraw_current),
            ("Ctrl+K", N_("Calculator: try prices on a unit"), self.calculate),
            ("Ctrl+P", N_("Fee board"), self.show_board),
            ("Ctrl+G", N_("Billing settings"), self.show_settings),
            ("/", N_("Search"), self.search.focus),
            ("Escape", N_("Show all again"), self._on_escape),
        ):
            bind(self, keys, message, act, group=GROUP)

    # ---- the lists -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the tariffs in the worker."""

        def work(_progress: Progress) -> TariffList:
            return self._call.listed()

        self._worker.start(work, done=self._show, failed=self._on_failed)

    def found(self) -> TariffList | None:
        """What is shown now."""
        return self._found

    def _show(self, found: TariffList) -> None:
        marked = self.current()
        wanted = self._wanted if self._wanted is not None else marked.id if marked else None
        self._wanted = None
        self._found = found
        self.tariffs.set_rows([ShownTariff(one, found.on) for one in found.tariffs])
        keys = [row.tariff.id for row in self.tariffs.rows()]
        self.table.choose_row(keys.index(wanted) if wanted in keys else 0)
        for widget in (self.table, self.detail):
            widget.setVisible(bool(found.tariffs))
        self._empty.setVisible(not found.tariffs)
        self.table.fit_height()
        self._tell_counts()
        self._on_row()
        self.bars_changed.emit()

    def _tell_counts(self) -> None:
        found = self._found
        if found is not None:
            said = _("{items} fee items · {tariffs} tariffs")
            self._counts.setText(said.format(items=len(found.items), tariffs=len(found.tariffs)))

    def current(self) -> TariffRow | None:
        """The tariff marked."""
        place = self.table.currentIndex().row()
        return self.tariffs.row_at(place).tariff if 0 <= place < len(self.tariffs.rows()) else None

    def _on_row(self) -> None:
        tariff, found = self.current(), self._found
        if tariff is None or found is None:
            self.versions.set_rows([])
            self.scopes.set_rows([])
            self.time_line.show_tariff(None, date.min)
            return
        now = tariff.price_on(found.on)
        shown = [ShownVersion(one, found.on, one is now) for one in reversed(tariff.versions)]
        self.versions.set_rows(shown)
        self.scopes.set_rows([ShownScope(one, found.on) for one in tariff.scopes])
        self.version_table.choose_row(next((place for place, one in enumerate(shown) if one.holds), 0))
        self.scope_table.choose_row(0)
        self.time_line.show_tariff(tariff, found.on)
        self._title.set_spans(
            (Span(tariff.name, bold=True), Span(f"  {tariff.item.name} · {tariff.item.nature}", "mute"))
        )
        gaps = tariff.gaps
        self._gaps.set_spans((Span(gap_words(gaps[0]), "warn", look="secondary"),) if gaps else ())

    def _on_search(self, text: str) -> None:
        self.tariffs.set_filter(text)
        self.table.fit_height()
        self.table.choose_row(0)
        self._on_row()

    def _on_escape(self) -> None:
        self.search.clear()
        self.take_focus()

    # ---- the work ------------------------------------------------------------------------------------------------

    def add_tariff(self) -> None:
        """Ctrl+N."""
        if self._found is not None:
            self.sheets.add(self._found)

    def open_current(self) -> None:
        """Enter: puts the marked price right, or ends where it applies, wherever the keyboard is."""
        tariff, found = self.current(), self._found
        if tariff is None or found is None:
            return
        if self.scope_table.hasFocus():
            self.end_current()
            return
        place = self.version_table.currentIndex().row()
        version = tariff.shown_on(found.on)
        if self.version_table.hasFocus() and 0 <= place < len(self.versions.rows()):
            version = self.versions.row_at(place).version
        if version is not None:
            self.sheets.change(tariff, version)

    def begin_price(self) -> None:
        """Ctrl+B."""
        tariff, found = self.current(), self._found
        if tariff is not None and found is not None:
            self.sheets.begin(found, tariff)

    def assign(self) -> None:
        """Ctrl+R."""
        tariff, found = self.current(), self._found
        if tariff is not None and found is not None:
            self.sheets.assign(found, tariff)

    def end_current(self) -> None:
        """Ctrl+E: the marked price, or where the tariff applies if the keyboard is there."""
        tariff, found = self.current(), self._found
        if tariff is None or found is None:
            return
        scope = self.scope_table.currentIndex().row()
        if self.scope_table.hasFocus() and 0 <= scope < len(self.scopes.rows()):
            self.sheets.end_scope(found, tariff, self.scopes.row_at(scope).scope)
            return
        place = self.version_table.currentIndex().row()
        if 0 <= place < len(self.versions.rows()):
            self.sheets.end_price(found, tariff, self.versions.row_at(place).version)

    def withdraw_current(self) -> None:
        """Ctrl+Delete: takes back the marked price or place; it can be entered again, so nothing is asked."""
        tariff = self.current()
        if tariff is None:
            return
        scope, place = self.scope_table.currentIndex().row(), self.version_table.currentIndex().row()
        if self.scope_table.hasFocus() and 0 <= scope < len(self.scopes.rows()):
            self.sheets.withdraw_scope(self.scopes.row_at(scope).scope)
        elif self.version_table.hasFocus() and 0 <= place < len(self.versions.rows()):
            self.sheets.withdraw_price(self.versions.row_at(place).version)
        else:
            self.banner.tell("plain", (Span(_("Go to a price or a place below by Tab first; then it is taken back.")),))

    def calculate(self) -> None:
        """Ctrl+K."""
        if self._found is not None:
            self.sheets.calculate(self._found, self.current())

    def show_board(self) -> None:
        """Ctrl+P."""
        if self._found is not None:
            self.sheets.board(self._found)

    def show_settings(self) -> None:
        """Ctrl+G."""
        self.sheets.settings()

    def _on_kept(self, said: str, done: object) -> None:
        warnings: tuple[str, ...] = ()
        if isinstance(done, PriceChanged):
            self._wanted, warnings = done.tariff, done.warnings
        spans = [Span(said, "good", bold=True), *(Span(f"  {sentence}", "warn") for sentence in warnings)]
        self.banner.tell("warn" if warnings else "good", spans)
        if not isinstance(done, Path):  # a fee board changes nothing
            self.changed.emit()
            self.refresh()

    def _on_refused(self, said: str) -> None:
        self.banner.tell("danger", (Span(said, "danger"),))

    def _on_failed(self, error: FeedeskError) -> None:
        self.banner.tell("danger", (Span(str(error), "danger"),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Prices")

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.search.setPlaceholderText(_("Search"))
        self.search.setAccessibleName(_("Search"))
        self.table.setAccessibleName(_("Tariffs"))
        self.version_table.setAccessibleName(_("Prices of the tariff"))
        self.scope_table.setAccessibleName(_("Where it applies"))
        self.new_button.set_words(_("Add a tariff"))
        self.calculate_button.set_words(_("Calculator"))
        self.board_button.set_words(_("Fee board"))
        self._tell_counts()
        self._on_row()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._head.setFixedHeight(40 if compact else 56)
        self._foot.setFixedHeight(30 if compact else 41)
        self._detail_column.setContentsMargins(14, 4 if compact else 10, 14, 4 if compact else 10)
        self._detail_column.setSpacing(4 if compact else 8)
        self.search.setFixedWidth(120 if compact else 200)
        rows = appearance().size.table_head + appearance().size.row * (3 if compact else 4)
        self.version_table.setMinimumHeight(rows)
        self._counts.setVisible(not compact)
        self.table.fit_height()
