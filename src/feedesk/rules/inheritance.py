"""Which of several tariffs of one fee item a unit is billed by: community, building, unit, the nearest overrides.

A row of 适用范围 that names the unit is nearest; of patterns one that spells out more of the code from its beginning
(``3-1-*``, then ``3-*``), then one with other fixed characters (``*-*-1??``), then a bare ``*``. The nearest holds day
by day, as far as it has a price in force: a day on which it has none falls back to the next. Tariffs that are equally
near are all billed. What is charged once only (一次性) stands beside what is charged again and again: neither overrides
the other.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from feedesk.rules.bills import TariffFacts
from feedesk.rules.spans import ScopeDays, scope_on
from feedesk.rules.tariffs import ONCE, ONE_DAY, price_on

Reach = Mapping[int, tuple[ScopeDays, ...]]
"""Tariff → the rows of its scope that reach a unit."""


class _Rival(NamedTuple):
    tariff: int
    scope: ScopeDays
    once: bool


def nearest_tariffs(reach: Reach, tariffs: Mapping[int, TariffFacts]) -> dict[int, tuple[ScopeDays, ...]]:
    """What is left of the scopes that reach a unit, in their order: each tariff's days on which none is nearer."""
    left = dict(reach)
    by_item: dict[int, list[int]] = {}
    for tariff in reach:
        by_item.setdefault(tariffs[tariff].item_id, []).append(tariff)
    for rivals in by_item.values():
        if len(rivals) > 1 and len({scope.nearness for tariff in rivals for scope in reach[tariff]}) > 1:
            left |= _settled(rivals, reach, tariffs)
    return {tariff: scopes for tariff, scopes in left.items() if scopes}


def _settled(
    rivals: Iterable[int], reach: Reach, tariffs: Mapping[int, TariffFacts]
) -> dict[int, tuple[ScopeDays, ...]]:
    """The days of each rival, cut where one of them begins or ceases to hold."""
    won: dict[int, list[ScopeDays]] = {tariff: [] for tariff in rivals}
    for first, last in _stretches(won, reach, tariffs):
        holding = [
            _Rival(tariff, scope, price.cycle_months == ONCE)
            for tariff in won
            if (scope := scope_on(reach[tariff], first)) and (price := price_on(tariffs[tariff].versions, first))
        ]
        for rival in holding:
            alike = [one for one in holding if one.once is rival.once]
            nearest = max(one.scope.nearness for one in alike)
            if rival.scope.nearness == nearest:
                hides = frozenset(one.tariff for one in alike if one.scope.nearness < nearest)
                _extend(won[rival.tariff], rival.scope, first, last, hides)
    return {tariff: tuple(scopes) for tariff, scopes in won.items()}


def _stretches(
    rivals: Iterable[int], reach: Reach, tariffs: Mapping[int, TariffFacts]
) -> Iterator[tuple[date, date | None]]:
    """All days, cut where a scope or a price begins or ends."""
    starts = {date.min}
    for tariff in rivals:
        spans = [(scope.from_date, scope.to_date) for scope in reach[tariff]]
        spans += [(version.valid_from, version.valid_to) for version in tariffs[tariff].versions]
        starts |= {first for first, _last in spans if first is not None}
        starts |= {last + ONE_DAY for _first, last in spans if last is not None and last < date.max}
    for start, following in pairwise([*sorted(starts), None]):
        assert start is not None
        yield start, None if following is None else following - ONE_DAY


def _extend(won: list[ScopeDays], scope: ScopeDays, first: date, last: date | None, hides: frozenset[int]) -> None:
    """Adds days to those won before, joined with the last ones where nothing differs."""
    begin = None if first == date.min else first
    before = won[-1] if won else None
    if (
        before is not None
        and before.to_date is not None
        and before.to_date + ONE_DAY == first
        and (before.nearness, before.quantity, before.hides) == (scope.nearness, scope.quantity, hides)
    ):
        won.pop()
        begin = before.from_date
    won.append(ScopeDays(scope.nearness, scope.quantity, begin, last, hides))
