"""The sheets about late fees: a rule, the end of one, an LPR rate, the agreed order of payment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.exchange import notation
from feedesk.exchange.cells import BadCell, Cell
from feedesk.money import ZERO, decimal_text
from feedesk.ops.late_fee_rules import RuleTerms
from feedesk.queries.desk import AgreedOrder
from feedesk.queries.late_fee_list import LateFeeList
from feedesk.queries.late_fee_rules import LateFeeRuleRow
from feedesk.rules.allocation import AllocationOrder
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.rules.late_fees import LateFeeStart
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label

ORDERS = {
    AllocationOrder.PRINCIPAL_FIRST: N_("all principal first, then late fees"),
    AllocationOrder.LATE_FEE_FIRST: N_("charge by charge, its late fee first"),
}


class FieldRefused(UserError):
    """A field that cannot be read, with the reason that the workbook's cell would be told."""

    message = N_("{field}: {reason}")


class FirstDayMissing(UserError):
    message = N_("Type the first day in force, for example 2027-01-01.")


class PublicationMissing(UserError):
    message = N_("Type the day on which the rate was published, for example 2027-01-20.")


@dataclass(frozen=True, slots=True)
class LateFeeFunctions:
    """What section and sheets call, from the worker. Those that act may raise a `UserError`."""

    listed: Callable[[], LateFeeList]
    add: Callable[[str, RuleTerms, date], object]
    change: Callable[[int, RuleTerms], object]
    remove: Callable[[int], object]
    end: Callable[[str, date], object]
    add_rate: Callable[[date, Fraction], object]
    remove_rate: Callable[[date], object]
    load_rates: Callable[[], int]
    agree: Callable[[AllocationOrder, str], object]


