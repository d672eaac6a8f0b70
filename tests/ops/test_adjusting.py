"""Charging afterwards (补收) and lowering (调减): what is posted, who may, and what is refused."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from feedesk.errors import UserError
from feedesk.models import Entry, table_of
from feedesk.money import Fen
from feedesk.ops.adjusting import (
    AdjustmentNotPositive,
    ChargeNotStanding,
    PaidChargeReduced,
    ReductionTooLarge,
    add_charge,
    reduce_charge,
)
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import Part, split_charge
from feedesk.ops.run import Workplace
from feedesk.ops.single_charges import ChangeApproverMissing, ChangeReasonMissing, UnknownCharge
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.accounts import UnknownAccount
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.statement import statement
from tests.community import TODAY, SmallCommunity
from tests.ops.adjusted import added, approved, charge_row, problems

NOVEMBER = Period.parse("2026-11")


def entries(community: SmallCommunity) -> int:
    with community.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(Entry))).scalar_one())


class TestAdding:
    def test_a_charge_is_owed_and_credited_by_whose_money_it_is(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        done = added(community, home, 12345)
        added(community, home, 500, item="水费")
        added(community, home, 90000, period="2026Q4")
        assert (done.period, done.due_date, done.amount) == (NOVEMBER, date(2026, 11, 30), 12345)
        codes = ("1122.物业费", "1122.水费", "6001.物业费", "2241.代收.水费", "2204.物业费")
        assert [community.balance(code) for code in codes] == [102345, 500, -12345, -500, -90000]
        owed = community.workplace.read(statement, account=home, on=TODAY)
        assert {(one.item, one.period, one.basis) for one in owed.charges} == {
            ("物业费", "2026-11", "补收：漏算"),
            ("水费", "2026-11", "补收：漏算"),
            ("物业费", "2026Q4", "补收：漏算"),
        }
        assert problems(community) == ()

    def test_several_in_one_period_are_counted(self, community: SmallCommunity) -> None:
        home, other = community.unit("1-1-101"), community.unit("1-1-102")
        made = [added(community, home, 100), added(community, home, 100), added(community, other, 100)]
        made.append(added(community, home, 100, period="2026-10"))
        assert [charge_row(community, one.charge)["number"] for one in made] == [1, 2, 1, 1]

    def test_a_due_date_may_be_named(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        done = added(community, home, 100, due=date(2027, 1, 15))
        assert charge_row(community, done.charge)["due_date"] == date(2027, 1, 15)

    @pytest.mark.parametrize(
        ("facts", "approver", "error"),
        [
            ({"amount": Fen(0)}, "样例经理", AdjustmentNotPositive),
            ({"amount": Fen(-1)}, "样例经理", AdjustmentNotPositive),
            ({"reason": " "}, "样例经理", ChangeReasonMissing),
            ({"item": "暖气费"}, "样例经理", UnknownFeeItem),
            ({"account": 99}, "样例经理", UnknownAccount),
            ({}, None, ChangeApproverMissing),
            ({}, "样例主管", ChangeApproverMissing),
        ],
    )
    def test_what_is_refused(
        self, community: SmallCommunity, facts: dict[str, Any], approver: str | None, error: type[UserError]
    ) -> None:
        account = community.unit("1-1-101")
        wish = {"account": account, "item": "物业费", "period": NOVEMBER, "amount": Fen(100), "reason": "漏算"}
        before = entries(community)
        with pytest.raises(error):
            approved(community, approver).run_op(add_charge, **{**wish, **facts})
        assert entries(community) == before

    def test_a_cashier_may_not(self, community: SmallCommunity) -> None:
        cashier = Workplace(community.database, "样例收费员", "样例经理", TODAY)
        facts: dict[str, Any] = {"account": community.unit("1-1-101"), "item": "物业费", "period": NOVEMBER}
        with pytest.raises(NotPermitted):
            cashier.run_op(add_charge, amount=Fen(100), reason="x", **facts)


class TestReducing:
    def reduce(self, community: SmallCommunity, charge: int, amount: int, approver: str | None = "样例经理") -> Any:
        facts = {"charge": charge, "amount": Fen(amount), "reason": "面积有误"}
        return approved(community, approver).run_op(reduce_charge, **facts)

    @pytest.mark.parametrize(
        ("item", "period", "credit"),
        [
            ("物业费", "2026-11", "6001.物业费"),
            ("物业费", "2026Q4", "2204.物业费"),
            ("水费", "2026-11", "2241.代收.水费"),
            ("水费", "2026Q4", "2241.代收.水费"),
        ],
    )
    def test_the_credit_goes_again(self, community: SmallCommunity, item: str, period: str, credit: str) -> None:
        home = community.unit("1-1-101")
        charge = added(community, home, 27608, period=period, item=item).charge
        done = self.reduce(community, charge, 7608)
        assert (done.left, done.status) == (20000, "open")
        assert (community.balance(f"1122.{item}"), community.balance(credit)) == (20000, -20000)
        assert charge_row(community, charge)["waived"] == 7608
        (shown,) = community.workplace.read(statement, account=home, on=TODAY).charges
        assert (shown.amount, shown.discount, shown.due) == (27608, 7608, 20000)
        rest = self.reduce(community, charge, 20000)
        assert (rest.left, rest.status) == (0, "settled")
        assert community.balance(credit) == 0
        assert community.workplace.read(statement, account=home, on=TODAY).charges == ()
        assert problems(community) == ()

    def test_what_was_brought_along_goes_back_to_the_opening(self, community: SmallCommunity) -> None:
        """The small community posts openings as revenue, so that is where it goes back to here."""
        home = community.unit("1-1-101")
        charge = community.charge(home, "物业费", "2026-08", 10000)
        self.reduce(community, charge, 4000)
        assert community.balance("6001.物业费") == -6000
        assert problems(community) == ()

    def test_never_more_than_is_unpaid(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charge = added(community, home, 10000).charge
        tenders = [TenderGiven("cash", Fen(4000))]
        paid = community.run(collect_payment, account=home, tenders=tenders, charges=[charge], part=True)
        with pytest.raises(ReductionTooLarge, match=r"只有 60\.00|60\.00"):
            self.reduce(community, charge, 6001)
        assert self.reduce(community, charge, 6000).status == "settled"
        with pytest.raises(PaidChargeReduced):
            self.reduce(community, charge, 1)
        assert problems(community) == ()
        # The payment is taken back: what was paid is owed again, and can be lowered now.
        community.run(void_payment, receipt=paid.receipt, reason="收错")
        assert charge_row(community, charge)["status"] == "open"
        assert self.reduce(community, charge, 4000).status == "settled"
        assert community.balance("1122.物业费") == community.balance("6001.物业费") == 0
        assert problems(community) == ()

    def test_a_paid_charge_is_refused_with_what_to_do(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charge = added(community, home, 10000).charge
        community.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(10000))])
        with pytest.raises(PaidChargeReduced) as refused:
            self.reduce(community, charge, 100)
        assert "红冲" in str(refused.value) or "Reverse" in str(refused.value)

    @pytest.mark.parametrize(("amount", "error"), [(0, AdjustmentNotPositive), (-5, AdjustmentNotPositive)])
    def test_amounts_that_are_none(self, community: SmallCommunity, amount: int, error: type[UserError]) -> None:
        charge = added(community, community.unit("1-1-101"), 10000).charge
        with pytest.raises(error):
            self.reduce(community, charge, amount)

    @pytest.mark.parametrize("approver", [None, "样例主管"])
    def test_nobody_lowers_alone(self, community: SmallCommunity, approver: str | None) -> None:
        charge = added(community, community.unit("1-1-101"), 10000).charge
        with pytest.raises(ChangeApproverMissing):
            self.reduce(community, charge, 100, approver)
        assert charge_row(community, charge)["waived"] == 0

    def test_a_charge_that_is_replaced_or_unknown(self, community: SmallCommunity) -> None:
        charge = added(community, community.unit("1-1-101"), 10000).charge
        approved(community).run_op(split_charge, charge=charge, parts=[Part(Fen(1)), Part(Fen(9999))], reason="分期")
        with pytest.raises(ChargeNotStanding):
            self.reduce(community, charge, 100)
        with pytest.raises(UnknownCharge):
            self.reduce(community, 999, 100)

    def test_deferred_revenue_that_was_released_already_is_taken_back_with_it(self, community: SmallCommunity) -> None:
        """Of 920.00 for the fourth quarter 310.00 + 300.00 are released; lowered to 92.00, 61.00 stay so."""
        charge = added(community, community.unit("1-1-101"), 92000, period="2026Q4").charge
        community.run(release_revenue, month=NOVEMBER)
        assert (community.balance("2204.物业费"), community.balance("6001.物业费")) == (-31000, -61000)
        self.reduce(community, charge, 82800)
        assert (community.balance("2204.物业费"), community.balance("6001.物业费")) == (-3100, -6100)
        assert problems(community) == ()
