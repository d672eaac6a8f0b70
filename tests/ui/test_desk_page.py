"""The desk by keyboard: four acts for a usual payment, and every other way the cashier may want."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import LedgerLocked
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ui.appearance import Appearance
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.rows import Tendered
from feedesk.ui.widgets.painting import Span, Tone
from tests.ui.desk_case import DISPUTED, DeskCase

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
UNDISPUTED = tuple(n for n in range(1, 11) if n != DISPUTED)


class Refused(UserError):
    message = "这一笔已经收过了"


@pytest.fixture
def case() -> DeskCase:
    return DeskCase()


@pytest.fixture
def window(case: DeskCase, qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    made.add_pages([PageFactory("desk", case.page)])
    qtbot.addWidget(made)
    made.show()
    made.resize(1366, 768)
    made.show_page("desk")
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is desk(made).search.focusProxy())
    return made


def desk(window: MainWindow) -> DeskPage:
    page = window.pages()["desk"]
    assert isinstance(page, DeskPage)
    return page


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(qtbot: QtBot, *keys: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Keys go to whatever has the keyboard, as from a real one."""
    for key in keys:
        QTest.keyClick(focused(), key, modifier)


def write(qtbot: QtBot, text: str) -> None:
    for character in text:
        QTest.keyClicks(focused(), character)


def open_account(qtbot: QtBot) -> None:
    write(qtbot, "zxy")
    press(qtbot, Qt.Key.Key_Return)


def test_a_usual_cash_payment_is_four_acts(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    page = desk(window)
    write(qtbot, "zxy")
    press(qtbot, Qt.Key.Key_Return)
    assert case.queries == ["z", "zx", "zxy"]
    assert case.opened == [502]
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    assert page.tender._change.figure() == "1.60"
    assert page.tender._words.text() == "实收 人民币壹仟玖佰玖拾捌元肆角"
    press(qtbot, Qt.Key.Key_Return)
    (order,) = case.orders
    assert (order.account, order.charges, order.due) == (502, UNDISPUTED, 199841)
    assert order.tendered == (Tendered("cash", Fen(200000)),)
    assert (order.part, order.keep_change) == (False, False)
    assert page.statement() is None
    assert focused() is page.search.focusProxy()
    assert page.banner.isVisible()
    assert "SJ-2026-1-004289" in page.banner.accessibleName()
    assert "找零 1.60" in page.banner.accessibleName()


def test_what_concerned_an_account_goes_with_it(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    page.banner.tell("plain", (Span("另预缴"),), figure="300.00")
    press(qtbot, Qt.Key.Key_Escape)
    assert page.statement() is None
    assert page.banner.isHidden(), "nothing is paid ahead any more"
    kept: list[tuple[Tone, str]] = [("good", ""), ("warn", "¥ 300.00")]
    for tone, figure in kept:
        open_account(qtbot)
        page.banner.tell(tone, (Span("已退"),), figure=figure)
        press(qtbot, Qt.Key.Key_Escape)
        assert page.banner.isVisible(), "what was done is still to be read"


def test_no_key_of_earlier_words_is_seen_under_new_ones(window: MainWindow, qtbot: QtBot) -> None:
    banner = desk(window).banner
    (old,) = banner.tell("good", (Span("已收"),), hints=(("Reprint", "Ctrl+P"),))
    assert old.isVisible()
    banner.tell("plain", (Span("另预缴"),), figure="300.00")
    assert not old.isVisible()


def test_each_opening_has_a_request_key_of_its_own(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    case.refuse_with = Refused()
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert len(case.orders) == 2
    assert len({order.request_key for order in case.orders}) == 1
    desk(window).clear()
    case.refuse_with = None
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_Return)
    assert len({order.request_key for order in case.orders}) == 2


def test_a_refusal_stands_beside_the_field_and_keeps_everything(
    window: MainWindow, case: DeskCase, qtbot: QtBot
) -> None:
    case.refuse_with = Refused()
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_Return)
    page = desk(window)
    assert page.statement() is not None
    assert page.tender.received.edit.problem() == "这一笔已经收过了"
    assert page.tender.received.edit.amount() == 200000
    assert page.tender.button.isEnabled()


def test_a_fault_of_the_machine_too_is_told_beside_the_field(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    case.refuse_with = LedgerLocked(where="ledger.sqlite")
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_Return)
    page = desk(window)
    assert "ledger.sqlite" in page.tender.received.edit.problem()
    assert page.statement() is not None
    assert page.tender.button.isEnabled()


def test_too_little_cash_is_not_taken_unless_as_a_part(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "1600")
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders == []
    assert "398.41" in desk(window).tender.received.edit.problem()
    press(qtbot, Qt.Key.Key_Return, modifier=CONTROL)
    assert [(order.part, order.tendered) for order in case.orders] == [(True, (Tendered("cash", Fen(160000)),))]


def test_enter_on_an_empty_field_writes_the_exact_sum_first(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert case.orders == []
    assert desk(window).tender.received.edit.amount() == 199841
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (Tendered("cash", Fen(199841)),)


@pytest.mark.parametrize("typed", ["12a", "1.005", "-5"])
def test_what_is_no_amount_is_never_taken(window: MainWindow, case: DeskCase, qtbot: QtBot, typed: str) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, typed)
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders == []
    assert desk(window).statement() is not None


def test_wechat_is_filled_with_the_sum(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_2, modifier=ALT)
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (Tendered("wechat", Fen(199841)),)


def test_a_transfer_asks_for_its_reference(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_5, modifier=ALT)
    assert focused() is desk(window).tender.reference
    write(qtbot, "TT20261123")
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (Tendered("transfer", Fen(199841), "TT20261123"),)


def test_more_than_the_sum_by_card_is_refused(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    desk(window).tender.received.edit.setFocus()
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders == []
    assert "2,000.00" in desk(window).tender.received.edit.problem()


def test_several_ways_together(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_F10)
    press(qtbot, Qt.Key.Key_6, modifier=ALT)
    assert desk(window).tender.received.edit.amount() == 12000
    press(qtbot, Qt.Key.Key_1, modifier=ALT)
    write(qtbot, "1000")
    press(qtbot, Qt.Key.Key_2, modifier=ALT)
    assert desk(window).tender.received.edit.amount() == 87841
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (
        Tendered("cash", Fen(100000)),
        Tendered("wechat", Fen(87841)),
        Tendered("prepaid", Fen(12000)),
    )


def test_the_amount_of_the_first_of_several_ways_is_typed_at_once(
    window: MainWindow, case: DeskCase, qtbot: QtBot
) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_F10)
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    write(qtbot, "500")
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "POS1")
    press(qtbot, Qt.Key.Key_1, modifier=ALT)
    write(qtbot, "1500")
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (Tendered("cash", Fen(150000)), Tendered("card", Fen(50000), "POS1"))


