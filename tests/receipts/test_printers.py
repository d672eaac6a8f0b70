"""Real sockets against the built-in printer, healthy and with every fault."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from feedesk.receipts import printers
from feedesk.receipts.escpos import escpos
from feedesk.receipts.printer_status import Condition, PrinterStatus, ask_status
from feedesk.receipts.printers import (
    BadPrinterAddress,
    PrinterKind,
    PrinterProfile,
    SendResult,
    Sent,
    printer_for,
)
from feedesk.receipts.virtual_printer import Fault, VirtualPrinter
from feedesk.rules.receipt_document import SAMPLE

SLIP = escpos(SAMPLE)


def network(port: int) -> PrinterProfile:
    return PrinterProfile(PrinterKind.NETWORK, f"127.0.0.1:{port}")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is the same after a shorter wait."""
    monkeypatch.setattr(printers, "STATUS_TIMEOUT", 0.4)


def answering(*answers: int) -> PrinterStatus:
    left = iter(answers)
    return ask_status(lambda _question: bytes([next(left)]))


@pytest.mark.parametrize(
    ("answers", "condition", "low"),
    [
        ((0x12, 0x12, 0x12, 0x12), Condition.READY, False),
        ((0x16, 0x12, 0x12, 0x12), Condition.READY, False),
        ((0x12, 0x12, 0x12, 0x1E), Condition.READY, True),
        ((0x1A, 0x12, 0x12, 0x12), Condition.OFFLINE, False),
        ((0x1A, 0x16, 0x12, 0x12), Condition.COVER_OPEN, False),
        ((0x1A, 0x32, 0x12, 0x72), Condition.PAPER_OUT, False),
        ((0x12, 0x12, 0x12, 0x7E), Condition.PAPER_OUT, True),
        ((0x1A, 0x52, 0x12, 0x12), Condition.FAULT, False),
        ((0x1A, 0x12, 0x1A, 0x12), Condition.FAULT, False),
        ((0x1A, 0x12, 0x32, 0x12), Condition.FAULT, False),
        ((0x00, 0x12, 0x12, 0x12), Condition.NO_REPLY, False),
        ((0xFF, 0x12, 0x12, 0x12), Condition.NO_REPLY, False),
        ((0x12, 0x12, 0x12, 0x92), Condition.NO_REPLY, False),
    ],
)
def test_what_the_answers_mean(answers: tuple[int, ...], condition: Condition, low: bool) -> None:
    assert answering(*answers) == PrinterStatus(condition, paper_low=low)


def test_no_answer_is_never_fine() -> None:
    status = ask_status(lambda _question: b"")
    assert status.condition is Condition.NO_REPLY
    assert not status.may_print


def test_every_condition_has_its_own_sentence() -> None:
    sentences = {str(PrinterStatus(condition)) for condition in Condition}
    assert len(sentences) == len(Condition)
    assert str(PrinterStatus(Condition.PAPER_OUT)) == "打印机缺纸，请更换纸卷。"
    assert str(PrinterStatus(Condition.READY, paper_low=True)) == "打印机就绪，纸卷即将用完。"


@pytest.mark.parametrize(
    ("fault", "condition"),
    [
        (None, Condition.READY),
        (Fault.OFFLINE, Condition.OFFLINE),
        (Fault.PAPER_OUT, Condition.PAPER_OUT),
        (Fault.COVER_OPEN, Condition.COVER_OPEN),
        (Fault.PAPER_NEAR_END, Condition.READY),
        (Fault.GARBAGE_STATUS, Condition.NO_REPLY),
        (Fault.SLOW, Condition.READY),
        (Fault.SILENT, Condition.NO_REPLY),
        (Fault.DROPS_MID_JOB, Condition.READY),
    ],
)
def test_status_over_the_network(tmp_path: Path, fault: Fault | None, condition: Condition) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path, fault=fault) as virtual:
        status = printer_for(network(virtual.port)).status()
    assert status == PrinterStatus(condition, paper_low=fault is Fault.PAPER_NEAR_END)


def test_a_slip_arrives_byte_for_byte(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        assert printer_for(network(virtual.port)).send(SLIP) == SendResult(Sent.ALL)
    assert (tmp_path / "000001-SJ-2026-1-004289.escpos").read_bytes() == SLIP


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_where_nobody_listens_nothing_is_sent() -> None:
    port = free_port()
    printer = printer_for(network(port))
    assert printer.status().condition is Condition.NO_REPLY
    result = printer.send(SLIP)
    assert result.sent is Sent.NOTHING
    assert f"127.0.0.1:{port}" in result.message


def test_a_connection_broken_in_the_middle_is_noticed(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path, fault=Fault.DROPS_MID_JOB) as virtual:
        result = printer_for(network(virtual.port)).send(SLIP)
    assert result.sent is Sent.PART
    assert "连接中断" in result.message
    torn = (tmp_path / "000001.escpos").read_bytes()
    assert SLIP.startswith(torn)
    assert 0 < len(torn) < len(SLIP)


def test_a_printer_that_takes_no_more_bytes_is_a_broken_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printers, "WRITE_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        result = printer_for(network(listener.getsockname()[1])).send(b"A" * 30_000_000)
    assert result.sent is Sent.PART


def test_a_host_without_a_port_is_port_9100() -> None:
    assert printers._host_and_port("printer.example") == ("printer.example", 9100)
    assert printers._host_and_port("[::1]:9101") == ("::1", 9101)


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (PrinterKind.NETWORK, "host:none"),
        (PrinterKind.NETWORK, "host:70000"),
        (PrinterKind.NETWORK, ":9100"),
        (PrinterKind.USB, "printer"),
        (PrinterKind.USB, "04b8"),
        (PrinterKind.SERIAL, "COM3@fast"),
        (PrinterKind.SERIAL, ""),
        (PrinterKind.FILE, ""),
        (PrinterKind.CUPS, ""),
    ],
)
def test_addresses_that_are_none(kind: PrinterKind, address: str) -> None:
    with pytest.raises(BadPrinterAddress, match=r"不是打印机地址"):
        printer_for(PrinterProfile(kind, address))


