"""Prepayments settle charges by themselves (自动冲抵), account by account, after a billing run or whenever asked.

An offset is a payment of the office: paid from the prepayment, in no shift, with no receipt; it stands in the day
summary under what was paid from prepayments. Each account is a transaction of its own, so it can be stopped anywhere.
"""

import json
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Allocation, Payment, PaymentTender, Setting, table_of
from feedesk.money import Fen
from feedesk.ops.charge_moves import ChargeMove, move_charges
from feedesk.ops.mirrored_entries import mirrored_postings
from feedesk.ops.mirrored_payments import mirror_of, store_mirror
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act, Workplace
from feedesk.ops.setting_up import record_audit
from feedesk.ops.single_charges import begin_office_entry, required_reason
from feedesk.queries.accounts import AccountRef, account_by_id
from feedesk.queries.desk import allocation_order
from feedesk.queries.in_time import billed_later, prepaid_to_use
from feedesk.queries.offsets import OFFSET_RULE, accounts_to_offset, offset_rule, prepaid_tender
from feedesk.queries.statement import StatementCharge, open_charges, prepaid_balance
from feedesk.rules.allocation import AllocationPart, Owed, allocate, is_current_or_earlier
from feedesk.rules.offsetting import OffsetRule
from feedesk.texts import N_, _

Progress = Callable[[int, int], None]

_payment, _payment_tender, _allocation, _setting = (
    table_of(model) for model in (Payment, PaymentTender, Allocation, Setting)
)


class NotAnOffset(UserError):
    message = N_("There is no prepayment offset number {payment}: look at the list again.")


class OffsetTakenBackAlready(UserError):
    message = N_("Prepayment offset {payment} was taken back already: nothing more was done.")


@dataclass(frozen=True, slots=True)
class AccountOffset:
    """What of an account's prepayment settled its charges, in fen; ``left`` is still prepaid."""

    payment: int
    account: int
    total: Fen
    charges: tuple[int, ...]
    left: Fen


@dataclass(frozen=True, slots=True)
class OffsetTakenBack:
    """An offset taken back: what it had settled is owed again, and prepaid again."""

    payment: int
    account: int
    total: Fen
    entry: int


@dataclass(frozen=True, slots=True)
class PrepaymentsOffset:
    """What an offset of many accounts did: ``accounts`` settled something, ``total`` in fen."""

    accounts: int
    total: Fen


_TAKEN_BACK = select(_payment.c.id).where(_payment.c.reverses_id == bindparam("payment"))
_KIND = select(_payment.c.kind).where(_payment.c.id == bindparam("payment"))


def offset_prepayments(
    workplace: Workplace, *, accounts: Collection[int] | None = None, progress: Progress | None = None
) -> PrepaymentsOffset:
    """Offsets every account whose prepayment can settle something, one transaction each.

    ``progress`` (done, of how many) may raise to stop; what was offset by then stands.
    """
    waiting = workplace.read(accounts_to_offset, on=workplace.business_date(), accounts=accounts)
    done, total = 0, 0
    for place, account in enumerate(waiting):
        if progress is not None:
            progress(place, len(waiting))
        made = workplace.run_op(offset_account, account=account)
        if made is not None:
            done, total = done + 1, total + made.total
    return PrepaymentsOffset(done, Fen(total))


@requires(Permission.BILL)
def offset_account(act: Act, *, account: int) -> AccountOffset | None:
    """Settles an account's open charges from its prepayment, by the agreed order, oldest first.

    Those of the current period and earlier that are not disputed and that the ledger's rule covers. None where there
    is nothing to settle or nothing to settle it with.
    """
    connection, day = act.connection, act.business_date
    ref = account_by_id(connection, account)
    chosen = _chosen(connection, ref, day)
    balance = prepaid_to_use(connection, account, on=day)
    total = Fen(min(balance, sum(charge.due for charge in chosen)))
    if total <= 0:
        return None
    owing = [Owed(charge.id, charge.principal, charge.late_fee_due) for charge in chosen]
    parts = allocate(owing, total, allocation_order(connection).order)
    draft = begin_office_entry(act, "offset")
    payment = _store(draft, ref, day, total, parts)
    by_id = {charge.id: charge for charge in chosen}
    move_charges(draft, _moves(by_id, parts))
    draft.seal(_postings(ref, total, by_id, parts))
    left = prepaid_balance(connection, account)
    return AccountOffset(payment, account, total, tuple({part.charge: None for part in parts}), left)


