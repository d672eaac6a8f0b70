"""What charges come to, by tables reckoned by hand, and the words they carry."""

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen, Mantissa
from feedesk.periods import Period
from feedesk.rules.metering import ESTIMATE, NORMAL, SWAP, Reading, usage_steps
from feedesk.rules.price_words import Measures, of_unit
from feedesk.rules.pricing import PricedLine, Rounding, price_terms, price_usage, timed_terms
from feedesk.rules.spans import Borne, Days, DeliveryCut, DeliveryRule
from feedesk.rules.tariffs import Method, PartialMonth, PriceVersion
from feedesk.texts import use_language

SINCE = date(2024, 7, 1)
AREA = Fraction("98.6")


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    use_language("zh_CN")
    yield
    use_language("zh_CN")


def area_price(price: str = "2.80", since: date = SINCE, until: date | None = None, **facts: Any) -> PriceVersion:
    return PriceVersion(1, Method.AREA, Fraction(price), since, until, **facts)


def fixed_price(price: str = "300", since: date = SINCE, until: date | None = None, **facts: Any) -> PriceVersion:
    return PriceVersion(2, Method.FIXED, Fraction(price), since, until, **facts)


def priced(
    versions: PriceVersion | list[PriceVersion],
    period: str,
    first: str | None = None,
    last: str | None = None,
    *,
    borne: list[Borne] | None = None,
    quantity: str = "1",
    cut: DeliveryCut | None = None,
    **facts: Any,
) -> PricedLine | None:
    """A cycle borne from ``first`` to ``last`` (month and day, or the whole of it)."""
    cycle = Period.parse(period)
    begin = date.fromisoformat(first) if first else cycle.first_day
    end = date.fromisoformat(last) if last else cycle.last_day
    known = versions if isinstance(versions, list) else [versions]
    terms = timed_terms(known, cycle, borne or [Borne(Days(begin, end), Fraction(quantity))], cut)
    return price_terms(terms, cycle, **facts) if terms else None


Facts = dict[str, Any]
BY_AREA: Facts = {"of": Measures(AREA)}
RENT: Facts = {"rent": True}
BY_DAY: Facts = {"partial_month": PartialMonth.BY_DAY}
WHOLE: Facts = {"partial_month": PartialMonth.WHOLE}
HALF: Facts = {"partial_month": PartialMonth.HALF}


@pytest.mark.parametrize(
    ("version", "period", "first", "last", "gross", "basis"),
    [
        (area_price(), "2026-11", None, None, 27608, "98.60 ㎡ × 2.80"),
        # 98.60 × 2.80 × 21/30 = 193.256
        (area_price(), "2026-11", "2026-11-10", None, 19326, "98.60 ㎡ × 2.80 × 21/30 天"),
        (area_price(), "2026-11", "2026-11-10", "2026-11-10", 920, "98.60 ㎡ × 2.80 × 1/30 天"),
        (area_price(), "2026-02", "2026-02-15", None, 13804, "98.60 ㎡ × 2.80 × 14/28 天"),
        (area_price(**WHOLE), "2026-11", "2026-11-30", None, 27608, "98.60 ㎡ × 2.80"),
        (area_price(**HALF), "2026-11", "2026-11-17", None, 13804, "98.60 ㎡ × 2.80 × 0.5 个月"),
        (area_price(**HALF), "2026-11", "2026-11-15", None, 27608, "98.60 ㎡ × 2.80"),
        # a price that is a fraction is never rounded first: 98.60 × 4/3 = 131.4666…
        (area_price("4/3"), "2026-11", None, None, 13147, "98.60 ㎡ × 4/3"),
        (area_price("0.55831234"), "2026-11", None, None, 5505, "98.60 ㎡ × 0.55831234"),
        # a quarter is one charge of three months: 828.24; from 10 November 98.60 × 2.80 × (21/30 + 1) = 469.336
        (area_price(cycle_months=3), "2026Q4", None, None, 82824, "98.60 ㎡ × 2.80 × 3 个月"),
        (
            area_price(cycle_months=3),
            "2026Q4",
            "2026-11-10",
            None,
            46934,
            "98.60 ㎡ × (2.80 + 2.80 × 21/30 天)",
        ),
        (area_price(cycle_months=12), "2026", "2026-03-01", None, 276080, "98.60 ㎡ × 2.80 × 10 个月"),
        # the price ends on a day that is still in force: 10 of 30 days
        (area_price(until=date(2026, 11, 10)), "2026-11", None, None, 9203, "98.60 ㎡ × 2.80 × 10/30 天"),
        # in a month charged whole, days without a price count nothing either
        (area_price(until=date(2026, 11, 10), **WHOLE), "2026-11", None, None, 9203, "98.60 ㎡ × 2.80 × 10/30 天"),
    ],
)
def test_by_area(
    version: PriceVersion, period: str, first: str | None, last: str | None, gross: int, basis: str
) -> None:
    line = priced(version, period, first, last, **BY_AREA)
    assert line is not None
    assert (line.gross, line.basis) == (gross, basis)
    assert line.quantity == AREA


