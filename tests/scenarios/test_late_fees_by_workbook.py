"""Late fees from a workbook to the drawer, by commands alone, every figure reckoned by hand."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.workbook_ledger import ARREARS, Rows, WorkbookLedger, office, workbook_ledger

RULES = ("收费项目", "日费率", "宽限天数", "上限", "起算", "生效日期")
HOMES = [("1-1-101", "住宅", "98.60"), ("1-1-102", "住宅", "98.60"), ("1-1-103", "住宅", "98.60")]


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


def owing(ledger: WorkbookLedger, arrears: Rows, *rules: tuple[Any, ...]) -> None:
    ledger.imports({**office(HOMES), "期初欠费": [ARREARS, *arrears], "违约金": [RULES, *rules]})


def late_fees(ledger: WorkbookLedger, unit: str, on: str, today: str = "2026-11-23") -> list[tuple[str, ...]]:
    """Of each charge: principal left of it, late fee, paid, due."""
    found = ledger.done("statement", unit, "--on", on, "--all", today=today)["charges"]
    names = ("item", "late_fee", "paid", "due")
    return [tuple(one[name] for name in names) for one in found]


def test_to_any_date_past_or_ahead(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [
            ("1-1-101", "物业费", "2026-08", "248.47", "2026-08-31"),
            ("1-1-101", "水费", "2026-08", "57.76", "2026-08-31"),
        ],
        ("全部", "万分之三", None, None, None, "2020-01-01"),
    )
    for on, fee in (
        ("2026-08-31", "0.00"),  # the due date itself
        ("2026-09-01", "0.07"),  # 248.47 × 0.0003 × 1 = 0.074541
        ("2026-11-23", "6.26"),  # × 84 = 6.261444, as on the picture of the desk
        ("2026-12-15", "7.90"),  # × 106 = 7.901346
    ):
        found = ledger.done("statement", "1-1-101", "--on", on)
        by_item = {one["item"]: one for one in found["charges"]}
        assert by_item["物业费"]["late_fee"] == fee, on
        assert by_item["水费"]["late_fee"] == "0.00", "全部 never covers 水费"
        assert (found["principal"], found["late_fees"]) == ("306.23", fee)
        assert Decimal(found["total_due"]) == Decimal("306.23") + Decimal(fee)


def test_a_named_item_its_grace_its_start_and_its_cap(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [
            ("1-1-101", "水费", "2026-08", "100.00", "2026-08-31"),
            ("1-1-102", "物业费", "2026-08", "100.00", "2026-08-10"),
            ("1-1-103", "公摊电费", "2020-08", "100.00", "2020-08-31"),
        ],
        ("水费", "0.001", 10, None, None, "2020-01-01"),
        ("物业费", "0.05%", None, None, "次月1日", "2020-01-01"),
        ("公摊电费", "0.0005", None, 0.3, None, "2020-01-01"),
    )
    # 100 × 0.001 × (84 − 10) = 7.40 · from 09-01: 100 × 0.0005 × 84 = 4.20 · 2,275 days would be 113.75, so 30 %
    fees = [ledger.done("statement", unit)["late_fees"] for unit, *_rest in HOMES]
    assert fees == ["7.40", "4.20", "30.00"]


def test_a_part_payment_lowers_the_base_from_the_day_after(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [("1-1-101", "物业费", "2026-08", "1000.00", "2026-08-31")],
        ("全部", "0.0005", None, None, None, "2020-01-01"),
    )
    ledger.done("shift", "open", "--float", "0", today="2026-09-10")
    paid = ledger.done("collect", "1-1-101", "--tender", "wechat=400.00@A1", "--part", today="2026-09-10")
    assert [(one["principal"], one["late_fee"]) for one in paid["allocations"]] == [("400.00", "0.00")]
    assert paid["balance_after"] == "605.00"  # 600.00, and 1000 × 0.0005 × 10 = 5.00
    ledger.done("shift", "close", today="2026-09-10")
    # 5.00 + 600 × 0.0005 × 10 = 8.00
    assert late_fees(ledger, "1-1-101", "2026-09-20") == [("物业费", "8.00", "400.00", "608.00")]
    # The past stays what it was: on the day of the payment, and on the day before it.
    assert late_fees(ledger, "1-1-101", "2026-09-10") == [("物业费", "5.00", "400.00", "605.00")]
    assert late_fees(ledger, "1-1-101", "2026-09-09") == [("物业费", "4.50", "0.00", "1004.50")]


def test_all_principal_first_and_then_the_late_fee_stands_still(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [
            ("1-1-101", "物业费", "2026-08", "1000.00", "2026-08-31"),
            ("1-1-101", "物业费", "2026-09", "1000.00", "2026-09-30"),
        ],
        ("全部", "0.0005", None, None, None, "2020-01-01"),
    )
    # On 2026-10-10: 1000 × 0.0005 × 40 = 20.00 and × 10 = 5.00; 2,010 pays both principals and half of the first fee.
    ledger.done("shift", "open", "--float", "0", today="2026-10-10")
    paid = ledger.done("collect", "1-1-101", "--tender", "card=2010.00@K1", "--part", today="2026-10-10")
    assert [(one["principal"], one["late_fee"]) for one in paid["allocations"]] == [
        ("1000.00", "10.00"), ("1000.00", "0.00"),
    ]  # fmt: skip
    assert paid["balance_after"] == "15.00"
    ledger.done("shift", "close", today="2026-10-10")
    for on in ("2026-10-10", "2026-11-23", "2028-01-01"):
        found = ledger.done("statement", "1-1-101", "--on", on)
        assert (found["principal"], found["late_fees"], found["total_due"]) == ("0.00", "15.00", "15.00"), on
    charges = {one["period"]: one["id"] for one in ledger.done("statement", "1-1-101")["charges"]}

    waived = ledger.done("waive", charges["2026-09"], "--late-fee", "5.00", "--reason", "首次逾期")
    assert (waived["amount"], waived["status"]) == ("5.00", "settled")
    ledger.done("shift", "open", "--float", "0")
    rest = ledger.done("collect", "1-1-101", "--tender", "cash=20.00")
    assert (rest["total"], rest["change"], rest["balance_after"]) == ("10.00", "10.00", "0.00")
    assert [(one["period"], one["late_fee"]) for one in rest["allocations"]] == [("2026-08", "10.00")]
    assert late_fees(ledger, "1-1-101", "2026-11-23") == [
        ("物业费", "20.00", "1020.00", "0.00"), ("物业费", "0.00", "1000.00", "0.00"),
    ]  # fmt: skip
    assert ledger.refused("collect", "1-1-101", "--tender", "cash=1.00") == "nothing_due"
    assert ledger.done("verify")["problems"] == []


def test_void_and_reversal_put_everything_back(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [("1-1-101", "物业费", "2026-08", "1000.00", "2026-08-31")],
        ("全部", "0.0005", None, None, None, "2020-01-01"),
    )
    before = late_fees(ledger, "1-1-101", "2026-11-23")
    assert before == [("物业费", "42.00", "0.00", "1042.00")]
    ledger.done("shift", "open", "--float", "2000", today="2026-11-22")
    first = ledger.done("collect", "1-1-101", "--tender", "cash=1041.50", today="2026-11-22")
    assert first["total"] == "1041.50"  # 83 days: 41.50
    assert late_fees(ledger, "1-1-101", "2026-11-22") == [("物业费", "41.50", "1041.50", "0.00")]
    ledger.done("void", first["receipt"], "--reason", "收错房号", today="2026-11-22")
    assert late_fees(ledger, "1-1-101", "2026-11-23") == before
    second = ledger.done("collect", "1-1-101", "--tender", "cash=1000", "--part", today="2026-11-22")
    assert second["balance_after"] == "41.50"
    ledger.done("shift", "close", today="2026-11-22")
    ledger.done("shift", "open", "--float", "2000")
    ledger.done("reverse", second["receipt"], "--reason", "重复收款")
    assert late_fees(ledger, "1-1-101", "2026-11-23") == before
    # What was known at the end of the day before stays so: paid, and the late fee standing still.
    assert late_fees(ledger, "1-1-101", "2026-11-22") == [("物业费", "41.50", "1000.00", "41.50")]
    assert ledger.done("verify")["problems"] == []


def test_waiving(ledger: WorkbookLedger) -> None:
    owing(
        ledger,
        [
            ("1-1-101", "物业费", "2026-08", "1000.00", "2026-08-31"),
            ("1-1-101", "物业费", "2026-09", "1000.00", "2026-09-30"),
            ("1-1-102", "物业费", "2026-08", "1000.00", "2026-08-31"),
        ],
        ("全部", "0.0005", None, None, None, "2020-01-01"),
    )
    first, second = (one["id"] for one in ledger.done("statement", "1-1-101")["charges"])
    # 42.00 and 27.00: 60.00 over both takes the oldest whole.
    waived = ledger.done("waive", second, first, "--late-fee", "60.00", "--reason", "首次逾期")
    assert set(waived) == {"waiver", "amount", "status"}
    assert (waived["amount"], waived["status"]) == ("60.00", "open")
    assert late_fees(ledger, "1-1-101", "2026-11-23") == [
        ("物业费", "0.00", "0.00", "1000.00"), ("物业费", "9.00", "0.00", "1009.00"),
    ]  # fmt: skip
    # The day after, a day's late fee has come on top of each.
    assert ledger.done("statement", "1-1-101", "--on", "2026-11-24")["late_fees"] == "10.00"
    assert ledger.refused("waive", first, "--late-fee", "0.50", "--reason", "减免") == "waiver_too_large"
    assert ledger.refused("waive", first, "--principal", "1000.01", "--reason", "减免") == "waiver_too_large"
    assert ledger.refused("waive", first, "--principal", "0", "--reason", "减免") == "waiver_not_positive"
    assert ledger.refused("waive", first, "--late-fee", "1", "--reason", " ") == "change_reason_missing"
    alone = ("waive", first, "--principal", "1", "--reason", "减免", "--approver", "样例主管")
    assert ledger.refused(*alone) == "change_approver_missing"
    assert ledger.refused("waive", 999, "--principal", "1", "--reason", "减免") == "unknown_charge"

    (other,) = ledger.done("statement", "1-1-102")["charges"]
    part = ledger.done("waive", other["id"], "--principal", "400.00", "--reason", "房屋漏水补偿")
    assert part["status"] == "open"
    # What is given up of the principal is a concession on the statement; its late fee counts less from the day after.
    (left,) = ledger.done("statement", "1-1-102", "--on", "2026-11-25")["charges"]
    assert (left["amount"], left["discount"], left["late_fee"]) == ("1000.00", "400.00", "42.60")
    assert left["due"] == "642.60"
    ledger.done("waive", other["id"], "--principal", "600.00", "--reason", "房屋漏水补偿")
    rest = ledger.done("statement", "1-1-102", "--on", "2026-12-31")
    assert (rest["principal"], rest["late_fees"]) == ("0.00", "42.00")
    assert ledger.done("waive", other["id"], "--late-fee", "42.00", "--reason", "房屋漏水补偿")["status"] == "settled"
    assert ledger.done("statement", "1-1-102")["charges"] == []
    assert ledger.done("verify")["problems"] == []
