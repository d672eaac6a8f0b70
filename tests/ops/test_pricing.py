"""Changing prices: new ones from a day on, what posted charges hold fast, and where a tariff applies."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from feedesk import models
from feedesk.models import table_of
from feedesk.ops import pricing, scoping
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.pricing import (
    EndsTooEarly,
    ItemFacts,
    LastPrice,
    NameMissing,
    NatureIsFixed,
    PriceBegins,
    PriceChanged,
    PriceDoesNotFit,
    PriceInUse,
    TariffNameTaken,
    UnknownNature,
    UnknownTariff,
)
from feedesk.ops.run import Workplace
from feedesk.ops.scoping import QuantityTooSmall, ScopeInUse, ScopeIsThere, UnknownUnit
from feedesk.periods import Period
from feedesk.rules.price_terms import PriceTerms
from tests.community import SmallCommunity

TERMS = PriceTerms(
    method="按面积",
    unit_price=Fraction("2.8"),
    price_form="政府指导价",
    basis_document="样价〔2024〕16 号",
    valid_from=date(2026, 1, 1),
)
FEE = ItemFacts(name="物业费")
DEARER = replace(TERMS, unit_price=Fraction("3.2"), valid_from=date(2026, 12, 1))


def price(community: SmallCommunity, name: str = "住宅物业费", **terms: Any) -> PriceChanged:
    return community.run(pricing.add_tariff, name=name, item=FEE, terms=replace(TERMS, **terms))


def versions(community: SmallCommunity) -> list[tuple[str, str, str]]:
    """Price, first and last day of each version."""
    table = table_of(models.TariffVersion)
    with community.database.reading() as connection:
        found = connection.execute(select(table).order_by(table.c.valid_from)).all()
    return [(str(row.unit_price), str(row.valid_from), str(row.valid_to or "")) for row in found]


def audit(community: SmallCommunity) -> list[tuple[str, dict[str, Any]]]:
    table = table_of(models.AuditRecord)
    with community.database.reading() as connection:
        rows = connection.execute(select(table.c.action, table.c.detail).order_by(table.c.id)).all()
    return [(row.action, json.loads(row.detail)) for row in rows if row.detail.startswith("{")]


def billed(community: SmallCommunity, month: str = "2026-11") -> PriceChanged:
    """A home of 98.60 m² that was billed by the price for a month."""
    community.unit("3-1-502", delivered_on=date(2020, 1, 1))
    made = price(community)
    community.run(scoping.assign_tariff, tariff=made.tariff, pattern="3-*", from_date=date(2026, 1, 1))
    assert community.run(bill_period, period=Period.parse(month)).total == 27608  # 98.60 × 2.80 = 276.08
    return made


class TestTariffs:
    def test_a_tariff_comes_with_its_item_and_first_price(self, community: SmallCommunity) -> None:
        item = ItemFacts(name="垃圾清运费", mantissa="进位", mantissa_step=10, covers="生活垃圾清运")
        terms = replace(TERMS, method="固定金额", unit_price=Fraction(6))
        made = community.run(pricing.add_tariff, name="清运", item=item, terms=terms)
        assert made.warnings == ()
        assert versions(community) == [("6", "2026-01-01", "")]
        table = table_of(models.FeeItem)
        facts = {
            name: community.value(table, name, name="垃圾清运费") for name in ("nature", "mantissa_step", "covers")
        }
        assert facts == {"nature": "自有", "mantissa_step": 10, "covers": "生活垃圾清运"}
        assert audit(community)[-1][1]["unit_price"] == "6"

    def test_what_is_collected_for_a_supplier_is_known_by_its_name(self, community: SmallCommunity) -> None:
        terms = replace(TERMS, method="按用量", meter_kind="热水表")
        community.run(pricing.add_tariff, name="热水", item=ItemFacts(name="热水费"), terms=terms)
        assert community.value(table_of(models.FeeItem), "nature", name="热水费") == "代收代付"

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"name": " "}, NameMissing),
            ({"item": ItemFacts(name="")}, NameMissing),
            ({"item": ItemFacts(name="物业费", nature="别人的")}, UnknownNature),
            ({"terms": replace(TERMS, unit_price=None)}, PriceDoesNotFit),
            ({"terms": replace(TERMS, method="按用量")}, PriceDoesNotFit),
            ({"terms": replace(TERMS, valid_to=date(2025, 1, 1))}, PriceDoesNotFit),
        ],
    )
    def test_what_does_not_fit_is_refused_and_nothing_stored(
        self, community: SmallCommunity, facts: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            community.run(pricing.add_tariff, **{"name": "甲", "item": FEE, "terms": TERMS, **facts})
        assert versions(community) == []

    def test_a_name_is_given_once(self, community: SmallCommunity) -> None:
        price(community)
        with pytest.raises(TariffNameTaken, match="住宅物业费"):
            price(community)

    def test_the_field_that_does_not_fit_is_named(self, community: SmallCommunity) -> None:
        with pytest.raises(PriceDoesNotFit) as refused:
            price(community, method="阶梯用量", meter_kind="水表")
        assert refused.value.field == "tiers"

    def test_a_cashier_may_not(self, community: SmallCommunity) -> None:
        cashier = Workplace(community.database, "样例收费员")
        with pytest.raises(NotPermitted):
            cashier.run_op(pricing.add_tariff, name="甲", item=FEE, terms=TERMS)


class TestPrices:
    def test_a_new_price_ends_the_old_one_the_day_before(self, community: SmallCommunity) -> None:
        made = price(community)
        done = community.run(pricing.begin_price, tariff=made.tariff, terms=DEARER)
        assert done.warnings == ()
        assert versions(community) == [("14/5", "2026-01-01", "2026-11-30"), ("16/5", "2026-12-01", "")]

    def test_a_price_for_a_while_leaves_the_old_one_to_hold_again(self, community: SmallCommunity) -> None:
        made = price(community)
        summer = replace(DEARER, valid_from=date(2026, 6, 1), valid_to=date(2026, 8, 31))
        assert community.run(pricing.begin_price, tariff=made.tariff, terms=summer).warnings == ()
        assert versions(community) == [("14/5", "2026-01-01", ""), ("16/5", "2026-06-01", "2026-08-31")]

    def test_days_left_without_a_price_are_named(self, community: SmallCommunity) -> None:
        made = price(community, valid_to=date(2026, 10, 31))
        assert made.warnings == ("2026-11-01 起没有单价，不再计费。",)
        done = community.run(pricing.begin_price, tariff=made.tariff, terms=DEARER)
        assert done.warnings == ("2026-11-01 至 2026-11-30 没有单价，不计费。",)

    def test_two_prices_do_not_begin_on_one_day(self, community: SmallCommunity) -> None:
        made = price(community)
        with pytest.raises(PriceBegins):
            community.run(pricing.begin_price, tariff=made.tariff, terms=replace(DEARER, valid_from=TERMS.valid_from))

    def test_a_price_nothing_was_billed_by_may_change_altogether(self, community: SmallCommunity) -> None:
        made = price(community)
        terms = replace(TERMS, unit_price=Fraction("2.9"), valid_from=date(2026, 2, 1))
        community.run(pricing.change_price, version=made.version, terms=terms)
        assert versions(community) == [("29/10", "2026-02-01", "")]
        assert audit(community)[-1] == (
            "change_price",
            {"unit_price": ["2.8", "2.9"], "valid_from": ["2026-01-01", "2026-02-01"]},
        )

    def test_nothing_changed_leaves_no_trace(self, community: SmallCommunity) -> None:
        made = price(community)
        before = audit(community)
        community.run(pricing.change_price, version=made.version, terms=TERMS)
        assert audit(community) == before

    def test_a_price_ends_and_says_what_that_means(self, community: SmallCommunity) -> None:
        made = price(community)
        done = community.run(pricing.end_price, version=made.version, last_day=date(2026, 12, 31))
        assert done.warnings == ("2027-01-01 起没有单价，不再计费。",)
        with pytest.raises(EndsTooEarly):
            community.run(pricing.end_price, version=made.version, last_day=date(2025, 12, 31))

    def test_the_only_price_is_not_taken_back(self, community: SmallCommunity) -> None:
        made = price(community)
        with pytest.raises(LastPrice):
            community.run(pricing.withdraw_price, version=made.version)
        later = community.run(pricing.begin_price, tariff=made.tariff, terms=DEARER)
        done = community.run(pricing.withdraw_price, version=later.version)
        assert done.warnings == ("2026-12-01 起没有单价，不再计费。",)

    def test_what_is_gone_is_told(self, community: SmallCommunity) -> None:
        for op, facts in (
            (pricing.begin_price, {"tariff": 99, "terms": TERMS}),
            (pricing.change_price, {"version": 99, "terms": TERMS}),
            (pricing.end_price, {"version": 99, "last_day": date(2026, 1, 1)}),
            (scoping.end_scope, {"scope": 99, "last_day": date(2026, 1, 1)}),
            (pricing.change_item, {"item": 99, "facts": FEE}),
        ):
            with pytest.raises(UnknownTariff):
                community.run(op, **facts)


class TestWhatWasBilled:
    def test_a_price_that_was_billed_by_stays(self, community: SmallCommunity) -> None:
        made = billed(community)
        for terms in (
            replace(TERMS, unit_price=Fraction(3)),
            replace(TERMS, cycle_months=3),
            replace(TERMS, valid_from=date(2026, 2, 1)),
        ):
            with pytest.raises(PriceInUse, match="住宅物业费"):
                community.run(pricing.change_price, version=made.version, terms=terms)
        assert versions(community) == [("14/5", "2026-01-01", "")]

    def test_its_basis_and_its_end_may_be_put_right(self, community: SmallCommunity) -> None:
        made = billed(community)
        terms = replace(TERMS, basis_document="样价〔2024〕17 号", due_rule="次月15", valid_to=date(2026, 12, 31))
        community.run(pricing.change_price, version=made.version, terms=terms)
        table = table_of(models.TariffVersion)
        assert community.value(table, "basis_document", id=made.version) == "样价〔2024〕17 号"

    def test_a_month_billed_by_two_prices_holds_both(self, community: SmallCommunity) -> None:
        community.unit("3-1-502", delivered_on=date(2020, 1, 1))
        made = price(community)
        later = community.run(
            pricing.begin_price, tariff=made.tariff, terms=replace(DEARER, valid_from=date(2026, 11, 16))
        )
        community.run(scoping.assign_tariff, tariff=made.tariff, pattern="3-*", from_date=date(2026, 1, 1))
        community.run(bill_period, period=Period.parse("2026-11"))
        for version in (made.version, later.version):
            with pytest.raises(PriceInUse):
                community.run(pricing.withdraw_price, version=version)

    def test_a_run_taken_back_sets_the_price_free(self, community: SmallCommunity) -> None:
        made = billed(community)
        community.run(undo_billing, period=Period.parse("2026-11"), reason="价格有误")
        community.run(pricing.change_price, version=made.version, terms=replace(TERMS, unit_price=Fraction(3)))
        assert versions(community) == [("3", "2026-01-01", "")]

    def test_a_new_price_behind_what_was_billed_is_allowed_and_told(self, community: SmallCommunity) -> None:
        made = billed(community)
        terms = replace(DEARER, valid_from=date(2026, 11, 16))
        done = community.run(pricing.begin_price, tariff=made.tariff, terms=terms)
        assert len(done.warnings) == 1
        assert "2026-11-16" in done.warnings[0]
        after = community.run(
            pricing.begin_price, tariff=made.tariff, terms=replace(DEARER, valid_from=date(2027, 1, 1))
        )
        assert after.warnings == ()

    def test_whose_money_it_is_stays_once_it_is_owed(self, community: SmallCommunity) -> None:
        billed(community)
        item = community.value(table_of(models.FeeItem), "id", name="物业费")
        with pytest.raises(NatureIsFixed, match="物业费"):
            community.run(pricing.change_item, item=item, facts=ItemFacts(name="物业费", nature="公共收益"))
        community.run(pricing.change_item, item=item, facts=ItemFacts(name="物业费", mantissa_step=10))
        assert community.value(table_of(models.FeeItem), "mantissa_step", id=item) == 10


class TestScopes:
    def test_a_tariff_applies_to_a_pattern_or_a_unit(self, community: SmallCommunity) -> None:
        community.unit("3-1-502")
        made = price(community)
        for pattern in ("*", "3-*", "3-1-502"):
            done = community.run(scoping.assign_tariff, tariff=made.tariff, pattern=pattern, from_date=date(2026, 1, 1))
            assert done.warnings == ()
        none = community.run(scoping.assign_tariff, tariff=made.tariff, pattern="9-*", from_date=date(2026, 1, 1))
        assert "9-*" in none.warnings[0]

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"pattern": "3-1-503"}, UnknownUnit),
            ({"pattern": "3-*"}, ScopeIsThere),
            ({"pattern": "*", "quantity": Fraction(0)}, QuantityTooSmall),
            ({"pattern": "*", "to_date": date(2025, 12, 31)}, EndsTooEarly),
            ({"pattern": "*", "tariff": 99}, UnknownTariff),
        ],
    )
    def test_what_does_not_fit_is_refused(
        self, community: SmallCommunity, facts: dict[str, Any], error: type[Exception]
    ) -> None:
        community.unit("3-1-502")
        made = price(community)
        begun = {"tariff": made.tariff, "pattern": "3-*", "from_date": date(2026, 1, 1)}
        community.run(scoping.assign_tariff, **begun)
        with pytest.raises(error):
            community.run(scoping.assign_tariff, **{**begun, **facts})

    def test_an_assignment_ends_and_one_that_was_billed_is_not_taken_back(self, community: SmallCommunity) -> None:
        made = billed(community)
        scope = community.value(table_of(models.TariffScope), "id", tariff_id=made.tariff)
        with pytest.raises(ScopeInUse, match=r"3-\*"):
            community.run(scoping.withdraw_scope, scope=scope)
        community.run(scoping.end_scope, scope=scope, last_day=date(2026, 11, 30))
        assert str(community.value(table_of(models.TariffScope), "to_date", id=scope)) == "2026-11-30"
        other = community.run(
            scoping.assign_tariff, tariff=made.tariff, pattern="3-*", from_date=date(2027, 1, 1)
        ).scope
        community.run(scoping.withdraw_scope, scope=other)
        assert community.run(bill_period, period=Period.parse("2026-12")).posted == 0
