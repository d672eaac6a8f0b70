"""Months ahead and the quote by real keys: Ctrl+K 3, and Ctrl+Q, over to the money, and taken."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.ledger.verify import verify_ledger
from feedesk.queries.quotes import quote_of
from feedesk.receipts.escpos import SlipForm
from feedesk.rules.quoting import Way
from feedesk.ui.pages.desk.advance_sheet import AdvanceSheet
from feedesk.ui.pages.desk.quote_sheet import QuoteSheet
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY
from tests.quote_case import quote_case
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community, home = quote_case(sqlite_ledger)
    desk = make_desk(community, qtbot)
    desk.page.open_target(home.dwelling)
    return desk


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        if isinstance(key, str):
            type_text(focused(), key)
        else:
            QTest.keyClick(focused(), key)


def control(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key, Qt.KeyboardModifier.ControlModifier)


def quoting(desk: Desk) -> QuoteSheet:
    control(Qt.Key.Key_Q)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, QuoteSheet)
    return sheet


def advancing(desk: Desk) -> AdvanceSheet:
    control(Qt.Key.Key_K)
    press("3")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, AdvanceSheet)
    return sheet


def sound(desk: Desk) -> bool:
    with desk.community.database.reading() as connection:
        return verify_ledger(connection).problems == ()


def test_a_whole_year_from_the_quote_to_the_receipt(desk: Desk) -> None:
    sheet = quoting(desk)
    press("3")
    assert sheet.chosen() is Way.YEAR
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert [one.months for one in desk.page.ahead()] == [12, 12]
    assert "12 个月至 2027-11-30" in desk.page.terms.accessibleName()
    press("8280.05", Qt.Key.Key_Return)
    assert "8,280.05" in desk.page.banner.accessibleName()
    left = desk.community.workplace.read(quote_of, account=1, on=TODAY)
    assert [column.total for column in left.columns] == [0, 0, 0, 0]
    assert desk.page.ahead() == ()
    assert sound(desk)


def test_arrears_only_ticks_just_these(desk: Desk) -> None:
    quoting(desk)
    press("1", Qt.Key.Key_Return)
    chosen = desk.page.charges.selection()
    assert (chosen.total, len(chosen.charges), desk.page.ahead()) == (144994, 7, ())


def test_waiting_takes_nothing_and_esc_goes_back(desk: Desk) -> None:
    before = desk.page.charges.selection()
    quoting(desk)
    press("4", Qt.Key.Key_Return)
    assert "今天不收" in desk.page.banner.accessibleName()
    assert desk.page.charges.selection() == before
    sheet = quoting(desk)
    press(Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert sheet.chosen() is Way.ARREARS
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is None


def test_the_quote_is_printed_as_a_slip(desk: Desk) -> None:
    slips: list[LooseSlip] = []
    desk.sheets.print_loose = slips.append
    sheet = quoting(desk)
    control(Qt.Key.Key_P)
    assert "报价单" in sheet.told.text()
    (slip,) = slips
    printed = slip(SlipForm()).decode("gbk", "ignore")
    assert "8,280.05" in printed
    assert "不是收据" in printed
    press(Qt.Key.Key_Escape)
    assert desk.community.balance("1001.T1") == 50000


def test_nothing_of_the_quote_is_cut_off(desk: Desk) -> None:
    quoting(desk)
    QApplication.processEvents()
    assert cut_off(desk.window) == []
    press(Qt.Key.Key_Escape)


def test_months_are_typed_and_paid(desk: Desk) -> None:
    """1,998.41 due, 2 × 248.47 and 12 × 300.00 − 300.00."""
    sheet = advancing(desk)
    press(Qt.Key.Key_Return)
    assert "12" in sheet.sentence.text()
    press("2")
    assert sheet.total.accessibleName() == "2,495.35"
    press(Qt.Key.Key_Tab, "12")
    assert sheet.total.accessibleName() == "5,795.35"
    assert "车位缴12送1 −300.00" in sheet.conceded.text()
    assert cut_off(desk.window) == []
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    press("5800", Qt.Key.Key_Return)
    assert "5,795.30" in desk.page.banner.accessibleName()
    assert sound(desk)


def test_too_many_months_are_told_at_once(desk: Desk) -> None:
    sheet = advancing(desk)
    press("13")
    assert "12" in sheet.sentence.text()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is sheet
    press(Qt.Key.Key_Escape)
    assert desk.page.ahead() == ()


def test_closing_the_message_drops_the_months_again(desk: Desk) -> None:
    advancing(desk)
    press("2", Qt.Key.Key_Return)
    assert desk.page.ahead()
    desk.page.terms.dismissed.emit()
    assert desk.page.ahead() == ()


def test_a_payment_put_aside_keeps_its_months(desk: Desk) -> None:
    advancing(desk)
    press("2", Qt.Key.Key_Return)
    ahead = desk.page.ahead()
    control(Qt.Key.Key_B)
    assert desk.page.ahead() == ()
    control(Qt.Key.Key_B)
    assert desk.page.ahead() == ahead
