"""What explains one charge: the words it was billed with, what its price rests on, its late fee, its dispute."""

from datetime import date
from fractions import Fraction

import pytest

from feedesk import models
from feedesk.db import Database
from feedesk.models import table_of
from feedesk.money import Fen
from feedesk.ops.billing import bill_period
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.disputing import hold_charge, release_charge
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.periods import Period
from feedesk.queries.charge_arithmetic import NoSuchCharge, charge_arithmetic
from feedesk.queries.statement import statement
from tests.community import TODAY, SmallCommunity, open_desk, small_community


@pytest.fixture
def community(ledger_database: Database) -> SmallCommunity:
    """物业费 by area, billed for 2026-09 and due on its last day; 0.0005 a day when late."""
    made = small_community(ledger_database)
    made.unit("3-1-502", delivered_on=date(2020, 1, 1))
    item = made.value(table_of(models.FeeItem), "id", name="物业费")
    tariff = made.add(models.Tariff, name="住宅物业费", fee_item_id=item, position=1)
    made.add(
        models.TariffVersion, tariff_id=tariff, method="按面积", unit_price=Fraction("2.8"),
        valid_from=date(2024, 7, 1),
        price_form="政府指导价", basis_document="某价〔2024〕16号(样例)",
    )  # fmt: skip
    made.add(models.TariffScope, tariff_id=tariff, unit_pattern="*", from_date=date(2026, 9, 1), quantity=1)
    made.run(
        add_late_fee_rule, item="物业费", terms=RuleTerms(daily_rate=Fraction("0.0005")), valid_from=date(2020, 1, 1)
    )
    made.run(bill_period, period=Period.parse("2026-09"))
    return made


def only_charge(community: SmallCommunity) -> int:
    (charge,) = community.workplace.read(statement, account=1, on=TODAY).charges
    return charge.id


def test_words_price_and_late_fee(community: SmallCommunity) -> None:
    found = community.workplace.read(charge_arithmetic, charge=only_charge(community), on=TODAY)
    assert found.words
    assert any("98.60" in line for line in found.words)
    assert (found.price_basis, found.price_since) == ("政府指导价 · 某价〔2024〕16号(样例)", date(2024, 7, 1))
    # 276.08 × 0.0005 × 54 = 7.45416
    assert (found.principal, found.state.due, found.due) == (27608, 745, 28353)
    assert [(one.days, one.base) for one in found.fee.segments] == [(54, 27608)]
    later = community.workplace.read(charge_arithmetic, charge=found.id, on=date(2026, 12, 31))
    assert later.state.due == 1270  # × 92 = 12.69968


def test_what_stands_still_is_told_as_it_was_fixed(community: SmallCommunity) -> None:
    charge = only_charge(community)
    open_desk(community, Fen(0))
    community.run(collect_payment, account=1, tenders=[TenderGiven("cash", Fen(27608))], part=True)
    dearer = RuleTerms(daily_rate=Fraction("0.001"))
    community.run(add_late_fee_rule, item="物业费", terms=dearer, valid_from=date(2026, 10, 1))
    found = community.workplace.read(charge_arithmetic, charge=charge, on=date(2027, 1, 1))
    assert (found.principal, found.state.accrued, found.state.due) == (0, 745, 745)
    assert found.fee.amount == 1491  # what today's rules would make of it


def test_a_dispute_with_its_reason(community: SmallCommunity) -> None:
    charge = only_charge(community)
    community.run(hold_charge, charges=[charge], reason="漏水未修")
    assert community.workplace.read(charge_arithmetic, charge=charge, on=TODAY).dispute == "漏水未修"
    assert community.workplace.read(charge_arithmetic, charge=charge, on=date(2026, 11, 22)).dispute == ""
    community.run(release_charge, charges=[charge], reason="已修好")
    assert community.workplace.read(charge_arithmetic, charge=charge, on=TODAY).dispute == ""


def test_a_charge_that_is_not_there(community: SmallCommunity) -> None:
    with pytest.raises(NoSuchCharge):
        community.workplace.read(charge_arithmetic, charge=999, on=TODAY)
