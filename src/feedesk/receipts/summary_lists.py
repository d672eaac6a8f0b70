"""The lists of the day summary: each receipt line (明细), voids and refunds (作废退款), receipts by book (票据)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from feedesk.money import ZERO, Fen
from feedesk.receipts.summary_front import DETAILS, row_name, share_name
from feedesk.receipts.summary_sheet import Book, Column, Sheet, cell, cells
from feedesk.rules.day_summary import DayFigures, DaySummary
from feedesk.rules.takings import WITHOUT_PAPER, LineKind, PaidPayment, crossed
from feedesk.texts import N_, _

TAKEN_BACK, RECEIPTS = "作废退款", "票据"
AMOUNT_COLUMN = 13
DETAILS_FIRST_ROW = 1

_KINDS = {
    LineKind.PRINCIPAL: N_("Principal"),
    LineKind.LATE_FEE: N_("Late fees"),
    LineKind.PREPAYMENT: N_("Prepayment"),
    LineKind.DEPOSIT: N_("Deposits"),
    LineKind.SALE: N_("Sold at the desk"),
    LineKind.UNCLAIMED: N_("Money of unknown origin"),
    LineKind.ROUNDING: N_("Rounded off"),
}
_ACTS = {
    "void": N_("Void of a receipt"),
    "reversal": N_("Reversal of a receipt"),
    "refund": N_("Refund"),
    "bounce": N_("Bounced transfer"),
    "tender_change": N_("Way of paying corrected"),
    "transfer_out": N_("Brought to another account"),
    "offset": N_("Prepayment offset"),
    "offset_reversal": N_("Offset taken back"),
}


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One line of one receipt paid in one way, as the sheet 明细 has it."""

    payment: PaidPayment
    item: str
    unit: str
    period: str
    nature: str
    kind: str
    share: str
    tender: str
    reference: str
    amount: Fen


def detail_rows(summary: DaySummary) -> Iterator[DetailRow]:
    """Every receipt line split by tender, in the order of posting; they sum to the day's total."""
    names = {tender.code: tender.name for tender in summary.figures.tenders}
    day = summary.figures.date
    for given in summary.payments:
        payment, crossing = crossed(given)
        for part in crossing:
            line, tender = payment.lines[part.line], payment.tenders[part.tender]
            yield DetailRow(
                payment,
                item=line.item or row_name(line.group, line.item),
                unit=line.unit or payment.unit,
                period=line.period,
                nature=line.nature,
                kind=_(_KINDS[line.kind]),
                share=share_name(line.share(day)),
                tender=names[tender.code],
                reference=tender.reference,
                amount=part.amount,
            )


def kind_name(kind: LineKind) -> str:
    """What the sheet 明细 calls a kind of line."""
    return _(_KINDS[kind])


def voided_state() -> str:
    """What the sheet 票据 calls a receipt that was voided."""
    return _("Voided receipt")


def away_state() -> str:
    """What the sheet 票据 calls money of an earlier day's receipt that went to another account."""
    act = _ACTS["transfer_out"]
    return _(act)


def details_total(rows: int) -> str:
    """The cell with the sum of the sheet 明细, as other sheets name it."""
    return f"'{DETAILS}'!{cell(DETAILS_FIRST_ROW + rows, AMOUNT_COLUMN)}"


def payment_state(payment: PaidPayment) -> str:
    """What a receipt is at the end of its day."""
    if not payment.at_the_desk:
        standing = payment.kind == "offset" and not payment.reversed
        act = _ACTS["offset"] if standing else _ACTS["offset_reversal"]
        return _(act)
    if payment.kind != "payment":
        return _(_ACTS[payment.kind])
    if payment.voided:
        return voided_state()
    if payment.moved:
        return _("Receipt of another account")
    return _("Reversed receipt") if payment.reversed else _("Valid receipt")


