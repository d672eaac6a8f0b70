"""A cashier at a till on an open ledger: who acts, what the pages are made of, and what the frame tells about it all.

Pages know neither each other nor the window; here their signals meet the operations, and after each act one signal
tells what kinds of thing changed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from feedesk.config import Config
from feedesk.ledger.verify import Verification
from feedesk.ops.printing import queue_reprint
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import TRAINING_CASHIER
from feedesk.queries.desk import OpenShift, open_shift_at
from feedesk.queries.receipts import last_receipt, receipts_of_day
from feedesk.queries.search import build_index
from feedesk.queries.verification import verify_everything
from feedesk.texts import _
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.open_ledger import OpenLedger
from feedesk.ui.pages.desk.page import DeskPage, Taken
from feedesk.ui.pages.desk.work import DeskWork
from feedesk.ui.pages.page import Page
from feedesk.ui.print_desk import PrintDesk, PrinterFacts
from feedesk.ui.tasks import Progress, Worker
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.status_line import StatusFact


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What a session starts from: the till, who sat here last, and on a training ledger perhaps another day."""

    till: int = 1
    staff: str = ""
    today: date | None = None


class Session(QObject):
    """Made by the composition once the ledger is open; `close` ends the print worker."""

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
        self.desk_work = DeskWork(self.workplace, self.till)
        self.print_desk = PrintDesk(self.workplace, self.till_key(), config.printer)
        self.print_desk.facts_changed.connect(self._on_printer)
        self.print_desk.slip_done.connect(self._on_slip)
        self.changes.happened.connect(self._on_changed)

    def start(self) -> None:
        """Shows who sits here, starts the print worker, builds the search index and checks the ledger beside it."""
        self.show_shift()
        self.print_desk.start()
        QTimer.singleShot(0, self, self._index)
        QTimer.singleShot(0, self, self._verify)

    def close(self) -> None:
        """Waits for the slip at hand."""
        self.print_desk.stop()

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

    def act_as(self, name: str) -> None:
        """Somebody else sits down (whoever has a password has given it)."""
        self._actor = name
        self.show_shift()

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
        return [PageFactory("desk", self._desk_page), PageFactory("dayclose", self._day_close_page)]

    def _desk_page(self) -> DeskPage:
        page = DeskPage(self.desk_work.functions())
        page.set_tenders(self.desk_work.tender_choices())
        page.taken.connect(self._on_taken)
        page.reprint_asked.connect(self._on_reprint)
        page.shortcuts_asked.connect(self._window.show_shortcuts)
        return page

    def _day_close_page(self) -> Page:
        from feedesk.ui.pages.dayclose.page import DayClosePage
        from feedesk.ui.pages.dayclose.work import DayCloseWork

        work = DayCloseWork(self.workplace, self.till, open_path=open_path)
        page = DayClosePage(work.functions(), self._worker)
        page.shift_closed.connect(self._on_shift_changed)
        page.day_closed.connect(self._on_shift_changed)
        page.desk_asked.connect(self._show_desk)
        return page

    def _show_desk(self) -> None:
        self._window.show_page("desk")

    def _on_shift_changed(self, _what: object) -> None:
        self.changes.tell(Changed.SHIFTS)

    def _on_taken(self, _taken: Taken) -> None:
        self.print_desk.wake()
        self.changes.tell(Changed.PAYMENTS, Changed.PRINT_JOBS)

    def _on_reprint(self) -> None:
        shift = self.shift()
        last = self.workplace().read(last_receipt, shift=shift.id) if shift else None
        page = self._window.pages().get("desk")
        if last is None or not isinstance(page, DeskPage):
            return
        slip = self.workplace().run_op(queue_reprint, receipt=last.number)
        self.print_desk.wake()
        self.changes.tell(Changed.PRINT_JOBS)
        words = _("Reprint {n} of {receipt} is on its way.").format(n=slip.reprint, receipt=slip.receipt)
        page.banner.tell("good", (Span(words, "good"),))

    # ---- the frame -----------------------------------------------------------------------------------------------

    def show_shift(self) -> None:
        """Who sits here since when, in the top bar; how many payments the day has, in the status line."""
        shift = self.shift()
        spans: tuple[Span, ...]
        if shift is None:
            spans = (Span(_("{name} · no shift open").format(name=self._actor), "ink_2"),)
        else:
            since = _(" · {till} · shift since {time}").format(
                till=shift.till_name, time=shift.opened_at.strftime("%H:%M")
            )
            spans = (Span(_("Cashier ")), Span(shift.cashier, bold=True), Span(since))
        self._window.top_bar.set_session(spans)
        count, _total = self.workplace().read(receipts_of_day, on=self.workplace().business_date())
        # Sums would tell a blind count what the drawer holds; the number of payments does not.
        words = _("Today {n} payments").format(n=count)
        self._window.status_line.set_fact(StatusFact("today", words))

    def _on_changed(self, kinds: frozenset[Changed]) -> None:
        if Changed.RECORDS in kinds:
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
        self._window.status_line.set_fact(StatusFact("printer", words, "dot" if well else "warn"))

    # ---- beside the window -----------------------------------------------------------------------------------------

    def _index(self) -> None:
        self._beside(lambda: self.workplace().read(build_index), self.desk_work.use_index)

    def _verify(self) -> None:
        self._beside(lambda: self.workplace().read(verify_everything), self._on_verified)

    def _on_verified(self, result: Verification) -> None:
        at = datetime.now().astimezone().strftime("%H:%M")
        if result.ok:
            fact = StatusFact("ledger", _("Ledger verified {time}").format(time=at), "dot")
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
