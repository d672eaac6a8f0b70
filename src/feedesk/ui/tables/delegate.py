"""Draws the cells of every table as in the design: hairlines, tinted choice with a mark, headings of groups, ticks."""

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from feedesk.ui.appearance import appearance
from feedesk.ui.tables.columns import Cell
from feedesk.ui.widgets.painting import paint_focus_ring, paint_spans, paint_tick

PAD: Final = 12
TICK: Final = 16


class CellDelegate(QStyledItemDelegate):
    """Works on any `RowsModel`; asks it for the cell directly, which spares a trip through QVariant.

    ``quiet``: the chosen row is marked only while the table has the keyboard.
    """

    def __init__(self, parent: QObject, *, quiet: bool = False) -> None:
        super().__init__(parent)
        self._quiet = quiet

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shown: Any = option  # the fields of a style option are not in the type stubs
        model: Any = index.model()
        row, column = index.row(), index.column()
        place = QRectF(shown.rect)
        chosen = bool(shown.state & QStyle.StateFlag.State_Selected)
        if chosen and self._quiet:
            chosen = bool(shown.widget.hasFocus())
        heading = model.is_heading_row(row)
        cell: Cell = model.cell(row, column)
        self._paint_ground(painter, place, cell, chosen=chosen, heading=heading, first=column == 0)
        if cell.tick is not None:
            tick = QRectF(place.left() + PAD, place.top() + (place.height() - 1 - TICK) // 2 + 2, TICK, TICK)
            paint_tick(painter, tick, cell.tick)
            if shown.state & QStyle.StateFlag.State_HasFocus:
                paint_focus_ring(painter, tick.adjusted(-3, -3, 3, 3), 5)
        elif cell.spans:
            inner = place.adjusted(0 if cell.right else PAD, 0, -PAD if cell.right else -4, -1)
            paint_spans(painter, inner, cell.spans, right=cell.right)

    def _paint_ground(
        self, painter: QPainter, place: QRectF, cell: Cell, *, chosen: bool, heading: bool, first: bool
    ) -> None:
        look = appearance()
        if chosen:
            painter.fillRect(place, look.colour("selected"))
        elif heading or cell.ground is not None:
            painter.fillRect(place, look.colour(cell.ground or "panel"))
        if chosen and first:
            painter.fillRect(QRectF(place.left(), place.top(), 3, place.height()), look.colour("accent"))
        line = look.colour("line" if heading else "hair")
        painter.fillRect(QRectF(place.left(), place.bottom() - 1, place.width(), 1), line)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(60, appearance().size.row)
