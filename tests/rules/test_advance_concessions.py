"""What paying ahead takes off, reckoned by hand, and to the fen whatever the amounts."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen, round_to_fen
from feedesk.rules.advance_concessions import concede_advance, met_by_payment
from feedesk.rules.concession_terms import EVERY_ITEM, Condition, DatedPolicy
from feedesk.rules.concessions import ChargeLine, Conceded, Policy, Reduction

FEE = ChargeLine(Fraction(27608, 100), Fen(27608), Fraction(986, 10))
FREE_MONTH = Policy(1, "缴12送1", Reduction.MONTHS, Fraction(1))
FIVE = Policy(2, "一次缴95折", Reduction.PERCENT, Fraction(5))
AGED = Policy(3, "老年减免", Reduction.PERCENT, Fraction(10))
HUNDRED = Policy(4, "预缴立减", Reduction.AMOUNT, Fraction(100))
STACKED_MONTH = Policy(5, "送1月", Reduction.MONTHS, Fraction(1), stackable=True)
STACKED_AGED = Policy(6, "老年减免", Reduction.PERCENT, Fraction(10), stackable=True)


def off(found: tuple[Conceded | None, ...]) -> list[int]:
    return [one.discount if one is not None else 0 for one in found]


@pytest.mark.parametrize(
    ("standing", "on_payment", "total", "labels"),
    [
        ((), (), 0, set()),
        ((), (FREE_MONTH,), 27608, {"缴12送1"}),  # just one month, though 1/12 of each is 23.0066…
        ((), (FIVE,), 12 * 1380, {"一次缴95折5%"}),  # 276.08 × 0.95 = 262.276, so 262.28
        ((AGED,), (FIVE,), 12 * 2761, {"老年减免10%"}),  # 10 % is better than 5 %
        ((AGED,), (FREE_MONTH,), 12 * 2761, {"老年减免10%"}),  # 331.32 against 276.08
        ((), (FREE_MONTH, FIVE), 27608, {"缴12送1"}),
        ((), (HUNDRED,), 10000, {"预缴立减"}),  # once, not on each of twelve charges
        # 10 % first, and then one month of what is left of twelve: 12 × 27.61, and 248.47
        ((STACKED_AGED,), (STACKED_MONTH,), 12 * 2761 + 24847, {"老年减免10%", "送1月"}),
    ],
)
def test_a_year_of_property_fees(
    standing: tuple[Policy, ...], on_payment: tuple[Policy, ...], total: int, labels: set[str]
) -> None:
    found = concede_advance([FEE] * 12, [standing] * 12, on_payment)
    assert sum(off(found)) == total
    assert {part.label for one in found if one is not None for part in one.parts} == labels


def test_a_quarterly_cycle_counts_its_months() -> None:
    quarter = ChargeLine(Fraction(900), Fen(90000), Fraction(1), months=3)
    assert off(concede_advance([quarter] * 4, [()] * 4, [FREE_MONTH])) == [7500] * 4


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=12), st.integers(1, 12))
def test_months_off_are_exact_over_the_whole_advance(amounts: list[int], months: int) -> None:
    lines = [ChargeLine(Fraction(amount, 100), Fen(amount)) for amount in amounts]
    policy = Policy(1, "送", Reduction.MONTHS, Fraction(months))
    found = off(concede_advance(lines, [()] * len(lines), [policy]))
    share = min(Fraction(months, len(lines)), Fraction(1))
    assert sum(found) == round_to_fen(Fraction(sum(amounts), 100) * share)
    assert all(0 <= one <= amount for one, amount in zip(found, amounts, strict=True))


@pytest.mark.parametrize(
    ("condition", "months", "nothing_left", "met"),
    [
        ("预缴>=12月", 12, False, True),
        ("预缴>=12月", 11, True, False),
        ("预缴>=6月", 12, False, True),
        ("一次性付清", 12, True, True),
        ("一次性付清", 12, False, False),
        ("一次性付清", 6, True, False),
        ("标签=老年", 12, True, False),
    ],
)
def test_what_a_payment_meets(condition: str, months: int, nothing_left: bool, met: bool) -> None:
    policies = [DatedPolicy(FIVE, Condition.parse(condition), EVERY_ITEM, date(2026, 1, 1), date(2026, 12, 31))]
    facts = {"item": 1, "nature": "自有", "months": months, "nothing_left": nothing_left}
    found = met_by_payment(policies, day=date(2026, 11, 23), **facts)  # type: ignore[arg-type]
    assert bool(found) is met
    assert met_by_payment(policies, day=date(2027, 1, 1), **facts) == ()  # type: ignore[arg-type]
    others = {**facts, "nature": "代收代付"}
    assert met_by_payment(policies, day=date(2026, 11, 23), **others) == ()  # type: ignore[arg-type]
