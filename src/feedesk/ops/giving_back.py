"""Posting money that is given back, or never came: a payment of the opposite sign with a paper of its own.

Unlike a void it mirrors nothing: it takes back just a part of what a payment settled, and names that payment.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.ledger.prepared import Prepared
from feedesk.models import Allocation, Payment, PaymentLine, PaymentTender, Receipt, table_of
from feedesk.models.types import moment_text
from feedesk.money import ZERO, Fen, decimal_text
from feedesk.ops.at_the_till import cashier_on_paper
from feedesk.ops.charge_moves import ChargeMove, give_back, move_charges
from feedesk.ops.payment_posting import Request, TenderGiven, money_account, store_correction
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission
from feedesk.ops.printing import queue_slip
from feedesk.ops.receipting import letterhead, store_receipt, take_number
from feedesk.ops.run import Act
from feedesk.queries.accounts import AccountRef
from feedesk.queries.corrections import ChargeWords, HeldLine, PaymentLeft
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.statement import open_charges, prepaid_balance
from feedesk.rules.capitals import refund_in_words
from feedesk.rules.giving_back import SettledPart
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind, ReceiptLine, TenderLine
from feedesk.texts import N_, _, current_language

_payment, _payment_tender, _allocation, _line, _receipt = (
    table_of(model) for model in (Payment, PaymentTender, Allocation, PaymentLine, Receipt)
)


class RefundReasonMissing(UserError):
    message = N_("Say why money is given back: a reason is required.")


class RefundApproverMissing(UserError):
    message = N_("Giving money back needs somebody else's approval: name an approver other than {actor}.")


class RefundKeyUsed(UserError):
    message = N_("The request key “{key}” belongs to another act, receipt {receipt}: nothing was given back.")


@dataclass(frozen=True, slots=True)
class GivingBack:
    """What is given back and how, worked out but not yet posted; all amounts positive.

    ``charges`` are the words of the charges in ``parts``; ``deducted`` settles a charge out of a deposit; ``corrects``
    the payment this is of, ``value_date`` from when it counts for late fees.
    """

    kind: ReceiptKind
    account: AccountRef
    payee: str
    tenders: tuple[tuple[TenderRow, TenderGiven], ...]
    reason: str
    value_date: date
    corrects: int | None = None
    reverses: str = ""
    parts: tuple[SettledPart, ...] = ()
    charges: dict[int, ChargeWords] | None = None
    held: tuple[HeldLine, ...] = ()
    deducted: ChargeMove | None = None
    rounding: Fen = ZERO
    evidence: str = ""
    authorisation: str = ""
    inspected: bool = False
    remark: str = ""

    @property
    def total(self) -> Fen:
        return Fen(sum(given.amount for _row, given in self.tenders))


@dataclass(frozen=True, slots=True)
class MoneyGivenBack:
    """Money given back: ``receipt`` is the paper that says so, ``refunds`` the receipt or account it is of.

    ``total`` is positive; ``tender`` the code of the way it went; ``opened`` fen are owed again.
    """

    receipt: str
    refunds: str
    total: Fen
    tender: str
    entry: int
    opened: Fen = ZERO
    replayed: bool = False


_REPLAY = Prepared(
    select(_payment.c.request_digest, _payment.c.total, _payment.c.entry_id, _receipt.c.code, _receipt.c.document)
    .join(_receipt, _receipt.c.payment_id == _payment.c.id)
    .where(_payment.c.request_key == bindparam("key"))
)


def given_before(connection: Connection, request: Request) -> MoneyGivenBack | None:
    """What the same request gave back already; None for a new one. Raises `RefundKeyUsed` for another's key."""
    row = _REPLAY.one_or_none(connection, {"key": request.key})
    if row is None:
        return None
    if row.request_digest != request.digest:
        raise RefundKeyUsed(key=request.key, receipt=row.code)
    document = ReceiptDocument.from_json(row.document)
    tender = document.tenders[0].code if document.tenders else ""
    refunds = document.reverses or document.account
    return MoneyGivenBack(row.code, refunds, Fen(-row.total), tender, row.entry_id, replayed=True)


