"""Where Enter leads from each open item of the day close: to the sheet, page or step that puts it right."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeedeskError
from feedesk.ledger.verify import Verification
from feedesk.ops.referencing import ReferenceAdded
from feedesk.queries.references import MissingReference
from feedesk.rules.ready_to_close import Matter
from feedesk.texts import _
from feedesk.ui.pages.dayclose.functions import DayCloseFunctions
from feedesk.ui.pages.dayclose.open_items import OpenItem
from feedesk.ui.pages.dayclose.reference_sheet import ReferenceSheet
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT
from feedesk.ui.pages.desk.act_sheet import open_act
from feedesk.ui.tasks import Progress, Worker

_ACTS = {
    Matter.MONEY_REQUEST: "P",
    Matter.OTHER_REQUEST: "P",
    Matter.UNCLAIMED: "U",
    Matter.REFUSED_SHIFT: "H",
    Matter.NOT_REVIEWED: "F",
}
"""The acts of the desk (Ctrl+K) that cure a matter."""


class Cures(QObject):
    """`told` says what came of it (sentence, tone); the others ask the page or the window for what they carry."""

    told = Signal(str, str)
    day_asked = Signal(object)
    step_asked = Signal(int)
    drawer_asked = Signal(int)
    slip_asked = Signal()
    slips_asked = Signal()
    account_asked = Signal(object)
    act_asked = Signal(str)

    def __init__(self, page: QWidget, functions: DayCloseFunctions, worker: Worker) -> None:
        super().__init__(page)
        self._page, self._call, self._worker = page, functions, worker

    def go(self, item: OpenItem) -> None:
        """Enter on an item."""
        match item.matter:
            case Matter.EARLIER_DAY:
                self.day_asked.emit(item.day)
            case Matter.OTHER_SHIFT if item.till is not None:
                self.drawer_asked.emit(item.till)
            case Matter.OWN_SHIFT:
                self.step_asked.emit(COUNT)
            case Matter.CHANNEL_DIFFERS:
                self.step_asked.emit(CHANNELS)
            case Matter.UNDECIDED_SLIP:
                self.slips_asked.emit()
            case Matter.CASH_IN_TRANSIT:
                self.slip_asked.emit()
            case Matter.NEGATIVE_PREPAYMENT:
                self.account_asked.emit(item.account)
            case Matter.NUMBER_GAP:
                self._verify()
            case Matter.WAITING_SLIP:
                self._call.board.wake()
                self.told.emit(_("The printer is asked again."), "good")
            case Matter.MISSING_REFERENCE if item.reference is not None:
                self._ask_reference(item.reference)
            case _:
                self.act_asked.emit(_ACTS[item.matter])

    def _ask_reference(self, missing: MissingReference) -> None:
        def add(reference: str, same: bool) -> ReferenceAdded:
            return self._call.board.add_reference(missing, reference, same)

        sheet = ReferenceSheet(self._page.window(), missing, add)
        open_act(sheet, sheet.reference, lambda told: self.told.emit(told, "good"))

    def _verify(self) -> None:
        self.told.emit(_("The whole ledger is being verified…"), "warn")

        def work(_progress: Progress) -> Verification:
            return self._call.board.verify()

        self._worker.start(work, done=self._on_verified, failed=self._on_failed)

    def _on_verified(self, result: Verification) -> None:
        if result.ok:
            self.told.emit(_("The ledger is sound: {n} entries were verified.").format(n=result.entries), "good")
            return
        first = result.problems[0]
        words = _("{n} problems, the first: {message}. Tell a supervisor, and close nothing before it is cleared up.")
        self.told.emit(words.format(n=len(result.problems), message=first.message), "danger")

    def _on_failed(self, error: FeedeskError) -> None:
        self.told.emit(str(error), "danger")
