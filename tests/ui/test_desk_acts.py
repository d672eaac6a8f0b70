"""Ctrl+K and one more key: the acts beside the payment of charges."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.shifts import close_shift
from feedesk.queries.statement import statement
from feedesk.ui.pages.desk.acts import ACTS, ActsSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    return make_desk(community, qtbot)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        widget = focused()
        if isinstance(key, str):
            type_text(widget, key)
        else:
            QTest.keyClick(widget, key)


def acts(desk: Desk) -> ActsSheet:
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ActsSheet)
    return sheet


def test_every_act_has_a_key_of_its_own_and_can_be_opened() -> None:
    assert len({act.key for act in ACTS}) == len(ACTS)
    for act in ACTS:
        module, _colon, name = act.opens.partition(":")
        assert callable(getattr(__import__(module, fromlist=[name]), name)), act


def test_an_act_needs_its_account(desk: Desk) -> None:
    sheet = acts(desk)
    press("1")
    assert open_sheet(desk.window) is sheet
    assert "房号" in sheet.sentence.text()
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is None


def test_a_prepayment_is_taken(desk: Desk) -> None:
    desk.page.open_target(1)
    acts(desk)
    press("1")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ExtraSheet)
    press(Qt.Key.Key_Return)
    assert "200.00" in sheet.sentence.text()
    press("300", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    held = desk.community.workplace.read(statement, account=1, on=TODAY)
    assert (held.prepaid, held.deposits) == (30000, 0)
    assert "SJ-" in desk.page.banner.accessibleName()
    assert desk.told
    assert desk.woken


def test_a_deposit_is_taken_by_another_payer(desk: Desk) -> None:
    desk.page.open_target(1)
    acts(desk)
    press("2")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ExtraSheet)
    press(Qt.Key.Key_Return)
    assert "押金" in sheet.sentence.text()
    sheet.name.setText("装修押金")
    sheet.fields.amount.edit.setFocus()
    press("2000")
    sheet.fields.way.set_value("card")
    sheet.fields.way.chosen.emit("card")
    sheet.fields.reference.setText("POS-1")
    sheet.payer.setText("装修公司(样例)")
    sheet.fields.amount.edit.setFocus()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    held = desk.community.workplace.read(statement, account=1, on=TODAY)
    assert (held.prepaid, held.deposits) == (0, 200000)
    desk.community.run(close_shift)
    assert desk.community.run(close_day).figures.takings.by_item() == {"装修押金": {"card": 200000}}


def test_a_half_entered_payment_is_put_aside_and_taken_up_again(desk: Desk) -> None:
    """Cash and WeChat typed, one charge unticked: all of it is there again after somebody else's question."""
    desk.page.open_target(1)
    open_now = desk.page.charges.selection().charges
    kept = tuple(charge.id for charge in open_now[1:])
    desk.page.charges.tick(kept)
    due = desk.page.charges.selection().total
    desk.page.tender.toggle_combined()
    desk.page.tender.focus_money()
    press("100")
    QTest.keyClick(focused(), Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    desk.page.tender.reference.setText("WX-9")
    typed = desk.page.tender.typed()
    assert [(one.code, one.amount) for one in typed.tendered] == [("cash", 10000), ("wechat", due - 10000)]
    QTest.keyClick(focused(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert desk.page.statement() is None
    assert [one.account for one in desk.page.held()] == [1]
    desk.page.open_target(2)
    press(Qt.Key.Key_Escape)
    QTest.keyClick(focused(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    shown = desk.page.statement()
    assert shown is not None
    assert shown.card.account == 1
    assert tuple(charge.id for charge in desk.page.charges.selection().charges) == kept
    assert desk.page.tender.typed() == typed
    assert desk.page.held() == ()
    press(Qt.Key.Key_Return)
    assert "SJ-" in desk.page.banner.accessibleName()
    paid = desk.community.workplace.read(statement, account=1, on=TODAY, household_too=True)
    assert open_now[0].id in {charge.id for charge in paid.charges}
