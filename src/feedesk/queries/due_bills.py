"""What is to be billed for a month: the rules of billing applied to all units, nothing posted yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.accounts import account_number
from feedesk.queries.billing import (
    Charged,
    ItemOfUnit,
    charged,
    charged_once,
    fee_items,
    paid_through,
    scopes_by_unit,
    tariffs,
    units_with_accounts,
)
from feedesk.queries.concessions import concede_bills
from feedesk.queries.desk import ledger_setting
from feedesk.queries.due_usage import DueUsage
from feedesk.queries.run_scope import EVERYTHING, RunScope
from feedesk.queries.shared_costs import CostsToShare, costs_due
from feedesk.rules.bills import (
    BILLED_FARTHER,
    BILLED_TO_ANOTHER,
    NO_PAYER,
    NO_TARIFF,
    ONE_OFF,
    SHARED_COST,
    AccountFacts,
    Bill,
    Plan,
    Reason,
    Skipped,
    TariffFacts,
    TimedBiller,
    UnitFacts,
    missing_holder,
    plans,
)
from feedesk.rules.pricing import PricedLine
from feedesk.rules.spans import Days, DeliveryRule, ScopeDays
from feedesk.rules.unit_patterns import EXACT
from feedesk.texts import N_

Progress = Callable[[int, int], None]
"""Told how many units of how many are worked out; may raise, which ends the work."""

_TOLD_EVERY = 500

DELIVERY_RULE = "delivery_rule"
"""The setting of the ledger that says from when a buyer pays: one of `DeliveryRule`."""


def delivery_rule(connection: Connection) -> DeliveryRule:
    """From when the buyer of a unit pays in this ledger."""
    return DeliveryRule(ledger_setting(connection, DELIVERY_RULE, DeliveryRule.NEXT_MONTH))


class UnknownFeeItem(UserError):
    message = N_("There is no fee item “{item}”: check the name, for example 物业费.")


@dataclass(frozen=True, slots=True)
class DueBills:
    """The bills of a month. ``already`` stand from an earlier run or were brought along; ``skipped`` says why not."""

    month: Period
    bills: tuple[Bill, ...]
    already: int
    skipped: tuple[Skipped, ...]

    @property
    def total(self) -> Fen:
        """The gross sum of the bills."""
        return Fen(sum(bill.line.gross for bill in self.bills))

    @property
    def discount(self) -> Fen:
        """What concessions take off them together."""
        return Fen(sum(bill.discount for bill in self.bills))


ScopesOfUnits = Mapping[int, Mapping[int, tuple[ScopeDays, ...]]]
"""Unit → tariff → the rows of its scope that reach the unit."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A run to be looked at and never posted: of one unit, with prices not stored yet, as though nothing was billed.

    ``tariffs`` go before the stored ones, and apply to the unit even where no scope says so yet; ``anew`` leaves aside
    what earlier runs charged by time.
    """

    unit: int
    tariffs: Mapping[int, TariffFacts] = field(default_factory=dict)
    anew: bool = False

    def reaching(self, scopes: ScopesOfUnits, known: Mapping[int, TariffFacts]) -> ScopesOfUnits:
        """The scopes with those of the prices tried, which go before others of their fee item."""
        reach = dict(scopes.get(self.unit, {}))
        for key, tariff in self.tariffs.items():
            if key not in reach:
                reach = {other: days for other, days in reach.items() if known[other].item_id != tariff.item_id}
                reach[key] = (ScopeDays(EXACT, Fraction(1)),)
        return {**scopes, self.unit: reach}


def due_bills(
    connection: Connection,
    *,
    month: Period,
    item: str | None = None,
    scope: RunScope = EVERYTHING,
    trial: Trial | None = None,
    progress: Progress | None = None,
) -> DueBills:
    """Works out a month's bills, of one fee item, of some (``scope``) or of all. Raises `UnknownFeeItem`."""
    scope = scope if item is None else replace(scope, items=frozenset({item}))
    known = {one.name for one in fee_items(connection).values()} if scope.items is not None else set()
    for name in sorted((scope.items or frozenset()) - known):
        raise UnknownFeeItem(item=name)
    due = _Run.read(connection, month, scope, trial).work_out(scope, progress)
    if trial is not None:
        due = replace(due, bills=tuple(bill for bill in due.bills if bill.unit.id == trial.unit))
    return replace(due, bills=concede_bills(connection, due.bills))


