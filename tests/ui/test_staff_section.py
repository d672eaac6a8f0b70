"""The staff list in the records, by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.ops.permissions import Role
from feedesk.ops.run import Workplace
from feedesk.ops.signing_in import check_password, sign_in, staff
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.section import SectionFactory
from feedesk.ui.pages.records.staff_section import StaffSection, staff_functions
from feedesk.ui.pages.records.staff_sheets import AddStaffSheet, LeaveSheet, NewPasswordSheet, RoleSheet
from feedesk.ui.shortcuts import open_sheet
from tests.ui.keyboard import type_text

CTRL = Qt.KeyboardModifier.ControlModifier
NEW = "样例新人"


def shown(database: Database, actor: str, qtbot: QtBot) -> StaffSection:
    window = MainWindow()
    qtbot.addWidget(window)
    place = Workplace(database, actor)
    factory = SectionFactory("staff", "Staff", lambda: StaffSection(staff_functions(lambda: place)))
    window.add_pages([PageFactory("records", lambda: RecordsPage([factory]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page("records")
    page = window.pages()["records"]
    assert isinstance(page, RecordsPage)
    section = page.section()
    assert isinstance(section, StaffSection)
    return section


@pytest.fixture
def section(sqlite_ledger: Database, qtbot: QtBot) -> StaffSection:
    return shown(sqlite_ledger, "样例管理员", qtbot)


def press(key: str | Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    if isinstance(key, str):
        type_text(widget, key)
    else:
        QTest.keyClick(widget, key, modifiers)


def mark(section: StaffSection, name: str) -> None:
    names = [row.name for row in section.model.rows()]
    section.table.choose_row(names.index(name))


def test_somebody_is_added(section: StaffSection, sqlite_ledger: Database) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, AddStaffSheet)
    press(NEW)
    press(Qt.Key.Key_Return)
    assert "密码" in sheet.sentence.text()
    press("first")
    press(Qt.Key.Key_Tab)
    press("first")
    press(Qt.Key.Key_Return)
    assert open_sheet(section.window()) is None
    assert NEW in section.banner.accessibleName()
    assert [row.role for row in section.model.rows() if row.name == NEW] == [Role.CASHIER]
    assert sign_in(sqlite_ledger, name=NEW, password="first").must_change


def test_role_password_and_leaving(section: StaffSection, sqlite_ledger: Database) -> None:
    mark(section, "样例收费员乙")
    press(Qt.Key.Key_Return)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, RoleSheet)
    sheet.role.set_value(Role.FINANCE)
    press(Qt.Key.Key_Return)
    assert section.current() is not None
    assert [row.role for row in section.model.rows() if row.name == "样例收费员乙"] == [Role.FINANCE]
    press(Qt.Key.Key_R, CTRL)
    assert isinstance(open_sheet(section.window()), NewPasswordSheet)
    press("fresh")
    press(Qt.Key.Key_Tab)
    press("fresh")
    press(Qt.Key.Key_Return)
    with sqlite_ledger.reading() as connection:
        check_password(connection, name="样例收费员乙", password="fresh")
    press(Qt.Key.Key_E, CTRL)
    assert isinstance(open_sheet(section.window()), LeaveSheet)
    press(Qt.Key.Key_Return)
    with sqlite_ledger.reading() as connection:
        assert "样例收费员乙" not in {member.name for member in staff(connection)}


def test_the_last_administrator_stays(section: StaffSection) -> None:
    mark(section, "样例管理员")
    press(Qt.Key.Key_E, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, LeaveSheet)
    press(Qt.Key.Key_Return)
    assert open_sheet(section.window()) is sheet
    assert "唯一的管理员" in sheet.sentence.text()


def test_a_cashier_sees_the_list_and_changes_nothing(sqlite_ledger: Database, qtbot: QtBot) -> None:
    section = shown(sqlite_ledger, "样例收费员", qtbot)
    press(Qt.Key.Key_E, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, LeaveSheet)
    press(Qt.Key.Key_Return)
    assert "建立账本" in sheet.sentence.text()
