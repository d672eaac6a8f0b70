"""The day close (日结): open items, the drawer counted blind, the shift handed over, the day locked and exported.

One key leads through it: Enter. What cannot be undone (handing over, locking) asks once and names the amounts.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.closing import DayClosed, DayReopened
from feedesk.queries.closing_view import ClosingView
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.pages.dayclose.channel_panel import ChannelPanel
from feedesk.ui.pages.dayclose.close_sheet import ask_to_close
from feedesk.ui.pages.dayclose.count_panel import CountPanel, over_short_words
from feedesk.ui.pages.dayclose.cures import Cures
from feedesk.ui.pages.dayclose.facts import channel_facts, lock_facts
from feedesk.ui.pages.dayclose.functions import DayCloseFunctions
from feedesk.ui.pages.dayclose.lock_panel import LockPanel, MessagePanel
from feedesk.ui.pages.dayclose.onward_words import onward_words
from feedesk.ui.pages.dayclose.open_items import OpenItem, open_items
from feedesk.ui.pages.dayclose.papers import ShiftPapers
from feedesk.ui.pages.dayclose.rows import total_line
from feedesk.ui.pages.dayclose.sheets import DayCloseSheets
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT, DONE, LOCK, OPEN_ITEMS, TakingsCard
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.tokens import Token
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span, Tone

GROUP: Final = N_("Day close")
_TONES: Final[dict[str, Tone]] = {"good": "good", "warn": "warn", "danger": "danger"}
_TOKENS: Final[dict[str, Token]] = {"good": "good", "warn": "warn", "danger": "danger"}


class DayClosePage(Page):
    """`shift_closed` and `day_closed` tell what was done; `slips_asked` and `desk_asked` lead elsewhere.

    `account_asked` leads to an account at the desk, `act_asked` to one of the desk's acts (Ctrl+K).
    """

    shift_closed = Signal(object)
    day_closed = Signal(object)
    day_reopened = Signal(object)
    slips_asked = Signal()
    desk_asked = Signal()
    account_asked = Signal(object)
    act_asked = Signal(str)

    def __init__(self, functions: DayCloseFunctions, worker: Worker) -> None:
        super().__init__()
        self._call = functions
        self._worker = worker
        self._view: ClosingView | None = None
        self._day: date | None = None
        self._step: int | None = None
        self._reported: dict[str, Fen] | None = None
        self.banner = Banner()
        self.takings = TakingsCard()
        self.count = CountPanel()
        self.channels = ChannelPanel()
        self.lock = LockPanel()
        self.message = MessagePanel()
        self.sheets = DayCloseSheets(self, functions)
        self.papers = ShiftPapers(self, functions)
        self.cures = Cures(self, functions, worker)
        self._file_words = Label("", "caption", tone="ink_2")
        self._file_words.setParent(self)
        self._file_words.hide()
        self._build()
        self._connect()
        self._bind()
        self.finish()

    def _build(self) -> None:
        right = QWidget()
        self._panels = QStackedLayout(right)
        for panel in (self.message, self.count, self.channels, self.lock):
            self._panels.addWidget(panel)
        self._right = right
        self._row = QHBoxLayout()
        self._row.addWidget(self.takings, 1)
        self._row.addWidget(right)
        self._outer = QVBoxLayout(self)
        self._outer.addWidget(self.banner)
        self._outer.addLayout(self._row, 1)

    def _connect(self) -> None:
        self.takings.step_asked.connect(self.go_to_step)
        self.takings.item_asked.connect(self.cures.go)
        self.takings.left.connect(self.take_focus)
        self.takings.x_report_asked.connect(self.papers.show_x)
        self.takings.hand_over_asked.connect(self._print_hand_over)
        self._connect_cures()
        self.papers.told.connect(self._say)
        self.takings.slip_asked.connect(self._show_slip)
        self.message.acted.connect(self._on_go_on)
        self.count.counted.connect(self._on_counted)
        self.count.recounting.connect(self._show)
        self.count.close_asked.connect(self._on_close_asked)
        self.count.causes_asked.connect(self._on_causes_asked)
        self.sheets.told.connect(self._on_told)
        self.sheets.reopened.connect(self._on_reopened)
        self.channels.compared.connect(self._on_compared)
        self.lock.lock_asked.connect(self._on_lock_asked)
        self.lock.reopen_asked.connect(self._show_reopening)
        self.lock.export_asked.connect(self._on_export)
        self.lock.folder_asked.connect(self._on_folder)
        self.lock.open_asked.connect(lambda: self._call.open_path(self._path()))
        self.lock.show_folder_asked.connect(lambda: self._call.open_path(self._path().parent))

    def _connect_cures(self) -> None:
        cures = self.cures
        cures.told.connect(self._on_told)
        cures.day_asked.connect(self._go_to_day)
        cures.step_asked.connect(self.go_to_step)
        cures.drawer_asked.connect(self._count_other_drawer)
        cures.slip_asked.connect(self._show_slip)
        cures.slips_asked.connect(self.slips_asked)
        cures.account_asked.connect(self.account_asked)
        cures.act_asked.connect(self.act_asked)

    def _bind(self) -> None:
        facts = (
            ("Ctrl+1", N_("Open items"), lambda: self.go_to_step(OPEN_ITEMS)),
            ("Ctrl+2", N_("Count the cash"), lambda: self.go_to_step(COUNT)),
            ("Ctrl+3", N_("Check the channels"), lambda: self.go_to_step(CHANNELS)),
            ("Ctrl+4", N_("Lock and export"), lambda: self.go_to_step(LOCK)),
            ("Ctrl+M", N_("Petty cash, change money"), self._show_drawer),
            ("Ctrl+B", N_("Cash paid into the bank"), self._show_slip),
            ("Ctrl+T", N_("X report"), self.papers.show_x),
            ("Ctrl+P", N_("Print the hand-over slip again"), self._print_hand_over),
            ("Ctrl+E", N_("Other folder"), self._on_folder),
            ("Ctrl+O", N_("Open folder"), lambda: self._call.open_path(self._path().parent)),
            ("Ctrl+S", N_("Write again"), self._on_export_again),
            ("Ctrl+U", N_("Open the day again"), self._show_reopening),
        )
        for keys, message, act in facts:
            here = Qt.ShortcutContext.WidgetWithChildrenShortcut
            bind(self, keys, message, act, group=GROUP, context=here)

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the day anew; a count under way stays, the books it showed and what was told before do not."""
        self.banner.hide()
        self.count.hide_books()
        if self._view is None or self._view.closed is not None:
            self._day = None
        self._show()

    def look_again(self) -> None:
        """Something changed while the open items are looked at."""
        if self._view is not None and self.step() == OPEN_ITEMS:
            self._show()

    def read_again(self, told: str = "") -> None:
        """Back from a cure: everything is read anew, with what was done, and the keyboard is at what is left."""
        if told:
            self._on_told(told, "good")
        else:
            self.refresh()
            if self.step() != OPEN_ITEMS or not self.takings.focus_items():
                self.take_focus()

    def view(self) -> ClosingView | None:
        """What is shown now."""
        return self._view

    def step(self) -> int:
        """The step shown, counted from 0; 4 when the day is locked."""
        return self.takings.steps.current()

    def reported(self) -> Mapping[str, Fen]:
        """What the channels report, as far as it was typed."""
        return self._reported or {}

    def go_to_step(self, step: int) -> None:
        """Shows a step if it can be shown now."""
        view = self._view
        if view is None:
            return
        fitting = self._fitting_step(view)
        ready = view.closed is None and fitting in (CHANNELS, LOCK)
        if step == LOCK and ready and self._reported is None:
            self._on_compared(self.channels.reported())
        elif step in (OPEN_ITEMS, fitting) or (step == CHANNELS and ready and view.channels):
            self._step = step
            self._show()
            if step != OPEN_ITEMS or not self.takings.focus_items():
                self.take_focus()

    def _show(self) -> None:
        seen = self.count.seen()
        try:
            view = self._call.view(self._day, seen.shift if seen else None)
        except FeedeskError as error:
            self.banner.tell("danger", (Span(str(error), "danger"),))
            return
        if self._view is None or view.day != self._view.day or (seen and (not view.own or view.own.id != seen.shift)):
            self.count.clear()
            self.channels.clear()
            self._step, self._reported = None, None
        self._view = view
        items = open_items(view, self._reported)
        pressing = any(item.shown_first for item in items)
        if self._step is None and pressing and view.closed is None:
            self._step = OPEN_ITEMS
        fitting = self._fitting_step(view)
        back = self._step == OPEN_ITEMS or (self._step == CHANNELS and fitting == LOCK and view.closed is None)
        step = self._step if back and self._step is not None else fitting
        self.takings.show_view(view, items, DONE if step == LOCK and view.closed else step)
        self._show_panel(view, step, items)
        self._file_words.setText(_("Export: {file}").format(file=self._path().name))
        self.bars_changed.emit()

    def _fitting_step(self, view: ClosingView) -> int:
        """Counting while this till's shift is open; when no shift is, comparing the channels used, then locking."""
        if view.own is not None:
            return COUNT
        if view.closed is not None:
            return LOCK
        if not view.shifts or view.others_open:
            return OPEN_ITEMS
        used = any(one.booked for one in view.channels)
        return CHANNELS if used and self._reported is None else LOCK

    def _show_panel(self, view: ClosingView, step: int, items: Sequence[OpenItem]) -> None:
        if step == COUNT and view.own is not None:
            who = _("Books are shown after counting") if view.blind else view.own.cashier
            self.count.show_shift(view.own_float, who)
            self._panels.setCurrentWidget(self.count)
        elif step == CHANNELS:
            self.channels.show_channels(view.channels)
            self._panels.setCurrentWidget(self.channels)
        elif step == LOCK:
            self._show_lock(view)
            self._panels.setCurrentWidget(self.lock)
        else:
            self.message.tell(*onward_words(view, items, self._fitting_step(view)))
            self._panels.setCurrentWidget(self.message)

    def _show_lock(self, view: ClosingView) -> None:
        total = total_line(view).total or ZERO
        closed = ""
        if view.closed is not None:
            closed = _("{at} by {name}").format(
                at=view.closed.closed_at[:16].replace("T", " "), name=view.closed.closed_by
            )
        path = self._path()
        facts = lock_facts(view) + channel_facts(view.channels, self._reported or {})
        self.lock.show_day(total=total, facts=facts, closed=closed, path=path, written=bool(closed) and path.exists())

    def _path(self) -> Path:
        view = self._view
        assert view is not None
        return self._call.summary_path(view.day)

    # ---- what is done --------------------------------------------------------------------------------------------

    def _go_to_day(self, day: date) -> None:
        self._day, self._step = day, None
        self._show()
        self.take_focus()

    def _count_other_drawer(self, till: int) -> None:
        """A supervisor counts the drawer of a till whose cashier is not there; the close of it leads back."""
        self._call.board.use_till(till)
        self.count.clear()
        self._step = COUNT
        self._show()
        self.take_focus()
        words = _("You are counting the drawer of till {till} here.").format(till=till)
        self._say(words, "warn")

    def _print_hand_over(self) -> None:
        if self._view is not None:
            self.papers.print_again(self._view)

    def _say(self, words: str, tone: str) -> None:
        self.banner.tell(_TONES[tone], (Span(words, _TOKENS[tone]),))

    def _on_go_on(self) -> None:
        view = self._view
        if view is None:
            return
        fitting = self._fitting_step(view)
        if fitting == OPEN_ITEMS and not view.others_open:
            self.desk_asked.emit()
            return
        self._step = None if fitting == OPEN_ITEMS else fitting
        self._show()
        self.take_focus()

    def _on_compared(self, reported: dict[str, Fen]) -> None:
        self._reported, self._step = reported, None
        self._show()
        self.take_focus()

    def _on_counted(self, counts: Mapping[str, int]) -> None:
        try:
            seen = self._call.count(counts)
        except FeedeskError as error:
            self.count.refuse(str(error))
            return
        self.count.reveal(seen)
        self._show()

    def _show_drawer(self) -> None:
        if self._view is not None:
            self.sheets.show_drawer(self._view)

    def _show_slip(self) -> None:
        if self._view is not None:
            self.sheets.show_slip(self._view)

    def _show_reopening(self) -> None:
        if self._view is not None:
            self.sheets.show_reopening(self._view)

    def _on_causes_asked(self) -> None:
        seen = self.count.seen()
        if seen is not None and not self.sheets.show_causes(seen):
            self.count.refuse(_("No receipt or note explains just this difference: count once more."))

    def _on_told(self, words: str, tone: str) -> None:
        """After cash was moved or a day opened again: everything is read anew."""
        if tone != "danger":
            self.refresh()
        self._say(words, tone)
        if self.step() != OPEN_ITEMS or not self.takings.focus_items():
            self.take_focus()

    def _on_reopened(self, done: DayReopened) -> None:
        self._view, self._day, self._step, self._reported = None, done.date, None, None
        self.day_reopened.emit(done)

    def _on_close_asked(self) -> None:
        seen = self.count.seen()
        if seen is not None:
            ask_to_close(self.window(), seen, self._on_close_confirmed)

    def _on_close_confirmed(self, reason: str) -> None:
        try:
            done = self._call.close_shift(self.count.counts(), reason)
        except FeedeskError as error:
            self.count.refuse(str(error))
            self.count.take_focus()
            return
        self.count.clear()
        self._call.board.use_till(None)
        self.papers.print_hand_over(done.shift)
        self._day, self._step = done.business_date, None
        words, tone = over_short_words(done.over_short)
        told = _("{cashier}'s shift is handed over: counted {counted}, {difference}.").format(
            cashier=done.cashier, counted=format_amount(done.counted), difference=words
        )
        self._show()
        if self._panels.currentWidget() is self.lock:
            self.lock.tell(told, tone)
        else:
            self.banner.tell("good" if tone == "good" else "warn", (Span(told, tone),))
        self.take_focus()
        self.shift_closed.emit(done)

    def _on_lock_asked(self) -> None:
        view = self._view
        if view is None:
            return
        sheet = ConfirmSheet(
            self.window(),
            question=_("Lock {day}?").format(day=view.day.isoformat()),
            act=_("Lock and export"),
            amount=f"¥ {format_amount(total_line(view).total or ZERO)}",
            explanation=_(
                "After that nothing can be booked on this day; corrections are reversals on a later day.\n"
                "The daily summary is written to {folder}."
            ).format(folder=self._path().parent),
        )
        sheet.confirmed.connect(self._on_lock_confirmed)
        sheet.ask()

    def _on_lock_confirmed(self) -> None:
        view = self._view
        if view is None:
            return
        day, self._step, reported = view.day, None, self._reported or {}
        self._day = day
        self.lock.set_busy(_("Locking {day}…").format(day=day.isoformat()))

        def work(_progress: Progress) -> DayClosed:
            return self._call.close_day(day, reported)

        self._worker.start(work, done=self._on_locked, failed=self._on_failed)

    def _on_locked(self, done: DayClosed) -> None:
        self.banner.hide()
        self.day_closed.emit(done)
        self._on_export()

    def _on_export_again(self) -> None:
        if self._view is not None and self._view.closed is not None:
            self._on_export()

    def _on_export(self) -> None:
        view = self._view
        if view is None:
            return
        day = view.day
        self.lock.set_busy(_("Writing the daily summary…"))

        def work(_progress: Progress) -> Path:
            return self._call.export(day)

        self._worker.start(work, done=self._on_written, failed=self._on_failed)

    def _on_written(self, path: Path) -> None:
        self.lock.set_busy("")
        self.lock.tell(_("Written: {file}").format(file=path.name))
        self._show()
        self.take_focus()

    def _on_failed(self, error: FeedeskError) -> None:
        self.lock.set_busy("")
        self._show()
        self.lock.tell(str(error), "danger")
        self.take_focus()

    def _on_folder(self) -> None:
        if self._view is None:
            return
        chosen = QFileDialog.getExistingDirectory(self, _("Folder of the daily summaries"), str(self._path().parent))
        if chosen:
            self.use_folder(Path(chosen))

    def use_folder(self, folder: Path) -> None:
        """Daily summaries go there from now on."""
        self._call.choose_folder(folder)
        self._show()

    # ---- the frame -----------------------------------------------------------------------------------------------

    def title(self) -> str:
        day = self._view.day if self._view else None
        return f"{_('Closing')} {day.isoformat()}" if day else _("Closing")

    def status_right(self) -> QWidget | None:
        return self._file_words

    def take_focus(self) -> None:
        shown = self._panels.currentWidget()
        if isinstance(shown, CountPanel | ChannelPanel | LockPanel | MessagePanel):
            shown.take_focus()

    def retranslate(self) -> None:
        self.takings.retranslate()
        self.count.retranslate()
        self.channels.retranslate()
        self.lock.retranslate()
        if self._view is not None:
            self._show()

    def relayout(self) -> None:
        """The takings take what the counting leaves."""
        compact = appearance().is_compact
        gap = 8 if compact else 12
        self._row.setSpacing(gap)
        self._outer.setSpacing(gap)
        self._outer.setContentsMargins(gap, gap, gap, gap)
        self._right.setFixedWidth(264 if compact else round(380 * appearance().size.body / 14))
        self.takings.relayout()
        self.count.relayout()
        self.channels.relayout()
        self.lock.relayout()
