"""Selling from the price list (临时收费): money against a service at once, by a resident or by anybody (散客).

Nothing is owed before or after, so the same thing may be bought again. Every price is that of 收费标准 in force today:
another amount is not to be had at the desk. Whoever is no resident is named, and may leave a deposit (装修押金) too.
"""

import uuid
from collections.abc import Sequence
from datetime import date

from feedesk.errors import UserError
from feedesk.money import ZERO, Fen
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.buying import CostsNothing, NotOnSale, QuantityWrong, SaleWish, bought
from feedesk.ops.collecting import checked_deposits, checked_tenders, digest_of, paid_before
from feedesk.ops.from_prepayment import check_prepaid
from feedesk.ops.payment_posting import PaymentCollected, Request, Taking, TenderGiven, post_payment
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.tendering import check_references, step_of_change
from feedesk.queries.accounts import AccountRef, account_by_id
from feedesk.queries.desk import TenderRow
from feedesk.rules.tenders import ChangeStep, Given, settle
from feedesk.texts import N_

__all__ = ["CostsNothing", "NotOnSale", "QuantityWrong", "SaleWish", "sell"]


class NothingSold(UserError):
    message = N_("Choose something from the price list: nothing was taken.")


class PayerMissing(UserError):
    message = N_("Type who pays: somebody who is no resident is named on the receipt. Nothing was taken.")


class NoPrepayment(UserError):
    message = N_("Somebody who is no resident has no prepayment: choose another way of paying. Nothing was taken.")


@requires(Permission.COLLECT)
def sell(
    act: Act,
    *,
    tenders: Sequence[TenderGiven],
    sales: Sequence[SaleWish] = (),
    account: int | None = None,
    deposits: Sequence[tuple[str, Fen]] = (),
    payer: str = "",
    remark: str = "",
    key: str | None = None,
    same_reference: bool = False,
    till: int = 1,
    print_slip: bool = False,
    seen_step: ChangeStep | None = None,
) -> PaymentCollected:
    """Takes money for articles of the price list, and deposits, at a till with an open shift; issues its receipt.

    Without an ``account`` the ``payer`` is typed, and ``remark`` may hold a telephone number; with one the payer is the
    account's unless somebody else pays. An article that is a deposit (押金) is held like any deposit. Raises
    `ShiftNotOpen`, `NothingSold`, `PayerMissing`, `NotOnSale`, `QuantityWrong`, `NoPrepayment`, `TenderShort`,
    `ReferenceMissing`, `ChangeStepIsOther` …
    """
    payer, remark = payer.strip(), remark.strip()
    asked = ("sell", tuple(sales), account, tuple(deposits), tuple(tenders), payer, remark, till)
    request = Request(key or uuid.uuid4().hex, digest_of(*asked), payer or None)
    before = paid_before(act.connection, request)
    if before is not None:
        return before
    shift = shift_to_act_in(act, till)
    ref = account_by_id(act.connection, account) if account is not None else None
    if ref is None and not payer:
        raise PayerMissing
    known = checked_tenders(act.connection, tenders, same_reference)
    check_references(act.connection, tenders, known)
    step = step_of_change(act.connection, seen_step)
    _check_prepaid(act, shift.business_date, ref, known, tenders)
    wanted = bought(act.connection, sales, on=shift.business_date, account=ref)
    named = checked_deposits(act.connection, deposits)
    due = Fen(wanted.total + sum(one.amount for one in named))
    if not due:
        raise NothingSold
    given = [Given(tender.code, tender.amount, known[tender.code].gives_change) for tender in tenders]
    taking = Taking(
        account=ref,
        accounts=(ref,) if ref is not None else (),
        chosen=(),
        parts=(),
        prepay=ZERO,
        deposits=(*wanted.deposits, *named),
        tenders=tuple(tenders),
        settlement=settle(due, given, step=step),
        sales=wanted.sold,
        remark=remark,
    )
    return post_payment(act, shift, known, taking, request, print_slip)


def _check_prepaid(
    act: Act, day: date, ref: AccountRef | None, known: dict[str, TenderRow], tenders: Sequence[TenderGiven]
) -> None:
    if ref is not None:
        check_prepaid(act.connection, ref, known, tenders, on=day)
    elif any(known[tender.code].kind == "prepaid" for tender in tenders):
        raise NoPrepayment
