"""Posting money that is given back, or never came: a payment of the opposite sign with a paper of its own.

Unlike a void it mirrors nothing: it takes back just a part of what a payment settled, and names that payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.ledger.prepared import Prepared
from feedesk.models import Allocation, Payment, PaymentLine, PaymentTender, Receipt, table_of
from feedesk.models.types import moment_text
from feedesk.money import ZERO, Fen
from feedesk.ops.at_the_till import cashier_on_paper
from feedesk.ops.charge_moves import ChargeMove, give_back, move_charges
from feedesk.ops.paying_at_once import concession_at_stake, take_concession_back
from feedesk.ops.payment_posting import Request, TenderGiven, area_note, money_account, store_correction
from feedesk.ops.permissions import PERMISSION_NAMES, NotPermitted, Permission
from feedesk.ops.printing import queue_slip
from feedesk.ops.rebilling import NOTHING_REBILLED, Rebilling, rebilling_postings, store_rebilling
from feedesk.ops.receipting import letterhead, store_receipt, take_number
from feedesk.ops.releasing import correct_releases
from feedesk.ops.run import Act
from feedesk.ops.sale_lines import SALE, Sold, sale_postings, sale_receipt_lines, store_sales
from feedesk.queries.accounts import AccountRef
from feedesk.queries.corrections import ChargeWords, HeldLine, PaymentLeft
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.statement import owed_by_household, prepaid_balance
from feedesk.rules.capitals import amount_in_words, refund_in_words
from feedesk.rules.giving_back import SettledPart
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind, ReceiptLine, TenderLine
from feedesk.rules.receipt_lines import months_together
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

    ``charges`` are the words of the charges in ``parts``; ``deducted`` settles a charge out of a deposit, ``kept`` is
    sold out of the deposit of somebody without an account; ``corrects`` the payment this is of, ``value_date`` from
    when it counts for late fees. ``months`` are months ahead put out of force with it, and ``lines`` what the paper
    says of the parts instead of listing them.
    """

    kind: ReceiptKind
    account: AccountRef | None
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
    kept: tuple[Sold, ...] = ()
    months: Rebilling = NOTHING_REBILLED
    lines: tuple[ReceiptLine, ...] = ()
    rounding: Fen = ZERO
    evidence: str = ""
    authorisation: str = ""
    inspected: bool = False
    remark: str = ""

    @property
    def account_id(self) -> int | None:
        return None if self.account is None else self.account.id

    @property
    def total(self) -> Fen:
        return Fen(sum(given.amount for _row, given in self.tenders))

    @property
    def opened(self) -> Fen:
        """What is owed again."""
        gone = {one.id for one in self.months.cancelled}
        return Fen(sum(part.amount for part in self.parts if part.charge not in gone) + self.months.owed)


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
    store_rebilling(draft, giving.months)
    _store_details(draft, payment, giving)
    _move(draft, giving)
    undone = giving.corrects if giving.parts else None
    again = concession_at_stake(act.connection, undone) if undone is not None else ZERO
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    document = _document(act, shift, giving, number.code)
    document = replace(document, still_owed=Fen(document.still_owed + again))
    receipt = store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    sealed = draft.seal(_postings(shift, giving))
    if undone is not None and again:
        take_concession_back(act, shift.business_date, undone, giving.reason)
    if giving.months.cancelled:
        correct_releases(act)
    if print_slip:
        queue_slip(act, receipt=receipt, till=shift.till_id)
    return MoneyGivenBack(
        receipt=number.code,
        refunds=giving.reverses or (giving.account.number if giving.account else ""),
        total=giving.total,
        tender=giving.tenders[0][0].code,
        entry=sealed.id,
        opened=Fen(giving.opened + again),
    )


def _store_payment(draft: EntryDraft, shift: OpenShift, giving: GivingBack, request: Request) -> int:
    row = {
        "kind": giving.kind.value,
        "request_key": request.key,
        "request_digest": request.digest,
        "account_id": giving.account_id,
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
    settled += [(month.key, "principal", int(month.net)) for month in giving.months.anew if month.paid and month.net]
    for place, (charge, kind, amount) in enumerate(settled):
        facts = {"charge_id": charge, "kind": kind, "amount": amount}
        draft.add(_allocation, {"payment_id": payment, "sequence": place, **facts})
    for place, one in enumerate(giving.held):
        facts = {"kind": one.kind, "account_id": one.account, "fee_item_id": one.item, "name": one.name}
        draft.add(_line, {"payment_id": payment, "sequence": place, **facts, "amount": -one.amount})
    for place, sold in enumerate(giving.kept, len(giving.held)):
        facts = {"kind": SALE, "account_id": giving.account_id, "fee_item_id": sold.item_id, "name": sold.item}
        draft.add(_line, {"payment_id": payment, "sequence": place, **facts, "amount": sold.amount})
    store_sales(draft, giving.kept)
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
            giving.account_id if row.kind == "prepaid" else None,
        )
        for row, given in giving.tenders
    ]
    lines.append(PostingLine(chart.ROUNDING, Fen(-giving.rounding)))
    for part in giving.parts:
        words = (giving.charges or {})[part.charge]
        debited = chart.receivable(words.item) if part.kind == "principal" else chart.LATE_FEES
        lines.append(PostingLine(debited, part.amount, words.account))
    for one in giving.held:
        lines.append(_taken_out(one))
    lines.extend(sale_postings(giving.kept))
    if giving.deducted is not None:
        charge = giving.deducted.charge
        lines.append(PostingLine(chart.receivable(charge.item), Fen(-giving.deducted.paid), charge.account))
    for month in giving.months.anew:
        if month.paid:
            lines.append(PostingLine(chart.receivable(month.old.item), Fen(-month.net), month.old.account))
    return [*lines, *rebilling_postings(giving.months)]


