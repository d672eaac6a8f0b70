"""Petty cash and change money: what the drawer should hold, what goes back to 备用金, and that takings stay whole."""

from dataclasses import replace

import pytest

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.drawer import FloatTooSmall, MovementNotPositive, PurposeMissing, move_cash
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.taking_back import reverse_payment
from feedesk.queries.desk import ShiftNotOpen
from feedesk.queries.transit import cash_to_pay_in
from feedesk.queries.verification import verify_everything
from feedesk.rules.drawer import Movement
from tests.community import PictureHome, SmallCommunity, picture_home


def move(community: SmallCommunity, kind: Movement, amount: int, purpose: str = "办公用品") -> Fen:
    return community.run(move_cash, kind=kind, amount=Fen(amount), purpose=purpose).float_left


def take(community: SmallCommunity, amount: int) -> str:
    cash = [TenderGiven("cash", Fen(amount))]
    return str(community.run(collect_payment, account=1, tenders=cash, part=True).receipt)


@pytest.fixture(autouse=True)
def home(community: SmallCommunity) -> PictureHome:
    """The dwelling, account 1, owes enough for every test."""
    return picture_home(community)


def test_a_drawer_with_everything(community: SmallCommunity) -> None:
    """Float 500.00; 300.00 taken, 20.50 petty cash, 100.00 change fetched, 50.00 given back: 829.50 expected."""
    take(community, 30000)
    assert move(community, Movement.PETTY_CASH, 2050) == 47950
    assert move(community, Movement.CHANGE_IN, 10000) == 57950
    assert move(community, Movement.CHANGE_OUT, 5000) == 52950
    closed = community.run(close_shift)
    assert closed.expected == 50000 + 30000 - 2050 + 10000 - 5000
    transit = community.workplace.read(cash_to_pay_in)
    assert transit.amount == 30000  # all that was taken, and nothing else
    figures = community.run(close_day).figures
    (shift,) = figures.shifts
    assert (shift.received, shift.paid_out, shift.change) == (30000, 2050, 5000)
    assert [(one.kind, one.amount, one.purpose) for one in figures.movements] == [
        ("petty_cash", 2050, "办公用品"),
        ("change_in", 10000, "办公用品"),
        ("change_out", 5000, "办公用品"),
    ]
    assert figures.total == 30000
    with community.workplace.database.reading() as connection:
        assert verify_everything(connection).problems == ()


def test_a_refund_in_cash_comes_out_of_the_float(community: SmallCommunity) -> None:
    """Taken 300.00 in an earlier shift and reversed in this one, in which 100.00 is taken: 100.00 goes to the bank."""
    receipt = take(community, 30000)
    community.run(close_shift)
    community.run(open_shift, opening_float=Fen(50000))
    approved = replace(community.workplace, approver="样例经理")
    approved.run_op(reverse_payment, receipt=receipt, reason="重复")
    take(community, 10000)
    closed = community.run(close_shift)
    assert closed.expected == 50000 - 30000 + 10000
    assert community.workplace.read(cash_to_pay_in).amount == 30000 + 10000
    with community.workplace.database.reading() as connection:
        assert verify_everything(connection).problems == ()


@pytest.mark.parametrize(
    ("kind", "amount", "purpose", "refused"),
    [
        (Movement.PETTY_CASH, 0, "笔", MovementNotPositive),
        (Movement.PETTY_CASH, 100, "  ", PurposeMissing),
        (Movement.PETTY_CASH, 50001, "笔", FloatTooSmall),
        (Movement.CHANGE_OUT, 50001, "退回", FloatTooSmall),
    ],
)
def test_refused(
    community: SmallCommunity, kind: Movement, amount: int, purpose: str, refused: type[UserError]
) -> None:
    take(community, 30000)  # takings do not make the float larger
    with pytest.raises(refused):
        move(community, kind, amount, purpose)
    assert community.run(close_shift).expected == 80000


def test_no_drawer_without_a_shift(community: SmallCommunity) -> None:
    community.run(close_shift)
    with pytest.raises(ShiftNotOpen):
        move(community, Movement.CHANGE_IN, 100)
