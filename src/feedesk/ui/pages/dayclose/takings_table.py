"""Today's takings: fee items × ways of paying, with dots where cash may not be seen before it is counted."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.money import Fen, format_amount
from feedesk.rules.day_summary import TenderColumn
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.dayclose.rows import Known, LineLook, TakingsLine, TakingsView, merged, takings_lines, total_line
from feedesk.ui.tables.columns import Cell, ColumnSpec
from feedesk.ui.tables.delegate import PAD
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.tokens import Look, Token
from feedesk.ui.widgets.blank_mask import MASK
from feedesk.ui.widgets.painting import Span, paint_spans

_OTHERS: Final = TenderColumn("others", N_("Others"), "others")
_MASK_NOTE: Final = N_("after counting")
_LEAST_NAME: Final = 118  # 代收代付小计 and its indent
_COUNT: Final = 72
_LEAST_FIGURE: Final = 74


class TakingsModel(RowsModel[TakingsLine]):
    """Its columns follow the ways of paying that the day saw."""

    def __init__(self) -> None:
        super().__init__(())
        self.total: TakingsLine | None = None

    def show_lines(
        self, lines: Sequence[TakingsLine], total: TakingsLine, columns: Sequence[ColumnSpec[TakingsLine]]
    ) -> None:
        """Shows other lines in other columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.total = total
        self.endResetModel()
        self.set_rows(lines)

    def is_heading_row(self, row: int) -> bool:
        return self.row_at(row).look is LineLook.SUBTOTAL


class TakingsTable(TableView):
    """Shows the takings of a day or a shift; as many ways of paying as fit, the others in one column."""

    def __init__(self) -> None:
        self._lines = TakingsModel()
        super().__init__(self._lines, sortable=False, quiet=True)
        self._view: TakingsView | None = None
        self._shown: tuple[str, ...] = ()
        self.total = TotalLine(self)

    def show_view(self, view: TakingsView) -> None:
        """Shows a day or a shift."""
        self._view = view
        self._shown = ()
        self._arrange()

    def _arrange(self) -> None:
        view = self._view
        if view is None:
            return
        lines, total = takings_lines(view), total_line(view)
        width = _figure_width((*lines, total), masked=total.total is None)
        used = [column for column in view.tenders if column.kind == "cash" or column.code in total.amounts]
        shown = _that_fit(used, width, self.viewport().width())
        if tuple(column.code for column in shown) == self._shown:
            return
        self._shown = tuple(column.code for column in shown)
        gone = [column.code for column in used if column not in shown]
        if gone:
            lines = tuple(merged(line, gone, _OTHERS.code) for line in lines)
            total = merged(total, gone, _OTHERS.code)
        self._lines.show_lines(lines, total, _columns(shown, width, masked=total.total is None))
        self._relayout()
        self.fit_height()
        self.total.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)
        self.total.update()

    def retranslate(self) -> None:
        """Writes the words put together here in the language shown."""
        self._shown = ()
        self._arrange()

    def lines(self) -> Sequence[TakingsLine]:
        """What is shown, the sum last."""
        return [*self._lines.rows(), *([self._lines.total] if self._lines.total else [])]


