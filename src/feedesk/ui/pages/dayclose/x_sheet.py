"""The X report on the screen: what the running shift took so far; Ctrl+P prints it, nothing is closed by it."""

from collections.abc import Callable
from typing import Final

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.money import Fen, format_amount
from feedesk.queries.shift_report import ShiftReport
from feedesk.rules.takings import Group
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.dayclose.takings_table import TakingsTable
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.card import Rule
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

_GROUP: Final = N_("X report")
_WIDTH: Final = 940


class XSheet(Sheet):
    """``print_it`` sends the slip to the printer."""

    def __init__(self, window: QWidget, report: ShiftReport, print_it: Callable[[], object]) -> None:
        super().__init__(window, width=_WIDTH)
        self._print = print_it
        shift = report.shift
        words = _("{cashier} · {till} · since {since} · as of {now}").format(
            cashier=shift.cashier, till=shift.till_name, since=f"{shift.opened_at:%m-%d %H:%M}",
            now=f"{report.taken_at:%H:%M}",
        )  # fmt: skip
        self.add_title(Label.saying(N_("X report"), "button", bold=True), Label(words, "secondary", tone="ink_2"))
        note = N_("Interim figures of the running shift: nothing is closed by them, this is not the day's Z.")
        self.content.addWidget(Label.saying(note, "secondary", tone="mute", wraps=True))
        self.table = TakingsTable()
        table = QVBoxLayout()
        table.setSpacing(0)
        table.addWidget(self.table, 1)
        table.addWidget(self.table.total)
        self.content.addLayout(table)
        self.table.show_view(report)
        self.content.addWidget(Rule("line"))
        self.content.addLayout(_facts(report))
        self.told = Label("", "secondary", tone="good", wraps=True)
        self.told.hide()
        self._build_hints()
        bind(self, "Ctrl+P", N_("Print the X report"), self.print_report, group=_GROUP)

    def _build_hints(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(20)
        for message, keys, act in (
            (N_("Print the X report"), "Ctrl+P", self.print_report),
            (N_("Back"), "Escape", self.close_sheet),
        ):
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            row.addWidget(hint)
        row.addStretch(1)
        self.add_foot(self.told, row)

    def print_report(self) -> None:
        """Ctrl+P."""
        self._print()
        self.told.setText(_("The X report goes to the printer."))
        self.told.show()


def _facts(report: ShiftReport) -> QGridLayout:
    """What stands beside the table, three columns of names and figures."""
    issued = report.receipts
    book = issued.books[0] if issued.books else None
    back = report.returned
    deposits = report.of_group(Group.DEPOSIT)
    facts = [
        (_("First number"), book.first if book else "–"),
        (_("Last number"), book.last if book else "–"),
        (_("Receipts"), _("{n} issued, {voids} voided").format(n=issued.count, voids=issued.voids)),
        (_("Reversed and refunded"), _figure(back.count, back.total) if back else "–"),
        (_("Put right at the desk"), str(report.corrections or "–")),
        (_("Rounded off"), _sum(report, Group.ROUNDING)),
        (_("Deposits taken"), _sum(report, Group.DEPOSIT) if deposits else "–"),
        (_("Prepayment used"), format_amount(report.prepayment_used) if report.prepayment_used else "–"),
        (_("Float"), format_amount(report.shift.opening_float)),
        *(_drawer_facts(report)),
    ]
    grid = QGridLayout()
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(6)
    rows = -(-len(facts) // 3)
    for place, (name, figure) in enumerate(facts):
        column, row = divmod(place, rows)
        line = QHBoxLayout()
        line.addWidget(Phrase((Span(name, "ink_2", look="secondary"),)))
        line.addWidget(Phrase((Span(figure, bold=True, look="secondary"),), right=True), 1)
        grid.addLayout(line, row, column)
        grid.setColumnStretch(column, 1)
    return grid


def _drawer_facts(report: ShiftReport) -> list[tuple[str, str]]:
    drawer = report.drawer
    if drawer is None:
        return [(_("Cash expected"), _("shown after counting"))]
    return [
        (_("Cash received"), format_amount(drawer.received)),
        (_("Cash paid out"), format_amount(Fen(-drawer.paid_out))),
        (_("Cash expected"), format_amount(drawer.expected)),
    ]


def _sum(report: ShiftReport, group: Group) -> str:
    rows = report.of_group(group)
    count = sum(row.count for row in rows)
    if any(row.total is None for row in rows):
        return _figure(count, None)
    return _figure(count, Fen(sum(row.total or 0 for row in rows))) if rows else "–"


def _figure(count: int, amount: Fen | None) -> str:
    """``4 · 0.32``; dots where the amount may not be seen yet."""
    return f"{count} · {'···' if amount is None else format_amount(amount)}"
