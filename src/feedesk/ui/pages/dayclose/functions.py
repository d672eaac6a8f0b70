"""What the day close calls: reading a day, counting, handing over, locking, and what is done about cash beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from feedesk.ledger.verify import Verification
from feedesk.money import Fen
from feedesk.ops.banking import CashPaidIn
from feedesk.ops.closing import DayClosed, DayReopened
from feedesk.ops.drawer import CashMoved
from feedesk.ops.drawer_count import DrawerCounted
from feedesk.ops.referencing import ReferenceAdded
from feedesk.ops.shifts import ShiftClosed
from feedesk.queries.closing_view import ClosingView
from feedesk.queries.references import MissingReference
from feedesk.queries.shift_report import ShiftReport
from feedesk.queries.transit import CashToPayIn
from feedesk.rules.drawer import Movement
from feedesk.rules.variance import Cause
from feedesk.ui.pages.dayclose.bank_sheet import Slip


@dataclass(frozen=True, slots=True)
class BoardFunctions:
    """What the cures of open items call. ``verify`` may take a while and runs in the worker.

    ``add_reference`` takes what was typed and whether a number seen before was confirmed; ``wake`` has the printer
    tried again; ``use_till`` counts another till's drawer from now on, None the own one again.
    """

    add_reference: Callable[[MissingReference, str, bool], ReferenceAdded]
    wake: Callable[[], object]
    use_till: Callable[[int | None], object]
    verify: Callable[[], Verification]


@dataclass(frozen=True, slots=True)
class PaperFunctions:
    """The papers of a shift: ``x_report`` of the running one, and the slips for the printer, a shift by its key."""

    x_report: Callable[[], ShiftReport]
    print_x: Callable[[ShiftReport], object]
    print_hand_over: Callable[[int], object]


@dataclass(frozen=True, slots=True)
class DayCloseFunctions:
    """What the page calls. ``view`` reads a day (None: the one to close next) with a shift that has been counted;
    ``close_day`` and ``export`` may take a while and run in the worker, so they must not touch the window.
    """

    view: Callable[[date | None, int | None], ClosingView]
    count: Callable[[Mapping[str, int]], DrawerCounted]
    close_shift: Callable[[Mapping[str, int], str], ShiftClosed]
    causes: Callable[[int, Fen], Sequence[Cause]]
    move_cash: Callable[[Movement, Fen, str], CashMoved]
    reopen: Callable[[date, str], DayReopened]
    to_pay_in: Callable[[], CashToPayIn]
    pay_in: Callable[[Slip], CashPaidIn]
    close_day: Callable[[date, Mapping[str, Fen]], DayClosed]
    export: Callable[[date], Path]
    summary_path: Callable[[date], Path]
    choose_folder: Callable[[Path], object]
    open_path: Callable[[Path], object]
    board: BoardFunctions
    papers: PaperFunctions