def write_details(book: Book, rows: Sequence[DetailRow], total: Fen) -> None:
    """Writes the sheet 明细: one row per receipt line and tender, to be filtered."""
    sheet = book.sheet(DETAILS, frozen=(1, 1))
    columns = [
        _("Receipt no."), _("Time"), _("Cashier"), _("Till"), _("Shift"), _("Unit"), _("Payer"), _("Fee item"),
        _("Period"), _("Whose money"), _("Principal/late fee"), _("Age of debt"), _("Tender"), _("Amount"),
        _("Reference no."), _("State of receipt"), _("Reason or original receipt"),
    ]  # fmt: skip
    sheet.heads(0, columns)
    for row, detail in enumerate(rows, DETAILS_FIRST_ROW):
        _write_detail(sheet, row, detail)
    last = DETAILS_FIRST_ROW + len(rows)
    _write_list_total(sheet, last, len(columns), AMOUNT_COLUMN, total, subtotal=True)
    if rows:
        sheet.worksheet.autofilter(0, 0, last - 1, len(columns) - 1)
    sheet.finish(least=6, most=30)


def _write_detail(sheet: Sheet, row: int, detail: DetailRow) -> None:
    payment = detail.payment
    red = ("red",) if payment.kind not in ("payment", "offset") or payment.voided or payment.moved else ()
    note = payment.reason if payment.kind == "void" else " ".join(filter(None, (payment.reverses, payment.reason)))
    texts = {
        0: payment.receipt or _("no receipt"), 2: payment.cashier, 3: payment.till, 5: detail.unit,
        6: payment.payer, 7: detail.item, 8: detail.period, 9: detail.nature, 10: detail.kind, 11: detail.share,
        12: detail.tender,
        14: detail.reference, 15: payment_state(payment), 16: note,
    }  # fmt: skip
    for column, text in texts.items():
        sheet.text(row, column, text, "cell", *red)
    sheet.moment(row, 1, payment.at, *red)
    sheet.pieces(row, 4, payment.shift, "centre", *red)
    sheet.money(row, AMOUNT_COLUMN, detail.amount, *red)


def _write_list_total(
    sheet: Sheet, row: int, columns: int, amount_column: int, total: Fen, *, subtotal: bool = False
) -> None:
    """The last row of a list. A subtotal counts only what a filter leaves in sight, an empty list has no rows."""
    for column in range(columns):
        sheet.text(row, column, _("Sum") if column == 0 else "", "cell", "bold", "soft")
    area = cells(1, amount_column, max(row - 1, 1), amount_column)
    function = f"SUBTOTAL(9,{area})" if subtotal else f"SUM({area})"
    sheet.reckoned(row, amount_column, f"={function}" if row > 1 else "=0", total, "bold", "soft")


def write_taken_back(book: Book, figures: DayFigures) -> None:
    """Writes the sheet 作废退款: every void, reversal and refund with its reason and who allowed it."""
    sheet = book.sheet(TAKEN_BACK)
    columns = [
        Column(_("Kind of correction")), Column(_("Time"), "moment"), Column(_("Receipt no.")),
        Column(_("Original receipt")), Column(_("Original date")), Column(_("Unit")), Column(_("Payer")),
        Column(_("Amount"), "money"), Column(_("Tender")), Column(_("Reason")), Column(_("Done by")),
        Column(_("Approved by")),
    ]  # fmt: skip
    sheet.heads(0, [column.head for column in columns])
    names = {tender.code: tender.name for tender in figures.tenders}
    for row, back in enumerate(figures.taken_back, 1):
        tenders = "、".join(names[code] for code, amount in back.tenders.items() if amount)
        texts = {
            0: _(_ACTS[back.kind]), 2: back.receipt or "–", 3: back.reverses, 4: back.reverses_day, 5: back.unit,
            6: back.payer, 8: tenders, 9: back.reason, 10: back.cashier, 11: back.approver or "–",
        }  # fmt: skip
        for column, text in texts.items():
            sheet.text(row, column, text, "cell")
        sheet.moment(row, 1, datetime.fromisoformat(back.at))
        sheet.money(row, 7, back.total)
    count = len(figures.taken_back)
    total = Fen(sum(back.total for back in figures.taken_back))
    _write_list_total(sheet, count + 1, len(columns), 7, total)
    if not count:
        sheet.span(3, 0, 6, _("Nothing was voided, reversed or refunded this day."), "sub")
    sheet.signatures(count + 4, [_("Prepared by"), _("Checked by"), _("Approved by")], [0, 4, 8])
    sheet.finish(least=9, most=36)


