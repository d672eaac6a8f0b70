"""Usage that tiers count: what is read of long histories comes to the same as all of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from feedesk.models import Account, ChargeUsage, FeeItem, Meter, MeterReading, table_of
from feedesk.periods import Period
from feedesk.queries.unbilled_usage import UnbilledUsage, unbilled_usage
from feedesk.rules.metering import NORMAL, ROLLOVER, SWAP, Reading, UsageStep, join_swapped, usage_steps
from feedesk.rules.tiers import TierTable, total_usage
from tests.community import SmallCommunity

YEARLY = TierTable.parse("0-100:1;100-:2", cycle="年")
FROM_JULY = TierTable.parse("0-100:1;100-:2", cycle="年", restart="07-01")
MONTHLY = TierTable.parse("0-100:1;100-:2", cycle="月")
UNTIL = date(2026, 11, 30)
KIND = "水表"


def some_readings(random: Random, meter: int, first: date, last: date, kind: str) -> Iterator[Reading]:
    """A meter read every few weeks, now and then swapped or rolled over; ``kind`` is that of its first reading."""
    day, value = first, Fraction(random.randrange(1000))
    while day <= last:
        more = Fraction(random.randrange(30_000), 1000)
        if kind == SWAP:
            new = Fraction(random.randrange(20))
            yield Reading(0, meter, KIND, day, new + more, SWAP, value + 1, new)
            value = new + more
        elif kind == ROLLOVER:
            value = Fraction(random.randrange(10))
            yield Reading(0, meter, KIND, day, value, ROLLOVER, note="5位")
        else:
            value += more
            yield Reading(0, meter, KIND, day, value)
        day += timedelta(random.randrange(10, 45))
        kind = random.choice([NORMAL] * 12 + [SWAP, ROLLOVER])


class History:
    """Units with meters and readings, each meter billed as far as some reading, or not at all."""

    def __init__(self, community: SmallCommunity, seed: int) -> None:
        self.random, self.community = Random(seed), community
        self.readings: dict[int, dict[int, list[Reading]]] = defaultdict(dict)
        self.billed: dict[int, date] = {}
        for n in range(12):
            account = community.unit(f"1-1-{n}")
            unit = int(community.value(table_of(Account), "unit_id", id=account))
            self.charge = community.charge(account, "水费", "2026-01", 100)
            self._meters(unit, self.random.choice(["one", "two", "one after the other"]))

    def _meters(self, unit: int, how: str) -> None:
        first = date(2024, 12, 1) + timedelta(self.random.randrange(400))
        change = first + timedelta(self.random.randrange(50, 300))
        self._meter(unit, "A", first, change if how == "one after the other" else UNTIL, NORMAL)
        if how != "one":
            swapped = how == "one after the other"
            self._meter(unit, "B", change, UNTIL, SWAP if swapped else NORMAL)

    def _meter(self, unit: int, number: str, first: date, last: date, kind: str) -> None:
        meter = self.community.add(Meter, unit_id=unit, kind=KIND, number=number, multiplier=Fraction(1))
        stored = [self._stored(one) for one in some_readings(self.random, meter, first, last, kind)]
        self.readings[unit][meter] = stored
        until = self.random.choice([None, *stored[1:]])
        if until is not None:
            self.billed[meter] = until.read_on
            self.community.add(
                ChargeUsage, charge_id=self.charge, meter_id=meter, from_reading_id=stored[0].id,
                to_reading_id=until.id, usage=Fraction(1),
            )  # fmt: skip

    def _stored(self, one: Reading) -> Reading:
        key = self.community.add(
            MeterReading, meter_id=one.meter, read_on=one.read_on, reading=one.value, kind=one.kind,
            old_final=one.old_final, new_initial=one.new_initial, note=one.note,
        )  # fmt: skip
        return Reading(key, *(getattr(one, name) for name in Reading.__slots__[1:]))

    def steps(self, unit: int) -> Iterator[tuple[UsageStep, bool]]:
        """All usage of a unit, and whether it is billed."""
        for line in join_swapped(list(self.readings[unit].values())):
            for step in usage_steps(line):
                until = self.billed.get(step.after.meter)
                yield step, until is not None and step.after.read_on <= until


@pytest.mark.parametrize("seed", range(3))
def test_what_tiers_count_is_what_all_readings_would_say(community: SmallCommunity, seed: int) -> None:
    history = History(community, seed)
    with community.database.reading() as connection:
        item = int(community.value(table_of(FeeItem), "id", name="水费"))
        facts: dict[str, Any] = {"item": item, "month": Period.containing(UNTIL), "kinds": [KIND]}
        plain = unbilled_usage(connection, **facts)
        for tables in ([YEARLY], [FROM_JULY], [MONTHLY], [YEARLY, MONTHLY], [YEARLY, FROM_JULY]):
            usage = unbilled_usage(connection, **facts, tables={KIND: tables})
            assert {place: keys(steps) for place, steps in usage.steps.items()} == {
                place: keys(steps) for place, steps in plain.steps.items()
            }
            for table in tables:
                check(history, usage, table)


def check(history: History, usage: UnbilledUsage, table: TierTable) -> None:
    """What counts for each year or month that something unbilled lies in."""
    for (unit, _kind), unbilled in usage.steps.items():
        for begin in {table.begins(step.after.read_on) for step in unbilled}:
            billed = [step for step, is_billed in history.steps(unit) if is_billed]
            of_all = [step for step in billed if table.begins(step.after.read_on) == begin]
            assert counted(usage, unit, table, begin) == total_usage(of_all)


def keys(steps: list[UsageStep]) -> list[tuple[int, int]]:
    return [(step.before.id, step.after.id) for step in steps]


def counted(usage: UnbilledUsage, unit: int, table: TierTable, begin: date) -> Fraction:
    steps = usage.counted.get((unit, KIND), [])
    return total_usage(step for step in steps if table.begins(step.after.read_on) == begin)
