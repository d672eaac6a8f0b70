"""Tells at the desk what has become of requests: in words at the bottom, and once as a banner when one was decided.

It reads when something happened anyway (a payment, a decision, a sign-in): it asks no ledger in between.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout

from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.signing_in import staff
from feedesk.queries.requests import STATES, WAITING, DecisionRequest, Outcome, recent_requests
from feedesk.texts import _
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span
from feedesk.ui.words import listed


class RequestNews(QObject):
    """Made once per desk; `refresh` reads anew. What was told once is not told again."""

    def __init__(self, place: DeskPlace) -> None:
        super().__init__(place.page)
        self._seen: dict[int, str] = {}
        self._whose = ""
        self.words = Label("", "caption", tone="warn")
        status = place.page.status_right()
        row = status.layout() if status is not None else None
        if isinstance(row, QHBoxLayout):
            row.insertWidget(0, self.words)

    def refresh(self, place: DeskPlace) -> None:
        """Reads what waits, and what was decided of one's own requests."""
        seat = place.seat()
        found = seat.read(recent_requests, since=seat.business_date())
        roles = [one.role for one in seat.read(staff) if one.name == seat.actor]
        decides = any(Permission.DECIDE_REQUESTS in PERMISSIONS[role] for role in roles)
        waiting = [one for one in found if one.state == WAITING and decides and one.asked_by != seat.actor]
        released = [one for one in found if one.state == Outcome.RELEASED]
        parts = []
        if waiting:
            parts.append(_("{n} to decide").format(n=len(waiting)))
        if released:
            parts.append(_("{n} to carry out").format(n=len(released)))
        self.words.setText(_("Requests: {parts} (Ctrl+K P)").format(parts=listed(parts)) if parts else "")
        self._tell(place, [one for one in found if one.asked_by == seat.actor], seat.actor)

    def _tell(self, place: DeskPlace, mine: Sequence[DecisionRequest], actor: str) -> None:
        before, known = self._seen, self._whose == actor
        self._seen, self._whose = {one.id: one.state for one in mine}, actor
        for one in mine:
            by_another = bool(one.decisions) and one.decisions[-1].by != actor
            is_news = before.get(one.id) != one.state and (known or one.is_open)
            if by_another and is_news and place.page.banner.isHidden():
                words = _("Request {request} ({name}): {state}. Ctrl+K P shows it.")
                told = words.format(request=one.id, name=one.name, state=_(STATES[one.state]))
                place.page.banner.tell("warn" if one.state == Outcome.REFUSED else "good", (Span(told),))
