"""A cashier at a till on an open ledger: who acts, what the pages are made of, and what the frame tells about it all.

Pages know neither each other nor the window; here their signals meet the operations, and after each act one signal
tells what kinds of thing changed.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

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
from feedesk.ui.pages.desk.page import DeskPage, Taken
from feedesk.ui.pages.desk.sheets import DeskSheets
from feedesk.ui.pages.desk.shift_work import ShiftWork
from feedesk.ui.pages.desk.work import DeskWork
from feedesk.ui.pages.page import Page
from feedesk.ui.print_desk import LooseSlip, PrintDesk, PrinterFacts, slips_folder
from feedesk.ui.shortcuts import bind
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.status_line import StatusFact

if TYPE_CHECKING:
    from feedesk.ledger.verify import Verification
    from feedesk.queries.billing_preview import PreviewRow
    from feedesk.ui.pages.dayclose.work import DayCloseWork
    from feedesk.ui.pages.records.section import Section
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
        self._sheets: DeskSheets | None = None
        self._day_close_work: DayCloseWork | None = None
        self._asked_about_slips = self._is_printer_shown = self._has_begun = self._slips_were_shown = False
        self._verified: tuple[Verification, datetime] | None = None
        self.desk_work = DeskWork(self.workplace, self.till)
        self._signed_in = ""
        self.shift_work = ShiftWork(self.workplace, self.till, self.sit_down, self._has_signed_in)
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
            self.till = self.desk_work.till = self.shift_work.till = till
            if self._day_close_work is not None:
                self._day_close_work.till = till
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

    # ---- pages ---------------------------------------------------------------------------------------------------

    def page_factories(self) -> list[PageFactory]:
        """The pages of an open ledger."""
        return [
            PageFactory("desk", self._desk_page),
            PageFactory("billing", self._billing_page),
            PageFactory("meters", self._meters_page),
            PageFactory("dayclose", self._day_close_page),
            PageFactory("records", self._records_page),
        ]

    def _desk_page(self) -> DeskPage:
        page = DeskPage(self.desk_work.functions())
        page.set_tenders(self.desk_work.tender_choices())
        page.taken.connect(self._on_taken)
        page.shortcuts_asked.connect(self._window.show_shortcuts)
        self._sheets = DeskSheets(self._window, page, self.shift_work, self.changes, self._wake_printer)
        self._sheets.print_loose = self._print_loose
        return page

    def _wake_printer(self) -> None:
        self.print_desk.wake()

    def _print_loose(self, slip: LooseSlip) -> None:
        self.print_desk.print_loose(slip)

    def _day_close_page(self) -> Page:
        from feedesk.ui.day_close_seat import Leads, day_close_page
        from feedesk.ui.pages.dayclose.work import DayCloseWork

        work = DayCloseWork(self.workplace, self.till, keep_folder=self.folder_chosen.emit, open_path=open_path)
        work.print_loose, work.wake = self._print_loose, self._wake_printer
        if self._config.export_folder:
            work.folder = Path(self._config.export_folder)
        self._day_close_work = work
        leads = Leads(self._window, self.changes, self._show_account, self._show_slips, lambda: self._sheets)
        return day_close_page(work, self._worker, leads)

    def _billing_page(self) -> Page:
        from feedesk.ui.pages.billing.page import BillingPage
        from feedesk.ui.pages.billing.work import BillingWork

        page = BillingPage(BillingWork(self.workplace, open_path).functions(), self._worker)
        page.billed.connect(self._on_charges_changed)
        page.undone.connect(self._on_charges_changed)
        page.offset.connect(self._on_offset)
        page.account_asked.connect(self._show_account)
        page.adjust_asked.connect(self._adjust_row)
        return page

    def _meters_page(self) -> Page:
        from feedesk.ui.pages.meters.page import MetersPage
        from feedesk.ui.pages.meters.tabs import meters_tabs

        page = MetersPage(meters_tabs(self.workplace, self._worker, open_path))
        page.stored.connect(self._on_charges_changed)
        return page

    def _records_page(self) -> Page:
        from feedesk.ui.pages.records.page import RecordsPage
        from feedesk.ui.pages.records.section import SectionFactory

        return RecordsPage(
            [
                SectionFactory("units", N_("Units and residents"), self._units_section),
                SectionFactory("tariffs", N_("Prices"), self._tariffs_section),
                SectionFactory("concessions", N_("Concessions"), self._concessions_section),
                SectionFactory("late_fees", N_("Late fees"), self._late_fees_section),
                SectionFactory("staff", N_("Staff"), self._staff_section),
            ]
        )

    def _units_section(self) -> "Section":
        from feedesk.ui.pages.records.units_section import UnitsSection
        from feedesk.ui.pages.records.units_work import UnitsWork

        section = UnitsSection(UnitsWork(self.workplace, open_path).functions(), self._worker)
        section.account_asked.connect(self._show_account)
        section.imported.connect(self._on_imported)
        return section

    def _staff_section(self) -> "Section":
        from feedesk.ui.pages.records.staff_section import StaffSection, staff_functions

        return StaffSection(staff_functions(self.workplace))

    def _late_fees_section(self) -> "Section":
        from feedesk.ui.pages.records.late_fees_section import LateFeesSection
        from feedesk.ui.pages.records.late_fees_work import LateFeesWork

        section = LateFeesSection(LateFeesWork(self.workplace).functions(), self._worker)
        section.changed.connect(self._on_late_fees_changed)
        return section

    def _tariffs_section(self) -> "Section":
        from feedesk.ui.pages.records.tariffs_section import TariffsSection
        from feedesk.ui.pages.records.tariffs_work import TariffsWork

        work = TariffsWork(self.workplace, open_path, training=self.ledger.training)
        if self._config.export_folder:
            work.folder = Path(self._config.export_folder)
        section = TariffsSection(work.functions(), self._worker)
        section.changed.connect(self._on_prices_changed)
        return section

    def _on_prices_changed(self) -> None:
        self.changes.tell(Changed.RECORDS)

    def _concessions_section(self) -> "Section":
        from feedesk.ui.pages.records.concessions_section import ConcessionsSection
        from feedesk.ui.pages.records.concessions_work import ConcessionsWork

        section = ConcessionsSection(ConcessionsWork(self.workplace).functions(), self._worker)
        section.account_asked.connect(self._show_account)
        return section

    def _show_account(self, account: object) -> None:
        self._window.show_page("desk")
        page = self._window.pages().get("desk")
        if isinstance(page, DeskPage):
            page.open_target(account)

    def _on_imported(self, _what: object) -> None:
        self.changes.tell(Changed.RECORDS, Changed.CHARGES)

    def _on_late_fees_changed(self) -> None:
        self.changes.tell(Changed.CHARGES)

    def _on_offset(self, _what: object) -> None:
        self.changes.tell(Changed.CHARGES, Changed.PAYMENTS)

    def _adjust_row(self, row: "PreviewRow") -> None:
        from feedesk.ui.pages.adjusting.sheet import adjust_sheet
        from feedesk.ui.pages.adjusting.work import AdjustWork
        from feedesk.ui.pages.billing.page import BillingPage

        page = self._window.pages()["billing"]
        if row.account is None or not isinstance(page, BillingPage):
            return
        work = AdjustWork(self.workplace)
        sheet = adjust_sheet(self._window, work, account=row.account, charge=row.charge, item=row.item)
        sheet.decided.connect(page.tell)
        sheet.decided.connect(self._on_charges_changed)
        sheet.ask()

    def _on_charges_changed(self, _what: object) -> None:
        self.changes.tell(Changed.CHARGES)

    def _on_taken(self, _taken: Taken) -> None:
        self.print_desk.wake()
        self.changes.tell(Changed.PAYMENTS, Changed.PRINT_JOBS)

    def _show_slips(self) -> None:
        if self._sheets is not None:
            self._sheets.show_slips()

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
            button.clicked.connect(self._show_slips)
        if facts.uncertain and not self._asked_about_slips:
            QTimer.singleShot(0, self, self._show_slips)
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


def open_path(path: Path) -> None:
    """Opens a file or folder with the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
