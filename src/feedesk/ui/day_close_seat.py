"""The day close in its window: where its page leads to, and what it tells the others."""

from collections.abc import Callable
from dataclasses import dataclass

from feedesk.ui.changes import Changed, Changes
from feedesk.ui.main_window import MainWindow
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.pages.desk.sheets import DeskSheets
from feedesk.ui.tasks import Worker


@dataclass(frozen=True, slots=True)
class Leads:
    """Where the page leads: an account at the desk, the slips in doubt; ``sheets`` opens the desk's acts."""

    window: MainWindow
    changes: Changes
    show_account: Callable[[object], None]
    show_slips: Callable[[], None]
    sheets: Callable[[], DeskSheets | None]

    def show_desk(self) -> None:
        """F2."""
        self.window.show_page("desk")

    def open_act(self, key: str) -> None:
        """One of the desk's acts, over the desk, where it tells what was done."""
        self.show_desk()
        sheets = self.sheets()
        if sheets is not None:
            sheets.open_act(key)


def day_close_page(work: DayCloseWork, worker: Worker, leads: Leads) -> DayClosePage:
    """The page, joined to what it leads to."""
    page = DayClosePage(work.functions(), worker)

    def on_changed(_what: object) -> None:
        leads.changes.tell(Changed.SHIFTS)

    for done in (page.shift_closed, page.day_closed, page.day_reopened):
        done.connect(on_changed)
    page.desk_asked.connect(lambda: leads.show_desk())
    page.slips_asked.connect(lambda: leads.show_slips())
    page.account_asked.connect(lambda account: leads.show_account(account))
    page.act_asked.connect(lambda key: leads.open_act(key))
    return page
