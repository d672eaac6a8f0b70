"""The X report (X 报告): what the running shift took so far, at any time; nothing is closed by it, unlike by a Z.

Where the count is blind, whoever has yet to count sees nothing from which the cash in the drawer follows. A second
person with the right to review cashiers sees all of it.
"""

from feedesk.errors import UserError
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.queries.desk import open_shift_at
from feedesk.queries.desk_terms import is_count_blind
from feedesk.queries.shift_report import ShiftReport, shift_report
from feedesk.texts import N_


class NoShiftRunning(UserError):
    message = N_("No shift is open at till {till}: an X report tells of a running one.")


@requires(Permission.PRINT)
def take_x_report(act: Act, *, till: int = 1) -> ShiftReport:
    """The figures of the shift open at a till. Raises `NoShiftRunning`, `UnknownTill`."""
    shift = open_shift_at(act.connection, till)
    if shift is None:
        raise NoShiftRunning(till=till)
    second = act.actor.id != shift.cashier_id and act.actor.may(Permission.REVIEW_CASHIERS)
    blind = not second and is_count_blind(act.connection)
    report = shift_report(act.connection, day=shift.business_date, shift=shift.id, blind=blind, now=act.now)
    if report is None:
        raise NoShiftRunning(till=till)
    return report
