"""The search box: hits while typing, the keyboard stays in the field, input methods are left alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from feedesk.ui.widgets.search_field import SearchField, SearchHit

HITS = [SearchHit(n, f"3-1-{n}02", "张样燕", "姓名") for n in range(1, 15)]


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(900, 600)
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def field(window: QWidget, qtbot: QtBot) -> SearchField:
    made = SearchField("Search")
    layout = window.layout()
    assert layout is not None
    layout.addWidget(made)
    window.show()
    window.activateWindow()
    made.setFocus()
    qtbot.waitUntil(line(made).hasFocus)
    return made


def line(field: SearchField) -> QLineEdit:
    inner = field.focusProxy()
    assert isinstance(inner, QLineEdit)
    return inner


def press(field: SearchField, *keys: Qt.Key, qtbot: QtBot) -> None:
    for key in keys:
        QTest.keyClick(line(field), key)


def test_every_letter_asks_and_the_focus_stays(field: SearchField, qtbot: QtBot) -> None:
    asked: list[str] = []
    field.query_changed.connect(asked.append)
    field.query_changed.connect(lambda text: field.show_hits(HITS if text else []))
    QTest.keyClicks(line(field), "zxy")
    assert asked == ["z", "zx", "zxy"]
    assert field.are_hits_shown()
    assert line(field).hasFocus()
    shown = field.hits_list()
    assert shown is not None
    assert shown.count() == len(HITS)
    assert shown.item(0).text() == "3-1-102  张样燕姓名"


def test_arrows_choose_and_enter_takes(field: SearchField, qtbot: QtBot) -> None:
    chosen: list[SearchHit] = []
    field.hit_chosen.connect(chosen.append)
    field.show_hits(HITS)
    press(field, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, qtbot=qtbot)
    assert chosen == [HITS[1]]
    assert not field.are_hits_shown()
    field.show_hits(HITS)
    press(field, Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Enter, qtbot=qtbot)
    assert chosen == [HITS[1], HITS[-1]]


def test_enter_without_hits_submits_what_is_typed(field: SearchField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.submitted) as submitted:
        QTest.keyClicks(line(field), "SJ-2026-1-004289")
        press(field, Qt.Key.Key_Return, qtbot=qtbot)
    assert submitted.args == ["SJ-2026-1-004289"]


def test_escape_closes_then_clears_then_leaves(field: SearchField, qtbot: QtBot) -> None:
    left: list[bool] = []
    field.left_by_escape.connect(lambda: left.append(True))
    QTest.keyClicks(line(field), "zxy")
    field.show_hits(HITS)
    press(field, Qt.Key.Key_Escape, qtbot=qtbot)
    assert (field.are_hits_shown(), field.text(), left) == (False, "zxy", [])
    press(field, Qt.Key.Key_Escape, qtbot=qtbot)
    assert (field.text(), left) == ("", [])
    press(field, Qt.Key.Key_Escape, qtbot=qtbot)
    assert left == [True]


def test_nothing_found_is_said(field: SearchField) -> None:
    field.show_hits([], "没有找到")
    assert field.are_hits_shown()
    shown = field.hits_list()
    assert shown is not None
    assert shown.count() == 0
    field.show_hits([])
    assert not field.are_hits_shown()


def test_composing_keeps_its_keys_and_is_not_searched(field: SearchField, qtbot: QtBot) -> None:
    asked: list[str] = []
    submitted: list[str] = []
    field.query_changed.connect(asked.append)
    field.submitted.connect(submitted.append)
    QApplication.sendEvent(line(field), QInputMethodEvent("zhang", []))
    press(field, Qt.Key.Key_Return, qtbot=qtbot)
    assert (asked, submitted) == ([], [])
    done = QInputMethodEvent("", [])
    done.setCommitString("张")
    QApplication.sendEvent(line(field), done)
    assert asked == ["张"]
    press(field, Qt.Key.Key_Return, qtbot=qtbot)
    assert submitted == ["张"]


def test_a_click_takes_the_hit(field: SearchField, qtbot: QtBot) -> None:
    field.show_hits(HITS)
    shown = field.hits_list()
    assert shown is not None
    place = shown.visualItemRect(shown.item(2)).center()
    with qtbot.waitSignal(field.hit_chosen) as chosen:
        QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [HITS[2]]


def test_the_list_stays_inside_the_window_and_goes_with_the_focus(
    field: SearchField, window: QWidget, qtbot: QtBot
) -> None:
    window.resize(900, 200)
    field.show_hits(HITS)
    shown = field.hits_list()
    assert shown is not None
    frame = shown.parentWidget()
    assert frame is not None
    assert window.rect().contains(frame.geometry())
    line(field).clearFocus()
    assert not field.are_hits_shown()


def test_a_key_typed_elsewhere_goes_on_here(field: SearchField, qtbot: QtBot) -> None:
    line(field).clearFocus()
    field.take_key("z")
    QTest.keyClicks(line(field), "xy")
    assert field.text() == "zxy"
    assert line(field).hasFocus()
