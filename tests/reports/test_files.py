"""What every report has in common: pages that break well, figures that stay figures, text that stays text."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from feedesk.reports.csv_text import csv_text
from feedesk.reports.files import ReportNotWritten, write_report
from feedesk.reports.pdf import pdf
from feedesk.reports.registry import REPORTS, UnknownReport, all_reports, find_report
from feedesk.reports.table import Column, Kind, Part, Table
from feedesk.reports.xlsx import xlsx
from tests.reports.pages import page_count, pdf_text

COLUMNS = (
    Column("房屋", 2),
    Column("金额", 2, Kind.MONEY),
    Column("户数", 1, Kind.COUNT),
    Column("日期", 2, Kind.DAY),
    Column("说明", 5),
)


def table(rows: int = 1, *, text: str = "样例", landscape: bool = True) -> Table:
    """A report of one table."""
    filled = tuple((f"3-1-{row}", 123456 + row, row, date(2026, 11, 23), text) for row in range(rows))
    return Table(
        "样例报表",
        ("小区：样例小区", "截至 2026-11-23"),
        (Part("清单", COLUMNS, filled),),
        ("说明一",),
        landscape=landscape,
    )


def page_texts(content: bytes) -> list[str]:
    document = PdfDocument(content)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("landscape", [True, False])
def test_headings_come_again_on_each_page_and_pages_are_numbered(landscape: bool) -> None:
    content = pdf(table(100, landscape=landscape))
    pages = page_texts(content)
    assert len(pages) == page_count(content) > 1
    for number, text in enumerate(pages, 1):
        assert "金额" in text
        assert f"第 {number} 页 共 {len(pages)} 页" in text
    whole = pdf_text(content)
    assert all(f"3-1-{row}" in whole for row in range(100))
    assert "1,234.56" in whole
    assert "说明一" in pages[-1]


def test_long_text_wraps_and_rare_characters_are_drawn_or_spelled() -> None:
    said = "这是一段很长的说明，" * 30 + "𠮷"
    content = pdf(table(3, text=said))
    assert pdf_text(content).count("这是一段很长的说明") == 90
    assert page_count(content) == 2


def test_a_workbook_holds_numbers_and_days() -> None:
    sheet = load_workbook(io.BytesIO(xlsx(table()))).active
    assert sheet is not None
    cells = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value is not None}
    amount = next(cell for value, cell in cells.items() if value == pytest.approx(1234.56))
    assert "#,##0.00" in amount.number_format
    assert any(getattr(value, "year", 0) == 2026 for value in cells)
    assert str(sheet.page_setup.fitToHeight) == "0"


def test_text_never_becomes_a_formula() -> None:
    evil = '=HYPERLINK("http://x","点我")'
    written = load_workbook(io.BytesIO(xlsx(table(text=evil)))).active
    assert written is not None
    cell = next(cell for row in written.iter_rows() for cell in row if cell.value and "点我" in str(cell.value))
    assert cell.data_type == "s"
    rows = list(csv.reader(io.StringIO(csv_text(table(text=evil)).decode("utf-8-sig"))))
    assert f"'{evil}" in [value for row in rows for value in row]


def test_csv_has_plain_numbers_that_other_programs_read() -> None:
    content = csv_text(table(2))
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert ["3-1-1", "1234.57", "1", "2026-11-23", "样例"] in rows


def test_a_row_has_as_many_values_as_there_are_columns() -> None:
    with pytest.raises(ValueError, match="as many values"):
        Part("清单", COLUMNS, (("3-1-1",),))


def test_a_file_is_replaced_whole_or_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "新文件夹" / "报表.csv"
    write_report(table(1), path)
    before = path.read_bytes()
    write_report(table(2), path)
    assert path.read_bytes() != before
    assert [one.name for one in path.parent.iterdir()] == ["报表.csv"]
    blocked = tmp_path / "文件"
    blocked.write_text("不是文件夹")
    with pytest.raises(ReportNotWritten):
        write_report(table(1), blocked / "报表.csv")


def test_every_report_is_found_by_its_name_and_has_a_purpose() -> None:
    assert [report.name for report in all_reports()] == list(REPORTS)
    assert all(report.purpose for report in all_reports())
    with pytest.raises(UnknownReport, match="收费公示"):
        find_report("没有的表")
