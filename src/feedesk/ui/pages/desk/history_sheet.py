"""Ctrl+H: every paper of an account, newest first; Enter prints the one marked once more."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import Fen, format_amount
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.void_sheet import amount_cell, number_cell, state_cell
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label


def basis_words(row: IssuedReceipt) -> str:
    """On what the allocation of a payment rests."""
    return {"designated": _("payer's choice"), "agreed": _("agreed order")}.get(row.basis, "")


def unit_words(row: IssuedReceipt) -> str:
    """The unit of a paper, and how many more it is for: 3-1-502 +2."""
    return f"{row.unit} +{len(row.others)}" if row.others else row.unit


GROUP: Final = N_("Payments")
COLUMNS: Final[tuple[ColumnSpec[IssuedReceipt], ...]] = (
    ColumnSpec(N_("Receipt no."), number_cell, 152),
    ColumnSpec(N_("Date and time"), lambda row: words(f"{row.at:%Y-%m-%d %H:%M}", "mute"), 130),
    ColumnSpec(N_("Unit"), lambda row: words(unit_words(row)), 86),
    ColumnSpec(N_("Payer"), lambda row: words(row.payer), 0),
    ColumnSpec(N_("Way of paying"), lambda row: words(" ".join(row.tenders), "mute"), 110, spare=True),
    ColumnSpec(N_("Amount"), amount_cell, 92, right=True),
    ColumnSpec(N_("Settled as"), lambda row: words(basis_words(row), "mute"), 84, spare=True),
    ColumnSpec("", state_cell, 72),
)


@dataclass(frozen=True, slots=True)
class HistoryFunctions:
    """What the sheet calls: ``receipts`` of the account, newest first; ``reprint`` (number) answers what to tell."""

    receipts: Callable[[], Sequence[IssuedReceipt]]
    reprint: Callable[[str], str]


class HistorySheet(Sheet):
    """`printed` tells that another copy waits for the printer, `put_right_asked` which paper is to be taken back."""

    printed = Signal()
    put_right_asked = Signal(str)

    def __init__(self, window: QWidget, title: str, functions: HistoryFunctions) -> None:
        super().__init__(window, width=900)
        self._call = functions
        self.add_title(Label(title, "button", bold=True), self._leave())
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setAccessibleName(_("Payments"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.opened.connect(lambda _row: self.reprint())
        self.told = Label("", "secondary", tone="ink_2", wraps=True)
        self.content.addWidget(self.table, 1)
        self._build_foot()
        self.model.set_rows(functions.receipts())
        self.table.choose_row(0)
        self._tell_sum()

    def _leave(self) -> KeyHint:
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        return leave

    def _build_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.told, 1)
        hint = KeyHint(N_("Reprint"), "Return")
        hint.clicked.connect(self.reprint)
        row.addWidget(hint)
        back = KeyHint(N_("Void or reverse"), "Ctrl+Delete")
        back.clicked.connect(self.put_right)
        row.addWidget(back)
        bind(self, "Ctrl+Delete", N_("Void or reverse"), self.put_right, group=GROUP)
        self.add_foot(row)

    def put_right(self) -> None:
        """Ctrl+Delete: the payment marked is voided in its shift, reversed later."""
        rows = self.table.chosen_rows()
        if not rows:
            return
        row = self.model.row_at(rows[0])
        if row.status != "issued" or not row.number:
            self.told.setText(_("Only a payment that stands can be taken back: choose one without a mark."))
            self.told.set_tone("danger")
            return
        self.close_sheet()
        self.put_right_asked.emit(row.number)

    def _tell_sum(self) -> None:
        rows = self.model.rows()
        if not rows:
            self.told.setText(_("Nothing has been paid here yet."))
            return
        paid = Fen(sum(row.total for row in rows if row.status == "issued"))
        told = _("{count} papers, {amount} paid and not taken back.")
        self.told.setText(told.format(count=len(rows), amount=format_amount(paid)))

    def ask(self) -> None:
        """Opens the sheet at the newest paper."""
        rows = min(max(len(self.model.rows()), 4), 12)
        self.table.setMinimumHeight(min((rows + 1) * appearance().size.row + 4, self._window.height() - 200))
        self.open(self.table)

    def reprint(self) -> None:
        """Enter: another copy of the paper marked."""
        rows = self.table.chosen_rows()
        if not rows:
            return
        if not self.model.row_at(rows[0]).number:
            self.told.setText(_("A prepayment settled this by itself: there is no receipt to print."))
            self.told.set_tone("ink_2")
            return
        try:
            self.told.setText(self._call.reprint(self.model.row_at(rows[0]).number))
            self.told.set_tone("good")
        except FeedeskError as error:
            self.told.setText(str(error))
            self.told.set_tone("danger")
            return
        self.printed.emit()
