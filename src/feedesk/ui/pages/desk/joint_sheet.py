"""A: further accounts in the same payment. The other units of the same person stand there, each under a digit; 0 takes
them all in; whoever else is paid for is searched like at the desk, and comes with the units joined to it.
"""

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout

from feedesk.errors import FeedeskError
from feedesk.money import format_amount
from feedesk.queries.accounts import account_by_id, find_account, household
from feedesk.queries.other_units import OtherUnit, other_units_of
from feedesk.queries.paid_at_once import years_at_once
from feedesk.texts import N_, _
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.acts import DeskPlace
from feedesk.ui.pages.desk.page import GROUP
from feedesk.ui.shortcuts import bind
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.search_field import SearchField
from feedesk.ui.words import listed

_MOST = 9
"""So many units have a key of their own; 0 is all of them, and the search finds every one."""


class JointSheet(Sheet):
    """A digit adds a unit or takes it out again, Enter goes back to the charges; whatever is searched is added."""

    def __init__(self, place: DeskPlace, account: int) -> None:
        super().__init__(place.window, width=640)
        self._place, self._account, self._seat = place, account, place.seat()
        self._page = place.page
        on = self._seat.business_date()
        found = self._seat.read(other_units_of, account=account, on=on)
        self.others: list[OtherUnit] = [one for one in found if one.due]
        self._marks: dict[int, Label] = {}
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("Add an account to this payment"), "button", bold=True), leave)
        words = N_("One payment, one receipt that names every unit. Change kept is prepaid on the first account.")
        self.content.addWidget(Label.saying(words, "secondary", tone="ink_2", wraps=True))
        self.not_granted = Label("", "secondary", tone="warn", wraps=True)
        self._tell_not_granted(on)
        self.content.addWidget(self.not_granted)
        if self.others:
            self._build_others()
        self.search = SearchField(N_("room · name · pinyin initials · phone · plate"))
        self.content.addWidget(self.search)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.content.addWidget(self.sentence)
        bind(self, "/", N_("Search"), self._go_to_search, group=GROUP)
        self.search.query_changed.connect(self._on_query)
        self.search.hit_chosen.connect(lambda hit: self._add_found(hit.target))
        self.search.submitted.connect(self._on_submitted)
        self.search.left_by_escape.connect(self.close_sheet)
        self._mark()

    def _tell_not_granted(self, on: date) -> None:
        """A whole year paid at once is rewarded of one household only: said before accounts are put together."""
        names = self._seat.read(years_at_once, on=on)
        words = _("{names} is not granted when several accounts are paid together: take such an account by itself.")
        self.not_granted.setText(words.format(names=listed(names)) if names else "")
        self.not_granted.setVisible(bool(names))

    def _build_others(self) -> None:
        title = _("Other units of {name} that owe something").format(name=self.others[0].account.resident)
        self.content.addWidget(Label(title, "caption", tone="mute"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for row, other in enumerate(self.others[:_MOST]):
            hint = KeyHint(other.account.unit, str(row + 1), look="body", keys_first=True)
            hint.clicked.connect(lambda _on=False, place=row: self.toggle(place))
            self._marks[row] = Label("", "secondary", tone="good")
            grid.addWidget(hint, row, 0)
            grid.addWidget(self._marks[row], row, 1)
            grid.addWidget(Label(format_amount(other.due), "body", bold=True), row, 2, Qt.AlignmentFlag.AlignRight)
        everything = KeyHint(N_("All of them"), "0", look="body", keys_first=True)
        everything.clicked.connect(self.add_all)
        grid.addWidget(everything, len(self._marks), 0)
        self.content.addLayout(grid)
        row_hints = QGridLayout()
        others = KeyHint(N_("Somebody else's account"), "/")
        others.clicked.connect(self._go_to_search)
        row_hints.addWidget(others, 0, 0)
        done = KeyHint(N_("On to the charges"), "Return")
        done.clicked.connect(self.close_sheet)
        row_hints.addWidget(done, 0, 1, Qt.AlignmentFlag.AlignRight)
        self.content.addLayout(row_hints)

    def ask(self) -> None:
        """Opens the sheet: at the list where there is one, else in the search."""
        self.open(self if self.others else self.search)

    def _go_to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle(self, place: int) -> None:
        """Adds one of the person's units, or takes it out again."""
        account = self.others[place].account.id
        if not self._page.terms.remove(account):
            self._add([account])
        self._mark()

    def add_all(self) -> None:
        """Every one of the person's units that owes something; then back to the charges."""
        self._add([one.account.id for one in self.others])
        self.close_sheet()

    def _add(self, accounts: list[int]) -> None:
        try:
            self._page.join(accounts)
        except FeedeskError as error:
            self.sentence.setText(str(error))

    def _mark(self) -> None:
        added = {one.account for one in self._page.terms.terms().added}
        for place, mark in self._marks.items():
            mark.setText(_("added") if self.others[place].account.id in added else "")

    def _on_query(self, text: str) -> None:
        self.sentence.setText("")
        if text.strip():
            hits = [hit for hit in self._page.hits(text) if isinstance(hit.target, int)]
            self.search.show_hits(hits, "" if hits else _("Nothing found for “{text}”.").format(text=text.strip()))

    def _on_submitted(self, text: str) -> None:
        if not text.strip():
            self.close_sheet()
            return
        try:
            found = self._seat.read(find_account, text=text, on=self._seat.business_date())
        except FeedeskError as error:
            self.sentence.setText(str(error))
            return
        self._add_found(found.id)

    def _add_found(self, target: object) -> None:
        """An account found, with the units joined to it; what is paid for already is not added twice."""
        seat, on = self._seat, self._seat.business_date()
        refs = [seat.read(account_by_id, account=account) for account in (self._account, int(str(target)))]
        home, found = (seat.read(household, account=ref, on=on) for ref in refs)
        own = {one.id for one in home}
        new = [one.id for one in found if one.id not in own]
        there = {one.account for one in self._page.terms.terms().added}
        if set(new) <= there:
            self.sentence.setText(_("{unit} is in this payment already.").format(unit=found[0].unit))
            return
        self._add(new)
        self.close_sheet()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close_sheet()
        elif text == "0" and self.others:
            self.add_all()
        elif text.isdecimal() and 0 < int(text) <= len(self._marks):
            self.toggle(int(text) - 1)
        elif text.isprintable() and text.strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.search.take_key(text)
        else:
            super().keyPressEvent(event)


def ask_joint(place: DeskPlace) -> None:
    """A: this payment is for further accounts too."""
    if place.account is not None:
        JointSheet(place, place.account).ask()