def checked_approval(act: Act, reason: str) -> str:
    """The reason, trimmed, once somebody else with the right stands behind it.

    Raises `RefundReasonMissing`, `RefundApproverMissing`, `NotPermitted`.
    """
    if not reason.strip():
        raise RefundReasonMissing
    if act.approver is None or act.approver.id == act.actor.id:
        raise RefundApproverMissing(actor=act.actor.name)
    if not act.approver.may(Permission.REVERSE):
        raise NotPermitted(name=act.approver.name, permission=_(PERMISSION_NAMES[Permission.REVERSE]))
    return reason.strip()


def post_giving_back(
    act: Act, shift: OpenShift, giving: GivingBack, request: Request, *, print_slip: bool = False
) -> MoneyGivenBack:
    """Posts it in one entry, opens what is owed again, issues its paper and queues the slip."""
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind=giving.kind.value,
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reason=giving.reason,
    )
    payment = _store_payment(draft, shift, giving, request)
    _store_details(draft, payment, giving)
    _move(draft, giving)
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    document = _document(act, shift, giving, number.code)
    receipt = store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    sealed = draft.seal(_postings(shift, giving))
    if print_slip:
        queue_slip(act, receipt=receipt, till=shift.till_id)
    return MoneyGivenBack(
        receipt=number.code,
        refunds=giving.reverses or giving.account.number,
        total=giving.total,
        tender=giving.tenders[0][0].code,
        entry=sealed.id,
        opened=Fen(sum(part.amount for part in giving.parts)),
    )


def _store_payment(draft: EntryDraft, shift: OpenShift, giving: GivingBack, request: Request) -> int:
    row = {
        "kind": giving.kind.value,
        "request_key": request.key,
        "request_digest": request.digest,
        "account_id": giving.account.id,
        "payer": giving.payee,
        "shift_id": shift.id,
        "business_date": shift.business_date,
        "total": -giving.total,
        "tendered": -giving.total,
        "change": 0,
        "rounding": -giving.rounding,
        "reverses_id": None,
    }
    return draft.add(_payment, row)


def _store_details(draft: EntryDraft, payment: int, giving: GivingBack) -> None:
    for place, (row, given) in enumerate(giving.tenders):
        money = {"tendered": -given.amount, "kept": -given.amount, "reference": given.reference}
        draft.add(_payment_tender, {"payment_id": payment, "sequence": place, "tender_id": row.id, **money})
    settled = [(part.charge, part.kind, -part.amount) for part in giving.parts]
    if giving.deducted is not None:
        settled.append((giving.deducted.charge.id, "principal", int(giving.deducted.paid)))
    for place, (charge, kind, amount) in enumerate(settled):
        facts = {"charge_id": charge, "kind": kind, "amount": amount}
        draft.add(_allocation, {"payment_id": payment, "sequence": place, **facts})
    for place, one in enumerate(giving.held):
        facts = {"kind": one.kind, "account_id": one.account, "fee_item_id": one.item, "name": one.name}
        draft.add(_line, {"payment_id": payment, "sequence": place, **facts, "amount": -one.amount})
    store_correction(
        draft,
        corrects=giving.corrects,
        value_date=giving.value_date,
        evidence=giving.evidence,
        authorisation=giving.authorisation,
        inspected=giving.inspected,
    )


def _move(draft: EntryDraft, giving: GivingBack) -> None:
    returned: dict[int, tuple[int, int]] = {}
    for part in giving.parts:
        principal, late_fee = returned.get(part.charge, (0, 0))
        is_principal = part.kind == "principal"
        returned[part.charge] = (
            principal - (part.amount if is_principal else 0),
            late_fee - (0 if is_principal else part.amount),
        )
    give_back(draft, returned)
    if giving.deducted is not None:
        move_charges(draft, [giving.deducted])


