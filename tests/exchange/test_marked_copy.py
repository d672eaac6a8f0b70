"""The marked copy: bad cells coloured, reasons beside them, all else as it was; corrected, it can be imported."""

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.exchange.excel_files import WorkbookNotWritten
from feedesk.exchange.marked_copy import BAD_CELL, marked_copy_path, write_marked_copy
from feedesk.rules.community_rows import CellProblem


@pytest.fixture
def book(tmp_path: Path) -> Path:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "房屋"
    sheet.append(["房屋清单"])
    sheet.append(["房屋编号", "建筑面积", "朝向"])
    sheet.append(["3-1-501", "很大", "南"])
    sheet.append(["3-1-502", 98.6, "北"])
    sheet["C3"].font = Font(bold=True)
    sheet["D4"] = "=B4*2"
    workbook.create_sheet("备注").append(["随便"])
    workbook.save(tmp_path / "资料.xlsx")
    return tmp_path / "资料.xlsx"


def test_marks_and_explains(book: Path) -> None:
    found = read_community_workbook(book)
    target = write_marked_copy(book, found.problems, marked_copy_path(book))
    assert target == book.with_name("资料-导入错误.xlsx")
    copy = load_workbook(target)
    sheet = copy["房屋"]
    assert sheet["B3"].fill.start_color.rgb == BAD_CELL
    assert sheet["B4"].fill.fill_type is None
    assert sheet["D2"].value == "导入错误"
    assert str(sheet["D3"].value).startswith("建筑面积：")
    assert sheet["C3"].font.bold
    assert copy["备注"]["A1"].value == "随便"


def test_a_corrected_copy_can_be_imported_and_marked_anew(book: Path) -> None:
    target = write_marked_copy(book, read_community_workbook(book).problems, marked_copy_path(book))
    copy = load_workbook(target)
    copy["房屋"]["B3"] = 86.2
    copy["房屋"]["A4"] = None
    copy.save(target)
    again = read_community_workbook(target)
    assert [(one.row, one.column) for one in again.problems] == [(4, "房屋编号")]
    assert marked_copy_path(target) == target
    sheet = load_workbook(write_marked_copy(target, again.problems, target))["房屋"]
    assert sheet["B3"].fill.fill_type is None
    assert sheet["A4"].fill.start_color.rgb == BAD_CELL
    assert [sheet.cell(row, 4).value for row in (2, 3)] == ["导入错误", None]


def test_a_missing_column_is_told_at_the_header(book: Path) -> None:
    missing = CellProblem("房屋", 2, "系数", "", "缺少这一列")
    target = write_marked_copy(book, [missing], marked_copy_path(book))
    assert load_workbook(target)["房屋"]["D2"].value == "导入错误\n系数：缺少这一列"
    assert not [warning for warning in read_community_workbook(target).warnings if "导入错误" in warning]


def test_a_folder_that_is_not_there(book: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkbookNotWritten):
        write_marked_copy(book, read_community_workbook(book).problems, tmp_path / "missing" / "x.xlsx")
