"""Money given back: of a receipt, of a prepayment, of a deposit."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops import at_the_till, giving_back, refunding, taking_back
from feedesk.ops.closing import close_day
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.refunding import Deduction, DepositPapers, refund_deposit, refund_payment, refund_prepayment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.queries.accounts import find_account
from feedesk.queries.desk import ShiftNotOpen
from feedesk.queries.receipts import UnknownReceipt, find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.giving_back import SettledPart, give_back_latest
from feedesk.rules.receipt_document import ReceiptKind
from tests.community import TODAY
from tests.ops.putting_right import Office, office, tender
from tests.scenarios.small_desk import FIRST_DAY, small_desk

TOMORROW = date(2026, 11, 24)


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


def test_a_refund_in_another_tender_leaves_the_drawer_right(desk: Office) -> None:
    """Paid 648.64 by WeChat, 300.00 back in cash: the drawer holds 300.00 less at once, WeChat keeps all it took."""
    receipt = desk.pay(tender("wechat", 64864, "W1"))
    assert desk.expected() == 50000
    back = desk.run(refund_payment, receipt=receipt, tender=tender("cash", 30000), reason="重复收款")
    assert (back.refunds, back.total, back.tender, back.opened) == (receipt, 30000, "cash", 30000)
    assert desk.expected() == 20000
    assert desk.takings() == {"wechat": 64864, "cash": -30000}
    assert desk.shift_takings() == {"wechat": 64864, "cash": -30000}
    assert desk.owed(desk.home) == 30000
    closed = desk.run(close_shift)
    assert (closed.expected, closed.over_short) == (20000, 0)
    figures = desk.run(close_day).figures
    assert figures.takings.returned_by_tender() == {"cash": -30000}
    assert figures.shifts[0].paid_out == 30000
    desk.assert_sound()


def test_what_was_settled_last_is_owed_again_first(desk: Office) -> None:
    receipt = desk.pay(tender("wechat", 64864))
    desk.run(refund_payment, receipt=receipt, tender=tender("wechat", 30100), reason="x")
    state = desk.seat.read(statement, account=desk.home, on=TODAY)
    assert [(one.item, one.period, one.due) for one in state.charges] == [
        ("水费", "2026-10", 100),
        ("物业费", "2026-11", 30000),
    ]
    desk.assert_sound()


def test_the_refund_receipt(desk: Office) -> None:
    receipt = desk.pay(tender("wechat", 64864))
    back = desk.run(refund_payment, receipt=receipt, tender=tender("alipay", 64864), amount=Fen(64864), reason="退款")
    paper = desk.seat.read(find_receipt, number=back.receipt).document
    assert (paper.kind, paper.reverses, paper.total) == (ReceiptKind.REFUND, receipt, 64864)
    assert paper.in_words == "退款人民币陆佰肆拾捌元陆角肆分"
    assert [(line.item, line.amount) for line in paper.lines][-1] == ("物业费", 10000)
    original = desk.seat.read(find_receipt, number=receipt)
    assert (original.status, original.refunded, original.marks().refunded_by) == ("refunded", 64864, back.receipt)
    with pytest.raises(taking_back.AlreadyTakenBack):
        desk.run(refund_payment, receipt=receipt, tender=tender("cash", 1), reason="x")
    with pytest.raises(taking_back.OnlyPaymentsAreTakenBack):
        desk.run(refund_payment, receipt=back.receipt, tender=tender("cash", 1), reason="x")
    desk.assert_sound()


def test_in_parts_and_with_the_rounding_last(desk: Office) -> None:
    """648.64 is paid with 700.00: 51.40 of change, 0.04 of 抹零. 600.00 and 48.60 go back; then nothing is left."""
    receipt = desk.pay(tender("cash", 70000))
    assert desk.community.balance("6711.抹零") == 4
    desk.run(refund_payment, receipt=receipt, tender=tender("cash", 60000), reason="x")
    assert desk.community.balance("6711.抹零") == 4
    with pytest.raises(refunding.RefundTooLarge, match=r"48\.60"):
        desk.run(refund_payment, receipt=receipt, tender=tender("cash", 4861), reason="x")
    desk.run(refund_payment, receipt=receipt, tender=tender("alipay", 4860), reason="x")
    assert desk.community.balance("6711.抹零") == 0
    assert desk.owed(desk.home) == 64864
    assert desk.expected() == 50000 + 64860 - 60000
    desk.assert_sound()


def test_what_was_paid_too_much_comes_out_of_the_prepayment(desk: Office) -> None:
    receipt = desk.pay(tender("cash", 100000), keep_change=True)
    desk.run(refund_payment, receipt=receipt, tender=tender("cash", 35000), reason="多收")
    state = desk.seat.read(statement, account=desk.home, on=TODAY)
    assert (state.total_due, state.prepaid) == (0, 136)
    desk.run(refund_payment, receipt=receipt, tender=tender("cash", 136), reason="多收")
    assert desk.owed(desk.home) == 0
    desk.assert_sound()


def test_a_prepayment_that_was_used_since_does_not_go_back(desk: Office) -> None:
    receipt = desk.pay(tender("cash", 30000), charges=(), prepay=Fen(30000))
    desk.pay(tender("prepaid", 10000), part=True)
    with pytest.raises(refunding.RefundTooLarge, match=r"200\.00"):
        desk.run(refund_payment, receipt=receipt, tender=tender("cash", 30000), reason="x")
    with pytest.raises(refunding.PrepaidTooSmall, match=r"200\.00"):
        desk.run(refund_prepayment, account=desk.home, tender=tender("cash", 20001), reason="x")
    back = desk.run(refund_prepayment, account=desk.home, tender=tender("wechat", 20000), reason="搬走")
    assert (back.refunds, back.total) == ("H000001", 20000)
    assert desk.community.balance("2203.预存", desk.home) == 0
    desk.assert_sound()


def test_back_into_the_prepayment(desk: Office) -> None:
    receipt = desk.pay(tender("wechat", 64864))
    desk.run(refund_payment, receipt=receipt, tender=tender("prepaid", 30000), reason="业主要求")
    state = desk.seat.read(statement, account=desk.home, on=TODAY)
    assert (state.total_due, state.prepaid) == (30000, 30000)
    with pytest.raises(refunding.NotInPrepayment):
        desk.run(refund_prepayment, account=desk.home, tender=tender("prepaid", 1), reason="x")
    desk.assert_sound()


def test_the_same_key_gives_back_once(desk: Office) -> None:
    receipt = desk.pay(tender("wechat", 64864))
    facts: dict[str, Any] = {"receipt": receipt, "tender": tender("cash", 10000), "reason": "x", "key": "K"}
    first, again = desk.run(refund_payment, **facts), desk.run(refund_payment, **facts)
    assert (again.receipt, again.total, again.replayed) == (first.receipt, 10000, True)
    assert desk.expected() == 40000
    with pytest.raises(giving_back.RefundKeyUsed):
        desk.run(refund_payment, **{**facts, "tender": tender("cash", 5000)})


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"reason": " "}, giving_back.RefundReasonMissing),
        ({"receipt": "SJ-2026-1-000009"}, UnknownReceipt),
        ({"tender": tender("cash", 64865)}, refunding.RefundTooLarge),
        ({"tender": tender("cash", 50001)}, at_the_till.DrawerTooEmpty),
        ({"tender": tender("wechat", 64865)}, refunding.RefundTooLarge),
        ({"amount": Fen(100)}, refunding.RefundsDiffer),
        ({"tender": tender("wechat", 0)}, UserError),
        ({"tender": tender("gold", 100)}, UserError),
        ({"till": 7}, UserError),
    ],
)
def test_what_is_refused_changes_nothing(desk: Office, facts: dict[str, Any], error: type[UserError]) -> None:
    receipt = desk.pay(tender("wechat", 64864))
    before = desk.takings()
    with pytest.raises(error):
        desk.run(refund_payment, **{"receipt": receipt, "tender": tender("cash", 10000), "reason": "x", **facts})
    assert desk.takings() == before
    assert desk.owed(desk.home) == 0


def test_nobody_gives_money_back_alone(desk: Office) -> None:
    desk.run(close_shift)
    desk.as_cashier(open_shift, opening_float=Fen(50000))
    receipt = desk.pay(tender("wechat", 64864))
    facts: dict[str, Any] = {"receipt": receipt, "tender": tender("cash", 10000), "reason": "x"}
    with pytest.raises(giving_back.RefundApproverMissing):
        desk.alone(refund_payment, **facts)
    with pytest.raises(NotPermitted):
        desk.as_cashier(refund_payment, approver="样例财务", **facts)
    assert desk.as_cashier(refund_payment, **facts).total == 10000


def test_a_voided_receipt_gives_nothing_back_and_a_refunded_one_is_not_voided(desk: Office) -> None:
    voided = desk.pay(tender("wechat", 10000), part=True)
    desk.alone(void_payment, receipt=voided, reason="x")
    with pytest.raises(taking_back.AlreadyTakenBack):
        desk.run(refund_payment, receipt=voided, tender=tender("cash", 100), reason="x")
    receipt = desk.pay(tender("wechat", 64864))
    desk.run(refund_payment, receipt=receipt, tender=tender("cash", 100), reason="x")
    for op in (void_payment, reverse_payment):
        with pytest.raises(taking_back.RefundedInPart, match=r"1\.00"):
            desk.run(op, receipt=receipt, reason="x")


def test_after_the_day_is_closed(desk: Office) -> None:
    """On the closed day nothing; on the next, out of the float of the new shift, against yesterday's receipt."""
    receipt = desk.pay(tender("wechat", 64864))
    desk.run(close_shift)
    desk.run(close_day)
    facts: dict[str, Any] = {"receipt": receipt, "tender": tender("cash", 10000), "reason": "x"}
    with pytest.raises(ShiftNotOpen):
        desk.run(refund_payment, **facts)
    desk.run(open_shift, on=TOMORROW, opening_float=Fen(20000))
    desk.run(refund_payment, on=TOMORROW, **facts)
    assert desk.expected() == 10000
    closed = desk.run(close_shift, on=TOMORROW)
    assert (closed.expected, desk.community.balance("1001.备用金"), desk.community.balance("1009.在途现金")) == (
        10000,
        -10000,
        0,
    )
    figures = desk.run(close_day, on=TOMORROW).figures
    assert (figures.total, figures.takings.shares["退款红冲"]) == (-10000, -10000)
    assert [(one.kind, one.reverses, one.reverses_day) for one in figures.taken_back] == [
        ("refund", receipt, "2026-11-23")
    ]
    desk.assert_sound()


