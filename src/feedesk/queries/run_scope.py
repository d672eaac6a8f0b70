"""What a billing run is restricted to: some fee items, some buildings."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Building, Unit, table_of
from feedesk.queries.shared_costs import CostsToShare
from feedesk.rules.bills import Skipped, UnitFacts
from feedesk.rules.sharing import Cost
from feedesk.texts import N_

_building, _unit = table_of(Building), table_of(Unit)

_OF_BUILDINGS = select(_unit.c.id).where(_unit.c.building_id.in_(bindparam("buildings", expanding=True)))
_BUILDINGS = select(_building.c.id, _building.c.code).order_by(_building.c.sort_key, _building.c.id)

SHARED_BEYOND = N_("{fact} is shared with other buildings too: bill all buildings together.")


@dataclass(frozen=True, slots=True)
class RunScope:
    """What a run is restricted to: fee items by name, buildings by key; None: all.

    A cost that is shared beyond the buildings is left out, since it is billed whole or not at all.
    """

    items: frozenset[str] | None = None
    buildings: frozenset[int] | None = None

    def covers(self, item: str) -> bool:
        """Whether a fee item is billed."""
        return self.items is None or item in self.items

    def inside(
        self, connection: Connection, units: list[UnitFacts], costs: list[Cost]
    ) -> tuple[list[UnitFacts], list[Cost], list[Skipped]]:
        """The units of the buildings, the costs that nobody else bears, and why the others are left out."""
        if self.buildings is None:
            return units, costs, []
        there = units_of(connection, self.buildings)
        reached = CostsToShare.read(connection, costs, units).reached if costs else {}
        kept = [cost for cost in costs if all(unit.id in there for unit in reached[cost.id])]
        beyond = [
            Skipped(unit.code, cost.item, SHARED_BEYOND, cost.name)
            for cost in costs
            if cost not in kept
            for unit in reached[cost.id]
            if unit.id in there
        ]
        return [unit for unit in units if unit.id in there], kept, beyond


EVERYTHING = RunScope()


def units_of(connection: Connection, buildings: frozenset[int]) -> frozenset[int]:
    """The keys of the units of some buildings."""
    return frozenset(connection.execute(_OF_BUILDINGS, {"buildings": list(buildings)}).scalars())


def buildings(connection: Connection) -> Sequence[tuple[int, str]]:
    """All buildings with their codes, in their order."""
    return [(row.id, row.code) for row in connection.execute(_BUILDINGS)]
