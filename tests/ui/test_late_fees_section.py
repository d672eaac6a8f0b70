"""Late fees in the records, by keyboard: rules added, put right, ended; LPR rates; the order of payment."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from feedesk.db import Database
from feedesk.ops.late_fee_rules import RuleTerms, add_late_fee_rule
from feedesk.queries.late_fee_list import LateFeeList, late_fee_list
from feedesk.rules.allocation import AllocationOrder
from feedesk.rules.late_fees import LateFeeStart
from feedesk.ui.dialogs.confirm_sheet import ConfirmSheet
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.ending_sheet import EndingSheet
from feedesk.ui.pages.records.late_fee_sheets import LprSheet, OrderSheet, RuleSheet
from feedesk.ui.pages.records.late_fees_section import LateFeesSection
from feedesk.ui.pages.records.late_fees_work import LateFeesWork
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.section import SectionFactory
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import TODAY, SmallCommunity, small_community
from tests.ui.keyboard import type_text

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    """A rule for 物业费: 0.0003 a day since 2020."""
    made = small_community(sqlite_ledger)
    terms = RuleTerms(daily_rate=Fraction("0.0003"), clause="合同第十二条")
    made.run(add_late_fee_rule, item="物业费", terms=terms, valid_from=date(2020, 1, 1))
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def section(community: SmallCommunity, worker: Worker, qtbot: QtBot) -> LateFeesSection:
    window = MainWindow()
    qtbot.addWidget(window)
    work = LateFeesWork(lambda: community.workplace)
    factory = SectionFactory("late_fees", "Late fees", lambda: LateFeesSection(work.functions(), worker))
    window.add_pages([PageFactory("records", lambda: RecordsPage([factory]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("records")
    window.activateWindow()
    page = window.pages()["records"]
    assert isinstance(page, RecordsPage)
    made = page.section()
    assert isinstance(made, LateFeesSection)
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


def listed(community: SmallCommunity) -> LateFeeList:
    return community.workplace.read(late_fee_list, on=TODAY)


def kept(section: LateFeesSection, qtbot: QtBot) -> None:
    """Enter, and everything is read again."""
    before = section.found()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: open_sheet(section.window()) is None and section.found() is not before)


def test_the_list(section: LateFeesSection) -> None:
    texts = [section.rules.cell(0, column).text for column in range(9)]
    assert texts == ["物业费", "万分之三/日", "到期次日", "", "100%", "–", "合同第十二条", "2020-01-01", ""]
    press(Qt.Key.Key_2, ALT)
    assert (section.rates.cell(0, 0).text, section.rates.cell(0, 1).text) == ("2025-05-20", "3.00%")
    for model in (section.rules, section.rates):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def test_a_rule_is_added(section: LateFeesSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_N, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, RuleSheet)
    type_text(sheet.rate, "万分之五")
    refill(sheet.grace, "半个月")
    press(Qt.Key.Key_Return)
    assert sheet.sentence.text().startswith("宽限天数：")
    assert QApplication.focusWidget() is sheet.grace
    refill(sheet.grace, "15")
    refill(sheet.cap, "30%")
    refill(sheet.first, "20270101")
    sheet.start.set_value(LateFeeStart.NEXT_MONTH)
    kept(section, qtbot)
    general = listed(community).rules[0]
    assert (general.item, general.rule.valid_from) == (None, date(2027, 1, 1))
    assert (general.rule.daily_rate, general.rule.grace_days) == (Fraction("0.0005"), 15)
    assert (general.rule.cap, general.rule.start) == (Fraction("0.3"), LateFeeStart.NEXT_MONTH)
    assert "2027-01-01" in section.banner.accessibleName()


def test_a_rule_is_put_right_by_the_lpr(section: LateFeesSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, RuleSheet)
    assert (sheet.rate.text(), sheet.item.isEnabled(), sheet.first.isEnabled()) == ("0.0003", False, False)
    sheet.way.set_value(True)
    refill(sheet.rate, "40")
    press(Qt.Key.Key_Return)
    assert "四倍" in sheet.sentence.text()
    refill(sheet.rate, "4")
    kept(section, qtbot)
    (row,) = listed(community).rules
    assert (row.rule.daily_rate, row.rule.lpr_multiple, row.rule.clause) == (None, Fraction(4), "合同第十二条")


def test_a_rule_ends_and_is_taken_out(section: LateFeesSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_E, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, EndingSheet)
    refill(sheet.last, "2026-12-31")
    kept(section, qtbot)
    assert [row.until for row in listed(community).rules] == [date(2026, 12, 31), None]
    assert section.rules.cell(1, 1).text == "不计违约金"
    section.rule_table.choose_row(1)
    press(Qt.Key.Key_Delete)
    assert isinstance(open_sheet(section.window()), ConfirmSheet)
    kept(section, qtbot)
    assert len(listed(community).rules) == 1


def test_rates_are_added_taken_out_and_loaded(
    section: LateFeesSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_2, ALT)
    press(Qt.Key.Key_N, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, LprSheet)
    refill(sheet.day, "2026-10-20")
    type_text(sheet.percent, "2.90%")
    kept(section, qtbot)
    assert listed(community).rates[0].yearly == Fraction("0.029")
    press(Qt.Key.Key_Delete)
    kept(section, qtbot)
    assert listed(community).rates[0].published_on == date(2025, 5, 20)
    press(Qt.Key.Key_Delete)
    kept(section, qtbot)
    before = section.found()
    press(Qt.Key.Key_L, CTRL)
    qtbot.waitUntil(lambda: section.found() is not before)
    assert "1 条" in section.banner.accessibleName()
    assert len(listed(community).rates) == 13


def test_the_order_of_payment(section: LateFeesSection, community: SmallCommunity, qtbot: QtBot) -> None:
    press(Qt.Key.Key_O, CTRL)
    sheet = open_sheet(section.window())
    assert isinstance(sheet, OrderSheet)
    sheet.which.set_value(AllocationOrder.LATE_FEE_FIRST)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "合同条款" in sheet.sentence.text())
    type_text(sheet.clause, "合同第十三条")
    kept(section, qtbot)
    agreed = listed(community).order
    assert (agreed.order, agreed.clause) == (AllocationOrder.LATE_FEE_FIRST, "合同第十三条")
