"""Ctrl+K and a letter: refunds, the right tender, the right account, a bounced transfer, a deposit given back."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.takings import day_takings
from feedesk.queries.verification import verify_everything
from feedesk.queries.waiver_quota import late_fee_quota
from feedesk.ui.pages.desk.acts import ActsSheet
from feedesk.ui.pages.desk.deposit_back_sheet import DepositBackSheet
from feedesk.ui.pages.desk.quota_sheet import QuotaSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.pages.desk.right_sheets import BounceSheet, MoveSheet, TenderSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    community.unit("1-1-101", resident="李样", pinyin="li yang")
    return make_desk(community, qtbot)


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        if isinstance(key, str):
            type_text(widget, key)
        else:
            QTest.keyClick(widget, key)


def ask(desk: Desk, letter: str) -> QWidget | None:
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ActsSheet)
    press(letter)
    return open_sheet(desk.window)


def focus(field: QWidget) -> None:
    field.setFocus(Qt.FocusReason.OtherFocusReason)


def pay(desk: Desk, *tenders: tuple[str, int], **facts: object) -> str:
    given = [TenderGiven(code, Fen(amount)) for code, amount in tenders]
    wanted = {"account": 1, "tenders": given, **({"part": True} if "charges" not in facts else {}), **facts}
    return desk.community.run(collect_payment, **wanted).receipt


def takings(desk: Desk) -> dict[str, Fen]:
    return desk.community.workplace.read(day_takings, day=TODAY).by_tender()


def sound(desk: Desk) -> bool:
    return desk.community.workplace.read(verify_everything).problems == ()


def test_a_refund_in_cash_of_what_came_by_wechat(desk: Desk) -> None:
    receipt = pay(desk, ("wechat", 107948))
    desk.page.open_target(1)
    sheet = ask(desk, "r")
    assert isinstance(sheet, RefundSheet)
    assert sheet.receipt.value() == receipt
    assert (sheet.fields.amount.edit.amount(), sheet.fields.way.value()) == (107948, "wechat")
    sheet.fields.choose("cash")
    press("300", Qt.Key.Key_Return)
    assert "原因" in sheet.sentence.text()
    focus(sheet.reason)
    press("多收", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert takings(desk) == {"wechat": 107948, "cash": -30000}
    assert "SJ-2026-1-000002" in desk.page.banner.accessibleName()
    assert desk.told
    assert desk.woken
    assert sound(desk)


def test_a_refund_too_large_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    pay(desk, ("wechat", 10000))
    desk.page.open_target(1)
    sheet = ask(desk, "r")
    assert isinstance(sheet, RefundSheet)
    press("100.01")
    focus(sheet.reason)
    press("x", Qt.Key.Key_Return)
    assert "100.00" in sheet.sentence.text()
    assert sheet.fields.amount.edit.amount() == 10001
    assert takings(desk) == {"wechat": 10000}


def test_the_prepayment_goes_back(desk: Desk) -> None:
    pay(desk, ("cash", 20000), charges=(), prepay=Fen(20000))
    desk.page.open_target(1)
    sheet = ask(desk, "r")
    assert isinstance(sheet, RefundSheet)
    sheet.receipt.setCurrentIndex(1)
    assert sheet.fields.amount.edit.amount() == 20000
    focus(sheet.reason)
    press("搬走", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert desk.community.workplace.read(statement, account=1, on=TODAY).prepaid == 0


def test_nothing_to_give_back_is_said_on_the_desk(desk: Desk) -> None:
    desk.page.open_target(1)
    assert ask(desk, "r") is None
    assert "Ctrl+H" in desk.page.banner.accessibleName()
    assert ask(desk, "d") is None
    assert ask(desk, "b") is None


def test_booked_as_cash_was_wechat(desk: Desk) -> None:
    receipt = pay(desk, ("cash", 60000))
    sheet = ask(desk, "t")
    assert isinstance(sheet, TenderSheet)
    sheet.fields.choose("wechat")
    sheet.fields.reference.setText("W7")
    focus(sheet.reason)
    press("实为微信", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert takings(desk) == {"wechat": 60000}
    assert "微信" in desk.page.banner.accessibleName()
    assert desk.community.workplace.read(find_receipt, number=receipt).paid_by == ("微信",)


def test_only_a_part_was_wechat(desk: Desk) -> None:
    pay(desk, ("cash", 60000))
    sheet = ask(desk, "t")
    assert isinstance(sheet, TenderSheet)
    focus(sheet.fields.amount.edit)
    press("200")
    sheet.fields.choose("wechat")
    focus(sheet.reason)
    press("x", Qt.Key.Key_Return)
    assert takings(desk) == {"cash": 40000, "wechat": 20000}
    assert sound(desk)


def test_brought_to_the_right_account(desk: Desk) -> None:
    receipt = pay(desk, ("cash", 60000))
    desk.page.open_target(1)
    sheet = ask(desk, "x")
    assert isinstance(sheet, MoveSheet)
    assert sheet.approver.isHidden()
    press(Qt.Key.Key_Return)
    assert sheet.sentence.text()
    press("1-1-101")
    assert "李样" in sheet.found.text()
    focus(sheet.reason)
    press("收错房号", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert desk.community.workplace.read(statement, account=3, on=TODAY).prepaid == 60000
    assert desk.community.workplace.read(find_receipt, number=receipt).status == "transferred"
    assert sound(desk)


def test_of_an_earlier_shift_with_approval(desk: Desk) -> None:
    pay(desk, ("cash", 60000))
    desk.community.run(close_shift)
    desk.community.run(open_shift, opening_float=Fen(0))
    desk.page.open_target(1)
    sheet = ask(desk, "x")
    assert isinstance(sheet, MoveSheet)
    assert not sheet.approver.isHidden()
    press("1-1-101")
    focus(sheet.reason)
    press("x", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert desk.community.workplace.read(statement, account=3, on=TODAY).prepaid == 60000


def test_a_transfer_bounced(desk: Desk) -> None:
    pay(desk, ("cash", 100))
    receipt = pay(desk, ("transfer", 50000))
    desk.page.open_target(1)
    sheet = ask(desk, "b")
    assert isinstance(sheet, BounceSheet)
    assert (sheet.receipt.count(), sheet.receipt.value()) == (1, receipt)
    press("银行退回", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert takings(desk) == {"cash": 100, "transfer": 0}
    assert sound(desk)


def test_a_deposit_given_back_less_a_deduction(desk: Desk) -> None:
    pay(desk, ("card", 200000), charges=(), deposits=[("装修押金", Fen(200000))])
    desk.page.open_target(1)
    sheet = ask(desk, "d")
    assert isinstance(sheet, DepositBackSheet)
    assert sheet.slip.text() == "SJ-2026-1-000001"
    focus(sheet.deducted.edit)
    press("300")
    assert sheet.fields.amount.edit.amount() == 170000
    sheet.fields.choose("card")
    focus(sheet.reason)
    press("完工，墙面损坏", Qt.Key.Key_Return)
    assert "验收" in sheet.sentence.text()
    sheet.inspected.set_value(True)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert takings(desk) == {"card": 30000}
    assert desk.community.workplace.read(statement, account=1, on=TODAY).deposits == 0
    assert sound(desk)


def test_the_quota_is_set_by_whoever_may(desk: Desk) -> None:
    sheet = ask(desk, "w")
    assert isinstance(sheet, QuotaSheet)
    assert sheet.quota.edit.amount() == 2000
    press("50", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert desk.community.workplace.read(late_fee_quota) == 5000
    desk.community.workplace = replace(desk.community.workplace, actor="样例收费员")
    sheet = ask(desk, "w")
    assert isinstance(sheet, QuotaSheet)
    press("500", Qt.Key.Key_Return)
    assert "无权操作" in sheet.sentence.text()
    assert desk.community.workplace.read(late_fee_quota) == 5000


def test_where_no_deposit_is_held_that_is_said(desk: Desk) -> None:
    assert ask(desk, "d") is None
    assert "没有散客的押金" in desk.page.banner.accessibleName()
    desk.page.open_target(1)
    assert ask(desk, "d") is None
    assert "这一户没有押金" in desk.page.banner.accessibleName()
