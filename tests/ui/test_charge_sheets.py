"""One charge at the desk, by keyboard: how it was reckoned and its late fee, a waiver, a dispute."""

from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import set_password
from feedesk.ops.waiving import change_late_fee_quota
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.charge_sheet import ChargeSheet
from feedesk.ui.pages.desk.decision_sheets import DisputeSheet, WaiveSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import open_desk, picture_home, small_community
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    """3-1-502 as drawn, late fees and all: 1,998.41."""
    community = small_community(sqlite_ledger)
    for item in ("物业费", "车位服务费"):
        terms = RuleTerms(daily_rate=Fraction("0.0003"), clause="物业服务合同 第十二条")
        community.run(add_late_fee_rule, item=item, terms=terms, valid_from=date(2020, 1, 1))
    open_desk(community, Fen(50000))
    picture_home(community)
    made = make_desk(community, qtbot)
    made.page.open_target("3-1-502")
    return made


def press(desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> QWidget | None:
    QTest.keyClick(desk.window.focusWidget() or desk.window, key, modifiers)
    return open_sheet(desk.window)


def enter(desk: Desk) -> QWidget | None:
    return press(desk, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)


def test_the_desk_shows_the_picture(desk: Desk) -> None:
    selection = desk.page.charges.selection()
    assert (selection.principal, selection.late_fees, selection.total) == (197948, 1893, 199841)


def test_the_late_fee_can_be_read_out(desk: Desk) -> None:
    sheet = press(desk, Qt.Key.Key_I)
    assert isinstance(sheet, ChargeSheet)
    assert sheet.lines() == (
        "98.60 ㎡ × 2.80",
        "应收 276.08；优惠 −27.61；本金待缴 248.47",
        "到期日 2026-08-31，从次日 2026-09-01 开始计违约金。",
        "标准：万分之三/日 (物业服务合同 第十二条)",
        "2026-09-01 至 2026-11-23，84 天：248.47 × 0.0003 × 84 = 6.261444",
        "违约金计到 2026-11-23：6.26",
    )
    assert sheet.area.hasFocus()
    assert press(desk, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier) is None


def test_an_item_without_a_rule_says_so(desk: Desk) -> None:
    press(desk, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    sheet = press(desk, Qt.Key.Key_I)
    assert isinstance(sheet, ChargeSheet)
    assert sheet.facts.item == "公摊电费"
    assert sheet.lines()[-1] == "这笔应收没有违约金规则，不计违约金。"


def test_a_dispute_is_held_and_released(desk: Desk) -> None:
    sheet = press(desk, Qt.Key.Key_G)
    assert isinstance(sheet, DisputeSheet)
    assert enter(desk) is sheet
    assert "原因" in sheet.sentence.text()
    type_text(sheet.reason, "读数有误")
    assert enter(desk) is None
    assert Changed.CHARGES in desk.told[-1]
    charge = desk.page.charges.selection()
    assert (len(charge.charges), charge.disputed) == (8, 25466)  # today does not count any more: 6.19 for 83 days
    sheet = press(desk, Qt.Key.Key_I)
    assert isinstance(sheet, ChargeSheet)
    assert "读数有误" in sheet.lines()
    assert "2026-11-23 至 2026-11-23：争议期间，不计违约金。" in sheet.lines()
    sheet = press(desk, Qt.Key.Key_G)
    assert isinstance(sheet, DisputeSheet)
    type_text(sheet.reason, "已核实")
    assert enter(desk) is None
    assert len(desk.page.charges.selection().charges) == 9


def test_a_late_fee_is_waived(desk: Desk) -> None:
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    assert (sheet.kind.value(), sheet.amount.edit.amount()) == (True, 626)
    type_text(sheet.reason, "首次逾期")
    assert enter(desk) is None
    assert desk.page.charges.selection().total == 199841 - 626
    sheet = press(desk, Qt.Key.Key_I)
    assert isinstance(sheet, ChargeSheet)
    assert sheet.lines()[-2:] == ("其中已减免：6.26", "违约金待缴：0.00")
    assert press(desk, Qt.Key.Key_J) is not None


def test_what_is_wrong_stands_in_the_sheet(desk: Desk) -> None:
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    sheet.amount.edit.set_amount(None)
    assert enter(desk) is sheet
    assert sheet.sentence.text() == "请填写减免金额，例如 6.26。"
    sheet.amount.edit.set_amount(Fen(627))
    type_text(sheet.reason, "首次逾期")
    assert enter(desk) is sheet
    assert sheet.sentence.text() == "这里只欠 6.26，不能减免 6.27。未作任何改动。"
    assert press(desk, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier) is None


def test_within_the_quota_nobody_is_asked(desk: Desk) -> None:
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    assert (sheet.approver.isHidden(), sheet.alone.isHidden()) == (True, False)
    sheet.kind.set_value(False)
    sheet.kind.chosen.emit(False)
    assert (sheet.approver.isHidden(), sheet.alone.isHidden()) == (False, True)
    assert press(desk, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier) is None
    at_once = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    assert press(desk, Qt.Key.Key_J, at_once) is None
    assert desk.page.charges.selection().total == 199841 - 626
    assert "13.74" in desk.page.banner.accessibleName()
    press(desk, Qt.Key.Key_J, at_once)
    assert "没有违约金" in desk.page.banner.accessibleName()


def test_beyond_the_quota_somebody_is_asked(desk: Desk) -> None:
    desk.community.run(change_late_fee_quota, quota=Fen(600))
    at_once = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    assert press(desk, Qt.Key.Key_J, at_once) is None
    assert "6.00" in desk.page.banner.accessibleName()
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    assert not sheet.approver.isHidden()


def test_the_approver_proves_it_at_a_cashiers_desk_too(desk: Desk) -> None:
    desk.community.run(change_late_fee_quota, quota=Fen(0))
    admin = Workplace(desk.community.database, "样例管理员", today=desk.community.workplace.today)
    admin.run_op(set_password, name="样例经理", password="sesame 1")
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    type_text(sheet.reason, "首次逾期")
    assert enter(desk) is sheet
    assert "样例经理" in sheet.sentence.text()
    type_text(sheet.approver.password, "sesame 1")
    assert enter(desk) is None
    desk.community.workplace = Workplace(desk.community.database, "样例收费员", today=desk.community.workplace.today)
    sheet = press(desk, Qt.Key.Key_J)
    assert isinstance(sheet, WaiveSheet)
    type_text(sheet.reason, "首次逾期")
    assert enter(desk) is None