@pytest.mark.parametrize(
    ("version", "period", "first", "gross", "rent", "plain"),
    [
        (fixed_price(), "2026-11", None, 30000, "月租", "300.00 元/月"),
        (fixed_price(), "2026-11", "2026-11-10", 21000, "300.00 × 21/30 天", "300.00 × 21/30 天"),
        (fixed_price("900", cycle_months=3), "2026Q4", None, 90000, "季租", "900.00 元/季"),
        # 1000/3 × (22/31 + 2) = 903.2258…
        (
            fixed_price("1000", cycle_months=3),
            "2026Q4",
            "2026-10-10",
            90323,
            "(1000.00 ÷ 3 × 2 个月 + 1000.00 ÷ 3 × 22/31 天)",
            "(1000.00 ÷ 3 × 2 个月 + 1000.00 ÷ 3 × 22/31 天)",
        ),
        (fixed_price("1800", cycle_months=6), "2026H2", None, 180000, "半年租", "1800.00 元/半年"),
        (fixed_price("3600", cycle_months=12), "2026", None, 360000, "年租", "3600.00 元/年"),
    ],
)
def test_fixed_sums(version: PriceVersion, period: str, first: str | None, gross: int, rent: str, plain: str) -> None:
    as_rent, as_sum = priced(version, period, first, **RENT), priced(version, period, first)
    assert as_rent is not None
    assert as_sum is not None
    assert (as_rent.gross, as_sum.gross) == (gross, gross)
    assert (as_rent.basis, as_sum.basis) == (rent, plain)


def test_a_rent_names_its_unit() -> None:
    line = priced(fixed_price(), "2026-11", **RENT)
    assert line is not None
    assert of_unit("B1-087", line.basis) == "B1-087 · 月租"


def test_quantity_multiplies() -> None:
    line = priced(fixed_price("10"), "2026-11", quantity="2.5")
    assert line is not None
    assert (line.gross, line.basis) == (2500, "10.00 元/月 × 2.5")
    by_area = priced(area_price(), "2026-11", quantity="0.7", **BY_AREA)
    assert by_area is not None
    assert (by_area.gross, by_area.basis) == (19326, "98.60 ㎡ × 2.80 × 0.7")


def test_a_quantity_that_changes_within_the_month() -> None:
    borne = [
        Borne(Days(date(2026, 11, 1), date(2026, 11, 10)), Fraction(1)),
        Borne(Days(date(2026, 11, 11), date(2026, 11, 30)), Fraction(2)),
    ]
    line = priced(fixed_price("30"), "2026-11", borne=borne)
    assert line is not None
    assert line.gross == 5000  # 30 × (10/30 + 2 × 20/30)
    assert line.basis == "(30.00 × 10/30 天 + 30.00 × 2 × 20/30 天)"


@pytest.mark.parametrize(
    ("version", "period", "first", "quantity", "measure"),
    [
        (area_price("4/3"), "2026-11", None, "1", "98.6"),
        (area_price(), "2026-11", "2026-11-10", "1", "69.02"),  # 98.60 × 21/30
        (area_price(cycle_months=3), "2026Q4", None, "2", "591.6"),  # 98.60 × 3 months × 2
        (fixed_price(), "2026-11", None, "2", "2"),
        (fixed_price("900", cycle_months=3), "2026Q4", "2026-11-16", "1", "1/2"),  # (15/30 + 1) of 3 months
    ],
)
def test_the_measure_is_what_the_price_is_multiplied_by(
    version: PriceVersion, period: str, first: str | None, quantity: str, measure: str
) -> None:
    line = priced(version, period, first, quantity=quantity, of=Measures(AREA))
    assert line is not None
    assert line.measure == Fraction(measure)
    assert line.exact == line.measure * version.unit_price


