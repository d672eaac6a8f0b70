"""The meters page: tabs that come into sight by keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.meters.page import MetersPage
from feedesk.ui.pages.meters.tab import MetersTab


class PlainTab(MetersTab):
    name = "Tab"

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name  # type: ignore[misc]
        self.refreshed = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.finish()

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture
def page(qtbot: QtBot) -> MetersPage:
    window = MainWindow()
    qtbot.addWidget(window)
    tabs = [PlainTab("one"), PlainTab("two")]
    window.add_pages([PageFactory("meters", lambda: MetersPage(tabs))])
    window.show()
    window.activateWindow()
    window.show_page("meters")
    made = window.pages()["meters"]
    assert isinstance(made, MetersPage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is tabs[0])
    return made


def test_a_key_brings_each_tab_into_sight(page: MetersPage) -> None:
    first, second = page.tabs
    assert isinstance(first, PlainTab)
    assert isinstance(second, PlainTab)
    assert (first.refreshed, second.refreshed) == (1, 0)
    QTest.keyClick(first, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert page.current_tab() is second
    assert second.isVisible()
    assert (second.refreshed, QApplication.focusWidget()) == (1, second)
    page.switch.setFocus()
    QTest.keyClick(page.switch, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is first
    assert (first.refreshed, second.refreshed) == (2, 1)


def test_what_a_tab_stored_is_told(page: MetersPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.stored) as told:
        page.tabs[1].stored.emit("readings")
    assert told.args == ["readings"]
