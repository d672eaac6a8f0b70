"""Long work beside the window: one worker, one task at a time, with progress and a way to stop.

The work runs in another thread and must touch neither widgets nor the window's connection; what it returns or raises
arrives in the window's thread. A `FeedeskError` goes to ``failed`` as a sentence; anything else is a bug and goes to
the crash dialog like any other.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from feedesk.errors import FeedeskError
from feedesk.ui.garbage import collect_in_this_thread

Result = TypeVar("Result")


class Cancelled(FeedeskError):
    """The work noticed that it should stop, and left nothing half done."""


class Progress(QObject):
    """Given to the work: it says how far it is, and asks whether to go on."""

    advanced = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._cancelled = False

    def report(self, done: int, total: int) -> None:
        """So many of so many done; raises `Cancelled` when the user wants it to stop."""
        if self._cancelled:
            raise Cancelled
        self.advanced.emit(done, total)

    def cancel(self) -> None:
        """From the window: please stop at the next report."""
        self._cancelled = True


class Task(QObject, Generic[Result]):
    """One piece of work under way. `done` carries what it returned, `failed` the error that has a sentence."""

    done = Signal(object)
    failed = Signal(object)
    ended = Signal()
    _returned = Signal(object)

    def __init__(self, work: Callable[[Progress], Result]) -> None:
        super().__init__()
        self.progress = Progress()
        self._work = work
        self._returned.connect(self._on_returned, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Asks the work to stop."""
        self.progress.cancel()

    def start_in(self, pool: ThreadPoolExecutor) -> None:
        """Puts the work into line."""
        future = pool.submit(self._work, self.progress)
        future.add_done_callback(self._returned.emit)

    def _on_returned(self, future: "Future[Any]") -> None:
        self.ended.emit()
        try:
            result = future.result()
        except FeedeskError as error:
            self.failed.emit(error)
            return
        self.done.emit(result)


def _is_there(act: Callable[..., object]) -> bool:
    """Whether whoever waits for a result still exists; a page may be gone when its work ends."""
    owner = getattr(act, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


class Worker(QObject):
    """The one worker of the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        collect_in_this_thread()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="feedesk-work")
        self._tasks: set[Task[Any]] = set()
        self._stopped = False

    def start(
        self,
        work: Callable[[Progress], Result],
        *,
        done: Callable[[Result], object],
        failed: Callable[[FeedeskError], object],
        advanced: Callable[[int, int], object] | None = None,
    ) -> Task[Result]:
        """Starts work as soon as the worker is free; the functions given run in the window's thread.

        After `stop` nothing runs: a page that is told of a change while the window closes may ask without checking.
        """
        task: Task[Result] = Task(work)
        if self._stopped:
            return task
        self._tasks.add(task)
        # Functions around them: PySide keeps a bound method by a weak reference, and one of an object that has none
        # (a slotted dataclass) ends in freed memory.
        task.done.connect(lambda result: done(result) if _is_there(done) else None)
        task.failed.connect(lambda error: failed(error) if _is_there(failed) else None)
        if advanced is not None:
            # This signal comes from the work's thread: give a method of a widget, which then runs in the window's.
            task.progress.advanced.connect(advanced)
        task.ended.connect(lambda: QTimer.singleShot(0, self, lambda: self._tasks.discard(task)))
        task.start_in(self._pool)
        return task

    def is_busy(self) -> bool:
        """Whether work is under way or waiting."""
        return bool(self._tasks)

    def stop(self) -> None:
        """Asks all work to stop and waits for it; called when the window has closed. Nothing is started any more."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
