"""Days made ready to close: what stood in the way is cured, and finance checks the paper without the program."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.interim import take_x_report
from feedesk.ops.offsetting import offset_account
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.referencing import add_reference
from feedesk.ops.refunding import refund_payment
from feedesk.ops.run import Workplace
from feedesk.ops.signing_off import review_shift, take_over
from feedesk.ops.taking_back import void_payment
from feedesk.queries.closing_view import ClosingView, closing_view
from feedesk.queries.shift_report import hand_over
from feedesk.rules.ready_to_close import Matter
from feedesk.ui.pages.dayclose.open_items import open_items
from tests.ledger.whole_ledger import bring_along
from tests.receipts.reckoning import Reckoner
from tests.scenarios.test_days import SHEETS, TODAY, TOMORROW, Desk


@pytest.fixture
def desk(sqlite_ledger: Database, tmp_path: Path) -> Desk:
    workplace = Workplace(sqlite_ledger, "样例主管", "样例经理", TODAY)
    bring_along(workplace, SHEETS)
    return Desk(workplace, tmp_path / "日报")


def board(desk: Desk) -> list[Matter]:
    """What is open of the day, the most pressing first."""
    today = desk.workplace.business_date()
    view: ClosingView = desk.workplace.read(closing_view, till=1, today=today, day=today)
    return [item.matter for item in open_items(view)]


def control_totals(desk: Desk) -> dict[str, Fraction]:
    """By how much each control total of the day's workbook is off, worked out from its formulas."""
    day = desk.workplace.business_date()
    reckoner = Reckoner(desk.folder / f"收费日报 {day.isoformat()}.xlsx")
    found = {}
    for row in reckoner.formulas["核对"].iter_rows(min_row=4):
        formula = row[3].value
        if isinstance(formula, str) and formula.startswith("=ROUND"):
            found[str(row[0].value)] = reckoner.evaluate("核对", formula)
    return found


def test_a_day_with_transfers_whose_numbers_came_late(desk: Desk) -> None:
    """Two transfers without a number, one voided; 抹零, a refund, 50.00 short; cured, handed over, reviewed, closed."""
    desk.open(by="样例收费员")
    paid = desk.pay("1-1-101", by="样例收费员", cash=30000)
    late = desk.pay("1-1-102", by="样例收费员", transfer=27608)
    wrong = desk.pay("1-1-103", by="样例收费员", alipay=27608)
    assert board(desk) == [Matter.OWN_SHIFT, Matter.MISSING_REFERENCE, Matter.MISSING_REFERENCE]
    desk.run(void_payment, by="样例收费员", receipt=wrong.receipt, reason="收错户")
    desk.run(add_reference, by="样例收费员", payment=late.payment, sequence=0, reference="ZZ1")
    back = TenderGiven("cash", Fen(7600))
    desk.run(refund_payment, by="样例收费员", receipt=paid.receipt, tender=back, reason="多收")
    assert board(desk) == [Matter.OWN_SHIFT]

    report = desk.run(take_x_report, by="样例经理")
    assert report.drawer is not None
    assert report.drawer.expected == 50000 + 27600 - 7600
    assert desk.run(take_x_report, by="样例收费员").drawer is None
    desk.count(70000, 65000, by="样例收费员")
    [shift] = desk.workplace.read(closing_view, till=1, today=TODAY, day=TODAY).shifts
    assert board(desk) == [Matter.NOT_REVIEWED]
    desk.run(take_over, by="样例收费员乙", shift=shift.id)
    desk.run(review_shift, by="样例财务", shift=shift.id)
    assert board(desk) == []
    slip = desk.workplace.read(hand_over, shift=shift.id, now=datetime.now().astimezone())
    assert slip is not None
    assert (slip.counted, slip.over_short, slip.imprest, slip.to_bank) == (65000, -5000, 42400, 22600)
    assert [one.by for one in slip.signatures] == ["样例收费员乙", "样例财务"]

    takings = {"物业费": {"cash": 27608 - 7600, "transfer": 27608}, "抹零": {"cash": -8}}
    desk.evening(takings, receipts=4, voids=1)
    found = control_totals(desk)
    assert {"转账", "物业费", "抹零", "点得现金"} <= set(found)
    assert set(found.values()) == {0}


def test_a_day_with_a_prepayment_used_by_itself(desk: Desk) -> None:
    """An offset has no receipt and no shift: the totals of the lists and of the receipts agree all the same."""
    desk.open()
    desk.pay("1-1-104", cash=50000, prepay=Fen(50000), charges=[])
    desk.run(offset_account, account=desk.account("1-1-104"))
    desk.count(100000)
    takings = {"预存款": {"cash": 50000}, "物业费": {"prepaid": 27608}}
    desk.evening(takings, receipts=1)
    assert set(control_totals(desk).values()) == {0}


def test_cash_of_yesterday_may_be_on_its_way_that_of_the_day_before_not(desk: Desk) -> None:
    """Counted cash should be at the bank the next day; after that the board says so, and closing goes on."""
    desk.open()
    desk.pay("1-1-105", cash=27608)
    desk.count(77608)
    desk.evening({"物业费": {"cash": 27608}}, receipts=1)
    next_day = desk.on(TOMORROW)
    assert Matter.CASH_IN_TRANSIT not in board(next_day)
    after = desk.on(TOMORROW.replace(day=TOMORROW.day + 1))
    assert Matter.CASH_IN_TRANSIT in board(after)
    after.open()
    after.count(50000)
    assert not any(matter is Matter.OWN_SHIFT for matter in board(after))
    after.evening({}, receipts=0)


def test_the_second_person_is_another_one(desk: Desk) -> None:
    """Where the supervisor sits at the till herself, her own X report hides the cash; the manager's does not."""
    desk.open()
    desk.pay("1-1-106", cash=27608)
    assert desk.run(take_x_report).blind
    manager = replace(desk.workplace, actor="样例经理")
    assert manager.run_op(take_x_report).drawer is not None
