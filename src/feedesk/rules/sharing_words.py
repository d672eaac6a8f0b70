"""A share's arithmetic in signs for desk and receipt (``6,837.60 × 98.60 ÷ 18,240 ㎡``) and in sentences."""

from fractions import Fraction

from feedesk.money import decimal_text, format_amount
from feedesk.rules.price_words import measure_of
from feedesk.rules.sharing import Cost, Part, ShareBasis, SharedOut, UnitShare
from feedesk.texts import _


def weight_words(cost: Cost, weight: Fraction) -> str:
    """A weight with its measure: ``98.60 ㎡``, ``1 户``, ``19 度``, or a bare coefficient."""
    return f"{_number(cost, weight)}{_measure(cost)}"


def _number(cost: Cost, weight: Fraction) -> str:
    """Areas with two decimals, others with as many as they need; whole thousands apart."""
    text = decimal_text(weight, 2 if cost.basis is ShareBasis.AREA else None)
    whole, point, decimals = text.partition(".")
    return text if "/" in text else f"{int(whole):,}{point}{decimals}"


def _measure(cost: Cost) -> str:
    match cost.basis:
        case ShareBasis.AREA:
            return " ㎡"
        case ShareBasis.UNIT:
            return " " + _("homes")
        case ShareBasis.USAGE:
            return " " + measure_of(cost.meter_kinds[0])
        case ShareBasis.COEFFICIENT:
            return ""


def shared_basis(out: SharedOut, share: UnitShare, part: Part, *, vacant: bool = False) -> str:
    """``6,837.60 × 98.60 ÷ 18,240 ㎡``, by home ``6,837.60 ÷ 64 户``; ``× 12/30 天`` of a part.

    An empty unit is shown with its factor: ``6,837.60 × 98.60 × 0.5 ÷ 18,240 ㎡``.
    """
    cost = out.cost
    factor = _factor(cost, vacant)
    by_home = cost.basis is ShareBasis.UNIT
    times = "" if by_home else f" × {_number(cost, share.weight / factor)}"
    times += "" if factor == 1 else f" × {decimal_text(factor)}"
    weights = _number(cost, out.weights).removesuffix(".00") + _measure(cost)
    days = "" if part.days.count == cost.period.days else f" × {_days(out, part)}"
    return f"{format_amount(cost.total)}{times} ÷ {weights}{days}"


def _factor(cost: Cost, vacant: bool) -> Fraction:
    """What an empty unit's weight was multiplied by; 1 where it made no difference."""
    return cost.vacant_weight if vacant and cost.basis is not ShareBasis.USAGE and cost.vacant_weight else Fraction(1)


def _days(out: SharedOut, part: Part) -> str:
    return _("{days}/{of} days").format(days=part.days.count, of=out.cost.period.days)


def shared_explanation(out: SharedOut, share: UnitShare, part: Part, *, vacant: bool) -> tuple[str, ...]:
    """What is shared over how many units, the unit's share, and its part where it changes hands."""
    cost = out.cost
    lines = [
        _("“{name}” of {period} comes to {total} yuan, shared {basis} over {count} units.").format(
            name=cost.name,
            period=cost.period,
            total=format_amount(cost.total),
            basis=cost.basis,
            count=sum(1 for one in out.shares if one.weight),
        ),
        _("Total {total} × {weight} ÷ {weights} = {amount} yuan; the fen left over go where most was cut off.").format(
            total=format_amount(cost.total),
            weight=weight_words(cost, share.weight),
            weights=weight_words(cost, out.weights),
            amount=format_amount(share.amount),
        ),
    ]
    if _factor(cost, vacant) != 1:
        lines.append(_("The unit is empty: it counts {factor}.").format(factor=decimal_text(cost.vacant_weight)))
    if part.days.count != cost.period.days:
        lines.append(
            _("From {first} to {last}: {counted} of it, {amount} yuan.").format(
                first=part.days.first,
                last=part.days.last,
                counted=_days(out, part),
                amount=format_amount(part.amount),
            )
        )
    return tuple(lines)
