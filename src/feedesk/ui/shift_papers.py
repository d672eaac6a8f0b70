"""The slips of a shift: read and put into words now, and into bytes when the printer is ready."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from feedesk.ops.receipting import letterhead
from feedesk.ops.run import Workplace, is_training
from feedesk.queries.shift_report import ShiftReport, hand_over
from feedesk.ui.print_desk import LooseSlip

if TYPE_CHECKING:
    from feedesk.receipts.shift_slips import ShiftPaper


def x_slip(seat: Workplace, report: ShiftReport) -> LooseSlip:
    """The slip of an X report."""
    from feedesk.receipts.shift_slips import x_escpos

    return partial(x_escpos, report, _paper(seat))


def hand_over_slip(seat: Workplace, shift: int) -> LooseSlip | None:
    """The hand-over slip of a shift; None while it is not counted."""
    from feedesk.receipts.shift_slips import hand_over_escpos

    slip = seat.read(hand_over, shift=shift, now=datetime.now().astimezone())
    return None if slip is None else partial(hand_over_escpos, slip, _paper(seat))


def _paper(seat: Workplace) -> "ShiftPaper":
    from feedesk.receipts.shift_slips import ShiftPaper

    head = seat.read(letterhead)
    return ShiftPaper(
        community=head.community,
        company=head.company,
        printed_by=seat.actor,
        printed_at=f"{seat.business_date().isoformat()} {datetime.now().astimezone():%H:%M}",
        training=seat.read(is_training),
    )
