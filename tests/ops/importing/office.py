"""An office that imports: workbooks given as rows of cells, and what is in the ledger afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import text

from feedesk.db import Database
from feedesk.exchange.community_workbook import read_community_workbook
from feedesk.ops.importing import CommunityImported, WorkbookRefused, import_community
from feedesk.ops.run import Workplace
from tests.exchange.workbooks import write_book

TODAY = date(2026, 11, 23)
Sheet = Sequence[Sequence[Any]]

HOME: dict[str, Sheet] = {
    "小区": [["小区名称", "开发商"], ["锦绣江南小区", "锦江样例置业"]],
    "房屋": [
        ["房屋编号", "建筑面积", "状态", "交付日期", "关联房屋"],
        ["3-1-502", 98.6, "自住", "2020-09-26", None],
        ["B1-087", None, "自住", "2020-09-26", "3-1-502"],
        ["10-1-101", 86.2, "未售", None, None],
    ],
    "住户": [
        ["房屋编号", "姓名", "身份", "客户编号", "电话", "标签", "车牌", "起始日期", "截止日期", "缴费人"],
        ["3-1-502", "张样燕", "业主", "K1", "12000000502;12000006621", "老年", None, "2020-09-26", None, None],
        ["B1-087", "张样燕", "业主", "K1", None, None, "样A·10087", None, None, None],
    ],
    "收费标准": [
        ["名称", "收费项目", "计费方式", "单价", "款项性质", "生效日期", "依据类型", "依据文件"],
        ["住宅物业费", "物业费", "按面积", "2.80", "自有", "2024-07-01", "合同约定", "物业服务合同(样例)"],
        ["居民水费", "水费", "按用量", 3.04, None, "2024-07-01", "政府指导价", "样例文〔2024〕1 号"],
    ],
    "适用范围": [
        ["房屋编号", "收费标准", "起始日期"],
        ["*-*-*", "住宅物业费", "2024-07-01"],
        ["*-*-*", "居民水费", "2024-07-01"],
    ],
    "抄表": [
        ["房屋编号", "表计", "表号", "抄表日期", "读数", "说明"],
        ["3-1-502", "水表", "S1", "2026-09-20", 447, None],
        ["3-1-502", "水表", "S1", "2026-10-20", 465, None],
    ],
    "期初欠费": [
        ["房屋编号", "收费项目", "所属期", "金额", "到期日"],
        ["3-1-502", "物业费", "2026-10", 276.08, "2026-10-31"],
        ["3-1-502", "水费", "2026-09", 48.64, "2026-10-15"],
    ],
    "期初缴至": [["房屋编号", "收费项目", "缴至日期", "未服务期金额"], ["B1-087", "车位服务费", "2026-12-31", 300]],
    "期初预存": [["房屋编号", "金额", "说明"], ["3-1-502", 120, "预存"]],
    "期初押金": [
        ["房屋编号", "名称", "金额", "收取日期", "原票号"],
        ["3-1-502", "装修押金", 2000, "2024-07-02", "YJ-1"],
    ],
}
"""A small community with one row of every kind that this program stores."""


@dataclass(slots=True)
class Office:
    """A training ledger and a folder for workbooks."""

    database: Database
    folder: Path

    def imports(self, sheets: Mapping[str, Sheet], *, dry_run: bool = False, today: date = TODAY) -> CommunityImported:
        path = write_book(self.folder / "book.xlsx", sheets)
        workplace = Workplace(self.database, "样例主管", today=today)
        return workplace.run_op(import_community, book=read_community_workbook(path), dry_run=dry_run)

    def refusals(self, sheets: Mapping[str, Sheet]) -> list[tuple[str, int, str, str]]:
        """Sheet, row, column and reason of every cell that an import is refused for."""
        try:
            self.imports(sheets)
        except WorkbookRefused as refusal:
            return [(one.sheet, one.row, one.column, one.reason) for one in refusal.problems]
        return []

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(text(sql))]

    def execute(self, sql: str) -> None:
        with self.database.transaction() as connection:
            connection.execute(text(sql))

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in the ledger."""
        from feedesk.models import Base

        tables = sorted(table.name for table in Base.metadata.sorted_tables)
        return {name: sorted(self.rows(f"SELECT * FROM {name}"), key=repr) for name in tables}


def changed(sheets: Mapping[str, Sheet], sheet: str, row: int, **cells: Any) -> dict[str, Sheet]:
    """The workbook with some cells of a row (as Excel counts) changed."""
    header, *rows = (list(line) for line in sheets[sheet])
    for column, value in cells.items():
        rows[row - 2][header.index(column)] = value
    return {**sheets, sheet: [header, *rows]}


def tally(imported: CommunityImported, sheet: str) -> tuple[int, int, int]:
    found = imported.sheets[sheet]
    return found.added, found.changed, found.unchanged
