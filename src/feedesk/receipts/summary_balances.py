"""The sheets of the day summary on what is there: the drawers counted (现金) and what is owed and held (欠费变化)."""

from collections.abc import Sequence
from datetime import datetime

from feedesk.money import ZERO, Fen
from feedesk.receipts.summary_front import row_name
from feedesk.receipts.summary_sheet import Book, Sheet, cell, yuan
from feedesk.rules.cash_count import DENOMINATIONS, OTHER, counted_cash
from feedesk.rules.channel_check import ChannelCheck
from feedesk.rules.day_summary import DayFigures, DrawerMovement, ShiftCash, ShiftSignature
from feedesk.rules.drawer import SIGNS, Movement
from feedesk.rules.takings import Group
from feedesk.texts import N_, _

CASH, ARREARS = "现金", "欠费变化"
_MONEY_OF_SHIFT = ("opening_float", "received", "paid_out", "change", "expected", "counted", "over_short")
_FIRST_MONEY = 6


def write_cash(book: Book, figures: DayFigures) -> None:
    """Writes the sheet 现金: each drawer, its takings by tender, its count, and the cash on its way to the bank."""
    sheet = book.sheet(CASH, frozen=(0, 0))
    row = _write_drawers(sheet, figures.shifts)
    row = _write_shift_takings(sheet, row + 1, figures)
    row = _write_channels(sheet, row + 1, figures.channels) if figures.channels else row
    row = _write_movements(sheet, row + 1, figures.movements) if figures.movements else row
    row = _write_signatures(sheet, row + 1, figures.signatures) if figures.signatures else row
    row = _write_counts(sheet, row + 1, figures.shifts)
    row = _write_transit(sheet, row + 1, figures)
    sheet.signatures(row + 1, [_("Cashier's office"), _("Checked by")], [0, 4])
    sheet.finish(least=11, most=24)


def _write_drawers(sheet: Sheet, shifts: Sequence[ShiftCash]) -> int:
    heads = [
        _("Shift"), _("Till"), _("Cashier"), _("Shift opened at"), _("Shift closed at"), _("Receipts"), _("Float"),
        _("Cash received"), _("Cash paid out"), _("Change money"), _("Cash expected"), _("Cash counted"),
        _("Over or short"),
    ]  # fmt: skip
    explained = any(shift.reason for shift in shifts)
    sheet.heads(0, [*heads, _("Reason of the difference")] if explained else heads)
    for row, shift in enumerate(shifts, 1):
        sheet.pieces(row, 0, shift.number, "centre")
        sheet.text(row, 1, shift.till, "cell")
        sheet.text(row, 2, shift.cashier, "cell")
        sheet.moment(row, 3, datetime.fromisoformat(shift.opened_at))
        sheet.moment(row, 4, datetime.fromisoformat(shift.closed_at))
        sheet.pieces(row, 5, shift.receipts)
        moved = (shift.opening_float, shift.received, shift.paid_out, shift.change)
        for column, amount in enumerate(moved, _FIRST_MONEY):
            sheet.money(row, column, amount)
        expected = f"={cell(row, 6)}+{cell(row, 7)}-{cell(row, 8)}+{cell(row, 9)}"
        sheet.reckoned(row, 10, expected, shift.expected, "exact")
        sheet.money(row, 11, shift.counted, "exact")
        sheet.reckoned(row, 12, f"={cell(row, 11)}-{cell(row, 10)}", shift.over_short, "exact", "bold")
        if explained:
            sheet.text(row, 13, shift.reason, "cell")
    row = len(shifts) + 1
    for column in range(_FIRST_MONEY):
        sheet.text(row, column, _("Sum") if column == 0 else "", "cell", "bold", "soft")
    for column, name in enumerate(_MONEY_OF_SHIFT, _FIRST_MONEY):
        _sum_or_zero(sheet, row, column, 1, row - 1, Fen(sum(getattr(shift, name) for shift in shifts)))
    return row + 1


def _sum_or_zero(sheet: Sheet, row: int, column: int, first: int, last: int, amount: Fen) -> None:
    if last < first:
        sheet.money(row, column, amount, "bold", "soft")
    else:
        sheet.summed(row, column, first, last, amount, "bold", "soft")


