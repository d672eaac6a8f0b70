"""Billing (账单): choose a month, see what it comes to and who is left out, bill it; undo it while nothing is paid.

Previewing, billing and undoing are functions the page is given; they run in the worker.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.billing import BillingUndone, PeriodBilled
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.billing.figures import Figures, month_words
from feedesk.ui.pages.billing.preview_table import PreviewTab, PreviewTable
from feedesk.ui.pages.billing.undo_sheet import UndoSheet
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.buttons import ActionButton
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.check_box import CheckBox
from feedesk.ui.widgets.choice import Choice, FormRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.progress_strip import ProgressStrip

GROUP: Final = N_("Billing")
_MONTHS_BACK, _MONTHS_AHEAD = 12, 2


@dataclass(frozen=True, slots=True)
class BillingFunctions:
    """What the page calls, from the worker: ``preview`` (month, items or None for all), ``bill`` the same, ``undo``
    (month, reason). ``today`` gives the business month, ``actor`` who bills.
    """

    preview: Callable[[Period, tuple[str, ...] | None], BillingPreview]
    bill: Callable[[Period, tuple[str, ...] | None], PeriodBilled]
    undo: Callable[[Period, str], BillingUndone]
    today: Callable[[], Period]
    actor: Callable[[], str]


class BillingPage(Page):
    """`billed` and `undone` tell what was posted."""

    billed = Signal(object)
    undone = Signal(object)

    def __init__(self, functions: BillingFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._preview: BillingPreview | None = None
        self._boxes: dict[str, CheckBox] = {}
        self._asked = 0
        self._busy = False
        self.banner = Banner()
        self.figures = Figures()
        self.table = PreviewTable()
        self.progress = ProgressStrip()
        self._right_words = Phrase(right=True)
        self._took = Label("", "caption", tone="ink_2")
        for hidden in (self._right_words, self._took):
            hidden.setParent(self)
            hidden.hide()
        self._build()
        self._bind()
        self.finish()

    def _build(self) -> None:
        month = self._call.today()
        self.month: Choice[Period] = Choice(_months(month), month)
        self.month.chosen.connect(lambda _month: self.load())
        self._choices = self._build_choices()
        self._main = Card()
        self._main.body.addWidget(self.figures)
        self._main.body.addWidget(Rule("line"))
        self._main.body.addWidget(self.table, 1)
        self._main.body.addWidget(self.progress)
        self._main.body.addWidget(Rule("line"))
        self._main.body.addWidget(self._build_foot())
        self._row = QHBoxLayout()
        self._row.addWidget(self._choices)
        self._row.addWidget(self._main, 1)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addLayout(self._row, 1)

    def _build_choices(self) -> Card:
        card = Card()
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(FormRow(N_("Period"), self.month))
        column.addSpacing(10)
        column.addWidget(Label.saying(N_("Fee items"), "caption", tone="ink_2"))
        self._box_column = QVBoxLayout()
        self._box_column.setSpacing(8)
        column.addLayout(self._box_column)
        column.addStretch(1)
        note = N_("Billing again posts only what is missing; while nothing is paid, a month can be taken back whole.")
        column.addWidget(Label.saying(note, "caption", tone="mute", wraps=True))
        self.button = ActionButton("Ctrl+Return")
        self.button.clicked.connect(self.start_billing)
        column.addWidget(self.button)
        self._choices_column = column
        card.body.addLayout(column)
        return card

    def _build_foot(self) -> QWidget:
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(14)
        row.addWidget(KeyHint(N_("pick a row, see how it is reckoned"), "Up+Down", keys_first=True))
        self._filter_hint = KeyHint(N_("Filter"), "/", keys_first=True)
        self._filter_hint.clicked.connect(self.table.filter.setFocus)
        self._undo_hint = KeyHint(N_("Take the month back"), "Ctrl+U", keys_first=True)
        self._undo_hint.clicked.connect(self.ask_undo)
        self._again_hint = KeyHint(N_("Look again"), "F5", keys_first=True)
        row.addWidget(self._filter_hint)
        row.addStretch(1)
        row.addWidget(self._undo_hint)
        return self._foot

    def _bind(self) -> None:
        facts = (
            ("Ctrl+Return", N_("Bill the month"), self.start_billing),
            ("Ctrl+U", N_("Take the month back"), self.ask_undo),
            ("/", N_("Filter"), self.table.filter.setFocus),
            ("Ctrl+1", N_("Changed"), lambda: self.table.tabs.choose(PreviewTab.CHANGED)),
            ("Ctrl+2", N_("Not billed"), lambda: self.table.tabs.choose(PreviewTab.SKIPPED)),
            ("Ctrl+3", N_("Everything"), lambda: self.table.tabs.choose(PreviewTab.ALL)),
            ("Escape", N_("Back to the table"), self._on_escape),
        )
        for keys, message, act in facts:
            bind(self, keys, message, act, group=GROUP)

    # ---- the preview ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self.load()

    def preview(self) -> BillingPreview | None:
        """What is shown now."""
        return self._preview

    def is_busy(self) -> bool:
        """Whether something is being worked out or posted."""
        return self._busy

    def load(self) -> None:
        """Works the month out anew, in the worker; what was asked before is forgotten."""
        self._asked += 1
        asked, month, items = self._asked, self.month.value(), self.items()
        began = perf_counter()
        self._set_busy(_("Working out {month}…").format(month=month))

        def work(_progress: Progress) -> BillingPreview:
            return self._call.preview(month, items)

        def done(preview: BillingPreview) -> None:
            if asked == self._asked:
                self._took.setText(_("Worked out in {s} s").format(s=f"{perf_counter() - began:.1f}"))
                self._show(preview)

        self._worker.start(work, done=done, failed=self._on_failed)

    def items(self) -> tuple[str, ...] | None:
        """The fee items ticked; None for all of them."""
        if all(box.isChecked() for box in self._boxes.values()):
            return None
        return tuple(item for item, box in self._boxes.items() if box.isChecked())

    def _show(self, preview: BillingPreview) -> None:
        self._set_busy("")
        self._preview = preview
        self._show_boxes(preview)
        self.figures.show_preview(preview)
        self.table.show_preview(preview)
        self._tell_button()
        self._undo_hint.setVisible(bool(preview.runs))

    def _show_boxes(self, preview: BillingPreview) -> None:
        if set(self._boxes) != {one.item for one in preview.items}:
            for box in self._boxes.values():
                self._box_column.removeWidget(box)
                box.hide()
                box.deleteLater()
            self._boxes = {one.item: CheckBox() for one in preview.items}
            for box in self._boxes.values():
                box.setChecked(True)
                box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                box.toggled.connect(self.load)
                self._box_column.addWidget(box)
        for one in preview.items:
            self._boxes[one.item].set_words(one.item, _("{n} bills").format(n=f"{one.charges:,}"))

    # ---- billing -------------------------------------------------------------------------------------------------

    def start_billing(self) -> None:
        """Ctrl+Enter: posts what is missing."""
        preview = self._preview
        if preview is None or self._busy or not preview.due:
            return
        month, items = preview.month, self.items()
        self._set_busy(_("Billing {n} charges of {month}…").format(n=f"{preview.due:,}", month=month))

        def work(_progress: Progress) -> PeriodBilled:
            return self._call.bill(month, items)

        self._worker.start(work, done=self._on_billed, failed=self._on_failed)

    def _on_billed(self, done: PeriodBilled) -> None:
        self._set_busy("")
        words = _("{month} is billed: {n} charges. ").format(month=done.period, n=f"{done.posted:,}")
        self.banner.tell("good", (Span(words, "good", bold=True),), figure=f"¥ {format_amount(done.total)}")
        self.billed.emit(done)
        self.load()

    def ask_undo(self) -> None:
        """Ctrl+U: asks why."""
        preview = self._preview
        if preview is None or self._busy:
            return
        if not preview.runs:
            self.banner.tell("plain", (Span(_("{month} has not been billed here.").format(month=preview.month)),))
            return
        words = month_words(preview.month)
        sheet = UndoSheet(self.window(), month=words, charges=preview.run_charges, total=preview.run_total)
        sheet.confirmed.connect(self._start_undo)
        sheet.ask()

    def _start_undo(self, reason: str) -> None:
        preview = self._preview
        if preview is None:
            return
        month = preview.month
        self._set_busy(_("Taking {month} back…").format(month=month))

        def work(_progress: Progress) -> BillingUndone:
            return self._call.undo(month, reason)

        self._worker.start(work, done=self._on_undone, failed=self._on_failed)

    def _on_undone(self, done: BillingUndone) -> None:
        self._set_busy("")
        words = _("{month} is taken back: {n} charges cancelled. ").format(month=done.period, n=f"{done.cancelled:,}")
        self.banner.tell("warn", (Span(words, bold=True),), figure=f"¥ {format_amount(done.total)}")
        self.undone.emit(done)
        self.load()

    def _on_failed(self, error: FeedeskError) -> None:
        self._set_busy("")
        self.banner.tell("danger", (Span(str(error), "danger"),))

    def _set_busy(self, words: str) -> None:
        self._busy = bool(words)
        if words:
            self.progress.begin(words, can_cancel=False)
        else:
            self.progress.end()
        self._tell_button()

    def _tell_button(self) -> None:
        due = self._preview.due if self._preview else 0
        words = _("Bill {n} charges").format(n=f"{due:,}") if due else _("Nothing to bill")
        self.button.set_words(words)
        self.button.setEnabled(bool(due) and not self._busy)

    def _on_escape(self) -> None:
        self.table.filter.clear()
        self.take_focus()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        return _("Billing a month")

    def bar_right(self) -> QWidget | None:
        return self._right_words

    def status_right(self) -> QWidget | None:
        return self._took

    def take_focus(self) -> None:
        self.table.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def retranslate(self) -> None:
        month = self.month.value()
        self.month.set_choices(_months(self._call.today()), month)
        self._right_words.set_spans((Span(_("Billed by ")), Span(self._call.actor(), bold=True)))
        self.figures.retranslate()
        self.table.retranslate()
        self._tell_button()
        if self._preview is not None:
            self._show_boxes(self._preview)
        self.bars_changed.emit()

    def relayout(self) -> None:
        """The choices at the left, narrower in a small window."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._row.setSpacing(gap)
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._choices.setFixedWidth(210 if compact else round(300 * appearance().size.body / 14))
        pad = 10 if compact else 14
        self._choices_column.setContentsMargins(pad, pad, pad, pad)
        self._choices_column.setSpacing(4 if compact else 8)
        self._foot.setFixedHeight(30 if compact else 41)
        self.table.relayout()


def _months(today: Period) -> list[tuple[Period, str]]:
    """A year back and a little ahead, newest first."""
    return [
        (month, month_words(month))
        for month in (today.shifted(step) for step in range(_MONTHS_AHEAD, -_MONTHS_BACK - 1, -1))
    ]
