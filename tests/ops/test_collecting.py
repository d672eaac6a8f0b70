"""Taking money at the desk."""

from dataclasses import replace
from datetime import date

import pytest

from feedesk import models
from feedesk.errors import UserError
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops import collecting, from_prepayment
from feedesk.ops.collecting import PaymentCollected, TenderGiven, collect_payment
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import TodayOnlyInTraining, UnknownStaff, Workplace
from feedesk.queries.accounts import UnknownAccount
from feedesk.queries.desk import ShiftNotOpen, UnknownTill
from feedesk.queries.receipts import find_receipt
from feedesk.queries.statement import statement
from feedesk.rules.tenders import TenderShort, TenderTooMuch
from tests.community import TODAY, SmallCommunity, picture_home


def cash(amount: int) -> TenderGiven:
    return TenderGiven("cash", Fen(amount))


def owed(community: SmallCommunity, account: int, on: date = TODAY) -> int:
    return community.workplace.read(statement, account=account, on=on, household_too=True).total_due


def nothing_happened(community: SmallCommunity) -> None:
    assert community.balance("1001.T1") == 50000
    with community.database.reading() as connection:
        assert connection.execute(table_of(models.Payment).select()).all() == []
        assert connection.execute(table_of(models.ReceiptBook).select()).all() == []


def test_the_picture_paid_in_cash(community: SmallCommunity) -> None:
    home = picture_home(community)
    paid = community.run(
        collect_payment, account=home.dwelling, tenders=[cash(200000)], household_too=True, print_slip=True
    )
    assert (paid.receipt, paid.total, paid.change, paid.rounding) == ("SJ-2026-1-000001", 197940, 2060, 8)
    assert paid.balance_after == 0
    assert owed(community, home.dwelling) == 0
    assert community.balance("1001.T1") == 50000 + 197940
    assert community.balance("6711.抹零") == 8
    for item in ("物业费", "车位服务费", "水费", "公摊电费"):
        assert community.balance(f"1122.{item}") == 0
    document = community.workplace.read(find_receipt, number=paid.receipt).document
    assert [(line.item, line.periods, line.amount) for line in document.lines] == [
        ("物业费", "2026-08~11", 99388),
        ("公摊电费", "2026-08", 3696),
        ("车位服务费", "2026-09~11", 90000),
        ("水费", "2026-09", 4864),
    ]
    assert document.lines[0].details == ("98.60㎡×2.80×4=1,104.32", "老年减免10% −110.44")
    assert document.in_words == "人民币壹仟玖佰柒拾玖元肆角"
    assert document.training


