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


class ShareWords:
    """Puts the shares of one cost into words; what all of them say is written once."""

    def __init__(self, out: SharedOut) -> None:
        cost = self._cost = out.cost
        self._total = format_amount(cost.total)
        self._weights = weight_words(cost, out.weights)
        self._plain_weights = _number(cost, out.weights).removesuffix(".00") + _measure(cost)
        self._first = _("“{name}” of {period} comes to {total} yuan, shared {basis} over {count} units.").format(
            name=cost.name,
            period=cost.period,
            total=self._total,
            basis=cost.basis,
            count=sum(1 for one in out.shares if one.weight),
        )

    def basis(self, share: UnitShare, part: Part, *, vacant: bool = False) -> str:
        """``6,837.60 × 98.60 ÷ 18,240 ㎡``, by home ``6,837.60 ÷ 64 户``; ``× 12/30 天`` of a part.

        An empty unit is shown with its factor: ``6,837.60 × 98.60 × 0.5 ÷ 18,240 ㎡``.
        """
        factor = self._factor(vacant)
        by_home = self._cost.basis is ShareBasis.UNIT
        times = "" if by_home else f" × {_number(self._cost, share.weight / factor)}"
        times += "" if factor == 1 else f" × {decimal_text(factor)}"
        days = "" if self._is_whole(part) else f" × {self._days(part)}"
        return f"{self._total}{times} ÷ {self._plain_weights}{days}"

    def explanation(self, share: UnitShare, part: Part, *, vacant: bool = False) -> tuple[str, ...]:
        """What is shared over how many units, the unit's share, and its part where it changes hands."""
        text = _("Total {total} × {weight} ÷ {weights} = {amount} yuan; the fen left over go where most was cut off.")
        weight = weight_words(self._cost, share.weight)
        amount = format_amount(share.amount)
        lines = [self._first, text.format(total=self._total, weight=weight, weights=self._weights, amount=amount)]
        factor = self._factor(vacant)
        if factor != 1:
            lines.append(_("The unit is empty: it counts {factor}.").format(factor=decimal_text(factor)))
        if not self._is_whole(part):
            text = _("From {first} to {last}: {counted} of it, {amount} yuan.")
            first, last = part.days.first, part.days.last
            amount = format_amount(part.amount)
            lines.append(text.format(first=first, last=last, counted=self._days(part), amount=amount))
        return tuple(lines)

    def _factor(self, vacant: bool) -> Fraction:
        """What an empty unit's weight was multiplied by; 1 where it made no difference."""
        by_usage = self._cost.basis is ShareBasis.USAGE
        return self._cost.vacant_weight if vacant and not by_usage and self._cost.vacant_weight else Fraction(1)

    def _is_whole(self, part: Part) -> bool:
        return part.days.count == self._cost.period.days

    def _days(self, part: Part) -> str:
        return _("{days}/{of} days").format(days=part.days.count, of=self._cost.period.days)
