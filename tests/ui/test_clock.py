"""The clock and the day at the window: a clock set back, a day opened again, midnight in an open shift."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.config import Config
from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.closing import close_day, reopen_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import close_shift, open_shift
from feedesk.ops.signing_in import staff
from feedesk.queries.desk import open_shift_at
from feedesk.queries.verification import verify_everything
from feedesk.ui.dialogs.gate import Gate
from feedesk.ui.main_window import MainWindow
from feedesk.ui.open_ledger import OpenLedger
from feedesk.ui.pages.desk.clock_sheet import ClockSheet
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.session import Session, SessionFacts
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.label import Label
from tests.clocks import TestClock, make_real
from tests.community import TODAY, SmallCommunity, open_desk, picture_home, small_community
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import make_desk

CASHIER, SUPERVISOR = "样例收费员", "样例主管"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> TestClock:
    return TestClock(monkeypatch)


@pytest.fixture
def community(sqlite_ledger: Database, clock: TestClock) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    return made


def press(*keys: str | Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        if isinstance(key, str):
            type_text(widget, key)
        else:
            QTest.keyClick(widget, key, modifiers)


class Office:
    """A real ledger with its own window, at a clock that the test sets."""

    def __init__(self, community: SmallCommunity, clock: TestClock, qtbot: QtBot) -> None:
        self.database, self.clock = community.database, clock
        self.window = MainWindow()
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.setFixedSize(1366, 768)
        self.worker = Worker()
        ledger = OpenLedger(self.database, "锦绣江南小区", False, community.workplace.read(staff))
        self.session = Session(ledger, Config(), self.window, self.worker, SessionFacts(staff=CASHIER))
        self.window.add_pages(self.session.page_factories())
        self.window.show_page("desk")
        self.window.activateWindow()

    def page(self) -> DeskPage:
        page = self.window.pages()["desk"]
        assert isinstance(page, DeskPage)
        return page

    def session_words(self) -> str:
        return self.window.top_bar._session.text()

    def warned(self) -> str:
        return self.window.status_line.fact("clock")


@pytest.fixture
def office(community: SmallCommunity, qtbot: QtBot, clock: TestClock) -> Iterator[Office]:
    make_real(community.database)
    cashier = Workplace(community.database, CASHIER)
    clock.set("2026-11-23", "09:00")
    cashier.run_op(open_shift, opening_float=Fen(50000))
    cashier.run_op(collect_payment, account=1, tenders=[TenderGiven("cash", Fen(1000))], part=True)
    made = Office(community, clock, qtbot)
    yield made
    made.session.close()
    qtbot.waitUntil(lambda: not made.worker.is_busy())
    made.worker.stop()


def test_a_clock_set_back_is_told_at_the_gate_and_on_the_desk_and_confirmed(office: Office) -> None:
    office.clock.set("2026-11-22", "08:30")
    office.session.start()
    gate = open_sheet(office.window)
    assert isinstance(gate, Gate)
    told = " ".join(label.text() for label in gate.findChildren(Label))
    assert "2026-11-22 08:30" in told
    assert "2026-11-23 09:00" in told
    press(Qt.Key.Key_Return)
    assert open_sheet(office.window) is None
    assert office.warned()
    assert "2026-11-22 08:30" in office.page().banner.accessibleName()
    office.page().open_target(1)
    press(Qt.Key.Key_Return, "5000", Qt.Key.Key_Return)
    assert "2026-11-23 09:00" in office.page().tender.received.edit.problem()
    assert office.page().tender.tendered()[0].amount == 500000, "what was typed stays"
    press(Qt.Key.Key_K, modifiers=Qt.KeyboardModifier.ControlModifier)
    press("k")
    sheet = open_sheet(office.window)
    assert isinstance(sheet, ClockSheet)
    assert CASHIER not in [sheet.signer.who.itemText(place) for place in range(sheet.signer.who.count())]
    press(Qt.Key.Key_Return)
    assert "请写明" in sheet.sentence.text()
    press("昨天电脑日期不对", Qt.Key.Key_Return)
    assert open_sheet(office.window) is None
    assert SUPERVISOR in office.page().banner.accessibleName()
    assert not office.warned()
    office.page().open_target(1)
    press(Qt.Key.Key_Return, "5000", Qt.Key.Key_Return)
    assert office.page().statement() is None, "the money is taken"
    assert Workplace(office.database, "").read(verify_everything).problems == ()


def test_a_clock_that_agrees_says_nothing(office: Office) -> None:
    office.clock.set("2026-11-23", "12:00", hours_east=9)
    office.session.start()
    press(Qt.Key.Key_Return)
    assert not office.warned()
    assert office.page().banner.isHidden()
    press(Qt.Key.Key_K, modifiers=Qt.KeyboardModifier.ControlModifier)
    press("k")
    assert open_sheet(office.window) is None
    assert "一致" in office.page().banner.accessibleName()


def test_midnight_passes_in_an_open_shift(office: Office) -> None:
    """The money after midnight stays on the day of the shift, and the top bar says so."""
    office.clock.set("2026-11-23", "23:59")
    office.session.start()
    press(Qt.Key.Key_Return)
    assert "2026-11-23" not in office.session_words()
    office.clock.set("2026-11-24", "00:07")
    office.page().open_target(1)
    press(Qt.Key.Key_Return, "5000", Qt.Key.Key_Return)
    assert "记在 2026-11-23" in office.session_words()
    assert not office.warned()
    place = Workplace(office.database, CASHIER)
    shift = place.read(open_shift_at, till=1)
    assert shift is not None
    assert shift.business_date == TODAY


def test_the_opening_card_says_it_too(office: Office) -> None:
    Workplace(office.database, CASHIER).run_op(close_shift, counts={"100": 5, "10": 1})
    office.clock.set("2026-11-22", "08:30")
    office.session.start()
    press(Qt.Key.Key_Return)
    opening = office.page()._opening
    assert opening is not None
    assert "2026-11-22 08:30" in opening.clock.text()
    opening.submit()
    assert "2026-11-23 09:00" in opening.sentence.text()
    office.window.setMinimumSize(0, 0)
    office.window.setFixedSize(910, 512)
    QApplication.processEvents()
    assert cut_off(office.window) == []


def test_a_supervisor_opens_a_shift_on_the_day_opened_again(community: SmallCommunity, qtbot: QtBot) -> None:
    open_desk(community, Fen(50000))
    community.run(close_shift, counts={"100": 5})
    community.run(close_day)
    community.workplace = Workplace(community.database, SUPERVISOR, today=TODAY.replace(day=24))
    community.run(reopen_day, date=TODAY, reason="漏记一笔")
    desk = make_desk(community, qtbot)
    opening = desk.page._opening
    assert opening is not None
    assert [opening.when.itemText(place) for place in range(2)] == ["2026-11-24", "2026-11-23（重新打开）"]
    assert opening.when.isVisible()
    opening.who.setCurrentText(CASHIER)
    opening.who.chosen.emit(CASHIER)
    assert not opening.when.isVisible(), "a cashier works today"
    opening.who.setCurrentText(SUPERVISOR)
    opening.who.chosen.emit(SUPERVISOR)
    opening.when.set_value(TODAY)
    opening.take_focus()
    press("0", Qt.Key.Key_Return)
    shift = community.workplace.read(open_shift_at, till=1)
    assert shift is not None
    assert (shift.business_date, shift.cashier) == (TODAY, SUPERVISOR)