def _chosen(connection: Connection, ref: AccountRef, day: date) -> list[StatementCharge]:
    rule = offset_rule(connection)
    still_open = open_charges(connection, accounts=[ref.id], on=day, locked=True)
    later = billed_later(connection, still_open, on=day)
    return [
        charge
        for charge in still_open
        if not charge.frozen
        and is_current_or_earlier(charge.period, day)
        and rule.covers(charge.item)
        and charge.id not in later
    ]


def _store(draft: EntryDraft, ref: AccountRef, day: date, total: Fen, parts: list[AllocationPart]) -> int:
    payment = draft.add(
        _payment,
        {
            "kind": "offset",
            "request_key": uuid.uuid4().hex,
            "request_digest": "",
            "account_id": ref.id,
            "payer": ref.resident,
            "shift_id": None,
            "business_date": day,
            "total": total,
            "tendered": total,
            "change": 0,
            "rounding": 0,
            "reverses_id": None,
        },
    )
    tender = {"tender_id": prepaid_tender(draft.connection), "tendered": total, "kept": total, "reference": None}
    draft.add(_payment_tender, {"payment_id": payment, "sequence": 0, **tender})
    for place, part in enumerate(parts):
        settled = {"charge_id": part.charge, "kind": part.kind, "amount": part.amount}
        draft.add(_allocation, {"payment_id": payment, "sequence": place, **settled})
    return payment


def _moves(charges: dict[int, StatementCharge], parts: list[AllocationPart]) -> list[ChargeMove]:
    settled: dict[int, dict[str, Fen]] = {}
    for part in parts:
        settled.setdefault(part.charge, {})[part.kind] = part.amount
    return [
        ChargeMove(charges[charge], paid=kinds.get("principal", Fen(0)), late_fee_paid=kinds.get("late_fee", Fen(0)))
        for charge, kinds in settled.items()
    ]


def _postings(
    ref: AccountRef, total: Fen, charges: dict[int, StatementCharge], parts: list[AllocationPart]
) -> list[PostingLine]:
    lines = [PostingLine(chart.PREPAYMENTS, total, ref.id)]
    for part in parts:
        charge = charges[part.charge]
        credited = chart.receivable(charge.item) if part.kind == "principal" else chart.LATE_FEES
        lines.append(PostingLine(credited, Fen(-part.amount), charge.account))
    return lines


@requires(Permission.REVERSE)
def reverse_offset(act: Act, *, payment: int, reason: str) -> OffsetTakenBack:
    """Takes an offset back by an entry that mirrors it; the charges are owed again, the prepayment is back.

    Raises `NotAnOffset`, `OffsetTakenBackAlready`, `ChangeReasonMissing`.
    """
    why = required_reason(reason, _("Taking an offset back"))
    if act.connection.execute(_KIND, {"payment": payment}).scalar() != "offset":
        raise NotAnOffset(payment=payment)
    if act.connection.execute(_TAKEN_BACK, {"payment": payment}).scalar() is not None:
        raise OffsetTakenBackAlready(payment=payment)
    mirror = mirror_of(act.connection, payment, kind="reversal", shift=None, day=act.business_date)
    draft = begin_office_entry(act, "reversal", why, reverses=mirror.original_entry)
    key = store_mirror(draft, mirror)
    sealed = draft.seal(mirrored_postings(act.connection, mirror.entries))
    return OffsetTakenBack(key, mirror.row["account_id"], mirror.total, sealed.id)


@requires(Permission.BILL)
def change_offset_rule(act: Act, *, rule: OffsetRule) -> OffsetRule:
    """Sets whether a billing run is followed by an offset, and of which fee items."""
    act.connection.execute(delete(_setting).where(_setting.c.key == OFFSET_RULE))
    value = json.dumps(rule.stored(), ensure_ascii=False)
    act.connection.execute(insert(_setting), {"key": OFFSET_RULE, "value": value})
    record_audit(act, action="change_offset_rule", subject=f"setting:{OFFSET_RULE}", detail=value)
    return rule
