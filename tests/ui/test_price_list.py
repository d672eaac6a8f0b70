"""Ctrl+K and 4: the price list by keys, for the account shown and for people without one; 2, R and D for those."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.ledger import chart
from feedesk.money import Fen
from feedesk.queries.receipts import find_receipt
from feedesk.queries.strangers import strangers_deposits
from feedesk.queries.verification import verify_everything
from feedesk.ui.pages.desk.deposit_back_sheet import StrangersDepositSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.pages.desk.history_sheet import HistorySheet
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import open_desk, picture_home, small_community
from tests.ops.price_list import add_article
from tests.ui.test_desk_sheets import Desk, make_desk
from tests.ui.test_putting_right import ask, focus, press


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    add_article(community, "门禁卡", "25")
    add_article(community, "出入证件", "10.05")
    add_article(community, "清运(按面积)", "3", item="装修垃圾清运费", method="按面积", nature=chart.AGENCY)
    return make_desk(community, qtbot)


def price_list_sheet(desk: Desk) -> PriceListSheet:
    sheet = ask(desk, "4")
    assert isinstance(sheet, PriceListSheet)
    return sheet


def paper(desk: Desk, number: str = "SJ-2026-1-000001"):  # type: ignore[no-untyped-def]
    return desk.community.workplace.read(find_receipt, number=number).document


def test_a_stranger_buys_two_things_by_keys_alone(desk: Desk) -> None:
    """2 × 25.00 + 3 × 10.05 = 80.15 of 100.00: 19.85 over, 19.90 back, 抹零 0.05."""
    sheet = price_list_sheet(desk)
    assert len(sheet.quantities) == 2, "what is by area needs an account"
    press("2", Qt.Key.Key_Down, "+", "+", "+", "-", "+", Qt.Key.Key_Return)
    assert "交款人" in sheet.sentence.text()
    assert sheet.payer.hasFocus()
    press("样访客", Qt.Key.Key_Tab, "12000000001", Qt.Key.Key_Tab)
    assert sheet.fields.amount.edit.amount() == 8015
    press("100")
    assert "19.90" in sheet.change.text()
    assert "0.05" in sheet.change.text()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    document = paper(desk)
    assert (document.payer, document.account, document.remark) == ("样访客", "", "12000000001")
    assert [(one.item, one.amount) for one in document.lines] == [("门禁卡", 5000), ("出入证件", 3015)]
    assert (document.total, document.change, document.rounding) == (8010, 1990, 5)
    assert "SJ-2026-1-000001" in desk.page.banner.accessibleName()
    assert desk.told
    assert desk.woken
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_up_and_down_go_round_and_what_is_no_quantity_is_told(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    assert sheet.quantities[0].hasFocus()
    press(Qt.Key.Key_Up)
    assert sheet.quantities[1].hasFocus()
    press(Qt.Key.Key_Down)
    assert sheet.quantities[0].hasFocus()
    press("1/2")
    assert "门禁卡" in sheet.sentence.text()
    assert sheet.fields.amount.edit.amount() is None
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is sheet
    sheet.quantities[0].clear()
    sheet.payer.setText("样访客")
    press(Qt.Key.Key_Return)
    assert "数量" in sheet.sentence.text()
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is None


def test_an_account_buys_by_its_area_in_another_way_of_paying(desk: Desk) -> None:
    """98.60 m² × 3.00 = 295.80 by card; the payer is the account's, and its debts stay as they are."""
    desk.page.open_target(1)
    owed = desk.page.statement()
    sheet = price_list_sheet(desk)
    assert sheet.payer.text() == "张样燕"
    focus(sheet.quantities[2])
    press("1")
    sheet.fields.way.set_value("card")
    sheet.fields.way.chosen.emit("card")
    assert sheet.fields.amount.edit.amount() == 29580
    sheet.fields.reference.setText("POS-7")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    document = paper(desk)
    assert (document.unit, document.payer, document.tenders[0].reference) == ("3-1-502", "张样燕", "POS-7")
    assert document.lines[0].details == ("清运(按面积) 98.60㎡×3.00",)
    now = desk.page.statement()
    assert owed is not None
    assert now is not None
    assert now.charges == owed.charges


def test_too_little_money_is_told_and_nothing_is_lost(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("4")
    sheet.payer.setText("样访客")
    focus(sheet.fields.amount.edit)
    press("99.99", Qt.Key.Key_Return)
    assert "100.00" in sheet.sentence.text()
    assert (sheet.quantities[0].text(), sheet.payer.text()) == ("4", "样访客")


def test_an_empty_price_list_says_where_prices_are_kept(sqlite_ledger: Database, qtbot: QtBot) -> None:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    desk = make_desk(community, qtbot)
    assert ask(desk, "4") is None
    assert "收费标准" in desk.page.banner.accessibleName()


def leave_deposit(desk: Desk, payer: str, amount: str) -> None:
    sheet = ask(desk, "2")
    assert isinstance(sheet, ExtraSheet)
    press("装修押金")
    focus(sheet.fields.amount.edit)
    press(amount)
    sheet.payer.setText(payer)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None


def test_a_strangers_deposit_comes_and_goes(desk: Desk) -> None:
    """Two contractors; the second one's slip is found by its last digits, 30.00 are kept for a card."""
    leave_deposit(desk, "样装修队", "500")
    leave_deposit(desk, "另样装修队", "800")
    sheet = ask(desk, "D")
    assert isinstance(sheet, StrangersDepositSheet)
    assert sheet.slip.text() == "SJ-2026-1-000002"
    sheet.slip.clear()
    press("000001")
    assert sheet.fields.amount.edit.amount() == 50000
    sheet.slip.setText("SJ-2026-1-000001")
    sheet.inspected.set_value(True)
    focus(sheet.deducted.edit)
    press("30")
    assert sheet.fields.amount.edit.amount() == 47000
    sheet.item.set_value("门禁卡")
    sheet.reason.setText("完工，少还一张卡")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None, sheet.sentence.text()
    (left,) = desk.community.workplace.read(strangers_deposits)
    assert (left.payer, left.held) == ("另样装修队", 80000)
    assert desk.community.balance("6001.门禁卡") == -3000
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_what_was_sold_to_a_stranger_goes_back_on_an_empty_desk(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("2")
    sheet.payer.setText("样访客")
    press(Qt.Key.Key_Return)
    back = ask(desk, "R")
    assert isinstance(back, RefundSheet)
    assert back.fields.amount.edit.amount() == 5000
    press("25")
    back.reason.setText("退一张")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None, back.sentence.text()
    assert desk.community.balance("6001.门禁卡") == -2500


def test_a_strangers_receipt_is_found_by_its_number(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("1")
    sheet.payer.setText("样访客")
    press(Qt.Key.Key_Return)
    desk.page.focus_search()
    press("SJ-2026-1-000001", Qt.Key.Key_Return)
    papers = open_sheet(desk.window)
    assert isinstance(papers, HistorySheet)
    assert [row.payer for row in papers.model.rows()] == ["样访客"]
    press(Qt.Key.Key_Escape)
    assert "SJ-2026-1-000001" in desk.page.banner.accessibleName()


def test_every_field_has_a_name(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    assert all(field.accessibleName() for field in sheet.findChildren(QLineEdit))
