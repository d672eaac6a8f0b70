"""The workbook of the day: its formulas come to the ledger's figures, it prints as it stands, it is written whole."""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from feedesk.money import ZERO, Fen
from feedesk.receipts.daily_summary import (
    SummaryNotWritten,
    SummaryOpenElsewhere,
    daily_summary,
    summary_name,
    write_daily_summary,
)
from feedesk.receipts.summary_sheet import text_width
from feedesk.rules.day_summary import BookRange, CashInTransit, DaySummary, ReceiptsIssued, Reopening, SealedChain
from feedesk.rules.takings import LineKind, PaidLine, PaidTender, Share, add_up_takings
from feedesk.texts import DEFAULT_LANGUAGE, use_language
from tests.day_sample import DAY, TENDERS, picture_day
from tests.receipts.reckoning import Reckoner, recalculated

SHEETS = ["汇总", "明细", "作废退款", "票据", "现金", "欠费变化", "核对"]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_daily_summary(picture_day(), tmp_path_factory.mktemp("summary"))


@pytest.fixture(scope="module")
def reckoner(written: Path) -> Reckoner:
    return Reckoner(written)


@pytest.fixture
def english() -> Iterator[None]:
    use_language("en")
    yield
    use_language(DEFAULT_LANGUAGE)


def empty_day() -> DaySummary:
    """A day on which nobody came and no shift was opened."""
    figures = replace(
        picture_day().figures,
        takings=add_up_takings([], DAY),
        receipts=ReceiptsIssued((), 0),
        shifts=(),
        transit=CashInTransit(ZERO, ZERO, ZERO),
        arrears=(),
        held=(),
        taken_back=(),
        channels=(),
    )
    return DaySummary(figures, ())


