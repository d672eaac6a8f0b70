"""Where the keyboard stands after a refusal, and what a sheet does in a window that is lower than it is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from feedesk.errors import FeedeskError
from feedesk.texts import N_
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.deposit_back_sheet import StrangersDepositSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.pages.desk.unclaimed_sheet import UnclaimedSheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.widgets.label import Label
from tests.ui.test_desk_sheets import Desk
from tests.ui.test_price_list import desk, leave_deposit
from tests.ui.test_putting_right import ask, focus, pay, press

__all__ = ["desk"]


def test_a_stranger_without_a_name_is_asked_for_it(desk: Desk) -> None:
    sheet = ask(desk, "2")
    assert isinstance(sheet, ExtraSheet)
    press(Qt.Key.Key_Return)
    assert sheet.name.hasFocus()
    press("押金")
    focus(sheet.fields.amount.edit)
    press("500", Qt.Key.Key_Return)
    assert sheet.payer.hasFocus()
    press("样散客", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None


def test_a_deposit_not_inspected_leads_to_the_inspection_and_then_to_the_reason(desk: Desk) -> None:
    leave_deposit(desk, "样装修队", "500")
    sheet = ask(desk, "D")
    assert isinstance(sheet, StrangersDepositSheet)
    assert sheet.slip.selectedText() == "SJ-2026-1-000001"
    press(Qt.Key.Key_Return)
    assert sheet.inspected.hasFocus()
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert sheet.reason.hasFocus()
    press("完工", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None


def test_a_refund_without_a_reason_leads_to_it(desk: Desk) -> None:
    desk.page.open_target(1)
    pay(desk, ("wechat", 10000))
    sheet = ask(desk, "R")
    assert isinstance(sheet, RefundSheet)
    press(Qt.Key.Key_Return)
    assert sheet.reason.hasFocus()


def test_the_sum_of_a_sale_has_its_word(desk: Desk) -> None:
    sheet = ask(desk, "4")
    assert isinstance(sheet, PriceListSheet)
    assert "合计" in [label.text() for label in sheet.findChildren(Label)]


def test_the_keyboard_comes_back_to_the_list_after_an_entry(desk: Desk) -> None:
    listed = ask(desk, "U")
    assert isinstance(listed, UnclaimedSheet)
    assert QApplication.focusWidget() is listed.table
    desk.page.search.setFocus(Qt.FocusReason.OtherFocusReason)
    assert QApplication.focusWidget() is listed.table


class LongSheet(ActSheet):
    """Twelve rows of a field each; refused at the last."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "样例", "样例")
        self.fields = [QLineEdit() for _field in range(12)]
        for field in self.fields:
            self.add_row((N_("Reason"), field))
        self.add_end()

    def decide(self) -> str:
        raise AmountMissing

    def field_of(self, _error: FeedeskError) -> QWidget | None:
        return self.fields[-1]


def test_a_card_higher_than_the_window_scrolls_to_the_field(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(910, 512)
    window.show()
    qtbot.waitActive(window)
    sheet = LongSheet(window)
    open_act(sheet, sheet.fields[0], str)
    qtbot.waitUntil(lambda: sheet.findChild(QScrollArea) is not None)
    qtbot.waitUntil(lambda: all(field.height() >= field.minimumSizeHint().height() for field in sheet.fields))
    assert QApplication.focusWidget() is sheet.fields[0], "making room does not take the keyboard away"
    press(Qt.Key.Key_Tab, Qt.Key.Key_Return)
    last = sheet.fields[-1]
    assert last.hasFocus()
    qtbot.waitUntil(lambda: sheet.card.rect().contains(last.mapTo(sheet.card, last.rect().center())))
    press(Qt.Key.Key_Escape)
    assert open_sheet(window) is None
