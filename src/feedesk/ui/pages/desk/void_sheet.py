"""Ctrl+Delete: the receipts of this shift, one of them voided for a reason, or printed once more.

Two steps in one sheet, so that digits mean one thing at a time: find the receipt (digits are its number), then say
why (digits choose a ready reason, a field takes any other).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.queries.issued_receipts import IssuedReceipt
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tokens import RADIUS_FIELD
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.held_enter import is_held_enter
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span, paint_cap, paint_focus_ring, paint_spans

GROUP: Final = N_("Receipts of this shift")
REASONS: Final = (
    N_("Wrong amount"),
    N_("Wrong charges"),
    N_("Wrong way of paying"),
    N_("Wrong account"),
    N_("The resident takes the money back"),
)
_STATES: Final = {
    "void": N_("voided"),
    "reversed": N_("reversed"),
    "transferred": N_("transferred"),
    "red": N_("correction"),
    "offset": N_("offset by itself"),
}


def state_cell(row: IssuedReceipt) -> Cell:
    """A chip for what is not simply issued."""
    if row.status not in _STATES:
        return Cell()
    return Cell((Span(_(_STATES[row.status]), chip="danger" if row.status == "void" else "plain"),))


def number_cell(row: IssuedReceipt) -> Cell:
    """The number, muted where the paper no longer counts."""
    return words(row.number or _("no receipt"), "mute" if row.status != "issued" else "ink")


def amount_cell(row: IssuedReceipt) -> Cell:
    """The amount, muted likewise."""
    return figure(row.total, "ink" if row.status in ("issued", "offset") else "mute")


COLUMNS: Final[tuple[ColumnSpec[IssuedReceipt], ...]] = (
    ColumnSpec(N_("Receipt no."), number_cell, 152),
    ColumnSpec(N_("Time"), lambda row: words(f"{row.at:%H:%M}", "mute"), 58),
    ColumnSpec(N_("Unit"), lambda row: words(row.unit), 96),
    ColumnSpec(N_("Payer"), lambda row: words(row.payer), 0),
    ColumnSpec(N_("Way of paying"), lambda row: words(" ".join(row.tenders), "mute"), 110, spare=True),
    ColumnSpec(N_("Amount"), amount_cell, 92, right=True),
    ColumnSpec("", state_cell, 72),
)


@dataclass(frozen=True, slots=True)
class VoidFunctions:
    """What the sheet calls: ``receipts`` of the shift, newest first; ``void`` (number, reason) and ``reprint``
    (number) act or raise a `UserError`; ``reprint`` answers what to tell. ``earlier`` finds by a number, or its end, a
    receipt of another shift.
    """

    receipts: Callable[[], Sequence[IssuedReceipt]]
    void: Callable[[str, str], object]
    reprint: Callable[[str], str]
    earlier: Callable[[str], IssuedReceipt | None] = lambda text: None


class VoidSheet(Sheet):
    """`voided` carries the `IssuedReceipt` that was voided, `reversal_asked` the number of one of an earlier shift."""

    voided = Signal(object)
    reversal_asked = Signal(str)

    def __init__(self, window: QWidget, functions: VoidFunctions) -> None:
        super().__init__(window, width=780)
        self._call = functions
        self._row: IssuedReceipt | None = None
        self._earlier = ""
        self._title = Label("", "button", bold=True)
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.step_back)
        self.add_title(self._title, leave)
        self._stack = QStackedLayout()
        self.content.addLayout(self._stack)  # before its pages: one without a parent would show them as windows
        self._stack.addWidget(self._build_list())
        self._stack.addWidget(self._build_reason())
        bind(self, "Ctrl+P", N_("Reprint"), self.reprint, group=GROUP)
        self._show_list()

    def _build_list(self) -> QWidget:
        self.search = QLineEdit()
        self.search.installEventFilter(self)
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setAccessibleName(_("Receipts of this shift"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.table.opened.connect(lambda _row: self.choose())
        self.table.typed.connect(self._on_typed)
        self.told = Label("", "secondary", tone="ink_2", wraps=True)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.table, 1)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.told, 1)
        for message, keys, act in (
            (N_("Void"), "Return", self.choose),
            (N_("Reprint"), "Ctrl+P", self.reprint),
        ):
            hint = KeyHint(message, keys)
            hint.clicked.connect(act)
            row.addWidget(hint)
        column.addLayout(row)
        self.search.textChanged.connect(self._on_filter)
        return whole

    def _build_reason(self) -> QWidget:
        self._what = Label("", "body", wraps=True)
        self._amount = MoneyFigure("figure", tone="danger")
        self.other = QLineEdit()
        self.other.installEventFilter(self)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.reasons = ReasonList()
        self.reasons.chosen.connect(lambda _place: self.sentence.clear())
        self.reasons.submitted.connect(self.submit)
        self.reasons.other_asked.connect(lambda: self.other.setFocus(Qt.FocusReason.OtherFocusReason))
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.step_back)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._what, self._amount, self.reasons, self.other, self.sentence):
            column.addWidget(widget)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        column.addLayout(row)
        return whole

    def ask(self) -> None:
        """Opens the sheet at the newest receipt."""
        rows = min(max(len(self.model.rows()), 4), 10)
        room = self._window.height() - 230
        self.table.setMinimumHeight(min((rows + 1) * appearance().size.row + 4, room))
        self.open(self.search)

    def _show_list(self) -> None:
        self._row = None
        self._title.setText(_("Receipts of this shift"))
        self.search.setPlaceholderText(_("Receipt number, room or name"))
        self.search.setAccessibleName(_("Find a receipt"))
        self.model.set_rows(self._call.receipts())
        self.table.choose_row(0)
        self._stack.setCurrentIndex(0)
        if not self.model.rows():
            self.told.setText(_("No receipt has been issued in this shift."))

    def chosen(self) -> IssuedReceipt | None:
        """The receipt marked in the list."""
        rows = self.table.chosen_rows()
        return self.model.row_at(rows[0]) if rows else None

    def choose(self) -> None:
        """Enter in the list: goes on to the reason, or says why this one cannot be voided."""
        row = self.chosen()
        if row is None and self._leads_to_reversal():
            return
        if row is None:
            self._tell(_("Nothing fits: type the last digits of the number, a room or a name."), "ink_2")
            return
        if row.status != "issued":
            state = _(_STATES[row.status])
            self._tell(_("{receipt}: {state} already; it cannot be voided.").format(receipt=row.number, state=state))
            return
        self._row = row
        self._title.setText(_("Void receipt {receipt}").format(receipt=row.number))
        facts = {"unit": row.unit, "payer": row.payer, "tenders": " ".join(row.tenders), "time": f"{row.at:%H:%M}"}
        self._what.setText(_("{unit} {payer} · {tenders} · {time}").format(**facts))
        self._amount.set_text(f"¥ {format_amount(row.total)}")
        self.button.set_words(_("Void {amount}").format(amount=format_amount(row.total)))
        self.other.setPlaceholderText(_("Another reason"))
        self.other.setAccessibleName(_("Another reason"))
        self.other.clear()
        self.sentence.clear()
        self.reasons.choose(-1)
        self._stack.setCurrentIndex(1)
        self.reasons.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leads_to_reversal(self) -> bool:
        """Whether an earlier shift's receipt is meant: the first Enter says so, the second goes on to its reversal."""
        found = self._call.earlier(self.search.text().strip())
        if found is None:
            return False
        if found.status != "issued":
            state = _(_STATES[found.status])
            self._tell(_("{receipt}: {state} already; it cannot be voided.").format(receipt=found.number, state=state))
        elif self._earlier != found.number:
            self._earlier = found.number
            words = _("Receipt {receipt} ({day}) is of an earlier shift: it can only be reversed. Enter leads there.")
            self._tell(words.format(receipt=found.number, day=found.at.date().isoformat()))
        else:
            self.close_sheet()
            self.reversal_asked.emit(found.number)
        return True

    def submit(self) -> None:
        """Enter at the reason: voids."""
        row = self._row
        if row is None:
            return
        reason = self.other.text().strip() or self.reasons.reason()
        if not reason:
            self.sentence.setText(_("Say why first: a digit chooses a reason, or type another."))
            return
        try:
            self._call.void(row.number, reason)
        except FeedeskError as error:
            self.sentence.setText(str(error))
            return
        self.close_sheet()
        self.voided.emit(row)

    def in_hand(self) -> tuple[IssuedReceipt, str] | None:
        """The receipt about to be voided and the reason so far; None while one is being looked for."""
        return None if self._row is None else (self._row, self.other.text().strip() or self.reasons.reason())

    def reprint(self) -> None:
        """Ctrl+P: another copy of the receipt marked."""
        row = self._row or self.chosen()
        if row is None:
            return
        label = self.sentence if self._row else self.told
        try:
            label.setText(self._call.reprint(row.number))
            label.set_tone("good")
        except FeedeskError as error:
            label.setText(str(error))
            label.set_tone("danger")

    def step_back(self) -> None:
        """Esc: from the reason to the list, from the list to the desk."""
        if self._row is None:
            self.close_sheet()
        else:
            self._show_list()
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, sentence: str, tone: str = "danger") -> None:
        self.told.setText(sentence)
        self.told.set_tone("danger" if tone == "danger" else "ink_2")

    def _on_filter(self, text: str) -> None:
        self.told.clear()
        self.model.set_filter(text)
        # Digits are mostly the end of the number on the paper in one's hand.
        rows = self.model.rows()
        self.table.choose_row(next((place for place, row in enumerate(rows) if row.number.endswith(text)), 0))

    def _on_typed(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if is_held_enter(event):
                return True
            if watched is self.search and event.key() in _LIST_KEYS:
                QApplication.sendEvent(self.table, event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and watched in (self.search, self.other):
                (self.choose if watched is self.search else self.submit)()
                return True
            if watched is self.other and event.key() == Qt.Key.Key_Up:
                self.reasons.setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()


_LIST_KEYS: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ReasonList(QWidget):
    """Ready reasons under the digits 1 … 5, and 6 for another; `submitted` on Enter, `other_asked` on 6."""

    chosen = Signal(int)
    submitted = Signal()
    other_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._place = -1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Reason"))

    def reason(self) -> str:
        """The reason chosen, in the language shown; empty when none is."""
        return _(REASONS[self._place]) if 0 <= self._place < len(REASONS) else ""

    def choose(self, place: int) -> None:
        """Marks a reason; −1 none."""
        self._place = place
        self.setAccessibleDescription(self.reason())
        self.update()
        if place >= 0:
            self.chosen.emit(place)

    def _row_height(self) -> int:
        return appearance().size.row - (2 if appearance().is_compact else 0)

    def sizeHint(self) -> QSize:
        return QSize(300, self._row_height() * (len(REASONS) + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(REASONS)
        if is_held_enter(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submitted.emit()
        elif event.text().isdigit() and 1 <= int(event.text()) <= last:
            self.choose(int(event.text()) - 1)
        elif event.text() == str(last + 1) or (event.key() == Qt.Key.Key_Down and self._place == last - 1):
            self.choose(-1)
            self.other_asked.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.choose(min(max(self._place + step, 0), last - 1))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().y() // self._row_height())
        if place < len(REASONS):
            self.choose(place)
        else:
            self.choose(-1)
            self.other_asked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height()
        for place, message in enumerate((*REASONS, N_("Another reason"))):
            room = QRectF(0, place * height, self.width(), height)
            on = place == self._place
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(appearance().colour("accent_soft"))
                painter.drawRoundedRect(room.adjusted(2, 1, -2, -1), RADIUS_FIELD, RADIUS_FIELD)
            paint_cap(painter, QPointF(10, room.center().y() - 9), str(place + 1))
            span = Span(_(message), "accent" if on else "ink", bold=on)
            paint_spans(painter, room.adjusted(42, 0, -8, 0), (span,))
        if self.hasFocus():
            paint_focus_ring(painter, QRectF(self.rect()))
        painter.end()
