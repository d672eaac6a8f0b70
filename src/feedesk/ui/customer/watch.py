"""How the customer display follows the desk: it looks on by signals, once a round of events, and changes nothing."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from feedesk.rules.hidden_names import hidden_name
from feedesk.ui.customer.rows import Bill, CodePictures, Thanks, bill_of, bill_of_act, thanks_of_act
from feedesk.ui.pages.desk.page import DeskPage, Taken
from feedesk.ui.pages.desk.payer_view import ActDone, ActShown

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
        # After an act of a sheet the account stays on the desk: the thanks stand until that is touched again.
        self._act: ActShown | None = None
        self._after_act: Bill | None = None
        self._is_fresh = False
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
        page.act_shown.connect(self._on_act)
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
            self._after_act = None
            self._end.start()
            self._rest.start()

    def _on_act(self, act: object) -> None:
        """What a sheet does, or has done; None: it is gone."""
        if isinstance(act, ActDone):
            self._thanks, self._is_fresh = (thanks_of_act(act) if act.total else None), True
            self._end.start()
        self._act = act if isinstance(act, ActShown) else None
        self._rest.start()

    def _look(self) -> None:
        if self._covered:
            self._show(None)
        elif self._act is not None and self._act.due:
            self._show(bill_of_act(self._act, self._codes))
        else:
            self._show_page()

    def _show_page(self) -> None:
        bill = self._bill()
        if self._is_fresh:
            self._after_act, self._is_fresh = bill, False
        if bill is not None and bill != self._after_act:
            self._thanks = self._after_act = None
        shown = self._thanks or bill
        self._show(shown if not isinstance(shown, Bill) or shown.due else None)

    def _bill(self) -> Bill | None:
        """What is ticked and typed; None on an empty desk."""
        statement = self._page.statement()
        if statement is None:
            return None
        selection = self._page.to_be_taken(self._page.charges.selection())
        money = self._page.tender.money_state()
        return bill_of(statement, selection, self._page.ahead(), money, self._codes)