@pytest.mark.parametrize("mode", [BY_DAY, WHOLE, HALF])
def test_a_new_price_splits_the_month_by_days(mode: Facts) -> None:
    versions = [area_price("2.80", **mode), area_price("3.10", date(2026, 11, 16), **mode)]
    line = priced(versions, "2026-11", **BY_AREA)
    assert line is not None
    assert line.gross == 29087  # 98.60 × (2.80 + 3.10) / 2
    assert line.basis == "98.60 ㎡ × (2.80 × 15/30 天 + 3.10 × 15/30 天)"
    assert line.version is not None
    assert line.version.unit_price == Fraction("2.80")


@pytest.mark.parametrize(("mode", "gross"), [(BY_DAY, 21298), (WHOLE, 30425), (HALF, 30425)])
def test_a_part_of_a_month_with_a_new_price(mode: Facts, gross: int) -> None:
    """From the 10th, new price from the 16th: 98.60 × (6 × 2.80 + 15 × 3.20) ÷ 30 by days, ÷ 21 as a mean."""
    versions = [area_price("2.80", **mode), area_price("3.20", date(2026, 11, 16), **mode)]
    line = priced(versions, "2026-11", "2026-11-10", **BY_AREA)
    assert line is not None
    assert line.gross == gross


def test_a_quarter_with_a_new_price_in_its_middle() -> None:
    versions = [area_price("2.80", cycle_months=3), area_price("3.10", date(2026, 11, 16), cycle_months=3)]
    line = priced(versions, "2026Q4", **BY_AREA)
    assert line is not None
    assert line.gross == 87261  # 98.60 × (2.80 + 2.95 + 3.10) = 872.61
    assert line.basis == "98.60 ㎡ × (2.80 + 2.80 × 15/30 天 + 3.10 + 3.10 × 15/30 天)"


def test_days_of_a_version_with_another_cycle_belong_to_another_charge() -> None:
    """Monthly until 9 December, by the quarter from the 10th on."""
    versions = [fixed_price("310", cycle_months=1), fixed_price("930", date(2026, 12, 10), cycle_months=3)]
    month, quarter = priced(versions, "2026-12"), priced(versions, "2026Q4")
    assert month is not None
    assert quarter is not None
    assert (month.gross, month.serves) == (9000, Days(date(2026, 12, 1), date(2026, 12, 9)))
    assert (quarter.gross, quarter.serves) == (22000, Days(date(2026, 12, 10), date(2026, 12, 31)))


@pytest.mark.parametrize(("rule", "gross"), [(DeliveryRule.BY_DAY, 10123), (DeliveryRule.HALF_MONTH, 13804)])
def test_the_delivery_rule_goes_before_the_tariffs(rule: DeliveryRule, gross: int) -> None:
    """Delivered on the 20th: 11 of 30 days, or half, though the tariff charges months whole."""
    cut = DeliveryCut(Period.parse("2026-11"), rule)
    line = priced(area_price(**WHOLE), "2026-11", "2026-11-20", cut=cut, **BY_AREA)
    assert line is not None
    assert line.gross == gross


def test_no_price_no_charge() -> None:
    assert priced(area_price(since=date(2026, 12, 1)), "2026-11", **BY_AREA) is None


@pytest.mark.parametrize(
    ("mantissa", "step", "gross"),
    [
        (Mantissa.HALF_UP, 1, 27608),
        (Mantissa.HALF_UP, 10, 27610),
        (Mantissa.DOWN, 10, 27600),
        (Mantissa.UP, 100, 27700),
        (Mantissa.DOWN, 100, 27600),
    ],
)
def test_each_line_is_rounded_once_as_its_item_says(mantissa: Mantissa, step: int, gross: int) -> None:
    line = priced(area_price(), "2026-11", rounding=Rounding(mantissa, Fen(step)), **BY_AREA)
    assert line is not None
    assert line.gross == gross


def test_the_arithmetic_in_words() -> None:
    marked = area_price(form="政府指导价", document="某价〔2024〕16 号")
    line = priced(marked, "2026-11", of=Measures(Fraction("112.3")))
    assert line is not None
    assert line.explanation == (
        "计费面积 112.30 ㎡ × 单价 2.80 元（政府指导价, 某价〔2024〕16 号, 2024-07-01 起）= 314.44 元/月。",
    )
    part = priced(marked, "2026-11", "2026-11-10", quantity="2", rounding=Rounding(Mantissa.UP, Fen(10)), **BY_AREA)
    assert part is not None
    assert part.explanation[1:] == (
        "2026-11-10 至 2026-11-30：按 21/30 天，单价 2.80 元。",
        "数量 2。",
        "合计 386.60 元（进位到角）。",
    )
    third = priced(area_price("4/3"), "2026-11", **BY_AREA)
    assert third is not None
    assert "≈ 131.4667 元/月" in third.explanation[0]


