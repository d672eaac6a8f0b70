"""Suppliers' invoices, and what they are reconciled with on a ledger: reckoned by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from feedesk.errors import UserError
from feedesk.models import FeeItem, Meter, MeterReading, Tariff, TariffScope, TariffVersion, table_of
from feedesk.models import Unit as UnitModel
from feedesk.money import Fen
from feedesk.ops.billing import bill_period, undo_billing
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.sharing import SharedCostFacts, add_shared_cost
from feedesk.ops.supplier_invoices import (
    CommonOfItself,
    InvoiceFacts,
    InvoiceIncomplete,
    InvoiceIsThere,
    UnknownInvoice,
    UsageBelowZero,
    UsageTooFine,
    change_invoice,
    choose_common_items,
    delete_invoice,
    record_invoice,
)
from feedesk.periods import Period
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.reconciliation import common_items, reconciliations
from feedesk.rules.reconciliation import Reconciliation, Verdict
from feedesk.rules.sharing import ShareBasis
from tests.community import SmallCommunity

NOVEMBER = Period.parse("2026-11")
WATER = InvoiceFacts(item="水费", period=NOVEMBER, supplier="样例水务", number="W-11", amount=Fen(20000))
HOMES = ("1-1", "1-2", "1-3", "1-4")


@pytest.fixture
def office(community: SmallCommunity) -> SmallCommunity:
    """Four homes with a water meter at 3.04; 1-3 has not been read in November, 1-4 used nothing before."""
    for code in HOMES:
        community.unit(code, resident=f"样{code}", built_area=Fraction(100))
    item = community.value(table_of(FeeItem), "id", name="水费")
    community.add(FeeItem, name="公摊水费", nature="代收代付", position=9)
    tariff = community.add(Tariff, name="生活用水", fee_item_id=item, position=1)
    since = date(2020, 1, 1)
    community.add(
        TariffVersion,
        tariff_id=tariff,
        method="按用量",
        unit_price=Fraction("3.04"),
        meter_kind="水表",
        valid_from=since,
    )
    community.add(TariffScope, unit_pattern="1-*", tariff_id=tariff, quantity=Fraction(1), from_date=since)
    for code, *readings in (("1-1", "100", "119"), ("1-2", "50", "71.5"), ("1-3", "7"), ("1-4", "3")):
        meter = community.add(
            Meter,
            unit_id=community.value(table_of(UnitModel), "id", code=code),
            kind="水表",
            number="A",
            multiplier=Fraction(1),
        )
        for day, reading in zip((date(2026, 10, 31), date(2026, 11, 20)), readings, strict=False):
            values: dict[str, Any] = {"reading": Fraction(reading), "kind": "正常", "note": ""}
            community.add(MeterReading, meter_id=meter, read_on=day, **values)
    return community


def found(office: SmallCommunity, item: str = "水费", period: Period = NOVEMBER) -> Reconciliation:
    return next(one for one in office.workplace.read(reconciliations, period=period) if one.item == item)


def test_billed_plus_common_share_is_the_invoice(office: SmallCommunity) -> None:
    assert found(office).verdict is Verdict.NO_INVOICE
    office.run(record_invoice, facts=replace(WATER, usage=Fraction("60.5")))
    assert found(office).verdict is Verdict.NOTHING_BILLED
    assert found(office).unbilled == ("1-1", "1-2")
    office.run(bill_period, period=NOVEMBER)
    # 19 t × 3.04 = 57.76; 21.5 t × 3.04 = 65.36.
    short = found(office)
    assert (short.billed, short.charges, short.usage, short.measure) == (12312, 2, Fraction("40.5"), "吨")
    assert (short.verdict, short.difference) == (Verdict.SHORT, 20000 - 12312)
    assert (short.unread, short.unbilled) == (("1-3", "1-4"), ())
    assert short.usage_difference == 20
    # The rest is the common share: 200.00 − 123.12 = 76.88, over four homes.
    office.run(
        add_shared_cost,
        facts=SharedCostFacts(
            name="绿化用水", item="公摊水费", period=NOVEMBER, total=Fen(7688), scope=("1-*",), basis=ShareBasis.UNIT
        ),
    )
    shared = found(office)
    assert (shared.verdict, shared.common_total, shared.common[0].billed) == (Verdict.AGREES, 7688, 0)
    office.run(bill_period, period=NOVEMBER)
    assert found(office).common[0].billed == 7688
    assert [one.item for one in office.workplace.read(reconciliations, period=NOVEMBER)] == ["水费"]
    office.run(undo_billing, period=NOVEMBER, reason="试")
    assert found(office).billed == 0


def test_the_common_share_may_be_billed_as_another_item(office: SmallCommunity) -> None:
    account = office.unit("2-1", resident="样二")
    office.charge(account, "公摊电费", "2026-11", 3000)
    assert found(office).common == ()
    office.run(choose_common_items, item="水费", common=["公摊水费", "公摊电费"])
    (share,) = found(office).common
    assert (share.name, share.total, share.billed) == ("公摊电费", 3000, 3000)
    assert office.workplace.read(common_items)["水费"] == ["公摊水费", "公摊电费"]
    office.run(choose_common_items, item="水费", common=[])
    assert found(office).common == ()
    with pytest.raises(CommonOfItself):
        office.run(choose_common_items, item="水费", common=["水费"])
    with pytest.raises(UnknownFeeItem):
        office.run(choose_common_items, item="水费", common=["没有"])


def test_invoices_are_entered_corrected_and_deleted(office: SmallCommunity) -> None:
    first = office.run(record_invoice, facts=WATER)
    with pytest.raises(InvoiceIsThere):
        office.run(record_invoice, facts=WATER)
    credit = replace(WATER, number="W-11-红", amount=Fen(-500), usage=None)
    second = office.run(record_invoice, facts=credit)
    assert found(office).invoiced == 19500
    with pytest.raises(InvoiceIsThere):
        office.run(change_invoice, invoice=second, facts=WATER)
    office.run(change_invoice, invoice=second, facts=replace(credit, amount=Fen(-600), note="退水费"))
    assert [(one.number, one.amount, one.note) for one in found(office).invoices] == [
        ("W-11", 20000, ""),
        ("W-11-红", -600, "退水费"),
    ]
    office.run(delete_invoice, invoice=first)
    assert found(office).invoiced == -600
    with pytest.raises(UnknownInvoice):
        office.run(delete_invoice, invoice=first)
    with pytest.raises(UnknownInvoice):
        office.run(change_invoice, invoice=first, facts=WATER)


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"supplier": " "}, InvoiceIncomplete),
        ({"number": ""}, InvoiceIncomplete),
        ({"amount": Fen(0)}, InvoiceIncomplete),
        ({"usage": Fraction(-1)}, UsageBelowZero),
        ({"usage": Fraction("0.0001")}, UsageTooFine),
        ({"item": "没有"}, UnknownFeeItem),
    ],
)
def test_what_is_refused(office: SmallCommunity, facts: dict[str, Any], refusal: type[UserError]) -> None:
    with pytest.raises(refusal):
        office.run(record_invoice, facts=replace(WATER, **facts))
    assert found(office).invoices == ()


def test_an_invoice_of_a_quarter_is_set_against_its_months(office: SmallCommunity) -> None:
    quarter = Period.parse("2026Q4")
    office.run(record_invoice, facts=replace(WATER, period=quarter, amount=Fen(12312)))
    office.run(bill_period, period=NOVEMBER)
    assert (found(office, period=quarter).verdict, found(office, period=quarter).billed) == (Verdict.AGREES, 12312)
    assert found(office).verdict is Verdict.NO_INVOICE


def test_an_item_that_nothing_measures_is_there_once_it_is_invoiced(office: SmallCommunity) -> None:
    names = [one.item for one in office.workplace.read(reconciliations, period=NOVEMBER)]
    assert names == ["水费"]
    office.run(record_invoice, facts=replace(WATER, item="物业费"))
    names = [one.item for one in office.workplace.read(reconciliations, period=NOVEMBER)]
    assert names == ["物业费", "水费"]


def test_a_cashier_may_not(office: SmallCommunity) -> None:
    with pytest.raises(NotPermitted):
        replace(office.workplace, actor="样例收费员").run_op(record_invoice, facts=WATER)
