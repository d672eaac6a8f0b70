"""The four things that can be done about a charge, each with its fields: 补收 调减 拆分 合并."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from feedesk.errors import UserError
from feedesk.money import Fen, format_amount, split_by_weight
from feedesk.ops.replacing import Part
from feedesk.periods import Period
from feedesk.queries.adjustable import Adjustable
from feedesk.queries.statement import StatementCharge
from feedesk.texts import N_, _
from feedesk.ui.pages.adjusting.work import AddOrder, AdjustFunctions, ReduceOrder
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.approver_fields import Approval
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.day_line import DayLine
from feedesk.ui.widgets.label import Label

_MOST_PARTS, _MOST_MERGED = 12, 36


class AdjustAmountMissing(UserError):
    message = N_("Type the amount, for example 27.60.")


class NoOpenCharge(UserError):
    message = N_("Nothing is open on {unit}: there is no charge to change.")


@dataclass(frozen=True, slots=True)
class Ready:
    """What Enter does, and what to tell when it is done."""

    act: Callable[[], object]
    told: str


class _Rows(QScrollArea):
    """Rows that scroll where there are many; the field that has the keyboard is always in sight."""

    def __init__(self, layout: QLayout, most: int) -> None:
        super().__init__()
        self._most = most
        self._rows = layout
        inner = QWidget()
        inner.setObjectName("scrolled")
        inner.setLayout(layout)
        layout.setContentsMargins(2, 2, 2, 2)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def watch(self, field: QWidget) -> None:
        """Brings a field of the rows into sight once it has the keyboard."""
        field.installEventFilter(self)

    def fit(self) -> None:
        """As high as its rows, or as some of them."""
        self._rows.activate()
        self.setFixedHeight(min(self._rows.sizeHint().height(), self._most))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self.ensureWidgetVisible(watched)
        return super().eventFilter(watched, event)


class AdjustPanel(QWidget):
    """One way to adjust. ``approved``: somebody else's approval is asked for."""

    approved = False

    def __init__(self, facts: Adjustable, functions: AdjustFunctions) -> None:
        super().__init__()
        self.facts, self.call = facts, functions
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(12)

    def first(self) -> QWidget:
        """The field where typing begins."""
        raise NotImplementedError

    def ready(self, reason: str, approval: Callable[[], Approval]) -> Ready:
        """What the fields ask for. Raises a `UserError` where something is missing."""
        raise NotImplementedError

    def _row(self, *fields: QWidget) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        for field in fields:
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(row)

    def _charges(self, chosen: int | None) -> Choice[int]:
        """A choice among the open charges; the one asked for is chosen."""
        choices = [(one.id, charge_words(one)) for one in self.facts.charges] or [(0, "–")]
        return Choice(choices, chosen or choices[0][0])

    def _charge(self, key: int) -> StatementCharge:
        for one in self.facts.charges:
            if one.id == key:
                return one
        raise NoOpenCharge(unit=self.facts.account.unit)


def charge_words(charge: StatementCharge) -> str:
    """``物业费 2026-11 · 276.08``."""
    return f"{charge.item} {charge.period} · {format_amount(charge.principal)}"


class AddPanel(AdjustPanel):
    """补收: a charge that was forgotten."""

    approved = True

    def __init__(self, facts: Adjustable, functions: AdjustFunctions, item: str) -> None:
        super().__init__(facts, functions)
        items = [(name, name) for name in facts.items] or [("", "–")]
        self.item: Choice[str] = Choice(items, item if item in facts.items else items[0][0])
        self.period = QLineEdit(str(Period.containing(facts.day)))
        self.due = DayLine()
        self.due.setPlaceholderText(_("empty: the last day of the period"))
        for field in (self.period, self.due):
            field.setProperty("form", True)
        self.amount = MoneyField(N_("Amount"))
        self._row(FormRow(N_("Fee item"), self.item), FormRow(N_("Period"), self.period))
        self._row(self.amount, FormRow(N_("Due on"), self.due))

    def first(self) -> QWidget:
        return self.amount.edit

    def ready(self, reason: str, approval: Callable[[], Approval]) -> Ready:
        amount = _amount(self.amount)
        order = AddOrder(
            account=self.facts.account.id,
            item=self.item.value(),
            period=Period.parse(self.period.text()),
            amount=amount,
            due=self.due.day(),
            reason=reason,
            approval=approval(),
        )
        told = _("{amount} of {item} {period} is charged to {unit}, approved by {name}.")
        facts = {"item": order.item, "period": order.period, "unit": self.facts.account.unit}
        said = told.format(amount=format_amount(amount), name=order.approval.name, **facts)
        return Ready(lambda: self.call.add(order), said)


class ReducePanel(AdjustPanel):
    """调减: a charge that was too high."""

    approved = True

    def __init__(self, facts: Adjustable, functions: AdjustFunctions, charge: int | None) -> None:
        super().__init__(facts, functions)
        self.charge = self._charges(charge)
        self.amount = MoneyField(N_("Lower by"))
        self._row(FormRow(N_("Charge"), self.charge), self.amount)

    def first(self) -> QWidget:
        return self.amount.edit

    def ready(self, reason: str, approval: Callable[[], Approval]) -> Ready:
        charge, amount = self._charge(self.charge.value()), _amount(self.amount)
        order = ReduceOrder(charge.id, amount, reason, approval())
        told = _("{item} {period} of {unit} is lowered by {amount}, approved by {name}.")
        facts = {"item": charge.item, "period": charge.period, "unit": charge.unit, "name": order.approval.name}
        return Ready(lambda: self.call.reduce(order), told.format(amount=format_amount(amount), **facts))


