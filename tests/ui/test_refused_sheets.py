"""Where the keyboard stands after a refusal, and what a sheet does in a window that is lower than it is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from feedesk.errors import FeedeskError
from feedesk.texts import N_, use_language
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.act_sheet import ActSheet, AmountMissing, open_act
from feedesk.ui.pages.desk.acts import ACTS
from feedesk.ui.pages.desk.deposit_back_sheet import StrangersDepositSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.pages.desk.found_sheets import FoundSheet
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.pages.desk.unclaimed_sheet import UnclaimedSheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.widgets.keycap import KeyHint
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


def test_money_of_unknown_origin_leads_to_the_field_at_fault(desk: Desk) -> None:
    listed = ask(desk, "U")
    assert isinstance(listed, UnclaimedSheet)
    press("N")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, FoundSheet)
    press("100", Qt.Key.Key_Return)
    assert sheet.from_whom.hasFocus()
    press("样汇款人")
    focus(sheet.value_date)
    sheet.value_date.setText("明天")
    press(Qt.Key.Key_Return)
    assert sheet.value_date.hasFocus()
    focus(sheet.from_whom)
    sheet.value_date.setText("2030-01-01")
    press(Qt.Key.Key_Return)
    assert sheet.value_date.hasFocus()


def test_waiving_on_an_empty_desk_says_what_is_missing(desk: Desk) -> None:
    QTest.keyClick(desk.page.search, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert open_sheet(desk.window) is None
    assert desk.page.banner.isVisible()
    assert "没有选中账单" in desk.page.banner.accessibleName()


def test_a_deposit_taken_offers_the_key_for_a_reprint(desk: Desk) -> None:
    leave_deposit(desk, "样装修队", "500")
    assert "补打" in [hint.text() for hint in desk.page.banner.findChildren(KeyHint)]


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


def is_in_sight(part: QWidget, window: QWidget) -> bool:
    """Whether all of it is shown, neither scrolled away nor below the edge."""
    whole = part.visibleRegion().boundingRect() == part.rect()
    return part.isVisible() and whole and window.rect().contains(part.mapTo(window, part.rect().bottomRight()))


@pytest.fixture
def low_window(qtbot: QtBot) -> QWidget:
    """A screen of 1366×768 at 150 %."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(911, 512)
    window.show()
    qtbot.waitActive(window)
    return window


def test_a_card_higher_than_the_window_scrolls_to_the_field_and_keeps_its_button(
    qtbot: QtBot, low_window: QWidget
) -> None:
    sheet = LongSheet(low_window)
    open_act(sheet, sheet.fields[0], str)
    qtbot.waitUntil(lambda: sheet.findChild(QScrollArea) is not None)
    qtbot.waitUntil(lambda: all(field.height() >= field.minimumSizeHint().height() for field in sheet.fields))
    qtbot.waitUntil(sheet.fields[0].hasFocus)
    assert is_in_sight(sheet.button, low_window)
    QTest.keyClick(sheet.fields[0], Qt.Key.Key_Tab)
    QTest.keyClick(sheet.fields[1], Qt.Key.Key_Return)
    last = sheet.fields[-1]
    qtbot.waitUntil(last.hasFocus)
    qtbot.waitUntil(lambda: all(is_in_sight(part, low_window) for part in (last, sheet.sentence, sheet.button)))
    QTest.keyClick(last, Qt.Key.Key_Escape)
    assert open_sheet(low_window) is None


def test_tab_goes_round_a_scrolled_sheet_in_the_order_of_its_fields(qtbot: QtBot, low_window: QWidget) -> None:
    sheet = LongSheet(low_window)
    open_act(sheet, sheet.fields[0], str)
    qtbot.waitUntil(lambda: sheet.findChild(QScrollArea) is not None)
    for field in sheet.fields:
        qtbot.waitUntil(field.hasFocus)
        qtbot.waitUntil(lambda field=field: is_in_sight(field, low_window))  # type: ignore[misc]
        sheet.focusNextPrevChild(True)
    assert not any(field.hasFocus() for field in sheet.fields), "the button and the way back come after the fields"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_act_keeps_its_button_in_sight(desk: Desk, qtbot: QtBot, language: str) -> None:
    """In the lowest window, and after a refusal of several lines."""
    pay(desk, ("wechat", 10000))
    leave_deposit(desk, "样装修队", "500")
    use_language(language)
    desk.window.resize(911, 512)
    seen = set()
    for act in ACTS:
        desk.page.open_target(1)
        sheet = ask(desk, act.key)
        if isinstance(sheet, ActSheet):
            button, sentence = sheet.button, sheet.sentence
            qtbot.waitUntil(lambda button=button: is_in_sight(button, desk.window))  # type: ignore[misc]
            sheet.refuse("样例：这里说的是为什么没有办成，以及接下来要做什么。" * 3)
            for part in (button, sentence):
                qtbot.waitUntil(lambda part=part: is_in_sight(part, desk.window))  # type: ignore[misc]
            seen.add(act.key)
        if isinstance(sheet, Sheet):
            sheet.close_sheet()
    use_language("zh_CN")
    assert set("124NGRTXVWMC") <= seen
