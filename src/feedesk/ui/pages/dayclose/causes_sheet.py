"""Ctrl+D: what may explain that a drawer holds more or less than expected, with the receipts to look at."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QWidget

from feedesk.rules.variance import Cause
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.tables.columns import ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label

COLUMNS: Final[tuple[ColumnSpec[Cause], ...]] = (
    ColumnSpec(N_("Receipt no."), lambda row: words(row.receipt or "–", "ink" if row.receipt else "mute"), 152),
    ColumnSpec(N_("Time"), lambda row: words(row.time, "mute"), 58),
    ColumnSpec(N_("What may have happened"), lambda row: words(row.words), 0),
)


class CausesSheet(Sheet):
    """A list to read; Esc leaves it."""

    def __init__(self, window: QWidget, title: str, causes: Sequence[Cause]) -> None:
        super().__init__(window, width=800)
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label(title, "button", bold=True), leave)
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.model.set_rows(causes)
        self.table.choose_row(0)
        self.content.addWidget(self.table, 1)
        advice = _("Look at the papers of these receipts, count once more (Ctrl+R), or hand over with the difference.")
        self.content.addWidget(Label(advice, "secondary", tone="ink_2", wraps=True))

    def ask(self) -> None:
        """Opens the sheet at the likeliest cause."""
        rows = min(max(len(self.model.rows()), 3), 10)
        self.table.setMinimumHeight(min((rows + 1) * appearance().size.row + 4, self._window.height() - 230))
        self.open(self.table)
