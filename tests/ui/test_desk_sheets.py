"""Around the payments of a shift, by keyboard: opening it, voiding and reprinting receipts, saying what slips did."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.printing import PrintJobState, record_slip
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import TRAINING_CASHIER
from feedesk.ops.shifts import close_shift
from feedesk.ops.signing_in import set_password
from feedesk.ops.taking_back import void_payment
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.desk.history_sheet import HistorySheet
from feedesk.ui.pages.desk.opening import OpeningCard
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.sheets import DeskSheets
from feedesk.ui.pages.desk.shift_work import ShiftWork
from feedesk.ui.pages.desk.slip_sheet import SlipSheet
from feedesk.ui.pages.desk.void_sheet import VoidSheet
from feedesk.ui.pages.desk.work import DeskWork
from feedesk.ui.shortcuts import open_sheet
from tests.community import SmallCommunity, open_desk, picture_home, small_community
from tests.ui.keyboard import type_text


@dataclass
class Desk:
    """A window with a desk on a small ledger, and what it told."""

    community: SmallCommunity
    window: MainWindow
    page: DeskPage
    sheets: DeskSheets
    told: list[frozenset[Changed]]
    woken: list[bool]

    def collect(self, amount: int, *, print_slip: bool = False) -> str:
        """Takes a part payment in cash for 3-1-502; the receipt's number."""
        account = self.community.value(table_of(models.Account), "id", id=1)
        paid = self.community.run(
            collect_payment,
            account=account,
            tenders=[TenderGiven("cash", Fen(amount))],
            part=True,
            household_too=True,
            print_slip=print_slip,
        )
        return str(paid.receipt)


def make_desk(community: SmallCommunity, qtbot: QtBot) -> Desk:
    window = MainWindow()
    qtbot.addWidget(window)
    changes = Changes(window)
    told: list[frozenset[Changed]] = []
    woken: list[bool] = []
    changes.happened.connect(told.append)
    made: list[DeskSheets] = []

    def seat() -> Workplace:
        return community.workplace

    def sit_down(name: str, till: int) -> None:
        community.workplace = Workplace(community.database, name, today=community.workplace.today)

    def page() -> DeskPage:
        work = DeskWork(seat)
        page = DeskPage(work.functions())
        page.set_tenders(work.tender_choices())
        shift_work = ShiftWork(seat, 1, sit_down)
        made.append(DeskSheets(window, page, shift_work, changes, lambda: woken.append(True)))
        return page

    window.add_pages([PageFactory("desk", page)])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("desk")
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    shown = window.pages()["desk"]
    assert isinstance(shown, DeskPage)
    return Desk(community, window, shown, made[0], told, woken)


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    return made


@pytest.fixture
def desk(community: SmallCommunity, qtbot: QtBot) -> Desk:
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


def void_sheet(desk: Desk) -> VoidSheet:
    QTest.keyClick(focused(), Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, VoidSheet)
    return sheet


def opening(desk: Desk) -> OpeningCard:
    found = desk.page.findChild(OpeningCard)
    assert isinstance(found, OpeningCard)
    return found


def test_enter_opens_the_shift_and_the_search_box_has_the_keyboard(community: SmallCommunity, qtbot: QtBot) -> None:
    desk = make_desk(community, qtbot)
    card = opening(desk)
    assert focused() is card.money.edit
    assert card.money.edit.amount() == Fen(50000)
    press("300", Qt.Key.Key_Return)
    assert community.value(table_of(models.Shift), "opening_float") == 30000
    assert focused() is desk.page.search.focusProxy()
    assert desk.told == [frozenset({Changed.SHIFTS})]


def test_what_is_wrong_with_the_float_is_said_once_and_only_while_it_stands(
    community: SmallCommunity, qtbot: QtBot
) -> None:
    card = opening(make_desk(community, qtbot))
    press("-5", Qt.Key.Key_Return)
    assert "负数" in card.money.edit.problem()
    assert card.sentence.text() == ""
    press(Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_Return)
    assert "备用金" in card.sentence.text()
    press("2")
    assert card.sentence.text() == card.money.edit.problem() == ""


def test_the_float_offered_is_what_the_drawer_was_left_with(community: SmallCommunity, qtbot: QtBot) -> None:
    open_desk(community, Fen(30000))
    community.run(close_shift, counts={"100": 2})
    card = opening(make_desk(community, qtbot))
    assert card.money.edit.amount() == Fen(20000)


def test_a_password_is_asked_of_those_who_have_one(community: SmallCommunity, qtbot: QtBot) -> None:
    Workplace(community.database, "样例管理员", today=community.workplace.today).run_op(
        set_password, name=TRAINING_CASHIER, password="right"
    )
    community.workplace = Workplace(community.database, TRAINING_CASHIER, today=community.workplace.today)
    desk = make_desk(community, qtbot)
    card = opening(desk)
    assert focused() is card.password
    press(Qt.Key.Key_Return)
    assert "设有密码" in card.sentence.text()
    press("wrong", Qt.Key.Key_Return)
    assert card.sentence.text() == f"{TRAINING_CASHIER} 的密码不对，未作任何改动。"
    assert desk.sheets._work.shift() is None
    press("right", Qt.Key.Key_Return)
    shift = desk.sheets._work.shift()
    assert shift is not None
    assert shift.cashier == TRAINING_CASHIER


