"""Prepayments that settle charges by themselves: by the ledger's rule, oldest first, shown in the day summary."""

import pytest

from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.offsetting import (
    AccountOffset,
    NotAnOffset,
    OffsetTakenBackAlready,
    change_offset_rule,
    offset_account,
    offset_prepayments,
    reverse_offset,
)
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift
from feedesk.ops.single_charges import ChangeReasonMissing
from feedesk.queries.day_figures import day_summary
from feedesk.queries.issued_receipts import receipts_of_account
from feedesk.queries.offsets import accounts_to_offset, offset_rule, offsets
from feedesk.queries.statement import prepaid_balance
from feedesk.queries.takings import day_payments
from feedesk.receipts.daily_summary import daily_summary
from feedesk.rules.offsetting import OffsetRule
from tests.community import TODAY, SmallCommunity
from tests.ops.adjusted import added, charge_row, problems


def prepay(community: SmallCommunity, account: int, amount: int) -> None:
    tender = TenderGiven("wechat", Fen(amount), f"WX{account}-{amount}")
    community.run(collect_payment, account=account, tenders=[tender], prepay=Fen(amount), charges=[])


def offset(community: SmallCommunity, account: int) -> AccountOffset | None:
    return community.run(offset_account, account=account)


def prepaid(community: SmallCommunity, account: int) -> int:
    return community.workplace.read(prepaid_balance, account=account)


