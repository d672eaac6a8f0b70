"""Money that came without saying for whom (待认领款): posted the day it is found, returned where it was not ours.

It stands on a liability account of its own with a numbered paper that stays with the bank's advice; whoever claims it
gets a receipt in his own name (`feedesk.ops.claiming`). Late fees of the claimant stop on the day the money came.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.ledger.prepared import Prepared
from feedesk.models import Payment, PaymentLine, PaymentTender, Receipt, UnclaimedMoney, table_of
from feedesk.models.types import moment_text
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.at_the_till import cashier_on_paper, check_drawer, shift_to_act_in
from feedesk.ops.collecting import checked_tenders
from feedesk.ops.giving_back import MoneyGivenBack, checked_approval, given_before
from feedesk.ops.payment_posting import Request, TenderGiven, money_account, store_correction
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.printing import queue_slip
from feedesk.ops.receipting import letterhead, store_receipt, take_number
from feedesk.ops.run import Act
from feedesk.ops.tendering import check_references
from feedesk.queries.corrections import payment_left
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.receipts import find_receipt
from feedesk.queries.unclaimed import LINE, UnclaimedItem, unclaimed_item
from feedesk.rules.capitals import amount_in_words, refund_in_words
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind, ReceiptLine, TenderLine
from feedesk.texts import N_, _, current_language

_payment, _payment_tender, _line, _receipt, _money = (
    table_of(model) for model in (Payment, PaymentTender, PaymentLine, Receipt, UnclaimedMoney)
)


class NothingKnown(UserError):
    message = N_(
        "Say what is known of the money: the sender, a remark or the reference, so that it can be found again."
    )


class ValueDateAhead(UserError):
    message = N_("{value_date} is after today's business date {day}: money is posted once it has come.")


class NotMoney(UserError):
    message = N_("A prepayment has an owner: choose the way in which the money really came.")


class UnclaimedKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act, receipt {receipt}: nothing was posted.")


class ReturnTooLarge(UserError):
    message = N_("Of receipt {receipt} only {left} is neither claimed nor returned, so {amount} cannot go back.")


class ReturnPayeeMissing(UserError):
    message = N_("Say to whom the money goes back.")


@dataclass(frozen=True, slots=True)
class UnclaimedPosted:
    """Money posted until somebody claims it: the number of its paper, and fen."""

    payment: int
    receipt: str
    total: Fen
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class _Booking:
    """What is booked of money without an owner; ``sign`` −1 where it goes back."""

    kind: ReceiptKind
    way: TenderRow
    given: TenderGiven
    person: str
    remark: str
    reason: str = ""
    reverses: str = ""

    @property
    def sign(self) -> int:
        return 1 if self.kind is ReceiptKind.PAYMENT else -1

    @property
    def amount(self) -> Fen:
        return Fen(self.sign * self.given.amount)


_REPLAY = Prepared(
    select(_payment.c.id, _payment.c.request_digest, _payment.c.total, _receipt.c.code)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.request_key == bindparam("key"))
)


@requires(Permission.COLLECT)
def post_unclaimed(
    act: Act,
    *,
    tender: TenderGiven,
    value_date: date,
    sender: str = "",
    remark: str = "",
    key: str | None = None,
    same_reference: bool = False,
    till: int = 1,
    print_slip: bool = False,
) -> UnclaimedPosted:
    """Posts money whose owner is not known: how it came, the day it came (the bank's value date), what was with it.

    Raises `NothingKnown`, `ValueDateAhead`, `NotMoney`, `UnknownTender`, `AmountNotPositive`, `ReferenceUsed`,
    `ReferenceMissing`, `ShiftNotOpen`, `NotYourShift`.
    """
    facts = ("unclaimed", tender, value_date, sender, remark, till)
    request = Request(key or uuid.uuid4().hex, hashlib.sha256(repr(facts).encode()).hexdigest(), None)
    before = _posted_before(act.connection, request)
    if before is not None:
        return before
    if not (sender.strip() or remark.strip() or (tender.reference or "").strip()):
        raise NothingKnown
    shift = shift_to_act_in(act, till)
    if value_date > shift.business_date:
        raise ValueDateAhead(value_date=value_date.isoformat(), day=shift.business_date.isoformat())
    known = checked_tenders(act.connection, [tender], same_reference)
    way = _money_only(known[tender.code])
    check_references(act.connection, [tender], known)
    words = _("came on {day}").format(day=value_date.isoformat())
    remark = remark.strip()
    on_paper = _("{came}; the sender wrote: {remark}").format(came=words, remark=remark) if remark else words
    booking = _Booking(ReceiptKind.PAYMENT, way, tender, sender.strip(), on_paper)
    draft = _begin(act, shift, booking)
    payment = _store(draft, shift, booking, request)
    draft.add(_money, {"value_date": value_date, "remark": remark})
    number = _issue(act, draft, shift, booking, payment, print_slip)
    return UnclaimedPosted(payment, number, tender.amount)


@requires(Permission.REFUND)
def return_unclaimed(
    act: Act,
    *,
    receipt: str,
    tender: TenderGiven,
    reason: str,
    payee: str = "",
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyGivenBack:
    """Gives money of unknown origin back to whoever sent it, all that is left of it or a part.

    Raises `NotUnclaimed`, `UnclaimedTakenBack`, `ReturnTooLarge`, `ReturnPayeeMissing`, `DrawerTooEmpty`,
    `NotMoney`, `RefundReasonMissing`, `RefundApproverMissing`, `NotPermitted`, `ShiftNotOpen` …
    """
    facts = ("return_unclaimed", receipt, tender, reason, payee, till)
    request = Request(key or uuid.uuid4().hex, hashlib.sha256(repr(facts).encode()).hexdigest(), None)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    item = locked_item(act.connection, receipt)
    shift = shift_to_act_in(act, till)
    way = _money_only(checked_tenders(act.connection, [tender], same_reference=True)[tender.code])
    if tender.amount > item.left:
        left, amount = format_amount(item.left), format_amount(tender.amount)
        raise ReturnTooLarge(receipt=item.receipt, left=left, amount=amount)
    person = payee.strip() or item.sender
    if not person:
        raise ReturnPayeeMissing
    if way.kind == "cash":
        check_drawer(act.connection, shift, tender.amount)
    booking = _Booking(ReceiptKind.REFUND, way, tender, person, "", why, item.receipt)
    draft = _begin(act, shift, booking)
    payment = _store(draft, shift, booking, request)
    store_correction(draft, corrects=item.payment, value_date=shift.business_date)
    number = _issue(act, draft, shift, booking, payment, print_slip)
    return MoneyGivenBack(number, item.receipt, tender.amount, tender.code, draft.id)


def locked_item(connection: Connection, receipt: str) -> UnclaimedItem:
    """The item of a receipt, kept from other desks until the commit.

    Raises `UnknownReceipt`, `NotUnclaimed`, `UnclaimedTakenBack`.
    """
    stored = find_receipt(connection, receipt)
    payment_left(connection, stored.payment, locked=True)
    return unclaimed_item(connection, stored.number)


def _posted_before(connection: Connection, request: Request) -> UnclaimedPosted | None:
    row = _REPLAY.one_or_none(connection, {"key": request.key})
    if row is None:
        return None
    if row.request_digest != request.digest:
        raise UnclaimedKeyUsed(key=request.key, receipt=row.code)
    return UnclaimedPosted(row.id, row.code, Fen(row.total), replayed=True)


def _money_only(way: TenderRow) -> TenderRow:
    if way.kind == "prepaid":
        raise NotMoney
    return way


def _begin(act: Act, shift: OpenShift, booking: _Booking) -> EntryDraft:
    return begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=booking.kind.value,
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reason=booking.reason,
    )


def _store(draft: EntryDraft, shift: OpenShift, booking: _Booking, request: Request) -> int:
    payment = draft.add(
        _payment,
        {
            "kind": booking.kind.value,
            "request_key": request.key,
            "request_digest": request.digest,
            "account_id": None,
            "payer": booking.person,
            "shift_id": shift.id,
            "business_date": shift.business_date,
            "total": booking.amount,
            "tendered": booking.amount,
            "change": 0,
            "rounding": 0,
            "reverses_id": None,
        },
    )
    money = {"tendered": booking.amount, "kept": booking.amount, "reference": booking.given.reference}
    draft.add(_payment_tender, {"payment_id": payment, "sequence": 0, "tender_id": booking.way.id, **money})
    line = {"kind": LINE, "account_id": None, "fee_item_id": None, "name": "", "amount": booking.amount}
    draft.add(_line, {"payment_id": payment, "sequence": 0, **line})
    return payment


def _issue(act: Act, draft: EntryDraft, shift: OpenShift, booking: _Booking, payment: int, print_slip: bool) -> str:
    """Issues the paper, seals the entry and queues the slip; the paper's number."""
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    document = _document(act, shift, booking, number.code)
    receipt = store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    draft.seal(
        [
            PostingLine(money_account(booking.way, shift.till_number), booking.amount),
            PostingLine(chart.UNCLAIMED, Fen(-booking.amount)),
        ]
    )
    if print_slip:
        queue_slip(act, receipt=receipt, till=shift.till_id)
    return number.code


def _document(act: Act, shift: OpenShift, booking: _Booking, number: str) -> ReceiptDocument:
    """Stays with the bank's advice: whoever claims the money gets a receipt of his own."""
    head, given = letterhead(act.connection), booking.given
    words = amount_in_words if booking.sign > 0 else refund_in_words
    name = _("Money of unknown origin")
    return ReceiptDocument(
        number=number,
        kind=booking.kind,
        community=head.community,
        company=head.company,
        issued_at=moment_text(act.now),
        till=shift.till_name,
        cashier=cashier_on_paper(act, shift),
        account="",
        unit=name,
        unit_note="",
        payer=booking.person,
        lines=(ReceiptLine(name, "", given.amount),),
        subtotal=given.amount,
        rounding=ZERO,
        total=given.amount,
        in_words=words(given.amount),
        tenders=(TenderLine(given.code, booking.way.name, given.amount, given.amount, given.reference or ""),),
        change=ZERO,
        still_owed=ZERO,
        prepaid_balance=ZERO,
        code=number,
        service_phone=head.service_phone,
        remark=booking.remark,
        reverses=booking.reverses,
        reason=booking.reason,
        training=act.training,
        language=current_language(),
    )
