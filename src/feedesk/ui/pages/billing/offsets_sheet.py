"""Ctrl+O: the offsets (自动冲抵) made last, newest first; the one marked can be taken back, with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.offsetting import OffsetTakenBack
from feedesk.queries.offsets import OffsetRow
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label

GROUP: Final = N_("Offsets made")
COLUMNS: Final[tuple[ColumnSpec[OffsetRow], ...]] = (
    ColumnSpec(N_("Date and time"), lambda row: words(f"{row.at:%Y-%m-%d %H:%M}", "mute"), 140),
    ColumnSpec(N_("Unit"), lambda row: words(row.unit), 110),
    ColumnSpec(N_("Payer"), lambda row: words(row.payer), 0),
    ColumnSpec(N_("Amount"), lambda row: figure(row.total), 110, right=True),
    ColumnSpec("", lambda row: words(_("taken back") if row.taken_back else "", "warn"), 80),
)


@dataclass(frozen=True, slots=True)
class OffsetsFunctions:
    """What the sheet calls: ``offsets``, newest first; ``take_back`` (payment, reason)."""

    offsets: Callable[[], Sequence[OffsetRow]]
    take_back: Callable[[int, str], OffsetTakenBack]


class OffsetsSheet(Sheet):
    """`taken_back` carries what was taken back."""

    taken_back = Signal(object)

    def __init__(self, window: QWidget, functions: OffsetsFunctions) -> None:
        super().__init__(window, width=720)
        self._call = functions
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label(_("Prepayments that settled charges"), "button", bold=True), leave)
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.reason = QLineEdit()
        self.table.opened.connect(lambda _place: self.reason.setFocus(Qt.FocusReason.OtherFocusReason))
        self.reason.setPlaceholderText(_("Why: for example the owner wants to pay otherwise"))
        self.reason.returnPressed.connect(self.take_back)
        self.told = Label("", "secondary", tone="ink_2", wraps=True)
        hint = KeyHint(N_("Take the marked one back"), "Ctrl+Delete", keys_first=True)
        hint.clicked.connect(self.take_back)
        for widget in (self.table, FormRow(N_("Reason"), self.reason), self.told, hint):
            self.content.addWidget(widget)
        bind(self, "Ctrl+Delete", N_("Take the marked one back"), self.take_back, group=GROUP, shown="")
        self._read()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.table)

    def take_back(self) -> None:
        """Takes the offset marked back, once a reason is typed."""
        index = self.table.currentIndex()
        if not index.isValid():
            return
        row = self.model.row_at(index.row())
        if not self.reason.text().strip():
            self.told.setText(_("Say why first."))
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            done = self._call.take_back(row.payment, self.reason.text())
        except FeedeskError as error:
            self.told.setText(str(error))
            return
        self.reason.clear()
        self._read()
        said = _("{amount} of {unit} is prepaid again.")
        self.told.setText(said.format(amount=format_amount(row.total), unit=row.unit))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self.taken_back.emit(done)

    def _read(self) -> None:
        rows = self._call.offsets()
        self.model.set_rows(rows)
        self.table.choose_row(0)
        if not rows:
            self.told.setText(_("No prepayment has settled anything yet."))
