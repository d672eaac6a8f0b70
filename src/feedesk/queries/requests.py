"""Requests (申请) and what was decided about them: what waits for somebody's word, and what is still to be carried out.

A waiver is done with its approval. Money goes out of a drawer only where somebody stands at it: what gives money back
is *released* by the approval and *done* by a cashier in an open shift.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, func, or_, select

from feedesk.errors import UserError
from feedesk.models import (
    Account,
    ApprovalDecision,
    ApprovalRequest,
    Entry,
    Receipt,
    Resident,
    Staff,
    Tender,
    Unit,
    table_of,
)
from feedesk.money import Fen
from feedesk.texts import N_

_request, _decision, _entry, _staff, _account, _unit, _resident, _receipt, _tender = (
    table_of(model)
    for model in (ApprovalRequest, ApprovalDecision, Entry, Staff, Account, Unit, Resident, Receipt, Tender)
)


class RequestKind(StrEnum):
    """What is asked for."""

    LATE_FEE = "waive_late_fee"
    PRINCIPAL = "waive_principal"
    PAYMENT = "refund_payment"
    PREPAYMENT = "refund_prepayment"
    DEPOSIT = "refund_deposit"
    REVERSAL = "reversal"


class Outcome(StrEnum):
    """What became of a request: `APPROVED` is done with it, `RELEASED` waits for a cashier, who makes it `DONE`."""

    APPROVED = "approved"
    RELEASED = "released"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


WAIVERS = frozenset({RequestKind.LATE_FEE, RequestKind.PRINCIPAL})
WAITING = "waiting"
"""The state of a request that nobody has decided about."""


STATES = {
    WAITING: N_("waiting for a decision"),
    Outcome.APPROVED: N_("approved and done"),
    Outcome.RELEASED: N_("approved, to be carried out"),
    Outcome.DONE: N_("carried out"),
    Outcome.REFUSED: N_("refused"),
    Outcome.WITHDRAWN: N_("withdrawn"),
    Outcome.OVERTAKEN: N_("overtaken"),
}
"""What has become of a request, in words."""


class UnknownRequest(UserError):
    message = N_("There is no request {request}: look at the list again.")


@dataclass(frozen=True, slots=True)
class Decision:
    """A word on a request."""

    outcome: Outcome
    by_id: int
    by: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """A request with the words on it, in order. ``name`` says what it is about: a charge, a receipt, a deposit.

    ``amount`` in fen; ``tender`` the name of the way in which money would go back, empty for a waiver or reversal.
    """

    id: int
    kind: RequestKind
    account: int | None
    unit: str
    resident: str
    payment: int | None
    receipt: str
    name: str
    amount: Fen
    tender: str
    facts: str
    reason: str
    asked_by_id: int
    asked_by: str
    asked_at: datetime
    decisions: tuple[Decision, ...]

    @property
    def state(self) -> str:
        """`WAITING`, or the last outcome."""
        return self.decisions[-1].outcome.value if self.decisions else WAITING

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide about it, or to carry it out."""
        return self.state in (WAITING, Outcome.RELEASED)

    @property
    def gives_money_back(self) -> bool:
        """Whether it takes money out of a drawer or a channel, and so stands in the way of a close."""
        return self.kind not in WAIVERS

    @property
    def approver(self) -> Decision | None:
        """Who said yes."""
        yes = (one for one in self.decisions if one.outcome in (Outcome.APPROVED, Outcome.RELEASED))
        return next(yes, None)


