"""Taking the money: the sum, the ways of paying, what was received, the change, and the one big button.

It works out change and 抹零 with `rules.tenders.settle`, the very function that takes the money, so that what the
cashier reads is what the receipt says.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.money import ZERO, Fen, format_amount
from feedesk.rules.capitals import amount_in_words
from feedesk.rules.tenders import ChangeStep, Given, Settlement, TenderShort, TenderTooMuch, settle
from feedesk.texts import N_, _, ngettext
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.pages.desk.rows import Selection, TenderChoice, Tendered
from feedesk.ui.widgets.amount_box import AmountBox
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.hint_strip import HintStrip
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.tender_button import TenderButton

_COLUMNS: Final = 3


class TenderPanel(Card):
    """`take_asked` tells that Enter or the button was pressed with money enough, `part_asked` the same for a part.

    What would be taken is `tendered()`; the page makes the order.
    """

    take_asked = Signal()
    part_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tenders: tuple[TenderChoice, ...] = ()
        self._chosen = 0
        self._due = ZERO
        self._count = 0
        self._prepaid = ZERO
        self._step = ChangeStep.JIAO
        self._amounts: dict[str, Fen] = {}
        self._receipt = ""
        self._paper = ""
        self._busy = False
        self._column = QVBoxLayout()
        self._column.setContentsMargins(14, 12, 14, 14)
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self._build_sum()
        self._build_tenders()
        self._build_money()
        self._build_foot()
        follow_language(self, self.retranslate)

    def _build_sum(self) -> None:
        self._count_label = Label("", "body", tone="ink_2")
        self._figure = MoneyFigure("total")
        self._words = Phrase()
        head = QHBoxLayout()
        head.addWidget(Label.saying(N_("Due now"), "body", tone="ink_2"))
        head.addStretch(1)
        head.addWidget(self._count_label)
        self._column.addLayout(head)
        self._column.addSpacing(2)
        self._column.addWidget(self._figure)
        self._column.addSpacing(2)
        self._column.addWidget(self._words)
        self._column.addSpacing(12)

    def _build_tenders(self) -> None:
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(6)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.idClicked.connect(self.choose)
        self._column.addLayout(self._grid)
        self._hint = HintStrip("wallet", "Alt+6")
        self._hint.clicked.connect(self._on_prepaid_hint)
        self._column.addSpacing(8)
        self._column.addWidget(self._hint)
        self._column.addSpacing(12)

    def _build_money(self) -> None:
        self.received = MoneyField(N_("Amount received"))
        self.reference = QLineEdit()
        self.reference.hide()
        self._change = AmountBox()
        self._combined = CheckBox(N_("Pay in several ways"), keys="F10")
        self._keep_change = CheckBox(N_("Change into the prepayment"))
        self._lines = Phrase()
        self._lines.hide()
        self._column.addWidget(self.received)
        self._column.addSpacing(8)
        self._column.addWidget(self.reference)
        self._column.addWidget(self._change)
        self._column.addSpacing(12)
        self._column.addWidget(self._combined)
        self._column.addSpacing(8)
        self._column.addWidget(self._keep_change)
        self._column.addSpacing(6)
        self._column.addWidget(self._lines)
        self._column.addStretch(1)
        self.received.edit.amount_changed.connect(self._on_amount_changed)
        self.received.edit.returnPressed.connect(self.submit)
        self.reference.returnPressed.connect(self.submit)
        self._combined.toggled.connect(self._on_combined)
        self._keep_change.toggled.connect(self.retranslate)

    def _build_foot(self) -> None:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 8)
        self._receipt_words = Phrase()
        self._paper_words = Label("", "caption", tone="mute")
        row.addWidget(self._receipt_words, 1)
        row.addWidget(self._paper_words)
        self.button = ActionButton("Return")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.submit)
        self._column.addWidget(self._foot)
        self._column.addWidget(self.button)

    def set_tenders(self, tenders: Sequence[TenderChoice], step: ChangeStep = ChangeStep.JIAO) -> None:
        """The ways of paying, the first six by Alt+1 … 6, and the smallest coin of change."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._grid.removeWidget(button)
            button.deleteLater()
        self._tenders = tuple(tenders)
        self._step = step
        for place, tender in enumerate(self._tenders):
            button = TenderButton(tender.name, f"Alt+{place + 1}" if place < 9 else "")
            self._group.addButton(button, place)
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        prepaid = next((place for place, tender in enumerate(self._tenders) if tender.prepaid), None)
        self._hint.setVisible(prepaid is not None)
        self.choose(0)

    def set_paper(self, receipt: str, paper: str) -> None:
        """The number the next receipt will have and what it is printed on; both as ready words."""
        self._receipt, self._paper = receipt, paper
        self.retranslate()

    def show_due(self, selection: Selection, prepaid: Fen) -> None:
        """Another sum: what was typed in other ways of paying is forgotten when it changes."""
        if selection.total != self._due:
            self._amounts.clear()
            self._due = selection.total
            self._fill_amount()
        self._count = len(selection.charges)
        self._prepaid = prepaid
        self.retranslate()

    def reset(self) -> None:
        """For the next customer: the first way of paying, nothing typed."""
        self._amounts.clear()
        self._combined.setChecked(False)
        self._keep_change.setChecked(False)
        self.reference.clear()
        self.received.edit.set_amount(None)
        self.choose(0)

    def set_busy(self, busy: bool) -> None:
        """While money is being taken the button cannot be pressed again."""
        self._busy = busy
        self.retranslate()

    def choose(self, place: int) -> None:
        """Chooses a way of paying; all but cash are filled with what is still missing."""
        if not 0 <= place < len(self._tenders):
            return
        self._chosen = place
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)
        if not self._combined.isChecked():
            self._amounts.clear()
        self.reference.setVisible(self._tenders[place].asks_reference)
        self.reference.clear()
        self._fill_amount()
        self.retranslate()

    def choose_and_focus(self, place: int) -> None:
        """The same by Alt+1 … 6: the keyboard goes where something is to be typed."""
        self.choose(place)
        self.focus_money()

    def focus_money(self) -> None:
        """Puts the keyboard into the amount, or where a reference is asked, into that."""
        asks = bool(self._tenders) and self._tenders[self._chosen].asks_reference
        target = self.reference if asks and self.received.edit.amount() else self.received.edit
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_combined(self) -> None:
        """F10."""
        self._combined.toggle()

    def tendered(self) -> tuple[Tendered, ...]:
        """What was typed, in the order of the ways of paying."""
        reference = self.reference.text().strip()
        chosen = self._tenders[self._chosen].code if self._tenders else ""
        return tuple(
            Tendered(tender.code, amount, reference if tender.code == chosen else "")
            for tender in self._tenders
            if (amount := self._amounts.get(tender.code, ZERO))
        )

    def keeps_change(self) -> bool:
        return self._keep_change.isChecked()

    def refuse(self, problem: str) -> None:
        """A sentence about the money, shown below the amount."""
        self.received.edit.refuse(problem)

    def submit(self) -> None:
        """Enter: an empty cash field is first filled with the exact sum; money enough is taken."""
        if self._busy or not self._due:
            return
        if not self._amounts and not self.received.edit.text().strip():
            self.received.edit.set_amount(self._due)
            self.received.edit.selectAll()
            return
        if self.received.edit.problem() and self.received.edit.amount() is None:
            return
        outcome = self._outcome()
        if isinstance(outcome, Settlement):
            self.take_asked.emit()
        elif outcome is not None:
            self.refuse(outcome)

    def submit_part(self) -> None:
        """Ctrl+Enter: less than the sum is taken as a part payment, oldest first."""
        if not self._busy and self._amounts:
            if isinstance(self._outcome(), Settlement):
                self.take_asked.emit()
            elif sum(self._amounts.values()) < self._due:
                self.part_asked.emit()

    def _fill_amount(self) -> None:
        if not self._tenders:
            return
        tender = self._tenders[self._chosen]
        known = self._amounts.get(tender.code)
        if known is None and not tender.gives_change and self._due:
            missing = Fen(max(self._due - sum(self._amounts.values()), 0))
            known = Fen(min(missing, self._prepaid)) if tender.prepaid else missing
        self.received.edit.set_amount(known or None)
        self._on_amount_changed(known or None)

    def _on_amount_changed(self, amount: Fen | None) -> None:
        if not self._tenders:
            return
        code = self._tenders[self._chosen].code
        if amount is None or amount <= 0:
            self._amounts.pop(code, None)
        else:
            self._amounts[code] = amount
        self.retranslate()

    def _on_combined(self, on: bool) -> None:
        if not on:
            code = self._tenders[self._chosen].code if self._tenders else ""
            self._amounts = {key: value for key, value in self._amounts.items() if key == code}
        self.retranslate()

    def _on_prepaid_hint(self) -> None:
        place = next((place for place, tender in enumerate(self._tenders) if tender.prepaid), None)
        if place is not None:
            self._combined.setChecked(self._prepaid < self._due)
            self.choose_and_focus(place)

    def _outcome(self) -> Settlement | str | None:
        """How the money settles the sum, or why it does not; None while nothing is typed."""
        given = [Given(t.code, self._amounts[t.code], t.gives_change) for t in self._tenders if t.code in self._amounts]
        if not given or not self._due:
            return None
        try:
            return settle(self._due, given, keep_change=self.keeps_change(), step=self._step)
        except TenderShort:
            missing = format_amount(Fen(self._due - sum(one.amount for one in given)))
            return _("{missing} is still missing: add another way of paying, or Ctrl+Enter takes a part.").format(
                missing=missing
            )
        except TenderTooMuch as error:
            return str(error)

    def retranslate(self) -> None:
        """Writes sum, words, change and button anew."""
        self._count_label.setText(ngettext("{count} charge", "{count} charges", self._count).format(count=self._count))
        self._figure.set_text(f"¥ {format_amount(self._due)}")
        outcome = self._outcome()
        kept = outcome.total if isinstance(outcome, Settlement) else self._due
        words = amount_in_words(kept) if kept else ""
        self._words.set_spans((Span(f"{_('Amount received')} {words}" if words else "", "mute", look="caption"),))
        self._tell_change(outcome)
        self._tell_lines()
        self._hint.set_words(_("{amount} prepaid · ").format(amount=format_amount(self._prepaid)), _("uses it"))
        self._hint.setEnabled(self._prepaid > 0)
        self.reference.setPlaceholderText(_("Reference number"))
        self.reference.setAccessibleName(_("Reference number"))
        number = (Span(_("Receipt "), "mute", look="caption"), Span(self._receipt, bold=True, look="caption"))
        self._receipt_words.set_spans(number if self._receipt else ())
        self._paper_words.setText(self._paper)
        self.button.set_words(_("Taking the money…") if self._busy else _("Take money and print"))
        self.button.setEnabled(bool(self._due) and not self._busy)

    def _tell_change(self, outcome: Settlement | str | None) -> None:
        if isinstance(outcome, str):
            missing = Fen(self._due - sum(self._amounts.values()))
            over = missing < 0
            figure = format_amount(Fen(abs(missing)))
            self._change.tell(_("Too much") if over else _("Still missing"), figure, tone="danger")
            return
        change = ZERO if outcome is None else outcome.change
        note = ""
        if outcome is not None and outcome.rounding:
            note = _("rounded by {amount}").format(amount=format_amount(outcome.rounding))
        elif outcome is not None and outcome.to_prepayment:
            note = _("into the prepayment {amount}").format(amount=format_amount(outcome.to_prepayment))
        self._change.tell(_("Change"), format_amount(change), note=note, tone="good" if change else "mute")

    def _tell_lines(self) -> None:
        spans: list[Span] = []
        for tender in self._tenders:
            if tender.code in self._amounts:
                spans += [Span(" · ", "mute")] if spans else []
                spans.append(Span(f"{tender.name} ", "ink_2", look="secondary"))
                spans.append(Span(format_amount(self._amounts[tender.code]), bold=True, look="secondary"))
        self._lines.set_spans(spans)
        self._lines.setVisible(self._combined.isChecked() and bool(spans))

    def relayout(self) -> None:
        """Fits type size and density: in a small window the words go and the buttons lose their key caps."""
        compact = appearance().is_compact
        self.setFixedWidth(252 if compact else 316)
        self._column.setContentsMargins(14, 8 if compact else 12, 14, 8 if compact else 14)
        self._words.setVisible(not compact)
        self._hint.setVisible(not compact and any(tender.prepaid for tender in self._tenders))
        self._foot.setVisible(not compact)
        self.updateGeometry()
