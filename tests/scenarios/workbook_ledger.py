"""A training ledger fed with workbooks and commands alone, as a property office would; nothing inside is touched."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from feedesk.__main__ import main

TODAY = "2026-11-23"
Rows = Sequence[Sequence[Any]]
Sheets = Mapping[str, Rows]

UNITS = ("房屋编号", "类型", "建筑面积", "计费面积", "状态", "交付日期", "关联房屋")
PEOPLE = ("房屋编号", "姓名", "身份", "起始日期", "截止日期", "缴费人")
TARIFFS = (
    "名称", "收费项目", "计费方式", "单价", "周期", "到期日", "不足月", "生效日期", "失效日期", "尾数",
)  # fmt: skip
SCOPES = ("房屋编号", "收费标准", "数量", "起始日期", "截止日期")
READINGS = ("房屋编号", "表计", "表号", "倍率", "抄表日期", "读数", "说明")
ARREARS = ("房屋编号", "收费项目", "所属期", "金额", "到期日")
PAID_THROUGH = ("房屋编号", "收费项目", "缴至日期", "未服务期金额")


@dataclass(frozen=True)
class WorkbookLedger:
    """Commands on one ledger; ``done`` gives the answer, ``refused`` the error's code."""

    command: Callable[..., tuple[int, str]]
    folder: Path

    def run(self, *arguments: object, today: str = TODAY) -> tuple[int, Any]:
        given = (*arguments, "--database", self.folder / "ledger.sqlite", "--today", today, "--json")
        status, out = self.command(*given)
        return status, json.loads(out)

    def done(self, *arguments: object, today: str = TODAY) -> Any:
        status, answer = self.run(*arguments, today=today)
        assert status == 0, answer
        return answer

    def refused(self, *arguments: object, today: str = TODAY) -> str:
        status, answer = self.run(*arguments, today=today)
        assert status == 1, answer
        return str(answer["error"]["code"])

    def book(self, sheets: Sheets) -> Path:
        """A workbook of these rows; the first of each sheet are its headers."""
        book = Workbook()
        book.remove(book.worksheets[0])
        for name, rows in sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(list(row))
        path = self.folder / "book.xlsx"
        book.save(path)
        return path

    def imports(self, sheets: Sheets) -> Any:
        return self.done("import", self.book(sheets))

    def cells_refused(self, sheets: Sheets) -> list[tuple[str, int, str]]:
        """Sheet, row and column of each cell that the import refuses."""
        status, answer = self.run("import", self.book(sheets))
        assert (status, answer["error"]["code"]) == (1, "workbook_refused")
        assert all(set(one) == {"sheet", "row", "column", "value", "reason"} for one in answer["error"]["details"])
        return [(one["sheet"], one["row"], one["column"]) for one in answer["error"]["details"]]

    def charges(self, account: str, *more: str) -> list[tuple[str, str, str, str]]:
        """Item, period, amount and due date of what an account owes."""
        found = self.done("statement", account, *more)["charges"]
        return [(one["item"], one["period"], one["amount"], one["due_date"]) for one in found]

    def accounts(self, unit: str) -> dict[str, str]:
        """The accounts of a unit, by the name of who pays."""
        return {one["resident"]: one["account"] for one in self.done("search", unit) if one["unit"] == unit}


def workbook_ledger(capsys: pytest.CaptureFixture[str], folder: Path) -> WorkbookLedger:
    """An empty training ledger in a folder."""

    def command(*arguments: object) -> tuple[int, str]:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return status, capsys.readouterr().out

    ledger = WorkbookLedger(command, folder)
    ledger.done("init", "--training")
    return ledger


def office(units: Rows, *, people: Rows = (), developer: str = "样例置业", **sheets: Rows) -> dict[str, Rows]:
    """The sheets of a community; owners are made up for units that ``people`` does not name."""
    named = {row[0] for row in people}
    owners = [(row[0], f"样{row[0]}", "业主") for row in units if row[0] not in named and "未售" not in row]
    return {
        "小区": [("小区名称", "开发商"), ("样例小区", developer)],
        "房屋": [UNITS, *units],
        "住户": [PEOPLE, *owners, *people],
        **sheets,
    }
