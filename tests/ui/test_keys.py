"""Every act is two keys away from the desk, and no key takes anything from a text field or an input method."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.closing import close_day
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.shifts import close_shift
from feedesk.queries.reopened_days import reopened_days
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.dayclose.bank_sheet import BankSheet
from feedesk.ui.pages.dayclose.drawer_sheet import DrawerSheet
from feedesk.ui.pages.dayclose.page import DayClosePage
from feedesk.ui.pages.dayclose.reopen_sheet import ReopenSheet
from feedesk.ui.pages.dayclose.work import DayCloseWork
from feedesk.ui.pages.desk.acts import ACTS, ActsSheet, DeskAct
from feedesk.ui.shortcuts import BoundShortcut, open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, open_desk, small_community
from tests.quote_case import quote_case
from tests.ui.keyboard import claims
from tests.ui.test_desk_sheets import Desk, make_desk
from tests.ui.test_handbook import window

__all__ = ["window"]

EDITING = {
    "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", "Ctrl+Shift+Z", "Ctrl+Left", "Ctrl+Right",
    "Ctrl+Backspace", "Ctrl+Delete", "Ctrl+Insert", "Shift+Insert", "Shift+Delete", "Ctrl+Home", "Ctrl+End", "Home",
    "End", "Left", "Right", "Backspace", "Delete", "Space", "Shift+Left", "Shift+Right", "Shift+Home", "Shift+End",
    "Ctrl+Shift+Left", "Ctrl+Shift+Right", "Alt+Backspace",
}  # fmt: skip
"""What a text field does with keys, on Windows and elsewhere."""

INPUT_METHOD = {"Ctrl+Space", "Shift+Space", "Ctrl+.", "Ctrl+,", "Ctrl+Shift+F", "Ctrl+Shift+B", "Ctrl+Shift+E", "F7"}
"""What switches Chinese input methods; those that they take while composing never reach a shortcut."""

GIVES_WAY = {"Ctrl+Delete"}
"""Deletes a word as long as a field has one to delete (`feedesk.ui.shortcuts`)."""


def _fields(owner: QWidget) -> list[QWidget]:
    return [*owner.findChildren(QLineEdit), *owner.findChildren(QPlainTextEdit)]


def test_no_key_takes_anything_from_a_text_field_or_an_input_method(window: MainWindow) -> None:
    shadowed: list[str] = []
    for shortcut in window.findChildren(BoundShortcut):
        keys = shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)
        owner = shortcut.parent()
        assert isinstance(owner, QWidget)
        within = shortcut.context() == Qt.ShortcutContext.WidgetWithChildrenShortcut and not _fields(owner)
        if keys in GIVES_WAY or within:
            continue
        modifiers = keys.split("+")[:-1]
        bare = not modifiers or modifiers == ["Shift"]
        printable = bare and len(keys.split("+")[-1]) == 1
        if printable:  # a field claims it first; only a field for amounts lets "/" go
            assert claims(QLineEdit(), Qt.Key(ord(keys.upper()[-1])), Qt.KeyboardModifier.NoModifier, keys)
        elif keys in EDITING | (INPUT_METHOD - {"F7"}) or {"Ctrl", "Alt"} <= set(modifiers):
            shadowed.append(keys)
    assert shadowed == []


def press(*keys: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key, modifier in keys:
        widget = QApplication.focusWidget()
        assert widget is not None
        QTest.keyClick(widget, key, modifier)


CONTROL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


@pytest.mark.parametrize("from_money", [False, True])
def test_every_act_is_two_keys_away(sqlite_ledger: Database, qtbot: QtBot, from_money: bool) -> None:
    """Wherever the keyboard is: each opens its sheet, or says on the desk why there is nothing to do."""
    community, home = quote_case(sqlite_ledger)
    community.run(collect_payment, account=home.dwelling, tenders=[TenderGiven("cash", Fen(1000))], part=True)
    desk = make_desk(community, qtbot)
    for act in ACTS:
        _opens(desk, home.dwelling, act, from_money)


def _opens(desk: Desk, account: int, act: DeskAct, from_money: bool) -> None:
    desk.page.open_target(account)
    desk.page.banner.hide()
    if from_money:
        desk.page.tender.focus_money()
    press((Qt.Key.Key_K, CONTROL))
    assert isinstance(open_sheet(desk.window), ActsSheet)
    press((Qt.Key(ord(act.key)), NONE))
    sheet = open_sheet(desk.window)
    assert not isinstance(sheet, ActsSheet), act
    assert sheet is not None or (desk.page.banner.isVisible() and desk.page.banner.accessibleName()), act
    if sheet is not None:
        focused = QApplication.focusWidget()
        assert focused is not None
        assert sheet is focused or sheet.isAncestorOf(focused), act
        press((Qt.Key.Key_Escape, NONE))
        assert open_sheet(desk.window) is None, act
    assert desk.page.statement() is not None, "Esc leaves the sheet, not the account"


@pytest.mark.parametrize(("key", "sheet"), [(Qt.Key.Key_M, DrawerSheet), (Qt.Key.Key_B, BankSheet)])
def test_what_is_done_about_cash_is_two_keys_away(window: MainWindow, sheet: type[QWidget], key: Qt.Key) -> None:
    """F8 and a key; here on a till that is not open, where petty cash is refused in words."""
    press((Qt.Key.Key_F8, NONE), (key, CONTROL))
    assert window.current_page() == "dayclose"
    opened = open_sheet(window)
    assert opened is None or isinstance(opened, sheet)
    banner = window.pages()["dayclose"].banner  # type: ignore[attr-defined]
    assert opened is not None or banner.accessibleName()


def test_enter_pressed_again_does_not_close_the_day_that_was_just_opened(sqlite_ledger: Database, qtbot: QtBot) -> None:
    """The sheet is gone with the first Enter; the next one finds a button that asks before it locks a day."""
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(0))
    community.run(close_shift, counts={})
    community.run(close_day)
    worker, frame = Worker(), MainWindow()
    qtbot.addWidget(frame)
    work = DayCloseWork(lambda: community.workplace)
    page = DayClosePage(work.functions(), worker)
    frame.add_pages([PageFactory("dayclose", lambda: page)])
    frame.show()
    frame.show_page("dayclose")
    frame.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    press((Qt.Key.Key_U, CONTROL))
    sheet = open_sheet(frame)
    assert isinstance(sheet, ReopenSheet)
    sheet.reason.setText("漏记一笔")
    press(*[(Qt.Key.Key_Return, NONE)] * 2)
    assert isinstance(open_sheet(frame), ConfirmSheet)
    press((Qt.Key.Key_Escape, NONE))
    worker.stop()
    assert community.workplace.read(reopened_days) == (TODAY,)
