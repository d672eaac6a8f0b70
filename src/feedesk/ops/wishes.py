"""What a request asks for: the act wanted, kept with the request and done later just as it was asked.

`check_wish` says whether it fits the ledger now, whoever approves it; the act itself checks everything again.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen, format_amount
from feedesk.ops.advancing import AdvanceWish
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.refund_parts import RefundOf
from feedesk.ops.refunding import (
    Deduction,
    DepositPapers,
    RefundsDiffer,
    check_money,
    check_prepaid,
    deposit_to_refund,
    payment_to_refund,
    refund_deposit,
    refund_payment,
    refund_prepayment,
    refund_tender,
)
from feedesk.ops.refunding_months import preview_months_back, refund_months
from feedesk.ops.run import Act
from feedesk.ops.taking_back import reverse_payment, standing_receipt, whole_payment
from feedesk.ops.waiving import check_waiver
from feedesk.ops.walk_in_deposits import refund_walk_in_deposit, walk_in_to_refund
from feedesk.queries.accounts import account_by_id
from feedesk.queries.requests import WAIVERS, DecisionRequest, RequestKind
from feedesk.texts import N_


class WishIncomplete(UserError):
    message = N_("The request does not say all that is needed: name what it is about and the amount.")


@dataclass(frozen=True, slots=True)
class Wish:
    """The act wanted. ``amount`` in fen: what is waived, what goes back, or what of a deposit ends.

    A waiver names ``charges``; a refund of a payment or a reversal the ``receipt``; of a prepayment the ``account``
    (and ``payee``), of a deposit its name too, with ``papers`` and ``deduction``; a deposit of somebody without an
    account has only its ``receipt``. ``of`` is the one line of the receipt that goes back; ``months`` of it go back,
    or stay owed (``keep_billed``). ``tender`` and ``reference``: the way in which money goes back.
    """

    kind: RequestKind
    amount: Fen
    charges: tuple[int, ...] = ()
    receipt: str = ""
    account: int | None = None
    tender: str = ""
    reference: str = ""
    payee: str = ""
    deposit: str = ""
    papers: DepositPapers = field(default_factory=DepositPapers)
    deduction: Deduction | None = None
    of: RefundOf | None = None
    months: tuple[AdvanceWish, ...] = ()
    keep_billed: bool = False

    @property
    def given(self) -> TenderGiven:
        """The money that goes back: of a deposit what is not deducted."""
        kept = self.deduction.amount if self.deduction else ZERO
        return TenderGiven(self.tender, Fen(self.amount - kept), self.reference or None)

    def to_json(self) -> str:
        """All of it that no column keeps."""
        facts: dict[str, Any] = {
            "charges": list(self.charges),
            "receipt": self.receipt,
            "tender": self.tender,
            "reference": self.reference,
            "payee": self.payee,
            "papers": asdict(self.papers) if self.kind is RequestKind.DEPOSIT else None,
            "deduction": asdict(self.deduction) if self.deduction else None,
            "of": asdict(self.of) if self.of else None,
            "deposit": self.deposit if self.account is None else "",
            "months": [[one.item, one.months, one.account] for one in self.months],
            "keep_billed": self.keep_billed,
        }
        return json.dumps({key: value for key, value in facts.items() if value}, ensure_ascii=False, sort_keys=True)


def wish_of(request: DecisionRequest) -> Wish:
    """The wish that a request keeps."""
    facts = json.loads(request.facts)
    kept, of = facts.get("deduction"), facts.get("of")
    return Wish(
        kind=request.kind,
        amount=request.amount,
        charges=tuple(facts.get("charges", ())),
        receipt=facts.get("receipt", ""),
        account=request.account,
        tender=facts.get("tender", ""),
        reference=facts.get("reference", ""),
        payee=facts.get("payee", ""),
        deposit=facts.get("deposit", request.name) if request.kind is RequestKind.DEPOSIT else "",
        papers=DepositPapers(**facts.get("papers", {})),
        deduction=Deduction(kept["item"], Fen(kept["amount"])) if kept else None,
        of=RefundOf(**of) if of else None,
        months=tuple(AdvanceWish(*one) for one in facts.get("months", ())),
        keep_billed=facts.get("keep_billed", False),
    )


@dataclass(frozen=True, slots=True)
class Concerned:
    """What a wish is about: the account, the payment, and ``name``, which people know it by."""

    account: int | None
    payment: int | None
    name: str


def check_wish(act: Act, wish: Wish, reason: str) -> Concerned:
    """Whether a wish fits the ledger now, and what it is about. Raises what the act itself raises of it."""
    return _CHECKS[wish.kind](act, wish, reason)


def _check_waiver(act: Act, wish: Wish, _reason: str) -> Concerned:
    if not wish.charges:
        raise WishIncomplete
    principal = wish.kind is RequestKind.PRINCIPAL
    found = check_waiver(act, charges=wish.charges, amount=wish.amount, principal=principal)
    return Concerned(found[0].account, None, "、".join(f"{one.item} {one.period}" for one in found))


def _check_payment(act: Act, wish: Wish, reason: str) -> Concerned:
    refund_tender(act.connection, wish.given, wish.amount)
    if wish.months:
        return _check_months(act, wish, reason)
    found = payment_to_refund(
        act.connection, receipt=wish.receipt, amount=wish.amount, reason=reason, on=act.business_date, of=wish.of
    )
    return Concerned(found.account, found.left.id, found.receipt.number)


def _check_months(act: Act, wish: Wish, reason: str) -> Concerned:
    stored = standing_receipt(act.connection, wish.receipt, reason)
    facts: dict[str, Any] = {"receipt": stored.number, "months": wish.months, "keep_billed": wish.keep_billed}
    plan = preview_months_back(act.connection, today=act.business_date, **facts)
    if plan.amount != wish.amount:
        raise RefundsDiffer(tendered=format_amount(wish.amount), amount=format_amount(plan.amount))
    return Concerned(plan.left.account, plan.left.id, stored.number)


def _check_prepayment(act: Act, wish: Wish, _reason: str) -> Concerned:
    account = account_by_id(act.connection, _account(wish))
    refund_tender(act.connection, wish.given, wish.amount)
    check_prepaid(act.connection, account, wish.amount, on=act.business_date)
    return Concerned(account.id, None, account.number)


def _check_deposit(act: Act, wish: Wish, reason: str) -> Concerned:
    if wish.account is None:
        return _check_strangers_deposit(act, wish, reason)
    account = account_by_id(act.connection, _account(wish))
    refund_tender(act.connection, wish.given, None, may_be_nothing=wish.deduction is not None)
    slip = deposit_to_refund(
        act.connection, account, name=wish.deposit, amount=wish.amount, papers=wish.papers, on=act.business_date
    )
    return Concerned(account.id, slip.id if slip else None, wish.deposit)


def _check_strangers_deposit(act: Act, wish: Wish, reason: str) -> Concerned:
    if not wish.receipt.strip():
        raise WishIncomplete
    given = wish.given
    check_money(refund_tender(act.connection, given, given.amount, may_be_nothing=wish.deduction is not None))
    facts: dict[str, Any] = {"name": wish.deposit, "amount": wish.amount, "papers": wish.papers}
    found = walk_in_to_refund(act.connection, receipt=wish.receipt, reason=reason, deduction=wish.deduction, **facts)
    return Concerned(None, found.left.id, f"{wish.deposit} {found.receipt}")


def _check_reversal(act: Act, wish: Wish, reason: str) -> Concerned:
    stored = standing_receipt(act.connection, wish.receipt, reason)
    left = whole_payment(act.connection, stored, on=act.business_date)
    if wish.amount != left.total:
        raise WishIncomplete
    return Concerned(stored.account, stored.payment, stored.number)


_CHECKS: dict[RequestKind, Callable[[Act, Wish, str], Concerned]] = {
    **dict.fromkeys(WAIVERS, _check_waiver),
    RequestKind.PAYMENT: _check_payment,
    RequestKind.PREPAYMENT: _check_prepayment,
    RequestKind.DEPOSIT: _check_deposit,
    RequestKind.REVERSAL: _check_reversal,
}


def _account(wish: Wish) -> int:
    if wish.account is None:
        raise WishIncomplete
    return wish.account


@dataclass(frozen=True, slots=True)
class MoneyGone:
    """The act by which money went back: its paper, its amount (positive, in fen) and its entry."""

    receipt: str
    total: Fen
    entry: int


def give_back_as_asked(act: Act, wish: Wish, *, reason: str, key: str, till: int, print_slip: bool) -> MoneyGone:
    """Does the refund or reversal that was asked for, in the shift open at a till; ``act`` names the approver."""
    facts: dict[str, Any] = {"reason": reason, "key": key, "till": till, "print_slip": print_slip}
    if wish.kind is RequestKind.REVERSAL:
        taken = reverse_payment(act, receipt=wish.receipt, **facts)
        return MoneyGone(taken.receipt, Fen(-taken.total), taken.entry)
    if wish.months:
        facts |= {"months": wish.months, "keep_billed": wish.keep_billed}
        back = refund_months(act, receipt=wish.receipt, tender=wish.given, **facts)
    elif wish.kind is RequestKind.PAYMENT:
        back = refund_payment(act, receipt=wish.receipt, tender=wish.given, of=wish.of, **facts)
    elif wish.kind is RequestKind.PREPAYMENT:
        back = refund_prepayment(act, account=_account(wish), tender=wish.given, payee=wish.payee, **facts)
    else:
        facts |= {"papers": wish.papers, "deduction": wish.deduction, "tender": wish.given}
        facts |= {"name": wish.deposit, "amount": wish.amount}
        if wish.account is None:
            back = refund_walk_in_deposit(act, receipt=wish.receipt, **facts)
        else:
            back = refund_deposit(act, account=wish.account, **facts)
    return MoneyGone(back.receipt, back.total, back.entry)
