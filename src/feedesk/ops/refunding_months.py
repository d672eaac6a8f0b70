"""Months paid ahead given back before they are served (提前退预缴); their concession is reckoned anew.

The months go out of force, the last first, so that 缴至 ends earlier without a gap and nobody owes them; only where the
payer wants them kept they stay billed, and are owed. What is kept is owed at the price that paying just that much ahead
has, and the money that is left beyond it goes back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen, format_amount
from feedesk.ops.advancing import AdvanceNamedTwice, AdvanceWish
from feedesk.ops.at_the_till import shift_to_act_in
from feedesk.ops.giving_back import GivingBack, MoneyGivenBack, checked_approval, given_before, post_giving_back
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.rebilling import NOTHING_REBILLED, Rebilling, rebilling
from feedesk.ops.run import Act
from feedesk.ops.taking_back import standing_receipt
from feedesk.queries.accounts import account_by_id
from feedesk.queries.advance_refunds import AdvanceLeft, advances_left, months_back
from feedesk.queries.corrections import PaymentLeft, payment_left
from feedesk.queries.receipts import find_receipt
from feedesk.rules.advance_refunds import KeptMonth, MonthsBack
from feedesk.rules.concessions import concede
from feedesk.rules.giving_back import SettledPart
from feedesk.rules.receipt_document import ReceiptKind, ReceiptLine
from feedesk.rules.receipt_lines import period_span
from feedesk.texts import N_, _


class NoMonthsToGiveBack(UserError):
    message = N_("Receipt {receipt} paid no months of {item} ahead that still stand: look at the receipt again.")


class MonthsServed(UserError):
    message = N_("{months} months of {item} cannot go back: all but {most} have begun or are served already.")


class NotWholeCyclesBack(UserError):
    message = N_("{item} is billed {cycle} months at a time: give back a multiple of that.")


class LaterMonthsPaid(UserError):
    message = N_(
        "{item} of {unit} is billed through {until}, beyond this receipt: give those months back first, so that no gap "
        "is left."
    )


class NothingComesBack(UserError):
    message = N_(
        "{kept} months of {item} cost {price} without the concession, {paid} was paid for all: nothing comes back. "
        "Leave the months as they are, or give more of them back."
    )


class MonthsInstead(UserError):
    message = N_(
        "Receipt {receipt} paid {item} ahead: say how many months go back, or give all of the receipt back; a part of "
        "its money alone cannot go."
    )


@dataclass(frozen=True, slots=True)
class ItemBack:
    """The months of one item that go back, and what comes of it."""

    advance: AdvanceLeft
    back: MonthsBack

    @property
    def unchanged(self) -> bool:
        """Whether the months kept may stay just as they were billed."""
        return not self.back.is_reckoned_anew


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """What giving months back comes to, before it is done; ``amount`` goes back.

    ``rounding`` is the 抹零 that is taken back with it: never more money goes back than was kept.
    """

    receipt: str
    left: PaymentLeft
    items: tuple[ItemBack, ...]

    @property
    def rounding(self) -> Fen:
        return Fen(min(max(self._reckoned - self.left.refundable, 0), max(self.left.rounding, 0)))

    @property
    def amount(self) -> Fen:
        return Fen(self._reckoned - self.rounding)

    @property
    def _reckoned(self) -> Fen:
        return Fen(sum(one.back.back for one in self.items))


def refundable_months(connection: Connection, *, receipt: str, today: date) -> tuple[AdvanceLeft, ...]:
    """The months ahead of a receipt that stand, item by item; none of them may have to go back."""
    stored = find_receipt(connection, receipt)
    return advances_left(connection, payment_left(connection, stored.payment), today=today)


def preview_months_back(
    connection: Connection, *, receipt: str, months: Sequence[AdvanceWish], today: date, keep_billed: bool = False
) -> RefundPlan:
    """What giving months of a receipt back would come to. Raises what `refund_months` does of the months."""
    stored = find_receipt(connection, receipt)
    return _plan(connection, stored.number, payment_left(connection, stored.payment), months, today, keep_billed)


def _plan(
    connection: Connection,
    receipt: str,
    left: PaymentLeft,
    months: Sequence[AdvanceWish],
    today: date,
    keep_billed: bool,
) -> RefundPlan:
    found = advances_left(connection, left, today=today)
    items = []
    for wish in months:
        advance = next((one for one in found if one.item == wish.item and wish.account in (None, one.account)), None)
        if advance is None:
            raise NoMonthsToGiveBack(receipt=receipt, item=wish.item)
        items.append(ItemBack(advance, _checked(connection, advance, wish.months, keep_billed)))
    if len({(one.advance.account, one.advance.item) for one in items}) < len(items):
        raise AdvanceNamedTwice(item=items[-1].advance.item)
    return RefundPlan(receipt, left, tuple(items))


def _checked(connection: Connection, advance: AdvanceLeft, months: int, keep_billed: bool) -> MonthsBack:
    if not 1 <= months <= advance.most:
        raise MonthsServed(months=months, item=advance.item, most=advance.most)
    charges = advance.charges_of(months)
    if charges is None:
        raise NotWholeCyclesBack(item=advance.item, cycle=advance.months[-1].months)
    if advance.later is not None and not keep_billed:
        raise LaterMonthsPaid(item=advance.item, unit=advance.unit, until=advance.later.isoformat())
    back = months_back(connection, advance, charges)
    if back.back <= 0:
        facts: dict[str, Any] = {"price": format_amount(back.price), "paid": format_amount(back.paid)}
        raise NothingComesBack(kept=advance.count - months, item=advance.item, **facts)
    return back


@requires(Permission.REFUND)
def refund_months(
    act: Act,
    *,
    receipt: str,
    months: Sequence[AdvanceWish],
    tender: TenderGiven,
    reason: str,
    amount: Fen | None = None,
    keep_billed: bool = False,
    key: str | None = None,
    till: int = 1,
    print_slip: bool = False,
) -> MoneyGivenBack:
    """Gives the last ``months`` of what a receipt paid ahead back, item by item.

    ``keep_billed``: they stay billed and are owed, at the price they have now. Raises `NoMonthsToGiveBack`,
    `MonthsServed`, `NotWholeCyclesBack`, `LaterMonthsPaid`, `NothingComesBack`, `RefundsDiffer` and what
    `refund_payment` raises.
    """
    from feedesk.ops.refunding import RefundsDiffer, check_drawer_for, refund_request, refund_tender

    request = refund_request(key, "months", receipt, tuple(months), tender, amount, reason, keep_billed, till)
    before = given_before(act.connection, request)
    if before is not None:
        return before
    why = checked_approval(act, reason)
    stored = standing_receipt(act.connection, receipt, why)
    shift = shift_to_act_in(act, till)
    left = payment_left(act.connection, stored.payment, locked=True)
    if left.account is None or not months:
        raise NoMonthsToGiveBack(receipt=stored.number, item=months[0].item if months else "")
    plan = _plan(act.connection, stored.number, left, months, shift.business_date, keep_billed)
    way = refund_tender(act.connection, tender, amount)
    if tender.amount != plan.amount:
        raise RefundsDiffer(tendered=format_amount(tender.amount), amount=format_amount(plan.amount))
    check_drawer_for(act.connection, shift, way, tender.amount)
    giving = GivingBack(
        kind=ReceiptKind.REFUND,
        account=account_by_id(act.connection, left.account),
        payee=left.payer,
        tenders=((way, tender),),
        reason=why,
        value_date=shift.business_date,
        corrects=left.id,
        reverses=stored.number,
        parts=_parts(plan),
        charges=left.charges,
        months=_rebilled(act.connection, plan, keep_billed=keep_billed),
        lines=tuple(line for one in plan.items for line in _lines(one, left)),
        rounding=plan.rounding,
        remark=arithmetic(plan),
    )
    return post_giving_back(act, shift, giving, request, print_slip=print_slip)


def _touched(one: ItemBack) -> tuple[int, ...]:
    """The charges that do not stay as they are."""
    kept = () if one.unchanged else tuple(kept.month.charge for kept in one.back.kept)
    return (*kept, *(month.charge for month in one.back.given))


def _parts(plan: RefundPlan) -> tuple[SettledPart, ...]:
    touched = {charge for one in plan.items for charge in _touched(one)}
    return tuple(part for part in reversed(plan.left.parts) if part.charge in touched)


def _rebilled(connection: Connection, plan: RefundPlan, *, keep_billed: bool) -> Rebilling:
    touched = [charge for one in plan.items for charge in _touched(one)]
    kept = [month for one in plan.items if not one.unchanged for month in one.back.kept]
    back = [month for one in plan.items for month in one.back.given] if keep_billed else []
    owed = [KeptMonth(month, concede(month.line, month.standing)) for month in back]
    return rebilling(connection, touched, kept=kept, owed=owed)


def _lines(one: ItemBack, left: PaymentLeft) -> tuple[ReceiptLine, ...]:
    """The months that go back, as they were paid; then what those kept cost more."""
    words, given = left.charges, one.back.given
    unit = one.advance.unit if one.advance.account != left.account else ""
    span = period_span(words[given[0].charge].period, words[given[-1].charge].period)
    paid = Fen(sum(month.paid for month in given))
    lines = [ReceiptLine(one.advance.item, span, paid, unit=unit)]
    if one.back.more:
        kept = one.back.kept
        span = period_span(words[kept[0].month.charge].period, words[kept[-1].month.charge].period)
        more = _("{item} reckoned anew").format(item=one.advance.item)
        lines.append(ReceiptLine(more, span, Fen(-one.back.more), unit=unit))
    return tuple(lines)


def arithmetic(plan: RefundPlan) -> str:
    """How the money that goes back is reckoned, in words for the desk and the paper."""
    sentences = [_sentence(one) for one in plan.items]
    if plan.rounding:
        words = _("Less {rounding} that was rounded off when it was paid: {amount} goes back.")
        sentences.append(words.format(rounding=format_amount(plan.rounding), amount=format_amount(plan.amount)))
    return " ".join(sentences)


def _sentence(one: ItemBack) -> str:
    advance, back = one.advance, one.back
    given = sum(month.months for month in back.given)
    kept = advance.count - given
    facts: dict[str, Any] = {
        "item": advance.item,
        "count": advance.count,
        "given": given,
        "kept": kept,
        "paid": format_amount(back.paid),
        "price": format_amount(back.price),
        "back": format_amount(back.back),
        "label": "、".join(advance.lost) or _("the concession"),
    }
    if not kept:
        return _("{item}: all {count} months go back, {back}.").format(**facts)
    if one.unchanged:
        return _("{item}: {count} months paid with {paid} − {kept} months kept {price} = {back}.").format(**facts)
    text = _(
        "{item}: {count} months paid with {paid} − {kept} months kept, reckoned anew without {label}, {price} = {back}."
    )
    return text.format(**facts)


def whole_months(
    connection: Connection, left: PaymentLeft, given: Sequence[SettledPart], today: date, *, gap: bool = False
) -> Rebilling:
    """What becomes of the months ahead of a payment of which all goes back: those not served go out of force.

    Those served stay owed, at the price they have by themselves. ``gap``: later months may stand (a transfer that
    bounced asks nobody). Raises `LaterMonthsPaid`.
    """
    gone = {part.charge: part.amount for part in given if part.kind == "principal"}
    cancelled: list[int] = []
    owed: list[KeptMonth] = []
    for one in advances_left(connection, left, today=today):
        if any(gone.get(month.charge) != month.paid for month in one.months):
            continue
        coming = one.months[one.served :]
        if coming and one.later is not None and not gap:
            raise LaterMonthsPaid(item=one.item, unit=one.unit, until=one.later.isoformat())
        cancelled += [month.charge for month in coming]
        back = months_back(connection, one, len(coming))
        if back.is_reckoned_anew:
            cancelled += [kept.month.charge for kept in back.kept]
            owed += back.kept
    return rebilling(connection, cancelled, owed=owed)


def months_given_back(
    connection: Connection, receipt: str, left: PaymentLeft, given: Sequence[SettledPart], today: date
) -> Rebilling:
    """What becomes of months ahead where a payment goes back by its amount: all of it, or none of their money.

    Raises `MonthsInstead` for a part, `LaterMonthsPaid`.
    """
    if sum(part.amount for part in given) < sum(part.amount for part in left.parts):
        touched = {part.charge for part in given}
        for one in advances_left(connection, left, today=today) if touched else ():
            if any(month.charge in touched for month in one.months):
                raise MonthsInstead(receipt=receipt, item=one.item)
        return NOTHING_REBILLED
    return whole_months(connection, left, given, today)