def test_the_default_is_this_period_and_earlier_oldest_first(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    for period in ("2026-12", "2026-11", "2026-10"):
        community.charge(account, "物业费", period, 10000)
    paid = community.run(collect_payment, account=account, tenders=[cash(20000)])
    assert [one.period for one in paid.allocations] == ["2026-10", "2026-11"]
    assert paid.balance_after == 10000


def test_a_part_payment_pays_the_oldest_first(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    old, new = (community.charge(account, "物业费", period, 10000) for period in ("2026-10", "2026-11"))
    with pytest.raises(TenderShort):
        community.run(collect_payment, account=account, tenders=[cash(15000)])
    nothing_happened(community)
    paid = community.run(collect_payment, account=account, tenders=[cash(15000)], part=True)
    assert [(one.charge, one.principal) for one in paid.allocations] == [(old, 10000), (new, 5000)]
    charge = table_of(models.Charge)
    assert community.value(charge, "status", id=old) == "settled"
    assert (community.value(charge, "status", id=new), community.value(charge, "paid", id=new)) == ("open", 5000)
    rest = community.run(collect_payment, account=account, tenders=[cash(5000)])
    assert rest.balance_after == 0
    assert rest.receipt == "SJ-2026-1-000002"


def test_the_payers_own_designation(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-10", 10000)
    new = community.charge(account, "物业费", "2026-12", 10000)
    paid = community.run(collect_payment, account=account, tenders=[cash(10000)], charges=[new])
    assert [one.charge for one in paid.allocations] == [new]


def test_several_tenders_in_one_payment(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10001)
    tenders = [TenderGiven("wechat", Fen(5000), "W1"), TenderGiven("alipay", Fen(3000), "W1"), cash(3000)]
    paid = community.run(collect_payment, account=account, tenders=tenders)
    assert (paid.total, paid.tendered, paid.change, paid.rounding) == (10000, 11000, 1000, 1)
    assert community.balance("1012.wechat") == 5000
    assert community.balance("1012.alipay") == 3000
    assert community.balance("1001.T1") == 52000


def test_prepayments_come_in_and_are_used(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    first = community.run(collect_payment, account=account, tenders=[cash(30000)], prepay=Fen(30000))
    assert first.allocations == ()
    assert community.balance("2203.预存", account) == -30000
    community.charge(account, "物业费", "2026-11", 10000)
    prepaid = TenderGiven("prepaid", Fen(10000))
    used = community.run(collect_payment, account=account, tenders=[prepaid])
    assert used.balance_after == 0
    assert community.balance("2203.预存", account) == -20000
    assert community.workplace.read(find_receipt, number=used.receipt).document.prepaid_balance == 20000
    community.charge(account, "物业费", "2026-10", 20001)
    with pytest.raises(from_prepayment.PrepaymentTooSmall):
        community.run(collect_payment, account=account, tenders=[TenderGiven("prepaid", Fen(20001))])


def test_change_is_kept_as_prepayment_to_the_fen(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 9999)
    paid = community.run(collect_payment, account=account, tenders=[cash(10000)], keep_change=True)
    assert (paid.total, paid.change, paid.rounding) == (10000, 0, 0)
    assert community.balance("2203.预存", account) == -1


def test_deposits_are_held_apart(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    facts = {"account": account, "tenders": [cash(220000)], "deposits": [("装修押金", Fen(200000))]}
    paid = community.run(collect_payment, **facts, prepay=Fen(20000))
    assert paid.total == 220000
    assert community.balance("2241.押金.装修押金", account) == -200000
    state = community.workplace.read(statement, account=account, on=TODAY)
    assert (state.prepaid, state.deposits) == (20000, 200000)
    again = community.run(collect_payment, account=account, tenders=[cash(100)], deposits=[("装修押金", Fen(100))])
    assert again.receipt == "SJ-2026-1-000002"
    with pytest.raises(collecting.NotADeposit):
        community.run(collect_payment, account=account, tenders=[cash(100)], deposits=[("物业费", Fen(100))])


def test_what_is_prepaid_or_deposited_comes_on_top_of_what_is_open(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    charge = community.charge(account, "物业费", "2026-11", 10000)
    with pytest.raises(TenderShort):
        community.run(collect_payment, account=account, tenders=[cash(14000)], prepay=Fen(5000))
    alone = community.run(collect_payment, account=account, tenders=[cash(5000)], prepay=Fen(5000))
    assert (alone.total, alone.allocations, alone.balance_after) == (5000, (), 10000)
    both = community.run(
        collect_payment, account=account, tenders=[cash(20000)], prepay=Fen(5000), deposits=[("装修押金", Fen(1000))]
    )
    assert (both.total, both.change, both.balance_after) == (16000, 4000, 0)
    assert [(done.charge, done.principal) for done in both.allocations] == [(charge, 10000)]
    assert community.balance("2203.预存", account) == -10000


def test_a_part_payment_cannot_leave_a_named_sum_short(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    with pytest.raises(TenderShort):
        community.run(collect_payment, account=account, tenders=[cash(50)], prepay=Fen(100), part=True)
    nothing_happened(community)


def test_the_same_key_is_the_same_payment(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    request = {"account": account, "tenders": [cash(10000)], "key": "k1", "print_slip": True}
    first: PaymentCollected = community.run(collect_payment, **request)
    again: PaymentCollected = community.run(collect_payment, **request)
    assert again == replace(first, replayed=True, job=None)
    assert community.balance("1001.T1") == 60000
    with pytest.raises(collecting.RequestKeyUsed):
        community.run(collect_payment, account=account, tenders=[cash(10001)], key="k1")


def test_a_reference_is_not_taken_twice(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    tender = TenderGiven("wechat", Fen(5000), "4200001")
    community.charge(account, "物业费", "2026-11", 20000)
    community.run(collect_payment, account=account, tenders=[tender], part=True)
    with pytest.raises(collecting.ReferenceUsed, match="SJ-2026-1-000001"):
        community.run(collect_payment, account=account, tenders=[tender], part=True)
    twice = [TenderGiven("alipay", Fen(100), "A"), TenderGiven("alipay", Fen(100), "A")]
    with pytest.raises(collecting.ReferenceUsed):
        community.run(collect_payment, account=account, tenders=twice, part=True)
    community.run(collect_payment, account=account, tenders=[tender], part=True, same_reference=True)
    assert community.balance("1012.wechat") == 10000


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"tenders": [TenderGiven("gold", Fen(100))]}, collecting.UnknownTender),
        ({"tenders": [cash(0)]}, collecting.AmountNotPositive),
        ({"tenders": [cash(-100)]}, collecting.AmountNotPositive),
        ({"tenders": [cash(9999)]}, TenderShort),
        ({"tenders": []}, TenderShort),
        ({"tenders": [TenderGiven("wechat", Fen(10001))]}, TenderTooMuch),
        ({"tenders": [cash(10000)], "charges": [4711]}, collecting.ChargeNotOpen),
        ({"tenders": [cash(10000)], "charges": []}, collecting.NothingDue),
        ({"tenders": [cash(10000)], "account": 99}, UnknownAccount),
        ({"tenders": [cash(10000)], "till": 7}, UnknownTill),
        ({"tenders": [cash(10000)], "prepay": Fen(-1)}, collecting.AmountNotPositive),
        ({"tenders": [cash(10000)], "deposits": [("押金", Fen(0))]}, collecting.AmountNotPositive),
    ],
)
def test_what_is_refused_changes_nothing(
    community: SmallCommunity, facts: dict[str, object], error: type[UserError]
) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    with pytest.raises(error) as refusal:
        community.run(collect_payment, **{"account": account, **facts})
    assert str(refusal.value)
    nothing_happened(community)


def test_nothing_due(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    with pytest.raises(collecting.NothingDue, match="1-1-101"):
        community.run(collect_payment, account=account, tenders=[cash(100)])


def test_no_money_without_an_open_shift(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    community.add(models.Till, number=2, name="2 号台")
    with pytest.raises(ShiftNotOpen):
        community.run(collect_payment, account=account, tenders=[cash(10000)], till=2)


def test_who_may_take_money(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-11", 10000)
    for name, error in (("样例财务", NotPermitted), ("谁也不是", UnknownStaff)):
        with pytest.raises(error):
            replace(community.workplace, actor=name).run_op(collect_payment, account=account, tenders=[cash(10000)])
    nothing_happened(community)


def test_a_real_ledger_has_no_business_date_of_ones_choosing(community: SmallCommunity) -> None:
    setting = table_of(models.Setting)
    with community.database.transaction() as connection:
        connection.execute(setting.update().where(setting.c.key == "training").values(value="false"))
    with pytest.raises(TodayOnlyInTraining):
        community.run(collect_payment, account=1, tenders=[cash(1)])
    assert Workplace(community.database, "样例主管").business_date() >= date(2026, 1, 1)


def test_a_past_statement_leaves_out_what_was_paid_after(community: SmallCommunity) -> None:
    account = community.unit("1-1-101")
    community.charge(account, "物业费", "2026-10", 10000)
    community.run(collect_payment, account=account, tenders=[cash(4000)], part=True)
    assert owed(community, account) == 6000
    assert owed(community, account, date(2026, 11, 22)) == 10000
    assert owed(community, account, date(2026, 9, 30)) == 0
    everything = community.workplace.read(statement, account=account, on=TODAY, everything=True)
    assert [charge.paid for charge in everything.charges] == [4000]
