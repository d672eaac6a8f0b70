"""The template has every sheet and column, explains itself, and its examples can be imported together."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.exchange.community_workbook import SHEETS, read_community_workbook
from feedesk.exchange.excel_files import WorkbookNotWritten
from feedesk.exchange.workbook_template import write_template
from feedesk.rules.community_checks import KnownLedger, check_book, idle_patterns
from feedesk.rules.community_rows import SHEET_ORDER

COLUMNS = {
    "小区": "小区名称 地址 占地面积 建筑面积 开发商 物业公司 统一社会信用代码 服务电话 公共设施 配套服务",
    "房屋": "房屋编号 类型 楼层 建筑面积 计费面积 系数 状态 交付日期 人口 关联房屋",
    "住户": "房屋编号 姓名 身份 客户编号 个人/单位 发票抬头 税号 电话 邮箱 证件号 起始日期 截止日期 缴费人 标签 车牌",
    "收费标准": "名称 收费项目 计费方式 单价 周期 到期日 阶梯 阶梯周期 人口基数 不足月 款项性质 依据类型 依据文件 "
    "生效日期 失效日期 税率 表计 尾数 阶梯起算",
    "适用范围": "房屋编号 收费标准 数量 起始日期 截止日期",
    "抄表": "房屋编号 表计 表号 倍率 抄表日期 读数 说明",
    "公摊": "名称 收费项目 所属期 总额 范围 分摊依据 到期日",
    "优惠政策": "名称 条件 方式 值 收费项目 生效日期 失效日期 可叠加 依据文件",
    "违约金": "收费项目 日费率 宽限天数 上限 起算 生效日期",
    "期初欠费": "房屋编号 收费项目 所属期 金额 到期日 说明",
    "期初缴至": "房屋编号 收费项目 缴至日期 未服务期金额",
    "期初预存": "房屋编号 金额 说明",
    "期初押金": "房屋编号 名称 金额 收取日期 原票号",
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "小区资料簿.xlsx"
    write_template(path)
    return path


def test_has_the_sheets_and_columns_of_the_contract(template: Path) -> None:
    workbook = load_workbook(template)
    headers = {sheet.title: " ".join(str(cell.value) for cell in sheet[1]) for sheet in workbook.worksheets}
    assert headers == COLUMNS
    assert tuple(workbook.sheetnames) == SHEET_ORDER == tuple(sheet.name for sheet in SHEETS)


def test_explains_itself(template: Path) -> None:
    workbook = load_workbook(template)
    for sheet in workbook.worksheets:
        assert all(cell.comment and cell.comment.text for cell in sheet[1]), sheet.title
        assert sheet.freeze_panes == "B2"
        assert sheet.max_row == 2
    lists = {
        str(validation.sqref).partition("2:")[0]: validation.formula1
        for validation in workbook["房屋"].data_validations.dataValidation
    }
    assert lists == {"B": '"住宅,商铺,写字楼,车位,储藏室"', "G": '"自住,出租,空置,未售"'}


def test_keys_and_long_numbers_are_text(template: Path) -> None:
    workbook = load_workbook(template)
    for sheet, column in (("房屋", "A"), ("住户", "J"), ("收费标准", "D"), ("期初欠费", "C"), ("住户", "H")):
        style = workbook[sheet].column_dimensions[column]
        assert style.number_format == "@", (sheet, column)


def test_its_examples_fit_together(template: Path) -> None:
    book = read_community_workbook(template)
    assert (book.problems, book.warnings) == ((), ())
    assert check_book(book, KnownLedger()) == []
    assert idle_patterns(book, KnownLedger()) == []
    assert all(getattr(book, sheet.part).rows for sheet in SHEETS)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WorkbookNotWritten):
        write_template(tmp_path / "missing" / "template.xlsx")


@pytest.mark.slow
def test_opens_in_libreoffice(template: Path, tmp_path: Path, program: Callable[[str], str]) -> None:
    """Round trip through another program: what it saves can be imported too."""
    profile = f"-env:UserInstallation=file://{tmp_path.as_posix()}/profile"
    command = [program("soffice"), profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(template)], check=True, capture_output=True, timeout=120)
    book = read_community_workbook(tmp_path / template.name)
    assert book.problems == ()
    assert book == read_community_workbook(template)
