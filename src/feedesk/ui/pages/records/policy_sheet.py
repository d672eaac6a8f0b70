"""A concession policy: for whom, how much of what, from when, on what basis; with an example reckoned while typing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import Fen, decimal_text, format_amount
from feedesk.ops.conceding import PolicyDoesNotFit
from feedesk.rules.concession_terms import Condition, ConditionKind
from feedesk.rules.concessions import ChargeLine, Policy, Reduction, concede
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.rules.policy_terms import PolicyTerms, policy_findings
from feedesk.texts import N_, _
from feedesk.ui.dialogs.form_sheet import FormSheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label

_CONDITIONS: Final = (
    (ConditionKind.TAG, N_("Payers with a tag")),
    (ConditionKind.VACANT, N_("Empty homes")),
    (ConditionKind.GRANTED, N_("Only whom it is granted to")),
    (ConditionKind.PREPAID, N_("Whoever pays months ahead")),
    (ConditionKind.PAID_AT_ONCE, N_("Whoever pays all at once")),
)
_REDUCTIONS: Final = (
    (Reduction.PERCENT, N_("Per cent off")),
    (Reduction.AMOUNT, N_("Yuan off each charge")),
    (Reduction.MONTHS, N_("Months free")),
    (Reduction.UNIT_PRICE, N_("A unit price, in yuan")),
)
_COLUMNS: Final = 4
_EXAMPLE: Final = Fen(30000)


class NotAFigure(UserError):
    message = N_("“{text}” is not a number: type for example 10, 2.80 or 4/3.")


class FigureMissing(UserError):
    message = N_("Type how much it is, for example 10 for 10 % off.")


class FirstDayMissing(UserError):
    message = N_("Type the first day on which it is in force, for example 2027-01-01.")


@dataclass(frozen=True, slots=True)
class PolicyOrder:
    """What the sheet begins with and what becomes of it: ``keep`` stores the terms or raises a `UserError`."""

    title: str
    act: str
    items: Sequence[str]
    keep: Callable[[PolicyTerms], object]
    terms: PolicyTerms
    new: bool = True


class PolicySheet(FormSheet):
    """Enter keeps the policy."""

    def __init__(self, window: QWidget, worker: Worker, order: PolicyOrder) -> None:
        super().__init__(window, worker, order.title, order.act, width=760)
        self._order = order
        self.name, self.document = QLineEdit(), QLineEdit()
        self.condition: Choice[ConditionKind] = Choice(_CONDITIONS, ConditionKind.TAG)
        self.detail, self.figure = QLineEdit(), QLineEdit()
        self.method: Choice[Reduction] = Choice(_REDUCTIONS, Reduction.PERCENT)
        self.first, self.last = DayLine(), DayLine()
        self.stackable = CheckBox(N_("Applies together with other policies"))
        self.items = {name: CheckBox() for name in (*order.items, ALL_ITEMS)}
        self.example = Label("", "secondary", tone="ink_2", wraps=True)
        for field in (self.name, self.document, self.detail, self.figure, self.first, self.last):
            field.setProperty("form", True)
        self._build()
        self._fill(order.terms)
        self.condition.chosen.connect(self._on_condition)
        self.method.chosen.connect(self._reckon)
        self.figure.textEdited.connect(self._reckon)
        self._on_condition()
        self._reckon()

    def _build(self) -> None:
        self._detail_row = FormRow(N_("Tag, or number of months"), self.detail)
        self.add_row(
            (FormRow(N_("Name, as bills and receipts show it"), self.name), FormRow(N_("Legal basis"), self.document))
        )
        self.add_row((FormRow(N_("Whom it is for"), self.condition), self._detail_row))
        self.add_row((FormRow(N_("How"), self.method), FormRow(N_("How much"), self.figure)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for place, (name, box) in enumerate(self.items.items()):
            box.set_words(_("All but what is collected for others") if name == ALL_ITEMS else name)
            grid.addWidget(box, *divmod(place, _COLUMNS))
        self.content.addWidget(Label.saying(N_("Fee items"), "caption", tone="ink_2"))
        self.content.addLayout(grid)
        self.last.setPlaceholderText(_("empty: no limit"))
        self.add_row((FormRow(N_("First day in force"), self.first), FormRow(N_("Last day"), self.last)))
        self.add_row((self.stackable, self.example), (2, 3))
        self.add_end()

    def ask(self) -> None:
        """Opens the sheet; the keyboard is at the name, of known terms at the figure."""
        self.open(self.name if self._order.new else self.figure)

    def _fill(self, terms: PolicyTerms) -> None:
        condition = Condition.parse(terms.condition)
        self.name.setText(terms.name)
        self.document.setText(terms.basis_document)
        self.condition.set_value(ConditionKind.TAG if self._order.new else condition.kind)
        self.detail.setText(condition.tag or (str(condition.months) if condition.months else ""))
        self.method.set_value(Reduction(terms.method))
        self.figure.setText(decimal_text(terms.value) if terms.value else "")
        self.first.set_day(terms.valid_from)
        self.last.set_day(terms.valid_to)
        self.stackable.setChecked(terms.stackable)
        for name, box in self.items.items():
            box.setChecked(name in terms.items)

    def terms(self) -> PolicyTerms:
        """What the fields say. Raises a `UserError` where one of them cannot stand."""
        if not self.figure.text().strip():
            self.figure.setFocus(Qt.FocusReason.OtherFocusReason)
            raise FigureMissing
        first = self.first.day()
        if first is None:
            raise FirstDayMissing
        return PolicyTerms(
            name=self.name.text().strip(),
            condition=self._condition_text(),
            method=self.method.value(),
            value=_figure(self.figure.text()),
            items=tuple(name for name, box in self.items.items() if box.isChecked()),
            valid_from=first,
            valid_to=self.last.day(),
            stackable=self.stackable.isChecked(),
            basis_document=self.document.text().strip(),
        )

    def order(self) -> tuple[Callable[[], object], str]:
        terms = self.terms()
        for field, reason in policy_findings(terms):
            raise PolicyDoesNotFit(field, reason)
        said = _("“{name}” is kept: it counts for bills of periods that begin from {day} on.")
        return lambda: self._order.keep(terms), said.format(name=terms.name, day=terms.valid_from)

    def tell(self, error: FeedeskError) -> None:
        super().tell(error)
        field = getattr(error, "field", "")
        places = {"name": self.name, "condition": self.detail, "value": self.figure, "valid_to": self.last}
        if field in places:
            places[field].setFocus(Qt.FocusReason.OtherFocusReason)

    def _condition_text(self) -> str:
        kind, detail = self.condition.value(), self.detail.text().strip()
        months = int(detail) if kind is ConditionKind.PREPAID and re.fullmatch(r"\d{1,2}", detail, re.ASCII) else 0
        return str(Condition(kind, tag=detail if kind is ConditionKind.TAG else "", months=months))

    def _on_condition(self) -> None:
        asked = self.condition.value() in (ConditionKind.TAG, ConditionKind.PREPAID)
        self._detail_row.setEnabled(asked)
        examples = {ConditionKind.TAG: _("a tag, as the records have it"), ConditionKind.PREPAID: "12"}
        self.detail.setPlaceholderText(examples.get(self.condition.value(), ""))

    def _reckon(self) -> None:
        """What it would take off 300.00 yuan a month."""
        try:
            value = _figure(self.figure.text())
            policy = Policy(0, "", self.method.value(), value)
        except (UserError, ValueError):
            self.example.setText("")
            return
        if self.method.value() is Reduction.UNIT_PRICE:
            said = _("The unit price counts where it is lower than the tariff's: area, usage or times × {price} yuan.")
            self.example.setText(said.format(price=decimal_text(value, 2)))
            return
        months = 12 if self.method.value() is Reduction.MONTHS else 1
        gross = Fen(_EXAMPLE * months)
        conceded = concede(ChargeLine(Fraction(gross, 100), gross, months=months), [policy])
        off = conceded.discount if conceded else Fen(0)
        said = _("For example of {gross} yuan for {months} months {off} are taken off, {net} remain.")
        facts = {"gross": gross, "off": off, "net": Fen(gross - off)}
        amounts = {name: format_amount(amount) for name, amount in facts.items()}
        self.example.setText(said.format(months=months, **amounts))


def new_terms(day: date) -> PolicyTerms:
    """What an empty sheet begins with."""
    condition = str(Condition(ConditionKind.GRANTED))
    return PolicyTerms(
        name="", condition=condition, method=Reduction.PERCENT, value=Fraction(0), items=(), valid_from=day,
        stackable=False,
    )  # fmt: skip


def begun_anew(terms: PolicyTerms, day: date) -> PolicyTerms:
    """The same terms from another day on."""
    return replace(terms, valid_from=day, valid_to=None)


_FIGURE: Final = re.compile(r"(\d{1,12}(?:\.\d{0,12})?)(?:/(\d{1,9}))?", re.ASCII)


def _figure(text: str) -> Fraction:
    match = _FIGURE.fullmatch(text.strip().removesuffix("%").strip())
    if match is None or (match[2] and not int(match[2])):
        raise NotAFigure(text=text)
    return Fraction(match[1]) / int(match[2] or 1)
