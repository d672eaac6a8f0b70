"""Whole days: an advance with its refund, a year paid at once and voided, a change of hands with its certificate."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.billing import bill_period
from feedesk.ops.clearing import StillOwed, issue_clearance
from feedesk.ops.collecting import collect_payment
from feedesk.ops.conceding import add_policy
from feedesk.ops.moving import Carried, Newcomer, change_hands
from feedesk.ops.moving_back import ChangeOfAnotherDay, undo_change_of_hands
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding_months import refund_months
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.paid_through import rulers
from feedesk.queries.quotes import quote_of
from feedesk.rules.policy_terms import PolicyTerms
from feedesk.rules.quoting import Way
from tests.ledger.whole_ledger import bring_along
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk

MONTH = 27608
"""98.60 ㎡ at 2.80."""


@pytest.fixture
def desk(ledger_database: Database, tmp_path: Path) -> Desk:
    """Thirty homes that owe 276.08 of November each; twelve months ahead are one off, a year at once 5 % off."""
    Workplace(ledger_database, "样例管理员", today=TODAY).run_op(add_till)
    workplace = Workplace(ledger_database, "样例主管", approver="样例经理", today=TODAY)
    bring_along(workplace, SHEETS)
    for terms in (
        ("缴12送1", "预缴>=12月", "减月数", 1),
        ("付清95折", "一次性付清", "百分比", 5),
    ):
        workplace.run_op(add_policy, terms=_terms(*terms))
    desk = Desk(workplace, tmp_path)
    desk.open()
    return desk


def _terms(name: str, condition: str, method: str, value: int) -> PolicyTerms:
    return PolicyTerms(
        name=name,
        condition=condition,
        method=method,
        value=Fraction(value),
        items=("物业费",),
        valid_from=date(2026, 1, 1),
    )


def reach(desk: Desk, unit: str) -> str:
    """Until which month 物业费 is billed and paid: ``2027-11 2027-11``."""
    (found,) = (one.ruler for one in desk.workplace.read(rulers, accounts=[desk.account(unit)]))
    return " ".join(str(Period.containing(day)) if day else "–" for day in (found.billed, found.paid))


def test_a_day_with_an_advance_given_back(desk: Desk) -> None:
    """November and twelve months for eleven in cash: 276.08 + 3,036.88 = 3,312.96. Nine months go back: three kept at
    276.08 are 828.24, so 2,208.64 goes out of the drawer.
    """
    home = "1-1-101"
    paid = desk.pay(home, cash=331296, advances=[AdvanceWish("物业费", 12)])
    assert (paid.total, reach(desk, home)) == (331296, "2027-11 2027-11")
    back = desk.run(
        refund_months,
        receipt=paid.receipt,
        months=[AdvanceWish("物业费", 9)],
        tender=TenderGiven("cash", Fen(220864)),
        reason="卖房",
    )
    assert (back.total, reach(desk, home), desk.owes(home)) == (220864, "2027-02 2027-02", 0)
    # What went back may be paid again, by another person and in another way, at its plain price.
    again = desk.pay(home, wechat=9 * MONTH, advances=[AdvanceWish("物业费", 9)], payer="样租户")
    assert (again.total, reach(desk, home)) == (9 * MONTH, "2027-11 2027-11")
    # 276.08 + 828.24 stayed in the drawer with the float.
    desk.count(50000 + 331296 - 220864)
    figures = desk.evening({"物业费": {"cash": 4 * MONTH, "wechat": 9 * MONTH}}, receipts=3)
    assert figures.takings.returned_by_tender() == {"cash": -220864}
    (arrears,) = (one for one in figures.arrears if one.item == "物业费")
    assert (arrears.collected, arrears.closing) == (13 * MONTH, 29 * MONTH)


def test_a_day_on_which_a_year_is_paid_at_once_and_voided(desk: Desk) -> None:
    """A year's charges are posted already: November (brought along) and eleven months billed ahead. 5 % off each."""
    home = "1-1-102"
    for month in range(1, 12):
        desk.run(bill_period, period=Period.parse("2026-11").shifted(month))
    account = desk.account(home)
    quote = desk.workplace.read(quote_of, account=account, on=TODAY)
    column = next(one for one in quote.columns if one.way is Way.YEAR)
    due = 12 * 26228
    charges = list(column.charges)
    assert column.total == due + MONTH  # with a thirteenth month ahead, for which the quote asks the full price
    first = desk.pay(home, wechat=due, charges=charges)
    assert (first.total, first.balance_after, desk.owes(home)) == (due, 0, 0)
    desk.run(void_payment, receipt=first.receipt, reason="点错付款方式")
    assert desk.owes(home) == 12 * MONTH
    desk.pay(home, cash=due, charges=charges)
    assert desk.owes(home) == 0
    desk.count(50000 + due)
    figures = desk.evening({"物业费": {"cash": due}}, receipts=2, voids=1)
    (arrears,) = (one for one in figures.arrears if one.item == "物业费")
    assert arrears.conceded == 12 * (MONTH - 26228)


def test_a_day_of_a_change_of_hands(desk: Desk) -> None:
    """The wrong person comes and is undone; the right one comes by days; the old payer settles and gets his paper.

    276.08 of November are 23 days the old payer's less one: 22 of 30 are 202.46, the new payer's 8 days are 73.62.
    """
    home = "1-1-103"
    old = desk.account(home)
    desk.pay(home, cash=10000, charges=[], prepay=Fen(10000))
    carried = Carried(Fen(10000))
    wrong = desk.run(
        change_hands, account=old, first_day=TODAY, newcomer=Newcomer("样错人"), paper="协议", carried=carried
    )
    assert desk.account(home) == wrong.taken
    desk.run(undo_change_of_hands, account=old, reason="选错人")
    assert (desk.account(home), desk.owes(home), desk.holds(home)) == (old, MONTH, (10000, 0))
    right = desk.run(change_hands, account=old, first_day=TODAY, newcomer=Newcomer("样新主"))
    new = desk.account(home)
    assert new == right.taken != wrong.taken
    with pytest.raises(StillOwed):
        desk.run(issue_clearance, account=old)
    left = 20246
    assert right.stays == left
    # 100.00 of it from his prepayment, the rest by card; then nothing is owed, and the paper may be written.
    facts: dict[str, Any] = {
        "account": old,
        "tenders": [TenderGiven("prepaid", Fen(10000)), TenderGiven("card", Fen(left - 10000))],
    }
    desk.run(collect_payment, **facts)
    paper = desk.run(issue_clearance, account=old)
    assert paper is not None
    desk.pay(home, alipay=MONTH - left)
    assert desk.workplace.read(find_account, text=home, on=TODAY).id == new
    desk.count(50000 + 10000)
    takings = {"物业费": {"prepaid": 10000, "card": left - 10000, "alipay": MONTH - left}, "预存款": {"cash": 10000}}
    desk.evening(takings, receipts=3)
    with pytest.raises(ChangeOfAnotherDay, match="1-1-103"):
        desk.on(TOMORROW).run(undo_change_of_hands, account=old, reason="反悔")
