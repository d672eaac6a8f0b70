"""What opens over the day close: petty cash, the bank's slip, what may explain a difference, opening a day again."""

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.ops.banking import CashPaidIn
from feedesk.ops.drawer import CashMoved
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.queries.closing_view import ClosingView
from feedesk.texts import _
from feedesk.ui.pages.dayclose.bank_sheet import BankSheet
from feedesk.ui.pages.dayclose.causes_sheet import CausesSheet
from feedesk.ui.pages.dayclose.count_panel import over_short_words
from feedesk.ui.pages.dayclose.drawer_sheet import NAMES, DrawerSheet
from feedesk.ui.pages.dayclose.functions import DayCloseFunctions
from feedesk.ui.pages.dayclose.reopen_sheet import ReopenSheet


class DayCloseSheets(QObject):
    """`told` carries a sentence and its tone after something was done or could not be; `reopened` a `DayReopened`."""

    told = Signal(str, str)
    reopened = Signal(object)

    def __init__(self, page: QWidget, functions: DayCloseFunctions) -> None:
        super().__init__(page)
        self._page, self._call = page, functions

    def show_drawer(self, view: ClosingView) -> None:
        """Ctrl+M."""
        if view.own is None:
            self.told.emit(_("No shift is open at this till, so there is no drawer."), "warn")
            return
        sheet = DrawerSheet(self._page.window(), self._call.move_cash)
        sheet.moved.connect(self._on_moved)
        sheet.ask()

    def show_slip(self, view: ClosingView) -> None:
        """Ctrl+B."""
        transit = self._call.to_pay_in()
        if transit.first_day is None:
            self.told.emit(_("No counted cash is on its way to the bank."), "good")
            return
        sheet = BankSheet(self._page.window(), transit, view.today, self._call.pay_in)
        sheet.paid_in.connect(self._on_paid_in)
        sheet.ask()

    def show_causes(self, seen: DrawerCounted) -> bool:
        """Ctrl+D; False where nothing explains the difference."""
        causes = self._call.causes(seen.shift, seen.over_short)
        words, _tone = over_short_words(seen.over_short)
        if causes:
            CausesSheet(self._page.window(), _("What may explain: {words}").format(words=words), causes).ask()
        return bool(causes)

    def show_reopening(self, view: ClosingView) -> None:
        """Ctrl+U."""
        if view.closed is not None:
            sheet = ReopenSheet(self._page.window(), day=view.day.isoformat(), version=view.closed.version)
            sheet.confirmed.connect(partial(self._on_reopen, view))
            sheet.ask()

    def _on_moved(self, done: CashMoved) -> None:
        words = _("{what}: {amount} booked, {left} of the float is left in the drawer.").format(
            what=_(NAMES[done.kind]), amount=format_amount(done.amount), left=format_amount(done.float_left)
        )
        self.told.emit(words, "good")

    def _on_paid_in(self, done: CashPaidIn) -> None:
        words = _("Slip {slip} is entered: {amount} at the bank, {left} still on its way.").format(
            slip=done.slip, amount=format_amount(done.amount), left=format_amount(done.left)
        )
        self.told.emit(words, "good")

    def _on_reopen(self, view: ClosingView, reason: str) -> None:
        try:
            done = self._call.reopen(view.day, reason)
        except FeedeskError as error:
            self.told.emit(str(error), "danger")
            return
        self.reopened.emit(done)
        words = _("{day} is open again: version {version} of its summary no longer stands.")
        self.told.emit(words.format(day=done.date.isoformat(), version=done.version), "warn")
