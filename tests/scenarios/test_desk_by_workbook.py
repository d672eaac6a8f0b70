"""A desk worked by commands on a workbook's debts: every sum reckoned by hand, up to the day's workbook."""

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.scenarios.workbook_ledger import (
    ARREARS,
    PAID_THROUGH,
    READINGS,
    SCOPES,
    TARIFFS,
    WorkbookLedger,
    office,
    workbook_ledger,
)

HOMES = [f"1-1-{number}" for number in range(101, 113)]
SPACES = ["B1-001", "B1-002"]


@pytest.fixture
def ledger(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> WorkbookLedger:
    return workbook_ledger(capsys, tmp_path)


@pytest.fixture
def desk(ledger: WorkbookLedger) -> WorkbookLedger:
    """Every home owes 552.16 of two months, 1-1-101 1446.25 more; two spaces belong to 1-1-102; a shift is open."""
    arrears = [(home, "物业费", month, 276.08) for home in HOMES for month in ("2026-10", "2026-11")]
    arrears += [("1-1-101", "物业费", "2026-08", 1446.25), ("1-1-112", "物业费", "2026-12", 300)]
    arrears += [(space, "车位服务费", "2026-11", 150) for space in SPACES]
    units = [(home, "住宅", 98.6) for home in HOMES]
    spaces = [(space, "车位", 12, None, None, None, "1-1-102") for space in SPACES]
    sheets = office([*units, *spaces], 期初欠费=[ARREARS, *arrears])
    sheets["期初预存"] = [("房屋编号", "金额"), ("1-1-103", 1000)]
    ledger.imports(sheets)
    ledger.done("shift", "open", "--float", "500")
    return ledger


def collect(desk: WorkbookLedger, account: str, *given: object) -> Any:
    tenders = [word for one in given if "=" in str(one) for word in ("--tender", one)]
    return desk.done("collect", account, *(word for word in given if "=" not in str(word)), *tenders)


def told(paid: Any) -> tuple[str, ...]:
    return tuple(paid[name] for name in ("total", "change", "rounding", "balance_after"))


def test_cash_change_and_rounding(desk: WorkbookLedger) -> None:
    assert told(collect(desk, "1-1-101", "cash=2000")) == ("1998.40", "1.60", "0.01", "0.00")
    assert told(collect(desk, "1-1-104", "cash=552.16")) == ("552.16", "0.00", "0.00", "0.00")
    assert told(collect(desk, "1-1-105", "wechat=500@W1", "cash=100")) == ("552.10", "47.90", "0.06", "0.00")
    assert told(collect(desk, "1-1-106", "--keep-change", "cash=600")) == ("600.00", "0.00", "0.00", "0.00")
    assert desk.done("statement", "1-1-106")["prepaid"] == "47.84"
    assert desk.refused("collect", "1-1-107", "--tender", "wechat=552.17@W2") == "tender_too_much"
    assert desk.refused("collect", "1-1-107", "--tender", "cash=552.15") == "tender_short"
    assert desk.refused("collect", "1-1-104", "--tender", "cash=1") == "nothing_due"


def test_what_is_paid_first(desk: WorkbookLedger) -> None:
    part = collect(desk, "1-1-101", "--part", "cash=1500")
    assert [(one["period"], one["principal"]) for one in part["allocations"]] == [
        ("2026-08", "1446.25"),
        ("2026-10", "53.75"),
    ]
    newest = desk.done("statement", "1-1-107")["charges"][-1]["id"]
    chosen = collect(desk, "1-1-107", "--charge", newest, "card=276.08@C1")
    assert ([one["charge"] for one in chosen["allocations"]], chosen["balance_after"]) == ([newest], "276.08")
    # What is to come is paid only when it is chosen; a household's spaces only when it is asked for.
    assert told(collect(desk, "1-1-112", "alipay=552.16@A1"))[-1] == "300.00"
    assert desk.refused("collect", "1-1-112", "--tender", "cash=300") == "nothing_due"
    assert told(collect(desk, "1-1-102", "card=552.16@C2"))[-1] == "0.00"
    assert desk.done("statement", "1-1-102", "--household")["total_due"] == "300.00"
    both = collect(desk, "1-1-102", "--household", "card=300@C3")
    assert {one["item"] for one in both["allocations"]} == {"车位服务费"}


def test_prepaid_and_deposits(desk: WorkbookLedger) -> None:
    assert told(collect(desk, "1-1-103", "prepaid=552.16")) == ("552.16", "0.00", "0.00", "0.00")
    assert desk.done("statement", "1-1-103")["prepaid"] == "447.84"
    assert desk.refused("collect", "1-1-104", "--tender", "prepaid=552.16") == "prepayment_too_small"
    # On top of what is open; alone when the money is just for it.
    deposit = ("--deposit", "装修押金=2000")
    alone = desk.done("collect", "1-1-104", *deposit, "--tender", "transfer=2000@T1")
    assert (alone["allocations"], alone["balance_after"]) == ([], "552.16")
    more = desk.done("collect", "1-1-104", *deposit, "--prepay", "47.84", "--tender", "transfer=2600@T2")
    assert (len(more["allocations"]), more["balance_after"]) == (2, "0.00")
    state = desk.done("statement", "1-1-104")
    assert (state["prepaid"], state["deposits"]) == ("47.84", "4000.00")


def test_the_same_request_and_the_same_reference(desk: WorkbookLedger) -> None:
    asked = ("collect", "1-1-101", "--tender", "wechat=1998.41@W1", "--key", "K")
    first = desk.done(*asked)
    assert desk.done(*asked) == first
    assert desk.refused(*asked[:3], "cash=1998.41", *asked[4:]) == "request_key_used"
    again = ("collect", "1-1-104", "--tender", "wechat=552.16@W1")
    assert desk.refused(*again) == "reference_used"
    assert desk.done(*again, "--same-reference")["total"] == "552.16"
    assert desk.done("collect", "1-1-105", "--tender", "alipay=552.16@W1")["total"] == "552.16"


def test_a_day_to_the_fen(desk: WorkbookLedger, tmp_path: Path) -> None:
    """Shift and day close after a void and a reversal; then nothing more is posted on that day."""
    wrong = collect(desk, "1-1-101", "cash=1998.41")["receipt"]
    desk.done("void", wrong, "--reason", "收错房号")
    assert desk.refused("void", wrong, "--reason", "再来") == "already_taken_back"
    collect(desk, "1-1-101", "cash=2000")  # 1998.40, 抹零 0.01
    card = collect(desk, "1-1-104", "card=552.16@C1")["receipt"]
    collect(desk, "1-1-105", "wechat=500@W1", "cash=100")  # cash 52.10, 抹零 0.06
    collect(desk, "1-1-106", "--keep-change", "cash=600")
    collect(desk, "1-1-103", "prepaid=552.16")
    desk.done("collect", "1-1-107", "--deposit", "装修押金=2000", "--tender", "transfer=2000@T1")
    assert desk.refused("close-day", "--out", tmp_path) == "shift_still_open"
    closed = desk.done("shift", "close", "--count", "100=31,50=1,0.5=1")
    assert (closed["float"], closed["expected"], closed["counted"], closed["over_short"]) == (
        "500.00", "3150.50", "3150.50", "0.00",
    )  # fmt: skip
    assert closed["takings"] == {
        "cash": "2650.50", "wechat": "500.00", "card": "552.16", "transfer": "2000.00", "prepaid": "552.16",
    }  # fmt: skip
    assert desk.refused("collect", "1-1-108", "--tender", "cash=600") == "shift_not_open"
    desk.done("shift", "open")
    assert desk.refused("void", card, "--reason", "退卡") == "not_in_this_shift"
    assert desk.done("reverse", card, "--reason", "退卡", "--approver", "样例经理")["total"] == "-552.16"
    desk.done("shift", "close")
    day = desk.done("close-day", "--out", tmp_path / "out")
    assert day["total"] == "5702.66"
    assert day["receipts"] == {
        "from": "SJ-2026-1-000001", "to": "SJ-2026-1-000008", "count": 8, "voids": 1, "gaps": 0,
    }  # fmt: skip
    assert day["takings"] == {
        "物业费": {"cash": "2602.73", "wechat": "500.00", "prepaid": "552.16"},
        "预存款": {"cash": "47.84"},
        "装修押金": {"transfer": "2000.00"},
        "抹零": {"cash": "-0.07"},
    }
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["收费日报 2026-11-23.xlsx"]
    assert _labelled(Path(day["workbook"])) == {
        "合计": 5702.66, "其中：预存抵扣": 552.16, "应有现金": 3150.5, "点得现金": 3150.5, "长短款": 0,
    }  # fmt: skip
    money = desk.book({"期初预存": [("房屋编号", "金额"), ("1-1-108", 5)]})
    for refused in (("shift", "open"), ("import", money)):
        assert desk.refused(*refused) == "day_is_closed"
    bad = {"期初预存": [("房屋编号", "金额"), ("1-1-108", 5), ("1-1-109", "五")]}
    assert desk.cells_refused(bad) == [("期初预存", 3, "金额")]
    assert desk.done("verify")["ok"] is True


def _labelled(workbook: Path) -> dict[str, float]:
    """Figures of the first sheet, each by the label to its left, as they show before anything is calculated anew."""
    found: dict[str, float] = {}
    for cells in load_workbook(workbook, data_only=True)["汇总"].iter_rows(values_only=True):
        for n, label in enumerate(cells):
            figures = [value for value in cells[n + 1 :] if isinstance(value, int | float)]
            if label in ("合计", "其中：预存抵扣", "应有现金", "点得现金", "长短款") and figures:
                found.setdefault(str(label), figures[-1])
    return found


def test_every_bad_cell_is_told_and_marked(ledger: WorkbookLedger) -> None:
    sheets = office([("1-1-101", "别墅", "100平"), ("1-1-101", "住宅", 100.123), (None, "住宅", -5)], people=[("", "")])
    sheets["住户"] = [("房屋编号", "姓名", "身份", "起始日期"), ("8-8-8", "样", "房东", "昨天")]
    sheets["收费标准"] = [TARIFFS, ("坏", None, "按心情", "三元", "周", "明天", "按小时", None, None, "随便")]
    sheets["适用范围"] = [SCOPES, ("1-*", "没有", "-1", "2026-05-01", "2026-01-01")]
    sheets["抄表"] = [READINGS, ("1-1-101", "油表", "1", 0, "2026-02-30", 5.1234)]
    sheets["期初欠费"] = [ARREARS, ("1-1-101", "物业费", "2026-13", 1.234), ("1-1-101", "物业费", "2026-01", "一百")]
    sheets["期初缴至"] = [PAID_THROUGH, ("1-1-101", "物业费", "x", "y")]
    sheets["期初预存"] = [("房屋编号", "金额"), ("1-1-101", 0)]
    found = ledger.cells_refused(sheets)
    assert {
        ("房屋", 2, "类型"), ("房屋", 2, "建筑面积"), ("房屋", 3, "建筑面积"), ("房屋", 4, "房屋编号"),
        ("房屋", 4, "建筑面积"), ("住户", 2, "身份"), ("住户", 2, "起始日期"), ("收费标准", 2, "收费项目"),
        ("收费标准", 2, "计费方式"), ("收费标准", 2, "单价"), ("收费标准", 2, "周期"), ("收费标准", 2, "到期日"),
        ("收费标准", 2, "不足月"), ("收费标准", 2, "生效日期"), ("收费标准", 2, "尾数"), ("适用范围", 2, "数量"),
        ("抄表", 2, "表计"), ("抄表", 2, "倍率"), ("抄表", 2, "抄表日期"), ("抄表", 2, "读数"),
        ("期初欠费", 2, "所属期"), ("期初欠费", 2, "金额"), ("期初欠费", 3, "金额"), ("期初缴至", 2, "缴至日期"),
        ("期初缴至", 2, "未服务期金额"), ("期初预存", 2, "金额"),
    } <= set(found)  # fmt: skip
    assert ledger.done("search", "1-1-101") == []
    marked = load_workbook(ledger.folder / "book-导入错误.xlsx")
    for name in {sheet for sheet, _row, _column in found}:
        head = [cell.value for cell in marked[name][1]]
        rows = {row for sheet, row, _column in found if sheet == name}
        assert head[-1] == "导入错误"
        assert {row for row in range(2, marked[name].max_row + 1) if marked[name].cell(row, len(head)).value} == rows


def test_what_is_posted_stays_as_it_was_imported(desk: WorkbookLedger) -> None:
    assert desk.cells_refused({"期初欠费": [ARREARS, ("1-1-101", "物业费", "2026-08", 999)]}) == [
        ("期初欠费", 2, "金额")
    ]
    assert desk.cells_refused({"期初预存": [("房屋编号", "金额"), ("1-1-103", 5)]}) == [("期初预存", 2, "金额")]
    moved = desk.imports({"房屋": [("房屋编号", "建筑面积", "状态"), ("1-1-101", 98.6, "空置")]})
    assert moved["sheets"] == {"房屋": {"added": 0, "changed": 1, "unchanged": 0}}
    same = desk.imports({"房屋": [("状态", "备注", "　房屋编号"), ("空置", "x", "１－１－１０１")], "我的表": [("a",)]})
    assert same["sheets"] == {"房屋": {"added": 0, "changed": 0, "unchanged": 1}}
    assert len(same["warnings"]) == 2