def test_cash_beside_ways_that_pay_all_of_it_is_refused(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_F10)
    press(qtbot, Qt.Key.Key_2, modifier=ALT)
    press(qtbot, Qt.Key.Key_1, modifier=ALT)
    write(qtbot, "700")
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders == []
    assert "700.00" in desk(window).tender.received.edit.problem()


def test_each_way_of_paying_keeps_its_own_reference(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_F10)
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    desk(window).tender.received.setFocus()
    write(qtbot, "1000")
    desk(window).tender.reference.setFocus()
    write(qtbot, "POS1")
    press(qtbot, Qt.Key.Key_5, modifier=ALT)
    assert desk(window).tender.reference.text() == ""
    write(qtbot, "ICBC2")
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    assert desk(window).tender.reference.text() == "POS1"
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (
        Tendered("card", Fen(100000), "POS1"),
        Tendered("transfer", Fen(99841), "ICBC2"),
    )


def test_a_reference_goes_with_its_customer(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    write(qtbot, "POS1")
    press(qtbot, Qt.Key.Key_Escape, Qt.Key.Key_Escape)
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_4, modifier=ALT)
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].tendered == (Tendered("card", Fen(199841)),)


def test_change_into_the_prepayment(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "2000")
    press(qtbot, Qt.Key.Key_0, modifier=ALT)
    assert desk(window).tender._change.figure() == "0.00"
    press(qtbot, Qt.Key.Key_Return)
    assert case.orders[0].keep_change


def test_space_ticks_and_the_sum_follows(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Space)
    assert page.tender._figure.text() == "¥ 1,743.68"
    press(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Space)
    assert page.tender._figure.text() == "¥ 1,801.44"
    assert page.charges._sums.text() == "已选 9 笔 · 本金 1,788.77 · 违约金 12.67"
    press(qtbot, Qt.Key.Key_A, modifier=CONTROL)
    press(qtbot, Qt.Key.Key_A, modifier=CONTROL)
    assert len(page.charges.selection().charges) <= 1


