"""Ctrl+Shift+J: the late fee of the charge marked is waived at once, within the operator's own quota of the day."""

from feedesk.errors import FeedeskError, UserError
from feedesk.money import format_amount
from feedesk.ops.waiving import waive
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.charge_work import ChargeWork
from feedesk.ui.widgets.painting import Span


class NoLateFee(UserError):
    message = N_("Mark a charge with a late fee first: this one has none to waive.")


def waive_at_once(place: DeskPlace) -> None:
    """Waives the whole late fee that is owed, or says why not; beyond the quota Ctrl+J asks somebody to approve."""
    try:
        told = _waive(place)
    except FeedeskError as error:
        place.page.banner.tell("danger", (Span(str(error), "danger"),))
        return
    place.done(told, Changed.CHARGES)


def _waive(place: DeskPlace) -> str:
    work = ChargeWork(place.seat, place.till)
    facts = work.arithmetic(place.charge) if place.charge is not None else None
    if facts is None or facts.state.due <= 0:
        raise NoLateFee
    seat = place.seat()
    done = seat.run_op(waive, charges=[facts.id], late_fee=facts.state.due, reason=_("within the quota of the day"))
    with_left = _("Waived {amount} of late fee on {item} {period}; {left} of your quota is left today.")
    words = {"amount": format_amount(done.amount), "item": facts.item, "period": facts.period}
    return with_left.format(**words, left=format_amount(work.quota()))
