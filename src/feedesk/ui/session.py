"""A cashier at a till on an open ledger: who acts, where slips are printed, and what the frame tells about it all.

The pages are made in `ui.session_pages`; they know neither each other nor the window. After each act one signal tells
what kinds of thing changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from feedesk.config import Config, PrinterProfile
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import TRAINING_CASHIER
from feedesk.queries.desk import OpenShift, community_name, open_shift_at
from feedesk.queries.receipts import receipts_of_day
from feedesk.queries.search import build_index
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.clock_watch import ClockWatch
from feedesk.ui.customer_display import CustomerDisplay
from feedesk.ui.gatekeeper import Gatekeeper
from feedesk.ui.idle import IdleCheckpoint
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.open_ledger import OpenLedger
from feedesk.ui.pages.desk.page import GROUP as DESK
from feedesk.ui.pages.desk.shift_work import ShiftWork
from feedesk.ui.pages.desk.work import DeskWork
from feedesk.ui.print_desk import LooseSlip, PrintDesk, PrinterFacts, slips_folder
from feedesk.ui.session_pages import SessionPages, Surroundings
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.status_line import StatusFact

if TYPE_CHECKING:
    from feedesk.ledger.verify import Verification
    from feedesk.ui.slip_window import SlipWindow


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session starts from: the till, who sat here last, and on a training ledger perhaps another day."""

    till: int = 1
    staff: str = ""
    today: date | None = None


