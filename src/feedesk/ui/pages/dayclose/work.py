"""What the day close's buttons really do: it joins the page to the ledger's queries and operations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedesk.config import data_folder
from feedesk.money import Fen
from feedesk.ops.banking import CashPaidIn, pay_cash_in
from feedesk.ops.closing import DayClosed, DayReopened, close_day, reopen_day
from feedesk.ops.drawer import CashMoved, move_cash
from feedesk.ops.drawer_count import DrawerCounted, count_drawer
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import ShiftClosed, close_shift
from feedesk.queries.closing_view import ClosingView, closing_view
from feedesk.queries.day_figures import day_summary
from feedesk.queries.transit import CashToPayIn, cash_to_pay_in
from feedesk.queries.variance import causes_of_difference
from feedesk.rules.day_summary import workbook_name
from feedesk.rules.drawer import Movement
from feedesk.rules.variance import Cause
from feedesk.ui.pages.dayclose.bank_sheet import Slip
from feedesk.ui.pages.dayclose.functions import DayCloseFunctions


@dataclass(slots=True)
class DayCloseWork:
    """The day close of one till. ``folder`` is where daily summaries go; changing it is told to ``keep_folder``."""

    seat: Callable[[], Workplace]
    till: int = 1
    folder: Path = field(default_factory=lambda: data_folder() / "exports")
    keep_folder: Callable[[Path], object] = lambda folder: None
    open_path: Callable[[Path], object] = lambda path: None

    def functions(self) -> DayCloseFunctions:
        """What the page calls."""
        return DayCloseFunctions(
            view=self.view,
            count=self.count,
            close_shift=self.close_shift,
            causes=self.causes,
            move_cash=self.move_cash,
            reopen=self.reopen,
            to_pay_in=self.to_pay_in,
            pay_in=self.pay_in,
            close_day=self.close_day,
            export=self.export,
            summary_path=self.summary_path,
            choose_folder=self.choose_folder,
            open_path=self.open_path,
        )

    def view(self, day: date | None, counted_shift: int | None) -> ClosingView:
        """A day as it stands; without one, the day that is to be closed next."""
        seat = self.seat()
        return seat.read(closing_view, till=self.till, today=seat.business_date(), day=day, counted_shift=counted_shift)

    def count(self, counts: Mapping[str, int]) -> DrawerCounted:
        """Takes a count and answers what should lie in the drawer."""
        return self.seat().run_op(count_drawer, till=self.till, counts=counts)

    def close_shift(self, counts: Mapping[str, int]) -> ShiftClosed:
        """Hands the shift over."""
        return self.seat().run_op(close_shift, till=self.till, counts=counts)

    def causes(self, shift: int, over_short: Fen) -> Sequence[Cause]:
        """What would explain a difference in a drawer."""
        return self.seat().read(causes_of_difference, shift=shift, over_short=over_short)

    def move_cash(self, kind: Movement, amount: Fen, purpose: str) -> CashMoved:
        """Books petty cash or change money."""
        return self.seat().run_op(move_cash, kind=kind, amount=amount, purpose=purpose, till=self.till)

    def reopen(self, day: date, reason: str) -> DayReopened:
        """Opens a closed day again."""
        return self.seat().run_op(reopen_day, date=day, reason=reason)

    def to_pay_in(self) -> CashToPayIn:
        """The counted cash on its way to the bank."""
        return self.seat().read(cash_to_pay_in)

    def pay_in(self, slip: Slip) -> CashPaidIn:
        """Enters the bank's slip."""
        return self.seat().run_op(
            pay_cash_in,
            slip=slip.number,
            amount=slip.amount,
            first_day=slip.first_day,
            last_day=slip.last_day,
            paid_in_on=slip.paid_in_on,
        )

    def close_day(self, day: date, reported: Mapping[str, Fen]) -> DayClosed:
        """Locks a day, with what the channels report themselves."""
        return self.seat().run_op(close_day, date=day, reported=reported)

    def export(self, day: date) -> Path:
        """Writes the daily summary of a closed day."""
        from feedesk.receipts.daily_summary import write_daily_summary

        return write_daily_summary(self.seat().read(day_summary, day=day), self.folder)

    def summary_path(self, day: date) -> Path:
        """Where the daily summary of a day lies, or would."""
        return self.folder / workbook_name(day)

    def choose_folder(self, folder: Path) -> None:
        """Daily summaries go elsewhere from now on."""
        self.folder = folder
        self.keep_folder(folder)
