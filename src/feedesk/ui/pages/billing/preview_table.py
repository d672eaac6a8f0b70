"""The rows of a billing preview: what changed, what is left out, everything; and how the marked one was reckoned."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from feedesk.money import Fen, format_amount
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview, PreviewRow, RowState
from feedesk.reports.billing_preview import change_words
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.billing.figures import month_words
from feedesk.ui.tables.columns import Cell, ColumnSpec, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.segments import SegmentedTabs


class PreviewTab(IntEnum):
    """The views, in order."""

    CHANGED = 0
    SKIPPED = 1
    ALL = 2


def _figure(amount: Fen | None) -> Cell:
    if amount is None:
        return Cell((Span("–", "mute"),), right=True)
    return Cell((Span(format_amount(amount)),), right=True)


def _change(row: PreviewRow) -> Cell:
    said = change_words(row)
    if row.state is RowState.SKIPPED:
        return Cell((Span(said, "warn"),), right=True)
    if row.now is None or row.before is None:
        return Cell((Span(said, "ink_2"),), right=True)
    if not said:
        return Cell((Span("–", "mute"),), right=True)
    token: Token = "danger" if row.now > row.before else "good"
    return Cell((Span(said, token),), right=True)


def _not_compared(row: PreviewRow) -> Cell:
    return _change(row) if row.state is RowState.SKIPPED else Cell()


def _note(row: PreviewRow) -> Cell:
    return words(row.note) if row.note else Cell()


def columns(month: Period, *, compared: bool = True) -> tuple[ColumnSpec[PreviewRow], ...]:
    """The columns for a month; the two months are headed by their names. ``compared``: last month was billed too."""
    return (
        ColumnSpec(N_("Unit"), lambda row: words(row.unit), 96),
        ColumnSpec(N_("Resident"), lambda row: words(row.resident), 84, spare=True),
        ColumnSpec(N_("Item"), lambda row: words(row.item), 98),
        ColumnSpec(
            N_("How it is reckoned"),
            lambda row: Cell((Span(row.basis, "mute", look="secondary"),)),
            0,
            least=150,
        ),
        ColumnSpec(
            month_words(month.shifted(-1), short=True),
            lambda row: _figure(row.before),
            84,
            right=True,
            sort=lambda row: -1 if row.before is None else row.before,
            spare=True,
        ),
        ColumnSpec(
            month_words(month, short=True),
            lambda row: _figure(row.now),
            84,
            right=True,
            sort=lambda row: -1 if row.now is None else row.now,
        ),
        ColumnSpec(
            N_("Changed by"),
            _change if compared else _not_compared,
            78,
            right=True,
            sort=lambda row: (row.now or 0) - (row.before or 0),
        ),
        ColumnSpec(N_("Reason"), _note, 0, least=170),
    )


class PreviewModel(RowsModel[PreviewRow]):
    """Its two columns of amounts are headed by the months."""

    def show_month(self, month: Period, *, compared: bool) -> None:
        """Heads the columns anew."""
        self.beginResetModel()
        self.columns = columns(month, compared=compared)
        self.endResetModel()


class PreviewTable(QWidget):
    """Tabs, filter, table, and the arithmetic of the row marked below it. `opened` carries a row on Enter."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._preview: BillingPreview | None = None
        self.tabs = SegmentedTabs(framed=False)
        self.tabs.chosen.connect(self._on_tab)
        self.filter = QLineEdit()
        self.filter.setProperty("slim", True)
        self.filter.textChanged.connect(self._on_filter)
        self.model = PreviewModel(columns(Period(2026 * 12)), self)
        self.table = TableView(self.model, row_height="billing_row")
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.typed.connect(self._on_typed)
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self._head = QHBoxLayout()
        self._head.addWidget(self.tabs)
        self._head.addStretch(1)
        self._head.addWidget(self.filter)
        self.arithmetic = Arithmetic()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head)
        column.addWidget(self.table, 1000)
        self.nothing = Label("", "body", tone="mute", wraps=True)
        self.nothing.hide()
        self._below = QVBoxLayout()
        self._below.addWidget(self.nothing)
        self._below.addWidget(self.arithmetic)
        column.addLayout(self._below)
        column.addStretch(1)

    def show_preview(self, preview: BillingPreview) -> None:
        """Shows a month; the tab stays unless it would be empty."""
        is_first = self._preview is None
        self._preview = preview
        self.model.show_month(preview.month, compared=preview.before_total is not None)
        self.retranslate()
        if is_first or not self._rows(PreviewTab(self.tabs.current())):
            order = (PreviewTab.CHANGED, PreviewTab.ALL, PreviewTab.SKIPPED)
            full = next((tab for tab in order if self._rows(tab)), PreviewTab.ALL)
            self.tabs.choose(full)
        self._show_rows()

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self.filter.setPlaceholderText(_("Filter"))
        self.filter.setAccessibleName(_("Filter"))
        preview = self._preview
        if preview is not None:
            self.tabs.set_words(
                (
                    _("Changed {n}").format(n=f"{preview.changed:,}"),
                    _("Not billed {n}").format(n=f"{preview.skipped:,}"),
                    _("All {n}").format(n=f"{len(preview.rows):,}"),
                )
            )
            self._on_row()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._head.setContentsMargins(12, 4 if compact else 10, 12, 0 if compact else 1)
        self._below.setContentsMargins(14, 4 if compact else 10, 14, 6 if compact else 12)
        self.filter.setFixedWidth(120 if compact else 180)
        self.table.fit_height()

    def current_row(self) -> PreviewRow | None:
        """The row marked."""
        index = self.table.currentIndex()
        return self.model.row_at(index.row()) if index.isValid() else None

    def _rows(self, tab: PreviewTab) -> Sequence[PreviewRow]:
        rows: Sequence[PreviewRow] = self._preview.rows if self._preview else ()
        if tab is PreviewTab.CHANGED:
            return [row for row in rows if row.is_changed] if self._preview and self._has_before() else ()
        if tab is PreviewTab.SKIPPED:
            return [row for row in rows if row.state is RowState.SKIPPED]
        return rows

    def _has_before(self) -> bool:
        return self._preview is not None and self._preview.before_total is not None

    def _show_rows(self) -> None:
        self.model.set_rows(self._rows(PreviewTab(self.tabs.current())))
        self.table.fit_height()
        self.table.choose_row(0)
        self._on_row()

    def _on_tab(self, _place: int) -> None:
        self._show_rows()

    def _on_filter(self, text: str) -> None:
        self.model.set_filter(text)
        self.table.fit_height()
        self.table.choose_row(0)
        self._on_row()

    def _on_typed(self, text: str) -> None:
        self.filter.setFocus()
        self.filter.setText(text)

    def _on_opened(self, place: int) -> None:
        row = self.model.row_at(place)
        if row is not None:
            self.opened.emit(row)

    def _on_row(self) -> None:
        row = self.current_row()
        self._tell_nothing()
        self.arithmetic.setVisible(row is not None)
        if row is not None and self._preview is not None:
            self.arithmetic.show_row(row, self._preview.month)

    def _tell_nothing(self) -> None:
        """An empty table says why it is empty where the filter is the reason."""
        text = self.filter.text().strip()
        is_filtered = bool(text) and not self.model.rows() and self._preview is not None
        self.nothing.setText(_("Nothing here fits “{text}”: change the filter or clear it.").format(text=text))
        self.nothing.setVisible(is_filtered)


