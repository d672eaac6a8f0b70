"""By keys at the desk: a prepayment offset by hand (O), months given back (R), a change of hands undone (Y)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.models import FeeItem, table_of
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.collecting import AdvanceWish, collect_payment
from feedesk.ops.moving import Newcomer, change_hands
from feedesk.ops.payment_posting import TenderGiven
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.desk import required_shift
from feedesk.queries.paid_through import rulers
from feedesk.queries.quotes import quote_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.shifts import drawer_cash, shift_takings
from feedesk.queries.statement import prepaid_balance, statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.quoting import Way
from feedesk.ui.customer.rows import CodePictures, bill_of
from feedesk.ui.pages.desk.hands_undo_sheet import UndoHandsSheet
from feedesk.ui.pages.desk.offset_sheet import OffsetSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, small_community
from tests.quote_case import policy, price
from tests.ui.test_desk_acts import acts, press
from tests.ui.test_desk_sheets import Desk, make_desk

MONTH = 27608


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    """A dwelling of 98.60 ㎡ at 2.80 that owes November, has prepaid 200.00 and left a deposit of 500.00."""
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    home = community.unit("3-1-502")
    fee = community.value(table_of(FeeItem), "id", name="物业费")
    price(community, "物业费", fee, "3-*", method="按面积", unit_price=Fraction(28, 10))
    policy(community, fee, "缴12送1", "预缴>=12月", "减月数", 1)
    policy(community, fee, "付清95折", "一次性付清", "百分比", 5)
    community.run(bill_period, period=Period.parse("2026-11"))
    tenders = [TenderGiven("card", Fen(70000))]
    deposits = [("装修押金", Fen(50000))]
    facts = {"account": home, "tenders": tenders, "charges": (), "prepay": Fen(20000), "deposits": deposits}
    community.run(collect_payment, **facts)
    return make_desk(community, qtbot)


def assert_sound(desk: Desk) -> None:
    assert desk.community.workplace.read(verify_everything).problems == ()


def test_a_prepayment_settles_what_is_ticked_and_nothing_else_moves(desk: Desk) -> None:
    seat = desk.community.workplace
    shift = seat.read(required_shift, till=1)
    before = seat.read(drawer_cash, shift=shift.id, till=1).expected
    desk.page.open_target(1)
    acts(desk)
    press("o")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, OffsetSheet)
    assert sheet.amount.edit.amount() == 20000
    press("300", Qt.Key.Key_Return)
    assert "200.00" in sheet.sentence.text()
    sheet.amount.edit.selectAll()
    press("150", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    state = seat.read(statement, account=1, on=TODAY)
    assert (state.total_due, state.prepaid, state.deposits) == (MONTH - 15000, 5000, 50000)
    assert seat.read(drawer_cash, shift=shift.id, till=1).expected == before
    assert seat.read(shift_takings, shift=shift.id) == {"card": 70000, "prepaid": 15000}
    paper = seat.read(find_receipt, number="SJ-2026-1-000002").document
    assert [(one.code, one.kept) for one in paper.tenders] == [("prepaid", 15000)]
    assert paper.prepaid_balance == 5000
    assert "50.00" in desk.page.banner.accessibleName()
    assert_sound(desk)


def test_a_deposit_is_no_prepayment(desk: Desk) -> None:
    """押金 never pays arrears: with nothing prepaid there is nothing to offset, however much is deposited."""
    seat = desk.community.workplace
    desk.community.run(collect_payment, account=1, tenders=[TenderGiven("prepaid", Fen(20000))], part=True)
    desk.page.open_target(1)
    acts(desk)
    press("o")
    assert open_sheet(desk.window) is None
    assert "预存" in desk.page.banner.accessibleName()
    assert seat.read(prepaid_balance, account=1) == 0
    assert seat.read(statement, account=1, on=TODAY).deposits == 50000


def test_months_ahead_go_back_with_their_arithmetic(desk: Desk) -> None:
    seat = desk.community.workplace
    tenders = [TenderGiven("card", Fen(12 * MONTH))]
    charges = [one.id for one in seat.read(statement, account=1, on=TODAY).charges]
    facts = {"account": 1, "charges": charges, "advances": [AdvanceWish("物业费", 12)]}
    receipt = desk.community.run(collect_payment, tenders=tenders, **facts).receipt
    desk.page.open_target(1)
    acts(desk)
    press("r")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, RefundSheet)
    assert sheet.receipt.value() == receipt
    (months,) = sheet.months.months
    assert months.hasFocus()
    assert not sheet.fields.amount.edit.hasSelectedText(), "one field alone looks active"
    assert months.hasFocus()
    press("9")
    assert "2,208.64" in sheet.months.told.text()
    assert "缴12送1" in sheet.months.told.text()
    assert sheet.fields.amount.edit.amount() == 220864
    months.selectAll()
    press("1")
    assert "没有钱可退" in sheet.months.told.text()
    for wrong in ("-1", "1.5", "abc", "+", "100"):
        months.selectAll()
        press(*wrong, Qt.Key.Key_Return)
        assert open_sheet(desk.window) is sheet
        assert wrong in sheet.months.told.text()
        assert sheet.sentence.isHidden(), "told once"
        assert months.hasFocus()
    months.setText("９")
    sheet.reason.setText("搬走")
    sheet.fields.way.set_value("wechat")
    sheet.fields.way.chosen.emit("wechat")
    sheet.reason.setFocus()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None, sheet.sentence.text()
    (ruler,) = seat.read(rulers, accounts=[1])
    assert ruler.ruler.paid == date(2027, 2, 28)
    assert_sound(desk)


def test_a_year_paid_at_once_is_shown_before_it_is_taken(desk: Desk) -> None:
    """November and eleven months that are billed: 5 % off each, in the panel, in the quote and on the receipt."""
    seat = desk.community.workplace
    for month in range(1, 12):
        desk.community.run(bill_period, period=Period.parse("2026-11").shifted(month))
    whole = 12 * 26228
    quote = seat.read(quote_of, account=1, on=TODAY)
    # A thirteenth month may be paid ahead: the last twelve are a year, November stays as it is.
    assert next(one.total for one in quote.columns if one.way is Way.YEAR) == MONTH + whole
    desk.page.open_target(1)
    desk.page.charges.tick([one.id for one in seat.read(statement, account=1, on=TODAY).charges])
    shown = desk.page.tender.money_state()
    assert shown.due == whole
    assert "付清95折5% −165.60" in desk.page.tender._count_label.text()
    page, statement_shown = desk.page, desk.page.statement()
    assert statement_shown is not None
    seen = bill_of(statement_shown, page.to_be_taken(page.charges.selection()), (), shown, CodePictures())
    assert (seen.due, seen.discount, seen.rest) == (whole, 16560, 0)
    desk.page.tender.choose(1)
    desk.page.tender.focus_money()
    press("3147.36", Qt.Key.Key_Return)
    assert seat.read(statement, account=1, on=TODAY).total_due == 0
    assert_sound(desk)


def test_a_change_of_hands_is_undone(desk: Desk) -> None:
    seat = desk.community.workplace
    before = seat.read(statement, account=1, on=TODAY)
    approved = replace(seat, approver="样例经理")
    taken = approved.run_op(change_hands, account=1, first_day=TODAY, newcomer=Newcomer("李样")).taken
    desk.page.open_target(taken)
    acts(desk)
    press("y")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, UndoHandsSheet)
    assert "李样" in sheet.facts.text()
    press(Qt.Key.Key_Return)
    assert "原因" in sheet.sentence.text()
    sheet.reason.setFocus()
    press("1", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None, sheet.sentence.text()
    after = seat.read(statement, account=1, on=TODAY)
    assert [(one.id, one.due) for one in after.charges] == [(one.id, one.due) for one in before.charges]
    assert seat.read(find_account, text="3-1-502", on=TODAY).id == 1
    acts(desk)
    press("y")
    assert open_sheet(desk.window) is None
    assert "没有办过过户" in desk.page.banner.accessibleName()
    assert_sound(desk)
