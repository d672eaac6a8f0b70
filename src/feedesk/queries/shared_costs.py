"""Shared costs (公摊) worked out: what a month's bill of them is, and what stands of them already."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, select, type_coerce

from feedesk.errors import UserError
from feedesk.models import Charge, ChargeUsage, FeeItem, Meter, SharedCost, Unit, table_of
from feedesk.money import Fen, round_by_magnitude
from feedesk.periods import Period
from feedesk.queries.billing import paid_through
from feedesk.queries.desk import ledger_setting
from feedesk.rules.bills import Bill, Reason, Skipped, UnitFacts
from feedesk.rules.shared_bills import (
    SHARED,
    SHARED_ALREADY,
    WHY_NOT,
    BornePlan,
    SharedBiller,
    borne_shares,
    nothing_to_bear,
)
from feedesk.rules.sharing import (
    Cost,
    ShareBasis,
    Weighable,
    meter_kinds_of,
    parts_of_share,
    share_out,
)
from feedesk.rules.unit_patterns import compiled_pattern
from feedesk.texts import N_, _

_cost, _charge, _usage, _item, _meter, _unit = (
    table_of(model) for model in (SharedCost, Charge, ChargeUsage, FeeItem, Meter, Unit)
)

VACANT_WEIGHT = "vacant_weight"
"""The setting of the ledger that says what an empty unit weighs: a decimal or fraction as text, in full without it."""

_COSTS = select(*_cost.c, _item.c.name.label("item")).join(_item, _item.c.id == _cost.c.fee_item_id)
_OF_PERIODS = _COSTS.where(_cost.c.period.in_(bindparam("periods", expanding=True))).order_by(_cost.c.id)
_ONE = _COSTS.where(_cost.c.id == bindparam("cost"))
_STANDING = select(_charge.c.number, _charge.c.account_id).where(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.source == SHARED,
    _charge.c.status != "cancelled",
)
_BROUGHT_ALONG = select(_charge.c.unit_id, _charge.c.fee_item_id, _charge.c.period).where(
    _charge.c.period.in_(bindparam("periods", expanding=True)),
    _charge.c.source == "opening",
    _charge.c.status != "cancelled",
    _charge.c.fee_item_id.in_(bindparam("items", expanding=True)),
)
_VACANT = select(_unit.c.id).where(_unit.c.occupancy == "空置")
_BILLED_USAGE = (
    select(_meter.c.unit_id, func.sum(type_coerce(_usage.c.usage, BigInteger)))
    .join(_charge, _charge.c.id == _usage.c.charge_id)
    .join(_meter, _meter.c.id == _usage.c.meter_id)
    .where(
        _charge.c.period.in_(bindparam("periods", expanding=True)),
        _charge.c.status != "cancelled",
        _meter.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .group_by(_meter.c.unit_id)
)


class UnknownSharedCost(UserError):
    message = N_("This shared cost is no longer there: somebody deleted it. Look at the list again.")


def vacant_weight(connection: Connection) -> Fraction:
    """What an empty unit weighs in this ledger, unless a cost says otherwise."""
    return Fraction(ledger_setting(connection, VACANT_WEIGHT, "1"))


def shared_cost(connection: Connection, cost: int) -> Cost:
    """One shared cost. Raises `UnknownSharedCost`."""
    row = connection.execute(_ONE, {"cost": cost}).one_or_none()
    if row is None:
        raise UnknownSharedCost
    return _as_cost(row, vacant_weight(connection))


def shared_costs_of(connection: Connection, periods: Iterable[Period]) -> list[Cost]:
    """The shared costs of some periods, in the order in which they were entered."""
    empty = vacant_weight(connection)
    rows = connection.execute(_OF_PERIODS, {"periods": [str(period) for period in periods]})
    return [_as_cost(row, empty) for row in rows]


def _as_cost(row: Any, empty: Fraction) -> Cost:
    basis = ShareBasis(row.basis)
    return Cost(
        id=row.id,
        name=row.name,
        item_id=row.fee_item_id,
        item=row.item,
        period=Period.parse(row.period),
        total=Fen(row.total),
        scope=tuple(filter(None, row.scope.split(";"))),
        basis=basis,
        due=row.due_rule,
        vacant_weight=empty if row.vacant_weight is None else row.vacant_weight,
        meter_kinds=meter_kinds_of(row.item) if basis is ShareBasis.USAGE else (),
    )


def costs_due(connection: Connection, month: Period) -> list[Cost]:
    """The shared costs billed with a month.

    One of several months is billed with the first of them that is billed, by usage with the last, when the usage of
    all is known.
    """
    cycles = [Period.containing(month.first_day, months) for months in (1, 3, 6, 12)]
    return [
        cost
        for cost in shared_costs_of(connection, cycles)
        if cost.basis is not ShareBasis.USAGE or cost.period.last_day == month.last_day
    ]


def billed_usage(connection: Connection, cost: Cost) -> dict[int, Fraction]:
    """The usage charged for a cost's period by unit, of the meters it follows."""
    if not cost.meter_kinds:
        return {}
    periods = [str(period) for period in (cost.period, *cost.period.each_month())]
    rows = connection.execute(_BILLED_USAGE, {"periods": periods, "kinds": list(cost.meter_kinds)})
    return {unit: Fraction(int(thousandths), 1000) for unit, thousandths in rows}


