"""What the day close's buttons really do: it joins the page to the ledger's queries and operations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedesk.config import data_folder
from feedesk.ledger.verify import Verification
from feedesk.money import Fen
from feedesk.ops.banking import CashPaidIn, pay_cash_in
from feedesk.ops.closing import DayClosed, DayReopened, close_day, reopen_day
from feedesk.ops.drawer import CashMoved, move_cash
from feedesk.ops.drawer_count import DrawerCounted, count_drawer
from feedesk.ops.interim import take_x_report
from feedesk.ops.referencing import ReferenceAdded, add_reference
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import ShiftClosed, close_shift
from feedesk.queries.closing_view import ClosingView, closing_view
from feedesk.queries.day_figures import day_summary
from feedesk.queries.references import MissingReference
from feedesk.queries.shift_report import ShiftReport
from feedesk.queries.transit import CashToPayIn, cash_to_pay_in
from feedesk.queries.variance import causes_of_difference
from feedesk.rules.day_summary import workbook_name
from feedesk.rules.drawer import Movement
from feedesk.rules.variance import Cause
from feedesk.ui.pages.dayclose.bank_sheet import Slip
from feedesk.ui.pages.dayclose.functions import BoardFunctions, DayCloseFunctions, PaperFunctions
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.shift_papers import hand_over_slip, x_slip


@dataclass(slots=True)
class DayCloseWork:
    """The day close of one till. ``folder`` is where daily summaries go; changing it is told to ``keep_folder``."""

    seat: Callable[[], Workplace]
    till: int = 1
    folder: Path = field(default_factory=lambda: data_folder() / "exports")
    keep_folder: Callable[[Path], object] = lambda folder: None
    open_path: Callable[[Path], object] = lambda path: None
    print_loose: Callable[[LooseSlip], object] = lambda slip: None
    wake: Callable[[], object] = lambda: None
    _other_till: int | None = None

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
            board=BoardFunctions(
                add_reference=self.add_reference,
                wake=self.wake,
                use_till=self.use_till,
                verify=self.verify,
            ),
            papers=PaperFunctions(self.x_report, self.print_x, self.print_hand_over),
        )

    def use_till(self, till: int | None) -> None:
        """Counts another till's drawer here; None: this one's again."""
        self._other_till = till

    def _at(self) -> int:
        return self._other_till or self.till

    def view(self, day: date | None, counted_shift: int | None) -> ClosingView:
        """A day as it stands; without one, the day that is to be closed next."""
        seat = self.seat()
        return seat.read(
            closing_view, till=self._at(), today=seat.business_date(), day=day, counted_shift=counted_shift
        )

    def count(self, counts: Mapping[str, int]) -> DrawerCounted:
        """Takes a count and answers what should lie in the drawer."""
        return self.seat().run_op(count_drawer, till=self._at(), counts=counts)

    def close_shift(self, counts: Mapping[str, int], reason: str) -> ShiftClosed:
        """Hands the shift over, with the reason of a difference."""
        return self.seat().run_op(close_shift, till=self._at(), counts=counts, reason=reason)

    def causes(self, shift: int, over_short: Fen) -> Sequence[Cause]:
        """What would explain a difference in a drawer."""
        return self.seat().read(causes_of_difference, shift=shift, over_short=over_short)

    def move_cash(self, kind: Movement, amount: Fen, purpose: str) -> CashMoved:
        """Books petty cash or change money."""
        return self.seat().run_op(move_cash, kind=kind, amount=amount, purpose=purpose, till=self._at())

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

    def add_reference(self, missing: MissingReference, reference: str, same: bool) -> ReferenceAdded:
        """Adds a reference that came later."""
        place = {"payment": missing.payment, "sequence": missing.sequence}
        return self.seat().run_op(add_reference, reference=reference, same_reference=same, **place)

    def verify(self) -> Verification:
        """Verifies the whole ledger."""
        from feedesk.queries.verification import verify_everything  # what the page need not wait for

        return self.seat().read(verify_everything)

    def x_report(self) -> ShiftReport:
        """The figures of the running shift, without cash for whoever has yet to count it."""
        return self.seat().run_op(take_x_report, till=self._at())

    def print_x(self, report: ShiftReport) -> None:
        """Sends an X report to the printer."""
        self.print_loose(x_slip(self.seat(), report))

    def print_hand_over(self, shift: int) -> None:
        """Sends the hand-over slip of a counted shift to the printer."""
        slip = hand_over_slip(self.seat(), shift)
        if slip is not None:
            self.print_loose(slip)

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
