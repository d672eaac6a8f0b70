"""The sheet 核对 of the day summary: control totals with which finance can check the paper without the program.

Beside each total as it was closed stands a formula that works it out anew from the lists of the workbook; the last
column compares them. The hash total of the receipt numbers (票号合计) means nothing but that no number can be left
out, added or changed without changing it. The chains at the end prove a later version to be another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedesk.money import Fen
from feedesk.receipts.summary_balances import CASH
from feedesk.receipts.summary_front import DETAILS, FrontTotals, row_name
from feedesk.receipts.summary_lists import (
    AMOUNT_COLUMN,
    DETAILS_FIRST_ROW,
    RECEIPTS,
    away_state,
    has_a_row,
    kind_name,
    voided_state,
)
from feedesk.receipts.summary_sheet import Book, Sheet, cell, cells
from feedesk.rules.day_summary import BookRange, DaySummary
from feedesk.rules.takings import WITHOUT_PAPER, Group, LineKind
from feedesk.texts import _

CHECKS = "核对"
_HEAD_ROW = 2
_LAST_COLUMN = 3
_ITEM, _KIND, _TENDER = 7, 10, 12
_NUMBER, _STATE, _COUNTING = 0, 6, 5
_DIGITS = 6
_OF_KIND = {
    Group.LATE_FEE: LineKind.LATE_FEE,
    Group.PREPAYMENT: LineKind.PREPAYMENT,
    Group.UNCLAIMED: LineKind.UNCLAIMED,
    Group.ROUNDING: LineKind.ROUNDING,
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the other sheets have what is compared: the sums of 汇总, how many rows 明细 has, the rows of 票据."""

    front: FrontTotals
    details: int
    receipts: range

    def detail(self, column: int) -> str:
        """A column of the sheet 明细."""
        last = DETAILS_FIRST_ROW + self.details - 1
        return f"'{DETAILS}'!{cells(DETAILS_FIRST_ROW, column, last, column)}"

    def receipt(self, column: int) -> str:
        """A column of the receipts of the sheet 票据."""
        return f"'{RECEIPTS}'!{cells(self.receipts.start, column, self.receipts.stop - 1, column)}"


@dataclass(frozen=True, slots=True)
class _Check:
    """A total as closed, and the formula that comes to it again; a count or an amount in fen."""

    name: str
    kept: int
    formula: str
    is_count: bool = False


def write_checks(book: Book, summary: DaySummary, places: Places) -> None:
    """Writes the sheet 核对."""
    sheet = book.sheet(CHECKS, head_row=_HEAD_ROW, frozen=(_HEAD_ROW + 1, 1))
    sheet.span(0, 0, _LAST_COLUMN, _("Control totals"), "caption")
    words = _("The second column works each total out anew from the lists of this workbook; nothing else is needed.")
    sheet.span(1, 0, _LAST_COLUMN, words, "sub")
    sheet.heads(_HEAD_ROW, [_("Control total"), _("As closed"), _("Worked out from the lists"), _("Result")])
    row = _HEAD_ROW + 1
    parts = (
        (_("Receipts"), _receipts(summary, places)),
        (_("Sum"), _sums(summary, places)),
        (_("By way of paying"), _tenders(summary, places)),
        (_("By fee item"), _items(summary, places)),
        (_("Cash in the drawers"), _cash(summary)),
    )
    for title, checks in parts:
        row = _write_part(sheet, row, title, list(checks))
    area = cells(_HEAD_ROW + 1, _LAST_COLUMN, row - 1, _LAST_COLUMN)
    sheet.span(row, 0, _LAST_COLUMN - 1, _("All of them together"), "cell", "bold", "soft")
    sheet.worksheet.write_formula(row, _LAST_COLUMN, f"=SUMSQ({area})", book.format("tick"), 0)
    row = _write_chains(sheet, row + 2, summary)
    sheet.signatures(row + 1, [_("Prepared by"), _("Checked by")], [0, 2])
    sheet.finish(least=16, most=52, C=29, D=29)  # wide enough for a hash over both


def _write_part(sheet: Sheet, row: int, title: str, checks: Sequence[_Check]) -> int:
    if not checks:
        return row
    sheet.span(row, 0, _LAST_COLUMN, title, "cell", "bold", "soft")
    for place, check in enumerate(checks, row + 1):
        sheet.text(place, 0, check.name, "cell")
        if check.is_count:
            sheet.pieces(place, 1, check.kept)
            number = sheet.book.format("pieces")
            sheet.worksheet.write_formula(place, 2, check.formula, number, check.kept)
        else:
            sheet.money(place, 1, Fen(check.kept), "exact")
            sheet.reckoned(place, 2, check.formula, Fen(check.kept), "exact")
        formula = f"=ROUND({cell(place, 2)}-{cell(place, 1)},2)"
        sheet.worksheet.write_formula(place, 3, formula, sheet.book.format("tick"), 0)
    return row + 1 + len(checks)


