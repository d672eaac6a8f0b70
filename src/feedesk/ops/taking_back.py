"""Putting a payment right: void (作废) within its shift, reversal (红冲) later; always by an entry that mirrors it.

The original entry, its receipt and its number stay. A void takes no number of its own; a reversal issues a red receipt.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.chart import PREPAYMENTS
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.models import Payment, PaymentLine, Receipt, table_of
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import correct_advances
from feedesk.ops.at_the_till import cashier_on_paper, shift_to_act_in
from feedesk.ops.mirrored_entries import mirrored_postings
from feedesk.ops.mirrored_payments import Mirror, in_its_tenders, mirror_of, store_mirror, with_numbers
from feedesk.ops.money_in_time import check_came_before
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission, requires
from feedesk.ops.printing import queue_slip
from feedesk.ops.receipting import store_receipt, take_number
from feedesk.ops.run import Act
from feedesk.ops.sale_lines import SALE
from feedesk.queries.accounts import account_number
from feedesk.queries.corrections import HeldLine, PaymentLeft, payment_left
from feedesk.queries.desk import OpenShift
from feedesk.queries.in_time import deposit_to_use, prepaid_to_use
from feedesk.queries.receipts import StoredReceipt, find_receipt
from feedesk.queries.references import numbers_of
from feedesk.queries.statement import owed_by_household, prepaid_balance
from feedesk.queries.unclaimed import used_by
from feedesk.rules.capitals import refund_in_words, reversal_in_words
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind, TenderLine
from feedesk.texts import N_, _

_payment, _line, _receipt = table_of(Payment), table_of(PaymentLine), table_of(Receipt)


class ReasonMissing(UserError):
    message = N_("Say why receipt {receipt} is taken back: a reason is required.")


class ApproverMissing(UserError):
    message = N_("Reversing receipt {receipt} needs somebody else's approval: name the approver.")


class ReversalKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act: nothing was reversed.")


class AlreadyTakenBack(UserError):
    message = N_("Receipt {receipt} was taken back already ({state}): nothing more was done.")


class OnlyPaymentsAreTakenBack(UserError):
    message = N_("{receipt} is itself a correction and cannot be taken back: collect the payment anew.")


class RefundedInPart(UserError):
    message = N_("{amount} of receipt {receipt} was given back already ({papers}): refund the rest instead.")


class DepositGivenBack(UserError):
    message = N_("Of {name}, {amount} by receipt {receipt}, only {left} is still held: refund that instead.")


class NotInThisShift(UserError):
    message = N_("Receipt {receipt} belongs to an earlier shift: reverse it (红冲) instead of voiding it.")


class PrepaymentUsed(UserError):
    message = N_(
        "Receipt {receipt} brought a prepayment of {brought}, of which only {left} is left on {account}: "
        "take back what was paid from it first."
    )


class UnclaimedUsed(UserError):
    message = N_("Receipt {receipt} is money of unknown origin that was claimed meanwhile: take back {papers} first.")


class StillUnclaimed(UserError):
    message = N_("Receipt {receipt} is money of unknown origin: claim or return it (Ctrl+K U), or take all of it back.")


class PaidWithClaimedMoney(UserError):
    message = N_(
        "Receipt {receipt} was paid with money of unknown origin that was claimed: void or reverse it, "
        "then claim the money anew (Ctrl+K U)."
    )


@dataclass(frozen=True, slots=True)
class PaymentTakenBack:
    """A payment taken back: ``receipt`` is the paper that says so (a void's is the voided one), ``total`` negative.

    ``money_out``, positive, is what of it the payer gets: what came out of his prepayment or of money of unknown origin
    goes back there.
    """

    receipt: str
    reverses: str
    total: Fen
    entry: int
    money_out: Fen = ZERO


@requires(Permission.VOID)
def void_payment(act: Act, *, receipt: str, reason: str, till: int = 1) -> PaymentTakenBack:
    """Voids a payment of the shift that is still open at the till; its receipt keeps its number, marked 作废."""
    stored = standing_receipt(act.connection, receipt, reason)
    shift = shift_to_act_in(act, till)
    if stored.shift != shift.id:
        raise NotInThisShift(receipt=stored.number)
    draft, mirror, _left = begin_mirror(act, shift, stored, "void", reason)
    store_mirror(draft, mirror)
    sealed = draft.seal(mirrored_postings(act.connection, mirror.entries, shift.till_number))
    correct_advances(act, mirror.original_entry)
    return PaymentTakenBack(stored.number, stored.number, mirror.total, sealed.id, stored.document.moved)


@requires(Permission.REFUND)
def reverse_payment(
    act: Act, *, receipt: str, reason: str, key: str | None = None, till: int = 1, print_slip: bool = False
) -> PaymentTakenBack:
    """Reverses a payment of an earlier shift (红冲) in the shift open now, with a red receipt of its own.

    Needs an approver other than the actor, with the right to reverse: nobody takes money back alone. Raises
    `ApproverMissing`, `NotPermitted`, `ReversalKeyUsed`, and what `begin_mirror` raises.
    """
    before = _reversed_before(act.connection, receipt, key)
    if before is not None:
        return before
    stored = standing_receipt(act.connection, receipt, reason)
    _check_approver(act, stored.number)
    shift = shift_to_act_in(act, till)
    draft, mirror, left = begin_mirror(act, shift, stored, "reversal", reason)
    payment = store_mirror(draft, with_numbers(act.connection, mirror.with_key(key), left))
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    postings = mirrored_postings(act.connection, mirror.entries, shift.till_number)
    owed, prepaid = _balances(act.connection, left, postings, shift.business_date)
    document = _red_document(act, shift, stored, number.code, reason)
    document = replace(document, still_owed=owed, prepaid_balance=prepaid)
    tenders = _tender_lines(left) if left.changed_by else document.tenders
    numbers = numbers_of(act.connection, left)
    tenders = tuple(replace(one, reference=one.reference or numbers.get(one.code, "")) for one in tenders)
    document = replace(document, tenders=tenders)
    red = store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    sealed = draft.seal(postings)
    correct_advances(act, mirror.original_entry)
    if print_slip:
        queue_slip(act, receipt=red, till=shift.till_id)
    return PaymentTakenBack(number.code, stored.number, mirror.total, sealed.id, document.moved)


_reversed, _red_receipt = _payment.alias("reversed"), _receipt.alias("red")
_BEFORE = (
    select(_reversed.c.kind, _reversed.c.total, _reversed.c.entry_id, _red_receipt.c.code, _receipt.c.code.label("of"))
    .outerjoin(_red_receipt, _red_receipt.c.payment_id == _reversed.c.id)
    .outerjoin(_receipt, _receipt.c.payment_id == _reversed.c.reverses_id)
    .where(_reversed.c.request_key == bindparam("key"))
)


def _reversed_before(connection: Connection, receipt: str, key: str | None) -> PaymentTakenBack | None:
    """What the same request reversed already; None for a new one."""
    row = None if key is None else connection.execute(_BEFORE, {"key": key}).one_or_none()
    if row is None:
        return None
    if row.kind != "reversal" or row.of != receipt.strip().upper():
        raise ReversalKeyUsed(key=key)
    moved = find_receipt(connection, row.code).document.moved
    return PaymentTakenBack(row.code, row.of, Fen(row.total), row.entry_id, moved)


def _check_approver(act: Act, receipt: str) -> None:
    if act.approver is None or act.approver.id == act.actor.id:
        raise ApproverMissing(receipt=receipt)
    if not act.approver.may(Permission.REVERSE):
        raise NotPermitted(name=act.approver.name, permission=_(PERMISSION_NAMES[Permission.REVERSE]))


STATES = {
    "void": N_("voided"),
    "reversed": N_("reversed"),
    "transferred": N_("transferred to another account"),
    "refunded": N_("given back"),
}
"""What a receipt that no longer stands is, in words."""


def standing_receipt(connection: Connection, receipt: str, reason: str) -> StoredReceipt:
    """The receipt of a payment that stands, to be put right for a reason.

    Raises `UnknownReceipt`, `ReasonMissing`, `OnlyPaymentsAreTakenBack`, `AlreadyTakenBack`.
    """
    stored = find_receipt(connection, receipt)
    if not reason.strip():
        raise ReasonMissing(receipt=stored.number)
    if stored.document.kind is not ReceiptKind.PAYMENT:
        raise OnlyPaymentsAreTakenBack(receipt=stored.number)
    if stored.status != "issued":
        raise AlreadyTakenBack(receipt=stored.number, state=_(STATES[stored.status]))
    return stored


_LINES = select(_line).where(_line.c.payment_id == bindparam("payment")).order_by(_line.c.sequence)


def begin_mirror(
    act: Act, shift: OpenShift, stored: StoredReceipt, kind: str, reason: str
) -> tuple[EntryDraft, Mirror, PaymentLeft]:
    """Begins the entry that takes a whole payment back, and says what it mirrors, changes of tender included.

    Raises `MoneyCameLater`, `RefundedInPart`, `PrepaymentUsed`, `DepositGivenBack`, `DayIsClosed`.
    """
    check_came_before(act.connection, payment=stored.payment, day=shift.business_date)
    left = whole_payment(act.connection, stored, on=shift.business_date)
    mirror = mirror_of(act.connection, stored.payment, kind=kind, shift=shift.id, day=shift.business_date)
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=kind,
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reverses_id=mirror.original_entry,
        reason=reason.strip(),
    )
    return draft, in_its_tenders(act.connection, mirror, left), left


def whole_payment(connection: Connection, stored: StoredReceipt, *, on: date) -> PaymentLeft:
    """A payment of which nothing was given back and whose money is still there, so that all of it can be taken back.

    Raises `RefundedInPart`, `PrepaymentUsed`, `DepositGivenBack`.
    """
    left = payment_left(connection, stored.payment, locked=True)
    if left.refunded:
        papers = "、".join(stored.refunds)
        raise RefundedInPart(receipt=stored.number, amount=format_amount(left.refunded), papers=papers)
    rows = connection.execute(_LINES, {"payment": stored.payment}).all()
    lines = [HeldLine(row.kind, row.account_id, row.fee_item_id, row.name, Fen(row.amount)) for row in rows]
    check_held(connection, stored.number, lines, left, on=on)
    return left


def _tender_lines(left: PaymentLeft) -> tuple[TenderLine, ...]:
    return tuple(TenderLine(one.code, one.name, one.kept, one.kept, one.reference) for one in left.tenders)


def check_held(connection: Connection, receipt: str, lines: Iterable[HeldLine], left: PaymentLeft, *, on: date) -> None:
    """Whether prepayment, deposits and unclaimed money that a payment brought are still there, from a date until now.

    Whoever has no account has a deposit by its receipt alone. Raises `PrepaymentUsed`, `DepositGivenBack`,
    `UnclaimedUsed`.
    """
    for line in lines:
        if line.kind == SALE:
            continue
        if line.kind == "unclaimed":
            if papers := used_by(connection, left.id):
                raise UnclaimedUsed(receipt=receipt, papers="、".join(papers))
            continue
        if line.kind == "deposit":
            held = deposit_left(connection, line, left, on=on)
            if held < line.amount:
                words: dict[str, Any] = {"amount": format_amount(line.amount), "left": format_amount(held)}
                raise DepositGivenBack(receipt=receipt, name=line.name, **words)
            continue
        assert line.account is not None
        prepaid = prepaid_to_use(connection, line.account, on=on)
        if prepaid < line.amount:
            raise PrepaymentUsed(
                receipt=receipt,
                brought=format_amount(line.amount),
                left=format_amount(prepaid),
                account=account_number(line.account),
            )


def deposit_left(connection: Connection, line: HeldLine, left: PaymentLeft, *, on: date) -> Fen:
    """What is held of a deposit: for its account, else of the one receipt."""
    if line.account is not None:
        return deposit_to_use(connection, line.account, line.name, on=on)
    return Fen(sum(one.amount for one in left.deposits if one.name == line.name))


def _balances(connection: Connection, left: PaymentLeft, postings: Sequence[PostingLine], day: date) -> tuple[Fen, Fen]:
    """What is owed and prepaid after a reversal whose details are stored but whose entry is not in the ledger yet."""
    from feedesk.ops.paying_at_once import concession_at_stake  # most payments concede no year

    if left.account is None:
        return ZERO, ZERO
    also = {words.account for words in left.charges.values()}
    owed = owed_by_household(connection, account=left.account, also=also, on=day)
    moved = sum(line.amount for line in postings if line.ledger_account == PREPAYMENTS and line.account == left.account)
    prepaid = prepaid_balance(connection, left.account) - moved
    return Fen(owed + concession_at_stake(connection, left.id)), Fen(prepaid)


def _red_document(act: Act, shift: OpenShift, stored: StoredReceipt, number: str, reason: str) -> ReceiptDocument:
    """A red receipt shows the amounts taken back, positive, names the receipt it reverses, and says what of it goes
    back where it lay instead of to the payer.
    """
    before = stored.document
    words = refund_in_words if before.moved == before.total else reversal_in_words
    return replace(
        before,
        number=number,
        kind=ReceiptKind.REVERSAL,
        issued_at=act.now.isoformat(timespec="seconds"),
        till=shift.till_name,
        cashier=cashier_on_paper(act, shift),
        in_words=words(before.total),
        code=number,
        reverses=stored.number,
        reason=reason.strip(),
        change=Fen(0),
        tenders=tuple(replace(tender, tendered=tender.kept) for tender in before.tenders),
        still_owed_note="",
        remark=_("; ").join(part for part in (before.remark, *_where_it_goes(before)) if part),
    )


def _where_it_goes(document: ReceiptDocument) -> Iterator[str]:
    """What is not given to the payer, because it was not taken from him by this payment."""
    if unclaimed := document.held("unclaimed"):
        words = _("{amount} is money of unknown origin again and is not given back")
        yield words.format(amount=format_amount(unclaimed))
    if prepaid := document.held("prepaid"):
        yield _("{amount} goes back into the prepayment").format(amount=format_amount(prepaid))
