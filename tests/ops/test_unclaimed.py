"""Money that came without saying for whom: posted, claimed in whole and in parts, returned, taken back."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops import claiming, collecting, giving_back, taking_back, unclaimed
from feedesk.ops.at_the_till import DrawerTooEmpty
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.claiming import claim_unclaimed
from feedesk.ops.closing import close_day
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.referencing import add_reference
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.ops.unclaimed import post_unclaimed, return_unclaimed
from feedesk.ops.waiving import waive
from feedesk.queries.accounts import UnknownAccount
from feedesk.queries.desk import ShiftNotOpen
from feedesk.queries.receipts import UnknownReceipt, find_receipt, receipts_of_day
from feedesk.queries.statement import StatementCharge, statement
from feedesk.queries.unclaimed import NotUnclaimed, UnclaimedTakenBack, is_unclaimed, open_unclaimed, used_by
from feedesk.rules.receipt_document import ReceiptKind
from feedesk.rules.takings import Share
from tests.community import TODAY
from tests.databases import copied, make_template
from tests.ops.putting_right import Office, office, tender

CAME = date(2026, 11, 3)
TOMORROW = date(2026, 11, 24)
HELD = "2241.待认领款"


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


@pytest.fixture
def quick_desk(sqlite_ledger: Database) -> Office:
    return office(sqlite_ledger)


def found(
    desk: Office, amount: int = 50000, code: str = "transfer", reference: str | None = "ZZ1", **facts: Any
) -> str:
    """Posts money and answers its receipt."""
    known: dict[str, Any] = {"value_date": CAME, "sender": "王样", "remark": "物业费", **facts}
    return desk.alone(post_unclaimed, tender=tender(code, amount, reference), **known).receipt


def claim(desk: Office, receipt: str, **facts: Any) -> claiming.MoneyClaimed:
    known: dict[str, Any] = {"account": desk.home, "reason": "付款人出示回单", **facts}
    return desk.alone(claim_unclaimed, receipt=receipt, **known)


def left(desk: Office) -> dict[str, int]:
    return {item.receipt: item.left for item in desk.seat.read(open_unclaimed)}


def test_money_waits_for_its_owner_on_an_account_of_its_own(desk: Office) -> None:
    receipt = found(desk)
    (item,) = desk.seat.read(open_unclaimed)
    assert (item.receipt, item.amount, item.left, item.sender, item.remark) == (receipt, 50000, 50000, "王样", "物业费")
    assert (item.tender_code, item.reference, item.value_date, item.age(TODAY)) == ("transfer", "ZZ1", CAME, 20)
    assert desk.community.balance(HELD) == -50000
    assert desk.community.balance("1012.transfer") == 50000
    document = find_receipt_of(desk, receipt)
    assert (document.account, document.unit, document.payer, document.total) == ("", "待认领款", "王样", 50000)
    assert "2026-11-03" in document.remark
    assert desk.seat.read(is_unclaimed, payment=item.payment)
    desk.assert_sound()


def find_receipt_of(desk: Office, receipt: str) -> Any:
    return desk.seat.read(find_receipt, number=receipt).document


@pytest.mark.parametrize("typed", ["500.00", "500", "zz1", "王样", "物业", "000001", "转账", " "])
def test_open_items_are_found_by_what_is_known_of_them(desk: Office, typed: str) -> None:
    receipt = found(desk)
    assert [item.receipt for item in desk.seat.read(open_unclaimed, text=typed)] == [receipt]
    assert desk.seat.read(open_unclaimed, text="李样") == ()


def test_a_claim_settles_the_oldest_and_moves_no_money(desk: Office) -> None:
    receipt = found(desk)
    before = desk.expected(), desk.community.balance("1012.transfer")
    done = claim(desk, receipt)
    assert (done.item, done.total, done.left, done.prepaid) == (receipt, 50000, 0, 0)
    assert [(one.item, one.period, one.principal) for one in done.allocations] == [
        ("物业费", "2026-09", 10000),
        ("物业费", "2026-10", 20000),
        ("水费", "2026-10", 4864),
        ("物业费", "2026-11", 15136),
    ]
    assert (desk.expected(), desk.community.balance("1012.transfer")) == before
    assert desk.community.balance(HELD) == 0
    assert left(desk) == {}
    document = find_receipt_of(desk, done.receipt)
    assert [(one.name, one.kept, one.reference) for one in document.tenders] == [("待认领款", 50000, receipt)]
    assert receipt in document.remark
    assert desk.seat.read(find_receipt, number=receipt).claimed_by == (done.receipt,)
    desk.assert_sound()


def test_parts_go_to_several_accounts_and_the_rest_is_prepaid(desk: Office) -> None:
    receipt = found(desk)
    first = claim(desk, receipt, account=desk.other, amount=Fen(26000))
    assert (first.total, first.prepaid, first.left) == (26000, 1000, 24000)
    assert desk.owed(desk.other) == 0
    assert left(desk) == {receipt: 24000}
    second = claim(desk, receipt)
    assert (second.total, second.left) == (24000, 0)
    (item,) = [one for one in (first, second) if one.left]
    assert item is first
    payment = desk.seat.read(find_receipt, number=receipt).payment
    assert desk.seat.read(used_by, payment=payment) == (first.receipt, second.receipt)
    desk.assert_sound()


def test_chosen_charges_are_settled_alone(desk: Office) -> None:
    november = desk.seat.read(statement, account=desk.home, on=TODAY).charges[-1]
    done = claim(desk, found(desk), charges=[november.id])
    assert [(one.period, one.principal) for one in done.allocations] == [("2026-11", 30000)]
    assert done.prepaid == 20000
    nothing = claim(desk, found(desk, 100, reference="ZZ2"), charges=[])
    assert (nothing.allocations, nothing.prepaid) == ((), 100)
    desk.assert_sound()


def test_a_claim_taken_back_is_open_again(desk: Office) -> None:
    """Voided in its shift, reversed later: each time the item is as it was, and can be claimed anew."""
    receipt = found(desk)
    first = claim(desk, receipt)
    desk.alone(void_payment, receipt=first.receipt, reason="认错户")
    assert left(desk) == {receipt: 50000}
    assert desk.owed(desk.home) == 64864
    second = claim(desk, receipt, amount=Fen(30000))
    desk.next_shift()
    red = desk.run(reverse_payment, receipt=second.receipt, reason="认错户")
    assert find_receipt_of(desk, red.receipt).kind is ReceiptKind.REVERSAL
    assert left(desk) == {receipt: 50000}
    assert desk.seat.read(find_receipt, number=receipt).claimed_by == ()
    assert desk.expected() == 50000
    claim(desk, receipt, account=desk.other)
    assert left(desk) == {}
    desk.assert_sound()


def test_money_that_is_claimed_cannot_be_taken_out_under_the_claimant(desk: Office) -> None:
    receipt = found(desk)
    done = claim(desk, receipt, amount=Fen(100))
    with pytest.raises(taking_back.UnclaimedUsed, match=done.receipt):
        desk.alone(void_payment, receipt=receipt, reason="收错")
    desk.next_shift()
    with pytest.raises(taking_back.UnclaimedUsed, match=done.receipt):
        desk.run(reverse_payment, receipt=receipt, reason="收错")
    desk.run(reverse_payment, receipt=done.receipt, reason="认错户")
    desk.run(reverse_payment, receipt=receipt, reason="收错")
    assert left(desk) == {}
    assert desk.community.balance(HELD) == 0
    with pytest.raises(UnclaimedTakenBack):
        claim(desk, receipt)
    desk.assert_sound()


def test_money_goes_back_to_its_sender(desk: Office) -> None:
    """A part by transfer, the rest in cash out of the drawer; nothing is left to be claimed."""
    receipt = found(desk)
    part = desk.run(return_unclaimed, receipt=receipt, tender=tender("transfer", 30000, "T1"), reason="误汇")
    assert (part.refunds, part.total) == (receipt, 30000)
    paper = find_receipt_of(desk, part.receipt)
    assert (paper.kind, paper.payer, paper.reverses, paper.account) == (ReceiptKind.REFUND, "王样", receipt, "")
    assert left(desk) == {receipt: 20000}
    with pytest.raises(unclaimed.ReturnTooLarge, match=r"200\.00"):
        desk.run(return_unclaimed, receipt=receipt, tender=tender("cash", 20001), reason="误汇")
    with pytest.raises(claiming.ClaimTooLarge):
        claim(desk, receipt, amount=Fen(20001))
    with pytest.raises(taking_back.RefundedInPart):
        desk.alone(void_payment, receipt=receipt, reason="误汇")
    desk.run(return_unclaimed, receipt=receipt, tender=tender("cash", 20000), reason="误汇", payee="李样")
    assert desk.expected() == 30000
    assert left(desk) == {}
    with pytest.raises(claiming.NothingLeftToClaim, match=part.receipt):
        claim(desk, receipt)
    desk.assert_sound()


def rule(desk: Office) -> None:
    """物业费 bears one per thousand a day: 100.00 since 1 October, 200.00 since 1 November."""
    terms = RuleTerms(daily_rate=Fraction("0.001"))
    desk.alone(add_late_fee_rule, item="物业费", terms=terms, valid_from=date(2026, 1, 1))


def numbers(desk: Office) -> dict[str, int]:
    """The charges of 物业费 by period."""
    owed = desk.seat.read(statement, account=desk.home, on=TODAY).charges
    return {one.period: one.id for one in owed if one.item == "物业费"}


def test_late_fees_stop_on_the_day_the_money_came(desk: Office) -> None:
    """34 and 3 days, not 54 and 23: 3.40 and 0.60; then both are settled for good."""
    rule(desk)
    charges = numbers(desk)
    chosen = [charges["2026-09"], charges["2026-10"]]
    done = claim(desk, found(desk, 30400), charges=chosen)
    assert [(one.principal, one.late_fee) for one in done.allocations] == [(10000, 340), (20000, 60)]
    assert done.prepaid == 0
    assert not set(numbers(desk).values()) & set(chosen)
    assert desk.owed(desk.home) == 30000 + 4864
    desk.assert_sound()
    desk.alone(void_payment, receipt=done.receipt, reason="认错户")
    assert desk.owed(desk.home) == 64864 + 540 + 460, "owed again, as if nobody had claimed"
    desk.assert_sound()


def test_a_part_counts_from_its_day_too(desk: Office) -> None:
    """60.00 of 100.00 on 3 November: 34 days of 100.00 and 20 of 40.00."""
    rule(desk)
    claim(desk, found(desk, 6000), charges=[numbers(desk)["2026-09"]])
    (september,) = [one for one in _of(desk) if one.period == "2026-09"]
    assert (september.principal, september.late_fee_due) == (4000, 340 + 80)
    desk.assert_sound()


def test_what_others_paid_since_counts_from_their_day(desk: Office) -> None:
    """40.00 were paid in cash on the 23rd; 60.00 came on the 3rd: 34 days of 100.00, then 20 of 40.00."""
    rule(desk)
    september = numbers(desk)["2026-09"]
    desk.pay(tender("cash", 4000), charges=[september], part=True)
    assert [one.late_fee_due for one in _of(desk) if one.period == "2026-09"] == [540]
    done = claim(desk, found(desk, 6420), charges=[september])
    assert [(one.principal, one.late_fee) for one in done.allocations] == [(6000, 420)]
    assert "2026-09" not in numbers(desk)
    desk.assert_sound()


def test_a_late_fee_that_stands_still_is_claimed_as_it_stands(desk: Office) -> None:
    """The principal was paid on the 23rd by somebody else: its 5.40 are owed whatever came before."""
    rule(desk)
    september = numbers(desk)["2026-09"]
    desk.pay(tender("cash", 10000), charges=[september], part=True)
    done = claim(desk, found(desk, 540), charges=[september])
    assert [(one.principal, one.late_fee) for one in done.allocations] == [(0, 540)]
    assert done.prepaid == 0
    desk.assert_sound()


def test_a_waived_late_fee_is_not_asked_for_again(desk: Office) -> None:
    """Of 5.40 2.00 were waived; as if paid on the 3rd 3.40 had come up, so 1.40 is left of it."""
    rule(desk)
    september = numbers(desk)["2026-09"]
    desk.run(waive, charges=[september], late_fee=Fen(200), reason="首次逾期")
    done = claim(desk, found(desk, 20000), charges=[september])
    assert [(one.principal, one.late_fee) for one in done.allocations] == [(10000, 140)]
    assert "2026-09" not in numbers(desk)
    desk.assert_sound()


def _of(desk: Office) -> list[StatementCharge]:
    return list(desk.seat.read(statement, account=desk.home, on=TODAY).charges)


def test_the_day_shows_it_in_a_row_of_its_own(desk: Office) -> None:
    """Found in cash and by transfer, claimed and returned the same day: drawer and tenders are what really came."""
    first = found(desk, 30000, "cash", None, value_date=TODAY, remark="投递箱")
    second = found(desk)
    claim(desk, second, amount=Fen(20000))
    desk.run(return_unclaimed, receipt=first, tender=tender("cash", 10000), reason="误投")
    assert desk.expected() == 50000 + 30000 - 10000
    assert desk.seat.read(receipts_of_day, on=TODAY) == (2, 80000)
    desk.run(close_shift)
    figures = desk.run(close_day).figures
    assert figures.takings.by_item() == {
        "物业费": {"unclaimed": 20000},
        "待认领款": {"cash": 20000, "transfer": 50000},
    }
    assert figures.takings.shares[Share.UNCLAIMED] == 80000
    assert (figures.total, figures.claimed, figures.prepayment_used) == (90000, 20000, 0)
    (held,) = [one for one in figures.held if one.name == "待认领款"]
    assert (held.opening, held.received, held.used, held.other, held.closing) == (0, 80000, 20000, -10000, 50000)
    assert desk.community.balance(HELD) == -50000
    desk.assert_sound()
    tomorrow = {"on": TOMORROW}
    desk.run(open_shift, opening_float=Fen(50000), **tomorrow)
    desk.run(claim_unclaimed, receipt=second, account=desk.other, reason="出示回单", **tomorrow)
    desk.run(close_shift, **tomorrow)
    figures = desk.run(close_day, **tomorrow).figures
    assert figures.takings.by_tender() == {"unclaimed": 30000}
    (held,) = [one for one in figures.held if one.name == "待认领款"]
    assert (held.opening, held.used, held.closing) == (50000, 30000, 20000)
    desk.assert_sound()


def test_a_wrong_tender_of_found_money_is_corrected(desk: Office) -> None:
    receipt = found(desk, 20000, "cash", None, remark="投递箱")
    desk.alone(change_tender, receipt=receipt, tenders=[tender("wechat", 20000, "W1")], reason="实为微信")
    (item,) = desk.seat.read(open_unclaimed)
    assert (item.tender_code, item.reference, item.left) == ("wechat", "W1", 20000)
    done = claim(desk, receipt)
    desk.assert_sound()
    desk.alone(void_payment, receipt=done.receipt, reason="认错户")
    desk.alone(void_payment, receipt=receipt, reason="收错")
    assert desk.expected() == 50000
    assert desk.community.balance("1012.wechat") == 0
    desk.assert_sound()


def test_a_reference_typed_later_finds_the_item(desk: Office) -> None:
    receipt = found(desk, reference=None)
    payment = desk.seat.read(open_unclaimed)[0].payment
    desk.alone(add_reference, payment=payment, sequence=0, reference="ZZ7")
    (item,) = desk.seat.read(open_unclaimed, text="zz7")
    assert (item.receipt, item.reference) == (receipt, "ZZ7")
    desk.assert_sound()


def test_other_ways_of_putting_right_name_the_cure(desk: Office) -> None:
    receipt = found(desk)
    for op, facts in (
        (bounce_payment, {}),
        (transfer_payment, {"account": desk.home}),
        (refund_payment, {"tender": tender("cash", 100)}),
    ):
        with pytest.raises(taking_back.StillUnclaimed):
            desk.run(op, receipt=receipt, reason="x", **facts)
    done = claim(desk, receipt, amount=Fen(10000))
    with pytest.raises(taking_back.PaidWithClaimedMoney):
        desk.run(transfer_payment, receipt=done.receipt, account=desk.other, reason="x")
    with pytest.raises(taking_back.PaidWithClaimedMoney):
        desk.alone(change_tender, receipt=done.receipt, tenders=[tender("cash", 10000)], reason="x")
    with pytest.raises(UserError):
        desk.run(bounce_payment, receipt=done.receipt, reason="x")
    desk.run(refund_payment, receipt=done.receipt, tender=tender("wechat", 4000), reason="多认领")
    assert left(desk) == {receipt: 40000}, "what the claimant got back is his, not of unknown origin"
    desk.assert_sound()


def test_the_same_request_is_done_once(desk: Office) -> None:
    post: dict[str, Any] = {
        "tender": tender("wechat", 20000, "W1"),
        "value_date": TODAY,
        "remark": "无备注",
        "key": "k1",
    }
    one, again = (desk.alone(post_unclaimed, **post) for _time in range(2))
    assert (again.receipt, again.replayed) == (one.receipt, True)
    with pytest.raises(unclaimed.UnclaimedKeyUsed, match=one.receipt):
        desk.alone(post_unclaimed, **{**post, "remark": "x"})
    facts = {"receipt": one.receipt, "account": desk.home, "reason": "x", "amount": Fen(100)}
    first, second = (desk.alone(claim_unclaimed, key="k2", **facts) for _time in range(2))
    assert (second.receipt, second.replayed, second.total, second.left) == (first.receipt, True, 100, 19900)
    with pytest.raises(claiming.ClaimKeyUsed, match=first.receipt):
        desk.alone(claim_unclaimed, key="k2", **{**facts, "amount": Fen(99)})
    back: dict[str, Any] = {
        "receipt": one.receipt,
        "tender": tender("cash", 500),
        "reason": "x",
        "payee": "王样",
        "key": "k3",
    }
    given_back = [desk.run(return_unclaimed, **back) for _time in range(2)]
    assert {done.receipt for done in given_back} == {given_back[0].receipt}
    with pytest.raises(giving_back.RefundKeyUsed):
        desk.run(return_unclaimed, **{**back, "tender": tender("cash", 501)})
    assert left(desk) == {one.receipt: 19400}
    desk.assert_sound()


BAD_POSTS: list[tuple[dict[str, Any], type[UserError]]] = [
    ({"sender": " ", "remark": "", "reference": None}, unclaimed.NothingKnown),
    ({"value_date": TOMORROW}, unclaimed.ValueDateAhead),
    ({"code": "prepaid"}, unclaimed.NotMoney),
    ({"code": "unclaimed"}, collecting.UnknownTender),
    ({"code": "gold"}, collecting.UnknownTender),
    ({"amount": 0}, collecting.AmountNotPositive),
    ({"amount": -5}, collecting.AmountNotPositive),
    ({"reference": "ZZ9"}, collecting.ReferenceUsed),
    ({"till": 7}, UserError),
]


@pytest.mark.parametrize(("facts", "refused"), BAD_POSTS)
def test_what_cannot_be_posted(quick_desk: Office, facts: dict[str, Any], refused: type[UserError]) -> None:
    found(quick_desk, 1, reference="ZZ9")
    claim(quick_desk, found(quick_desk, 1, reference="ZZ8"))  # so that the way of paying of claims is there
    known = {"amount": 100, "code": "transfer", "reference": "ZZ1", **facts}
    with pytest.raises(refused) as told:
        found(quick_desk, **known)
    assert "{" not in str(told.value)
    quick_desk.assert_sound()


def test_a_reference_used_twice_is_taken_when_it_is_confirmed(quick_desk: Office) -> None:
    found(quick_desk)
    with pytest.raises(collecting.ReferenceUsed):
        found(quick_desk)
    found(quick_desk, same_reference=True)
    with pytest.raises(collecting.ReferenceUsed):
        quick_desk.pay(tender("transfer", 64864, "ZZ1"))
    assert len(left(quick_desk)) == 2


BAD_CLAIMS: list[tuple[dict[str, Any], type[UserError]]] = [
    ({"amount": Fen(50001)}, claiming.ClaimTooLarge),
    ({"amount": Fen(0)}, claiming.ClaimNotPositive),
    ({"amount": Fen(-1)}, claiming.ClaimNotPositive),
    ({"reason": "  "}, claiming.ClaimReasonMissing),
    ({"account": 99}, UnknownAccount),
    ({"charges": [1, 999]}, collecting.ChargeNotOpen),
    ({"receipt": "SJ-2026-1-000099"}, UnknownReceipt),
    ({"receipt": "SJ-2026-1-000002"}, NotUnclaimed),
]


@pytest.mark.parametrize(("facts", "refused"), BAD_CLAIMS)
def test_what_cannot_be_claimed(quick_desk: Office, facts: dict[str, Any], refused: type[UserError]) -> None:
    receipt = found(quick_desk)
    quick_desk.pay(tender("cash", 100), part=True)
    with pytest.raises(refused) as told:
        claim(quick_desk, **{"receipt": receipt, **facts})
    assert "{" not in str(told.value)
    assert left(quick_desk) == {receipt: 50000}
    quick_desk.assert_sound()


BAD_RETURNS: list[tuple[dict[str, Any], type[UserError]]] = [
    ({"tender": tender("transfer", 50001)}, unclaimed.ReturnTooLarge),
    ({"tender": tender("cash", 50000)}, DrawerTooEmpty),
    ({"tender": tender("prepaid", 100)}, unclaimed.NotMoney),
    ({"tender": tender("cash", 0)}, collecting.AmountNotPositive),
    ({"reason": " "}, giving_back.RefundReasonMissing),
    ({"receipt": "SJ-2026-1-000002"}, NotUnclaimed),
]


@pytest.mark.parametrize(("facts", "refused"), BAD_RETURNS)
def test_what_cannot_be_returned(quick_desk: Office, facts: dict[str, Any], refused: type[UserError]) -> None:
    receipt = found(quick_desk)
    back = quick_desk.pay(tender("wechat", 100), part=True)
    quick_desk.run(refund_payment, receipt=back, tender=tender("cash", 100), reason="x")  # 499.00 in the drawer
    known = {"receipt": receipt, "tender": tender("transfer", 100), "reason": "误汇", **facts}
    with pytest.raises(refused):
        quick_desk.run(return_unclaimed, **known)
    assert left(quick_desk) == {receipt: 50000}


def test_a_return_needs_a_payee_and_somebody_else(quick_desk: Office) -> None:
    receipt = found(quick_desk, sender="")
    back: dict[str, Any] = {"receipt": receipt, "tender": tender("transfer", 100), "reason": "误汇"}
    with pytest.raises(unclaimed.ReturnPayeeMissing):
        quick_desk.run(return_unclaimed, **back)
    with pytest.raises(giving_back.RefundApproverMissing):
        quick_desk.alone(return_unclaimed, payee="王样", **back)
    with pytest.raises(NotPermitted):
        quick_desk.as_cashier(return_unclaimed, approver="样例收费员乙", payee="王样", **back)


def test_everything_needs_an_open_shift(quick_desk: Office) -> None:
    receipt = found(quick_desk)
    quick_desk.run(close_shift)
    with pytest.raises(ShiftNotOpen):
        found(quick_desk, reference="ZZ2")
    with pytest.raises(ShiftNotOpen):
        claim(quick_desk, receipt)
    with pytest.raises(ShiftNotOpen):
        quick_desk.run(return_unclaimed, receipt=receipt, tender=tender("transfer", 1), reason="x")


ACTS = st.lists(st.tuples(st.sampled_from(["claim", "return", "void"]), st.integers(1, 100)), max_size=6)


@pytest.fixture(scope="module")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("unclaimed")
    return office(copied(make_template(folder), folder / "ledger.sqlite"))


@settings(max_examples=12, deadline=None)
@given(amount=st.integers(1, 100000), acts=ACTS)
def test_what_is_left_is_what_came_less_claims_and_returns(
    shared_desk: Office, amount: int, acts: list[tuple[str, int]]
) -> None:
    """Whatever is claimed, returned and taken back again: no fen of an item is lost or comes twice."""
    desk = shared_desk
    before = desk.community.balance(HELD)
    receipt = found(desk, amount, "wechat", None)
    rest, claims = amount, list[claiming.MoneyClaimed]()
    for kind, share in acts:
        part = Fen(amount * share // 100)
        if kind == "void" and claims:
            taken_back = claims.pop()
            desk.alone(void_payment, receipt=taken_back.receipt, reason="认错户")
            rest += taken_back.total
        elif kind != "void" and 0 < part <= rest:
            if kind == "claim":
                claims.append(claim(desk, receipt, amount=part))
            else:
                desk.run(return_unclaimed, receipt=receipt, tender=tender("wechat", part), reason="误汇")
            rest -= part
        assert left(desk).get(receipt, 0) == rest
        assert desk.community.balance(HELD) == before - rest
    desk.assert_sound()
