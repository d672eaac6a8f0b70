"""The charges in the middle of the desk: views of them, the table, what is ticked, what is not billed yet."""

from collections.abc import Iterable, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.money import ZERO, format_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.pages.desk.charges_model import ChargeColumn, ChargesModel
from feedesk.ui.pages.desk.rows import ChargeLine, Selection
from feedesk.ui.shortcuts import bind
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.segments import SegmentedTabs

GROUP: Final = N_("Charges")
PRESENT, OVERDUE, EVERYTHING = range(3)


class ChargesView(TableView):
    """Space ticks, Enter goes on to the money, Delete takes a further unit out, letters and digits go to the search."""

    removal_asked = Signal()

    def __init__(self, model: ChargesModel) -> None:
        self._charges = model  # first: the base shares the width among the columns
        super().__init__(model, sortable=False, quiet=True)
        follow_language(self, lambda: self.setAccessibleName(_("Charges due")))
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)
        model.modelReset.connect(self._span_headings)

    def _share_width(self) -> None:
        """The period may vanish where the groups name it; under units it stays, and the arithmetic gets less room."""
        super()._share_width()
        if self._charges.is_by_unit() and self.isColumnHidden(ChargeColumn.PERIOD):
            width = round(self._charges.columns[ChargeColumn.PERIOD].width * appearance().size.body / 14)
            self.setColumnHidden(ChargeColumn.PERIOD, False)
            self.setColumnWidth(ChargeColumn.PERIOD, width)
            self.setColumnWidth(ChargeColumn.BASIS, max(self.columnWidth(ChargeColumn.BASIS) - width, 40))

    def _span_headings(self) -> None:
        self.clearSpans()
        self._share_width()
        for row in range(self._charges.rowCount()):
            if self._charges.is_heading_row(row):
                self.setSpan(row, 0, 1, ChargeColumn.DUE)
        self.fit_height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.removal_asked.emit()
            return
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._charges.toggle(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == ChargeColumn.TICK and event.button() == Qt.MouseButton.LeftButton:
            self._charges.toggle(index.row())

    def focus_first(self) -> None:
        """Takes the keyboard, at the first charge unless another was chosen."""
        if not self.currentIndex().isValid():
            rows = range(self._charges.rowCount())
            self.choose_row(next((row for row in rows if not self._charges.is_heading_row(row)), -1))
        self.setFocus(Qt.FocusReason.OtherFocusReason)


class ChargesCard(Card):
    """`selection_changed` carries the `Selection`; `done` tells that Enter was pressed and the money comes next."""

    selection_changed = Signal(object)
    arithmetic_asked = Signal()
    waiver_asked = Signal()
    quote_asked = Signal()
    removal_asked = Signal()
    done = Signal()
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._model = ChargesModel()
        self.table = ChargesView(self._model)
        self._charges: tuple[ChargeLine, ...] = ()
        self._foot_hints: list[KeyHint] = []
        self._build_head()
        self.body.addWidget(Rule("line"))
        self.body.addWidget(self.table, 1000)
        self.nothing = Label.saying(N_("No charges to pay here."), "body", tone="mute")
        self.nothing.setContentsMargins(14, 14, 14, 8)
        self.body.addWidget(self.nothing)
        self._unbilled = Label("", "caption", tone="mute", wraps=True)
        self._unbilled.setContentsMargins(12, 6, 12, 8)
        self.body.addWidget(self._unbilled)
        self.body.addStretch(1)
        self._build_foot()
        self._connect()

    def _build_head(self) -> None:
        self._head = QWidget()
        row = QHBoxLayout(self._head)
        row.setContentsMargins(12, 0, 14, 0)
        row.setSpacing(12)
        self._title = Label.saying(N_("Charges due"), "title", bold=True)
        self._tabs = SegmentedTabs()
        self._all_hint = KeyHint(N_("Tick all"), "Ctrl+A")
        self._tick_hint = KeyHint(N_("Tick"), "Space")
        row.addWidget(self._title)
        row.addWidget(self._tabs)
        row.addStretch(1)
        row.addWidget(self._all_hint)
        row.addWidget(self._tick_hint)
        self.body.addWidget(self._head)

    def _build_foot(self) -> None:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(13)
        self._sums = Phrase()
        row.addWidget(self._sums, 1)
        for message, keys, signal in (
            (N_("Quote"), "Ctrl+Q", self.quote_asked),
            (N_("How it is reckoned"), "Ctrl+I", self.arithmetic_asked),
            (N_("Waive"), "Ctrl+J", self.waiver_asked),
        ):
            hint = KeyHint(message, keys)
            hint.clicked.connect(signal)
            self._foot_hints.append(hint)
            row.addWidget(hint)
        self.body.addWidget(Rule("line"))
        self.body.addWidget(self._foot)

    def _connect(self) -> None:
        self._model.selection_changed.connect(self._on_selection_changed)
        self._tabs.chosen.connect(self._on_view_chosen)
        self._all_hint.clicked.connect(self._model.tick_all)
        self._tick_hint.clicked.connect(self._on_tick_hint)
        self.table.head_tick_clicked.connect(self._model.tick_all)
        self.table.opened.connect(lambda _row: self.done.emit())
        self.table.typed.connect(self.typed)
        self.table.removal_asked.connect(self.removal_asked)
        bind(self.table, "Ctrl+A", N_("Tick all"), self._model.tick_all, group=GROUP)

    def show_charges(self, charges: Sequence[ChargeLine], unbilled: str, ticked: Iterable[int] | None = None) -> None:
        """Shows the charges of an account; without ``ticked`` this period and earlier are, disputed ones are not."""
        self._charges = tuple(charges)
        if ticked is None:
            ticked = [charge.id for charge in charges if charge.ticked_at_opening]
        ticked = list(ticked)
        self._model.set_charges([c for c in charges if c.in_scope], ticked)
        self._unbilled.setText(unbilled)
        self._unbilled.setVisible(bool(unbilled))
        self.retranslate()
        later = {charge.id for charge in charges if not charge.in_scope}
        if not later.isdisjoint(ticked):
            self.tick(ticked)
        elif self._tabs.current() != PRESENT:
            self._tabs.choose(PRESENT)

    def tick(self, ids: Iterable[int]) -> None:
        """Ticks exactly these, as far as they are still open; those of later periods are brought into sight."""
        wanted = set(ids)
        if any(charge.id in wanted and not charge.in_scope for charge in self._charges):
            self._tabs.choose(EVERYTHING)
        self._model.tick_only(charge.id for charge in self._charges if charge.id in wanted)

    def current(self) -> ChargeLine | None:
        """The charge marked; on a heading the first one under it. None where there are no charges."""
        return self._model.charge_at(self.table.currentIndex().row())

    def charges(self) -> tuple[ChargeLine, ...]:
        """Everything that can be shown, in every view."""
        return self._charges

    def selection(self) -> Selection:
        """What is ticked now."""
        return self._model.selection()

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown now."""
        present = sum(charge.in_scope for charge in self._charges)
        overdue = sum(charge.overdue_days > 0 for charge in self._charges)
        words = (
            _("To this period {count}").format(count=present),
            _("Overdue {count}").format(count=overdue),
            _("All"),
        )
        self._tabs.set_words(words)
        self._on_selection_changed()

    def relayout(self) -> None:
        """Fits type size and density."""
        compact = appearance().is_compact
        self._head.setFixedHeight(38 if compact else 48)
        self._foot.setFixedHeight(32 if compact else 41)
        self.table.fit_height()
        self._all_hint.setVisible(not compact)
        self.retranslate()
        self._fit_foot()

    def _fit_foot(self) -> None:
        """The sums come first: of the hints beside them those are shown that there is room for."""
        left = self.width() - 30 - self._sums.sizeHint().width()
        for hint in self._foot_hints:
            left -= hint.sizeHint().width() + 13
            hint.setVisible(left >= 0 and not appearance().is_compact)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_foot()

    def _on_view_chosen(self, place: int) -> None:
        ticked = [charge.id for charge in self._model.selection().charges]
        shown = self._charges if place == EVERYTHING else [c for c in self._charges if c.in_scope]
        self._model.set_charges(shown, ticked)
        if place == OVERDUE:
            self._model.show_only(c.id for c in self._charges if c.overdue_days > 0)

    def _on_tick_hint(self) -> None:
        self.table.focus_first()
        self._model.toggle(self.table.currentIndex().row())

    def _on_selection_changed(self) -> None:
        selection = self._model.selection()
        self.nothing.setVisible(not self._model.rowCount())
        self.table.set_head_tick(self._model.state())
        count = len(selection.charges)
        spans = [
            Span(_("Ticked "), look="body"),
            Span(str(count), bold=True),
            Span(_(" · principal ")),
            Span(format_amount(selection.principal), bold=True),
        ]
        if selection.late_fees:
            spans += [
                Span(" · "),
                Span(_("late fees "), "danger"),
                Span(format_amount(selection.late_fees), "danger", bold=True),
            ]
        if selection.disputed != ZERO:
            words = _("disputed {amount}").format(amount=format_amount(selection.disputed))
            spans += [Span(" · "), Span(words, "warn")]
        self._sums.set_spans(spans)
        self._fit_foot()
        self.selection_changed.emit(selection)
