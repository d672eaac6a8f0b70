"""How a payment that is worked out is posted: its entry, its details, the charges it settles, its receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine, begin_entry
from feedesk.models import Allocation, AllocationBasis, Correction, Payment, PaymentLine, PaymentTender, table_of
from feedesk.models.types import moment_text
from feedesk.money import ZERO, Fen, decimal_text
from feedesk.ops.advancing import NO_ADVANCES, Advances, advance_postings, store_advances
from feedesk.ops.at_the_till import cashier_on_paper
from feedesk.ops.charge_moves import ChargeMove, move_charges
from feedesk.ops.money_in_time import check_came_before
from feedesk.ops.printing import queue_slip
from feedesk.ops.receipting import letterhead, store_receipt, take_number
from feedesk.ops.run import Act
from feedesk.ops.sale_lines import SALE, Sold, sale_postings, sale_receipt_lines, store_sales
from feedesk.queries.accounts import AccountRef
from feedesk.queries.desk import OpenShift, TenderRow
from feedesk.queries.late_fees import LateFeeBook, late_fee_book, rate_note
from feedesk.queries.statement import StatementCharge, open_charges, prepaid_balance
from feedesk.rules.allocation import AGREED, AllocationPart, Basis, BasisKind, DebtPart
from feedesk.rules.capitals import amount_in_words
from feedesk.rules.receipt_document import ReceiptDocument, ReceiptKind, ReceiptLine, TenderLine
from feedesk.rules.receipt_lines import SettledCharge, compose_lines, concession_of
from feedesk.rules.tenders import Settlement
from feedesk.texts import _, current_language

_payment, _payment_tender, _allocation, _basis, _line, _correction = (
    table_of(model) for model in (Payment, PaymentTender, Allocation, AllocationBasis, PaymentLine, Correction)
)


@dataclass(frozen=True, slots=True)
class TenderGiven:
    """Money handed over: the tender's code, the amount in fen as given (before change), the channel's reference."""

    code: str
    amount: Fen
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class AllocationDone:
    """What a payment settled of one charge, in fen."""

    charge: int
    item: str
    period: str
    principal: Fen
    late_fee: Fen


@dataclass(frozen=True, slots=True)
class PaymentCollected:
    """A payment taken. ``total`` is the money kept, ``rounding`` the 抹零 forgone, ``balance_after`` still owed.

    ``replayed``: the same request key was seen before, and this is that payment again.
    """

    payment: int
    receipt: str
    total: Fen
    tendered: Fen
    change: Fen
    rounding: Fen
    allocations: tuple[AllocationDone, ...]
    balance_after: Fen
    job: int | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class DepositTaken:
    item: int
    name: str
    amount: Fen


@dataclass(frozen=True, slots=True)
class Taking:
    """What a payment settles and with what, worked out but not yet posted; ``chosen`` includes months paid ahead.

    ``account`` is None where somebody who is no resident (散客) pays for ``sales`` or a deposit. ``basis`` is on what
    the allocation rests; ``joint``: accounts beyond a household are paid for, so that the receipt names every unit.
    """

    account: AccountRef | None
    accounts: tuple[AccountRef, ...]
    chosen: tuple[StatementCharge, ...]
    parts: tuple[AllocationPart, ...]
    prepay: Fen
    deposits: tuple[DepositTaken, ...]
    tenders: tuple[TenderGiven, ...]
    settlement: Settlement
    advances: Advances = NO_ADVANCES
    basis: Basis = AGREED
    joint: bool = False
    sales: tuple[Sold, ...] = ()
    remark: str = ""

    @property
    def account_id(self) -> int | None:
        return None if self.account is None else self.account.id


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a request the same when it is sent again: its key, and a digest of all it asked for."""

    key: str
    digest: str
    payer: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Money that came in for another account (转户): the payment, the day it came, why, and words for the paper."""

    payment: int
    value_date: date
    reason: str
    remark: str


def post_payment(
    act: Act,
    shift: OpenShift,
    known: dict[str, TenderRow],
    taking: Taking,
    request: Request,
    print_slip: bool,
    moved: Moved | None = None,
) -> PaymentCollected:
    """Posts a payment in one entry, moves the charges it settles, issues its receipt and queues its slip.

    ``moved``: the money is not new but comes from the payment of another account.
    """
    draft = begin_entry(
        act.connection,
        chain=shift.till_id,
        kind="payment",
        business_date=shift.business_date,
        recorded_at=act.now,
        actor_id=act.actor.id,
        approver_id=act.approver.id if act.approver else None,
        shift_id=shift.id,
        reason=moved.reason if moved else "",
    )
    payer = request.payer or (taking.account.resident if taking.account else "")
    payment = _store_payment(draft, shift, taking, request, payer)
    store_advances(draft, taking.advances)
    _store_details(draft, payment, known, taking)
    store_sales(draft, taking.sales)
    if moved is not None:
        store_correction(draft, corrects=moved.payment, value_date=moved.value_date)
    move_charges(draft, _moves(taking))
    number = take_number(act.connection, till_id=shift.till_id, year=shift.business_date.year)
    rest = open_charges(act.connection, accounts=[one.id for one in taking.accounts], on=shift.business_date)
    balance_after = Fen(sum(charge.due for charge in rest))
    remark = "；".join(filter(None, (moved.remark if moved else taking.remark, _designation(taking))))
    paper = _Paper(number.code, payer, balance_after, _note_of_disputes(rest), remark)
    document = _document(act, shift, known, taking, paper)
    receipt = store_receipt(draft, number=number, payment=payment, business_date=shift.business_date, document=document)
    draft.seal(_postings(shift, known, taking))
    job = queue_slip(act, receipt=receipt, till=shift.till_id) if print_slip else None
    settlement = taking.settlement
    return PaymentCollected(
        payment=payment,
        receipt=number.code,
        total=settlement.total,
        tendered=settlement.tendered,
        change=settlement.change,
        rounding=settlement.rounding,
        allocations=_done(taking),
        balance_after=balance_after,
        job=job,
    )


def store_correction(
    draft: EntryDraft,
    *,
    corrects: int | None,
    value_date: date,
    evidence: str = "",
    authorisation: str = "",
    inspected: bool = False,
) -> None:
    """Stores which payment an entry puts right; ``value_date``: from when it counts for late fees.

    Raises `MoneyCameLater` where the payment came after the entry's business date.
    """
    if corrects is not None:
        check_came_before(draft.connection, payment=corrects, day=draft.business_date)
    facts = {"evidence": evidence, "authorisation": authorisation, "inspected": inspected}
    draft.add(_correction, {"corrects_id": corrects, "value_date": value_date, **facts})


def _store_payment(draft: EntryDraft, shift: OpenShift, taking: Taking, request: Request, payer: str) -> int:
    settlement = taking.settlement
    return draft.add(
        _payment,
        {
            "kind": "payment",
            "request_key": request.key,
            "request_digest": request.digest,
            "account_id": taking.account_id,
            "payer": payer,
            "shift_id": shift.id,
            "business_date": shift.business_date,
            "total": settlement.total,
            "tendered": settlement.tendered,
            "change": settlement.change,
            "rounding": settlement.rounding,
            "reverses_id": None,
        },
    )


def _store_details(draft: EntryDraft, payment: int, known: dict[str, TenderRow], taking: Taking) -> None:
    kept = taking.settlement.kept
    for n, (tender, amount) in enumerate(zip(taking.tenders, kept, strict=True)):
        draft.add(
            _payment_tender,
            {
                "payment_id": payment,
                "sequence": n,
                "tender_id": known[tender.code].id,
                "tendered": tender.amount,
                "kept": amount,
                "reference": tender.reference,
            },
        )
    for n, part in enumerate(taking.parts):
        draft.add(
            _allocation,
            {
                "payment_id": payment,
                "sequence": n,
                "charge_id": part.charge,
                "kind": part.kind,
                "amount": part.amount,
            },
        )
    if taking.parts:
        _store_basis(draft, payment, taking.basis)
    lines: list[tuple[str, int | None, str, Fen]] = [
        ("deposit", deposit.item, deposit.name, deposit.amount) for deposit in taking.deposits
    ]
    lines.extend((SALE, one.item_id, one.item, one.amount) for one in taking.sales)
    if taking.prepay:
        lines.append(("prepayment", None, "", taking.prepay))
    for n, (kind, item, name, amount) in enumerate(lines):
        draft.add(
            _line,
            {
                "payment_id": payment,
                "sequence": n,
                "kind": kind,
                "account_id": taking.account_id,
                "fee_item_id": item,
                "name": name,
                "amount": amount,
            },
        )


def _store_basis(draft: EntryDraft, payment: int, basis: Basis) -> None:
    facts = {"kind": str(basis.kind), "part": str(basis.only or ""), "agreed_order": str(basis.order)}
    draft.add(_basis, {"payment_id": payment, **facts, "clause": basis.clause})


def _designation(taking: Taking) -> str:
    """What the receipt says where the payer named what is settled."""
    if not taking.parts or taking.basis.kind is not BasisKind.DESIGNATED:
        return ""
    match taking.basis.only:
        case DebtPart.PRINCIPAL:
            return _("As designated by the payer: the principal only")
        case DebtPart.LATE_FEE:
            return _("As designated by the payer: the late fees only")
        case _:
            return _("As designated by the payer")


def _moves(taking: Taking) -> list[ChargeMove]:
    by_id = {charge.id: charge for charge in taking.chosen}
    return [ChargeMove(by_id[one.charge], one.principal, one.late_fee) for one in _done(taking)]


def _done(taking: Taking) -> tuple[AllocationDone, ...]:
    paid: dict[int, dict[str, int]] = {}
    for part in taking.parts:
        paid.setdefault(part.charge, {})[part.kind] = part.amount
    return tuple(
        AllocationDone(
            charge.id,
            charge.item,
            charge.period,
            Fen(paid[charge.id].get("principal", 0)),
            Fen(paid[charge.id].get("late_fee", 0)),
        )
        for charge in taking.chosen
        if charge.id in paid
    )


def _note_of_disputes(rest: Sequence[StatementCharge]) -> str:
    """What is still owed because it is in dispute: ``2026-08水费，争议中``; empty where other debts are left too."""
    owed = [charge for charge in rest if charge.due]
    if not owed or len(owed) > 2 or not all(charge.frozen for charge in owed):
        return ""
    return _("{charges} in dispute").format(charges="、".join(f"{one.period}{one.item}" for one in owed))


def _postings(shift: OpenShift, known: dict[str, TenderRow], taking: Taking) -> list[PostingLine]:
    account = taking.account_id
    by_id = {charge.id: charge for charge in taking.chosen}
    lines = [
        PostingLine(money_account(known[tender.code], shift.till_number), kept, _owner(known[tender.code], account))
        for tender, kept in zip(taking.tenders, taking.settlement.kept, strict=True)
    ]
    lines.append(PostingLine(chart.ROUNDING, taking.settlement.rounding))
    lines.extend(advance_postings(taking.advances))
    for part in taking.parts:
        charge = by_id[part.charge]
        credited = chart.receivable(charge.item) if part.kind == "principal" else chart.LATE_FEES
        lines.append(PostingLine(credited, Fen(-part.amount), charge.account))
    lines.extend(PostingLine(chart.deposits(one.name), Fen(-one.amount), account) for one in taking.deposits)
    lines.extend(sale_postings(taking.sales))
    lines.append(PostingLine(chart.PREPAYMENTS, Fen(-taking.prepay), account))
    return lines


def money_account(tender: TenderRow, till_number: int) -> chart.AccountKind:
    """Where the money of a tender lies: in the drawer, on its way from a channel, or already with us as prepayment or
    as money of unknown origin.
    """
    match tender.kind:
        case "cash":
            return chart.till_cash(till_number)
        case "prepaid":
            return chart.PREPAYMENTS
        case "unclaimed":
            return chart.UNCLAIMED
        case _:
            return chart.tender_account(tender.code, tender.name)


def _owner(tender: TenderRow, account: int | None) -> int | None:
    return account if tender.kind == "prepaid" else None


@dataclass(frozen=True, slots=True)
class _Paper:
    """What a receipt says beside what is taken: its number, who paid, what is owed still and why."""

    number: str
    payer: str
    balance_after: Fen
    note: str
    remark: str = ""


def _document(
    act: Act, shift: OpenShift, known: dict[str, TenderRow], taking: Taking, paper: _Paper
) -> ReceiptDocument:
    settlement, account, head = taking.settlement, taking.account, letterhead(act.connection)
    lines = _receipt_lines(act.connection, taking, shift.business_date)
    return ReceiptDocument(
        number=paper.number,
        kind=ReceiptKind.PAYMENT,
        community=head.community,
        company=head.company,
        issued_at=moment_text(act.now),
        till=shift.till_name,
        cashier=cashier_on_paper(act, shift),
        account=account.number if account else "",
        unit=account.unit if account else "",
        unit_note=area_note(account),
        payer=paper.payer,
        lines=lines,
        subtotal=Fen(sum(line.amount for line in lines)),
        rounding=settlement.rounding,
        total=settlement.total,
        in_words=amount_in_words(settlement.total),
        tenders=tuple(
            TenderLine(tender.code, known[tender.code].name, tender.amount, kept, tender.reference or "")
            for tender, kept in zip(taking.tenders, settlement.kept, strict=True)
        ),
        change=settlement.change,
        still_owed=paper.balance_after,
        still_owed_note=paper.note,
        prepaid_balance=_prepaid_after(act.connection, known, taking),
        code=paper.number,
        service_phone=head.service_phone,
        remark=paper.remark,
        other_units=_other_units(taking),
        training=act.training,
        language=current_language(),
    )


def area_note(account: AccountRef | None) -> str:
    """What a paper says beside the unit: ``98.60㎡``; empty where no account or no area is known."""
    return f"{decimal_text(account.area, 2)}㎡" if account is not None and account.area is not None else ""


def _other_units(taking: Taking) -> tuple[str, ...]:
    """The units settled beside the receipt's own, where accounts beyond a household are paid for."""
    if not taking.joint or taking.account is None:
        return ()
    settled = {part.charge for part in taking.parts}
    units = dict.fromkeys(charge.unit for charge in taking.chosen if charge.id in settled)
    return tuple(unit for unit in units if unit != taking.account.unit)


