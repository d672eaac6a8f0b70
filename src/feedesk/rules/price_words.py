"""The arithmetic of a charge in signs for desk and receipt (``98.60 ㎡ × 2.80``) and in sentences to be read out.

Words are those of the language in use when a charge is billed: they are stored with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from feedesk.money import Fen, Mantissa, decimal_text, format_amount
from feedesk.periods import Period
from feedesk.rules.metering import SWAP, UsageStep
from feedesk.rules.spans import Days
from feedesk.rules.tariffs import Method, PriceVersion
from feedesk.texts import N_, _

_RENTS = {1: N_("monthly rent"), 3: N_("quarterly rent"), 6: N_("half-yearly rent"), 12: N_("yearly rent")}
_PER_CYCLE = {
    1: N_("{price} a month"),
    3: N_("{price} a quarter"),
    6: N_("{price} a half-year"),
    12: N_("{price} a year"),
}
_MEASURES = {"水": N_("t"), "热": N_("t"), "电": N_("kWh"), "燃": N_("cu m")}
_STEPS = {1: N_("fen"), 10: N_("jiao"), 100: N_("yuan")}
_ROUNDINGS = {
    Mantissa.HALF_UP: N_("rounded to the {step}"),
    Mantissa.UP: N_("rounded up to the {step}"),
    Mantissa.DOWN: N_("rounded down to the {step}"),
}


@dataclass(frozen=True, slots=True)
class MonthTerm:
    """Days of a month at one price: ``share`` of the month's price is charged, ``quantity`` times."""

    version: PriceVersion
    quantity: Fraction
    days: Days
    month: Period
    share: Fraction

    def amount(self, area: Fraction | None) -> Fraction:
        """Yuan, exact."""
        yuan = self.version.monthly * self.share * self.quantity
        return yuan * (area or 0) if self.version.method is Method.AREA else yuan

    def measure(self, area: Fraction | None) -> Fraction:
        """What the unit price is multiplied by: m² × months, or cycles, times the quantity."""
        times = self.share * self.quantity
        return times * (area or 0) if self.version.method is Method.AREA else times / self.version.cycle_months

    @property
    def is_by_days(self) -> bool:
        """Whether only a part of the month is charged, by its days."""
        return self.share != 1 and self.share == Fraction(self.days.count, self.month.days)


@dataclass(frozen=True, slots=True)
class UsageTerm:
    """Usage between two readings at the price of the later one's date."""

    version: PriceVersion
    price: Fraction
    quantity: Fraction
    step: UsageStep

    @property
    def amount(self) -> Fraction:
        """Yuan, exact."""
        return self.price * self.measure

    @property
    def measure(self) -> Fraction:
        """What the unit price is multiplied by."""
        return self.quantity * self.step.usage


def _price(value: Fraction) -> str:
    return decimal_text(value, 2)


def _sum(value: Fraction) -> str:
    """An amount that was not rounded yet; one without an end (a third) to four decimals."""
    if 10**6 % value.denominator == 0:
        return _price(value)
    return f"≈ {decimal_text(Fraction(round(value * 10000), 10000), 2)}"


def _times(quantity: Fraction) -> str:
    return "" if quantity == 1 else f" × {decimal_text(quantity)}"


def _months(share: Fraction) -> str:
    return _("{count} months").format(count=decimal_text(share))


def timed_basis(terms: Sequence[MonthTerm], cycle: Period, area: Fraction | None, rent: bool) -> str:
    """``98.60 ㎡ × 2.80``, ``98.60 ㎡ × 2.80 × 12/30 天``, ``月租`` (see `of_unit`), ``10.00 元/月``."""
    version, quantity = terms[0].version, terms[0].quantity
    if version.method is Method.AREA:
        return f"{decimal_text(area or Fraction(0), 2)} ㎡ × {_priced_shares(terms, 1)}"
    whole = len(terms) == cycle.months and all(term.share == 1 for term in terms)
    if whole and {(term.version, term.quantity) for term in terms} == {(version, quantity)}:
        if rent:
            return _(_RENTS[version.cycle_months]) + _times(quantity)
        return _(_PER_CYCLE[version.cycle_months]).format(price=_price(version.unit_price)) + _times(quantity)
    return _priced_shares(terms, version.cycle_months)


def of_unit(unit: str, basis: str) -> str:
    """A basis that names its unit, as a rent does: ``B1-087 · 月租``."""
    return f"{unit} · {basis}"


def _priced_shares(terms: Sequence[MonthTerm], months: int) -> str:
    """``2.80``, ``2.80 × 3 个月``, ``(2.80 × 15/30 天 + 3.00 × 15/30 天)``; a price for several months is divided."""
    parts = []
    for (monthly, quantity), group in groupby(terms, key=lambda term: (term.version.monthly, term.quantity)):
        price = _price(monthly) if months == 1 else f"{_price(monthly * months)} ÷ {months}"
        parts += [f"{price}{_times(quantity)}{share}" for share in _shares(list(group))]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _shares(terms: Sequence[MonthTerm]) -> list[str]:
    """How much of months one price is charged for: whole months together, months by days each for itself."""
    by_days = [f" × {_days(term)}" for term in terms if term.is_by_days]
    rest = sum((term.share for term in terms if not term.is_by_days), Fraction(0))
    if not rest:
        return by_days
    return ["" if rest == 1 else f" × {_months(rest)}", *by_days]


