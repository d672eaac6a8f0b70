"""Who is billed what for a month, or why not: the rules of billing over plain facts of units, accounts and tariffs.

For every unit and every tariff whose scope reaches it there is a bill, a bill already there, or a reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from feedesk.money import LARGEST, Fen
from feedesk.periods import Period
from feedesk.rules.concessions import Conceded
from feedesk.rules.formula import MissingQuantity
from feedesk.rules.metering import UsageStep
from feedesk.rules.price_words import Measures, MonthTerm
from feedesk.rules.pricing import PricedLine, Rounding, once_terms, price_terms, price_usage, timed_terms
from feedesk.rules.spans import (
    Borne,
    Days,
    DeliveryRule,
    Holder,
    ScopeDays,
    days_held,
    delivery_cut,
    holds_meters_on,
    scope_days,
)
from feedesk.rules.tariffs import METERED, ONCE, ONE_DAY, Method, PriceVersion, price_spans
from feedesk.rules.tiers import NOTHING_COUNTED, Counted
from feedesk.texts import N_, _


@dataclass(frozen=True, slots=True)
class TariffFacts:
    """A tariff with all its versions, and how the lines of its fee item are rounded."""

    id: int
    item_id: int
    item: str
    versions: tuple[PriceVersion, ...]
    meter_kind: str
    rounding: Rounding

    @property
    def meter_kinds(self) -> tuple[str, ...]:
        """The kinds of meters it reads; with peak and valley prices two."""
        if any(version.prices for version in self.versions):
            return ("电表峰", "电表谷")
        return (self.meter_kind,)


class AccountFacts(NamedTuple):
    """An account (户): who holds a unit from a day to a day (None: open)."""

    id: int
    from_date: date | None
    to_date: date | None
    developer: bool


Span = tuple[date | None, date | None, bool]
"""From when to when an account holds its unit, and whether it is the developer's."""


class UnitFacts(NamedTuple):
    """A unit; ``area`` in m², ``space`` for a parking space or storeroom, whose fixed sum is a rent."""

    id: int
    code: str
    area: Fraction | None
    space: bool
    unsold: bool
    delivered_on: date | None
    accounts: tuple[AccountFacts, ...]
    floor: int | None = None
    persons: int | None = None
    coefficient: Fraction | None = None


RUN, ONE_OFF = "run", "one_off"
"""Where the charges of a tariff come from (应收来源): billed by the period, or once only."""


class Bill(NamedTuple):
    """A charge to be posted: ``steps`` are the readings it bills, ``conceded`` is what lowers it by ``discount``.

    ``source`` and ``number`` say what it is for; a run's number (None) is its tariff's key. ``due`` None: by the
    tariff's rule. A shared cost's bill has as ``tariff`` the facts of its fee item, with no versions.
    """

    account: int
    unit: UnitFacts
    tariff: TariffFacts
    period: Period
    line: PricedLine
    steps: tuple[UsageStep, ...] = ()
    discount: Fen = Fen(0)
    conceded: Conceded | None = None
    source: str = RUN
    number: int | None = None
    due: date | None = None

    @property
    def is_rent(self) -> bool:
        """Whether it is the fixed sum for a space, which the basis names."""
        version = self.line.version
        return self.unit.space and version is not None and version.method is Method.FIXED

    @property
    def net(self) -> Fen:
        """What is owed."""
        return Fen(self.line.gross - self.discount)


class Skipped(NamedTuple):
    """A unit not billed for an item (empty: for none at all), and why, as a text with the facts that fill it."""

    unit: str
    item: str
    message: str
    fact: str = ""

    @property
    def reason(self) -> str:
        return _(self.message).format(fact=self.fact)


class Reason(NamedTuple):
    """Why an account is not billed."""

    message: str
    fact: str = ""


