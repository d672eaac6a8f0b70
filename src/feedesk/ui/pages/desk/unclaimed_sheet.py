"""Ctrl+K U: money that came without saying for whom. Enter claims what is marked, N enters more, R returns it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit

from feedesk.money import Fen, format_amount
from feedesk.queries.unclaimed import UnclaimedItem, open_unclaimed
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.claim_sheet import ClaimSheet
from feedesk.ui.pages.desk.found_sheets import FoundSheet, ReturnSheet
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label

_LONG = 30
"""After so many days without an owner an item is marked: somebody should ask the bank."""
_LIST_KEYS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def _left_cell(item: UnclaimedItem) -> Cell:
    return figure(item.left)


class UnclaimedSheet(Sheet):
    """The open items, the oldest first; what is typed finds an amount, a name, a remark, a number."""

    def __init__(self, place: DeskPlace) -> None:
        super().__init__(place.window, width=980)
        self._place = place
        self._today = place.seat().business_date()
        self._items: tuple[UnclaimedItem, ...] = ()
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label(_("Money of unknown origin"), "button", bold=True), leave)
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Amount, sender, remark, reference or receipt"))
        self.search.setAccessibleName(_("Find money of unknown origin"))
        self.search.installEventFilter(self)
        self.model = RowsModel(self._columns(), self)
        self.table = TableView(self.model, sortable=False)
        self.table.setAccessibleName(_("Money of unknown origin"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.told = Label("", "secondary", tone="ink_2", wraps=True)
        self.content.addWidget(self.search)
        self.content.addWidget(self.table, 1)
        self._build_foot()
        self.search.textChanged.connect(lambda _text: self._show())
        self.table.opened.connect(lambda _row: self.claim())
        self.table.typed.connect(self._on_typed)
        self.read()

    def _columns(self) -> tuple[ColumnSpec[UnclaimedItem], ...]:
        return (
            ColumnSpec(N_("Came on"), lambda one: words(one.value_date.isoformat(), "mute"), 92),
            ColumnSpec(N_("Waiting"), self._age_cell, 74),
            ColumnSpec(N_("Sender"), lambda one: words(one.sender or _("not known")), 120),
            ColumnSpec(N_("Sender's remark"), lambda one: words(one.remark), 0),
            ColumnSpec(
                N_("Way of paying"), lambda one: words(f"{one.tender} {one.reference}", "mute"), 150, spare=True
            ),
            ColumnSpec(N_("Receipt no."), lambda one: words(one.receipt, "mute"), 150, spare=True),
            ColumnSpec(N_("Unclaimed"), _left_cell, 104, right=True),
        )

    def _age_cell(self, item: UnclaimedItem) -> Cell:
        days = item.age(self._today)
        return words(_("{days} d").format(days=days), "danger" if days > _LONG else "ink_2")

    def _build_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.told, 1)
        acts = (
            (N_("Claim"), "Return", self.claim),
            (N_("New entry"), "N", self.enter),
            (N_("Return the money"), "R", self.give),
        )
        for message, keys, act in acts:
            hint = KeyHint(message, keys)
            hint.clicked.connect(act)
            row.addWidget(hint)
        self.add_foot(row)

    def ask(self) -> None:
        """Opens the sheet at the oldest item."""
        rows = min(max(len(self._items), 5), 12)
        room = self._window.height() - 230
        self.table.setMinimumHeight(min((rows + 1) * appearance().size.row + 4, room))
        self.open(self.table)

    def read(self) -> None:
        """Reads the open items anew."""
        self._items = self._place.seat().read(open_unclaimed)
        self._show()

    def _show(self) -> None:
        text = self.search.text().strip()
        shown = [item for item in self._items if not text or item.fits(text)]
        self.model.set_rows(shown)
        self.table.choose_row(0)
        whole = format_amount(Fen(sum(item.left for item in self._items)))
        if not self._items:
            self.tell(_("Nothing is waiting for its owner. N enters money whose owner is not known."))
        elif not shown:
            self.tell(_("Nothing fits: type an amount, a name or a part of the remark."))
        else:
            self.tell(_("{count} items, {amount} in all").format(count=len(self._items), amount=whole))

    def tell(self, sentence: str) -> None:
        """A sentence below the list."""
        self.told.setText(sentence)

    def chosen(self) -> UnclaimedItem | None:
        """The item marked in the list."""
        rows = self.table.chosen_rows()
        return self.model.row_at(rows[0]) if rows else None

    def claim(self) -> None:
        """Enter: brings the item marked to an account."""
        item = self.chosen()
        if item is not None:
            self._leave_for(ClaimSheet(self._place, item))

    def give(self) -> None:
        """R: the item marked goes back to whoever sent it."""
        item = self.chosen()
        if item is not None:
            self._leave_for(ReturnSheet(self._place, item))

    def enter(self) -> None:
        """N: more money whose owner is not known; the list stays."""
        sheet = FoundSheet(self._place)
        sheet.decided.connect(self._on_entered)
        sheet.ask()

    def _leave_for(self, sheet: ClaimSheet | ReturnSheet) -> None:
        sheet.decided.connect(lambda _told: self.close_sheet())
        sheet.ask()

    def _on_entered(self, told: str) -> None:
        self.search.clear()
        self.read()
        self.table.choose_row(len(self._items) - 1)
        self.tell(told)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_typed(self, text: str) -> None:
        match text.upper():
            case "N":
                self.enter()
            case "R":
                self.give()
            case _:
                self.search.setFocus(Qt.FocusReason.OtherFocusReason)
                self.search.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _LIST_KEYS:
                QApplication.sendEvent(self.table, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.claim()
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)


def ask_unclaimed(place: DeskPlace) -> None:
    """U: of the whole ledger, whether an account is shown or not."""
    UnclaimedSheet(place).ask()