_REQUESTS = (
    select(
        _request.c.id,
        _request.c.kind,
        _request.c.account_id,
        func.coalesce(_unit.c.code, "").label("unit"),
        func.coalesce(_resident.c.name, "").label("resident"),
        _request.c.payment_id,
        func.coalesce(_receipt.c.code, "").label("receipt"),
        _request.c.name,
        _request.c.amount,
        _request.c.facts,
        _request.c.reason,
        _entry.c.actor_id,
        _staff.c.name.label("asked_by"),
        _entry.c.recorded_at,
    )
    .join(_entry, _entry.c.id == _request.c.entry_id)
    .join(_staff, _staff.c.id == _entry.c.actor_id)
    .outerjoin(_account, _account.c.id == _request.c.account_id)
    .outerjoin(_unit, _unit.c.id == _account.c.unit_id)
    .outerjoin(_resident, _resident.c.id == _account.c.payer_id)
    .outerjoin(_receipt, _receipt.c.payment_id == _request.c.payment_id)
    .order_by(_request.c.id)
)
_CLOSED = exists().where(_decision.c.request_id == _request.c.id, _decision.c.outcome != Outcome.RELEASED.value)
_OPEN = _REQUESTS.where(~_CLOSED)
_decided_on = _entry.alias("decided_on")
_DECIDED_SINCE = exists().where(
    _decision.c.request_id == _request.c.id,
    _decided_on.c.id == _decision.c.entry_id,
    _decided_on.c.business_date >= bindparam("since"),
)
_DECISIONS = (
    select(
        _decision.c.request_id,
        _decision.c.outcome,
        _entry.c.actor_id,
        _staff.c.name,
        _entry.c.recorded_at,
        _decision.c.words,
    )
    .join(_entry, _entry.c.id == _decision.c.entry_id)
    .join(_staff, _staff.c.id == _entry.c.actor_id)
    .where(_decision.c.request_id.in_(bindparam("requests", expanding=True)))
    .order_by(_decision.c.id)
)
_TENDERS = select(_tender.c.code, _tender.c.name)


def waiting_requests(connection: Connection) -> tuple[DecisionRequest, ...]:
    """The requests that nobody has decided about and those released and not yet carried out, the oldest first."""
    return _read(connection, _OPEN, {})


def recent_requests(connection: Connection, *, since: date) -> tuple[DecisionRequest, ...]:
    """Those of `waiting_requests`, and whatever was decided on or after a business day; the newest first."""
    found = _read(connection, _REQUESTS.where(or_(~_CLOSED, _DECIDED_SINCE)), {"since": since})
    return tuple(reversed(found))


def request_by_id(connection: Connection, request: int) -> DecisionRequest:
    """The request of that number. Raises `UnknownRequest`."""
    found = _read(connection, _REQUESTS.where(_request.c.id == bindparam("request")), {"request": request})
    if not found:
        raise UnknownRequest(request=request)
    return found[0]


def _read(connection: Connection, statement: Select[Any], facts: dict[str, object]) -> tuple[DecisionRequest, ...]:
    rows = connection.execute(statement, facts).all()
    if not rows:
        return ()
    decisions: dict[int, list[Decision]] = {}
    for one in connection.execute(_DECISIONS, {"requests": [row.id for row in rows]}):
        said = Decision(Outcome(one.outcome), one.actor_id, one.name, one.recorded_at, one.words)
        decisions.setdefault(one.request_id, []).append(said)
    tenders = {row.code: row.name for row in connection.execute(_TENDERS)}
    return tuple(_request_of(row, decisions.get(row.id, ()), tenders) for row in rows)


def _request_of(row: Any, decisions: Sequence[Decision], tenders: dict[str, str]) -> DecisionRequest:
    code = json.loads(row.facts).get("tender", "")
    return DecisionRequest(
        id=row.id,
        kind=RequestKind(row.kind),
        account=row.account_id,
        unit=row.unit,
        resident=row.resident,
        payment=row.payment_id,
        receipt=row.receipt,
        name=row.name,
        amount=Fen(row.amount),
        tender=tenders.get(code, code),
        facts=row.facts,
        reason=row.reason,
        asked_by_id=row.actor_id,
        asked_by=row.asked_by,
        asked_at=row.recorded_at,
        decisions=tuple(decisions),
    )
