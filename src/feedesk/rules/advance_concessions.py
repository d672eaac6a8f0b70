"""What paying ahead concedes (预缴优惠): policies that a payment meets, granted on all charges of one advance.

A percentage or a unit price lowers each charge as any policy does. Months off and an amount off are for the advance
as a whole: 缴 12 送 1 takes one month's money off twelve charges, shared out over them by largest remainder, since
all of them earn the free month (权责发生制). Months off that do not stack stand alone on the whole advance; the
owner pays the lowest total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from feedesk.money import Fen, round_to_fen, split_by_weight
from feedesk.rules.concession_terms import ConditionKind, DatedPolicy
from feedesk.rules.concessions import ChargeLine, Conceded, Policy, Reduction, concede

WHOLE_YEAR = 12
"""The months that 一次性付清 asks for: a year at once."""

_OF_THE_WHOLE = frozenset({Reduction.MONTHS, Reduction.AMOUNT})


def met_by_payment(
    policies: Iterable[DatedPolicy], *, item: int, nature: str, day: date, months: int, nothing_left: bool
) -> tuple[Policy, ...]:
    """The policies in force on the day of a payment that an advance of ``months`` for an item meets.

    一次性付清 is met by a year at once that leaves nothing open (``nothing_left``); of one name the version begun last.
    """
    by_name: dict[str, DatedPolicy] = {}
    for one in sorted(policies, key=lambda one: one.valid_from):
        if one.condition.is_met_on_payment and one.in_force(day):
            by_name[one.policy.name] = one
    return tuple(
        one.policy
        for one in by_name.values()
        if one.covers(item, nature)
        and (
            months >= one.condition.months
            if one.condition.kind is ConditionKind.PREPAID
            else nothing_left and months >= WHOLE_YEAR
        )
    )


def concede_advance(
    lines: Sequence[ChargeLine], standing: Sequence[Sequence[Policy]], on_payment: Sequence[Policy]
) -> tuple[Conceded | None, ...]:
    """What the charges of one advance are lowered by, line by line.

    ``standing`` are the policies that count for each line anyway, ``on_payment`` those that the payment meets. Of
    results that are equal those that stack go first, then what stands anyway, then the order of the names.
    """
    by_line = [policy for policy in on_payment if policy.reduction not in _OF_THE_WHOLE]
    whole = sorted((one for one in on_payment if one.reduction in _OF_THE_WHOLE), key=lambda one: (one.name, one.id))
    plain = [(*policies, *by_line) for policies in standing]
    results = [_conceded(lines, plain)]
    together = [policy for policy in whole if policy.stackable]
    if together:
        stacking = [tuple(one for one in policies if one.stackable) for policies in plain]
        results.insert(0, _conceded(lines, _shared_out(lines, stacking, together)))
    results += [
        _conceded(lines, _shared_out(lines, [()] * len(lines), [policy])) for policy in whole if not policy.stackable
    ]
    return max(results, key=lambda found: sum(one.discount for one in found if one is not None))


def _conceded(lines: Sequence[ChargeLine], policies: Sequence[Sequence[Policy]]) -> tuple[Conceded | None, ...]:
    return tuple(concede(line, those) for line, those in zip(lines, policies, strict=True))


def _shared_out(
    lines: Sequence[ChargeLine], others: Sequence[Sequence[Policy]], whole: Sequence[Policy]
) -> list[tuple[Policy, ...]]:
    """The policies of each line, those for the whole advance turned into its share of what they take off."""
    found = [tuple(policies) for policies in others]
    months = sum(line.months for line in lines)
    for policy in whole:
        left = [_left(line, policies) for line, policies in zip(lines, found, strict=True)]
        if policy.reduction is Reduction.MONTHS:
            off = round_to_fen(Fraction(sum(left), 100) * policy.share(months))
        else:
            off = Fen(min(round_to_fen(policy.value), sum(left)))
        if off <= 0:
            continue
        shares = split_by_weight(off, left)
        found = [
            (*policies, replace(policy, reduction=Reduction.AMOUNT, value=Fraction(share, 100)))
            for policies, share in zip(found, shares, strict=True)
        ]
    return found


def _left(line: ChargeLine, policies: Sequence[Policy]) -> int:
    conceded = concede(line, policies)
    return line.gross - (conceded.discount if conceded else 0)
