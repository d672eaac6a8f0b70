"""Late fees reckoned by hand, a case for each clause of the rules, and what holds for any of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.late_fees import (
    Debt,
    ItemRules,
    LateFee,
    LateFeeRule,
    LateFeeStart,
    LprRate,
    first_late_day,
    is_covered_by_all,
    late_fee,
    late_fee_amount,
)


def d(text: str) -> date:
    """``08-31`` is in 2026."""
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def rule(daily: str | None = "0.0005", since: str = "2020-01-01", **more: Any) -> LateFeeRule:
    return LateFeeRule(valid_from=d(since), daily_rate=Fraction(daily) if daily else None, **more)


def lpr_rule(multiple: str, since: str = "2020-01-01", **more: Any) -> LateFeeRule:
    return LateFeeRule(valid_from=d(since), lpr_multiple=Fraction(multiple), **more)


LPR = (
    LprRate(d("2024-10-21"), Fraction("0.031")),
    LprRate(d("2025-05-20"), Fraction("0.03")),
)


def fee(
    *rules: LateFeeRule,
    on: str,
    principal: int = 100000,
    due: str = "08-31",
    paid: Sequence[tuple[str, int]] = (),
    frozen: Sequence[tuple[str, str | None]] = (),
) -> LateFee:
    """1,000.00 of 物业费 due on 2026-08-31 unless said otherwise."""
    debt = Debt(
        Fen(principal),
        d(due),
        tuple((d(day), Fen(amount)) for day, amount in paid),
        tuple((d(first), d(last) if last else None) for first, last in frozen),
    )
    of_item = ItemRules("物业费", "自有", own=rules, lpr=LPR)
    found = late_fee(debt, of_item, d(on))
    assert late_fee_amount(debt, of_item, d(on)) == found.amount
    return found


@dataclass(frozen=True)
class Case:
    """``says`` is the clause, ``fen`` the late fee reckoned by hand in ``why``."""

    says: str
    got: LateFee
    fen: int
    why: str


MONTH = LateFeeStart.NEXT_MONTH
CASES = [
    Case("the due date is no day", fee(rule(), on="08-31"), 0, "0 days"),
    Case("the day after is the first", fee(rule(), on="09-01"), 50, "1000 × 0.0005 × 1 = 0.50"),
    Case("days = payment date − due date", fee(rule(), on="11-23"), 4200, "1000 × 0.0005 × 84 = 42.00"),
    Case("1‰", fee(rule("0.001"), on="11-23"), 8400, "1000 × 0.001 × 84 = 84.00"),
    Case("desk.png, 2026-08", fee(rule("0.0003"), on="11-23", principal=24847), 626, "248.47 × 0.0003 × 84 = 6.261444"),
    Case(
        "desk.png, 2026-09",
        fee(rule("0.0003"), on="11-23", principal=24847, due="09-30"), 403, "248.47 × 0.0003 × 54 = 4.025214",
    ),
    Case(
        "desk.png, parking 2026-09",
        fee(rule("0.0003"), on="11-23", principal=30000, due="09-30"), 486, "300 × 0.0003 × 54 = 4.86",
    ),
    Case(
        "desk.png, 2026-10",
        fee(rule("0.0003"), on="11-23", principal=24847, due="10-31"), 171, "248.47 × 0.0003 × 23 = 1.714443",
    ),
    Case("a leap day counts", fee(rule(), on="2024-03-01", due="2024-02-28"), 100, "1000 × 0.0005 × 2 = 1.00"),
    Case("over the turn of a year", fee(rule(), on="2027-01-05", due="12-31"), 250, "1000 × 0.0005 × 5 = 2.50"),
    Case("the last day of grace", fee(rule(grace_days=10), on="09-10"), 0, "days 09-01 … 09-10 are grace"),
    Case("the day after grace", fee(rule(grace_days=10), on="09-11"), 50, "84 … − 10: one day"),
    Case("days less grace", fee(rule(grace_days=10), on="11-23"), 3700, "1000 × 0.0005 × (84 − 10) = 37.00"),
    Case("from the 1st of the next month", fee(rule(start=MONTH), on="08-31", due="08-10"), 0, "not begun"),
    Case("the 1st itself", fee(rule(start=MONTH), on="09-01", due="08-10"), 50, "09-01 is the first day"),
    Case("of a whole month", fee(rule(start=MONTH), on="09-30", due="08-10"), 1500, "1000 × 0.0005 × 30 = 15.00"),
    Case("of a December debt", fee(rule(start=MONTH), on="2027-01-02", due="12-15"), 100, "01-01 and 01-02"),
    Case(
        "the 1st and then the grace",
        fee(rule(start=MONTH, grace_days=5), on="09-06", due="08-10"), 50, "09-01 + 5 = 09-06, one day",
    ),
    Case("due at the month's end", fee(rule(start=MONTH), on="09-01"), 50, "the 1st is the day after"),
    Case(
        "a part payment counts from the day after",
        fee(rule(), on="09-11", paid=[("09-10", 40000)]), 530, "1000 × 0.0005 × 10 + 600 × 0.0005 × 1 = 5.30",
    ),
    Case(
        "on the day of a part payment",
        fee(rule(), on="09-10", paid=[("09-10", 40000)]), 500, "1000 × 0.0005 × 10 = 5.00",
    ),
    Case(
        "two part payments, three segments",
        fee(rule(), on="09-30", paid=[("09-10", 40000), ("09-20", 30000)]),
        950, "1000 × 0.0005 × 10 + 600 × 0.0005 × 10 + 300 × 0.0005 × 10 = 5 + 3 + 1.50",
    ),
    Case(
        "two payments of one day",
        fee(rule(), on="09-12", paid=[("09-10", 40000), ("09-10", 30000)]),
        530, "1000 × 0.0005 × 10 + 300 × 0.0005 × 2 = 5.30",
    ),
    Case(
        "a payment before the due date",
        fee(rule(), on="09-10", paid=[("08-20", 40000)]), 300, "600 × 0.0005 × 10 = 3.00",
    ),
    Case(
        "a payment within the grace",
        fee(rule(grace_days=10), on="09-20", paid=[("09-05", 40000)]), 300, "600 × 0.0005 × 10 = 3.00",
    ),
    Case(
        "paid in full: it stands still",
        fee(rule(), on="2028-01-01", paid=[("09-10", 100000)]), 500, "1000 × 0.0005 × 10 = 5.00",
    ),
    Case(
        "money given back is owed again",
        fee(rule(), on="09-30", paid=[("09-10", 100000), ("09-20", -100000)]),
        1000, "10 days, none, then 10 days",
    ),
    Case(
        "one rounding at the end",
        fee(rule("0.0003"), on="09-03", principal=1000, paid=[("09-01", 1), ("09-02", 1)]),
        1, "10 × 0.0003 + 9.99 × 0.0003 + 9.98 × 0.0003 = 0.008991; day by day it would be 0.00",
    ),
    Case("half a fen is rounded up", fee(rule(), on="09-01", principal=1000), 1, "10 × 0.0005 × 1 = 0.005"),
    Case("less than half is not", fee(rule(), on="09-01", principal=999), 0, "9.99 × 0.0005 = 0.004995"),
    Case("capped at the principal", fee(rule(), on="2036-08-31"), 100000, "3,653 days would be 1,826.50"),
    Case(
        "capped at 30 % of it",
        fee(rule(cap=Fraction("0.3")), on="2028-08-31"), 30000, "731 days would be 365.50; 1000 × 0.3 = 300.00",
    ),
    Case(
        "the cap is a share of the original principal",
        fee(rule("0.001", cap=Fraction("0.03")), on="12-31", paid=[("09-10", 90000)]),
        2120, "1000 × 0.001 × 10 + 100 × 0.001 × 112 = 21.20, below 1000 × 0.03 = 30.00",
    ),
    Case("the cap is reached on a day", fee(rule(cap=Fraction("0.01")), on="09-20"), 1000, "20 days make just 10.00"),
    Case("and not passed", fee(rule(cap=Fraction("0.01")), on="09-21"), 1000, "1000 × 0.01 = 10.00"),
    Case("no minimum before the due date", fee(rule(minimum=Fen(500)), on="08-31"), 0, "nothing has arisen"),
    Case("a minimum once it has arisen", fee(rule(minimum=Fen(500)), on="09-01"), 500, "0.50 < 5.00"),
    Case("no minimum where more has arisen", fee(rule(minimum=Fen(500)), on="09-11"), 550, "11 × 0.50"),
    Case(
        "a minimum never beyond the cap",
        fee(rule(minimum=Fen(500), cap=Fraction("0.3")), on="09-01", principal=1000), 300, "10.00 × 0.3 = 3.00",
    ),
    Case(
        "frozen days do not count, first and last included",
        fee(rule(), on="09-30", frozen=[("09-11", "09-20")]), 1000, "09-01 … 09-10 and 09-21 … 09-30: 20 days",
    ),
    Case("one frozen day", fee(rule(), on="09-30", frozen=[("09-11", "09-11")]), 1450, "29 days"),
    Case("frozen still", fee(rule(), on="2028-01-01", frozen=[("09-11", None)]), 500, "10 days"),
    Case("frozen before it began", fee(rule(), on="09-30", frozen=[("08-01", "08-31")]), 1500, "30 days"),
    Case("frozen over its beginning", fee(rule(), on="09-30", frozen=[("08-01", "09-10")]), 1000, "20 days"),
    Case("frozen on the last day", fee(rule(), on="09-30", frozen=[("09-30", None)]), 1450, "29 days"),
    Case(
        "two disputes and a part payment in one",
        fee(rule(), on="09-30", paid=[("09-12", 50000)], frozen=[("09-11", "09-15"), ("09-26", "09-27")]),
        825, "1000 × 0.0005 × 10 + 500 × 0.0005 × (10 + 3) = 5 + 3.25",
    ),
    Case(
        "each day by the version in force that day",
        fee(rule("0.0005"), rule("0.001", since="2026-09-11"), on="09-20"), 1500, "10 × 0.50 + 10 × 1.00",
    ),
    Case(
        "grace is that of the due date",
        fee(rule("0.0005"), rule("0.001", since="2026-09-11", grace_days=30), on="09-20"), 1500, "no grace",
    ),
    Case(
        "cap is that of the due date",
        fee(rule(cap=Fraction("0.005")), rule("0.001", since="2026-09-11"), on="09-20"), 500, "1000 × 0.005 = 5.00",
    ),
    Case("none in force on the due date: the first later", fee(rule(since="2026-09-11"), on="09-20"), 500, "10 days"),
    Case(
        "its grace counts from the due date",
        fee(rule(since="2026-09-11", grace_days=15), on="09-20"), 250, "from 09-16: 5 days",
    ),
    Case("a rule that begins later costs nothing yet", fee(rule(since="2026-10-01"), on="09-20"), 0, "–"),
    Case(
        "a rule that ended",
        fee(rule(), rule(None, since="2026-09-11"), on="2028-01-01"), 500, "09-01 … 09-10: 10 days",
    ),
    Case(
        "ended and begun anew",
        fee(rule(), rule(None, since="2026-09-11"), rule("0.001", since="2026-09-21"), on="09-30"),
        1500, "10 × 0.50 + 10 × 1.00",
    ),
    Case("no rule at all", fee(on="2028-01-01"), 0, "–"),
    Case("nothing owed", fee(rule(), on="2028-01-01", principal=0), 0, "–"),
    Case(
        "4 × LPR, a year of 365 days",
        fee(lpr_rule("4"), on="2025-12-31", due="2025-05-31"), 7036, "1000 × 4 × 3 % ÷ 365 × 214 = 70.3561…",
    ),
    Case(
        "LPR by its dates",
        fee(lpr_rule("1"), on="2025-05-31", due="2025-05-09"),
        184, "1000 × 3.1 % ÷ 365 × 10 (05-10 … 05-19) + 1000 × 3 % ÷ 365 × 12 = 0.849315 + 0.986301 = 1.835616",
    ),
    Case(
        "days before the first rate cost nothing",
        fee(lpr_rule("1"), on="2024-10-31", due="2024-09-30"), 93, "10-21 … 10-31: 1000 × 3.1 % ÷ 365 × 11 = 0.934246",
    ),
    Case(
        "a leap year's day is 1/365 too",
        fee(lpr_rule("1", since="2024-01-01"), on="2028-12-31", due="2027-12-31"),
        3008, "366 days of 1000 × 3 % ÷ 365 = 30.0822",
    ),
    Case(
        "from a rate a day to the LPR",
        fee(rule(), lpr_rule("4", since="2026-09-11"), on="09-20"),
        829, "10 × 0.50 + 1000 × 4 × 3 % ÷ 365 × 10 = 5 + 3.28767",
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_reckoned_by_hand(case: Case) -> None:
    assert case.got.amount == case.fen, case.why


def test_segments_tell_days_base_and_rate() -> None:
    got = fee(rule("0.0003"), on="11-23", paid=[("09-30", 40000)], frozen=[("10-11", "10-20")])
    told = [(one.first, one.last, one.days, one.base, one.amount) for one in got.segments]
    assert told == [
        (d("09-01"), d("09-30"), 30, 100000, Fraction(900)),
        (d("10-01"), d("10-10"), 10, 60000, Fraction(180)),
        (d("10-21"), d("11-23"), 34, 60000, Fraction(612)),
    ]
    assert (got.exact, got.days, got.is_capped) == (Fraction(1692), 74, False)


def test_a_rule_that_names_the_item_comes_before_one_for_all() -> None:
    general, own = rule("0.001", named=False), rule("0.0003", since="2026-09-11")
    rules = ItemRules("物业费", "自有", own=[own], general=[general])
    # Until the item's own begins, the one for 全部: 10 × 1.00 + 10 × 0.30
    assert late_fee(Debt(Fen(100000), d("08-31")), rules, d("09-20")).amount == 1300
    ended = ItemRules("物业费", "自有", own=[rule(None)], general=[general])
    assert late_fee(Debt(Fen(100000), d("08-31")), ended, d("09-20")).amount == 0


@pytest.mark.parametrize(
    ("item", "nature", "covered"),
    [
        ("物业费", "自有", True),
        ("车位服务费", "公共收益", True),
        ("水费", "代收代付", False),
        ("电费", "自有", False),
        ("燃气费", "代收代付", False),
        ("热水费", "代收代付", False),
        ("公摊电费", "代收代付", False),
        ("公摊电费", "自有", True),
    ],
)
def test_a_rule_for_all_never_covers_what_is_owed_on_to_a_supplier(item: str, nature: str, covered: bool) -> None:
    assert is_covered_by_all(item, nature) is covered
    debt, on = Debt(Fen(100000), d("08-31")), d("09-20")
    assert bool(late_fee(debt, ItemRules(item, nature, general=[rule()]), on).amount) is covered
    assert late_fee(debt, ItemRules(item, nature, own=[rule()], general=[rule("0.001")]), on).amount == 1000


@pytest.mark.parametrize(
    "wrong",
    [
        {"daily_rate": Fraction(1, 1000), "lpr_multiple": Fraction(4)},
        {"daily_rate": Fraction(-1, 1000)},
        {"cap": Fraction(-1)},
        {"minimum": Fen(-1)},
        {"grace_days": -1},
    ],
)
def test_a_rule_whose_parts_disagree_cannot_exist(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"late fee|grace"):
        LateFeeRule(valid_from=d("01-01"), **wrong)


DUE = date(2026, 8, 31)
days = st.integers(-40, 800).map(lambda n: DUE + timedelta(days=n))
rates = st.fractions(0, Fraction(1, 200), max_denominator=100_000)
versions = st.builds(
    LateFeeRule,
    valid_from=st.integers(-200, 300).map(lambda n: DUE + timedelta(days=n)),
    daily_rate=rates,
    grace_days=st.integers(0, 60),
    cap=st.sampled_from([Fraction(1), Fraction(3, 10), Fraction(1, 7)]),
    minimum=st.sampled_from([Fen(0), Fen(0), Fen(500)]),
    start=st.sampled_from(LateFeeStart),
)
rule_sets = st.lists(versions, max_size=3, unique_by=lambda one: one.valid_from).map(
    lambda found: ItemRules("物业费", "自有", own=found)
)
payments = st.lists(st.tuples(days, st.integers(1, 30000).map(Fen)), max_size=3)
spans = st.lists(st.tuples(days, days).map(lambda pair: (min(pair), max(pair))), max_size=2)
debts = st.builds(
    lambda principal, paid, frozen: Debt(Fen(principal), DUE, tuple(paid), tuple(frozen)),
    st.integers(90000, 200000),
    payments,
    spans,
)


@given(debts, rule_sets, st.integers(0, 400))
def test_no_late_fee_without_delay(debt: Debt, rules: ItemRules, early: int) -> None:
    assert late_fee(debt, rules, DUE - timedelta(days=early)).amount == 0


@given(debts, rule_sets, days)
def test_never_above_the_cap(debt: Debt, rules: ItemRules, on: date) -> None:
    found = late_fee(debt, rules, on)
    assert found.amount >= 0
    if found.terms is None:
        assert found.amount == 0
    else:
        assert found.amount <= found.terms.cap * debt.principal + Fraction(1, 2)  # the cap is paid in whole fen


lpr_rates = st.lists(
    st.builds(LprRate, days, st.sampled_from([Fraction("0.0425"), Fraction("0.031"), Fraction("0.03")])),
    max_size=4,
    unique_by=lambda one: one.published_on,
)


@given(debts, st.lists(versions, max_size=2), lpr_rates, st.integers(1, 4), days, days)
def test_the_amount_alone_is_the_amount(
    debt: Debt, found: list[LateFeeRule], lpr: list[LprRate], multiple: int, since: date, on: date
) -> None:
    """Whole numbers come to what the segments come to, with rates a day and LPRs in turn."""
    by_lpr = LateFeeRule(valid_from=since, lpr_multiple=Fraction(multiple))
    rules = ItemRules("物业费", "自有", own=[*found, by_lpr], lpr=lpr)
    assert late_fee_amount(debt, rules, on) == late_fee(debt, rules, on).amount


@given(debts, rule_sets, days)
def test_monotone_in_days(debt: Debt, rules: ItemRules, on: date) -> None:
    assert late_fee(debt, rules, on).amount <= late_fee(debt, rules, on + timedelta(days=1)).amount


@given(debts, rule_sets, days, days)
def test_splitting_a_period_at_any_day_sums_before_rounding(
    debt: Debt, rules: ItemRules, middle: date, on: date
) -> None:
    """What the days to ``middle`` cost and what those after it cost are together what all of them cost."""
    middle = min(middle, on)
    whole, until = late_fee(debt, rules, on), late_fee(debt, rules, middle)
    after = sum(
        (
            one.base * one.rate.daily * ((one.last - max(one.first, middle + timedelta(days=1))).days + 1)
            for one in whole.segments
            if one.last > middle
        ),
        Fraction(0),
    )
    assert until.exact + after == whole.exact


@given(debts, rule_sets, days)
def test_every_day_is_counted_by_itself(debt: Debt, rules: ItemRules, on: date) -> None:
    """The segments say what the rules say of each single day."""
    found = late_fee(debt, rules, on)
    exact = Fraction(0)
    if found.terms is not None:
        day = first_late_day(DUE, found.terms)
        while day <= on:
            version = rules.in_force(day)
            if version is not None and not debt.is_frozen_on(day):
                exact += max(debt.unpaid_on(day), 0) * (version.daily_rate or 0)
            day += timedelta(days=1)
    assert found.exact == exact


@given(debts, rule_sets, days, spans)
def test_a_freeze_never_raises(debt: Debt, rules: ItemRules, on: date, more: list[tuple[date, date]]) -> None:
    frozen = replace(debt, frozen=(*debt.frozen, *more))
    assert late_fee(frozen, rules, on).amount <= late_fee(debt, rules, on).amount


@given(debts, rule_sets, days, st.randoms(use_true_random=False))
def test_the_order_of_part_payments_is_all_one(debt: Debt, rules: ItemRules, on: date, random: Any) -> None:
    shuffled = list(debt.lowered)
    random.shuffle(shuffled)
    assert late_fee(replace(debt, lowered=tuple(shuffled)), rules, on) == replace(
        late_fee(debt, rules, on), debt=replace(debt, lowered=tuple(shuffled))
    )


@given(debts, rule_sets, days, st.tuples(days, st.integers(1, 30000).map(Fen)))
def test_paying_more_never_costs_more(debt: Debt, rules: ItemRules, on: date, more: tuple[date, Fen]) -> None:
    paid = replace(debt, lowered=(*debt.lowered, more))
    assert late_fee(paid, rules, on).amount <= late_fee(debt, rules, on).amount
