"""Work beside the window: results and garbage arrive in its thread, a second start comes to the first window."""

import gc
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from feedesk.errors import UserError
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.first_window import FirstWindow
from feedesk.ui.garbage import collect_what_is_due
from feedesk.ui.tasks import Cancelled, Progress, Worker


class Refused(UserError):
    message = "nothing came of it"


class Listener(QWidget):
    def told(self, _result: object) -> None:
        self.update()


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


def test_the_result_arrives_in_the_windows_thread(worker: Worker, qtbot: QtBot) -> None:
    threads: list[object] = []
    results: list[int] = []
    steps: list[tuple[int, int]] = []

    def work(progress: Progress) -> int:
        threads.append(threading.current_thread())
        for step in range(3):
            progress.report(step, 3)
        return 42

    def done(result: int) -> None:
        threads.append(threading.current_thread())
        results.append(result)

    worker.start(work, done=done, failed=threads.append, advanced=lambda *step: steps.append(step))
    assert worker.is_busy()
    qtbot.waitUntil(lambda: not worker.is_busy())
    assert results == [42]
    assert steps == [(0, 3), (1, 3), (2, 3)]
    assert threads[0] is not threads[1]
    assert threads[1] is threading.main_thread()


def test_an_error_with_a_sentence_is_told(worker: Worker, qtbot: QtBot) -> None:
    errors: list[object] = []

    def work(_progress: Progress) -> None:
        raise Refused

    worker.start(work, done=errors.append, failed=errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert str(errors[0]) == "nothing came of it"


def test_a_bug_goes_to_the_crash_dialog(worker: Worker, qtbot: QtBot) -> None:
    told: list[object] = []

    def work(_progress: Progress) -> float:
        return 1 / 0

    with qtbot.captureExceptions() as exceptions:
        worker.start(work, done=told.append, failed=told.append)
        qtbot.waitUntil(lambda: bool(exceptions))
    assert exceptions[0][0] is ZeroDivisionError
    assert told == []


def test_work_stops_when_asked(worker: Worker, qtbot: QtBot) -> None:
    started = threading.Event()
    errors: list[object] = []

    def work(progress: Progress) -> None:
        started.set()
        while True:
            progress.report(0, 0)

    task = worker.start(work, done=errors.append, failed=errors.append)
    started.wait(5)
    task.cancel()
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], Cancelled)


def test_nothing_starts_once_the_window_has_closed(qtbot: QtBot) -> None:
    worker = Worker()
    told: list[object] = []
    worker.stop()
    worker.start(partial(_same, 1), done=told.append, failed=told.append)
    qtbot.wait(20)
    assert told == []
    assert not worker.is_busy()


def _same(number: int, _progress: Progress) -> int:
    return number


def test_work_waits_for_the_work_before(worker: Worker, qtbot: QtBot) -> None:
    order: list[object] = []
    for number in range(5):
        worker.start(partial(_same, number), done=order.append, failed=order.append)
    qtbot.waitUntil(lambda: len(order) == 5)
    assert order == [0, 1, 2, 3, 4]


def test_garbage_is_collected_when_due_and_not_by_itself(worker: Worker) -> None:
    assert not gc.isenabled()
    gc.collect()
    before = gc.get_stats()[0]["collections"]
    for _round in range(2000):
        knot: list[object] = []
        knot.append(knot)
    assert gc.get_count()[0] > 1000
    collect_what_is_due()
    assert gc.get_stats()[0]["collections"] == before + 1
    assert gc.get_count()[0] < 1000


def test_a_second_start_shows_the_first_window(qtbot: QtBot) -> None:
    first, other, second = FirstWindow("sqlite:///a"), FirstWindow("sqlite:///b"), FirstWindow("sqlite:///a")
    assert first.claim()
    assert other.claim()
    with qtbot.waitSignal(first.asked_forward):
        assert not second.claim()
    first.release()
    other.release()
    assert second.claim()
    second.release()


def test_a_socket_left_by_a_crash_is_taken_over(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    crashed, next_one = FirstWindow("sqlite:///c"), FirstWindow("sqlite:///c")
    assert crashed.claim()
    monkeypatch.setattr(FirstWindow, "_is_answered", lambda _self: False)
    assert next_one.claim()
    crashed.release()
    next_one.release()
    assert QLocalServer.removeServer(next_one._name)


@pytest.mark.logs_expected
def test_a_window_opens_where_no_socket_can_be_made(qtbot: QtBot, tmp_path: Path) -> None:
    blocked = FirstWindow("sqlite:///d")
    blocked._name = str(tmp_path / "socket")
    (tmp_path / "socket").mkdir()
    assert blocked.claim()
    blocked.release()


def test_a_result_nobody_waits_for_any_more_is_dropped(worker: Worker, qtbot: QtBot) -> None:
    page = Listener()
    go = threading.Event()
    worker.start(lambda _progress: go.wait(5), done=page.told, failed=page.told)
    with qtbot.waitSignal(page.destroyed):
        page.deleteLater()
    go.set()
    qtbot.waitUntil(lambda: not worker.is_busy())


def test_changes_name_what_changed(qtbot: QtBot) -> None:
    changes = Changes()
    with qtbot.waitSignal(changes.happened) as told:
        changes.tell(Changed.PAYMENTS, Changed.CHARGES)
    assert told.args == [frozenset({Changed.PAYMENTS, Changed.CHARGES})]
