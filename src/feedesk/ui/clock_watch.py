"""Tells in time that this computer's clock cannot be right: at the gate, in the status line, on the desk."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject

from feedesk.ops.run import Workplace
from feedesk.queries.desk import open_shift_at
from feedesk.texts import _
from feedesk.ui.main_window import MainWindow
from feedesk.ui.widgets.painting import Span
from feedesk.ui.widgets.status_line import StatusFact


class ClockWatch(QObject):
    """Looks at the clock of a real ledger; a training ledger may have any day."""

    def __init__(
        self, window: MainWindow, seat: Callable[[], Workplace], till: Callable[[], int], *, training: bool
    ) -> None:
        super().__init__(window)
        self._window, self._seat, self._till, self._training = window, seat, till, training

    def sentence(self) -> str:
        """What is wrong with the clock; empty when nothing is."""
        if self._training:
            return ""
        from feedesk.queries.clock import clock_warning  # the desk starts no slower for it

        return self._seat().read(clock_warning, till=self._till(), now=datetime.now().astimezone())

    def refresh(self) -> None:
        """The status line says it as long as it holds."""
        words = _("Check this computer's clock") if self.sentence() else ""
        if words or self._window.status_line.fact("clock"):
            self._window.status_line.set_fact(StatusFact("clock", words, "danger"))

    def tell(self) -> None:
        """The whole sentence, above the desk, for whoever just sat down; the card that opens a shift says it itself."""
        from feedesk.ui.pages.desk.page import DeskPage

        page, sentence = self._window.pages().get("desk"), self.sentence()
        if sentence and isinstance(page, DeskPage) and self._seat().read(open_shift_at, till=self._till()):
            page.banner.tell("danger", (Span(sentence, "danger"),))