def test_a_profile_says_how_slips_are_formed() -> None:
    form = PrinterProfile(PrinterKind.NETWORK, "host", columns=32, cut=False, drawer=True).form
    assert (form.columns, form.cut, form.drawer) == (32, False, True)


# --- the library's transports ---


def test_a_device_file_takes_the_bytes_and_tells_nothing(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    printer = printer_for(PrinterProfile(PrinterKind.FILE, str(device)))
    assert printer.status().condition is Condition.CANNOT_TELL
    assert printer.status().may_print
    assert printer.send(SLIP) == SendResult(Sent.ALL)
    assert device.read_bytes() == SLIP


def test_a_device_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    assert printer_for(PrinterProfile(PrinterKind.FILE, str(device))).send(SLIP).sent is Sent.NOTHING
    assert not device.exists()


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        (PrinterKind.USB, "0000:0001"),
        (PrinterKind.SERIAL, "/dev/no-such-line"),
        (PrinterKind.WIN32, "no such printer"),
        (PrinterKind.CUPS, "no such queue"),
    ],
)
def test_a_device_or_library_that_is_missing_is_a_sentence(kind: PrinterKind, address: str) -> None:
    printer = printer_for(PrinterProfile(kind, address))
    result = printer.send(SLIP)
    assert result.sent is Sent.NOTHING
    assert address in result.message
    assert not printer.status().may_print or kind in (PrinterKind.WIN32, PrinterKind.CUPS)


@dataclass
class FakeDevice:
    """Stands for the library's object of a two-way device."""

    answers: bytes = b"\x12\x12\x12\x12"
    breaks: bool = False
    written: bytes = b""
    closed: bool = False
    sent: bool = False

    @property
    def device(self) -> "FakeDevice":
        return self

    def open(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True

    def send(self) -> None:
        self.sent = True

    def _raw(self, data: bytes) -> None:
        if self.breaks and data[:1] != b"\x1b":
            raise OSError("cable pulled")
        self.written += data

    def read(self, count: int) -> bytes:
        answer, self.answers = self.answers[:count], self.answers[count:]
        return answer

    def _read(self) -> bytes:
        return self.read(1)


@contextmanager
def fake(monkeypatch: pytest.MonkeyPatch, device: FakeDevice) -> Iterator[FakeDevice]:
    def made(_profile: PrinterProfile) -> Any:
        return device

    monkeypatch.setattr(printers, "_device", made)
    yield device
    assert device.closed


@pytest.mark.parametrize(("kind", "address"), [(PrinterKind.USB, "04b8:0e15"), (PrinterKind.SERIAL, "COM3@19200")])
def test_usb_and_serial_printers_are_asked(monkeypatch: pytest.MonkeyPatch, kind: PrinterKind, address: str) -> None:
    printer = printer_for(PrinterProfile(kind, address))
    with fake(monkeypatch, FakeDevice()) as device:
        assert printer.status() == PrinterStatus(Condition.READY)
        assert device.written == bytes.fromhex("100401 100402 100403 100404".replace(" ", ""))
    with fake(monkeypatch, FakeDevice(answers=b"")):
        assert printer.status().condition is Condition.NO_REPLY
    with fake(monkeypatch, FakeDevice()) as device:
        assert printer.send(SLIP).sent is Sent.ALL
        assert device.written.startswith(SLIP)
    with fake(monkeypatch, FakeDevice(breaks=True)):
        assert printer.send(SLIP).sent is Sent.PART, "the slip went out, the sign of life did not come"


def test_a_queue_gets_its_job_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with fake(monkeypatch, FakeDevice()) as device:
        assert printer_for(PrinterProfile(PrinterKind.CUPS, "slips")).send(SLIP).sent is Sent.ALL
        assert device.written == SLIP
        assert device.sent


def test_two_desks_share_a_printer(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        printer = printer_for(network(virtual.port))
        desks = [threading.Thread(target=printer.send, args=(SLIP,)) for _desk in range(4)]
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join()
    assert [path.read_bytes() for path in sorted(tmp_path.glob("*.escpos"))] == [SLIP] * 4
