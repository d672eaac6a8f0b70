"""Asking for what one may not do alone (申请), and deciding about it: nobody decides about his own request.

An approval does the waiver at once, in the name of whoever asked. What gives money back is only *released* by it: the
cash lies in a drawer, so a cashier carries it out in an open shift, with the approver on the paper. Whatever the ledger
says meanwhile is looked at anew each time; what no longer fits is told, and nothing is done.
"""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.models import ApprovalDecision, ApprovalRequest, Payment, Receipt, Staff, table_of
from feedesk.money import Fen
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, Role, requires
from feedesk.ops.run import Act, Actor
from feedesk.ops.single_charges import begin_office_entry
from feedesk.ops.waiving import waive
from feedesk.ops.wishes import Wish, check_wish, give_back_as_asked, wish_of
from feedesk.queries.requests import (
    STATES,
    WAITING,
    WAIVERS,
    DecisionRequest,
    Outcome,
    RequestKind,
    request_by_id,
    waiting_requests,
)
from feedesk.texts import N_, _

_request, _decision, _staff, _payment, _receipt = (
    table_of(model) for model in (ApprovalRequest, ApprovalDecision, Staff, Payment, Receipt)
)


class RequestReasonMissing(UserError):
    message = N_("Say why it is asked for: whoever decides reads it.")


class AskedAlready(UserError):
    message = N_("{name} asked for this already (request {request}): wait for the decision, or withdraw it first.")


class RequestKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act: nothing was done.")


class OwnRequest(UserError):
    message = N_("{name} asked for this: somebody else must decide about it.")


class NotTheAsker(UserError):
    message = N_("{name} asked for this: only {name} can withdraw it.")


class DecidedAlready(UserError):
    message = N_("Request {request} is {state} ({name}, {at}): nothing more was done.")


class NotReleased(UserError):
    message = N_("Request {request} waits for a decision: it can be carried out once it is approved.")


class DoneWithApproval(UserError):
    message = N_("Request {request} is a waiver: it is done with its approval, there is nothing to carry out.")


class RefusalReasonMissing(UserError):
    message = N_("Say why it is refused: whoever asked reads it.")


class ApprovedByYou(UserError):
    message = N_("{name} approved this: another person must give the money back.")


@dataclass(frozen=True, slots=True)
class RequestMade:
    """A request: its number and what it is about, in words."""

    request: int
    name: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class RequestDecided:
    """A word on a request. ``receipt`` is the paper of what was done by it, if there is one; ``amount`` in fen."""

    request: int
    outcome: Outcome
    name: str
    amount: Fen
    receipt: str = ""
    replayed: bool = False


@requires(Permission.ASK_FOR_DECISIONS)
def request_decision(act: Act, *, wish: Wish, reason: str, key: str | None = None) -> RequestMade:
    """Asks for what the actor may not do alone; it must fit the ledger now.

    Raises `RequestReasonMissing`, `AskedAlready`, `RequestKeyUsed`, and what `feedesk.ops.wishes.check_wish` raises.
    """
    before = _asked_before(act, wish, key)
    if before is not None:
        return before
    why = reason.strip()
    if not why:
        raise RequestReasonMissing
    about = check_wish(act, wish, why)
    same = (wish.kind, about.account, about.payment, about.name)
    for one in waiting_requests(act.connection):
        if (one.kind, one.account, one.payment, one.name) == same:
            raise AskedAlready(name=one.asked_by, request=one.id)
    draft = begin_office_entry(replace(act, approver=None), "request", why)
    made = draft.add(
        _request,
        {
            "request_key": key or uuid.uuid4().hex,
            "kind": wish.kind.value,
            "account_id": about.account,
            "payment_id": about.payment,
            "name": about.name,
            "amount": wish.amount,
            "facts": wish.to_json(),
            "reason": why,
        },
    )
    draft.seal([])
    return RequestMade(made, about.name)


