"""The day's takings as lines of a table: fee items in groups, subtotals by whose money it is (款项性质), the sum.

A figure kept back until the drawer is counted is None, and so is every sum it would enter.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from feedesk.money import Fen
from feedesk.rules.day_summary import ReceiptsIssued, TenderColumn
from feedesk.rules.takings import GROUPS, WITH_SUBTOTAL, BlindRow, Group
from feedesk.texts import N_, _

SUBTOTALS: Final = {
    Group.OWN: N_("Own revenue, subtotal"),
    Group.AGENCY: N_("Collected for suppliers, subtotal"),
    Group.COMMUNAL: N_("Owners' common revenue, subtotal"),
}
# Rows that are no fee item carry the name of their group.
_GROUP_NAMES: Final = {
    Group.LATE_FEE: N_("Late fee"),
    Group.PREPAYMENT: N_("Prepayment"),
    Group.ROUNDING: N_("Rounded off"),
}

Known = Fen | None


class TakingsView(Protocol):
    """What the table needs to know of a day (`ClosingView`) or a shift (`ShiftReport`)."""

    @property
    def tenders(self) -> tuple[TenderColumn, ...]: ...
    @property
    def rows(self) -> tuple[BlindRow, ...]: ...
    @property
    def returned(self) -> BlindRow | None: ...
    @property
    def receipts(self) -> ReceiptsIssued: ...


class LineLook(StrEnum):
    """How a line is drawn."""

    ITEM = "item"
    SUBTOTAL = "subtotal"
    RETURNED = "returned"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class TakingsLine:
    """One line: ``amounts`` by tender code and ``total`` in fen, None where it may not be seen yet."""

    look: LineLook
    name: str
    count: int | None
    amounts: Mapping[str, Known]
    total: Known


def takings_lines(view: TakingsView) -> tuple[TakingsLine, ...]:
    """The lines of a day in the order of the day summary, without the sum."""
    lines: list[TakingsLine] = []
    for group in GROUPS:
        rows = [row for row in view.rows if row.group is group]
        lines += [TakingsLine(LineLook.ITEM, _name(row), row.count, row.amounts, row.total) for row in rows]
        if rows and group in WITH_SUBTOTAL:
            lines.append(_summed(LineLook.SUBTOTAL, _(SUBTOTALS[group]), None, rows))
    back = view.returned
    if back is not None:
        lines.append(TakingsLine(LineLook.RETURNED, _("Reversed and refunded"), back.count, back.amounts, back.total))
    return tuple(lines)


def total_line(view: TakingsView) -> TakingsLine:
    """The sum of the day."""
    rows = [*view.rows, *([view.returned] if view.returned else [])]
    return _summed(LineLook.TOTAL, _("Sum"), view.receipts.count, rows)


def merged(line: TakingsLine, codes: Iterable[str], into: str) -> TakingsLine:
    """The line with several tenders as one, where a narrow window has no room for all of them."""
    gone = set(codes)
    left = {code: amount for code, amount in line.amounts.items() if code not in gone}
    parts = [amount for code, amount in line.amounts.items() if code in gone]
    if parts:
        left[into] = add_known(parts)
    return TakingsLine(line.look, line.name, line.count, left, line.total)


def add_known(amounts: Iterable[Known]) -> Known:
    """The sum, or None as soon as one of them may not be seen."""
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return Fen(total)


def _name(row: BlindRow) -> str:
    return _(_GROUP_NAMES[row.group]) if row.group in _GROUP_NAMES else row.item


def _summed(look: LineLook, name: str, count: int | None, rows: Sequence[BlindRow]) -> TakingsLine:
    codes = dict.fromkeys(code for row in rows for code in row.amounts)
    amounts = {code: add_known(row.amounts[code] for row in rows if code in row.amounts) for code in codes}
    return TakingsLine(look, name, count, amounts, add_known(row.total for row in rows))
