"""Two desks at the same ledger at the same time, in processes of their own: nothing is done twice."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from feedesk.db import Database
from feedesk.models import BillingRun, Charge, Payment, Receipt, Setting, Staff, table_of
from feedesk.money import Fen
from feedesk.ops.adjusting import add_charge
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.periods import Period
from feedesk.queries.statement import statement
from feedesk.queries.unclaimed import open_unclaimed
from feedesk.queries.verification import verify_everything
from tests.scenarios.rivals import race, race_of
from tests.scenarios.street import HOMES, OWED, TODAY, street

OCTOBER_BILL = 12000
"""What October comes to for each home: 80 ㎡ at 1.50."""

_charge, _payment, _receipt = (table_of(model) for model in (Charge, Payment, Receipt))


def read(database: Database, statement: Any) -> list[Any]:
    with database.reading() as connection:
        return [row[0] if len(row) == 1 else tuple(row) for row in connection.execute(statement)]


def assert_sound(database: Database) -> None:
    with database.reading() as connection:
        assert verify_everything(connection).problems == ()


@pytest.mark.parametrize("tills", [(1, 1), (1, 2)], ids=["one till", "two tills"])
def test_each_home_pays_once_however_many_desks_take_it(ledger_database: Database, tills: tuple[int, int]) -> None:
    street(ledger_database)
    told = race(ledger_database, "pay_each_home", tills)
    receipts = []
    for account in range(1, HOMES + 1):
        outcomes = sorted(result for outcome in told for home, result in outcome if home == account)
        assert len(outcomes) == 2
        assert [outcome == "nothing_due" for outcome in outcomes] == [False, True], outcomes
        receipts.append(outcomes[0])
    assert sorted(read(ledger_database, select(_receipt.c.code))) == sorted(receipts)
    assert read(ledger_database, select(_charge.c.status).distinct()) == ["settled"]
    for till in {1, 2}:
        numbers = read(ledger_database, select(_receipt.c.number).where(_receipt.c.code.contains(f"-{till}-")))
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert_sound(ledger_database)


def test_two_homes_in_one_payment_are_paid_once_whichever_comes_first(ledger_database: Database) -> None:
    """Each till begins with the other home of the pair, so that they meet in the middle."""
    street(ledger_database)
    told = race(ledger_database, "pay_in_pairs", (1, 2))
    receipts = []
    for pair in range(1, HOMES, 2):
        outcomes = sorted(result for outcome in told for home, result in outcome if home == pair)
        assert len(outcomes) == 2
        assert [outcome == "nothing_due" for outcome in outcomes] == [False, True], outcomes
        receipts.append(outcomes[0])
    assert sorted(read(ledger_database, select(_receipt.c.code))) == sorted(receipts)
    assert read(ledger_database, select(_charge.c.status).distinct()) == ["settled"]
    assert sum(read(ledger_database, select(_charge.c.paid))) == HOMES * OWED
    assert_sound(ledger_database)


def test_parts_and_voids_at_two_desks_come_to_what_is_owed(ledger_database: Database) -> None:
    """Beside a third program that bills and offsets: in the end every charge is paid, and just once."""
    desk = street(ledger_database)
    for account in range(1, HOMES + 1):
        prepaid = [TenderGiven("card", Fen(1000), f"K{account}")]
        desk.run_op(collect_payment, account=account, tenders=prepaid, prepay=Fen(1000), charges=[])
    *desks, office = race_of(ledger_database, [("pay_and_void", 1), ("pay_and_void", 2), ("bill_and_offset", 1)])
    assert [billed[0] for billed in office] == [HOMES, 0, 0]
    desk.run_op(collect_payment, account=1, tenders=[TenderGiven("cash", Fen(1))], prepay=Fen(1), charges=[])
    left = [desk.read(statement, account=home, on=TODAY).total_due for home in range(1, HOMES + 1)]
    owed = HOMES * (OWED + OCTOBER_BILL)
    at_the_desks = sum(amount for outcomes in desks for _what, _home, amount in outcomes)
    offset = sum(total for _posted, _accounts, total in office)
    assert at_the_desks + offset + sum(left) == owed
    assert sum(read(ledger_database, select(_charge.c.paid))) == owed - sum(left)
    over = _charge.c.gross - _charge.c.discount < _charge.c.paid
    assert read(ledger_database, select(_charge.c.id).where(over)) == []
    refusals = {what for outcomes in desks for what, _home, _amount in outcomes} - {"payment", "void"}
    assert refusals <= {"nothing_due", "tender_too_much", "tender_short", "reference_used"}
    assert_sound(ledger_database)


@pytest.mark.parametrize("tills", [(1, 1), (1, 2)], ids=["one till", "two tills"])
def test_money_of_unknown_origin_is_claimed_once(ledger_database: Database, tills: tuple[int, int]) -> None:
    """Two cashiers claim the same items at once, for the same homes or for different ones: one of them comes late."""
    desk = street(ledger_database)
    for number in range(HOMES):
        came = TenderGiven("transfer", Fen(OWED), f"Z{number}")
        desk.run_op(post_unclaimed, tender=came, value_date=TODAY, remark="物业费")
    told = race(ledger_database, "claim_each", tills)
    for number in range(1, HOMES + 1):
        outcomes = [receipt for outcome in told for item, _home, receipt in outcome if item == number]
        assert sorted(one == "nothing_left_to_claim" for one in outcomes) == [False, True], outcomes
    assert desk.read(open_unclaimed) == ()
    owed = HOMES * OWED
    left = sum(desk.read(statement, account=home, on=TODAY).total_due for home in range(1, HOMES + 1))
    prepaid = sum(desk.read(statement, account=home, on=TODAY).prepaid for home in range(1, HOMES + 1))
    assert left == prepaid == owed - sum(read(ledger_database, select(_charge.c.paid)))
    assert_sound(ledger_database)


def test_one_request_is_one_payment_whoever_sends_it(ledger_database: Database) -> None:
    street(ledger_database)
    one, other = race(ledger_database, "pay_with_keys")
    assert one == other
    assert len({receipt for receipt, _total in one}) == 5
    assert read(ledger_database, select(func.count()).select_from(_payment)) == [5]
    assert_sound(ledger_database)


def test_a_receipt_voided_by_two_at_once_is_voided_once(ledger_database: Database) -> None:
    desk = street(ledger_database)
    for account in range(1, 6):
        desk.run_op(collect_payment, account=account, tenders=[TenderGiven("cash", Fen(OWED))])
    told = race(ledger_database, "void_each")
    for number in range(1, 6):
        outcomes = [result for outcome in told for receipt, result in outcome if receipt == number]
        assert sorted(map(str, outcomes)) == [str(-OWED), "already_taken_back"]
    assert read(ledger_database, select(_charge.c.status).distinct()) == ["open"]
    assert_sound(ledger_database)


def test_a_period_billed_by_two_at_once_is_billed_once(ledger_database: Database) -> None:
    street(ledger_database)
    (one,), (other,) = race(ledger_database, "bill")
    assert sorted([one, other]) == [[0, HOMES], [HOMES, 0]]
    assert read(ledger_database, select(BillingRun.count)) == [HOMES]
    assert_sound(ledger_database)


def test_a_period_billed_in_two_ways_at_once_is_billed_once(ledger_database: Database) -> None:
    """The second finds what the first posted, whichever of them is the first."""
    street(ledger_database)
    (one,), (other,) = race(ledger_database, "bill_in_two_ways", (1, 2))
    assert sorted([one, other]) == [[0, HOMES], [HOMES, 0]]
    assert_sound(ledger_database)


def test_what_the_office_does_twice_at_once_is_done_once(ledger_database: Database) -> None:
    """A charge is split once, a prepayment settles once, deferred revenue is released once."""
    desk = replace(street(ledger_database), approver="样例经理")
    quarter = {"item": "物业费", "period": Period.parse("2026Q4"), "amount": Fen(9200), "reason": "漏算"}
    for account in range(1, HOMES + 1):
        prepaid = [TenderGiven("wechat", Fen(6000), f"WX{account}")]
        desk.run_op(collect_payment, account=account, tenders=prepaid, prepay=Fen(6000), charges=[])
        desk.run_op(add_charge, account=account, **quarter)
    one, other = race(ledger_database, "office_work")
    for outcomes in zip(one[0], other[0], strict=True):
        assert sorted(map(str, outcomes)) == ["2", "only_open_charges_are_replaced"]
    assert [one[1][place] + other[1][place] for place in (0, 1)] == [HOMES, HOMES * 6000]
    assert sorted([one[2], other[2]]) == [0, HOMES * 6100]
    assert_sound(ledger_database)


def test_a_ledger_created_by_two_at_once_is_created_once(empty_database: Database) -> None:
    told = race(empty_database, "create")
    assert sorted(told) == [[False], [True]]
    empty_database.open()
    assert read(empty_database, select(func.count()).select_from(table_of(Staff))) == [6]
    assert len(read(empty_database, select(table_of(Setting).c.key))) == 2
    assert_sound(empty_database)
