"""Sheets of tariffs with all that a price may say, for scenarios about prices."""

from tests.scenarios.workbook_ledger import Rows, office

ALWAYS = "2020-01-01"
UNITS = ("房屋编号", "类型", "楼层", "建筑面积", "系数", "人口")
TARIFFS = (
    "名称", "收费项目", "计费方式", "单价", "周期", "阶梯", "阶梯周期", "人口基数", "阶梯起算", "表计", "公式",
    "不足月", "生效日期", "失效日期",
)  # fmt: skip


def tariff(name: str, item: str, how: str, price: str | None = None, **more: str | None) -> tuple[str | None, ...]:
    values = {"名称": name, "收费项目": item, "计费方式": how, "单价": price, "生效日期": ALWAYS, **more}
    return tuple(values.get(column) for column in TARIFFS)


def tiered(name: str, tiers: str, cycle: str, price: str | None = None, **more: str | None) -> tuple[str | None, ...]:
    return tariff(name, more.pop("收费项目", None) or "电费", "阶梯用量", price, 阶梯=tiers, 阶梯周期=cycle, **more)


def community(units: Rows, *, people: Rows = (), **sheets: Rows) -> dict[str, Rows]:
    """Units by the columns above, with an owner each unless ``people`` names one."""
    return {**office(units, people=people), "房屋": [UNITS, *units], **sheets}