def _receipt_lines(connection: Connection, taking: Taking, on: date) -> tuple[ReceiptLine, ...]:
    done = {one.charge: one for one in _done(taking)}
    late = any(one.late_fee for one in done.values())
    book = late_fee_book(connection) if late else LateFeeBook({}, (), ())
    settled = [
        SettledCharge(
            item=charge.item,
            unit=charge.unit,
            period=charge.period,
            basis=charge.basis,
            gross=charge.amount,
            discount=charge.discount,
            concession=concession_of(charge.snapshot),
            principal=done[charge.id].principal,
            late_fee=done[charge.id].late_fee,
            late_fee_rate=_rate(book, charge, on) if done[charge.id].late_fee else "",
        )
        for charge in taking.chosen
        if charge.id in done
    ]
    lines = list(compose_lines(settled, taking.account.unit if taking.account else ""))
    lines.extend(sale_receipt_lines(taking.sales))
    lines.extend(ReceiptLine(deposit.name, "", deposit.amount) for deposit in taking.deposits)
    if taking.prepay:
        lines.append(ReceiptLine(_("Prepayment"), "", taking.prepay))
    return tuple(lines)


def _rate(book: LateFeeBook, charge: StatementCharge, on: date) -> str:
    return rate_note(book.of(charge.item_id, charge.item, charge.nature), charge.due_date, on)


def _prepaid_after(connection: Connection, known: dict[str, TenderRow], taking: Taking) -> Fen:
    used = sum(
        kept
        for tender, kept in zip(taking.tenders, taking.settlement.kept, strict=True)
        if known[tender.code].kind == "prepaid"
    )
    # The entry is not in the ledger yet, so its own movements are added to the balance before it.
    if taking.account is None:
        return ZERO
    return Fen(prepaid_balance(connection, taking.account.id) - used + taking.prepay)
