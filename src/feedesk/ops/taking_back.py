"""Putting a payment right: void (作废) within its shift, reversal (红冲) later; always by an entry that mirrors it.

The original entry, its receipt and its number stay. A void takes no number of its own; a reversal issues a red receipt.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.chart import AccountKind, is_till_cash, till_cash
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.models import (
    Allocation,
    Entry,
    LedgerAccount,
    Payment,
    PaymentLine,
    PaymentTender,
    Posting,
    table_of,
)
from feedesk.money import Fen, format_amount
from feedesk.ops.charge_moves import give_back
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.receipting import store_receipt, take_number
from feedesk.ops.run import Act
from feedesk.queries.accounts import account_number
from feedesk.queries.desk import OpenShift, required_shift
from feedesk.queries.receipts import StoredReceipt, find_receipt
from feedesk.queries.statement import prepaid_balance
from feedesk.rules.capitals import refund_in_words
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind
from feedesk.texts import N_, _

_payment, _payment_tender, _allocation, _line, _posting, _entry, _ledger_account = (
    table_of(model) for model in (Payment, PaymentTender, Allocation, PaymentLine, Posting, Entry, LedgerAccount)
)


class ReasonMissing(UserError):
    message = N_("Say why receipt {receipt} is taken back: a reason is required.")


class ApproverMissing(UserError):
    message = N_("Reversing receipt {receipt} needs somebody else's approval: name the approver.")


class AlreadyTakenBack(UserError):
    message = N_("Receipt {receipt} was taken back already ({state}): nothing more was done.")


class OnlyPaymentsAreTakenBack(UserError):
    message = N_("{receipt} is itself a correction and cannot be taken back: collect the payment anew.")


class NotInThisShift(UserError):
    message = N_("Receipt {receipt} belongs to an earlier shift: reverse it (红冲) instead of voiding it.")


class PrepaymentUsed(UserError):
    message = N_(
        "Receipt {receipt} brought a prepayment of {brought}, of which only {left} is left on {account}: "
        "take back what was paid from it first."
    )


@dataclass(frozen=True, slots=True)
class PaymentTakenBack:
    """A payment taken back: ``receipt`` is the paper that says so (a void's is the voided one), ``total`` negative."""

    receipt: str
    reverses: str
    total: Fen
    entry: int


@requires(Permission.VOID)
def void_payment(act: Act, *, receipt: str, reason: str, till: int = 1) -> PaymentTakenBack:
    """Voids a payment of the shift that is still open at the till; its receipt keeps its number, marked 作废."""
    stored = _checked(act, receipt, reason)
    shift = required_shift(act.connection, till)
    if stored.shift != shift.id:
        raise NotInThisShift(receipt=stored.number)
    draft, mirror = _begin(act, shift, stored, "void", reason)
    store_mirror(draft, mirror)
    sealed = draft.seal(mirrored_postings(act.connection, mirror["entry_id"], shift.till_number))
    return PaymentTakenBack(stored.number, stored.number, Fen(mirror["row"]["total"]), sealed.id)


@requires(Permission.REVERSE)
def reverse_payment(act: Act, *, receipt: str, reason: str, till: int = 1) -> PaymentTakenBack:
    """Reverses a payment of an earlier shift (红冲) in the shift open now, with a red receipt of its own.

    Needs an approver other than the actor: nobody takes money back alone.
    """
    stored = _checked(act, receipt, reason)
    if act.approver is None or act.approver.id == act.actor.id:
        raise ApproverMissing(receipt=stored.number)
    shift = required_shift(act.connection, till)
    draft, mirror = _begin(act, shift, stored, "reversal", reason)
    payment = store_mirror(draft, mirror)
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    document = _red_document(act, shift, stored, number.code, reason)
    store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    sealed = draft.seal(mirrored_postings(act.connection, mirror["entry_id"], shift.till_number))
    return PaymentTakenBack(number.code, stored.number, Fen(mirror["row"]["total"]), sealed.id)


def _checked(act: Act, receipt: str, reason: str) -> StoredReceipt:
    stored = find_receipt(act.connection, receipt)
    if not reason.strip():
        raise ReasonMissing(receipt=stored.number)
    if stored.document.kind is not ReceiptKind.PAYMENT:
        raise OnlyPaymentsAreTakenBack(receipt=stored.number)
    if stored.status != "issued":
        states = {"void": N_("voided"), "reversed": N_("reversed")}
        raise AlreadyTakenBack(receipt=stored.number, state=_(states[stored.status]))
    return stored


_ORIGINAL = select(_payment).where(_payment.c.id == bindparam("payment"))
_DETAILS = {
    table.name: select(table).where(table.c.payment_id == bindparam("payment")).order_by(table.c.sequence)
    for table in (_payment_tender, _allocation, _line)
}
_POSTINGS = (
    select(
        _ledger_account.c.code, _ledger_account.c.name, _ledger_account.c.kind, _posting.c.account_id, _posting.c.amount
    )
    .join(_ledger_account, _ledger_account.c.id == _posting.c.ledger_account_id)
    .where(_posting.c.entry_id == bindparam("entry"))
    .order_by(_posting.c.sequence)
)


def _begin(
    act: Act, shift: OpenShift, stored: StoredReceipt, kind: str, reason: str
) -> tuple[EntryDraft, dict[str, Any]]:
    original = original_payment(act.connection, stored.payment)
    _check_prepayments(act.connection, stored)
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=kind,
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reverses_id=original["entry_id"],
        reason=reason.strip(),
    )
    return draft, mirror_of(original, kind, shift.id, shift.business_date)


