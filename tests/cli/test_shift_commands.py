"""shift open, shift close and verify."""

import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk

TODAY = ["--today", "2026-11-23"]


@pytest.mark.parametrize(("given", "opening_float"), [(["--float", "500.00"], "500.00"), ([], "0.00")])
def test_open(feedesk: Feedesk, training: Path, given: list[str], opening_float: str) -> None:
    outcome = feedesk("shift", "open", *given, *TODAY, "--database", training, "--json")
    assert outcome.document == {"shift": 1, "till": 1, "cashier": "样例主管", "float": opening_float}


def test_open_shown(feedesk: Feedesk, training: Path) -> None:
    outcome = feedesk("shift", "open", "--actor", "样例收费员", "--float", "500", "--database", training)
    assert [line.split() for line in outcome.out.splitlines()] == [
        ["班次", "1"], ["收费台", "1"], ["收费员", "样例收费员"], ["备用金", "500.00"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["shift", "open"], 1, "shift_already_open"),
        (["shift", "open", "--till", "2"], 1, "unknown_till"),
        (["shift", "close", "--till", "2"], 1, "unknown_till"),
        (["shift", "open", "--float", "lots"], 2, "amount_not_a_number"),
        (["shift", "close", "--count", "100"], 2, "not_a_count"),
        (["shift", "close", "--count", "3=1"], 2, "unknown_denomination"),
        (["shift", "close", "--count", "100=1,100=2"], 2, "count_twice"),
        (["shift"], 2, "usage_error"),
        (["shift", "change"], 2, "usage_error"),
        (["shift", "open", "--count", "100=1"], 2, "usage_error"),
    ],
)
def test_refused(day: DeskDay, arguments: list[str], status: int, code: str) -> None:
    outcome = day(*arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)


def test_negative_float(feedesk: Feedesk, training: Path) -> None:
    outcome = feedesk("shift", "open", "--float", "-1", "--database", training, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "float_negative")


