"""What is to be billed of metered usage in a month, unit by unit, or why nothing is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from feedesk.periods import Period
from feedesk.queries.billing import ItemOfUnit
from feedesk.queries.unbilled_usage import UnbilledUsage, unbilled_usage
from feedesk.rules.bills import (
    BILLED_ELSEWHERE,
    FIRST_READING,
    NO_METER,
    NO_READING,
    PAID_THROUGH,
    MeteredLine,
    Plan,
    Reason,
    TariffFacts,
    UnitFacts,
    metered_lines,
)
from feedesk.rules.spans import ScopeDays
from feedesk.rules.tiers import Counted, TierTable


@dataclass(frozen=True, slots=True)
class DueUsage:
    """The usage not billed yet by fee item, and until when units were paid for elsewhere."""

    of_item: Mapping[int, UnbilledUsage]
    paid: Mapping[ItemOfUnit, date]

    @classmethod
    def read(
        cls, connection: Connection, month: Period, metered: Iterable[TariffFacts], paid: Mapping[ItemOfUnit, date]
    ) -> "DueUsage":
        by_item: dict[int, list[TariffFacts]] = {}
        for tariff in metered:
            by_item.setdefault(tariff.item_id, []).append(tariff)
        usage = {
            item: unbilled_usage(
                connection,
                item=item,
                month=month,
                kinds={kind for one in tariffs for kind in one.meter_kinds},
                tables=_tier_tables(tariffs),
            )
            for item, tariffs in by_item.items()
        }
        return cls(usage, paid)

    def lines(self, plan: Plan, unit: UnitFacts, scopes: tuple[ScopeDays, ...]) -> Iterator[MeteredLine | Reason]:
        """What each account of a unit is charged, or why not."""
        usage = self.of_item[plan.tariff.item_id]
        places = [(unit.id, kind) for kind in plan.tariff.meter_kinds]
        steps = [step for place in places for step in usage.steps.get(place, ())]
        paid = self.paid.get((unit.id, plan.tariff.item_id))
        left = [step for step in steps if paid is None or step.after.read_on > paid]
        if any(step.after.read_on in plan.month for step in left):
            billed = [step for place in places for step in usage.counted.get(place, ())]
            yield from metered_lines(plan, unit, scopes, left, Counted(tuple(billed), tuple(steps)))
        elif any(step.after.read_on in plan.month for step in steps):
            yield Reason(PAID_THROUGH, str(paid))
        else:
            yield _no_usage(plan, unit, usage)


def _tier_tables(tariffs: Iterable[TariffFacts]) -> dict[str, list[TierTable]]:
    """The tiers that count what a kind of meter shows, for all kinds that some tiers count."""
    found: dict[str, list[TierTable]] = {}
    for tariff in tariffs:
        for table in (version.tiers for version in tariff.versions if version.tiers is not None):
            for kind in tariff.meter_kinds:
                found.setdefault(kind, []).append(table)
    return found


def _no_usage(plan: Plan, unit: UnitFacts, usage: UnbilledUsage) -> Reason:
    places: list[tuple[int, str]] = [(unit.id, kind) for kind in plan.tariff.meter_kinds]
    read = [day for place in places if (day := usage.last_read.get(place))]
    billed = [day for place in places if (day := usage.last_billed.get(place))]
    if not read:
        return Reason(NO_METER, "、".join(plan.tariff.meter_kinds))
    if max(read) not in plan.month:
        return Reason(NO_READING, str(plan.month))
    return Reason(BILLED_ELSEWHERE, str(plan.month)) if billed and max(billed) in plan.month else FIRST_READING
