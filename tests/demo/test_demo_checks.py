"""The demo's checks find what disagrees; on a day that adds up they are silent."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from feedesk.demo.checks import compare_drawer, compare_receipts, compare_slips, compare_sums
from feedesk.demo.customers import Customer, Money
from feedesk.demo.script import SoughtBy, Visit, Way
from feedesk.demo.serving import Served
from feedesk.money import Fen
from feedesk.ops.shifts import ShiftClosed
from feedesk.queries.receipts import StoredReceipt
from feedesk.receipts.render import render
from feedesk.rules.receipt_document import SAMPLE
from feedesk.rules.tenders import Given, settle
from feedesk.ui.pages.desk.page import Taken

DAY = date(2026, 11, 23)
RECEIPT = StoredReceipt(
    id=1, number=SAMPLE.number, payment=1, account=1, shift=1, business_date=DAY, status="issued", reversed_by="",
    copies=1, document=SAMPLE,
)  # fmt: skip


def served(given: int = 200000) -> Served:
    visit = Visit(SoughtBy.ROOM, Way.CASH)
    customer = Customer(visit, 1, SAMPLE.unit, SAMPLE.payer, SAMPLE.unit, (), Fen(0))
    settlement = settle(Fen(199841), [Given("cash", Fen(given), gives_change=True)])
    money = Money((), settlement, {"cash": settlement.kept[0]})
    taken = Taken(SAMPLE.number, SAMPLE.unit, SAMPLE.payer, settlement.total, settlement.change)
    return Served(customer, money, taken, SAMPLE.cashier)


def shift(counted: int, over_short: int) -> ShiftClosed:
    return ShiftClosed(
        shift=1, till=1, cashier="样例收费员", opening_float=Fen(50000), expected=Fen(counted - over_short),
        counted=Fen(counted), over_short=Fen(over_short), takings_by_tender={}, counts={},
        closed_at=datetime(2026, 11, 23, 17).astimezone(), business_date=DAY,
    )  # fmt: skip


def test_a_receipt_that_says_what_was_settled() -> None:
    assert list(compare_receipts([served()], [RECEIPT])) == []


@pytest.mark.parametrize(
    "altered",
    [
        replace(RECEIPT, document=replace(SAMPLE, change=Fen(150))),
        replace(RECEIPT, document=replace(SAMPLE, payer="样例他人")),
        replace(RECEIPT, document=replace(SAMPLE, cashier="样例收费员乙")),
        replace(RECEIPT, status="void"),
    ],
)
def test_a_receipt_that_says_something_else(altered: StoredReceipt) -> None:
    (finding,) = compare_receipts([served()], [altered])
    assert SAMPLE.number in str(finding)


def test_a_receipt_too_few() -> None:
    assert [finding.found for finding in compare_receipts([served()], [])] == ["0"]


def test_sums_that_differ_by_a_fen_or_are_missing() -> None:
    kept = {"cash": Fen(100), "wechat": Fen(200)}
    assert list(compare_sums("shifts", kept, dict(kept))) == []
    findings = list(compare_sums("shifts", kept, {"cash": Fen(101), "card": Fen(5)}))
    assert [(finding.expected, finding.found) for finding in findings] == [
        ("0.00", "0.05"),
        ("1.00", "1.01"),
        ("2.00", "0.00"),
    ]


def test_a_drawer_that_holds_what_was_kept() -> None:
    assert list(compare_drawer([shift(50100, 0)], {"cash": Fen(100)})) == []


def test_a_drawer_that_is_short_or_holds_other_cash() -> None:
    assert len(list(compare_drawer([shift(50100, -1)], {"cash": Fen(100)}))) == 1
    assert len(list(compare_drawer([shift(50100, 0)], {"cash": Fen(101)}))) == 1


def slip(folder: Path, name: str = "000001-SJ.escpos", *, columns: int = 48) -> Path:
    path = folder / name
    path.write_bytes(render(SAMPLE, form="escpos", columns=columns))
    return path


def test_a_slip_for_each_receipt(tmp_path: Path) -> None:
    slip(tmp_path)
    assert list(compare_slips(tmp_path, [RECEIPT], 0, 48)) == []


def test_a_slip_that_is_missing_or_another_one(tmp_path: Path) -> None:
    assert len(list(compare_slips(tmp_path, [RECEIPT], 0, 48))) == 2
    slip(tmp_path)
    other = replace(RECEIPT, document=replace(SAMPLE, number="SJ-2026-1-004290"))
    assert [finding.expected for finding in compare_slips(tmp_path, [other], 0, 48)] == ["SJ-2026-1-004290 1,998.40"]


def test_a_slip_that_the_printer_does_not_understand(tmp_path: Path) -> None:
    path = slip(tmp_path)
    path.write_bytes(path.read_bytes() + "喆𠮷".encode())
    findings = list(compare_slips(tmp_path, [RECEIPT], 0, 48))
    assert findings
    assert findings[0].what == path.name
