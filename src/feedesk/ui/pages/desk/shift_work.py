"""What happens around the payments of a shift: opening it, its receipts voided or printed again, slips in doubt.

What only a shift that is open needs is imported by then: the window is ready sooner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from feedesk.money import Fen, parse_amount
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.printing import queue_reprint, settle_slip
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import prove, staff
from feedesk.queries.clock import clock_warning
from feedesk.queries.desk import OpenShift, open_shift_at, till_id
from feedesk.queries.desk_opening import float_left, tills
from feedesk.queries.receipts import SlipOnItsWay, find_receipt, last_receipt, unprinted_slips
from feedesk.queries.reopened_days import reopened_days
from feedesk.queries.sign_offs import SignOffKind, last_closed_shift
from feedesk.texts import _
from feedesk.ui.pages.desk.opening import OpeningFacts, OpeningFunctions, OpeningOrder

if TYPE_CHECKING:
    from feedesk.ops.shifts import ShiftOpened
    from feedesk.ops.taking_back import PaymentTakenBack
    from feedesk.queries.issued_receipts import IssuedReceipt
    from feedesk.ui.pages.desk.history_sheet import HistoryFunctions
    from feedesk.ui.pages.desk.slip_sheet import SlipFunctions
    from feedesk.ui.pages.desk.void_sheet import VoidFunctions

USUAL_FLOAT = parse_amount("500.00")


@dataclass(slots=True)
class ShiftWork:
    """The shift of one till. ``sit_down`` (name, till) tells who acts from now on, before the shift is opened.

    Who ``has_signed_in`` just now need not give the password once more.
    """

    seat: Callable[[], Workplace]
    till: int = 1
    sit_down: Callable[[str, int], object] = lambda name, till: None
    has_signed_in: Callable[[str], bool] = lambda name: False

    def opening(self) -> OpeningFunctions:
        """What the opening card calls."""
        return OpeningFunctions(self.opening_facts, self.float_of, self.open, self.clock)

    def clock(self) -> str:
        """What is wrong with this computer's clock; empty when nothing is."""
        return self.seat().read(clock_warning, till=self.till, now=datetime.now().astimezone())

    def voiding(self) -> "VoidFunctions":
        """What the sheet of receipts calls."""
        from feedesk.ui.pages.desk.void_sheet import VoidFunctions

        return VoidFunctions(self.receipts, self.void, self.reprint, self.earlier)

    def history(self, account: int) -> "HistoryFunctions":
        """What the sheet of an account's papers calls."""
        from feedesk.queries.issued_receipts import receipts_of_account
        from feedesk.ui.pages.desk.history_sheet import HistoryFunctions

        seat = self.seat()
        return HistoryFunctions(
            lambda: seat.read(receipts_of_account, account=account, on=seat.business_date()), self.reprint
        )

    def papers(self, number: str) -> "HistoryFunctions":
        """The receipt of that number with all that puts it right, for whoever has no account."""
        from feedesk.queries.issued_receipts import papers_of_payment
        from feedesk.ui.pages.desk.history_sheet import HistoryFunctions

        seat = self.seat()
        payment = seat.read(find_receipt, number=number).payment
        return HistoryFunctions(lambda: seat.read(papers_of_payment, payment=payment), self.reprint)

    def slips(self) -> "SlipFunctions":
        """What the sheet of slips calls."""
        from feedesk.ui.pages.desk.slip_sheet import SlipFunctions

        return SlipFunctions(self.undecided, self.settle)

    def shift(self) -> OpenShift | None:
        """The shift open at this till."""
        return self.seat().read(open_shift_at, till=self.till)

    def opening_facts(self) -> OpeningFacts:
        """Who may sit here, where, with what float."""
        seat = self.seat()
        last = seat.read(last_closed_shift, till=self.till)
        able = tuple(
            replace(one, has_password=one.has_password and not self.has_signed_in(one.name))
            for one in seat.read(staff)
            if Permission.RUN_SHIFT in PERMISSIONS[one.role]
        )
        return OpeningFacts(
            staff=able,
            tills=seat.read(tills),
            name=seat.actor,
            till=self.till,
            opening_float=self.float_of(self.till),
            day=seat.business_date(),
            to_take_over=last.cashier if last is not None and not last.has(SignOffKind.HAND_OVER) else "",
            reopened=tuple(day for day in seat.read(reopened_days) if day < seat.business_date()),
        )

    def float_of(self, till: int) -> Fen:
        """What the drawer was left with, or the usual float of a new one."""
        left = self.seat().read(float_left, till=till)
        return USUAL_FLOAT if left is None else left

    def open(self, order: OpeningOrder) -> "ShiftOpened":
        """Checks the password where there is one, and opens the shift in that person's name."""
        from feedesk.ops.shifts import open_shift

        seat = self.seat()
        if not self.has_signed_in(order.name):
            prove(seat.database, name=order.name, password=order.password)
        acting = Workplace(seat.database, order.name, today=seat.today)
        done = acting.run_op(open_shift, till=order.till, opening_float=order.opening_float, day=order.day)
        self.sit_down(order.name, order.till)
        return done

    def receipts(self) -> "Sequence[IssuedReceipt]":
        """The receipts of the open shift, newest first."""
        from feedesk.queries.issued_receipts import issued_receipts

        shift = self.shift()
        return self.seat().read(issued_receipts, shift=shift.id) if shift else ()

    def earlier(self, text: str) -> "IssuedReceipt | None":
        """The payment of an earlier shift that a number, or its last six digits, means; None where there is none."""
        from feedesk.queries.correctable import earlier_receipt

        shift = self.shift()
        return self.seat().read(earlier_receipt, text=text, shift=shift.id if shift else None)

    def void(self, receipt: str, reason: str) -> "PaymentTakenBack":
        """Voids a receipt of this shift."""
        from feedesk.ops.taking_back import void_payment

        return self.seat().run_op(void_payment, receipt=receipt, reason=reason, till=self.till)

    def reprint(self, receipt: str) -> str:
        """Queues another copy and answers what to tell."""
        slip = self.seat().run_op(queue_reprint, receipt=receipt)
        return _("Reprint {n} of {receipt} is on its way.").format(n=slip.reprint, receipt=slip.receipt)

    def reprint_last(self) -> str:
        """The same for the last receipt of the shift; says so when there is none."""
        shift = self.shift()
        last = self.seat().read(last_receipt, shift=shift.id) if shift else None
        return _("No receipt has been issued in this shift.") if last is None else self.reprint(last.number)

    def undecided(self) -> Sequence[SlipOnItsWay]:
        """The slips of this till that are not on paper, as far as is known."""
        seat = self.seat()
        return seat.read(unprinted_slips, till=seat.read(till_id, till=self.till))

    def settle(self, job: int, on_paper: bool) -> None:
        """What the cashier says of a slip."""
        self.seat().run_op(settle_slip, job=job, on_paper=on_paper)
