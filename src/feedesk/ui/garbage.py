"""Python's cyclic garbage is collected in the window's thread only.

By itself the collector runs in whatever thread happens to allocate; where that is a worker writing a workbook, it
deletes forgotten widgets from the wrong thread, and Qt crashes. So its automatic runs are switched off, and a timer of
the window looks every second whether it is time.
"""

import gc
from functools import cache
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer

_EVERY_MS: Final = 1000


class _Collector(QObject):
    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start(_EVERY_MS)


def collect_what_is_due() -> None:
    """Collects the oldest generation that has grown over its threshold; nothing while none has."""
    for generation in (2, 1, 0):
        if gc.get_count()[generation] > gc.get_threshold()[generation]:
            gc.collect(generation)
            return


@cache
def collect_in_this_thread() -> None:
    """From now on; called in the window's thread before any other thread is started."""
    application = QCoreApplication.instance()
    if application is not None:
        _Collector(application)
