"""The calculator answers what the run would post, line by line, and what a price not stored yet would come to."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.ops.billing import bill_period
from feedesk.ops.pricing import ItemFacts, add_tariff
from feedesk.ops.scoping import assign_tariff
from feedesk.periods import Period
from feedesk.queries.price_trial import Draft, NoSuchUnit, PriceTrial, price_trial
from feedesk.rules.price_terms import PriceTerms
from tests.community import SmallCommunity, small_community

NOVEMBER = Period.parse("2026-11")
FEE = PriceTerms(
    method="按面积",
    unit_price=Fraction("2.80"),
    price_form="政府指导价",
    basis_document="样价〔2024〕16 号",
    valid_from=date(2024, 7, 1),
)


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """3-1-502 of 98.60 m² and 3-1-503 delivered on 20 November; 物业费 for all, dearer for 3-1-503 by its name."""
    made = small_community(sqlite_ledger)
    made.unit("3-1-502", delivered_on=date(2020, 1, 1))
    made.unit("3-1-503", delivered_on=date(2026, 11, 20))
    assign(made, priced(made, "住宅物业费", FEE), "*-*-*")
    assign(made, priced(made, "高层物业费", replace(FEE, unit_price=Fraction("3.5"))), "3-1-503")
    return made


def priced(community: SmallCommunity, name: str, terms: PriceTerms, item: str = "物业费") -> int:
    return community.run(add_tariff, name=name, item=ItemFacts(name=item), terms=terms).tariff


def assign(community: SmallCommunity, tariff: int, pattern: str) -> None:
    community.run(assign_tariff, tariff=tariff, pattern=pattern, from_date=date(2024, 7, 1))


def tried(community: SmallCommunity, unit: str = "3-1-502", month: Period = NOVEMBER, **facts: Any) -> PriceTrial:
    return community.workplace.read(price_trial, unit=unit, month=month, **facts)


def charges(community: SmallCommunity) -> int:
    with community.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table_of(models.Charge))).scalar_one()


def test_the_line_is_what_the_run_posts(community: SmallCommunity) -> None:
    before = tried(community)
    line = before.lines[0]
    assert (line.item, line.tariff, line.period, line.gross) == ("物业费", "住宅物业费", "2026-11", 27608)
    assert line.basis == "98.60 ㎡ × 2.80"
    assert line.due == date(2026, 11, 30)
    assert "样价〔2024〕16 号" in line.grounds
    assert line.rounding == "四舍五入到分"
    assert charges(community) == 0
    assert community.run(bill_period, period=NOVEMBER).total == before.total == 27608
    after = tried(community)
    assert [one.posted for one in after.lines] == [True]
    assert (after.total, after.lines[0].words) == (before.total, line.words)


def test_the_nearest_price_is_named_with_the_reason(community: SmallCommunity) -> None:
    assert tried(community, "3-1-502").lines[0].near == "按全部住宅（*-*-*）的标准"
    line = tried(community, "3-1-503", Period.parse("2026-12")).lines[0]
    assert (line.tariff, line.gross) == ("高层物业费", 34510)  # 98.60 × 3.50
    assert line.near == "本房屋单独设定的标准，优先于住宅物业费"


def test_why_nothing_is_billed_is_told(community: SmallCommunity) -> None:
    found = tried(community, "3-1-503")
    assert found.lines == ()
    assert found.reasons[0][0] == "物业费"
    assert found.reasons[0][1]


def test_a_unit_without_any_price_is_told_so(community: SmallCommunity) -> None:
    community.unit("B1-087", kind="车位", built_area=None)
    assert tried(community, "B1-087").reasons == (("", "没有适用的收费标准"),)


def test_a_tariff_that_does_not_reach_the_unit_is_told(community: SmallCommunity) -> None:
    rent = priced(community, "车位租金", replace(FEE, method="固定金额", unit_price=Fraction(300)), "车位服务费")
    assert "3-1-502" in tried(community, tariff=rent).reasons[0][1]


def test_a_new_price_of_a_tariff_is_tried_before_it_is_stored(community: SmallCommunity) -> None:
    community.run(bill_period, period=NOVEMBER)
    tariff = community.value(table_of(models.Tariff), "id", name="住宅物业费")
    draft = Draft(replace(FEE, unit_price=Fraction("3.00"), valid_from=date(2026, 11, 16)), "物业费", tariff=tariff)
    line = tried(community, draft=draft).lines[0]
    # 98.60 × (2.80 × 15/30 + 3.00 × 15/30) = 98.60 × 2.90 = 285.94
    assert (line.gross, line.posted) == (28594, False)
    stored = community.value(table_of(models.TariffVersion), "unit_price", tariff_id=tariff)
    assert stored == Fraction("2.80")


def test_a_price_being_changed_goes_in_place_of_the_stored_one(community: SmallCommunity) -> None:
    tariff = community.value(table_of(models.Tariff), "id", name="住宅物业费")
    version = community.value(table_of(models.TariffVersion), "id", tariff_id=tariff)
    terms = replace(FEE, unit_price=Fraction("3.00"), valid_from=date(2025, 1, 1))
    draft = Draft(terms, "物业费", tariff=tariff, version=version)
    assert tried(community, draft=draft).total == 29580
    assert tried(community, month=Period.parse("2024-12"), draft=draft).lines == ()


def test_a_new_tariff_is_tried_as_though_it_applied(community: SmallCommunity) -> None:
    lift = Draft(replace(FEE, method="固定金额", unit_price=Fraction(30)), "电梯费", name="电梯费")
    assert [(line.item, line.tariff, line.gross) for line in tried(community, draft=lift).lines] == [
        ("电梯费", "电梯费", 3000)
    ]
    dearer = Draft(replace(FEE, unit_price=Fraction(4)), "物业费", name="精装物业费")
    assert tried(community, draft=dearer).total == 39440


def test_an_unknown_unit_is_refused(community: SmallCommunity) -> None:
    with pytest.raises(NoSuchUnit, match="9-9-999"):
        tried(community, "9-9-999")


def test_a_concession_stands_beside_the_price_and_in_words(community: SmallCommunity) -> None:
    policy = community.add(
        models.ConcessionPolicy,
        name="空置减免",
        condition="空置",
        method="百分比",
        value=Fraction(30),
        valid_from=date(2026, 1, 1),
        stackable=False,
        basis_document="样例空置办法",
    )
    item = community.value(table_of(models.FeeItem), "id", name="物业费")
    community.add(models.ConcessionItem, policy_id=policy, fee_item_id=item)
    community.unit("3-1-601", occupancy="空置", delivered_on=date(2020, 1, 1))
    line = tried(community, "3-1-601").lines[0]
    assert (line.gross, line.discount, line.net) == (27608, 8282, 19326)  # 276.08 × 0.7 = 193.256
    assert any("空置减免" in words for words in line.words)


def test_a_shared_cost_is_shared_with_all_who_bear_it(community: SmallCommunity) -> None:
    item = community.value(table_of(models.FeeItem), "id", name="公摊电费")
    community.add(
        models.SharedCost,
        name="1 栋电梯用电",
        fee_item_id=item,
        period="2026-11",
        total=10000,
        scope="3-*",
        basis="按户",
        due_rule="当月末",
        note="",
    )
    community.unit("3-1-601", delivered_on=date(2020, 1, 1))
    lines = [line for line in tried(community).lines if line.item == "公摊电费"]
    assert [line.net for line in lines] == [3334]  # 100.00 over three homes: 33.34, 33.33, 33.33
    assert lines[0].tariff == ""
    assert [one.item for one in tried(community, "3-1-601").lines] == ["物业费", "公摊电费"]
