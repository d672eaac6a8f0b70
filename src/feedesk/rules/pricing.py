"""What a charge comes to: by area, a fixed sum, a formula, metered usage. Exact until the one rounding of the line.

A month counts by the share of it that is borne (`feedesk.rules.spans`). Its price is the mean by days over the days
borne, a day without a price counting nothing: charged by days this is each price times its days, and in a month charged
whole or half (按整月, 按半月) it is the mean that the rules ask for. Every line carries its arithmetic in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from feedesk.money import Fen, Mantissa, round_to_fen
from feedesk.periods import Period
from feedesk.rules import price_words, usage_words
from feedesk.rules.metering import UsageStep
from feedesk.rules.price_words import Measures, MonthTerm
from feedesk.rules.spans import Borne, Days, DeliveryCut, month_share
from feedesk.rules.tariffs import METERED, ONCE, TIMED, Method, PriceVersion, price_on, price_spans
from feedesk.rules.tiers import NOTHING_COUNTED, Counted, total_usage
from feedesk.rules.usage_words import TierTerm, UsageTerm


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a fee item's lines are rounded (尾数), to multiples of ``step`` fen."""

    mantissa: Mantissa
    step: Fen


TO_THE_FEN = Rounding(Mantissa.HALF_UP, Fen(1))

