from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from feedesk.receipts import fonts, printers
from feedesk.receipts.escpos import escpos
from feedesk.receipts.print_queue import PrintOrder, PrintState, print_next
from feedesk.receipts.printer_status import Condition, PrinterStatus
from feedesk.receipts.printers import PrinterKind, PrinterProfile, SendResult, Sent, printer_for
from feedesk.receipts.virtual_printer import Fault, VirtualPrinter
from feedesk.rules.receipt_document import SAMPLE, PaperMarks

PROFILE = PrinterProfile(PrinterKind.NETWORK, "127.0.0.1:9100")
READY, SILENT = PrinterStatus(Condition.READY), PrinterStatus(Condition.NO_REPLY)


@dataclass
class Store:
    """The jobs, and what was recorded of them."""

    waiting: list[PrintOrder] = field(default_factory=lambda: [PrintOrder(7, SAMPLE, PaperMarks())])
    recorded: list[tuple[int, str, str]] = field(default_factory=list)

    def claim_next(self) -> PrintOrder | None:
        return self.waiting.pop(0) if self.waiting else None

    def record(self, job: int, state: str, message: str) -> None:
        self.recorded.append((job, state, message))


@dataclass
class Device:
    """A printer that answers as told and remembers what it was sent."""

    statuses: list[PrinterStatus]
    result: SendResult = field(default_factory=lambda: SendResult(Sent.ALL))
    sent: list[bytes] = field(default_factory=list)

    def status(self) -> PrinterStatus:
        return self.statuses.pop(0)

    def send(self, data: bytes) -> SendResult:
        self.sent.append(data)
        return self.result


@pytest.mark.parametrize(
    ("statuses", "result", "state", "times", "message"),
    [
        ([READY, READY], SendResult(Sent.ALL), PrintState.PRINTED, 1, ""),
        ([READY, PrinterStatus(Condition.READY, paper_low=True)], SendResult(Sent.ALL), "printed", 1, "纸卷即将用完"),
        ([PrinterStatus(Condition.CANNOT_TELL)] * 2, SendResult(Sent.ALL), PrintState.PRINTED, 1, ""),
        ([PrinterStatus(Condition.PAPER_OUT)], SendResult(Sent.ALL), PrintState.FAILED, 0, "缺纸"),
        ([SILENT], SendResult(Sent.ALL), PrintState.FAILED, 0, "没有应答"),
        ([READY], SendResult(Sent.NOTHING, "连接不上"), PrintState.FAILED, 1, "连接不上"),
        ([READY], SendResult(Sent.PART, "连接中断"), PrintState.UNCERTAIN, 1, "连接中断"),
        ([READY, SILENT], SendResult(Sent.ALL), PrintState.UNCERTAIN, 1, "小票已发送，但随后"),
        ([READY, PrinterStatus(Condition.PAPER_OUT)], SendResult(Sent.ALL), PrintState.UNCERTAIN, 1, "缺纸"),
    ],
)
def test_what_becomes_of_a_slip(
    statuses: list[PrinterStatus], result: SendResult, state: str, times: int, message: str
) -> None:
    store, device = Store(), Device(list(statuses), result)
    assert print_next(store, device, PROFILE) == state
    ((job, recorded, words),) = store.recorded
    assert (job, recorded) == (7, state)
    assert message in words
    assert bool(words) is bool(message)
    assert device.sent == [escpos(SAMPLE)] * times
    assert not device.statuses, "asked as often as needed"


def test_an_empty_queue_leaves_the_printer_alone() -> None:
    assert print_next(Store(waiting=[]), Device([]), PROFILE) is None


def test_a_missing_font_fails_the_job_and_not_the_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "resource_path", lambda relative: tmp_path / relative)
    fonts.face_for.cache_clear()
    store = Store([PrintOrder(1, replace(SAMPLE, payer="\U0002fa10"), PaperMarks())])
    try:
        assert print_next(store, Device([READY, READY]), PROFILE) is PrintState.FAILED
    finally:
        fonts.face_for.cache_clear()
    assert "字体文件" in store.recorded[0][2]


@pytest.mark.parametrize(
    ("fault", "state", "slips"),
    [
        (None, PrintState.PRINTED, 1),
        (Fault.PAPER_NEAR_END, PrintState.PRINTED, 1),
        (Fault.SLOW, PrintState.PRINTED, 1),
        (Fault.OFFLINE, PrintState.FAILED, 0),
        (Fault.PAPER_OUT, PrintState.FAILED, 0),
        (Fault.COVER_OPEN, PrintState.FAILED, 0),
        (Fault.GARBAGE_STATUS, PrintState.FAILED, 0),
        (Fault.SILENT, PrintState.FAILED, 0),
        (Fault.DROPS_MID_JOB, PrintState.UNCERTAIN, 1),
    ],
)
def test_over_a_real_socket(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, fault: Fault | None, state: PrintState, slips: int
) -> None:
    monkeypatch.setattr(printers, "STATUS_TIMEOUT", 0.4)
    with VirtualPrinter(port=0, out_dir=tmp_path, fault=fault) as virtual:
        profile = PrinterProfile(PrinterKind.NETWORK, f"127.0.0.1:{virtual.port}")
        assert print_next(Store(), printer_for(profile), profile) is state
    assert len(list(tmp_path.glob("*.png"))) == slips


def test_paper_that_ends_during_the_slip_leaves_it_uncertain(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        profile = PrinterProfile(PrinterKind.NETWORK, f"127.0.0.1:{virtual.port}")
        printer = printer_for(profile)

        class EndsAfterSlip:
            def status(self) -> PrinterStatus:
                return printer.status()

            def send(self, data: bytes) -> SendResult:
                result = printer.send(data)
                virtual.fault = Fault.PAPER_OUT
                return result

        assert print_next(Store(), EndsAfterSlip(), profile) is PrintState.UNCERTAIN
