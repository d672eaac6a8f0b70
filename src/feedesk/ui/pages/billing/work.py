"""What the billing page's buttons really do."""

from collections.abc import Callable
from dataclasses import dataclass

from feedesk.money import Fen
from feedesk.ops.billing import BillingUndone, PeriodBilled, bill_period, undo_billing
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview, billing_preview
from feedesk.ui.pages.billing.page import BillingFunctions


@dataclass(slots=True)
class BillingWork:
    """Billing on one ledger."""

    seat: Callable[[], Workplace]

    def functions(self) -> BillingFunctions:
        """What the page calls."""
        return BillingFunctions(
            preview=self.preview,
            bill=self.bill,
            undo=self.undo,
            today=lambda: Period.containing(self.seat().business_date()),
            actor=lambda: self.seat().actor,
        )

    def preview(self, month: Period, items: tuple[str, ...] | None) -> BillingPreview:
        """What billing would do."""
        seat = self.seat()
        return seat.read(billing_preview, month=month, day=seat.business_date(), items=items)

    def bill(self, month: Period, items: tuple[str, ...] | None) -> PeriodBilled:
        """Bills all fee items in one act, or each of some in an act of its own."""
        seat = self.seat()
        if items is None:
            return seat.run_op(bill_period, period=month)
        parts = [seat.run_op(bill_period, period=month, item=item) for item in items]
        return PeriodBilled(
            period=month,
            posted=sum(part.posted for part in parts),
            already=sum(part.already for part in parts),
            total=Fen(sum(part.total for part in parts)),
            discount=Fen(sum(part.discount for part in parts)),
            skipped=tuple(one for part in parts for one in part.skipped),
        )

    def undo(self, month: Period, reason: str) -> BillingUndone:
        """Takes the month back."""
        return self.seat().run_op(undo_billing, period=month, reason=reason)
