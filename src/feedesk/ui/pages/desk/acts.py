"""Ctrl+K: everything else that can be done at the desk, each act under a key of its own, so two keys from anywhere.

An act is a function ``ask(place: DeskPlace)`` in a module of its own that opens a sheet. It is imported when it is
first asked for, so that the desk starts no slower for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from feedesk.ops.run import Workplace
from feedesk.texts import N_, _
from feedesk.ui.changes import Changed, Changes
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.print_desk import LooseSlip
from feedesk.ui.widgets.keycap import KeyHint
from feedesk.ui.widgets.label import Label
from feedesk.ui.widgets.painting import Span, Tone

Beside = Callable[[Callable[[], Any], Callable[[Any], object]], object]
"""Does work in another thread and hands what came of it to the second function, in the window's thread."""


def at_once(work: Callable[[], Any], done: Callable[[Any], object]) -> None:
    """Where there is no other thread."""
    done(work())


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """Where an act happens. ``account`` and ``charge`` are those shown and marked; None on an empty desk.

    ``wake`` tells the print worker that a slip waits; ``print_loose`` prints a paper that is no receipt; ``beside``
    does what takes longer than a blink.
    """

    window: QWidget
    page: DeskPage
    seat: Callable[[], Workplace]
    till: int
    changes: Changes
    wake: Callable[[], object]
    account: int | None = None
    charge: int | None = None
    print_loose: Callable[[LooseSlip], object] = lambda slip: None
    beside: Beside = at_once

    def done(self, told: str, *changed: Changed, tone: Tone = "good", figure: str = "") -> None:
        """After an act: the desk is read anew, says what was done, and everybody is told what changed."""
        self.page.refresh()
        keys = ((N_("Reprint"), "Ctrl+P"),) if Changed.PRINT_JOBS in changed else ()
        for hint in self.page.banner.tell(tone, (Span(told),), figure=figure, hints=keys):
            hint.clicked.connect(self.page.reprint_asked)
        self.wake()
        self.changes.tell(*changed)


@dataclass(frozen=True, slots=True)
class DeskAct:
    """One act: its key (a digit or capital letter), its words, ``module:function`` that opens it."""

    key: str
    message: str
    opens: str
    needs_account: bool = True

    def ask(self, place: DeskPlace) -> None:
        """Opens it."""
        module, _colon, name = self.opens.partition(":")
        getattr(import_module(module), name)(place)


_HERE: Final = "feedesk.ui.pages.desk"
ACTS: Final[tuple[DeskAct, ...]] = (
    DeskAct("1", N_("Prepayment"), f"{_HERE}.extra_sheet:ask_prepayment"),
    DeskAct("2", N_("Deposit"), f"{_HERE}.extra_sheet:ask_deposit", needs_account=False),
    DeskAct("3", N_("Months ahead"), f"{_HERE}.advance_sheet:ask_advance"),
    DeskAct("4", N_("Price list"), f"{_HERE}.price_list_sheet:ask_price_list", needs_account=False),
    DeskAct("A", N_("Add an account to this payment"), f"{_HERE}.joint_sheet:ask_joint"),
    DeskAct("N", N_("Somebody else pays"), f"{_HERE}.terms_sheets:ask_payer"),
    DeskAct("G", N_("What the payment settles"), f"{_HERE}.terms_sheets:ask_designation"),
    DeskAct("O", N_("Offset the prepayment"), f"{_HERE}.offset_sheet:ask_offset"),
    DeskAct("U", N_("Money of unknown origin"), f"{_HERE}.unclaimed_sheet:ask_unclaimed", needs_account=False),
    DeskAct("R", N_("Refund"), f"{_HERE}.refund_sheet:ask_refund", needs_account=False),
    DeskAct("D", N_("Give a deposit back"), f"{_HERE}.deposit_back_sheet:ask_deposit_back", needs_account=False),
    DeskAct("T", N_("Correct the way of paying"), f"{_HERE}.right_sheets:ask_tender", needs_account=False),
    DeskAct("X", N_("Bring a payment to another account"), f"{_HERE}.right_sheets:ask_move", needs_account=False),
    DeskAct("B", N_("A transfer came back or never came"), f"{_HERE}.right_sheets:ask_bounce", needs_account=False),
    DeskAct("V", N_("Reverse a payment"), f"{_HERE}.reversal_sheet:ask_reversal", needs_account=False),
    DeskAct("P", N_("Requests"), f"{_HERE}.requests_sheet:ask_requests", needs_account=False),
    DeskAct("W", N_("Quota of late fees waived alone"), f"{_HERE}.quota_sheet:ask_quota", needs_account=False),
    DeskAct("M", N_("Change of hands"), f"{_HERE}.hands_sheet:ask_change_of_hands"),
    DeskAct("Y", N_("Undo a change of hands"), f"{_HERE}.hands_undo_sheet:ask_undo"),
    DeskAct("C", N_("Certificate of clearance"), f"{_HERE}.clearance_sheet:ask_clearance"),
    DeskAct("H", N_("Take over a shift"), f"{_HERE}.sign_off_sheets:ask_take_over", needs_account=False),
    DeskAct("F", N_("Review a cashier's shift"), f"{_HERE}.sign_off_sheets:ask_review", needs_account=False),
    DeskAct("Z", N_("X report"), f"{_HERE}.x_act:ask_x_report", needs_account=False),
    DeskAct("K", N_("Confirm the clock"), f"{_HERE}.clock_sheet:ask_clock", needs_account=False),
)
"""In the order of their keys: digits for what is taken, letters for what is put right."""


class ActsSheet(Sheet):
    """The list; a key or a click opens the act, Esc leaves it."""

    def __init__(self, place: DeskPlace, acts: tuple[DeskAct, ...] = ACTS) -> None:
        super().__init__(place.window, width=620)
        self._place = place
        self._acts = {act.key: act for act in acts}
        leave = KeyHint(N_("Back"), "Escape")
        leave.clicked.connect(self.close_sheet)
        self.add_title(Label.saying(N_("What else is wanted?"), "button", bold=True), leave)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(10)
        half = (len(acts) + 1) // 2
        for number, act in enumerate(acts):
            hint = KeyHint(act.message, act.key, look="body", keys_first=True)
            hint.setEnabled(self._can(act))
            hint.clicked.connect(lambda _on=False, key=act.key: self.choose(key))
            grid.addWidget(hint, number % half, number // half)
        self.content.addLayout(grid)
        self.sentence = Label("", "secondary", tone="danger", wraps=True)
        self.content.addWidget(self.sentence)

    def _can(self, act: DeskAct) -> bool:
        return self._place.account is not None or not act.needs_account

    def choose(self, key: str) -> None:
        """Opens the act of a key, if there is one and an account is shown where it needs one."""
        act = self._acts.get(key.upper())
        if act is None:
            return
        if not self._can(act):
            self.sentence.setText(_("Find the account first: type its room and press Enter."))
            return
        self.close_sheet()
        act.ask(self._place)

    def ask(self) -> None:
        """Opens the list."""
        self.open(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if plain and event.text().isalnum():
            self.choose(event.text())
        else:
            super().keyPressEvent(event)