def write_receipts(book: Book, summary: DaySummary) -> range:
    """Writes the sheet 票据: numbers by book, missing ones, and every receipt with what it is worth.

    Returns the rows of the receipts.
    """
    figures = summary.figures
    top = len(figures.receipts.books) + 3
    sheet = book.sheet(RECEIPTS, frozen=(0, 0), head_row=top)
    heads = [
        _("Till"),
        _("First number"),
        _("Last number"),
        _("Receipts issued"),
        _("Receipts voided"),
        _("Numbers missing"),
    ]
    sheet.heads(0, heads)
    books = figures.receipts.books
    for row, issued in enumerate(books, 1):
        for column, text in enumerate((issued.till, issued.first, issued.last)):
            sheet.text(row, column, text, "cell")
        for column, count in enumerate((issued.count, issued.voids, len(issued.gaps)), 3):
            # "No number missing" is a finding: it says 0, not nothing.
            sheet.pieces(row, column, count, "counted", *(("red", "bold") if column == 5 and count else ()))
    row = len(books) + 1
    missing = [number for issued in books for number in issued.gaps]
    if missing:
        sheet.span(row, 0, 5, _("Missing: {numbers}").format(numbers="、".join(missing)), "red")
    rows = _write_each_receipt(sheet, top, summary)
    sheet.finish(least=11, most=30)
    return rows


def _write_each_receipt(sheet: Sheet, top: int, summary: DaySummary) -> range:
    heads = [
        _("Receipt no."), _("Time"), _("Unit"), _("Payer"), _("Amount on paper"), _("Amount that counts"),
        _("State of receipt"),
    ]  # fmt: skip
    sheet.heads(top, heads)
    figures_day = summary.figures.date
    issued = [payment for payment in summary.payments if payment.at_the_desk and has_a_row(payment, figures_day)]
    for row, payment in enumerate(issued, top + 1):
        void = payment.voided or payment.moved
        red = ("red",) if void or payment.returns else ()
        for column, text in {
            0: payment.receipt, 2: payment.unit, 3: payment.payer, 6: payment_state(payment),
        }.items():  # fmt: skip
            sheet.text(row, column, text, "cell", *red)
        sheet.moment(row, 1, payment.at, *red)
        sheet.money(row, 4, payment.total, *red)
        sheet.money(row, 5, ZERO if void else payment.total, *red)
    row = top + 1 + len(issued) + _write_offsets(sheet, top + 1 + len(issued), summary)
    for column in range(len(heads)):
        sheet.text(row, column, _("Sum") if column == 0 else "", "cell", "bold", "soft")
    sums: Mapping[int, int] = {4: sum(one.total for one in issued), 5: summary.figures.total}
    for column, amount in sums.items():
        area = cells(top + 1, column, row - 1, column)
        sheet.reckoned(row, column, f"=SUM({area})" if row > top + 1 else "=0", Fen(amount), "bold", "soft")
    return range(top + 1, top + 1 + len(issued))


def has_a_row(payment: PaidPayment, day: date) -> bool:
    """Whether it has a paper of its own; money of an earlier day, brought to another account, counts here too."""
    return payment.kind not in WITHOUT_PAPER or (payment.kind == "transfer_out" and payment.reverses_day != day)


def _write_offsets(sheet: Sheet, row: int, summary: DaySummary) -> int:
    """What was settled from prepayments without a receipt, in one row, so that the sum is the day's; rows written."""
    offsets = [payment for payment in summary.payments if not payment.at_the_desk]
    if not offsets:
        return 0
    sheet.text(row, 0, _("no receipt"), "cell")
    for column in (1, 2, 3):
        sheet.text(row, column, "", "cell")
    sheet.money(row, 4, ZERO)
    sheet.money(row, 5, Fen(sum(payment.total for payment in offsets)))
    sheet.text(row, 6, _("{n} prepayment offsets").format(n=len(offsets)), "cell")
    return 1
