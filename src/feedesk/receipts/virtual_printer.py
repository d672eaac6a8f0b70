"""A till printer without paper, for training, demonstration and tests: it listens as a network printer does.

It answers status requests, and keeps each slip twice in a folder: the bytes as they came (``.escpos``) and the
picture of the paper (``.png``), read back from those bytes. `Fault` lets it misbehave as real ones do.
"""

import logging
import os
import re
import select
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self

from feedesk.errors import EnvironmentFault
from feedesk.receipts import printer_status
from feedesk.receipts.commands import CommandReader
from feedesk.receipts.interpreter import draw, interpret
from feedesk.receipts.paper import to_png
from feedesk.receipts.repertoire import Repertoire
from feedesk.texts import N_

_LOG = logging.getLogger(__name__)

DEFAULT_PORT = 9100

OnSlip = Callable[[Path, Path], None]
"""Told the picture and the bytes of a slip as soon as both lie in the folder; called in the printer's thread."""

_SLOW_ANSWER = 0.15
_DROPPED_AFTER = 300
"""Bytes of a job after which `Fault.DROPS_MID_JOB` hangs up."""


_POLL = 0.1
"""Seconds after which a connection looks whether the printer is to stop."""


class PortTaken(EnvironmentFault):
    message = N_("The built-in printer cannot listen on port {port}: {reason}. Choose another port.")


class Fault(StrEnum):
    """How the built-in printer misbehaves."""

    OFFLINE = "offline"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    PAPER_NEAR_END = "paper-near-end"
    GARBAGE_STATUS = "garbage-status"
    DROPS_MID_JOB = "drops-mid-job"
    SLOW = "slow"
    SILENT = "silent"


_OFFLINE = {1: printer_status.OFFLINE}
_ANSWERS: dict[Fault, dict[int, int]] = {
    Fault.OFFLINE: _OFFLINE,
    Fault.PAPER_OUT: {**_OFFLINE, 2: printer_status.STOPPED_FOR_PAPER, 4: printer_status.END},
    Fault.COVER_OPEN: {**_OFFLINE, 2: printer_status.COVER_OPEN},
    Fault.PAPER_NEAR_END: {4: printer_status.NEAR_END},
}
_STOPPED = (Fault.OFFLINE, Fault.PAPER_OUT, Fault.COVER_OPEN)
"""Faults with which nothing comes out."""


class VirtualPrinter:
    """The built-in printer; ``port`` 0 takes a free one. Use as a context manager, or `start` and `stop`.

    ``fault`` may be set while it runs.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = DEFAULT_PORT,
        out_dir: Path = Path("slips"),
        columns: int = 48,
        fault: Fault | None = None,
        *,
        repertoire: Repertoire = Repertoire.GBK,
        on_slip: OnSlip | None = None,
    ) -> None:
        self.host, self.out_dir, self.columns = host, out_dir, columns
        self.fault, self.repertoire, self.on_slip = fault, repertoire, on_slip
        self.broken = False
        self._wanted_port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._saving = threading.Lock()

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        return int(self._server.server_address[1]) if self._server else self._wanted_port

    def start(self) -> None:
        """Listens, in a thread of its own. Raises `PortTaken`; `OSError` when the folder cannot be made."""
        self._listen()
        assert self._server is not None
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="virtual-printer")
        self._thread.daemon = True
        self._thread.start()

    def serve_forever(self, on_listening: Callable[[int], None] | None = None) -> None:
        """Listens in this thread until interrupted; ``on_listening`` is told the port first."""
        self._listen()
        assert self._server is not None
        if on_listening:
            on_listening(self.port)
        try:
            self._server.serve_forever(0.2)
        finally:
            self._server.finish()

    def stop(self) -> None:
        """Ends `start` or, from another thread, `serve_forever`, once all slips sent are kept."""
        if self._server:
            self._server.shutdown()
        if self._server and self._thread:
            self._thread.join()
            self._server.finish()
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _listen(self) -> None:
        self.out_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._server = _Server((self.host, self._wanted_port), self)
        except OSError as error:
            raise PortTaken(port=self._wanted_port, reason=error.strerror or error) from error

    def status_answer(self, number: int) -> bytes:
        """The answer to ``DLE EOT number``; empty for none."""
        if self.fault is Fault.SILENT:
            return b""
        if self.fault is Fault.GARBAGE_STATUS:
            return b"\xff"
        bits = _ANSWERS.get(self.fault, {}).get(number, 0) if self.fault else 0
        if self.broken and number == 2:
            bits |= printer_status.ERROR
        return bytes([printer_status.FIXED | bits])

    def keep(self, job: bytes) -> None:
        """Keeps a slip as bytes and picture. A folder that cannot be written to makes it report an error."""
        if self.fault in _STOPPED:
            return
        printed = interpret(job, columns=self.columns, repertoire=self.repertoire)
        if not printed.elements:
            return
        for problem in printed.problems:
            _LOG.warning("slip: %s", problem)
        picture = to_png(draw(printed, columns=self.columns))
        try:
            with self._saving:
                stem = self.out_dir / _file_stem(self.out_dir, printed.codes)
                written = stem.with_name(stem.name + ".escpos"), stem.with_name(stem.name + ".png")
                for path, content in zip(written, (job, picture), strict=True):
                    _write(path, content)
        except OSError as error:
            self.broken = True
            _LOG.error("slip not kept: %s", error)
            return
        if self.on_slip:
            self.on_slip(written[1], written[0])


def _file_stem(folder: Path, codes: tuple[str, ...]) -> str:
    """A name that sorts in the order of printing, with the receipt's number when its code could be read."""
    numbers = [int(match[0]) for path in folder.iterdir() if (match := re.match(r"\d{6,}", path.name))]
    parts = [f"{max(numbers, default=0) + 1:06d}", re.sub(r"[^\w-]", "", codes[0])[:60] if codes else ""]
    return "-".join(part for part in parts if part)


