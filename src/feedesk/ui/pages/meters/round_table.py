"""The grid of the round: a table whose one field moves from row to row and always has the keyboard.

The field is a plain line edit laid over the cell of the row at hand, so that input methods, selection and the clipboard
work as everywhere; ↑ ↓ and Enter are the table's.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from feedesk.money import decimal_text
from feedesk.queries.meter_round import RoundState
from feedesk.rules.metering import ESTIMATE, ROLLOVER, SWAP, Reading
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.pages.meters.drafts import RoundEntry, change_words, question, unusual_words
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import Span

READING_COLUMN: Final = 6
_AHEAD: Final = 2


class RoundModel(RowsModel[RoundEntry]):
    """The entries of a round; `day` is the date of the readings typed now."""

    def __init__(self, parent: QObject | None = None) -> None:
        self.day = date.min
        super().__init__(self._specs(), parent)

    def replace(self, meter: int, entry: RoundEntry) -> None:
        """Shows a row anew where it stands, filters and sorting notwithstanding."""
        for rows in (self._all, self._shown):
            for place, old in enumerate(rows):
                if old.row.meter == meter:
                    rows[place] = entry
                    break
        shown = self.place_of(entry.row.meter)
        if shown is not None:
            self.dataChanged.emit(self.index(shown, 0), self.index(shown, self.columnCount() - 1))

    def place_of(self, meter: int) -> int | None:
        """Where a meter's row is shown."""
        return next((place for place, entry in enumerate(self._shown) if entry.row.meter == meter), None)

    def _specs(self) -> Sequence[ColumnSpec[RoundEntry]]:
        return (
            ColumnSpec(N_("Unit"), lambda one: words(one.row.unit, bold=True), 96),
            ColumnSpec(N_("Resident"), lambda one: words(one.row.resident, "ink_2"), 84, spare=True),
            ColumnSpec(N_("Meter no."), _meter_number, 118, spare=True),
            ColumnSpec(
                N_("Last read on"),
                lambda one: _plain("" if one.row.before is None else f"{one.row.before.read_on:%m-%d}", "mute"),
                84,
                right=True,
                spare=True,
                sort=lambda one: date.min if one.row.before is None else one.row.before.read_on,
            ),
            ColumnSpec(N_("Last"), self._last, 86, right=True, sort=lambda one: _value(one.row.before)),
            ColumnSpec(N_("Mean"), _mean, 64, right=True, spare=True, sort=lambda one: one.row.mean or 0),
            ColumnSpec(N_("This time"), _now, 112, right=True, sort=lambda one: _value(one.row.reading)),
            ColumnSpec(N_("Usage"), self._usage, 76, right=True, sort=self._usage_value),
            ColumnSpec(N_("Changed by"), self._change, 78, right=True, sort=self._change_value),
            ColumnSpec(N_("Remark"), self._note, 0, least=170),
        )

    def _last(self, entry: RoundEntry) -> Cell:
        before = (entry.row if entry.draft is None else entry.basis(self.day)).before
        return _plain("–", "mute") if before is None else _plain(decimal_text(before.value))

    def _usage(self, entry: RoundEntry) -> Cell:
        check = entry.check(self.day)
        if check is None:
            return Cell()
        token: Token = "danger" if check.usage < 0 else "ink"
        return Cell((Span(decimal_text(check.usage).replace("-", "−"), token, bold=check.unusual),), right=True)

    def _change(self, entry: RoundEntry) -> Cell:
        check = entry.check(self.day)
        if check is None or check.mean is None:
            return Cell()
        return _plain(change_words(check), "danger" if check.unusual else "ink_2")

    def _note(self, entry: RoundEntry) -> Cell:
        draft = entry.draft
        if draft is not None:
            if draft.problem:
                return words(draft.problem, "danger")
            check = entry.check(self.day)
            if draft.asks and check is not None:
                return words(question(entry, self.day), "warn")
            return words(_("not stored yet: Enter"), "warn")
        return Cell(tuple(_remarks(entry)))

    def _usage_value(self, entry: RoundEntry) -> object:
        check = entry.check(self.day)
        return -1 if check is None else check.usage

    def _change_value(self, entry: RoundEntry) -> object:
        check = entry.check(self.day)
        return -(10**9) if check is None or check.change is None else check.change


def _plain(text: str, token: Token = "ink") -> Cell:
    return Cell((Span(text, token),), right=True) if text else Cell()


def _value(reading: Reading | None) -> object:
    return -1 if reading is None else reading.value


def _meter_number(entry: RoundEntry) -> Cell:
    row = entry.row
    times = "" if row.multiplier == 1 else f" × {decimal_text(row.multiplier)}"
    return Cell((Span(row.number, "mute"), Span(times, "ink_2"))) if row.number or times else Cell()


def _mean(entry: RoundEntry) -> Cell:
    mean = entry.row.mean
    return _plain("–" if mean is None else decimal_text(mean), "mute")


