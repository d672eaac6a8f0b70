"""A street of homes that all owe something, for desks that work on it at the same time."""

from datetime import date

from feedesk.db import Database
from feedesk.money import Fen
from feedesk.ops.run import Workplace
from feedesk.ops.setting_up import add_till
from feedesk.ops.shifts import open_shift
from tests.ledger.whole_ledger import Sheets, bring_along

TODAY = date(2026, 11, 23)
HOMES = 12
OWED = 10000
"""What each home owes, in fen, in two charges."""


def sheets(homes: int = HOMES, first: int = 1) -> Sheets:
    """A workbook of homes ``1-1-1`` and on, with two months of arrears each and a tariff to bill."""
    codes = [f"1-1-{number}" for number in range(first, first + homes)]
    return {
        "小区": [("小区名称",), ("锦绣江南小区",)],
        "房屋": [("房屋编号", "类型", "建筑面积", "交付日期"), *((code, "住宅", "80", "2020-01-01") for code in codes)],
        "住户": [("房屋编号", "姓名", "身份"), *((code, f"样{code}", "业主") for code in codes)],
        "收费标准": [
            ("名称", "收费项目", "计费方式", "单价", "生效日期"),
            ("住宅物业费", "物业费", "按面积", "1.5", "2026-01-01"),
        ],
        "适用范围": [("房屋编号", "收费标准", "起始日期"), ("*", "住宅物业费", "2026-01-01")],
        "期初欠费": [
            ("房屋编号", "收费项目", "所属期", "金额"),
            *((code, "物业费", period, "50.00") for code in codes for period in ("2026-08", "2026-09")),
        ],
    }


def street(database: Database) -> Workplace:
    """The street in a training ledger, with a shift open at two tills."""
    Workplace(database, "样例管理员", today=TODAY).run_op(add_till)
    desk = Workplace(database, "样例主管", today=TODAY)
    bring_along(desk, sheets())
    for till in (1, 2):
        desk.run_op(open_shift, till=till, opening_float=Fen(10000))
    return desk
