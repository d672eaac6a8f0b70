"""Which tariff of a fee item holds for a unit, day by day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.bills import TariffFacts
from feedesk.rules.inheritance import nearest_tariffs
from feedesk.rules.pricing import TO_THE_FEN
from feedesk.rules.spans import ScopeDays, scope_on
from feedesk.rules.tariffs import ONCE, Method, PriceVersion, price_on
from feedesk.rules.unit_patterns import EXACT, nearness

ALWAYS = date(2020, 1, 1)
COMMUNITY, BUILDING, UNIT = nearness("*"), nearness("3-*"), EXACT


def november(day: int | None) -> date | None:
    return None if day is None else date(2026, 11, day)


def tariff(key: int, *held: tuple[date, date | None], item: int = 1, cycle: int = 1) -> TariffFacts:
    versions = tuple(
        PriceVersion(10 * key + n, Method.FIXED, Fraction(key), first, last, cycle_months=cycle)
        for n, (first, last) in enumerate(held or ((date.min, None),))
    )
    return TariffFacts(key, item, f"项{item}", versions, "", TO_THE_FEN)


def reaching(near: int, first: int | None = None, last: int | None = None, quantity: int = 1) -> ScopeDays:
    return ScopeDays(near, Fraction(quantity), november(first), november(last))


def held(found: dict[int, tuple[ScopeDays, ...]]) -> dict[int, list[tuple[str, str, int]]]:
    """Tariff → first and last day and quantity of each stretch."""
    return {
        key: [(str(one.from_date or ""), str(one.to_date or ""), int(one.quantity)) for one in scopes]
        for key, scopes in found.items()
    }


def test_a_code_goes_before_a_building_and_that_before_the_community() -> None:
    tariffs = {1: tariff(1), 2: tariff(2), 3: tariff(3)}
    reach = {1: (reaching(COMMUNITY),), 2: (reaching(BUILDING),), 3: (reaching(UNIT),)}
    assert held(nearest_tariffs(reach, tariffs)) == {3: [("", "", 1)]}
    assert held(nearest_tariffs({1: reach[1], 2: reach[2]}, tariffs)) == {2: [("", "", 1)]}


def test_equally_near_tariffs_are_all_left() -> None:
    tariffs = {1: tariff(1), 2: tariff(2), 3: tariff(3)}
    reach = {1: (reaching(COMMUNITY),), 2: (reaching(BUILDING),), 3: (reaching(BUILDING, quantity=2),)}
    assert held(nearest_tariffs(reach, tariffs)) == {2: [("", "", 1)], 3: [("", "", 2)]}


def test_another_fee_item_is_another_matter() -> None:
    tariffs = {1: tariff(1), 2: tariff(2, item=2)}
    reach = {1: (reaching(COMMUNITY),), 2: (reaching(UNIT),)}
    assert nearest_tariffs(reach, tariffs) == reach


def test_a_charge_made_once_stands_beside_the_others() -> None:
    tariffs = {1: tariff(1), 2: tariff(2, cycle=ONCE)}
    reach = {1: (reaching(COMMUNITY),), 2: (reaching(UNIT),)}
    assert held(nearest_tariffs(reach, tariffs)) == {1: [("", "", 1)], 2: [("", "", 1)]}


@pytest.mark.parametrize(
    ("near", "prices", "farther"),
    [
        # from the 11th to the 20th the unit's own
        (reaching(UNIT, 11, 20), (), [("", "2026-11-10", 1), ("2026-11-21", "", 1)]),
        # its price ends on the 15th, though its scope does not
        (reaching(UNIT, 11, 20), ((ALWAYS, date(2026, 11, 15)),), [("", "2026-11-10", 1), ("2026-11-16", "", 1)]),
        # it has no price yet
        (reaching(UNIT), ((date(2026, 12, 1), None),), [("", "2026-11-30", 1)]),
    ],
)
def test_the_nearer_one_holds_only_while_it_has_days_and_a_price(
    near: ScopeDays, prices: tuple[tuple[date, date | None], ...], farther: list[tuple[str, str, int]]
) -> None:
    found = nearest_tariffs({1: (reaching(COMMUNITY),), 2: (near,)}, {1: tariff(1), 2: tariff(2, *prices)})
    assert held(found)[1] == farther


def test_a_nearer_row_says_which_it_hides() -> None:
    reach = {1: (reaching(COMMUNITY),), 2: (reaching(UNIT, 11),)}
    found = nearest_tariffs(reach, {1: tariff(1), 2: tariff(2)})
    assert [scope.hides for scope in found[2]] == [{1}]
    assert all(not scope.hides for scope in found[1])


scopes = st.builds(
    lambda near, first, length, quantity: ScopeDays(
        near,
        Fraction(quantity),
        None if first is None else ALWAYS + timedelta(first),
        None if length is None else ALWAYS + timedelta((first or 0) + length),
    ),
    st.sampled_from([COMMUNITY, 1, BUILDING, 4, UNIT]),
    st.none() | st.integers(0, 40),
    st.none() | st.integers(0, 40),
    st.integers(1, 3),
)
versions = st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 30)), min_size=1, max_size=3)


@given(
    st.lists(st.tuples(st.lists(scopes, min_size=1, max_size=3), versions), min_size=1, max_size=4), st.integers(-5, 90)
)
def test_on_each_day_the_nearest_with_a_price_hold(
    drawn: list[tuple[list[ScopeDays], list[tuple[int, int | None]]]], at: int
) -> None:
    reach = {key: tuple(rows) for key, (rows, _prices) in enumerate(drawn, 1)}
    tariffs = {
        key: tariff(
            key,
            *((ALWAYS + timedelta(n), None if days is None else ALWAYS + timedelta(n + days)) for n, days in prices),
        )
        for key, (_rows, prices) in enumerate(drawn, 1)
    }
    day = ALWAYS + timedelta(at)
    reaching_it = {
        key: row for key in reach if (row := scope_on(reach[key], day)) and price_on(tariffs[key].versions, day)
    }
    nearest = max((row.nearness for row in reaching_it.values()), default=0)
    wanted = {key: row.quantity for key, row in reaching_it.items() if row.nearness == nearest}
    found = {key: row for key, rows in nearest_tariffs(reach, tariffs).items() if (row := scope_on(rows, day))}
    with_price = {key: row.quantity for key, row in found.items() if price_on(tariffs[key].versions, day)}
    assert with_price == wanted
