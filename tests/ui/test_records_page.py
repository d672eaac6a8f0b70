"""The records by keyboard: found while typing, opened at the desk, a workbook checked, refused, marked, imported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from feedesk import models
from feedesk.db import Database
from feedesk.exchange.excel_files import opened_workbook
from feedesk.models import table_of
from feedesk.queries.records import record_list
from feedesk.ui.main_window import MainWindow, PageFactory
from feedesk.ui.pages.records.import_sheet import ImportSheet
from feedesk.ui.pages.records.page import RecordsPage
from feedesk.ui.pages.records.section import SectionFactory
from feedesk.ui.pages.records.units_section import UnitsSection
from feedesk.ui.pages.records.units_work import UnitsWork
from feedesk.ui.shortcuts import open_sheet
from feedesk.ui.tasks import Worker
from tests.community import SmallCommunity, picture_home, small_community
from tests.ui.keyboard import type_text


@pytest.fixture
def community(sqlite_ledger: Database) -> SmallCommunity:
    made = small_community(sqlite_ledger)
    picture_home(made)
    made.unit("3-1-503", resident="李样宁")
    return made


@pytest.fixture
def worker(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.stop()


@pytest.fixture
def opened() -> list[Path]:
    return []


@pytest.fixture
def page(community: SmallCommunity, worker: Worker, opened: list[Path], qtbot: QtBot) -> UnitsSection:
    window = MainWindow()
    qtbot.addWidget(window)
    work = UnitsWork(lambda: community.workplace, opened.append)
    factory = SectionFactory("units", "Units and residents", lambda: UnitsSection(work.functions(), worker))
    window.add_pages([PageFactory("records", lambda: RecordsPage([factory]))])
    window.show()
    window.setFixedSize(1366, 768)
    window.show_page("records")
    window.activateWindow()
    shown = window.pages()["records"]
    assert isinstance(shown, RecordsPage)
    made = shown.section()
    assert isinstance(made, UnitsSection)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and made.records() is not None)
    return made


@pytest.fixture
def workbook(page: UnitsSection, tmp_path: Path) -> Path:
    """A template filled with one community and two homes."""
    path = tmp_path / "资料簿.xlsx"
    page.write_template(path)
    with opened_workbook(path, editable=True) as book:
        for name in book.sheetnames:
            sheet = book[name]
            if sheet.max_row > 1:
                sheet.delete_rows(2, sheet.max_row)
        units = book["房屋"]
        headers = [cell.value for cell in units[1]]
        for row, code in enumerate(("5-1-101", "5-1-102"), 2):
            units.cell(row, headers.index("房屋编号") + 1).value = code
            units.cell(row, headers.index("建筑面积") + 1).value = 80
        book.save(path)
    return path


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    widget = QApplication.focusWidget()
    assert widget is not None
    QTest.keyClick(widget, key, modifiers)


def words_of(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel)]
    return "\n".join([*labels, *(child.accessibleName() for child in widget.findChildren(QWidget))])


def sheet_of(page: UnitsSection) -> ImportSheet:
    press(Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    sheet = open_sheet(page.window())
    assert isinstance(sheet, ImportSheet)
    return sheet


def test_a_few_letters_find_and_enter_opens_at_the_desk(page: UnitsSection, qtbot: QtBot) -> None:
    assert "3 套房屋" in words_of(page)
    type_text(page.search, "样宁")
    assert [row.unit for row in page.model.rows()] == ["3-1-503"]
    with qtbot.waitSignal(page.account_asked) as asked:
        press(Qt.Key.Key_Return)
    assert asked.args == [3]
    press(Qt.Key.Key_Escape)
    assert len(page.model.rows()) == 3


def test_arrows_move_in_the_list_while_the_search_has_the_keyboard(page: UnitsSection) -> None:
    press(Qt.Key.Key_Down)
    assert page.table.chosen_rows() == [1]
    assert QApplication.focusWidget() is page.search


def test_the_list_tells_joined_units_areas_and_phones(community: SmallCommunity) -> None:
    rows = {row.unit: row for row in community.workplace.read(record_list).rows}
    assert rows["B1-087"].joined_to == "3-1-502"
    assert rows["B1-087"].area is None
    assert rows["3-1-502"].number == "H000001"
    assert rows["3-1-502"].phones == ("12000006621",)


def test_a_unit_without_a_payer_is_listed_and_says_so(
    page: UnitsSection, community: SmallCommunity, qtbot: QtBot
) -> None:
    building = community.value(table_of(models.Building), "id", code="3")
    community.add(models.Unit, building_id=building, code="3-1-601", sort_key="z", kind="住宅", occupancy="空置")
    page.refresh()
    qtbot.waitUntil(lambda: len(page.model.rows()) == 4)
    type_text(page.search, "601")
    press(Qt.Key.Key_Return)
    assert "没有缴费人" in page.banner.accessibleName()


def test_a_workbook_is_checked_then_imported(page: UnitsSection, workbook: Path, qtbot: QtBot) -> None:
    sheet = sheet_of(page)
    press(Qt.Key.Key_Return)
    assert "请输入资料簿路径" in sheet.sentence.text()
    type_text(sheet.path, str(workbook).removesuffix(workbook.name))
    sheet.path.insert(workbook.name)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "检查通过" in sheet.sentence.text())
    tallies = {row.sheet: row.tally for row in sheet.sheets.rows()}
    assert tallies["房屋"].added == 2
    assert len(page.model.rows()) == 3
    with qtbot.waitSignal(page.imported):
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(page.model.rows()) == 5)
    assert open_sheet(page.window()) is None
    assert "已导入" in page.banner.accessibleName()


def test_bad_cells_are_listed_and_marked_in_a_copy(
    page: UnitsSection, workbook: Path, opened: list[Path], qtbot: QtBot
) -> None:
    with opened_workbook(workbook, editable=True) as book:
        units = book["房屋"]
        headers = [cell.value for cell in units[1]]
        units.cell(3, headers.index("建筑面积") + 1).value = "八十"
        book.save(workbook)
    sheet = sheet_of(page)
    sheet.use_path(workbook)
    qtbot.waitUntil(lambda: bool(sheet.problems.rows()))
    problem = sheet.problems.rows()[0]
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("房屋", 3, "建筑面积", "八十")
    assert sheet.copy_button.isVisible()
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    copy = workbook.with_name("资料簿-导入错误.xlsx")
    qtbot.waitUntil(lambda: str(copy) in sheet.sentence.text())
    assert copy.exists()
    press(Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert opened == [copy]
    press(Qt.Key.Key_Escape)
    assert open_sheet(page.window()) is None
    assert len(page.model.rows()) == 3


def test_what_is_no_workbook_is_refused_in_a_sentence(page: UnitsSection, tmp_path: Path, qtbot: QtBot) -> None:
    sheet = sheet_of(page)
    sheet.use_path(tmp_path / "不在.xlsx")
    qtbot.waitUntil(lambda: "不在.xlsx" in sheet.sentence.text() and not sheet.progress.isVisible())
    assert sheet.button.isEnabled()
    text = tmp_path / "文字.xlsx"
    text.write_text("不是工作簿")
    sheet.use_path(text)
    qtbot.waitUntil(lambda: "不是 Excel" in sheet.sentence.text())


def test_a_template_never_overwrites_a_file(page: UnitsSection, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    page.write_template(path)
    assert path.exists()
    page.write_template(path)
    assert "已经存在" in page.banner.accessibleName()


def test_the_models_keep_qts_rules(page: UnitsSection) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    page.search.setText("3")
    page.retranslate()
