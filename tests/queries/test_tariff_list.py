"""The list of tariffs: what holds on a day, what is to come, where it applies, and days without a price."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.db import Database
from feedesk.ops.pricing import ItemFacts, add_tariff, begin_price
from feedesk.ops.scoping import assign_tariff
from feedesk.queries.tariff_list import TariffRow, tariff_list
from feedesk.rules.price_terms import PriceTerms
from tests.community import TODAY, SmallCommunity, small_community

FEE = PriceTerms(method="按面积", unit_price=Fraction("2.80"), valid_from=date(2026, 1, 1))


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """Two homes of building 3, one of building 4, a parking space."""
    made = small_community(sqlite_ledger)
    for code in ("3-1-502", "3-1-503", "4-1-101"):
        made.unit(code)
    made.unit("B1-087", kind="车位", built_area=None)
    return made


def tariff(community: SmallCommunity, *patterns: str, **terms: Any) -> TariffRow:
    """A tariff with one price that applies there, as the list shows it today."""
    made = community.run(add_tariff, name="住宅物业费", item=ItemFacts(name="物业费"), terms=replace(FEE, **terms))
    for pattern in patterns:
        community.run(assign_tariff, tariff=made.tariff, pattern=pattern, from_date=date(2026, 1, 1))
    return listed(community)


def listed(community: SmallCommunity, on: date = TODAY) -> TariffRow:
    return community.workplace.read(tariff_list, on=on).tariffs[0]


@pytest.mark.parametrize(
    ("patterns", "units", "places"),
    [
        (("*",), 4, ["全小区"]),
        (("*-*-*",), 3, ["全部住宅"]),
        (("3-*",), 2, ["3 栋"]),
        (("3-1-502",), 1, ["3-1-502"]),
        (("B1-*",), 1, ["全部车位"]),
        (("3-*", "3-1-502"), 2, ["3 栋", "3-1-502"]),
        (("9-*",), 0, ["9 栋"]),
        (("*-1-50?",), 2, ["*-1-50?"]),
        ((), 0, []),
    ],
)
def test_where_it_applies_is_counted_and_put_into_words(
    community: SmallCommunity, patterns: tuple[str, ...], units: int, places: list[str]
) -> None:
    row = tariff(community, *patterns)
    assert row.units == units
    assert sorted(scope.place for scope in row.scopes) == sorted(places)


def test_a_scope_that_has_ended_is_listed_and_not_counted(community: SmallCommunity) -> None:
    made = tariff(community)
    facts = {"from_date": date(2026, 1, 1), "to_date": date(2026, 6, 30)}
    community.run(assign_tariff, tariff=made.id, pattern="3-*", **facts)
    row = listed(community)
    assert (row.units, row.scopes[0].units, row.scopes[0].holds_on(TODAY)) == (0, 2, False)
    assert listed(community, date(2026, 6, 30)).units == 2


def test_of_prices_that_overlap_the_one_begun_last_holds(community: SmallCommunity) -> None:
    made = tariff(community)
    summer = replace(FEE, unit_price=Fraction(3), valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31))
    community.run(begin_price, tariff=made.id, terms=summer)
    row = listed(community)
    prices = {}
    for day in ("2025-12-31", "2026-05-31", "2026-06-01", "2026-08-31", "2026-09-01"):
        found = row.price_on(date.fromisoformat(day))
        prices[day] = found and found.terms.unit_price
    assert list(prices.values()) == [None, Fraction("2.8"), 3, 3, Fraction("2.8")]
    assert row.gaps == []


def test_what_is_shown_of_a_tariff_without_a_price_today(community: SmallCommunity) -> None:
    row = tariff(community, valid_from=date(2027, 1, 1))
    assert row.price_on(TODAY) is None
    assert row.shown_on(TODAY) is row.versions[0]
    ended = replace(row, versions=(replace(row.versions[0], terms=replace(FEE, valid_to=date(2026, 2, 1))),))
    assert ended.shown_on(TODAY) is ended.versions[0]
    assert ended.gaps == [(date(2026, 2, 2), None)]
    assert replace(row, versions=()).shown_on(TODAY) is None
