"""A change of hands undone: both accounts as before, and refused once something has happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.ledger.posting import DayIsClosed
from feedesk.money import Fen
from feedesk.ops import moving_back
from feedesk.ops.adjusting import add_charge
from feedesk.ops.billing import bill_period
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.importing import import_community
from feedesk.ops.moving import Carried, HandsChangedAlready, Newcomer
from feedesk.ops.moving_back import undo_change_of_hands
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.single_charges import ChangeApproverMissing, ChangeReasonMissing
from feedesk.ops.taking_back import reverse_payment, void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.periods import Period
from feedesk.queries.accounts import account_by_id
from feedesk.queries.hands import changes_of_hands
from feedesk.queries.search import build_index
from tests.ledger.whole_ledger import read_book
from tests.ops.test_moving import MID, SHEETS, TODAY, Home, cash

_PEOPLE = "SELECT unit_id, resident_id, role, from_date, to_date, pays FROM occupancy ORDER BY id"


@pytest.fixture
def home(ledger_database: Database) -> Home:
    return Home(ledger_database)


def undo(home: Home, account: int | None = None, **facts: Any) -> moving_back.HandsChangedBack:
    asked = {"account": account or home.account, "reason": "登记错房号"} | facts
    return home.desk.run_op(undo_change_of_hands, **asked)


def people(home: Home) -> list[Any]:
    with home.desk.database.reading() as connection:
        return list(connection.execute(text(_PEOPLE)).all())


def state(home: Home) -> object:
    """Everything that should be as it was: who lives there, what is owed and held, what is billed."""
    ref = home.desk.read(account_by_id, account=home.account)
    return people(home), home.owed(home.account), home.held(home.account), ref, home.at("1-1-101")


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"split_running": False},
        {"carried": Carried(Fen(12000), (("装修押金", Fen(30000)),)), "paper": "过户协议"},
        {"newcomer": Newcomer("李样", role="租户")},
        {"first_day": date(2026, 12, 11)},
    ],
)
def test_both_accounts_are_as_before(home: Home, facts: dict[str, Any]) -> None:
    before = state(home)
    done = home.move(**facts)
    back = undo(home)
    assert (back.kept, back.gone, back.payer) == (home.account, done.taken, "张样燕")
    assert state(home) == before
    assert home.owed(done.taken) == []
    assert home.held(done.taken) == (0, 0)
    assert home.desk.read(changes_of_hands) == ()
    assert home.sound()


def test_it_may_be_asked_from_the_new_account_too(home: Home) -> None:
    before = state(home)
    done = home.move()
    undo(home, done.taken)
    assert state(home) == before


def test_the_right_payer_can_come_then(home: Home) -> None:
    """The wrong person is undone, the right one comes, by days again; that one may be undone as well."""
    home.move()
    undo(home)
    done = home.move(newcomer=Newcomer("赵样"), first_day=date(2026, 11, 11))
    assert home.owed(done.taken)[0][1] == 20000
    assert home.at("1-1-101") == done.taken
    assert home.sound()
    undo(home)
    assert home.owed(home.account)[-1][1] == 30000
    again = home.move(newcomer=Newcomer("赵样", resident=home.desk.read(account_by_id, account=done.taken).resident_id))
    assert home.owed(again.taken)[0][1] == 15000
    assert home.sound()


def test_the_split_charge_is_paid_as_if_it_had_never_been_split(home: Home) -> None:
    home.move()
    undo(home)
    home.desk.run_op(collect_payment, account=home.account, tenders=[cash(60000)])
    assert home.owed(home.account) == []
    assert home.sound()


def test_an_import_says_nothing_of_an_undone_change(home: Home) -> None:
    home.move(split_running=False)
    undo(home)
    home.desk.run_op(import_community, book=read_book(SHEETS), dry_run=False)
    assert home.at("1-1-101") == home.account
    assert home.sound()


def test_nobody_finds_the_account_that_was_made(home: Home) -> None:
    home.move()
    undo(home)
    hits = home.desk.read(build_index, on=TODAY).search("lisy") + home.desk.read(build_index, on=TODAY).search("李样")
    assert hits == []


def _paid(home: Home, taken: int) -> None:
    home.desk.run_op(collect_payment, account=taken, tenders=[cash(100)], charges=(), prepay=Fen(100))


def _charged(home: Home, taken: int) -> None:
    home.desk.run_op(
        add_charge, account=taken, item="物业费", period=Period.parse("2026-11"), amount=Fen(100), reason="漏算"
    )


def _billed(home: Home, taken: int) -> None:
    assert home.desk.run_op(bill_period, period=Period.parse("2026-12")).posted == 1


def _old_part_paid(home: Home, taken: int) -> None:
    home.desk.run_op(collect_payment, account=home.account, tenders=[cash(45000)])


@pytest.mark.parametrize("happens", [_paid, _charged, _billed, _old_part_paid])
def test_refused_once_something_has_happened(home: Home, happens: Callable[[Home, int], None]) -> None:
    done = home.move()
    happens(home, done.taken)
    with pytest.raises(moving_back.SomethingHappenedSince, match="1-1-101"):
        undo(home)
    assert home.at("1-1-101") == done.taken
    assert home.sound()


def _voided(home: Home, taken: int) -> None:
    paid = home.desk.run_op(collect_payment, account=taken, tenders=[cash(15000)])
    home.desk.run_op(void_payment, receipt=paid.receipt, reason="收错")


def _tender_changed_and_voided(home: Home, taken: int) -> None:
    paid = home.desk.run_op(collect_payment, account=taken, tenders=[cash(15000)])
    right = [TenderGiven("wechat", Fen(15000), "W1")]
    home.desk.run_op(change_tender, receipt=paid.receipt, tenders=right, reason="选错")
    home.desk.run_op(void_payment, receipt=paid.receipt, reason="收错")


def _reversed_in_the_next_shift(home: Home, taken: int) -> None:
    deposits = [("装修押金", Fen(100))]
    paid = home.desk.run_op(collect_payment, account=taken, tenders=[cash(100)], charges=(), deposits=deposits)
    home.desk.run_op(close_shift)
    home.desk.run_op(open_shift, opening_float=Fen(10000))
    home.desk.run_op(reverse_payment, receipt=paid.receipt, reason="收错")


def _moved_to_a_neighbour(home: Home, taken: int) -> None:
    paid = home.desk.run_op(collect_payment, account=taken, tenders=[cash(100)], charges=(), prepay=Fen(100))
    home.desk.run_op(transfer_payment, receipt=paid.receipt, account=home.account, reason="收错户")


@pytest.mark.parametrize(
    "happens", [_voided, _tender_changed_and_voided, _reversed_in_the_next_shift, _moved_to_a_neighbour]
)
def test_a_payment_that_was_taken_back_is_not_in_the_way(home: Home, happens: Callable[[Home, int], None]) -> None:
    """Its paper stays, marked, with the account that was made."""
    before = people(home), home.owed(home.account)
    done = home.move()
    happens(home, done.taken)
    undo(home)
    assert (people(home), home.owed(home.account)) == before
    assert home.owed(done.taken) == []
    assert home.held(done.taken) == (0, 0)
    assert home.sound()


def test_a_payment_that_was_refunded_is_in_the_way(home: Home) -> None:
    done = home.move()
    paid = home.desk.run_op(collect_payment, account=done.taken, tenders=[cash(100)], charges=(), prepay=Fen(100))
    home.desk.run_op(refund_payment, receipt=paid.receipt, tender=cash(100), reason="多收")
    with pytest.raises(moving_back.SomethingHappenedSince):
        undo(home)


def test_refused_on_another_day_and_on_a_closed_one(home: Home) -> None:
    home.move()
    other = replace(home.desk, today=date(2026, 11, 24))
    with pytest.raises(moving_back.ChangeOfAnotherDay, match="2026-11-23"):
        other.run_op(undo_change_of_hands, account=home.account, reason="x")
    home.desk.run_op(close_shift)
    home.desk.run_op(close_day)
    with pytest.raises(DayIsClosed):
        undo(home)


def test_refused_without_a_change_or_a_second_time(home: Home) -> None:
    with pytest.raises(moving_back.NoChangeToUndo):
        undo(home)
    home.move()
    undo(home)
    with pytest.raises(moving_back.NoChangeToUndo):
        undo(home)


def test_refused_without_reason_approver_or_right(home: Home) -> None:
    home.move()
    with pytest.raises(ChangeReasonMissing):
        undo(home, reason=" ")
    for seat, error in (
        (replace(home.desk, approver=None), ChangeApproverMissing),
        (replace(home.desk, approver=home.desk.actor), ChangeApproverMissing),
        (replace(home.desk, approver="样例收费员"), NotPermitted),
    ):
        wanted: type[UserError] = error
        with pytest.raises(wanted):
            seat.run_op(undo_change_of_hands, account=home.account, reason="x")
    with pytest.raises(HandsChangedAlready):
        home.move(newcomer=Newcomer("赵样"), first_day=date(2026, 11, 20))
    assert MID < TODAY
