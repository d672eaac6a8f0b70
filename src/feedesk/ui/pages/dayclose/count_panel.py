"""Counting the drawer at the right of the day close: pieces by denomination, and what the ledger says only afterwards.

Enter or ↓ goes on to the next field; after the last one Enter tells what should lie there, and once more Enter hands
the shift over. Until then the page does not know the expected cash itself.
"""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.rules.cash_count import COINS, NOTES, OTHER, counted_cash
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.shortcuts import bind
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.blank_mask import MaskedLabel
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.count_row import NOT_PIECES, CountRow
from feedesk.ui.widgets.held_enter import is_held_enter
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure

GROUP: Final = N_("Counting the drawer")
_ONE_COLUMN: Final = 600


class CountPanel(Card):
    """`counted` carries the pieces by denomination when counting is done, `close_asked` that the shift may end."""

    counted = Signal(dict)
    close_asked = Signal()
    recounting = Signal()
    causes_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._seen: DrawerCounted | None = None
        self._float = ZERO
        self._column = QVBoxLayout()
        self._column.setContentsMargins(16, 12, 16, 14)
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self._build_head()
        self._build_rows()
        self._build_sums()
        self.button = ActionButton("Return")
        self.button.clicked.connect(self.submit)
        self._column.addWidget(self.button)
        bind(self, "Ctrl+Return", N_("Counted: show the books, then hand over"), self.submit, group=GROUP)
        bind(self, "Ctrl+R", N_("Count again"), self.recount, group=GROUP)
        bind(self, "Ctrl+D", N_("What may explain the difference"), self.ask_causes, group=GROUP)

    def _build_head(self) -> None:
        self._who = Label("", "caption", tone="mute")
        row = QHBoxLayout()
        row.addWidget(Label.saying(N_("Cash in the drawer"), "title", bold=True))
        row.addStretch(1)
        row.addWidget(self._who)
        self._column.addLayout(row)
        self._column.addSpacing(6)

    def _build_rows(self) -> None:
        self.rows = {one.key: CountRow(one.value, coin=one.coin) for one in (*NOTES, *COINS)}
        self.other = AmountEdit("body")
        self.other.setProperty("bare", False)
        self.other.setProperty("slim", True)
        self._other_row = QWidget()
        row = QHBoxLayout(self._other_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(Label.saying(N_("Other cash"), "body"), 1)
        row.addWidget(self.other)
        self._lines: list[QWidget] = [*self.rows.values(), self._other_row]
        self._fields: list[QLineEdit] = [*(line.edit for line in self.rows.values()), self.other]
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._place_rows(two_columns=False)
        self._column.addLayout(self._grid)
        for line in self.rows.values():
            line.count_changed.connect(self._on_changed)
            line.edit.refused.connect(self._on_refused)
        self.other.amount_changed.connect(self._on_changed)
        self.other.problem_changed.connect(self._tell)
        for field in self._fields:
            field.installEventFilter(self)

    def _place_rows(self, *, two_columns: bool) -> None:
        for line in self._lines:
            self._grid.removeWidget(line)
        left = len(NOTES) if two_columns else len(self._lines)
        for place, line in enumerate(self._lines):
            self._grid.addWidget(line, place if place < left else place - left, 0 if place < left else 1)
        self._grid.setColumnStretch(0, 4)
        self._grid.setColumnStretch(1, 5 if two_columns else 0)
        self._grid.setHorizontalSpacing(10 if two_columns else 0)
        for row in self.rows.values():
            row.set_narrow(two_columns)
        self.other.setFixedWidth(72 if two_columns else 110)
        self._two_columns = two_columns

    def _build_sums(self) -> None:
        self._sentence = Label("", "caption", tone="danger", wraps=True)
        self._sentence.hide()
        self._total = MoneyFigure("figure", right=True)
        self._expected_name = Label("", "body", tone="ink_2")
        self._expected = MaskedLabel()
        self._over_name = Label.saying(N_("Over or short"), "body", tone="ink_2")
        self._over = MaskedLabel()
        self._again = KeyHint(N_("Count again"), "Ctrl+R")
        self._again.clicked.connect(self.recount)
        self._column.addWidget(self._sentence)
        self._column.addSpacing(8)
        self._column.addWidget(Rule("line"))
        self._column.addSpacing(6)
        for name, figure in (
            (Label.saying(N_("Counted cash"), "title"), self._total),
            (self._expected_name, self._expected),
            (self._over_name, self._over),
        ):
            row = QHBoxLayout()
            row.addWidget(name)
            row.addWidget(figure, 1 if figure is self._total else 0)
            row.insertStretch(1, 1)
            self._column.addLayout(row)
            self._column.addSpacing(4)
        self._why = KeyHint(N_("Why?"), "Ctrl+D")
        self._why.clicked.connect(self.ask_causes)
        row = QHBoxLayout()
        row.addWidget(self._why)
        row.addStretch(1)
        row.addWidget(self._again)
        self._column.addLayout(row)
        self._column.addStretch(1)

    def show_shift(self, opening_float: Fen, who: str) -> None:
        """Whose drawer it is, and the float it began with; what was typed stays."""
        self._float = opening_float
        self._who.setText(who)
        self.retranslate()

    def reveal(self, seen: DrawerCounted) -> None:
        """What should lie there, now that it has been counted; the count can no longer be changed, only done again."""
        self._seen = seen
        for field in self._fields:
            field.setReadOnly(True)
        self.retranslate()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)

    def hide_books(self) -> None:
        """What was typed stays, but what should lie there is asked anew: more may have been taken meanwhile."""
        self._seen = None
        for field in self._fields:
            field.setReadOnly(False)
        self.retranslate()

    def recount(self) -> None:
        """Ctrl+R: all is masked again, and the drawer counted once more."""
        if self._seen is not None:
            self.clear()
            self.recounting.emit()
            self.take_focus()

    def ask_causes(self) -> None:
        """Ctrl+D: asks what may explain a difference, where there is one."""
        if self._seen is not None and self._seen.over_short:
            self.causes_asked.emit()

    def clear(self) -> None:
        """Nothing counted, nothing shown."""
        self._seen = None
        for line in self.rows.values():
            line.edit.set_pieces(None)
        self.other.set_amount(None)
        for field in self._fields:
            field.setReadOnly(False)
        self._tell("")
        self.retranslate()

    def counts(self) -> dict[str, int]:
        """What was typed, by denomination; fields left empty are not in it."""
        counts = {key: line.count() for key, line in self.rows.items() if not line.edit.is_blank()}
        if self.other.amount() is not None:
            counts[OTHER] = int(self.other.amount() or 0)
        return counts

    def seen(self) -> DrawerCounted | None:
        """The count with what was expected, once it has been shown."""
        return self._seen

    def submit(self) -> None:
        """Enter after the last field: first show the books, then hand over."""
        if self._seen is not None:
            self.close_asked.emit()
        elif self.other.problem():
            self.other.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.counts():
            self._tell(_("Nothing has been counted yet. If the drawer is empty, type 0 once."))
            self.take_focus()
        else:
            self.counted.emit(self.counts())

    def refuse(self, sentence: str) -> None:
        """Says below the fields why something was not done."""
        self._tell(sentence)

    def take_focus(self) -> None:
        """The first empty field, or the button once the books are shown."""
        blank = (line.edit for line in self.rows.values() if line.edit.is_blank())
        target = self.button if self._seen is not None else next(blank, self._fields[0])
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        words = _("Expected, with the float of {amount}").format(amount=format_amount(self._float))
        self._expected_name.setText(words)
        self.other.setAccessibleName(_("Other cash"))
        self.other.setPlaceholderText("0.00")
        seen = self._seen
        self.button.set_words(_("Counted, show the books") if seen is None else _("Hand over the shift"))
        self._again.setVisible(seen is not None)
        self._why.setVisible(seen is not None and bool(seen.over_short))
        self._on_changed()
        if seen is None:
            self._expected.hide_figure()
            self._over.hide_figure()
            self._over.set_tone("ink_2")
            return
        self._expected.reveal(format_amount(seen.expected))
        figure, tone = over_short_words(seen.over_short)
        self._over.reveal(figure)
        self._over.set_tone(tone)

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._column.setContentsMargins(12 if compact else 16, 6 if compact else 12, 12 if compact else 16, 10)
        self._grid.setVerticalSpacing(2 if compact else 4)
        self._arrange()

    def _arrange(self) -> None:
        two_columns = appearance().is_compact or self.height() < _ONE_COLUMN * appearance().size.body / 14
        if two_columns != self._two_columns:
            self._place_rows(two_columns=two_columns)

    def _on_changed(self) -> None:
        self._total.set_text(format_amount(counted_cash(self.counts())))

    def _on_refused(self, text: str) -> None:
        self._tell(_(NOT_PIECES).format(text=text) if text else "")

    def _tell(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))

    def _move(self, field: QObject, step: int) -> None:
        places: Mapping[QObject, int] = {each: place for place, each in enumerate(self._fields)}
        place = places[field] + step
        if 0 <= place < len(self._fields):
            self._fields[place].setFocus(Qt.FocusReason.TabFocusReason)
            self._fields[place].selectAll()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or event.modifiers() & ~_KEYPAD:
            return False
        if is_held_enter(event):
            return True
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (watched is self._fields[-1] or self._seen is not None):
            self.submit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._move(watched, 1)
        elif key == Qt.Key.Key_Up:
            self._move(watched, -1)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 240)


_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier


def over_short_words(over_short: Fen) -> tuple[str, Token]:
    """``0.00 账实相符``, ``长款 12.00``, ``短款 3.00`` and the colour they stand in."""
    if not over_short:
        return _("0.00, as it should be"), "good"
    if over_short > 0:
        return _("{amount} over").format(amount=format_amount(over_short)), "warn"
    return _("{amount} short").format(amount=format_amount(Fen(-over_short))), "danger"
