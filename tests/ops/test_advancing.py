"""Months paid ahead: what they post, what is released of them, and taking them back whole."""

from datetime import date
from fractions import Fraction

import pytest

from feedesk.ledger.verify import verify_ledger
from feedesk.models import Charge, FeeItem, table_of
from feedesk.money import Fen
from feedesk.ops.advancing import AdvanceNamedTwice, AdvanceWish
from feedesk.ops.billing_settings import AdvanceLimitsNotSensible, change_advance_limits
from feedesk.ops.collecting import PaymentCollected, collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.releasing import release_revenue
from feedesk.ops.run import Workplace
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.periods import Period
from feedesk.queries.advances import AdvanceLimits, AdvanceTooFar
from feedesk.queries.paid_through import rulers
from tests.community import TODAY, SmallCommunity
from tests.ops.adjusted import problems
from tests.quote_case import policy, price


@pytest.fixture
def home(community: SmallCommunity) -> int:
    """A dwelling of 98.60 ㎡ at 2.80 whose November is paid; 12 months ahead are one month off."""
    account = community.unit("3-1-502")
    fee = community.value(table_of(FeeItem), "id", name="物业费")
    price(community, "物业费", fee, "3-*", method="按面积", unit_price=Fraction(28, 10))
    policy(community, fee, "缴12送1", "预缴>=12月", "减月数", 1)
    community.charge(account, "物业费", "2026-11", 27608)
    community.run(collect_payment, account=account, tenders=[TenderGiven("card", Fen(27608), "K0")])
    return account


def pay(community: SmallCommunity, account: int, amount: int, months: int, key: str = "K1") -> PaymentCollected:
    tender = TenderGiven("card", Fen(amount), key)
    return community.run(
        collect_payment, account=account, tenders=[tender], advances=[AdvanceWish("物业费", months)], key=key
    )


def reach(community: SmallCommunity, account: int) -> date | None:
    (found,) = (one for one in community.workplace.read(rulers, accounts=[account]) if one.item == "物业费")
    return found.ruler.paid


def test_twelve_months_for_the_money_of_eleven(community: SmallCommunity, home: int) -> None:
    paid = pay(community, home, 11 * 27608, 12)
    assert (paid.total, len(paid.allocations), paid.balance_after) == (303688, 12, 0)
    assert {one.principal for one in paid.allocations} == {25307, 25308}
    assert reach(community, home) == date(2027, 11, 30)
    assert community.balance("2204.物业费") == -303688
    assert community.balance("1122.物业费") == 0
    assert problems(community) == ()
    again = pay(community, home, 11 * 27608, 12)
    assert (again.replayed, again.receipt, again.allocations) == (True, paid.receipt, paid.allocations)


def test_it_is_revenue_when_it_is_served_and_not_before(community: SmallCommunity, home: int) -> None:
    pay(community, home, 2 * 27608, 2)
    assert community.run(release_revenue, month=Period.parse("2026-11")).total == 0
    assert community.run(release_revenue, month=Period.parse("2026-12")).total == 27608
    assert community.balance("2204.物业费") == -27608
    assert community.run(release_revenue, month=Period.parse("2027-06")).total == 27608
    assert problems(community) == ()


@pytest.mark.parametrize("served", [None, "2026-12"])
def test_a_void_takes_back_what_was_released_too(community: SmallCommunity, home: int, served: str | None) -> None:
    paid = pay(community, home, 2 * 27608, 2)
    if served:
        community.run(release_revenue, month=Period.parse(served))
    community.run(void_payment, receipt=paid.receipt, reason="收错房号")
    assert community.balance("2204.物业费") == 0
    assert community.balance("1012.card") == 27608
    assert reach(community, home) == date(2026, 11, 30)
    assert problems(community) == ()
    pay(community, home, 27608, 1, key="K2")
    assert reach(community, home) == date(2026, 12, 31)


def test_a_reversal_of_the_first_leaves_a_gap_that_is_filled_first(community: SmallCommunity, home: int) -> None:
    first = pay(community, home, 2 * 27608, 2)
    pay(community, home, 27608, 1, key="K2")
    assert reach(community, home) == date(2027, 2, 28)
    approved = Workplace(community.database, "样例主管", "样例经理", today=TODAY)
    approved.run_op(reverse_payment, receipt=first.receipt, reason="收错户")
    assert reach(community, home) == date(2026, 11, 30)
    again = pay(community, home, 3 * 27608, 3, key="K3")
    assert [one.period for one in again.allocations] == ["2026-12", "2027-01", "2027-03"]
    assert reach(community, home) == date(2027, 3, 31)
    assert problems(community) == ()


def test_limits_of_the_ledger(community: SmallCommunity, home: int) -> None:
    community.run(change_advance_limits, limits=AdvanceLimits(12, date(2027, 1, 31)))
    with pytest.raises(AdvanceTooFar, match="2027-01-31"):
        pay(community, home, 3 * 27608, 3)
    assert pay(community, home, 2 * 27608, 2).total == 55216
    for months in (0, 61):
        with pytest.raises(AdvanceLimitsNotSensible):
            community.run(change_advance_limits, limits=AdvanceLimits(months))


def test_an_item_is_named_once(community: SmallCommunity, home: int) -> None:
    wishes = [AdvanceWish("物业费", 1), AdvanceWish("物业费", 2)]
    with pytest.raises(AdvanceNamedTwice):
        community.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(99900))], advances=wishes)
    with community.database.reading() as connection:
        assert verify_ledger(connection).problems == ()
    assert community.value(table_of(Charge), "period", account_id=home) == "2026-11"
