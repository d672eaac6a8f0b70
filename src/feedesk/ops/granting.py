"""Granting concession policies to single accounts (优惠核准), and withdrawing what was granted.

A grant needs evidence and somebody else's approval; it goes with the policy's name, so new terms of a policy hold for
whoever it was granted to. What posted charges used of it stays. Everything is noted in the audit trail.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import ConcessionGrant, ConcessionPolicy, table_of
from feedesk.ops.conceding import EndsTooEarly, note_concession, policy_row, shown_value
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.accounts import AccountRef, account_by_id
from feedesk.queries.concession_use import last_use_by_account
from feedesk.rules.concession_terms import Condition
from feedesk.rules.tariffs import ONE_DAY
from feedesk.texts import N_, _

_policy, _grant = table_of(ConcessionPolicy), table_of(ConcessionGrant)


class GrantedOnPayment(UserError):
    message = N_("“{name}” depends on how somebody pays ({condition}), so it cannot be granted beforehand.")


class ApprovalMissing(UserError):
    message = N_("Granting “{name}” to {unit} needs somebody else's approval: name the approver.")


class EvidenceMissing(UserError):
    message = N_("Say what shows that {unit} may have “{name}”: a certificate and its number, an application.")


class NotHoldersThen(UserError):
    message = N_(
        "{resident} holds {unit} from {first} to {last}, not from {from_date} to {to_date}: choose the account that "
        "pays then, or other days."
    )


class PolicyNotInForceThen(UserError):
    message = N_("“{name}” is not in force on any day from {from_date} to {to_date}: choose other days.")


class AlreadyGranted(UserError):
    message = N_("{unit} has “{name}” already from {first} to {last}: begin afterwards, or end that grant first.")


class UnknownGrant(UserError):
    message = N_("This grant is not in the ledger any more: look at the list again.")


class GrantUsedLater(UserError):
    message = N_(
        "Charges of {period} of {unit} were lowered by “{name}”: the grant can end on {day} at the earliest. "
        "Nothing was changed."
    )


class WithdrawalReasonMissing(UserError):
    message = N_("Say why “{name}” is withdrawn from {unit}: a reason is required.")


@dataclass(frozen=True, slots=True)
class ConcessionGranted:
    """A grant as it is stored; ``from_date`` to ``to_date`` both included, None: until it is withdrawn."""

    grant: int
    account: int
    policy: int
    from_date: date
    to_date: date | None


@dataclass(frozen=True, slots=True)
class GrantWithdrawn:
    """``last_day`` is the last on which the grant counts; None where it never began to count."""

    grant: int
    last_day: date | None


@requires(Permission.GRANT_CONCESSIONS)
def grant_concession(
    act: Act,
    *,
    policy: int,
    account: int,
    from_date: date,
    to_date: date | None,
    evidence: str,
    note: str = "",
) -> ConcessionGranted:
    """Grants a policy to an account from a day to a day (both included, None: until withdrawn).

    It counts for charges of periods that begin on these days. Needs evidence, and an approver other than the actor who
    may grant concessions too. Raises `UnknownPolicy`, `GrantedOnPayment`, `EndsTooEarly`, `NotHoldersThen`,
    `PolicyNotInForceThen`, `AlreadyGranted`, `EvidenceMissing`, `ApprovalMissing` or `NotPermitted`.
    """
    terms, holder = policy_row(act, policy), account_by_id(act.connection, account)
    name = terms["name"]
    if Condition.parse(terms["condition"]).is_met_on_payment:
        raise GrantedOnPayment(name=name, condition=terms["condition"])
    if to_date is not None and to_date < from_date:
        raise EndsTooEarly(last=to_date, first=from_date)
    _refuse_other_days(act, terms, holder, from_date, to_date)
    if not evidence.strip():
        raise EvidenceMissing(name=name, unit=holder.unit)
    values = {
        "policy_id": policy,
        "account_id": account,
        "from_date": from_date,
        "to_date": to_date,
        "evidence": evidence.strip(),
        "note": note.strip(),
        "granted_by": act.actor.id,
        "approved_by": _approver(act, name, holder.unit),
        "granted_at": act.now,
    }
    grant = inserted_key(act.connection.execute(insert(_grant), values))
    facts = {"policy": name, "unit": holder.unit, "account": holder.number, "evidence": evidence.strip()}
    dates = {"from": str(from_date), "to": shown_value(to_date), "approver": act.approver.name if act.approver else ""}
    note_concession(act, "grant_concession", f"concession_grant:{grant}", {**facts, **dates})
    return ConcessionGranted(grant, account, policy, from_date, to_date)


def _approver(act: Act, name: str, unit: str) -> int:
    approver = act.approver
    if approver is None or approver.id == act.actor.id:
        raise ApprovalMissing(name=name, unit=unit)
    if not approver.may(Permission.GRANT_CONCESSIONS):
        raise NotPermitted(name=approver.name, permission=_(PERMISSION_NAMES[Permission.GRANT_CONCESSIONS]))
    return approver.id


def _refuse_other_days(
    act: Act, terms: dict[str, Any], holder: AccountRef, from_date: date, to_date: date | None
) -> None:
    """The policy must be in force, and the account hold its unit, on some of the days; none of them granted yet."""
    last = to_date or date.max
    days: dict[str, Any] = {"from_date": from_date, "to_date": _or_open(to_date)}
    if not _meet(from_date, last, holder.from_date, holder.to_date):
        span: dict[str, Any] = {"first": _or_open(holder.from_date), "last": _or_open(holder.to_date)}
        raise NotHoldersThen(resident=holder.resident, unit=holder.unit, **span, **days)
    versions = act.connection.execute(
        select(_policy.c.valid_from, _policy.c.valid_to).where(_policy.c.name == terms["name"])
    ).all()
    if not any(_meet(from_date, last, *version) for version in versions):
        raise PolicyNotInForceThen(name=terms["name"], **days)
    granted = act.connection.execute(
        select(_grant.c.from_date, _grant.c.to_date)
        .join(_policy, _policy.c.id == _grant.c.policy_id)
        .where(_policy.c.name == terms["name"], _grant.c.account_id == holder.id)
    ).all()
    for first, until in granted:
        if _meet(from_date, last, first, until):
            raise AlreadyGranted(name=terms["name"], unit=holder.unit, first=first, last=_or_open(until))


def _meet(first: date, last: date, begin: date | None, end: date | None) -> bool:
    return (begin is None or begin <= last) and (end is None or end >= first)


def _or_open(day: date | None) -> date | str:
    return _("no limit") if day is None else day


@requires(Permission.GRANT_CONCESSIONS)
def withdraw_grant(act: Act, *, grant: int, last_day: date, reason: str) -> GrantWithdrawn:
    """Lets a grant end on a day, the last on which it counts; before its first day it is taken back as a whole.

    Raises `UnknownGrant`, `WithdrawalReasonMissing`, or `GrantUsedLater` where charges of a period begun later used it.
    """
    row = act.connection.execute(
        select(_grant, _policy.c.name).join(_policy, _policy.c.id == _grant.c.policy_id).where(_grant.c.id == grant)
    ).one_or_none()
    if row is None:
        raise UnknownGrant
    holder = account_by_id(act.connection, row.account_id)
    if not reason.strip():
        raise WithdrawalReasonMissing(name=row.name, unit=holder.unit)
    since = max(last_day + ONE_DAY, row.from_date)
    period = last_use_by_account(act.connection, account=row.account_id, name=row.name, since=since)
    if period is not None and (row.to_date is None or period.first_day <= row.to_date):
        raise GrantUsedLater(name=row.name, unit=holder.unit, period=period, day=period.first_day)
    kept = last_day >= row.from_date
    if kept:
        act.connection.execute(update(_grant).where(_grant.c.id == grant), {"to_date": last_day})
    else:
        act.connection.execute(delete(_grant).where(_grant.c.id == grant))
    facts = {"policy": row.name, "unit": holder.unit, "from": str(row.from_date), "evidence": row.evidence}
    dates = {"to": [shown_value(row.to_date), str(last_day)], "reason": reason.strip()}
    note_concession(act, "withdraw_concession", f"concession_grant:{grant}", {**facts, **dates})
    return GrantWithdrawn(grant, last_day if kept else None)
