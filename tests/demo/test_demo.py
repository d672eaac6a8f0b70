"""The sample day on a small community, in a process of its own, and what it left behind.

One test, so that the day is played once however many workers share the tests.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from feedesk.cli.commands.demo import SMALLEST
from feedesk.money import parse_amount
from feedesk.receipts.interpreter import Raster, interpret
from tests.command_line import Feedesk, NoWindow, command_line

pytestmark = pytest.mark.slow
DAY = "2026-11-23"
PICTURES = (
    "open-shift",
    "desk-empty",
    "desk-search",
    "desk-account",
    "desk-dark",
    "desk-small-150",
    "banner-after-payment",
    "void-receipt",
    "printer-without-paper",
    "desk-three-ways",
    "dayclose-before-count",
    "dayclose-counted",
    "dayclose-locked",
    "billing",
    "settings",
    "shortcuts",
)


@dataclass(frozen=True)
class Played:
    """What the demo answered, and where its results lie."""

    out: Path
    status: int
    document: Mapping[str, Any]
    told: str


def play(out: Path) -> Played:
    command = [sys.executable, "-m", "feedesk", "demo", "--out", str(out), "--households", str(SMALLEST), "--json"]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return Played(out, done.returncode, json.loads(done.stdout), done.stderr)


def slips(played: Played) -> list[Path]:
    return sorted((played.out / "slips").glob("*.escpos"))


def at_least_forty_payments_of_every_kind(played: Played) -> None:
    assert played.document["payments"] >= 40
    assert played.document["voids"] == 1
    assert list(played.document["takings"]) == ["现金", "微信", "支付宝", "刷卡", "转账", "预存"]
    assert all(parse_amount(amount) > 0 for amount in played.document["takings"].values())


def each_payment_has_its_slip_and_one_was_printed_again(played: Played) -> None:
    texts = [interpret(slip.read_bytes(), columns=48).text() for slip in slips(played)]
    assert len(list((played.out / "slips").glob("*.png"))) == len(texts)
    assert sum("补打" in text for text in texts) == 1
    handed_over = [text for text in texts if "交班单" in text]
    assert len(handed_over) == 2, "each shift's"
    assert all("点得现金" in text and "交班人" in text for text in handed_over)
    assert len(texts) == played.document["payments"] + 1 + len(handed_over)


def no_slip_is_garbled(played: Played) -> None:
    for slip in slips(played):
        printed = interpret(slip.read_bytes(), columns=48)
        assert printed.problems == ()
        assert "?" not in printed.text()
        assert "锦绣江南小区" in printed.text()


def a_name_the_printer_does_not_know_is_drawn(played: Played) -> None:
    drawn = [
        slip
        for slip in slips(played)
        if any(isinstance(part, Raster) for part in interpret(slip.read_bytes(), columns=48).elements)
    ]
    assert drawn


def the_workbook_says_what_was_collected(played: Played) -> None:
    (path,) = played.out.glob("收费日报 *.xlsx")
    assert path.name == f"收费日报 {DAY}.xlsx"
    sheet = load_workbook(path, data_only=True)["汇总"]
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "合计")
    takings = [parse_amount(amount) for amount in played.document["takings"].values()]
    shown = [parse_amount(f"{value:.2f}") for value in total[2:] if isinstance(value, int | float)]
    assert shown == [*takings, sum(takings)]
    assert parse_amount(played.document["total"]) == sum(takings)


def the_ledger_verifies_and_its_day_is_closed(played: Played, feedesk: Feedesk) -> None:
    ledger = ("--database", played.out / "ledger.sqlite", "--today", DAY, "--json")
    verified = feedesk("verify", *ledger).document
    assert verified == {"ok": True, "entries": played.document["verify"]["entries"], "problems": []}
    again = feedesk("close-day", "--out", played.out / "again", *ledger).document
    assert again["total"] == played.document["total"]
    assert again["receipts"]["count"] == played.document["payments"]
    assert again["receipts"]["gaps"] == 0


def pictures_show_something(played: Played) -> None:
    pictures = sorted((played.out / "screenshots").glob("*.png"))
    taken = [picture.stem.partition("-")[2] for picture in pictures]
    assert [name for name in PICTURES if name not in taken] == []
    for picture in pictures:
        with Image.open(picture) as image:
            assert image.size == (1366, 768)
            colours = image.convert("RGB").getcolors(maxcolors=2**24)
        assert colours is not None
        assert len(colours) > 100, picture.name


def receipts_are_written_as_pdf(played: Played) -> None:
    papers = sorted((played.out / "receipts").glob("*.pdf"))
    assert len(papers) >= 4
    assert all(paper.read_bytes().startswith(b"%PDF-") for paper in papers)


def every_file_told_is_there(played: Played) -> None:
    told = [name for names in played.document["files"].values() for name in names]
    assert told
    assert [name for name in told if not (played.out / name).is_file()] == []


def progress_is_told_in_chinese(played: Played) -> None:
    assert "正在生成样例小区" in played.told
    assert "Traceback" not in played.told


def test_the_sample_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    played = play(tmp_path / "out")
    for check in (
        at_least_forty_payments_of_every_kind,
        each_payment_has_its_slip_and_one_was_printed_again,
        no_slip_is_garbled,
        a_name_the_printer_does_not_know_is_drawn,
        the_workbook_says_what_was_collected,
        pictures_show_something,
        receipts_are_written_as_pdf,
        every_file_told_is_there,
        progress_is_told_in_chinese,
    ):
        check(played)
    the_ledger_verifies_and_its_day_is_closed(played, command_line(capsys, NoWindow()))
