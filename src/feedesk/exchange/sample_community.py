"""The sample community 锦绣江南小区: a workbook as a property office would have it, the same every time.

Six buildings of three entrances, 32 floors with two homes each (1,152), 40 shops and 800 parking spaces; owners and
tenants, empty and unsold homes, a year of water readings, arrears of every age, prepayments. Everybody is visibly a
sample: a family name, 样, and one more character; telephone numbers begin with 120, which is never assigned.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from feedesk.exchange import sample_openings, sample_people
from feedesk.exchange.sample_units import DWELLINGS, Home, Sample, sample_units
from feedesk.exchange.workbook_template import Example, write_workbook
from feedesk.resources import resource_path
from feedesk.rules import community_rows as rows

_TARIFFS_SINCE = date(2024, 7, 1)


def sample_workbook_path() -> Path:
    """The sample community that ships with the program."""
    return resource_path("sample/community.xlsx")


def write_sample_community(path: Path, *, households: int = DWELLINGS, seed: int = 20261123) -> None:
    """Writes the sample community with so many dwellings (at least 10), shops and parking spaces in proportion.

    The same arguments give the same cells. Raises `WorkbookNotWritten`.
    """
    write_workbook(path, sample_contents(households=households, seed=seed), comments=False)


def sample_contents(*, households: int = DWELLINGS, seed: int = 20261123) -> dict[str, list[Example]]:
    """The rows of the sample by sheet and header."""
    sample = sample_units(households=households, seed=seed)
    return {
        rows.COMMUNITY: [_COMMUNITY],
        rows.UNITS: [_unit_row(home) for home in (*sample.homes, *sample.shops, *sample.spaces)],
        rows.RESIDENTS: sample_people.people_of(sample),
        rows.TARIFFS: _TARIFF_ROWS,
        rows.SCOPES: _SCOPE_ROWS,
        rows.READINGS: sample_openings.readings(sample),
        rows.SHARED_COSTS: list(_shared_costs(sample)),
        rows.LATE_FEES: _LATE_FEE_ROWS,
        rows.ARREARS: sample_openings.arrears(sample),
        rows.PAID_THROUGH: sample_openings.paid_through(sample),
        rows.PREPAYMENTS: sample_openings.prepayments(sample),
        rows.DEPOSITS: sample_openings.deposits(sample),
    }


def _unit_row(home: Home) -> Example:
    row: dict[str, str | int | float | date] = {
        "房屋编号": home.code, "类型": home.kind, "楼层": home.floor, "建筑面积": float(home.area), "状态": home.state,
    }  # fmt: skip
    if home.state != "未售":
        row["交付日期"] = home.delivered_on
    if home.persons:
        row["人口"] = home.persons
    if home.joined_to:
        row["关联房屋"] = home.joined_to
    return row


def _shared_costs(sample: Sample) -> Iterator[Example]:
    """The power of lifts and stairs of each building, as its meter counted it; shared by area."""
    areas: dict[str, Decimal] = {}
    for home in sample.homes:
        building = home.code.partition("-")[0]
        areas[building] = areas.get(building, Decimal(0)) + Decimal(home.area)
    for building, area in areas.items():
        total = (area * _POWER_PER_AREA + 3 * int(building)).quantize(Decimal("0.01"))
        yield {
            "名称": f"{building} 栋电梯及楼道用电", "收费项目": "公摊电费", "所属期": "2026-11", "总额": str(total),
            "范围": f"{building}-*", "分摊依据": "按面积", "到期日": "次月15",
        }  # fmt: skip


_POWER_PER_AREA = Decimal("0.3517")
"""Yuan of common power a month for one square metre."""

_COMMUNITY: Example = {
    "小区名称": "锦绣江南小区", "地址": "样例市样例区江南路 1 号(样例)", "占地面积": 52360.00, "建筑面积": 148920.50,
    "开发商": "锦江样例置业", "物业公司": "温江和泰物业(样例)", "统一社会信用代码": "91000000SAMPLE0001",
    "服务电话": "000-0000 0000", "公共设施": "电梯 18 部\n地下车库\n健身区\n儿童乐园",
    "配套服务": "保洁\n绿化养护\n24 小时值班",
}  # fmt: skip

_LATE_FEE_ROWS: list[Example] = [
    {"收费项目": item, "日费率": "万分之三", "生效日期": _TARIFFS_SINCE} for item in ("物业费", "车位服务费")
]

_TARIFF_ROWS: list[Example] = [
    {
        "名称": "住宅物业费", "收费项目": "物业费", "计费方式": "按面积", "单价": "2.80", "周期": "月",
        "到期日": "当月末", "不足月": "按天", "款项性质": "自有", "依据类型": "政府指导价",
        "依据文件": "某价〔2024〕16号(样例)", "生效日期": _TARIFFS_SINCE, "税率": "6%",
    },
    {
        "名称": "商铺物业费", "收费项目": "物业费", "计费方式": "按面积", "单价": "4.50", "周期": "月",
        "到期日": "当月末", "不足月": "按天", "款项性质": "自有", "依据类型": "市场调节价",
        "依据文件": "商铺物业服务合同(样例)", "生效日期": _TARIFFS_SINCE, "税率": "6%",
    },
    {
        "名称": "地下车位服务费", "收费项目": "车位服务费", "计费方式": "固定金额", "单价": "300", "周期": "月",
        "到期日": "当月末", "不足月": "按天", "款项性质": "自有", "依据类型": "市场调节价",
        "依据文件": "车位服务协议(样例)", "生效日期": _TARIFFS_SINCE, "税率": "6%",
    },
    {
        "名称": "居民水费", "收费项目": "水费", "计费方式": "按用量", "单价": "3.04", "到期日": "次月15",
        "款项性质": "代收代付", "依据类型": "政府指导价", "依据文件": "某发改价〔2024〕3号(样例)",
        "生效日期": _TARIFFS_SINCE,
    },
    {
        "名称": "商铺水费", "收费项目": "水费", "计费方式": "按用量", "单价": "4.33", "到期日": "次月15",
        "款项性质": "代收代付", "依据类型": "政府指导价", "依据文件": "某发改价〔2024〕3号(样例)",
        "生效日期": _TARIFFS_SINCE,
    },
    {
        "名称": "公摊电费", "收费项目": "公摊电费", "计费方式": "总额分摊", "到期日": "次月15",
        "款项性质": "代收代付", "依据类型": "合同约定", "依据文件": "公共能耗分摊办法(样例)",
        "生效日期": _TARIFFS_SINCE,
    },
]  # fmt: skip

_SCOPE_ROWS: list[Example] = [
    {"房屋编号": pattern, "收费标准": tariff, "数量": 1, "起始日期": _TARIFFS_SINCE}
    for pattern, tariff in (
        ("*-*-*", "住宅物业费"), ("S-*", "商铺物业费"), ("B1-*", "地下车位服务费"), ("*-*-*", "居民水费"),
        ("S-*", "商铺水费"),
    )
]  # fmt: skip
