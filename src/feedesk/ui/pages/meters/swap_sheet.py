"""Ctrl+H: the meter was swapped (换表): where the old one ended, the new one's number, where it began and stands."""

from datetime import date
from fractions import Fraction

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QWidget

from feedesk.errors import UserError
from feedesk.money import decimal_text
from feedesk.rules.reading_checks import parse_reading
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.meters.drafts import RoundEntry
from feedesk.ui.pages.meters.recording import SwapOrder
from feedesk.ui.widgets.buttons import ActionButton, QuietButton
from feedesk.ui.widgets.choice import FormRow
from feedesk.ui.widgets.label import Label


class SwapSheet(Sheet):
    """`given` carries the `SwapOrder`; whoever takes it closes the sheet or calls `refuse`."""

    given = Signal(object)

    def __init__(self, window: QWidget, entry: RoundEntry, day: date) -> None:
        super().__init__(window, width=520)
        self._entry = entry
        self._day = day
        before = entry.row.reading or entry.row.before
        self.old_final = QLineEdit()
        self.number = QLineEdit()
        self.new_initial = QLineEdit("0")
        self.reading = QLineEdit("" if entry.draft is None else entry.draft.text)
        self.multiplier = QLineEdit(decimal_text(entry.row.multiplier))
        self._fields = (self.old_final, self.number, self.new_initial, self.reading, self.multiplier)
        title = _("The meter of {unit} was swapped").format(unit=entry.row.unit)
        self.add_title(Label(title, "title", bold=True, wraps=True))
        known = _("{kind} {number}, read {day}").format(kind=entry.row.kind, number=entry.row.number, day=day)
        if before is not None:
            known = _("{kind} {number}: last {value} on {on}; the swap counts for {day}").format(
                kind=entry.row.kind,
                number=entry.row.number,
                value=decimal_text(before.value),
                on=before.read_on,
                day=day,
            )
        self.content.addWidget(Label(known, "secondary", tone="ink_2", wraps=True))
        self.content.addLayout(self._build_fields())
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        self.add_foot(self.sentence, self._build_buttons())

    def _build_fields(self) -> QGridLayout:
        words = (
            N_("Old meter ended at"),
            N_("New meter's number"),
            N_("New meter began at"),
            N_("New meter shows now"),
            N_("New meter's multiplier"),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        for place, (message, field) in enumerate(zip(words, self._fields, strict=True)):
            field.setProperty("form", True)
            grid.addWidget(FormRow(message, field), place // 2, place % 2)
        return grid

    def _build_buttons(self) -> QHBoxLayout:
        self.button = ActionButton("Return")
        self.button.set_words(_("Store the swap"))
        self.button.clicked.connect(self.submit)
        back = QuietButton(_("Back"), "Escape")
        back.clicked.connect(self.close_sheet)
        row = QHBoxLayout()
        row.addWidget(back)
        row.addWidget(self.button, 1)
        return row

    def ask(self) -> None:
        """Opens the sheet."""
        self.open(self.old_final)

    def refuse(self, problem: str) -> None:
        """Says why the swap was not stored; what is typed stays."""
        self.sentence.setText(problem)
        self.sentence.setVisible(bool(problem))

    def submit(self) -> None:
        """Hands the swap over, if every field holds a figure."""
        self.refuse("")
        try:
            order = SwapOrder(
                meter=self._entry.row.meter,
                read_on=self._day,
                old_final=self._figure(self.old_final),
                new_initial=self._figure(self.new_initial),
                reading=self._figure(self.reading if self.reading.text().strip() else self.new_initial),
                number=self.number.text().strip(),
                multiplier=self._multiplier(),
            )
        except UserError as error:
            self.refuse(str(error))
            return
        self.given.emit(order)

    def _figure(self, field: QLineEdit) -> Fraction:
        try:
            return parse_reading(field.text())
        except UserError:
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()
            raise

    def _multiplier(self) -> Fraction:
        given = self._figure(self.multiplier)
        if not given:
            self.multiplier.setFocus(Qt.FocusReason.OtherFocusReason)
            raise MultiplierIsNought
        return given

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
            return
        here = next((place for place, field in enumerate(self._fields) if field.hasFocus()), None)
        if here is None or here + 1 == len(self._fields):
            self.submit()
        else:
            self._fields[here + 1].setFocus(Qt.FocusReason.TabFocusReason)


class MultiplierIsNought(UserError):
    message = N_("A meter's multiplier must be above zero; usually it is 1.")
