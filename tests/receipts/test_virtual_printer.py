import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from feedesk.receipts.escpos import SlipForm, escpos
from feedesk.receipts.printers import PrinterKind, PrinterProfile, printer_for
from feedesk.receipts.repertoire import Repertoire
from feedesk.receipts.virtual_printer import Fault, PortTaken, VirtualPrinter
from feedesk.rules.receipt_document import SAMPLE

SLIP = escpos(SAMPLE)


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=5)


def send(port: int, data: bytes) -> None:
    with connected(port) as connection:
        connection.sendall(data)


def test_slips_are_kept_as_bytes_and_picture_in_order(tmp_path: Path) -> None:
    kept: list[tuple[str, str]] = []
    with VirtualPrinter(port=0, out_dir=tmp_path / "slips") as virtual:
        virtual.on_slip = lambda picture, data: kept.append((picture.name, data.name))
        send(virtual.port, SLIP + escpos(replace(SAMPLE, code="SJ-2026-1-004290")))
        send(virtual.port, b"")
    assert [name for pair in kept for name in pair] == [
        "000001-SJ-2026-1-004289.png",
        "000001-SJ-2026-1-004289.escpos",
        "000002-SJ-2026-1-004290.png",
        "000002-SJ-2026-1-004290.escpos",
    ]
    with Image.open(tmp_path / "slips" / kept[0][0]) as picture:
        assert picture.width == 688
        assert picture.height > 1000
    assert not list(tmp_path.rglob("*.part"))


def test_numbers_go_on_in_a_folder_that_has_slips(tmp_path: Path) -> None:
    (tmp_path / "000041-SJ-1.escpos").write_bytes(b"")
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        send(virtual.port, SLIP)
    assert (tmp_path / "000042-SJ-2026-1-004289.png").is_file()


def test_a_slip_without_a_cut_ends_with_the_connection(tmp_path: Path) -> None:
    slip = escpos(SAMPLE, None, SlipForm(columns=32, cut=False))
    with VirtualPrinter(port=0, out_dir=tmp_path, columns=32) as virtual:
        send(virtual.port, slip)
    assert (tmp_path / "000001-SJ-2026-1-004289.escpos").read_bytes() == slip


def test_a_slip_that_is_all_picture_is_kept_without_a_number(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path, repertoire=Repertoire.NONE) as virtual:
        send(virtual.port, escpos(SAMPLE, None, SlipForm(repertoire=Repertoire.NONE)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000001.escpos", "000001.png"]


def test_a_code_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path / "slips") as virtual:
        send(virtual.port, escpos(replace(SAMPLE, code="../../etc/x y")))
    assert [path.name for path in sorted(tmp_path.rglob("*.escpos"))] == ["000001-etcxy.escpos"]


def test_status_is_answered_in_the_midst_of_a_job(tmp_path: Path) -> None:
    middle = SLIP.index(b"\n", 200) + 1
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual, connected(virtual.port) as connection:
        connection.sendall(SLIP[:middle] + b"\x10\x04\x01")
        assert connection.recv(8) == b"\x12"
        connection.sendall(SLIP[middle:])
    assert (tmp_path / "000001-SJ-2026-1-004289.escpos").read_bytes() == SLIP


def test_asking_alone_leaves_no_slip(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        assert printer_for(PrinterProfile(PrinterKind.NETWORK, f"127.0.0.1:{virtual.port}")).status().may_print
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fault", [Fault.OFFLINE, Fault.PAPER_OUT, Fault.COVER_OPEN])
def test_without_paper_nothing_comes_out(tmp_path: Path, fault: Fault) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path, fault=fault) as virtual:
        send(virtual.port, SLIP)
    assert not list(tmp_path.iterdir())


@pytest.mark.logs_expected
def test_a_folder_that_cannot_be_written_makes_the_printer_report_an_error(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path / "slips") as virtual:
        (tmp_path / "slips").rmdir()
        printer = printer_for(PrinterProfile(PrinterKind.NETWORK, f"127.0.0.1:{virtual.port}"))
        printer.send(SLIP)
        for _attempt in range(200):
            if virtual.broken:
                break
            threading.Event().wait(0.02)
        assert not printer.status().may_print


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual, pytest.raises(PortTaken, match=str(virtual.port)):
        VirtualPrinter(port=virtual.port, out_dir=tmp_path).start()


def test_stopping_hangs_up_on_a_client_that_lingers(tmp_path: Path) -> None:
    with VirtualPrinter(port=0, out_dir=tmp_path) as virtual:
        client = connected(virtual.port)
        client.sendall(b"\x10\x04\x01")
        assert client.recv(1) == b"\x12"
    assert client.recv(1) == b""
    client.close()


def test_serving_in_the_foreground_ends_when_stopped(tmp_path: Path) -> None:
    virtual = VirtualPrinter(port=0, out_dir=tmp_path)
    listening = threading.Event()
    serving = threading.Thread(target=virtual.serve_forever, args=(lambda _port: listening.set(),))
    serving.start()
    assert listening.wait(10)
    send(virtual.port, SLIP)
    virtual.stop()
    serving.join(10)
    assert not serving.is_alive()
    assert (tmp_path / "000001-SJ-2026-1-004289.escpos").is_file()