def original_payment(connection: Connection, payment: int) -> Mapping[Any, Any]:
    """A payment as stored."""
    return connection.execute(_ORIGINAL, {"payment": payment}).one()._mapping


def mirror_of(original: Mapping[Any, Any], kind: str, shift: int | None, day: date) -> dict[str, Any]:
    """What `store_mirror` stores: the payment row that takes another back, and which that is."""
    row = {
        "kind": kind,
        "request_key": uuid.uuid4().hex,
        "request_digest": "",
        "account_id": original["account_id"],
        "payer": original["payer"],
        "shift_id": shift,
        "business_date": day,
        **{column: -original[column] for column in ("total", "tendered", "change", "rounding")},
        "reverses_id": original["id"],
    }
    return {"row": row, "entry_id": original["entry_id"], "original": original["id"]}


def _check_prepayments(connection: Connection, stored: StoredReceipt) -> None:
    for line in connection.execute(_DETAILS["payment_line"], {"payment": stored.payment}):
        if line.kind != "prepayment":
            continue
        left = prepaid_balance(connection, line.account_id)
        if left < line.amount:
            raise PrepaymentUsed(
                receipt=stored.number,
                brought=format_amount(line.amount),
                left=format_amount(left),
                account=account_number(line.account_id),
            )


def store_mirror(draft: EntryDraft, mirror: dict[str, Any]) -> int:
    """Stores the mirror of a payment with all its details; its charges are owed again. Returns its key."""
    payment = draft.add(_payment, mirror["row"])
    connection, facts = draft.connection, {"payment": mirror["original"]}
    returned: dict[int, tuple[int, int]] = {}
    for row in connection.execute(_DETAILS["payment_tender"], facts).all():
        values = {**row._mapping, "payment_id": payment, "tendered": -row.tendered, "kept": -row.kept}
        draft.add(_payment_tender, _without_id(values))
    for row in connection.execute(_DETAILS["allocation"], facts).all():
        draft.add(_allocation, _without_id({**row._mapping, "payment_id": payment, "amount": -row.amount}))
        principal, late_fee = returned.get(row.charge_id, (0, 0))
        if row.kind == "principal":
            returned[row.charge_id] = (principal - row.amount, late_fee)
        else:
            returned[row.charge_id] = (principal, late_fee - row.amount)
    for row in connection.execute(_DETAILS["payment_line"], facts).all():
        draft.add(_line, _without_id({**row._mapping, "payment_id": payment, "amount": -row.amount}))
    give_back(draft, returned)
    return payment


def _without_id(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "id"}


def mirrored_postings(connection: Connection, entry: int, till_number: int = 0) -> Sequence[PostingLine]:
    """The postings of an entry with the opposite sign; cash goes out of the drawer it is paid from."""
    lines = []
    for row in connection.execute(_POSTINGS, {"entry": entry}):
        account = AccountKind(row.code, row.name, row.kind)
        if is_till_cash(row.code):
            account = till_cash(till_number)
        lines.append(PostingLine(account, Fen(-row.amount), row.account_id))
    return lines


def _red_document(act: Act, shift: OpenShift, stored: StoredReceipt, number: str, reason: str) -> ReceiptDocument:
    """A red receipt shows the amounts given back, positive, and names the receipt it reverses."""
    return replace(
        stored.document,
        number=number,
        kind=ReceiptKind.REVERSAL,
        issued_at=act.now.isoformat(timespec="seconds"),
        till=shift.till_name,
        cashier=act.actor.name,
        in_words=refund_in_words(stored.document.total),
        code=number,
        reverses=stored.number,
        reason=reason.strip(),
        change=Fen(0),
        tenders=tuple(replace(tender, tendered=tender.kept) for tender in stored.document.tenders),
        still_owed_note="",
    )