@requires(Permission.DECIDE_REQUESTS)
def approve_request(act: Act, *, request: int, words: str = "", key: str | None = None) -> RequestDecided:
    """Approves: a waiver is done at once, what gives money back is released to be carried out at a till.

    Raises `UnknownRequest`, `DecidedAlready`, `OwnRequest`, `NotPermitted`, `ApprovalQuotaUsedUp`, and whatever no
    longer fits; nothing is changed then.
    """
    before = _decided_before(act.connection, request, key)
    if before is not None:
        return before
    found = _to_be_decided(act, request, waiting_only=True)
    wish = wish_of(found)
    if found.kind not in WAIVERS:
        _check_right(act, Permission.REVERSE)
        check_wish(act, wish, found.reason)
        return _decide(act, found, Outcome.RELEASED, words, key)
    _check_right(act, Permission.WAIVE)
    what: dict[str, Any] = {"principal" if found.kind is RequestKind.PRINCIPAL else "late_fee": wish.amount}
    asker = _member(act.connection, found.asked_by_id)
    acting = replace(act, actor=asker, approver=act.actor)
    done = waive(acting, charges=wish.charges, reason=found.reason, **what)
    return _decide(act, found, Outcome.APPROVED, words, key, done_by=done.entry)


@requires(Permission.DECIDE_REQUESTS)
def refuse_request(act: Act, *, request: int, words: str = "", key: str | None = None) -> RequestDecided:
    """Refuses with words for whoever asked; what no longer fits the ledger is laid aside as overtaken, without words.

    What is released and not yet carried out can be refused too. Raises `UnknownRequest`, `DecidedAlready`,
    `OwnRequest`, `RefusalReasonMissing`.
    """
    before = _decided_before(act.connection, request, key)
    if before is not None:
        return before
    found = _to_be_decided(act, request)
    overtaken = misfit(act, found)
    if overtaken is not None:
        return _decide(act, found, Outcome.OVERTAKEN, words.strip() or str(overtaken), key)
    if not words.strip():
        raise RefusalReasonMissing
    return _decide(act, found, Outcome.REFUSED, words, key)


@requires(Permission.ASK_FOR_DECISIONS)
def withdraw_request(act: Act, *, request: int, words: str = "", key: str | None = None) -> RequestDecided:
    """Whoever asked takes the request back, before it is carried out.

    Raises `UnknownRequest`, `DecidedAlready`, `NotTheAsker`.
    """
    before = _decided_before(act.connection, request, key)
    if before is not None:
        return before
    found = _still_open(act.connection, request)
    if found.asked_by_id != act.actor.id:
        raise NotTheAsker(name=found.asked_by)
    return _decide(act, found, Outcome.WITHDRAWN, words, key)


@requires(Permission.REFUND)
def carry_out_request(
    act: Act, *, request: int, key: str | None = None, till: int = 1, print_slip: bool = False
) -> RequestDecided:
    """Gives the money back that was released, in the actor's open shift; the paper names whoever approved.

    Raises `UnknownRequest`, `NotReleased`, `DecidedAlready`, `DoneWithApproval`, `ApprovedByYou`, and whatever the
    refund or the reversal itself raises.
    """
    before = _decided_before(act.connection, request, key)
    if before is not None:
        return before
    found = _still_open(act.connection, request)
    if found.kind in WAIVERS:
        raise DoneWithApproval(request=request)
    approved = found.approver
    if approved is None:
        raise NotReleased(request=request)
    if approved.by_id == act.actor.id:
        raise ApprovedByYou(name=act.actor.name)
    acting = replace(act, approver=_member(act.connection, approved.by_id))
    used = key or uuid.uuid4().hex
    facts: dict[str, Any] = {"reason": found.reason, "key": used, "till": till, "print_slip": print_slip}
    gone = give_back_as_asked(acting, wish_of(found), **facts)
    done = _decide(act, found, Outcome.DONE, "", used, done_by=gone.entry)
    return replace(done, amount=gone.total, receipt=gone.receipt)


