"""The program as a process of its own: exit statuses, pipes, encodings, and no traceback whatever happens."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import feedesk.cli.main
from feedesk.__main__ import main

FEEDESK = [sys.executable, "-m", "feedesk"]


def _run(arguments: Sequence[object], **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*FEEDESK, *map(str, arguments)],
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def test_statuses_and_streams(tmp_path: Path) -> None:
    ledger = tmp_path / "样例 ledger.sqlite"
    missing = _run(["search", "样", "--database", ledger])
    assert (missing.returncode, missing.stdout) == (4, b"")
    assert missing.stderr.decode().count("\n") == 1
    assert str(ledger) in missing.stderr.decode()
    assert _run(["init", "--training", "--database", ledger]).returncode == 0
    found = _run(["search", "样", "--database", ledger, "--json"])
    assert (found.returncode, found.stderr) == (0, b"")
    assert json.loads(found.stdout) == []


def test_output_is_utf8_whatever_the_system_says(tmp_path: Path) -> None:
    outcome = _run(["search", "--json"], PYTHONIOENCODING="gbk", PYTHONUTF8="0", LC_ALL="C")
    assert outcome.returncode == 2
    assert "缺少参数" in json.loads(outcome.stdout.decode("utf-8"))["error"]["message"]


def test_argument_in_no_known_encoding() -> None:
    outcome = subprocess.run(
        [*(word.encode() for word in FEEDESK), b"\xff\xfe", b"--json"], capture_output=True, check=False
    )
    assert outcome.returncode == 2
    assert json.loads(outcome.stdout.decode("utf-8"))["error"]["code"] == "usage_error"


@pytest.mark.skipif(sys.platform == "win32", reason="pipes end differently there")
def test_reader_that_leaves_early() -> None:
    command = " ".join(["exec 3>&1;", "{", *FEEDESK, "--help; echo $? >&3; } | true"])
    for _attempt in range(2):
        outcome = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert outcome.stdout.decode().strip() == "0"
        assert outcome.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_full_disk_is_a_sentence(tmp_path: Path) -> None:
    command = [*FEEDESK, "init", "--training", "--database", str(tmp_path / "ledger.sqlite")]
    with Path("/dev/full").open("wb") as full:
        outcome = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert outcome.returncode == 4
    assert "Traceback" not in outcome.stderr.decode()
    assert len(outcome.stderr.decode().splitlines()) == 1


@pytest.mark.logs_expected
def test_bug_is_one_line_and_a_log(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_anything: object) -> int:
        raise ZeroDivisionError("样例")

    monkeypatch.setattr(feedesk.cli.main, "main", fail)
    monkeypatch.setenv("FEEDESK_HOME", str(tmp_path / "home"))
    assert main(["search", "x", "--json"]) == 70
    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["code"] == "program_fault"
    assert captured.err == ""
    (log,) = (tmp_path / "home").rglob("*.log")
    assert "ZeroDivisionError: 样例" in log.read_text(encoding="utf-8")
    assert str(log) in json.loads(captured.out)["error"]["message"]
    for handler in [*logging.getLogger("feedesk").handlers]:
        logging.getLogger("feedesk").removeHandler(handler)
        handler.close()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Programs started here heed an interrupt, also where a shell started the tests in the background, deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.skipif(sys.platform == "win32", reason="interrupted otherwise there")
@pytest.mark.usefixtures("interruptible")
def test_virtual_printer_until_it_is_interrupted(tmp_path: Path) -> None:
    command = [*FEEDESK, "virtual-printer", "--port", "0", "--out", str(tmp_path / "slips"), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as printer:
        try:
            assert printer.stdout is not None
            assert printer.stderr is not None
            where = json.loads(printer.stdout.readline())
            with socket.create_connection((where["host"], where["port"]), timeout=10) as line:
                line.sendall(b"\x1b@sample slip\n\x1dV\x42\x00")
            picture = Path(printer.stderr.readline().decode().strip())
            printer.send_signal(signal.SIGINT)
            rest, stopped = printer.communicate(timeout=20)
        finally:
            printer.kill()  # does nothing to one that has ended
    assert (printer.returncode, rest) == (0, b"")
    assert stopped.decode().strip() == "内置打印机已停止。"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.parent == tmp_path / "slips"
