"""The whole window on a ledger: from a name typed to a slip printed, and no page a window of its own on the way."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from feedesk import models
from feedesk.app import Composition
from feedesk.config import Config, TypeSize
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ui.appearance import Appearance
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.slip_window import SlipWindow
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community
from tests.databases import copied


class StrayWindows(QObject):
    """Notes every window that is shown beside the main one and its lists."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False


@pytest.fixture
def community(sqlite_template: Path, tmp_path: Path) -> Iterator[SmallCommunity]:
    database = copied(sqlite_template, tmp_path / "ledger.sqlite")
    community = small_community(database)
    open_desk(community, Fen(50000))
    picture_home(community)
    yield community
    database.dispose()


@pytest.fixture
def window(
    qtbot: QtBot, community: SmallCommunity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Composition]:
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    composition = Composition(Config(), str(community.database.url), TODAY)
    composition.window.show()
    composition.window.showNormal()
    composition.window.resize(1366, 768)
    composition.window.activateWindow()
    qtbot.waitUntil(lambda: composition.window.current_page() == "desk", timeout=20_000)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield composition
    composition.window.close()
    composition.close()
    composition.window.deleteLater()


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None, "nothing has the keyboard"
    QTest.keyClick(focused, key, modifier)


def type_in(text: str) -> None:
    for letter in text:
        focused = QApplication.focusWidget()
        assert focused is not None, "nothing has the keyboard"
        QTest.keyClicks(focused, letter)


def states(community: SmallCommunity) -> list[str]:
    with community.database.reading() as connection:
        return list(connection.execute(select(table_of(models.PrintJob).c.state)).scalars())


def test_four_acts_take_the_money_and_print_the_slip(
    qtbot: QtBot, window: Composition, community: SmallCommunity, tmp_path: Path
) -> None:
    desk = window.window.pages()["desk"]
    assert isinstance(desk, DeskPage)
    type_in("zyy")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    type_in("2000")
    press(Qt.Key.Key_Return)
    assert community.balance("1001.T1") == 50000 + 197940
    focused = QApplication.focusWidget()
    assert focused is not None
    assert desk.search.isAncestorOf(focused)
    qtbot.waitUntil(lambda: states(community) == ["printed"], timeout=20_000)
    assert len(list((tmp_path / "home/data/slips").glob("*SJ-2026-1-000001*.escpos"))) == 1
    press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: states(community) == ["printed", "printed"], timeout=20_000)


def test_no_page_flashes_up_as_a_window_and_each_has_the_keyboard(qtbot: QtBot, window: Composition) -> None:
    stray = StrayWindows()
    QApplication.instance().installEventFilter(stray)  # type: ignore[union-attr]
    for key, page in ((Qt.Key.Key_F8, "dayclose"), (Qt.Key.Key_F2, "desk")):
        press(key)
        assert window.window.current_page() == page
        assert QApplication.focusWidget() is not None
    QApplication.instance().removeEventFilter(stray)  # type: ignore[union-attr]
    assert stray.seen == []


@pytest.mark.logs_expected  # the display of the tests can raise no window, and says so
def test_f9_shows_the_built_in_printers_paper_without_taking_the_keyboard(qtbot: QtBot, window: Composition) -> None:
    session = window.session
    assert session is not None
    before = QApplication.focusWidget()
    press(Qt.Key.Key_F9)
    paper = window.window.findChild(SlipWindow)
    assert paper is not None
    assert paper.isVisible()
    assert QApplication.focusWidget() is before
    assert window.config.show_virtual_printer
    type_in("zyy")
    for _act in range(4):
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "SJ-2026-1-000001" in paper.shown_slip(), timeout=20_000)
    QTest.keyClick(window.window, Qt.Key.Key_F9)
    assert not paper.isVisible()
    assert not window.config.show_virtual_printer


def test_a_test_slip_from_the_settings_reaches_the_built_in_printer(
    qtbot: QtBot, window: Composition, tmp_path: Path
) -> None:
    session = window.session
    assert session is not None
    qtbot.waitUntil(lambda: session.print_desk.virtual_port() is not None, timeout=20_000)
    window.print_test(window.config.printer)
    qtbot.waitUntil(lambda: bool(list((tmp_path / "home/data/slips").glob("*.png"))), timeout=20_000)


def test_another_language_reaches_the_bars_at_once(qtbot: QtBot, window: Composition, look: Appearance) -> None:
    line = window.window.status_line
    qtbot.waitUntil(lambda: line.fact("ledger").startswith("账本校验通过"), timeout=20_000)
    window.apply_config(replace(window.config, language="en"))
    assert line.fact("today") == "Today 0 payments"
    assert line.fact("ledger").startswith("Ledger verified")
    window.apply_config(replace(window.config, language="zh_CN"))
    assert line.fact("today") == "今日 0 笔"


def test_the_settings_page_takes_nothing_back_that_changed_since_it_was_made(window: Composition) -> None:
    shown = window.config
    window._on_seated("样例主管", 2)
    window.apply_config(replace(shown, type_size=TypeSize.LARGE))
    assert (window.config.staff, window.config.till) == ("样例主管", "2")