def _write_shift_takings(sheet: Sheet, top: int, figures: DayFigures) -> int:
    """Shifts × tenders, net of voids and refunds."""
    sheet.heads(top, [_("Shift"), _("Till"), _("Cashier"), *(tender.name for tender in figures.tenders), _("Sum")])
    last_column = 3 + len(figures.tenders)
    for row, shift in enumerate(figures.shifts, top + 1):
        sheet.pieces(row, 0, shift.number, "centre")
        sheet.text(row, 1, shift.till, "cell")
        sheet.text(row, 2, shift.cashier, "cell")
        for column, tender in enumerate(figures.tenders, 3):
            sheet.money(row, column, shift.takings.get(tender.code, ZERO))
        formula = f"=SUM({cell(row, 3)}:{cell(row, last_column - 1)})"
        sheet.reckoned(row, last_column, formula, Fen(sum(shift.takings.values())), "bold")
    row = top + 1 + len(figures.shifts)
    for column in range(3):
        sheet.text(row, column, _("Sum") if column == 0 else "", "cell", "bold", "soft")
    by_tender = figures.takings.by_tender()
    for column, tender in enumerate(figures.tenders, 3):
        _sum_or_zero(sheet, row, column, top + 1, row - 1, by_tender.get(tender.code, ZERO))
    _sum_or_zero(sheet, row, last_column, top + 1, row - 1, figures.total)
    return row + 1


def _write_channels(sheet: Sheet, top: int, channels: Sequence[ChannelCheck]) -> int:
    """Channels × booked, reported, difference; what was not compared stays empty."""
    sheet.heads(top, [_("Channel"), _("Booked"), _("Reported by it"), _("Difference")])
    for row, channel in enumerate(channels, top + 1):
        sheet.text(row, 0, channel.name, "cell")
        sheet.money(row, 1, channel.booked, "exact")
        if channel.reported is None or channel.difference is None:
            sheet.text(row, 2, _("not compared"), "cell")
            sheet.text(row, 3, "", "cell")
        else:
            sheet.money(row, 2, channel.reported, "exact")
            sheet.reckoned(row, 3, f"={cell(row, 2)}-{cell(row, 1)}", channel.difference, "exact", "bold")
    return top + 1 + len(channels)


_MOVEMENTS = {
    Movement.PETTY_CASH: N_("Petty cash"),
    Movement.CHANGE_IN: N_("Change money fetched"),
    Movement.CHANGE_OUT: N_("Change money given back"),
}


def _write_movements(sheet: Sheet, top: int, movements: Sequence[DrawerMovement]) -> int:
    """Petty cash and change money, one by one: what came out of 备用金, apart from takings."""
    sheet.heads(
        top, [_("Shift"), _("Time"), _("Cashier"), _("Cash into and out of the drawer"), _("Amount"), _("Purpose")]
    )
    for row, one in enumerate(movements, top + 1):
        sheet.pieces(row, 0, one.shift, "centre")
        sheet.moment(row, 1, datetime.fromisoformat(one.at))
        sheet.text(row, 2, one.cashier, "cell")
        sheet.text(row, 3, _(_MOVEMENTS[Movement(one.kind)]), "cell")
        sheet.money(row, 4, Fen(SIGNS[Movement(one.kind)] * one.amount))
        sheet.text(row, 5, one.purpose, "cell")
    return top + 1 + len(movements)


_SIGNATURES = {"hand_over": N_("Taken over"), "review": N_("Reviewed")}


def _write_signatures(sheet: Sheet, top: int, signatures: Sequence[ShiftSignature]) -> int:
    """Who took which shift over, with what besides the cash, and who reviewed it; refusals stand too."""
    heads = [
        _("Shift"), _("Time"), _("Signed by"), _("What for"), _("Cash counted"), _("Also handed over"), _("Remark"),
    ]  # fmt: skip
    sheet.heads(top, heads)
    for row, one in enumerate(signatures, top + 1):
        sheet.pieces(row, 0, one.shift, "centre")
        sheet.moment(row, 1, datetime.fromisoformat(one.at))
        sheet.text(row, 2, one.by, "cell")
        sheet.text(row, 3, _(_SIGNATURES[one.kind]) if one.accepted else _("Refused to take over"), "cell")
        sheet.money(row, 4, one.counted)
        sheet.text(row, 5, one.things, "cell")
        sheet.text(row, 6, one.remark, "cell")
    return top + 1 + len(signatures)


