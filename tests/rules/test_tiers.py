"""Tiers by tables reckoned by hand, and by what must hold for any of them."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.formula import Formula
from feedesk.rules.metering import ESTIMATE, Reading, UsageStep, usage_steps
from feedesk.rules.pricing import PricedLine, price_usage
from feedesk.rules.tariffs import Method, PriceVersion
from feedesk.rules.tiers import Counted, Tier, TierTable
from tests.rules.strategies import tier_tables

SINCE = date(2024, 1, 1)
YEARLY = TierTable.parse("0-180:5;180-260:7;260-:9", cycle="年")
MONTHLY = TierTable.parse("0-15:2;15-25:3;25-:5", cycle="月", person_base="5:36")
CHEAPER = TierTable.parse("0-100:4/3;100-:1", cycle="月")


@pytest.mark.parametrize(
    ("table", "before", "after", "yuan"),
    [
        (YEARLY, 0, 100, "500"),  # 100 × 5
        (YEARLY, 0, 180, "900"),  # the first tier to its edge
        (YEARLY, 170, 190, "120"),  # 10 × 5 + 10 × 7
        (YEARLY, 180, 260, "560"),  # 80 × 7
        (YEARLY, 100, 300, "1320"),  # 80 × 5 + 80 × 7 + 40 × 9
        (YEARLY, 300, 310, "90"),
        (YEARLY, 270, 250, "-160"),  # an estimate taken back: 10 × 9 + 10 × 7
        (YEARLY, 0, -5, "-25"),  # below zero at the price of the first tier
        (YEARLY, -5, 5, "50"),
        (YEARLY, 100, 100, "0"),
        (CHEAPER, 0, 150, "550/3"),  # 100 × 4/3 + 50
    ],
)
def test_what_usage_costs(table: TierTable, before: int, after: int, yuan: str) -> None:
    parts = table.slices(Fraction(before), Fraction(after))
    assert sum(part.used * part.price for part in parts) == Fraction(yuan)
    assert sum(part.used for part in parts) == after - before
    assert table.cost(Fraction(after)) - table.cost(Fraction(before)) == Fraction(yuan)


@pytest.mark.parametrize(
    ("persons", "yuan"),
    [
        (None, "85"),  # 15 × 2 + 10 × 3 + 5 × 5
        (5, "85"),
        (1, "85"),
        (6, "60"),  # the first tier reaches to 51: 30 × 2
        (7, "60"),
    ],
)
def test_each_person_above_the_base_widens_every_tier(persons: int | None, yuan: str) -> None:
    assert MONTHLY.cost(Fraction(30), MONTHLY.widening(persons)) == Fraction(yuan)


def test_all_bounds_move_by_the_same() -> None:
    wider = MONTHLY.widening(7)
    assert wider == 72
    parts = MONTHLY.slices(Fraction(0), Fraction(100), wider)
    bounds = [(part.number, str(part.lower), str(part.upper), str(part.used)) for part in parts]
    assert bounds == [(1, "0", "87", "87"), (2, "87", "97", "10"), (3, "97", "None", "3")]


@pytest.mark.parametrize(
    ("table", "day", "begins"),
    [
        (YEARLY, "2026-11-23", "2026-01-01"),
        (YEARLY, "2026-01-01", "2026-01-01"),
        (YEARLY, "2025-12-31", "2025-01-01"),
        (TierTable.parse("0-:1", cycle="年", restart="07-01"), "2026-06-30", "2025-07-01"),
        (TierTable.parse("0-:1", cycle="年", restart="07-01"), "2026-07-01", "2026-07-01"),
        (MONTHLY, "2026-11-23", "2026-11-01"),
    ],
)
def test_when_tiers_begin(table: TierTable, day: str, begins: str) -> None:
    assert table.begins(date.fromisoformat(day)) == date.fromisoformat(begins)


@pytest.mark.parametrize("tiers", ["0-180:5", "0-180:5;180-100:7;100-:9", "0-0:1;0-:2", "0-:1;5-:2"])
def test_tiers_that_are_none(tiers: str) -> None:
    with pytest.raises(ValueError, match="tier"):
        TierTable.parse(tiers, cycle="月")


def version(table: TierTable, price: str = "0", prices: tuple[tuple[str, Fraction], ...] = ()) -> PriceVersion:
    return PriceVersion(1, Method.TIERED, Fraction(price), SINCE, tiers=table, prices=prices)


def steps(*readings: tuple[date, int | str], kind: str = "电表", meter: int = 1) -> list[UsageStep]:
    return usage_steps([Reading(n, meter, kind, day, Fraction(value)) for n, (day, value) in enumerate(readings)])


def priced(
    price: PriceVersion, unbilled: list[UsageStep], billed: list[UsageStep] | None = None, persons: int | None = None
) -> PricedLine:
    counted = Counted(tuple(billed or ()), tuple(unbilled))
    line = price_usage([price], unbilled, [Fraction(1)] * len(unbilled), counted=counted, persons=persons)
    assert line is not None
    return line


OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 25), date(2026, 11, 24), date(2026, 12, 24)


def test_a_reading_goes_on_from_what_is_billed() -> None:
    """170 were billed, 20 more are not: 10 × 5 + 10 × 7. Readings of last year do not count."""
    billed = steps((date(2025, 12, 25), 0), (OCTOBER, 170)) + steps((SINCE, 0), (date(2025, 12, 1), 900), meter=2)
    line = priced(version(YEARLY), steps((OCTOBER, 170), (NOVEMBER, 190)), billed)
    assert (line.gross, str(line.exact), str(line.quantity), str(line.measure)) == (12000, "120", "20", "20")
    assert line.basis == "170→190 · 10 度 × 5.00 + 10 度 × 7.00"
    assert line.explanation == (
        "2026-10-25 读数 170，2026-11-24 读数 190：用量 20 度。",
        "自 2026-01-01 起累计：此前 170 度，至 2026-11-24 抄表累计 190 度。",
        "第 1 档（0-180）：10 度 × 5.00 元。",
        "第 2 档（180-260）：10 度 × 7.00 元。",
        "阶梯价依据：2024-01-01 起。",
        "合计 120.00 元（四舍五入到分）。",
    )


def test_a_month_without_usage_in_a_tier_that_costs_nothing_still_shows_its_usage() -> None:
    free = TierTable.parse("0-10:0;10-:2", cycle="月")
    assert priced(version(free), steps((OCTOBER, 0), (NOVEMBER, 8))).basis == "0→8 · 8 度 × 0"
    assert priced(version(free), steps((OCTOBER, 0), (NOVEMBER, 12))).basis == "0→12 · 2 度 × 2.00"


def test_an_estimate_taken_back_shows_what_is_left() -> None:
    readings = [
        Reading(1, 1, "水表", OCTOBER, Fraction(0)),
        Reading(2, 1, "水表", date(2026, 11, 1), Fraction(30), ESTIMATE),
    ]
    readings.append(Reading(3, 1, "水表", NOVEMBER, Fraction(20)))
    line = priced(version(MONTHLY), usage_steps(readings))
    assert line.gross == 4500  # 15 × 2 + 5 × 3: as though the estimate had never been
    assert line.basis == "0→20(估读) · 15 吨 × 2.00 + 5 吨 × 3.00"


def test_a_quantity_multiplies_the_cost_and_not_the_usage() -> None:
    used = steps((OCTOBER, 0), (NOVEMBER, 20))
    line = price_usage([version(MONTHLY)], used, [Fraction(2)], counted=Counted((), tuple(used)))
    assert line is not None
    assert (line.gross, line.basis) == (9000, "0→20 · 15 度 × 2.00 × 2 + 5 度 × 3.00 × 2")


def test_a_new_price_within_the_year_goes_on_counting() -> None:
    """180 at 5 until the price changed; of the next 100 all lie above 150, the new bound: 100 × 8."""
    dearer = PriceVersion(
        2, Method.TIERED, Fraction(0), date(2026, 11, 1), tiers=TierTable.parse("0-150:6;150-:8", cycle="年")
    )
    used = steps((SINCE, 0), (OCTOBER, 180), (NOVEMBER, 280))
    line = price_usage([version(YEARLY), dearer], used, [Fraction(1)] * 2, counted=Counted((), tuple(used)))
    assert line is not None
    assert line.exact == 180 * 5 + 100 * 8


def test_readings_of_one_day_climb_together_on_top_of_what_is_billed() -> None:
    """Peak billed first: 100 of it at 5, then the valley's 100 climb from 100 on: 80 × 5 + 20 × 7."""
    price = version(YEARLY, prices=(("峰", Fraction(1)), ("谷", Fraction(2))))
    peak = steps((OCTOBER, 0), (NOVEMBER, 100), kind="电表峰")
    valley = steps((OCTOBER, 0), (NOVEMBER, 100), kind="电表谷", meter=2)
    assert priced(price, peak).exact == 100 + 500
    assert priced(price, valley, billed=peak).exact == 200 + 80 * 5 + 20 * 7
    together = priced(price, peak + valley)
    assert together.exact == 600 + 740
    assert together.basis == "0→100 · 100 度 × 1.00 + 0→100 · 100 度 × 2.00 + 180 度 × 5.00 + 20 度 × 7.00"


