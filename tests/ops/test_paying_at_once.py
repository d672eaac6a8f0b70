"""一次性付清 on charges that are posted already: what is collected, booked and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models import FeeItem, Occupancy, OccupancyTag, table_of
from feedesk.money import Fen
from feedesk.ops.advancing import AdvanceWish, preview_advances
from feedesk.ops.billing import bill_period
from feedesk.ops.collecting import PaymentCollected, collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.periods import Period
from feedesk.queries.quotes import quote_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.concessions import ChargeLine, Policy, Reduction
from feedesk.rules.paid_at_once import YearLine, concede_at_once, last_year, taken_off
from feedesk.rules.quoting import Way
from feedesk.rules.tenders import TenderShort
from tests.community import TODAY, SmallCommunity
from tests.quote_case import policy, price

MONTH = 27608
"""98.60 ㎡ at 2.80."""
FIVE = ("付清95折", "一次性付清", "百分比", 5)
CUT = 12 * (MONTH - 26228)
"""5 % off twelve months of 276.08, each rounded: 262.28."""


class Home:
    """A dwelling with a price and policies; ``bill`` posts months."""

    def __init__(self, community: SmallCommunity, *policies: tuple[str, str, str, int], cycle: str = "月") -> None:
        self.community = community
        self.account = community.unit("3-1-502")
        self.fee = community.value(table_of(FeeItem), "id", name="物业费")
        months = {"月": 1, "季": 3, "年": 12}[cycle]
        price(community, "物业费", self.fee, "3-*", method="按面积", unit_price=Fraction(28, 10), cycle_months=months)
        for one in policies:
            policy(community, self.fee, *one)

    def bill(self, first: str, count: int = 1) -> None:
        start = Period.parse(first)
        for n in range(count):
            self.community.run(bill_period, period=start.shifted(n))

    def pay(self, amount: int, *, ahead: int = 0, **facts: Any) -> PaymentCollected:
        charges = facts.pop("charges", [one.id for one in self.state().charges])
        wishes = [AdvanceWish("物业费", ahead)] if ahead else []
        tender = TenderGiven("card", Fen(amount))
        asked = {"account": self.account, "tenders": [tender], "charges": charges, "advances": wishes}
        return self.community.run(collect_payment, **(asked | facts))

    def state(self, on: date = TODAY) -> Any:
        return self.community.workplace.read(statement, account=self.account, on=on)

    def quoted(self, way: Way) -> int:
        found = self.community.workplace.read(quote_of, account=self.account, on=TODAY)
        return next(one.total for one in found.columns if one.way is way)

    def sound(self) -> None:
        assert self.community.workplace.read(verify_everything).problems == ()


def test_twelve_months_posted_are_lowered_with_the_payment(community: SmallCommunity) -> None:
    home = Home(community, FIVE)
    home.bill("2026-12", 12)
    assert home.state().total_due == 12 * MONTH
    assert home.quoted(Way.YEAR) == 12 * MONTH - CUT
    paid = home.pay(12 * MONTH - CUT)
    assert (paid.total, paid.balance_after) == (12 * MONTH - CUT, 0)
    assert home.state().total_due == 0
    settled = community.workplace.read(statement, account=home.account, on=TODAY, everything=True).charges
    assert {(one.discount, one.paid, one.status) for one in settled} == {(MONTH - 26228, 26228, "settled")}
    assert community.balance("6001.物业费") == -(12 * MONTH - CUT)
    paper = community.workplace.read(find_receipt, number=paid.receipt).document
    assert any("付清95折" in detail for line in paper.lines for detail in line.details)
    home.sound()


@pytest.mark.parametrize(
    ("cycle", "first", "billed", "ahead", "cut"),
    [
        ("年", "2026-12", 1, 0, 16565),  # the year's one charge: 3,312.96, 5 % = 165.648
        ("季", "2026-10", 4, 0, 4 * 4141),  # 828.24: 41.41 each
        ("月", "2026-11", 1, 11, CUT),  # part posted, part ahead
        ("月", "2026-11", 5, 7, CUT),
        ("月", "2026-01", 12, 0, CUT),  # the running year, mostly overdue
        ("月", "2026-09", 3, 12, CUT),  # twelve ahead are a year: what is owed before stays as it is
        ("月", "2026-08", 6, 8, CUT),  # fourteen months: the last twelve
    ],
)
def test_a_year_however_it_is_made_up(
    community: SmallCommunity, cycle: str, first: str, billed: int, ahead: int, cut: int
) -> None:
    home = Home(community, FIVE, cycle=cycle)
    step = {"月": 1, "季": 3, "年": 12}[cycle]
    for n in range(billed):
        home.bill(str(Period.parse(first).shifted(n * step)))
    months = billed * step + ahead
    whole = months * MONTH if cycle == "月" else {"年": 331296, "季": 331296}[cycle]
    asked = [one.id for one in home.state().charges]
    wishes = [AdvanceWish("物业费", ahead)] if ahead else []
    if ahead:
        preview = community.workplace.read(
            preview_advances, account=home.account, wishes=wishes, on=TODAY, charges=asked
        )
        assert sum(one.total for one in preview.ahead) - preview.total == whole - cut - home.state().total_due
    paid = home.pay(whole - cut, ahead=ahead)
    assert (paid.total, paid.balance_after) == (whole - cut, 0)
    home.sound()


@pytest.mark.parametrize(
    ("first", "billed", "facts"),
    [
        ("2026-12", 11, {}),  # eleven months are no year
        ("2025-10", 12, {}),  # a year that has passed
        ("2026-12", 12, {"policies": ()}),
        ("2026-12", 12, {"policies": (("预缴", "预缴>=12月", "百分比", 5),)}),  # not paid ahead: billed already
    ],
)
def test_no_year_no_concession(community: SmallCommunity, first: str, billed: int, facts: dict[str, Any]) -> None:
    home = Home(community, *facts.get("policies", (FIVE,)))
    home.bill(first, billed)
    assert home.pay(billed * MONTH).total == billed * MONTH
    home.sound()


def test_something_left_open_no_concession(community: SmallCommunity) -> None:
    home = Home(community, FIVE)
    home.bill("2026-11", 13)
    charges = [one.id for one in home.state().charges]
    assert home.pay(12 * MONTH, charges=charges[1:]).total == 12 * MONTH
    home.sound()


def test_a_part_payment_earns_nothing(community: SmallCommunity) -> None:
    home = Home(community, FIVE)
    home.bill("2026-12", 12)
    home.pay(10000, part=True)
    assert home.state().total_due == 12 * MONTH - 10000
    # What was paid in part before is not paid at once any more.
    assert home.pay(12 * MONTH - 10000).total == 12 * MONTH - 10000
    home.sound()


def test_too_little_is_told_with_the_concession(community: SmallCommunity) -> None:
    home = Home(community, FIVE)
    home.bill("2026-12", 12)
    with pytest.raises(TenderShort, match=r"3,147\.36"):
        home.pay(12 * MONTH - CUT - 1)
    assert home.state().total_due == 12 * MONTH
    home.sound()


@pytest.mark.parametrize("months_off", [1, 2])
def test_months_off_are_shared_out_over_the_year(community: SmallCommunity, months_off: int) -> None:
    home = Home(community, ("付清送月", "一次性付清", "减月数", months_off))
    home.bill("2026-12", 12)
    assert home.quoted(Way.YEAR) == (12 - months_off) * MONTH
    assert home.pay((12 - months_off) * MONTH).balance_after == 0
    home.sound()


def test_a_better_concession_that_stands_is_kept(community: SmallCommunity) -> None:
    """老年 10 % does not stack with 5 % for paying at once: the lower price counts, and that is billed already."""
    home = Home(community, FIVE)
    policy(community, home.fee, "老年减免", "标签=老年", "百分比", 10)
    community.add(OccupancyTag, occupancy_id=community.value(table_of(Occupancy), "id", unit_id=1), tag="老年")
    home.bill("2026-12", 12)
    due = home.state().total_due
    assert due == 12 * 24847
    assert home.pay(due).total == due
    home.sound()


def _void(home: Home, receipt: str) -> None:
    home.community.run(void_payment, receipt=receipt, reason="收错")


def _reverse(home: Home, receipt: str) -> None:
    home.community.run(close_shift)
    home.community.run(open_shift, opening_float=Fen(50000))
    seat = replace(home.community.workplace, approver="样例经理")
    seat.run_op(reverse_payment, receipt=receipt, reason="收错")


def _refund(home: Home, receipt: str) -> None:
    seat = replace(home.community.workplace, approver="样例经理")
    given = TenderGiven("wechat", Fen(12 * MONTH - CUT))
    done = seat.run_op(refund_payment, receipt=receipt, tender=given, reason="搬走")
    assert done.opened == 12 * MONTH


def _refund_a_part(home: Home, receipt: str) -> None:
    seat = replace(home.community.workplace, approver="样例经理")
    done = seat.run_op(refund_payment, receipt=receipt, tender=TenderGiven("wechat", Fen(10000)), reason="急用")
    assert done.opened == 10000 + CUT


@pytest.mark.parametrize(
    ("back", "owed"),
    [(_void, 12 * MONTH), (_reverse, 12 * MONTH), (_refund, 12 * MONTH), (_refund_a_part, 10000 + CUT)],
)
def test_what_takes_the_payment_back_takes_the_concession_back(
    community: SmallCommunity, back: Callable[[Home, str], None], owed: int
) -> None:
    home = Home(community, FIVE)
    home.bill("2026-12", 12)
    back(home, home.pay(12 * MONTH - CUT).receipt)
    assert home.state().total_due == owed
    home.sound()
    if owed == 12 * MONTH:
        assert home.pay(12 * MONTH - CUT).balance_after == 0
        home.sound()


def test_part_ahead_and_voided(community: SmallCommunity) -> None:
    home = Home(community, FIVE)
    home.bill("2026-11", 5)
    paid = home.pay(12 * MONTH - CUT, ahead=7)
    _void(home, paid.receipt)
    assert home.state().total_due == 5 * MONTH
    home.sound()


def test_two_ways_of_the_quote_agree_with_what_is_collected(community: SmallCommunity) -> None:
    """Five months are billed: a year is these and what may still be paid ahead."""
    home = Home(community, FIVE)
    home.bill("2026-11", 5)
    quote = community.workplace.read(quote_of, account=home.account, on=TODAY)
    column = next(one for one in quote.columns if one.way is Way.YEAR)
    (ahead,) = column.ahead
    paid = home.pay(column.total, ahead=ahead.months, charges=list(column.charges))
    assert paid.total == column.total == sum(row.amount or 0 for row in column.rows)
    home.sound()


@pytest.mark.parametrize(
    ("periods", "count"),
    [
        (["2027"], 1),
        (["2025"], 0),
        (["2026"], 1),
        (["2026Q1", "2026Q2", "2026Q3", "2026Q4"], 4),
        (["2026Q1", "2026Q3", "2026Q4", "2027Q1"], 0),
        (["2026H1", "2026H2", "2027-01"], 3),
        ([f"2026-{n:02}" for n in range(1, 13)], 12),
        ([f"2026-{n:02}" for n in range(1, 12)], 0),
        ([f"2025-{n:02}" for n in range(11, 13)] + [f"2026-{n:02}" for n in range(1, 13)], 12),
        ([], 0),
    ],
)
def test_the_last_year(periods: list[str], count: int) -> None:
    assert last_year([Period.parse(one) for one in periods], TODAY) == count


policies = st.builds(
    Policy,
    id=st.integers(1, 9),
    name=st.sampled_from(["甲", "乙", "丙"]),
    reduction=st.sampled_from(list(Reduction)),
    value=st.fractions(0, 12, max_denominator=8),
    stackable=st.booleans(),
)


@given(st.lists(st.tuples(st.integers(1, 99999), st.booleans()), min_size=1, max_size=14), st.data())
def test_never_more_to_pay_and_never_less_than_nothing(grosses: list[tuple[int, bool]], data: st.DataObject) -> None:
    granted = data.draw(st.lists(policies, max_size=2, unique_by=lambda one: one.id))
    lines = [
        YearLine(
            Period.parse("2026-12").shifted(n),
            ChargeLine(Fraction(gross, 100), Fen(gross), Fraction(1), 1),
            (),
            Fen(data.draw(st.integers(0, gross))),
            posted,
        )
        for n, (gross, posted) in enumerate(grosses)
    ]
    found = concede_at_once(lines, granted)
    if found is not None:
        assert sum(one.discount for one in lines) < taken_off(lines, found) <= sum(gross for gross, _p in grosses)
