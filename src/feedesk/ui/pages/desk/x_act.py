"""Ctrl+K Z: the X report of the running shift, from the desk."""

from feedesk.errors import FeedeskError
from feedesk.ops.interim import take_x_report
from feedesk.ui.pages.dayclose.x_sheet import XSheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.shift_papers import x_slip
from feedesk.ui.widgets.painting import Span


def ask_x_report(place: DeskPlace) -> None:
    """Opens the report, or says on the desk that no shift is open."""
    seat = place.seat()
    try:
        report = seat.run_op(take_x_report, till=place.till)
    except FeedeskError as error:
        place.page.banner.tell("warn", (Span(str(error)),))
        return
    sheet = XSheet(place.window, report, lambda: place.print_loose(x_slip(seat, report)))
    sheet.open(sheet)
