"""The day close (日结): open items, the drawer counted blind, the shift handed over, the day locked and exported.

One key leads through it: Enter. What cannot be undone (handing over, locking) asks once and names the amounts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from feedesk.errors import FeedeskError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.banking import CashPaidIn
from feedesk.ops.closing import DayClosed, DayReopened
from feedesk.ops.drawer import CashMoved
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.ops.shifts import ShiftClosed
from feedesk.queries.closing_view import ClosingView
from feedesk.queries.transit import CashToPayIn
from feedesk.rules.channel_check import ChannelCheck
from feedesk.rules.drawer import Movement
from feedesk.rules.variance import Cause
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.pages.dayclose.bank_sheet import BankSheet, Slip
from feedesk.ui.pages.dayclose.causes_sheet import CausesSheet
from feedesk.ui.pages.dayclose.channel_panel import ChannelPanel
from feedesk.ui.pages.dayclose.count_panel import CountPanel, over_short_words
from feedesk.ui.pages.dayclose.drawer_sheet import NAMES, DrawerSheet
from feedesk.ui.pages.dayclose.lock_panel import Fact, LockPanel, MessagePanel
from feedesk.ui.pages.dayclose.open_items import ItemKind, OpenItem, open_items
from feedesk.ui.pages.dayclose.reopen_sheet import ReopenSheet
from feedesk.ui.pages.dayclose.rows import add_known, total_line
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT, DONE, LOCK, OPEN_ITEMS, TakingsCard
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.banner import Banner
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span

GROUP: Final = N_("Day close")


@dataclass(frozen=True, slots=True)
class DayCloseFunctions:
    """What the page calls. ``view`` reads a day (None: the one to close next) with a shift that has been counted;
    ``close_day`` and ``export`` may take a while and run in the worker, so they must not touch the window.
    """

    view: Callable[[date | None, int | None], ClosingView]
    count: Callable[[Mapping[str, int]], DrawerCounted]
    close_shift: Callable[[Mapping[str, int]], ShiftClosed]
    causes: Callable[[int, Fen], Sequence[Cause]]
    move_cash: Callable[[Movement, Fen, str], CashMoved]
    reopen: Callable[[date, str], DayReopened]
    to_pay_in: Callable[[], CashToPayIn]
    pay_in: Callable[[Slip], CashPaidIn]
    close_day: Callable[[date, Mapping[str, Fen]], DayClosed]
    export: Callable[[date], Path]
    summary_path: Callable[[date], Path]
    choose_folder: Callable[[Path], object]
    open_path: Callable[[Path], object]


class DayClosePage(Page):
    """`shift_closed` and `day_closed` tell what was done; `slips_asked` and `desk_asked` lead elsewhere."""

    shift_closed = Signal(object)
    day_closed = Signal(object)
    day_reopened = Signal(object)
    slips_asked = Signal()
    desk_asked = Signal()

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
        self.takings.item_asked.connect(self._on_item)
        self.takings.slip_asked.connect(self._on_slip_asked)
        self.message.acted.connect(self._on_go_on)
        self.count.counted.connect(self._on_counted)
        self.count.recounting.connect(self._show)
        self.count.close_asked.connect(self._on_close_asked)
        self.count.causes_asked.connect(self._on_causes_asked)
        self.channels.compared.connect(self._on_compared)
        self.lock.lock_asked.connect(self._on_lock_asked)
        self.lock.reopen_asked.connect(self._on_reopen_asked)
        self.lock.export_asked.connect(self._on_export)
        self.lock.folder_asked.connect(self._on_folder)
        self.lock.open_asked.connect(lambda: self._call.open_path(self._path()))
        self.lock.show_folder_asked.connect(lambda: self._call.open_path(self._path().parent))

    def _bind(self) -> None:
        facts = (
            ("Ctrl+1", N_("Open items"), lambda: self.go_to_step(OPEN_ITEMS)),
            ("Ctrl+2", N_("Count the cash"), lambda: self.go_to_step(COUNT)),
            ("Ctrl+3", N_("Check the channels"), lambda: self.go_to_step(CHANNELS)),
            ("Ctrl+4", N_("Lock and export"), lambda: self.go_to_step(LOCK)),
            ("Ctrl+M", N_("Petty cash, change money"), self._on_drawer_asked),
            ("Ctrl+B", N_("Cash paid into the bank"), self._on_slip_asked),
            ("Ctrl+E", N_("Other folder"), self._on_folder),
            ("Ctrl+O", N_("Open folder"), lambda: self._call.open_path(self._path().parent)),
            ("Ctrl+S", N_("Write again"), self._on_export_again),
            ("Ctrl+U", N_("Open the day again"), self._on_reopen_asked),
        )
        for keys, message, act in facts:
            here = Qt.ShortcutContext.WidgetWithChildrenShortcut
            bind(self, keys, message, act, group=GROUP, context=here)

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Reads the day anew; a count under way stays, the books it showed do not."""
        self.count.hide_books()
        if self._view is None or self._view.closed is not None:
            self._day = None
        self._show()

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
        items = open_items(view)
        pressing = any(item.kind is not ItemKind.WAITING for item in items)  # a slip being printed keeps nobody
        if self._step is None and pressing and view.closed is None:
            self._step = OPEN_ITEMS
        fitting = self._fitting_step(view)
        back = self._step == OPEN_ITEMS or (self._step == CHANNELS and fitting == LOCK and view.closed is None)
        step = self._step if back and self._step is not None else fitting
        self.takings.show_view(view, items, DONE if step == LOCK and view.closed else step)
        self._show_panel(view, step, bool(items))
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

    def _show_panel(self, view: ClosingView, step: int, has_items: bool) -> None:
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
            self._tell_message(view, has_items)
            self._panels.setCurrentWidget(self.message)

    def _tell_message(self, view: ClosingView, has_items: bool) -> None:
        fitting = self._fitting_step(view)
        if fitting == COUNT:
            title = _("Still open before closing") if has_items else _("Nothing is open")
            words = _("See to what is on the left, or go on: none of it keeps you from counting.")
            self.message.tell(title, words if has_items else "", _("Go on counting"))
        elif fitting in (CHANNELS, LOCK):
            title = _("Still open before closing") if has_items else _("Nothing is open")
            onward = _("Go on to the channels") if fitting == CHANNELS else _("Go on to locking")
            self.message.tell(title, "", onward)
        elif view.others_open:
            title = _("Another shift is still open")
            words = _("{day} can be locked when every till has been handed over.").format(day=view.day.isoformat())
            self.message.tell(title, words, _("Look again"))
        else:
            title = _("No shift on {day}").format(day=view.day.isoformat())
            words = _("Nobody has opened a shift, so there is nothing to count and nothing to lock.")
            self.message.tell(title, words, _("Open a shift"))

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

    def _on_item(self, item: OpenItem) -> None:
        if item.kind is ItemKind.EARLIER_DAY:
            self._day, self._step = item.day, None
            self._show()
            self.take_focus()
        elif item.kind is ItemKind.UNCERTAIN:
            self.slips_asked.emit()

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

    def _on_drawer_asked(self) -> None:
        view = self._view
        if view is None or view.own is None:
            self.banner.tell("warn", (Span(_("No shift is open at this till, so there is no drawer."), "warn"),))
            return
        sheet = DrawerSheet(self.window(), self._call.move_cash)
        sheet.moved.connect(self._on_cash_moved)
        sheet.ask()

    def _on_cash_moved(self, done: CashMoved) -> None:
        words = _("{what}: {amount} booked, {left} of the float is left in the drawer.").format(
            what=_(NAMES[done.kind]), amount=format_amount(done.amount), left=format_amount(done.float_left)
        )
        self.banner.tell("good", (Span(words, "good"),))
        self.refresh()
        self.take_focus()

    def _on_slip_asked(self) -> None:
        view = self._view
        transit = self._call.to_pay_in()
        if view is None or transit.first_day is None:
            self.banner.tell("good", (Span(_("No counted cash is on its way to the bank."), "ink_2"),))
            return
        sheet = BankSheet(self.window(), transit, view.today, self._call.pay_in)
        sheet.paid_in.connect(self._on_paid_in)
        sheet.ask()

    def _on_paid_in(self, done: CashPaidIn) -> None:
        words = _("Slip {slip} is entered: {amount} at the bank, {left} still on its way.").format(
            slip=done.slip, amount=format_amount(done.amount), left=format_amount(done.left)
        )
        self.banner.tell("good", (Span(words, "good"),))
        self._show()
        self.take_focus()

    def _on_causes_asked(self) -> None:
        seen = self.count.seen()
        if seen is None:
            return
        causes = self._call.causes(seen.shift, seen.over_short)
        words, _tone = over_short_words(seen.over_short)
        if causes:
            CausesSheet(self.window(), _("What may explain: {words}").format(words=words), causes).ask()
        else:
            self.count.refuse(_("No receipt or note explains just this difference: count once more."))

    def _on_close_asked(self) -> None:
        seen = self.count.seen()
        if seen is None:
            return
        difference, _tone = over_short_words(seen.over_short)
        words = _("Expected {expected} · {difference}").format(
            expected=format_amount(seen.expected), difference=difference
        )
        after = _("After that nothing more can be taken or voided in this shift.")
        sheet = ConfirmSheet(
            self.window(),
            question=_("Hand over this shift with the cash counted?"),
            act=_("Hand over the shift"),
            amount=f"¥ {format_amount(seen.counted)}",
            explanation=f"{words}\n{after}",
        )
        sheet.confirmed.connect(self._on_close_confirmed)
        sheet.ask()

    def _on_close_confirmed(self) -> None:
        try:
            done = self._call.close_shift(self.count.counts())
        except FeedeskError as error:
            self.count.refuse(str(error))
            self.count.take_focus()
            return
        self.count.clear()
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
        self.day_closed.emit(done)
        self._on_export()

    def _on_reopen_asked(self) -> None:
        view = self._view
        if view is None or view.closed is None:
            return
        sheet = ReopenSheet(self.window(), day=view.day.isoformat(), version=view.closed.version)
        sheet.confirmed.connect(self._on_reopen_confirmed)
        sheet.ask()

    def _on_reopen_confirmed(self, reason: str) -> None:
        view = self._view
        if view is None:
            return
        try:
            done = self._call.reopen(view.day, reason)
        except FeedeskError as error:
            self.lock.tell(str(error), "danger")
            return
        self._day, self._step, self._reported = done.date, None, None
        words = _("{day} is open again: version {version} of its summary no longer stands.")
        told = words.format(day=done.date.isoformat(), version=done.version)
        self._show()
        self.banner.tell("warn", (Span(told, "warn"),))
        self.take_focus()
        self.day_reopened.emit(done)

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


