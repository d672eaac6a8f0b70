"""The pages of an open ledger: each is made when it is first shown, is given its functions, and tells what it changed.

Here alone the pages' signals meet one another: what leads from one page to the next, and which kinds of thing an act
changed. What a page takes is imported with it, so that the desk need not wait for the others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from feedesk.ops.run import Workplace
from feedesk.texts import N_
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.desk.page import DeskPage, Taken
from feedesk.ui.pages.desk.sheets import DeskSheets
from feedesk.ui.pages.desk.shift_work import ShiftWork
from feedesk.ui.pages.desk.work import DeskWork
from feedesk.ui.pages.page import Page
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.tasks import Worker

if TYPE_CHECKING:
    from feedesk.queries.billing_preview import PreviewRow
    from feedesk.ui.pages.dayclose.work import DayCloseWork
    from feedesk.ui.pages.records.section import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the pages are put into: ``workplace`` says who acts now, ``wake`` that a slip waits for the printer.

    ``print_loose`` prints what is no stored receipt; ``export_folder`` is where files go at first, and ``keep_folder``
    is told of another one.
    """

    window: MainWindow
    worker: Worker
    changes: Changes
    workplace: Callable[[], Workplace]
    wake: Callable[[], None]
    print_loose: Callable[[LooseSlip], None]
    keep_folder: Callable[[Path], object]
    export_folder: Path | None = None
    training: bool = False


