"""The front sheet of the day summary (汇总): fee items × tenders, what they consist of, receipts, cash, signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from feedesk.money import ZERO, Fen
from feedesk.receipts.summary_sheet import Book, Sheet, cell
from feedesk.rules.day_summary import DayFigures, DaySummary
from feedesk.rules.takings import WITH_SUBTOTAL, Group, Share, TakingsRow
from feedesk.texts import N_, _

FRONT, DETAILS = "汇总", "明细"
_HEAD_ROW = 3
_FIRST_TENDER = 2

_SUBTOTALS = {
    Group.OWN: N_("Own revenue, subtotal"),
    Group.AGENCY: N_("Collected for suppliers, subtotal"),
    Group.COMMUNAL: N_("Owners' common revenue, subtotal"),
}
_SHARES = {
    Share.CURRENT: N_("Of this period"),
    Share.ARREARS: N_("Of earlier periods"),
    Share.ADVANCE: N_("In advance"),
    Share.LATE_FEE: N_("Late fees"),
    Share.DEPOSIT: N_("Deposits"),
    Share.UNCLAIMED: N_("Money of unknown origin"),
    Share.ROUNDING: N_("Rounded off"),
    Share.RETURNED: N_("Reversed and refunded"),
}
_ROWS = {
    Group.LATE_FEE: N_("Late fees"),
    Group.PREPAYMENT: N_("Prepayment"),
    Group.ROUNDING: N_("Rounded off"),
}


def share_name(share: Share) -> str:
    """What a part of the takings is called."""
    return _(_SHARES[share])


def row_name(group: Group, item: str) -> str:
    """What a row is called: the fee item's or deposit's own name, else that of its group."""
    if group is Group.UNCLAIMED:  # only on days that saw some
        return _("Money of unknown origin")
    return _(_ROWS[group]) if group in _ROWS else item


@dataclass(frozen=True, slots=True)
class FrontTotals:
    """Where the sheet 汇总 has its sums, as other sheets name the cells: all, by what they consist of, by tender."""

    total: str
    shares: str
    tenders: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    """The table as it grows: the sheet, the row to write next, and the rows that make the total."""

    sheet: Sheet
    tenders: Sequence[str]
    row: int
    in_total: list[int]

    @property
    def total_column(self) -> int:
        return _FIRST_TENDER + len(self.tenders)

    def line(self, name: str, count: int, amounts: Mapping[str, Fen], *looks: str) -> None:
        """A row of figures; its total is a formula."""
        self.sheet.text(self.row, 0, name, "cell", *looks)
        self.sheet.pieces(self.row, 1, count, *looks)
        for column, tender in enumerate(self.tenders, _FIRST_TENDER):
            self.sheet.money(self.row, column, amounts.get(tender, ZERO), *looks)
        self._row_total(Fen(sum(amounts.values())), *looks)
        self.row += 1

    def sums(self, name: str, rows: Sequence[int], amounts: Mapping[str, Fen], count: int | None, *looks: str) -> None:
        """A row whose figures are sums of other rows."""
        self.sheet.text(self.row, 0, name, "cell", *looks, *(("indented",) if count is None else ()))
        if count is None:
            self.sheet.text(self.row, 1, "", "cell", *looks)
        else:
            self.sheet.pieces(self.row, 1, count, *looks)
        for column, tender in enumerate(self.tenders, _FIRST_TENDER):
            self.sheet.reckoned(self.row, column, _sum(rows, column), amounts.get(tender, ZERO), *looks)
        self._row_total(Fen(sum(amounts.values())), *looks)
        self.row += 1

    def _row_total(self, amount: Fen, *looks: str) -> None:
        first, last = cell(self.row, _FIRST_TENDER), cell(self.row, self.total_column - 1)
        self.sheet.reckoned(self.row, self.total_column, f"=SUM({first}:{last})", amount, *looks, "bold")


def _sum(rows: Sequence[int], column: int) -> str:
    """A sum that names neighbouring rows as ranges: ``=SUM(C5:C6,C9)``."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    parts = [cell(first, column) + (f":{cell(last, column)}" if last > first else "") for first, last in runs]
    return f"=SUM({','.join(parts)})"


