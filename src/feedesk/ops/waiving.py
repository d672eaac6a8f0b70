"""Giving up what is owed (减免): late fee or principal of open charges, by a decision with a reason and an approver.

Principal given up is an expense of the company (6711.减免); a late fee never was receivable, so nothing is posted. Both
leave an entry that says who decided and why. So much of late fees a day each operator may give up alone: the quota,
counted from the entries without an approver.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert

from feedesk.errors import UsageError, UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import PostingLine
from feedesk.models import Setting, Waiver, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.charge_moves import ChargeMove, move_charges
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.ops.single_charges import begin_office_entry, charges_at_hand, required_approver, required_reason
from feedesk.queries.statement import StatementCharge, open_charges
from feedesk.queries.waiver_quota import (
    APPROVAL_QUOTA,
    LATE_FEE_QUOTA,
    approval_quota,
    approvals_left,
    late_fee_quota,
    quota_left,
)
from feedesk.texts import N_, _

_waiver, _setting = table_of(Waiver), table_of(Setting)

LATE_FEE, PRINCIPAL = "late_fee", "principal"


class WaiveWhat(UsageError):
    message = N_("Say what is waived: an amount of the late fee, or an amount of the principal, not both.")


class WaiverNotPositive(UserError):
    message = N_("{amount} is no amount to waive: it must be more than zero.")


class WaiverTooLarge(UserError):
    message = N_("Only {left} is owed there, so {amount} cannot be waived. Nothing was changed.")


class QuotaUsedUp(UserError):
    message = N_(
        "Of your quota of {quota} of late fees a day {left} is left: {amount} needs somebody else's approval. "
        "Nothing was changed."
    )


class ApprovalQuotaUsedUp(UserError):
    message = N_(
        "Of {name}'s quota of {quota} a day for approving waivers {left} is left: {amount} needs the manager's "
        "approval. Nothing was changed."
    )


class ChargeNotOwed(UserError):
    message = N_("{name} of {unit} is not open: it is paid, cancelled or replaced. Look at the statement again.")


@dataclass(frozen=True, slots=True)
class ChargesWaived:
    """What was given up. ``waiver`` is the first charge's; ``waived`` are (charge, fen) as taken, oldest first.

    ``status``: settled once nothing is left of any of the charges, else open.
    """

    waiver: int
    entry: int
    amount: Fen
    waived: tuple[tuple[int, Fen], ...]
    status: str


@requires(Permission.WAIVE_AT_THE_DESK)
def waive(
    act: Act,
    *,
    charges: Sequence[int],
    reason: str,
    late_fee: Fen | None = None,
    principal: Fen | None = None,
) -> ChargesWaived:
    """Gives up an amount of the late fee, or of the principal, of charges: of several the oldest first.

    Never more than is owed on the business date; approved by somebody else, but for a late fee within the actor's
    quota of the day; a supervisor approves within a quota of the day too. Raises `QuotaUsedUp`, `ApprovalQuotaUsedUp`,
    `WaiveWhat`, `WaiverNotPositive`, `WaiverTooLarge`, `ChargeNotOwed`, `UnknownCharge`, `ChangeReasonMissing`,
    `ChangeApproverMissing`, `NotPermitted`.
    """
    if (late_fee is None) == (principal is None) or not charges:
        raise WaiveWhat
    why = required_reason(reason, _("A waiver"))
    kind, amount = (LATE_FEE, late_fee) if late_fee is not None else (PRINCIPAL, principal or ZERO)
    if amount <= 0:
        raise WaiverNotPositive(amount=format_amount(amount))
    if kind == PRINCIPAL or not _within_quota(act, amount):
        _check_approver(act, amount)
    found = _open(act, charges)
    moves = _moves(found, kind, amount)
    draft = begin_office_entry(act, "waiver", why)
    waivers = []
    for move in moves:
        row = {"charge_id": move.charge.id, "kind": kind, "amount": move.waived or move.late_fee_waived}
        waivers.append(draft.add(_waiver, row))
    move_charges(draft, moves)
    sealed = draft.seal(_postings(moves))
    settled = all(move.status == "settled" for move in moves)
    return ChargesWaived(
        waiver=waivers[0],
        entry=sealed.id,
        amount=amount,
        waived=tuple((move.charge.id, Fen(move.waived + move.late_fee_waived)) for move in moves),
        status="settled" if settled and len(moves) == len(found) else "open",
    )


def _within_quota(act: Act, amount: Fen) -> bool:
    """Whether the actor may waive so much of a late fee alone; with an approver the quota is left as it is."""
    quota = late_fee_quota(act.connection)
    if act.approver is not None or not quota:
        return False
    left = quota_left(act.connection, actor=act.actor.id, day=act.business_date)
    if amount > left:
        raise QuotaUsedUp(quota=format_amount(quota), left=format_amount(left), amount=format_amount(amount))
    return True


@requires(Permission.CHANGE_SETTINGS)
def change_late_fee_quota(act: Act, *, quota: Fen, approvals: Fen | None = None) -> Fen:
    """Sets what each operator may waive of late fees a day without an approver; zero: nothing.

    With ``approvals`` also what each may approve of waivers a day who has no right to go beyond it.
    """
    _keep(act, LATE_FEE_QUOTA, quota)
    if approvals is not None:
        _keep(act, APPROVAL_QUOTA, approvals)
    return quota


def _keep(act: Act, key: str, quota: Fen) -> None:
    if quota < 0:
        raise WaiverNotPositive(amount=format_amount(quota))
    act.connection.execute(delete(_setting).where(_setting.c.key == key))
    act.connection.execute(insert(_setting), {"key": key, "value": json.dumps(int(quota))})
    record_audit(act, action="change_late_fee_quota", subject=f"setting:{key}", detail=format_amount(quota))


def _check_approver(act: Act, amount: Fen) -> None:
    required_approver(act, _("A waiver"))
    approver = act.approver
    if approver is None:
        return
    if not approver.may(Permission.WAIVE):
        raise NotPermitted(name=approver.name, permission=_(PERMISSION_NAMES[Permission.WAIVE]))
    left = approvals_left(act.connection, approver=approver.id, day=act.business_date)
    if amount > left and not approver.may(Permission.WAIVE_BEYOND_QUOTA):
        quota = approval_quota(act.connection)
        words: dict[str, Any] = {"quota": format_amount(quota), "left": format_amount(left)}
        raise ApprovalQuotaUsedUp(name=approver.name, amount=format_amount(amount), **words)


def check_waiver(act: Act, *, charges: Sequence[int], amount: Fen, principal: bool) -> tuple[StatementCharge, ...]:
    """Whether so much of these charges could be waived now, whoever approves; the charges, oldest first.

    Raises `WaiverNotPositive`, `WaiverTooLarge`, `ChargeNotOwed`, `UnknownCharge`.
    """
    if amount <= 0:
        raise WaiverNotPositive(amount=format_amount(amount))
    found = _open(act, charges)
    _moves(found, PRINCIPAL if principal else LATE_FEE, amount)
    return tuple(found)


def _open(act: Act, charges: Sequence[int]) -> list[StatementCharge]:
    facts = charges_at_hand(act.connection, list(dict.fromkeys(charges)))
    accounts = sorted({one.account for one in facts})
    still_open = open_charges(act.connection, accounts=accounts, on=act.business_date, locked=True)
    found = [charge for charge in still_open if charge.id in charges]
    for one in facts:
        if one.id not in {charge.id for charge in found}:
            raise ChargeNotOwed(name=one.name, unit=one.unit)
    return found


def _moves(charges: Sequence[StatementCharge], kind: str, amount: Fen) -> list[ChargeMove]:
    owed = {charge.id: charge.late_fee_due if kind == LATE_FEE else charge.principal for charge in charges}
    if amount > sum(owed.values()):
        raise WaiverTooLarge(left=format_amount(Fen(sum(owed.values()))), amount=format_amount(amount))
    moves: list[ChargeMove] = []
    left = int(amount)
    for charge in charges:
        given_up = Fen(min(left, owed[charge.id]))
        if given_up:
            part: dict[str, Any] = {"late_fee_waived" if kind == LATE_FEE else "waived": given_up}
            moves.append(ChargeMove(charge, **part))
            left -= given_up
    return moves


def _postings(moves: Sequence[ChargeMove]) -> list[PostingLine]:
    lines = []
    for move in moves:
        lines.append(PostingLine(chart.WAIVED, move.waived, move.charge.account))
        lines.append(PostingLine(chart.receivable(move.charge.item), Fen(-move.waived), move.charge.account))
    return lines