def _receipts(summary: DaySummary, places: Places) -> Iterator[_Check]:
    issued = summary.figures.receipts
    if not places.receipts:
        return
    numbers, states = places.receipt(_NUMBER), places.receipt(_STATE)
    away = _text(away_state())
    count = f"=SUMPRODUCT(({states}<>{away})*1)"
    yield _Check(_("Receipts issued"), issued.count, count, is_count=True)
    voided = f"=SUMPRODUCT(({states}={_text(voided_state())})*1)"
    yield _Check(_("Receipts voided"), issued.voids, voided, is_count=True)
    papers = [
        one.receipt
        for one in summary.payments
        if one.at_the_desk and one.kind not in WITHOUT_PAPER and has_a_row(one, summary.figures.date)
    ]
    for book in issued.books:
        prefix = book.first[:-_DIGITS]
        own = f"(LEFT({numbers},{len(prefix)})={_text(prefix)})*({states}<>{away})"
        total = sum(int(number[-_DIGITS:]) for number in papers if number.startswith(prefix))
        name = _("Sum of the last {n} digits of the numbers {first} to {last}")
        name = name.format(n=_DIGITS, first=book.first, last=book.last[-_DIGITS:])
        yield _Check(name, total, f"=SUMPRODUCT({own}*VALUE(RIGHT({numbers},{_DIGITS})))", is_count=True)
        if _is_unbroken(book):
            missing = "".join(f"-{int(gap[-_DIGITS:])}" for gap in book.gaps)
            first, last = int(book.first[-_DIGITS:]), int(book.last[-_DIGITS:])
            name = _("The same by (first + last) × numbers ÷ 2, less those missing")
            yield _Check(name, total, f"=({first}+{last})*({last}-{first}+1)/2{missing}", is_count=True)


def _is_unbroken(book: BookRange) -> bool:
    """Whether the day has all numbers from its first to its last; on a training ledger days may overlap."""
    first, last = (int(number[-_DIGITS:]) for number in (book.first, book.last))
    return book.count + len(book.gaps) == last - first + 1 and all(
        first <= int(gap[-_DIGITS:]) <= last for gap in book.gaps
    )


def _sums(summary: DaySummary, places: Places) -> Iterator[_Check]:
    total = summary.figures.total
    lines = f"=SUM({places.detail(AMOUNT_COLUMN)})" if places.details else "=0"
    yield _Check(_("Sum of the lines on sheet {name}").format(name=DETAILS), total, lines)
    yield _Check(_("Sum on the front"), total, f"={places.front.total}")
    yield _Check(_("Sum of what the takings consist of"), total, f"={places.front.shares}")
    offsets = sum(one.total for one in summary.payments if not one.at_the_desk)
    counting = f"=SUM({places.receipt(_COUNTING)})" if places.receipts else "=0"
    name = _("Sum of the receipts that count on sheet {name}").format(name=RECEIPTS)
    yield _Check(name, total - offsets, counting)


def _tenders(summary: DaySummary, places: Places) -> Iterator[_Check]:
    by_tender = summary.figures.takings.by_tender()
    for tender in summary.figures.tenders:
        formula = "=0"
        if places.details:
            column = places.detail(_TENDER)
            formula = f"=SUMPRODUCT(({column}={_text(tender.name)})*{places.detail(AMOUNT_COLUMN)})"
        yield _Check(tender.name, by_tender.get(tender.code, 0), formula)


def _items(summary: DaySummary, places: Places) -> Iterator[_Check]:
    takings = summary.figures.takings
    if not places.details:
        return
    amounts, items, kinds = (places.detail(column) for column in (AMOUNT_COLUMN, _ITEM, _KIND))
    sums: dict[tuple[str, bool], Fen] = {}
    for row in (*takings.rows, *takings.returned):
        own = row.group in _OF_KIND
        key = (row.group.value if own else row.item, own)
        sums[key] = Fen(sums.get(key, 0) + row.total)
    named = "*".join(f"({kinds}<>{_text(kind_name(kind))})" for kind in _OF_KIND.values())
    for (name, own), amount in sums.items():
        if own:
            group = Group(name)
            yield _Check(
                row_name(group, name),
                amount,
                f"=SUMPRODUCT(({kinds}={_text(kind_name(_OF_KIND[group]))})*{amounts})",
            )
        else:
            yield _Check(name, amount, f"=SUMPRODUCT(({items}={_text(name)})*{named}*{amounts})")


def _cash(summary: DaySummary) -> Iterator[_Check]:
    shifts = summary.figures.shifts
    for name, column, amount in (
        (_("Cash expected"), 10, sum(shift.expected for shift in shifts)),
        (_("Cash counted"), 11, sum(shift.counted for shift in shifts)),
    ):
        yield _Check(name, amount, f"='{CASH}'!{cell(len(shifts) + 1, column)}")


def _write_chains(sheet: Sheet, row: int, summary: DaySummary) -> int:
    """Each chain with its length and head, the digest over all of them, and that of the version before."""
    if summary.chains:
        sheet.heads(row, [_("Chain of entries"), _("Entries"), _("Hash of the last entry")])
        sheet.worksheet.merge_range(row, 2, row, _LAST_COLUMN, _("Hash of the last entry"), sheet.book.format("head"))
        for chain in summary.chains:
            row += 1
            sheet.text(row, 0, chain.name, "cell")
            sheet.pieces(row, 1, chain.entries)
            sheet.span(row, 2, _LAST_COLUMN, chain.head, "cell", "mono")
        row += 1
    sheet.span(row, 0, 1, _("Ledger seal of version {n}").format(n=summary.figures.version), "cell", "bold")
    sheet.span(row, 2, _LAST_COLUMN, summary.figures.chain_head, "cell", "mono")
    before = summary.reopening
    if before is not None:
        row += 1
        sheet.span(row, 0, 1, _("Ledger seal of version {n}").format(n=before.figures.version), "cell")
        sheet.span(row, 2, _LAST_COLUMN, before.figures.chain_head, "cell", "mono")
    note = _("Another version has other lengths and hashes: compare them with those of the paper that was signed.")
    sheet.span(row + 1, 0, _LAST_COLUMN, note, "sub")
    return row + 2


def _text(words: str) -> str:
    """A text as formulas write it."""
    doubled = words.replace('"', '""')
    return f'"{doubled}"'