def write_front(book: Book, summary: DaySummary, details_total: str) -> FrontTotals:
    """Writes the sheet 汇总. ``details_total``: the cell of the sheet 明细 with the sum of all receipts."""
    figures = summary.figures
    sheet = book.sheet(FRONT, head_row=_HEAD_ROW, frozen=(_HEAD_ROW + 1, 1), pages=1)
    table = _Table(sheet, [tender.code for tender in figures.tenders], _HEAD_ROW + 1, [])
    width = max(table.total_column, 8)
    _write_title(sheet, figures, width)
    names = [tender.name for tender in figures.tenders]
    sheet.heads(_HEAD_ROW, [_("Fee item"), _("Number of receipts"), *names, _("Sum")])
    _write_rows(table, figures)
    total_row = _write_totals(table, figures)
    _write_check(table, total_row, details_total, figures.total)
    bottom = _write_panels(sheet, table.row + 2, figures)
    sheet.signatures(bottom + 1, [_("Prepared by"), _("Checked by"), _("Cashier's office")], [0, 3, 6])
    seal = _("Ledger seal {digest}").format(digest=figures.chain_head)
    sheet.span(bottom + 3, 0, width, seal, "mono")
    sheet.finish(least=13, A=24, B=9)
    shares = _totals_row(table.row + 2)
    return FrontTotals(
        total=f"'{FRONT}'!{cell(total_row, table.total_column)}",
        shares=f"'{FRONT}'!{cell(shares, 2)}",
        tenders=tuple(f"'{FRONT}'!{cell(total_row, _FIRST_TENDER + n)}" for n in range(len(table.tenders))),
    )


def _totals_row(top: int) -> int:
    """The row of the sum below what the takings consist of."""
    return top + 1 + len(Share)


def _write_title(sheet: Sheet, figures: DayFigures, width: int) -> None:
    title = _("{community} daily summary of takings").format(community=figures.community).strip()
    sheet.span(0, 0, width, title, "title")
    sheet.worksheet.set_row(0, 32)
    if figures.training:
        sheet.span(1, 0, width, _("TRAINING LEDGER — sample data, not a document of account"), "mark")
        sheet.worksheet.set_row(1, 24)
    else:
        sheet.worksheet.set_row(1, 6)
    half = width // 2
    sheet.span(2, 0, half, figures.company, "sub")
    facts = _("Date {day}   version {version}   closed {at} by {name}").format(
        day=figures.day, version=figures.version, at=figures.closed_at[:16].replace("T", " "), name=figures.closed_by
    )
    sheet.span(2, half + 1, width, facts, "sub", "right")


def _write_rows(table: _Table, figures: DayFigures) -> None:
    takings = figures.takings
    for group in Group:
        rows = [row for row in takings.rows if row.group is group] or _always(group)
        first = table.row
        for row in rows:
            table.line(row_name(group, row.item), row.count, row.amounts)
        written = list(range(first, table.row))
        if rows and group in WITH_SUBTOTAL:
            table.sums(_(_SUBTOTALS[group]), written, takings.subtotal(group), None, "soft")
        table.in_total.extend(written)
    table.in_total.append(table.row)
    table.line(_(_SHARES[Share.RETURNED]), takings.returned_count, takings.returned_by_tender())


def _always(group: Group) -> list[TakingsRow]:
    """Rows that stand there even when nothing was taken, so that the paper looks the same every day."""
    return [TakingsRow(group, str(group), 0, {})] if group in _ROWS else []


def _write_totals(table: _Table, figures: DayFigures) -> int:
    """The total, and what of it is money that came in today; returns the total's row."""
    total_row = table.row
    table.sums(_("Sum"), table.in_total, figures.takings.by_tender(), figures.receipts.count, "total")
    column = table.total_column
    earlier = [(_("of which paid from prepayments"), "prepaid", figures.prepayment_used)]
    if _tenders_of(table, figures, "unclaimed"):
        earlier.append((_("of which claimed from money of unknown origin"), "unclaimed", figures.claimed))
    rest = figures.total
    for name, kind, amount in earlier:
        formula = "=" + ("+".join(cell(total_row, one) for one in _tenders_of(table, figures, kind)) or "0")
        _write_part(table, name, formula, amount)
        rest = Fen(rest - amount)
    parts = "".join(f"-{cell(total_row + 1 + n, column)}" for n in range(len(earlier)))
    _write_part(table, _("of which money received today"), f"={cell(total_row, column)}{parts}", rest)
    return total_row


