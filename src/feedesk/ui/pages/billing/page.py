"""Billing (账单): choose a month, see what it comes to and who is left out, bill it; undo it while nothing is paid.

Previewing, billing and undoing are functions the page is given; they run in the worker, with progress, and can be
stopped: a run that is stopped has posted nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.billing import BillingUndone, PeriodBilled
from feedesk.ops.offsetting import OffsetTakenBack, PrepaymentsOffset
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview, PreviewRow
from feedesk.queries.offsets import OffsetRow
from feedesk.queries.run_scope import RunScope
from feedesk.rules.offsetting import OffsetRule
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.pages.billing.choices import BillingChoices
from feedesk.ui.pages.billing.figures import Figures, month_words
from feedesk.ui.pages.billing.offsets_sheet import OffsetsFunctions, OffsetsSheet
from feedesk.ui.pages.billing.preview_table import PreviewTab, PreviewTable
from feedesk.ui.pages.billing.undo_sheet import UndoSheet
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Cancelled, Progress, Task, Worker
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.card import Card, Rule
from feedesk.ui.widgets.key_row import KeyRow
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span, Tone
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.progress_strip import ProgressStrip

GROUP: Final = N_("Billing")
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class BillingFunctions:
    """What the page calls, mostly from the worker, with a function that is told how far it is and may raise to stop.

    ``preview``, ``bill`` (month, scope, tell), ``undo`` (month, reason), ``offset`` (tell); ``export`` writes a preview
    to a file. ``today`` gives the business month, ``actor`` who bills.
    """

    preview: Callable[[Period, RunScope, Tell], BillingPreview]
    bill: Callable[[Period, RunScope, Tell], PeriodBilled]
    undo: Callable[[Period, str], BillingUndone]
    offset: Callable[[Tell], PrepaymentsOffset]
    offsets: Callable[[], tuple[OffsetRow, ...]]
    take_offset_back: Callable[[int, str], OffsetTakenBack]
    offset_choices: Callable[[], tuple[OffsetRule, tuple[str, ...]]]
    keep_rule: Callable[[OffsetRule], OffsetRule]
    export: Callable[[BillingPreview, Path], Path]
    open_path: Callable[[Path], object]
    today: Callable[[], Period]
    actor: Callable[[], str]


class BillingPage(Page):
    """`billed`, `undone` and `offset` tell what was posted; `account_asked` carries an account's key or a unit's code,
    `adjust_asked` the row whose charge is to be adjusted.
    """

    billed = Signal(object)
    undone = Signal(object)
    offset = Signal(object)
    account_asked = Signal(object)
    adjust_asked = Signal(object)

    def __init__(self, functions: BillingFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._preview: BillingPreview | None = None
        self._task: Task[object] | None = None
        self._asked = 0
        self._busy = False
        self.banner = Banner()
        self.figures = Figures()
        self.table = PreviewTable()
        self.progress = ProgressStrip()
        self.choices = BillingChoices(functions.today())
        self.month, self.button = self.choices.month, self.choices.button
        self._right_words = Phrase(right=True)
        self._took = Label("", "caption", tone="ink_2")
        for hidden in (self._right_words, self._took):
            hidden.setParent(self)
            hidden.hide()
        self._build()
        self._connect()
        self.finish()

    def _build(self) -> None:
        self._main = Card()
        self._main.body.addWidget(self.figures)
        self._main.body.addWidget(Rule("line"))
        self._main.body.addWidget(self.table, 1)
        self._strip_row = QHBoxLayout()
        self._strip_row.addWidget(self.progress)
        self._main.body.addLayout(self._strip_row)
        self._main.body.addWidget(Rule("line"))
        self._main.body.addWidget(self._build_foot())
        self._row = QHBoxLayout()
        self._row.addWidget(self.choices)
        self._row.addWidget(self._main, 1)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addLayout(self._row, 1)

    def _build_foot(self) -> QWidget:
        undo = KeyHint(N_("Take the month back"), "Ctrl+U", keys_first=True)
        undo.clicked.connect(self.ask_undo)
        hints = [KeyHint(N_("pick a row, see how it is reckoned"), "Up+Down", keys_first=True)]
        facts = (
            (N_("Open the account"), "Return", self.open_current),
            (N_("Adjust, split, merge"), "Ctrl+L", self.adjust_current),
            (N_("Export the preview"), "Ctrl+E", self.ask_export),
            (N_("Offsets made"), "Ctrl+O", self.show_offsets),
        )
        for message, keys, act in facts:
            hint = KeyHint(message, keys, keys_first=True)
            hint.clicked.connect(act)
            hints.append(hint)
        self._foot = KeyRow(hints, undo)
        return self._foot

    def _connect(self) -> None:
        self.choices.changed.connect(self.load)
        self.choices.submitted.connect(self.start_billing)
        self.choices.offset_chosen.connect(self._on_offset_chosen)
        self.table.opened.connect(self._open)
        self.progress.cancel_asked.connect(self._on_cancel)
        facts = (
            ("Ctrl+Return", N_("Bill the month"), self.start_billing),
            ("Ctrl+U", N_("Take the month back"), self.ask_undo),
            ("Ctrl+L", N_("Adjust, split, merge"), self.adjust_current),
            ("Ctrl+E", N_("Export the preview"), self.ask_export),
            ("Ctrl+O", N_("Offsets made"), self.show_offsets),
            ("Ctrl+F", N_("Offset prepayments now"), self.start_offset),
            ("/", N_("Filter"), self.table.filter.setFocus),
            ("Ctrl+1", N_("Changed"), lambda: self.table.tabs.choose(PreviewTab.CHANGED)),
            ("Ctrl+2", N_("Not billed"), lambda: self.table.tabs.choose(PreviewTab.SKIPPED)),
            ("Ctrl+3", N_("Everything"), lambda: self.table.tabs.choose(PreviewTab.ALL)),
            ("F5", N_("Look again"), self.load),
            ("Escape", N_("Stop, or back to the table"), self._on_escape),
        )
        for keys, message, act in facts:
            bind(self, keys, message, act, group=GROUP)

    # ---- the preview ---------------------------------------------------------------------------------------------

    def preview(self) -> BillingPreview | None:
        """What is shown now; None before the first one is worked out."""
        return self._preview

    def is_busy(self) -> bool:
        """Whether something is being worked out or posted."""
        return self._busy

    def refresh(self) -> None:
        """Works the month out anew; not over what is being posted."""
        if not self._busy or self._task is None:
            self.load()

    def load(self) -> None:
        """Works the month out in the worker; only the last one asked for is shown."""
        self._asked += 1
        asked, month, scope = self._asked, self.month.value(), self.choices.scope()
        began = perf_counter()
        self._begin(_("Working out {month}…").format(month=month), can_cancel=False)

        def work(progress: Progress) -> BillingPreview:
            return self._call.preview(month, scope, progress.report)

        def done(preview: BillingPreview) -> None:
            if asked == self._asked:
                self._took.setText(_("Worked out in {s} s").format(s=f"{perf_counter() - began:.1f}"))
                self._show(preview)

        self._worker.start(work, done=done, failed=self._on_failed, advanced=self.progress.advance)

    def _show(self, preview: BillingPreview) -> None:
        self._preview = preview
        self._end()
        self.choices.show_preview(preview)
        self.figures.show_preview(preview)
        self.table.show_preview(preview)
        self._tell_button()
        self._foot.want_last(bool(preview.runs))
        self._tell_who()

    def open_current(self) -> None:
        """Enter: the account of the row marked, at the desk."""
        row = self.table.current_row()
        if row is not None:
            self._open(row)

    def _open(self, row: PreviewRow) -> None:
        self.account_asked.emit(row.account if row.account is not None else row.unit)

    def adjust_current(self) -> None:
        """Ctrl+L: what can be done about the row's charge."""
        row = self.table.current_row()
        if row is not None and not self._busy:
            self.adjust_asked.emit(row)

    def tell(self, words: str, figure: str = "") -> None:
        """Shows what was done by a sheet, and works the month out anew."""
        self.banner.tell("good", (Span(words, "good", bold=True),), figure=figure)
        self.load()

    def _tell(self, tone: Tone, say: Callable[[], str], *, figure: str = "") -> None:
        """Words on the banner that follow the language."""
        token: Token = tone if tone in ("good", "danger") else "ink"
        self.banner.tell(tone, lambda: (Span(say(), token, bold=tone in ("good", "warn")),), figure=figure)

    # ---- billing -------------------------------------------------------------------------------------------------

    def start_billing(self) -> None:
        """Ctrl+Enter: posts what is missing, all of it or nothing."""
        preview = self._preview
        if preview is None or self._busy or not preview.due:
            return
        month, scope = preview.month, self.choices.scope()
        self._begin(_("Billing {n} charges of {month}…").format(n=f"{preview.due:,}", month=month))

        def work(progress: Progress) -> PeriodBilled:
            return self._call.bill(month, scope, progress.report)

        self._start(work, self._on_billed)

    def _on_billed(self, done: PeriodBilled) -> None:
        offset = self.choices.wants_offset()
        self._end()

        def words() -> str:
            return _("{month} is billed: {n} charges. ").format(month=done.period, n=f"{done.posted:,}")

        self._tell("good", words, figure=f"¥ {format_amount(done.total)}")
        self.billed.emit(done)
        if offset:
            self._offset(words)
        else:
            self.load()

    def start_offset(self) -> None:
        """Ctrl+F: prepayments settle what they can, now."""
        if self._preview is not None and not self._busy:
            self._offset(str)

    def _offset(self, before: Callable[[], str]) -> None:
        self._begin(_("Offsetting prepayments…"))

        def work(progress: Progress) -> PrepaymentsOffset:
            return self._call.offset(progress.report)

        def done(made: PrepaymentsOffset) -> None:
            self._end()

            def words() -> str:
                return before() + _("Prepayments settled charges of {n} homes. ").format(n=f"{made.accounts:,}")

            self._tell("good", words, figure=f"¥ {format_amount(made.total)}")
            self.offset.emit(made)
            self.load()

        self._start(work, done, stopped=N_("Stopped: the accounts offset so far stay so, the others were not touched."))

    def ask_undo(self) -> None:
        """Ctrl+U: asks why."""
        preview = self._preview
        if preview is None or self._busy:
            return
        if not preview.runs:
            month = preview.month
            self._tell("plain", lambda: _("{month} has not been billed here.").format(month=month))
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
        self._begin(_("Taking {month} back…").format(month=month), can_cancel=False)

        def work(_progress: Progress) -> BillingUndone:
            return self._call.undo(month, reason)

        self._start(work, self._on_undone)

    def _on_undone(self, done: BillingUndone) -> None:
        self._end()

        def words() -> str:
            text = _("{month} is taken back: {n} charges cancelled. ")
            return text.format(month=done.period, n=f"{done.cancelled:,}")

        self._tell("warn", words, figure=f"¥ {format_amount(done.total)}")
        self.undone.emit(done)
        self.load()

    # ---- prepayments, export -------------------------------------------------------------------------------------

    def _on_offset_chosen(self, wanted: bool) -> None:
        """The tick is the ledger's rule, kept for the next month too."""
        try:
            rule, _items = self._call.offset_choices()
            self._call.keep_rule(OffsetRule(wanted, rule.items))
        except FeedeskError as error:
            self.choices.offset.setChecked(not wanted)
            self._tell("danger", partial(str, error))

    def show_offsets(self) -> None:
        """Ctrl+O: the offsets made, each can be taken back."""
        if self._busy:
            return
        call = self._call
        functions = OffsetsFunctions(call.offsets, call.take_offset_back, call.offset_choices, call.keep_rule)
        sheet = OffsetsSheet(self.window(), functions)
        sheet.rule_changed.connect(self.load)
        sheet.taken_back.connect(self._on_offset_taken_back)
        sheet.ask()

    def _on_offset_taken_back(self, done: OffsetTakenBack) -> None:
        self.offset.emit(done)
        self.load()

    def ask_export(self) -> None:
        """Ctrl+E: where to."""
        preview = self._preview
        if preview is None:
            return
        name = str(Path.home() / _("Bills {month} preview.xlsx").format(month=preview.month))
        path, _kind = QFileDialog.getSaveFileName(self, _("Export the preview"), name, _("Excel workbooks (*.xlsx)"))
        if path:
            self.export(Path(path))

    def export(self, path: Path) -> None:
        """Writes the preview and opens it."""
        preview = self._preview
        if preview is None or self._busy:
            return
        self._begin(_("Writing {file}…").format(file=path.name), can_cancel=False)

        def work(_progress: Progress) -> Path:
            return self._call.export(preview, path)

        def done(written: Path) -> None:
            self._end()
            self._tell("good", lambda: _("The preview lies in {where}.").format(where=written))
            self._call.open_path(written)

        self._start(work, done)

    # ---- work under way ------------------------------------------------------------------------------------------

    def _start(self, work: Callable[[Progress], object], done: Callable[..., object], *, stopped: str = "") -> None:
        def failed(error: FeedeskError) -> None:
            self._on_failed(error, stopped)

        self._task = self._worker.start(work, done=done, failed=failed, advanced=self.progress.advance)

    def _on_failed(self, error: FeedeskError, stopped: str = "") -> None:
        self._end()
        if isinstance(error, Cancelled):
            message = stopped or N_("Stopped: nothing was posted, everything is as it was before.")
            self._tell("warn", lambda: _(message))
            self.load()
            return
        self._tell("danger", partial(str, error))

    def _begin(self, words: str, *, can_cancel: bool = True) -> None:
        self._busy = True
        self.progress.begin(words, can_cancel=can_cancel)
        self._tell_button()

    def _end(self) -> None:
        self._busy = False
        self._task = None
        self.progress.end()
        self._tell_button()

    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()

    def _tell_button(self) -> None:
        self.choices.show_button(self._preview.due if self._preview else 0, busy=self._busy)

    def _on_escape(self) -> None:
        if self._task is not None:
            self._task.cancel()
            return
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

    def _tell_who(self) -> None:
        day = _("Billed on {day}").format(day=self._preview.day) if self._preview is not None else ""
        self._right_words.set_spans(
            (Span(f"{day}  " if day else "", "ink_2"), Span(_("Billed by ")), Span(self._call.actor(), bold=True))
        )

    def retranslate(self) -> None:
        self.choices.retranslate(self._call.today())
        self._tell_who()
        self.figures.retranslate()
        self.table.retranslate()
        self._tell_button()
        self.bars_changed.emit()

    def relayout(self) -> None:
        """The choices at the left, narrower in a small window."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._row.setSpacing(gap)
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._strip_row.setContentsMargins(14, 0, 14, 8)
        self.choices.relayout()
        self._foot.setFixedHeight(30 if compact else 41)
        self.table.relayout()
