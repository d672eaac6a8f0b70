"""The day close in its window: where its page leads to, and what it tells the others."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from feedesk.ui.changes import Changed, Changes
from feedesk.ui.main_window import MainWindow
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.sheets import DeskSheets
from feedesk.ui.shortcuts import open_sheet
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


class WayBack(QObject):
    """From the board to the sheet that cures an item, and back once the last sheet of it is gone.

    What the desk said of it is then told on the board, which is read anew.
    """

    def __init__(self, page: DayClosePage, leads: Leads) -> None:
        super().__init__(page)
        self._page, self._leads = page, leads
        self._said = ""
        leads.changes.happened.connect(self._on_changed)

    def open_act(self, key: str) -> None:
        """A sheet over the desk."""
        self._said = self._desk_words()
        self._leads.open_act(key)
        self._follow()

    def show_slips(self) -> None:
        """A sheet over the board itself."""
        self._said = self._desk_words()
        self._leads.show_slips()
        self._follow()

    def _follow(self) -> None:
        """Where no sheet opened, the desk says why, and there is nothing to come back from."""
        sheet = open_sheet(self._leads.window)
        if sheet is not None:
            sheet.closed.connect(self._on_closed)  # type: ignore[attr-defined]

    def _on_closed(self) -> None:
        # One sheet may lead to the next, and what was done is told only after the sheet is gone.
        QTimer.singleShot(0, self, self._come_back)

    def _come_back(self) -> None:
        window = self._leads.window
        if open_sheet(window) is not None:
            self._follow()
            return
        said = self._desk_words()
        window.show_page("dayclose")
        self._page.read_again(said if said != self._said else "")

    def _desk_words(self) -> str:
        desk = self._leads.window.pages().get("desk")
        return desk.banner.words() if isinstance(desk, DeskPage) and not desk.banner.isHidden() else ""

    def _on_changed(self, _kinds: frozenset[Changed]) -> None:
        """A slip came out, or somebody cured an item from elsewhere, while the board is looked at."""
        if self._page.isVisible():
            self._page.look_again()


def day_close_page(work: DayCloseWork, worker: Worker, leads: Leads) -> DayClosePage:
    """The page, joined to what it leads to."""
    page = DayClosePage(work.functions(), worker)

    def on_changed(_what: object) -> None:
        leads.changes.tell(Changed.SHIFTS)

    for done in (page.shift_closed, page.day_closed, page.day_reopened):
        done.connect(on_changed)
    page.desk_asked.connect(lambda: leads.show_desk())
    back = WayBack(page, leads)
    page.slips_asked.connect(back.show_slips)
    page.account_asked.connect(lambda account: leads.show_account(account))
    page.act_asked.connect(back.open_act)
    return page
