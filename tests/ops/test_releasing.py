"""Releasing deferred revenue month by month: cumulative, so that it may run twice and heals what is posted late."""

from sqlalchemy import select

from feedesk.models import RevenueRelease, table_of
from feedesk.money import Fen
from feedesk.ops.releasing import RevenueReleased, release_revenue
from feedesk.ops.replacing import Part, split_charge
from feedesk.ops.waiving import waive
from feedesk.periods import Period
from tests.community import SmallCommunity
from tests.ops.adjusted import added, approved, problems

_release = table_of(RevenueRelease)


def release(community: SmallCommunity, month: str) -> RevenueReleased:
    return community.run(release_revenue, month=Period.parse(month))


def rows(community: SmallCommunity) -> list[tuple[str, int]]:
    with community.database.reading() as connection:
        return [(row.period, row.amount) for row in connection.execute(select(_release).order_by(_release.c.id))]


def test_a_quarter_is_released_in_three_months(community: SmallCommunity) -> None:
    """828.24 over 92 days: 279.08, 270.08, 279.08."""
    added(community, community.unit("1-1-101"), 82824, period="2026Q4")
    told = [release(community, month) for month in ("2026-09", "2026-10", "2026-11", "2026-12", "2027-01")]
    assert [one.total for one in told] == [0, 27908, 27008, 27908, 0]
    assert [one.entry is None for one in told] == [True, False, False, False, True]
    assert rows(community) == [("2026-10", 27908), ("2026-11", 27008), ("2026-12", 27908)]
    assert (community.balance("2204.物业费"), community.balance("6001.物业费")) == (0, -82824)
    assert problems(community) == ()


def test_a_month_released_twice_is_released_once(community: SmallCommunity) -> None:
    added(community, community.unit("1-1-101"), 82824, period="2026Q4")
    release(community, "2026-11")
    again = release(community, "2026-11")
    assert (again.by_item, again.entry) == ({}, None)
    earlier = release(community, "2026-10")
    assert (str(earlier.month), earlier.entry) == ("2026-11", None)


def test_what_is_posted_late_is_released_with_the_next_run(community: SmallCommunity) -> None:
    home = community.unit("1-1-101")
    added(community, home, 9200, period="2026Q4")
    release(community, "2026-11")
    added(community, home, 9200, period="2026Q4")
    added(community, home, 36500, period="2026", item="车位服务费")
    told = release(community, "2026-11")
    # Of 92.00: 31 + 30 days. Of 365.00 for the year: all but December's 31 days.
    assert told.by_item == {"物业费": 6100, "车位服务费": 33400}
    assert problems(community) == ()


def test_only_our_own_revenue_of_several_months_is_deferred(community: SmallCommunity) -> None:
    home = community.unit("1-1-101")
    added(community, home, 9200, period="2026-11")
    added(community, home, 9200, period="2026Q4", item="水费")
    community.charge(home, "物业费", "2026Q4", 9200)  # brought along: no revenue of this ledger
    assert release(community, "2026-12").entry is None
    assert problems(community) == ()


def test_alike_charges_are_reckoned_each_by_itself(community: SmallCommunity) -> None:
    """Three times 1.00: each has 0.34 in October, which makes 1.02 and not 1.01."""
    for number in range(1, 4):
        added(community, community.unit(f"1-1-10{number}"), 100, period="2026Q4")
    assert release(community, "2026-10").total == 102
    assert release(community, "2026-11").total == 96
    assert release(community, "2026-12").total == 102


def test_what_is_waived_is_served_all_the_same(community: SmallCommunity) -> None:
    """Given up as an expense: the revenue of 92.00 stands, and of 50.00 waived before a split too."""
    home = community.unit("1-1-101")
    whole, part = (added(community, home, 9200, period="2026Q4").charge for _turn in range(2))
    waiving = approved(community)
    waiving.run_op(waive, charges=[whole], principal=Fen(9200), reason="困难户")
    waiving.run_op(waive, charges=[part], principal=Fen(5000), reason="困难户")
    community.run(split_charge, charge=part, parts=[Part(Fen(200)), Part(Fen(4000))], reason="分期")
    assert release(community, "2026-12").total == 18400
    assert community.balance("2204.物业费") == 0
    assert problems(community) == ()


def test_a_month_without_anything_deferred_books_nothing(community: SmallCommunity) -> None:
    assert release(community, "2026-11").entry is None
    assert rows(community) == []
    assert Fen(0) == release(community, "2026-11").total
