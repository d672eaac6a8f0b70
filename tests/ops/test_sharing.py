"""Entering shared costs at the desk, what is refused, and the list of who bears what."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from feedesk.errors import UserError
from feedesk.ledger.verify import verify_ledger
from feedesk.models import (
    AuditRecord,
    Charge,
    FeeItem,
    Meter,
    MeterReading,
    Tariff,
    TariffScope,
    TariffVersion,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.ops.billing import bill_period, preview_period, undo_billing
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.sharing import (
    DueDayUnclear,
    SharedCostBilled,
    SharedCostFacts,
    SharedCostIsThere,
    SharedCostUnnamed,
    SharedTotalMissing,
    VacantWeightOutOfRange,
    add_shared_cost,
    change_shared_cost,
    delete_shared_cost,
    set_vacant_weight,
)
from feedesk.periods import Period
from feedesk.queries.shared_cost_list import ShareTable, share_table, shared_cost_list
from feedesk.queries.shared_costs import UnknownSharedCost
from feedesk.rules.sharing import MeterUnknown, ScopeReachesNothing, ShareBasis
from tests.community import SmallCommunity

NOVEMBER = Period.parse("2026-11")
LIFTS = SharedCostFacts(
    name="电梯用电",
    item="公摊电费",
    period=NOVEMBER,
    total=Fen(9000),
    scope=("1-*",),
    basis=ShareBasis.AREA,
    due="次月15",
)


@pytest.fixture
def office(community: SmallCommunity) -> SmallCommunity:
    """Three homes of 100, 100 and 50 m² in building 1, one in building 2."""
    for code, area, state in (("1-1", 100, "自住"), ("1-2", 100, "空置"), ("1-3", 50, "自住"), ("2-1", 80, "自住")):
        community.unit(code, resident=f"样{code}", built_area=Fraction(area), occupancy=state)
    return community


def table(office: SmallCommunity, cost: int) -> ShareTable:
    return office.workplace.read(share_table, cost=cost)


def shares(found: ShareTable) -> list[tuple[str, str, int, str]]:
    return [(row.unit, row.resident, row.amount, row.reason) for row in found.rows]


def test_a_cost_is_entered_previewed_billed_and_undone(office: SmallCommunity) -> None:
    cost = office.run(add_shared_cost, facts=LIFTS)
    preview = table(office, cost)
    # 90.00 over 250 m²: 36.00, 36.00, 18.00.
    assert shares(preview) == [("1-1", "样1-1", 3600, ""), ("1-2", "样1-2", 3600, ""), ("1-3", "样1-3", 1800, "")]
    assert (preview.posted, preview.billed, preview.not_billed) == (False, 9000, 0)
    assert preview.weights == 250
    assert preview.sums
    billed = office.run(bill_period, period=NOVEMBER)
    assert (billed.posted, billed.total) == (3, 9000)
    posted = table(office, cost)
    assert (posted.posted, shares(posted)) == (True, shares(preview))
    (row,) = office.workplace.read(shared_cost_list)
    assert (row.charges, row.billed, row.total) == (3, 9000, 9000)
    # Agency money: credited to what is owed on to the supplier.
    assert (office.balance("1122.公摊电费"), office.balance("2241.代收.公摊电费")) == (9000, -9000)
    with pytest.raises(SharedCostBilled):
        office.run(change_shared_cost, cost=cost, facts=replace(LIFTS, total=Fen(9001)))
    with pytest.raises(SharedCostBilled):
        office.run(delete_shared_cost, cost=cost)
    office.run(undo_billing, period=NOVEMBER, reason="总额录错")
    office.run(change_shared_cost, cost=cost, facts=replace(LIFTS, total=Fen(12500)))
    assert [amount for _unit, _payer, amount, _why in shares(table(office, cost))] == [5000, 5000, 2500]
    assert office.run(bill_period, period=NOVEMBER).total == 12500
    with office.database.reading() as connection:
        assert verify_ledger(connection).ok


def test_the_snapshot_keeps_what_a_share_was_reckoned_by(office: SmallCommunity) -> None:
    cost = office.run(add_shared_cost, facts=LIFTS)
    office.run(bill_period, period=NOVEMBER)
    charge, unit = table_of(Charge), table_of(Unit)
    with office.database.reading() as connection:
        found = connection.execute(
            select(charge).join(unit, unit.c.id == charge.c.unit_id).where(unit.c.code == "1-3")
        ).one()
    assert (found.source, found.number, found.tariff_version_id) == ("shared", cost, None)
    assert (found.due_date, found.serves_from, found.serves_to) == (
        date(2026, 12, 15),
        date(2026, 11, 1),
        date(2026, 11, 30),
    )
    assert found.basis == "90.00 × 50.00 ÷ 250 ㎡"
    for kept in ('"total":"9000"', '"share_basis":"按面积"', '"weight":"50"', '"weights":"250"', '"电梯用电"'):
        assert kept in found.snapshot
    # Whatever the units weigh now: the list says what was posted.
    with office.database.transaction() as connection:
        connection.execute(unit.update().where(unit.c.code == "1-3").values(built_area=Fraction(500)))
    posted = table(office, cost)
    assert [(int(row.weight), row.amount) for row in posted.rows] == [(100, 3600), (100, 3600), (50, 1800)]
    assert posted.sums


def test_an_empty_home_weighs_what_the_ledger_or_the_cost_says(office: SmallCommunity) -> None:
    cost = office.run(add_shared_cost, facts=LIFTS)
    office.run(set_vacant_weight, weight=Fraction(1, 2))
    # 100 + 50 + 50 = 200 m²: 45.00, 22.50, 22.50.
    assert [row.amount for row in table(office, cost).rows] == [4500, 2250, 2250]
    office.run(change_shared_cost, cost=cost, facts=replace(LIFTS, vacant_weight=Fraction(0)))
    # 100 + 0 + 50: 60.00, nothing, 30.00.
    assert [(row.amount, bool(row.reason)) for row in table(office, cost).rows] == [
        (6000, False),
        (0, True),
        (3000, False),
    ]
    office.run(set_vacant_weight, weight=None)
    office.run(change_shared_cost, cost=cost, facts=LIFTS)
    assert [row.amount for row in table(office, cost).rows] == [3600, 3600, 1800]
    with pytest.raises(VacantWeightOutOfRange):
        office.run(set_vacant_weight, weight=Fraction(3, 2))


def test_what_nobody_pays_is_named_before_and_after(office: SmallCommunity) -> None:
    office.add(Unit, building_id=1, code="1-4", sort_key="1-4", kind="住宅", built_area=Fraction(50), occupancy="自住")
    cost = office.run(add_shared_cost, facts=replace(LIFTS, total=Fen(3000)))
    preview = table(office, cost)
    assert shares(preview)[-1] == ("1-4", "", 500, "没有登记缴费人")
    assert (preview.billed, preview.not_billed, preview.sums) == (2500, 500, True)
    assert office.run(bill_period, period=NOVEMBER).total == 2500
    posted = table(office, cost)
    assert (posted.posted, shares(posted), posted.sums) == (True, shares(preview), True)
    # Once the units weigh otherwise, who it was can no longer be told; that something was not billed can.
    office.add(Unit, building_id=1, code="1-5", sort_key="1-5", kind="住宅", built_area=Fraction(9), occupancy="自住")
    posted = table(office, cost)
    assert (shares(posted)[-1], posted.sums) == (("", "", 500, "出账时未计收"), True)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"name": " "}, SharedCostUnnamed),
        ({"item": ""}, SharedCostUnnamed),
        ({"total": Fen(0)}, SharedTotalMissing),
        ({"scope": ("9-*",)}, ScopeReachesNothing),
        ({"scope": ("1-*", "9-9")}, ScopeReachesNothing),
        ({"scope": ()}, ScopeReachesNothing),
        ({"item": "公共保洁", "basis": ShareBasis.USAGE}, MeterUnknown),
        ({"vacant_weight": Fraction(2)}, VacantWeightOutOfRange),
        ({"vacant_weight": Fraction(-1)}, VacantWeightOutOfRange),
        ({"due": "下周"}, DueDayUnclear),
        ({"due": "2026-02-30"}, DueDayUnclear),
    ],
)
def test_what_is_refused(office: SmallCommunity, facts: dict[str, Any], refusal: type[UserError]) -> None:
    with pytest.raises(refusal):
        office.run(add_shared_cost, facts=replace(LIFTS, **facts))
    assert office.workplace.read(shared_cost_list) == []


def test_one_name_and_period_is_one_cost(office: SmallCommunity) -> None:
    first = office.run(add_shared_cost, facts=LIFTS)
    with pytest.raises(SharedCostIsThere):
        office.run(add_shared_cost, facts=LIFTS)
    december = replace(LIFTS, period=Period.parse("2026-12"))
    second = office.run(add_shared_cost, facts=december)
    with pytest.raises(SharedCostIsThere):
        office.run(change_shared_cost, cost=first, facts=december)
    assert [row.id for row in office.workplace.read(shared_cost_list)] == [second, first]
    office.run(delete_shared_cost, cost=second)
    for gone in (
        lambda: office.run(delete_shared_cost, cost=second),
        lambda: office.run(change_shared_cost, cost=second, facts=december),
        lambda: table(office, second),
    ):
        with pytest.raises(UnknownSharedCost):
            gone()
    audit = table_of(AuditRecord)
    with office.database.reading() as connection:
        actions = list(
            connection.execute(select(audit.c.action).where(audit.c.subject.like("shared_cost:%"))).scalars()
        )
    assert actions == ["add_shared_cost", "add_shared_cost", "delete_shared_cost"]


def test_a_fee_item_is_made_where_there_is_none(office: SmallCommunity) -> None:
    office.run(add_shared_cost, facts=replace(LIFTS, item="公共设施费"))
    assert office.run(bill_period, period=NOVEMBER).total == 9000
    assert office.balance("6001.公共设施费") == -9000


def test_a_cashier_may_not(office: SmallCommunity) -> None:
    cashier = replace(office.workplace, actor="样例收费员")
    with pytest.raises(NotPermitted):
        cashier.run_op(add_shared_cost, facts=LIFTS)


def test_a_cost_that_cannot_be_shared_says_why(office: SmallCommunity) -> None:
    office.unit("1-9", resident="样九", built_area=None)
    cost = office.run(add_shared_cost, facts=LIFTS)
    found = table(office, cost)
    assert (found.rows, found.posted) == ((), False)
    assert found.refusal == "“电梯用电”不能按面积分摊：1-9 没有面积。请在档案中补上面积，或修改范围。"
    (skipped,) = office.workplace.read(preview_period, period=NOVEMBER, item="公摊电费").skipped
    assert (skipped.unit, skipped.reason) == ("1-9", "“电梯用电”未分摊：该房屋没有面积")


def meter(office: SmallCommunity, code: str, kind: str, *readings: str) -> None:
    unit = table_of(Unit)
    key = office.add(Meter, unit_id=office.value(unit, "id", code=code), kind=kind, number="A", multiplier=Fraction(1))
    for day, reading in zip(("2026-10-31", "2026-11-20"), readings, strict=True):
        office.add(
            MeterReading,
            meter_id=key,
            read_on=date.fromisoformat(day),
            reading=Fraction(reading),
            kind="正常",
            note="",
        )


def test_usage_weighs_before_and_after_it_is_billed(office: SmallCommunity) -> None:
    """Peak and valley count together: 12.5 + 7.5 = 20, 1-2 20: half each; what 1-3 used of water does not weigh."""
    item = office.value(table_of(FeeItem), "id", name="水费")
    for kind, price in (("电表峰", "1"), ("电表谷", "1"), ("水表", "2")):
        tariff = office.add(Tariff, name=kind, fee_item_id=item, position=1)
        office.add(
            TariffVersion,
            tariff_id=tariff,
            method="按用量",
            unit_price=Fraction(price),
            meter_kind=kind,
            valid_from=date(2020, 1, 1),
        )
        office.add(TariffScope, unit_pattern="*", tariff_id=tariff, quantity=Fraction(1), from_date=date(2020, 1, 1))
    meter(office, "1-1", "电表峰", "100", "112.5")
    meter(office, "1-1", "电表谷", "100", "107.5")
    meter(office, "1-2", "电表峰", "0", "20")
    meter(office, "1-3", "水表", "0", "999")
    cost = office.run(add_shared_cost, facts=replace(LIFTS, basis=ShareBasis.USAGE))
    preview = table(office, cost)
    assert [(row.unit, int(row.weight), row.amount) for row in preview.rows] == [
        ("1-1", 20, 4500),
        ("1-2", 20, 4500),
        ("1-3", 0, 0),
    ]
    office.run(bill_period, period=NOVEMBER)
    posted = table(office, cost)
    assert [(row.unit, int(row.weight), row.amount) for row in posted.rows] == [("1-1", 20, 4500), ("1-2", 20, 4500)]
    assert posted.sums