NO_TARIFF = Reason(N_("No tariff applies to this unit."))
NO_PAYER = Reason(N_("Nobody is named who pays (缴费人)."))
NO_DEVELOPER = Reason(N_("Not sold or not delivered, and no developer is named."))
OUT_OF_SCOPE = N_("The tariff does not apply to this unit in {fact}.")
PAID_THROUGH = N_("Paid through {fact} already.")
NO_PRICE = N_("The tariff has no price in force in {fact}.")
NO_AREA = Reason(N_("The unit has no area."))
NO_METER = N_("There is no {fact} for this unit.")
NO_READING = N_("There is no reading in {fact}.")
FIRST_READING = Reason(N_("There is only a first reading: usage counts from it on."))
BILLED_ELSEWHERE = N_("The readings of {fact} were billed with another month.")
BILLED_TO_ANOTHER = N_("These days were billed to account {fact} already.")
BILLED_FARTHER = Reason(
    N_("These days were billed by the tariff that this one overrides: undo that run, or put the charge right by hand.")
)
NO_USAGE = Reason(N_("Nothing was used."))
READ_BACKWARDS = Reason(N_("The readings run backwards: settled with the next reading."))
NOTHING_TO_PAY = Reason(N_("The charge comes to 0.00."))
SHARED_COST = N_("It is shared out as a total (公摊): nothing is entered to be shared with this unit in {fact}.")
MISSING_QUANTITY = N_("The formula needs {fact}, which is not given for this unit.")
DIVIDED_BY_ZERO = Reason(N_("The formula divides by zero for this unit."))
BELOW_ZERO = Reason(N_("The formula comes to less than nothing for this unit."))
TOO_LARGE = Reason(N_("The charge is larger than an amount can be: check the price and the area."))


@dataclass(frozen=True, slots=True)
class Plan:
    """One tariff in one month: ``cycle`` is the period billed, ``by_area`` whether the unit must have an area.

    ``once``: it is charged in the first month that is billed, and never again (一次性).
    """

    tariff: TariffFacts
    month: Period
    cycle: Period
    metered: bool
    by_area: bool
    by_formula: bool = False
    once: bool = False


def plans(tariff: TariffFacts, month: Period) -> list[Plan] | Reason:
    """How a tariff is billed in a month: mostly one way, several where its cycle or method changes within the month."""
    held: dict[tuple[bool, int], list[PriceVersion]] = {}
    spans = price_spans(tariff.versions, month.first_day, month.last_day)
    for version in (span.price for span in spans if span.price is not None):
        if version.method is not Method.SHARED:
            metered = version.method in METERED
            held.setdefault((metered, 1 if metered else version.cycle_months), []).append(version)
    if not held and any(span.price is not None for span in spans):
        return Reason(SHARED_COST, str(month))
    return [_plan(tariff, month, *key, versions) for key, versions in held.items()] or Reason(NO_PRICE, str(month))


def _plan(tariff: TariffFacts, month: Period, metered: bool, months: int, versions: Sequence[PriceVersion]) -> Plan:
    """``months`` are those of the cycle; ``versions`` are all that hold in the month."""
    once = months == ONCE
    return Plan(
        tariff=tariff,
        month=month,
        cycle=month if once else Period.containing(month.first_day, months),
        metered=metered,
        by_area=any(version.method is Method.AREA for version in versions),
        by_formula=any(version.method is Method.FORMULA for version in versions),
        once=once,
    )