def rows(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def named(sheet: Worksheet, first_cell: str) -> list[Any]:
    """The row that begins with a text."""
    return next(row for row in rows(sheet) if row[0] == first_cell)


def yuan(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def test_one_workbook_with_its_sheets(written: Path) -> None:
    assert written.name == "收费日报 2026-11-23.xlsx" == summary_name(picture_day().figures)
    assert os.listdir(written.parent) == [written.name]
    assert load_workbook(written).sheetnames == SHEETS


def test_the_front_is_the_picture(reckoner: Reckoner) -> None:
    front = reckoner.kept["汇总"]
    assert named(front, "收费项目") == [
        "收费项目",
        "笔数",
        "现金",
        "微信",
        "支付宝",
        "刷卡",
        "转账",
        "预存抵扣",
        "合计",
    ]
    assert named(front, "物业费")[:7] == ["物业费", 41, 600, 14356.2, 6120, 3313, 0]
    assert named(front, "自有小计")[2:] == [900, 18256.2, 7020, 3313, 0, 240, 29729.2]
    assert named(front, "代收代付小计")[3:5] == [1906.86, 618.24]
    assert named(front, "抹零")[:3] == ["抹零", 4, -0.32]
    assert named(front, "退款、红冲")[1:4] == [1, 0, -300]
    assert named(front, "合计")[1:] == [47, 3482.4, 21449.46, 7662.04, 5313, 0, 240, 38146.9]


def test_totals_are_formulas(reckoner: Reckoner) -> None:
    front = reckoner.formulas["汇总"]
    assert named(front, "自有小计")[3].startswith("=SUM(")
    assert all(str(cell).startswith("=SUM(") for cell in named(front, "合计")[2:])
    assert named(front, "物业费")[8].startswith("=SUM(")
    assert len(reckoner.cells()) > 80


def test_every_formula_comes_to_the_value_it_carries(reckoner: Reckoner) -> None:
    for sheet, cell, formula in reckoner.cells():
        kept = reckoner.kept[sheet][cell].value
        assert kept is not None, f"{sheet}!{cell} {formula}"
        assert reckoner.evaluate(sheet, formula) == Fraction(str(kept)), f"{sheet}!{cell} {formula}"


@pytest.mark.slow
@pytest.mark.parametrize("summary", [picture_day(training=True), empty_day()], ids=["picture", "empty"])
def test_libreoffice_comes_to_the_same(summary: DaySummary, tmp_path: Path, program: Callable[[str], str]) -> None:
    path = write_daily_summary(summary, tmp_path / "summary")
    again = recalculated(program("soffice"), path, tmp_path)
    reckoner = Reckoner(path)
    assert reckoner.cells()
    for sheet, cell, formula in reckoner.cells():
        kept, found = (book[sheet][cell].value for book in (reckoner.kept, again))
        assert yuan(found) == yuan(kept), f"{sheet}!{cell} {formula}"
    figures = summary.figures
    assert yuan(named(again["汇总"], "合计")[8]) == Decimal(figures.total) / 100


def test_every_receipt_line_is_there_and_sums_to_the_day(reckoner: Reckoner) -> None:
    details = reckoner.kept["明细"]
    heads, *lines, total = rows(details)
    assert heads == [
        "票号", "时间", "收费员", "收费台", "班次", "房屋", "交款人", "收费项目", "所属期", "款项性质", "本金/违约金",
        "类别", "付款方式", "金额", "交易单号", "状态", "原票号、原因",
    ]  # fmt: skip
    table = [dict(zip(heads, line, strict=True)) for line in lines]
    summary = picture_day()
    assert sum(yuan(row["金额"]) for row in table) == yuan(total[13]) == Decimal(summary.figures.total) / 100
    for share in (Share.CURRENT, Share.ARREARS, Share.LATE_FEE, Share.DEPOSIT, Share.ROUNDING):
        found = sum(yuan(row["金额"]) for row in table if row["类别"] == share and row["状态"] != "退款")
        assert found == Decimal(summary.figures.takings.shares[share]) / 100, share
    wechat = sum(yuan(row["金额"]) for row in table if row["付款方式"] == "微信")
    assert wechat == Decimal("21449.46")
    voided = [row for row in table if row["票号"] == "SJ-2026-1-004316"]
    assert {row["状态"] for row in voided} == {"已作废", "作废"}
    assert sum(yuan(row["金额"]) for row in voided) == 0
    assert {row["原票号、原因"] for row in voided} == {None, "房号选错"}
    assert [row["交易单号"] for row in table if row["状态"] == "退款"] == ["4200002311"]
    assert details.auto_filter.ref == f"A1:Q{len(lines) + 1}"
    assert table[0]["时间"].isoformat() == "2026-11-23T08:41:07"


def test_voids_and_refunds(reckoner: Reckoner) -> None:
    sheet = reckoner.kept["作废退款"]
    _heads, void, refund, total, *_rest = rows(sheet)
    assert (void[0], void[3], void[7], void[9]) == ("作废", "SJ-2026-1-004316", -543.14, "房号选错")
    assert (refund[0], refund[2], refund[3], refund[11]) == ("退款", "SJ-2026-1-004317", "SJ-2026-1-003870", "样例经理")
    assert total[7] == -843.14


def test_receipts_by_book_and_one_by_one(reckoner: Reckoner) -> None:
    sheet = reckoner.kept["票据"]
    assert rows(sheet)[1][:6] == ["1 号台", "SJ-2026-1-004271", "SJ-2026-1-004317", 47, 1, 0]
    assert sheet["F2"].number_format == "#,##0"  # a nought that is seen: none is missing
    voided = named(sheet, "SJ-2026-1-004316")
    assert voided[4:7] == [543.14, 0, "已作废"]
    assert yuan(named(sheet, "合计")[5]) == Decimal("38146.90")


def test_missing_numbers_are_named(tmp_path: Path) -> None:
    summary = picture_day()
    book = BookRange("1 号台", "SJ-2026-1-004271", "SJ-2026-1-004317", 46, 1, ("SJ-2026-1-004300",))
    figures = replace(summary.figures, receipts=ReceiptsIssued((book,), 0))
    path = write_daily_summary(DaySummary(figures, summary.payments), tmp_path)
    sheet = load_workbook(path)["票据"]
    assert sheet["A3"].value == "断号：SJ-2026-1-004300"
    assert sheet["A3"].font.color.rgb == "FFB42318"


def test_cash_is_counted_piece_by_piece(reckoner: Reckoner) -> None:
    sheet = reckoner.kept["现金"]
    assert rows(sheet)[1][6:] == [500, 3482.4, 0, 0, 3982.4, 3982.4, 0]
    assert named(sheet, "100 元纸币")[1:3] == [28, 2800]
    assert named(sheet, "0.1 元纸币")[1:3] == [4, 0.4]
    assert named(sheet, "1 元硬币")[1:3] == [0, 0]
    counted = [row for row in rows(sheet) if row[0] == "合计"][2]
    assert counted[2] == 3982.4


def test_a_difference_stands_with_its_reason(tmp_path: Path) -> None:
    day = picture_day()
    shift = replace(day.figures.shifts[0], reason="样例：多找了一张 10 元")
    told = replace(day, figures=replace(day.figures, shifts=(shift,)))
    sheet = load_workbook(write_daily_summary(told, tmp_path))["现金"]
    assert (rows(sheet)[0][13], rows(sheet)[1][13]) == ("长短款原因", "样例：多找了一张 10 元")


def test_channels_stand_beside_what_they_report(reckoner: Reckoner) -> None:
    """WeChat 21,449.46 booked and 20.00 more reported, Alipay agrees, the card terminal was not compared."""
    listed = [row[:4] for row in rows(reckoner.kept["现金"]) if row[0] in ("微信", "支付宝", "刷卡")]
    assert listed == [
        ["微信", 21449.46, 21469.46, 20],
        ["支付宝", 7662.04, 7662.04, 0],
        ["刷卡", 5313, "未核对", None],
    ]
    assert rows(reckoner.kept["汇总"])[-1][0].startswith("账链校验码 5f70bf18")


def test_what_is_owed_and_held(reckoner: Reckoner) -> None:
    sheet = reckoner.kept["欠费变化"]
    assert named(sheet, "物业费") == ["物业费", 412380.15, 0, 120, 24629.2, 387630.95]
    assert named(sheet, "预存款") == ["预存款", 86400, 2200, 240, -300, 88060]


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_prints_as_it_stands(written: Path, name: str) -> None:
    sheet = load_workbook(written)[name]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1), "1 is what the format takes for granted"
    assert sheet.page_setup.fitToHeight in ((None, 1) if name == "汇总" else (0,))
    assert sheet.print_title_rows
    assert picture_day().figures.chain_head in str(sheet.HeaderFooter.oddFooter.left.text)
    assert "&P" in str(sheet.HeaderFooter.oddFooter.right.text) or "&[Page]" in str(
        sheet.HeaderFooter.oddFooter.right.text
    )
    assert "2026-11-23" in str(sheet.HeaderFooter.oddHeader.center.text)
    assert not sheet.HeaderFooter.oddHeader.right.text
    for part in (sheet.HeaderFooter.oddHeader, sheet.HeaderFooter.oddFooter):
        assert len(str(part)) < 255


def test_heads_stay_in_sight(written: Path) -> None:
    book = load_workbook(written)
    assert (book["汇总"].freeze_panes, book["明细"].freeze_panes) == ("B5", "B2")
    assert book["汇总"].print_title_rows == "$4:$4"
    assert book["明细"].print_title_rows == "$1:$1"


def test_columns_are_wide_enough(written: Path) -> None:
    book = load_workbook(written, data_only=True)
    for sheet in book.worksheets:
        widths = {
            column: group.width
            for group in sheet.column_dimensions.values()
            for column in range(group.min or 0, (group.max or 0) + 1)
        }
        joined = {cell for merged in sheet.merged_cells.ranges for row in merged.rows for cell in row}
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.value is None or (cell.row, cell.column) in joined:
                continue
            text = f"{cell.value:,.2f}" if isinstance(cell.value, float) else str(cell.value)
            shown = text[5:] if cell.is_date else text  # without the year
            assert text_width(shown) <= widths[cell.column], f"{sheet.title}!{cell.coordinate} {text}"


def test_a_training_ledger_says_so_on_every_page(tmp_path: Path) -> None:
    book = load_workbook(write_daily_summary(picture_day(training=True), tmp_path))
    assert "培训账" in book["汇总"]["A2"].value
    assert all("培训账" in str(sheet.HeaderFooter.oddHeader) for sheet in book.worksheets)


def test_signature_lines(reckoner: Reckoner) -> None:
    texts = [cell for row in rows(reckoner.kept["汇总"]) for cell in row]
    assert {"制表", "复核", "出纳"} <= set(texts)


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert daily_summary(picture_day()) == daily_summary(picture_day())


def test_a_day_without_anything(tmp_path: Path) -> None:
    reckoner = Reckoner(write_daily_summary(empty_day(), tmp_path))
    for sheet, cell, formula in reckoner.cells():
        assert reckoner.evaluate(sheet, formula) == 0 == reckoner.kept[sheet][cell].value
    assert named(reckoner.kept["汇总"], "违约金")[8] == 0
    assert reckoner.kept["明细"].auto_filter.ref is None
    assert any("无作废" in str(row[0]) for row in rows(reckoner.kept["作废退款"]))


def test_english_names_for_everything_but_the_sheets(tmp_path: Path, english: None) -> None:
    book = load_workbook(write_daily_summary(picture_day(), tmp_path))
    assert book.sheetnames == SHEETS
    assert named(book["汇总"], "Fee item")[1] == "Number of receipts"
    assert book["明细"]["P1"].value == "State of receipt"


def test_names_are_text_whatever_they_look_like(tmp_path: Path) -> None:
    """A payer's name is no formula, no number and no code of a page head."""
    summary = picture_day()
    payments = (
        replace(summary.payments[0], payer="=1+1", unit="0012"),
        replace(summary.payments[1], payer="@SUM(A1)", unit="1E5"),
        *summary.payments[2:],
    )
    figures = replace(summary.figures, community="和泰&P小区")
    book = load_workbook(write_daily_summary(DaySummary(figures, payments), tmp_path))
    cells = [book["票据"].cell(6, column) for column in (3, 4)]
    assert [(cell.value, cell.data_type) for cell in cells] == [("0012", "s"), ("=1+1", "s")]
    assert "和泰&&P小区" in book["汇总"].HeaderFooter.oddHeader.left.text


def test_a_shift_not_counted_by_denomination(tmp_path: Path) -> None:
    summary = picture_day()
    figures = replace(summary.figures, shifts=(replace(summary.figures.shifts[0], counts={}),))
    book = load_workbook(write_daily_summary(DaySummary(figures, summary.payments), tmp_path))
    assert any("未按面额" in str(row[0]) for row in rows(book["现金"]))


def test_a_payment_in_several_tenders_is_split_line_by_line(tmp_path: Path) -> None:
    """Amounts of a line's cells sum to it, and each tender's to what was kept."""
    summary = picture_day()
    first = replace(
        summary.payments[0],
        id=99,
        lines=(
            PaidLine(LineKind.PRINCIPAL, Fen(10008), "物业费", "自有", "2026-11"),
            PaidLine(LineKind.PREPAYMENT, Fen(500)),
        ),
        tenders=(PaidTender("cash", "cash", Fen(4500)), PaidTender("wechat", "channel", Fen(6000), "R9")),
        rounding=Fen(8),
        reversed=True,
    )
    figures = replace(summary.figures, takings=add_up_takings([first], DAY), tenders=TENDERS)
    book = load_workbook(write_daily_summary(DaySummary(figures, (first,)), tmp_path), data_only=True)
    lines = rows(book["明细"])[1:-1]
    assert [(line[7], line[12], line[13], line[15]) for line in lines] == [
        ("物业费", "微信", 60, "已红冲"),
        ("物业费", "现金", 40.08, "已红冲"),
        ("预存款", "现金", 5, "已红冲"),
        ("抹零", "现金", -0.08, "已红冲"),
    ]


def test_it_is_written_anew_over_the_old_one(tmp_path: Path) -> None:
    path = write_daily_summary(picture_day(), tmp_path / "new" / "folder")
    path.write_bytes(b"spoiled")
    assert write_daily_summary(picture_day(), path.parent) == path
    assert path.read_bytes() == daily_summary(picture_day())
    assert path.stat().st_mode & 0o777 == 0o644 or os.name == "nt"


def _failing(number: int) -> Callable[..., None]:
    def fail(*_arguments: object, **_facts: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_open_elsewhere_is_left_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "收费日报 2026-11-23.xlsx"
    old.write_bytes(b"old")
    monkeypatch.setattr(os, "replace", _failing(errno.EACCES))
    with pytest.raises(SummaryOpenElsewhere, match="收费日报 2026-11-23"):
        write_daily_summary(picture_day(), tmp_path)
    assert old.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [old.name]


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "磁盘已满"), (errno.EROFS, "没有写入权限"), (errno.EIO, os.strerror(errno.EIO))],
)
def test_a_disk_that_fails_leaves_nothing_behind(
    number: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", _failing(number))
    with pytest.raises(SummaryNotWritten, match=words):
        write_daily_summary(picture_day(), tmp_path)
    assert os.listdir(tmp_path) == []


def test_a_folder_one_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "mkdir", _failing(errno.EACCES))
    with pytest.raises(SummaryNotWritten, match="没有写入权限"):
        write_daily_summary(picture_day(), tmp_path / "elsewhere")


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(SummaryNotWritten, match="不是文件夹"):
        write_daily_summary(picture_day(), tmp_path / "out")


