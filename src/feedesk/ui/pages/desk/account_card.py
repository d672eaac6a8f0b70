"""The account at the left of the desk: unit, resident, balances, reminders. In a small window it is a strip on top."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from feedesk.money import format_amount
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.icons import paint_icon
from feedesk.ui.pages.desk.rows import AccountCardRow
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.chip import ChipRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

_PAD = 14


class _Flag(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(16, 20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, "flag", QRectF(0, 2, 16, 16), appearance().colour("warn"))
        painter.end()


class AccountCard(Card):
    """Shows an `AccountCardRow`; the two hints at its foot ask for the account's history and dunning records."""

    history_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row: AccountCardRow | None = None
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setContentsMargins(_PAD, 14, _PAD, 12)
        self._columns.setSpacing(0)
        self.body.addLayout(self._columns)
        self._build_identity()
        self._build_facts()
        self._build_reminders()
        self._build_foot()

    def _build_identity(self) -> None:
        self._unit = Phrase()
        self._unit_note = Phrase()
        self._resident = Phrase()
        self._chips = ChipRow()
        self._identity = QGridLayout()
        self._identity.setHorizontalSpacing(14)
        self._identity.setColumnStretch(1, 1)
        self._columns.addLayout(self._identity)

    def _build_facts(self) -> None:
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(0)
        self._names = [
            Label.saying(message, "caption", tone="mute")
            for message in (N_("Prepaid"), N_("Deposits held"), N_("Parking"), N_("Last payment"))
        ]
        self._values = [Phrase(right=True) for _name in self._names]
        self._place_facts(columns=1)
        self._columns.addWidget(self._facts, 0)

    def _place_identity(self, *, compact: bool) -> None:
        """Unit, note, resident, chips one below another; in the strip the resident stands beside the unit."""
        places = (
            ((0, 0, 1), (1, 0, 2), (0, 1, 1), (2, 0, 2)) if compact else ((0, 0, 2), (1, 0, 2), (2, 0, 2), (3, 0, 2))
        )
        heights = (20, 17, 0, 0) if compact else (30, 24, 30, 0)
        self._unit.setFixedHeight(round(heights[0] * appearance().size.body / 14))
        widgets = (self._unit, self._unit_note, self._resident, self._chips)
        for row, (widget, (line, column, span)) in enumerate(zip(widgets, places, strict=True)):
            self._identity.addWidget(widget, line, column, 1, span, Qt.AlignmentFlag.AlignTop)
            self._identity.setRowMinimumHeight(row, round(heights[row] * appearance().size.body / 14))
        self._identity.setVerticalSpacing(2 if compact else 0)

    def _place_facts(self, *, columns: int) -> None:
        for place, (name, value) in enumerate(zip(self._names, self._values, strict=True)):
            row, column = divmod(place, columns)
            self._grid.addWidget(name, row, column * 3)
            self._grid.addWidget(value, row, column * 3 + 1)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(4, 1 if columns == 2 else 0)

    def _build_reminders(self) -> None:
        self._reminders = QWidget()
        column = QVBoxLayout(self._reminders)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        self._rule = Rule()
        self._reminders_title = Label.saying(N_("Reminders"), "caption", tone="mute")
        column.addWidget(self._rule)
        column.addSpacing(2)
        column.addWidget(self._reminders_title)
        column.addSpacing(-2)
        self._reminder_list = QVBoxLayout()
        self._reminder_list.setSpacing(6)
        column.addLayout(self._reminder_list)
        self._columns.addWidget(self._reminders)
        self._columns.addStretch(1)
        self._stretch = self._columns.count() - 1

    def _build_foot(self) -> None:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        history = KeyHint(N_("Payments"), "Ctrl+H")
        history.clicked.connect(self.history_asked)
        row.addWidget(history)
        row.addStretch(1)
        self._columns.addWidget(self._foot)

    def show_row(self, row: AccountCardRow) -> None:
        """Shows another account."""
        self._row = row
        self._unit.set_spans((Span(row.unit, bold=True, look="room"),))
        self._unit_note.set_spans((Span(row.unit_note, "mute", look="caption"),))
        self._resident.set_spans((Span(row.resident, bold=True, look="title"), Span(f" {row.phone}", "ink_2")))
        self._chips.set_chips(row.chips)
        paid = row.last_payment
        last = f"{paid[0].isoformat()} {format_amount(paid[1])}" if paid else _("none")
        compact = appearance().is_compact
        figures = (format_amount(row.prepaid), format_amount(row.deposits))
        for value, text in zip(self._values, (*figures, row.parking or _("none"), last), strict=True):
            value.set_spans((Span(text, bold=text in figures, look="secondary" if compact else "body"),))
        self._show_reminders(row.reminders)
        self.setAccessibleName(f"{row.unit} {row.resident}")

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown now."""
        if self._row is not None:
            self.show_row(self._row)

    def _show_reminders(self, reminders: tuple[str, ...]) -> None:
        while self._reminder_list.count():
            line = self._reminder_list.takeAt(0)
            widget = line.widget() if line is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for words in reminders:
            line_widget = QWidget()
            row = QHBoxLayout(line_widget)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(6)
            row.addWidget(_Flag(), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(words, "secondary", wraps=True), 1)
            self._reminder_list.addWidget(line_widget)
        self._reminders.setVisible(bool(reminders) and not appearance().is_compact)

    def relayout(self) -> None:
        """A column beside the charges, or in a small window a strip above them."""
        compact = appearance().is_compact
        direction = QBoxLayout.Direction.LeftToRight if compact else QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(direction)
        self._columns.setContentsMargins(_PAD, 6 if compact else 14, _PAD, 6 if compact else 12)
        self._columns.setSpacing(14 if compact else 0)
        self._place_identity(compact=compact)
        self._place_facts(columns=2 if compact else 1)
        self._grid.setHorizontalSpacing(12 if compact else 8)
        self.retranslate()
        for name in self._names:
            name.setMinimumHeight(0 if compact else appearance().size.row - 3)
        self._foot.setVisible(not compact)
        self._grid.setContentsMargins(0, 0 if compact else 11, 0, 0)
        self._columns.setStretch(0, 0)
        self._columns.setStretch(1, 1 if compact else 0)
        self._columns.setStretch(self._stretch, 0 if compact else 1)
        self._reminders.setVisible(not compact and bool(self._row and self._row.reminders))
        if compact:
            self.setMinimumSize(0, 0)
            self.setMaximumWidth(16777215)
            self.setFixedHeight(78)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        else:
            self.setMinimumHeight(0)
            self.setMaximumHeight(16777215)
            self.setFixedWidth(240 if appearance().size.body <= 14 else 256)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