class SessionPages:
    """Makes the pages; `move_to` when somebody sits down at another till."""

    def __init__(self, here: Surroundings, desk_work: DeskWork, shift_work: ShiftWork) -> None:
        self._here = here
        self._desk_work, self._shift_work = desk_work, shift_work
        self._day_close_work: DayCloseWork | None = None
        self._sheets: DeskSheets | None = None

    def factories(self) -> list[PageFactory]:
        """The pages in the order of their keys, F2 first."""
        return [
            PageFactory("desk", self._desk_page),
            PageFactory("billing", self._billing_page),
            PageFactory("meters", self._meters_page),
            PageFactory("dayclose", self._day_close_page),
            PageFactory("records", self._records_page),
        ]

    def move_to(self, till: int) -> None:
        """From now on the desk and the day close are those of another till."""
        self._desk_work.till = self._shift_work.till = till
        if self._day_close_work is not None:
            self._day_close_work.till = till

    def show_slips(self) -> None:
        """The slips in doubt, over the desk."""
        if self._sheets is not None:
            self._sheets.show_slips()

    def show_account(self, account: object) -> None:
        """An account on the desk."""
        self._here.window.show_page("desk")
        page = self._here.window.pages().get("desk")
        if isinstance(page, DeskPage):
            page.open_target(account)

    def _tell_charges(self, _what: object = None) -> None:
        self._here.changes.tell(Changed.CHARGES)

    # ---- desk and day close ----------------------------------------------------------------------------------------

    def _desk_page(self) -> DeskPage:
        here = self._here
        page = DeskPage(self._desk_work.functions())
        page.set_tenders(self._desk_work.tender_choices())
        page.taken.connect(self._on_taken)
        page.shortcuts_asked.connect(here.window.show_shortcuts)
        self._sheets = DeskSheets(here.window, page, self._shift_work, here.changes, here.wake)
        self._sheets.print_loose = here.print_loose
        self._sheets.beside = self._beside
        return page

    def _beside(self, work: Callable[[], Any], done: Callable[[Any], object]) -> None:
        """What is refused there is left out: it only would have helped."""
        self._here.worker.start(lambda _progress: work(), done=done, failed=lambda _error: None)

    def _on_taken(self, _taken: Taken) -> None:
        self._here.wake()
        self._here.changes.tell(Changed.PAYMENTS, Changed.PRINT_JOBS)

    def _day_close_page(self) -> Page:
        from feedesk.ui.day_close_seat import Leads, day_close_page
        from feedesk.ui.pages.dayclose.work import DayCloseWork

        here = self._here
        work = DayCloseWork(here.workplace, self._desk_work.till, keep_folder=here.keep_folder, open_path=open_path)
        work.print_loose, work.wake = here.print_loose, here.wake
        if here.export_folder is not None:
            work.folder = here.export_folder
        self._day_close_work = work
        leads = Leads(here.window, here.changes, self.show_account, self.show_slips, lambda: self._sheets)
        return day_close_page(work, here.worker, leads)

    # ---- billing and meters ----------------------------------------------------------------------------------------

    def _billing_page(self) -> Page:
        from feedesk.ui.pages.billing.page import BillingPage
        from feedesk.ui.pages.billing.work import BillingWork

        page = BillingPage(BillingWork(self._here.workplace, open_path).functions(), self._here.worker)
        page.billed.connect(self._tell_charges)
        page.undone.connect(self._tell_charges)
        page.offset.connect(self._on_offset)
        page.account_asked.connect(self.show_account)
        page.adjust_asked.connect(self._adjust_row)
        return page

    def _on_offset(self, _what: object) -> None:
        self._here.changes.tell(Changed.CHARGES, Changed.PAYMENTS)

    def _adjust_row(self, row: "PreviewRow") -> None:
        from feedesk.ui.pages.adjusting.sheet import adjust_sheet
        from feedesk.ui.pages.adjusting.work import AdjustWork
        from feedesk.ui.pages.billing.page import BillingPage

        window = self._here.window
        page = window.pages()["billing"]
        if row.account is None or not isinstance(page, BillingPage):
            return
        work = AdjustWork(self._here.workplace)
        sheet = adjust_sheet(window, work, account=row.account, charge=row.charge, item=row.item)
        sheet.decided.connect(page.tell)
        sheet.decided.connect(self._tell_charges)
        sheet.ask()

    def _meters_page(self) -> Page:
        from feedesk.ui.pages.meters.page import MetersPage
        from feedesk.ui.pages.meters.tabs import meters_tabs

        page = MetersPage(meters_tabs(self._here.workplace, self._here.worker, open_path))
        page.stored.connect(self._tell_charges)
        return page

    # ---- records ---------------------------------------------------------------------------------------------------

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

        section = UnitsSection(UnitsWork(self._here.workplace, open_path).functions(), self._here.worker)
        section.account_asked.connect(self.show_account)
        section.imported.connect(self._on_imported)
        return section

    def _on_imported(self, _what: object) -> None:
        self._here.changes.tell(Changed.RECORDS, Changed.CHARGES)

    def _tariffs_section(self) -> "Section":
        from feedesk.ui.pages.records.tariffs_section import TariffsSection
        from feedesk.ui.pages.records.tariffs_work import TariffsWork

        here = self._here
        work = TariffsWork(here.workplace, open_path, training=here.training)
        if here.export_folder is not None:
            work.folder = here.export_folder
        section = TariffsSection(work.functions(), here.worker)
        section.changed.connect(self._on_prices_changed)
        return section

    def _on_prices_changed(self) -> None:
        self._here.changes.tell(Changed.RECORDS)

    def _concessions_section(self) -> "Section":
        from feedesk.ui.pages.records.concessions_section import ConcessionsSection
        from feedesk.ui.pages.records.concessions_work import ConcessionsWork

        section = ConcessionsSection(ConcessionsWork(self._here.workplace).functions(), self._here.worker)
        section.account_asked.connect(self.show_account)
        return section

    def _late_fees_section(self) -> "Section":
        from feedesk.ui.pages.records.late_fees_section import LateFeesSection
        from feedesk.ui.pages.records.late_fees_work import LateFeesWork

        section = LateFeesSection(LateFeesWork(self._here.workplace).functions(), self._here.worker)
        section.changed.connect(self._tell_charges)
        return section

    def _staff_section(self) -> "Section":
        from feedesk.ui.pages.records.staff_section import StaffSection, staff_functions

        return StaffSection(staff_functions(self._here.workplace))


def open_path(path: Path) -> None:
    """Opens a file or folder with the system's own program."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
