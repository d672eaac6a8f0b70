"""Two whole days on which something goes wrong and is put right; each closes to the fen, on paper and in the ledger."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.bouncing import bounce_payment
from feedesk.ops.changing_tender import change_tender
from feedesk.ops.closing import DayClosed, close_day
from feedesk.ops.refunding import refund_payment
from feedesk.ops.shifts import close_shift
from feedesk.ops.taking_back import void_payment
from feedesk.ops.transferring import transfer_payment
from feedesk.queries.day_figures import day_summary
from feedesk.queries.receipts import find_receipt
from feedesk.queries.variance import causes_of_difference
from feedesk.receipts.daily_summary import write_daily_summary
from feedesk.receipts.summary_lists import detail_rows
from feedesk.receipts.text import text_slip
from tests.community import TODAY
from tests.ops.putting_right import Office, office, tender


@pytest.fixture
def desk(ledger_database: Database) -> Office:
    return office(ledger_database)


Rows = list[tuple[Any, ...]]


def closed(desk: Office, folder: Path) -> tuple[DayClosed, dict[str, Rows]]:
    """Closes the day; what it says and the rows of its workbook, sheet by sheet."""
    done = desk.run(close_day)
    summary = desk.seat.read(day_summary, day=TODAY)
    assert sum(row.amount for row in detail_rows(summary)) == done.total == done.figures.total
    book = load_workbook(write_daily_summary(summary, folder), data_only=True)
    sheets = {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}
    book.close()
    desk.assert_sound()
    return done, sheets


def amounts(rows: Rows, name: str) -> list[float]:
    """The figures of the row that begins with a name."""
    row = next(row for row in rows if row[0] == name)
    return [cell for cell in row if isinstance(cell, int | float)]


def slip(desk: Office, number: str) -> str:
    """A copy of a receipt as it would be printed today."""
    stored = desk.seat.read(find_receipt, number=number)
    return text_slip(stored.document, stored.marks(reprint=1))


def test_a_day_with_a_wrong_tender(desk: Office, tmp_path: Path) -> None:
    """Three receipts: 100.00 and 250.00 in cash, 548.64 booked as cash that came by WeChat.

    At the count 548.60 are missing; the detective names the receipt, it is put right, and the drawer is exact.
    """
    first = desk.pay(tender("cash", 10000), part=True)
    wrong = desk.pay(tender("cash", 54900))
    other = desk.pay(tender("cash", 25000), account=desk.other)
    assert desk.expected() == 50000 + 10000 + 54860 + 25000

    # The drawer holds 850.00: what is missing is just the receipt that was paid with a telephone.
    (cause, *_others) = desk.seat.read(causes_of_difference, shift=1, over_short=Fen(85000 - desk.expected()))
    assert cause.receipt == wrong
    desk.alone(change_tender, receipt=wrong, tenders=[tender("wechat", 54860, "WX-88")], reason="实为微信付款")
    assert desk.expected() == 85000
    assert desk.takings() == {"cash": 35000, "wechat": 54860}

    # The paper keeps its number and says so; the account owes nothing.
    assert "付款方式更正" in slip(desk, wrong)
    assert "付款方式更正" not in slip(desk, first)
    assert (desk.owed(desk.home), desk.owed(desk.other)) == (0, 0)

    shift = desk.run(close_shift, counts={"100": 8, "50": 1})
    assert (shift.expected, shift.counted, shift.over_short) == (85000, 85000, 0)
    done, sheets = closed(desk, tmp_path)
    figures = done.figures
    assert (figures.receipts.first, figures.receipts.last, figures.receipts.count) == (first, other, 3)
    assert (figures.receipts.voids, figures.receipts.gaps, figures.total) == (0, 0, 89860)
    assert figures.shifts[0].takings == {"cash": 35000, "wechat": 54860}
    assert figures.takings.by_item() == {
        "物业费": {"cash": 35000, "wechat": 50000},
        "水费": {"wechat": 4864},
        "抹零": {"wechat": -4},
    }
    assert desk.community.balance("1009.在途现金") == 35000
    assert desk.community.balance("1012.wechat") == 54860
    assert figures.transit.closing == 35000
    assert {one.item: one.collected for one in figures.arrears} == {"物业费": 85000, "水费": 4864}

    # On paper: four rows of details for it, two taken out and two put in, and the act among those put right.
    details = [row for row in sheets["明细"] if row[0] == wrong]
    assert round(sum(row[13] for row in details), 2) == 548.60
    assert {row[15] for row in details} == {"正常", "付款方式更正"}
    assert round(sum(row[13] for row in details if row[12] == "现金"), 2) == 0
    (back,) = [row for row in sheets["作废退款"] if wrong in row]
    assert (back[0], back[9]) == ("付款方式更正", "实为微信付款")
    assert sheets["明细"][-1][13] == 898.60
    assert amounts(sheets["汇总"], "合计") == [3, 350, 548.60, 0, 0, 0, 0, 898.60]
    assert [row[0] for row in sheets["票据"] if row[0] in (first, wrong, other)] == [first, wrong, other]


def test_a_day_with_a_refund_in_another_tender(desk: Office, tmp_path: Path) -> None:
    """648.64 came by WeChat, 300.00 of it goes back in cash: the drawer is right at once, and so is everything else.

    On the same day a payment is voided, one is brought to the right account, and a transfer bounces.
    """
    paid = desk.pay(tender("wechat", 64864, "WX-1"))
    assert desk.expected() == 50000
    back = desk.run(refund_payment, receipt=paid, tender=tender("cash", 30000), reason="十一月重复缴费")
    assert desk.expected() == 20000, "the drawer right after the refund"
    assert desk.takings() == {"wechat": 64864, "cash": -30000}

    voided = desk.pay(tender("cash", 10000), part=True)
    desk.alone(void_payment, receipt=voided, reason="金额有误")
    moved = desk.pay(tender("cash", 25000), part=True)
    there = desk.alone(transfer_payment, receipt=moved, account=desk.other, reason="收错房号").receipt
    bounced = desk.pay(tender("transfer", 30000, "ZZ-1"), part=True)
    gone = desk.run(bounce_payment, receipt=bounced, reason="银行退票").receipt
    assert desk.expected() == 20000 + 25000
    assert (desk.owed(desk.home), desk.owed(desk.other)) == (30000, 0)
    assert "退款人民币叁佰元整" in slip(desk, back.receipt)
    assert back.receipt in slip(desk, paid)
    assert there in slip(desk, moved)
    assert moved in slip(desk, there)

    # 250.00 of takings go to the bank, what is left of the float goes back.
    shift = desk.run(close_shift)
    assert (shift.expected, shift.over_short) == (45000, 0)
    assert desk.community.balance("1009.在途现金") == 25000
    assert desk.community.balance("1001.备用金") == -30000
    done, sheets = closed(desk, tmp_path)
    figures = done.figures
    issued = [paid, back.receipt, voided, moved, there, bounced, gone]
    assert (figures.receipts.first, figures.receipts.last, figures.receipts.count) == (paid, gone, 7)
    assert (figures.receipts.voids, figures.receipts.gaps) == (1, 0)
    assert figures.total == 64864 - 30000 + 25000
    assert figures.takings.by_tender() == {"wechat": 64864, "cash": -5000, "transfer": 0}
    assert figures.takings.returned_by_tender() == {"cash": -30000, "transfer": -30000}
    cash = figures.shifts[0]
    assert (cash.opening_float, cash.received, cash.paid_out, cash.expected) == (50000, 25000, 30000, 45000)
    assert {one.item: one.closing for one in figures.arrears} == {"物业费": 30000, "水费": 0}
    assert [(one.kind, one.total) for one in figures.taken_back] == [
        ("refund", -30000),
        ("void", -10000),
        ("transfer_out", -25000),
        ("bounce", -30000),
    ]

    counted = {row[0]: row[5] for row in sheets["票据"] if row[0] in issued}
    assert counted == dict(zip(issued, [648.64, -300, 0, 0, 250, 300, -300], strict=True))
    assert sheets["明细"][-1][13] == 598.64
    assert {row[0] for row in sheets["作废退款"]} >= {"退款", "作废", "转户转出", "退票"}
    assert amounts(sheets["汇总"], "退款、红冲") == [2, -300, 0, 0, 0, -300, 0, -600]
    assert amounts(sheets["汇总"], "合计") == [7, -50, 648.64, 0, 0, 0, 0, 598.64]