class RuleSheet(FormSheet):
    """A new rule, or one put right: then item and first day stay as they are. Enter keeps it."""

    def __init__(
        self,
        window: QWidget,
        worker: Worker,
        functions: LateFeeFunctions,
        items: Sequence[str],
        first: date,
        row: LateFeeRuleRow | None = None,
    ) -> None:
        title = _("A late-fee rule") if row is None else _("Put right: {name}").format(name=row.item or ALL_ITEMS)
        super().__init__(window, worker, title, _("Keep the rule"), width=720)
        self._call, self._row = functions, row
        choices = [(ALL_ITEMS, N_("all items, utilities never")), *((name, name) for name in items)]
        self.item: Choice[str] = Choice(choices, (row.item or ALL_ITEMS) if row else ALL_ITEMS)
        self.first = DayLine(row.rule.valid_from if row else first)
        self.way: Choice[bool] = Choice([(False, N_("a rate a day")), (True, N_("a multiple of the LPR"))], False)
        self.rate, self.grace, self.cap, self.clause = QLineEdit(), QLineEdit("0"), QLineEdit("100%"), QLineEdit()
        starts = [(LateFeeStart.NEXT_DAY, N_("the day after the due date"))]
        starts.append((LateFeeStart.NEXT_MONTH, N_("the 1st of the next month")))
        self.start: Choice[LateFeeStart] = Choice(starts, LateFeeStart.NEXT_DAY)
        self.minimum = MoneyField(N_("Minimum"))
        self._build()
        if row is not None:
            self._show(row)
        self.item.setEnabled(row is None)
        self.first.setEnabled(row is None)

    def _build(self) -> None:
        self.rate.setPlaceholderText(_("0.0005, 0.05%, 5 per ten thousand; of the LPR: 4"))
        self.clause.setPlaceholderText(_("for example: service contract, article 12"))
        self.add_row((FormRow(N_("Fee item"), self.item), FormRow(N_("First day in force"), self.first)), (3, 2))
        self.add_row((FormRow(N_("How it is reckoned"), self.way), FormRow(N_("Rate"), self.rate)), (2, 3))
        self.add_row(
            (
                FormRow(N_("Counted from"), self.start),
                FormRow(N_("Days of grace"), self.grace),
                FormRow(N_("At most, of the principal"), self.cap),
            ),
            (3, 2, 2),
        )
        self.content.addWidget(self.minimum)
        self.content.addWidget(FormRow(N_("Clause of the contract"), self.clause))
        self.add_end()

    def _show(self, row: LateFeeRuleRow) -> None:
        rule = row.rule
        by_lpr = rule.lpr_multiple is not None
        self.way.set_value(by_lpr)
        self.rate.setText(decimal_text((rule.lpr_multiple if by_lpr else rule.daily_rate) or Fraction(0)))
        self.grace.setText(str(rule.grace_days))
        self.cap.setText(f"{decimal_text(rule.cap * 100)}%")
        self.start.set_value(rule.start)
        self.minimum.edit.set_amount(rule.minimum or None)
        self.clause.setText(rule.clause)

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the item, or at the rate of a rule that is put right."""
        self.open(self.item if self._row is None else self.rate)

    def order(self) -> tuple[Callable[[], object], str]:
        terms, first = self.terms(), self.first.day()
        terms.check()
        if first is None:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)
            raise FirstDayMissing
        if self._row is not None:
            key = self._row.id
            return lambda: self._call.change(key, terms), _("The rule is put right.")
        item = self.item.value()
        said = _("The late-fee rule of {item} is in force from {day}.").format(item=item, day=first.isoformat())
        return lambda: self._call.add(item, terms, first), said

    def terms(self) -> RuleTerms:
        """What the fields say. Raises `FieldRefused`."""
        by_lpr = self.way.value()
        rate = self._read(N_("Rate"), self.rate, _multiple if by_lpr else notation.daily_rate)
        return RuleTerms(
            daily_rate=None if by_lpr else rate,
            lpr_multiple=rate if by_lpr else None,
            grace_days=int(self._read(N_("Days of grace"), self.grace, _whole)),
            cap=self._read(N_("At most, of the principal"), self.cap, notation.cap),
            minimum=self.minimum.optional() or ZERO,
            start=self.start.value(),
            clause=self.clause.text(),
        )

    def _read(self, message: str, field: QLineEdit, read: Callable[[Cell], Fraction]) -> Fraction:
        try:
            return read(Cell(field.text().strip()))
        except BadCell as error:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            raise FieldRefused(field=_(message), reason=error.reason) from None


def _multiple(cell: Cell) -> Fraction:
    return notation.figure(cell).value


def _whole(cell: Cell) -> Fraction:
    value = notation.figure(Cell(str(cell.value) or "0")).value
    if value.denominator != 1 or value < 0:
        raise BadCell(_("Type a whole number of days, 0 for none."))
    return value


class LprSheet(FormSheet):
    """A rate published on a day. Enter adds it."""

    def __init__(self, window: QWidget, worker: Worker, functions: LateFeeFunctions, day: date) -> None:
        super().__init__(window, worker, _("A published LPR, one year"), _("Add the rate"), width=520)
        self._call = functions
        self.day, self.percent = DayLine(day), QLineEdit()
        self.percent.setPlaceholderText("3.00")
        note = N_("It counts from the day it was published.")
        self.add_row((FormRow(N_("Published on"), self.day, note), FormRow(N_("Per cent a year"), self.percent)))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.percent)

    def order(self) -> tuple[Callable[[], object], str]:
        day = self.day.day()
        if day is None:
            self.day.setFocus(Qt.FocusReason.OtherFocusReason)
            raise PublicationMissing
        try:
            percent = notation.figure(Cell(self.percent.text().strip().removesuffix("%"))).value
        except BadCell as error:
            self.percent.setFocus(Qt.FocusReason.OtherFocusReason)
            raise FieldRefused(field=_("Per cent a year"), reason=error.reason) from None
        said = _("The LPR of {day} is {percent} %.").format(day=day.isoformat(), percent=decimal_text(percent, 2))
        return lambda: self._call.add_rate(day, percent / 100), said


class OrderSheet(FormSheet):
    """Which debts a payment settles first, and the clause that says so. Enter keeps it."""

    def __init__(self, window: QWidget, worker: Worker, functions: LateFeeFunctions, agreed: AgreedOrder) -> None:
        super().__init__(window, worker, _("Order of payment"), _("Keep the order"), width=600)
        self._call = functions
        words = _(
            "The payer's own word comes first; otherwise the oldest debts are paid first, in this agreed order. "
            "The law does not name late fees, so the contract should."
        )
        self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))
        self.which: Choice[AllocationOrder] = Choice(list(ORDERS.items()), agreed.order)
        self.clause = QLineEdit(agreed.clause)
        self.clause.setPlaceholderText(_("for example: service contract, article 12"))
        self.content.addWidget(FormRow(N_("Order of payment"), self.which))
        self.content.addWidget(FormRow(N_("Clause of the contract"), self.clause))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.which)

    def order(self) -> tuple[Callable[[], object], str]:
        which, clause = self.which.value(), self.clause.text()
        said = _("Payments settle {order}.").format(order=_(ORDERS[which]))
        return lambda: self._call.agree(which, clause), said