def test_close_with_a_count(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1100", "--tender", "wechat=10@W1").status == 0
    document = day("shift", "close", "--count", "100=15,50=1,10=1,5=1,1=4,0.1=3,coin0.1=1").document
    assert document == {
        "shift": 1,
        "float": "500.00",
        "expected": "1569.40",
        "counted": "1569.40",
        "over_short": "0.00",
        "takings": {"cash": "1069.40", "wechat": "10.00"},
    }
    again = day("shift", "close")
    assert (again.status, again.error["code"]) == (1, "no_shift_to_close")


def test_close_short(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "wechat=1079.48@W1").status == 0
    shown = day.shown("shift", "close", "--count", "100=4,50=1").out.splitlines()
    lines = [line for line in shown if not line.startswith("? ")]
    assert shown[-2:] == [
        "? 正好一张（枚）50 元：请再数一遍这一种",
        "? 50 元可能错当成 100 元收下，或找 50 元给了 100 元",
    ]
    assert lines[-2].split() == ["长短款", "−50.00"]
    assert lines[-1].split() == ["微信", "1,079.48"]


def test_a_difference_is_explained(day: DeskDay) -> None:
    """100.00 booked as WeChat lies in the drawer as cash."""
    assert day("collect", "3-1-502", "--part", "--tender", "wechat=100@W1").status == 0
    lines = day.shown("shift", "close", "--count", "100=6").out.splitlines()
    assert [line.split(maxsplit=3)[3] for line in lines if line.startswith("? SJ")] == [
        "100.00 记为微信：可能其实付的是现金"
    ]


def test_training_shift_closes_without_a_count(day: DeskDay) -> None:
    assert day("shift", "close").document["over_short"] == "0.00"


def test_real_shift_must_be_counted(feedesk: Feedesk, real: Path) -> None:
    assert feedesk("shift", "open", "--float", "100", "--database", real).status == 0
    outcome = feedesk("shift", "close", "--database", real, "--json")
    assert (outcome.status, outcome.error["code"]) == (1, "count_missing")
    assert feedesk("shift", "close", "--count", "100=1", "--database", real, "--json").document["counted"] == "100.00"


def test_verify(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    outcome = day("verify")
    assert outcome.status == 0
    entries = outcome.document.pop("entries")
    assert outcome.document == {"ok": True, "entries": entries, "problems": []}
    assert day.shown("verify").out == f"账本无误：已核对 {entries} 张凭证。\n"


def test_verify_finds_what_was_altered(day: DeskDay) -> None:
    connection = sqlite3.connect(day.path)
    connection.execute("UPDATE charge SET paid = paid + 1 WHERE id = 3")
    connection.commit()
    connection.close()
    outcome = day("verify")
    assert outcome.status == 3
    assert outcome.document["ok"] is False
    problem = outcome.document["problems"][0]
    assert set(problem) == {"entry", "table", "column", "message"}
    assert (problem["table"], problem["column"]) == ("charge", "paid")
    shown = day.shown("verify")
    assert shown.status == 3
    assert shown.out.splitlines()[1].split() == ["凭证", "数据表", "列", "问题"]
    assert shown.err == ""


def test_close_day(day: DeskDay, tmp_path: Path) -> None:
    out = tmp_path / "new folder"
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    assert day("collect", "B1-087", "--tender", "wechat=900@W1").status == 0
    assert day("void", "SJ-2026-1-000002", "--reason", "录入错误").status == 0
    assert day("shift", "close").status == 0
    document = day("close-day", "--out", out).document
    head = document.pop("chain_head")
    assert len(head) == 64
    assert document == {
        "date": "2026-11-23",
        "version": 1,
        "workbook": str(out / "收费日报 2026-11-23.xlsx"),
        "receipts": {"from": "SJ-2026-1-000001", "to": "SJ-2026-1-000002", "count": 2, "voids": 1, "gaps": 0},
        "takings": {
            "物业费": {"cash": "993.88"},
            "水费": {"cash": "48.64"},
            "公摊电费": {"cash": "36.96"},
        },
        "total": "1079.48",
    }
    assert [path.name for path in out.iterdir()] == ["收费日报 2026-11-23.xlsx"]
    assert day("verify").status == 0


def test_close_day_again_writes_the_workbook_anew(day: DeskDay, tmp_path: Path) -> None:
    assert day("shift", "close").status == 0
    first = day("close-day", "--out", tmp_path / "a").document
    second = day("close-day", "--out", tmp_path / "b", "--date", "2026-11-23").document
    assert second == first | {"workbook": str(tmp_path / "b" / "收费日报 2026-11-23.xlsx")}
    assert first["receipts"] == {"from": None, "to": None, "count": 0, "voids": 0, "gaps": 0}
    lines = day.shown("close-day", "--out", tmp_path / "b").out.splitlines()
    assert lines[0] == "2026-11-23 此前已日结，已重新写出日报"


def test_channels_compared(day: DeskDay, tmp_path: Path) -> None:
    """Booked: WeChat 100.00, Alipay 979.48; WeChat reports 120.00, the card terminal nothing at all."""
    assert day("collect", "3-1-502", "--tender", "wechat=100@W1", "--tender", "alipay=979.48@A1").status == 0
    assert day("shift", "close").status == 0
    for given in ("wechat", "wechat=1,wechat=2", "="):
        assert day("close-day", "--out", tmp_path, "--reported", given).error["code"] == "not_a_pair"
    refused = day("close-day", "--out", tmp_path, "--reported", "cash=1")
    assert (refused.status, refused.error["code"]) == (1, "not_a_channel")
    closed = day("close-day", "--out", tmp_path, "--reported", "wechat=120,alipay=979.48,card=0").document
    assert closed["channels"] == {
        "wechat": {"booked": "100.00", "reported": "120.00", "difference": "20.00"},
        "alipay": {"booked": "979.48", "reported": "979.48", "difference": "0.00"},
        "card": {"booked": "0.00", "reported": "0.00", "difference": "0.00"},
    }
    again = day.shown("close-day", "--out", tmp_path).out.splitlines()
    assert again[-3:] == [
        "微信比账上多 20.00：可能漏开收据，或记到了别的付款方式",
        "支付宝：相符，979.48",
        "刷卡：相符，0.00",
    ]
    assert day("verify").status == 0


def test_a_day_opened_again_is_closed_as_version_two(day: DeskDay, tmp_path: Path) -> None:
    """A payment of 100.00 by WeChat came after the close: the workbook says so on a sheet of its own."""
    assert day("collect", "3-1-502", "--tender", "cash=500", "--part").status == 0
    assert day("shift", "close").status == 0
    assert day("reopen-day", "2026-11-23", "--reason", "漏记").error["code"] == "not_closed"
    first = day("close-day", "--out", tmp_path).document
    assert day("reopen-day", "2026-11-23", "--reason", " ").error["code"] == "reopening_reason_missing"
    refused = day("reopen-day", "2026-11-23", "--reason", "漏记", "--actor", "样例收费员")
    assert refused.error["code"] == "not_permitted"
    opened = day("reopen-day", "2026-11-23", "--reason", "漏记一笔微信").document
    assert opened == {"date": "2026-11-23", "reopened_version": 1}
    assert day("verify").status == 0
    assert day("shift", "open").status == 0
    assert day("collect", "3-1-502", "--tender", "wechat=100@W1", "--part").status == 0
    assert day("shift", "close").status == 0
    second = day("close-day", "--out", tmp_path).document
    assert (first["version"], second["version"]) == (1, 2)
    assert (first["total"], second["total"]) == ("500.00", "600.00")
    assert first["chain_head"] != second["chain_head"]
    book = load_workbook(tmp_path / "收费日报 2026-11-23.xlsx")
    rows = [[cell.value for cell in row] for row in book["与上次差异"].iter_rows(max_col=4)]
    assert "漏记一笔微信" in str(rows[1][0])
    assert ["合计", None, 500, 600] in rows
    assert ["票据", "开具", 1, 2] in rows
    assert day("verify").status == 0
    assert day("close-day", "--out", tmp_path).document["version"] == 2


def test_petty_cash(day: DeskDay) -> None:
    assert day("drawer", "petty-cash", "12.50", "--purpose", "订书钉").document == {
        "kind": "petty-cash", "amount": "12.50", "float_left": "487.50",
    }  # fmt: skip
    assert day("drawer", "change-in", "100", "--purpose", "换零钱").document["float_left"] == "587.50"
    assert day("drawer", "change-out", "600", "--purpose", "退").error["code"] == "float_too_small"
    assert day("drawer", "tip", "1", "--purpose", "x").status == 2
    assert day("shift", "close").document["expected"] == "587.50"
    assert day("verify").status == 0


def test_cash_is_paid_into_the_bank(day: DeskDay) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1079.50").status == 0
    nothing = day("bank-deposit", "--slip", "JK-1")
    assert (nothing.status, nothing.error["code"]) == (1, "nothing_to_pay_in")
    assert day("shift", "close").status == 0
    assert day("bank-deposit", "79.40", "--slip", "JK-1").document == {
        "slip": "JK-1", "amount": "79.40", "left": "1000.00",
    }  # fmt: skip
    lines = day.shown("bank-deposit", "--slip", "JK-2").out.splitlines()
    assert [line.split() for line in lines] == [["解款单号", "JK-2"], ["金额", "1,000.00"], ["在途现金", "0.00"]]
    assert day("bank-deposit", "5", "--slip", "JK-2", "--undo").status == 2
    undone = day("bank-deposit", "--slip", "JK-2", "--undo", "--reason", "金额看错").document
    assert undone == {"slip": "JK-2", "amount": "-1000.00", "left": "1000.00"}
    assert day("verify").status == 0


def test_close_day_shown(day: DeskDay, tmp_path: Path) -> None:
    assert day("collect", "3-1-502", "--tender", "cash=1000", "--tender", "wechat=79.48@W1").status == 0
    assert day("shift", "close").status == 0
    lines = day.shown("close-day", "--out", tmp_path).out.splitlines()
    assert lines[0] == "2026-11-23 已日结"
    assert lines[1].split() == ["收费项目", "现金", "微信"]
    assert [line.split()[0] for line in lines[2:5]] == ["物业费", "水费", "公摊电费"]
    assert lines[5].split() == ["合计", "1,079.48"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ([], 1, "shift_still_open"),
        (["--date", "2026-11-24"], 1, "day_not_come"),
        (["--date", "yesterday"], 2, "not_a_date"),
        (["--actor", "样例经理"], 1, "not_permitted"),
    ],
)
def test_day_stays_open(day: DeskDay, tmp_path: Path, arguments: list[str], status: int, code: str) -> None:
    outcome = day("close-day", "--out", tmp_path / "out", *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)
    assert not (tmp_path / "out").exists()


def test_nothing_is_booked_on_a_closed_day(day: DeskDay, tmp_path: Path) -> None:
    assert day("shift", "close").status == 0
    assert day("close-day", "--out", tmp_path).status == 0
    outcome = day("shift", "open")
    assert (outcome.status, outcome.error["code"]) == (1, "day_is_closed")


def test_summary_that_cannot_be_written(day: DeskDay, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert day("shift", "close").status == 0
    outcome = day("close-day", "--out", tmp_path / "file")
    assert (outcome.status, outcome.error["code"]) == (4, "summary_not_written")
    assert day("close-day", "--out", tmp_path / "out").status == 0