class Arithmetic(Card):
    """怎么算的: the marked row's charge in sentences that can be read out, with the sum at the right."""

    def __init__(self) -> None:
        super().__init__(ground="panel")
        self._title = Phrase()
        self._words = Label("", "secondary", wraps=True)
        self._sum = Phrase(right=True, shrinks=False)
        column = QVBoxLayout()
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(6)
        column.addWidget(self._title)
        row = QHBoxLayout()
        row.addWidget(self._words, 1)
        row.addWidget(self._sum)
        column.addLayout(row)
        self.body.addLayout(column)
        # The table above takes what is left; the words are never squeezed.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_row(self, row: PreviewRow, month: Period) -> None:
        """Shows how a row was reckoned, or why it was not."""
        who = " ".join(filter(None, (row.unit, row.resident)))
        head = " · ".join(filter(None, (who, f"{row.item} {month}".strip())))
        if row.now is None:
            self._title.set_spans((Span(_("{head}: why not").format(head=head), bold=True),))
            self._words.setText(row.note)
            self._sum.set_spans(())
            return
        self._title.set_spans((Span(_("{head}: how it is reckoned").format(head=head), bold=True),))
        note = _("Against last month: {reason}").format(reason=row.note) if row.note else ""
        self._words.setText("\n".join(filter(None, (*(row.words or (row.basis,)), note))))
        self._sum.set_spans((Span("→ ", "mute"), Span(format_amount(row.now), bold=True)))