def off_by(path: Path, change: Callable[[Any], None]) -> dict[str, Fraction]:
    """What the sheet 核对 finds wrong after somebody changed the workbook by hand, by the name of the total."""
    book = load_workbook(path)
    change(book)
    altered = path.with_name("altered.xlsx")
    book.save(altered)
    reckoner = Reckoner(altered)
    sheet = reckoner.formulas["核对"]
    found = {}
    for row in sheet.iter_rows(min_row=4):
        formula = row[3].value
        if isinstance(formula, str) and formula.startswith("=ROUND"):
            found[str(row[0].value)] = reckoner.evaluate("核对", formula)
    return {name: amount for name, amount in found.items() if amount}


def test_control_totals_agree_and_name_the_chains(tmp_path: Path) -> None:
    chains = (SealedChain("公司", 412, "a" * 64), SealedChain("1 号台", 1871, "b" * 64))
    path = write_daily_summary(replace(picture_day(), chains=chains), tmp_path)
    assert off_by(path, lambda book: None) == {}
    reckoner = Reckoner(path)
    sheet = reckoner.kept["核对"]
    hash_total = sum(range(4271, 4318))
    assert named(sheet, "开具")[1:3] == [47, 47]
    assert named(sheet, "作废")[1:3] == [1, 1]
    assert [row[1:3] for row in rows(sheet) if str(row[0]).startswith("票号合计")] == [[hash_total, hash_total]] * 2
    assert named(sheet, "微信")[1:3] == [21449.46, 21449.46]
    assert named(sheet, "物业费")[1:3] == [24629.2, 24629.2]
    assert named(sheet, "预存款")[1:3] == [1900, 1900], "less what was given back"
    assert named(sheet, "1 号台")[1:3] == [1871, "b" * 64]
    assert named(sheet, "第 1 版账链校验码")[2] == picture_day().figures.chain_head
    whole = named(sheet, "全部核对结果")
    assert whole[3] == 0
    assert load_workbook(path)["核对"]["D5"].number_format.endswith('"✓"')


