"""The papers of a shift: the X report (X 报告) while it runs, and the hand-over slip (交班单) once it is counted.

Neither is a receipt nor has a number: they are laid out with the lines of receipts and printed as loose slips.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feedesk.money import Fen, format_amount
from feedesk.queries.shift_report import HandOver, ShiftReport
from feedesk.queries.sign_offs import SignOff, SignOffKind
from feedesk.receipts.columns import width
from feedesk.receipts.escpos import SlipForm, slip_bytes
from feedesk.receipts.layout import Line, Rule, Style, centred, headed_by, paired
from feedesk.rules.cash_count import DENOMINATIONS, OTHER
from feedesk.rules.day_summary import BookRange, DrawerMovement
from feedesk.rules.drawer import SIGNS, Movement
from feedesk.rules.takings import BlindRow, Group
from feedesk.texts import N_, _

_HIDDEN = "***"
_GROUP_NAMES = {
    Group.LATE_FEE: N_("Late fee"),
    Group.PREPAYMENT: N_("Prepayment"),
    Group.ROUNDING: N_("Rounded off"),
}
_MOVEMENTS = {
    Movement.PETTY_CASH: N_("Petty cash"),
    Movement.CHANGE_IN: N_("Change money fetched"),
    Movement.CHANGE_OUT: N_("Change money given back"),
}


@dataclass(frozen=True, slots=True)
class ShiftPaper:
    """Who issues a slip, and when (``2026-11-23 10:42``)."""

    community: str
    company: str
    printed_by: str
    printed_at: str
    training: bool = False


def x_lines(report: ShiftReport, paper: ShiftPaper, *, columns: int = 48) -> tuple[Line, ...]:
    """The lines of an X report, ``columns`` wide."""
    lines = _head(_("X report"), report, paper, columns)
    lines += centred(_("Interim figures: nothing is closed, this is not the day's Z"), columns)
    lines += _receipts(report, columns)
    for tender in report.tenders:
        lines += [Rule(), *paired(tender.name, _amount(report.total_of(tender)), columns, Style.STRONG)]
        if report.total_of(tender) is None:
            lines += paired(_("shown after counting"), "", columns, Style.DETAIL)
            continue
        for row in report.rows:
            if row.amounts.get(tender.code):
                lines += paired(_name(row), _amount(row.amounts[tender.code]), columns, Style.DETAIL)
        if report.returned is not None and report.returned.amounts.get(tender.code):
            lines += paired(
                _("Reversed and refunded"), _amount(report.returned.amounts[tender.code]), columns, Style.DETAIL
            )
    lines += _counts(report, columns)
    lines += _drawer(report, columns)
    return tuple(lines)


def hand_over_lines(slip: HandOver, paper: ShiftPaper, *, columns: int = 48) -> tuple[Line, ...]:
    """The lines of a hand-over slip, ``columns`` wide, with places to sign."""
    report = slip.report
    lines = _head(_("Hand-over slip"), report, paper, columns)
    if report.shift.closed_at is not None:
        lines += paired(_("Shift closed"), f"{report.shift.closed_at:%Y-%m-%d %H:%M}", columns)
    lines += _receipts(report, columns)
    lines += [Rule(), *paired(_("Takings by way of paying"), "", columns, Style.STRONG)]
    total = 0
    for tender in report.tenders:
        amount = report.total_of(tender)
        total += amount or 0
        lines += paired(tender.name, _amount(amount), columns)
    lines += paired(_("Sum"), _amount(Fen(total)), columns, Style.STRONG)
    lines += _drawer(report, columns)
    lines += _counted(slip, columns)
    lines += _over_short(slip, columns)
    lines += _things(slip.signatures, columns)
    lines += _signatures(slip, columns)
    return tuple(lines)


def _head(title: str, report: ShiftReport, paper: ShiftPaper, columns: int) -> list[Line]:
    lines: list[Line] = []
    if paper.training:
        lines += centred(_("Training, not valid"), columns, Style.STRONG)
    lines += centred(title, columns, Style.TITLE)
    lines += headed_by((paper.community, paper.company), columns)
    shift = report.shift
    number = _("Shift {number}").format(number=report.number)
    lines += [Rule(), *paired(f"{shift.business_date.isoformat()} {number}", shift.till_name, columns)]
    cashier = _("Cashier {name}").format(name=shift.cashier)
    lines += paired(cashier, _("since {time}").format(time=f"{shift.opened_at:%m-%d %H:%M}"), columns)
    lines += paired(_("Printed {at} by {name}").format(at=paper.printed_at, name=paper.printed_by), "", columns)
    return lines


def _receipts(report: ShiftReport, columns: int) -> list[Line]:
    lines: list[Line] = [Rule()]
    issued = report.receipts
    if not issued.books:
        return [*lines, *paired(_("Receipts"), _("none issued"), columns)]
    for book in issued.books:
        lines += paired(_("Receipts"), _range(book), columns)
    counts = _("{n} issued, {voids} voided").format(n=issued.count, voids=issued.voids)
    return [*lines, *paired(counts, "", columns)]


def _range(book: BookRange) -> str:
    if book.first == book.last:
        return book.first
    prefix = book.first.rpartition("-")[0] + "-"
    return f"{book.first} - {book.last.removeprefix(prefix)}"


def _counts(report: ShiftReport, columns: int) -> list[Line]:
    """Voids, what was given back, 抹零, deposits and prepayments used, each with its number."""
    lines: list[Line] = [Rule()]
    back = report.returned
    lines += _counted_line(_("Voided"), report.receipts.voids, None, columns)
    lines += _counted_line(
        _("Reversed and refunded"), back.count if back else 0, back.total if back else Fen(0), columns
    )
    lines += _counted_line(_("Put right at the desk"), report.corrections, None, columns)
    for group, name in ((Group.ROUNDING, _("Rounded off")), (Group.DEPOSIT, _("Deposits taken"))):
        rows = report.of_group(group)
        hidden = any(row.total is None for row in rows)
        amount = None if hidden else Fen(sum(row.total or 0 for row in rows))
        lines += _counted_line(name, sum(row.count for row in rows), amount, columns, hidden=hidden)
    lines += paired(_("Prepayment used"), format_amount(report.prepayment_used), columns)
    return lines


def _counted_line(name: str, count: int, amount: Fen | None, columns: int, *, hidden: bool = False) -> list[Line]:
    words = _("{name}: {n}").format(name=name, n=count)
    if amount is None:
        return paired(words, _HIDDEN if hidden and count else "", columns)
    return paired(words, format_amount(amount), columns)


def _drawer(report: ShiftReport, columns: int) -> list[Line]:
    lines: list[Line] = [Rule(), *paired(_("Cash of the drawer"), "", columns, Style.STRONG)]
    lines += paired(_("Float"), format_amount(report.shift.opening_float), columns)
    drawer = report.drawer
    if drawer is not None:
        lines += paired(_("Cash received"), format_amount(drawer.received), columns)
        lines += paired(_("Cash paid out"), _amount(Fen(-drawer.paid_out)), columns)
        if drawer.change:
            lines += paired(_("Change money"), _amount(drawer.change), columns)
    lines += _movements(report.movements, columns)
    expected = _HIDDEN if drawer is None else format_amount(drawer.expected)
    lines += paired(_("Cash expected"), expected, columns, Style.STRONG)
    if drawer is None:
        lines += paired(_("shown after counting"), "", columns, Style.DETAIL)
    return lines


def _movements(movements: Iterable[DrawerMovement], columns: int) -> list[Line]:
    lines: list[Line] = []
    for one in movements:
        kind = Movement(one.kind)
        amount = _amount(Fen(SIGNS[kind] * one.amount))
        lines += paired(f"{one.at[11:16]} {_(_MOVEMENTS[kind])} {one.purpose}".rstrip(), amount, columns, Style.DETAIL)
    return lines


def _counted(slip: HandOver, columns: int) -> list[Line]:
    """Denominations with their pieces and what they are worth; the sum."""
    lines: list[Line] = [Rule(), *paired(_("Cash counted"), format_amount(slip.counted), columns, Style.STRONG)]
    counts = slip.report.shift.counts
    for one in DENOMINATIONS:
        if counts.get(one.key):
            kind = _("{value} coin") if one.coin else _("{value} note")
            pieces = kind.format(value=one.key.removeprefix("coin")) + f" × {counts[one.key]}"
            lines += paired(pieces, format_amount(Fen(one.value * counts[one.key])), columns, Style.DETAIL)
    if counts.get(OTHER):
        lines += paired(_("Other cash"), format_amount(Fen(counts[OTHER])), columns, Style.DETAIL)
    if not counts:
        lines += paired(_("not counted by denomination"), "", columns, Style.DETAIL)
    lines += paired(_("of it back to the float"), format_amount(slip.imprest), columns)
    lines += paired(_("of it to be paid into the bank"), format_amount(slip.to_bank), columns)
    return lines


def _over_short(slip: HandOver, columns: int) -> list[Line]:
    over = slip.over_short
    if not over:
        return paired(_("Over or short"), _("none, count and books agree"), columns, Style.STRONG)
    words = _("over {amount}") if over > 0 else _("short {amount}")
    amount = words.format(amount=format_amount(Fen(abs(over))))
    lines = paired(_("Over or short"), amount, columns, Style.STRONG)
    reason = slip.report.shift.reason
    if reason:
        return [*lines, *paired(_("Reason: {reason}").format(reason=reason), "", columns)]
    return [*lines, *_blank(_("Reason"), columns)]


def _things(signatures: Sequence[SignOff], columns: int) -> list[Line]:
    lines: list[Line] = [Rule(), *paired(_("What else changes hands"), "", columns, Style.STRONG)]
    taken = next((one for one in reversed(signatures) if one.kind is SignOffKind.HAND_OVER and one.accepted), None)
    if taken is not None:
        for thing in taken.things:
            lines += paired(thing.name, str(thing.count), columns)
        return lines if taken.things else [*lines, *paired(_("nothing else"), "", columns)]
    for name in (_("Receipt seal"), _("Keys"), _("Blank forms"), _("Access cards")):
        lines += _blank(name, columns)
    return lines


def _signatures(slip: HandOver, columns: int) -> list[Line]:
    """Both names and a place to sign; whoever signed in the ledger already is named with the time."""
    lines: list[Line] = [Rule()]
    names = {SignOffKind.HAND_OVER: "", SignOffKind.REVIEW: ""}
    for one in slip.signatures:
        moment = f"{one.by} {one.at:%m-%d %H:%M}"
        if one.accepted:
            names[one.kind] = moment
        else:
            words = _("Refused by {name}: {reason}").format(name=moment, reason=one.remark)
            lines += paired(words, "", columns, Style.STRONG)
    lines += _blank(_("Handed over by {name}").format(name=slip.report.shift.cashier), columns)
    lines += _blank(_("Taken over by {name}").format(name=names[SignOffKind.HAND_OVER]).rstrip(), columns)
    lines += _blank(_("Reviewed by {name}").format(name=names[SignOffKind.REVIEW]).rstrip(), columns)
    return lines


def _blank(words: str, columns: int) -> list[Line]:
    """Words and a line to write on, over what is left of the paper, with room above for a hand."""
    left = columns - width(words) - 1
    if left < 10:
        return [*paired(words, "", columns), *paired(" ", "", columns), *paired("", "_" * (columns // 2), columns)]
    return [*paired(" ", "", columns), *paired(words, "_" * left, columns)]


def _name(row: BlindRow) -> str:
    return _(_GROUP_NAMES[row.group]) if row.group in _GROUP_NAMES else row.item


def _amount(amount: Fen | None) -> str:
    return _HIDDEN if amount is None else format_amount(amount)


def x_escpos(report: ShiftReport, paper: ShiftPaper, form: SlipForm) -> bytes:
    """The bytes for a slip printer; the drawer stays shut."""
    return slip_bytes(x_lines(report, paper, columns=form.columns), form)


def hand_over_escpos(slip: HandOver, paper: ShiftPaper, form: SlipForm) -> bytes:
    """The bytes for a slip printer; the drawer stays shut."""
    return slip_bytes(hand_over_lines(slip, paper, columns=form.columns), form)