def _postings(shift: OpenShift, giving: GivingBack) -> list[PostingLine]:
    lines = [
        PostingLine(
            money_account(row, shift.till_number),
            Fen(-given.amount),
            giving.account.id if row.kind == "prepaid" else None,
        )
        for row, given in giving.tenders
    ]
    lines.append(PostingLine(chart.ROUNDING, Fen(-giving.rounding)))
    for part in giving.parts:
        words = (giving.charges or {})[part.charge]
        debited = chart.receivable(words.item) if part.kind == "principal" else chart.LATE_FEES
        lines.append(PostingLine(debited, part.amount, words.account))
    for one in giving.held:
        debited = chart.PREPAYMENTS if one.kind == "prepayment" else chart.deposits(one.name)
        lines.append(PostingLine(debited, one.amount, one.account))
    if giving.deducted is not None:
        charge = giving.deducted.charge
        lines.append(PostingLine(chart.receivable(charge.item), Fen(-giving.deducted.paid), charge.account))
    return lines


def _document(act: Act, shift: OpenShift, giving: GivingBack, number: str) -> ReceiptDocument:
    """The paper shows amounts given back, positive; what a deduction keeps is negative on it."""
    account, head = giving.account, letterhead(act.connection)
    lines = _lines(giving)
    still_open = open_charges(act.connection, accounts=[account.id], on=shift.business_date)
    return ReceiptDocument(
        number=number,
        kind=giving.kind,
        community=head.community,
        company=head.company,
        issued_at=moment_text(act.now),
        till=shift.till_name,
        cashier=cashier_on_paper(act, shift),
        account=account.number,
        unit=account.unit,
        unit_note=f"{decimal_text(account.area, 2)}㎡" if account.area is not None else "",
        payer=giving.payee,
        lines=lines,
        subtotal=Fen(sum(line.amount for line in lines)),
        rounding=giving.rounding,
        total=giving.total,
        in_words=refund_in_words(giving.total),
        tenders=tuple(
            TenderLine(row.code, row.name, given.amount, given.amount, given.reference or "")
            for row, given in giving.tenders
        ),
        change=ZERO,
        still_owed=Fen(sum(charge.due for charge in still_open)),
        prepaid_balance=_prepaid_after(act.connection, giving),
        code=number,
        service_phone=head.service_phone,
        remark=giving.remark,
        reverses=giving.reverses,
        reason=giving.reason,
        training=act.training,
        language=current_language(),
    )


def _lines(giving: GivingBack) -> tuple[ReceiptLine, ...]:
    lines = []
    for one in giving.held:
        lines.append(ReceiptLine(one.name or _("Prepayment"), "", one.amount))
    for part in giving.parts:
        words = (giving.charges or {})[part.charge]
        item = words.item if part.kind == "principal" else _("Late fee on {item}").format(item=words.item)
        unit = words.unit if words.unit != giving.account.unit else ""
        lines.append(ReceiptLine(item, words.period, part.amount, unit=unit))
    if giving.deducted is not None:
        item = _("Deducted: {item}").format(item=giving.deducted.charge.item)
        lines.append(ReceiptLine(item, "", Fen(-giving.deducted.paid)))
    return tuple(lines)


def _prepaid_after(connection: Connection, giving: GivingBack) -> Fen:
    """The prepayment after it: the entry is not in the ledger yet."""
    account = giving.account.id
    out = sum(one.amount for one in giving.held if one.kind == "prepayment" and one.account == account)
    back = sum(given.amount for row, given in giving.tenders if row.kind == "prepaid")
    return Fen(prepaid_balance(connection, account) - out + back)


def prepayments_back(left: PaymentLeft, amount: Fen) -> tuple[HeldLine, ...]:
    """Where ``amount`` of the prepayment that a payment brought comes out of."""
    rest, back = int(amount), []
    for one in left.held:
        part = Fen(min(rest, one.amount)) if one.kind == "prepayment" else ZERO
        if part:
            back.append(replace(one, amount=part))
            rest -= part
    return tuple(back)