def _days(term: MonthTerm) -> str:
    return _("{days}/{of} days").format(days=term.days.count, of=term.month.days)


def timed_explanation(
    terms: Sequence[MonthTerm], area: Fraction | None, gross: Fen, mantissa: Mantissa, step: Fen
) -> tuple[str, ...]:
    """The prices with their legal basis, the parts of months, the sum."""
    lines = [_price_sentence(version, area) for version in dict.fromkeys(term.version for term in terms)]
    for term in terms:
        if term.share != 1:
            counted = _days(term) if term.is_by_days else _months(term.share)
            text = _("From {first} to {last}: {counted} at {price} yuan.")
            lines.append(
                text.format(
                    first=term.days.first, last=term.days.last, counted=counted, price=_price(term.version.unit_price)
                )
            )
    quantities = sorted({term.quantity for term in terms} - {Fraction(1)})
    if quantities:
        lines.append(_("Charged {count} times.").format(count=", ".join(map(decimal_text, quantities))))
    if len(lines) > 1 or (mantissa, step) != (Mantissa.HALF_UP, 1):
        lines.append(_sum_sentence(gross, mantissa, step))
    return tuple(lines)


def _price_sentence(version: PriceVersion, area: Fraction | None) -> str:
    grounds = ", ".join(filter(None, (version.form, version.document, _("from {day}").format(day=version.valid_from))))
    price = _price(version.unit_price)
    if version.method is not Method.AREA or area is None:
        return _("The price is {price} yuan ({grounds}).").format(price=price, grounds=grounds)
    return _("Billing area {area} ㎡ × unit price {price} yuan ({grounds}) = {monthly} yuan a month.").format(
        area=decimal_text(area, 2), price=price, grounds=grounds, monthly=_sum(area * version.unit_price)
    )


def _sum_sentence(gross: Fen, mantissa: Mantissa, step: Fen) -> str:
    rounding = _(_ROUNDINGS[mantissa]).format(step=_(_STEPS[step]))
    return _("Together {amount} yuan, {rounding}.").format(amount=format_amount(gross), rounding=rounding)


def measure_of(meter_kind: str) -> str:
    """The unit that a kind of meter counts: 水表 吨, 电表 度, 燃气表 方."""
    return _(_MEASURES[meter_kind[0]])


def usage_basis(terms: Sequence[UsageTerm]) -> str:
    """``412→431 · 19 吨 × 3.04``; a swap ``412→450, 0→12``, a multiplier ``12→15 × 40``, several prices with ``+``."""
    parts = []
    for (price, quantity), group in groupby(terms, key=lambda term: (term.price, term.quantity)):
        steps = [term.step for term in group]
        used = decimal_text(sum((step.usage for step in steps), Fraction(0)))
        measure = measure_of(steps[0].after.meter_kind)
        parts.append(f"{_readings(steps)} · {used} {measure} × {_price(price)}{_times(quantity)}")
    return " + ".join(parts)


def _readings(steps: Sequence[UsageStep]) -> str:
    """The readings of one or more meters from first to last, with what a swap or a multiplier adds."""
    runs = []
    for _meter, group in groupby(steps, key=lambda step: step.after.meter):
        of_meter = list(group)
        first, run = of_meter[0].before.value, []
        for step in of_meter:
            if step.after.kind == SWAP:
                run.append(f"{decimal_text(first)}→{decimal_text(step.after.old_final or Fraction(0))}")
                first = step.after.new_initial or Fraction(0)
        run.append(f"{decimal_text(first)}→{decimal_text(of_meter[-1].after.value)}")
        runs.append(", ".join(run) + _times(of_meter[-1].after.multiplier))
    estimated = _("(estimated)") if any(step.estimated for step in steps) else ""
    return ", ".join(runs) + estimated


def usage_explanation(terms: Sequence[UsageTerm], gross: Fen, mantissa: Mantissa, step: Fen) -> tuple[str, ...]:
    """Each reading with its usage, the prices with their legal basis, the sum."""
    lines = []
    for term in terms:
        before, after = term.step.before, term.step.after
        lines.append(
            _("Reading {before} on {since}, {after} on {day}: {used} {measure} at {price} yuan.").format(
                before=decimal_text(before.value),
                since=before.read_on,
                after=decimal_text(after.value),
                day=after.read_on,
                used=decimal_text(term.step.usage),
                measure=measure_of(after.meter_kind),
                price=_price(term.price),
            )
        )
    lines += [_price_sentence(version, None) for version in dict.fromkeys(term.version for term in terms)]
    return (*lines, _sum_sentence(gross, mantissa, step))
