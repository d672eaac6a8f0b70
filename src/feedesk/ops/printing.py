"""The print queue's side of the ledger: slips waiting, sending, printed, failed, uncertain.

A payment stands whatever the printer does. No command proves that paper came out, so a slip whose fate is unknown
(the connection broke, the program died while sending) is *uncertain* until the cashier says what she sees.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import PrintJob, Receipt, ReceiptBook, table_of
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.receipts import find_receipt, receipt_by_id
from feedesk.rules.receipt_document import PaperMarks, ReceiptDocument
from feedesk.texts import N_

_job, _receipt, _book = (table_of(model) for model in (PrintJob, Receipt, ReceiptBook))


class PrintJobState(StrEnum):
    """How far a slip is on its way to paper."""

    WAITING = "waiting"
    SENDING = "sending"
    PRINTED = "printed"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class SlipNotOpen(UserError):
    message = N_("This slip is {state} already: there is nothing to decide about it.")


@dataclass(frozen=True, slots=True)
class QueuedSlip:
    """A slip put into the print queue."""

    job: int
    receipt: str
    reprint: int


@dataclass(frozen=True, slots=True)
class ClaimedSlip:
    """A slip that this program, and no other, sends to the printer now."""

    job: int
    document: ReceiptDocument
    marks: PaperMarks


_insert = insert(_job)
_next = (
    select(_job.c.id, _job.c.receipt_id, _job.c.reprint)
    .where(_job.c.state == PrintJobState.WAITING.value, _job.c.till_id == bindparam("till"))
    .order_by(_job.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_move = (
    update(_job)
    .where(_job.c.id == bindparam("job"))
    .values(state=bindparam("new_state"), message=bindparam("new_message"), changed_at=bindparam("at"))
)
_strand = (
    update(_job)
    .where(_job.c.state == PrintJobState.SENDING.value, _job.c.till_id == bindparam("of_till"))
    .values(state=PrintJobState.UNCERTAIN.value, changed_at=bindparam("at"))
)
_reprints = select(func.coalesce(func.max(_job.c.reprint), -1)).where(_job.c.receipt_id == bindparam("receipt"))

_till_of = (
    select(_book.c.till_id)
    .join(_receipt, _receipt.c.book_id == _book.c.id)
    .where(_receipt.c.id == bindparam("receipt"))
)


def queue_slip(act: Act, *, receipt: int, till: int, reprint: int = 0) -> int:
    """Puts a receipt into the print queue; part of the act that issued it. Returns the job."""
    row = {
        "receipt_id": receipt,
        "till_id": till,
        "reprint": reprint,
        "state": PrintJobState.WAITING.value,
        "message": "",
        "requested_by": act.actor.id,
        "requested_at": act.now,
        "changed_at": act.now,
    }
    return inserted_key(act.connection.execute(_insert, row))


@requires(Permission.PRINT)
def queue_reprint(act: Act, *, receipt: str, till: int | None = None) -> QueuedSlip:
    """Queues another copy of a receipt, marked 补打 第 n 次 unless none was ever asked for."""
    stored = find_receipt(act.connection, receipt)
    number = act.connection.execute(_reprints, {"receipt": stored.id}).scalar_one() + 1
    till_id = till or act.connection.execute(_till_of, {"receipt": stored.id}).scalar_one()
    job = queue_slip(act, receipt=stored.id, till=till_id, reprint=number)
    return QueuedSlip(job, stored.number, number)


@requires(Permission.PRINT)
def claim_next_slip(act: Act, *, till: int) -> ClaimedSlip | None:
    """Takes the oldest waiting slip of a till and marks it sending; None when there is none."""
    row = act.connection.execute(_next, {"till": till}).one_or_none()
    if row is None:
        return None
    _record(act.connection, row.id, PrintJobState.SENDING, "", act.now)
    stored = receipt_by_id(act.connection, row.receipt_id)
    return ClaimedSlip(row.id, stored.document, stored.marks(row.reprint))


@requires(Permission.PRINT)
def record_slip(act: Act, *, job: int, state: PrintJobState, message: str = "") -> None:
    """Notes what became of a slip that was being sent."""
    _record(act.connection, job, state, message, act.now)


@requires(Permission.PRINT)
def mark_stranded(act: Act, *, till: int) -> int:
    """After a crash: slips still "sending" become uncertain. Returns how many."""
    return act.connection.execute(_strand, {"of_till": till, "at": act.now}).rowcount


@requires(Permission.PRINT)
def settle_slip(act: Act, *, job: int, on_paper: bool) -> None:
    """The cashier's word on a failed or uncertain slip: it is here, or it shall be printed again (marked 补打)."""
    row = act.connection.execute(select(_job.c.state, _job.c.receipt_id).where(_job.c.id == job)).one()
    if row.state not in (PrintJobState.FAILED.value, PrintJobState.UNCERTAIN.value):
        raise SlipNotOpen(state=row.state)
    if on_paper:
        _record(act.connection, job, PrintJobState.PRINTED, "", act.now)
        return
    if row.state == PrintJobState.UNCERTAIN.value:
        # Nobody knows whether the first came out: the next one must say that it is a copy.
        act.connection.execute(
            update(_job)
            .where(_job.c.id == job)
            .values(reprint=act.connection.execute(_reprints, {"receipt": row.receipt_id}).scalar_one() + 1)
        )
    _record(act.connection, job, PrintJobState.WAITING, "", act.now)


def _record(connection: Connection, job: int, state: PrintJobState, message: str, at: datetime) -> None:
    connection.execute(_move, {"job": job, "new_state": state.value, "new_message": message, "at": at})


_RETRY = (
    update(_job)
    .where(_job.c.state == PrintJobState.FAILED.value, _job.c.till_id == bindparam("of_till"))
    .values(state=PrintJobState.WAITING.value, message="", changed_at=bindparam("at"))
)


@requires(Permission.PRINT)
def retry_failed(act: Act, *, till: int) -> int:
    """Puts failed slips, of which nothing was sent, back into the queue. Returns how many."""
    return act.connection.execute(_RETRY, {"of_till": till, "at": act.now}).rowcount