def misfit(act: Act, request: DecisionRequest) -> UserError | None:
    """Why a request no longer fits the ledger; None while it does."""
    try:
        check_wish(act, wish_of(request), request.reason)
    except UserError as error:
        return error
    return None


@requires(Permission.SIGN_IN)
def look_at_request(act: Act, *, request: int) -> tuple[DecisionRequest, str]:
    """A request as it stands, and why it no longer fits the ledger, empty while it does. Changes nothing."""
    found = request_by_id(act.connection, request)
    overtaken = misfit(act, found) if found.is_open else None
    return found, "" if overtaken is None else str(overtaken)


def _still_open(connection: Connection, request: int) -> DecisionRequest:
    found = request_by_id(connection, request)
    if not found.is_open:
        raise _decided(found)
    return found


def _to_be_decided(act: Act, request: int, *, waiting_only: bool = False) -> DecisionRequest:
    found = _still_open(act.connection, request)
    if waiting_only and found.state != WAITING:
        raise _decided(found)
    if found.asked_by_id == act.actor.id:
        raise OwnRequest(name=act.actor.name)
    return found


def _decided(request: DecisionRequest) -> DecidedAlready:
    last = request.decisions[-1]
    at, state = f"{last.at:%Y-%m-%d %H:%M}", _(STATES[last.outcome])
    return DecidedAlready(request=request.id, state=state, name=last.by, at=at)


def _check_right(act: Act, permission: Permission) -> None:
    if not act.actor.may(permission):
        raise NotPermitted(name=act.actor.name, permission=_(PERMISSION_NAMES[permission]))


_MEMBER = select(_staff.c.id, _staff.c.name, _staff.c.role).where(_staff.c.id == bindparam("member"))


def _member(connection: Connection, member: int) -> Actor:
    """Whoever asked or approved, though perhaps no longer on the staff: it was his word then."""
    row = connection.execute(_MEMBER, {"member": member}).one()
    return Actor(row.id, row.name, Role(row.role))


def _decide(
    act: Act, request: DecisionRequest, outcome: Outcome, words: str, key: str | None, *, done_by: int | None = None
) -> RequestDecided:
    draft = begin_office_entry(replace(act, approver=None), "request_decision", words.strip())
    draft.add(
        _decision,
        {
            "request_key": key or uuid.uuid4().hex,
            "request_id": request.id,
            "outcome": outcome.value,
            "act_entry_id": done_by,
            "words": words.strip(),
        },
    )
    draft.seal([])
    return RequestDecided(request.id, outcome, request.name, request.amount)


_ASKED = select(_request).where(_request.c.request_key == bindparam("key"))
_GONE = (
    select(_payment.c.total, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.entry_id == bindparam("entry"))
)
_SAID = select(_decision).where(_decision.c.request_key == bindparam("key"))


def _asked_before(act: Act, wish: Wish, key: str | None) -> RequestMade | None:
    row = None if key is None else act.connection.execute(_ASKED, {"key": key}).one_or_none()
    if row is None:
        return None
    if (row.kind, row.amount, row.facts) != (wish.kind.value, wish.amount, wish.to_json()):
        raise RequestKeyUsed(key=key)
    return RequestMade(row.id, row.name, replayed=True)


def _decided_before(connection: Connection, request: int, key: str | None) -> RequestDecided | None:
    row = None if key is None else connection.execute(_SAID, {"key": key}).one_or_none()
    if row is None:
        return None
    if row.request_id != request:
        raise RequestKeyUsed(key=key)
    found = request_by_id(connection, request)
    gone = connection.execute(_GONE, {"entry": row.act_entry_id}).one_or_none()
    amount, receipt = (Fen(-gone.total), gone.code) if gone is not None else (found.amount, "")
    return RequestDecided(request, Outcome(row.outcome), found.name, amount, receipt, replayed=True)