@dataclass(slots=True)
class TimedBiller:
    """Bills what is charged by time. What accounts have in common is worked out once for all alike."""

    rule: DeliveryRule
    _terms: dict[tuple[object, ...], tuple[MonthTerm, ...] | Reason] = field(default_factory=dict)
    _lines: dict[tuple[object, ...], PricedLine | Reason] = field(default_factory=dict)
    _usual: dict[tuple[object, ...], PricedLine | Reason] = field(default_factory=dict)

    def line(
        self,
        plan: Plan,
        unit: UnitFacts,
        account: AccountFacts,
        scopes: tuple[ScopeDays, ...],
        paid_through: date | None,
    ) -> PricedLine | Reason:
        """What an account is charged for the plan's cycle, if it bears any day of the plan's month."""
        _id, _code, area, space, unsold, delivered_on, accounts, *_of_formula = unit
        if len(accounts) > 1 or plan.by_formula:
            return self._line(plan, unit, account, scopes, paid_through)
        # Nearly all: all that their line depends on in one look-up.
        _account, first, last, developer = account
        of_account = (first, last, developer, paid_through)
        key = (id(plan), id(scopes), id(area), space, unsold, delivered_on, of_account)
        line = self._usual.get(key)
        if line is None:
            line = self._usual[key] = self._line(plan, unit, account, scopes, paid_through)
        return line

    def _line(
        self,
        plan: Plan,
        unit: UnitFacts,
        account: AccountFacts,
        scopes: tuple[ScopeDays, ...],
        paid_through: date | None,
    ) -> PricedLine | Reason:
        _id, _code, area, space, unsold, delivered_on, accounts, *of_formula = unit
        others = () if len(accounts) == 1 else tuple(one[1:] for one in accounts if one != account)
        # Plans, areas, scopes and terms live as long as the run, so their identity may stand for their value.
        key = (id(plan), unsold, delivered_on, account[1:], others, id(scopes), paid_through)
        terms = self._terms.get(key)
        if terms is None:
            holder = Holder(account.developer, unsold, delivered_on)
            terms = self._terms[key] = self._work_out(plan, holder, account, others, scopes, paid_through)
        if isinstance(terms, Reason):
            return terms
        alike: tuple[object, ...] = (id(terms), id(area), space)
        if plan.by_formula:
            alike += tuple(of_formula)
        line = self._lines.get(alike)
        if line is None:
            line = self._lines[alike] = _priced(plan, terms, unit)
        return line

    def _work_out(
        self,
        plan: Plan,
        holder: Holder,
        account: AccountFacts,
        others: tuple[Span, ...],
        scopes: tuple[ScopeDays, ...],
        paid_through: date | None,
    ) -> tuple[MonthTerm, ...] | Reason:
        held = days_held(holder, self.rule)
        theirs = days = held and held.within(plan.cycle.first_day, plan.cycle.last_day)
        if days is not None and not account.developer:
            days = days.within(account.from_date, account.to_date)
        if days is None or not _reaches(days, plan.month):
            return NO_PAYER
        if paid_through is not None:
            days = days.within(paid_through + ONE_DAY, None)
            theirs = theirs and theirs.within(paid_through + ONE_DAY, None)
            if days is None or not _reaches(days, plan.month):
                return Reason(PAID_THROUGH, str(paid_through))
        borne = scope_days(scopes, days)
        if not any(_reaches(one.days, plan.month) for one in borne):
            return Reason(OUT_OF_SCOPE, str(plan.month))
        alongside = _borne_alongside(theirs, others, scopes) if not account.developer else ()
        versions = plan.tariff.versions
        terms = (
            once_terms(versions, plan.cycle, borne)
            if plan.once
            else timed_terms(versions, plan.cycle, borne, delivery_cut(holder, self.rule), alongside=alongside)
        )
        return terms or Reason(NO_PRICE, str(plan.cycle))


def _borne_alongside(days: Days | None, others: tuple[Span, ...], scopes: tuple[ScopeDays, ...]) -> tuple[Borne, ...]:
    """What other accounts bear of the days that residents hold a unit."""
    held = (days and days.within(first, last) for first, last, developer in others if not developer)
    return tuple(borne for span in held if span is not None for borne in scope_days(scopes, span))


def _priced(plan: Plan, terms: tuple[MonthTerm, ...], unit: UnitFacts) -> PricedLine | Reason:
    if plan.by_area and not unit.area:
        return NO_AREA
    of = Measures(unit.area, unit.floor, unit.persons, unit.coefficient)
    try:
        line = price_terms(terms, plan.cycle, of=of, rent=unit.space, rounding=plan.tariff.rounding)
    except MissingQuantity as missing:
        return Reason(MISSING_QUANTITY, str(missing))
    except ZeroDivisionError:
        return DIVIDED_BY_ZERO
    if line.gross < 0:
        return BELOW_ZERO
    return TOO_LARGE if line.gross > LARGEST else line if line.gross else NOTHING_TO_PAY


