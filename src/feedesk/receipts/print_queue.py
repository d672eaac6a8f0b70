"""What becomes of a slip in the queue: waiting → sending → printed, failed or uncertain.

A slip is sent once. Before it the printer is asked how it is, and with a reason against it nothing is sent: failed,
to be tried again. After it the printer is asked once more; a broken connection, silence or an error then leaves
open whether paper came out: uncertain, and the cashier says (reprint, or "it is here"). Where jobs are kept is not
known here, only that claiming one marks it as being sent, for good, before the first byte goes out.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from feedesk.errors import FeedeskError
from feedesk.receipts.escpos import escpos
from feedesk.receipts.printer_status import Condition
from feedesk.receipts.printers import Printer, PrinterProfile, Sent
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument
from feedesk.texts import _


class PrintState(StrEnum):
    """The states of a print job, as stored."""

    WAITING = "waiting"
    SENDING = "sending"
    PRINTED = "printed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """One copy to print."""

    job: int
    document: ReceiptDocument
    marks: PaperMarks


class PrintStore(Protocol):
    """Where the jobs are kept."""

    def claim_next(self) -> PrintOrder | None:
        """The next waiting job, marked as being sent and committed; None when none waits."""
        ...

    def record(self, job: int, state: str, message: str) -> None:
        """Notes how a job ended."""
        ...


def print_next(store: PrintStore, printer: Printer, profile: PrinterProfile) -> PrintState | None:
    """Prints the next waiting slip and records what became of it; None when there was none."""
    order = store.claim_next()
    if order is None:
        return None
    state, message = _print(order, printer, profile)
    store.record(order.job, state, message)
    return state


def _print(order: PrintOrder, printer: Printer, profile: PrinterProfile) -> tuple[PrintState, str]:
    try:
        data = escpos(order.document, order.marks, profile.form)
    except FeedeskError as error:
        return PrintState.FAILED, str(error)
    before = printer.status()
    if not before.may_print:
        return PrintState.FAILED, str(before)
    result = printer.send(data)
    match result.sent:
        case Sent.NOTHING:
            return PrintState.FAILED, result.message
        case Sent.PART:
            return PrintState.UNCERTAIN, result.message
        case Sent.ALL:
            after = printer.status()
    if not after.may_print:
        return PrintState.UNCERTAIN, _("The slip was sent, but then: {status}").format(status=after)
    return PrintState.PRINTED, str(after) if after.paper_low and after.condition is Condition.READY else ""
