"""Taking, waiving and holding what is late: the pictures' case, the order of payment, standing still, disputes."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from feedesk import models
from feedesk.errors import UserError
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.collecting import PaymentCollected, TenderGiven, collect_payment
from feedesk.ops.disputing import HeldAlready, NotHeld, NothingToDispute, hold_charge, release_charge
from feedesk.ops.late_fee_rules import (
    ClauseNeeded,
    MultipleTooHigh,
    NoRuleToEnd,
    RateDoesNotFit,
    RateNeeded,
    RatePublished,
    RateTooHigh,
    RuleBegins,
    RuleInUse,
    RuleTerms,
    TermsDoNotFit,
    UnknownRule,
    add_late_fee_rule,
    add_lpr_rate,
    agree_on_payment_order,
    change_late_fee_rule,
    end_late_fee_rule,
    load_published_lpr,
    remove_late_fee_rule,
    remove_lpr_rate,
)
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.published_lpr import published_rates
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.single_charges import ChangeApproverMissing
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.waiving import (
    ChargeNotOwed,
    QuotaUsedUp,
    WaiverNotPositive,
    WaiveWhat,
    change_late_fee_quota,
    waive,
)
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.late_fee_rules import late_fee_rules
from feedesk.queries.late_fees import lpr_rates
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import StatementCharge, statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.allocation import AllocationOrder
from feedesk.rules.late_fees import LateFeeStart
from tests.community import TODAY, SmallCommunity, picture_home

THREE = RuleTerms(daily_rate=Fraction("0.0003"), clause="物业服务合同 第十二条")
ALWAYS = date(2020, 1, 1)


def rule(community: SmallCommunity, item: str = "物业费", terms: RuleTerms = THREE, since: date = ALWAYS) -> int:
    return community.run(add_late_fee_rule, item=item, terms=terms, valid_from=since)


def late_home(community: SmallCommunity) -> int:
    """1-1-101 owes 1,000.00 of 物业费 since 2026-08-31 and since 2026-09-30, at 0.0005 a day: 42.00 and 27.00."""
    rule(community, terms=RuleTerms(daily_rate=Fraction("0.0005")))
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-08", 100000)
    community.charge(account, "物业费", "2026-09", 100000)
    return account


def owed(community: SmallCommunity, account: int, on: date = TODAY) -> tuple[StatementCharge, ...]:
    return community.workplace.read(statement, account=account, on=on).charges


def pay(community: SmallCommunity, account: int, amount: int, **facts: object) -> PaymentCollected:
    tenders = [TenderGiven("cash", Fen(amount))]
    return community.run(collect_payment, account=account, tenders=tenders, **facts)


def verified(community: SmallCommunity) -> bool:
    return community.workplace.read(verify_everything).problems == ()


def approved(community: SmallCommunity) -> Workplace:
    return replace(community.workplace, approver="样例经理")


class TestThePictures:
    def test_the_receipt(self, community: SmallCommunity) -> None:
        """2,000.00 for 1,998.41: 18.93 of late fees on a line of their own, the disputed water still owed."""
        rule(community)
        rule(community, "车位服务费")
        home = picture_home(community)
        water = community.charge(home.dwelling, "水费", "2026-08", 5776, basis="412→431 · 19 吨 × 3.04")
        community.run(hold_charge, charges=[water], reason="读数有误")
        paid = pay(community, home.dwelling, 200000, household_too=True)
        assert (paid.total, paid.rounding, paid.change, paid.balance_after) == (199840, 1, 160, 5776)
        assert sum(one.late_fee for one in paid.allocations) == 1893
        document = community.workplace.read(find_receipt, number=paid.receipt).document
        late = document.lines[-1]
        assert (late.item, late.amount, late.details) == ("违约金", 1893, ("物业费12.00 车位服务费6.93 万分之三/日",))
        assert document.still_owed_note == "2026-08水费，争议中"
        assert community.balance("6051.违约金") == -1893
        assert community.balance("6051.违约金", home.parking) == -693
        assert verified(community)


class TestOrder:
    def test_all_principal_first_by_default(self, community: SmallCommunity) -> None:
        account = late_home(community)
        paid = pay(community, account, 203000, part=True)
        assert [(one.principal, one.late_fee) for one in paid.allocations] == [(100000, 3000), (100000, 0)]

    def test_late_fee_first_charge_by_charge_where_agreed(self, community: SmallCommunity) -> None:
        account = late_home(community)
        community.run(agree_on_payment_order, order=AllocationOrder.LATE_FEE_FIRST, clause="物业服务合同 第十三条")
        paid = pay(community, account, 105000, part=True)
        assert [(one.principal, one.late_fee) for one in paid.allocations] == [(100000, 4200), (0, 800)]
        (rest,) = owed(community, account)
        assert (rest.principal, rest.late_fee, rest.late_fee_due, rest.paid) == (100000, 2700, 1900, 800)
        assert verified(community)

    def test_another_order_rests_on_a_clause(self, community: SmallCommunity) -> None:
        with pytest.raises(ClauseNeeded):
            community.run(agree_on_payment_order, order=AllocationOrder.LATE_FEE_FIRST, clause=" ")

    def test_the_payers_own_word(self, community: SmallCommunity) -> None:
        account = late_home(community)
        second = owed(community, account)[1].id
        paid = pay(community, account, 102700, charges=[second])
        assert [(one.charge, one.principal, one.late_fee) for one in paid.allocations] == [(second, 100000, 2700)]


class TestStandingStill:
    def test_what_is_left_of_a_late_fee_stays_whatever_becomes_of_the_rules(self, community: SmallCommunity) -> None:
        account = late_home(community)
        pay(community, account, 200000, part=True)
        assert [(one.late_fee_due, one.status) for one in owed(community, account)] == [(4200, "open"), (2700, "open")]
        dearer = RuleTerms(daily_rate=Fraction("0.001"))
        rule(community, terms=dearer, since=date(2026, 9, 1))
        assert [one.late_fee_due for one in owed(community, account, date(2027, 6, 1))] == [4200, 2700]
        assert verified(community)

    def test_settled_means_nothing_is_left(self, community: SmallCommunity) -> None:
        account = late_home(community)
        pay(community, account, 200000, part=True)
        pay(community, account, 6900)
        charge = table_of(models.Charge)
        with community.database.reading() as connection:
            assert set(connection.execute(select(charge.c.status)).scalars()) == {"settled"}
        assert owed(community, account) == ()
        assert verified(community)

    def test_a_payment_taken_back_lets_it_run_again(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first = pay(community, account, 150000, part=True)
        second = pay(community, account, 50000, part=True)
        community.run(void_payment, receipt=first.receipt, reason="收错房号")
        # The first charge is owed again, half of the second too: the second payment stands.
        assert [(one.principal, one.late_fee_due) for one in owed(community, account)] == [
            (100000, 4200),
            (50000, 2700),
        ]
        assert verified(community)
        community.run(void_payment, receipt=second.receipt, reason="收错房号")
        assert [(one.principal, one.late_fee_due) for one in owed(community, account)] == [
            (100000, 4200), (100000, 2700),
        ]  # fmt: skip
        assert verified(community)

    def test_a_late_fee_taken_back_is_owed_again(self, community: SmallCommunity) -> None:
        account = late_home(community)
        pay(community, account, 200000, part=True)
        fee = pay(community, account, 6900)
        community.run(close_shift)
        community.run(open_shift, opening_float=Fen(500000))
        approved(community).run_op(reverse_payment, receipt=fee.receipt, reason="重复收款")
        assert [(one.principal, one.late_fee_due) for one in owed(community, account)] == [(0, 4200), (0, 2700)]
        assert verified(community)


class TestDisputes:
    def test_a_held_charge_is_left_out_and_stands_still(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first, second = owed(community, account)
        community.run(hold_charge, charges=[first.id], reason="漏水未修")
        held = owed(community, account)[0]
        assert (held.frozen, held.late_fee_due) == (True, 4150)  # 83 days: today does not count any more
        paid = pay(community, account, 102700)
        assert [one.charge for one in paid.allocations] == [second.id]
        assert paid.balance_after == 104150
        assert [one.late_fee_due for one in owed(community, account, date(2027, 6, 1))] == [4150]

    def test_released_it_counts_from_the_next_day(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first = owed(community, account)[0].id
        community.run(hold_charge, charges=[first], reason="漏水未修")
        later = replace(community.workplace, today=date(2026, 12, 2))
        later.run_op(release_charge, charges=[first], reason="已修好")
        released = owed(community, account, date(2026, 12, 2))[0]
        assert (released.frozen, released.late_fee_due) == (False, 4150)
        assert owed(community, account, date(2026, 12, 4))[0].late_fee_due == 4250  # 12-03 and 12-04
        # The day between keeps what was known then.
        assert owed(community, account, date(2026, 11, 30))[0].frozen

    def test_held_twice_released_twice_or_paid(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first, second = (one.id for one in owed(community, account))
        community.run(hold_charge, charges=[first], reason="漏水未修")
        for op, error in ((hold_charge, HeldAlready), (release_charge, None), (release_charge, NotHeld)):
            if error is None:
                community.run(op, charges=[first], reason="已修好")
            else:
                with pytest.raises(error):
                    community.run(op, charges=[first], reason="漏水未修")
        pay(community, account, 102700, charges=[second])
        with pytest.raises(NothingToDispute):
            community.run(hold_charge, charges=[second], reason="漏水未修")


class TestWaiving:
    def test_principal_is_an_expense_and_a_late_fee_posts_nothing(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first = owed(community, account)[0].id
        desk = approved(community)
        assert desk.run_op(waive, charges=[first], late_fee=Fen(4200), reason="首次逾期").status == "open"
        assert community.balance("6711.减免") == 0
        done = desk.run_op(waive, charges=[first], principal=Fen(100000), reason="漏水补偿")
        assert (done.status, done.waived) == ("settled", ((first, 100000),))
        assert community.balance("6711.减免", account) == 100000
        assert community.balance("1122.物业费", account) == 100000
        assert verified(community)

    def test_who_may_and_what(self, community: SmallCommunity) -> None:
        account = late_home(community)
        first = owed(community, account)[0].id
        with pytest.raises(ChangeApproverMissing):
            community.run(waive, charges=[first], principal=Fen(1), reason="首次逾期")
        for approver in ("样例收费员", "样例财务"):
            with pytest.raises(NotPermitted):
                replace(community.workplace, approver=approver).run_op(
                    waive, charges=[first], late_fee=Fen(1), reason="首次逾期"
                )
        for both in ({}, {"late_fee": Fen(1), "principal": Fen(1)}):
            with pytest.raises(WaiveWhat):
                approved(community).run_op(waive, charges=[first], reason="首次逾期", **both)
        pay(community, account, 104200, charges=[first])
        with pytest.raises(ChargeNotOwed):
            approved(community).run_op(waive, charges=[first], late_fee=Fen(1), reason="首次逾期")

    def test_a_late_fee_within_the_quota_of_the_day(self, community: SmallCommunity) -> None:
        """20.00 a day for each operator, what is approved aside; what is above it needs an approver."""
        account = late_home(community)
        first = owed(community, account)[0].id
        facts: dict[str, Any] = {"charges": [first], "reason": "首次逾期"}
        community.run(waive, late_fee=Fen(1500), **facts)
        approved(community).run_op(waive, late_fee=Fen(1000), **facts)
        with pytest.raises(QuotaUsedUp, match=r"5\.00"):
            community.run(waive, late_fee=Fen(501), **facts)
        community.run(waive, late_fee=Fen(500), **facts)
        cashier = replace(community.workplace, actor="样例收费员")
        cashier.run_op(waive, late_fee=Fen(100), **facts)
        with pytest.raises(ChangeApproverMissing):
            cashier.run_op(waive, principal=Fen(100), **facts)
        replace(cashier, approver="样例经理").run_op(waive, principal=Fen(100), **facts)
        community.run(change_late_fee_quota, quota=Fen(0))
        with pytest.raises(ChangeApproverMissing):
            cashier.run_op(waive, late_fee=Fen(1), **facts)
        with pytest.raises(NotPermitted):
            cashier.run_op(change_late_fee_quota, quota=Fen(100000))
        with pytest.raises(WaiverNotPositive):
            community.run(change_late_fee_quota, quota=Fen(-1))
        assert verified(community)


class TestRules:
    @pytest.mark.parametrize(
        ("terms", "error"),
        [
            (RuleTerms(), RateNeeded),
            (RuleTerms(daily_rate=Fraction(0)), RateNeeded),
            (RuleTerms(daily_rate=Fraction(-1, 1000)), RateNeeded),
            (RuleTerms(daily_rate=Fraction("0.0005"), lpr_multiple=Fraction(4)), RateNeeded),
            (RuleTerms(daily_rate=Fraction("0.05")), RateTooHigh),
            (RuleTerms(lpr_multiple=Fraction(24)), MultipleTooHigh),
            (RuleTerms(daily_rate=Fraction("0.0005"), grace_days=-1), TermsDoNotFit),
            (RuleTerms(daily_rate=Fraction("0.0005"), cap=Fraction(0)), TermsDoNotFit),
            (RuleTerms(daily_rate=Fraction("0.0005"), minimum=Fen(-1)), TermsDoNotFit),
        ],
    )
    def test_what_cannot_be_meant(self, community: SmallCommunity, terms: RuleTerms, error: type[UserError]) -> None:
        with pytest.raises(error):
            rule(community, terms=terms)

    def test_a_rule_begins_is_put_right_and_ends(self, community: SmallCommunity) -> None:
        account = community.unit("1-1-101")
        community.charge(account, "物业费", "2026-08", 100000)
        key = rule(community, "全部")
        assert owed(community, account)[0].late_fee_due == 2520  # 1000 × 0.0003 × 84
        month = RuleTerms(daily_rate=Fraction("0.0005"), grace_days=4, start=LateFeeStart.NEXT_MONTH)
        community.run(change_late_fee_rule, rule=key, terms=month)
        assert owed(community, account)[0].late_fee_due == 4000  # 80 days
        community.run(end_late_fee_rule, item="全部", last_day=date(2026, 10, 31))
        assert owed(community, account)[0].late_fee_due == 2850  # 09-05 … 10-31: 57 days
        assert [row.until for row in community.workplace.read(late_fee_rules)] == [date(2026, 10, 31), None]
        with pytest.raises(NoRuleToEnd):
            community.run(end_late_fee_rule, item="全部", last_day=date(2026, 11, 30))
        with pytest.raises(RuleBegins):
            rule(community, "全部", since=date(2026, 11, 1))
        with pytest.raises(UnknownFeeItem):
            rule(community, "电梯费")

    def test_a_rule_that_was_collected_by_stays(self, community: SmallCommunity) -> None:
        account = late_home(community)
        (row,) = community.workplace.read(late_fee_rules)
        pay(community, account, 206900)
        for op, facts in ((change_late_fee_rule, {"terms": THREE}), (remove_late_fee_rule, {})):
            with pytest.raises(RuleInUse):
                community.run(op, rule=row.id, **facts)
        unused = rule(community, "车位服务费")
        community.run(remove_late_fee_rule, rule=unused)
        with pytest.raises(UnknownRule):
            community.run(remove_late_fee_rule, rule=unused)

    def test_who_may_change_them(self, community: SmallCommunity) -> None:
        cashier = replace(community.workplace, actor="样例收费员")
        with pytest.raises(NotPermitted):
            cashier.run_op(add_late_fee_rule, item="物业费", terms=THREE, valid_from=ALWAYS)


class TestLpr:
    def test_the_published_rates_come_with_the_program(self, community: SmallCommunity) -> None:
        rates = community.workplace.read(lpr_rates)
        assert rates == published_rates()
        assert (rates[0].published_on, rates[0].yearly) == (date(2019, 8, 20), Fraction("0.0425"))
        assert (rates[-1].published_on, rates[-1].yearly) == (date(2025, 5, 20), Fraction("0.03"))
        assert [one.published_on for one in rates] == sorted({one.published_on for one in rates})

    def test_the_table_is_kept(self, community: SmallCommunity) -> None:
        community.run(add_lpr_rate, published_on=date(2026, 10, 20), yearly=Fraction("0.029"))
        with pytest.raises(RatePublished):
            community.run(add_lpr_rate, published_on=date(2026, 10, 20), yearly=Fraction("0.028"))
        for wrong in (Fraction(0), Fraction(3)):
            with pytest.raises(RateDoesNotFit):
                community.run(add_lpr_rate, published_on=date(2026, 11, 20), yearly=wrong)
        community.run(remove_lpr_rate, published_on=date(2019, 8, 20))
        assert community.run(load_published_lpr) == 1
        assert community.run(load_published_lpr) == 0

    def test_four_times_the_lpr(self, community: SmallCommunity) -> None:
        rule(community, terms=RuleTerms(lpr_multiple=Fraction(4)))
        community.run(add_lpr_rate, published_on=date(2026, 10, 20), yearly=Fraction("0.029"))
        account = community.unit("1-1-101")
        community.charge(account, "物业费", "2026-08", 100000)
        # 09-01 … 10-19: 1000 × 4 × 3 % ÷ 365 × 49 = 16.10959; 10-20 … 11-23: 1000 × 4 × 2.9 % ÷ 365 × 35 = 11.12329
        assert owed(community, account)[0].late_fee_due == 2723
