"""Ctrl+K M and C: a unit changes hands; a certificate is written once nothing is owed."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.queries.accounts import AccountRef, find_account
from feedesk.queries.statement import statement
from feedesk.ui.changes import Changed
from feedesk.ui.pages.desk import clearance_sheet
from feedesk.ui.pages.desk.clearance_sheet import ClearanceSheet
from feedesk.ui.pages.desk.hands_sheet import HandsSheet
from feedesk.ui.shortcuts import open_sheet
from tests.community import TODAY, open_desk, picture_home, small_community
from tests.ui.test_desk_acts import acts, focused, press
from tests.ui.test_desk_sheets import Desk, make_desk


@pytest.fixture
def desk(sqlite_ledger: Database, qtbot: QtBot) -> Desk:
    community = small_community(sqlite_ledger)
    open_desk(community, Fen(50000))
    picture_home(community)
    made = make_desk(community, qtbot)
    made.page.open_target(1)
    return made


def holder(desk: Desk) -> AccountRef:
    return desk.community.workplace.read(find_account, text="3-1-502", on=TODAY)


def opened(desk: Desk) -> HandsSheet:
    acts(desk)
    press("M")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, HandsSheet)
    assert focused() is sheet.name
    return sheet


def test_a_unit_changes_hands_and_keeps_the_old_debts(desk: Desk) -> None:
    sheet = opened(desk)
    assert "欠 1,013.22（6 笔）" in sheet.facts.text()
    press(Qt.Key.Key_Return)
    assert "姓名" in sheet.sentence.text()
    sheet.name.setText("李样")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    now = holder(desk)
    assert (now.resident, now.from_date) == ("李样", TODAY)
    assert now.id != 1
    assert desk.community.workplace.read(statement, account=1, on=TODAY).principal > 0
    assert "已从 2026-11-23 起过户" in desk.page.banner.accessibleName()
    assert "B1-087" not in desk.page.banner.accessibleName()  # another resident of the same name is another person
    assert frozenset({Changed.RECORDS, Changed.CHARGES}) in desk.told


def test_a_name_that_is_known_is_asked_about(desk: Desk) -> None:
    other = desk.community.unit("5-1-101", resident="李样", pinyin="li yang", phone="12000001234")
    sheet = opened(desk)
    sheet.name.setText("李样")
    press(Qt.Key.Key_Return)
    assert "李样" in sheet.sentence.text()
    assert open_sheet(desk.window) is sheet
    assert [sheet.person.itemText(place) for place in range(3)] == ["请选择是哪一位", "李样 5-1-101 …1234", "新住户"]
    sheet.person.setCurrentIndex(1)
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    known = desk.community.workplace.read(find_account, text="5-1-101", on=TODAY)
    assert known.id == other
    assert holder(desk).resident_id == known.resident_id


def test_a_prepayment_goes_over_with_a_paper_and_an_approver(desk: Desk) -> None:
    desk.community.run(
        collect_payment, account=1, tenders=[TenderGiven("cash", Fen(30000))], charges=(), prepay=Fen(30000)
    )
    sheet = opened(desk)
    sheet.name.setText("李样")
    ((_held, choice),) = sheet.balances
    assert not sheet.approver.isVisible()
    choice.setCurrentIndex(1)
    assert sheet.approver.isVisible()
    press(Qt.Key.Key_Return)
    assert "凭据" in sheet.sentence.text()
    sheet.paper.setText("过户协议 07")
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    read = desk.community.workplace.read
    assert read(statement, account=1, on=TODAY).prepaid == 0
    assert read(statement, account=holder(desk).id, on=TODAY).prepaid == 30000


def test_a_day_that_is_none_is_told_and_another_day_is_reckoned(desk: Desk) -> None:
    sheet = opened(desk)
    sheet.name.setText("李样")
    sheet.first_day.setText("tomorrow")
    sheet.submit()
    assert sheet.sentence.isVisible()
    sheet.first_day.setText("2026-11-16")
    sheet.first_day.editingFinished.emit()
    assert "2026-11 有 15 天属于新缴费人" in sheet.facts.text()
    sheet.submit()
    assert holder(desk).from_date == date(2026, 11, 16)
    taken = desk.community.workplace.read(statement, account=holder(desk).id, on=TODAY)
    assert [(one.item, one.period) for one in taken.charges] == [("物业费", "2026-11")]


def test_a_certificate_is_refused_while_anything_is_owed_and_written_after(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Path] = []
    monkeypatch.setattr(clearance_sheet, "show_file", shown.append)
    acts(desk)
    press("C")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClearanceSheet)
    target = tmp_path / "new" / "结清.pdf"
    sheet.path.setText(str(target))
    press(Qt.Key.Key_Return)
    assert "1,079.48" in sheet.sentence.text()
    assert not target.exists()
    owed = desk.community.workplace.read(statement, account=1, on=TODAY)
    paid = [TenderGiven("wechat", Fen(owed.total_due), "WX1")]
    desk.community.run(collect_payment, account=1, tenders=paid, charges=[one.id for one in owed.charges])
    press(Qt.Key.Key_Return)
    assert open_sheet(desk.window) is None
    assert shown == [target]
    assert target.read_bytes().startswith(b"%PDF")
    assert "JQ-20261123-H000001" in desk.page.banner.accessibleName()


def test_a_file_that_cannot_be_written_is_told(desk: Desk, tmp_path: Path) -> None:
    owed = desk.community.workplace.read(statement, account=1, on=TODAY)
    paid = [TenderGiven("wechat", Fen(owed.total_due), "WX1")]
    desk.community.run(collect_payment, account=1, tenders=paid, charges=[one.id for one in owed.charges])
    acts(desk)
    press("C")
    sheet = open_sheet(desk.window)
    assert isinstance(sheet, ClearanceSheet)
    sheet.path.setText(str(tmp_path))
    press(Qt.Key.Key_Return)
    assert "写不到" in sheet.sentence.text()


def reckoned_from(sheet: HandsSheet, day: str) -> list[str]:
    sheet.first_day.setText(day)
    sheet.first_day.editingFinished.emit()
    return sheet.facts.text().splitlines()


def test_bills_beyond_the_change_are_told_by_item_and_one_by_one_when_asked(desk: Desk) -> None:
    sheet = opened(desk)
    short = reckoned_from(sheet, "2026-09-01")
    together = [line for line in short if line.startswith("物业费")]
    assert len(together) == 1
    assert "出账至 2026-11-30 · 3 笔账单" in together[0]
    assert "归新缴费人" in together[0]
    QTest.keyClick(sheet.name, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    each = [line for line in sheet.facts.text().splitlines() if line.startswith("物业费")]
    assert len(each) == 3
    QTest.keyClick(sheet.name, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert sheet.facts.text().splitlines() == short
    reckoned_from(sheet, TODAY.isoformat())
    assert not sheet.more.isVisible(), "a line for each already"


def test_months_that_are_paid_are_told_with_the_day_they_are_paid_to(desk: Desk) -> None:
    due = Fen(sum(one.due for one in desk.community.workplace.read(statement, account=1, on=TODAY).charges))
    desk.community.run(collect_payment, account=1, tenders=[TenderGiven("wechat", due)])
    lines = [line for line in reckoned_from(opened(desk), "2026-09-01") if line.startswith("物业费")]
    assert len(lines) == 1
    assert "缴至 2026-11-30 · 3 笔账单 · 过户后 91 天共 ¥" in lines[0]
    assert "请双方自行结算" in lines[0]
