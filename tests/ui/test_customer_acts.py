"""What the customer display shows of the acts that sheets do: what for, how much, what goes back, and to whom."""

from dataclasses import dataclass, replace
from datetime import date

import pytest
from PySide6.QtCore import QSizeF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.requesting import approve_request, request_decision
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.ops.wishes import Wish
from feedesk.queries.receipts import find_receipt
from feedesk.queries.requests import RequestKind
from feedesk.queries.verification import verify_everything
from feedesk.ui.customer.faces import bill_face, thanks_face
from feedesk.ui.customer.rows import Bill, BillLine, CodePictures, PaymentCode, Thanks, bill_of_act
from feedesk.ui.customer.watch import DeskWatch
from feedesk.ui.pages.desk.advance_sheet import AdvanceSheet
from feedesk.ui.pages.desk.claim_sheet import ClaimSheet
from feedesk.ui.pages.desk.deposit_back_sheet import DepositBackSheet, StrangersDepositSheet
from feedesk.ui.pages.desk.extra_sheet import ExtraSheet
from feedesk.ui.pages.desk.found_sheets import ReturnSheet
from feedesk.ui.pages.desk.offset_sheet import OffsetSheet
from feedesk.ui.pages.desk.payer_view import ActLine, ActShown, PayerView
from feedesk.ui.pages.desk.price_list_sheet import PriceListSheet
from feedesk.ui.pages.desk.refund_sheet import RefundSheet
from feedesk.ui.pages.desk.reversal_sheet import ReversalSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ops.price_list import add_article
from tests.quote_case import quote_case
from tests.ui.test_customer_display import NAME, SIZES, check_nothing_is_cut_off
from tests.ui.test_desk_sheets import Desk, focused, make_desk
from tests.ui.test_putting_right import ask, focus, press


@dataclass
class Counter:
    """A desk and what the display beside it showed, the last one last."""

    desk: Desk
    seen: list[Bill | Thanks | None]
    watch: DeskWatch

    def shown(self) -> Bill | Thanks | None:
        """What is shown once sheet and display have come to rest."""
        QApplication.processEvents()
        while self.watch._rest.isActive() or any(one._rest.isActive() for one in self._views()):
            QApplication.processEvents()
        return self.seen[-1]

    def _views(self) -> list[PayerView]:
        return self.desk.window.findChildren(PayerView)

    def bill(self) -> Bill:
        found = self.shown()
        assert isinstance(found, Bill)
        return found

    def thanks(self) -> Thanks:
        found = self.shown()
        assert isinstance(found, Thanks)
        return found


@pytest.fixture
def counter(sqlite_ledger: Database, qtbot: QtBot) -> Counter:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    add_article(community, "门禁卡", "25.03")
    desk = make_desk(community, qtbot)
    seen: list[Bill | Thanks | None] = []
    watch = DeskWatch(desk.window, desk.page, seen.append)
    return Counter(desk, seen, watch)


def lines(bill: Bill) -> list[tuple[str, int]]:
    return [(one.item, one.amount) for one in bill.lines]


def test_a_prepayment_then_thanks_then_the_account_again(counter: Counter) -> None:
    counter.desk.page.open_target(1)
    account = counter.bill()
    sheet = ask(counter.desk, "1")
    assert isinstance(sheet, ExtraSheet)
    assert counter.shown() == account, "nothing is typed yet"
    press("300")
    bill = counter.bill()
    assert (lines(bill), bill.due, bill.tender, bill.name, bill.unit) == (
        [("预存款", 30000)],
        30000,
        "现金",
        "张**",
        "502",
    )
    assert sheet.isAncestorOf(focused())
    press(Qt.Key.Key_Return)
    assert counter.thanks() == Thanks("张**", "SJ-2026-1-000001", Fen(30000), Fen(0))
    assert counter.desk.page.statement() is not None
    counter.desk.page.charges.tick([account_charge(counter)])
    assert isinstance(counter.shown(), Bill), "the desk is touched again: the thanks are over"


def account_charge(counter: Counter) -> int:
    return counter.desk.page.charges.charges()[0].id


def test_the_thanks_of_an_act_end_by_themselves(counter: Counter) -> None:
    counter.desk.page.open_target(1)
    ask(counter.desk, "1")
    press("300", Qt.Key.Key_Return)
    counter.thanks()
    counter.watch._end.timeout.emit()
    assert isinstance(counter.shown(), Bill)


