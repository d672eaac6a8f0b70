"""The empty community workbook: every sheet with its headers explained, drop-down lists, and one example row.

Keys and long numbers are formatted as text down the sheet, so that Excel turns neither ``1-2-3`` into a date nor an
18-digit number into a rounded one. The examples fit together and can be imported as they stand.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedesk.errors import UserError
from feedesk.exchange import cells
from feedesk.exchange.community_workbook import SHEETS
from feedesk.exchange.excel_files import WorkbookNotWritten
from feedesk.exchange.grammar import Column
from feedesk.rules import community_rows as rows
from feedesk.texts import N_, _

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

Example = Mapping[str, str | int | float | date]

EXAMPLES: Mapping[str, Example] = {
    rows.COMMUNITY: {
        "小区名称": "样例小区", "地址": "样例路 1 号", "占地面积": 30000, "建筑面积": 98000, "开发商": "样例置业",
        "物业公司": "样例物业", "统一社会信用代码": "91000000SAMPLE0001", "服务电话": "000-0000 0000",
        "公共设施": "电梯\n健身区", "配套服务": "保洁\n绿化",
    },
    rows.UNITS: {
        "房屋编号": "1-1-101", "类型": "住宅", "楼层": 1, "建筑面积": 98.6, "状态": "自住",
        "交付日期": date(2024, 6, 20), "人口": 3,
    },
    rows.RESIDENTS: {
        "房屋编号": "1-1-101", "姓名": "张样例", "身份": "业主", "客户编号": "K0001", "个人/单位": "个人",
        "电话": "12000000001;12000000002", "起始日期": date(2024, 6, 20), "缴费人": "是", "标签": "老年",
        "车牌": "样A·00001",
    },
    rows.TARIFFS: {
        "名称": "住宅物业费", "收费项目": "物业费", "计费方式": "按面积", "单价": "2.80", "周期": "月",
        "到期日": "当月末", "不足月": "按天", "款项性质": "自有", "依据类型": "政府指导价",
        "依据文件": "某价〔2024〕16号(样例)",
        "生效日期": date(2024, 7, 1), "税率": "6%", "尾数": "四舍五入",
    },
    rows.SCOPES: {"房屋编号": "1-*", "收费标准": "住宅物业费", "数量": 1, "起始日期": date(2024, 7, 1)},
    rows.READINGS: {
        "房屋编号": "1-1-101", "表计": "水表", "表号": "S00000001", "倍率": 1, "抄表日期": date(2026, 10, 31),
        "读数": 412.5,
    },
    rows.SHARED_COSTS: {
        "名称": "1 栋公共用电(样例)", "收费项目": "公摊电费", "所属期": "2026-11", "总额": 1234.56, "范围": "1-*",
        "分摊依据": "按面积", "到期日": "当月末",
    },
    rows.CONCESSIONS: {
        "名称": "老年减免(样例)", "条件": "标签=老年", "方式": "百分比", "值": 10, "收费项目": "物业费",
        "生效日期": date(2026, 1, 1), "可叠加": "否", "依据文件": "样例公司减免办法",
    },
    rows.LATE_FEES: {
        "收费项目": "全部", "日费率": "0.0005", "宽限天数": 0, "上限": 1, "起算": "到期次日",
        "生效日期": date(2024, 7, 1),
    },
    rows.ARREARS: {
        "房屋编号": "1-1-101", "收费项目": "物业费", "所属期": "2026-10", "金额": 276.08, "到期日": date(2026, 10, 31),
        "说明": "样例",
    },
    rows.PAID_THROUGH: {
        "房屋编号": "1-1-101", "收费项目": "车位服务费", "缴至日期": date(2026, 12, 31), "未服务期金额": 300
    },
    rows.PREPAYMENTS: {"房屋编号": "1-1-101", "金额": 120, "说明": "样例"},
    rows.DEPOSITS: {
        "房屋编号": "1-1-101", "名称": "装修押金", "金额": 2000, "收取日期": date(2024, 7, 2), "原票号": "YJ-00001"
    },
}  # fmt: skip

# Not the time of writing: the same contents give the same file.
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)
_LIST_ROWS = 20_000
_AMOUNT_READERS = (cells.amount, cells.amount_or_zero)
_DAY_READERS = (cells.day,)
_COLOURS = {"required": "#17756b", "optional": "#5a6672"}


class FileIsThere(UserError):
    message = N_("{where} is there already and may be filled in; it was left as it is. Choose another name.")


def write_template(path: Path) -> None:
    """Writes the template where there is no file yet. Raises `FileIsThere`, `WorkbookNotWritten`."""
    if path.exists():
        raise FileIsThere(where=path)
    write_workbook(path, {sheet: [example] for sheet, example in EXAMPLES.items()})


def write_workbook(path: Path, contents: Mapping[str, list[Example]], *, comments: bool = True) -> None:
    """Writes a community workbook with the template's sheets and formats and the given rows, by header.

    The same contents always give the same cells. Raises `WorkbookNotWritten`.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    workbook = Workbook(str(path), {"default_date_format": "yyyy-mm-dd", "strings_to_numbers": False})
    workbook.set_properties({"created": _CREATED})
    formats = _formats(workbook)
    for sheet in SHEETS:
        worksheet = workbook.add_worksheet(sheet.name)
        worksheet.freeze_panes(1, 1)
        columns = [column for column in sheet.columns if column.offered]
        for index, column in enumerate(columns):
            _write_header(worksheet, index, column, formats, comments=comments)
        for number, row in enumerate(contents.get(sheet.name, []), 1):
            _write_row(worksheet, number, columns, row, formats)
    try:
        workbook.close()
    except FileCreateError as error:
        raise WorkbookNotWritten(path=path) from error


