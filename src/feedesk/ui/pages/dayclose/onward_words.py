"""What stands beside the open items: whether they keep anybody from going on, and where Enter goes on to."""

from collections.abc import Sequence

from feedesk.queries.closing_view import ClosingView
from feedesk.texts import _, ngettext
from feedesk.ui.pages.dayclose.open_items import OpenItem, blocking
from feedesk.ui.pages.dayclose.takings_card import CHANNELS, COUNT, LOCK


def onward_words(view: ClosingView, items: Sequence[OpenItem], fitting: int) -> tuple[str, str, str]:
    """A heading, a sentence and what the button says; ``fitting`` is the step the day has come to."""
    if fitting in (COUNT, CHANNELS, LOCK):
        title = _("Still open before closing") if items else _("Nothing is open")
        onward = {
            COUNT: _("Go on counting"),
            CHANNELS: _("Go on to the channels"),
            LOCK: _("Go on to locking"),
        }
        return title, _standing(items, fitting), onward[fitting]
    if view.others_open:
        title = _("Another shift is still open")
        words = _("{day} can be locked when every till has been handed over.").format(day=view.day.isoformat())
        return title, words, _("Look again")
    title = _("No shift on {day}").format(day=view.day.isoformat())
    return title, _("Nobody has opened a shift, so there is nothing to count and nothing to lock."), _("Open a shift")


def _standing(items: Sequence[OpenItem], fitting: int) -> str:
    if not items:
        return ""
    if fitting == COUNT:
        return _("See to what is on the left, or go on: none of it keeps you from counting.")
    stops = blocking(items)
    if not stops:
        return _("Nothing on the left keeps the day open.")
    message = ngettext("{n} item on the left keeps the day open.", "{n} items on the left keep the day open.", stops)
    return message.format(n=stops)