def test_a_sheet_left_shows_the_account_again(counter: Counter) -> None:
    counter.desk.page.open_target(1)
    account = counter.bill()
    ask(counter.desk, "1")
    press("300")
    assert counter.bill() != account
    press(Qt.Key.Key_Escape)
    assert counter.bill() == account


def test_a_payment_after_an_act_is_followed_as_ever(counter: Counter) -> None:
    """The same account with the same sum: what stood before the act is a bill again, not the thanks."""
    counter.desk.page.open_target(1)
    ask(counter.desk, "1")
    press("300", Qt.Key.Key_Return)
    counter.thanks()
    press(Qt.Key.Key_Escape)
    assert isinstance(counter.shown(), Thanks)
    counter.desk.page.open_target(2)
    assert isinstance(counter.shown(), Bill)


def test_a_strangers_deposit_comes_and_goes_with_a_deduction(counter: Counter) -> None:
    sheet = ask(counter.desk, "2")
    assert isinstance(sheet, ExtraSheet)
    press("装修押金")
    focus(sheet.fields.amount.edit)
    press("500")
    sheet.payer.setText("欧阳样工")
    bill = counter.bill()
    assert (lines(bill), bill.name, bill.unit) == ([("装修押金", 50000)], "欧阳**", "")
    focus(sheet.fields.amount.edit)
    press(Qt.Key.Key_Return)
    assert counter.thanks().name == "欧阳**"
    back = ask(counter.desk, "D")
    assert isinstance(back, StrangersDepositSheet)
    back.inspected.set_value(True)
    focus(back.deducted.edit)
    press("30")
    back.item.set_value("门禁卡")
    assert not isinstance(counter.shown(), Bill), "while nobody says why, somebody only looks"
    back.reason.setText("完工")
    bill = counter.bill()
    assert bill.back
    assert lines(bill) == [("装修押金", 50000), ("扣款：门禁卡", -3000)]
    assert (bill.due, bill.tender, bill.name) == (47000, "现金", "欧阳**")
    assert "样工" not in bill_face(QSizeF(1366, 768), NAME, bill).text()
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, back.sentence.text()
    assert counter.thanks() == Thanks("欧阳**", "SJ-2026-1-000002", Fen(47000), Fen(0), back=True)


def test_a_residents_deposit_goes_back(counter: Counter) -> None:
    given = [TenderGiven("cash", Fen(20000))]
    counter.desk.community.run(
        collect_payment, account=1, tenders=given, deposits=[("钥匙押金", Fen(20000))], charges=()
    )
    counter.desk.page.open_target(1)
    account = counter.bill()
    sheet = ask(counter.desk, "D")
    assert isinstance(sheet, DepositBackSheet)
    assert counter.bill() == account
    sheet.reason.setText("退租")
    bill = counter.bill()
    assert (bill.lines, bill.due, bill.back) == ((BillLine("钥匙押金", "SJ-2026-1-000001", Fen(20000)),), 20000, True)


def test_a_sale_with_cash_and_change(counter: Counter) -> None:
    """2 × 25.03 = 50.06 of 100.00: 49.94 over, so 50.00 back and 0.06 抹零; a code where it is paid by WeChat."""
    sheet = ask(counter.desk, "4")
    assert isinstance(sheet, PriceListSheet)
    press("2")
    sheet.payer.setText("样访客")
    bill = counter.bill()
    assert (bill.lines, bill.received, bill.change) == ((BillLine("门禁卡", "25.03×2", Fen(5006)),), 0, None)
    focus(sheet.fields.amount.edit)
    press("40")
    bill = counter.bill()
    assert (bill.received, bill.missing, bill.change) == (4000, 1006, None)
    sheet.fields.amount.edit.selectAll()
    press("100")
    bill = counter.bill()
    assert (bill.received, bill.missing, bill.change, bill.rounding) == (10000, 0, 5000, 6)
    press(Qt.Key.Key_Return)
    assert counter.thanks() == Thanks("样**", "SJ-2026-1-000001", Fen(5000), Fen(5000))


def test_a_code_for_what_a_sheet_takes_never_for_what_it_gives() -> None:
    codes = CodePictures((("wechat", ""),))
    act = ActShown((ActLine("预存款", Fen(100)),), tender="微信", tender_code="wechat")
    assert bill_of_act(act, codes).code == PaymentCode("微信", Fen(100), None)
    assert bill_of_act(replace(act, back=True), codes).code is None
    assert bill_of_act(replace(act, tender_code="cash"), codes).code is None