def _now(entry: RoundEntry) -> Cell:
    if entry.draft is not None:
        return _plain(entry.text(), "danger" if entry.draft.problem else "warn")
    token: Token = "mute" if entry.row.locked else "ink"
    return Cell((Span(entry.text(), token, bold=not entry.row.locked),), right=True)


def _remarks(entry: RoundEntry) -> list[Span]:
    row, reading = entry.row, entry.row.reading
    spans: list[Span] = []
    if reading is None:
        if row.before is None:
            spans.append(Span(_("first reading"), "mute"))
        elif row.before.kind == ESTIMATE:
            spans.append(Span(_("the last one was estimated"), "mute"))
        if row.later is not None:
            spans.append(Span(_("read on {day} already").format(day=row.later), "warn"))
        return spans
    if reading.kind == ESTIMATE:
        spans.append(Span(_("estimated"), chip="plain"))
    elif reading.kind == ROLLOVER:
        spans.append(Span(_("rolled over"), chip="plain"))
    elif reading.kind == SWAP:
        spans.append(Span(_("swapped"), chip="plain"))
    if row.locked:
        spans.append(Span(_("billed, locked"), "mute"))
    check = row.check
    if row.state is RoundState.UNUSUAL and check is not None:
        spans.append(Span(unusual_words(check), "warn"))
    if reading.kind == SWAP and reading.old_final is not None and reading.new_initial is not None:
        said = _("old meter ended at {final}, new one began at {initial}")
        facts = {"final": decimal_text(reading.old_final), "initial": decimal_text(reading.new_initial)}
        spans.append(Span(said.format(**facts), "mute"))
    return spans


class ReadingEdit(QLineEdit):
    """The field of the row at hand. `submitted` on Enter, `moved` by how many rows ↑ ↓ lead, `copy_asked`."""

    submitted = Signal()
    moved = Signal(int)
    copy_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.setProperty("cell", True)
        self.setMaxLength(24)
        follow_language(self, lambda: self.setAccessibleName(_("This time")))

    def event(self, event: QEvent) -> bool:
        # "/" leads to the search field as everywhere; it is in no reading.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.text() == "/":
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.submitted.emit()
        elif (rows := _STEPS.get(Qt.Key(event.key()))) and not event.modifiers() & ~_KEYPAD:
            self.moved.emit(rows)
        elif event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText():
            self.copy_asked.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()


_KEYPAD: Final = Qt.KeyboardModifier.KeypadModifier
_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -12, Qt.Key.Key_PageDown: 12}


class RoundTable(TableView):
    """Shows a `RoundModel` with the field over its current row. `left` carries the place of the row that was left."""

    left = Signal(int)

    def __init__(self, model: RoundModel) -> None:
        self.field = ReadingEdit()  # before the table, whose look is set up while it is made
        self._entries = model
        super().__init__(model)
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.field.setParent(self.viewport())
        self.setFocusProxy(self.field)
        self.field.moved.connect(self.move_by)
        self.field.copy_asked.connect(self.copy_rows)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        self.verticalScrollBar().valueChanged.connect(self._place_field)
        model.modelReset.connect(self._place_field)
        model.layoutChanged.connect(self._place_field)

    def entry(self) -> RoundEntry | None:
        """The row at hand."""
        index = self.currentIndex()
        return self._entries.row_at(index.row()) if index.isValid() else None

    def move_by(self, rows: int) -> None:
        """Goes so many rows down, or up, as far as there are any."""
        last = self._entries.rowCount() - 1
        self.choose_row(min(max(self.currentIndex().row() + rows, 0), last))

    def is_last(self) -> bool:
        """Whether no row follows."""
        return self.currentIndex().row() >= self._entries.rowCount() - 1

    def show_text(self) -> None:
        """Writes the row's figure into the field, ready to be typed over."""
        entry = self.entry()
        self.field.setText("" if entry is None else entry.text())
        self.field.selectAll()

    def _on_row_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if previous.isValid() and previous.row() < self._entries.rowCount():
            self.left.emit(previous.row())
        if current.isValid():
            ahead = min(current.row() + _AHEAD, self._entries.rowCount() - 1)
            self.scrollTo(self._entries.index(ahead, 0))  # what comes next is read while this one is typed
            self.show_text()
        self._place_field()

    def _place_field(self) -> None:
        """Without a row it lies out of sight, never hidden: a hidden field would lose the keyboard."""
        index = self.currentIndex()
        if index.isValid():
            cell = self.visualRect(self._entries.index(index.row(), READING_COLUMN))
            self.field.setGeometry(cell.adjusted(6, 2, -6, -3))
        else:
            self.field.setGeometry(-20, -20, 10, 10)

    def _relayout(self) -> None:
        super()._relayout()
        self.field.setFont(appearance().font("body", bold=True))
        self._place_field()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_field()
