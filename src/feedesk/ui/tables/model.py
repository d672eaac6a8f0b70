"""Rows of frozen values as a Qt model: sorting by value, filtering by words, the clipboard as tab-separated text.

``role`` is compared with plain ints: comparing it with Qt's enum members costs three times the whole cell.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any, Final, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from feedesk.texts import _
from feedesk.ui.tables.columns import Cell, ColumnSpec, Row

_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_ACCESSIBLE: Final = int(Qt.ItemDataRole.AccessibleTextRole)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_HORIZONTAL: Final = Qt.Orientation.Horizontal
_ASCENDING: Final = Qt.SortOrder.AscendingOrder

NOTE_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
"""Of a heading: its second, smaller line."""

Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel, Generic[Row]):
    """A table of rows. Cells are made when shown, so 100,000 rows open at once; the delegate asks `cell` directly."""

    def __init__(self, columns: Sequence[ColumnSpec[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._all: list[Row] = []
        self._shown: list[Row] = []
        self._filter = ""
        self._order: tuple[int, bool] | None = None

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Shows other rows, filtered and sorted as the ones before."""
        self.beginResetModel()
        self._all = list(rows)
        self._shown = self._arranged()
        self.endResetModel()

    def row_at(self, row: int) -> Row:
        """The row shown at a place."""
        return self._shown[row]

    def rows(self) -> Sequence[Row]:
        """All rows shown, in the order shown."""
        return self._shown

    def set_filter(self, text: str) -> None:
        """Shows only rows in one of whose cells every word of ``text`` occurs."""
        wanted = _folded(text)
        if wanted != self._filter:
            self.beginResetModel()
            self._filter = wanted
            self._shown = self._arranged()
            self.endResetModel()

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        return self.columns[column].cell(self._shown[row])

    def copied_text(self, row: int, column: int) -> str:
        """What a cell is on the clipboard."""
        spec = self.columns[column]
        return spec.copies(self._shown[row]) if spec.copies else self.cell(row, column).text

    def is_heading_row(self, row: int) -> bool:
        """Whether a row stands over a group rather than being one of its own; plain tables have none."""
        return False

    def _arranged(self) -> list[Row]:
        rows = self._all
        if self._filter:
            wanted = self._filter.split()
            rows = [row for row in rows if all(word in self._searchable(row) for word in wanted)]
        if self._order is not None:
            column, descending = self._order
            spec = self.columns[column]
            key = spec.sort if spec.sort is not None else (lambda row: spec.cell(row).text)
            rows = sorted(rows, key=key, reverse=descending)
        return list(rows)

    def _searchable(self, row: Row) -> str:
        return _folded("\t".join(spec.cell(row).text for spec in self.columns))

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if role in (_DISPLAY, _ACCESSIBLE):
            return self.cell(index.row(), index.column()).text if index.isValid() else None
        if role == _ALIGNMENT and index.isValid():
            return _RIGHT if self.columns[index.column()].right else _LEFT
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation != _HORIZONTAL or not 0 <= section < len(self.columns):
            return None
        spec = self.columns[section]
        if role == _DISPLAY:
            return _(spec.heading) if spec.heading else ""
        if role == NOTE_ROLE:
            return _(spec.note) if spec.note else ""
        if role == _ALIGNMENT:
            return _RIGHT if spec.right else _LEFT
        return None

    def sort(self, column: int, order: Qt.SortOrder = _ASCENDING) -> None:
        self.layoutAboutToBeChanged.emit()
        before = {id(row): place for place, row in enumerate(self._shown)}
        moved = self.persistentIndexList()
        self._order = None if column < 0 else (column, order != _ASCENDING)
        self._shown = self._arranged()
        after = {before[id(row)]: place for place, row in enumerate(self._shown) if id(row) in before}
        for index in moved:
            self.changePersistentIndex(index, self.index(after[index.row()], index.column()))
        self.layoutChanged.emit()


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
