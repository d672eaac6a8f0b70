"""One payment for several accounts, somebody else paying, and the payer's own designation (民法典 560)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text, update

from feedesk import models
from feedesk.errors import UserError
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.collecting import AdvanceWish, PaymentCollected, TenderGiven, collect_payment
from feedesk.ops.disputing import hold_charge
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.ops.refunding import refund_payment
from feedesk.ops.taking_back import void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.issued_receipts import IssuedReceipt, receipts_of_account
from feedesk.queries.other_units import other_units_of
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from feedesk.rules.allocation import DebtPart
from tests.community import TODAY, SmallCommunity, open_desk, small_community
from tests.databases import copied, make_template, write_setting
from tests.ops.test_paying_at_once import CUT, FIVE, MONTH, Home


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


@dataclass(frozen=True, slots=True)
class Three:
    """Two homes and a parking space that each owe 100.00 of October and of November; the first has a late fee."""

    home: int
    other: int
    parking: int
    charges: dict[tuple[str, str], int]

    def all(self) -> tuple[int, int, int]:
        return self.home, self.other, self.parking


def three(community: SmallCommunity) -> Three:
    accounts = {code: community.unit(code, resident=f"样{code}") for code in ("1-1-101", "1-1-102", "B1-001")}
    charges = {
        (code, period): community.charge(account, "物业费", period, 10000, due=due)
        for code, account in accounts.items()
        for period, due in (("2026-10", date(2026, 10, 14)), ("2026-11", date(2026, 11, 30)))
    }
    home, other, parking = accounts.values()
    return Three(home, other, parking, charges)


def with_late_fees(community: SmallCommunity) -> Three:
    """The same at 0.1 % a day: each October is 40 days late, 4.00 more."""
    terms = RuleTerms(daily_rate=Fraction("0.001"))
    community.run(add_late_fee_rule, item="物业费", terms=terms, valid_from=date(2026, 1, 1))
    return three(community)


def due(community: SmallCommunity, account: int) -> int:
    return community.workplace.read(statement, account=account, on=TODAY).total_due


def history(community: SmallCommunity, account: int) -> Sequence[IssuedReceipt]:
    return community.workplace.read(receipts_of_account, account=account, on=TODAY)


def basis(community: SmallCommunity, payment: int) -> tuple[str, str, str, str]:
    found = "SELECT kind, part, agreed_order, clause FROM allocation_basis WHERE payment_id = :payment"
    with community.database.reading() as connection:
        row = connection.execute(text(found), {"payment": payment}).one()
    return row[0], row[1], row[2], row[3]


def assert_sound(community: SmallCommunity) -> None:
    with community.database.reading() as connection:
        assert verify_everything(connection).problems == ()


def paid_together(community: SmallCommunity, there: Three, amount: int = 60000, **facts: Any) -> PaymentCollected:
    also = [there.other, there.parking]
    return community.run(collect_payment, account=there.home, also=also, tenders=[cash(amount)], **facts)


class TestSeveralAccounts:
    def test_one_receipt_names_every_unit(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = paid_together(community, there)
        assert (paid.total, paid.balance_after) == (60000, 0)
        assert [due(community, one) for one in there.all()] == [0, 0, 0]
        document = community.workplace.read(find_receipt, number=paid.receipt).document
        assert (document.unit, document.other_units) == ("1-1-101", ("1-1-102", "B1-001"))
        assert [(line.unit, line.amount) for line in document.lines] == [
            ("1-1-101", 20000),
            ("1-1-102", 20000),
            ("B1-001", 20000),
        ]
        for account in there.all():
            assert [one.number for one in history(community, account)] == [paid.receipt]
            assert community.balance("1122.物业费", account) == 0
        assert_sound(community)

    def test_a_part_payment_goes_oldest_first_across_all(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = paid_together(community, there, 35000, part=True)
        assert [(one.period, one.principal) for one in paid.allocations] == [
            ("2026-10", 10000),
            ("2026-10", 10000),
            ("2026-10", 10000),
            ("2026-11", 5000),
        ]
        assert [due(community, one) for one in there.all()] == [5000, 10000, 10000]
        assert paid.balance_after == 25000
        assert basis(community, paid.payment)[0] == "agreed"

    def test_the_change_kept_is_the_first_accounts(self, community: SmallCommunity) -> None:
        there = three(community)
        paid_together(community, there, 61234, keep_change=True)
        held = [community.workplace.read(statement, account=one, on=TODAY).prepaid for one in there.all()]
        assert held == [1234, 0, 0]
        # What the first account has prepaid pays for the others too; theirs is not touched.
        community.charge(there.other, "水费", "2026-11", 1000)
        prepaid = [TenderGiven("prepaid", Fen(1000))]
        community.run(collect_payment, account=there.home, also=[there.other], tenders=prepaid)
        assert community.balance("2203.预存", there.home) == -234
        assert_sound(community)

    def test_an_account_named_twice_is_paid_once(self, community: SmallCommunity) -> None:
        there = three(community)
        also = [there.other, there.home, there.other]
        paid = community.run(collect_payment, account=there.home, also=also, tenders=[cash(40000)])
        assert len(paid.allocations) == 4

    def test_the_same_request_is_one_payment(self, community: SmallCommunity) -> None:
        there = three(community)
        first = paid_together(community, there, key="K")
        again = paid_together(community, there, key="K")
        assert again.replayed
        assert again.receipt == first.receipt
        with pytest.raises(UserError) as caught:
            community.run(collect_payment, account=there.home, tenders=[cash(60000)], key="K")
        assert caught.value.code == "request_key_used"

    def test_a_void_opens_all_of_them_again(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = paid_together(community, there)
        community.run(void_payment, receipt=paid.receipt, reason="收错")
        assert [due(community, one) for one in there.all()] == [20000, 20000, 20000]
        assert [one.status for account in there.all() for one in history(community, account)] == ["void"] * 3
        assert_sound(community)

    def test_a_refund_opens_the_latest_and_stands_in_every_history(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = paid_together(community, there)
        desk = replace(community.workplace, approver="样例经理")
        back = desk.run_op(refund_payment, receipt=paid.receipt, tender=cash(15000), reason="多收")
        assert [due(community, one) for one in there.all()] == [0, 5000, 10000]
        document = community.workplace.read(find_receipt, number=back.receipt).document
        assert document.still_owed == 15000
        assert [len(history(community, one)) for one in there.all()] == [1 + 1, 1 + 1, 1 + 1]
        assert_sound(community)

    def test_all_of_it_goes_to_another_account(self, community: SmallCommunity) -> None:
        there = three(community)
        community.charge(there.other, "水费", "2026-11", 30000)
        paid = community.run(
            collect_payment, account=there.home, also=[there.parking], tenders=[cash(40000)], payer="样例朋友"
        )
        moved = community.run(transfer_payment, receipt=paid.receipt, account=there.other, reason="收错户")
        assert [due(community, one) for one in there.all()] == [20000, 10000, 20000]
        assert [one.status for one in history(community, there.parking)] == ["transferred"]
        document = community.workplace.read(find_receipt, number=moved.receipt).document
        assert (document.payer, document.other_units) == ("样例朋友", ())
        assert_sound(community)

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            ({"also": [99]}, "unknown_account"),
            ({"also": [2], "charges": [99]}, "charge_not_open"),
            ({"also": [2], "charges": [5]}, "charge_not_open"),  # of the parking space, which is not paid for
            ({"also": [2]}, "tender_short"),
            ({"also": [2], "tenders": [TenderGiven("wechat", Fen(40001))]}, "tender_too_much"),
            ({"also": [2], "tenders": [TenderGiven("prepaid", Fen(40000))]}, "prepayment_too_small"),
            (
                {"also": [2], "only": DebtPart.PRINCIPAL, "advances": [AdvanceWish("物业费", 3)]},
                "ahead_with_both_parts",
            ),
            ({"also": [2], "only": DebtPart.LATE_FEE}, "nothing_due"),
        ],
    )
    def test_what_is_refused_changes_nothing(self, community: SmallCommunity, facts: dict[str, Any], code: str) -> None:
        there = three(community)
        with pytest.raises(UserError) as caught:
            community.run(collect_payment, account=there.home, **{"tenders": [cash(30000)], **facts})
        assert caught.value.code == code
        assert [due(community, one) for one in there.all()] == [20000, 20000, 20000]
        assert history(community, there.home) == ()

    def test_nothing_due_anywhere(self, community: SmallCommunity) -> None:
        there = three(community)
        paid_together(community, there)
        with pytest.raises(UserError, match="1-1-101、1-1-102"):
            community.run(collect_payment, account=there.home, also=[there.other], tenders=[cash(100)])


class TestPayer:
    def test_somebody_else_stands_on_the_receipt(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = paid_together(community, there, payer="样例亲戚")
        assert community.workplace.read(find_receipt, number=paid.receipt).document.payer == "样例亲戚"
        assert [one.payer for one in history(community, there.parking)] == ["样例亲戚"]

    def test_else_it_is_the_first_accounts_payer(self, community: SmallCommunity) -> None:
        there = three(community)
        assert paid_together(community, there).receipt
        assert [one.payer for one in history(community, there.parking)] == ["样1-1-101"]


class TestDesignation:
    def test_a_later_charge_before_an_older_one(self, community: SmallCommunity) -> None:
        there = three(community)
        chosen = [there.charges["1-1-101", "2026-11"]]
        paid = community.run(collect_payment, account=there.home, tenders=[cash(10000)], charges=chosen)
        assert basis(community, paid.payment) == ("designated", "", "principal_first", "")
        document = community.workplace.read(find_receipt, number=paid.receipt).document
        assert document.remark == "按缴费人指定"
        assert [one.basis for one in history(community, there.home)] == ["designated"]

    def test_another_account_before_an_older_debt_of_the_first(self, community: SmallCommunity) -> None:
        there = three(community)
        chosen = [there.charges["1-1-102", "2026-10"], there.charges["1-1-102", "2026-11"]]
        paid = paid_together(community, there, 20000, charges=chosen)
        assert basis(community, paid.payment)[0] == "designated"
        assert [due(community, one) for one in there.all()] == [20000, 0, 20000]

    def test_all_ticked_is_the_agreed_order_with_its_clause(self, community: SmallCommunity) -> None:
        there = three(community)
        value = '{"order": "late_fee_first", "clause": "物业服务合同第12条"}'
        write_setting(community.database, "allocation_order", value)
        paid = paid_together(community, there, charges=list(there.charges.values()))
        assert basis(community, paid.payment) == ("agreed", "", "late_fee_first", "物业服务合同第12条")
        assert community.workplace.read(find_receipt, number=paid.receipt).document.remark == ""
        assert [(one.basis, one.clause) for one in history(community, there.other)] == [
            ("agreed", "物业服务合同第12条")
        ]

    def test_a_charge_to_come_after_all_that_is_due_is_no_designation(self, community: SmallCommunity) -> None:
        there = three(community)
        ahead = community.charge(there.home, "物业费", "2026-12", 10000)
        mine = [there.charges["1-1-101", period] for period in ("2026-10", "2026-11")]
        paid = community.run(collect_payment, account=there.home, tenders=[cash(30000)], charges=[*mine, ahead])
        assert basis(community, paid.payment)[0] == "agreed"

    def test_the_oldest_with_its_late_fee_is_no_designation(self, community: SmallCommunity) -> None:
        """What is due only later than all that is paid could not have been settled before it."""
        there = with_late_fees(community)
        oldest = [there.charges["1-1-101", "2026-10"]]
        paid = community.run(collect_payment, account=there.home, tenders=[cash(10400)], charges=oldest)
        assert basis(community, paid.payment)[0] == "agreed"

    def test_one_of_two_as_old_with_its_late_fee_is_one(self, community: SmallCommunity) -> None:
        there = with_late_fees(community)
        mine = [there.charges["1-1-101", "2026-10"]]
        paid = paid_together(community, there, 10400, charges=mine)
        assert basis(community, paid.payment)[0] == "designated"

    def test_a_disputed_charge_paid_all_the_same(self, community: SmallCommunity) -> None:
        there = three(community)
        held = there.charges["1-1-101", "2026-10"]
        community.run(hold_charge, charges=[held], reason="漏水未修")
        paid = community.run(collect_payment, account=there.home, tenders=[cash(10000)], charges=[held])
        assert basis(community, paid.payment)[0] == "designated"

    def test_the_undisputed_rest_is_the_agreed_order(self, community: SmallCommunity) -> None:
        there = three(community)
        community.run(hold_charge, charges=[there.charges["1-1-101", "2026-10"]], reason="漏水未修")
        paid = community.run(collect_payment, account=there.home, tenders=[cash(10000)])
        assert basis(community, paid.payment)[0] == "agreed"

    def test_a_prepayment_rests_on_nothing(self, community: SmallCommunity) -> None:
        there = three(community)
        paid = community.run(collect_payment, account=there.home, tenders=[cash(500)], prepay=Fen(500), charges=())
        assert history(community, there.home)[0].basis == ""
        assert paid.allocations == ()
        assert_sound(community)


class TestOnePartAlone:
    def test_the_late_fees_alone(self, community: SmallCommunity) -> None:
        there = with_late_fees(community)
        paid = paid_together(community, there, 1200, only=DebtPart.LATE_FEE)
        assert [(one.principal, one.late_fee) for one in paid.allocations] == [(0, 400)] * 3
        assert basis(community, paid.payment)[:2] == ("designated", "late_fee")
        document = community.workplace.read(find_receipt, number=paid.receipt).document
        assert document.remark == "按缴费人指定，只抵违约金"
        assert document.other_units == ("1-1-102", "B1-001")
        assert [due(community, one) for one in there.all()] == [20000] * 3
        assert_sound(community)

    def test_the_principal_alone_leaves_the_late_fees(self, community: SmallCommunity) -> None:
        there = with_late_fees(community)
        paid = paid_together(community, there, 60000, only=DebtPart.PRINCIPAL)
        assert paid.balance_after == 1200
        assert basis(community, paid.payment)[:2] == ("designated", "principal")
        assert [due(community, one) for one in there.all()] == [400] * 3
        assert_sound(community)

    def test_a_part_of_the_late_fees(self, community: SmallCommunity) -> None:
        there = with_late_fees(community)
        paid = paid_together(community, there, 500, only=DebtPart.LATE_FEE, part=True)
        assert [one.late_fee for one in paid.allocations] == [400, 100]
        with pytest.raises(UserError) as caught:
            paid_together(community, there, 500, only=DebtPart.LATE_FEE)
        assert caught.value.code == "tender_short"

    def test_both_in_the_agreed_order_is_no_designation(self, community: SmallCommunity) -> None:
        there = with_late_fees(community)
        assert basis(community, paid_together(community, there, 61200).payment)[0] == "agreed"
        assert_sound(community)


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SmallCommunity, Three]]:
    """The three with late fees, on which payments are only tried."""
    folder = tmp_path_factory.mktemp("together")
    database = copied(make_template(folder), folder / "ledger.sqlite")
    community = small_community(database)
    open_desk(community, Fen(50000))
    yield community, with_late_fees(community)
    database.dispose()


@settings(max_examples=60, deadline=None)
@given(
    places=st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True),
    ticked=st.none() | st.sets(st.integers(0, 5), min_size=1),
    only=st.sampled_from([None, *DebtPart]),
    amount=st.integers(1, 70000).map(Fen),
)
def test_the_allocation_sums_to_the_payment_over_any_accounts(
    street: tuple[SmallCommunity, Three],
    places: list[int],
    ticked: set[int] | None,
    only: DebtPart | None,
    amount: Fen,
) -> None:
    """What is above the debts named goes into the first account's prepayment."""
    community, there = street
    accounts = [there.all()[place] for place in places]
    owed = [
        charge
        for account in accounts
        for charge in community.workplace.read(statement, account=account, on=TODAY).charges
    ]
    charges = list(there.charges.values())
    if ticked is not None:
        owed = [charge for charge in owed if charge.id in {charges[place] for place in ticked}]
    principal = 0 if only == "late_fee" else sum(charge.principal for charge in owed)
    late_fees = 0 if only == "principal" else sum(charge.late_fee_due for charge in owed)
    facts = {
        "account": accounts[0],
        "also": accounts[1:],
        "charges": None if ticked is None else [charge.id for charge in owed],
        "only": only,
        "tenders": [TenderGiven("cash", amount)],
        "part": True,
        "keep_change": True,
    }
    if not principal + late_fees:
        with pytest.raises(UserError, match="没有"):
            community.workplace.try_op(collect_payment, **facts)
        return
    paid = community.workplace.try_op(collect_payment, **facts)
    settled = sum(one.principal + one.late_fee for one in paid.allocations)
    assert settled == min(amount, principal + late_fees)
    assert paid.total == amount
    assert {one.charge for one in paid.allocations} <= {charge.id for charge in owed}
    assert sum(one.principal for one in paid.allocations) <= principal
    assert sum(one.late_fee for one in paid.allocations) <= late_fees


