"""The office's part before the desk opens, by keys too: the workbook imported, meters read, the month billed."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from feedesk.demo.hands import Hands
from feedesk.money import decimal_text
from feedesk.ops.billing import PeriodBilled
from feedesk.ops.importing import CommunityImported
from feedesk.ui.main_window import MainWindow
from feedesk.ui.pages.billing.page import BillingPage
from feedesk.ui.pages.meters.page import MetersPage
from feedesk.ui.pages.meters.readings_tab import ReadingsTab
from feedesk.ui.pages.records.import_sheet import ImportSheet
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.units_section import UnitsSection

_LONG: Final = 180.0
_READ_AGAIN: Final = 6


class Office(QObject):
    """The keyboard of the pages that come before the desk; remembers what they tell. ``picture`` takes one."""

    def __init__(self, hands: Hands, window: MainWindow, picture: Callable[[str], object]) -> None:
        super().__init__(window)
        self._hands, self._window, self._picture = hands, window, picture
        self.imported: CommunityImported | None = None
        self.billed: PeriodBilled | None = None

    def _on_imported(self, done: CommunityImported) -> None:
        self.imported = done

    def _on_billed(self, done: PeriodBilled) -> None:
        self.billed = done

    def import_workbook(self, workbook: Path) -> CommunityImported:
        """F11 → Ctrl+I → the path → Enter checks, Enter stores."""
        self._hands.press("F11")
        self._hands.wait("the records are shown", lambda: self._window.current_page() == "records")
        page = self._window.pages()["records"]
        assert isinstance(page, RecordsPage)
        section = page.section()
        assert isinstance(section, UnitsSection)
        section.imported.connect(self._on_imported)
        self._hands.press("Ctrl+I")
        self._hands.wait("the sheet for workbooks is open", lambda: self._sheet() is not None)
        sheet = self._sheet()
        assert sheet is not None
        self._hands.write(str(workbook.resolve()))
        self._hands.press("Return")
        self._hands.wait("the workbook is checked", lambda: self._hands.keyboard_is_in(sheet.button), _LONG)
        self._picture("import-checked")
        self._hands.press("Return")
        self._hands.wait("the workbook is imported", lambda: self.imported is not None, _LONG)
        self._hands.wait("the records are shown", lambda: bool(section.model.rows()), _LONG)
        self._hands.settle()
        self._picture("records")
        assert self.imported is not None
        return self.imported

    def read_meters(self) -> int:
        """F4: a few meters are read once more, each stored by Enter; a figure that is asked about by a second one."""
        self._hands.press("F4")
        self._hands.wait("the meters are shown", lambda: "meters" in self._window.pages())
        page = self._window.pages()["meters"]
        assert isinstance(page, MetersPage)
        tab = page.tabs[0]
        assert isinstance(tab, ReadingsTab)
        self._hands.wait("the round is read", lambda: bool(tab.model.rows()) and not tab.is_busy(), _LONG)
        self._hands.wait("the keyboard is in the grid", lambda: self._hands.keyboard_is_in(tab.table.field))
        again = min(_READ_AGAIN, tab.tally().total)
        for _reading in range(again):
            entry = tab.table.entry()
            assert entry is not None
            known = entry.row.reading or entry.row.before
            self._hands.write(decimal_text(known.value + 1 if known else Fraction(1)))
            self._hands.press("Return")
            now = tab.table.entry()
            if now is not None and now.draft is not None and now.draft.asks:
                self._hands.press("Return")
        self._picture("meters")
        return again

    def bill_month(self) -> PeriodBilled:
        """F3: the month is worked out by itself; Ctrl+Enter bills it."""
        self._hands.press("F3")
        self._hands.wait("the billing page is shown", lambda: "billing" in self._window.pages())
        page = self._window.pages()["billing"]
        assert isinstance(page, BillingPage)
        page.billed.connect(self._on_billed)
        self._hands.wait("the month is worked out", lambda: page.preview() is not None and not page.is_busy(), _LONG)
        self._picture("billing")
        self._hands.press("Ctrl+Return")
        self._hands.wait("the month is billed", lambda: self.billed is not None, _LONG)
        self._hands.wait("the month is worked out again", lambda: not page.is_busy(), _LONG)
        assert self.billed is not None
        return self.billed

    def _sheet(self) -> ImportSheet | None:
        sheet = self._window.property("open_sheet")
        return sheet if isinstance(sheet, ImportSheet) else None