class TestDeposits:
    NAME = "装修押金"

    @pytest.fixture
    def slip(self, desk: Office) -> str:
        return desk.pay(tender("card", 200000), charges=(), deposits=[(self.NAME, Fen(200000))], payer="样装修公司")

    def back(self, desk: Office, papers: DepositPapers, amount: int = 200000, **facts: Any) -> Any:
        given: dict[str, Any] = {"tender": tender("card", amount), "reason": "装修完工", **facts}
        return desk.run(refund_deposit, account=desk.home, name=self.NAME, amount=Fen(amount), papers=papers, **given)

    def test_against_the_slip_to_the_payer(self, desk: Office, slip: str) -> None:
        done = self.back(desk, DepositPapers(slip=slip, inspected=True))
        assert (done.refunds, done.total, done.tender) == (slip, 200000, "card")
        paper = desk.seat.read(find_receipt, number=done.receipt).document
        assert (paper.payer, paper.lines[0].item) == ("样装修公司", self.NAME)
        assert desk.community.balance("2241.押金.装修押金", desk.home) == 0
        with pytest.raises(refunding.DepositTooSmall):
            self.back(desk, DepositPapers(slip=slip, inspected=True), amount=100)
        desk.assert_sound()

    @pytest.mark.parametrize(
        ("papers", "error"),
        [
            ({"slip": ""}, refunding.EvidenceMissing),
            ({"slip": "SJ-2026-1-000002"}, refunding.SlipDoesNotFit),
            ({"slip": "SJ-2026-1-000099"}, UnknownReceipt),
            ({"inspected": False}, refunding.InspectionMissing),
            ({"payee": "张样燕"}, refunding.AuthorisationMissing),
        ],
    )
    def test_what_it_wants(self, desk: Office, slip: str, papers: dict[str, Any], error: type[UserError]) -> None:
        desk.pay(tender("wechat", 64864))
        with pytest.raises(error):
            self.back(desk, DepositPapers(**{"slip": slip, "inspected": True, **papers}))
        assert desk.community.balance("2241.押金.装修押金", desk.home) == -200000

    def test_a_lost_slip_and_another_payee(self, desk: Office, slip: str) -> None:
        papers = DepositPapers(lost="遗失声明 2026-11-20", payee="张样燕", authorisation="授权书 1 号", inspected=True)
        done = self.back(desk, papers)
        assert done.refunds == "H000001"
        paper = desk.seat.read(find_receipt, number=done.receipt).document
        assert (paper.payer, paper.remark) == ("张样燕", "票据遗失：遗失声明 2026-11-20；授权：授权书 1 号")
        with pytest.raises(taking_back.DepositGivenBack):
            desk.alone(void_payment, receipt=slip, reason="x")
        desk.assert_sound()

    def test_a_part_is_deducted(self, desk: Office, slip: str) -> None:
        """300.00 for damage: charged as 物业费 and paid by the deposit; 1,700.00 go back."""
        done = self.back(
            desk,
            DepositPapers(slip=slip, inspected=True),
            tender=tender("card", 170000),
            deduction=Deduction("物业费", Fen(30000)),
        )
        assert done.total == 170000
        assert desk.community.balance("2241.押金.装修押金", desk.home) == 0
        assert desk.community.balance("1012.card") == 30000
        assert desk.owed(desk.home) == 64864
        assert desk.takings() == {"card": 30000}
        paper = desk.seat.read(find_receipt, number=done.receipt).document
        assert [line.amount for line in paper.lines] == [200000, -30000]
        desk.run(close_shift)
        assert desk.run(close_day).figures.total == 30000
        desk.assert_sound()

    def test_all_of_it_is_deducted(self, desk: Office, slip: str) -> None:
        facts: dict[str, Any] = {"tender": tender("cash", 0), "deduction": Deduction("物业费", Fen(200000))}
        done = self.back(desk, DepositPapers(slip=slip, inspected=True), **facts)
        assert (done.total, desk.expected()) == (0, 50000)
        desk.run(close_shift)
        desk.run(close_day)
        desk.assert_sound()

    def test_a_receipt_for_a_deposit_alone_is_no_refund(self, desk: Office, slip: str) -> None:
        with pytest.raises(refunding.DepositsOnly):
            desk.run(refund_payment, receipt=slip, tender=tender("card", 100), reason="x")


