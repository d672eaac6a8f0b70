"""Months paid ahead that go back early: cases reckoned by hand, and what holds whatever is paid and kept."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import UserError
from feedesk.models import FeeItem, table_of
from feedesk.money import Fen, round_to_fen
from feedesk.ops import refunding, refunding_months, taking_back
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.billing import bill_period
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.collecting import collect_payment
from feedesk.ops.giving_back import MoneyGivenBack
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refunding import refund_payment
from feedesk.ops.refunding_months import preview_months_back, refund_months
from feedesk.ops.releasing import release_revenue
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment
from feedesk.periods import Period
from feedesk.queries.paid_through import rulers
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.advance_refunds import MonthAhead, give_months_back
from feedesk.rules.concessions import ChargeLine, Policy, Reduction
from tests.community import TODAY, SmallCommunity
from tests.quote_case import policy, price

MONTH = 27608
"""98.60 ㎡ at 2.80."""


class Home:
    """A dwelling that has paid November; twelve months ahead cost eleven (缴12送1)."""

    def __init__(self, community: SmallCommunity, *policies: tuple[str, str, str, int]) -> None:
        self.community = community
        self.account = community.unit("3-1-502")
        self.fee = community.value(table_of(FeeItem), "id", name="物业费")
        price(community, "物业费", self.fee, "3-*", method="按面积", unit_price=Fraction(28, 10))
        for name, condition, method, value in policies:
            policy(community, self.fee, name, condition, method, value)
        community.charge(self.account, "物业费", "2026-11", MONTH)
        self.pay(MONTH)

    def pay(self, amount: int, months: int = 0, **facts: Any) -> str:
        tender = TenderGiven(facts.pop("code", "card"), Fen(amount), "K")
        wishes = [AdvanceWish("物业费", months)] if months else []
        done = self.community.run(
            collect_payment, account=self.account, tenders=[tender], advances=wishes, same_reference=True, **facts
        )
        return done.receipt

    def back(self, receipt: str, months: int, amount: int, *, on: date = TODAY, **facts: Any) -> MoneyGivenBack:
        seat = replace(self.community.workplace, approver="样例经理", today=on)
        given = TenderGiven(facts.pop("code", "wechat"), Fen(amount))
        wishes = [AdvanceWish("物业费", months)]
        return seat.run_op(refund_months, receipt=receipt, months=wishes, tender=given, reason="搬走", **facts)

    def whole(self, receipt: str, amount: int, *, on: date = TODAY) -> MoneyGivenBack:
        seat = replace(self.community.workplace, approver="样例经理", today=on)
        given = TenderGiven("wechat", Fen(amount))
        return seat.run_op(refund_payment, receipt=receipt, tender=given, reason="搬走")

    def reach(self) -> tuple[date | None, date | None]:
        (found,) = (one for one in self.community.workplace.read(rulers, accounts=[self.account]))
        return found.ruler.billed, found.ruler.paid

    def owed(self, on: date = TODAY) -> list[tuple[str, int]]:
        found = self.community.workplace.read(statement, account=self.account, on=on).charges
        return [(one.period, one.due) for one in found]

    def sound(self) -> None:
        assert self.community.workplace.read(verify_everything).problems == ()


@pytest.fixture
def home(community: SmallCommunity) -> Home:
    return Home(community, ("缴12送1", "预缴>=12月", "减月数", 1))


def test_what_is_kept_is_owed_without_the_concession(home: Home) -> None:
    """Twelve months for 3,036.88; three are kept at 276.08 = 828.24, so 2,208.64 goes back."""
    receipt = home.pay(11 * MONTH, 12)
    plan = home.community.workplace.read(
        preview_months_back, receipt=receipt, months=[AdvanceWish("物业费", 9)], today=TODAY
    )
    assert plan.amount == 11 * MONTH - 3 * MONTH == 220864
    done = home.back(receipt, 9, 220864)
    assert (done.refunds, done.total, done.opened) == (receipt, 220864, 0)
    assert home.reach() == (date(2027, 2, 28), date(2027, 2, 28))
    assert home.owed() == []
    balance = home.community.balance
    assert (balance("2204.物业费"), balance("1122.物业费")) == (-3 * MONTH, 0)
    assert (balance("1012.card"), balance("1012.wechat")) == (12 * MONTH, -220864)
    home.sound()


def test_never_more_goes_back_than_was_kept(home: Home) -> None:
    """Twelve months for 3,036.88, paid with 3,037.00: 0.20 change, 抹零 0.08. All of them go back with 3,036.80."""
    receipt = home.pay(303700, 12, code="cash")
    done = home.back(receipt, 12, 303680, code="cash")
    assert (done.total, done.opened, home.owed()) == (303680, 0, [])
    paper = home.community.workplace.read(find_receipt, number=done.receipt).document
    assert (paper.subtotal, paper.rounding, paper.total) == (303688, 8, 303680)
    assert "0.08" in paper.remark
    balance = home.community.balance
    assert (balance("6711.抹零"), balance("2204.物业费"), balance("1122.物业费")) == (0, 0, 0)
    assert home.community.workplace.read(find_receipt, number=receipt).status == "refunded"
    home.sound()


def test_the_rounding_goes_back_with_the_last_of_it(home: Home) -> None:
    """Nine of twelve go back to the fen; then the three that are kept, 828.24 less the 0.08 that was never paid."""
    receipt = home.pay(303700, 12, code="cash")
    home.back(receipt, 9, 220864)
    home.back(receipt, 3, 82816)
    assert home.community.balance("6711.抹零") == 0
    home.sound()


def test_the_paper_says_how_it_is_reckoned(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    done = home.back(receipt, 9, 220864)
    paper = home.community.workplace.read(find_receipt, number=done.receipt).document
    lines = [(line.item, line.periods, line.amount) for line in paper.lines]
    # Nine of the twelve charges of 253.07 or 253.08; the three kept cost 69.02 more.
    assert lines[0][:2] == ("物业费", "2027-03~11")
    assert lines[1][1] == "2026-12~2027-02"
    assert sum(amount for _item, _periods, amount in lines) == 220864
    assert "缴12送1" in paper.remark
    assert paper.reverses == receipt
    assert home.community.workplace.read(find_receipt, number=receipt).marks().refunded_by == done.receipt


@pytest.mark.parametrize(
    ("policies", "paid", "given", "back"),
    [
        ((), 12 * MONTH, 9, 9 * MONTH),  # nothing was conceded: each month at its price
        ((("5%", "预缴>=12月", "百分比", 5),), 314736, 9, 314736 - 3 * MONTH),  # 12 × 262.28
        ((("5%", "预缴>=12月", "百分比", 5),), 314736, 1, 314736 - 11 * MONTH),  # 11 months at full price are cheaper
        ((("半年3%", "预缴>=6月", "百分比", 3),), 12 * 26780, 6, 6 * 26780),  # six months meet it still
        ((("半年3%", "预缴>=6月", "百分比", 3),), 12 * 26780, 7, 12 * 26780 - 5 * MONTH),
        (
            (("送1", "预缴>=12月", "减月数", 1), ("送半", "预缴>=6月", "减金额", 138)),
            11 * MONTH,
            4,
            11 * MONTH - (8 * MONTH - 13800),
        ),
        ((("送1", "预缴>=12月", "减月数", 1),), 11 * MONTH, 12, 11 * MONTH),  # everything goes back
    ],
)
def test_cases_reckoned_by_hand(
    community: SmallCommunity, policies: tuple[Any, ...], paid: int, given: int, back: int
) -> None:
    home = Home(community, *policies)
    receipt = home.pay(paid, 12)
    if back <= 0:
        with pytest.raises(refunding_months.NothingComesBack):
            home.back(receipt, given, 1)
        return
    assert home.back(receipt, given, back).total == back
    assert home.owed() == []
    months = 12 - given
    last = Period.parse("2026-11").shifted(months).last_day
    assert home.reach() == (last, last)
    assert home.community.balance("2204.物业费") == -(paid - back)
    home.sound()


def test_a_month_given_back_where_the_rest_costs_all_that_was_paid(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    with pytest.raises(refunding_months.NothingComesBack, match=r"3,036\.88"):
        home.back(receipt, 1, 1)
    assert home.back(receipt, 2, MONTH).total == MONTH
    home.sound()


def test_bit_by_bit_everything_comes_back(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    home.back(receipt, 9, 8 * MONTH)
    home.back(receipt, 1, MONTH)
    home.back(receipt, 2, 2 * MONTH)
    assert home.reach() == (date(2026, 11, 30), date(2026, 11, 30))
    assert home.community.balance("2204.物业费") == 0
    assert home.community.workplace.read(find_receipt, number=receipt).status == "refunded"
    with pytest.raises(taking_back.AlreadyTakenBack):
        home.back(receipt, 1, MONTH)
    home.sound()


def test_the_months_given_back_may_be_paid_again(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    home.back(receipt, 9, 8 * MONTH)
    again = home.pay(9 * MONTH, 9)
    assert home.reach()[1] == date(2027, 11, 30)
    # The earlier receipt's months lie before those of the later one: they stay until that is given back.
    with pytest.raises(refunding_months.LaterMonthsPaid, match="2027-11-30"):
        home.back(receipt, 1, MONTH)
    with pytest.raises(refunding_months.LaterMonthsPaid):
        home.whole(receipt, 3 * MONTH)
    home.back(again, 9, 9 * MONTH)
    home.back(receipt, 1, MONTH)
    home.sound()


def test_a_billing_run_bills_the_months_that_went_back(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    home.back(receipt, 11, 10 * MONTH)
    assert home.community.run(bill_period, period=Period.parse("2026-12")).posted == 0
    assert home.community.run(bill_period, period=Period.parse("2027-01")).posted == 1
    assert home.owed(date(2027, 1, 1)) == [("2027-01", MONTH)]
    home.sound()


def test_the_payer_may_keep_them_billed(home: Home) -> None:
    """They stay, owed at their full price, and the ruler's billed end stays where it was."""
    receipt = home.pay(11 * MONTH, 12)
    done = home.back(receipt, 9, 8 * MONTH, keep_billed=True)
    assert done.opened == 9 * MONTH
    assert home.reach() == (date(2027, 11, 30), date(2027, 2, 28))
    assert [due for _period, due in home.owed()] == [MONTH] * 9
    home.sound()


