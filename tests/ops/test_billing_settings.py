"""The delivery month: the rule that a supervisor sets holds for the next run."""

from datetime import date

import pytest

from feedesk.ops.billing import bill_period
from feedesk.ops.billing_settings import change_delivery_rule
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.pricing import add_tariff
from feedesk.ops.run import Workplace
from feedesk.ops.scoping import assign_tariff
from feedesk.periods import Period
from feedesk.rules.spans import DeliveryRule
from tests.community import SmallCommunity
from tests.ops.test_pricing import FEE, TERMS


@pytest.mark.parametrize(
    ("rule", "fen"),
    [
        (DeliveryRule.NEXT_MONTH, 0),
        (DeliveryRule.WHOLE_MONTH, 27608),  # 98.60 × 2.80 = 276.08
        (DeliveryRule.BY_DAY, 10123),  # from 20 to 30 November 11 days: 276.08 × 11/30 = 101.2293…
        (DeliveryRule.HALF_MONTH, 13804),  # 11 days are at most 15: half of it
    ],
)
def test_the_rule_says_from_when_a_buyer_pays(community: SmallCommunity, rule: DeliveryRule, fen: int) -> None:
    community.unit("3-1-502", delivered_on=date(2026, 11, 20))
    tariff = community.run(add_tariff, name="住宅物业费", item=FEE, terms=TERMS).tariff
    community.run(assign_tariff, tariff=tariff, pattern="*", from_date=date(2026, 1, 1))
    assert community.run(change_delivery_rule, rule=rule) is rule
    assert community.run(bill_period, period=Period.parse("2026-11")).total == fen


def test_a_cashier_may_not(community: SmallCommunity) -> None:
    with pytest.raises(NotPermitted):
        Workplace(community.database, "样例收费员").run_op(change_delivery_rule, rule=DeliveryRule.BY_DAY)
