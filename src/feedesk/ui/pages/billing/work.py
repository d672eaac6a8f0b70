"""What the billing page's buttons really do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from feedesk.ops.billing import BillingUndone, PeriodBilled, bill_period, undo_billing
from feedesk.ops.offsetting import (
    OffsetTakenBack,
    PrepaymentsOffset,
    change_offset_rule,
    offset_prepayments,
    reverse_offset,
)
from feedesk.ops.run import Workplace, is_training
from feedesk.periods import Period
from feedesk.queries.billing_preview import BillingPreview, billing_preview
from feedesk.queries.offsets import OffsetRow, offset_choices, offsets
from feedesk.queries.run_scope import RunScope
from feedesk.rules.offsetting import OffsetRule
from feedesk.ui.pages.billing.page import BillingFunctions, Tell


@dataclass(slots=True)
class BillingWork:
    """Billing on one ledger."""

    seat: Callable[[], Workplace]
    open_path: Callable[[Path], object] = lambda _path: None

    def functions(self) -> BillingFunctions:
        """What the page calls."""
        return BillingFunctions(
            preview=self.preview,
            bill=self.bill,
            undo=self.undo,
            offset=self.offset,
            offsets=self.offsets,
            take_offset_back=self.take_offset_back,
            offset_choices=self.offset_choices,
            keep_rule=self.keep_rule,
            export=self.export,
            open_path=self.open_path,
            today=lambda: Period.containing(self.seat().business_date()),
            actor=lambda: self.seat().actor,
        )

    def preview(self, month: Period, scope: RunScope, tell: Tell) -> BillingPreview:
        """What billing would do."""
        seat = self.seat()
        return seat.read(billing_preview, month=month, day=seat.business_date(), scope=scope, progress=tell)

    def bill(self, month: Period, scope: RunScope, tell: Tell) -> PeriodBilled:
        """Bills in one act: all of it or, when it is stopped, nothing."""
        return self.seat().run_op(bill_period, period=month, scope=scope, progress=tell)

    def undo(self, month: Period, reason: str) -> BillingUndone:
        """Takes the month back."""
        return self.seat().run_op(undo_billing, period=month, reason=reason)

    def offset(self, tell: Tell) -> PrepaymentsOffset:
        """Lets prepayments settle what they can, account by account."""
        return offset_prepayments(self.seat(), progress=tell)

    def offsets(self) -> tuple[OffsetRow, ...]:
        """The offsets made last."""
        return self.seat().read(offsets)

    def take_offset_back(self, payment: int, reason: str) -> OffsetTakenBack:
        """Takes an offset back."""
        return self.seat().run_op(reverse_offset, payment=payment, reason=reason)

    def offset_choices(self) -> tuple[OffsetRule, tuple[str, ...]]:
        """The rule, and the fee items it may name."""
        return self.seat().read(offset_choices)

    def keep_rule(self, rule: OffsetRule) -> OffsetRule:
        """Remembers whether a run is followed by an offset, and of which fee items."""
        return self.seat().run_op(change_offset_rule, rule=rule)

    def export(self, preview: BillingPreview, path: Path) -> Path:
        """Writes a preview as a workbook."""
        from feedesk.reports.billing_preview import preview_table
        from feedesk.reports.files import write_report

        return write_report(preview_table(preview, training=self.seat().read(is_training)), path)