@dataclass(slots=True)
class SharedBills:
    """What shared costs bring to a month's bills."""

    bills: list[Bill] = field(default_factory=list)
    already: int = 0
    skipped: list[Skipped] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CostsToShare:
    """The shared costs of a month with all that sharing them out asks for, read at once."""

    costs: Sequence[Cost]
    units: Mapping[int, UnitFacts]
    reached: Mapping[int, Sequence[UnitFacts]]
    vacant: frozenset[int]
    usage: Mapping[int, Mapping[int, Fraction]]
    standing: Mapping[int, frozenset[int]]
    brought_along: frozenset[tuple[int, int, str]]
    paid: Mapping[tuple[int, int], date]

    @classmethod
    def read(cls, connection: Connection, costs: Sequence[Cost], units: Sequence[UnitFacts]) -> "CostsToShare":
        if not costs:
            return cls((), {}, {}, frozenset(), {}, {}, frozenset(), {})
        facts = {"periods": [str(cost.period) for cost in costs], "items": [cost.item_id for cost in costs]}
        standing: dict[int, set[int]] = {cost.id: set() for cost in costs}
        for number, account in connection.execute(_STANDING, facts):
            standing.setdefault(number, set()).add(account)
        return cls(
            costs=costs,
            units={unit.id: unit for unit in units},
            reached={cost.id: _reached(cost.scope, units) for cost in costs},
            vacant=frozenset(connection.execute(_VACANT).scalars()),
            usage={cost.id: billed_usage(connection, cost) for cost in costs},
            standing={key: frozenset(accounts) for key, accounts in standing.items()},
            brought_along=frozenset(
                (unit, item, period) for unit, item, period in connection.execute(_BROUGHT_ALONG, facts)
            ),
            paid=paid_through(connection, since=min(cost.period.first_day for cost in costs), metered=()),
        )

    def reached_items(self) -> dict[int, set[str]]:
        """The fee items that costs share with each unit that they reach: for these it needs no tariff."""
        found: dict[int, set[str]] = {}
        for cost in self.costs:
            for unit in self.reached[cost.id]:
                found.setdefault(unit.id, set()).add(cost.item)
        return found

    def plan(self, cost: Cost, metered: Iterable[Bill] = ()) -> BornePlan:
        """A cost shared out over its units, whatever stands of it. Raises the refusals of `share_out`."""
        usage = self._usage(cost, metered)
        weighable = (
            Weighable(
                unit.id, unit.code, unit.area, unit.coefficient, usage.get(unit.id, Fraction(0)), unit.id in self.vacant
            )
            for unit in self.reached[cost.id]
        )
        return borne_shares(share_out(cost, weighable), self.units, self.paid)

    def is_vacant(self, unit: int) -> bool:
        """Whether a unit stands empty (空置)."""
        return unit in self.vacant

    def is_brought_along(self, unit: int, cost: Cost) -> bool:
        """Whether a unit's arrears of the same item and period were brought along (期初欠费): it owes already."""
        return (unit, cost.item_id, str(cost.period)) in self.brought_along

    def work_out(self, metered: Sequence[Bill]) -> SharedBills:
        """The bills of all costs not posted yet; ``metered`` are the run's bills by usage, which weigh too."""
        found = SharedBills()
        for cost in self.costs:
            if self.standing[cost.id]:
                found.already += len(self.standing[cost.id])
                found.skipped += self._left_out(cost, metered)
                continue
            try:
                plan = self.plan(cost, metered)
            except UserError as refusal:
                found.skipped += _refused(cost, refusal)
                continue
            self._bill(plan, found)
        return found

    def _bill(self, plan: BornePlan, found: SharedBills) -> None:
        cost, biller = plan.out.cost, SharedBiller(plan.out)
        for borne in plan.borne:
            unit, part = borne.unit, borne.part
            if self.is_brought_along(unit.id, cost):
                found.already += 1
            elif part.reason is not None:
                found.skipped.append(Skipped(unit.code, cost.item, *part.reason))
            else:
                found.bills.append(biller.bill(borne, vacant=self.is_vacant(unit.id)))

    def _left_out(self, cost: Cost, metered: Sequence[Bill]) -> Iterator[Skipped]:
        """The units that bear nothing of a cost whose charges stand."""
        usage = self._usage(cost, metered)
        for unit in self.reached[cost.id]:
            if self.is_brought_along(unit.id, cost):
                continue
            for part in parts_of_share(unit, cost.period, Fen(0), self.paid.get((unit.id, cost.item_id))):
                if part.account is not None and part.account.id in self.standing[cost.id]:
                    continue
                unused = bool(cost.meter_kinds) and not usage.get(unit.id)
                nothing = nothing_to_bear(cost, Fraction(0)) if unused else Reason(SHARED_ALREADY, cost.name)
                yield Skipped(unit.code, cost.item, *(part.reason or nothing))

    def _usage(self, cost: Cost, metered: Iterable[Bill]) -> Mapping[int, Fraction]:
        """Usage billed already, and that of the run under way, as it will be stored."""
        if not cost.meter_kinds:
            return {}
        usage = dict(self.usage[cost.id])
        months = {cost.period, *cost.period.each_month()}
        for bill in metered:
            of_meters: dict[int, Fraction] = {}
            for step in bill.steps:
                if step.after.meter_kind in cost.meter_kinds and bill.period in months:
                    of_meters[step.after.meter] = of_meters.get(step.after.meter, Fraction(0)) + step.usage
            used = sum((Fraction(round_by_magnitude(one * 1000), 1000) for one in of_meters.values()), Fraction(0))
            usage[bill.unit.id] = usage.get(bill.unit.id, Fraction(0)) + used
        return usage


def _reached(scope: Sequence[str], units: Sequence[UnitFacts]) -> list[UnitFacts]:
    patterns = [compiled_pattern(pattern) for pattern in scope]
    return [unit for unit in units if any(pattern.fullmatch(unit.code) for pattern in patterns)]


def _refused(cost: Cost, refusal: UserError) -> Iterator[Skipped]:
    """Why a cost is not billed: told of each unit concerned, else of its scope."""
    named = [str(detail["unit"]) for detail in refusal.details] or [_(", ").join(cost.scope)]
    for unit in named:
        yield Skipped(unit, cost.item, WHY_NOT[type(refusal)], cost.name)
