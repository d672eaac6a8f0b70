"""The print worker beside the window: it takes slips from the queue, one at a time, and never makes the cashier wait.

The payment stands whatever happens here. Nothing was sent of a *failed* slip, so it goes out by itself once the
printer is ready again; an *uncertain* one waits for the cashier's word. Without a printer of one's own the built-in one
is started, which keeps each slip as bytes and as a picture.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from feedesk.config import PrinterProfile, PrinterTransport, data_folder
from feedesk.errors import FeedeskError
from feedesk.ops.printing import PrintJobState, claim_next_slip, mark_stranded, record_slip, retry_failed
from feedesk.ops.run import Workplace
from feedesk.queries.receipts import unprinted_slips

if TYPE_CHECKING:
    from feedesk.receipts.escpos import SlipForm
    from feedesk.receipts.print_queue import PrintOrder
    from feedesk.receipts.printers import Printer
    from feedesk.receipts.printers import PrinterProfile as Address
    from feedesk.receipts.virtual_printer import VirtualPrinter

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 5.0
LooseSlip = Callable[["SlipForm"], bytes]
"""The bytes of a paper that is no receipt, for the printer's form."""


@dataclass(frozen=True, slots=True)
class PrinterFacts:
    """How printing goes, for the status line: a sentence, whether all is well, slips not on paper yet."""

    sentence: str
    ready: bool
    waiting: int
    uncertain: int


class PrintDesk(QObject):
    """`slip_done` (job, state) after each slip, `facts_changed` `PrinterFacts`, `slip_kept` a picture's path.

    The signals come from the worker's thread: connect methods of objects that live in the window's, never functions
    of their own, which would run here.
    """

    slip_done = Signal(int, str)
    facts_changed = Signal(object)
    slip_kept = Signal(object)

    def __init__(self, workplace: Callable[[], Workplace], till: int, profile: PrinterProfile) -> None:
        super().__init__()
        self._workplace, self._till, self._profile = workplace, till, profile
        self._wake = threading.Event()
        self._stopping = False
        self._facts: PrinterFacts | None = None
        self._virtual: VirtualPrinter | None = None
        self._loose: SimpleQueue[LooseSlip] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="feedesk-print", daemon=True)

    def start(self) -> None:
        """Starts the worker; slips that a crash left behind become uncertain first."""
        self._thread.start()

    def wake(self) -> None:
        """There is something to print."""
        self._wake.set()

    def print_loose(self, slip: "LooseSlip") -> None:
        """Prints a paper that is no receipt, a quote say, after those that wait; it is sent once and not kept."""
        self._loose.put(slip)
        self.wake()

    def use(self, profile: PrinterProfile) -> None:
        """Prints to another printer from the next slip on."""
        self._profile = profile
        self.wake()

    def virtual_port(self) -> int | None:
        """Where the built-in printer listens; None while it is not running."""
        return self._virtual.port if self._virtual is not None else None

    def stop(self) -> None:
        """Ends after the slip at hand."""
        self._stopping = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()
        self._close_virtual()

    # ---- the worker's thread -------------------------------------------------------------------------------------

    def _work(self) -> None:
        try:
            self._workplace().run_op(mark_stranded, till=self._till)
        except FeedeskError as error:
            log.info("stranded slips could not be marked: %s", error)
        while not self._stopping:
            self._wake.clear()
            try:
                self._print_all()
            except FeedeskError as error:
                self._tell(str(error), ready=False)
            self._wake.wait(_PAUSE_SECONDS)

    def _print_all(self) -> None:
        from feedesk.receipts.print_queue import print_next
        from feedesk.receipts.printers import printer_for

        address = self._address()
        printer = printer_for(address)
        status = printer.status()
        if status.may_print:
            self._workplace().run_op(retry_failed, till=self._till)
            store = _Store(self)
            while not self._stopping and (state := print_next(store, printer, address)) is not None:
                self.slip_done.emit(store.last_job, state.value)
                if state.value == PrintJobState.FAILED.value:
                    break
            self._print_loose(printer, address)
            status = printer.status()
        self._tell(str(status), ready=status.may_print)

    def _print_loose(self, printer: "Printer", address: "Address") -> None:
        while not self._stopping and not self._loose.empty():
            sent = printer.send(self._loose.get()(address.form))
            if sent.message:
                log.info("a loose slip: %s", sent.message)

    def _tell(self, sentence: str, *, ready: bool) -> None:
        slips = self._workplace().read(unprinted_slips, till=self._till)
        uncertain = sum(slip.state == PrintJobState.UNCERTAIN.value for slip in slips)
        facts = PrinterFacts(sentence, ready, len(slips) - uncertain, uncertain)
        if facts != self._facts:
            self._facts = facts
            self.facts_changed.emit(facts)

    def _address(self) -> "Address":
        from feedesk.ui.receipt_printer import printer_profile

        profile = self._profile
        if profile.transport is not PrinterTransport.VIRTUAL:
            self._close_virtual()
            return printer_profile(profile)
        if self._virtual is None or self._virtual.columns != profile.columns:
            self._close_virtual()
            self._virtual = self._start_virtual(profile)
        return printer_profile(profile, virtual_port=self._virtual.port)

    def _start_virtual(self, profile: PrinterProfile) -> "VirtualPrinter":
        from feedesk.receipts.virtual_printer import VirtualPrinter

        def kept(picture: Path, *_others: object) -> None:
            self.slip_kept.emit(picture)

        printer = VirtualPrinter(port=0, out_dir=slips_folder(), columns=profile.columns, on_slip=kept)
        printer.start()
        return printer

    def _close_virtual(self) -> None:
        if self._virtual is not None:
            self._virtual.stop()
            self._virtual = None


class _Store:
    """The queue as the printing core sees it."""

    def __init__(self, desk: PrintDesk) -> None:
        self._desk = desk
        self.last_job = 0

    def claim_next(self) -> "PrintOrder | None":
        from feedesk.receipts.print_queue import PrintOrder

        slip = self._desk._workplace().run_op(claim_next_slip, till=self._desk._till)
        if slip is None:
            return None
        self.last_job = slip.job
        return PrintOrder(slip.job, slip.document, slip.marks)

    def record(self, job: int, state: str, message: str) -> None:
        self._desk._workplace().run_op(record_slip, job=job, state=PrintJobState(state), message=message)


def slips_folder() -> Path:
    """Where the built-in printer keeps its slips."""
    return data_folder() / "slips"
