"""Ctrl+K U: money of unknown origin is entered, found, claimed and returned by keys."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.unclaimed import post_unclaimed
from feedesk.queries.statement import statement
from feedesk.queries.unclaimed import UnclaimedItem, open_unclaimed
from feedesk.ui.pages.desk.claim_sheet import ClaimSheet
from feedesk.ui.pages.desk.found_sheets import FoundSheet, ReturnSheet
from feedesk.ui.pages.desk.rows import StrangerTarget
from feedesk.ui.pages.desk.unclaimed_sheet import UnclaimedSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ui.keyboard import type_text
from tests.ui.test_desk_sheets import Desk, make_desk

CAME = date(2026, 10, 8)


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    """3-1-502 of 张样燕 owes 1,979.48 with its parking space."""
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    return make_desk(community, qtbot)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(*keys: str | Qt.Key) -> None:
    for key in keys:
        if isinstance(key, str):
            type_text(focused(), key)
        else:
            QTest.keyClick(focused(), key)


def open_list(desk: Desk) -> UnclaimedSheet:
    QTest.keyClick(QApplication.focusWidget() or desk.page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    press("U")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, UnclaimedSheet)
    return sheet


def came(desk: Desk, amount: int, **facts: str) -> None:
    known = {"sender": "样例付款人", "remark": "物业费", **facts}
    given = TenderGiven("transfer", Fen(amount), f"Z{amount}")
    desk.community.run(post_unclaimed, tender=given, value_date=CAME, **known)


def waiting(desk: Desk) -> tuple[UnclaimedItem, ...]:
    return desk.community.workplace.read(open_unclaimed)


def test_money_is_entered_by_keys(desk: Desk) -> None:
    listed = open_list(desk)
    assert "N" in listed.told.text()
    press("n")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, FoundSheet)
    press(Qt.Key.Key_Return)
    assert not sheet.sentence.isHidden(), "the amount is missing"
    press("648.64")
    sheet.fields.reference.setText("ZZ1")
    sheet.value_date.setFocus()
    sheet.value_date.setText("2026-10-08")
    press(Qt.Key.Key_Return)
    (item,) = waiting(desk)
    assert (item.amount, item.tender_code, item.reference, item.value_date) == (64864, "transfer", "ZZ1", CAME)
    assert open_sheet(desk.window) is listed
    assert [one.receipt for one in listed.model.rows()] == [item.receipt]
    assert desk.told
    assert desk.woken


def test_a_reference_used_twice_is_asked_about(desk: Desk) -> None:
    came(desk, 100)
    open_list(desk)
    press("n")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, FoundSheet)
    assert sheet.again.isHidden()
    press("1.00")
    sheet.fields.reference.setText("Z100")
    press(Qt.Key.Key_Return)
    assert "Z100" in sheet.sentence.text()
    assert not sheet.again.isHidden()
    sheet.again.setChecked(True)
    press(Qt.Key.Key_Return)
    assert [item.reference for item in waiting(desk)] == ["Z100", "Z100"]


def test_what_is_typed_finds_an_item(desk: Desk) -> None:
    came(desk, 500000, sender="王样")
    came(desk, 27608, sender="李样", remark="")
    listed = open_list(desk)
    assert len(listed.model.rows()) == 2
    press("2", "7", "6")
    assert [one.amount for one in listed.model.rows()] == [27608]
    assert listed.search.text() == "276"
    press(Qt.Key.Key_Escape)
    assert open_sheet(desk.window) is listed
    assert listed.search.text() == ""
    listed.search.setText("5000")
    assert [one.sender for one in listed.model.rows()] == ["王样"]
    listed.search.setText("没有")
    assert listed.model.rows() == []
    listed.claim()
    assert open_sheet(desk.window) is listed


def test_money_is_claimed_for_the_account_at_the_desk(desk: Desk) -> None:
    """The account shown is proposed, what would be settled is told; Enter asks first how it is known."""
    came(desk, 197948)
    desk.page.open_target(1)
    open_list(desk)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClaimSheet)
    assert sheet.account.text() == "3-1-502"
    assert "1,979.48" in sheet.found.text()
    assert "张样燕" in sheet.found.text()
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is sheet
    assert len(waiting(desk)) == 1, "trying kept nothing"
    press("付款人出示回单", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert waiting(desk) == ()
    held = desk.community.workplace.read(statement, account=1, on=TODAY, household_too=True)
    assert (held.total_due, held.prepaid) == (0, 0)
    assert "SJ-" in desk.page.banner.accessibleName()


def test_likely_owners_are_offered_and_never_taken(desk: Desk) -> None:
    came(desk, 100, remark="3-1-502物业费")
    open_list(desk)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClaimSheet)
    assert (sheet.account.text(), sheet.reason.text()) == ("", "")
    assert "3-1-502" in sheet.likely.itemText(1)
    press(Qt.Key.Key_Return)
    assert "房号" in sheet.sentence.text()
    sheet.likely.setFocus()
    press(Qt.Key.Key_Down)
    assert sheet.account.text() == "3-1-502"
    assert sheet.reason.text() != ""
    sheet.settles.set_value("prepaid")
    sheet.amount.edit.setFocus()
    press("0.40")
    assert "0.60" in sheet.found.text(), "what stays unclaimed is told"
    press(Qt.Key.Key_Return)
    assert [item.left for item in waiting(desk)] == [60]
    assert desk.community.workplace.read(statement, account=1, on=TODAY).prepaid == 40


def test_likely_owners_are_looked_for_beside_the_window(desk: Desk) -> None:
    """The sheet is there at once, what is typed meanwhile stands, and who comes too late finds it gone."""
    came(desk, 100, remark="3-1-502物业费")
    under_way: list[tuple[Callable[[], Any], Callable[[Any], object]]] = []
    desk.sheets.beside = lambda work, done: under_way.append((work, done))
    open_list(desk)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClaimSheet)
    assert not sheet.likely.isVisible()
    press("3-1-5")
    ((work, done),) = under_way
    done(work())
    assert sheet.likely.isVisible()
    assert "3-1-502" in sheet.likely.itemText(1)
    assert sheet.account.text() == "3-1-5"
    assert sheet.account.hasFocus()


def test_the_charges_ticked_at_the_desk_are_settled(desk: Desk) -> None:
    came(desk, 30000)
    desk.page.open_target(1)
    ticked = desk.page.charges.selection().charges[-1]
    desk.page.charges.tick((ticked.id,))
    open_list(desk)
    press(Qt.Key.Key_Return)
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClaimSheet)
    sheet.settles.set_value("ticked")
    press("付款人出示回单", Qt.Key.Key_Return)
    left = desk.community.workplace.read(statement, account=1, on=TODAY, household_too=True)
    assert ticked.id not in {charge.id for charge in left.charges}
    assert left.total_due == 197948 - ticked.due
    assert left.prepaid == 30000 - ticked.due


def test_money_goes_back_to_its_sender(desk: Desk) -> None:
    came(desk, 5000)
    open_list(desk)
    press("r")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ReturnSheet)
    assert (sheet.payee.text(), sheet.fields.amount.edit.amount()) == ("样例付款人", 5000)
    press(Qt.Key.Key_Return)
    assert not sheet.sentence.isHidden(), "the reason is missing"
    press("误汇", Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert waiting(desk) == ()


def test_a_receipt_of_unknown_origin_leads_to_the_list(desk: Desk) -> None:
    """Its number typed into the search box: the desk says where it is claimed."""
    came(desk, 5000)
    (item,) = waiting(desk)
    desk.page.open_target(StrangerTarget(item.receipt))
    told = desk.page.banner.accessibleName()
    assert item.receipt in told
    assert "Ctrl+K" in told
