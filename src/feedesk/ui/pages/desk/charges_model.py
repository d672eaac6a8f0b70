"""The open charges of an account in groups of a period, each under its heading: 2026-08 · 逾期 84 天 … 349.45."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal

from feedesk.money import Fen, format_amount
from feedesk.texts import N_, _, ngettext
from feedesk.ui.pages.desk.rows import ChargeLine, Selection
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.painting import Span

_CHECK: Final = int(Qt.ItemDataRole.CheckStateRole)
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)


class ChargeColumn(IntEnum):
    """The columns, in order."""

    TICK = 0
    ITEM = 1
    PERIOD = 2
    BASIS = 3
    AMOUNT = 4
    DISCOUNT = 5
    LATE_FEE = 6
    DUE = 7


@dataclass(frozen=True, slots=True)
class GroupHeading:
    """The line over the charges of one period."""

    group: str
    overdue_days: int
    due_date: str
    due: Fen
    in_scope: bool


Line = ChargeLine | GroupHeading


def _ink(charge: ChargeLine) -> Token:
    return "mute" if charge.frozen else "ink"


def _item(line: Line) -> Cell:
    if isinstance(line, GroupHeading):
        return Cell()
    spans = [Span(line.item, _ink(line))]
    if line.frozen:
        spans.append(Span(_("in dispute"), chip="warn"))
    return Cell(tuple(spans))


def _period(line: Line) -> Cell:
    return Cell() if isinstance(line, GroupHeading) else Cell((Span(line.period, _ink(line)),))


def _basis(line: Line) -> Cell:
    return Cell() if isinstance(line, GroupHeading) else Cell((Span(line.basis, "mute", look="secondary"),))


def _amount(line: Line) -> Cell:
    return Cell(right=True) if isinstance(line, GroupHeading) else figure(line.amount, _ink(line))


def _discount(line: Line) -> Cell:
    return Cell(right=True) if isinstance(line, GroupHeading) else figure(Fen(-line.discount), "good")


def _late_fee(line: Line) -> Cell:
    return Cell(right=True) if isinstance(line, GroupHeading) else figure(line.late_fee, "danger")


def _due(line: Line) -> Cell:
    if isinstance(line, GroupHeading):
        return Cell((Span(format_amount(line.due), "ink_2", bold=True, look="secondary"),), right=True)
    return figure(line.due, _ink(line), bold=not line.frozen)


def _copied(name: str, sign: int = 1) -> Callable[[Line], str]:
    """The amount of that name without grouping, as a spreadsheet reads it."""
    return lambda line: format_amount(Fen(sign * getattr(line, name, 0)), grouped=False)


COLUMNS: Final[tuple[ColumnSpec[Line], ...]] = (
    ColumnSpec("", lambda line: Cell(), 32),
    ColumnSpec(N_("Fee item"), _item, 108),
    ColumnSpec(N_("Period"), _period, 72, spare=True),
    ColumnSpec(N_("How it is reckoned"), _basis, 0, least=190),
    ColumnSpec(N_("Charged"), _amount, 72, right=True, copies=_copied("amount")),
    ColumnSpec(N_("Concession"), _discount, 70, right=True, copies=_copied("discount", -1)),
    ColumnSpec(N_("Late fee"), _late_fee, 60, right=True, copies=_copied("late_fee")),
    ColumnSpec(N_("To pay"), _due, 76, right=True, copies=_copied("due")),
)


class ChargesModel(RowsModel[Line]):
    """Ticking is per charge; `selection_changed` follows every change of ticks or charges."""

    selection_changed = Signal()

    def __init__(self) -> None:
        super().__init__(COLUMNS)
        self._ticked: set[int] = set()
        self._charges: tuple[ChargeLine, ...] = ()
        self._keep: frozenset[int] | None = None

    def set_charges(self, charges: Sequence[ChargeLine], ticked: Iterable[int]) -> None:
        """Shows other charges with these ticked."""
        self._charges = tuple(charges)
        self._ticked = set(ticked)
        self._keep = None
        self._regroup()

    def show_only(self, ids: Iterable[int] | None) -> None:
        """Leaves only some charges in sight; ticks stay as they are. None shows all."""
        self._keep = None if ids is None else frozenset(ids)
        self._regroup()

    def _regroup(self) -> None:
        shown = [charge for charge in self._charges if self._keep is None or charge.id in self._keep]
        lines: list[Line] = []
        for group, members in groupby(shown, key=lambda charge: charge.group):
            charges = list(members)
            oldest = max(charges, key=lambda charge: charge.overdue_days)
            due = Fen(sum(charge.due for charge in charges))
            lines.append(GroupHeading(group, oldest.overdue_days, f"{oldest.due_date:%m-%d}", due, oldest.in_scope))
            lines.extend(charges)
        self.set_rows(lines)
        self.selection_changed.emit()

    def selection(self) -> Selection:
        """The charges ticked, in the order shown, and the disputed sum among those that are not."""
        ticked = tuple(charge for charge in self._charges if charge.id in self._ticked)
        disputed = sum(charge.due for charge in self._charges if charge.frozen and charge.id not in self._ticked)
        return Selection(ticked, Fen(disputed))

    def charge_at(self, row: int) -> ChargeLine | None:
        """The charge in a row, on a heading the first one under it; None where there is none."""
        below = self.rows()[max(row, 0) :]
        return next((line for line in below if isinstance(line, ChargeLine)), None)

    def is_by_unit(self) -> bool:
        """Whether the charges stand under their units, as those of one payment for several accounts do."""
        return any(charge.group != charge.period for charge in self._charges)

    def is_ticked(self, charge: int) -> bool:
        return charge in self._ticked

    def toggle(self, row: int) -> None:
        """Ticks or clears a charge; on a heading all charges under it."""
        line = self.row_at(row)
        if isinstance(line, GroupHeading):
            members = [c.id for c in self._shown_charges() if c.group == line.group and not c.frozen]
            self._set(members, on=not self._ticked.issuperset(members))
        else:
            self._set([line.id], on=line.id not in self._ticked)

    def tick_all(self) -> None:
        """Ticks every charge in sight that is not disputed; when all are, clears them."""
        usable = [charge.id for charge in self._shown_charges() if not charge.frozen]
        self._set(usable, on=not self._ticked.issuperset(usable))

    def tick_only(self, ids: Iterable[int]) -> None:
        """Ticks exactly these."""
        self._ticked = set(ids)
        self._redraw()

    def state(self) -> Qt.CheckState:
        """Of all charges in sight: ticked, none, or some."""
        shown = {charge.id for charge in self._shown_charges()}
        ticked = shown & self._ticked
        if not ticked:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.Checked if ticked == shown else Qt.CheckState.PartiallyChecked

    def _shown_charges(self) -> list[ChargeLine]:
        return [line for line in self.rows() if isinstance(line, ChargeLine)]

    def _set(self, ids: Iterable[int], *, on: bool) -> None:
        if on:
            self._ticked.update(ids)
        else:
            self._ticked.difference_update(ids)
        self._redraw()

    def _redraw(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        self.selection_changed.emit()

    def is_heading_row(self, row: int) -> bool:
        return isinstance(self.row_at(row), GroupHeading)

    def cell(self, row: int, column: int) -> Cell:
        line = self.row_at(row)
        if column == ChargeColumn.TICK:
            if isinstance(line, GroupHeading):
                return Cell(heading_spans(line))
            on = Qt.CheckState.Checked if line.id in self._ticked else Qt.CheckState.Unchecked
            return Cell(tick=on)
        return self.columns[column].cell(line)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = _DISPLAY) -> Any:
        if role == _CHECK and index.isValid() and index.column() == ChargeColumn.TICK:
            return self.cell(index.row(), ChargeColumn.TICK).tick
        return super().data(index, role)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        usable = super().flags(index)
        return usable | Qt.ItemFlag.ItemIsUserCheckable if index.column() == ChargeColumn.TICK else usable


def heading_spans(line: GroupHeading) -> tuple[Span, ...]:
    """2026-08 · 逾期 84 天, or 2026-11 · 本期，11-30 到期."""
    name = Span(f"{line.group} · ", "ink_2", bold=True, look="secondary")
    if line.overdue_days:
        days = ngettext("{days} day overdue", "{days} days overdue", line.overdue_days)
        return (name, Span(days.format(days=line.overdue_days), "danger", look="secondary"))
    words = _("this period, due on {date}") if line.in_scope else _("due on {date}")
    words = words.format(date=line.due_date)
    return (name, Span(words, "ink_2", look="secondary"))
