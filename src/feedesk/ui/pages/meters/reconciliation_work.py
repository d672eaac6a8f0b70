"""What the keys of the reconciliation tab really do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from feedesk.ops.run import Workplace
from feedesk.ops.supplier_invoices import (
    InvoiceFacts,
    change_invoice,
    choose_common_items,
    delete_invoice,
    record_invoice,
)
from feedesk.periods import Period
from feedesk.queries.billing import fee_items
from feedesk.queries.reconciliation import common_items, reconciliations
from feedesk.rules.reconciliation import Reconciliation
from feedesk.ui.pages.meters.reconciliation_tab import ReconciliationFunctions


@dataclass(slots=True)
class ReconciliationWork:
    """What is billed for suppliers in one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> ReconciliationFunctions:
        """What the tab calls."""
        return ReconciliationFunctions(
            month=lambda: Period.containing(self.seat().business_date()),
            load=self.load,
            record=self.record,
            change=self.change,
            delete=self.delete,
            items=self.items,
            common=self.common,
            choose_common=self.choose_common,
        )

    def load(self, period: Period) -> Sequence[Reconciliation]:
        """Every item of a period."""
        return self.seat().read(reconciliations, period=period)

    def record(self, facts: InvoiceFacts) -> int:
        """Enters an invoice."""
        return self.seat().run_op(record_invoice, facts=facts)

    def change(self, invoice: int, facts: InvoiceFacts) -> None:
        """Corrects one."""
        self.seat().run_op(change_invoice, invoice=invoice, facts=facts)

    def delete(self, invoice: int) -> None:
        """Takes one out."""
        self.seat().run_op(delete_invoice, invoice=invoice)

    def items(self) -> Sequence[str]:
        """The fee items there are."""
        return [item.name for item in self.seat().read(fee_items).values()]

    def common(self, item: str) -> Sequence[str]:
        """As which items the common share of an item is billed."""
        return self.seat().read(common_items).get(item, ())

    def choose_common(self, item: str, names: Sequence[str]) -> None:
        """Says so."""
        self.seat().run_op(choose_common_items, item=item, common=list(names))