def _write(path: Path, content: bytes) -> None:
    """Writes a file so that nobody sees half of it."""
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


class _Server(socketserver.ThreadingTCPServer):
    """Each connection in a thread of its own; closing waits for the threads."""

    allow_reuse_address = os.name != "nt"  # on Windows it would let two printers share a port

    def __init__(self, address: tuple[str, int], printer: VirtualPrinter) -> None:
        self.printer = printer
        self.stopping = False
        super().__init__(address, _Connection)

    def finish(self) -> None:
        """Takes what clients have sent already, then ends all connections."""
        self.stopping = True
        while select.select([self], [], [], 0)[0]:
            self.handle_request()
        self.server_close()


class _Connection(socketserver.BaseRequestHandler):
    """One client: status requests are answered at once, the rest is collected until a cut or the end."""

    server: _Server

    def handle(self) -> None:
        printer, reader = self.server.printer, CommandReader()
        self.request.settimeout(_POLL)
        self.job = bytearray()
        while data := self.received():
            for token in reader.feed(data):
                self.take(token)
            if printer.fault is Fault.DROPS_MID_JOB and len(self.job) + len(reader.rest()) > _DROPPED_AFTER:
                self.drop()
                break
        self.job += reader.rest()
        self.finish()

    def received(self) -> bytes:
        if self.server.printer.fault is Fault.SLOW:
            time.sleep(0.02)
        while True:
            try:
                return bytes(self.request.recv(1024))
            except TimeoutError:
                if self.server.stopping:
                    return b""
            except OSError:
                return b""

    def take(self, token: bytes) -> None:
        if token[:2] == b"\x10\x04" and len(token) == 3:
            self.answer(token[2])
            return
        if self.server.printer.fault is Fault.DROPS_MID_JOB and len(self.job) > _DROPPED_AFTER:
            return
        self.job += token
        if token[:2] == b"\x1dV":
            self.finish()

    def answer(self, number: int) -> None:
        printer = self.server.printer
        if printer.fault is Fault.SLOW:
            time.sleep(_SLOW_ANSWER)
        try:
            self.request.sendall(printer.status_answer(number))
        except OSError:
            _LOG.debug("nobody waited for the answer")

    def finish(self) -> None:
        job, self.job = bytes(self.job), bytearray()
        if job:
            self.server.printer.keep(job)

    def drop(self) -> None:
        """Ends the connection with a reset, as a cable pulled out or a printer switched off does."""
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.request.close()
