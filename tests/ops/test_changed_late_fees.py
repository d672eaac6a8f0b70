"""Late fees of charges that are offset, lowered or split afterwards.

A rule of 0.05 % a day: 100.00 due on 31 October bear 1.15 by 23 November (23 days).
"""

from datetime import date
from fractions import Fraction

import pytest

from feedesk import models
from feedesk.money import Fen
from feedesk.ops.adjusting import reduce_charge
from feedesk.ops.collecting import collect_payment
from feedesk.ops.offsetting import offset_account, reverse_offset
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.replacing import Part, split_charge
from feedesk.queries.statement import statement
from tests.community import TODAY, SmallCommunity
from tests.ops.adjusted import added, approved, charge_row, problems
from tests.ops.test_offsetting import prepay

Overdue = tuple[SmallCommunity, int, int]
"""The community, an account, and its charge of October."""


@pytest.fixture
def overdue(community: SmallCommunity) -> Overdue:
    community.add(
        models.LateFeeRule,
        fee_item_id=1,
        daily_rate=Fraction(5, 10000),
        grace_days=0,
        cap=Fraction(1),
        minimum=0,
        starts="到期次日",
        clause="样例",
        valid_from=date(2020, 1, 1),
    )
    home = community.unit("1-1-101")
    return community, home, added(community, home, 10000, period="2026-10").charge


def test_an_offset_pays_principal_first_and_then_late_fees(overdue: Overdue) -> None:
    community, home, charge = overdue
    prepay(community, home, 10100)
    done = community.run(offset_account, account=home)
    assert done is not None
    row = charge_row(community, charge)
    assert (row["paid"], row["late_fee_paid"], row["status"]) == (10000, 100, "open")
    assert community.balance("6051.违约金") == -100
    assert problems(community) == ()
    community.run(reverse_offset, payment=done.payment, reason="x")
    row = charge_row(community, charge)
    assert (row["paid"], row["late_fee_paid"], row["status"]) == (0, 0, "open")
    assert problems(community) == ()


def test_what_was_billed_by_mistake_never_bore_a_late_fee(overdue: Overdue) -> None:
    community, _home, charge = overdue
    lower = {"charge": charge, "reason": "多算"}
    half = approved(community).run_op(reduce_charge, amount=Fen(5000), **lower)
    assert (half.left, half.status) == (5000, "open")
    (shown,) = community.workplace.read(statement, account=1, on=TODAY).charges
    assert shown.late_fee == 58  # of the 50.00 that are left: 0.575
    rest = approved(community).run_op(reduce_charge, amount=Fen(5000), **lower)
    assert rest.status == "settled"
    assert problems(community) == ()


def test_a_late_fee_of_what_was_paid_late_is_still_owed(overdue: Overdue) -> None:
    """40.00 were paid 23 days late, which cost 0.46; the other 60.00 were billed by mistake."""
    community, home, charge = overdue
    cash = [TenderGiven("cash", Fen(4000))]
    community.run(collect_payment, account=home, tenders=cash, charges=[charge], part=True)
    done = approved(community).run_op(reduce_charge, charge=charge, amount=Fen(6000), reason="多算")
    assert (done.left, done.status) == (0, "open")
    (shown,) = community.workplace.read(statement, account=home, on=TODAY).charges
    assert (shown.principal, shown.late_fee_due) == (0, 46)
    assert problems(community) == ()


def test_parts_keep_the_due_date_unless_another_is_named(overdue: Overdue) -> None:
    community, home, charge = overdue
    parts = [Part(Fen(4000)), Part(Fen(6000), due=date(2026, 12, 31))]
    community.run(split_charge, charge=charge, parts=parts, reason="分期")
    shown = community.workplace.read(statement, account=home, on=TODAY).charges
    assert [(one.principal, one.late_fee_due) for one in shown] == [(4000, 46), (6000, 0)]
    assert problems(community) == ()
