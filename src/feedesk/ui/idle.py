"""What waits until nobody is being served: bringing what the ledger wrote ahead into its file.

Within a payment it would take some ten milliseconds once in a hundred; between two customers nobody notices.
"""

from typing import Final

from PySide6.QtCore import QObject, QTimer

from feedesk.db import Database
from feedesk.errors import FeedeskError
from feedesk.ui.tasks import Progress, Worker

QUIET_MS: Final = 5000


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
        if self._worker.has_stopped:
            return
        if self._worker.is_busy():
            self._timer.start()
            return
        self._worker.start(self._work, done=_nothing_to_tell, failed=_nothing_to_tell)

    def _work(self, _progress: Progress) -> None:
        self._database.checkpoint()


def _nothing_to_tell(_result: FeedeskError | None) -> None:
    """Whatever is the matter with the disk, the next act says so."""
