"""Entering or correcting a shared cost (公摊): what, when, how much, over which units, and what the shares follow."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.money import ZERO, decimal_text
from feedesk.ops.sharing import SharedCostFacts, VacantWeightOutOfRange
from feedesk.periods import Period
from feedesk.queries.shared_cost_list import SharedCostRow
from feedesk.rules.sharing import FULL, USUAL_DUE, ShareBasis, parse_scope
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.amount_edit import AmountEdit
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.label import Label


def weight_typed(text: str) -> Fraction | None:
    """A weight such as ``0.5`` or ``1/2``, None for nothing. Raises `VacantWeightOutOfRange` for what is no number."""
    typed = unicodedata.normalize("NFKC", text).strip()
    try:
        return Fraction(typed) if typed else None
    except (ValueError, ZeroDivisionError):
        raise VacantWeightOutOfRange from None


class ItemBox(QComboBox):
    """Fee items to choose from, or another one typed; Enter is the sheet's."""

    def __init__(self, items: Sequence[str]) -> None:
        super().__init__()
        self.setEditable(True)
        self.addItems(list(items))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class SharedCostSheet(Sheet):
    """`given` carries the `SharedCostFacts`; whoever takes them closes the sheet or calls `refuse`."""

    given = Signal(object)

    def __init__(self, window: QWidget, items: Sequence[str], month: Period, before: SharedCostRow | None) -> None:
        super().__init__(window, width=780)
        self.name = QLineEdit()
        self.item = ItemBox(items)
        self.period = QLineEdit(str(month))
        self.total = AmountEdit("body")
        self.total.setProperty("bare", False)
        self.scope = QLineEdit()
        self.basis: Choice[ShareBasis] = Choice([(basis, basis.value) for basis in ShareBasis], ShareBasis.AREA)
        self.due = QLineEdit(USUAL_DUE)
        self.vacant = QLineEdit()
        self.note = QLineEdit()
        self._fields: tuple[QWidget, ...] = (
            self.name, self.item, self.period, self.total, self.scope, self.basis, self.due, self.vacant, self.note,
        )  # fmt: skip
        title = N_("Enter a shared cost") if before is None else N_("Correct a shared cost")
        self.add_title(Label.saying(title, "title", bold=True))
        self.content.addLayout(self._build_fields())
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.add_foot(self.sentence, self._build_buttons())
        if before is not None:
            self._fill(before)

    def _build_fields(self) -> QGridLayout:
        rows = (
            (N_("Name"), N_("As the list shows it."), self.name),
            (N_("Fee item"), N_("The item it is billed as."), self.item),
            (N_("Period"), N_("2026-11, 2026Q4 …"), self.period),
            (N_("Total to be shared"), "", self.total),
            (N_("Scope"), N_("Codes and patterns: 1-*; S-*"), self.scope),
            (N_("Shares follow"), "", self.basis),
            (N_("Due date"), N_("The month's end, the 15th of the next, or a day."), self.due),
            (N_("An empty unit counts"), N_("From 0 to 1; blank: as set for the ledger, else in full."), self.vacant),
            (N_("Note"), "", self.note),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        for place, (message, note, field) in enumerate(rows):
            field.setProperty("form", True)
            grid.addWidget(FormRow(message, field, note), place // 3, place % 3)
        return grid

    def _build_buttons(self) -> QHBoxLayout:
        self.button = ActionButton("Return")
        self.button.set_words(_("Store"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        return row

    def _fill(self, before: SharedCostRow) -> None:
        self.name.setText(before.name)
        self.item.setCurrentText(before.item)
        self.period.setText(str(before.period))
        self.total.set_amount(before.total)
        self.scope.setText("; ".join(before.scope))
        self.basis.set_value(before.basis)
        self.due.setText(before.due)
        self.vacant.setText("" if before.vacant_weight is None else decimal_text(before.vacant_weight))
        self.note.setText(before.note)

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.name)

    def refuse(self, problem: str) -> None:
        """Says why it was not stored; what is typed stays."""
        self.sentence.setText(problem)
        self.sentence.setVisible(bool(problem))

    def submit(self) -> None:
        """Hands over what is typed, if it can be read."""
        self.refuse(self.total.problem())
        if self.total.problem():
            self.total.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        try:
            facts = SharedCostFacts(
                name=self.name.text(),
                item=self.item.currentText(),
                period=Period.parse(self.period.text()),
                total=self.total.amount() or ZERO,
                scope=parse_scope(self.scope.text()),
                basis=self.basis.value(),
                due=unicodedata.normalize("NFKC", self.due.text()).strip() or USUAL_DUE,
                vacant_weight=weight_typed(self.vacant.text()),
                note=self.note.text(),
            )
        except UserError as error:
            self.refuse(str(error))
            return
        self.given.emit(facts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        focused = QApplication.focusWidget()
        here = next(
            (n for n, field in enumerate(self._fields) if field is focused or field.isAncestorOf(focused or self)), None
        )
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if here is None or here + 1 == len(self._fields) or control:
            self.submit()
        else:
            self._fields[here + 1].setFocus(Qt.FocusReason.TabFocusReason)


class VacantWeightSheet(Sheet):
    """What an empty unit weighs in this ledger; `given` carries the weight, None for the whole."""

    given = Signal(object)

    def __init__(self, window: QWidget, weight: Fraction) -> None:
        super().__init__(window, width=420)
        self.add_title(Label.saying(N_("What an empty unit counts"), "title", bold=True))
        words = N_("Of every shared cost that does not say it itself, except by usage: from 0 to 1, blank in full.")
        self.content.addWidget(Label.saying(words, "secondary", tone="ink_2", wraps=True))
        self.weight = QLineEdit("" if weight == FULL else decimal_text(weight))
        self.weight.setProperty("form", True)
        self.weight.setAccessibleName(_("An empty unit counts"))
        self.content.addWidget(self.weight)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        store = ActionButton("Return")
        store.set_words(_("Store"))
        store.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(store, 1)
        self.add_foot(self.sentence, row)

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.weight)

    def refuse(self, problem: str) -> None:
        """Says why it was not stored."""
        self.sentence.setText(problem)
        self.sentence.setVisible(bool(problem))

    def submit(self) -> None:
        """Hands over what is typed, if it is a number."""
        self.refuse("")
        try:
            weight = weight_typed(self.weight.text())
        except UserError as error:
            self.refuse(str(error))
            return
        self.given.emit(weight)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
