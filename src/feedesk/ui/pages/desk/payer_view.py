"""What the person at the counter may see of an act that a sheet is doing: what for, how much, what goes back.

A sheet says it in whole names and rooms; whoever shows it (the customer display) hides what the queue must not read.
Nothing here takes the keyboard, and nothing is reckoned twice: the look is taken once the fields have come to rest.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QComboBox, QLineEdit

from feedesk.errors import FeedeskError
from feedesk.money import ZERO, Fen
from feedesk.ui.dialogs.sheet import Sheet
from feedesk.ui.pages.desk.act_sheet import TenderFields
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.rows import TenderChoice


@dataclass(frozen=True, slots=True)
class ActLine:
    """One thing that is paid or given back, below nothing where it comes off; ``note``: its period, price or paper."""

    what: str
    amount: Fen
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActShown:
    """An act in the making. ``back``: the money goes to the payer; ``received`` and ``change`` where cash is given."""

    lines: tuple[ActLine, ...]
    who: str = ""
    unit: str = ""
    back: bool = False
    tender: str = ""
    tender_code: str = ""
    received: Fen = ZERO
    change: Fen | None = None
    rounding: Fen = ZERO

    @property
    def due(self) -> Fen:
        """What all of it comes to."""
        return Fen(sum(line.amount for line in self.lines))


@dataclass(frozen=True, slots=True)
class ActDone:
    """An act just done: its paper, what was taken or (``back``) given, in fen and positive.

    ``settled``: no money came, it was taken out of the prepayment or of money of unknown origin.
    """

    who: str
    receipt: str
    total: Fen
    change: Fen = ZERO
    back: bool = False
    settled: bool = False


class PayerView(QObject):
    """Follows the fields of a sheet while it is open and tells the page's `act_shown`; None when it is closed."""

    def __init__(self, sheet: Sheet, page: DeskPage, look: Callable[[], ActShown]) -> None:
        super().__init__(sheet)
        self._page, self._look = page, look
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self._tell)
        for edit in sheet.findChildren(QLineEdit):
            edit.textChanged.connect(lambda _text: self.look_again())
        for choice in sheet.findChildren(QComboBox):
            choice.currentIndexChanged.connect(lambda _place: self.look_again())
        sheet.closed.connect(self._end)
        self.look_again()

    def look_again(self) -> None:
        """Something changed that is no field."""
        self._rest.start()

    def done(self, receipt: str, total: Fen, change: Fen = ZERO, *, settled: bool = False) -> None:
        """It was done: said last, after the sheet is gone."""
        shown = self._shown()
        who, back = (shown.who, shown.back) if shown is not None else ("", False)
        self._page.act_shown.emit(ActDone(who, receipt, total, change, back, settled))

    def _tell(self) -> None:
        self._page.act_shown.emit(self._shown())

    def _shown(self) -> ActShown | None:
        try:
            return self._look()
        except FeedeskError:
            return None  # the sheet says why

    def _end(self) -> None:
        self._rest.stop()
        self._page.act_shown.emit(None)


def act_of(
    page: DeskPage,
    lines: Iterable[ActLine],
    *,
    payer: str = "",
    fields: TenderFields | None = None,
    back: bool = False,
    reason: QLineEdit | None = None,
) -> ActShown:
    """An act for the account shown, else for the ``payer`` typed; lines that come to nothing are left out.

    What needs a ``reason`` is shown once there is one: until then somebody only looks what could go back.
    """
    shown = page.statement()
    is_meant = reason is None or bool(reason.text().strip())
    return ActShown(
        lines=tuple(line for line in lines if line.amount and is_meant),
        who=payer.strip() or (shown.card.resident if shown is not None else ""),
        unit=shown.card.unit if shown is not None else "",
        back=back,
        tender=fields.way.currentText() if fields is not None else "",
        tender_code=fields.way.value() if fields is not None else "",
    )


def gives_change(ways: Iterable[TenderChoice], code: str) -> bool:
    """Whether a way of paying is cash, of which more may be handed over than is due."""
    return any(one.gives_change for one in ways if one.code == code)
