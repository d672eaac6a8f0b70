"""Asking for what goes back of a stranger's deposit, of months paid ahead, and of one line of a receipt."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops import refunding, refunding_months, walk_in_deposits
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.buying import SaleWish
from feedesk.ops.refund_parts import NotOnReceipt, RefundOf
from feedesk.ops.refunding import Deduction, DepositPapers
from feedesk.ops.requesting import approve_request, carry_out_request, look_at_request, request_decision
from feedesk.ops.selling import sell
from feedesk.ops.taking_back import void_payment
from feedesk.ops.wishes import Wish, WishIncomplete, wish_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.requests import RequestKind, request_by_id
from feedesk.queries.strangers import strangers_deposits
from tests.ops.price_list import add_article
from tests.ops.putting_right import Office, office, tender
from tests.ops.test_refunding_months import Home, home  # noqa: F401 - the fixture

PAPERS = DepositPapers(lost="声明 1", inspected=True)


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


def ask(desk: Office, wish: Wish, **facts: Any) -> int:
    asked = desk.as_cashier(request_decision, approver=None, wish=wish, reason="完工退还", **facts)
    return int(asked.request)


def release(desk: Office, request: int) -> None:
    replace(desk.community.workplace, actor="样例经理").run_op(approve_request, request=request)


def deposit(desk: Office) -> str:
    facts: dict[str, Any] = {"deposits": [("装修押金", Fen(50000))], "payer": "样装修队"}
    return str(desk.run(sell, tenders=[tender("cash", 50000)], **facts).receipt)


def wish(receipt: str, **facts: Any) -> Wish:
    given = {"receipt": receipt, "tender": "cash", "deposit": "装修押金", "papers": PAPERS, **facts}
    return Wish(RequestKind.DEPOSIT, given.pop("amount", Fen(50000)), **given)


def test_a_strangers_deposit_is_asked_for_released_and_carried_out(desk: Office) -> None:
    """500.00 end, 30.00 are kept for a card, 470.00 go back; who asked, who approved and who paid are three words."""
    add_article(desk.community, "门禁卡", "25")
    receipt = deposit(desk)
    asked = wish(receipt, deduction=Deduction("门禁卡", Fen(3000)))
    request = ask(desk, asked, key="once")
    assert ask(desk, asked, key="once") == request
    found = desk.seat.read(request_by_id, request=request)
    assert (found.account, found.receipt, found.name) == (None, receipt, f"装修押金 {receipt}")
    assert wish_of(found) == asked
    release(desk, request)
    done = desk.alone(carry_out_request, request=request)
    assert desk.expected() == 50000 + 50000 - 47000
    assert desk.seat.read(strangers_deposits) == ()
    paper = desk.seat.read(find_receipt, number=done.receipt).document
    assert (paper.payer, paper.total, paper.reverses) == ("样装修队", 47000, receipt)
    desk.assert_sound()


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"receipt": ""}, WishIncomplete),
        ({"deposit": "水卡押金"}, walk_in_deposits.NoWalkInDeposit),
        ({"amount": Fen(50001)}, refunding.DepositTooSmall),
        ({"papers": DepositPapers(inspected=True)}, refunding.EvidenceMissing),
        ({"papers": DepositPapers(lost="声明")}, refunding.InspectionMissing),
        ({"papers": DepositPapers(slip="SJ-2026-1-000009", inspected=True)}, walk_in_deposits.SlipOfAnother),
        ({"papers": DepositPapers(lost="声明", inspected=True, payee="样别人")}, refunding.AuthorisationMissing),
        ({"tender": "prepaid"}, refunding.NotInPrepayment),
        ({"deduction": Deduction("没有", Fen(100))}, walk_in_deposits.UnknownItem),
        ({"deduction": Deduction("物业费", Fen(50001))}, UserError),
    ],
)
def test_what_cannot_go_back_cannot_be_asked_for(desk: Office, facts: dict[str, Any], refusal: type[UserError]) -> None:
    receipt = deposit(desk)
    with pytest.raises(refusal):
        ask(desk, wish(**{"receipt": receipt, **facts}))
    desk.assert_sound()


def test_a_deposit_voided_meanwhile_no_longer_fits(desk: Office) -> None:
    receipt = deposit(desk)
    request = ask(desk, wish(receipt))
    desk.run(void_payment, receipt=receipt, reason="收错")
    _found, misfit = desk.seat.try_op(look_at_request, request=request)
    assert receipt in misfit


def test_two_strangers_deposits_are_two_requests(desk: Office) -> None:
    first, second = deposit(desk), deposit(desk)
    assert ask(desk, wish(first)) != ask(desk, wish(second))


def test_months_are_asked_for_and_carried_out(home: Home) -> None:  # noqa: F811
    """Nine of twelve months back, 2,208.64 as reckoned; another sum is not what it comes to."""
    receipt = home.pay(303688, 12)
    desk = Office(home.community, home.account, home.account)
    months = (AdvanceWish("物业费", 9, home.account),)
    asked = Wish(RequestKind.PAYMENT, Fen(220864), receipt=receipt, tender="card", months=months)
    with pytest.raises(refunding.RefundsDiffer):
        ask(desk, replace(asked, amount=Fen(220863)))
    with pytest.raises(refunding_months.MonthsServed):
        ask(desk, replace(asked, months=(AdvanceWish("物业费", 13),)))
    request = ask(desk, asked)
    assert wish_of(desk.seat.read(request_by_id, request=request)) == replace(asked, account=desk.home)
    release(desk, request)
    done = desk.alone(carry_out_request, request=request)
    assert done.amount == 220864
    paper = desk.seat.read(find_receipt, number=done.receipt).document
    assert "3,036.88" in paper.remark
    desk.assert_sound()


def test_one_line_of_a_receipt_is_asked_for(desk: Office) -> None:
    card = add_article(desk.community, "门禁卡", "25")
    receipt = desk.pay(tender("card", 64864 + 5000), sales=[SaleWish(card, Fraction(2))])
    asked = Wish(RequestKind.PAYMENT, Fen(2500), receipt=receipt, tender="card", of=RefundOf("sale", "门禁卡"))
    with pytest.raises(NotOnReceipt):
        ask(desk, replace(asked, of=RefundOf("sale", "水卡")))
    request = ask(desk, asked)
    assert wish_of(desk.seat.read(request_by_id, request=request)) == replace(asked, account=desk.home)
    release(desk, request)
    desk.alone(carry_out_request, request=request)
    assert desk.owed(desk.home) == 0
    assert desk.community.balance("6001.门禁卡") == -2500
    desk.assert_sound()
