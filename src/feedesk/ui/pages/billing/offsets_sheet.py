"""Ctrl+O: which fee items prepayments may settle (自动冲抵), and the offsets made last, newest first.

The one marked can be taken back, with a reason.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.offsetting import OffsetTakenBack
from feedesk.queries.offsets import OffsetRow
from feedesk.rules.offsetting import OffsetRule
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.words import listed

GROUP: Final = N_("Offsets made")
_COLUMNS: Final = 4
COLUMNS: Final[tuple[ColumnSpec[OffsetRow], ...]] = (
    ColumnSpec(N_("Date and time"), lambda row: words(f"{row.at:%Y-%m-%d %H:%M}", "mute"), 140),
    ColumnSpec(N_("Unit"), lambda row: words(row.unit), 110),
    ColumnSpec(N_("Payer"), lambda row: words(row.payer), 0),
    ColumnSpec(N_("Amount"), lambda row: figure(row.total), 110, right=True),
    ColumnSpec("", lambda row: words(_("taken back") if row.taken_back else "", "warn"), 80),
)


@dataclass(frozen=True, slots=True)
class OffsetsFunctions:
    """What the sheet calls: ``offsets``, newest first; ``take_back`` (payment, reason).

    ``choices`` gives the rule and all fee items, ``keep`` stores another rule.
    """

    offsets: Callable[[], Sequence[OffsetRow]]
    take_back: Callable[[int, str], OffsetTakenBack]
    choices: Callable[[], tuple[OffsetRule, Sequence[str]]]
    keep: Callable[[OffsetRule], OffsetRule]


class OffsetsSheet(Sheet):
    """`taken_back` carries what was taken back; `rule_changed` tells that other items are settled now."""

    taken_back = Signal(object)
    rule_changed = Signal()

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
        self._build_items()
        for widget in (self.table, FormRow(N_("Reason"), self.reason)):
            self.content.addWidget(widget)
        self.add_foot(self.told, hint)
        bind(self, "Ctrl+Delete", N_("Take the marked one back"), self.take_back, group=GROUP, shown="")
        self._read()

    def _build_items(self) -> None:
        self._rule, items = self._call.choices()
        self.boxes: dict[str, CheckBox] = {}
        self.content.addWidget(Label.saying(N_("Fee items that prepayments may settle"), "caption", tone="ink_2"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, name in enumerate(items):
            box = self.boxes[name] = CheckBox()
            box.set_words(name)
            box.setChecked(self._rule.covers(name))
            box.clicked.connect(self._keep)
            grid.addWidget(box, place // _COLUMNS, place % _COLUMNS)
        self.content.addLayout(grid)

    def _keep(self) -> None:
        """A tick was changed: that is the rule from now on; none ticked is no rule, so the last one stays."""
        ticked = tuple(name for name, box in self.boxes.items() if box.isChecked())
        if not ticked:
            for name, box in self.boxes.items():
                box.setChecked(self._rule.covers(name))
            self.told.setText(_("At least one fee item must be ticked; without offsets, untick them on the page."))
            return
        items = () if len(ticked) == len(self.boxes) else ticked
        try:
            self._rule = self._call.keep(OffsetRule(self._rule.after_billing, items))
        except FeedeskError as error:
            self.told.setText(str(error))
            return
        self.told.setText(_("From now on prepayments settle {items}.").format(items=listed(ticked)))
        self.rule_changed.emit()

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
