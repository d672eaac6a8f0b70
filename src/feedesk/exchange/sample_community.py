"""The sample community 锦绣江南小区: a workbook as a property office would have it, the same every time.

Six buildings of three entrances, 32 floors with two homes each (1,152), 40 shops and 800 parking spaces; owners and
tenants, empty and unsold homes, a year of water readings, arrears of every age, prepayments. Everybody is visibly a
sample: a family name, 样, and one more character; telephone numbers begin with 120, which is never assigned.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from feedesk.exchange import sample_openings, sample_people
from feedesk.exchange.workbook_template import Example, write_workbook
from feedesk.resources import resource_path
from feedesk.rules import community_rows as rows

BUSINESS_DATE = date(2026, 11, 23)
DWELLINGS, SHOPS, PARKING = 1152, 40, 800
_BUILDINGS, _ENTRANCES, _FLOORS = 6, 3, 32
_SMALLEST = 10
DESK_UNIT, DESK_SPACE = "3-1-502", "B1-087"
"""The home and the parking space that the pictures of the desk show."""

_AREAS = (("86.20", "104.75"), ("112.30", "98.60"), ("112.30", "98.60"), ("121.46", "89.15"), ("86.20", "132.08"),
          ("78.90", "98.60"))  # fmt: skip
_DELIVERED = (date(2019, 6, 28), date(2019, 12, 20), date(2020, 9, 26), date(2021, 6, 25), date(2022, 12, 16),
              date(2024, 5, 30))  # fmt: skip
_LATE_DELIVERIES = {"2-1-801": date(2026, 11, 20), "6-2-1902": date(2026, 10, 1), "6-3-501": date(2026, 9, 15)}
_TARIFFS_SINCE = date(2024, 7, 1)


@dataclass(frozen=True, slots=True)
class Home:
    """A unit of the sample before it becomes rows."""

    code: str
    kind: str
    floor: int
    area: str
    state: str
    delivered_on: date
    persons: int = 0
    joined_to: str = ""


@dataclass(slots=True)
class Sample:
    """The units of the sample and the dice they are thrown with; ``random`` gives the same numbers in every Python."""

    dice: random.Random
    homes: list[Home] = field(default_factory=list)
    shops: list[Home] = field(default_factory=list)
    spaces: list[Home] = field(default_factory=list)

    def below(self, limit: int) -> int:
        """A number from 0 to ``limit`` − 1."""
        return int(self.dice.random() * limit)

    def happens(self, chance: float) -> bool:
        return self.dice.random() < chance


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
    sample = Sample(random.Random(seed))
    households = max(households, _SMALLEST)
    sample.homes = [_home(sample, code) for code in _codes(households)]
    sample.shops = [_shop(sample, number) for number in range(1, max(1, households * SHOPS // DWELLINGS) + 1)]
    sample.spaces = list(_spaces(sample, max(1, households * PARKING // DWELLINGS)))
    people = sample_people.people_of(sample)
    return {
        rows.COMMUNITY: [_COMMUNITY],
        rows.UNITS: [_unit_row(home) for home in (*sample.homes, *sample.shops, *sample.spaces)],
        rows.RESIDENTS: people,
        rows.TARIFFS: _TARIFF_ROWS,
        rows.SCOPES: _SCOPE_ROWS,
        rows.READINGS: sample_openings.readings(sample),
        rows.ARREARS: sample_openings.arrears(sample),
        rows.PAID_THROUGH: sample_openings.paid_through(sample),
        rows.PREPAYMENTS: sample_openings.prepayments(sample),
        rows.DEPOSITS: sample_openings.deposits(sample),
    }


def _codes(households: int) -> list[str]:
    """Unit codes in natural order; a smaller community keeps the entrance of the desk's picture."""
    buildings = max(_BUILDINGS, -(-households // (_ENTRANCES * _FLOORS * 2)))
    entrances = [(b, e) for b in range(1, buildings + 1) for e in range(1, _ENTRANCES + 1)]
    entrances.sort(key=lambda place: place != (3, 1))
    codes = [(b, e, f, r) for b, e in entrances for f in range(1, _FLOORS + 1) for r in (1, 2)][:households]
    return [f"{b}-{e}-{f}{r:02d}" for b, e, f, r in sorted(codes)]


def _home(sample: Sample, code: str) -> Home:
    building, _entrance, room = code.split("-")
    floor, door = divmod(int(room), 100)
    kind_of_building = (int(building) - 1) % _BUILDINGS
    state = _state(sample, code, floor)
    return Home(
        code=code,
        kind="住宅",
        floor=floor,
        area=_AREAS[kind_of_building][door - 1],
        state=state,
        delivered_on=_LATE_DELIVERIES.get(code, _DELIVERED[kind_of_building]),
        persons=1 + sample.below(5) if state in ("自住", "出租") else 0,
    )


def _state(sample: Sample, code: str, floor: int) -> str:
    dice = sample.below(100)
    if code == DESK_UNIT or code in _LATE_DELIVERIES:
        return "自住"
    if code.startswith("6-3-") and floor > 20:
        return "未售"
    return "自住" if dice < 72 else "出租" if dice < 85 else "空置" if dice < 98 else "未售"


def _shop(sample: Sample, number: int) -> Home:
    state = ("出租", "出租", "出租", "自住", "空置")[sample.below(5)] if number % 20 else "未售"
    area = f"{35 + sample.below(140)}.{sample.below(100):02d}"
    return Home(f"S-{number:03d}", "商铺", 1 + number % 2, area, state, _DELIVERED[0])


def _spaces(sample: Sample, count: int) -> Iterator[Home]:
    """Parking spaces, the first four fifths with their dwellings, the rest unsold or nobody's."""
    lived_in = [home.code for home in sample.homes if home.state in ("自住", "出租")]
    dwellings = [lived_in[n * len(lived_in) // count] for n in range(count)]
    for n in range(count):
        code, joined, state = f"B1-{n + 1:03d}", "", "自住"
        if code == DESK_SPACE:
            joined = DESK_UNIT
        elif n * 5 < count * 4:
            joined = dwellings[n] if dwellings[n] != DESK_UNIT else ""
        else:
            state = "空置" if n % 16 == 0 else "未售"
        if not joined and state == "自住":
            state = "空置"
        yield Home(code, "车位", -1, "13.25", state, _DELIVERED[n * _BUILDINGS // count], joined_to=joined)


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


_COMMUNITY: Example = {
    "小区名称": "锦绣江南小区", "地址": "样例市样例区江南路 1 号(样例)", "占地面积": 52360.00, "建筑面积": 148920.50,
    "开发商": "锦江样例置业", "物业公司": "温江和泰物业(样例)", "统一社会信用代码": "91000000SAMPLE0001",
    "服务电话": "000-0000 0000", "公共设施": "电梯 18 部\n地下车库\n健身区\n儿童乐园",
    "配套服务": "保洁\n绿化养护\n24 小时值班",
}  # fmt: skip

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
        "名称": "公摊电费", "收费项目": "公摊电费", "计费方式": "按面积", "单价": "0.35", "周期": "月",
        "到期日": "次月15",
        "款项性质": "代收代付", "依据类型": "合同约定", "依据文件": "公共能耗分摊办法(样例)",
        "生效日期": _TARIFFS_SINCE,
    },
]  # fmt: skip

_SCOPE_ROWS: list[Example] = [
    {"房屋编号": pattern, "收费标准": tariff, "数量": 1, "起始日期": _TARIFFS_SINCE}
    for pattern, tariff in (
        ("*-*-*", "住宅物业费"), ("S-*", "商铺物业费"), ("B1-*", "地下车位服务费"), ("*-*-*", "居民水费"),
        ("S-*", "商铺水费"), ("*-*-*", "公摊电费"),
    )
]  # fmt: skip
