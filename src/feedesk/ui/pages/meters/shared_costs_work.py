"""What the keys of the 公摊 tab really do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from feedesk.ops.run import Workplace
from feedesk.ops.sharing import (
    SharedCostFacts,
    add_shared_cost,
    change_shared_cost,
    delete_shared_cost,
    set_vacant_weight,
)
from feedesk.periods import Period
from feedesk.queries.billing import fee_items
from feedesk.queries.reconciliation import COMMON_PREFIX
from feedesk.queries.shared_cost_list import SharedCostRow, ShareTable, share_table, shared_cost_list
from feedesk.queries.shared_costs import vacant_weight
from feedesk.ui.pages.meters.shared_costs_tab import SharedCostsFunctions


@dataclass(slots=True)
class SharedCostsWork:
    """The shared costs of one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> SharedCostsFunctions:
        """What the tab calls."""
        return SharedCostsFunctions(
            costs=self.costs,
            shares=self.shares,
            items=self.items,
            month=self.month,
            add=self.add,
            change=self.change,
            delete=self.delete,
            vacant=lambda: self.seat().read(vacant_weight),
            set_vacant=self.set_vacant,
        )

    def costs(self) -> Sequence[SharedCostRow]:
        """All of them, the latest period first."""
        return self.seat().read(shared_cost_list)

    def shares(self, cost: int) -> ShareTable:
        """What every unit bears of one."""
        return self.seat().read(share_table, cost=cost)

    def items(self) -> Sequence[str]:
        """The fee items of the ledger, those of 公摊 first."""
        names = [item.name for item in self.seat().read(fee_items).values()]
        return sorted(names, key=lambda name: not name.startswith(COMMON_PREFIX))

    def month(self) -> Period:
        """The month of the business date."""
        return Period.containing(self.seat().business_date())

    def add(self, facts: SharedCostFacts) -> int:
        """Enters one."""
        return self.seat().run_op(add_shared_cost, facts=facts)

    def change(self, cost: int, facts: SharedCostFacts) -> None:
        """Corrects one."""
        self.seat().run_op(change_shared_cost, cost=cost, facts=facts)

    def delete(self, cost: int) -> None:
        """Deletes one."""
        self.seat().run_op(delete_shared_cost, cost=cost)

    def set_vacant(self, weight: Fraction | None) -> None:
        """Says what an empty unit weighs."""
        self.seat().run_op(set_vacant_weight, weight=weight)
