"""Requests: what one may not do alone is asked for, decided by somebody else, and done just as it was asked, or not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.refunding import DepositPapers, EvidenceMissing, PrepaidTooSmall, RefundTooLarge
from feedesk.ops.requesting import (
    ApprovedByYou,
    AskedAlready,
    DecidedAlready,
    DoneWithApproval,
    NotReleased,
    NotTheAsker,
    OwnRequest,
    RefusalReasonMissing,
    RequestKeyUsed,
    RequestReasonMissing,
    approve_request,
    carry_out_request,
    look_at_request,
    refuse_request,
    request_decision,
    withdraw_request,
)
from feedesk.ops.run import Workplace
from feedesk.ops.staffing import deactivate_staff
from feedesk.ops.taking_back import AlreadyTakenBack, void_payment
from feedesk.ops.waiving import (
    ApprovalQuotaUsedUp,
    ChargeNotOwed,
    WaiverNotPositive,
    WaiverTooLarge,
    change_late_fee_quota,
    waive,
)
from feedesk.ops.wishes import Wish, WishIncomplete
from feedesk.queries.receipts import UnknownReceipt, find_receipt
from feedesk.queries.requests import (
    WAITING,
    DecisionRequest,
    Outcome,
    RequestKind,
    UnknownRequest,
    recent_requests,
    request_by_id,
    waiting_requests,
)
from feedesk.queries.statement import statement
from tests.community import TODAY
from tests.databases import copied
from tests.ops.putting_right import Office, office, tender


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


def cashier(desk: Office, op: Any, **facts: Any) -> Any:
    return desk.as_cashier(op, approver=None, **facts)


def by(desk: Office, name: str, op: Any, **facts: Any) -> Any:
    return replace(desk.community.workplace, actor=name).run_op(op, **facts)


def first_charge(desk: Office) -> int:
    return desk.seat.read(statement, account=desk.home, on=TODAY).charges[0].id


def principal(desk: Office, amount: int = 5000) -> Wish:
    return Wish(RequestKind.PRINCIPAL, Fen(amount), charges=(first_charge(desk),))


def refund(receipt: str, amount: int = 5000, code: str = "cash") -> Wish:
    return Wish(RequestKind.PAYMENT, Fen(amount), receipt=receipt, tender=code)


def ask(desk: Office, wish: Wish, **facts: Any) -> int:
    return int(cashier(desk, request_decision, wish=wish, **{"reason": "住户要求", **facts}).request)


def seen(desk: Office, request: int) -> DecisionRequest:
    return desk.seat.read(request_by_id, request=request)


def test_a_waiver_is_done_with_its_approval_in_the_name_of_whoever_asked(desk: Office) -> None:
    request = ask(desk, principal(desk))
    assert [one.id for one in desk.seat.read(waiting_requests)] == [request]
    before = desk.owed(desk.home)
    done = by(desk, "样例主管", approve_request, request=request, words="同意")
    assert (done.outcome, done.amount) == (Outcome.APPROVED, 5000)
    assert desk.owed(desk.home) == before - 5000
    found = seen(desk, request)
    assert (found.asked_by, found.state, found.unit, found.name) == (
        "样例收费员",
        "approved",
        "1-1-101",
        "物业费 2026-09",
    )
    assert [(one.by, one.words) for one in found.decisions] == [("样例主管", "同意")]
    assert desk.seat.read(waiting_requests) == ()
    assert [one.id for one in desk.seat.read(recent_requests, since=TODAY)] == [request]
    desk.assert_sound()


def test_money_goes_back_only_when_a_cashier_carries_it_out(desk: Office) -> None:
    receipt = desk.pay(tender("cash", 64900))
    request = ask(desk, refund(receipt))
    with pytest.raises(NotReleased):
        desk.alone(carry_out_request, request=request)
    assert by(desk, "样例经理", approve_request, request=request).outcome is Outcome.RELEASED
    drawer = desk.expected()
    assert seen(desk, request).is_open
    assert seen(desk, request).gives_money_back
    done = desk.alone(carry_out_request, request=request, print_slip=True)
    assert (done.outcome, done.amount) == (Outcome.DONE, 5000)
    assert desk.expected() == drawer - 5000
    assert desk.seat.read(find_receipt, number=receipt).refunds == (done.receipt,)
    assert seen(desk, request).state == "done"
    with pytest.raises(DecidedAlready):
        desk.alone(carry_out_request, request=request)
    desk.assert_sound()


def test_a_prepayment_a_deposit_and_a_whole_payment_go_back_as_asked(desk: Office) -> None:
    wishes = []
    desk.pay(tender("cash", 20000), charges=(), prepay=Fen(20000))
    wishes.append(Wish(RequestKind.PREPAYMENT, Fen(20000), account=desk.home, tender="wechat", reference="WX1"))
    slip = desk.pay(tender("cash", 50000), charges=(), deposits=[("装修押金", Fen(50000))])
    papers = DepositPapers(slip=slip, inspected=True)
    facts: dict[str, Any] = {"account": desk.home, "tender": "cash", "deposit": "装修押金", "papers": papers}
    wishes.append(Wish(RequestKind.DEPOSIT, Fen(30000), **facts))
    paid = desk.pay(tender("cash", 64900))
    desk.next_shift(opening_float=200000)
    wishes.append(Wish(RequestKind.REVERSAL, Fen(64860), receipt=paid))
    receipts = []
    for wish in wishes:
        request = ask(desk, wish)
        by(desk, "样例主管", approve_request, request=request)
        receipts.append(by(desk, "样例管理员", carry_out_request, request=request))
    assert [one.amount for one in receipts] == [20000, 30000, 64860]
    assert desk.seat.read(find_receipt, number=paid).status == "reversed"
    assert desk.expected() == 200000 - 30000 - 64860
    desk.assert_sound()


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(RequestKind.PRINCIPAL, Fen(100)), WishIncomplete),
        (Wish(RequestKind.PREPAYMENT, Fen(100), tender="cash"), WishIncomplete),
        (Wish(RequestKind.PAYMENT, Fen(100), receipt="SJ-2026-1-009999", tender="cash"), UnknownReceipt),
        (Wish(RequestKind.PREPAYMENT, Fen(100), account=1, tender="cash"), PrepaidTooSmall),
        (Wish(RequestKind.PREPAYMENT, Fen(100), account=1, tender="gold"), UserError),
        (Wish(RequestKind.PREPAYMENT, Fen(0), account=1, tender="cash"), UserError),
        (Wish(RequestKind.DEPOSIT, Fen(100), account=1, tender="cash", deposit="装修押金"), UserError),
        (Wish(RequestKind.LATE_FEE, Fen(0), charges=(1,)), WaiverNotPositive),
        (Wish(RequestKind.LATE_FEE, Fen(-5), charges=(1,)), WaiverNotPositive),
        (Wish(RequestKind.PRINCIPAL, Fen(10_000_000), charges=(1,)), WaiverTooLarge),
        (Wish(RequestKind.PRINCIPAL, Fen(100), charges=(999,)), UserError),
        (Wish(RequestKind.REVERSAL, Fen(100), receipt=""), UnknownReceipt),
    ],
)
def test_what_does_not_fit_is_not_even_asked_for(desk: Office, wish: Wish, error: type[UserError]) -> None:
    with pytest.raises(error):
        ask(desk, wish)
    assert desk.seat.read(waiting_requests) == ()


def test_asking_needs_a_reason_and_happens_once(desk: Office) -> None:
    with pytest.raises(RequestReasonMissing):
        ask(desk, principal(desk), reason="  ")
    request = ask(desk, principal(desk), key="k1")
    assert ask(desk, principal(desk), key="k1") == request
    with pytest.raises(RequestKeyUsed):
        ask(desk, principal(desk, 400), key="k1")
    with pytest.raises(AskedAlready, match="样例收费员"):
        by(desk, "样例主管", request_decision, wish=principal(desk, 300), reason="x")
    paid = desk.pay(tender("cash", 50000), charges=(), deposits=[("装修押金", Fen(50000))])
    lost = Wish(RequestKind.DEPOSIT, Fen(100), account=desk.home, tender="cash", deposit="装修押金")
    with pytest.raises(EvidenceMissing):
        ask(desk, lost)
    with pytest.raises(RefundTooLarge):
        ask(desk, refund(desk.pay(tender("cash", 10000), part=True), 10001))
    assert paid
    assert [one.id for one in desk.seat.read(waiting_requests)] == [request]


def test_who_may_not_decide(desk: Office) -> None:
    request = ask(desk, principal(desk))
    own = by(
        desk, "样例主管", request_decision, wish=refund(desk.pay(tender("cash", 1000), part=True), 100), reason="x"
    )
    for op in (approve_request, refuse_request):
        with pytest.raises(NotPermitted):
            cashier(desk, op, request=request, words="x")
        with pytest.raises(NotPermitted):
            by(desk, "样例财务", op, request=request, words="x")
        with pytest.raises(OwnRequest):
            by(desk, "样例主管", op, request=own.request, words="x")
        with pytest.raises(UnknownRequest):
            by(desk, "样例经理", op, request=99, words="x")
    with pytest.raises(NotTheAsker):
        by(desk, "样例主管", withdraw_request, request=request)
    with pytest.raises(RefusalReasonMissing):
        by(desk, "样例主管", refuse_request, request=request, words=" ")
    with pytest.raises(DoneWithApproval):
        desk.alone(carry_out_request, request=request)
    assert {one.state for one in desk.seat.read(waiting_requests)} == {WAITING}


def test_whoever_approved_does_not_pay_out(desk: Office) -> None:
    request = ask(desk, refund(desk.pay(tender("cash", 10000), part=True)))
    by(desk, "样例主管", approve_request, request=request)
    with pytest.raises(ApprovedByYou):
        by(desk, "样例主管", carry_out_request, request=request)
    assert seen(desk, request).state == Outcome.RELEASED


def test_a_decision_is_given_once(desk: Office) -> None:
    request = ask(desk, principal(desk))
    first = by(desk, "样例主管", approve_request, request=request, key="once")
    again = by(desk, "样例主管", approve_request, request=request, key="once")
    assert (first.replayed, again.replayed, again.outcome) == (False, True, Outcome.APPROVED)
    before = desk.owed(desk.home)
    for op in (approve_request, refuse_request):
        with pytest.raises(DecidedAlready):
            by(desk, "样例经理", op, request=request, words="x")
    with pytest.raises(DecidedAlready):
        cashier(desk, withdraw_request, request=request)
    with pytest.raises(RequestKeyUsed):
        by(desk, "样例经理", approve_request, request=ask(desk, principal(desk, 100)), key="once")
    assert desk.owed(desk.home) == before


def test_carrying_out_twice_gives_back_once(desk: Office) -> None:
    request = ask(desk, refund(desk.pay(tender("cash", 10000), part=True)))
    by(desk, "样例经理", approve_request, request=request)
    first = desk.alone(carry_out_request, request=request, key="pay")
    again = desk.alone(carry_out_request, request=request, key="pay")
    assert (again.replayed, again.receipt, again.amount) == (True, first.receipt, first.amount)
    assert desk.expected() == 50000 + 10000 - 5000


def test_a_charge_paid_meanwhile_is_told_and_nothing_is_done(desk: Office) -> None:
    request = ask(desk, principal(desk))
    desk.pay(tender("cash", 10000), part=True)
    with pytest.raises(ChargeNotOwed):
        by(desk, "样例主管", approve_request, request=request)
    found, misfit = desk.seat.try_op(look_at_request, request=request)
    assert found.state == WAITING
    assert "物业费 2026-09" in misfit
    laid = by(desk, "样例主管", refuse_request, request=request)
    assert laid.outcome is Outcome.OVERTAKEN
    assert seen(desk, request).decisions[0].words == misfit
    desk.assert_sound()


def test_a_payment_voided_meanwhile_is_not_given_back(desk: Office) -> None:
    receipt = desk.pay(tender("cash", 10000), part=True)
    request = ask(desk, refund(receipt))
    by(desk, "样例经理", approve_request, request=request)
    desk.alone(void_payment, receipt=receipt, reason="收错")
    with pytest.raises(AlreadyTakenBack):
        desk.alone(carry_out_request, request=request)
    cashier(desk, withdraw_request, request=request, words="已作废")
    assert seen(desk, request).state == Outcome.WITHDRAWN
    desk.assert_sound()


def test_a_released_refund_can_still_be_refused_or_withdrawn(desk: Office) -> None:
    receipt = desk.pay(tender("cash", 10000), part=True)
    ways = ((refuse_request, "样例经理", Outcome.REFUSED), (withdraw_request, "样例收费员", Outcome.WITHDRAWN))
    for op, name, outcome in ways:
        request = ask(desk, refund(receipt))
        by(desk, "样例主管", approve_request, request=request)
        by(desk, name, op, request=request, words="住户改主意")
        assert seen(desk, request).state == outcome
    desk.assert_sound()


def test_whoever_asked_may_have_left(desk: Office) -> None:
    request = ask(desk, principal(desk))
    Workplace(desk.community.database, "样例管理员", today=TODAY).run_op(deactivate_staff, name="样例收费员")
    assert by(desk, "样例主管", approve_request, request=request).outcome is Outcome.APPROVED


def test_a_cash_refund_needs_an_open_shift_of_ones_own(desk: Office) -> None:
    request = ask(desk, refund(desk.pay(tender("cash", 10000), part=True)))
    by(desk, "样例经理", approve_request, request=request)
    with pytest.raises(UserError):
        cashier(desk, carry_out_request, request=request)
    with pytest.raises(UserError):
        desk.alone(carry_out_request, request=request, till=7)
    assert seen(desk, request).state == Outcome.RELEASED


class TestQuotaOfApprovals:
    """What a supervisor may approve of waivers a day: 500.00 unless set otherwise; the manager goes beyond."""

    def test_beyond_it_the_manager_approves(self, desk: Office) -> None:
        desk.alone(change_late_fee_quota, quota=Fen(2000), approvals=Fen(6000))
        first = ask(desk, principal(desk, 5000))
        by(desk, "样例主管", approve_request, request=first)
        second = ask(desk, principal(desk, 1001))
        with pytest.raises(ApprovalQuotaUsedUp, match=r"10\.00"):
            by(desk, "样例主管", approve_request, request=second)
        assert seen(desk, second).state == WAITING
        assert by(desk, "样例经理", approve_request, request=second).outcome is Outcome.APPROVED
        third = ask(desk, principal(desk, 1000))
        assert by(desk, "样例主管", approve_request, request=third).outcome is Outcome.APPROVED

    def test_it_holds_at_the_till_too_and_each_day_anew(self, desk: Office) -> None:
        desk.alone(change_late_fee_quota, quota=Fen(2000), approvals=Fen(100))
        facts: dict[str, Any] = {"charges": [first_charge(desk)], "principal": Fen(100), "reason": "x"}
        desk.as_cashier(waive, approver="样例主管", **facts)
        with pytest.raises(ApprovalQuotaUsedUp, match="样例主管"):
            desk.as_cashier(waive, approver="样例主管", **facts)
        tomorrow = replace(
            desk.community.workplace, actor="样例收费员", approver="样例主管", today=TODAY.replace(day=TODAY.day + 1)
        )
        tomorrow.run_op(waive, **facts)
        with pytest.raises(WaiverNotPositive):
            desk.alone(change_late_fee_quota, quota=Fen(0), approvals=Fen(-1))


@pytest.fixture(scope="module")
def template(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("asked") / "office.sqlite"
    database = copied(sqlite_template, path)
    office(database)
    database.dispose()
    return path


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    paid=st.integers(100, 64000),
    amount=st.integers(1, 70000),
    more=st.integers(0, 30000),
    turn=st.sampled_from(["nothing", "void", "refund"]),
)
def test_no_more_goes_back_than_was_paid_whatever_happens_between(
    template: Any, tmp_path_factory: pytest.TempPathFactory, paid: int, amount: int, more: int, turn: str
) -> None:
    """Asked, something happens, approved, something happens, carried out: done whole as asked, or not at all."""
    database = copied(template, tmp_path_factory.mktemp("one") / "ledger.sqlite")
    seat = Workplace(database, "样例主管", "样例经理", TODAY)
    desk = Office(_community(database, seat), 1, 2)
    try:
        receipt = desk.pay(tender("wechat", paid, "WX"), part=True)
        drawer = desk.expected()
        try:
            request = ask(desk, refund(receipt, amount))
        except RefundTooLarge:
            assert amount > paid
            return
        by(desk, "样例经理", approve_request, request=request)
        if turn == "void":
            desk.alone(void_payment, receipt=receipt, reason="x")
        if turn == "refund" and more:
            other = ask_refund_at_once(desk, receipt, min(more, paid))
            assert other <= paid
        try:
            desk.alone(carry_out_request, request=request)
        except UserError:
            assert seen(desk, request).state == Outcome.RELEASED
        else:
            assert seen(desk, request).state == Outcome.DONE
        stored = desk.seat.read(find_receipt, number=receipt)
        assert stored.refunded <= paid
        assert desk.expected() == drawer - stored.refunded
        desk.assert_sound()
    finally:
        database.dispose()


def ask_refund_at_once(desk: Office, receipt: str, amount: int) -> int:
    from feedesk.ops.refunding import refund_payment

    return int(desk.run(refund_payment, receipt=receipt, tender=tender("cash", amount), reason="x").total)


def _community(database: Database, seat: Workplace) -> Any:
    from tests.community import SmallCommunity

    return SmallCommunity(database, replace(seat, approver=None))


def test_an_own_shift_is_needed_before_it_is_opened(desk: Office) -> None:
    """A refund released yesterday is carried out by whoever opens the next shift."""
    request = ask(desk, refund(desk.pay(tender("cash", 10000), part=True)))
    by(desk, "样例经理", approve_request, request=request)
    desk.next_shift()
    assert desk.alone(carry_out_request, request=request).outcome is Outcome.DONE