class SplitPanel(AdjustPanel):
    """拆分: a charge in parts, each with its due date; to another account of the unit where it has several."""

    def __init__(self, facts: Adjustable, functions: AdjustFunctions, charge: int | None) -> None:
        super().__init__(facts, functions)
        self.charge = self._charges(charge)
        self.count: Choice[int] = Choice([(n, str(n)) for n in range(2, _MOST_PARTS + 1)], 2)
        self._row(FormRow(N_("Charge"), self.charge), FormRow(N_("Number of parts"), self.count))
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._area = _Rows(self._grid, most=174)
        self.column.addWidget(self._area)
        self.rows: list[tuple[MoneyField, DayLine, Choice[int]]] = []
        self.charge.chosen.connect(lambda _charge: self._make_rows())
        self.count.chosen.connect(lambda _count: self._make_rows())
        self._make_rows()

    def first(self) -> QWidget:
        return self.rows[0][0].edit if self.rows else self.charge

    def ready(self, reason: str, approval: Callable[[], Approval]) -> Ready:
        charge = self._charge(self.charge.value())
        parts = [Part(_amount(amount), due.day(), account.value()) for amount, due, account in self.rows]
        told = _("{item} {period} of {unit} is split into {n} parts.")
        facts = {"item": charge.item, "period": charge.period, "unit": charge.unit, "n": len(parts)}
        return Ready(lambda: self.call.split(charge.id, parts, reason), told.format(**facts))

    def _make_rows(self) -> None:
        for row in self.rows:
            for old in row:
                self._grid.removeWidget(old)
                old.hide()
                old.deleteLater()
        self.rows = []
        charge = next((one for one in self.facts.charges if one.id == self.charge.value()), None)
        if charge is None:
            return
        accounts = [(one.id, f"{one.resident} {one.number}") for one in self.facts.accounts]
        equal = split_by_weight(charge.principal, [1] * self.count.value())
        for place, amount in enumerate(equal):
            money, due = MoneyField(N_("Amount of the part")), DayLine(charge.due_date)
            due.setProperty("form", True)
            due.setAccessibleName(_("Due on"))
            account: Choice[int] = Choice(accounts, charge.account)
            account.setAccessibleName(_("Account of the unit"))
            money.edit.set_amount(amount)
            for column, field in enumerate((money, due, account)):
                self._grid.addWidget(field, place, column)
                self._area.watch(money.edit if field is money else field)
                field.setVisible(field is not account or len(accounts) > 1)
            self.rows.append((money, due, account))
        self._area.fit()


class MergePanel(AdjustPanel):
    """合并: several charges of one fee item as one."""

    def __init__(self, facts: Adjustable, functions: AdjustFunctions, item: str) -> None:
        super().__init__(facts, functions)
        items = list(dict.fromkeys(one.item for one in facts.charges)) or ["–"]
        self.item: Choice[str] = Choice([(name, name) for name in items], item if item in items else items[0])
        self.due = DayLine()
        self.due.setPlaceholderText(_("empty: as it is, where it is the same"))
        self.due.setProperty("form", True)
        self._row(FormRow(N_("Fee item"), self.item), FormRow(N_("Due on"), self.due))
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        self._area = _Rows(self._list, most=150)
        self.column.addWidget(self._area)
        self.sum = Label("", "secondary", tone="ink_2", wraps=True)
        self.column.addWidget(self.sum)
        self.boxes: dict[int, CheckBox] = {}
        self.item.chosen.connect(lambda _item: self._make_boxes())
        self._make_boxes()

    def first(self) -> QWidget:
        return next(iter(self.boxes.values()), self.item)

    def ready(self, reason: str, approval: Callable[[], Approval]) -> Ready:
        chosen = self._chosen()
        if not chosen:
            raise NoOpenCharge(unit=self.facts.account.unit)
        due = self.due.day()
        told = _("{n} charges of {item} of {unit} are one now: {amount}.")
        facts = {"n": len(chosen), "item": self.item.value(), "unit": self.facts.account.unit}
        said = told.format(amount=format_amount(_sum(chosen)), **facts)
        return Ready(lambda: self.call.merge([one.id for one in chosen], due, reason), said)

    def _chosen(self) -> list[StatementCharge]:
        return [one for one in self.facts.charges if one.id in self.boxes and self.boxes[one.id].isChecked()]

    def _make_boxes(self) -> None:
        for box in self.boxes.values():
            self._list.removeWidget(box)
            box.hide()
            box.deleteLater()
        offered = [one for one in self.facts.charges if one.item == self.item.value()][:_MOST_MERGED]
        self.boxes = {one.id: CheckBox() for one in offered}
        for one in offered:
            box = self.boxes[one.id]
            box.setChecked(True)
            box.set_words(f"{one.item} {one.period}", format_amount(one.principal))
            box.toggled.connect(self._tell_sum)
            self._list.addWidget(box)
            self._area.watch(box)
            box.show()
        self._area.fit()
        self._tell_sum()

    def _tell_sum(self) -> None:
        chosen = self._chosen()
        self.sum.setText(_("{n} charges, {amount} together").format(n=len(chosen), amount=format_amount(_sum(chosen))))


def _sum(charges: Sequence[StatementCharge]) -> Fen:
    return Fen(sum(one.principal for one in charges))


def _amount(field: MoneyField) -> Fen:
    return field.required(AdjustAmountMissing)
