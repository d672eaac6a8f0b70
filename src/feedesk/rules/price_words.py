"""The arithmetic of a charge in signs for desk and receipt (``98.60 ㎡ × 2.80``) and in sentences to be read out.

Words are those of the language in use when a charge is billed: they are stored with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from feedesk.money import Fen, Mantissa, decimal_text, format_amount
from feedesk.periods import Period
from feedesk.rules import formula
from feedesk.rules.spans import Days
from feedesk.rules.tariffs import ONCE, Method, PriceVersion
from feedesk.texts import N_, _

_RENTS = {1: N_("monthly rent"), 3: N_("quarterly rent"), 6: N_("half-yearly rent"), 12: N_("yearly rent")}
_PER_CYCLE = {
    ONCE: N_("{price}, once only"),
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


class Measures(NamedTuple):
    """What prices ask of a unit: ``area`` in m², for formulas floor, persons and coefficient too (None: not known)."""

    area: Fraction | None = None
    floor: int | None = None
    persons: int | None = None
    coefficient: Fraction | None = None


@dataclass(frozen=True, slots=True)
class MonthTerm:
    """Days of a month at one price: ``share`` of the month's price is charged, ``quantity`` times.

    What is charged once only is a term with the share 1.
    """

    version: PriceVersion
    quantity: Fraction
    days: Days
    month: Period
    share: Fraction

    def cycle_price(self, of: Measures) -> Fraction:
        """Yuan per m² and month, or per cycle. By a formula it may raise `MissingQuantity` or ZeroDivisionError."""
        version = self.version
        return version.unit_price if version.formula is None else version.formula.value(self.quantities(of))

    def monthly(self, of: Measures) -> Fraction:
        """Yuan per month, of one m² where it is by area."""
        price = self.cycle_price(of)
        return price if self.version.method is Method.AREA else price / self.version.cycles

    @property
    def times(self) -> Fraction:
        """How often it is charged; a formula that asks for 数量 has it in its price already."""
        asked = self.version.formula is not None and formula.QUANTITY in self.version.formula.names
        return Fraction(1) if asked else self.quantity

    def amount(self, of: Measures) -> Fraction:
        """Yuan, exact."""
        yuan = self.monthly(of) * self.share * self.times
        return yuan * (of.area or 0) if self.version.method is Method.AREA else yuan

    def measure(self, of: Measures) -> Fraction:
        """What the unit price is multiplied by: m² × months, or cycles, times the quantity."""
        times = self.share * self.quantity
        return times * (of.area or 0) if self.version.method is Method.AREA else times / self.version.cycles

    def quantities(self, of: Measures) -> formula.Values:
        """What a formula may ask for."""
        return {
            formula.AREA: of.area,
            formula.FLOOR: None if of.floor is None else Fraction(of.floor),
            formula.PERSONS: None if of.persons is None else Fraction(of.persons),
            formula.COEFFICIENT: of.coefficient,
            formula.QUANTITY: self.quantity,
            formula.PRICE: self.version.unit_price,
            formula.MONTHS: Fraction(self.version.cycles),
        }

    @property
    def is_by_days(self) -> bool:
        """Whether only a part of the month is charged, by its days."""
        return self.share != 1 and self.share == Fraction(self.days.count, self.month.days)


def price_text(value: Fraction) -> str:
    """A price with two decimals or as many as it has, a fraction as such."""
    return decimal_text(value, 2)


def sum_text(value: Fraction) -> str:
    """An amount that was not rounded yet; one without an end (a third) to four decimals."""
    if 10**6 % value.denominator == 0:
        return price_text(value)
    return f"≈ {decimal_text(Fraction(round(value * 10000), 10000), 2)}"


def measure_of(meter_kind: str) -> str:
    """The unit that a kind of meter counts: 水表 吨, 电表 度, 燃气表 方."""
    return _(_MEASURES[meter_kind[0]])


def times_text(quantity: Fraction) -> str:
    """`` × 2``; nothing for once."""
    return "" if quantity == 1 else f" × {decimal_text(quantity)}"


def _months(share: Fraction) -> str:
    return _("{count} months").format(count=decimal_text(share))


def timed_basis(terms: Sequence[MonthTerm], cycle: Period, of: Measures, rent: bool) -> str:
    """``98.60 ㎡ × 2.80``, ``98.60 ㎡ × 2.80 × 12/30 天``, ``月租`` (see `of_unit`), ``10.00 元/月``."""
    term = terms[0]
    version, quantity = term.version, term.quantity
    if version.method is Method.AREA:
        return f"{decimal_text(of.area or Fraction(0), 2)} ㎡ × {_priced_shares(terms, 1, of)}"
    whole = len(terms) == cycle.months and all(term.share == 1 for term in terms)
    if not whole or {(term.version, term.quantity) for term in terms} != {(version, quantity)}:
        return _priced_shares(terms, version.cycles, of)
    if version.formula is not None:
        filled = version.formula.filled(term.quantities(of))
        return filled if term.times == 1 else f"({filled}){times_text(term.times)}"
    if rent and version.cycle_months in _RENTS:
        return _(_RENTS[version.cycle_months]) + times_text(quantity)
    return _(_PER_CYCLE[version.cycle_months]).format(price=price_text(version.unit_price)) + times_text(quantity)


def of_unit(unit: str, basis: str) -> str:
    """A basis that names its unit, as a rent does: ``B1-087 · 月租``."""
    return f"{unit} · {basis}"


def _priced_shares(terms: Sequence[MonthTerm], months: int, of: Measures) -> str:
    """``2.80``, ``2.80 × 3 个月``, ``(2.80 × 15/30 天 + 3.00 × 15/30 天)``; a price for several months is divided."""
    parts = []
    for _key, group in groupby(terms, key=lambda term: (term.monthly(of), term.quantity)):
        alike = list(group)
        price = _cycle_text(alike[0], months, of)
        parts += [f"{price}{times_text(alike[0].times)}{share}" for share in _shares(alike)]
    return parts[0] if len(parts) == 1 else f"({' + '.join(parts)})"


def _cycle_text(term: MonthTerm, months: int, of: Measures) -> str:
    formula_ = term.version.formula
    if formula_ is None:
        price = price_text(term.monthly(of) * months)
    else:
        filled = formula_.filled(term.quantities(of))
        price = f"({filled})" if " " in filled else filled
    return price if months == 1 else f"{price} ÷ {months}"


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
    terms: Sequence[MonthTerm], of: Measures, gross: Fen, mantissa: Mantissa, step: Fen
) -> tuple[str, ...]:
    """The prices with their legal basis, the parts of months, the sum."""
    prices = {(term.version, term.cycle_price(of)): term for term in terms}
    lines = [_timed_price_sentence(term, of) for term in prices.values()]
    for term in terms:
        if term.share != 1:
            counted = _days(term) if term.is_by_days else _months(term.share)
            text = _("From {first} to {last}: {counted} at {price} yuan.")
            price = sum_text(term.cycle_price(of)) if term.version.formula else price_text(term.version.unit_price)
            lines.append(text.format(first=term.days.first, last=term.days.last, counted=counted, price=price))
    quantities = sorted({term.times for term in terms} - {Fraction(1)})
    if quantities:
        lines.append(_("Charged {count} times.").format(count=", ".join(map(decimal_text, quantities))))
    if len(lines) > 1 or (mantissa, step) != (Mantissa.HALF_UP, 1):
        lines.append(sum_sentence(gross, mantissa, step))
    return tuple(lines)


def _timed_price_sentence(term: MonthTerm, of: Measures) -> str:
    version, area = term.version, of.area
    if version.formula is not None:
        text = _("By the formula {formula} ({grounds}): {figures} = {price} yuan.")
        figures = version.formula.filled(term.quantities(of))
        return text.format(
            formula=version.formula.text,
            grounds=grounds_of(version),
            figures=figures,
            price=sum_text(term.cycle_price(of)),
        )
    if version.method is not Method.AREA or area is None:
        return price_sentence(version)
    once = _("Billing area {area} ㎡ × unit price {price} yuan ({grounds}) = {monthly} yuan, once only.")
    monthly = _("Billing area {area} ㎡ × unit price {price} yuan ({grounds}) = {monthly} yuan a month.")
    return (once if version.cycle_months == ONCE else monthly).format(
        area=decimal_text(area, 2),
        price=price_text(version.unit_price),
        grounds=grounds_of(version),
        monthly=sum_text(area * version.unit_price),
    )


def grounds_of(version: PriceVersion) -> str:
    """The legal basis of a price and since when it holds (明码标价和禁止价格欺诈规定 art. 7–9)."""
    return ", ".join(filter(None, (version.form, version.document, _("from {day}").format(day=version.valid_from))))


def price_sentence(version: PriceVersion) -> str:
    """A price with its legal basis."""
    return _("The price is {price} yuan ({grounds}).").format(
        price=price_text(version.unit_price), grounds=grounds_of(version)
    )


def sum_sentence(gross: Fen, mantissa: Mantissa, step: Fen) -> str:
    """What it all comes to, and how that was rounded."""
    rounding = _(_ROUNDINGS[mantissa]).format(step=_(_STEPS[step]))
    return _("Together {amount} yuan, {rounding}.").format(amount=format_amount(gross), rounding=rounding)