@dataclass(slots=True)
class _Run:
    """A month being worked out, with all that was read for it."""

    month: Period
    units: list[UnitFacts]
    scopes: ScopesOfUnits
    tariffs: Mapping[int, TariffFacts]
    plans: Mapping[int, list[Plan] | Reason]
    charged: Charged
    paid: Mapping[ItemOfUnit, date]
    usage: DueUsage
    biller: TimedBiller
    shared: CostsToShare
    once: Mapping[tuple[int, int], str]
    beyond: list[Skipped]
    bills: list[Bill] = field(default_factory=list)
    already: int = 0

    @classmethod
    def read(cls, connection: Connection, month: Period, scope: RunScope, trial: Trial | None = None) -> "_Run":
        known = tariffs(connection) | dict(trial.tariffs if trial else {})
        wanted = {key: one for key, one in known.items() if scope.covers(one.item)}
        made = {key: plans(one, month) for key, one in wanted.items()}
        every = [plan for found in made.values() if not isinstance(found, Reason) for plan in found]
        metered = [plan.tariff for plan in every if plan.metered]
        anew = trial is not None and trial.anew
        costs = [cost for cost in costs_due(connection, month) if scope.covers(cost.item)]
        only = trial.unit if trial is not None and not costs else None  # a share depends on all who bear the cost
        units, costs, beyond = scope.inside(connection, units_with_accounts(connection, only=only), costs)
        scopes: ScopesOfUnits = scopes_by_unit(connection, units, wanted)
        paid = paid_through(
            connection,
            since=min((plan.cycle.first_day for plan in every), default=month.first_day),
            metered={one.item_id for one in metered},
            only=only,
        )
        standing = {month, *(plan.cycle for plan in every)} if not anew else ()
        return cls(
            month=month,
            units=units,
            scopes=trial.reaching(scopes, wanted) if trial else scopes,
            tariffs=wanted,
            plans=made,
            charged=charged(connection, standing, only=only),
            paid=paid,
            usage=DueUsage.read(connection, month, metered, paid),
            biller=TimedBiller(delivery_rule(connection)),
            shared=CostsToShare.read(connection, costs, units),
            once=charged_once(connection, {plan.tariff.id for plan in every if plan.once} if not anew else ()),
            beyond=beyond,
        )

    def work_out(self, scope: RunScope, progress: Progress | None = None) -> DueBills:
        skipped = list(self.beyond)
        shared = self.shared.reached_items()
        for place, unit in enumerate(self.units):
            if progress is not None and place % _TOLD_EVERY == 0:
                progress(place, len(self.units))
            reach = self.scopes[unit.id]
            if not reach and scope.items is None and unit.id not in shared:
                skipped.append(Skipped(unit.code, "", *NO_TARIFF))
            outcome: dict[str, Reason | None] = {}
            for key, scopes in reach.items():
                tariff = self.tariffs[key]
                reason = self._bill(tariff, unit, scopes)
                told = tariff.item not in outcome or (reason is None and outcome[tariff.item] is not BILLED_FARTHER)
                if told or reason is BILLED_FARTHER:
                    outcome[tariff.item] = reason
            skipped += [
                Skipped(unit.code, name, *reason)
                for name, reason in outcome.items()
                if reason and not (reason.message == SHARED_COST and name in shared.get(unit.id, ()))
            ]
        more = self.shared.work_out(self.bills)
        return DueBills(self.month, (*self.bills, *more.bills), self.already + more.already, (*skipped, *more.skipped))

    def _bill(self, tariff: TariffFacts, unit: UnitFacts, scopes: tuple[ScopeDays, ...]) -> Reason | None:
        """Bills a unit by one tariff; None where a bill is made or stands, else why not."""
        planned = self.plans[tariff.id]
        if isinstance(planned, Reason):
            return planned
        first: Reason | None = None
        billed = False
        for plan in planned:
            bill = self._bill_usage if plan.metered else self._bill_time
            reason = bill(plan, unit, scopes)
            billed |= reason is None
            first = first or reason
        return None if billed else first

    def _bill_time(self, plan: Plan, unit: UnitFacts, scopes: tuple[ScopeDays, ...]) -> Reason | None:
        tariff, billed = plan.tariff, False
        why: Reason | None = None
        taken: Reason | None = None
        paid = self.paid.get((unit.id, tariff.item_id)) if self.paid else None
        nothing_stands = not self.charged.runs and not self.charged.arrears
        for account in unit.accounts:
            line = self.biller.line(plan, unit, account, scopes, paid)
            if type(line) is PricedLine:
                billed = True
                if nothing_stands and not plan.once:
                    self.bills.append(Bill(account.id, unit, tariff, plan.cycle, line))
                elif self._stands(unit, account, plan):
                    self.already += 1
                elif plan.once:
                    self._bill_once(plan, unit, account, line)
                elif others := self._billed_before(unit, plan, line.serves, scopes):
                    taken = taken or others
                else:
                    self.bills.append(Bill(account.id, unit, tariff, plan.cycle, line, ()))
            elif line is not NO_PAYER and type(line) is Reason:
                why = why or line
        if billed:
            return taken
        return why or missing_holder(unit, plan.month, self.biller.rule)

    def _bill_once(self, plan: Plan, unit: UnitFacts, account: AccountFacts, line: PricedLine) -> None:
        """What is charged once only, unless it was charged in this month or another."""
        month = self.once.get((account.id, plan.tariff.id))
        self.already += month == str(plan.cycle)
        if month is None:
            self.bills.append(Bill(account.id, unit, plan.tariff, plan.cycle, line, source=ONE_OFF))

    def _billed_before(self, unit: UnitFacts, plan: Plan, days: Days, scopes: tuple[ScopeDays, ...]) -> Reason | None:
        """Why days are not billed twice: a change of hands, or a nearer tariff, was entered after they were billed."""
        standing = self.charged
        if not standing.served:
            return None
        account = standing.account_served(unit.id, plan.tariff.id, plan.cycle, days)
        if account is not None:
            return Reason(BILLED_TO_ANOTHER, account_number(account))
        for scope in scopes:
            inside = days.within(scope.from_date, scope.to_date) if scope.hides else None
            if inside is not None and any(
                standing.account_served(unit.id, farther, cycle, inside) is not None
                for farther in scope.hides
                for cycle in self._cycles(farther)
            ):
                return BILLED_FARTHER
        return None

    def _cycles(self, tariff: int) -> list[Period]:
        planned = self.plans[tariff]
        return [] if isinstance(planned, Reason) else [plan.cycle for plan in planned]

    def _stands(self, unit: UnitFacts, account: AccountFacts, plan: Plan) -> bool:
        """Whether an account's charge was posted before, or brought along as arrears of the unit."""
        runs, arrears = self.charged.runs, self.charged.arrears
        if not runs and not arrears:
            return False
        tariff, period = plan.tariff, str(plan.cycle)
        return (account.id, tariff.id, period) in runs or (unit.id, tariff.item_id, period) in arrears

    def _bill_usage(self, plan: Plan, unit: UnitFacts, scopes: tuple[ScopeDays, ...]) -> Reason | None:
        standing = [account for account in unit.accounts if self._stands(unit, account, plan)]
        self.already += len(standing)
        billed = bool(standing)
        why: Reason | None = None
        for found in self.usage.lines(plan, unit, scopes):
            if isinstance(found, Reason):
                why = why or found
            elif found.account not in standing:
                billed = True
                self.bills.append(Bill(found.account.id, unit, plan.tariff, plan.cycle, found.line, found.steps))
        return None if billed else why
