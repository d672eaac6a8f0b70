"""The arithmetic of metered usage in signs (``412→431 · 19 吨 × 3.04``) and in sentences, tier by tier."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from feedesk.money import Fen, Mantissa, decimal_text
from feedesk.rules.metering import SWAP, UsageStep
from feedesk.rules.price_words import grounds_of, measure_of, price_sentence, price_text, sum_sentence, times_text
from feedesk.rules.tariffs import PriceVersion
from feedesk.rules.tiers import Slice, total_usage
from feedesk.texts import _


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


@dataclass(frozen=True, slots=True)
class TierTerm:
    """The tiers that the readings of one date climb through, on top of what was used ``before``.

    Each tier reaches ``wider`` further for the ``persons`` of the home.
    """

    version: PriceVersion
    quantity: Fraction
    steps: tuple[UsageStep, ...]
    before: Fraction
    slices: tuple[Slice, ...]
    wider: Fraction = Fraction(0)
    persons: int | None = None

    @property
    def amount(self) -> Fraction:
        """Yuan, exact."""
        return sum((part.used * part.price for part in self.slices), Fraction(0)) * self.quantity

    @property
    def used(self) -> Fraction:
        """The usage of its readings together."""
        return total_usage(self.steps)


def usage_basis(terms: Sequence[UsageTerm], tiers: Sequence[TierTerm] = ()) -> str:
    """``412→431 · 19 吨 × 3.04``; a swap ``412→450, 0→12``, a multiplier ``12→15 × 40``, several prices with ``+``.

    By tiers ``1200→1400 · 180 度 × 0.52 + 20 度 × 0.57``, what all usage costs beside them before them.
    """
    plain = [term for term in terms if term.price or term.version.tiers is None]
    parts = []
    for (price, quantity), group in groupby(plain, key=lambda term: (term.price, term.quantity)):
        steps = [term.step for term in group]
        parts.append(f"{_readings(steps)} · {_used(steps)} × {price_text(price)}{times_text(quantity)}")
    shown = {id(term) for term in plain}
    silent = [term.step for term in terms if id(term) not in shown]
    climbed = _joined(_tier_parts(tiers))
    if silent:
        climbed = f"{_readings(silent)} · {climbed or _used(silent) + ' × 0'}"
    return " + ".join(filter(None, (*parts, climbed)))


def _used(steps: Sequence[UsageStep]) -> str:
    return f"{decimal_text(total_usage(steps))} {measure_of(steps[0].after.meter_kind)}"


def _tier_parts(tiers: Sequence[TierTerm]) -> Iterator[str]:
    """What is used in each tier; where a tier costs nothing it is left out."""
    used: dict[tuple[Fraction, int, Fraction], Fraction] = {}
    for term in tiers:
        for part in term.slices:
            key = (term.quantity, part.number, part.price)
            used[key] = used.get(key, Fraction(0)) + part.used
    for (quantity, _number, price), usage in used.items():
        if usage and price:
            measure = measure_of(tiers[0].steps[0].after.meter_kind)
            yield f"{decimal_text(usage)} {measure} × {price_text(price)}{times_text(quantity)}"


def _joined(parts: Iterable[str]) -> str:
    return " + ".join(parts).replace(" + -", " − ")


def _readings(steps: Sequence[UsageStep]) -> str:
    """The readings of one or more meters from first to last, with what a swap or a multiplier adds."""
    runs = []
    for _meter, group in groupby(steps, key=lambda step: step.after.meter):
        of_meter = list(group)
        first, run = of_meter[0].before.value, []
        for step in of_meter:
            if step.after.kind == SWAP:
                old = f"{decimal_text(first)}→{decimal_text(step.after.old_final or Fraction(0))}"
                run.append(old + times_text(step.before.multiplier))
                first = step.after.new_initial or Fraction(0)
        new = f"{decimal_text(first)}→{decimal_text(of_meter[-1].after.value)}"
        runs.append(", ".join([*run, new + times_text(of_meter[-1].after.multiplier)]))
    estimated = _("(estimated)") if any(step.estimated for step in steps) else ""
    return ", ".join(runs) + estimated


def usage_explanation(
    terms: Sequence[UsageTerm], tiers: Sequence[TierTerm], gross: Fen, mantissa: Mantissa, step: Fen
) -> tuple[str, ...]:
    """Each reading with its usage, the tiers it climbs through, the prices with their legal basis, the sum."""
    lines = [_reading_sentence(term) for term in terms]
    for term in tiers:
        lines += _tier_sentences(term)
    for version in {id(term.version): term.version for term in terms}.values():
        if version.tiers is None:
            lines.append(price_sentence(version))
        else:
            lines.append(_("The tiers and their prices: {grounds}.").format(grounds=grounds_of(version)))
    return (*lines, sum_sentence(gross, mantissa, step))


def _reading_sentence(term: UsageTerm) -> str:
    before, after = term.step.before, term.step.after
    silent = not term.price and term.version.tiers is not None
    plain = _("Reading {before} on {since}, {after} on {day}: {used} {measure}.")
    priced = _("Reading {before} on {since}, {after} on {day}: {used} {measure} at {price} yuan.")
    return (plain if silent else priced).format(
        before=decimal_text(before.value),
        since=before.read_on,
        after=decimal_text(after.value),
        day=after.read_on,
        used=decimal_text(term.step.usage),
        measure=measure_of(after.meter_kind),
        price=price_text(term.price),
    )


def _tier_sentences(term: TierTerm) -> Iterator[str]:
    table = term.version.tiers
    day, measure = term.steps[0].after.read_on, measure_of(term.steps[0].after.meter_kind)
    begins = day if table is None else table.begins(day)
    text = _("Used since {begins}: {before} {measure} before, {after} {measure} with the reading of {day}.")
    before, after = decimal_text(term.before), decimal_text(term.before + term.used)
    yield text.format(begins=begins, before=before, after=after, measure=measure, day=day)
    if term.wider:
        text = _("{persons} persons live here: each tier reaches {more} {measure} further.")
        yield text.format(persons=term.persons, more=decimal_text(term.wider), measure=measure)
    for part in term.slices:
        last = _("Tier {number}, above {lower}: {used} {measure} at {price} yuan.")
        upto = _("Tier {number}, from {lower} to {upper}: {used} {measure} at {price} yuan.")
        yield (last if part.upper is None else upto).format(
            number=part.number,
            lower=decimal_text(part.lower),
            upper="" if part.upper is None else decimal_text(part.upper),
            used=decimal_text(part.used),
            measure=measure,
            price=price_text(part.price),
        )