def test_served_months_stay_and_released_revenue_follows(home: Home) -> None:
    """In February: three of twelve months are served; what was released of them rises to their full price."""
    receipt = home.pay(11 * MONTH, 12)
    february = date(2027, 2, 10)
    seat = replace(home.community.workplace, today=february)
    seat.run_op(close_shift)
    seat.run_op(open_shift, opening_float=Fen(50000))
    released = seat.run_op(release_revenue, month=Period.parse("2027-01")).total
    before = home.community.balance("6001.物业费")
    with pytest.raises(refunding_months.MonthsServed, match="9"):
        home.back(receipt, 10, MONTH, on=february)
    home.back(receipt, 9, 8 * MONTH, on=february)
    assert home.community.balance("6001.物业费") == before - (2 * MONTH - released)
    assert home.community.balance("2204.物业费") == -MONTH
    home.sound()


def test_a_whole_receipt_given_back_late_leaves_the_served_months_owed(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    february = date(2027, 2, 10)
    seat = replace(home.community.workplace, today=february)
    seat.run_op(close_shift)
    seat.run_op(open_shift, opening_float=Fen(50000))
    done = home.whole(receipt, 11 * MONTH, on=february)
    assert done.opened == 3 * MONTH
    assert home.owed(february) == [("2026-12", MONTH), ("2027-01", MONTH), ("2027-02", MONTH)]
    assert home.reach()[0] == date(2027, 2, 28)
    home.sound()


def test_a_whole_receipt_given_back_at_once_leaves_nothing_owed(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    assert home.whole(receipt, 11 * MONTH).opened == 0
    assert home.owed() == []
    assert home.reach() == (date(2026, 11, 30), date(2026, 11, 30))
    home.sound()


def test_a_part_of_the_money_alone_does_not_go(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    with pytest.raises(refunding_months.MonthsInstead):
        home.whole(receipt, 10000)
    home.sound()


def test_a_bounced_transfer_takes_its_months_along(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12, code="transfer")
    seat = replace(home.community.workplace, approver="样例经理")
    assert seat.run_op(bounce_payment, receipt=receipt, reason="退票").opened == 0
    assert home.owed() == []
    assert home.reach() == (date(2026, 11, 30), date(2026, 11, 30))
    home.sound()


def test_the_same_key_gives_back_once(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    first = home.back(receipt, 9, 220864, key="M1")
    again = home.back(receipt, 9, 220864, key="M1")
    assert (again.receipt, again.replayed) == (first.receipt, True)
    assert home.community.balance("1012.wechat") == -220864


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"amount": 220863}, refunding.RefundsDiffer),
        ({"months": 0}, refunding_months.MonthsServed),
        ({"months": 13}, refunding_months.MonthsServed),
        ({"code": "cash"}, UserError),
        ({"receipt": "SJ-2026-1-000001"}, refunding_months.NoMonthsToGiveBack),
    ],
)
def test_refused_and_nothing_changed(home: Home, facts: dict[str, Any], error: type[UserError]) -> None:
    receipt = home.pay(11 * MONTH, 12)
    asked: dict[str, Any] = {"receipt": receipt, "months": 9, "amount": 220864} | facts
    with pytest.raises(error):
        home.back(asked.pop("receipt"), asked.pop("months"), asked.pop("amount"), **asked)
    assert home.reach()[1] == date(2027, 11, 30)
    home.sound()