amounts = st.fractions(min_value=0, max_value=5000, max_denominator=1000)


@given(table=tier_tables(), used=st.lists(amounts, min_size=1, max_size=6), wider=amounts)
def test_however_usage_is_cut_the_sum_is_the_same(table: TierTable, used: list[Fraction], wider: Fraction) -> None:
    reached = [sum(used[:n], Fraction(0)) for n in range(len(used) + 1)]
    parts = [part for low, high in pairwise(reached) for part in table.slices(low, high, wider)]
    assert sum(part.used * part.price for part in parts) == table.cost(reached[-1], wider)


@given(table=tier_tables(), used=amounts, more=amounts, wider=amounts)
def test_more_usage_never_costs_less(table: TierTable, used: Fraction, more: Fraction, wider: Fraction) -> None:
    assert table.cost(used, wider) <= table.cost(used + more, wider)


@given(table=tier_tables(), wider=amounts, by=st.fractions(0, 1, max_denominator=1000))
def test_nothing_jumps_at_the_edge_of_a_tier(table: TierTable, wider: Fraction, by: Fraction) -> None:
    dearest = max(tier.price for tier in table.tiers)
    for tier in table.tiers:
        if tier.upper is not None:
            edge = tier.upper + wider
            assert table.cost(edge + by, wider) - table.cost(edge, wider) <= by * dearest
            assert table.cost(edge, wider) - table.cost(edge - by, wider) <= by * dearest