def test_a_workbook_changed_by_hand_does_not_agree(written: Path) -> None:
    """An amount in the list, a receipt number, a state: each shows up in the totals it belongs to."""

    def more(book: Any) -> None:
        book["明细"]["N2"] = book["明细"]["N2"].value + 10

    wrong = off_by(written, more)
    assert {"“明细”逐笔合计", load_workbook(written)["明细"]["M2"].value} <= set(wrong)
    assert set(wrong.values()) == {Fraction(10)}

    def renumbered(book: Any) -> None:
        book["票据"]["A6"] = "SJ-2026-1-004999"

    wrong = off_by(written, renumbered)
    assert len(wrong) == 1
    assert next(iter(wrong)).startswith("票号合计")

    def valid_again(book: Any) -> None:
        row = next(row for row in book["票据"].iter_rows() if row[6].value == "已作废")
        row[6].value = "有效"

    assert set(off_by(written, valid_again)) == {"作废"}


def test_a_later_version_names_the_seal_of_the_one_before(tmp_path: Path) -> None:
    summary = picture_day()
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    reopening = Reopening(replace(summary.figures, chain_head="c" * 64), at, "样例主管", "漏记一笔")
    figures = replace(summary.figures, version=2)
    path = write_daily_summary(DaySummary(figures, summary.payments, reopening), tmp_path)
    sheet = load_workbook(path)["核对"]
    assert named(sheet, "第 1 版账链校验码")[2] == "c" * 64
    assert named(sheet, "第 2 版账链校验码")[2] == figures.chain_head