def test_a_receipt_of_which_months_went_back_is_not_reversed(home: Home) -> None:
    receipt = home.pay(11 * MONTH, 12)
    home.back(receipt, 9, 220864)
    seat = replace(home.community.workplace, approver="样例经理")
    with pytest.raises(taking_back.RefundedInPart):
        seat.run_op(reverse_payment, receipt=receipt, reason="x")


policies = st.builds(
    Policy,
    id=st.integers(1, 9),
    name=st.sampled_from(["甲", "乙", "丙"]),
    reduction=st.sampled_from(list(Reduction)),
    value=st.fractions(0, 12, max_denominator=8),
    stackable=st.booleans(),
)


@given(st.lists(st.integers(1, 99999), min_size=1, max_size=12), st.data())
def test_what_comes_back_and_what_is_kept_is_what_was_paid(grosses: list[int], data: st.DataObject) -> None:
    on_payment, then = (data.draw(st.lists(policies, max_size=2, unique_by=lambda one: one.id)) for _n in range(2))
    lines = [ChargeLine(Fraction(gross, 100), Fen(gross), Fraction(1), 1) for gross in grosses]
    raw = [MonthAhead(n, Period.parse("2026-12").shifted(n), Fen(0), line) for n, line in enumerate(lines)]
    bought = give_months_back(raw, 0, on_payment)
    months = [replace(one.month, paid=one.net) for one in bought.kept]
    going = data.draw(st.integers(0, len(months)))
    back = give_months_back(months, going, then)
    assert back.back + back.price == back.paid == sum(one.paid for one in months)
    assert all(0 <= one.net <= one.month.line.gross for one in back.kept)
    assert give_months_back(months, len(months), then).back == back.paid, "everything gives everything back"
    assert not give_months_back(months, 0, on_payment).is_reckoned_anew
    assert round_to_fen(Fraction(back.price, 100)) == back.price