class Session(QObject):
    """Made by the composition once the ledger is open; `close` ends the print worker.

    `seated` carries name and till when somebody opens a shift, `folder_chosen` where day summaries go from now on,
    `slips_shown` whether the built-in printer's paper is to be seen beside the desk.
    """

    seated = Signal(str, int)
    folder_chosen = Signal(object)
    slips_shown = Signal(bool)

    def __init__(
        self, ledger: OpenLedger, config: Config, window: MainWindow, worker: Worker, facts: SessionFacts
    ) -> None:
        super().__init__(window)
        self.ledger = ledger
        self.till = facts.till
        self.changes = Changes(self)
        self._window, self._worker = window, worker
        self._today = facts.today if ledger.training else None
        self._actor = self._first_actor(facts.staff)
        self._config = config
        self._asked_about_slips = self._is_printer_shown = self._has_begun = self._slips_were_shown = False
        self._verified: tuple[Verification, datetime] | None = None
        self.desk_work = DeskWork(self.workplace, self.till)
        self._signed_in = ""
        self.shift_work = ShiftWork(self.workplace, self.till, self.sit_down, self._has_signed_in)
        self._pages = SessionPages(
            Surroundings(
                window=window,
                worker=worker,
                changes=self.changes,
                workplace=self.workplace,
                wake=self._wake_printer,
                print_loose=self._print_loose,
                keep_folder=self.folder_chosen.emit,
                export_folder=Path(config.export_folder) if config.export_folder else None,
                training=ledger.training,
            ),
            self.desk_work,
            self.shift_work,
        )
        self.gates = Gatekeeper(window, self.workplace, lambda: ledger.community, group=DESK)
        self.clock = ClockWatch(window, self.workplace, lambda: self.till, training=ledger.training)
        self.gates.warning = self.clock.sentence
        self.gates.seated.connect(self._on_seated)
        self.gates.closed.connect(self._hide_slips)
        self.gates.opened.connect(self._show_slips_again)
        window.top_bar.lock.clicked.connect(self.gates.lock)
        self.customer = CustomerDisplay(window, config.customer, self.gates, self._community)
        self.print_desk = self._make_print_desk()
        self._slips: SlipWindow | None = None
        self.changes.happened.connect(self._on_changed)
        self.changes.happened.connect(IdleCheckpoint(ledger.database, worker, self).wake)
        appearance().language_changed.connect(self._retranslate)
        here = Qt.ShortcutContext.WindowShortcut
        bind(window, "F9", N_("Show the built-in printer's slips"), self.toggle_slips, group=DESK, context=here)

    def start(self) -> None:
        """Shows who sits here, starts the print worker, builds the search index and checks the ledger beside it."""
        self.show_shift()
        self.gates.lock_after(self._config.lock_after_minutes)
        if self.ledger.training:
            self._begin()
        else:  # nobody acts on a real ledger, not even by printing, before somebody has signed in
            name, self._actor = self._actor, ""
            self.gates.ask_who(name)
        QTimer.singleShot(0, self, self._index)
        QTimer.singleShot(0, self, self._verify)

    def _begin(self) -> None:
        self._has_begun = True
        self.print_desk.start()
        if self._config.show_virtual_printer:
            self.toggle_slips()
        self.customer.begin()

    def _community(self) -> str:
        return self.workplace().read(community_name)

    def close(self) -> None:
        """Waits for the slip at hand."""
        appearance().language_changed.disconnect(self._retranslate)
        self.gates.lock_after(0)
        self.customer.close()
        self.print_desk.stop()
        if self._slips is not None:
            self._slips.hide()

    def use_printer(self, profile: PrinterProfile) -> None:
        """Slips go to another printer, at whichever till somebody sits down."""
        self._config = replace(self._config, printer=profile)
        self.print_desk.use(profile)

    def toggle_slips(self) -> None:
        """F9: the built-in printer's paper beside the desk, or away again."""
        if self._slips is None:
            from feedesk.ui.slip_window import SlipWindow

            self._slips = SlipWindow(self._window)
            self._slips.dismissed.connect(self._on_slips_dismissed)
            pictures = sorted(slips_folder().glob("*.png"))
            if pictures:
                self._slips.show_slip(pictures[-1])
        if self._slips.isVisible():
            self._slips.hide()
        else:
            self._slips.place()
            self._slips.show()
        self.slips_shown.emit(self._slips.isVisible())

    def _on_slips_dismissed(self) -> None:
        self.slips_shown.emit(False)

    def _on_slip_kept(self, picture: Path) -> None:
        if self._slips is not None:
            self._slips.show_slip(picture)

    def workplace(self) -> Workplace:
        """Who acts now, on which day."""
        return Workplace(self.ledger.database, self._actor, today=self._today)

    def shift(self) -> OpenShift | None:
        """The shift open at this till."""
        return self.workplace().read(open_shift_at, till=self.till)

    def till_key(self) -> int:
        """The key of this till."""
        from feedesk.queries.desk import till_id

        return self.workplace().read(till_id, till=self.till)

    def lock_after(self, minutes: int) -> None:
        """Locks the window when nobody touched it for so long; 0: never by itself."""
        self.gates.lock_after(minutes)

    def _has_signed_in(self, name: str) -> bool:
        return name == self._signed_in

    def _on_seated(self, name: str) -> None:
        """Somebody came through the gate."""
        self._signed_in = name
        self.act_as(name)
        if not self._has_begun:
            self._begin()
        self.changes.tell(Changed.SHIFTS)
        self.clock.tell()

    def _hide_slips(self) -> None:
        self._slips_were_shown = self._slips is not None and self._slips.isVisible()
        if self._slips is not None:
            self._slips.hide()

    def _show_slips_again(self) -> None:
        if self._slips_were_shown and self._slips is not None:
            self._slips.show()

    def act_as(self, name: str) -> None:
        """Somebody else sits down (whoever has a password has given it)."""
        self._actor = name
        self.show_shift()

    def sit_down(self, name: str, till: int) -> None:
        """Somebody opened a shift, perhaps at another till: slips go to that till's queue from now on."""
        if till != self.till:
            self.till = till
            self._pages.move_to(till)
            self.print_desk.stop()
            self.print_desk = self._make_print_desk()
            self.print_desk.start()
        self.act_as(name)
        self.seated.emit(name, till)

    def _make_print_desk(self) -> PrintDesk:
        made = PrintDesk(self.workplace, self.till_key(), self._config.printer)
        made.facts_changed.connect(self._on_printer)
        made.slip_done.connect(self._on_slip)
        made.slip_kept.connect(self._on_slip_kept)
        return made

    def _first_actor(self, wanted: str) -> str:
        shift = Workplace(self.ledger.database, "").read(open_shift_at, till=self.till)
        names = [member.name for member in self.ledger.staff]
        for name in (shift.cashier if shift else "", wanted, TRAINING_CASHIER if self.ledger.training else ""):
            if name in names:
                return name
        return names[0] if names else ""

    def page_factories(self) -> list[PageFactory]:
        """The pages of an open ledger."""
        return self._pages.factories()

    def _wake_printer(self) -> None:
        self.print_desk.wake()

    def _print_loose(self, slip: LooseSlip) -> None:
        self.print_desk.print_loose(slip)

    # ---- the frame -----------------------------------------------------------------------------------------------

    def show_shift(self) -> None:
        """Who sits here since when, in the top bar; how many payments the day has, in the status line."""
        shift = self.shift()
        spans: tuple[Span, ...]
        if shift is None:
            spans = (Span(_("{name} · no shift open").format(name=self._actor), "ink_2"),)
        else:
            words = _(" · {till} · shift since {time}")
            if shift.cashier != self._actor:
                words = _(" · {till} · {cashier}'s shift since {time}")
            since = words.format(till=shift.till_name, time=shift.opened_at.strftime("%H:%M"), cashier=shift.cashier)
            spans = (Span(_("Cashier ")), Span(self._actor or shift.cashier, bold=True), Span(since))
            if shift.business_date != self.workplace().business_date():
                day = _(" · booked on {day}").format(day=shift.business_date.isoformat())
                spans = (*spans, Span(day, "warn", bold=True))
        self._window.top_bar.set_session(spans)
        self.clock.refresh()
        count, _total = self.workplace().read(receipts_of_day, on=self.workplace().business_date())
        # Sums would tell a blind count what the drawer holds; the number of payments does not.
        words = _("Today {n} payments").format(n=count)
        self._window.status_line.set_fact(StatusFact("today", words))

    def _retranslate(self) -> None:
        self.show_shift()
        self._tell_verified()
        self.print_desk.wake()

    def _on_changed(self, kinds: frozenset[Changed]) -> None:
        if Changed.RECORDS in kinds:
            self._window.top_bar.set_community(self.workplace().read(community_name))
            self.desk_work.use_index(None)
            self._index()
        self.show_shift()

    def _on_slip(self, _job: int, _state: str) -> None:
        self.changes.tell(Changed.PRINT_JOBS)

    def _on_printer(self, facts: PrinterFacts) -> None:
        if facts.uncertain:
            words = _("{n} slips uncertain: say whether they came out").format(n=facts.uncertain)
        elif facts.waiting and not facts.ready:
            words = _("{n} slips waiting: {status}").format(n=facts.waiting, status=facts.sentence)
        else:
            words = facts.sentence
        well = facts.ready and not facts.uncertain
        fact = StatusFact("printer", words, "dot" if well else "warn", usable=bool(facts.uncertain))
        button = self._window.status_line.set_fact(fact)
        if not self._is_printer_shown:
            self._is_printer_shown = True
            button.clicked.connect(self._pages.show_slips)
        if facts.uncertain and not self._asked_about_slips:
            QTimer.singleShot(0, self, self._pages.show_slips)
        # Only what a crash left behind is asked at once. Later a sheet would take the keyboard from a cashier who is
        # typing an amount, whose digits would then answer it: the status line leads there instead.
        self._asked_about_slips = True

    # ---- beside the window -----------------------------------------------------------------------------------------

    def _index(self) -> None:
        today = self.workplace().business_date()
        self._beside(lambda: self.workplace().read(build_index, on=today), self.desk_work.use_index)

    def _verify(self) -> None:
        def work() -> "Verification":
            from feedesk.queries.verification import verify_everything  # modules the desk need not wait for

            return self.workplace().read(verify_everything)

        self._beside(work, self._on_verified)

    def _on_verified(self, result: "Verification") -> None:
        self._verified = (result, datetime.now().astimezone())
        self._tell_verified()

    def _tell_verified(self) -> None:
        if self._verified is None:
            return
        result, at = self._verified
        if result.ok:
            fact = StatusFact("ledger", _("Ledger verified {time}").format(time=at.strftime("%H:%M")), "dot")
        else:
            words = _("Ledger check found {n} problems: call your supervisor").format(n=len(result.problems))
            fact = StatusFact("ledger", words, "danger")
        self._window.status_line.set_fact(fact)

    def _beside(self, work: Callable[[], object], done: Callable[..., object]) -> None:
        def run(_progress: Progress) -> object:
            return work()

        def refused(error: Exception) -> None:
            self._window.status_line.set_fact(StatusFact("ledger", str(error), "danger"))

        self._worker.start(run, done=done, failed=refused)
