"""The business date of a desk."""

from datetime import date

from feedesk.ops.run import Workplace
from feedesk.queries.desk import open_shift_at


def desk_day(seat: Workplace, till: int) -> date:
    """The day a desk reckons to: that of the shift open at the till, past midnight too; today without one."""
    shift = seat.read(open_shift_at, till=till)
    return shift.business_date if shift is not None else seat.business_date()
