"""The ready-to-close board by keyboard: every open item in order, whether it blocks, and Enter to its cure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.closing import EarlierDayOpen, ShiftStillOpen, close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.queries.closing_view import closing_view
from feedesk.queries.open_matters import NegativePrepayment, OpenMatters, OverdueTransit
from feedesk.queries.receipts import SlipOnItsWay
from feedesk.queries.references import MissingReference
from feedesk.queries.requests import Decision, DecisionRequest, Outcome, RequestKind
from feedesk.queries.sign_offs import SignOff, SignOffKind
from feedesk.rules.channel_check import ChannelCheck
from feedesk.rules.day_summary import BookRange, ReceiptsIssued
from feedesk.rules.ready_to_close import BLOCKING, Matter
from feedesk.ui.main_window import MainWindow
from feedesk.ui.pages.dayclose.item_list import ItemButton
from feedesk.ui.pages.dayclose.open_items import open_items
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.reference_sheet import ReferenceSheet
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT, OPEN_ITEMS
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.pages.dayclose.x_sheet import XSheet
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, open_desk, small_community
from tests.ui.closing_case import OPENED, ClosingCase, picture_view, shift_row
from tests.ui.cut_off import cut_off
from tests.ui.test_day_close_page import focused, press, shown, words_of

YESTERDAY = date(2026, 11, 22)
CHECKS = (ChannelCheck("wechat", "微信", Fen(2144946)), ChannelCheck("alipay", "支付宝", Fen(766204)))
MISSING = MissingReference(7, 0, "SJ-2026-1-000005", "1-1-201", "赵样三", 5, "转账", Fen(5692), "1 号台", "样例收费员")
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


def request(kind: RequestKind) -> DecisionRequest:
    return DecisionRequest(
        id=1, kind=kind, account=3, unit="1-1-101", resident="王样一", payment=1, receipt="SJ-2026-1-000003", name="",
        amount=Fen(1000), tender="现金", facts="{}", reason="多收", asked_by_id=1, asked_by="样例收费员",
        asked_at=OPENED, decisions=(),
    )  # fmt: skip


def everything() -> ClosingCase:
    """A day on which all that can be open is open."""
    book = BookRange("1 号台", "SJ-2026-1-004271", "SJ-2026-1-004317", 45, 1, ("SJ-2026-1-004300", "SJ-2026-1-004302"))
    refused = SignOff(3, SignOffKind.HAND_OVER, "样例收费员乙", OPENED, False, Fen(0), (), "少一张 50 元")
    slips = (
        SlipOnItsWay(1, "SJ-2026-1-004280", "2-1-301", "uncertain", "", 0),
        SlipOnItsWay(2, "SJ-2026-1-004281", "2-1-302", "waiting", "", 0),
    )
    matters = OpenMatters(
        references=(MISSING,),
        requests=(request(RequestKind.PAYMENT), request(RequestKind.PRINCIPAL)),
        negatives=(NegativePrepayment(9, "1-1-301", "钱样四", Fen(2000)),),
        unclaimed=2,
        unclaimed_amount=Fen(30000),
        transit=OverdueTransit(date(2026, 11, 20), Fen(310520)),
    )
    view = picture_view(
        earlier=YESTERDAY,
        shifts=(
            shift_row(1, is_open=True),
            shift_row(2, is_open=True, till=2),
            shift_row(3, is_open=False, till=3),
        ),
        receipts=ReceiptsIssued((book,), 0),
        slips=slips,
        sign_offs=(refused,),
        matters=matters,
        channels=CHECKS,
    )
    return ClosingCase(view)


def test_everything_stands_there_the_most_pressing_first(worker: Worker, qtbot: QtBot) -> None:
    case = everything()
    items = open_items(case.view, {"wechat": Fen(2146947)})
    assert [item.matter for item in items] == list(Matter)
    assert {item.matter for item in items if item.blocks} == BLOCKING
    assert all(item.act and item.words for item in items)
    words = "\n".join(f"{item.words} {item.note}" for item in items)
    for part in (
        "SJ-2026-1-004300 至 SJ-2026-1-004302", "1-1-301 钱样四 的预存成了负数：多用了 20.00",
        "转账 56.92 没有交易单号", "微信", "少一张 50 元", "截至 11-20 点得的现金 3,105.20", "2 笔待认领款",
    ):  # fmt: skip
        assert part in words, part
    page = shown(case, worker, qtbot)
    assert page.step() == OPEN_ITEMS
    names = words_of(page.takings.items)
    assert names.count("不办不能日结") == 3
    assert "提醒" in names


def test_an_approved_refund_is_carried_out_and_not_decided_again() -> None:
    asked = request(RequestKind.PAYMENT)
    yes = Decision(Outcome.RELEASED, 2, "样例主管", OPENED, "")
    matters = OpenMatters(requests=(asked, replace(asked, decisions=(yes,))))
    items = open_items(picture_view(matters=matters))
    waiting, approved = (one for one in items if one.matter is Matter.MONEY_REQUEST)
    assert (waiting.act, approved.act) == ("去审批", "办理")
    assert "已" in approved.words


def test_a_closed_day_has_no_open_items(sqlite_ledger: Database) -> None:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(0))
    community.run(close_shift)
    community.run(close_day)
    assert open_items(community.workplace.read(closing_view, till=1, today=TODAY, day=TODAY)) == ()


def window_of(page: DayClosePage) -> MainWindow:
    window = page.window()
    assert isinstance(window, MainWindow)
    return window


def at_item(page: DayClosePage, matter: Matter) -> ItemButton:
    """Ctrl+1, then down to an item."""
    QTest.keyClick(focused(), Qt.Key.Key_1, CTRL)
    while True:
        button = focused()
        assert isinstance(button, ItemButton), f"{matter} was not reached"
        if button.item.matter is matter:
            return button
        press(Qt.Key.Key_Down)


@pytest.mark.parametrize(
    ("matter", "key"),
    [
        (Matter.MONEY_REQUEST, "P"),
        (Matter.OTHER_REQUEST, "P"),
        (Matter.UNCLAIMED, "U"),
        (Matter.REFUSED_SHIFT, "H"),
        (Matter.NOT_REVIEWED, "F"),
    ],
)
def test_enter_leads_to_the_desks_acts(matter: Matter, key: str, worker: Worker, qtbot: QtBot) -> None:
    page = shown(everything(), worker, qtbot)
    at_item(page, matter)
    with qtbot.waitSignal(page.act_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [key]


def test_enter_leads_to_the_other_cures(worker: Worker, qtbot: QtBot) -> None:
    case = everything()
    page = shown(case, worker, qtbot)
    at_item(page, Matter.NEGATIVE_PREPAYMENT)
    with qtbot.waitSignal(page.account_asked) as account:
        press(Qt.Key.Key_Return)
    assert account.args == [9]
    at_item(page, Matter.UNDECIDED_SLIP)
    with qtbot.waitSignal(page.slips_asked):
        press(Qt.Key.Key_Return)
    at_item(page, Matter.CASH_IN_TRANSIT)
    press(Qt.Key.Key_Return)
    assert open_sheet(page.window()) is not None
    press(Qt.Key.Key_Escape)
    at_item(page, Matter.OTHER_SHIFT)
    press(Qt.Key.Key_Return)
    assert case.tills == [2]
    assert "2 号台" in page.banner.accessibleName()
    assert page.step() == COUNT
    at_item(page, Matter.OWN_SHIFT)
    press(Qt.Key.Key_Return)
    assert page.step() == COUNT
    at_item(page, Matter.EARLIER_DAY)
    press(Qt.Key.Key_Return)
    assert case.asked[-1] == (YESTERDAY, None)


def test_a_channel_that_differs_leads_to_its_step(worker: Worker, qtbot: QtBot) -> None:
    shifts = (shift_row(1, is_open=False),)
    case = ClosingCase(picture_view(is_open=False, blind=False, shifts=shifts, channels=CHECKS))
    page = shown(case, worker, qtbot)
    assert page.step() == CHANNELS
    press("21469.46")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert "20.00" in at_item(page, Matter.CHANNEL_DIFFERS).item.words
    press(Qt.Key.Key_Return)
    assert page.step() == CHANNELS


def test_a_gap_leads_to_the_verification(worker: Worker, qtbot: QtBot) -> None:
    page = shown(everything(), worker, qtbot)
    at_item(page, Matter.NUMBER_GAP)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "账本没有问题" in page.banner.accessibleName())


def test_a_reference_is_typed_a_used_one_confirmed(worker: Worker, qtbot: QtBot) -> None:
    case = everything()
    page = shown(case, worker, qtbot)
    at_item(page, Matter.MISSING_REFERENCE)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, ReferenceSheet)
    assert "SJ-2026-1-000005" in words_of(sheet)
    press("USED", Qt.Key.Key_Return)
    assert "SJ-2026-1-004270" in sheet.sentence.text()
    assert "Alt+Enter" in sheet.sentence.text()
    assert focused() is sheet.reference
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    assert case.added == [(7, 0, "USED")]
    assert open_sheet(page.window()) is None
    assert "单号 USED 已保存" in page.banner.accessibleName()
    assert page.step() == OPEN_ITEMS, "the next item waits"


def test_the_keyboard_goes_through_the_list_and_on(worker: Worker, qtbot: QtBot) -> None:
    page = shown(everything(), worker, qtbot)
    assert focused() is page.message.button
    QTest.keyClick(focused(), Qt.Key.Key_1, CTRL)
    first = focused()
    assert isinstance(first, ItemButton)
    press(Qt.Key.Key_Up)
    assert focused() is first
    press(Qt.Key.Key_Escape)
    assert focused() is page.message.button


@pytest.mark.parametrize("width", [910, 1366])
def test_the_board_fits(width: int, worker: Worker, qtbot: QtBot) -> None:
    page = shown(everything(), worker, qtbot)
    page.window().setMinimumSize(0, 0)
    page.window().setFixedSize(width, 512 if width < 1000 else 768)
    QTest.keyClick(focused(), Qt.Key.Key_1, CTRL)
    QApplication.processEvents()
    assert cut_off(window_of(page)) == []


# ---- on a ledger -----------------------------------------------------------------------------------------------------


def test_what_blocks_is_refused_by_the_close_itself(sqlite_ledger: Database) -> None:
    """Each blocking matter in turn: the board says so and the operation refuses, whoever asks for it."""
    community = small_community(sqlite_ledger)
    replace(community.workplace, actor="样例管理员").run_op(add_till)
    yesterday = replace(community.workplace, today=YESTERDAY)
    yesterday.run_op(open_shift, opening_float=Fen(0))
    yesterday.run_op(close_shift)
    refusals: dict[Matter, type[UserError]] = {}

    def board() -> set[Matter]:
        view = community.workplace.read(closing_view, till=1, today=TODAY, day=TODAY)
        return {item.matter for item in open_items(view) if item.blocks}

    def refused() -> type[UserError]:
        with pytest.raises(UserError) as error:
            community.run(close_day)
        return type(error.value)

    assert board() == {Matter.EARLIER_DAY}
    refusals[Matter.EARLIER_DAY] = refused()
    yesterday.run_op(close_day)
    community.run(open_shift, opening_float=Fen(0))
    assert board() == {Matter.OWN_SHIFT}
    refusals[Matter.OWN_SHIFT] = refused()
    community.run(close_shift)
    community.run(open_shift, till=2, opening_float=Fen(0))
    assert board() == {Matter.OTHER_SHIFT}
    refusals[Matter.OTHER_SHIFT] = refused()
    community.run(close_shift, till=2)
    assert board() == set()
    assert set(refusals) == BLOCKING
    assert set(refusals.values()) == {EarlierDayOpen, ShiftStillOpen}
    assert community.run(close_day).newly


def test_another_tills_drawer_is_counted_here(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    """A supervisor counts the drawer of a cashier who has gone home; then the own till is back."""
    community = small_community(sqlite_ledger)
    replace(community.workplace, actor="样例管理员").run_op(add_till)
    open_desk(community, Fen(0))
    community.run(close_shift)
    replace(community.workplace, actor="样例收费员").run_op(open_shift, till=2, opening_float=Fen(30000))
    printed: list[object] = []
    page = shown(DayCloseWork(lambda: community.workplace, print_loose=printed.append), worker, qtbot)
    at_item(page, Matter.OTHER_SHIFT)
    press(Qt.Key.Key_Return)
    assert page.step() == COUNT
    press("3")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    view = page.view()
    assert view is not None
    assert [shift.is_open for shift in view.shifts] == [False, False]
    assert view.shifts[1].counted == 30000
    assert len(printed) == 1, "the hand-over slip"
    QTest.keyClick(focused(), Qt.Key.Key_P, CTRL)
    assert len(printed) == 3, "both slips again"
    assert "交班单已送打印机" in page.banner.accessibleName()


def test_the_x_report_shows_no_cash_before_the_count(sqlite_ledger: Database, worker: Worker, qtbot: QtBot) -> None:
    community = small_community(sqlite_ledger)
    home = community.unit("1-1-101")
    open_desk(community, Fen(50000))
    tenders = [TenderGiven("cash", Fen(12345)), TenderGiven("wechat", Fen(6789), "W1")]
    community.run(collect_payment, account=home, tenders=tenders, prepay=Fen(19134), charges=[])
    printed: list[object] = []
    seat = {"who": community.workplace}
    page = shown(DayCloseWork(lambda: seat["who"], print_loose=printed.append), worker, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_T, CTRL)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, XSheet)
    found = words_of(sheet) + "\n".join(f"{line.name} {line.amounts} {line.total}" for line in sheet.table.lines())
    assert "6789" in found
    for secret in ("12345", "19134", "123.45", "191.34", "623.45"):
        assert secret not in found
    QTest.keyClick(sheet, Qt.Key.Key_P, CTRL)
    assert len(printed) == 1
    QApplication.processEvents()
    assert cut_off(window_of(page)) == []
    press(Qt.Key.Key_Escape)
    seat["who"] = replace(community.workplace, actor="样例经理")
    QTest.keyClick(focused(), Qt.Key.Key_T, CTRL)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, XSheet)
    assert "623.45" in words_of(sheet)
    assert [line.total for line in sheet.table.lines()][-1] == 19134


def test_without_a_shift_the_report_says_so(worker: Worker, qtbot: QtBot) -> None:
    page = shown(ClosingCase(), worker, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_T, CTRL)
    assert open_sheet(page.window()) is None
    assert "没有 X 报告" in page.banner.accessibleName()


def test_no_hand_over_before_a_count(worker: Worker, qtbot: QtBot) -> None:
    case = ClosingCase()
    page = shown(case, worker, qtbot)
    QTest.keyClick(focused(), Qt.Key.Key_P, CTRL)
    assert case.printed == []
    assert "还没有清点" in page.banner.accessibleName()
