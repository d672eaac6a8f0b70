"""shift open, shift close and verify."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import DeskDay, Feedesk

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
    lines = day.shown("shift", "close", "--count", "100=4,50=1").out.splitlines()
    assert lines[-1].split() == ["长短款", "−50.00"]


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
    assert day.shown("verify").out == f"账套无误：已核对 {entries} 笔分录。\n"


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
    assert shown.out.splitlines()[1].split() == ["分录", "数据表", "列", "问题"]
    assert shown.err == ""
