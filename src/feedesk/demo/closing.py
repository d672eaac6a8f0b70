"""Shifts and the day close by keys: opening with a float, counting the drawer, handing over, locking the day."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from feedesk.demo.hands import Hands
from feedesk.demo.serving import Drawer
from feedesk.money import Fen, format_amount
from feedesk.ops.closing import DayClosed
from feedesk.ops.shifts import ShiftClosed
from feedesk.rules.cash_count import DENOMINATIONS, OTHER
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.desk.opening import OpeningCard
from feedesk.ui.pages.desk.page import DeskPage

_LOCK_SECONDS: Final = 60.0


def open_shift(hands: Hands, page: DeskPage, cashier: str, opening_float: Fen) -> None:
    """The card that stands in place of the empty desk: who sits here, the float, Enter."""
    hands.press("F2")
    hands.wait("the shift can be opened", lambda: _card(page) is not None)
    card = _card(page)
    assert card is not None
    hands.wait("the float has the keyboard", lambda: hands.keyboard_is_in(card.money.edit))
    if card.who.value() != cashier:
        while not hands.keyboard_is_in(card.who):
            hands.press("Shift+Tab")
        hands.press("Home")
        for _each in range(card.who.count()):
            if card.who.value() == cashier:
                break
            hands.press("Down")
        hands.wait(f"{cashier} is chosen", lambda: card.who.value() == cashier, 1.0)
        while not hands.keyboard_is_in(card.money.edit):
            hands.press("Tab")
    hands.write(format_amount(opening_float, grouped=False))
    hands.press("Return")
    hands.wait("the shift is open", lambda: hands.keyboard_is_in(page.search))


def _card(page: DeskPage) -> OpeningCard | None:
    found = page.findChild(OpeningCard)
    return found if isinstance(found, OpeningCard) and found.isVisible() else None


class ClosingDesk(QObject):
    """The keyboard of the day-close page; remembers what the page tells."""

    def __init__(self, hands: Hands, page: DayClosePage) -> None:
        super().__init__(page)
        self._hands, self._page = hands, page
        self.shifts: list[ShiftClosed] = []
        self.day: DayClosed | None = None
        page.shift_closed.connect(self._on_shift_closed)
        page.day_closed.connect(self._on_day_closed)

    def _on_shift_closed(self, done: ShiftClosed) -> None:
        self.shifts.append(done)

    def _on_day_closed(self, done: DayClosed) -> None:
        self.day = done

    def begin_counting(self) -> None:
        """F8, past what is still open, to the first field of the count."""
        self._hands.press("F8")
        self._hands.wait("the day close is shown", self._page.isVisible)
        if not self._is_counting():
            self._hands.press("Return")
        self._hands.wait("the drawer can be counted", self._is_counting)

    def _is_counting(self) -> bool:
        return self._hands.keyboard_is_in(next(iter(self._page.count.rows.values())).edit)

    def miscount(self, drawer: Drawer) -> None:
        """Counts one note too few, reads that the drawer seems short, and begins again by Ctrl+R."""
        counts = drawer.counted()
        note = next(iter(counts))
        self.count({**counts, note: counts[note] - 1})
        self._hands.press("Ctrl+R")
        self._hands.wait("the drawer can be counted again", self._is_counting)

    def count(self, counts: Mapping[str, int]) -> None:
        """Types pieces and Enter, field after field, until the books are shown."""
        for one in DENOMINATIONS:
            self._hands.write(str(counts[one.key]) if counts.get(one.key) else "")
            self._hands.press("Return")
        if counts.get(OTHER):
            self._hands.write(format_amount(Fen(counts[OTHER]), grouped=False))
        self._hands.press("Return")
        self._hands.wait("the books are shown", lambda: self._page.count.seen() is not None)

    def hand_over(self) -> ShiftClosed:
        """Enter on the button, Enter once more where the sheet asks."""
        before = len(self.shifts)
        self._confirm()
        self._hands.wait("the shift is handed over", lambda: len(self.shifts) > before)
        return self.shifts[-1]

    def compare_channels(self) -> None:
        """Types what the channels report, which in this sample is what was booked, and goes on with Enter."""
        fields = self._page.channels.fields
        self._hands.wait("the channels can be compared", lambda: any(map(self._hands.keyboard_is_in, fields.values())))
        view = self._page.view()
        assert view is not None
        for one in view.channels:
            self._hands.write(format_amount(one.booked, grouped=False))
            self._hands.press("Return")

    def lock(self, workbook: Path) -> DayClosed:
        """Locks the day and waits for its workbook."""
        self.compare_channels()
        self._hands.wait("the day can be locked", lambda: self._hands.keyboard_is_in(self._page.lock.button))
        self._confirm()
        self._hands.wait("the day is locked", lambda: self.day is not None, _LOCK_SECONDS)
        self._hands.wait("the daily summary is written", workbook.exists, _LOCK_SECONDS)
        self._hands.wait("the day close is done", lambda: self._page.lock.button.isEnabled(), _LOCK_SECONDS)
        assert self.day is not None
        return self.day

    def _confirm(self) -> None:
        window = self._page.window()
        self._hands.press("Return")
        self._hands.wait("the question is asked", lambda: window.property("open_sheet") is not None)
        self._hands.press("Return")
        self._hands.wait("the question is answered", lambda: window.property("open_sheet") is None)