def test_a_float_that_is_no_amount_is_refused_in_words(community: SmallCommunity, qtbot: QtBot) -> None:
    desk = make_desk(community, qtbot)
    card = opening(desk)
    press("五百", Qt.Key.Key_Return)
    assert "不是金额" in card.money.edit.problem()
    card.money.edit.set_amount(None)
    press(Qt.Key.Key_Return)
    assert "备用金" in card.sentence.text()
    assert desk.sheets._work.shift() is None


def test_without_a_shift_an_account_can_still_be_looked_up(community: SmallCommunity, qtbot: QtBot) -> None:
    desk = make_desk(community, qtbot)
    desk.page.open_target("3-1-502")
    assert desk.page.statement() is not None
    desk.page.clear()
    assert focused() is opening(desk).money.edit


def test_voiding_takes_a_receipt_a_reason_and_enter(desk: Desk) -> None:
    first, second = desk.collect(10000), desk.collect(20000)
    sheet = void_sheet(desk)
    assert [row.number for row in sheet.model.rows()] == [second, first]
    press(first[-1], Qt.Key.Key_Return)
    assert "100.00" in sheet.button.text()
    press(Qt.Key.Key_Return)
    assert "请先选原因" in sheet.sentence.text()
    press("1", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert desk.community.value(table_of(models.Entry), "reason", kind="void") == "收错金额"
    assert "100.00" in desk.page.banner.accessibleName()
    assert first in desk.page.banner.accessibleName()
    assert frozenset({Changed.PAYMENTS, Changed.CHARGES}) in desk.told


def test_another_reason_is_typed_in_words(desk: Desk) -> None:
    desk.collect(10000)
    sheet = void_sheet(desk)
    press(Qt.Key.Key_Return, "6")
    assert focused() is sheet.other
    press("住户 1 号", Qt.Key.Key_Return)
    assert desk.community.value(table_of(models.Entry), "reason", kind="void") == "住户 1 号"


def test_a_voided_receipt_is_not_voided_again_and_escape_steps_back(desk: Desk) -> None:
    desk.collect(10000)
    sheet = void_sheet(desk)
    press(Qt.Key.Key_Return, Qt.Key.Key_Escape)
    assert focused() is sheet.search
    press(Qt.Key.Key_Return, "2", Qt.Key.Key_Return)
    sheet = void_sheet(desk)
    press(Qt.Key.Key_Return)
    assert "不能再作废" in sheet.told.text()
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is None
    assert focused() is desk.page.search.focusProxy()


def test_arrows_move_in_the_list_while_the_search_field_has_the_keyboard(desk: Desk) -> None:
    numbers = [desk.collect(1000 * place) for place in range(1, 4)]
    sheet = void_sheet(desk)
    press(Qt.Key.Key_Down, Qt.Key.Key_Down)
    chosen = sheet.chosen()
    assert chosen is not None
    assert chosen.number == numbers[0]
    press("没有这个")
    assert sheet.chosen() is None
    press(Qt.Key.Key_Return)
    assert "没有找到" in sheet.told.text()


def test_ctrl_p_prints_the_last_receipt_again(desk: Desk) -> None:
    QTest.keyClick(focused(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "还没有开过票据" in desk.page.banner.accessibleName()
    number = desk.collect(10000)
    QTest.keyClick(focused(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert number in desk.page.banner.accessibleName()
    assert desk.community.value(table_of(models.PrintJob), "state") == "waiting"
    assert desk.woken


def test_a_receipt_of_the_list_is_printed_again(desk: Desk) -> None:
    number = desk.collect(10000)
    desk.collect(20000)
    sheet = void_sheet(desk)
    press(Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert number in sheet.told.text()


def test_slips_in_doubt_are_settled_by_digits(desk: Desk) -> None:
    for amount in (10000, 20000):
        desk.collect(amount, print_slip=True)
    desk.collect(3000, print_slip=True)
    desk.community.run(record_slip, job=1, state=PrintJobState.UNCERTAIN, message="连接中断")
    desk.community.run(record_slip, job=2, state=PrintJobState.FAILED, message="缺纸")
    desk.sheets.show_slips()
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, SlipSheet)
    assert [slip.job for slip in sheet.model.rows()] == [1, 2]
    press("2")
    assert desk.community.value(table_of(models.PrintJob), "state", id=1) == "waiting"
    assert desk.community.value(table_of(models.PrintJob), "reprint", id=1) == 1
    press("1")
    assert desk.community.value(table_of(models.PrintJob), "state", id=2) == "printed"
    assert open_sheet(desk.window) is None
    desk.sheets.show_slips()
    assert open_sheet(desk.window) is None


def test_ctrl_h_shows_every_paper_of_the_account_and_enter_prints_one(desk: Desk) -> None:
    first, second = desk.collect(10000), desk.collect(5000)
    desk.community.run(void_payment, receipt=second, reason="x")
    press("3-1-502", Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, HistorySheet)
    assert [(row.number, row.status) for row in sheet.model.rows()] == [(second, "void"), (first, "issued")]
    assert "100.00" in sheet.told.text()
    press(Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert first in sheet.told.text()
    assert desk.woken
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is None


def test_an_account_that_never_paid_says_so(desk: Desk) -> None:
    press("3-1-502", Qt.Key.Key_Return)
    QTest.keyClick(focused(), Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, HistorySheet)
    assert sheet.told.text() == "这里还没有缴过费。"
    sheet.reprint()
    assert not desk.woken
