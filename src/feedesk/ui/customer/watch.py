"""How the customer display follows the desk: it looks on by signals, once a round of events, and changes nothing."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from feedesk.rules.hidden_names import hidden_name
from feedesk.ui.customer.rows import Bill, CodePictures, Thanks, bill_of
from feedesk.ui.pages.desk.page import DeskPage, Taken

_THANKS_MS: Final = 12_000


class DeskWatch(QObject):
    """Tells ``show`` what is to be seen. While it is covered (the window is locked) nothing is."""

    def __init__(self, owner: QObject, page: DeskPage, show: Callable[[Bill | Thanks | None], object]) -> None:
        super().__init__(owner)
        self._page = page
        self._show = show
        self._codes = CodePictures()
        self._covered = False
        self._thanks: Thanks | None = None
        # Between two accounts the page for a moment holds the one's lines and the other's name: nothing of that is
        # shown, because it is read only when the page has come to rest.
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._look)
        self._end = QTimer(self)
        self._end.setSingleShot(True)
        self._end.setInterval(_THANKS_MS)
        self._end.timeout.connect(self.end_thanks)
        page.tender.changed.connect(self._rest.start)
        page.taken.connect(self._on_taken)
        self._rest.start()

    def use_codes(self, codes: CodePictures) -> None:
        """Other pictures of the company's codes."""
        self._codes = codes
        self._rest.start()

    def cover(self, covered: bool) -> None:
        """Shows nothing of the desk, at once; or again what is there."""
        self._covered = covered
        if covered:
            self._thanks = None
            self._show(None)
        self._rest.start()

    def end_thanks(self) -> None:
        """The thanks have been read."""
        self._thanks = None
        self._rest.start()

    def _on_taken(self, taken: object) -> None:
        if isinstance(taken, Taken):
            self._thanks = Thanks(hidden_name(taken.resident), taken.receipt, taken.total, taken.change)
            self._end.start()
            self._rest.start()

    def _look(self) -> None:
        statement = self._page.statement()
        if self._covered:
            self._show(None)
        elif statement is None:
            self._show(self._thanks)
        else:
            self._thanks = None
            selection = self._page.to_be_taken(self._page.charges.selection())
            money = self._page.tender.money_state()
            bill = bill_of(statement, selection, self._page.ahead(), money, self._codes)
            self._show(bill if bill.due else None)