def test_in_english_too() -> None:
    use_language("en")
    line = priced(area_price(), "2026-11", "2026-11-10", **BY_AREA)
    assert line is not None
    assert line.basis == "98.60 ㎡ × 2.80 × 21/30 days"


def reading(value: str, day: date, kind: str = NORMAL, *, meter: int = 1, **facts: Any) -> Reading:
    return Reading(0, meter, facts.pop("meter_kind", "水表"), day, Fraction(value), kind, **facts)


def usage(line: list[Reading], *versions: PriceVersion, quantity: str = "1", **facts: Any) -> PricedLine | None:
    steps = usage_steps(line)
    return price_usage(versions, steps, [Fraction(quantity)] * len(steps), **facts)


WATER = PriceVersion(3, Method.USAGE, Fraction("3.04"), SINCE)
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 25), date(2026, 10, 25), date(2026, 11, 24)


@pytest.mark.parametrize(
    ("line", "gross", "basis"),
    [
        ([reading("412", SEPTEMBER), reading("431", OCTOBER)], 5776, "412→431 · 19 吨 × 3.04"),
        (
            [reading("412.125", SEPTEMBER), reading("431.5", OCTOBER)],
            5890,  # 19.375 × 3.04
            "412.125→431.5 · 19.375 吨 × 3.04",
        ),
        (
            [reading("412", SEPTEMBER), reading("431", OCTOBER), reading("447", NOVEMBER)],
            10640,
            "412→447 · 35 吨 × 3.04",
        ),
        (
            [reading("412", SEPTEMBER), reading("12", OCTOBER, SWAP, old_final=Fraction(450), new_initial=Fraction(2))],
            14592,  # (38 + 10) × 3.04
            "412→450, 2→12 · 48 吨 × 3.04",
        ),
        ([reading("412", SEPTEMBER), reading("420", OCTOBER, ESTIMATE)], 2432, "412→420(估读) · 8 吨 × 3.04"),
        (
            [reading("12", SEPTEMBER, multiplier=Fraction(40)), reading("15", OCTOBER, multiplier=Fraction(40))],
            36480,
            "12→15 × 40 · 120 吨 × 3.04",
        ),
    ],
)
def test_usage(line: list[Reading], gross: int, basis: str) -> None:
    charged = usage(line, WATER)
    assert charged is not None
    assert (charged.gross, charged.basis) == (gross, basis)
    assert charged.serves == Days(SEPTEMBER, line[-1].read_on)


def test_each_reading_takes_the_price_of_its_date() -> None:
    dearer = PriceVersion(4, Method.USAGE, Fraction("3.20"), date(2026, 11, 1))
    line = [reading("412", SEPTEMBER), reading("431", OCTOBER), reading("447", NOVEMBER)]
    charged = usage(line, WATER, dearer)
    assert charged is not None
    assert charged.gross == 10896  # 19 × 3.04 + 16 × 3.20
    assert charged.basis == "412→431 · 19 吨 × 3.04 + 431→447 · 16 吨 × 3.20"
    assert charged.explanation == (
        "2026-09-25 读数 412，2026-10-25 读数 431：用量 19 吨，单价 3.04 元。",
        "2026-10-25 读数 431，2026-11-24 读数 447：用量 16 吨，单价 3.20 元。",
        "单价 3.04 元（2024-07-01 起）。",
        "单价 3.20 元（2026-11-01 起）。",
        "合计 108.96 元（四舍五入到分）。",
    )


def test_readings_of_days_without_a_price_are_not_charged() -> None:
    ended = PriceVersion(3, Method.USAGE, Fraction("3.04"), SINCE, date(2026, 10, 31))
    line = [reading("412", SEPTEMBER), reading("431", OCTOBER), reading("447", NOVEMBER)]
    charged = usage(line, ended)
    assert charged is not None
    assert charged.gross == 5776
    assert usage([reading("431", OCTOBER), reading("447", NOVEMBER)], ended) is None


