"""The papers of a shift at the day close: the X report of the running one, the hand-over slip of a counted one."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeedeskError
from feedesk.queries.closing_view import ClosingView
from feedesk.texts import _
from feedesk.ui.pages.dayclose.functions import DayCloseFunctions
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.words import listed


class ShiftPapers(QObject):
    """`told` carries a sentence and its tone."""

    told = Signal(str, str)

    def __init__(self, page: QWidget, functions: DayCloseFunctions) -> None:
        super().__init__(page)
        self._page, self._call = page, functions

    def show_x(self) -> None:
        """Ctrl+T."""
        from feedesk.ui.pages.dayclose.x_sheet import XSheet

        if open_sheet(self._page.window()) is not None:
            return
        try:
            report = self._call.papers.x_report()
        except FeedeskError as error:
            self.told.emit(str(error), "warn")
            return
        sheet = XSheet(self._page.window(), report, lambda: self._call.papers.print_x(report))
        sheet.open(sheet)

    def print_hand_over(self, shift: int) -> None:
        """Right after a shift was counted."""
        self._call.papers.print_hand_over(shift)

    def print_again(self, view: ClosingView) -> None:
        """Ctrl+P: the slips of the shifts of the day that are counted."""
        counted = [shift for shift in view.shifts if not shift.is_open]
        if not counted:
            self.told.emit(_("No shift of {day} is counted yet.").format(day=view.day.isoformat()), "warn")
            return
        for shift in counted:
            self._call.papers.print_hand_over(shift.id)
        names = listed([f"{shift.till_name} {shift.cashier}" for shift in counted])
        self.told.emit(_("The hand-over slip goes to the printer: {names}").format(names=names), "good")
