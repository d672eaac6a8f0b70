"""The table of every page: keyboard first, Ctrl+C copies, headings sort where that means something."""

from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QKeySequence, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from feedesk.ui.appearance import appearance, follow_appearance, follow_language
from feedesk.ui.tables.delegate import PAD, TICK, CellDelegate
from feedesk.ui.tables.model import NOTE_ROLE, RowsModel
from feedesk.ui.widgets.painting import paint_tick

_DISPLAY: Final = Qt.ItemDataRole.DisplayRole
_VCENTRE: Final = Qt.AlignmentFlag.AlignVCenter


class _Heading(QHeaderView):
    """Small grey headings: a second line if a column has one, an arrow at the column sorted by, a tick box for all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.tick: Qt.CheckState | None = None
        self.setHighlightSections(False)
        self.setMinimumSectionSize(20)
        self.setSectionsMovable(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        height = appearance().size.table_head
        model: Any = self.model()
        if model is not None and any(spec.note for spec in model.columns):
            height += 10
        return QSize(100, height)

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        look = appearance()
        model = self.model()
        painter.fillRect(rect, look.colour("panel"))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), look.colour("line"))
        if logicalIndex == 0 and self.tick is not None:
            middle = rect.top() + (rect.height() - 1 - TICK) // 2 + 1
            paint_tick(painter, QRectF(rect.left() + PAD, middle, TICK, TICK), self.tick)
            return
        words = str(model.headerData(logicalIndex, self.orientation(), _DISPLAY) or "")
        note = str(model.headerData(logicalIndex, self.orientation(), NOTE_ROLE) or "")
        side = Qt.AlignmentFlag(model.headerData(logicalIndex, self.orientation(), Qt.ItemDataRole.TextAlignmentRole))
        if self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex:
            words += " ↑" if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder else " ↓"
        inner = QRectF(rect).adjusted(PAD, 0, -PAD, -1)
        font = look.font("caption")
        painter.setFont(font)
        painter.setPen(look.colour("mute"))
        if note:
            half = inner.height() / 2
            painter.drawText(inner.adjusted(0, 4, 0, -half + 2), side | _VCENTRE, words)
            painter.setPen(look.colour("warn"))
            painter.setFont(look.font("keycap"))
            painter.drawText(inner.adjusted(0, half, 0, -3), side | _VCENTRE, note)
            return
        elided = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, inner.width() + PAD)
        painter.drawText(inner.adjusted(-PAD if side & Qt.AlignmentFlag.AlignRight else 0, 0, 0, 0), side, elided)


class TableView(QTableView):
    """Shows a `RowsModel`. `opened` carries the row's place on Enter or a double click; `typed` letters and digits.

    Columns take their widths from the specs, scaled with the type; a column of width 0 takes the rest, so that
    nothing scrolls sideways.
    """

    opened = Signal(int)
    typed = Signal(str)
    head_tick_clicked = Signal()

    def __init__(
        self, model: RowsModel[Any], *, row_height: str = "row", sortable: bool = True, quiet: bool = False
    ) -> None:
        super().__init__()
        self._model = model
        self._row_height = row_height
        self._heading = _Heading(self)
        self.setHorizontalHeader(self._heading)
        self.setModel(model)
        self.setItemDelegate(CellDelegate(self, quiet=quiet))
        self._dress(sortable)
        self._heading.sectionClicked.connect(self._on_section_clicked)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        follow_appearance(self, self._relayout)
        follow_language(self, self._heading.viewport().update)

    def _dress(self, sortable: bool) -> None:
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self._heading.setSectionsClickable(True)
        self._heading.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        if sortable:
            self._heading.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            self.setSortingEnabled(True)

    def set_head_tick(self, state: Qt.CheckState | None) -> None:
        """The tick box over the first column, that ticks or clears all."""
        self._heading.tick = state
        self._heading.viewport().update()

    def fit_height(self) -> None:
        """No taller than the rows there are, so that what stands below follows them."""
        rows = self._model.rowCount() * self.verticalHeader().defaultSectionSize()
        self.setMaximumHeight(self._heading.height() + rows + 2)

    def choose_row(self, row: int) -> None:
        """Marks a row and brings it into sight."""
        if 0 <= row < self._model.rowCount():
            # Spelled out: Qt's own setCurrentIndex would toggle while Ctrl is held.
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            index = self._model.index(row, self._first_shown())
            self.selectionModel().setCurrentIndex(index, flags)
            self.scrollTo(index)

    def chosen_rows(self) -> list[int]:
        """The places of the rows marked, in the order shown."""
        rows: set[int] = set()
        blocks: Any = self.selectionModel().selection()  # a list of ranges, which the stubs do not say
        for block in blocks:
            rows.update(range(block.top(), block.bottom() + 1))
        return sorted(rows)

    def copy_rows(self) -> str:
        """Puts the marked rows on the clipboard as tab-separated text, headings included, and returns it."""
        columns = [c for c in range(self._model.columnCount()) if self._model.columns[c].heading]
        lines = ["\t".join(str(self._model.headerData(c, Qt.Orientation.Horizontal)) for c in columns)]
        lines += [
            "\t".join(self._model.copied_text(row, column) for column in columns)
            for row in self.chosen_rows()
            if not self._model.is_heading_row(row)
        ]
        text = "\n".join(lines)
        QApplication.clipboard().setText(text)
        return text

    def _first_shown(self) -> int:
        return next((c for c in range(self._model.columnCount()) if not self.isColumnHidden(c)), 0)

    def _on_section_clicked(self, section: int) -> None:
        if section == 0 and self._heading.tick is not None:
            self.head_tick_clicked.emit()

    def _relayout(self) -> None:
        height = getattr(appearance().size, self._row_height)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self._heading.setFixedHeight(self._heading.sizeHint().height())
        self._share_width()

    def _share_width(self) -> None:
        scale = appearance().size.body / 14
        specs = self._model.columns
        needed = sum(spec.width or spec.least for spec in specs) * scale
        for column, spec in enumerate(specs):
            self.setColumnHidden(column, spec.spare and needed > self.viewport().width())
        shown = [c for c in range(len(specs)) if not self.isColumnHidden(c)]
        fixed = {c: round(specs[c].width * scale) for c in shown}
        takers = [c for c in shown if not fixed[c]]
        left = max(self.viewport().width() - sum(fixed.values()), 0)
        for column in shown:
            width = fixed[column] or max(left // len(takers), 40)
            self.setColumnWidth(column, width)
        if not takers and shown and left:
            self.setColumnWidth(shown[-1], fixed[shown[-1]] + left)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif plain and event.text().strip() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 90)
