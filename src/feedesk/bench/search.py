"""How long the search box takes: building its index, searching it, and from a key press to the list on the screen.

Beside it stands what the plainest program would do at each key: ask the database with LIKE. Each thing is done three
times and the quickest counts, since whatever else the machine does can only slow it down.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import Connection, or_, select

from feedesk.bench.measuring import Figure, quantile
from feedesk.models import Account, Resident, Unit, table_of
from feedesk.ops.run import Workplace
from feedesk.queries.search import SearchIndex, build_index
from feedesk.rules.unit_codes import compact_code
from feedesk.texts import N_
from feedesk.ui.garbage import collect_in_this_thread
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.work import DeskWork

_account, _resident, _unit = (table_of(model) for model in (Account, Resident, Unit))
FRAME: Final = 0.016
SEARCH_TARGET: Final = 0.002
_PEOPLE: Final = 200
_TYPED_BY_KEY: Final = 60
_TIMES: Final = 3


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """Seconds: building the index once; p50 and p99 of a search, of LIKE, and of a key press until all is painted."""

    accounts: int
    searches: int
    build: float
    search_p50: float
    search_p99: float
    like_p50: float
    like_p99: float
    key_p50: float
    key_p99: float

    def figures(self) -> list[Figure]:
        """The lines of the table."""
        return [
            Figure(N_("search: building the index"), self.build),
            Figure(N_("search: one search, p50"), self.search_p50, self.like_p50, SEARCH_TARGET),
            Figure(N_("search: one search, p99"), self.search_p99, self.like_p99, SEARCH_TARGET),
            Figure(N_("search: key press to list, p50"), self.key_p50, None, FRAME),
            Figure(N_("search: key press to list, p99"), self.key_p99, None, FRAME),
        ]


def measure_search(workplace: Workplace) -> SearchTimes:
    """Types what cashiers type of some hundred accounts, prefix by prefix."""
    on = workplace.business_date()
    began = time.perf_counter()
    index = workplace.read(build_index, on=on)
    build = time.perf_counter() - began
    with workplace.database.reading() as connection:
        accounts = connection.execute(_PEOPLE_OF_LEDGER).all()
        texts = list(_typed(accounts[:: max(len(accounts) // _PEOPLE, 1)]))
        prefixes = [text[:end] for text in texts for end in range(1, len(text) + 1)]
        searches = [_timed(lambda text=prefix: index.search(text)) for prefix in prefixes]  # type: ignore[misc]
        likes = [_timed(lambda text=prefix: _like(connection, text)) for prefix in prefixes[::10]]  # type: ignore[misc]
    keys = _key_presses(workplace, index, texts[:: max(len(texts) // _TYPED_BY_KEY, 1)])
    return SearchTimes(
        accounts=len(accounts),
        searches=len(searches),
        build=build,
        search_p50=quantile(searches, 0.5),
        search_p99=quantile(searches, 0.99),
        like_p50=quantile(likes, 0.5),
        like_p99=quantile(likes, 0.99),
        key_p50=quantile(keys, 0.5),
        key_p99=quantile(keys, 0.99),
    )


_PEOPLE_OF_LEDGER = (
    select(_unit.c.code, _resident.c.name, _resident.c.pinyin, _resident.c.initials)
    .join(_account, _account.c.unit_id == _unit.c.id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .order_by(_account.c.id)
)


def _typed(people: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    """Room, compact room, name, pinyin, initials."""
    for code, name, pinyin, initials in people:
        yield from (code, compact_code(code), name, pinyin.replace(" ", ""), initials.split()[0] if initials else "")


def _timed(work: Callable[[], object]) -> float:
    """The quickest of a few times."""
    quickest = float("inf")
    for _time in range(_TIMES):
        began = time.perf_counter()
        work()
        quickest = min(quickest, time.perf_counter() - began)
    return quickest


def _like(connection: Connection, text: str) -> object:
    part = f"%{text}%"
    asked = _PEOPLE_OF_LEDGER.where(
        or_(_unit.c.code.like(part), _resident.c.name.like(part), _resident.c.initials.like(f"{text}%"))
    )
    return connection.execute(asked.limit(20)).all()


def _key_presses(workplace: Workplace, index: SearchIndex, texts: Sequence[str]) -> list[float]:
    """From each key press on the desk until the window is painted with the new list; Latin keys only."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    application.setStyle("Fusion")
    collect_in_this_thread()  # as the program itself does
    work = DeskWork(lambda: workplace)
    work.use_index(index)
    window = MainWindow()
    window.add_pages([PageFactory("desk", lambda: DeskPage(work.functions()))])
    window.show()
    window.resize(1366, 768)
    window.show_page("desk")
    window.activateWindow()
    QCoreApplication.processEvents()
    times: list[float] = []
    for text in texts:
        if text.isascii():
            rounds = [_type(text) for _time in range(_TIMES)]
            times.extend(min(same_key) for same_key in zip(*rounds, strict=True))
    window.close()
    return times


def _type(text: str) -> list[float]:
    """Types a text into the empty box; the seconds of each key."""
    field = QApplication.focusWidget()
    assert field is not None
    field.setProperty("text", "")
    QCoreApplication.processEvents()
    times = []
    for character in text:
        began = time.perf_counter()
        QTest.keyClicks(field, character)
        QCoreApplication.processEvents()
        times.append(time.perf_counter() - began)
    return times
