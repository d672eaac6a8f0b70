"""A cashier's whole day on the sample community, told in commands."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from feedesk.resources import resource_path
from tests.command_line import Feedesk, NoWindow, Outcome, command_line

SAMPLE = resource_path("sample/community.xlsx")
DAY = "2026-11-23"


class Day:
    """Commands on one ledger and one day; `done` also checks that they succeed."""

    def __init__(self, feedesk: Feedesk, ledger: Path) -> None:
        self._feedesk = feedesk
        self._ledger = ledger

    def run(self, *arguments: object) -> Outcome:
        return self._feedesk("--database", self._ledger, "--today", DAY, *arguments, "--json")

    def done(self, *arguments: object) -> Any:
        outcome = self.run(*arguments)
        assert outcome.status == 0, outcome.out + outcome.err
        return outcome.document

    def refused(self, *arguments: object) -> str:
        outcome = self.run(*arguments)
        assert outcome.status == 1
        return str(outcome.error["code"])


@pytest.mark.slow
def test_a_day(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    ledger, out = tmp_path / "ledger.sqlite", tmp_path / "out"
    day = Day(command_line(capsys, NoWindow()), ledger)
    assert day.done("init", "--training")["created"] is True

    # The office: the community's records, then this month's bills.
    imported = day.done("import", SAMPLE)["sheets"]
    assert imported["房屋"]["added"] == 1992
    preview = day.done("bill", "2026-11", "--preview")
    billed = day.done("bill", "2026-11")
    assert billed == preview
    assert billed["posted"] > 4000
    assert day.done("bill", "2026-11")["posted"] == 0

    # The desk: found by what the resident says, shown what is owed.
    (found,) = day.done("search", "3-1-502")
    account = found["account"]
    owed = day.done("statement", account)["total_due"]
    household = day.done("statement", "3-1-502", "--household")["total_due"]
    assert day.refused("collect", account, "--tender", "cash=2000") == "shift_not_open"
    opened = day.done("shift", "open", "--float", "500", "--actor", "样例收费员")
    assert opened == {"shift": 1, "till": 1, "cashier": "样例收费员", "float": "500.00"}

    # A morning of payments: the wrong one is voided, then done right for the whole household.
    wrong = day.done("collect", account, "--tender", f"wechat={owed}@W1")["receipt"]
    assert day.done("void", wrong, "--reason", "应连同车位一起缴")["reverses"] == wrong
    paid = day.done("collect", account, "--household", "--tender", "cash=2300", "--key", "desk-1")
    assert (paid["balance_after"], paid["tendered"]) == ("0.00", "2300.00")
    assert day.done("collect", account, "--household", "--tender", "cash=2300", "--key", "desk-1") == paid
    assert day.refused("collect", account, "--household", "--tender", "cash=1") == "nothing_due"
    part = day.done("collect", "3-1-702", "--part", "--tender", "alipay=100@A1")
    assert part["total"] == "100.00"
    deposit = day.done("collect", "3-1-902", "--deposit", "装修押金=2000", "--prepay", "50", "--tender", "card=2050@C1")
    assert deposit["allocations"] == []

    # Slips, also much later.
    for form in ("escpos", "png", "pdf", "text", "json"):
        day.done("receipt", paid["receipt"], "--as", form, "--out", tmp_path / f"slip.{form}")
    assert "作废" in _text(day, wrong, tmp_path)

    # The evening: the drawer is counted, the day closed, the ledger proved.
    closed = day.done("shift", "close", "--actor", "样例收费员")
    assert closed["over_short"] == "0.00"
    assert _yuan(closed["expected"]) == 500_00 + _yuan(closed["takings"]["cash"])
    summary = day.done("close-day", "--out", out)
    assert summary["receipts"] == {"from": wrong, "to": deposit["receipt"], "count": 4, "voids": 1, "gaps": 0}
    assert _yuan(summary["total"]) == sum(_yuan(amount) for amount in closed["takings"].values())
    assert _yuan(summary["total"]) == _yuan(paid["total"]) + 100_00 + 2050_00
    assert _yuan(paid["total"]) + _yuan(paid["rounding"]) == _yuan(household)
    assert [path.name for path in out.iterdir()] == [f"收费日报 {DAY}.xlsx"]
    book = load_workbook(out / f"收费日报 {DAY}.xlsx", read_only=True)
    assert book.sheetnames[0] == "汇总"
    book.close()
    assert day.refused("shift", "open") == "day_is_closed"
    proved = day.done("verify")
    assert (proved["ok"], proved["problems"]) == (True, [])


@pytest.mark.slow
def test_commands_beside_each_other(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Three programs take the same payment at once, with one key: it is taken once, and all tell the same."""
    ledger = tmp_path / "ledger.sqlite"
    day = Day(command_line(capsys, NoWindow()), ledger)
    day.done("init", "--training")
    workbook = tmp_path / "book.xlsx"
    day.done("template", workbook)
    day.done("import", workbook)
    day.done("shift", "open")
    command = ["collect", "1-1-101", "--prepay", "100", "--tender", "cash=100", "--key", "K", "--json"]
    program = [sys.executable, "-m", "feedesk", "--database", str(ledger), "--today", DAY]
    at_once = [subprocess.Popen([*program, *command], stdout=subprocess.PIPE, env=os.environ) for _desk in range(3)]
    answers = [json.loads(desk.communicate(timeout=60)[0]) for desk in at_once]
    assert [desk.returncode for desk in at_once] == [0, 0, 0]
    assert answers[0]["receipt"] == "SJ-2026-1-000001"
    assert answers[1:] == answers[:2]
    assert day.done("verify")["ok"] is True


def _text(day: Day, receipt: str, folder: Path) -> str:
    file = folder / "slip.txt"
    day.done("receipt", receipt, "--as", "text", "--out", file)
    return file.read_text(encoding="utf-8")


def _yuan(text: str) -> int:
    """An amount of a document in fen."""
    whole, fen = text.split(".")
    return int(whole + fen)
