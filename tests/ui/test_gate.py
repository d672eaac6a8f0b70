"""The gate: signing in at a real ledger, locking with a payment half entered, changing the cashier, all by keys."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from feedesk.config import Config
from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import open_shift
from feedesk.ops.signing_in import check_password, set_password, staff
from feedesk.ui.dialogs.gate import Gate, GateKind
from feedesk.ui.main_window import MainWindow
from feedesk.ui.open_ledger import OpenLedger
from feedesk.ui.pages.desk.acts import ActsSheet
from feedesk.ui.pages.desk.page import DeskPage
from feedesk.ui.session import Session, SessionFacts
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, SmallCommunity, picture_home, small_community
from tests.ui.cut_off import cut_off
from tests.ui.keyboard import type_text

CASHIER, OTHER, SUPERVISOR = "样例收费员", "样例收费员乙", "样例主管"
BOTH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    admin = Workplace(sqlite_ledger, "样例管理员")
    for name in (CASHIER, OTHER, SUPERVISOR):
        admin.run_op(set_password, name=name, password="secret")
    return made


@pytest.fixture
def window(qtbot: QtBot) -> MainWindow:
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    made.setFixedSize(1366, 768)
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    qtbot.waitUntil(lambda: not made.is_busy())
    made.stop()


def start(
    community: SmallCommunity, window: MainWindow, worker: Worker, *, training: bool, config: Config | None = None
) -> Session:
    ledger = OpenLedger(community.database, "锦绣江南小区", training, community.workplace.read(staff))
    session = Session(ledger, config or Config(), window, worker, SessionFacts(staff=CASHIER, today=TODAY))
    window.add_pages(session.page_factories())
    window.show_page("desk")
    session.start()
    return session


@pytest.fixture
def session(community: SmallCommunity, window: MainWindow, worker: Worker) -> Iterator[Session]:
    """A cashier with a password at an open till, on the training ledger of the tests."""
    Workplace(community.database, CASHIER, today=TODAY).run_op(open_shift, opening_float=Fen(50000))
    made = start(community, window, worker, training=True)
    yield made
    made.close()


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        if isinstance(key, str):
            type_text(widget, key)
        else:
            QTest.keyClick(widget, key)


def chord(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = BOTH) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key, modifiers)


def gate(window: MainWindow) -> Gate:
    found = open_sheet(window)
    assert isinstance(found, Gate)
    return found


def frame(window: MainWindow) -> QWidget:
    found = window.centralWidget()
    assert found is not None
    return found


def own_password(name: str, place: Workplace) -> None:
    """What a first password asks of its owner, done beforehand."""
    from feedesk.ops.signing_in import change_password

    Workplace(place.database, name).run_op(change_password, password="mine")


def test_a_real_ledger_asks_who_sits_here(
    community: SmallCommunity, window: MainWindow, worker: Worker, qtbot: QtBot
) -> None:
    own_password(OTHER, community.workplace)
    session = start(community, window, worker, training=False)
    shown = gate(window)
    assert shown.kind is GateKind.SIGN_IN
    assert session.workplace().actor == ""
    assert not frame(window).isVisible()
    shown.who.setFocus()
    press("ylsfyy")  # letters choose by pinyin initials
    assert shown.who.value() == OTHER
    shown.password.setFocus()
    press("mine", Qt.Key.Key_Return)
    assert open_sheet(window) is None
    assert session.workplace().actor == OTHER
    assert frame(window).isVisible()
    session.close()


def test_a_first_password_is_changed_on_the_way_in(
    community: SmallCommunity, window: MainWindow, worker: Worker
) -> None:
    session = start(community, window, worker, training=False)
    shown = gate(window)
    assert shown.who.value() == CASHIER
    press("secret", Qt.Key.Key_Return)
    assert open_sheet(window) is shown
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    press("mine", Qt.Key.Key_Tab, "other", Qt.Key.Key_Return)
    assert "不一样" in shown.sentence.text()
    press("mine", Qt.Key.Key_Return)
    assert open_sheet(window) is None
    community.workplace.read(check_password, name=CASHIER, password="mine")
    assert session.workplace().actor == CASHIER
    session.close()


def test_wrong_passwords_are_told_and_the_third_makes_wait(session: Session, window: MainWindow) -> None:
    chord(window, Qt.Key.Key_L)
    shown = gate(window)
    for _try in range(2):
        press("wrong", Qt.Key.Key_Return)
        assert "密码不对" in shown.sentence.text()
        assert shown.button.isEnabled()
    press("wrong", Qt.Key.Key_Return)
    assert "3 次" in shown.sentence.text()
    assert not shown.button.isEnabled()
    press("secret", Qt.Key.Key_Return)
    assert open_sheet(window) is shown
    for _second in range(5):
        shown._on_second()
    assert shown.button.isEnabled()


def test_locked_with_a_payment_half_entered(session: Session, window: MainWindow, community: SmallCommunity) -> None:
    own_password(CASHIER, community.workplace)
    page = window.pages()["desk"]
    assert isinstance(page, DeskPage)
    page.open_target(1)
    press(Qt.Key.Key_Return, "2000")
    typed = page.tender.tendered()
    assert typed
    chord(window, Qt.Key.Key_L)
    shown = gate(window)
    assert not frame(window).isVisible()
    assert [shown.who.itemText(place) for place in range(shown.who.count())] == [
        CASHIER, SUPERVISOR, "样例经理", "样例管理员",
    ]  # fmt: skip
    press(Qt.Key.Key_Escape)
    for key in (Qt.Key.Key_F8, Qt.Key.Key_F1):
        QTest.keyClick(shown, key)
    chord(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert open_sheet(window) is shown
    assert window.current_page() == "desk"
    press("mine", Qt.Key.Key_Return)
    assert open_sheet(window) is None
    assert page.isVisible()
    assert page.tender.tendered() == typed
    assert page.statement() is not None
    focused = QApplication.focusWidget()
    assert focused is not None
    assert page.isAncestorOf(focused)


def test_a_sheet_that_is_open_is_locked_too(session: Session, window: MainWindow, community: SmallCommunity) -> None:
    own_password(CASHIER, community.workplace)
    chord(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    under = open_sheet(window)
    assert isinstance(under, ActsSheet)
    session.gates.lock()
    assert not under.isVisible()
    press("mine", Qt.Key.Key_Return)
    assert open_sheet(window) is under
    assert under.isVisible()
    press(Qt.Key.Key_Escape)
    assert open_sheet(window) is None


def test_another_person_acts_at_the_till(session: Session, window: MainWindow, community: SmallCommunity) -> None:
    own_password(OTHER, community.workplace)
    chord(window, Qt.Key.Key_U)
    shown = gate(window)
    press(Qt.Key.Key_Escape)
    assert open_sheet(window) is None
    assert session.workplace().actor == CASHIER
    chord(window, Qt.Key.Key_U)
    shown = gate(window)
    press("ylsfyy", Qt.Key.Key_Tab, "mine", Qt.Key.Key_Return)
    assert shown.kind is GateKind.CHANGE
    assert open_sheet(window) is None
    assert session.workplace().actor == OTHER
    shift = session.shift()
    assert shift is not None
    assert shift.cashier == CASHIER
    page = window.pages()["desk"]
    assert isinstance(page, DeskPage)
    page.open_target(1)
    press(Qt.Key.Key_Return, "2000", Qt.Key.Key_Return)
    assert CASHIER in page.tender.received.edit.problem()


def test_nobody_there_for_a_while(session: Session, window: MainWindow) -> None:
    session.lock_after(5)
    assert session.gates._idle.isActive()
    session.gates._idle.timeout.emit()
    assert gate(window).kind is GateKind.LOCKED
    session.lock_after(0)
    assert not session.gates._idle.isActive()


def test_the_gate_fits_the_smallest_screen(session: Session, window: MainWindow) -> None:
    window.setMinimumSize(0, 0)
    window.setFixedSize(910, 512)
    QApplication.processEvents()
    chord(window, Qt.Key.Key_L)
    shown = gate(window)
    shown._tell("样例收费员的密码已连续输错 3 次，请等 5 秒再试。" * 2)
    QApplication.processEvents()
    assert cut_off(window) == []
    assert shown.card.minimumSizeHint().height() <= window.height() - 48
