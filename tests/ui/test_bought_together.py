"""Ctrl+K, 4 and Ctrl+Enter: what is bought from the price list is paid in one sum with the charges of the account."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.taking_back import void_payment
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.receipt_document import ReceiptDocument
from feedesk.ui.pages.desk.advance_sheet import AdvanceSheet
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.quote_sheet import QuoteSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ops.price_list import add_article, add_price
from tests.ui.test_desk_sheets import Desk, focused, make_desk
from tests.ui.test_putting_right import ask, press

CTRL = Qt.KeyboardModifier.ControlModifier
FIRST, SECOND = "SJ-2026-1-000001", "SJ-2026-1-000002"


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    add_article(community, "门禁卡", "25")
    add_article(community, "清运(按面积)", "3", item="装修垃圾清运费", method="按面积")
    made = make_desk(community, qtbot)
    made.page.open_target(1)
    return made


def price_list_sheet(desk: Desk) -> PriceListSheet:
    sheet = ask(desk, "4")
    assert isinstance(sheet, PriceListSheet)
    return sheet


def together(desk: Desk, *keys: str | Qt.Key) -> None:
    """The keys in the sheet, then Ctrl+Enter."""
    price_list_sheet(desk)
    press(*keys)
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert open_sheet(desk.window) is None


def due(desk: Desk) -> int:
    return desk.page.tender.money_state().due


def paper(desk: Desk, number: str = FIRST) -> ReceiptDocument:
    return desk.community.workplace.read(find_receipt, number=number).document


def sales(desk: Desk) -> list[str]:
    return [one.words for one in desk.page.terms.terms().sales]


def test_one_sum_one_receipt_one_change(desk: Desk) -> None:
    before = due(desk)
    together(desk, "2", Qt.Key.Key_Down, "1")
    assert due(desk) == before + 5000 + 29580
    assert sales(desk) == ["门禁卡×2", "清运(按面积)"]
    assert "门禁卡×2 50.00" in desk.page.terms.accessibleName()
    assert "345.80" in desk.page.tender._count_label.text()
    assert desk.page.tender.isAncestorOf(focused()), "the keyboard is at the money"
    press("3000", Qt.Key.Key_Return)
    assert desk.page.statement() is None
    document = paper(desk)
    assert (document.total + document.change, document.account) == (300000, "H000001")
    assert [(one.item, one.amount) for one in document.lines][-2:] == [("门禁卡", 5000), ("装修垃圾清运费", 29580)]
    assert desk.community.workplace.read(verify_everything).problems == ()
    assert desk.community.workplace.read(statement, account=1, on=TODAY).total_due == 0


def test_it_is_put_aside_with_the_payment_and_taken_up_again(desk: Desk) -> None:
    together(desk, "1")
    sum_before = due(desk)
    press("500")
    QTest.keyClick(focused(), Qt.Key.Key_B, CTRL)
    desk.page.open_target(2)
    assert sales(desk) == []
    press(Qt.Key.Key_Escape)
    QTest.keyClick(focused(), Qt.Key.Key_B, CTRL)
    assert (sales(desk), due(desk)) == (["门禁卡"], sum_before)


def test_the_sheet_shows_it_again_and_takes_it_out(desk: Desk) -> None:
    before = due(desk)
    together(desk, "3")
    sheet = price_list_sheet(desk)
    assert sheet.quantities[0].text() == "3"
    sheet.quantities[0].clear()
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert (sales(desk), due(desk)) == ([], before)
    assert not desk.page.terms.isVisible()


def test_the_cross_of_the_strip_drops_it(desk: Desk) -> None:
    before = due(desk)
    together(desk, "3")
    desk.page.terms.dismissed.emit()
    assert (sales(desk), due(desk)) == ([], before)


def test_taken_alone_it_is_in_the_payment_no_more(desk: Desk) -> None:
    before = due(desk)
    together(desk, "2")
    price_list_sheet(desk)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert paper(desk).total == 5000
    assert (sales(desk), due(desk)) == ([], before)


def test_without_a_single_charge(desk: Desk) -> None:
    desk.page.charges.tick(())
    together(desk, "2")
    assert due(desk) == 5000
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert [(one.item, one.amount) for one in paper(desk).lines] == [("门禁卡", 5000)]


def test_the_quote_and_the_months_ahead_count_it(desk: Desk) -> None:
    QTest.keyClick(focused(), Qt.Key.Key_Q, CTRL)
    plain = open_sheet(desk.window)
    assert isinstance(plain, QuoteSheet)
    before = [card.column.total for card in plain.cards]
    press(Qt.Key.Key_Escape)
    together(desk, "2")
    press(Qt.Key.Key_Escape)
    QTest.keyClick(focused(), Qt.Key.Key_Q, CTRL)
    quote = open_sheet(desk.window)
    assert isinstance(quote, QuoteSheet)
    assert [card.column.total - total for card, total in zip(quote.cards, before, strict=True)] == [5000] * 3 + [0]
    assert [row.words for row in quote.cards[0].column.rows][-1] == "门禁卡×2"
    press("1", Qt.Key.Key_Return)
    assert due(desk) == before[0] + 5000
    ahead = ask(desk, "3")
    if isinstance(ahead, AdvanceSheet):
        assert ahead.total.accessibleName().endswith(f"{due(desk) // 100 % 1000}.{due(desk) % 100:02}")


def test_a_remark_needs_a_receipt_of_its_own(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("1")
    sheet.remark.setText("12000000001")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert open_sheet(desk.window) is sheet
    assert "备注" in sheet.sentence.text()
    assert sheet.remark.hasFocus()


def test_somebody_else_who_pays_is_on_the_one_receipt(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("1")
    sheet.payer.setText("样租客")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    assert paper(desk).payer == "样租客"


def test_what_is_no_quantity_stays_in_the_sheet(desk: Desk) -> None:
    sheet = price_list_sheet(desk)
    press("1/2")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert open_sheet(desk.window) is sheet
    assert "门禁卡" in sheet.sentence.text()


def test_a_price_changed_meanwhile_is_told_before_money_is_taken(desk: Desk) -> None:
    together(desk, "2")
    add_price(desk.community, desk.page.terms.terms().sales[0].tariff, "30", valid_from=TODAY)
    press("5000", Qt.Key.Key_Return)
    assert desk.page.statement() is not None
    assert "60.00" in desk.page.tender.received.edit.problem()


def test_a_stranger_has_no_payment_to_put_it_into(desk: Desk) -> None:
    desk.page.clear()
    sheet = price_list_sheet(desk)
    press("1")
    QTest.keyClick(focused(), Qt.Key.Key_Return, CTRL)
    assert open_sheet(desk.window) is sheet


def test_voided_as_one_and_refunded_line_by_line(desk: Desk) -> None:
    before = due(desk)
    together(desk, "2")
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    desk.community.run(void_payment, receipt=FIRST, reason="重收")
    desk.page.open_target(1)
    assert due(desk) == before
    together(desk, "2")
    press(Qt.Key.Key_Return, Qt.Key.Key_Return)
    desk.page.open_target(1)
    back = ask(desk, "R")
    assert isinstance(back, RefundSheet)
    words = [back.line.itemText(place) for place in range(back.line.count())]
    assert words[1:] == ["门禁卡 50.00", f"这张收据核销的账单 {before // 100:,}.{before % 100:02}"]
    back.line.setCurrentIndex(2)
    assert back.fields.amount.edit.amount() == before
    back.line.setCurrentIndex(1)
    assert back.fields.amount.edit.amount() == 5000
    back.reason.setText("退卡")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None, back.sentence.text()
    assert [(one.item, one.amount) for one in paper(desk, "SJ-2026-1-000003").lines] == [("门禁卡", 5000)]
    assert desk.community.workplace.read(statement, account=1, on=TODAY).total_due == 0
    assert desk.community.workplace.read(verify_everything).problems == ()