@given(table=tier_tables(rising=True), used=amounts, wider=amounts)
def test_wider_tiers_never_cost_more_where_prices_rise(table: TierTable, used: Fraction, wider: Fraction) -> None:
    assert table.cost(used, wider) <= table.cost(used)


@given(table=tier_tables())
def test_the_notation_says_it_all(table: TierTable) -> None:
    cycle, restart = "年" if table.yearly else "月", "{:02d}-{:02d}".format(*table.restart)
    assert TierTable.parse(str(table), cycle=cycle, restart=restart) == table


def test_what_a_charge_keeps_of_its_price() -> None:
    both = (("峰", Fraction("0.5583")), ("谷", Fraction("0.3583")))
    assert version(CHEAPER, prices=both).told() == {"price": "峰0.5583;谷0.3583", "tiers": "0-100:4/3;100-:1"}
    assert version(MONTHLY, "0.95").told() == {"price": "0.95", "tiers": "0-15:2;15-25:3;25-:5"}
    by_formula = PriceVersion(3, Method.FORMULA, Fraction(4, 3), SINCE, formula=Formula.parse("面积×单价"))
    assert by_formula.told() == {"formula": "面积*单价", "price": "4/3"}


@given(price=amounts, used=amounts)
def test_one_tier_is_a_plain_price(price: Fraction, used: Fraction) -> None:
    assert TierTable((Tier(None, price),)).cost(used) == price * used


days = st.lists(st.integers(0, 600), min_size=1, max_size=8)


@given(table=tier_tables(), read=days, seed=st.integers(0, 99), data=st.data())
def test_the_order_of_meters_and_steps_does_not_matter(
    table: TierTable, read: list[int], seed: int, data: st.DataObject
) -> None:
    """Two meters read on the same days or others: whatever is listed first, the charge is the same."""
    unbilled = []
    for meter, kind in ((1, "电表峰"), (2, "电表谷")):
        at = sorted({0, *(data.draw(st.sampled_from(read)) for _ in range(3))})
        values = [data.draw(amounts) for _ in at]
        reached = [(SINCE + timedelta(day), sum(values[: n + 1], Fraction(0))) for n, day in enumerate(at)]
        readings = [Reading(n, meter, kind, day, value) for n, (day, value) in enumerate(reached)]
        unbilled += usage_steps(readings)
    if not unbilled:
        return
    shuffled = list(unbilled)
    Random(seed).shuffle(shuffled)
    assert priced(version(table), unbilled).exact == priced(version(table), shuffled).exact


@given(
    table=tier_tables(),
    read=st.lists(st.tuples(st.integers(1, 400), amounts), min_size=1, max_size=6),
    cut=st.integers(0, 6),
)
def test_billing_in_between_changes_nothing(table: TierTable, read: list[tuple[int, Fraction]], cut: int) -> None:
    """All at once, or some readings billed before the others: the sums agree."""
    days_read = sorted({day for day, _used in read})
    reached = [(SINCE, Fraction(0))]
    for day, (_day, more) in zip(days_read, read, strict=False):
        reached.append((SINCE + timedelta(day), reached[-1][1] + more))
    used = usage_steps([Reading(n, 1, "电表", day, value) for n, (day, value) in enumerate(reached)])
    first, rest = used[:cut], used[cut:]
    apart = sum(priced(version(table), part, before).exact for part, before in ((first, []), (rest, first)) if part)
    assert apart == priced(version(table), used).exact
