"""What waits until nobody is being served: importing what serving takes, and emptying the write-ahead log.

The first would keep the window from being ready by a fifth of a second; the second would take some ten milliseconds of
one payment in a hundred. Between two customers nobody notices.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Final

from PySide6.QtCore import QObject, QTimer

from feedesk.db import Database
from feedesk.errors import FeedeskError
from feedesk.ui.tasks import Progress, Worker

QUIET_MS: Final = 5000
_BETWEEN_MS: Final = 10
SERVING: Final = (
    "feedesk.queries.statement",
    "feedesk.queries.concessions",
    "feedesk.ops.payment_posting",
    "feedesk.ui.pages.desk.served",
    "feedesk.ui.pages.desk.void_sheet",
    "feedesk.ui.pages.desk.charge_work",
    "feedesk.ops.taking_back",
)
"""What the first customer needs, in steps of some hundredths of a second."""


class ImportsAhead(QObject):
    """Imports modules one after another while the event loop runs, so that a key pressed meanwhile is not kept waiting
    for all of them; whoever needs one sooner imports it himself.
    """

    def __init__(self, modules: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._left = list(modules)
        self._timer = QTimer(self)
        self._timer.setInterval(_BETWEEN_MS)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def is_under_way(self) -> bool:
        """Whether there is something left to import."""
        return self._timer.isActive()

    def _next(self) -> None:
        if self._left:
            import_module(self._left.pop(0))
        else:
            self._timer.stop()


class IdleCheckpoint(QObject):
    """Wakes with each act, and works once nothing has happened for a while."""

    def __init__(self, database: Database, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._database, self._worker = database, worker
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._on_quiet)

    def wake(self, *_what: object) -> None:
        """Something was written: wait once more."""
        self._timer.start()

    def _on_quiet(self) -> None:
        if self._worker.is_busy():
            self._timer.start()
            return
        self._worker.start(self._work, done=_nothing_to_tell, failed=_nothing_to_tell)

    def _work(self, _progress: Progress) -> None:
        self._database.checkpoint()


def _nothing_to_tell(_result: FeedeskError | None) -> None:
    """Whatever is the matter with the disk, the next act says so."""
