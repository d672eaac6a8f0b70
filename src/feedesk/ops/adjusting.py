"""Adjusting what was billed: a charge added afterwards (补收), an open one lowered (调减); with reason and approval.

Lowering mirrors the original credit, so that revenue billed by mistake goes again; nothing is written over.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from feedesk.db import next_ids
from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Charge, FeeItem, LateFeeStop, Waiver, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.releasing import correct_releases
from feedesk.ops.run import Act
from feedesk.ops.single_charges import (
    ChargeFacts,
    begin_office_entry,
    charges_at_hand,
    credited_account,
    next_number,
    required_approver,
    required_reason,
)
from feedesk.periods import Period
from feedesk.queries.accounts import account_by_id
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.late_fees import LateFeeState, ReckonedCharge, accrued, charge_histories, late_fee_book
from feedesk.texts import N_, _

SOURCE = "adjustment"

_charge, _waiver, _item, _stop = (table_of(model) for model in (Charge, Waiver, FeeItem, LateFeeStop))


class AdjustmentNotPositive(UserError):
    message = N_("{amount} is no amount to adjust by: it must be more than zero.")


class ReductionTooLarge(UserError):
    message = N_("Only {left} of {name} of {unit} is unpaid, so it cannot be lowered by {amount}.")


class PaidChargeReduced(UserError):
    message = N_(
        "{name} of {unit} is paid: it cannot be lowered any more. Reverse its payment first, "
        "or give the money back with a refund."
    )


class ChargeNotStanding(UserError):
    message = N_("{name} of {unit} was cancelled or replaced: look at the statement again.")


@dataclass(frozen=True, slots=True)
class ChargeAdded:
    """A charge that was added; amounts in fen."""

    charge: int
    entry: int
    account: int
    item: str
    period: Period
    amount: Fen
    due_date: date


@dataclass(frozen=True, slots=True)
class ChargeReduced:
    """A charge that was lowered by ``amount``; ``left`` of its principal is still unpaid."""

    charge: int
    waiver: int
    entry: int
    amount: Fen
    left: Fen
    status: str


_ITEM = select(_item.c.id, _item.c.name, _item.c.nature).where(_item.c.name == bindparam("name"))
_LOWER = (
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(waived=_charge.c.waived + bindparam("amount"), status=bindparam("new_status"))
)


@requires(Permission.ADJUST_CHARGES)
def add_charge(
    act: Act, *, account: int, item: str, period: Period, amount: Fen, reason: str, due: date | None = None
) -> ChargeAdded:
    """Charges an account afterwards (补收) for a fee item and period, due on ``due``, else on the period's last day.

    Raises `ChangeApproverMissing`, `ChangeReasonMissing`, `AdjustmentNotPositive`, `UnknownFeeItem`, `UnknownAccount`.
    """
    why = required_reason(reason, _("A supplement"))
    required_approver(act, _("A supplement"))
    if amount <= 0:
        raise AdjustmentNotPositive(amount=format_amount(amount))
    ref = account_by_id(act.connection, account)
    fact = _fee_item(act.connection, item)
    draft = begin_office_entry(act, "adjustment", why)
    key = next(iter(next_ids(act.connection, _charge)))
    due_date = due or period.last_day
    words = _("Supplement: {reason}").format(reason=why)
    row = {
        "id": key,
        "account_id": ref.id,
        "unit_id": ref.unit_id,
        "fee_item_id": fact.id,
        "tariff_version_id": None,
        "period": str(period),
        "source": SOURCE,
        "number": next_number(act.connection, period=period, account=ref.id, item=fact.id, source=SOURCE),
        "serves_from": period.first_day,
        "serves_to": period.last_day,
        "gross": amount,
        "discount": 0,
        "due_date": due_date,
        "basis": words,
        "snapshot": json.dumps({"words": [words]}, ensure_ascii=False, separators=(",", ":")),
    }
    draft.add(_charge, row)
    deferred = period.months > 1 and fact.nature == chart.OWN
    credit = chart.deferred(item) if deferred else chart.earned(item, fact.nature)
    sealed = draft.seal(
        [PostingLine(chart.receivable(item), amount, ref.id), PostingLine(credit, Fen(-amount), ref.id)]
    )
    return ChargeAdded(key, sealed.id, ref.id, item, period, amount, due_date)


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    name: str
    nature: str


def _fee_item(connection: Connection, name: str) -> _Item:
    row = connection.execute(_ITEM, {"name": name}).one_or_none()
    if row is None:
        raise UnknownFeeItem(item=name)
    return _Item(row.id, row.name, row.nature)


@requires(Permission.ADJUST_CHARGES)
def reduce_charge(act: Act, *, charge: int, amount: Fen, reason: str) -> ChargeReduced:
    """Lowers an open charge (调减) by at most its unpaid principal; what was credited for it goes again.

    Raises `PaidChargeReduced` for a charge that is paid, `ReductionTooLarge`, `ChargeNotStanding`, `UnknownCharge`,
    `ChangeApproverMissing`, `ChangeReasonMissing`, `AdjustmentNotPositive`.
    """
    why = required_reason(reason, _("A reduction"))
    required_approver(act, _("A reduction"))
    (found,) = charges_at_hand(act.connection, [charge])
    _check_reduction(found, amount)
    draft = begin_office_entry(act, "reduction", why)
    waiver = draft.add(_waiver, {"charge_id": found.id, "kind": "reduction", "amount": amount})
    left = Fen(found.principal - amount)
    status = _lower(draft, found, amount, act.business_date)
    credited = credited_account(act.connection, found)
    sealed = draft.seal(
        [
            PostingLine(credited, amount, found.account),
            PostingLine(chart.receivable(found.item), Fen(-amount), found.account),
        ]
    )
    if credited.code == chart.deferred(found.item).code:
        correct_releases(act)
    return ChargeReduced(found.id, waiver, sealed.id, amount, left, status)


def _lower(draft: EntryDraft, charge: ChargeFacts, amount: Fen, day: date) -> str:
    """Lowers a charge and returns its status. What was billed by mistake never bore a late fee."""
    connection = draft.connection
    history = charge_histories(connection, on=day, frozen=[charge.id], paid=[charge.id], waived=[charge.id])[charge.id]
    history.reduced += amount
    net = Fen(charge.gross - charge.discount)
    reckoned = ReckonedCharge(charge.item_id, charge.item, charge.nature, net, charge.due_date)
    late_fee = accrued(late_fee_book(connection), reckoned, history, day)
    state = LateFeeState(late_fee, charge.late_fee_waived, charge.late_fee_paid, history.is_frozen)
    nothing_left = amount == charge.principal
    status = "settled" if nothing_left and not state.due else "open"
    connection.execute(_LOWER, {"charge": charge.id, "amount": amount, "new_status": status})
    if nothing_left and late_fee:
        draft.add(_stop, {"charge_id": charge.id, "amount": late_fee})
    return status


def _check_reduction(charge: ChargeFacts, amount: Fen) -> None:
    facts: dict[str, Any] = {"name": charge.name, "unit": charge.unit}
    if amount <= 0:
        raise AdjustmentNotPositive(amount=format_amount(amount))
    if charge.status in ("cancelled", "replaced"):
        raise ChargeNotStanding(**facts)
    if not charge.principal:
        raise PaidChargeReduced(**facts)
    if amount > charge.principal:
        raise ReductionTooLarge(**facts, left=format_amount(charge.principal), amount=format_amount(amount))
