"""Taking the money: the sum, the ways of paying, what was received, the change, and the one big button."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.money import ZERO, Fen, format_amount
from feedesk.rules.capitals import amount_in_words
from feedesk.rules.tenders import ChangeStep, Settlement
from feedesk.texts import N_, _, ngettext
from feedesk.ui.appearance import appearance, follow_language
from feedesk.ui.pages.desk.rows import Selection, TenderChoice, Tendered, Typed
from feedesk.ui.pages.desk.tendering import MoneyState, Tendering
from feedesk.ui.widgets.amount_box import AmountBox
from feedesk.ui.widgets.amount_edit import MoneyField
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.held_enter import EnterLine
from feedesk.ui.widgets.hint_strip import HintStrip
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.money_figure import MoneyFigure
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.tender_button import TenderButton

_COLUMNS: Final = 3


class TenderPanel(Card):
    """`take_asked` tells that Enter or the button was pressed with money enough, `part_asked` the same for a part,
    `changed` that something here reads differently now.

    What would be taken is `tendered()`; the page makes the order.
    """

    take_asked = Signal()
    part_asked = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tendering = Tendering()
        self._count = 0
        self._conceded = ""
        self._sold = ZERO
        self._receipt = ""
        self._paper = ""
        self._busy = False
        self._gaps: dict[int, int] = {}
        self._column = QVBoxLayout()
        self._column.setContentsMargins(14, 12, 14, 14)
        self._column.setSpacing(0)
        self.body.addLayout(self._column)
        self._build_sum()
        self._build_tenders()
        self._build_money()
        self._build_foot()
        follow_language(self, self.retranslate)

    def _add_gap(self, pixels: int) -> None:
        """Air that a small window halves."""
        self._gaps[self._column.count()] = pixels
        self._column.addSpacing(pixels)

    def _build_sum(self) -> None:
        self._count_label = Label("", "body", tone="ink_2")
        self._figure = MoneyFigure("total")
        self._words = Phrase()
        head = QHBoxLayout()
        head.addWidget(Label.saying(N_("Due now"), "body", tone="ink_2"))
        head.addStretch(1)
        head.addWidget(self._count_label)
        self._column.addLayout(head)
        self._add_gap(2)
        self._column.addWidget(self._figure)
        self._add_gap(2)
        self._column.addWidget(self._words)
        self._add_gap(12)

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
        self._add_gap(8)
        self._column.addWidget(self._hint)
        self._add_gap(12)

    def _build_money(self) -> None:
        self.received = MoneyField(N_("Amount received"))
        self.reference = EnterLine()
        self._reference_row = QWidget()
        below = QVBoxLayout(self._reference_row)
        below.setContentsMargins(0, 0, 0, 8)
        below.addWidget(self.reference)
        self._reference_row.hide()
        self._change = AmountBox()
        self._combined = CheckBox(N_("Pay in several ways"), keys="F10")
        self._keep_change = CheckBox(N_("Change into the prepayment"), keys="Alt+0")
        self._lines = Phrase()
        self._lines.hide()
        self._column.addWidget(self.received)
        self._add_gap(8)
        self._column.addWidget(self._reference_row)
        self._column.addWidget(self._change)
        self._add_gap(12)
        self._column.addWidget(self._combined)
        self._add_gap(8)
        self._column.addWidget(self._keep_change)
        self._add_gap(6)
        self._column.addWidget(self._lines)
        self._column.addStretch(1)
        self.received.edit.amount_changed.connect(self._on_amount_changed)
        self.received.edit.returnPressed.connect(self._on_amount_entered)
        self.reference.textChanged.connect(self._on_reference_changed)
        self.reference.returnPressed.connect(self.submit)
        self._combined.toggled.connect(self._on_combined)
        self._keep_change.toggled.connect(self._on_keep_change)

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
        due, prepaid = self._tendering.due, self._tendering.prepaid
        self._tendering = Tendering(tenders, step)
        self._tendering.due, self._tendering.prepaid = due, prepaid
        for place, tender in enumerate(tenders):
            button = TenderButton(tender.name, f"Alt+{place + 1}" if place < 9 else "")
            self._group.addButton(button, place)
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
        self.relayout()
        self.choose(0)

    def offer(self, tenders: Sequence[TenderChoice], step: ChangeStep) -> None:
        """The same as the ledger has them now, if anything is other than before; no ways of paying: those shown."""
        tenders = tuple(tenders) or self._tendering.tenders
        if (tenders, step) != (self._tendering.tenders, self._tendering.step):
            self.set_tenders(tenders, step)

    def set_paper(self, receipt: str, paper: str) -> None:
        """The number the next receipt will have and what it is printed on; both as ready words."""
        self._receipt, self._paper = receipt, paper
        self.retranslate()

    def show_due(self, selection: Selection, prepaid: Fen) -> None:
        """Another sum: what was typed is forgotten when it changes, except cash, which lies on the counter."""
        self._count = len(selection.charges)
        self._conceded = f"{selection.concession} −{format_amount(selection.conceded)}" if selection.conceded else ""
        self._sold = selection.sold
        self._tendering.prepaid = prepaid
        if selection.total != self._tendering.due:
            self._tendering.due = selection.total
            chosen = self._tendering.chosen
            if chosen is None or not chosen.gives_change or self._tendering.combined:
                self._tendering.forget()
                self.reference.clear()
                self._fill_amount()
        self.retranslate()

    def reset(self) -> None:
        """For the next customer: the first way of paying, nothing typed."""
        self._combined.setChecked(False)
        self._keep_change.setChecked(False)
        self._tendering.forget()
        self.received.edit.set_amount(None)
        self.choose(0)

    def set_busy(self, busy: bool) -> None:
        """While money is being taken the button cannot be pressed again."""
        self._busy = busy
        self.retranslate()

    def choose(self, place: int) -> None:
        """Chooses a way of paying; all but cash are filled with what is still missing."""
        if not 0 <= place < len(self._tendering.tenders):
            return
        self._tendering.choose(place)
        button = self._group.button(place)
        if button is not None:
            button.setChecked(True)
        tender = self._tendering.tenders[place]
        self._reference_row.setVisible(tender.asks_reference)
        self.reference.setText(self._tendering.reference())
        self._change.setVisible(not (appearance().is_compact and tender.asks_reference))
        self._fill_amount()
        self.retranslate()

    def choose_and_focus(self, place: int) -> None:
        """The same by Alt+1 … 6: the keyboard goes where something is to be typed."""
        self.choose(place)
        self.focus_money()

    def focus_money(self) -> None:
        """Puts the keyboard into the amount, or where a reference is asked, into that.

        The first of several ways pays a part, so its amount is typed; the last takes the rest, which stands there.
        """
        chosen = self._tendering.chosen
        asks = chosen is not None and chosen.asks_reference and self.received.edit.amount()
        if asks and not self._tendering.pays_first():
            self.reference.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.received.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.received.edit.selectAll()

    def toggle_combined(self) -> None:
        """F10."""
        self._combined.toggle()

    def toggle_keep_change(self) -> None:
        """Alt+0."""
        self._keep_change.toggle()

    def typed(self) -> Typed:
        """All that stands in the panel."""
        return self._tendering.typed()

    def has_typed(self) -> bool:
        """Whether money stands here that somebody typed or chose a way for; not what the first way fills in itself."""
        typed = self.typed()
        chosen = self._tendering.chosen
        by_itself = not typed.place and not typed.combined and not (chosen is not None and chosen.gives_change)
        return any(one.reference or not by_itself for one in typed.tendered)

    def restore(self, typed: Typed) -> None:
        """Shows again what stood in the panel before."""
        self._combined.setChecked(typed.combined)
        self._keep_change.setChecked(typed.keep_change)
        self._tendering.restore(typed)
        self.choose_again()

    def choose_again(self, place: int | None = None) -> None:
        """Shows the way of paying chosen, or another one used, with what was typed for it."""
        place = self._tendering.place if place is None else place
        kept = replace(self._tendering.typed(), place=place)
        self.choose(place)
        self._tendering.restore(kept)
        self.reference.setText(self._tendering.reference())
        self._fill_amount()
        self.retranslate()

    def tendered(self) -> tuple[Tendered, ...]:
        """What was typed, in the order of the ways of paying."""
        return self._tendering.tendered()

    def money_state(self) -> MoneyState:
        """What the panel comes to now."""
        return self._tendering.state()

    def keeps_change(self) -> bool:
        return self._keep_change.isChecked()

    def refuse(self, problem: str) -> None:
        """A sentence about the money, shown below the amount."""
        self.received.edit.refuse(problem)

    def submit(self) -> None:
        """Enter: an empty cash field is first filled with the exact sum; money enough is taken."""
        if self._busy or not self._tendering.due:
            return
        if self._tendering.is_empty() and not self.received.edit.text().strip():
            self._fill_in()
            return
        if self.received.edit.problem() and self.received.edit.amount() is None:
            return
        outcome = self._tendering.outcome()
        if self._lacks_reference():
            return
        if isinstance(outcome, Settlement):
            self.take_asked.emit()
        elif outcome is not None:
            self.refuse(outcome)
        else:
            self.refuse(_("Nothing has been received yet: type how much it is."))

    def _on_amount_entered(self) -> None:
        """Enter in the amount of one of several ways goes on to its reference, where one is asked and none typed."""
        chosen = self._tendering.chosen
        asks = chosen is not None and chosen.asks_reference and self.received.edit.amount()
        if asks and self._tendering.combined and not self._tendering.reference():
            self.reference.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        self.submit()

    def _lacks_reference(self) -> bool:
        """Whether a way of paying used still wants its reference; the keyboard goes there."""
        place = self._tendering.unreferenced()
        if place is None:
            return False
        self.choose_again(place)
        self.reference.setFocus(Qt.FocusReason.OtherFocusReason)
        words = _("{tender} takes no money without a reference: type its number. Nothing was taken.")
        self.refuse(words.format(tender=self._tendering.tenders[place].name))
        return True

    def _fill_in(self) -> None:
        chosen = self._tendering.chosen
        if chosen is not None and chosen.prepaid and not self._tendering.prepaid:
            self.refuse(_("There is no prepayment to use: choose another way of paying."))
            return
        self.received.edit.set_amount(self._tendering.suggestion() or self._tendering.due)
        self.received.edit.selectAll()

    def submit_part(self) -> None:
        """Ctrl+Enter: less than the sum is taken as a part payment, oldest first."""
        if self._busy or self._tendering.is_empty() or self._lacks_reference():
            return
        if isinstance(self._tendering.outcome(), Settlement):
            self.take_asked.emit()
        elif self._tendering.missing > 0:
            self.part_asked.emit()

    def _fill_amount(self) -> None:
        amount = self._tendering.suggestion()
        self.received.edit.set_amount(amount)
        self._tendering.enter(amount)

    def _on_amount_changed(self, amount: Fen | None) -> None:
        self._tendering.enter(amount)
        self.retranslate()

    def _on_reference_changed(self, text: str) -> None:
        self._tendering.refer(text)

    def _on_combined(self, on: bool) -> None:
        self._tendering.set_combined(on)
        self.retranslate()

    def _on_keep_change(self, on: bool) -> None:
        self._tendering.keep_change = on
        self.retranslate()

    def _on_prepaid_hint(self) -> None:
        place = self._tendering.prepaid_place
        if place is not None:
            self._combined.setChecked(self._tendering.prepaid < self._tendering.due)
            self.choose_and_focus(place)

    def retranslate(self) -> None:
        """Writes sum, words, change and button anew."""
        due = self._tendering.due
        count = ngettext("{count} charge", "{count} charges", self._count).format(count=self._count)
        sold = _("price list {amount}").format(amount=format_amount(self._sold)) if self._sold else ""
        self._count_label.setText(" · ".join(filter(None, (count, sold, self._conceded))))
        self._count_label.set_tone("good" if self._conceded else "ink_2")
        self._figure.set_text(f"¥ {format_amount(due)}")
        outcome = self._tendering.outcome()
        kept = outcome.total if isinstance(outcome, Settlement) else due
        words = f"{_('Amount received')} {amount_in_words(kept)}" if kept else ""
        self._words.set_spans((Span(words, "mute", look="caption"),))
        self._tell_change(outcome)
        self._tell_lines()
        prepaid = self._tendering.prepaid
        self._hint.set_words(_("{amount} prepaid · ").format(amount=format_amount(prepaid)), _("uses it"))
        self._show_hint()
        self.reference.setPlaceholderText(_("Reference number"))
        self.reference.setAccessibleName(_("Reference number"))
        number = (Span(_("Receipt "), "mute", look="caption"), Span(self._receipt, bold=True, look="caption"))
        self._receipt_words.set_spans(number if self._receipt else ())
        self._paper_words.setText(self._paper)
        self.button.set_words(_("Taking the money…") if self._busy else _("Take money and print"))
        self.button.setEnabled(bool(due) and not self._busy)
        self.changed.emit()

    def _tell_change(self, outcome: Settlement | str | None) -> None:
        if isinstance(outcome, str):
            missing = self._tendering.missing
            caption = _("Too much") if missing < 0 else _("Still missing")
            self._change.tell(caption, format_amount(Fen(abs(missing))), tone="danger")
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
        for name, amount in self._tendering.entered():
            spans += [Span(" · ", "mute")] if spans else []
            spans.append(Span(f"{name} ", "ink_2", look="secondary"))
            spans.append(Span(format_amount(amount), bold=True, look="secondary"))
        self._lines.set_spans(spans)
        self._lines.setVisible(self._combined.isChecked() and bool(spans))

    def relayout(self) -> None:
        """Fits type size and density: in a small window the words go and the buttons lose their key caps."""
        compact = appearance().is_compact
        self.reference.setFixedHeight(appearance().size.field)
        self.setFixedWidth(242 if compact else 316)
        self._column.setContentsMargins(14, 8 if compact else 12, 14, 8 if compact else 14)
        for place, pixels in self._gaps.items():
            item = self._column.itemAt(place)
            spacer = item.spacerItem() if item is not None else None
            if spacer is not None:
                spacer.changeSize(0, pixels // 2 if compact else pixels)
        self._words.setVisible(not compact)
        self._show_hint()
        self._foot.setVisible(not compact)
        chosen = self._tendering.chosen
        self._change.setVisible(not (compact and chosen is not None and chosen.asks_reference))
        self._column.invalidate()
        self.updateGeometry()

    def _show_hint(self) -> None:
        """The prepayment is offered where there is one to use and room to say so."""
        usable = self._tendering.prepaid > 0 and self._tendering.prepaid_place is not None
        self._hint.setVisible(usable and not appearance().is_compact)
