"""A payment booked in the wrong tender (booked as cash, was WeChat) is put right within its shift (付款方式更正).

One entry takes the money out of where it was booked and puts it where it is, and names the payment; the receipt keeps
its number and what it says, and its copies are marked. The drawer, the takings and the channels follow the postings.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.ledger.prepared import Prepared
from feedesk.models import Correction, Payment, PaymentTender, Receipt, table_of
from feedesk.money import Fen, format_amount
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.collecting import checked_tenders
from feedesk.ops.payment_posting import Request, TenderGiven, money_account, store_correction
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.taking_back import PaidWithClaimedMoney, RefundedInPart, standing_receipt
from feedesk.ops.tendering import check_references
from feedesk.queries.corrections import PaymentLeft, TenderKept, payment_left
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.receipts import StoredReceipt
from feedesk.queries.references import references_that_stand
from feedesk.texts import N_

_payment, _payment_tender, _correction, _receipt = (
    table_of(model) for model in (Payment, PaymentTender, Correction, Receipt)
)


class TenderChangeTooLate(UserError):
    message = N_("Receipt {receipt} belongs to an earlier shift: refund it in one tender and collect it in the other.")


class TendersDiffer(UserError):
    message = N_("Receipt {receipt} is over {total}, the corrected tenders come to {given}: let the two agree.")


class SameTender(UserError):
    message = N_("Receipt {receipt} is booked just so already: nothing was changed.")


class PrepaidTenderChange(UserError):
    message = N_("Receipt {receipt} was or would be paid from the prepayment: void it and take the payment anew.")


class TenderChangeKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act: nothing was changed.")


@dataclass(frozen=True, slots=True)
class TenderChanged:
    """A payment put into its right tender; ``total`` fen moved, ``before`` and ``after`` are names of tenders."""

    receipt: str
    total: Fen
    before: tuple[str, ...]
    after: tuple[str, ...]
    entry: int
    replayed: bool = False


_REPLAY = Prepared(
    select(_payment.c.request_digest, _payment.c.entry_id, _correction.c.corrects_id)
    .join(_correction, _correction.c.entry_id == _payment.c.entry_id)
    .where(_payment.c.request_key == bindparam("key"))
)


@requires(Permission.VOID)
def change_tender(
    act: Act,
    *,
    receipt: str,
    tenders: Sequence[TenderGiven],
    reason: str,
    key: str | None = None,
    same_reference: bool = False,
    till: int = 1,
) -> TenderChanged:
    """Books a payment of the shift that is open in other tenders, which must come to the same sum.

    Raises `UnknownReceipt`, `ReasonMissing`, `AlreadyTakenBack`, `TenderChangeTooLate`, `TendersDiffer`, `SameTender`,
    `PrepaidTenderChange`, `RefundedInPart`, `UnknownTender`, `ReferenceUsed`, `ReferenceMissing`, `ShiftNotOpen`.
    """
    digest = hashlib.sha256(repr(("tender_change", receipt, tuple(tenders), reason, till)).encode()).hexdigest()
    request = Request(key or uuid.uuid4().hex, digest, None)
    seen = _REPLAY.one_or_none(act.connection, {"key": request.key})
    if seen is not None and seen.request_digest != request.digest:
        raise TenderChangeKeyUsed(key=request.key)
    stored = standing_receipt(act.connection, receipt, reason)
    shift = shift_to_act_in(act, till)
    if seen is not None:
        return TenderChanged(stored.number, stored.document.total, (), stored.paid_by, seen.entry_id, replayed=True)
    if stored.shift != shift.id:
        raise TenderChangeTooLate(receipt=stored.number)
    left = payment_left(act.connection, stored.payment, locked=True)
    own = references_that_stand(act.connection, left)
    really = _with_references(tenders, own)
    new_ones = [replace(one, reference=None) if (one.code, one.reference) in own else one for one in really]
    known = checked_tenders(act.connection, new_ones, same_reference)
    check_references(act.connection, really, known)
    new = _kept(known, really)
    _check(stored, left, new, dict(own))
    return _post(act, shift, stored, left, new, request, reason.strip())


def _with_references(tenders: Sequence[TenderGiven], own: Sequence[tuple[str, str]]) -> list[TenderGiven]:
    """What stays in a way of paying keeps the number it has there, also one that was typed later."""
    numbers: dict[str, list[str]] = {}
    for code, reference in own:
        numbers.setdefault(code, []).append(reference)
    return [
        replace(one, reference=numbers[one.code][0])
        if not one.reference and len(numbers.get(one.code, ())) == 1
        else one
        for one in tenders
    ]


def _kept(known: dict[str, TenderRow], tenders: Sequence[TenderGiven]) -> tuple[TenderKept, ...]:
    ways = [known[one.code] for one in tenders]
    return tuple(
        TenderKept(way.id, way.code, way.name, way.kind, one.amount, one.reference or "")
        for way, one in zip(ways, tenders, strict=True)
    )


def _check(stored: StoredReceipt, left: PaymentLeft, new: Sequence[TenderKept], references: Mapping[str, str]) -> None:
    if left.refunded:
        papers = "、".join(stored.refunds)
        raise RefundedInPart(receipt=stored.number, amount=format_amount(left.refunded), papers=papers)
    if any(one.kind == "prepaid" for one in (*left.tenders, *new)):
        raise PrepaidTenderChange(receipt=stored.number)
    if any(one.kind == "unclaimed" for one in left.tenders):
        raise PaidWithClaimedMoney(receipt=stored.number)
    given = Fen(sum(one.kept for one in new))
    if given != left.total:
        facts: dict[str, Any] = {"total": format_amount(left.total), "given": format_amount(given)}
        raise TendersDiffer(receipt=stored.number, **facts)
    stands = [replace(one, reference=one.reference or references.get(one.code, "")) for one in left.tenders]
    if set(new) in (set(left.tenders), set(stands)):
        raise SameTender(receipt=stored.number)


def _post(
    act: Act,
    shift: OpenShift,
    stored: StoredReceipt,
    left: PaymentLeft,
    new: Sequence[TenderKept],
    request: Request,
    why: str,
) -> TenderChanged:
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind="tender_change",
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reason=why,
    )
    signed = [*((one, -one.kept) for one in left.tenders), *((one, int(one.kept)) for one in new)]
    _store(draft, shift, left, signed, request)
    sealed = draft.seal([_posting(one, amount, shift.till_number) for one, amount in signed])
    return TenderChanged(
        receipt=stored.number,
        total=left.total,
        before=tuple(one.name for one in left.tenders),
        after=tuple(one.name for one in new),
        entry=sealed.id,
    )


def _posting(one: TenderKept, amount: int, till_number: int) -> PostingLine:
    row = TenderRow(one.tender, one.code, one.name, one.kind, asks_reference=False, gives_change=False)
    return PostingLine(money_account(row, till_number), Fen(amount))


def _store(
    draft: EntryDraft, shift: OpenShift, left: PaymentLeft, signed: Sequence[tuple[TenderKept, int]], request: Request
) -> None:
    row: dict[str, Any] = {
        "kind": "tender_change",
        "request_key": request.key,
        "request_digest": request.digest,
        "account_id": left.account,
        "payer": left.payer,
        "shift_id": shift.id,
        "business_date": shift.business_date,
        **dict.fromkeys(("total", "tendered", "change", "rounding"), 0),
        "reverses_id": None,
    }
    payment = draft.add(_payment, row)
    for place, (one, amount) in enumerate(signed):
        money = {"tendered": amount, "kept": amount, "reference": one.reference or None}
        draft.add(_payment_tender, {"payment_id": payment, "sequence": place, "tender_id": one.tender, **money})
    store_correction(draft, corrects=left.id, value_date=shift.business_date)
