"""Asking for what one may not do alone, deciding about it (Ctrl+K P), and reversing (Ctrl+K V), by keyboard."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.requesting import approve_request, refuse_request, request_decision
from feedesk.ops.run import Workplace
from feedesk.ops.selling import sell
from feedesk.ops.shifts import close_shift
from feedesk.ops.signing_in import set_password
from feedesk.ops.wishes import Wish, wish_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.requests import WAITING, DecisionRequest, Outcome, RequestKind, recent_requests
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.decision_sheets import WaiveSheet
from feedesk.ui.pages.desk.deposit_back_sheet import StrangersDepositSheet
from feedesk.ui.pages.desk.history_sheet import HistorySheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.pages.desk.request_sheet import RequestSheet, effect_words
from feedesk.ui.pages.desk.requests_sheet import RequestsSheet
from feedesk.ui.pages.desk.reversal_sheet import ReversalSheet
from feedesk.ui.pages.desk.void_sheet import VoidSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.quote_case import quote_case
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    """The cashier sits at her own shift; supervisor and manager may decide."""
    community = small_community(sqlite_ledger)
    picture_home(community)
    community.workplace = replace(community.workplace, actor="样例收费员")
    open_desk(community, Fen(50000))
    return make_desk(community, qtbot)


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


def ctrl(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key, CTRL)


def act(desk: Desk, key: str) -> QWidget | None:
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, CTRL)
    press(key)
    return open_sheet(desk.window)


def requests(desk: Desk) -> list[DecisionRequest]:
    return list(desk.community.workplace.read(recent_requests, since=TODAY))


def manager(desk: Desk) -> Workplace:
    return replace(desk.community.workplace, actor="样例经理")


def ask_for_principal(desk: Desk, amount: int = 1000) -> int:
    owed = desk.community.workplace.read(statement, account=1, on=TODAY).charges[0]
    wish = Wish(RequestKind.PRINCIPAL, Fen(amount), charges=(owed.id,))
    return desk.community.run(request_decision, wish=wish, reason="漏水").request


def test_a_waiver_is_asked_for_approved_with_a_password_and_done(desk: Desk) -> None:
    Workplace(desk.community.database, "样例管理员").run_op(set_password, name="样例经理", password="mima")
    desk.page.open_target(1)
    desk.page.waiver_asked.emit(desk.page.current_charge())
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, WaiveSheet)
    sheet.kind.set_value(False)
    sheet.kind.chosen.emit(False)
    sheet.amount.edit.set_amount(Fen(5000))
    sheet.reason.setFocus()
    ctrl(Qt.Key.Key_R)
    assert "原因" in sheet.sentence.text()
    press("漏水补偿")
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is None
    assert "已提出申请" in desk.page.banner.accessibleName()
    (asked,) = requests(desk)
    assert (asked.kind, asked.amount, asked.state, asked.asked_by) == (
        RequestKind.PRINCIPAL,
        5000,
        WAITING,
        "样例收费员",
    )

    listed = act(desk, "P")
    assert isinstance(listed, RequestsSheet)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, RequestSheet)
    assert "样例收费员" not in [sheet.decider.who.itemText(n) for n in range(sheet.decider.who.count())]
    sheet.decider.who.set_value("样例经理")
    sheet.decider.who.chosen.emit("样例经理")
    press(Qt.Key.Key_Return)
    assert "密码" in sheet.sentence.text()
    press("wrong", Qt.Key.Key_Return)
    assert "不对" in sheet.sentence.text() or "密码" in sheet.sentence.text()
    assert requests(desk)[0].state == WAITING
    sheet.decider.password.clear()
    sheet.decider.password.setFocus()
    press("mima", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    (done,) = requests(desk)
    assert done.state == Outcome.APPROVED
    assert done.approver is not None
    assert done.approver.by == "样例经理"
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_nobody_is_asked_within_the_quota(desk: Desk) -> None:
    desk.page.open_target(1)
    desk.page.waiver_asked.emit(desk.page.current_charge())
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, WaiveSheet)
    if sheet.kind.value():
        sheet.amount.edit.set_amount(Fen(1))
        ctrl(Qt.Key.Key_R)
        assert requests(desk) == []


def test_a_refund_is_asked_for_released_and_carried_out_with_one_key(desk: Desk) -> None:
    receipt = desk.collect(20000)
    desk.page.open_target(1)
    sheet = act(desk, "R")
    assert isinstance(sheet, RefundSheet)
    press("50")
    sheet.reason.setFocus()
    press("多收")
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is None
    (asked,) = requests(desk)
    assert (asked.kind, asked.name, asked.amount) == (RequestKind.PAYMENT, receipt, 5000)
    # the manager approves somewhere else; the desk says so as soon as something happens here
    manager(desk).run_op(approve_request, request=asked.id, words="可以")
    desk.page.banner.hide()
    desk.sheets.tell_requests()
    assert "已批准" in desk.page.banner.accessibleName()
    act(desk, "P")
    press(Qt.Key.Key_Return)
    decide = open_sheet(desk.window)
    assert isinstance(decide, RequestSheet)
    assert decide.decider.isHidden()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    (done,) = requests(desk)
    assert done.state == Outcome.DONE
    assert desk.woken
    assert "50.00" in desk.page.banner.accessibleName()
    assert desk.community.workplace.read(find_receipt, number=receipt).refunded == 5000


def test_a_refusal_needs_words_and_reaches_whoever_asked(desk: Desk) -> None:
    number = ask_for_principal(desk)
    desk.sheets.tell_requests()
    act(desk, "P")
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, RequestSheet)
    ctrl(Qt.Key.Key_D)
    assert "原因" in sheet.sentence.text()
    press("没有凭据")
    ctrl(Qt.Key.Key_D)
    assert open_sheet(desk.window) is None
    (refused,) = requests(desk)
    assert (refused.id, refused.state, refused.decisions[0].words) == (number, Outcome.REFUSED, "没有凭据")


def test_what_was_approved_can_still_be_refused_by_whoever_may(desk: Desk) -> None:
    receipt = desk.collect(20000)
    wish = Wish(RequestKind.PAYMENT, Fen(5000), receipt=receipt, tender="cash")
    number = desk.community.run(request_decision, wish=wish, reason="多收").request
    manager(desk).run_op(approve_request, request=number)
    act(desk, "P")
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, RequestSheet)
    assert sheet.decider.isHidden()
    ctrl(Qt.Key.Key_D)
    assert not sheet.decider.isHidden()
    assert "原因" in sheet.sentence.text()
    press("住户改主意")
    ctrl(Qt.Key.Key_D)
    assert requests(desk)[0].state == Outcome.REFUSED


def test_whoever_asked_withdraws_without_a_password(desk: Desk) -> None:
    ask_for_principal(desk)
    act(desk, "P")
    press(Qt.Key.Key_Return)
    ctrl(Qt.Key.Key_U)
    assert open_sheet(desk.window) is None
    assert requests(desk)[0].state == Outcome.WITHDRAWN


def test_what_no_longer_fits_says_why_and_is_laid_aside(desk: Desk) -> None:
    ask_for_principal(desk)
    owed = desk.community.workplace.read(statement, account=1, on=TODAY, household_too=True).total_due
    desk.collect(owed)
    act(desk, "P")
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, RequestSheet)
    assert sheet.misfit
    press(Qt.Key.Key_Return)
    assert requests(desk)[0].state == Outcome.OVERTAKEN


def test_a_cashier_sees_her_own_and_a_supervisor_all(desk: Desk) -> None:
    ask_for_principal(desk)
    desk.community.workplace = replace(desk.community.workplace, actor="样例财务")
    sheet = act(desk, "P")
    assert isinstance(sheet, RequestsSheet)
    assert sheet.model.rows() == []
    press(Qt.Key.Key_Escape)
    desk.community.workplace = replace(desk.community.workplace, actor="样例主管")
    desk.sheets.tell_requests()
    sheet = act(desk, "P")
    assert isinstance(sheet, RequestsSheet)
    assert len(sheet.model.rows()) == 1
    press(Qt.Key.Key_Escape)


def later_shift(desk: Desk, amount: int = 20000) -> str:
    receipt = desk.collect(amount)
    desk.community.run(close_shift)
    open_desk(desk.community, Fen(50000))
    desk.sheets.show_shift_state()
    return receipt


def test_a_payment_of_an_earlier_shift_is_reversed(desk: Desk) -> None:
    receipt = later_shift(desk)
    desk.page.open_target(1)
    sheet = act(desk, "V")
    assert isinstance(sheet, ReversalSheet)
    assert "物业费" in sheet.what.text()
    press(Qt.Key.Key_Return)
    assert "原因" in sheet.sentence.text()
    press("重复收款", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    stored = desk.community.workplace.read(find_receipt, number=receipt)
    assert stored.status == "reversed"
    assert stored.reversed_by in desk.page.banner.accessibleName()
    assert desk.woken
    assert Changed.PRINT_JOBS in desk.told[-1]
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_a_reversal_can_be_asked_for(desk: Desk) -> None:
    receipt = later_shift(desk)
    sheet = act(desk, "V")
    assert isinstance(sheet, ReversalSheet)
    press(receipt[-6:])
    sheet.reason.setFocus()
    press("收错房号")
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is None
    (asked,) = requests(desk)
    assert (asked.kind, asked.name, asked.amount) == (RequestKind.REVERSAL, receipt, 20000)


def test_a_void_after_its_shift_leads_to_the_reversal(desk: Desk) -> None:
    receipt = later_shift(desk)
    desk.page.void_asked.emit()
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, VoidSheet)
    press(receipt[-6:], Qt.Key.Key_Return)
    assert receipt in sheet.told.text()
    assert "红冲" in sheet.told.text()
    press(Qt.Key.Key_Return)
    reversal = open_sheet(desk.window)
    assert isinstance(reversal, ReversalSheet)
    assert "20,000" in reversal.what.text() or "200.00" in reversal.what.text()
    press(Qt.Key.Key_Escape)


def test_the_history_leads_to_both(desk: Desk) -> None:
    later_shift(desk)
    now = desk.collect(10000)
    desk.page.open_target(1)
    for wanted in (VoidSheet, ReversalSheet):
        desk.page.history_asked.emit(1)
        history = open_sheet(desk.window)
        assert isinstance(history, HistorySheet)
        history.table.choose_row(0 if wanted is VoidSheet else 1)
        ctrl(Qt.Key.Key_Delete)
        sheet = open_sheet(desk.window)
        assert isinstance(sheet, wanted)
        if isinstance(sheet, VoidSheet):
            chosen = sheet.chosen()
            assert chosen is not None
            assert chosen.number == now
        press(Qt.Key.Key_Escape)


def test_a_receipt_of_this_shift_is_not_reversed(desk: Desk) -> None:
    receipt = desk.collect(10000)
    sheet = act(desk, "V")
    assert isinstance(sheet, ReversalSheet)
    press(receipt)
    assert "作废" in sheet.what.text()
    sheet.reason.setFocus()
    press("x", Qt.Key.Key_Return)
    assert "作废" in sheet.sentence.text()
    assert desk.community.workplace.read(find_receipt, number=receipt).status == "issued"


def test_no_words_about_requests_where_there_are_none(desk: Desk) -> None:
    desk.sheets.tell_requests()
    news = desk.sheets._news
    assert news is not None
    assert news.words.text() == ""
    number = ask_for_principal(desk)
    desk.community.workplace = replace(desk.community.workplace, actor="样例主管")
    desk.sheets.tell_requests()
    assert "待审批 1" in news.words.text()
    manager(desk).run_op(refuse_request, request=number, words="不同意")
    desk.sheets.tell_requests()
    assert news.words.text() == ""


def test_a_strangers_deposit_is_asked_for(desk: Desk) -> None:
    """The sheet on the empty desk offers Ctrl+R, and what is asked for is found under the receipt."""
    given = [TenderGiven("cash", Fen(50000))]
    receipt = desk.community.run(sell, tenders=given, deposits=[("装修押金", Fen(50000))], payer="样装修队").receipt
    sheet = act(desk, "D")
    assert isinstance(sheet, StrangersDepositSheet)
    sheet.inspected.set_value(True)
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is sheet
    assert sheet.reason.hasFocus()
    press("完工")
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is None, sheet.sentence.text()
    (request,) = requests(desk)
    assert (request.kind, request.name, request.amount) == (RequestKind.DEPOSIT, f"装修押金 {receipt}", 50000)
    replace(desk.community.workplace, actor="样例主管").run_op(approve_request, request=request.id)
    act(desk, "P")
    press(Qt.Key.Key_Return)
    shown = open_sheet(desk.window)
    assert isinstance(shown, RequestSheet)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert requests(desk)[0].state == Outcome.DONE
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_months_paid_ahead_are_asked_for(sqlite_ledger: Database, qtbot: QtBot) -> None:
    community, home = quote_case(sqlite_ledger)
    desk = make_desk(community, qtbot)
    desk.page.open_target(home.dwelling)
    ctrl(Qt.Key.Key_Q)
    press("3", Qt.Key.Key_Return)
    press("8280.05", Qt.Key.Key_Return)
    desk.page.open_target(home.dwelling)
    sheet = act(desk, "R")
    assert isinstance(sheet, RefundSheet)
    press("2")
    amount = sheet.fields.amount.edit.amount()
    sheet.reason.setText("搬走")
    ctrl(Qt.Key.Key_R)
    assert open_sheet(desk.window) is None, sheet.sentence.text()
    (request,) = requests(desk)
    assert (request.kind, request.amount) == (RequestKind.PAYMENT, amount)
    assert [one.months for one in wish_of(request).months] == [2]
    act(desk, "P")
    press(Qt.Key.Key_Return)
    shown = open_sheet(desk.window)
    assert isinstance(shown, RequestSheet)
    assert "预缴" in effect_words(request)
    assert not shown.misfit