def _taken_out(one: HeldLine) -> PostingLine:
    match one.kind:
        case "prepayment":
            return PostingLine(chart.PREPAYMENTS, one.amount, one.account)
        case "sale":
            return PostingLine(chart.earned(one.name, one.nature), one.amount)
        case _:
            return PostingLine(chart.deposits(one.name), one.amount, one.account)


def _document(act: Act, shift: OpenShift, giving: GivingBack, number: str) -> ReceiptDocument:
    """The paper shows amounts given back, positive; what a deduction keeps is negative on it."""
    account, head = giving.account, letterhead(act.connection)
    lines = _lines(giving)
    concerned = {giving.charges[part.charge].account for part in giving.parts if giving.charges}
    owed = ZERO
    if account is not None:
        owed = owed_by_household(act.connection, account=account.id, also=concerned, on=shift.business_date)
    return ReceiptDocument(
        number=number,
        kind=giving.kind,
        community=head.community,
        company=head.company,
        issued_at=moment_text(act.now),
        till=shift.till_name,
        cashier=cashier_on_paper(act, shift),
        account=account.number if account else "",
        unit=account.unit if account else "",
        unit_note=area_note(account),
        payer=giving.payee,
        lines=lines,
        subtotal=Fen(sum(line.amount for line in lines)),
        rounding=giving.rounding,
        total=giving.total,
        in_words=(amount_in_words if giving.kind is ReceiptKind.BOUNCE else refund_in_words)(giving.total),
        tenders=tuple(
            TenderLine(row.code, row.name, given.amount, given.amount, given.reference or "")
            for row, given in giving.tenders
        ),
        change=ZERO,
        still_owed=owed,
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
    lines += giving.lines or months_together([_part_line(giving, part) for part in giving.parts])
    if giving.deducted is not None:
        item = _("Deducted: {item}").format(item=giving.deducted.charge.item)
        lines.append(ReceiptLine(item, "", Fen(-giving.deducted.paid)))
    for kept in sale_receipt_lines(giving.kept):
        item = _("Deducted: {item}").format(item=kept.item)
        lines.append(replace(kept, item=item, amount=Fen(-kept.amount)))
    return tuple(lines)


def _part_line(giving: GivingBack, part: SettledPart) -> ReceiptLine:
    words = (giving.charges or {})[part.charge]
    item = words.item if part.kind == "principal" else _("Late fee on {item}").format(item=words.item)
    unit = words.unit if giving.account is None or words.unit != giving.account.unit else ""
    return ReceiptLine(item, words.period, part.amount, unit=unit)


def _prepaid_after(connection: Connection, giving: GivingBack) -> Fen:
    """The prepayment after it: the entry is not in the ledger yet."""
    account = giving.account_id
    if account is None:
        return ZERO
    out = sum(one.amount for one in giving.held if one.kind == "prepayment" and one.account == account)
    back = sum(given.amount for row, given in giving.tenders if row.kind == "prepaid")
    return Fen(prepaid_balance(connection, account) - out + back)


def prepayments_back(left: PaymentLeft, amount: Fen) -> tuple[HeldLine, ...]:
    """Where ``amount`` of the prepayment that a payment brought comes out of."""
    return _lines_back(left.held, "prepayment", amount)


def sales_back(left: PaymentLeft, amount: Fen) -> tuple[HeldLine, ...]:
    """Which of the sales of a payment ``amount`` is given back of, the last first."""
    return _lines_back(left.held[::-1], SALE, amount)


def _lines_back(held: Sequence[HeldLine], kind: str, amount: Fen) -> tuple[HeldLine, ...]:
    rest, back = int(amount), []
    for one in held:
        part = Fen(min(rest, one.amount)) if one.kind == kind else ZERO
        if part:
            back.append(replace(one, amount=part))
            rest -= part
    return tuple(back)
