"""Counted cash and the bank's slips: what is in transit, what clears it, what is refused, and one taken back."""

from datetime import date, timedelta

import pytest

from feedesk.errors import UserError
from feedesk.ledger.verify import verify_ledger
from feedesk.money import Fen
from feedesk.ops.banking import (
    DaysTheWrongWay,
    NothingToPayIn,
    PaidInTooEarly,
    SlipKnown,
    SlipMissing,
    SlipReasonMissing,
    SlipUnknown,
    pay_cash_in,
    take_slip_back,
)
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.shifts import close_shift
from feedesk.queries.transit import CashToPayIn, cash_to_pay_in
from tests.community import TODAY, SmallCommunity, picture_home


@pytest.fixture
def counted(community: SmallCommunity) -> SmallCommunity:
    """A shift handed over with 1,000.00 taken in cash."""
    home = picture_home(community)
    cash = [TenderGiven("cash", Fen(100000))]
    community.run(collect_payment, account=home.dwelling, tenders=cash, part=True, household_too=True)
    community.run(close_shift)
    return community


def transit(community: SmallCommunity) -> CashToPayIn:
    return community.workplace.read(cash_to_pay_in)


def test_a_slip_clears_what_it_names(counted: SmallCommunity) -> None:
    assert transit(counted) == CashToPayIn(Fen(100000), TODAY, TODAY)
    done = counted.run(pay_cash_in, slip=" JK-1 ", amount=Fen(60000), first_day=TODAY, last_day=TODAY)
    assert (done.slip, done.amount, done.left) == ("JK-1", Fen(60000), Fen(40000))
    assert transit(counted) == CashToPayIn(Fen(40000), TODAY, TODAY)
    counted.run(pay_cash_in, slip="JK-2", amount=Fen(40000), first_day=TODAY, last_day=TODAY)
    assert transit(counted) == CashToPayIn(Fen(0))
    closed = counted.run(close_day).figures.transit
    assert (closed.opening, closed.added, closed.cleared, closed.closing) == (0, 100000, 100000, 0)
    with counted.workplace.database.reading() as connection:
        assert verify_ledger(connection).problems == ()


def test_a_slip_taken_back_is_in_transit_again_and_its_number_free(counted: SmallCommunity) -> None:
    counted.run(pay_cash_in, slip="JK-1", amount=Fen(1000), first_day=TODAY, last_day=TODAY)
    back = counted.run(take_slip_back, slip="JK-1", reason="金额看错")
    assert (back.amount, back.left) == (Fen(-1000), Fen(100000))
    assert transit(counted) == CashToPayIn(Fen(100000), TODAY, TODAY)
    counted.run(pay_cash_in, slip="JK-1", amount=Fen(100000), first_day=TODAY, last_day=TODAY)
    with counted.workplace.database.reading() as connection:
        assert verify_ledger(connection).problems == ()


YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


@pytest.mark.parametrize(
    ("slip", "amount", "days", "refused"),
    [
        ("  ", 1000, (TODAY, TODAY, TODAY), SlipMissing),
        ("JK-0", 1000, (TODAY, TODAY, TODAY), SlipKnown),
        ("JK-1", 0, (TODAY, TODAY, TODAY), NothingToPayIn),
        ("JK-1", 99901, (TODAY, TODAY, TODAY), NothingToPayIn),
        ("JK-1", 1000, (TODAY, YESTERDAY, TODAY), DaysTheWrongWay),
        ("JK-1", 1000, (TODAY, TODAY, YESTERDAY), PaidInTooEarly),
        ("JK-1", 1000, (TODAY, TODAY, TOMORROW), PaidInTooEarly),
    ],
)
def test_refused(
    counted: SmallCommunity, slip: str, amount: int, days: tuple[date, date, date], refused: type[UserError]
) -> None:
    counted.run(pay_cash_in, slip="JK-0", amount=Fen(100), first_day=TODAY, last_day=TODAY)
    first, last, paid_in_on = days
    facts = {"first_day": first, "last_day": last, "paid_in_on": paid_in_on}
    with pytest.raises(refused):
        counted.run(pay_cash_in, slip=slip, amount=Fen(amount), **facts)
    assert transit(counted).amount == 99900


def test_only_a_slip_that_stands_is_taken_back_and_with_a_reason(counted: SmallCommunity) -> None:
    counted.run(pay_cash_in, slip="JK-1", amount=Fen(100), first_day=TODAY, last_day=TODAY)
    with pytest.raises(SlipUnknown):
        counted.run(take_slip_back, slip="JK-2", reason="看错")
    with pytest.raises(SlipReasonMissing):
        counted.run(take_slip_back, slip="JK-1", reason=" ")
    counted.run(take_slip_back, slip="JK-1", reason="看错")
    with pytest.raises(SlipUnknown):
        counted.run(take_slip_back, slip="JK-1", reason="看错")