def _formats(workbook: "Workbook") -> dict[str, "Format"]:
    header = {"bold": True, "font_color": "#ffffff", "align": "center", "valign": "vcenter", "border": 1,
              "border_color": "#d8dfe5"}  # fmt: skip
    return {
        "required": workbook.add_format({**header, "bg_color": _COLOURS["required"]}),
        "optional": workbook.add_format({**header, "bg_color": _COLOURS["optional"]}),
        "text": workbook.add_format({"num_format": "@"}),
        "amount": workbook.add_format({"num_format": "#,##0.00"}),
        "day": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "center"}),
        "lines": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "plain": workbook.add_format({}),
    }


def _format_of(column: Column) -> str:
    if column.as_text:
        return "text"
    if column.read in _DAY_READERS:
        return "day"
    if column.read in _AMOUNT_READERS or column.field.endswith("area"):
        return "amount"
    return "lines" if column.read is cells.lines else "plain"


def _write_header(
    worksheet: "Worksheet", index: int, column: Column, formats: Mapping[str, "Format"], *, comments: bool
) -> None:
    worksheet.set_column(index, index, max(column.width, 2 * len(column.header) + 2), formats[_format_of(column)])
    worksheet.write_string(0, index, column.header, formats["required" if column.required else "optional"])
    if comments:
        needed = _("Needed.") if column.required else _("May be left blank.")
        worksheet.write_comment(
            0, index, f"{_(column.note)}\n{needed}", {"author": "feedesk", "x_scale": 1.6, "font_size": 10}
        )
    if column.choices:
        worksheet.data_validation(
            1, index, _LIST_ROWS, index,
            {
                "validate": "list", "source": list(column.choices), "error_title": column.header,
                "error_message": _("Choose one of: {values}.").format(values="、".join(column.choices)),
            },
        )  # fmt: skip


def _write_row(
    worksheet: "Worksheet", number: int, columns: list[Column], row: Example, formats: Mapping[str, "Format"]
) -> None:
    for index, column in enumerate(columns):
        value: Any = row.get(column.header)
        look = formats[_format_of(column)]
        if value is None:
            continue
        if isinstance(value, date):
            worksheet.write_datetime(number, index, value, look)
        elif isinstance(value, str):
            worksheet.write_string(number, index, value, look)
        else:
            worksheet.write_number(number, index, value, look)
