"""The order of the sample day: the community comes in, is billed, a morning, a hand-over, an afternoon, the close.

The window is the program's own, put together by the composition it is given; whatever a cashier does is done by
`Hands`.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from feedesk.cli.output import Answer
from feedesk.config import Config, PrinterProfile, PrinterTransport, ThemeChoice, WindowPlace
from feedesk.db import Database
from feedesk.demo.answer import answer_of
from feedesk.demo.checks import DayResult, check_day
from feedesk.demo.closing import ClosingDesk, open_shift
from feedesk.demo.customers import Customer, Money, customers_of_day, money_of
from feedesk.demo.hands import Hands
from feedesk.demo.office import Office
from feedesk.demo.papers import DemoFolder, Pictures, write_pdfs
from feedesk.demo.script import After, Mishap, Visit, Way
from feedesk.demo.serving import Till
from feedesk.exchange.sample_community import write_sample_community
from feedesk.money import Fen, format_amount, parse_amount
from feedesk.ops.run import Workplace
from feedesk.ops.sample_staff import SAMPLE_STAFF, TRAINING_ACTOR
from feedesk.ops.setting_up import create_ledger
from feedesk.queries.receipts import unprinted_slips
from feedesk.receipts.virtual_printer import Fault, VirtualPrinter
from feedesk.texts import _
from feedesk.ui.main_window import MainWindow
from feedesk.ui.screen_needed import no_screen

FLOAT: Final = parse_amount("500.00")
_WIDTH, _HEIGHT = 1366, 768
_SMALL_SCALE: Final = 1.5
_COLUMNS: Final = 48
_PRINT_SECONDS: Final = 60.0
_LEDGER_SECONDS: Final = 60.0


class Stage(Protocol):
    """The program as the composition puts it together: a window and, once the ledger is open, its session."""

    window: MainWindow
    session: Any
    config: Config

    def apply_config(self, config: Config) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Theatre:
    """How the program is started: Qt's application in a look, and the window on a ledger for a business day."""

    make_application: Callable[[Config], object]
    compose: Callable[[Config, str, date], Stage]


@dataclass(frozen=True, slots=True)
class SampleDay:
    """What is asked for. ``tell`` is given lines about the progress."""

    out: Path
    households: int
    day: date
    tell: Callable[[str], None]


def play_day(asked: SampleDay, theatre: Theatre) -> Answer:
    """Plays the whole day and answers what came of it, with status 0 only when everything agrees to the fen."""
    began = time.monotonic()
    folder = DemoFolder(asked.out)
    folder.make_anew()
    with _home(folder.program):
        _prepare(folder, asked)
        with VirtualPrinter(port=0, out_dir=folder.slips, columns=_COLUMNS) as printer:
            result = _Day(asked, folder, printer, theatre).play()
    answer = answer_of(folder, asked.day, result, time.monotonic() - began)
    assert isinstance(answer.document, dict)
    folder.note(answer.document)
    return answer


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """The program's settings and log in a folder of the demo, and a window where there is no display."""
    before = {name: os.environ.get(name) for name in ("FEEDESK_HOME", "QT_QPA_PLATFORM")}
    os.environ["FEEDESK_HOME"] = str(folder)
    if no_screen():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _prepare(folder: DemoFolder, asked: SampleDay) -> None:
    """The community's workbook, as a property office would have it, and an empty training ledger."""
    asked.tell(_("Writing the sample community with {n} homes").format(n=asked.households))
    write_sample_community(folder.community, households=asked.households)
    database = Database(f"sqlite:///{folder.ledger.as_posix()}")
    try:
        create_ledger(database, training=True)
    finally:
        database.dispose()


