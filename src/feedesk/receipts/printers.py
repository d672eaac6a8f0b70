"""Carrying bytes to a till printer, and asking it how it is.

A network printer is spoken to over a plain TCP socket, since the printer library's network read blocks for a
minute; the library carries the bytes over USB, serial line, device file, Windows' and CUPS' queues.

No command proves that paper came out. So a send ends in one of three ways: all bytes were taken; nothing was sent,
and it may be tried again; or the connection broke in the middle, and somebody has to look.
"""

import errno
import os
import socket
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol

from feedesk.errors import EnvironmentFault, UserError
from feedesk.receipts.escpos import SlipForm
from feedesk.receipts.printer_status import QUESTIONS, Condition, PrinterStatus, ask_status
from feedesk.receipts.repertoire import Repertoire
from feedesk.texts import N_, _

STATUS_TIMEOUT = 1.0
"""Seconds to wait for a connection and for an answer."""

WRITE_TIMEOUT = 15.0
"""Seconds a printer may take no bytes: with a full buffer it takes none while it prints."""

DEFAULT_PORT = 9100


class BadPrinterAddress(UserError):
    message = N_("“{address}” is not the address of a printer: write {example}.")


class PrinterUnreachable(EnvironmentFault):
    message = N_("The printer at {address} cannot be reached: {reason}. Check its power and its cable.")


class PrinterKind(StrEnum):
    """The ways a printer is connected; each writes its address in its own way."""

    NETWORK = "network"
    USB = "usb"
    SERIAL = "serial"
    FILE = "file"
    WIN32 = "win32"
    CUPS = "cups"


_EXAMPLES = {
    PrinterKind.NETWORK: "192.168.1.87:9100",
    PrinterKind.USB: "04b8:0e15",
    PrinterKind.SERIAL: "COM3@19200",
}


_DRIVERS = {
    PrinterKind.USB: "pyusb",
    PrinterKind.SERIAL: "pyserial",
    PrinterKind.WIN32: "pywin32",
    PrinterKind.CUPS: "pycups",
}
"""What the printer library wants installed beside itself."""


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """A printer as the settings know it.

    ``address`` is ``host[:port]``, ``vendor:product`` in hex, ``port[@baud]``, a device file or a queue's name.
    """

    kind: PrinterKind
    address: str
    columns: int = 48
    repertoire: Repertoire = Repertoire.GBK
    cut: bool = True
    drawer: bool = False

    @property
    def form(self) -> SlipForm:
        """What the bytes of a slip depend on."""
        return SlipForm(self.columns, self.repertoire, cut=self.cut, drawer=self.drawer)


class Sent(StrEnum):
    """How far the bytes came."""

    ALL = "all"
    NOTHING = "nothing"
    PART = "part"


@dataclass(frozen=True, slots=True)
class SendResult:
    """The end of a send; ``message`` is a sentence for the cashier unless all went well."""

    sent: Sent
    message: str = ""


class Printer(Protocol):
    """What the print queue needs of a printer. Neither method raises for the printer's own troubles."""

    def status(self) -> PrinterStatus: ...

    def send(self, data: bytes) -> SendResult: ...


class _Line(Protocol):
    """An open connection to a device."""

    def write(self, data: bytes) -> int:
        """Passes bytes on and returns how many were taken."""
        ...

    def answer(self) -> bytes:
        """What the device says within `STATUS_TIMEOUT`, else nothing. Raises when the connection is gone."""
        ...

    def finish(self) -> None:
        """Hands over what was collected, where the transport collects."""
        ...


def printer_for(profile: PrinterProfile) -> Printer:
    """The printer of a profile; nothing is opened yet. Raises `BadPrinterAddress`."""
    _check_address(profile)
    return _DevicePrinter(profile)


@dataclass(frozen=True, slots=True)
class _DevicePrinter:
    profile: PrinterProfile

    @property
    def answers(self) -> bool:
        return self.profile.kind in (PrinterKind.NETWORK, PrinterKind.USB, PrinterKind.SERIAL)

    def status(self) -> PrinterStatus:
        if not self.answers:
            return PrinterStatus(Condition.CANNOT_TELL)
        try:
            with _line(self.profile) as line:

                def ask(question: bytes) -> bytes:
                    line.write(question)
                    return line.answer()

                return ask_status(ask)
        except _device_errors(self.profile.kind):
            return PrinterStatus(Condition.NO_REPLY)

    def send(self, data: bytes) -> SendResult:
        """Sends all bytes once, then asks for a sign of life, which a connection broken unnoticed will not give."""
        taken = 0
        try:
            with _line(self.profile) as line:
                while taken < len(data):
                    taken += line.write(data[taken:])
                line.finish()
                if self.answers:
                    line.write(QUESTIONS[1])
                    line.answer()
        except _device_errors(self.profile.kind) as error:
            if taken:
                return SendResult(
                    Sent.PART, _("The connection broke while the slip was sent: {reason}.").format(reason=error)
                )
            return SendResult(Sent.NOTHING, str(PrinterUnreachable(address=self.profile.address, reason=error)))
        return SendResult(Sent.ALL)