class TestOneAccount:
    def test_the_oldest_is_settled_first_as_far_as_it_reaches(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charges = [added(community, home, 10000, period=f"2026-{month}").charge for month in (11, 9, 10)]
        prepay(community, home, 25000)
        done = offset(community, home)
        assert done is not None
        assert (done.total, done.left, done.charges) == (25000, 0, (charges[1], charges[2], charges[0]))
        rows = [charge_row(community, charge) for charge in charges]
        assert [(row["paid"], row["status"]) for row in rows] == [
            (5000, "open"),
            (10000, "settled"),
            (10000, "settled"),
        ]
        assert (community.balance("2203.预存", home), community.balance("1122.物业费")) == (0, 5000)
        assert offset(community, home) is None
        assert problems(community) == ()

    def test_only_the_current_period_and_earlier(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        added(community, home, 10000, period="2026-12")
        now = added(community, home, 10000, period="2026-11").charge
        prepay(community, home, 50000)
        done = offset(community, home)
        assert done is not None
        assert (done.charges, done.left) == ((now,), 40000)

    def test_only_the_items_that_the_rule_names(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        added(community, home, 10000, item="水费")
        fee = added(community, home, 10000).charge
        prepay(community, home, 50000)
        community.run(change_offset_rule, rule=OffsetRule(after_billing=True, items=("物业费",)))
        assert community.workplace.read(offset_rule) == OffsetRule(True, ("物业费",))
        done = offset(community, home)
        assert done is not None
        assert done.charges == (fee,)

    @pytest.mark.parametrize(("owed", "brought"), [(0, 0), (10000, 0), (0, 10000)])
    def test_nothing_to_settle_or_to_settle_with(self, community: SmallCommunity, owed: int, brought: int) -> None:
        home = community.unit("1-1-101")
        if owed:
            added(community, home, owed)
        if brought:
            prepay(community, home, brought)
        assert offset(community, home) is None

    def test_a_payment_of_another_account_is_not_touched(self, community: SmallCommunity) -> None:
        home, other = community.unit("1-1-101"), community.unit("1-1-102")
        added(community, other, 10000)
        prepay(community, home, 10000)
        assert offset(community, other) is None


class TestAll:
    def street(self, community: SmallCommunity) -> list[int]:
        homes = [community.unit(f"1-1-10{number}") for number in range(1, 6)]
        for home in homes[:4]:
            added(community, home, 10000)
        for home in (homes[0], homes[2], homes[3], homes[4]):
            prepay(community, home, 12000)
        return homes

    def test_each_account_that_can(self, community: SmallCommunity) -> None:
        homes = self.street(community)
        waiting = community.workplace.read(accounts_to_offset, on=TODAY)
        assert waiting == (homes[0], homes[2], homes[3])
        told: list[tuple[int, int]] = []
        done = offset_prepayments(community.workplace, progress=lambda place, whole: told.append((place, whole)))
        assert (done.accounts, done.total) == (3, 30000)
        assert told == [(0, 3), (1, 3), (2, 3)]
        assert offset_prepayments(community.workplace).accounts == 0
        assert problems(community) == ()

    def test_stopped_between_two_accounts_what_was_done_stands(self, community: SmallCommunity) -> None:
        homes = self.street(community)

        class Stop(Exception):
            pass

        def stop_at_the_third(place: int, _whole: int) -> None:
            if place == 2:
                raise Stop

        with pytest.raises(Stop):
            offset_prepayments(community.workplace, progress=stop_at_the_third)
        assert [prepaid(community, home) for home in homes] == [2000, 0, 2000, 12000, 12000]
        assert problems(community) == ()
        assert offset_prepayments(community.workplace).accounts == 1

    def test_only_some_accounts(self, community: SmallCommunity) -> None:
        homes = self.street(community)
        assert offset_prepayments(community.workplace, accounts=homes[1:3]).accounts == 1

    def test_a_cashier_may_not(self, community: SmallCommunity) -> None:
        homes = self.street(community)
        with pytest.raises(NotPermitted):
            Workplace(community.database, "样例收费员", today=TODAY).run_op(offset_account, account=homes[0])


class TestTakingBack:
    def made(self, community: SmallCommunity) -> tuple[int, AccountOffset]:
        home = community.unit("1-1-101")
        added(community, home, 10000)
        prepay(community, home, 12000)
        done = offset(community, home)
        assert done is not None
        return home, done

    def test_it_is_owed_and_prepaid_again(self, community: SmallCommunity) -> None:
        home, done = self.made(community)
        back = community.run(reverse_offset, payment=done.payment, reason="业主要求")
        assert (back.total, back.account) == (-10000, home)
        assert prepaid(community, home) == 12000
        assert charge_row(community, done.charges[0])["status"] == "open"
        assert [(row.payment, row.total, row.taken_back) for row in community.workplace.read(offsets)] == [
            (done.payment, 10000, True)
        ]
        assert problems(community) == ()
        again = offset(community, home)
        assert again is not None
        assert again.total == 10000

    def test_what_is_refused(self, community: SmallCommunity) -> None:
        _home, done = self.made(community)
        with pytest.raises(ChangeReasonMissing):
            community.run(reverse_offset, payment=done.payment, reason=" ")
        with pytest.raises(NotAnOffset):
            community.run(reverse_offset, payment=done.payment - 1, reason="x")  # a payment at the desk
        with pytest.raises(NotAnOffset):
            community.run(reverse_offset, payment=999, reason="x")
        community.run(reverse_offset, payment=done.payment, reason="x")
        with pytest.raises(OffsetTakenBackAlready):
            community.run(reverse_offset, payment=done.payment, reason="x")


class TestDaySummary:
    """Receipts = details = figures = balances, offsets included."""

    def test_offsets_stand_under_what_was_paid_from_prepayments(self, community: SmallCommunity) -> None:
        homes = [community.unit("1-1-101"), community.unit("1-1-102")]
        for home in homes:
            added(community, home, 10000)
            prepay(community, home, 12000)
        offset_prepayments(community.workplace)
        _kept, undone = community.workplace.read(offsets)
        community.run(reverse_offset, payment=undone.payment, reason="业主要求")
        community.run(close_shift)
        community.run(close_day)
        summary = community.workplace.read(day_summary, day=TODAY)
        figures = summary.figures
        assert figures.takings.by_tender() == {"wechat": 24000, "prepaid": 10000}
        assert figures.prepayment_used == 10000
        assert figures.total == sum(payment.total for payment in summary.payments) == 34000
        (fee,) = [row for row in figures.takings.rows if row.item == "物业费"]
        assert (fee.count, fee.amounts) == (0, {"prepaid": 20000})  # no receipt stands behind it
        assert [row.amounts for row in figures.takings.returned] == [{"prepaid": -10000}]
        (held,) = figures.held
        assert (held.received, held.used, held.other, held.closing) == (24000, 20000, 10000, 14000)
        (arrears,) = figures.arrears
        assert (arrears.collected, arrears.closing) == (10000, 10000)
        assert [back.kind for back in figures.taken_back] == ["offset_reversal"]
        assert figures.receipts.count == 2
        assert daily_summary(summary).startswith(b"PK")
        assert problems(community) == ()

    def test_they_belong_to_no_shift(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        added(community, home, 10000)
        prepay(community, home, 12000)
        offset(community, home)
        payments = community.workplace.read(day_payments, day=TODAY)
        assert [(one.kind, one.shift, one.receipt, one.at_the_desk) for one in payments] == [
            ("payment", 1, "SJ-2026-1-000001", True),
            ("offset", 0, "", False),
        ]
        closed = community.run(close_shift)
        assert closed.takings_by_tender == {"wechat": 12000}


def test_the_history_of_an_account_shows_offsets_among_its_papers(community: SmallCommunity) -> None:
    home = community.unit("1-1-101")
    added(community, home, 10000)
    prepay(community, home, 12000)
    done = offset(community, home)
    assert done is not None
    papers = community.workplace.read(receipts_of_account, account=home, on=TODAY)
    assert [(paper.number, paper.status, paper.total) for paper in papers if not paper.number] == [
        ("", "offset", 10000)
    ]
    assert len(papers) == 2
    community.run(reverse_offset, payment=done.payment, reason="业主要求")
    papers = community.workplace.read(receipts_of_account, account=home, on=TODAY)
    assert [paper.status for paper in papers if not paper.number] == ["reversed"]
