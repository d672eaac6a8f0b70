"""A day on which the office lays down other terms in the middle of the traffic; it closes to the fen all the same."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.desk_terms import (
    ShiftStillCountsBlind,
    set_blind_count,
    set_change_step,
    set_over_short_limit,
    set_reference_rule,
)
from feedesk.ops.shifts import DifferenceUnexplained, close_shift
from feedesk.ops.taking_back import void_payment
from feedesk.ops.tendering import ChangeStepIsOther, ReferenceMissing
from feedesk.queries.day_figures import day_summary
from feedesk.receipts.daily_summary import write_daily_summary
from feedesk.receipts.summary_lists import detail_rows
from feedesk.rules.desk_terms import ReferenceRule
from feedesk.rules.takings import Group
from feedesk.rules.tenders import ChangeStep
from tests.community import TODAY
from tests.ops.putting_right import Office, office, tender


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


def test_a_day_of_new_terms(desk: Office, tmp_path: Path) -> None:
    """648.64 and 250.00 are owed. Change goes from 角 to 元 while an account is open, WeChat wants references, and the
    drawer is 12.00 short in the evening.
    """
    due, other_due = desk.owed(desk.home), desk.owed(desk.other)
    assert (due, other_due) == (64864, 25000)

    # In the morning change is given to the 角: 50.10 for 50.06, so 0.04 are 抹零.
    first = desk.pay(tender("cash", due + 5006))
    assert desk.expected() == 50000 + due - 4
    desk.alone(void_payment, receipt=first, reason="样例：客户改用微信")
    assert desk.expected() == 50000

    # The office changes the coins while the cashier has the account open: she would hand out the old change.
    desk.alone(set_change_step, step=ChangeStep.YUAN)
    desk.alone(set_reference_rule, tender="wechat", rule=ReferenceRule.REQUIRED)
    desk.alone(set_over_short_limit, limit=Fen(1000))
    with pytest.raises(ChangeStepIsOther):
        desk.alone(collect_payment, account=desk.home, tenders=[tender("cash", due + 5006)], seen_step=ChangeStep.JIAO)
    with pytest.raises(ShiftStillCountsBlind):
        desk.alone(set_blind_count, blind=False)

    # A part by WeChat, with its reference only; the rest in cash, change to the 元.
    with pytest.raises(ReferenceMissing):
        desk.pay(tender("wechat", 10000), part=True)
    desk.pay(tender("wechat", 10000, "WX-7"), part=True)
    rest = due - 10000
    paid = desk.alone(
        collect_payment, account=desk.home, tenders=[tender("cash", rest + 5006)], seen_step=ChangeStep.YUAN
    )
    assert (paid.change, paid.rounding) == (5100, 94)
    desk.pay(tender("cash", other_due), account=desk.other)
    kept = rest - 94
    assert desk.expected() == 50000 + kept + other_due

    # 12.00 are missing: that goes only with a reason.
    counts = {"other": desk.expected() - 1200}
    with pytest.raises(DifferenceUnexplained):
        desk.alone(close_shift, counts=counts)
    ended = desk.alone(close_shift, counts=counts, reason="样例：找零多给")
    assert (ended.over_short, dict(ended.takings_by_tender)) == (-1200, {"cash": kept + other_due, "wechat": 10000})

    done = desk.run(close_day)
    summary = desk.seat.read(day_summary, day=TODAY)
    assert done.total == due + other_due - 94 == sum(row.amount for row in detail_rows(summary))
    (rounded,) = [row.total for row in done.figures.takings.rows if row.group is Group.ROUNDING]
    assert rounded == -94
    assert [(one.over_short, one.reason) for one in done.figures.shifts] == [(-1200, "样例：找零多给")]
    sheet = load_workbook(write_daily_summary(summary, tmp_path), data_only=True)["现金"]
    first_shift = [cell.value for cell in next(sheet.iter_rows(min_row=2, max_row=2))]
    assert first_shift[12:] == [-12, "样例：找零多给"]
    assert (desk.owed(desk.home), desk.owed(desk.other)) == (0, 0)
    desk.assert_sound()