class TestYearAtOnce:
    """What is conceded where a year is settled at once (一次性付清)."""

    def test_it_is_no_designation(self, community: SmallCommunity) -> None:
        home = Home(community, FIVE)
        home.bill("2026-12", 12)
        paid = home.pay(12 * MONTH - CUT)
        assert basis(community, paid.payment)[0] == "agreed"
        home.sound()

    def test_it_is_for_one_household_alone(self, community: SmallCommunity) -> None:
        home = Home(community, FIVE)
        home.bill("2026-12", 12)
        other = community.unit("1-1-102")
        charges = [one.id for one in home.state().charges]
        named = [*charges, community.charge(other, "物业费", "2026-11", 10000)]
        with pytest.raises(UserError) as caught:
            home.pay(12 * MONTH - CUT + 10000, also=[other], charges=named)
        assert caught.value.code == "tender_short"
        paid = home.pay(12 * MONTH + 10000, also=[other], charges=named)
        assert paid.balance_after == 0
        home.sound()


class TestOtherUnits:
    def test_a_person_over_several_units(self, community: SmallCommunity) -> None:
        there = three(community)
        same_person(community, there.home, there.other, there.parking)
        found = community.workplace.read(other_units_of, account=there.home, on=TODAY)
        assert [(one.account.unit, one.due) for one in found] == [("1-1-102", 20000), ("B1-001", 20000)]
        community.run(collect_payment, account=there.other, tenders=[cash(20000)])
        found = community.workplace.read(other_units_of, account=there.home, on=TODAY)
        assert [(one.account.unit, one.due) for one in found] == [("B1-001", 20000), ("1-1-102", 0)]

    def test_an_ended_account_only_while_it_owes(self, community: SmallCommunity) -> None:
        there = three(community)
        same_person(community, there.home, there.other)
        account = table_of(models.Account)
        with community.database.transaction() as connection:
            ended = update(account).where(account.c.id == there.other).values(to_date=date(2026, 11, 1))
            connection.execute(ended)
        assert len(community.workplace.read(other_units_of, account=there.home, on=TODAY)) == 1
        community.run(collect_payment, account=there.other, tenders=[cash(20000)])
        assert community.workplace.read(other_units_of, account=there.home, on=TODAY) == []

    def test_a_developers_units_are_not_counted(self, community: SmallCommunity) -> None:
        there = three(community)
        same_person(community, there.home, there.other)
        account = table_of(models.Account)
        with community.database.transaction() as connection:
            connection.execute(update(account).where(account.c.id == there.home).values(developer=True))
        assert community.workplace.read(other_units_of, account=there.home, on=TODAY) == []
        assert community.workplace.read(other_units_of, account=there.other, on=TODAY) == []


def same_person(community: SmallCommunity, first: int, *others: int) -> None:
    """The payer of one account pays for the others too (one 客户编号)."""
    account = table_of(models.Account)
    payer = community.value(account, "payer_id", id=first)
    with community.database.transaction() as connection:
        connection.execute(update(account).where(account.c.id.in_(others)).values(payer_id=payer))