NOT_MEASURED = Measures()


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A charge line. ``gross`` is ``exact`` (yuan) rounded once; ``version`` is the price in force first on the days
    it serves, None where no tariff sets one (a shared cost).

    ``quantity``: m², times the sum is charged, or usage. ``measure`` is what a unit price would be multiplied by: m² ×
    months × quantity by area, cycles × quantity for a fixed sum, usage × quantity where it is metered. ``basis`` is the
    arithmetic as desk and receipt show it, ``explanation`` the same in sentences to be read out; ``facts`` are what
    else the charge's snapshot keeps, by name.
    """

    gross: Fen
    exact: Fraction
    quantity: Fraction
    measure: Fraction
    version: PriceVersion | None
    serves: Days
    basis: str
    explanation: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()


def timed_terms(
    versions: Sequence[PriceVersion],
    cycle: Period,
    borne: Sequence[Borne],
    cut: DeliveryCut | None = None,
    *,
    alongside: Sequence[Borne] = (),
) -> tuple[MonthTerm, ...]:
    """The prices by area or fixed sum on the days borne of a cycle, month by month; empty where none is in force.

    Of ``versions`` those of the cycle's length are charged, the others belong to other charges. ``cut``: the month in
    which the unit was delivered, where the delivery rule splits it. ``alongside`` are days that others bear of the
    same unit: 按整月 and 按半月 concern a month not whole for the unit, a change of hands divides it by days.
    """
    return tuple(
        term
        for month in cycle.each_month()
        for term in _terms_of_month(versions, cycle, month, borne, cut, _days_in(month, alongside))
    )


def once_terms(versions: Sequence[PriceVersion], month: Period, borne: Sequence[Borne]) -> tuple[MonthTerm, ...]:
    """What is charged once only (一次性), whole, at the price of the first day of a month on which it applies."""
    for one in borne:
        inside = one.days.within(month.first_day, month.last_day)
        for span in price_spans(versions, inside.first, inside.last) if inside else ():
            if span.price is not None and span.price.method in TIMED and span.price.cycle_months == ONCE:
                return (MonthTerm(span.price, one.quantity, Days(span.first, span.first), month, Fraction(1)),)
    return ()


def _days_in(month: Period, borne: Sequence[Borne]) -> int:
    inside = (one.days.within(month.first_day, month.last_day) for one in borne)
    return sum(days.count for days in inside if days is not None)


def price_terms(
    terms: Sequence[MonthTerm],
    cycle: Period,
    *,
    of: Measures = NOT_MEASURED,
    rent: bool = False,
    rounding: Rounding = TO_THE_FEN,
) -> PricedLine:
    """The charge of a cycle, for what is measured ``of`` the unit; ``rent`` words a fixed sum as a space's.

    A formula may raise `feedesk.rules.formula.MissingQuantity` or ZeroDivisionError.
    """
    version, quantity = terms[0].version, terms[0].quantity
    yuan = sum((term.amount(of) for term in terms), Fraction(0))
    gross = round_to_fen(yuan, rounding.mantissa, rounding.step)
    return PricedLine(
        gross=gross,
        exact=yuan,
        measure=sum((term.measure(of) for term in terms), Fraction(0)),
        quantity=quantity * (of.area or 0) if version.method is Method.AREA else quantity,
        version=version,
        serves=Days(terms[0].days.first, terms[-1].days.last),
        basis=price_words.timed_basis(terms, cycle, of, rent),
        explanation=price_words.timed_explanation(terms, of, gross, rounding.mantissa, rounding.step),
    )


def _terms_of_month(
    versions: Sequence[PriceVersion],
    cycle: Period,
    month: Period,
    borne: Sequence[Borne],
    cut: DeliveryCut | None,
    days: int,
) -> list[MonthTerm]:
    """The prices of a month, each with the share of the month that it is charged for; ``days`` others bear."""
    pieces = []
    for one in borne:
        inside = one.days.within(month.first_day, month.last_day)
        if inside is None:
            continue
        days += inside.count
        for span in price_spans(versions, inside.first, inside.last):
            if span.price is not None and span.price.method in TIMED and span.price.cycle_months == cycle.months:
                pieces.append((span.price, Days(span.first, span.last), one.quantity))
    if not pieces:
        return []
    share = month_share(days, month, pieces[0][0].partial_month, cut)
    return [
        MonthTerm(version, quantity, piece, month, share * Fraction(piece.count, days))
        for version, piece, quantity in pieces
    ]


def price_usage(
    versions: Sequence[PriceVersion],
    steps: Sequence[UsageStep],
    quantities: Sequence[Fraction],
    *,
    counted: Counted = NOTHING_COUNTED,
    persons: int | None = None,
    rounding: Rounding = TO_THE_FEN,
) -> PricedLine | None:
    """The charge for metered usage, each step (meter by meter, oldest first) at the price of its reading's date.

    ``quantities`` are how often each step is charged (数量). Tiers go on from what is ``counted`` of the unit, and are
    wider for its ``persons``. None where no reading's day has a price.
    """
    terms = [
        UsageTerm(version, version.of_meter(step.after.meter_kind), quantity, step)
        for step, quantity in zip(steps, quantities, strict=True)
        if (version := price_on(versions, step.after.read_on)) is not None and version.method in METERED
    ]
    if not terms:
        return None
    tiers = _tier_terms(terms, counted, persons)
    yuan = sum((term.amount for term in terms if term.price), Fraction(0))
    yuan += sum((term.amount for term in tiers), Fraction(0))
    gross = round_to_fen(yuan, rounding.mantissa, rounding.step)
    return PricedLine(
        gross=gross,
        exact=yuan,
        measure=sum((term.measure for term in terms), Fraction(0)),
        quantity=total_usage(term.step for term in terms),
        version=terms[0].version,
        serves=Days(
            min(term.step.before.read_on for term in terms),
            max(term.step.after.read_on for term in terms),
        ),
        basis=usage_words.usage_basis(terms, tiers),
        explanation=usage_words.usage_explanation(terms, tiers, gross, rounding.mantissa, rounding.step),
    )


def _tier_terms(terms: Sequence[UsageTerm], counted: Counted, persons: int | None) -> list[TierTerm]:
    """The readings that climb tiers, those of one date together, in the order of their dates."""
    by_day: dict[date, list[UsageTerm]] = {}
    for term in terms:
        if term.version.tiers is not None:
            by_day.setdefault(term.step.after.read_on, []).append(term)
    return [_tier_term(by_day[day], counted, persons) for day in sorted(by_day)]


def _tier_term(terms: Sequence[UsageTerm], counted: Counted, persons: int | None) -> TierTerm:
    version, quantity, steps = terms[0].version, terms[0].quantity, tuple(term.step for term in terms)
    assert version.tiers is not None
    wider = version.tiers.widening(persons)
    before = counted.before(steps[0].after.read_on, version.tiers)
    slices = tuple(version.tiers.slices(before, before + total_usage(steps), wider))
    return TierTerm(version, quantity, steps, before, slices, wider, persons)
