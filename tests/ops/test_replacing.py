"""Splitting and merging charges: the sums stay, the old ones go out of force, nothing is billed or owed twice."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedesk import models
from feedesk.db import Database
from feedesk.errors import UserError
from feedesk.models import Account, ChargeReplacement, table_of
from feedesk.money import Fen
from feedesk.ops import replacing
from feedesk.ops.billing import RunAlreadyReplaced, bill_period, undo_billing
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.releasing import release_revenue
from feedesk.ops.replacing import ChargesReplaced, Part, merge_charges, split_charge
from feedesk.periods import Period
from feedesk.queries.accounts import find_account
from feedesk.queries.statement import statement
from feedesk.queries.verification import verify_everything
from tests.community import TODAY, SmallCommunity, small_community
from tests.ops.adjusted import added, charge_row, problems
from tests.scenarios.street import HOMES, street

OCTOBER = Period.parse("2026-10")


def split(community: SmallCommunity, charge: int, *parts: Part) -> ChargesReplaced:
    return community.run(split_charge, charge=charge, parts=parts, reason="分期")


def merge(community: SmallCommunity, *charges: int, due: date | None = None) -> ChargesReplaced:
    return community.run(merge_charges, charges=charges, reason="一并收取", due=due)


def owed(community: SmallCommunity, account: int) -> list[tuple[str, int, str]]:
    found = community.workplace.read(statement, account=account, on=TODAY, everything=True).charges
    return [(one.period, one.due, one.basis) for one in found]


class TestSplitting:
    def test_parts_take_the_place_of_a_charge(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charge = added(community, home, 27608, due=date(2026, 11, 30)).charge
        done = split(community, charge, Part(Fen(10000)), Part(Fen(17608), due=date(2027, 1, 31)))
        assert (done.replaced, done.amount, len(done.by)) == ((charge,), 27608, 2)
        old, one, other = (charge_row(community, key) for key in (charge, *done.by))
        assert (old["status"], old["cancelled_by"]) == ("replaced", done.entry)
        assert [
            (row["gross"], row["due_date"], row["source"], row["number"], row["period"]) for row in (one, other)
        ] == [
            (10000, date(2026, 11, 30), "split", 1, "2026-11"),
            (17608, date(2027, 1, 31), "split", 2, "2026-11"),
        ]
        assert owed(community, home) == [
            ("2026-11", 10000, "补收：漏算（拆分 1/2）"),
            ("2026-11", 17608, "补收：漏算（拆分 2/2）"),
        ]
        assert (community.balance("1122.物业费"), community.balance("6001.物业费")) == (27608, -27608)
        replacement = table_of(ChargeReplacement)
        with community.database.reading() as connection:
            pairs = [tuple(row) for row in connection.execute(select(replacement.c.replaced_id, replacement.c.by_id))]
        assert pairs == [(charge, key) for key in done.by]
        assert problems(community) == ()

    def test_a_concession_stays_shown_on_each_part(self, community: SmallCommunity) -> None:
        """Of 276.08 − 27.61 = 248.47 to 100.00 and 148.47: the concession splits into 11.11 and 16.50."""
        home = community.unit("1-1-101")
        charge = community.charge(home, "物业费", "2026-11", 27608, discount=2761)
        done = split(community, charge, Part(Fen(10000)), Part(Fen(14847)))
        rows = [charge_row(community, key) for key in done.by]
        assert [(row["gross"], row["discount"]) for row in rows] == [(11111, 1111), (16497, 1650)]
        assert problems(community) == ()

    def test_a_part_may_go_to_another_account_of_the_unit(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        unit = community.value(table_of(Account), "unit_id", id=home)
        payer = community.add(models.Resident, name="李样", pinyin="li yang", initials="ly")
        tenant = community.add(models.Account, unit_id=unit, payer_id=payer, developer=True)
        charge = added(community, home, 27608).charge
        split(community, charge, Part(Fen(20000)), Part(Fen(7608), account=tenant))
        assert [due for _period, due, _basis in owed(community, home)] == [20000]
        assert [due for _period, due, _basis in owed(community, tenant)] == [7608]
        assert community.balance("1122.物业费", home) == 20000
        assert community.balance("1122.物业费", tenant) == 7608
        assert problems(community) == ()

    @pytest.mark.parametrize(
        ("parts", "error"),
        [
            ([100], replacing.TooFewParts),
            ([], replacing.TooFewParts),
            ([10000, 0], replacing.TooFewParts),
            ([10001, -1], replacing.TooFewParts),
            ([5000, 4999], replacing.PartsDoNotAddUp),
            ([5000, 5001], replacing.PartsDoNotAddUp),
        ],
    )
    def test_parts_that_are_refused(self, community: SmallCommunity, parts: list[int], error: type[UserError]) -> None:
        charge = added(community, community.unit("1-1-101"), 10000).charge
        with pytest.raises(error):
            split(community, charge, *(Part(Fen(amount)) for amount in parts))
        assert charge_row(community, charge)["status"] == "open"

    def test_a_part_for_another_unit_is_refused(self, community: SmallCommunity) -> None:
        home, other = community.unit("1-1-101"), community.unit("1-1-102")
        charge = added(community, home, 10000).charge
        with pytest.raises(replacing.PartForAnotherUnit):
            split(community, charge, Part(Fen(1)), Part(Fen(9999), account=other))

    def test_only_a_wholly_unpaid_charge_is_split(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charge = added(community, home, 10000).charge
        cash = [TenderGiven("cash", Fen(1))]
        community.run(collect_payment, account=home, tenders=cash, charges=[charge], part=True)
        with pytest.raises(replacing.OnlyOpenChargesAreReplaced):
            split(community, charge, Part(Fen(1)), Part(Fen(9998)))

    def test_parts_are_paid_and_split_again(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        first, second = split(community, added(community, home, 10000).charge, Part(Fen(4000)), Part(Fen(6000))).by
        community.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(4000))], charges=[first])
        again = split(community, second, Part(Fen(1)), Part(Fen(5999)))
        assert charge_row(community, again.by[1])["number"] == 4
        community.run(collect_payment, account=home, tenders=[TenderGiven("cash", Fen(6000))])
        assert community.balance("1122.物业费") == 0
        assert problems(community) == ()

    def test_deferred_revenue_stays_deferred(self, community: SmallCommunity) -> None:
        charge = added(community, community.unit("1-1-101"), 92000, period="2026Q4").charge
        community.run(release_revenue, month=Period.parse("2026-11"))
        split(community, charge, Part(Fen(33333)), Part(Fen(58667)))
        # 333.33 and 586.67 have served 61 of 92 days: 221.01 + 388.99, by whole months.
        assert community.balance("2204.物业费") == -31000
        community.run(release_revenue, month=Period.parse("2026-12"))
        assert community.balance("2204.物业费") == 0
        assert problems(community) == ()


class TestMerging:
    def test_charges_become_one(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        due = date(2026, 12, 31)
        charges = [added(community, home, 27608, period=f"2026-{month}", due=due).charge for month in (10, 11, 12)]
        done = merge(community, *charges)
        (key,) = done.by
        row = charge_row(community, key)
        assert (row["gross"], row["period"], row["due_date"], row["source"]) == (82824, "2026Q4", due, "merge")
        assert (row["serves_from"], row["serves_to"]) == (date(2026, 10, 1), date(2026, 12, 31))
        assert owed(community, home) == [("2026Q4", 82824, "3 笔合并：276.08 + 276.08 + 276.08")]
        # They were revenue at once, and stay so.
        assert (community.balance("6001.物业费"), community.balance("2204.物业费")) == (-82824, 0)
        assert community.run(release_revenue, month=Period.parse("2026-12")).entry is None
        assert problems(community) == ()

    @pytest.mark.parametrize(
        ("periods", "merged"),
        [
            (("2026-11", "2026-11"), "2026-11"),
            (("2026-10", "2026-11"), "2026Q4"),
            (("2026-07", "2026-12"), "2026H2"),
            (("2026-06", "2026-07"), "2026"),
        ],
    )
    def test_the_shortest_period_that_holds_them(
        self, community: SmallCommunity, periods: tuple[str, ...], merged: str
    ) -> None:
        home = community.unit("1-1-101")
        charges = [added(community, home, 100, period=period, due=TODAY).charge for period in periods]
        assert charge_row(community, merge(community, *charges).by[0])["period"] == merged

    def test_different_due_dates_ask_for_one(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charges = [added(community, home, 100, period=period).charge for period in ("2026-10", "2026-11")]
        with pytest.raises(replacing.DueDatesDiffer, match=r"2026-10-31.*2026-11-30"):
            merge(community, *charges)
        done = merge(community, *charges, due=date(2026, 11, 30))
        assert charge_row(community, done.by[0])["due_date"] == date(2026, 11, 30)

    def test_brought_along_and_added_ones_go_together(self, community: SmallCommunity) -> None:
        home = community.unit("1-1-101")
        charges = [community.charge(home, "物业费", "2026-11", 100), added(community, home, 50).charge]
        merge(community, *charges)
        assert problems(community) == ()

    @pytest.mark.parametrize(
        ("others", "error"),
        [
            ({"period": "2025-12"}, replacing.NoCommonPeriod),
            ({"item": "水费"}, replacing.ChargesDoNotBelongTogether),
            ({"account": True}, replacing.ChargesDoNotBelongTogether),
            ({"period": "2026Q4"}, replacing.MonthAndLongerPeriod),
            ({"same": True}, replacing.NothingToMerge),
        ],
    )
    def test_what_is_refused(self, community: SmallCommunity, others: dict[str, Any], error: type[UserError]) -> None:
        home = community.unit("1-1-101")
        others = dict(others)
        account = community.unit("1-1-102") if others.pop("account", False) else home
        one = added(community, home, 100, due=TODAY).charge
        other = one if others.pop("same", False) else added(community, account, 100, due=TODAY, **others).charge
        with pytest.raises(error):
            merge(community, one, other)
        assert problems(community) == ()


class TestBilling:
    def test_a_replaced_charge_is_not_billed_again_and_its_run_stays(self, ledger_database: Database) -> None:
        desk = street(ledger_database)
        desk.run_op(bill_period, period=OCTOBER)
        home = desk.read(find_account, text="1-1-1", on=TODAY).id
        charge = next(one for one in desk.read(statement, account=home, on=TODAY).charges if one.period == "2026-10")
        desk.run_op(split_charge, charge=charge.id, parts=[Part(Fen(1)), Part(Fen(charge.due - 1))], reason="x")
        assert desk.run_op(bill_period, period=OCTOBER).posted == 0
        assert desk.run_op(bill_period, period=OCTOBER).already == HOMES
        with pytest.raises(RunAlreadyReplaced):
            desk.run_op(undo_billing, period=OCTOBER, reason="x")
        assert desk.read(verify_everything).problems == ()


@given(amount=st.integers(2, 10**7), discount=st.integers(0, 10**4), data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_split_and_merged_the_sums_stay(
    split_home: tuple[SmallCommunity, int], amount: int, discount: int, data: st.DataObject
) -> None:
    community, home = split_home
    before = community.balance("1122.物业费")
    cuts = sorted(data.draw(st.sets(st.integers(1, amount - 1), min_size=1, max_size=4)))
    charge = next_charge(community, home, amount + discount, discount)
    parts = [Part(Fen(high - low)) for low, high in zip([0, *cuts], [*cuts, amount], strict=True)]
    done = split(community, charge, *parts)
    rows = [charge_row(community, key) for key in done.by]
    assert sum(row["gross"] - row["discount"] for row in rows) == amount
    assert sum(row["discount"] for row in rows) == discount
    (merged,) = merge(community, *done.by).by
    assert charge_row(community, merged)["gross"] == amount + discount
    assert community.balance("1122.物业费") == before + amount
    assert problems(community) == ()


@pytest.fixture
def split_home(sqlite_ledger: Database) -> tuple[SmallCommunity, int]:
    """A home whose charges are split and merged, again and again."""
    community = small_community(sqlite_ledger)
    return community, community.unit("1-1-101")


def next_charge(community: SmallCommunity, home: int, gross: int, discount: int) -> int:
    """A charge brought along for a period that has none yet."""
    charge = table_of(models.Charge)
    with community.database.reading() as connection:
        taken = set(connection.execute(select(charge.c.period)).scalars())
    period = next(str(Period(2000 * 12 + n)) for n in range(12 * 99) if str(Period(2000 * 12 + n)) not in taken)
    return community.charge(home, "物业费", period, gross, discount=discount)