def test_peak_and_valley() -> None:
    power = PriceVersion(
        5, Method.USAGE, Fraction(0), SINCE, prices=(("峰", Fraction("0.5583")), ("谷", Fraction("0.3583")))
    )
    peak = [reading("100", OCTOBER, meter_kind="电表峰"), reading("200", NOVEMBER, meter_kind="电表峰")]
    valley = [
        reading("50", OCTOBER, meter_kind="电表谷", meter=2),
        reading("90", NOVEMBER, meter_kind="电表谷", meter=2),
    ]
    steps = usage_steps(peak) + usage_steps(valley)
    charged = price_usage([power], steps, [Fraction(1), Fraction(1)])
    assert charged is not None
    assert charged.gross == 7016  # 55.83 + 14.332
    assert charged.basis == "100→200 · 100 度 × 0.5583 + 50→90 · 40 度 × 0.3583"


def test_two_meters_of_one_kind_are_one_line() -> None:
    first = usage_steps([reading("412", OCTOBER), reading("431", NOVEMBER)])
    second = usage_steps([reading("10", OCTOBER, meter=2), reading("15", NOVEMBER, meter=2)])
    charged = price_usage([WATER], first + second, [Fraction(1)] * 2)
    assert charged is not None
    assert (charged.gross, charged.basis) == (7296, "412→431, 10→15 · 24 吨 × 3.04")


modes = st.sampled_from(PartialMonth)
prices = st.fractions(Fraction(1, 100), 20, max_denominator=1000)
areas = st.integers(1, 100_000).map(lambda hundredths: Fraction(hundredths, 100))
split_days = st.integers(1, 29)


@given(price=prices, area=areas, day=split_days)
def test_two_accounts_of_a_month_pay_about_one_month(price: Fraction, area: Fraction, day: int) -> None:
    """By days the exact shares sum to the whole; rounding once each leaves at most a fen."""
    version = area_price(str(price))
    whole = priced(version, "2026-11", of=Measures(area))
    earlier = priced(version, "2026-11", last=f"2026-11-{day:02d}", of=Measures(area))
    later = priced(version, "2026-11", first=str(date(2026, 11, day) + timedelta(1)), of=Measures(area))
    assert whole is not None
    assert earlier is not None
    assert later is not None
    assert abs(earlier.gross + later.gross - whole.gross) <= 1


@given(price=prices, mode=modes, day=split_days, area=areas)
def test_a_new_price_equal_to_the_old_changes_nothing(
    price: Fraction, mode: PartialMonth, day: int, area: Fraction
) -> None:
    old = area_price(str(price), partial_month=mode)
    new = area_price(str(price), date(2026, 11, day + 1), partial_month=mode)
    for first in (None, "2026-11-08"):
        once, twice = (
            priced(old, "2026-11", first, of=Measures(area)),
            priced([old, new], "2026-11", first, of=Measures(area)),
        )
        assert once is not None
        assert twice is not None
        assert once.gross == twice.gross


@given(mode=modes, first=st.integers(1, 30), price=prices)
def test_more_days_never_cost_less(mode: PartialMonth, first: int, price: Fraction) -> None:
    version = fixed_price(str(price), partial_month=mode)
    longer = priced(version, "2026-11", f"2026-11-{first:02d}")
    shorter = priced(version, "2026-11", f"2026-11-{min(first + 1, 30):02d}")
    whole = priced(version, "2026-11")
    assert longer is not None
    assert shorter is not None
    assert whole is not None
    assert shorter.gross <= longer.gross <= whole.gross


@given(price=prices, used=st.integers(0, 5000), more=st.integers(0, 5000))
def test_more_usage_never_costs_less(price: Fraction, used: int, more: int) -> None:
    tariff = PriceVersion(3, Method.USAGE, price, SINCE)
    less = usage([reading("100", OCTOBER), reading(str(100 + used), NOVEMBER)], tariff)
    greater = usage([reading("100", OCTOBER), reading(str(100 + used + more), NOVEMBER)], tariff)
    assert less is not None
    assert greater is not None
    assert less.gross <= greater.gross


@given(price=prices, values=st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_readings_in_between_do_not_change_the_sum(price: Fraction, values: list[int]) -> None:
    tariff = PriceVersion(3, Method.USAGE, price, SINCE)
    totals = [sum(values[:n]) for n in range(len(values) + 1)]
    line = [reading(str(total), date(2026, 10, n + 1)) for n, total in enumerate(totals)]
    many, one = usage(line, tariff), usage([line[0], line[-1]], tariff)
    assert many is not None
    assert one is not None
    assert many.gross == one.gross