class TotalLine(QWidget):
    """The sum below the table, in its columns; it stays in sight when the lines scroll."""

    def __init__(self, table: TakingsTable) -> None:
        super().__init__()
        self._table = table
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(200, appearance().size.row + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        look = appearance()
        painter.fillRect(self.rect(), look.colour("panel"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, look.colour("line"))
        model: Any = self._table.model()
        if model.total is not None:
            for place, spec in enumerate(model.columns):
                cell = spec.cell(model.total)
                left, width = self._table.columnViewportPosition(place), self._table.columnWidth(place)
                room = QRectF(left, 0, width, self.height() - 1)
                inner = room.adjusted(0 if cell.right else PAD, 0, -PAD if cell.right else -4, 0)
                paint_spans(painter, inner, cell.spans, right=cell.right)
        painter.end()


def _figure_width(lines: Sequence[TakingsLine], *, masked: bool) -> int:
    metrics = QFontMetricsF(appearance().font("body", bold=True))
    known = [amount for line in lines for amount in (*line.amounts.values(), line.total) if amount is not None]
    widest = max((metrics.horizontalAdvance(format_amount(amount)) for amount in known), default=0.0)
    if masked:
        note = QFontMetricsF(appearance().font("keycap")).horizontalAdvance(_(_MASK_NOTE))
        widest = max(widest, note)
    return max(round(_LEAST_FIGURE * appearance().size.body / 14), math.ceil(widest) + 2 * PAD)


def _that_fit(used: Sequence[TenderColumn], figure: int, room: int) -> list[TenderColumn]:
    scale = appearance().size.body / 14
    most = int((room - (_LEAST_NAME + _COUNT) * scale) // figure) - 1
    if room <= 0 or len(used) <= most:
        return list(used)
    return [*used[: max(most - 1, 1)], _OTHERS]


def _columns(shown: Sequence[TenderColumn], figure: int, *, masked: bool) -> list[ColumnSpec[TakingsLine]]:
    scale = appearance().size.body / 14
    wide = round(figure / scale)
    note = _MASK_NOTE if masked else ""
    specs: list[ColumnSpec[TakingsLine]] = [
        ColumnSpec(N_("Fee item"), _name_cell, 0, least=_LEAST_NAME),
        ColumnSpec(N_("Count"), _count_cell, _COUNT, right=True),
    ]
    for column in shown:
        hidden = masked and column.kind == "cash"
        specs.append(
            ColumnSpec(
                column.name,
                partial(_amount_cell, column.code, hidden),
                wide,
                right=True,
                copies=partial(_copied, column.code),
                note=note if hidden else "",
            )
        )
    copied_total = partial(_copied, None)
    specs.append(
        ColumnSpec(N_("Total"), partial(_total_cell, masked), wide, right=True, copies=copied_total, note=note)
    )
    return specs


def _style(line: TakingsLine) -> tuple[Token, bool, Look]:
    if line.look is LineLook.SUBTOTAL:
        return "ink_2", False, "secondary"
    if line.look is LineLook.RETURNED:
        return "danger", False, "body"
    return "ink", line.look is LineLook.TOTAL, "body"


def _name_cell(line: TakingsLine) -> Cell:
    token, bold, look = _style(line)
    indent = "\N{EM SPACE}" if line.look is LineLook.SUBTOTAL else ""
    return Cell((Span(indent + line.name, token, bold=bold, look=look),))


def _count_cell(line: TakingsLine) -> Cell:
    if line.count is None:
        return Cell(right=True)
    token, bold, look = _style(line)
    words = str(line.count)
    if line.look is LineLook.TOTAL:
        words = _("{n} in all").format(n=line.count)
    return Cell((Span(words, "ink" if token == "danger" else token, bold=bold, look=look),), right=True)


def _amount_cell(code: str, hidden: bool, line: TakingsLine) -> Cell:
    return _figure(line, line.amounts.get(code, Fen(0)), hidden)


def _total_cell(hidden: bool, line: TakingsLine) -> Cell:
    return _figure(line, line.total, hidden)


def _figure(line: TakingsLine, amount: Known, hidden: bool) -> Cell:
    token, bold, look = _style(line)
    ground: Token | None = "panel" if hidden else None
    if amount is None:
        return Cell((Span(MASK, "ink_2", bold=bold, look=look),), right=True, ground=ground)
    if not amount:
        return Cell((Span("–", "mute"),), right=True, ground=ground)
    return Cell((Span(format_amount(amount), token, bold=bold, look=look),), right=True, ground=ground)


def _copied(code: str | None, line: TakingsLine) -> str:
    amount = line.total if code is None else line.amounts.get(code, Fen(0))
    return "" if amount is None else format_amount(amount, grouped=False)