def lock_facts(view: ClosingView) -> list[Fact]:
    """What is read once more before a day is locked: cash, what was paid from prepayments, receipts, each shift."""
    total = total_line(view)
    cash = add_known(total.amounts.get(one.code, ZERO) for one in view.tenders if one.kind == "cash") or ZERO
    prepaid = add_known(total.amounts.get(one.code, ZERO) for one in view.tenders if one.kind == "prepaid") or ZERO
    facts: list[Fact] = [(_("of it in cash"), format_amount(cash), "ink")]
    if prepaid:
        facts.append((_("of it from prepayments"), format_amount(prepaid), "ink"))
    issued = view.receipts
    counts = _("{n} issued, {voids} voided").format(n=issued.count, voids=issued.voids)
    facts.append((_("Receipts"), counts, "danger" if issued.gaps else "ink"))
    for number, shift in enumerate(view.shifts, 1):
        if shift.over_short is not None:
            words, tone = over_short_words(shift.over_short)
            facts.append((_("Shift {n} {cashier}").format(n=number, cashier=shift.cashier), words, tone))
    over = Fen(sum(shift.over_short or 0 for shift in view.shifts))
    if len(view.shifts) > 1:
        words, tone = over_short_words(over)
        facts.append((_("Over or short, in all"), words, tone))
    return facts


def channel_facts(channels: Sequence[ChannelCheck], reported: Mapping[str, Fen]) -> list[Fact]:
    """The channels that were compared, with what they report more or less than was booked."""
    facts: list[Fact] = []
    for one in channels:
        check = one if one.reported is not None else replace(one, reported=reported.get(one.code))
        if check.difference is not None:
            agrees = not check.difference
            words = _("agrees") if agrees else f"{format_amount(check.difference)}"
            facts.append((_("{name} reported").format(name=one.name), words, "good" if agrees else "danger"))
    return facts