def test_what_is_bought_with_the_charges_stands_among_them(counter: Counter) -> None:
    counter.desk.page.open_target(1)
    before = counter.bill()
    ask(counter.desk, "4")
    press("2")
    assert lines(counter.bill()) == [("门禁卡", 5006)]
    QTest.keyClick(focused(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    bill = counter.bill()
    assert (bill.due, bill.rest) == (before.due + 5006, 0)
    assert lines(bill)[-1] == ("门禁卡×2", 5006)


def test_months_ahead_as_they_are_typed(sqlite_ledger: Database, qtbot: QtBot) -> None:
    community, home = quote_case(sqlite_ledger)
    desk = make_desk(community, qtbot)
    seen: list[Bill | Thanks | None] = []
    counter = Counter(desk, seen, DeskWatch(desk.window, desk.page, seen.append))
    desk.page.open_target(home.dwelling)
    due = counter.bill().due
    sheet = ask(desk, "3")
    assert isinstance(sheet, AdvanceSheet)
    press("2")
    bill = counter.bill()
    assert lines(bill)[0] == ("勾选的账单", due)
    assert "预缴 2 个月" in bill.lines[1].period
    assert (len(bill.lines), bill.due) == (2, due + bill.lines[1].amount)
    press(Qt.Key.Key_Return)
    assert counter.bill().due == bill.due


def test_a_refund_in_cash(counter: Counter) -> None:
    counter.desk.collect(60000)
    counter.desk.page.open_target(1)
    sheet = ask(counter.desk, "R")
    assert isinstance(sheet, RefundSheet)
    sheet.fields.amount.edit.setFocus()
    press("123.45")
    assert not counter.bill().back
    sheet.reason.setText("多收")
    bill = counter.bill()
    assert (lines(bill), bill.back, bill.due) == ([("退款", 12345)], True, 12345)
    words = bill_face(QSizeF(1366, 768), NAME, bill).text()
    assert "退还" in words
    assert "应付合计" not in words
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, sheet.sentence.text()
    thanks = counter.thanks()
    assert (thanks.total, thanks.back) == (12345, True)
    assert "已退还 ¥ 123.45" in thanks_face(QSizeF(1366, 768), NAME, thanks).text()


def test_a_reversal(counter: Counter) -> None:
    receipt = counter.desk.collect(60000)
    counter.desk.community.run(close_shift)
    counter.desk.community.run(open_shift, opening_float=Fen(100000))
    counter.desk.page.open_target(1)
    sheet = ask(counter.desk, "V")
    assert isinstance(sheet, ReversalSheet)
    sheet.reason.setText("收错")
    bill = counter.bill()
    assert (bill.due, bill.back, bill.tender) == (60000, True, "现金")
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, sheet.sentence.text()
    assert counter.thanks().total == 60000
    assert receipt != counter.thanks().receipt


def test_money_claimed_and_money_returned(counter: Counter) -> None:
    counter.desk.community.run(
        post_unclaimed,
        tender=TenderGiven("transfer", Fen(30000), "T1"),
        value_date=date(2026, 11, 20),
        sender="样汇款人",
        remark="",
    )
    counter.desk.page.open_target(1)
    ask(counter.desk, "U")
    press(Qt.Key.Key_Return)
    sheet = open_sheet(counter.desk.window)
    assert isinstance(sheet, ClaimSheet)
    press("出示回单")
    bill = counter.bill()
    assert (bill.due, bill.tender, bill.name, bill.back) == (30000, "待认领款", "张**", False)
    assert bill.lines[0].item == "物业费"
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, sheet.sentence.text()
    assert counter.thanks().total == 30000


def test_a_return_hides_the_sender(counter: Counter) -> None:
    counter.desk.community.run(
        post_unclaimed,
        tender=TenderGiven("cash", Fen(30000)),
        value_date=TODAY,
        sender="样汇款人",
        remark="",
    )
    ask(counter.desk, "U")
    press("R")
    assert isinstance(open_sheet(counter.desk.window), ReturnSheet)
    press("误汇")
    bill = counter.bill()
    assert (bill.due, bill.back, bill.unit) == (30000, True, "")
    assert "汇款人" not in bill.name


def test_a_locked_desk_shows_nothing_of_a_sheet(counter: Counter) -> None:
    counter.desk.page.open_target(1)
    ask(counter.desk, "1")
    press("300")
    counter.watch.cover(True)
    assert counter.shown() is None
    press("0")
    assert counter.shown() is None


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("size", SIZES)
def test_what_goes_back_is_not_cut_off(size: tuple[int, int], large: bool) -> None:
    act = ActShown(
        (
            *(ActLine(f"装修押金及门禁卡押金 {n}", Fen(99_999_99), "SJ-2026-1-004289") for n in range(9)),
            ActLine("扣款：装修垃圾清运费", Fen(-12_345_67)),
        ),
        who="样例装修工程有限公司",
        unit="3-1-502",
        back=True,
        tender="转账",
    )
    bill = bill_of_act(act, CodePictures())
    check_nothing_is_cut_off(bill_face(QSizeF(*size), NAME, bill, large=large), *size)
    thanks = Thanks("样例**", "SJ-2026-1-004289", Fen(99_999_999_99), Fen(0), back=True)
    check_nothing_is_cut_off(thanks_face(QSizeF(*size), NAME, thanks, large=large), *size)


def test_a_void_shows_what_goes_back_once_there_is_a_reason(counter: Counter) -> None:
    receipt = counter.desk.collect(60000)
    counter.desk.sheets.show_receipts()
    press(Qt.Key.Key_Return)
    assert counter.shown() is None, "somebody only looks"
    press("1")
    bill = counter.bill()
    assert (lines(bill), bill.back, bill.name, bill.tender) == ([("收款作废", 60000)], True, "张**", "现金")
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None
    assert counter.thanks() == Thanks("张**", receipt, Fen(60000), Fen(0), back=True)


def test_an_offset(counter: Counter) -> None:
    seat = counter.desk.community.workplace
    seat.run_op(collect_payment, account=1, tenders=[TenderGiven("wechat", Fen(5000))], charges=(), prepay=Fen(5000))
    counter.desk.page.open_target(1)
    sheet = ask(counter.desk, "O")
    assert isinstance(sheet, OffsetSheet)
    press("50")
    bill = counter.bill()
    assert (lines(bill), bill.tender, bill.back) == ([("抵缴账单", 5000)], "预存款", False)
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, sheet.sentence.text()
    thanks = counter.thanks()
    assert (thanks.total, thanks.back) == (5000, False)
    words = thanks_face(QSizeF(1366, 768), NAME, thanks).text()
    assert "已抵缴 ¥ 50.00" in words
    assert "实收" not in words
    assert "找零" not in words


def test_a_reversal_of_claimed_money_gives_nobody_anything(counter: Counter) -> None:
    """The money is unclaimed again: neither the display, nor the paper, nor the desk says that any goes out."""
    community = counter.desk.community
    found = community.run(
        post_unclaimed,
        tender=TenderGiven("transfer", Fen(30000), "T1"),
        value_date=TODAY,
        sender="样汇款人",
        remark="",
    )
    community.run(claim_unclaimed, receipt=found.receipt, account=1, reason="出示回单")
    community.run(close_shift)
    community.run(open_shift, opening_float=Fen(100000))
    counter.desk.page.open_target(1)
    account = counter.bill()
    sheet = ask(counter.desk, "V")
    assert isinstance(sheet, ReversalSheet)
    press("认错了人")
    assert counter.shown() == account
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None, sheet.sentence.text()
    assert isinstance(counter.shown(), Bill), "no thanks for money that nobody got"
    assert "不退给交款人" in counter.desk.page.banner.accessibleName()
    paper = community.workplace.read(find_receipt, number="SJ-2026-1-000003").document
    assert paper.in_words == "红冲人民币叁佰元整"
    assert "300.00 转回待认领款，不退给交款人" in paper.remark
    assert community.workplace.read(verify_everything).problems == ()


def test_a_request_carried_out(counter: Counter) -> None:
    community = counter.desk.community
    receipt = counter.desk.collect(60000)
    cashier = replace(community.workplace, actor="样例收费员")
    wish = Wish(RequestKind.PAYMENT, Fen(10000), receipt=receipt, tender="cash")
    asked = cashier.run_op(request_decision, wish=wish, reason="多收")
    replace(community.workplace, actor="样例经理").run_op(approve_request, request=asked.request)
    ask(counter.desk, "P")
    press(Qt.Key.Key_Return)
    bill = counter.bill()
    assert (bill.due, bill.back, bill.name, bill.unit) == (10000, True, "张**", "502")
    press(Qt.Key.Key_Return)
    assert open_sheet(counter.desk.window) is None
    assert (counter.thanks().total, counter.thanks().back) == (10000, True)
