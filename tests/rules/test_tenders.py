"""Change, 抹零 and what is kept of each tender."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.tenders import ChangeStep, Given, NothingKept, Settlement, TenderShort, TenderTooMuch, settle


def cash(amount: int) -> Given:
    return Given("cash", Fen(amount), gives_change=True)


def wechat(amount: int) -> Given:
    return Given("wechat", Fen(amount))


@pytest.mark.parametrize(
    ("due", "tenders", "step", "change", "rounding", "kept"),
    [
        (199841, [cash(200000)], ChangeStep.JIAO, 160, 1, [199840]),
        (199841, [cash(199841)], ChangeStep.JIAO, 0, 0, [199841]),  # exact cash is taken exactly
        (199841, [wechat(199841)], ChangeStep.JIAO, 0, 0, [199841]),
        (199841, [cash(200000)], ChangeStep.EXACT, 159, 0, [199841]),
        (199841, [cash(200000)], ChangeStep.YUAN, 200, 41, [199800]),
        (10000, [cash(10050)], ChangeStep.JIAO, 50, 0, [10000]),
        (10001, [wechat(5000), cash(10000)], ChangeStep.JIAO, 5000, 1, [5000, 5000]),
        (10000, [cash(2000), wechat(9000)], ChangeStep.JIAO, 1000, 0, [1000, 9000]),
        (998, [cash(500), cash(500)], ChangeStep.JIAO, 10, 8, [500, 490]),
        (15, [cash(16)], ChangeStep.JIAO, 10, 9, [6]),  # exact coins are rare, and yet
        (130, [cash(200)], ChangeStep.YUAN, 100, 30, [100]),
    ],
)
def test_settlement(
    due: int, tenders: list[Given], step: ChangeStep, change: int, rounding: int, kept: list[int]
) -> None:
    settlement = settle(Fen(due), tenders, step=step)
    assert (settlement.change, settlement.rounding, list(settlement.kept)) == (change, rounding, kept)


def test_change_kept_as_prepayment_is_exact() -> None:
    settlement = settle(Fen(199841), [cash(200000)], keep_change=True)
    assert (settlement.change, settlement.rounding, settlement.to_prepayment) == (0, 0, 159)


def test_too_little_needs_a_part_payment() -> None:
    with pytest.raises(TenderShort):
        settle(Fen(10000), [cash(9999)])
    assert settle(Fen(10000), [cash(9999)], part=True).settled == 9999
    with pytest.raises(TenderShort):
        settle(Fen(10000), [], part=True)


def test_only_cash_gives_change() -> None:
    with pytest.raises(TenderTooMuch):
        settle(Fen(10000), [wechat(10001)])
    with pytest.raises(TenderTooMuch):
        settle(Fen(10000), [wechat(10500), cash(400)])


@pytest.mark.parametrize(
    ("due", "tenders", "step", "cash_due"),
    [
        (30, [cash(100)], ChangeStep.YUAN, "0.30"),
        (3, [cash(10)], ChangeStep.JIAO, "0.03"),
        (5, [cash(6)], ChangeStep.JIAO, "0.05"),  # never more change than the cash itself
        (30, [cash(50), cash(50)], ChangeStep.YUAN, "0.30"),
        (1030, [wechat(1000), cash(100)], ChangeStep.YUAN, "0.30"),
    ],
)
def test_cash_that_would_all_go_back_is_refused(
    due: int, tenders: list[Given], step: ChangeStep, cash_due: str
) -> None:
    """Otherwise a debt below the step would be settled by a payment of 0.00."""
    with pytest.raises(NothingKept, match=re.escape(cash_due)):
        settle(Fen(due), tenders, step=step)
    assert settle(Fen(due), tenders, step=step, keep_change=True).total == sum(one.amount for one in tenders)
    assert settle(Fen(due), tenders, step=ChangeStep.EXACT).total == due
    exact = [*[one for one in tenders if not one.gives_change], cash(int(cash_due.replace(".", "")))]
    assert settle(Fen(due), exact, step=step).rounding == 0


def test_a_settlement_that_does_not_add_up_cannot_exist() -> None:
    with pytest.raises(ValueError, match="kept or given back"):
        Settlement(Fen(100), Fen(1), Fen(0), Fen(100), Fen(0), (Fen(100),))
    with pytest.raises(ValueError, match="used up"):
        Settlement(Fen(100), Fen(0), Fen(1), Fen(100), Fen(0), (Fen(100),))


amounts = st.integers(1, 10**7)


@given(
    due=amounts,
    tenders=st.lists(st.tuples(amounts, st.booleans()), min_size=1, max_size=4),
    step=st.sampled_from(ChangeStep),
    part=st.booleans(),
    keep=st.booleans(),
)
def test_every_fen_is_accounted_for(
    due: int, tenders: list[tuple[int, bool]], step: ChangeStep, part: bool, keep: bool
) -> None:
    given_ = [Given("t", Fen(amount), gives_change) for amount, gives_change in tenders]
    total = sum(amount for amount, _ in tenders)
    try:
        settlement = settle(Fen(due), given_, part=part, keep_change=keep, step=step)
    except TenderShort:
        assert total < due
        return
    except NothingKept:
        in_cash = sum(amount for amount, gives_change in tenders if gives_change)
        assert 0 < due - (total - in_cash) < step
        return
    except TenderTooMuch:
        assert total - due > sum(amount for amount, gives_change in tenders if gives_change)
        return
    assert settlement.tendered == total == settlement.total + settlement.change
    assert settlement.total + settlement.rounding == settlement.settled + settlement.to_prepayment
    assert settlement.settled == min(due, total)
    assert 0 <= settlement.rounding < step
    assert settlement.total > 0
    for tender, kept in zip(given_, settlement.kept, strict=True):
        assert 0 <= kept <= tender.amount
        assert tender.gives_change or kept == tender.amount
