"""What one dated price of a tariff says (收费标准的一行), and whether its parts fit together.

The workbook's reader and the forms of the window ask the same questions here before anything is stored.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from feedesk.rules.community_rows import METER_OF_ITEM
from feedesk.rules.formula import PRICE, BadFormula, Formula
from feedesk.rules.tariffs import METERED, ONCE, ONE_DAY, DueRule, Method
from feedesk.rules.tiers import TierTable
from feedesk.texts import N_, _

Finding = tuple[str, str]
"""A field and the sentence that says why its value cannot stand."""

FORMULA = Method.FORMULA.value

PRICED = (Method.AREA, Method.FIXED, Method.USAGE)
"""Methods that are nothing without a unit price."""

ENDS_BEFORE_IT_BEGINS = N_("The end lies before the beginning.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTerms:
    """A price in force from ``valid_from`` to ``valid_to`` (both included, None: open), as the ledger stores it.

    ``unit_price`` in yuan, or ``prices`` for peak and valley (``峰0.5583;谷0.3583``); ``tiers``, ``person_base``,
    ``due_rule`` and ``formula`` in plain notation; ``cycle_months`` 1, 3, 6, 12, or 0 for once only (一次性).
    """

    method: str
    unit_price: Fraction | None = None
    prices: str = ""
    cycle_months: int = 1
    due_rule: str = "当月末"
    tiers: str = ""
    tier_cycle: str = ""
    tier_restart: str = "01-01"
    person_base: str = ""
    partial_month: str = "按天"
    price_form: str = ""
    basis_document: str = ""
    valid_from: date
    valid_to: date | None = None
    tax_rate: Fraction | None = None
    meter_kind: str = ""
    formula: str = ""

    @property
    def has_price(self) -> bool:
        """Whether a price is given at all, one or one each for peak and valley."""
        return self.unit_price is not None or bool(self.prices)


def usual_meter(item: str, prices: str) -> str:
    """The kind of meter that a fee item is read from unless said otherwise (表计); empty where nothing is usual."""
    return METER_OF_ITEM.get(item, "电表" if prices else "")


def price_findings(terms: PriceTerms, item: str) -> Iterator[Finding]:
    """What is missing or does not fit together, field by field; nothing where ``item`` can be billed by the price."""
    method = terms.method
    if method in PRICED and not terms.has_price:
        yield "price", _("A price is needed for {method}.").format(method=method)
    if terms.prices and method not in METERED:
        yield "price", _("Peak and valley prices fit metered usage only.")
    if method == Method.TIERED:
        yield from _tier_findings(terms)
    if method in METERED and not terms.meter_kind:
        yield "meter_kind", _("Say which meter measures “{item}”.").format(item=item)
    if method in METERED and terms.cycle_months == ONCE:
        yield "cycle_months", _("Usage is billed month by month: 一次性 does not fit {method}.").format(method=method)
    yield from _formula_findings(terms)
    if terms.valid_to is not None and terms.valid_from > terms.valid_to:
        yield "valid_to", _(ENDS_BEFORE_IT_BEGINS)
    try:
        DueRule.parse(terms.due_rule)
    except ValueError:
        yield "due_rule", _("Write the due date as 当月末, 次月15, 当月10, 周期首日 or 周期末日.")


def _formula_findings(terms: PriceTerms) -> Iterator[Finding]:
    if terms.method != FORMULA:
        if terms.formula:
            yield "formula", _("A formula belongs to {method} only.").format(method=FORMULA)
    elif not terms.formula:
        yield "formula", _("A formula is needed for {method}.").format(method=FORMULA)
    else:
        try:
            formula = Formula.parse(terms.formula)
        except BadFormula as error:
            yield "formula", error.reason
            return
        if PRICE in formula.names and terms.unit_price is None:
            yield "price", _("The formula asks for 单价: give a price.")


def _tier_findings(terms: PriceTerms) -> Iterator[Finding]:
    if not terms.tiers:
        yield "tiers", _("Tiers are needed for {method}.").format(method=terms.method)
        return
    if not terms.tier_cycle:
        yield "tier_cycle", _("Say whether the tiers count by 月 or by 年.")
    try:
        reason = tier_fault([_bounds(part) for part in terms.tiers.split(";")])
        if not reason:
            TierTable.parse(
                terms.tiers, cycle=terms.tier_cycle, restart=terms.tier_restart, person_base=terms.person_base
            )
    except (ValueError, ZeroDivisionError):
        reason = _("Write tiers as 0-180:5.00;180-260:7.00;260-:9.00.")
    if reason:
        yield "tiers", reason


def _bounds(part: str) -> tuple[Fraction, Fraction | None]:
    lower, _dash, upper = part.partition(":")[0].partition("-")
    return Fraction(lower), Fraction(upper) if upper else None


def tier_fault(bounds: Sequence[tuple[Fraction, Fraction | None]]) -> str:
    """What is wrong with the bounds of tiers: they begin at zero, follow without a gap, and the last one is open."""
    reached = Fraction(0)
    for place, (lower, upper) in enumerate(bounds, 1):
        if lower != reached:
            return _("Tiers must begin at 0 and follow each other without a gap.")
        if (upper is None) != (place == len(bounds)) or (upper is not None and upper <= lower):
            return _("Each tier must end above its beginning; only the last one stays open, as in 260-:9.00.")
        reached = reached if upper is None else upper
    return ""


Stretch = tuple[date, date | None]
"""Days from one to another, both included; None: without end."""


def days_without_price(versions: Iterable[Stretch]) -> list[Stretch]:
    """The days after the first price began on which no version is in force, in order; overlaps do no harm."""
    gaps: list[Stretch] = []
    reached: date | None = None
    for first, last in sorted(versions, key=lambda stretch: stretch[0]):
        if reached is not None and first > reached + ONE_DAY:
            gaps.append((reached + ONE_DAY, first - ONE_DAY))
        if last is None:
            return gaps
        reached = last if reached is None else max(reached, last)
    if reached is not None:
        gaps.append((reached + ONE_DAY, None))
    return gaps