amounts = st.lists(st.integers(1, 5000), min_size=1, max_size=6)


@given(amounts=amounts, prepaid=st.integers(0, 3000), rounding=st.integers(0, 9), data=st.data())
def test_parts_sum_to_what_goes_back(amounts: list[int], prepaid: int, rounding: int, data: st.DataObject) -> None:
    parts = [SettledPart(place, "principal", Fen(amount)) for place, amount in enumerate(amounts)]
    rounding = min(rounding, amounts[-1] - 1)
    whole = sum(amounts) + prepaid - rounding
    amount = data.draw(st.integers(1, whole))
    given = give_back_latest(Fen(amount), parts, prepaid=Fen(prepaid), rounding=Fen(rounding))
    assert given.from_prepaid + sum(part.amount for part in given.parts) - given.rounding == amount
    assert given.from_prepaid <= prepaid
    assert all(part.amount <= amounts[part.charge] for part in given.parts)
    if given.parts:
        assert given.from_prepaid == prepaid
    with pytest.raises(ValueError, match="cannot"):
        give_back_latest(Fen(whole + 1), parts, prepaid=Fen(prepaid), rounding=Fen(rounding))


def test_a_deposit_of_the_old_book_goes_back_before_one_was_taken_here(sqlite_ledger: Database) -> None:
    """Nobody has paid a deposit in this ledger yet, so it has no fee item for one."""
    desk = small_desk(sqlite_ledger)
    desk.run_op(open_shift, opening_float=Fen(100000))
    shop = desk.read(find_account, text="S-01", on=FIRST_DAY).id
    facts: dict[str, Any] = {"name": "装修押金", "amount": Fen(100000)}
    facts["papers"] = DepositPapers(lost="声明 1", inspected=True)
    back = desk.run_op(refund_deposit, account=shop, tender=tender("cash", 100000), reason="装修已毕", **facts)
    assert back.total == 100000
    assert desk.read(statement, account=shop, on=FIRST_DAY).deposits == 0
    assert desk.read(verify_everything).problems == ()
