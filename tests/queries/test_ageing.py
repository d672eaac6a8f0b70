"""The ageing of a ledger's open charges, by fee item and by building."""

from datetime import date

import pytest

from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.queries.ageing import AGEING_BOUNDS, Ageing, ageing, ageing_bounds
from feedesk.rules.ageing import DEFAULT_BOUNDS, Bound
from tests.community import SmallCommunity
from tests.databases import write_setting

TODAY = date(2026, 11, 23)


@pytest.fixture
def owing(community: SmallCommunity) -> SmallCommunity:
    """Two buildings; charges of several ages, one conceded in part, one paid, one of another day's due date."""
    first, second, third = (community.unit(code) for code in ("2-1-101", "10-1-101", "2-1-102"))
    community.charge(first, "物业费", "2026-11", 27608)  # due on 30 November
    community.charge(first, "物业费", "2026-10", 27608, discount=2761)  # 23 days
    community.charge(first, "水费", "2026-09", 4864, due=date(2026, 10, 15))  # 39 days
    community.charge(second, "物业费", "2026-10", 30000)
    community.charge(second, "物业费", "2024-10", 30000)  # past its second anniversary
    community.charge(third, "水费", "2020-01", 100)
    return community


def by_row(found: Ageing) -> dict[tuple[str, str], tuple[Fen, ...]]:
    return {(row.building, row.item): row.amounts for row in found.rows}


def test_what_is_owed_by_item_and_age(owing: SmallCommunity) -> None:
    found = owing.workplace.read(ageing, on=TODAY)
    assert found.buckets[:3] == ("未到期", "0–30 天", "31–90 天")
    assert by_row(found) == {
        ("", "物业费"): (27608, 27608 - 2761 + 30000, 0, 0, 0, 0, 30000, 0),
        ("", "水费"): (0, 0, 4864, 0, 0, 0, 0, 100),
    }
    assert [row.item for row in found.rows] == ["物业费", "水费"]
    assert found.totals == (27608, 54847, 4864, 0, 0, 0, 30000, 100)
    assert found.total == 117419


def test_what_is_owed_by_building(owing: SmallCommunity) -> None:
    found = owing.workplace.read(ageing, on=TODAY, by_building=True)
    assert by_row(found) == {
        ("2", "物业费"): (27608, 24847, 0, 0, 0, 0, 0, 0),
        ("2", "水费"): (0, 0, 4864, 0, 0, 0, 0, 100),
        ("10", "物业费"): (0, 30000, 0, 0, 0, 0, 30000, 0),
    }
    assert [row.building for row in found.rows] == ["2", "2", "10"]  # as people count, not as texts are sorted
    assert found.totals == owing.workplace.read(ageing, on=TODAY).totals


def test_payments_and_later_days_move_it(owing: SmallCommunity) -> None:
    owing.run(collect_payment, account=2, tenders=[TenderGiven("cash", Fen(40000))], part=True)
    found = owing.workplace.read(ageing, on=TODAY)
    assert found.rows[0].amounts == (27608, 24847 + 20000, 0, 0, 0, 0, 0, 0)  # the oldest first, then 100.00
    later = owing.workplace.read(ageing, on=date(2026, 12, 1))
    assert later.rows[0].amounts == (0, 27608, 24847 + 20000, 0, 0, 0, 0, 0)
    assert later.total == found.total


def test_nothing_owed(community: SmallCommunity) -> None:
    found = community.workplace.read(ageing, on=TODAY)
    assert found.rows == ()
    assert found.totals == (0,) * 8


def test_bounds_of_the_ledger(owing: SmallCommunity) -> None:
    read = owing.workplace.read
    assert read(ageing_bounds) == DEFAULT_BOUNDS
    write_setting(owing.database, AGEING_BOUNDS, '"60 2y"')
    assert read(ageing_bounds) == (Bound(60), Bound(2, True))
    assert read(ageing, on=TODAY).totals == (27608, 54847 + 4864, 0, 30000 + 100)
    assert read(ageing, on=TODAY, bounds=(Bound(30),)).totals == (27608, 54847, 4864 + 30000 + 100)


def test_spoilt_bounds_are_the_usual_ones(owing: SmallCommunity) -> None:
    write_setting(owing.database, AGEING_BOUNDS, '"90 30"')
    assert owing.workplace.read(ageing_bounds) == DEFAULT_BOUNDS
