"""P: the requests that wait for a decision or to be carried out, and those decided lately; Enter goes on with one."""

from datetime import timedelta
from typing import Final

from PySide6.QtWidgets import QHBoxLayout

from feedesk.errors import FeedeskError
from feedesk.ops.permissions import PERMISSIONS, Permission
from feedesk.ops.signing_in import staff
from feedesk.queries.requests import STATES, WAITING, DecisionRequest, Outcome, RequestKind, recent_requests
from feedesk.texts import N_, _
from feedesk.ui.appearance import appearance
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.tables.columns import Cell, ColumnSpec, figure, words
from feedesk.ui.tables.model import RowsModel
from feedesk.ui.tables.view import TableView
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span, Tone

SHOWN_DAYS: Final = 7
"""So many days what was decided stays in the list."""
KINDS: Final = {
    RequestKind.LATE_FEE: N_("Waive late fee"),
    RequestKind.PRINCIPAL: N_("Waive principal"),
    RequestKind.PAYMENT: N_("Refund"),
    RequestKind.PREPAYMENT: N_("Refund of prepayment"),
    RequestKind.DEPOSIT: N_("Give a deposit back"),
    RequestKind.REVERSAL: N_("Reverse a payment"),
}
_TONES: Final[dict[str, Tone]] = {
    WAITING: "warn",
    Outcome.RELEASED: "good",
    Outcome.REFUSED: "danger",
}


def _state(request: DecisionRequest) -> Cell:
    return Cell((Span(_(STATES[request.state]), chip=_TONES.get(request.state, "plain")),))


COLUMNS: Final[tuple[ColumnSpec[DecisionRequest], ...]] = (
    ColumnSpec(N_("Request"), lambda row: words(str(row.id), "mute"), 56),
    ColumnSpec(N_("What is asked for"), lambda row: words(_(KINDS[row.kind])), 104),
    ColumnSpec(N_("Unit"), lambda row: words(row.unit), 86),
    ColumnSpec(N_("About"), lambda row: words(row.name), 0),
    ColumnSpec(N_("Amount"), lambda row: figure(row.amount), 92, right=True),
    ColumnSpec(N_("Asked by"), lambda row: words(row.asked_by), 92),
    ColumnSpec(N_("Asked"), lambda row: words(f"{row.asked_at:%m-%d %H:%M}", "mute"), 96, spare=True),
    ColumnSpec("", _state, 130),
)


def requests_shown(place: DeskPlace) -> tuple[DecisionRequest, ...]:
    """All of them for whoever may decide; for others their own, and what is released for any cashier."""
    seat = place.seat()
    found = seat.read(recent_requests, since=seat.business_date() - timedelta(SHOWN_DAYS))
    roles = [one.role for one in seat.read(staff) if one.name == seat.actor]
    if any(Permission.DECIDE_REQUESTS in PERMISSIONS[role] for role in roles):
        mine = found
    else:
        mine = tuple(one for one in found if one.asked_by == seat.actor or one.state == Outcome.RELEASED)
    return tuple(sorted(mine, key=lambda one: not one.is_open))


class RequestsSheet(Sheet):
    """The list, what is open first; Enter opens the one marked."""

    def __init__(self, place: DeskPlace) -> None:
        super().__init__(place.window, width=980)
        self._place = place
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("Requests"), "button", bold=True), leave)
        self.model = RowsModel(COLUMNS, self)
        self.table = TableView(self.model, sortable=False)
        self.table.setAccessibleName(_("Requests"))
        self.table.setSelectionMode(TableView.SelectionMode.SingleSelection)
        self.table.opened.connect(lambda _row: self.choose())
        self.told = Label("", "secondary", tone="ink_2", wraps=True)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(self.told, 1)
        go_on = KeyHint(N_("Decide, or carry out"), "Return")
        go_on.clicked.connect(self.choose)
        row.addWidget(go_on)
        self.content.addWidget(self.table, 1)
        self.add_foot(row)
        self.model.set_rows(requests_shown(place))
        self.table.choose_row(0)
        if not self.model.rows():
            self.told.setText(_("Nobody has asked for anything in the last days."))

    def ask(self) -> None:
        """Opens the list at what is open."""
        rows = min(max(len(self.model.rows()), 4), 12)
        self.table.setMinimumHeight(min((rows + 1) * appearance().size.row + 4, self._window.height() - 200))
        self.open(self.table)

    def choose(self) -> None:
        """Enter: what can be done with the request marked."""
        from feedesk.ui.pages.desk.request_sheet import ask_about

        rows = self.table.chosen_rows()
        if not rows:
            return
        request = self.model.row_at(rows[0])
        self.close_sheet()
        try:
            ask_about(self._place, request.id)
        except FeedeskError as error:
            self._place.page.banner.tell("danger", (Span(str(error), "danger"),))


def ask_requests(place: DeskPlace) -> None:
    """P: no account is needed."""
    RequestsSheet(place).ask()