def _line(profile: PrinterProfile) -> AbstractContextManager[_Line]:
    return _network_line(profile.address) if profile.kind is PrinterKind.NETWORK else _library_line(profile)


def _device_errors(kind: PrinterKind) -> tuple[type[Exception], ...]:
    """What the transports raise. The queues' own libraries derive theirs from nothing but Exception."""
    if kind is PrinterKind.NETWORK:
        return (OSError,)
    from escpos.exceptions import Error

    errors: list[type[Exception]] = [OSError, Error, RuntimeError, ValueError]
    own = {PrinterKind.WIN32: ("pywintypes", "error"), PrinterKind.CUPS: ("cups", "IPPError")}
    if kind in own:
        module, name = own[kind]
        with suppress(ImportError):
            errors.append(getattr(import_module(module), name))
    return tuple(errors)


# --- network -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _NetworkLine:
    connection: socket.socket

    def write(self, data: bytes) -> int:
        self.connection.settimeout(WRITE_TIMEOUT)
        return self.connection.send(data)

    def answer(self) -> bytes:
        self.connection.settimeout(STATUS_TIMEOUT)
        try:
            answer = self.connection.recv(64)
        except TimeoutError:
            return b""
        if not answer:
            raise ConnectionResetError(_("the printer closed the connection"))
        return answer

    def finish(self) -> None:
        """A socket keeps nothing back."""


@contextmanager
def _network_line(address: str) -> Iterator[_Line]:
    host, port = _host_and_port(address)
    with socket.create_connection((host, port), timeout=STATUS_TIMEOUT) as connection:
        yield _NetworkLine(connection)


def _host_and_port(address: str) -> tuple[str, int]:
    host, separator, port = address.rpartition(":")
    if not separator:
        return address, DEFAULT_PORT
    if not port.isdecimal() or not 0 < int(port) < 65536 or not host:
        raise BadPrinterAddress(address=address, example=_EXAMPLES[PrinterKind.NETWORK])
    return host.strip("[]"), int(port)


# --- the printer library's transports ----------------------------------------------------------------------------


@dataclass(slots=True)
class _LibraryLine:
    kind: PrinterKind
    device: Any

    def write(self, data: bytes) -> int:
        self.device._raw(data)
        return len(data)

    def answer(self) -> bytes:
        end = time.monotonic() + STATUS_TIMEOUT
        while time.monotonic() < end:
            # The library's serial read waits for sixteen bytes; one is the answer.
            read = self.device.device.read(1) if self.kind is PrinterKind.SERIAL else self.device._read()
            if read:
                return bytes(read)
        return b""

    def finish(self) -> None:
        if self.kind is PrinterKind.CUPS:
            self.device.send()
        elif self.kind is PrinterKind.FILE:
            self.device.flush()


@contextmanager
def _library_line(profile: PrinterProfile) -> Iterator[_Line]:
    if profile.kind is PrinterKind.FILE and os.name == "posix" and not os.path.exists(profile.address):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))  # the library would make a plain file of it
    device = _device(profile)
    device.open()
    try:
        yield _LibraryLine(profile.kind, device)
    finally:
        device.close()


def _device(profile: PrinterProfile) -> Any:
    """The library's object for a device, not opened. `OSError` where the driver it wants is not installed."""
    from escpos import printer

    made: Any
    facts: dict[str, Any]
    address = profile.address
    match profile.kind:
        case PrinterKind.USB:
            made, facts = printer.Usb, {"timeout": int(WRITE_TIMEOUT * 1000)}
            facts["idVendor"], facts["idProduct"] = _usb_ids(address)
        case PrinterKind.SERIAL:
            port, _separator, baud = address.partition("@")
            made, facts = printer.Serial, {"devfile": port, "baudrate": int(baud or 9600), "timeout": STATUS_TIMEOUT}
        case PrinterKind.WIN32:
            made, facts = printer.Win32Raw, {"printer_name": address}
        case PrinterKind.CUPS:
            made, facts = printer.CupsPrinter, {"printer_name": address}
        case _:
            made, facts = printer.File, {"devfile": address, "auto_flush": False}
    if not made.is_usable():  # asked first: the library's objects complain once more when they are thrown away
        raise OSError(_("the Python package {package} is not installed").format(package=_DRIVERS[profile.kind]))
    return made(**facts)


def _usb_ids(address: str) -> tuple[int, int]:
    vendor, _separator, product = address.partition(":")
    try:
        return int(vendor, 16), int(product, 16)
    except ValueError:
        raise BadPrinterAddress(address=address, example=_EXAMPLES[PrinterKind.USB]) from None


def _check_address(profile: PrinterProfile) -> None:
    match profile.kind:
        case PrinterKind.NETWORK:
            _host_and_port(profile.address)
        case PrinterKind.USB:
            _usb_ids(profile.address)
        case PrinterKind.SERIAL:
            port, separator, baud = profile.address.partition("@")
            if not port or (separator and not baud.isdecimal()):
                raise BadPrinterAddress(address=profile.address, example=_EXAMPLES[PrinterKind.SERIAL])
        case _ if not profile.address:
            raise BadPrinterAddress(address="", example="/dev/usb/lp0")
