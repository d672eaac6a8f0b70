"""The right tender, the right account, a transfer that bounced: entries that name what they put right."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops import bouncing, changing_tender, giving_back, taking_back, transferring
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import ReferenceUsed
from feedesk.ops.drawer import move_cash
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.variance import causes_of_difference
from feedesk.rules.drawer import Movement
from feedesk.rules.variance import CauseKind
from tests.community import TODAY
from tests.ops.putting_right import Office, office, tender

TOMORROW = date(2026, 11, 24)


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


class TestTender:
    def test_booked_as_cash_was_wechat(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 64900))
        assert (desk.expected(), desk.takings()) == (114860, {"cash": 64860})
        done = desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 64860, "W7")], reason="实为微信")
        assert (done.receipt, done.total, done.before, done.after) == (receipt, 64860, ("现金",), ("微信",))
        assert (desk.expected(), desk.takings()) == (50000, {"wechat": 64860})
        assert desk.shift_takings() == {"cash": 0, "wechat": 64860}
        stored = desk.seat.read(find_receipt, number=receipt)
        assert (stored.status, stored.marks().paid_by) == ("issued", "微信")
        closed = desk.run(close_shift)
        assert (closed.expected, closed.over_short) == (50000, 0)
        figures = desk.run(close_day).figures
        assert figures.takings.by_item()["物业费"] == {"wechat": 60000}
        assert figures.takings.by_item()["抹零"] == {"wechat": -4}
        assert (figures.receipts.count, figures.shifts[0].paid_out, figures.total) == (1, 0, 64860)
        assert [(one.kind, one.reverses, one.tenders) for one in figures.taken_back] == [
            ("tender_change", receipt, {"cash": -64860, "wechat": 64860})
        ]
        desk.assert_sound()

    def test_into_several_and_back_again(self, desk: Office) -> None:
        receipt = desk.pay(tender("wechat", 64864, "W1"))
        parts = [tender("cash", 60000), tender("alipay", 4864, "A1")]
        desk.alone(change_tender, receipt=receipt, tenders=parts, reason="x")
        assert desk.takings() == {"cash": 60000, "alipay": 4864}
        back = [tender("wechat", 64864, "W1")]
        with pytest.raises(ReferenceUsed):
            desk.alone(change_tender, receipt=receipt, tenders=back, reason="x")
        desk.alone(change_tender, receipt=receipt, tenders=back, reason="x", same_reference=True)
        assert (desk.expected(), desk.takings()) == (50000, {"wechat": 64864})
        desk.assert_sound()

    def test_voided_afterwards_the_money_goes_back_as_it_came(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 70000))
        desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 64860)], reason="x")
        desk.alone(void_payment, receipt=receipt, reason="x")
        assert (desk.expected(), desk.takings(), desk.owed(desk.home)) == (50000, {}, 64864)
        assert desk.community.balance("1012.wechat") == 0
        desk.run(close_shift)
        assert desk.run(close_day).figures.total == 0
        desk.assert_sound()

    def test_reversed_the_next_day_cash_stays_where_it_is(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 64864))
        desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 64864, "W1")], reason="x")
        desk.run(close_shift)
        desk.run(close_day)
        desk.run(open_shift, on=TOMORROW, opening_float=Fen(30000))
        red = desk.run(reverse_payment, on=TOMORROW, receipt=receipt, reason="x")
        paper = desk.seat.read(find_receipt, number=red.receipt).document
        assert [(one.code, one.kept) for one in paper.tenders] == [("wechat", 64864)]
        assert (desk.expected(), desk.takings(TOMORROW)) == (30000, {"wechat": -64864})
        desk.run(close_shift, on=TOMORROW)
        assert desk.run(close_day, on=TOMORROW).figures.shifts[0].paid_out == 0
        desk.assert_sound()

    def test_the_variance_detective_knows_what_was_booked_into_the_drawer(self, desk: Office) -> None:
        desk.alone(move_cash, kind=Movement.CHANGE_IN, amount=Fen(22000), purpose="领零钱")
        (only,) = desk.seat.read(causes_of_difference, shift=1, over_short=Fen(-22000))
        assert (only.kind, only.receipt) == (CauseKind.MOVEMENT, "")
        assert "领零钱" in only.words
        assert len(only.time) == len("18:05")

    def test_the_variance_detective_believes_it(self, desk: Office) -> None:
        """647.00 short is explained by the receipt booked as cash; once it is put right it explains nothing."""
        receipt = desk.pay(tender("cash", 64700), part=True)
        (first, *_rest) = desk.seat.read(causes_of_difference, shift=1, over_short=Fen(-64700))
        assert first.receipt == receipt
        desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 64700)], reason="x")
        assert desk.seat.read(causes_of_difference, shift=1, over_short=Fen(-64700)) == ()
        (first, *_rest) = desk.seat.read(causes_of_difference, shift=1, over_short=Fen(64700))
        assert first.receipt == receipt

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"reason": ""}, taking_back.ReasonMissing),
            ({"tenders": [tender("wechat", 64863)]}, changing_tender.TendersDiffer),
            ({"tenders": [tender("cash", 64864)]}, changing_tender.SameTender),
            ({"tenders": [tender("prepaid", 64864)]}, changing_tender.PrepaidTenderChange),
            ({"tenders": [tender("gold", 64864)]}, UserError),
            ({"tenders": []}, changing_tender.TendersDiffer),
        ],
    )
    def test_what_is_refused(self, desk: Office, facts: dict[str, Any], error: type[UserError]) -> None:
        receipt = desk.pay(tender("cash", 64864))
        with pytest.raises(error):
            desk.alone(
                change_tender, **{"receipt": receipt, "tenders": [tender("wechat", 64864)], "reason": "x", **facts}
            )
        assert desk.takings() == {"cash": 64864}

    def test_only_within_the_shift_and_only_of_what_stands(self, desk: Office) -> None:
        voided, earlier = desk.pay(tender("cash", 100), part=True), desk.pay(tender("cash", 200), part=True)
        desk.alone(void_payment, receipt=voided, reason="x")
        with pytest.raises(taking_back.AlreadyTakenBack):
            desk.alone(change_tender, receipt=voided, tenders=[tender("wechat", 100)], reason="x")
        desk.next_shift()
        with pytest.raises(changing_tender.TenderChangeTooLate):
            desk.alone(change_tender, receipt=earlier, tenders=[tender("wechat", 200)], reason="x")
        refunded = desk.pay(tender("wechat", 300), part=True)
        desk.run(refund_payment, receipt=refunded, tender=tender("cash", 100), reason="x")
        with pytest.raises(taking_back.RefundedInPart):
            desk.alone(change_tender, receipt=refunded, tenders=[tender("cash", 300)], reason="x")

    def test_the_same_key_once(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 64864))
        facts: dict[str, Any] = {
            "receipt": receipt,
            "tenders": [tender("wechat", 64864, "W1")],
            "reason": "x",
            "key": "K",
        }
        first, again = desk.alone(change_tender, **facts), desk.alone(change_tender, **facts)
        assert (again.entry, again.after, again.replayed) == (first.entry, ("微信",), True)
        with pytest.raises(changing_tender.TenderChangeKeyUsed):
            desk.alone(change_tender, **{**facts, "reason": "y"})


class TestAccount:
    def test_what_was_rounded_off_goes_along(self, desk: Office) -> None:
        """33.33 prepaid for 33.30, the change being rounded up to the 角: it is 33.33 there too."""
        receipt = desk.pay(tender("cash", 3340), prepay=Fen(3333), charges=[])
        done = desk.alone(transfer_payment, receipt=receipt, account=desk.other, reason="收错房号")
        assert (done.total, done.prepaid) == (3330, 3333)
        assert desk.seat.read(statement, account=desk.home, on=TODAY).prepaid == 0
        assert desk.seat.read(statement, account=desk.other, on=TODAY).prepaid == 3333
        assert desk.expected() == 50000 + 3330
        desk.assert_sound()

    def test_within_the_shift(self, desk: Office) -> None:
        """300.00 was booked on 1-1-101, meant for 1-1-102, which owes 250.00: the rest is prepaid there."""
        receipt = desk.pay(tender("cash", 30000), part=True)
        done = desk.alone(transfer_payment, receipt=receipt, account=desk.other, reason="收错房号")
        assert (done.moved, done.total, done.prepaid) == (receipt, 30000, 5000)
        assert (desk.owed(desk.home), desk.owed(desk.other)) == (64864, 0)
        assert (desk.expected(), desk.takings()) == (80000, {"cash": 30000})
        old, new = (desk.seat.read(find_receipt, number=number) for number in (receipt, done.receipt))
        assert (old.status, old.marks().moved_to) == ("transferred", done.receipt)
        assert (new.document.payer, new.document.unit) == ("李样", "1-1-102")
        assert receipt in new.document.remark
        assert "1-1-101" in new.document.remark
        desk.run(close_shift)
        figures = desk.run(close_day).figures
        assert (figures.total, figures.shifts[0].paid_out) == (30000, 0)
        assert figures.takings.by_item() == {"物业费": {"cash": 25000}, "预存款": {"cash": 5000}}
        desk.assert_sound()

    def test_of_an_earlier_day_with_a_changed_tender(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 25000), part=True)
        desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 25000, "W1")], reason="x")
        desk.run(close_shift)
        desk.run(close_day)
        desk.run(open_shift, on=TOMORROW, opening_float=Fen(0))
        with pytest.raises(giving_back.RefundApproverMissing):
            desk.alone(transfer_payment, receipt=receipt, account=desk.other, reason="x")
        done = desk.run(transfer_payment, on=TOMORROW, receipt=receipt, account=desk.other, reason="x")
        assert (desk.expected(), desk.takings(TOMORROW)) == (0, {})
        desk.run(refund_payment, on=TOMORROW, receipt=done.receipt, tender=tender("wechat", 25000), reason="x")
        desk.run(close_shift, on=TOMORROW)
        figures = desk.run(close_day, on=TOMORROW).figures
        assert figures.total == -25000
        assert [one.kind for one in figures.taken_back] == ["transfer_out", "refund"]
        desk.assert_sound()

    def test_the_late_fee_there_stops_on_the_day_the_money_came(self, desk: Office) -> None:
        """250.00 due 10-31 at 0.5‰: 23 days by 11-23 are 2.88; brought there a week later it is still 2.88."""
        half = RuleTerms(daily_rate=Fraction("0.0005"), clause="合同第五条")
        desk.run(add_late_fee_rule, item="物业费", terms=half, valid_from=date(2026, 1, 1))
        receipt = desk.pay(tender("wechat", 25288, "W1"), part=True)
        desk.run(close_shift)
        later = date(2026, 11, 30)
        desk.run(open_shift, on=later, opening_float=Fen(0))
        done = desk.run(transfer_payment, on=later, receipt=receipt, account=desk.other, reason="收错户")
        assert (done.prepaid, desk.owed(desk.other, later)) == (0, 0)
        assert [(one.principal, one.late_fee) for one in done.allocations] == [(25000, 288)]
        desk.assert_sound()

    def test_prepayments_and_deposits_move_along(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 30000), charges=(), prepay=Fen(10000), deposits=[("门禁押金", Fen(20000))])
        desk.alone(transfer_payment, receipt=receipt, account=desk.other, reason="x")
        moved = desk.seat.read(statement, account=desk.other, on=TODAY)
        assert (moved.prepaid, moved.deposits, moved.total_due) == (10000, 20000, 25000)
        desk.assert_sound()

    def test_what_is_refused(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 30000), part=True)
        with pytest.raises(transferring.SameAccount):
            desk.alone(transfer_payment, receipt=receipt, account=desk.home, reason="x")
        with pytest.raises(taking_back.ReasonMissing):
            desk.alone(transfer_payment, receipt=receipt, account=desk.other, reason=" ")
        with pytest.raises(UserError):
            desk.alone(transfer_payment, receipt=receipt, account=999, reason="x")
        desk.pay(tender("cash", 10000), prepay=Fen(10000))
        prepaid = desk.pay(tender("prepaid", 5000), part=True)
        with pytest.raises(transferring.PaidFromPrepayment):
            desk.alone(transfer_payment, receipt=prepaid, account=desk.other, reason="x")
        facts: dict[str, Any] = {"receipt": receipt, "account": desk.other, "reason": "x", "key": "K"}
        first, again = desk.alone(transfer_payment, **facts), desk.alone(transfer_payment, **facts)
        assert (again.receipt, again.replayed) == (first.receipt, True)
        with pytest.raises(taking_back.AlreadyTakenBack):
            desk.alone(transfer_payment, **{**facts, "key": "L"})
        desk.assert_sound()


class TestBounce:
    def test_it_is_owed_again_as_if_never_paid(self, desk: Office) -> None:
        """Paid on 11-23 with 2.88 of late fee; bounced on 11-30, seven more days are owed: 30 days are 3.75."""
        half = RuleTerms(daily_rate=Fraction("0.0005"), clause="合同第五条")
        desk.run(add_late_fee_rule, item="物业费", terms=half, valid_from=date(2026, 1, 1))
        receipt = desk.pay(tender("transfer", 25288, "Z1"), account=desk.other)
        assert desk.owed(desk.other) == 0
        desk.run(close_shift)
        desk.run(close_day)
        later = date(2026, 11, 30)
        desk.run(open_shift, on=later, opening_float=Fen(10000))
        back = desk.run(bounce_payment, on=later, receipt=receipt, reason="银行退票")
        assert (back.refunds, back.total, back.tender, back.opened) == (receipt, 25288, "transfer", 25288)
        assert (desk.expected(), desk.takings(later)) == (10000, {"transfer": -25288})
        state = desk.seat.read(statement, account=desk.other, on=later)
        assert (state.principal, state.late_fees) == (25000, 375)
        assert desk.seat.read(find_receipt, number=receipt).status == "refunded"
        paper = desk.seat.read(find_receipt, number=back.receipt).document
        assert (paper.kind.value, paper.reverses, paper.reason) == ("bounce", receipt, "银行退票")
        assert paper.in_words == "人民币贰佰伍拾贰元捌角捌分", "nobody was given anything back"
        desk.run(close_shift, on=later)
        assert desk.run(close_day, on=later).figures.shifts[0].paid_out == 0
        desk.assert_sound()

    def test_only_the_transfer_of_several_tenders(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 20000), tender("transfer", 44864, "Z1"))
        desk.run(bounce_payment, receipt=receipt, reason="x")
        assert (desk.owed(desk.home), desk.expected()) == (44864, 70000)
        with pytest.raises(taking_back.RefundedInPart):
            desk.run(bounce_payment, receipt=receipt, reason="x")
        desk.assert_sound()

    def test_with_prepayment_and_deposit(self, desk: Office) -> None:
        extras: dict[str, Any] = {"charges": (), "prepay": Fen(10000), "deposits": [("门禁押金", Fen(20000))]}
        receipt = desk.pay(tender("transfer", 30000, "Z1"), **extras)
        desk.run(bounce_payment, receipt=receipt, reason="x")
        state = desk.seat.read(statement, account=desk.home, on=TODAY)
        assert (state.prepaid, state.deposits) == (0, 0)
        used = desk.pay(tender("transfer", 30000, "Z2"), **extras)
        desk.pay(tender("prepaid", 10000), part=True)
        with pytest.raises(taking_back.PrepaymentUsed):
            desk.run(bounce_payment, receipt=used, reason="x")
        desk.assert_sound()

    def test_what_is_refused(self, desk: Office) -> None:
        receipt = desk.pay(tender("cash", 30000), part=True)
        with pytest.raises(bouncing.NothingToBounce):
            desk.run(bounce_payment, receipt=receipt, reason="x")
        with pytest.raises(giving_back.RefundApproverMissing):
            desk.alone(bounce_payment, receipt=receipt, reason="x")