def _tenders_of(table: _Table, figures: DayFigures, kind: str) -> list[int]:
    """The columns of the tenders of a kind."""
    return [table.tenders.index(tender.code) + _FIRST_TENDER for tender in figures.tenders if tender.kind == kind]


def _write_part(table: _Table, name: str, formula: str, amount: Fen) -> None:
    table.sheet.span(table.row, 0, table.total_column - 1, name, "right", "sub")
    table.sheet.reckoned(table.row, table.total_column, formula, amount)
    table.row += 1


def _write_check(table: _Table, total_row: int, details_total: str, total: Fen) -> None:
    """Compares the total with the receipts one by one: a workbook changed by hand says so."""
    column = table.total_column
    sheet = table.sheet
    sheet.span(
        table.row, 0, column - 1, _("compared with the receipts on sheet {name}").format(name=DETAILS), "right", "sub"
    )
    formula = f"=ROUND({cell(total_row, column)}-{details_total},2)"
    sheet.worksheet.write_formula(table.row, column, formula, sheet.book.format("check"), 0)


def _write_panels(sheet: Sheet, top: int, figures: DayFigures) -> int:
    """Three lists side by side: of which, receipts, cash. Returns the row below them."""
    bottoms = (
        _write_shares(sheet, top, figures),
        _write_receipts(sheet, top, figures),
        _write_cash(sheet, top, figures),
    )
    return max(bottoms)


def _write_shares(sheet: Sheet, top: int, figures: DayFigures) -> int:
    sheet.span(top, 0, 2, _("The takings consist of"), "head")
    row = top + 1
    for share in Share:
        sheet.span(row, 0, 1, share_name(share), "cell")
        sheet.money(row, 2, figures.takings.shares.get(share, ZERO))
        row += 1
    sheet.span(row, 0, 1, _("Sum"), "cell", "bold")
    sheet.summed(row, 2, top + 1, row - 1, figures.total, "bold")
    return row + 1


def _write_receipts(sheet: Sheet, top: int, figures: DayFigures) -> int:
    receipts = figures.receipts
    sheet.span(top, 3, 5, _("Receipts"), "head")
    sheet.span(top + 1, 3, 3, _("First number"), "cell")
    sheet.span(top + 1, 4, 5, receipts.first or "–", "cell", "right")
    sheet.span(top + 2, 3, 3, _("Last number"), "cell")
    sheet.span(top + 2, 4, 5, receipts.last or "–", "cell", "right")
    counts = (
        (_("Receipts issued"), receipts.count),
        (_("Receipts voided"), receipts.voids),
        (_("Copies reprinted"), receipts.reprints),
        (_("Numbers missing"), receipts.gaps),
    )
    row = top + 3
    for name, count in counts:
        sheet.span(row, 3, 3, name, "cell")
        sheet.span(row, 4, 5, f"{count}", "cell", "right", *(("red",) if name == counts[3][0] and count else ()))
        row += 1
    return row


def _write_cash(sheet: Sheet, top: int, figures: DayFigures) -> int:
    shifts = figures.shifts
    opening, received, paid_out, change, counted = (
        Fen(sum(getattr(shift, name) for shift in shifts))
        for name in ("opening_float", "received", "paid_out", "change", "counted")
    )
    expected = Fen(opening + received - paid_out + change)
    sheet.span(top, 6, 8, _("Cash in the drawers"), "head")
    value = [cell(top + n, 8) for n in range(9)]
    lines = (
        (_("Float"), opening, ""),
        (_("plus cash received"), received, ""),
        (_("less cash paid out"), paid_out, ""),
        (_("plus change money"), change, ""),
        (_("Cash expected"), expected, f"={value[1]}+{value[2]}-{value[3]}+{value[4]}"),
        (_("Cash counted"), counted, ""),
        (_("Over or short"), Fen(counted - expected), f"={value[6]}-{value[5]}"),
        (_("Cash in transit, day's end"), figures.transit.closing, ""),
    )
    for row, (name, amount, formula) in enumerate(lines, top + 1):
        sheet.span(row, 6, 7, name, "cell")
        if formula:
            sheet.reckoned(row, 8, formula, amount, "exact", "bold")
        else:
            sheet.money(row, 8, amount)
    return top + 1 + len(lines)
