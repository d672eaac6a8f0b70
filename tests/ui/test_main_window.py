"""The frame: pages made when first shown, keys, sheets, live changes, and small screens where nothing is cut off."""

from typing import ClassVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from feedesk.config import ThemeChoice, TypeSize, WindowPlace
from feedesk.texts import _
from feedesk.ui.appearance import Appearance, appearance
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.dialogs.shortcut_sheet import ShortcutSheet
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.page import Page
from feedesk.ui.shortcuts import bind, listed_shortcuts, open_sheet
from feedesk.ui.widgets.phrase import Phrase
from feedesk.ui.widgets.status_line import StatusFact
from tests.ui.cut_off import cut_off
from tests.ui.desk_case import DeskCase


class PlainPage(Page):
    made: ClassVar[list[str]] = []

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.refreshed = 0
        self.made.append(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.finish()

    def title(self) -> str:
        return self.name

    def refresh(self) -> None:
        self.refreshed += 1


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    PlainPage.made.clear()
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.resize(1366, 768)
    made.activateWindow()
    return made


def with_pages(window: MainWindow, *names: str) -> None:
    window.add_pages([PageFactory(name, lambda name=name: PlainPage(name)) for name in names])  # type: ignore[misc]


def test_pages_are_made_when_first_shown(window: MainWindow, qtbot: QtBot) -> None:
    with_pages(window, "desk", "billing")
    assert PlainPage.made == []
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert PlainPage.made == ["billing"]
    assert window.current_page() == "billing"
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert PlainPage.made == ["billing", "desk"]
    page = window.pages()["billing"]
    assert isinstance(page, PlainPage)
    assert page.refreshed == 2


def test_a_page_that_is_not_there_is_not_shown(window: MainWindow, qtbot: QtBot) -> None:
    with_pages(window, "desk")
    window.show_page("desk")
    QTest.keyClick(window, Qt.Key.Key_F7)
    assert window.current_page() == "desk"
    window.sidebar.page_asked.emit("reports")
    assert window.current_page() == "desk"


def test_another_ledger_drops_all_pages(window: MainWindow) -> None:
    with_pages(window, "desk")
    window.show_page("desk")
    window.drop_pages()
    assert (window.current_page(), dict(window.pages())) == ("", {})
    with_pages(window, "desk")
    window.show_page("desk")
    assert PlainPage.made == ["desk", "desk"]


def test_first_paint_is_told_once(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    painted: list[bool] = []
    window.first_painted.connect(lambda: painted.append(True))
    window.show()
    qtbot.waitUntil(lambda: bool(painted))
    window.update()
    qtbot.wait(20)
    assert painted == [True]


def test_the_place_is_told_when_closing(window: MainWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.closing) as closing:
        window.close()
    assert isinstance(closing.args[0], WindowPlace)
    assert closing.args[0].width > 0


def test_the_window_opens_where_it_stood_but_never_off_the_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedesk.ui.main_window.QGuiApplication.platformName", lambda: "xcb")
    stood = MainWindow(WindowPlace(30, 20, 700, 600))
    lost = MainWindow(WindowPlace(90000, 90000, 99999, 99999, maximised=True))
    first = MainWindow()
    for window in (stood, lost, first):
        qtbot.addWidget(window)
    assert (stood.x(), stood.y()) == (30, 20)
    screen = lost.screen().availableGeometry()
    assert lost.x() < 90000
    assert lost.isMaximized()
    assert first.isMaximized() == (screen.width() <= 1440)


def test_f1_begins_with_the_page_shown(window: MainWindow) -> None:
    with_pages(window, "dayclose")
    window.add_pages([PageFactory("desk", DeskCase().page)])
    window.show_page("dayclose")
    bind(window.pages()["dayclose"], "Ctrl+Y", "Count", lambda: None, group="Drawer")
    window.show_page("desk")
    for page, group in (("desk", _("Cashier desk")), ("dayclose", "Drawer")):
        assert listed_shortcuts(window, page=window.pages()[page])[0].group == group
        window.show_page(page)
        window.show_shortcuts()
        sheet = open_sheet(window)
        assert isinstance(sheet, ShortcutSheet)
        area = sheet.findChild(QScrollArea)
        assert area is not None
        assert area.findChildren(QLabel)[0].text() == group
        sheet.close_sheet()


def test_f1_lists_every_shortcut_once(window: MainWindow, qtbot: QtBot) -> None:
    window.add_pages([PageFactory("desk", DeskCase().page)])
    window.show_page("desk")
    keys = [facts.keys for facts in listed_shortcuts(window)]
    assert {"F1", "F2", "F8", "F10", "Ctrl+A", "Ctrl+Delete", "Ctrl+P", "Alt+1 … 6", "/"} <= set(keys)
    assert len(keys) == len(set(keys))
    window.show_shortcuts()
    sheet = open_sheet(window)
    assert isinstance(sheet, ShortcutSheet)
    window.show_shortcuts()
    assert open_sheet(window) is sheet
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert open_sheet(window) is None


def test_behind_a_sheet_no_shortcut_works_and_the_focus_stays(window: MainWindow, qtbot: QtBot) -> None:
    with_pages(window, "desk", "billing")
    window.show_page("desk")
    sheet = ConfirmSheet(window, question="作废 SJ-1？", act="作废", amount="1,998.40")
    confirmed: list[bool] = []
    sheet.confirmed.connect(lambda: confirmed.append(True))
    sheet.ask()
    QTest.keyClick(sheet, Qt.Key.Key_F3)
    assert window.current_page() == "desk"
    window.pages()["desk"].setFocus()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert sheet.isAncestorOf(focused) or focused is sheet
    for _round in range(4):
        QTest.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Tab)
        assert sheet.isAncestorOf(QApplication.focusWidget() or window)
    sheet.button.click()
    assert confirmed == [True]
    assert open_sheet(window) is None
    QTest.keyClick(window, Qt.Key.Key_F3)
    assert window.current_page() == "billing"


def test_a_sheet_fills_the_window_when_it_is_resized(window: MainWindow, qtbot: QtBot) -> None:
    sheet = ConfirmSheet(window, question="?", act="!")
    sheet.ask()
    window.resize(1300, 720)
    qtbot.waitUntil(lambda: sheet.size() == window.size())
    sheet.close_sheet()


def test_language_changes_everywhere_at_once(window: MainWindow, look: Appearance) -> None:
    with_pages(window, "desk")
    window.show_page("desk")
    chinese = window.windowTitle()
    look.set_language("en")
    assert window.windowTitle() != chinese
    assert window.windowTitle() == "feedesk cashier desk"


def test_status_facts_come_and_change(window: MainWindow) -> None:
    line = window.status_line
    appearance().apply(compact=False)
    line.set_fact(StatusFact("printer", "小票打印机就绪", "dot"))
    line.set_fact(StatusFact("ledger", "账本校验通过 08:31", "dot", short="账本 08:31"))
    line.set_fact(StatusFact("printer", "打印机缺纸", "danger", usable=True))
    assert (line.fact("printer"), line.fact("ledger")) == ("打印机缺纸", "账本校验通过 08:31")
    appearance().apply(compact=True)
    assert line.fact("ledger") == "账本 08:31"


@pytest.mark.parametrize(("language", "theme"), [("zh_CN", ThemeChoice.LIGHT), ("en", ThemeChoice.DARK)])
@pytest.mark.parametrize(
    ("width", "height", "type_size"),
    [
        (1366, 768, TypeSize.NORMAL),
        (1366, 768, TypeSize.LARGE),
        (1093, 614, TypeSize.NORMAL),
        (911, 512, TypeSize.NORMAL),
        (911, 512, TypeSize.LARGE),
        (1920, 1080, TypeSize.LARGE),
    ],
)
def test_nothing_is_cut_off_on_small_screens(
    window: MainWindow,
    look: Appearance,
    qtbot: QtBot,
    width: int,
    height: int,
    type_size: TypeSize,
    theme: ThemeChoice,
    language: str,
) -> None:
    look.set_language(language)
    look.apply(type_size=type_size, theme=theme)
    window.add_pages([PageFactory("desk", DeskCase().page)])
    window.show_page("desk")
    window.training.show()
    desk = window.pages()["desk"]
    assert isinstance(desk, DeskPage)
    window.resize(width, height)
    desk.open_target(502)
    QApplication.processEvents()
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)
    assert look.is_compact == (width < 1240)
    assert cut_off(window) == []
    assert not desk.charges.table.horizontalScrollBar().isVisible()
    window.grab()
    elided = [phrase.text() for phrase in desk.findChildren(Phrase) if phrase.isVisible() and phrase.toolTip()]
    assert elided == [] or language != "zh_CN"


def test_a_sheet_opened_behind_another_window_gives_the_keyboard_back(window: MainWindow, qtbot: QtBot) -> None:
    window.add_pages([PageFactory("desk", DeskCase().page)])
    window.show_page("desk")
    desk = window.pages()["desk"]
    assert isinstance(desk, DeskPage)
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not window.isActiveWindow())
    sheet = Sheet(window)
    sheet.open()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is sheet)
    sheet.close_sheet()
    assert QApplication.focusWidget() is desk.search.focusProxy()
