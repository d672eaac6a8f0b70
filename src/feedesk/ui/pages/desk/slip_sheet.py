"""Slips whose fate is not known: the cashier looks, and says that each is here or shall be printed again (补打)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.queries.receipts import SlipOnItsWay
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.buttons import QuietButton
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span

UNDECIDED: Final = ("failed", "uncertain")


def _state(slip: SlipOnItsWay) -> Cell:
    failed = slip.state == "failed"
    said = _("not printed") if failed else _("not certain")
    return Cell((Span(said, "danger" if failed else "warn"),))


COLUMNS: Final[tuple[ColumnSpec[SlipOnItsWay], ...]] = (
    ColumnSpec(N_("Receipt no."), lambda slip: words(slip.receipt, bold=True), 156),
    ColumnSpec(N_("Unit"), lambda slip: words(slip.unit), 96),
    ColumnSpec(N_("What is known"), _state, 180),
    ColumnSpec(N_("What the printer said"), lambda slip: words(slip.message, "mute"), 0),
)


@dataclass(frozen=True, slots=True)
class SlipFunctions:
    """What the sheet calls: the ``slips`` of the till, and ``settle`` (job, whether it is on paper)."""

    slips: Callable[[], Sequence[SlipOnItsWay]]
    settle: Callable[[int, bool], object]


class SlipSheet(Sheet):
    """1: it is here, 2: print it again. `settled` after each; the sheet closes when none is left."""

    settled = Signal()

    def __init__(self, window: QWidget, functions: SlipFunctions) -> None:
        super().__init__(window, width=760)
        self._call = functions
        later = KeyHint(N_("Later"), "Escape")
        later.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("Did these slips come out?"), "button", bold=True), later)
        sentence = N_("The payments stand whatever became of the paper. Look at the printer, then say so for each.")
        self.content.addWidget(Label.saying(sentence, "secondary", tone="ink_2", wraps=True))
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setAccessibleName(_("Did these slips come out?"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.typed.connect(self._on_typed)
        self.content.addWidget(self.table)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.here = QuietButton(_("It is here"), "1")
        self.again = QuietButton(_("Print it again, marked as a copy"), "2")
        self.here.clicked.connect(lambda: self.settle(on_paper=True))
        self.again.clicked.connect(lambda: self.settle(on_paper=False))
        row = QHBoxLayout()
        row.addWidget(self.here)
        row.addWidget(self.again)
        row.addStretch(1)
        self.add_foot(self.sentence, row)
        self._read()

    def ask(self) -> None:
        """Opens the sheet; the first slip is marked."""
        rows = min(len(self.model.rows()), 8)
        room = max(self._window.height() - 280, 100)
        self.table.setFixedHeight(min((rows + 1) * appearance().size.row + 4, room))
        self.open(self.table)

    def is_empty(self) -> bool:
        """Whether there is nothing to decide."""
        return not self.model.rows()

    def settle(self, *, on_paper: bool) -> None:
        """Says what became of the slip marked."""
        rows = self.table.chosen_rows()
        if not rows:
            return
        try:
            self._call.settle(self.model.row_at(rows[0]).job, on_paper)
        except FeedeskError as error:
            self.sentence.setText(str(error))
            self.sentence.show()
        self._read()
        self.settled.emit()
        if self.is_empty():
            self.close_sheet()
        else:
            self.table.choose_row(min(rows[0], len(self.model.rows()) - 1))
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        self.model.set_rows([slip for slip in self._call.slips() if slip.state in UNDECIDED])
        self.table.choose_row(0)

    def _on_typed(self, text: str) -> None:
        if text in ("1", "2"):
            self.settle(on_paper=text == "1")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in ("1", "2"):
            self.settle(on_paper=event.text() == "1")
        else:
            super().keyPressEvent(event)
