"""Receipts as files and as slips, and the built-in printer."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from feedesk.receipts.virtual_printer import VirtualPrinter
from tests.cli.conftest import DeskDay
from tests.command_line import Feedesk

NUMBER = "SJ-2026-1-000001"
BEGINNINGS = {"escpos": b"\x1b@", "png": b"\x89PNG", "pdf": b"%PDF", "text": b"", "json": b"{"}


@pytest.fixture
def paid(day: DeskDay) -> DeskDay:
    assert day("collect", "3-1-502", "--tender", "cash=1079.48").status == 0
    return day


@pytest.mark.parametrize("form", BEGINNINGS)
def test_receipt_as_a_file(paid: DeskDay, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"slip.{form}"
    document = paid("receipt", NUMBER, "--as", form, "--out", out).document
    content = out.read_bytes()
    assert document == {"receipt": NUMBER, "form": form, "file": str(out), "bytes": len(content)}
    assert content.startswith(BEGINNINGS[form])
    if form == "text":
        assert NUMBER in content.decode("utf-8")
    if form == "json":
        assert json.loads(content)["number"] == NUMBER


def test_width_and_repertoire(paid: DeskDay, tmp_path: Path) -> None:
    sizes = set()
    for columns in (32, 42, 48):
        out = tmp_path / f"{columns}.txt"
        assert paid("receipt", NUMBER, "--as", "text", "--out", out, "--columns", columns).status == 0
        sizes.add(out.read_text(encoding="utf-8"))
    assert len(sizes) == 3
    for repertoire in ("gbk", "gb2312", "gb18030", "utf8", "none"):
        out = tmp_path / repertoire
        assert paid("receipt", NUMBER, "--as", "escpos", "--out", out, "--repertoire", repertoire).status == 0
    assert (tmp_path / "gbk").read_bytes() != (tmp_path / "utf8").read_bytes()


def test_reprints_are_counted(paid: DeskDay) -> None:
    assert [paid("receipt", NUMBER, "--print").document["reprint"] for _ in range(3)] == [0, 1, 2]
    assert paid.shown("receipt", NUMBER, "--print").out.split() == ["收据", NUMBER, "补打次数", "3"]


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        ([], 2, "nothing_to_do"),
        (["--as", "pdf"], 2, "nothing_to_do"),
        (["--out", "slip.pdf"], 2, "nothing_to_do"),
        (["--as", "docx", "--out", "slip.docx"], 2, "usage_error"),
        (["--as", "text", "--out", "slip.txt", "--columns", "40"], 2, "usage_error"),
        (["--as", "pdf", "--out", "no such folder/slip.pdf"], 4, "file_missing"),
        (["--as", "pdf", "--out", "."], 4, "file_trouble"),
    ],
)
def test_receipt_refused(
    paid: DeskDay,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    status: int,
    code: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = paid("receipt", NUMBER, *arguments)
    assert (outcome.status, outcome.error["code"]) == (status, code)


def test_unknown_receipt(paid: DeskDay, tmp_path: Path) -> None:
    outcome = paid("receipt", "SJ-2026-1-000099", "--as", "pdf", "--out", tmp_path / "slip.pdf")
    assert (outcome.status, outcome.error["code"]) == (1, "unknown_receipt")
    assert not (tmp_path / "slip.pdf").exists()


def _interrupted_after(monkeypatch: pytest.MonkeyPatch, work: Callable[[VirtualPrinter], None]) -> None:
    """The printer does its work and is then interrupted at the keyboard."""

    def serve(printer: VirtualPrinter, on_listening: Callable[[int], None]) -> None:
        with printer:
            on_listening(printer.port)
            work(printer)
        raise KeyboardInterrupt

    monkeypatch.setattr(VirtualPrinter, "serve_forever", serve)


def test_virtual_printer_keeps_slips(
    feedesk: Feedesk, paid: DeskDay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = tmp_path / "slip.escpos"
    assert paid("receipt", NUMBER, "--as", "escpos", "--out", slip).status == 0
    _interrupted_after(monkeypatch, lambda printer: printer.keep(slip.read_bytes()))
    out = tmp_path / "slips"
    outcome = feedesk("virtual-printer", "--port", 0, "--out", out, "--json")
    assert outcome.status == 0
    document = outcome.document
    assert document.pop("port") > 0
    assert document == {"host": "127.0.0.1", "out": str(out), "columns": 48}
    assert sorted(path.suffix for path in out.iterdir()) == [".escpos", ".png"]
    picture, stopped = outcome.err.splitlines()
    assert Path(picture).exists()
    assert stopped == "内置打印机已停止。"


def test_port_that_is_taken(feedesk: Feedesk, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = feedesk("virtual-printer", "--port", port, "--out", tmp_path, "--json")
    assert (outcome.status, outcome.error["code"]) == (4, "port_taken")


@pytest.mark.parametrize("arguments", [["--port", "-1"], ["--port", "65536"], ["--fault", "tired"], ["--columns", "1"]])
def test_virtual_printer_misused(feedesk: Feedesk, arguments: list[str]) -> None:
    assert feedesk("virtual-printer", *arguments).status == 2
