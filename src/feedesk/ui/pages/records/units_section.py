"""Units and residents (房屋住户): every unit with who pays for it, searched while typing; workbooks in and out."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from feedesk.errors import FeedeskError
from feedesk.money import decimal_text
from feedesk.queries.records import RecordList, RecordRow
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.records.import_sheet import ImportFunctions, ImportSheet
from feedesk.ui.pages.records.section import Section
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.card import Card, Rule, strip
from feedesk.ui.widgets.empty_state import EmptyState
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.list_filter import ListFilter
from feedesk.ui.widgets.painting import Span

GROUP: Final = N_("Records")


def _ink(row: RecordRow) -> Token:
    return "mute" if row.ended else "ink"


def _area(row: RecordRow) -> Cell:
    if row.area is None:
        return Cell((Span("–", "mute"),), right=True)
    return Cell((Span(decimal_text(row.area, 2), _ink(row)),), right=True)


def _payer(row: RecordRow) -> Cell:
    if not row.resident:
        return words(_("nobody named"), "warn")
    spans = [Span(row.resident, _ink(row))]
    if row.developer:
        spans.append(Span(_("developer"), chip="plain"))
    if row.ended:
        spans.append(Span(_("ended"), chip="plain"))
    return Cell(tuple(spans))


COLUMNS: Final[tuple[ColumnSpec[RecordRow], ...]] = (
    ColumnSpec(N_("Unit"), lambda row: words(row.unit, _ink(row), bold=not row.ended), 110),
    ColumnSpec(N_("Kind"), lambda row: words(row.kind, "ink_2"), 72),
    ColumnSpec(N_("Billing area (m²)"), _area, 100, right=True, sort=lambda row: row.area or 0),
    ColumnSpec(N_("State"), lambda row: words(row.occupancy, "ink_2"), 66),
    ColumnSpec(N_("Who pays"), _payer, 0, least=150),
    ColumnSpec(N_("Phone"), lambda row: words(" ".join(row.phones), "ink_2"), 190),
    ColumnSpec(N_("Account no."), lambda row: words(row.number, "ink_2"), 90),
    ColumnSpec(N_("Belongs to"), lambda row: words(row.joined_to, "ink_2"), 100, spare=True),
)


@dataclass(frozen=True, slots=True)
class UnitsFunctions:
    """What the section calls: ``records`` from the worker, ``template`` writes an empty workbook, the import's own."""

    records: Callable[[], RecordList]
    template: Callable[[Path], object]
    importing: ImportFunctions


class UnitsSection(Section):
    """`account_asked` carries the account to be shown at the desk, `imported` what an import did."""

    account_asked = Signal(int)
    imported = Signal(object)

    def __init__(self, functions: UnitsFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._records: RecordList | None = None
        self.banner = Banner()
        self.search = ListFilter(lambda: self.table)
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self._counts = Label("", "secondary", tone="mute")
        self.import_button = QuietButton(keys="Ctrl+I")
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        self._head, head = strip(12)
        head.addWidget(self._counts)
        head.addStretch(1)
        head.addWidget(self.search)
        head.addWidget(self.import_button)
        self._empty = EmptyState(
            "archive", N_("No records yet"), N_("Bring a workbook with homes, residents and prices: Ctrl+I.")
        )
        self._empty.hide()
        self._foot, foot = strip(14)
        self._hints = [
            KeyHint(N_("Show at the desk"), "Return", keys_first=True),
            KeyHint(N_("Search"), "/", keys_first=True),
            KeyHint(N_("Write an empty workbook"), "Ctrl+T", keys_first=True),
        ]
        for hint, act in zip(self._hints, (self._open_current, self.search.focus, self.ask_template), strict=True):
            hint.clicked.connect(act)
            foot.addWidget(hint)
        foot.addStretch(1)
        card = Card()
        for widget in (self._head, Rule("line")):
            card.body.addWidget(widget)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self.table, 1000)
        card.body.addStretch(1)
        card.body.addWidget(Rule("line"))
        card.body.addWidget(self._foot)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addWidget(card, 1)

    def _connect(self) -> None:
        self.search.textChanged.connect(self._on_search)
        self.table.opened.connect(self._open)
        self.table.typed.connect(self.search.take_text)
        self.import_button.clicked.connect(self.ask_import)
        for keys, message, act in (
            ("Ctrl+I", N_("Import a workbook"), self.ask_import),
            ("Ctrl+T", N_("Write an empty workbook"), self.ask_template),
            ("/", N_("Search"), self.search.focus),
            ("Escape", N_("Show all again"), self._on_escape),
        ):
            bind(self, keys, message, act, group=GROUP)

    # ---- the list ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the records in the worker."""

        def work(_progress: Progress) -> RecordList:
            return self._call.records()

        self._worker.start(work, done=self._show, failed=self._on_failed)

    def records(self) -> RecordList | None:
        """What is shown now."""
        return self._records

    def _show(self, records: RecordList) -> None:
        self._records = records
        self.model.set_rows(records.rows)
        self.table.choose_row(0)
        self.table.setVisible(bool(records.rows))
        self._empty.setVisible(not records.rows)
        self._tell_counts()

    def _tell_counts(self) -> None:
        records = self._records
        if records is not None:
            words_ = _("{units} units · {payers} payers · {accounts} accounts")
            facts = {"units": records.units, "payers": records.payers, "accounts": records.accounts}
            self._counts.setText(words_.format(**{name: f"{number:,}" for name, number in facts.items()}))

    def _on_search(self, text: str) -> None:
        self.model.set_filter(text)
        self.table.choose_row(0)

    def _on_escape(self) -> None:
        self.search.clear()
        self.take_focus()

    def _open_current(self) -> None:
        self._open(self.table.currentIndex().row())

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.model.rows()):
            account = self.model.row_at(row).account
            if account is None:
                self.banner.tell("warn", (Span(_("Nobody is named who pays for this unit, so it owes nothing.")),))
            else:
                self.account_asked.emit(account)

    # ---- workbooks -----------------------------------------------------------------------------------------------

    def ask_import(self) -> None:
        """Ctrl+I."""
        sheet = ImportSheet(self.window(), self._call.importing, self._worker)
        sheet.imported.connect(self._on_imported)
        sheet.ask()

    def _on_imported(self, done: object) -> None:
        self.banner.tell("good", (Span(_("The workbook is imported."), "good", bold=True),))
        self.imported.emit(done)
        self.refresh()

    def ask_template(self) -> None:
        """Ctrl+T: where to."""
        name = str(Path.home() / _("community workbook.xlsx"))
        path, _kind = QFileDialog.getSaveFileName(
            self, _("Write an empty workbook"), name, _("Excel workbooks (*.xlsx)")
        )
        if path:
            self.write_template(Path(path))

    def write_template(self, path: Path) -> None:
        """Writes the empty workbook and says where it lies."""
        try:
            self._call.template(path)
        except FeedeskError as error:
            self._on_failed(error)
        else:
            said = _("An empty workbook lies in {where}.").format(where=path)
            self.banner.tell("good", (Span(said, "good"),))

    def _on_failed(self, error: FeedeskError) -> None:
        self.banner.tell("danger", (Span(str(error), "danger"),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Units and residents")

    def take_focus(self) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        self.search.setPlaceholderText(_("Room, name, phone or account number"))
        self.search.setAccessibleName(_("Search"))
        self.import_button.set_words(_("Import a workbook"))
        self._tell_counts()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._head.setFixedHeight(44 if compact else 56)
        self._foot.setFixedHeight(30 if compact else 41)
        self.search.setFixedWidth(220 if compact else 300)
