"""The sheets of the reconciliation tab: a supplier's invoice, and as which items the common share is billed."""

import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.money import ZERO, decimal_text, format_amount, parse_amount
from feedesk.ops.supplier_invoices import InvoiceFacts
from feedesk.periods import Period
from feedesk.rules.reconciliation import Invoice
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label


class UsageNotANumber(UserError):
    message = N_("“{text}” is no usage: type digits, for example 470 or 470.5.")


def _buttons(sheet: Sheet, submit: Callable[[], None]) -> QHBoxLayout:
    """Store [Enter] and Back [Esc]."""
    store = ActionButton("Return")
    store.set_words(_("Store"))
    store.clicked.connect(submit)
    back = QuietButton(_("Back"), "Escape")
    back.clicked.connect(sheet.close_sheet)
    row = QHBoxLayout()
    row.addWidget(back)
    row.addWidget(store, 1)
    return row


class InvoiceSheet(Sheet):
    """`given` carries the `InvoiceFacts`; whoever takes them closes the sheet or calls `refuse`."""

    given = Signal(object)

    def __init__(self, window: QWidget, item: str, period: Period, before: Invoice | None, supplier: str) -> None:
        super().__init__(window, width=560)
        self._item = item
        self._period = period
        self.supplier = QLineEdit(supplier)
        self.number = QLineEdit()
        self.amount = QLineEdit()
        self.usage = QLineEdit()
        self.note = QLineEdit()
        self._fields = (self.supplier, self.number, self.amount, self.usage, self.note)
        title = _("Supplier's invoice for {item}, {period}").format(item=item, period=period)
        self.add_title(Label(title, "title", bold=True, wraps=True))
        self.content.addLayout(self._build_fields())
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.add_foot(self.sentence, _buttons(self, self.submit))
        if before is not None:
            self._fill(before)

    def _build_fields(self) -> QGridLayout:
        rows = (
            (N_("Supplier"), ""),
            (N_("Invoice no."), ""),
            (N_("Amount in yuan"), N_("A credit note below zero: −120.00.")),
            (N_("Usage, if it tells one"), N_("As on the invoice.")),
            (N_("Note"), ""),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        for place, ((message, note), field) in enumerate(zip(rows, self._fields, strict=True)):
            field.setProperty("form", True)
            wide = 2 if place + 1 == len(rows) else 1
            grid.addWidget(FormRow(message, field, note), place // 2, place % 2, 1, wide)
        for field in (self.amount, self.usage):
            field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return grid

    def _fill(self, before: Invoice) -> None:
        self.supplier.setText(before.supplier)
        self.number.setText(before.number)
        self.amount.setText(format_amount(before.amount))
        self.usage.setText("" if before.usage is None else decimal_text(before.usage))
        self.note.setText(before.note)

    def ask(self) -> None:
        """Opens the sheet at the first field that is empty."""
        self.open(self.number if self.supplier.text() and not self.number.text() else self.supplier)

    def refuse(self, problem: str) -> None:
        """Says why it was not stored; what is typed stays."""
        self.sentence.setText(problem)
        self.sentence.setVisible(bool(problem))

    def submit(self) -> None:
        """Hands over what is typed, if it can be read."""
        self.refuse("")
        try:
            amount = parse_amount(self.amount.text()) if self.amount.text().strip() else ZERO
            facts = InvoiceFacts(
                item=self._item,
                period=self._period,
                supplier=self.supplier.text(),
                number=self.number.text(),
                amount=amount,
                usage=self._usage(),
                note=self.note.text(),
            )
        except UserError as error:
            self.refuse(str(error))
            return
        self.given.emit(facts)

    def _usage(self) -> Fraction | None:
        typed = unicodedata.normalize("NFKC", self.usage.text()).replace(",", "").strip()
        try:
            return Fraction(typed) if typed else None
        except (ValueError, ZeroDivisionError):
            raise UsageNotANumber(text=self.usage.text()) from None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        here = next((place for place, field in enumerate(self._fields) if field.hasFocus()), None)
        if here is None or here + 1 == len(self._fields):
            self.submit()
        else:
            self._fields[here + 1].setFocus(Qt.FocusReason.TabFocusReason)


class CommonItemsSheet(Sheet):
    """`given` carries the names of the items ticked: as these the common share of an item is billed."""

    given = Signal(object)

    def __init__(self, window: QWidget, item: str, items: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__(window, width=460)
        title = _("As which items is the common share of {item} billed?").format(item=item)
        self.add_title(Label(title, "title", bold=True, wraps=True))
        words = _("Together with what households are billed they must come to the supplier's invoice.")
        self.content.addWidget(Label(words, "secondary", tone="ink_2", wraps=True))
        self.boxes: dict[str, CheckBox] = {}
        grid = QGridLayout()
        for place, name in enumerate(name for name in items if name != item):
            box = CheckBox()
            box.set_words(name)
            box.setChecked(name in chosen)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.boxes[name] = box
            grid.addWidget(box, place // 2, place % 2)
        self.content.addLayout(grid)
        self.add_foot(_buttons(self, self.submit))

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(next(iter(self.boxes.values()), None))

    def submit(self) -> None:
        """Hands over what is ticked."""
        self.close_sheet()
        self.given.emit([name for name, box in self.boxes.items() if box.isChecked()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        else:
            super().keyPressEvent(event)
