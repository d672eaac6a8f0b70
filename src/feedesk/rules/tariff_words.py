"""A tariff in words, for lists, forms and the fee board: its price with its unit, its days, where it applies."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from feedesk.money import Mantissa, decimal_text
from feedesk.rules.price_terms import FORMULA, PriceTerms, Stretch
from feedesk.rules.tariffs import Method
from feedesk.texts import N_, _

CYCLE_NAMES = {1: N_("month"), 3: N_("quarter"), 6: N_("half-year"), 12: N_("year"), 0: N_("once")}
_MEASURES = {"水": N_("t"), "热": N_("t"), "电": N_("kWh"), "燃": N_("cu m")}
_STEPS = {1: N_("fen"), 10: N_("jiao"), 100: N_("yuan")}
_ROUNDINGS = {
    Mantissa.HALF_UP: N_("rounded to the {step}"),
    Mantissa.UP: N_("rounded up to the {step}"),
    Mantissa.DOWN: N_("rounded down to the {step}"),
}


def price_words(terms: PriceTerms) -> str:
    """``2.80 元/㎡·月``, ``300.00 元/月``, ``3.04 元/吨``, ``峰 0.5583、谷 0.3583 元/度`` …"""
    match terms.method:
        case Method.SHARED:
            return _("the actual cost, shared")
        case "自定义公式":
            return _("by formula: {formula}").format(formula=terms.formula)
        case Method.TIERED:
            return _tier_words(terms)
    return _("{price} yuan {unit}").format(price=_prices(terms), unit=unit_words(terms)).strip()


def unit_words(terms: PriceTerms) -> str:
    """What one price is for (计价单位): ``/㎡·月``, ``/月``, ``/吨``; empty where there is no unit price."""
    match terms.method:
        case Method.AREA:
            return _("per m² and month")
        case Method.FIXED:
            return _("per {cycle}").format(cycle=_(CYCLE_NAMES[terms.cycle_months]))
        case Method.USAGE | Method.TIERED:
            return _("per {measure}").format(measure=measure_words(terms.meter_kind))
    return ""


def measure_words(meter_kind: str) -> str:
    """In what a meter measures: t, kWh, cu m."""
    return _(_MEASURES[meter_kind[:1]]) if meter_kind[:1] in _MEASURES else _("unit")


def _prices(terms: PriceTerms) -> str:
    if terms.prices:
        parts = [(part[0], decimal_text(Fraction(part[1:]), 2)) for part in terms.prices.split(";") if part]
        return "、".join(f"{name} {price}" for name, price in parts)
    return decimal_text(terms.unit_price or Fraction(0), 2)


def _tier_words(terms: PriceTerms) -> str:
    measure = measure_words(terms.meter_kind)
    tiers = []
    for part in filter(None, terms.tiers.split(";")):
        bounds, _colon, price = part.partition(":")
        lower, _dash, upper = bounds.partition("-")
        reach = (
            f"{lower}–{upper} {measure}" if upper else _("above {lower} {measure}").format(lower=lower, measure=measure)
        )
        tiers.append(f"{reach} {decimal_text(Fraction(price), 2)}")
    cycle = _("by the year") if terms.tier_cycle == "年" else _("by the month")
    words = _("{tiers} yuan {unit}, {cycle}").format(tiers="、".join(tiers), unit=unit_words(terms), cycle=cycle)
    if terms.has_price:
        words += _("; {price} yuan on all of it").format(price=_prices(terms))
    if terms.person_base:
        persons, _colon, more = terms.person_base.partition(":")
        words += _("; {more} more for each person above {persons}").format(more=more, persons=persons)
    return words


def short_price(terms: PriceTerms) -> str:
    """The price for a narrow column: tiers as ``5.00 / 7.00 / 9.00``."""
    if terms.method != Method.TIERED:
        return price_words(terms) if terms.method != FORMULA else terms.formula
    prices = [decimal_text(Fraction(part.partition(":")[2]), 2) for part in terms.tiers.split(";") if part]
    return _("{price} yuan {unit}").format(price=" / ".join(prices), unit=unit_words(terms))


def days_words(first: date | None, last: date | None) -> str:
    """``2024-07-01 起``, ``2024-07-01 至 2026-11-30``."""
    if first is None:
        return _("until {last}").format(last=last) if last else _("always")
    if last is None:
        return _("from {first}").format(first=first)
    return _("{first} to {last}").format(first=first, last=last)


def gap_words(stretch: Stretch) -> str:
    """Names days without a price."""
    first, last = stretch
    if last is None:
        return _("From {first} on there is no price: nothing is charged.").format(first=first)
    if first == last:
        return _("{first} has no price: nothing is charged for it.").format(first=first)
    return _("From {first} to {last} there is no price: nothing is charged.").format(first=first, last=last)


def place_words(pattern: str, kinds: Sequence[str] = ()) -> str:
    """Where a scope row reaches: ``*`` the community, ``3-*`` building 3, a code that unit, else the pattern itself.

    ``kinds``: it reaches all units of these kinds, which says more than the pattern does.
    """
    if pattern == "*":
        return _("the whole community")
    if kinds:
        return _("all {kinds}").format(kinds="、".join(kinds))
    building = pattern.removesuffix("-*")
    if building != pattern and building.isdigit():
        return _("building {code}").format(code=building)
    return pattern


def shared_places() -> str:
    """Where a tariff of method 总额分摊 reaches that has no scope of its own: each shared cost names its units."""
    return _("the units each shared cost names")


def several_places(places: Sequence[str], most: int = 3) -> str:
    """The first few of several places, and how many more there are."""
    shown = "、".join(places[:most])
    if len(places) > most:
        return _("{shown} and {n} more").format(shown=shown, n=len(places) - most)
    return shown


def rounding_words(mantissa: str, step: int) -> str:
    """How the lines of a fee item are rounded: ``四舍五入到分``."""
    return _(_ROUNDINGS[Mantissa(mantissa)]).format(step=_(_STEPS[step]))