def test_letters_typed_among_the_charges_go_to_the_search(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    write(qtbot, "3-1-7")
    assert page.search.text() == "3-1-7"
    assert focused() is page.search.focusProxy()


def test_slash_goes_to_the_search_from_everywhere(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "20")
    press(qtbot, Qt.Key.Key_Slash)
    assert focused() is page.search.focusProxy()
    assert page.tender.received.edit.amount() == 2000


def test_escape_goes_back_step_by_step(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_Escape)
    assert focused() is page.charges.table
    press(qtbot, Qt.Key.Key_Escape)
    assert page.statement() is None
    assert focused() is page.search.focusProxy()


def test_ctrl_delete_voids_but_first_belongs_to_the_text(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    asked: list[bool] = []
    page.void_asked.connect(lambda: asked.append(True))
    write(qtbot, "zhang san")
    press(qtbot, Qt.Key.Key_Home)
    press(qtbot, Qt.Key.Key_Delete, modifier=CONTROL)
    assert (page.search.text(), asked) == ("san", [])
    press(qtbot, Qt.Key.Key_End)
    press(qtbot, Qt.Key.Key_Delete, modifier=CONTROL)
    assert (page.search.text(), asked) == ("san", [True])


def test_nothing_found_is_said(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    case.hits = ()
    write(qtbot, "qqq")
    page = desk(window)
    assert page.search.are_hits_shown()
    case_before = list(case.opened)
    press(qtbot, Qt.Key.Key_Return)
    assert case.opened == [*case_before, "qqq"]


def test_views_show_overdue_charges_only(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    page.charges._tabs.choose(1)
    assert page.charges._model.rowCount() == 8 + 3
    assert len(page.charges.selection().charges) == 9
    page.charges._tabs.choose(0)
    assert page.charges._model.rowCount() == 14


def test_everything_is_named_for_screen_readers(window: MainWindow, qtbot: QtBot) -> None:
    open_account(qtbot)
    unnamed = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not widget.accessibleName()
    ]
    assert not unnamed


def test_language_changes_while_an_account_is_open(window: MainWindow, look: Appearance, qtbot: QtBot) -> None:
    page = desk(window)
    open_account(qtbot)
    look.set_language("en")
    assert page.tender.button.text() == "Collect and print"
    assert page.charges._model.cell(0, 0).text == "2026-08 · 84 days overdue"
    look.set_language("zh_CN")
    assert page.tender.button.text() == "收款并打印"


def test_a_reference_used_before_is_taken_only_when_confirmed(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    case.refuse_with = ReferenceUsed(tender="转账", reference="TT1", receipt="SJ-2026-1-000001")
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return, modifier=ALT)
    assert case.orders == []
    press(qtbot, Qt.Key.Key_5, modifier=ALT)
    write(qtbot, "TT1")
    press(qtbot, Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert "Alt+Enter" in desk(window).tender.received.edit.problem()
    assert not any(order.same_reference for order in case.orders)
    case.refuse_with = None
    press(qtbot, Qt.Key.Key_Return, modifier=ALT)
    assert case.orders[-1].same_reference
    assert desk(window).statement() is None


def test_nothing_received_is_said_in_words(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_Return)
    write(qtbot, "0")
    press(qtbot, Qt.Key.Key_Return)
    assert desk(window).tender.received.edit.problem() == "还没有收到钱：请输入实收金额。"
    write(qtbot, "5")
    assert desk(window).tender.received.edit.problem() == ""
    assert case.orders == []


def test_no_prepayment_is_not_filled_in(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    panel = desk(window).tender
    panel._tendering.prepaid = Fen(0)
    press(qtbot, Qt.Key.Key_Return)
    press(qtbot, Qt.Key.Key_6, modifier=ALT)
    press(qtbot, Qt.Key.Key_Return)
    assert panel.received.edit.amount() is None
    assert panel.received.edit.problem() == "这一户没有可用的预存：请换一种付款方式。"
    assert case.orders == []


def test_the_reference_stands_clear_of_the_change(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    press(qtbot, Qt.Key.Key_2, modifier=ALT)
    QApplication.processEvents()
    panel = desk(window).tender
    field = panel.reference
    below = field.mapTo(panel, field.rect().bottomLeft()).y()
    assert field.height() == 36
    assert panel._change.mapTo(panel, panel._change.rect().topLeft()).y() - below >= 8


def test_an_account_without_charges_says_so(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    charges = desk(window).charges
    assert not charges.nothing.isVisible()
    charges.show_charges((), "")
    assert charges.nothing.isVisible()
    assert charges.nothing.text() == "这里没有待缴的账单。"


def test_a_prepayment_is_offered_only_where_there_is_one(window: MainWindow, case: DeskCase, qtbot: QtBot) -> None:
    open_account(qtbot)
    panel = desk(window).tender
    assert panel._hint.isVisible()
    panel.show_due(desk(window).charges.selection(), Fen(0))
    assert not panel._hint.isVisible()