def _reaches(days: Days, month: Period) -> bool:
    return days.within(month.first_day, month.last_day) is not None


@dataclass(frozen=True, slots=True)
class MeteredLine:
    """What an account is charged for usage, and for which readings."""

    account: AccountFacts
    line: PricedLine
    steps: tuple[UsageStep, ...]


def metered_lines(
    plan: Plan,
    unit: UnitFacts,
    scopes: tuple[ScopeDays, ...],
    unbilled: Sequence[UsageStep],
    counted: Counted = NOTHING_COUNTED,
) -> Iterator[MeteredLine | Reason]:
    """What each account of a unit is charged for usage not billed yet.

    Usage is whose account it is on the day of the reading; what is read on the day an account begins, or the unit is
    delivered, was used before it. ``unbilled`` runs meter by meter, oldest first; ``counted`` is what tiers count of
    the whole unit, whoever holds it.
    """
    by_account: dict[AccountFacts, list[tuple[UsageStep, Fraction]]] = {}
    for step in unbilled:
        account = holder_on(unit, step.after.read_on)
        day = Days(step.after.read_on, step.after.read_on)
        borne = scope_days(scopes, day)
        if account is None:
            yield missing_payer(unit, step.after.read_on)
        elif not borne:
            yield Reason(OUT_OF_SCOPE, str(plan.month))
        else:
            by_account.setdefault(account, []).append((step, borne[0].quantity))
    for account, used in by_account.items():
        steps = tuple(step for step, _quantity in used)
        line = price_usage(
            plan.tariff.versions,
            steps,
            [quantity for _step, quantity in used],
            counted=counted,
            persons=unit.persons,
            rounding=plan.tariff.rounding,
        )
        yield _metered_line(plan, account, steps, line)


def _metered_line(
    plan: Plan, account: AccountFacts, steps: tuple[UsageStep, ...], line: PricedLine | None
) -> MeteredLine | Reason:
    if line is None:
        return Reason(NO_PRICE, str(plan.month))
    if line.gross < 0 or line.quantity < 0:
        return READ_BACKWARDS
    if line.gross > LARGEST:
        return TOO_LARGE
    if not line.quantity:
        return NO_USAGE
    return MeteredLine(account, line, steps) if line.gross else NOTHING_TO_PAY


def holder_on(unit: UnitFacts, read_on: date) -> AccountFacts | None:
    """The account that bears usage read on a day; on the day of a change of hands it is the one before."""
    holding = [
        account
        for account in unit.accounts
        if holds_meters_on(Holder(account.developer, unit.unsold, unit.delivered_on), read_on)
        and (account.developer or _stands(account, read_on))
    ]
    if len(holding) == 1 and holding[0].from_date == read_on:
        day_before = read_on - ONE_DAY
        before = [one for one in unit.accounts if one.to_date == day_before and not one.developer]
        return before[0] if before else holding[0]
    return holding[0] if holding else None


def _stands(account: AccountFacts, day: date) -> bool:
    return (account.from_date is None or account.from_date <= day) and (
        account.to_date is None or day <= account.to_date
    )


def missing_payer(unit: UnitFacts, day: date) -> Reason:
    """Why nobody bears a unit's charge on a day."""
    undelivered = unit.delivered_on is not None and day <= unit.delivered_on
    return NO_DEVELOPER if unit.unsold or undelivered else NO_PAYER


def missing_holder(unit: UnitFacts, month: Period, rule: DeliveryRule) -> Reason:
    """Why no account bears any of a month: the developer would have, or nobody is named."""
    held = days_held(Holder(True, unit.unsold, unit.delivered_on), rule)
    theirs = held is not None and _reaches(held, month)
    return NO_DEVELOPER if theirs and not any(account.developer for account in unit.accounts) else NO_PAYER
