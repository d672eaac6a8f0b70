"""The records' tabs: changed by keys and by mouse, each section made when first shown and read anew when it returns."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout
from pytestqt.qtbot import QtBot

from feedesk.ui.appearance import Appearance
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.section import Section, SectionFactory

CTRL = Qt.KeyboardModifier.ControlModifier


class Drawer(Section):
    """A section with one field, that counts how often it was read."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.reads = 0
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)
        self.finish()

    def title(self) -> str:
        return self._name

    def refresh(self) -> None:
        self.reads += 1

    def take_focus(self) -> None:
        self.field.setFocus()


@pytest.fixture
def made() -> dict[str, Drawer]:
    return {}


@pytest.fixture
def page(made: dict[str, Drawer], qtbot: QtBot) -> RecordsPage:
    window = MainWindow()
    qtbot.addWidget(window)

    def factory(name: str, message: str) -> SectionFactory:
        return SectionFactory(name, message, lambda: made.setdefault(name, Drawer(name)))

    factories = [
        factory("units", "Units and residents"),
        factory("tariffs", "Prices"),
        factory("late_fees", "Late fees"),
    ]
    window.add_pages([PageFactory("records", lambda: RecordsPage(factories))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("records")
    window.activateWindow()
    shown = window.pages()["records"]
    assert isinstance(shown, RecordsPage)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return shown


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, CTRL)


def test_the_first_tab_is_shown_and_no_other_is_made(page: RecordsPage, made: dict[str, Drawer]) -> None:
    assert list(made) == ["units"]
    assert page.section() is made["units"]
    assert made["units"].reads == 1
    assert QApplication.focusWidget() is made["units"].field


def test_keys_change_the_tab_and_take_the_keyboard_along(page: RecordsPage, made: dict[str, Drawer]) -> None:
    press(Qt.Key.Key_2)
    assert page.section() is made["tariffs"]
    assert page.tabs.current() == 1
    assert QApplication.focusWidget() is made["tariffs"].field
    assert made["tariffs"].reads == 1
    press(Qt.Key.Key_1)
    assert made["units"].reads == 2
    press(Qt.Key.Key_1)
    assert made["units"].reads == 2
    press(Qt.Key.Key_3)
    assert list(made) == ["units", "tariffs", "late_fees"]


def test_the_mouse_changes_it_too(page: RecordsPage, made: dict[str, Drawer]) -> None:
    tabs = page.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=QPoint(tabs.width() - 20, tabs.height() // 2))
    assert page.section() is made["late_fees"]
    assert made["late_fees"].isVisible()
    assert not made["units"].isVisible()


def test_tabs_follow_the_language_until_their_section_names_itself(page: RecordsPage, look: Appearance) -> None:
    assert page.tabs.accessibleName() == "units"
    press(Qt.Key.Key_2)
    look.set_language("en")
    assert page.title() == "Records"
    assert page.tabs.accessibleName() == "tariffs"
