"""Concessions in the records, by keyboard: policies added, put right, begun anew, ended; grants given and withdrawn."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.ops.conceding import add_policy
from feedesk.ops.granting import grant_concession
from feedesk.ops.signing_in import set_password
from feedesk.queries.concession_list import ConcessionList, concession_list
from feedesk.rules.policy_terms import PolicyTerms
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.concession_sheets import year_from
from feedesk.ui.pages.records.concessions_section import ConcessionsSection
from feedesk.ui.pages.records.concessions_work import ConcessionsWork
from feedesk.ui.pages.records.ending_sheet import EndingSheet
from feedesk.ui.pages.records.grant_sheet import GrantSheet
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.policy_sheet import PolicySheet
from feedesk.ui.pages.records.section import SectionFactory
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from feedesk.ui.widgets.day_line import NotADay, parse_day
from tests.community import TODAY, SmallCommunity, small_community
from tests.ui.keyboard import type_text

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
POOR = PolicyTerms(
    name="低保减免",
    condition="核准",
    method="百分比",
    value=Fraction(50),
    items=("物业费",),
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 31),
    basis_document="样例民〔2024〕18 号",
)


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    accounts = [made.unit("3-1-502"), made.unit("3-1-503", resident="李样宁")]
    made.run(add_policy, terms=replace(POOR, name="老年减免", condition="标签=老年", value=Fraction(10), valid_to=None))
    policy = made.run(add_policy, terms=POOR).policy
    for account, last in zip(accounts, (date(2026, 12, 31), date(2027, 6, 30)), strict=True):
        replace(made.workplace, approver="样例经理").run_op(
            grant_concession,
            policy=policy,
            account=account,
            from_date=date(2026, 1, 1),
            to_date=last,
            evidence="低保证 样 0012",
        )
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def section(community: SmallCommunity, worker: Worker, qtbot: QtBot) -> ConcessionsSection:
    window = MainWindow()
    qtbot.addWidget(window)
    work = ConcessionsWork(lambda: community.workplace)
    factory = SectionFactory("concessions", "Concessions", lambda: ConcessionsSection(work.functions(), worker))
    window.add_pages([PageFactory("records", lambda: RecordsPage([factory]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("records")
    window.activateWindow()
    page = window.pages()["records"]
    assert isinstance(page, RecordsPage)
    made = page.section()
    assert isinstance(made, ConcessionsSection)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and made.found() is not None)
    return made


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def refill(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    type_text(field, text)


def listed(community: SmallCommunity) -> ConcessionList:
    return community.workplace.read(concession_list, on=TODAY)


def kept(section: ConcessionsSection, qtbot: QtBot) -> None:
    """Enter, and the list is read again."""
    before = section.found()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: open_sheet(section.window()) is None and section.found() is not before)


def test_both_lists_and_what_ends_soon(section: ConcessionsSection) -> None:
    assert [row.policy.name for row in section.policies.rows()] == ["低保减免", "老年减免"]
    assert section.policies.cell(0, 2).text == "减 50%"
    assert section.policies.cell(0, 6).text == "2027-01-31"  # 69 days on
    press(Qt.Key.Key_2, ALT)
    assert section.grants.cell(0, 4).text == "2026-12-31 38 天后到期"
    assert section.views.accessibleName() == "核准 2"
    press(Qt.Key.Key_3, ALT)
    assert [row.grant.unit for row in section.grants.rows()] == ["3-1-502"]
    assert section.policies.rows() == []
    press(Qt.Key.Key_Escape)
    assert len(section.grants.rows()) == 2
    type_text(section.search, "样宁")
    assert [row.grant.unit for row in section.grants.rows()] == ["3-1-503"]
    for model in (section.policies, section.grants):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_policy_is_added(section: ConcessionsSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, PolicySheet)
    type_text(sheet.name, "军属优待")
    type_text(sheet.detail, "军属")
    press(Qt.Key.Key_Return)
    assert "请填数值" in sheet.sentence.text()
    type_text(sheet.figure, "150")
    assert "300.00" not in sheet.example.text()
    press(Qt.Key.Key_Return)
    assert "0 到 100" in sheet.sentence.text()
    assert QApplication.focusWidget() is sheet.figure
    refill(sheet.figure, "15")
    assert "优惠 45.00 元" in sheet.example.text()
    press(Qt.Key.Key_Return)
    assert "收费项目" in sheet.sentence.text()
    sheet.items["物业费"].setFocus()
    press(Qt.Key.Key_Space)
    sheet.figure.setFocus()
    kept(section, qtbot)
    policy = next(one for one in listed(community).policies if one.name == "军属优待")
    assert (policy.condition, policy.method, policy.value) == ("标签=军属", "百分比", Fraction(15))
    assert (policy.items, policy.valid_from, policy.stackable) == (("物业费",), date(2026, 11, 1), False)
    assert "军属优待" in section.banner.accessibleName()


def test_a_policy_is_put_right_begun_anew_and_ended(
    section: ConcessionsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Return)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, PolicySheet)
    refill(sheet.figure, "60")
    kept(section, qtbot)
    assert listed(community).policies[0].value == 60
    press(Qt.Key.Key_B, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, PolicySheet)
    assert (sheet.first.text(), sheet.last.text()) == ("2026-12-01", "")
    refill(sheet.figure, "70")
    kept(section, qtbot)
    first, second = listed(community).policies[:2]
    assert (first.valid_to, second.valid_from, second.value) == (date(2026, 11, 30), date(2026, 12, 1), Fraction(70))
    section.policy_table.choose_row(2)
    press(Qt.Key.Key_E, CTRL)
    ending = open_sheet(section.window())
    assert isinstance(ending, EndingSheet)
    refill(ending.last, "20261")
    press(Qt.Key.Key_Return)
    assert "不是日期" in ending.sentence.text()
    refill(ending.last, "20261231")
    kept(section, qtbot)
    assert listed(community).policies[2].valid_to == date(2026, 12, 31)


def test_a_grant_is_given(section: ConcessionsSection, community: SmallCommunity, qtbot: QtBot) -> None:
    section.policy_table.choose_row(1)
    press(Qt.Key.Key_G, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, GrantSheet)
    assert sheet.approver.who.value() == "样例经理"
    press(Qt.Key.Key_Return)
    assert "3-1-502" in sheet.sentence.text()
    type_text(sheet.unit, "3-1-503")
    assert "李样宁" in sheet.holder.text()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "凭据" in sheet.sentence.text())
    type_text(sheet.evidence, "老年证 样 7")
    sheet.evidence.setFocus()
    kept(section, qtbot)
    grant = listed(community).grants[-1]
    assert (grant.unit, grant.policy, grant.evidence) == ("3-1-503", "老年减免", "老年证 样 7")
    assert (grant.from_date, grant.to_date) == (date(2026, 11, 1), date(2027, 10, 31))
    assert (grant.granted_by, grant.approved_by) == ("样例主管", "样例经理")


def test_the_approver_gives_a_password(section: ConcessionsSection, community: SmallCommunity, qtbot: QtBot) -> None:
    replace(community.workplace, actor="样例管理员").run_op(set_password, name="样例经理", password="geheim")
    section.policy_table.choose_row(1)
    press(Qt.Key.Key_G, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, GrantSheet)
    type_text(sheet.unit, "3-1-503")
    type_text(sheet.evidence, "老年证")
    sheet.evidence.setFocus()
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is sheet.approver.password
    type_text(sheet.approver.password, "falsch")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "密码" in sheet.sentence.text() and sheet.button.isEnabled())
    assert len(listed(community).grants) == 2
    refill(sheet.approver.password, "geheim")
    kept(section, qtbot)
    assert len(listed(community).grants) == 3


def test_a_grant_is_renewed_and_withdrawn(section: ConcessionsSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_2, ALT)
    section.take_focus()
    press(Qt.Key.Key_R, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, GrantSheet)
    assert (sheet.first.text(), sheet.last.text()) == ("2027-01-01", "2027-12-31")
    assert QApplication.focusWidget() is sheet.evidence
    type_text(sheet.evidence, "低保证 样 0099")
    kept(section, qtbot)
    assert [one.evidence for one in listed(community).grants[:2]] == ["低保证 样 0012", "低保证 样 0099"]
    press(Qt.Key.Key_E, CTRL)
    ending = open_sheet(section.window())
    assert isinstance(ending, EndingSheet)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "原因" in ending.sentence.text())
    type_text(ending.reason, "收入改变")
    ending.reason.setFocus()
    kept(section, qtbot)
    assert listed(community).grants[0].to_date == TODAY


def test_enter_shows_the_account_of_a_grant(section: ConcessionsSection, qtbot: QtBot) -> None:
    press(Qt.Key.Key_2, ALT)
    section.take_focus()
    with qtbot.waitSignal(section.account_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [1]


@pytest.mark.parametrize(
    "text", ["2026-12-31", "20261231", "2026.12.31", "2026/12/31", "2026年12月31日", " 2026-12-31 "]
)
def test_days_as_people_type_them(text: str) -> None:
    assert parse_day(text) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["2026-02-30", "2026", "31.12.2026", "heute", "2026-13-01"])
def test_no_day(text: str) -> None:
    with pytest.raises(NotADay):
        parse_day(text)
    assert parse_day("") is None


@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-11-01", "2027-10-31"), ("2026-11-15", "2027-11-14"), ("2028-02-29", "2029-02-28")],
)
def test_a_year_from_a_day(first: str, last: str) -> None:
    assert year_from(date.fromisoformat(first)) == date.fromisoformat(last)