class _Day:
    """The day at the desk."""

    def __init__(self, asked: SampleDay, folder: DemoFolder, printer: VirtualPrinter, theatre: Theatre) -> None:
        self._asked, self._folder, self._printer = asked, folder, printer
        self._number = 0
        profile = PrinterProfile(PrinterTransport.NETWORK, f"127.0.0.1:{printer.port}", columns=_COLUMNS)
        config = Config(
            theme=ThemeChoice.LIGHT,
            staff=TRAINING_ACTOR,  # who may import and bill; the cashiers sit down later
            printer=profile,
            export_folder=str(folder.path),
            window=WindowPlace(0, 0, _WIDTH, _HEIGHT),
        )
        theatre.make_application(config)
        url = f"sqlite:///{folder.ledger.as_posix()}"
        self._stage = theatre.compose(config, url, asked.day)
        self._window = self._stage.window
        self._hands = Hands(self._window)
        self._pictures = Pictures(self._window, folder.screenshots)

    def play(self) -> DayResult:
        """From opening the window to the checks; the window is closed whatever happens."""
        try:
            self._open_window()
            result = self._work()
        finally:
            self._window.close()
            self._stage.close()
            self._hands.let_go()
        return result

    def _open_window(self) -> None:
        self._window.showNormal()
        self._window.resize(_WIDTH, _HEIGHT)
        self._window.activateWindow()
        opened = lambda: self._stage.session is not None and self._window.current_page() == "desk"  # noqa: E731
        self._hands.wait("the ledger is open", opened, _LEDGER_SECONDS)
        self._hands.watch_for_bugs()

    def _prepare_charges(self) -> None:
        office = Office(self._hands, self._window, self._pictures.take)
        done = office.import_workbook(self._folder.community)
        rows = sum(sheet.added for sheet in done.sheets.values())
        self._asked.tell(_("Imported {n} rows from the workbook").format(n=rows))
        self._asked.tell(_("Read {n} meters once more").format(n=office.read_meters()))
        billed = office.bill_month()
        words = _("Billed {period}: {n} charges, {total}")
        self._asked.tell(words.format(period=billed.period, n=billed.posted, total=format_amount(billed.total)))

    def _work(self) -> DayResult:
        self._prepare_charges()
        self._hands.press("F2")
        page: Any = self._window.pages()["desk"]
        self._till = Till(self._hands, page)
        workplace: Workplace = self._stage.session.workplace()
        with workplace.database.reading() as connection:
            morning, afternoon = customers_of_day(connection, on=self._asked.day)
        first, second = SAMPLE_STAFF[0][0], SAMPLE_STAFF[1][0]
        self._pictures.take("open-shift")
        self._begin(first)
        self._pictures.take("desk-empty")
        self._serve_all(morning, self._picture_of_morning)
        self._asked.tell(_("The morning's shift is counted and handed over"))
        closing = self._count(first_shift=True)
        self._begin(second)
        self._serve_all(afternoon, self._picture_of_afternoon)
        self._asked.tell(_("The day is counted, locked and exported"))
        self._count(first_shift=False, desk=closing)
        workbook = self._folder.summary(self._asked.day)
        closing.lock(workbook)
        self._pictures.take("dayclose-locked")
        self._other_pictures()
        result = check_day(
            self._stage.session.workplace(),
            self._asked.day,
            past=self._till.past,
            shifts=closing.shifts,
            workbook=workbook,
            slips=self._folder.slips,
            columns=_COLUMNS,
        )
        write_pdfs([(one.document, one.marks()) for one in _worth_a_pdf(result)], self._folder.receipts)
        return result

    def _begin(self, cashier: str) -> None:
        open_shift(self._hands, self._till.page, cashier, FLOAT)
        self._till.cashier = cashier
        self._till.drawer.put(FLOAT)

    # ---- customers -----------------------------------------------------------------------------------------------

    def _serve_all(self, customers: list[Customer], picture: Callable[[int, Customer, Money | None], None]) -> None:
        for place, customer in enumerate(customers, 1):
            self._number += 1
            money = money_of(customer, self._number, self._asked.day)
            if customer.visit.mishap is Mishap.PAPER_OUT:
                self._wait_for_paper()  # else it might run out in the middle of a slip, another story
                self._printer.fault = Fault.PAPER_OUT
            picture(place, customer, money)
            self._till.serve(customer, money)
            self._afterwards(customer)
            if place % 10 == 0 or place == len(customers):
                total = Fen(sum(one.taken.total for one in self._till.past.served))
                words = _("{n} payments so far, {total}")
                self._asked.tell(words.format(n=len(self._till.past.served), total=format_amount(total)))
        self._wait_for_paper()

    def _afterwards(self, customer: Customer) -> None:
        if self._printer.fault is not None:
            # Two more are served while the printer waits for paper.
            self._till.past.mishaps[Mishap.PAPER_OUT] += 1
            if self._till.past.mishaps[Mishap.PAPER_OUT] == 2:
                self._hands.wait("the status line says it", lambda: self._waiting() >= 1)
                self._pictures.take("printer-without-paper")
                self._printer.fault = None
        match customer.visit.after:
            case After.REPRINT:
                self._pictures.take("banner-after-payment")
                self._till.reprint_last()
            case After.VOID:
                self._void_last(customer)
            case After.ANOTHER_LOOK:
                self._till.look_at_receipt_again()
            case _:
                pass

    def _void_last(self, customer: Customer) -> None:
        """Cash was typed where WeChat was shown: voided, and taken again the right way."""
        self._till.find_receipt_to_void()
        self._pictures.take("void-receipt")
        self._till.void_last()
        self._number += 1
        again = replace(customer, visit=Visit(customer.visit.sought, Way.WECHAT))
        self._till.serve(again, money_of(again, self._number, self._asked.day))

    def _wait_for_paper(self) -> None:
        self._hands.wait("every slip is printed", lambda: self._waiting() == 0, _PRINT_SECONDS)

    def _waiting(self) -> int:
        session = self._stage.session
        return len(session.workplace().read(unprinted_slips, till=session.till_key()))

    # ---- counting ------------------------------------------------------------------------------------------------

    def _count(self, *, first_shift: bool, desk: ClosingDesk | None = None) -> ClosingDesk:
        self._hands.press("F8")
        self._hands.wait("the day close is shown", lambda: "dayclose" in self._window.pages())
        page: Any = self._window.pages()["dayclose"]
        closing = desk or ClosingDesk(self._hands, page)
        closing.begin_counting()
        drawer = self._till.drawer
        if first_shift:
            closing.miscount(drawer)
        else:
            self._pictures.take("dayclose-before-count")
        closing.count(drawer.counted())
        if not first_shift:
            self._pictures.take("dayclose-counted")
        closing.hand_over()
        drawer.take(drawer.cash)
        return closing

    # ---- pictures ------------------------------------------------------------------------------------------------

    def _picture_of_morning(self, place: int, customer: Customer, money: Money | None) -> None:
        if place != 1 or money is None:
            return
        self._hands.write("zy")
        self._hands.wait("there are hits", self._till.page.search.are_hits_shown)
        self._pictures.take("desk-search")
        self._hands.press("Escape", "Escape")
        self._till.look_up(customer)
        self._till.open_account(customer)
        self._till.type_money(customer, money)
        self._pictures.take("desk-account")
        self._in_the_dark(partial(self._pictures.take, "desk-dark"))
        self._small(partial(self._pictures.take, "desk-small-150", scale=_SMALL_SCALE))
        self._hands.press("Escape", "Escape")

    def _picture_of_afternoon(self, place: int, customer: Customer, money: Money | None) -> None:
        if money is None or len(money.handed) < 3:
            return
        self._till.look_up(customer)
        self._till.open_account(customer)
        self._till.type_money(customer, money)
        self._pictures.take("desk-three-ways")
        self._hands.press("Escape", "Escape")

    def _in_the_dark(self, take: Callable[[], object]) -> None:
        config = self._stage.config
        self._stage.apply_config(replace(config, theme=ThemeChoice.DARK))
        take()
        self._stage.apply_config(replace(self._stage.config, theme=ThemeChoice.LIGHT))

    def _small(self, take: Callable[[], object]) -> None:
        """A display of 1366×768 at 150 %: the window gets two thirds of the room."""
        self._window.resize(round(_WIDTH / _SMALL_SCALE), round(_HEIGHT / _SMALL_SCALE))
        self._hands.wait("the window is small", lambda: self._window.width() < _WIDTH)
        take()
        self._window.resize(_WIDTH, _HEIGHT)
        self._hands.wait("the window is large again", lambda: self._window.width() == _WIDTH)

    def _other_pictures(self) -> None:
        """The page that no act of the day leads to, and the list of keys."""
        self._hands.press("F12")
        self._hands.wait("the settings are shown", lambda: self._window.current_page() == "settings")
        self._pictures.take("settings")
        self._hands.press("F2", "F1")
        self._hands.wait("the keys are shown", lambda: self._window.property("open_sheet") is not None)
        self._pictures.take("shortcuts")
        self._hands.press("Escape")


def _worth_a_pdf(result: DayResult) -> list[Any]:
    """The first receipt, the longest, one with change kept, one paid in several ways, the voided one, the last."""
    receipts = result.receipts
    chosen = [
        receipts[0],
        max(receipts, key=lambda one: len(one.document.lines)),
        max(receipts, key=lambda one: len(one.document.tenders)),
        max(receipts, key=lambda one: one.document.prepaid_balance),
        *[one for one in receipts if one.status == "void"],
        receipts[-1],
    ]
    return list({one.number: one for one in chosen}.values())
