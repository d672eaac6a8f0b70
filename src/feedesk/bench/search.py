"""How long the search box takes: building its index, searching it, and from a key press to the list on the screen.

Beside it stands what the plainest program would do at each key: ask the database with LIKE. Each thing is done three
times and the quickest counts, since whatever else the machine does can only slow it down.
"""

import os
import time
from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import Connection, select

from feedesk.bench.ledgers import TODAY, Site
from feedesk.bench.measuring import Figure, Pair, quantile, timed
from feedesk.bench.plain import PlainLedger
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
SHORT_TARGET: Final = 0.008
LONG_TARGET: Final = 0.002
_SHORT: Final = 2
_PEOPLE: Final = 200
_TYPED_BY_KEY: Final = 60
_TIMES: Final = 3


def measure_search(site: Site) -> list[Figure]:
    """Types what cashiers type (room, room without hyphens, name, pinyin, initials) key by key."""
    with site.workplace() as place, site.plain() as other:
        build = min(timed(lambda: place.read(build_index, on=TODAY)) for _time in range(_TIMES))
        index = place.read(build_index, on=TODAY)
        people = place.read(_people)
        texts = list(dict.fromkeys(_typed(people)))
        starts = list(dict.fromkeys(text[: n + 1] for text in texts for n in range(len(text))))
        for text in starts[:20]:
            index.search(text)
        short = _pair([text for text in starts if len(text) <= _SHORT], index, other)
        long = _pair([text for text in starts if len(text) > _SHORT], index, other)
        keys = _key_presses(place, index, texts[:_TYPED_BY_KEY])
    return [
        Figure(N_("search: building the index"), build),
        short.quantile(N_("search: one or two characters, p50"), 0.5),
        short.quantile(N_("search: one or two characters, p99"), 0.99, target=SHORT_TARGET),
        long.quantile(N_("search: three characters and more, p50"), 0.5),
        long.quantile(N_("search: three characters and more, p99"), 0.99, target=LONG_TARGET),
        Figure(N_("search: key press to list, p50"), quantile(keys, 0.5), target=FRAME),
        Figure(N_("search: key press to list, p99"), quantile(keys, 0.99), target=FRAME),
    ]


def _pair(texts: Sequence[str], index: SearchIndex, other: PlainLedger) -> Pair:
    """Each text searched by both, the quickest of a few times."""
    ours, plain = [], []
    for text in texts:
        ours.append(min(timed(lambda: index.search(text)) for _time in range(_TIMES)))  # noqa: B023
        plain.append(min(timed(lambda: other.like(text)) for _time in range(_TIMES)))  # noqa: B023
    return Pair(tuple(ours), tuple(plain))


_ACCOUNTS = (
    select(_account.c.id, _unit.c.code, _resident.c.name, _resident.c.pinyin, _resident.c.initials)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .order_by(_account.c.id)
)


def _people(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Some accounts, spread over the whole community."""
    found = [tuple(row[1:]) for row in connection.execute(_ACCOUNTS)]
    return found[:: max(1, len(found) // _PEOPLE)]


def _typed(people: Sequence[tuple[str, str, str, str]]) -> Iterator[str]:
    """Room, compact room, name, pinyin, initials."""
    for code, name, pinyin, initials in people:
        yield from (code, compact_code(code), name, pinyin.replace(" ", ""), initials.split()[0] if initials else "")


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
