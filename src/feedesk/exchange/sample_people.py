"""The people of the sample community, all visibly samples: 张样燕, 李样国, 王样𠮷."""

from datetime import date, timedelta

from feedesk.exchange.sample_units import DESK_UNIT, Home, Sample
from feedesk.exchange.workbook_template import Example

_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章云苏潘葛范彭郎"
# The last five are characters that old fonts and code pages lack, as they stand in real registers.
_GIVEN = "燕国芬强丽军敏静涛艳勇娟杰霞平刚桂英华玲辉兰波凤明秀文洁斌红宇琴鹏梅晨颖昊欣怡轩喆堃〇㛃𠮷"
_TAGS = ("老年", "老年", "残疾", "低保", "军属")
_DESK_NAME, _DESK_CODE, _DESK_PHONES = "张样燕", "K00001", "12000000502;12000006621"
_TRADES = ("小吃", "便利", "药房", "理发", "水果", "文具", "洗衣", "茶叶")
_CHANGE_OF_HANDS = date(2026, 7, 1)


class _Register:
    """Hands out persons: name, customer number, telephone."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._count = 1

    def person(self) -> Example:
        self._count += 1
        name = f"{_FAMILIES[self._sample.below(len(_FAMILIES))]}样{_GIVEN[self._sample.below(len(_GIVEN))]}"
        # A step without common factor runs through all eight-digit endings before it repeats one.
        phone = f"120{self._count * 7_919_003 % 10**8:08d}"
        return {"姓名": name, "客户编号": f"K{self._count:05d}", "个人/单位": "个人", "电话": phone}

    def firm(self) -> Example:
        self._count += 1
        name = f"样例{_TRADES[self._count % len(_TRADES)]}商行{self._count}号"
        return {
            "姓名": name, "客户编号": f"K{self._count:05d}", "个人/单位": "单位", "发票抬头": name,
            "税号": f"92000000SAMPLE{self._count:04d}", "电话": f"120{self._count * 7_919_003 % 10**8:08d}",
        }  # fmt: skip


def people_of(sample: Sample) -> list[Example]:
    """The rows of 住户, in the order of the units."""
    register = _Register(sample)
    owners: dict[str, Example] = {}
    so_far: list[Example] = []
    found: list[Example] = []
    for home in (*sample.homes, *sample.shops):
        if home.state != "未售":
            owners[home.code] = _owner(sample, register, home, so_far)
            so_far.append(owners[home.code])
            found.extend(_household(sample, register, home, owners[home.code]))
    plates: dict[str, int] = {}
    for space in sample.spaces:
        if space.joined_to:
            plates[space.joined_to] = plates.get(space.joined_to, 0) + 1
            number = 10_000 + int(space.code.partition("-")[2])
            found.append({
                "房屋编号": space.code, **owners[space.joined_to], "身份": "业主", "起始日期": space.delivered_on,
                "车牌": f"样A·{number:05d}",
            })  # fmt: skip
    return found


def _owner(sample: Sample, register: _Register, home: Home, owners: list[Example]) -> Example:
    another = sample.happens(0.05)
    if home.code == DESK_UNIT:
        return {"姓名": _DESK_NAME, "客户编号": _DESK_CODE, "个人/单位": "个人", "电话": _DESK_PHONES}
    if another and owners:
        return owners[sample.below(len(owners))]
    return register.firm() if home.kind == "商铺" and sample.happens(0.3) else register.person()


def _household(sample: Sample, register: _Register, home: Home, owner: Example) -> list[Example]:
    row: dict[str, str | int | float | date] = {
        "房屋编号": home.code,
        **owner,
        "身份": "业主",
        "起始日期": home.delivered_on,
    }
    if home.code == DESK_UNIT:
        row["标签"] = "老年"
    elif home.kind == "住宅" and sample.happens(0.12):
        row["标签"] = _TAGS[sample.below(len(_TAGS))]
    if home.state == "出租":
        return [row, _tenant(sample, register, home)]
    if home.state == "自住" and home.kind == "住宅" and home.code.endswith("-1302"):
        before = {**row, **register.person(), "截止日期": _CHANGE_OF_HANDS - timedelta(1)}
        return [before, {**row, "起始日期": _CHANGE_OF_HANDS}]
    return [row]


def _tenant(sample: Sample, register: _Register, home: Home) -> Example:
    started = date(2025, 1 + sample.below(12), 1)
    firm = home.kind == "商铺" and sample.happens(0.5)
    row: dict[str, str | int | float | date] = {
        "房屋编号": home.code, **(register.firm() if firm else register.person()), "身份": "租户", "起始日期": started,
    }  # fmt: skip
    if home.kind == "商铺" or sample.happens(0.5):
        row["缴费人"] = "是"
    return row
