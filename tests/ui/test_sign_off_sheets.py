"""Ctrl+K H and Ctrl+K F by keyboard: a shift taken over, refused, reviewed; the desk and the day close show it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_in import set_password
from feedesk.ops.signing_off import take_over
from feedesk.queries.closing_view import closing_view
from feedesk.queries.sign_offs import ClosedShift, SignOffKind, Thing, last_closed_shift, things_handed_over
from feedesk.ui.pages.dayclose.facts import lock_facts
from feedesk.ui.pages.desk.acts import ActsSheet
from feedesk.ui.pages.desk.opening import OpeningCard
from feedesk.ui.pages.desk.sign_off_sheets import ReviewSheet, TakeOverSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, SmallCommunity, picture_home, small_community
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk

FIRST, NEXT, FINANCE = "样例收费员", "样例收费员乙", "样例财务"


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    first = replace(made.workplace, actor=FIRST)
    first.run_op(open_shift, opening_float=Fen(50000))
    first.run_op(close_shift, counts={"100": 5})
    return made


@pytest.fixture
def desk(community: SmallCommunity, qtbot: QtBot) -> Desk:
    return make_desk(community, qtbot)


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        if isinstance(key, str):
            type_text(widget, key)
        else:
            QTest.keyClick(widget, key)


def act(desk: Desk, key: str) -> None:
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert isinstance(open_sheet(desk.window), ActsSheet)
    press(key)


def last(desk: Desk) -> ClosedShift:
    found = desk.community.workplace.read(last_closed_shift, till=1)
    assert found is not None
    return found


def test_a_shift_is_taken_over_with_what_goes_with_it(desk: Desk) -> None:
    Workplace(desk.community.database, "样例管理员").run_op(set_password, name=NEXT, password="secret")
    act(desk, "H")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, TakeOverSheet)
    names = [sheet.signer.who.itemText(place) for place in range(sheet.signer.who.count())]
    assert FIRST not in names
    sheet.signer.who.setCurrentText(NEXT)
    sheet.signer.who.chosen.emit(NEXT)
    press(Qt.Key.Key_Return)
    assert "密码" in sheet.sentence.text()
    press("secret")
    sheet.things.counts[0].setFocus()
    press("一")
    press(Qt.Key.Key_Return)
    assert "收据印章" in sheet.sentence.text()
    sheet.things.counts[0].clear()
    press("1", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert NEXT in desk.page.banner.accessibleName()
    assert last(desk).has(SignOffKind.HAND_OVER)
    assert desk.community.workplace.read(things_handed_over, till=1) == (Thing("收据印章", 1),)
    act(desk, "H")
    assert open_sheet(desk.window) is None
    assert "没有等待接班" in desk.page.banner.accessibleName()


def test_a_shortage_is_refused_and_the_day_close_says_so(desk: Desk) -> None:
    act(desk, "H")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, TakeOverSheet)
    sheet.counted.edit.setFocus()
    press("450", Qt.Key.Key_Return)
    assert "450.00" in sheet.sentence.text()
    sheet.verdict.set_value(False)
    press(Qt.Key.Key_Return)
    assert "原因" in sheet.sentence.text()
    press("少一张 50 元", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    view = desk.community.workplace.read(closing_view, till=1, today=TODAY)
    assert [(words, tone) for name, words, tone in lock_facts(view) if "复核" in name] == [
        (f"{last(desk).sign_offs[0].by}拒绝接班", "danger")
    ]


def test_a_second_person_reviews(desk: Desk) -> None:
    def reviewed() -> list[tuple[str, str]]:
        view = desk.community.workplace.read(closing_view, till=1, today=TODAY)
        return [(words, tone) for name, words, tone in lock_facts(view) if "复核" in name]

    assert reviewed() == [("未复核", "warn")]
    act(desk, "F")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ReviewSheet)
    sheet.signer.who.setCurrentText(FINANCE)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert reviewed() == [(FINANCE, "ink")]
    act(desk, "F")
    assert open_sheet(desk.window) is None


def test_the_card_that_opens_a_shift_says_what_waits(desk: Desk) -> None:
    card = desk.page.findChild(OpeningCard)
    assert isinstance(card, OpeningCard)
    assert f"{FIRST}交的班还没有人接" in card._words.text()
    replace(desk.community.workplace, actor=NEXT).run_op(take_over, shift=last(desk).id)
    card.refresh()
    assert "还没有人接" not in card._words.text()


@pytest.mark.parametrize("key", ["H", "F"])
def test_the_sheets_fit_the_smallest_screen(desk: Desk, key: str) -> None:
    desk.window.setMinimumSize(0, 0)
    desk.window.setFixedSize(910, 512)
    QApplication.processEvents()
    act(desk, key)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, TakeOverSheet | ReviewSheet)
    QApplication.processEvents()
    assert cut_off(desk.window) == []
    assert sheet.card.height() <= desk.window.height()
    assert sheet.card.minimumSizeHint().height() <= desk.window.height() - 48