def _write_counts(sheet: Sheet, top: int, shifts: Sequence[ShiftCash]) -> int:
    """Denominations × shifts: pieces and what they are worth, for the shifts that were counted piece by piece."""
    counted = [shift for shift in shifts if shift.counts]
    if not counted:
        sheet.span(top, 0, 5, _("The drawers were not counted by denomination."), "sub")
        return top + 1
    heads = [_("Denomination")]
    for shift in counted:
        name = _("Shift {number}").format(number=shift.number)
        heads += [_("{shift}, pieces").format(shift=name), _("{shift}, amount").format(shift=name)]
    sheet.heads(top, heads)
    for row, denomination in enumerate(DENOMINATIONS, top + 1):
        kind = _("{value} coin") if denomination.coin else _("{value} note")
        sheet.text(row, 0, kind.format(value=f"{yuan(denomination.value):g}"), "cell")
        for place, shift in enumerate(counted):
            pieces = shift.counts.get(denomination.key, 0)
            column = 1 + 2 * place
            sheet.pieces(row, column, pieces)
            formula = f"={cell(row, column)}*{yuan(denomination.value)}"
            sheet.reckoned(row, column + 1, formula, Fen(pieces * denomination.value))
    row = top + 1 + len(DENOMINATIONS)
    sheet.text(row, 0, _("Other cash"), "cell")
    sheet.text(row + 1, 0, _("Sum"), "cell", "bold", "soft")
    for place, shift in enumerate(counted):
        column = 1 + 2 * place
        sheet.text(row, column, "", "cell")
        sheet.money(row, column + 1, Fen(shift.counts.get(OTHER, 0)))
        sheet.text(row + 1, column, "", "cell", "soft")
        sheet.summed(row + 1, column + 1, top + 1, row, counted_cash(shift.counts), "bold", "soft")
    return row + 2


def _write_transit(sheet: Sheet, top: int, figures: DayFigures) -> int:
    transit = figures.transit
    names = (
        _("Cash in transit, start of day"),
        _("From today's drawers"),
        _("Paid into the bank"),
        _("Cash in transit, day's end"),
    )
    for column, name in enumerate(names):
        sheet.span(top, 2 * column, 2 * column + 1, name, "head")
    sheet.worksheet.set_row(top, 24)
    row = top + 1
    for column, amount in enumerate((transit.opening, transit.added, transit.cleared)):
        sheet.wide_money(row, 2 * column, 2 * column + 1, amount)
    formula = f"={cell(row, 0)}+{cell(row, 2)}-{cell(row, 4)}"
    sheet.wide_money(row, 6, 7, transit.closing, formula)
    return row + 1


def write_arrears(book: Book, figures: DayFigures) -> None:
    """Writes the sheet 欠费变化: what residents owe, and what is held for them, from the day's start to its end."""
    sheet = book.sheet(ARREARS, frozen=(0, 0))
    heads = [
        _("Fee item"), _("Owed, start of day"), _("Billed today"), _("Conceded or cancelled"), _("Collected today"),
        _("Owed, day's end"),
    ]  # fmt: skip
    owed = [
        (change.item, (change.opening, change.billed, change.conceded, change.collected), change.closing)
        for change in figures.arrears
    ]
    row = _write_changes(sheet, 0, heads, owed, "+--")
    note = _("Principal, due or not yet due; late fees count when they are collected.")
    sheet.span(row, 0, 5, note, "sub")
    heads = [
        _("Held for residents"), _("Held, start of day"), _("Received today"), _("Used to pay charges"),
        _("Given back and other"), _("Held, day's end"),
    ]  # fmt: skip
    held = [
        (_held_name(change.name), (change.opening, change.received, change.used, change.other), change.closing)
        for change in figures.held
    ]
    row = _write_changes(sheet, row + 2, heads, held, "+-+")
    sheet.signatures(row + 1, [_("Prepared by"), _("Checked by")], [0, 3])
    sheet.finish(least=16, most=30)


def _held_name(name: str) -> str:
    """Prepayments and unclaimed money are called as their group is, deposits by their own names."""
    return row_name(Group(name), name) if name in (Group.PREPAYMENT, Group.UNCLAIMED) else name


def _write_changes(
    sheet: Sheet,
    top: int,
    heads: Sequence[str],
    rows: Sequence[tuple[str, tuple[Fen, ...], Fen]],
    signs: str,
) -> int:
    """A table of changes; ``signs`` say how each column after the first enters the closing balance."""
    sheet.heads(top, heads)
    for row, (name, amounts, closing) in enumerate(rows, top + 1):
        sheet.text(row, 0, name, "cell")
        for column, amount in enumerate(amounts, 1):
            sheet.money(row, column, amount)
        parts = "".join(sign + cell(row, column) for column, sign in enumerate(signs, 2))
        sheet.reckoned(row, 5, f"={cell(row, 1)}{parts}", closing, "bold")
    row = top + 1 + len(rows)
    sheet.text(row, 0, _("Sum"), "cell", "bold", "soft")
    for column in range(1, 6):
        in_column = [closing if column == 5 else amounts[column - 1] for _name, amounts, closing in rows]
        _sum_or_zero(sheet, row, column, top + 1, row - 1, Fen(sum(in_column)))
    return row + 1
