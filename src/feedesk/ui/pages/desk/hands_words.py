"""What a closing statement says on the sheet of a change of hands: a line for each fee item, or for each charge.

A year paid ahead is twelve charges; one line tells how far it is paid, for how many bills and how much of it falls on
the new payer's days.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

from feedesk.money import Fen, format_amount, split_by_weight
from feedesk.queries.hands import ClosingStatement, ReachingCharge
from feedesk.texts import _


def closing_words(closing: ClosingStatement, *, by_days: bool, in_full: bool) -> str:
    """A line for what stays, for each item that reaches beyond (``in_full``: for each charge), for what is not billed.

    ``by_days``: what is billed beyond and unpaid goes over by days.
    """
    return "\n".join(_lines(closing, by_days, in_full))


def can_be_shorter(closing: ClosingStatement) -> bool:
    """Whether several charges share a line unless each is asked for."""
    return any(len(group) > 1 for group in _groups(closing.reaching))


def _lines(closing: ClosingStatement, by_days: bool, in_full: bool) -> Iterator[str]:
    goes = sum(one.share for one in closing.reaching if one.movable) if by_days else 0
    name = closing.account.resident
    yield _("To {day} this account owes {amount} ({count} charges); that stays with {name}.").format(
        day=closing.last_day.isoformat(),
        amount=format_amount(Fen(closing.total_due - goes)),
        count=len(closing.owed),
        name=name,
    )
    for group in [[one] for one in closing.reaching] if in_full else _groups(closing.reaching):
        yield _reach(group[0], by_days) if len(group) == 1 else _reach_together(group, by_days)
    for item in closing.unbilled:
        words = _("{item} is billed to {day} only: the days up to the change are billed to {name} later.")
        yield words.format(item=item.item, day=item.billed_through.isoformat(), name=name)


def _groups(reaching: Sequence[ReachingCharge]) -> list[list[ReachingCharge]]:
    """The charges of one fee item with which the same is done, in the order of their months."""
    together = sorted(reaching, key=lambda one: (one.charge.order, _alike(one), one.charge.serves_to))
    return [list(group) for _key, group in groupby(together, key=_alike)]


def _alike(one: ReachingCharge) -> tuple[str, bool, bool]:
    return one.charge.item, one.movable, _is_paid(one)


def _is_paid(one: ReachingCharge) -> bool:
    return not one.charge.principal


def _reach(reaching: ReachingCharge, by_days: bool) -> str:
    """What becomes of a charge that serves days of the new payer."""
    charge = reaching.charge
    facts = {"item": charge.item, "period": charge.period, "days": reaching.days_after}
    if not reaching.movable:
        words = _(
            "{item} {period} is billed {days} days beyond and paid or disputed: it is left as it is, "
            "settle it among you."
        )
        return words.format(**facts)
    if not by_days:
        return _("{item} {period} is billed {days} days beyond: all of it stays.").format(**facts)
    words = _("{item} {period} is billed beyond: {days} days, {amount}, are the new payer's.")
    return words.format(amount=format_amount(reaching.share), **facts)


def _reach_together(group: Sequence[ReachingCharge], by_days: bool) -> str:
    """The same for several charges of one item."""
    last = group[-1].charge
    facts = {"item": last.item, "day": last.serves_to.isoformat(), "count": len(group)}
    facts["days"] = sum(one.days_after for one in group)
    if not group[0].movable:
        paid = Fen(sum(_paid_beyond(one) for one in group))
        if _is_paid(group[0]):
            words = _(
                "{item} is paid to {day} · {count} bills · {amount} of it for the {days} days after the change: "
                "it is left as it is, settle it among you."
            )
        else:
            words = _(
                "{item} is billed to {day} · {count} bills, part paid or disputed: they are left as they are, "
                "settle it among you."
            )
        return words.format(amount=format_amount(paid), **facts)
    if not by_days:
        return _("{item} is billed to {day} · {count} bills: all of it stays.").format(**facts)
    amount = format_amount(Fen(sum(one.share for one in group)))
    words = _("{item} is billed to {day} · {count} bills: {days} days, {amount}, are the new payer's.")
    return words.format(amount=amount, **facts)


def _paid_beyond(one: ReachingCharge) -> Fen:
    """What of the price paid falls on the days after the change; late fees are nobody's days."""
    price = Fen(one.charge.amount - one.charge.discount)
    return split_by_weight(price, [one.days - one.days_after, one.days_after])[1]
