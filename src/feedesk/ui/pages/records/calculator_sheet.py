"""The calculator (试算): a unit and a month, and the arithmetic of all that would be billed, to be read out.

What it shows is worked out by the billing run itself; nothing is posted. A price that is still being typed is tried
alone, as though the month had not been billed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError, UserError
from feedesk.money import format_amount
from feedesk.periods import Period
from feedesk.queries.price_trial import Draft, PriceTrial, TrialLine
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase

Reckon = Callable[[str, Period, int | None, Draft | None], PriceTrial]
"""Called from the worker: unit (as typed), month, tariff (None: all), draft."""

_ALL: Final = 0
_CARD_EDGE: Final = 17


@dataclass(frozen=True, slots=True)
class CalculatorOrder:
    """What the sheet begins with: ``tariffs`` to choose from by key and name, or the ``draft`` that is tried."""

    month: Period
    tariffs: Sequence[tuple[int, str]] = ()
    tariff: int | None = None
    draft: Draft | None = None
    unit: str = ""


class CalculatorSheet(Sheet):
    """Enter reckons."""

    def __init__(self, window: QWidget, worker: Worker, reckon: Reckon, order: CalculatorOrder) -> None:
        super().__init__(window, width=860)
        self._worker, self._reckon, self._order = worker, reckon, order
        self._asked = 0
        self.trial: PriceTrial | None = None
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        title = N_("Calculator: nothing is posted") if order.draft is None else N_("The price as typed, on a unit")
        self.add_title(Label.saying(title, "button", bold=True), leave)
        self.unit, self.month = QLineEdit(order.unit), QLineEdit(str(order.month))
        choices = [(_ALL, N_("All that apply")), *order.tariffs]
        self.tariff: Choice[int] = Choice(choices, order.tariff or _ALL)
        for field in (self.unit, self.month):
            field.setProperty("form", True)
        self.unit.setPlaceholderText(_("3-1-502, a name, a telephone"))
        self._build()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        fields = [FormRow(N_("Unit"), self.unit), FormRow(N_("Period"), self.month)]
        if self._order.draft is None:
            fields.append(FormRow(N_("Tariff"), self.tariff))
        for field in fields:
            row.addWidget(field, 1)
        self.button = ActionButton("Return")
        self.button.set_words(_("Reckon"))
        self.button.clicked.connect(self.reckon)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.sentence.hide()
        inner = QWidget()
        inner.setObjectName("scrolled")
        self._results = QVBoxLayout(inner)
        self._results.setContentsMargins(0, 0, 8, 0)
        self._results.setSpacing(8)
        self._results.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFixedHeight(max(120, min(430, self._window.height() - 270)))
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.total = Phrase(right=True)
        self.content.addLayout(row)
        for widget in (self.sentence, self._area, self.total):
            self.content.addWidget(widget)
        self.add_foot(self.button)

    def ask(self) -> None:
        """Opens the sheet; a unit that is known already is reckoned at once."""
        self.open(self.unit)
        if self.unit.text():
            self.reckon()

    def reckon(self) -> None:
        """Enter."""
        unit, tariff = self.unit.text().strip(), self.tariff.value() or None
        if not unit:
            self._refuse(_("Type a unit, for example 3-1-502."))
            return
        try:
            month = Period.parse(self.month.text())
        except UserError as error:
            self._refuse(str(error))
            self.month.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if month.months != 1:
            self._refuse(_("Type a month, for example 2026-11: longer periods are billed with their first month."))
            return
        self._asked += 1
        asked = self._asked

        def work(_progress: Progress) -> PriceTrial:
            return self._reckon(unit, month, tariff, self._order.draft)

        def done(trial: PriceTrial) -> None:
            if asked == self._asked:
                self._show(trial)

        self._worker.start(work, done=done, failed=self._on_failed)

    def _on_failed(self, error: FeedeskError) -> None:
        self._refuse(str(error))

    def _refuse(self, words: str) -> None:
        self.sentence.setText(words)
        self.sentence.show()
        self._clear()
        self.total.set_spans(())

    def _clear(self) -> None:
        while self._results.count() > 1:
            item = self._results.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _show(self, trial: PriceTrial) -> None:
        self.trial = trial
        self.sentence.hide()
        self._clear()
        cards: list[QWidget] = [LineCard(line) for line in trial.lines]
        cards += [ReasonCard(item, reason) for item, reason in trial.reasons]
        for place, card in enumerate(cards):
            self._results.insertWidget(place, card)
        self._fit_labels(cards)
        head = _("{unit} in {month}: ").format(unit=trial.unit, month=trial.month)
        self.total.set_spans((Span(head, "ink_2"), Span(f"¥ {format_amount(trial.total)}", bold=True, look="title")))
        self.unit.selectAll()

    def _fit_labels(self, cards: Sequence[QWidget]) -> None:
        """As tall as their words at this width: a scroll area asks wrapped words for their height at the narrowest."""
        room = self._area.viewport().width() - 8 - 2 * _CARD_EDGE
        for card in cards:
            for label in card.findChildren(Label):
                label.setFixedHeight(label.heightForWidth(room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.reckon()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Up, Qt.Key.Key_Down):
            bar = self._area.verticalScrollBar()
            step = bar.pageStep() if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown) else bar.singleStep() * 2
            back = event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_Up)
            bar.setValue(bar.value() + (-step if back else step))
        else:
            super().keyPressEvent(event)


class LineCard(Card):
    """One charge: how it is reckoned in sentences, what it comes to, and what it rests on."""

    def __init__(self, line: TrialLine) -> None:
        super().__init__(ground="panel")
        self.line = line
        tariff = f"({line.tariff})" if line.tariff and line.tariff != line.item else ""
        spans = [Span(f"{line.item}{tariff} {line.period}", bold=True), Span(f"  {line.payer}", "ink_2")]
        if line.posted:
            spans.append(Span(_("billed already"), chip="plain"))
        column = QVBoxLayout()
        compact = appearance().is_compact
        column.setContentsMargins(16, 6 if compact else 10, 16, 6 if compact else 10)
        column.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Phrase(spans), 1)
        head.addWidget(Phrase(_sum_spans(line), right=True, shrinks=False))
        column.addLayout(head)
        for words in line.words or (line.basis,):
            column.addWidget(Label(words, "secondary", wraps=True))
        notes = (line.near, line.rounding, _("due {day}").format(day=line.due))
        column.addWidget(Label(" · ".join(filter(None, notes)), "caption", tone="mute", wraps=True))
        self.body.addLayout(column)


def _sum_spans(line: TrialLine) -> tuple[Span, ...]:
    net = Span(format_amount(line.net), bold=True)
    if not line.discount:
        return (net,)
    return (Span(f"{format_amount(line.gross)} − {format_amount(line.discount)} = ", "mute"), net)


class ReasonCard(Card):
    """A fee item that is not billed, and why."""

    def __init__(self, item: str, reason: str) -> None:
        super().__init__()
        column = QVBoxLayout()
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(4)
        head = _("{item} is not billed").format(item=item) if item else _("Nothing is billed")
        column.addWidget(Phrase((Span(head, "warn", bold=True),)))
        column.addWidget(Label(reason, "secondary", tone="ink_2", wraps=True))
        self.body.addLayout(column)
