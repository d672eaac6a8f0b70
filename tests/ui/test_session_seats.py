"""The session joins pages, printing and the frame: who sits here, at which till, and what a crash left unprinted."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.config import Config, PrinterProfile, PrinterTransport
from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import TenderGiven, collect_payment
from feedesk.ops.printing import PrintJobState, record_slip
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import open_shift
from feedesk.ops.signing_in import staff
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.rules.ready_to_close import Matter
from feedesk.ui.main_window import MainWindow
from feedesk.ui.open_ledger import OpenLedger
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.takings_card import OPEN_ITEMS
from feedesk.ui.pages.desk.claim_sheet import ClaimSheet
from feedesk.ui.pages.desk.opening import OpeningCard, OpeningOrder
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.pages.desk.slip_sheet import SlipSheet
from feedesk.ui.session import Session, SessionFacts
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, SmallCommunity, picture_home, small_community


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    return made


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.setFixedSize(1366, 768)
    return made


@pytest.fixture
def session(community: SmallCommunity, window: MainWindow, qtbot: QtBot) -> Iterator[Session]:
    members = community.workplace.read(staff)
    ledger = OpenLedger(community.database, "锦绣江南小区", training=True, staff=members)
    worker = Worker()
    made = Session(ledger, Config(), window, worker, SessionFacts(today=TODAY))
    window.add_pages(made.page_factories())
    yield made
    made.close()
    QApplication.processEvents()
    qtbot.waitUntil(lambda: not worker.is_busy())
    worker.stop()


def desk(window: MainWindow) -> DeskPage:
    window.show_page("desk")
    page = window.pages()["desk"]
    assert isinstance(page, DeskPage)
    return page


def day_close(window: MainWindow) -> DayClosePage:
    window.show_page("dayclose")
    page = window.pages()["dayclose"]
    assert isinstance(page, DayClosePage)
    return page


def test_without_a_shift_the_desk_opens_one(session: Session, window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    session.start()
    card = page.findChild(OpeningCard)
    assert isinstance(card, OpeningCard)
    with qtbot.waitSignal(session.seated) as seated:
        card.submit()
    assert seated.args == [session.workplace().actor, 1]
    assert session.shift() is not None
    assert day_close(window).view() is not None


def test_a_shift_at_another_till_moves_the_whole_session(
    session: Session, community: SmallCommunity, window: MainWindow
) -> None:
    Workplace(community.database, "样例管理员").run_op(add_till)
    desk(window)
    closing = day_close(window)
    session.start()
    key = session.till_key()
    elsewhere = PrinterProfile(PrinterTransport.NETWORK, "127.0.0.1:1")
    session.use_printer(elsewhere)
    session.shift_work.open(OpeningOrder("样例主管", "", 2, Fen(10000)))
    assert session.till == 2
    assert session.till_key() != key
    assert session.print_desk._profile == elsewhere
    assert session.workplace().actor == "样例主管"
    closing.refresh()
    view = closing.view()
    assert view is not None
    assert view.own is not None
    assert view.own.till_number == 2


def test_slips_a_crash_left_behind_are_asked_about_first(
    session: Session, community: SmallCommunity, window: MainWindow, qtbot: QtBot
) -> None:
    community.run(open_shift, opening_float=Fen(0))
    cash = [TenderGiven("cash", Fen(10000))]
    community.run(collect_payment, account=1, tenders=cash, part=True, household_too=True, print_slip=True)
    community.run(record_slip, job=1, state=PrintJobState.SENDING)
    desk(window)
    session.start()
    qtbot.waitUntil(lambda: isinstance(open_sheet(window), SlipSheet))
    sheet = open_sheet(window)
    assert isinstance(sheet, SlipSheet)
    assert [slip.state for slip in sheet.model.rows()] == ["uncertain"]
    sheet.settle(on_paper=True)
    assert open_sheet(window) is None


def test_from_the_board_to_a_cure_and_back_again(
    session: Session, community: SmallCommunity, window: MainWindow, qtbot: QtBot
) -> None:
    """Enter, the sheet over the desk, done: the board is there again by itself, read anew, and says what was done."""
    community.run(open_shift, opening_float=Fen(50000))
    session.act_as(community.workplace.actor)
    transfer = TenderGiven("transfer", Fen(12345), "ZZ1")
    community.run(post_unclaimed, tender=transfer, value_date=TODAY, sender="样汇款人", remark="3-1-502")
    desk(window)
    board = day_close(window)
    board.go_to_step(OPEN_ITEMS)
    matters = [button.item.matter for button in board.takings.items.buttons]
    assert Matter.UNCLAIMED in matters
    window.activateWindow()
    board.cures.go(board.takings.items.buttons[matters.index(Matter.UNCLAIMED)].item)
    assert window.current_page() == "desk"
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.current_page() == "dayclose")
    assert board.banner.isHidden(), "nothing was done"
    board.cures.go(board.takings.items.buttons[matters.index(Matter.UNCLAIMED)].item)
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    sheet = open_sheet(window)
    assert isinstance(sheet, ClaimSheet)
    sheet.account.setText("3-1-502")
    sheet.reason.setText("附言写明")
    sheet.submit()
    assert open_sheet(window) is None, sheet.sentence.text()
    qtbot.waitUntil(lambda: window.current_page() == "dayclose")
    assert Matter.UNCLAIMED not in [button.item.matter for button in board.takings.items.buttons]
    assert "123.45" in board.banner.accessibleName()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget
