"""What the sample community brings along: water readings, arrears of every age, prepayments, months paid ahead."""

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from feedesk.exchange.sample_units import DESK_SPACE, DESK_UNIT, ESTIMATED, ROLLED_OVER, SWAPPED, UNUSUAL, Home, Sample
from feedesk.exchange.workbook_template import Example
from feedesk.periods import Period

_LAST_BILLED = Period.parse("2026-10")
_READ_ON = [date(2025 + (10 + n) // 12, (10 + n) % 12 + 1, 20) for n in range(13)]
_PRICES = {"住宅": Decimal("2.80"), "商铺": Decimal("4.50")}
_WATER = Decimal("3.04")
# Months of arrears and the latest month owed, by how old the debt is, from one month to over three years.
_LONG_DEBTS = ((1, "2026-10"), (2, "2026-10"), (3, "2026-10"), (6, "2026-10"), (9, "2026-10"), (14, "2026-10"),
               (26, "2026-10"), (40, "2026-10"), (3, "2023-09"), (2, "2024-12"), (5, "2025-08"))  # fmt: skip
_DESK_READINGS = (301, 315, 328, 342, 357, 371, 385, 398, 412, 431, 447, 465, 482)
_DESK_ARREARS = (
    (DESK_UNIT, "物业费", "2026-08", "276.08", "98.60 ㎡ × 2.80"),
    (DESK_UNIT, "水费", "2026-08", "57.76", "412→431 · 19 吨 × 3.04"),
    (DESK_UNIT, "公摊电费", "2026-08", "36.96", "6,837.60 × 98.60 ÷ 18,240 ㎡"),
    (DESK_UNIT, "物业费", "2026-09", "276.08", "98.60 ㎡ × 2.80"),
    (DESK_UNIT, "水费", "2026-09", "48.64", "431→447 · 16 吨 × 3.04"),
    (DESK_UNIT, "物业费", "2026-10", "276.08", "98.60 ㎡ × 2.80"),
    (DESK_SPACE, "车位服务费", "2026-09", "300.00", "B1-087 · 月租"),
    (DESK_SPACE, "车位服务费", "2026-10", "300.00", "B1-087 · 月租"),
)
_DESK_UNITS = frozenset({DESK_UNIT, DESK_SPACE})


def readings(sample: Sample) -> list[Example]:
    """Thirteen readings of each water meter, a month apart: twelve months of usage, the last one not yet billed."""
    found: list[Example] = []
    for number, home in enumerate((*sample.homes, *sample.shops), 1):
        if home.state != "未售":
            found.extend(_year_of(sample, home, f"S{number:08d}"))
    return found


def _year_of(sample: Sample, home: Home, meter: str) -> Iterator[Example]:
    usual = 0 if home.state == "空置" else 5 + 3 * max(home.persons, 1) + sample.below(4)
    reading = 99_960 if home.code == ROLLED_OVER else 100 + sample.below(900)
    for n, read_on in enumerate(_READ_ON):
        # Small enough a spread that no usual month looks unusual (outside 50–150 % of the two before).
        used = usual * (82 + sample.below(37)) // 100 if n else 0
        if home.code == UNUSUAL and n == 12:
            used = usual * 5 // 2
        if read_on < home.delivered_on:
            continue
        row: dict[str, str | int | float | date] = {
            "房屋编号": home.code, "表计": "水表", "表号": meter, "倍率": 1, "抄表日期": read_on,
        }  # fmt: skip
        reading += used
        if home.code == DESK_UNIT:
            reading = _DESK_READINGS[n]
        elif reading >= 100_000:
            reading -= 100_000
            row["说明"] = "翻转"
        elif home.code == SWAPPED and n == 7:
            meter = f"{meter}-2"
            row |= {"表号": meter, "说明": f"换表 旧表止度 {reading - used // 2} 新表起度 0"}
            reading = used - used // 2
        elif home.code == ESTIMATED and n == 9:
            row["说明"] = "估读"
        yield {**row, "读数": reading}


def arrears(sample: Sample) -> list[Example]:
    """Most homes owe nothing, about a tenth one to three months, a few for years."""
    found = [_owed(*debt) for debt in _DESK_ARREARS if debt[0] in {home.code for home in _all(sample)}]
    long_debtors = [home for home in sample.homes if home.state != "未售"][17::83]
    ahead = _paid_ahead(sample)
    debts = {home.code: _LONG_DEBTS[n % len(_LONG_DEBTS)] for n, home in enumerate(long_debtors)}
    for home in (*sample.homes, *sample.shops):
        late = sample.happens(0.10)
        months = 1 + sample.below(3)
        if home.state == "未售" or home.code in _DESK_UNITS or _is_new(home):
            continue
        if home.code in debts:
            found.extend(_months_owed(home, *debts[home.code]))
        elif late and home.code not in ahead:
            found.extend(_months_owed(home, months, "2026-10"))
            if home.kind == "住宅" and home.persons:
                used = 8 + 2 * home.persons
                found.append(_owed(home.code, "水费", "2026-10", str(_WATER * used), f"{used} 吨 × {_WATER}"))
    for space in sample.spaces:
        if space.joined_to and space.code not in _DESK_UNITS and sample.happens(0.06):
            found.append(_owed(space.code, "车位服务费", "2026-10", "300.00", f"{space.code} · 月租"))
    return found


def _is_new(home: Home) -> bool:
    return home.delivered_on > date(2026, 1, 1)


def _all(sample: Sample) -> list[Home]:
    return [*sample.homes, *sample.shops, *sample.spaces]


def _months_owed(home: Home, months: int, last: str) -> list[Example]:
    first = Period.parse(last).shifted(1 - months)
    periods = [first.shifted(n) for n in range(months)]
    basis = f"{home.area} ㎡ × {_PRICES[home.kind]}"
    return [_owed(home.code, "物业费", str(period), _monthly(home), basis) for period in periods]


def _monthly(home: Home) -> str:
    fee = Decimal(home.area) * _PRICES[home.kind]
    return str(fee.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _owed(unit: str, item: str, period: str, amount: str, basis: str) -> Example:
    month = Period.parse(period)
    due = month.last_day if item in ("物业费", "车位服务费") else month.shifted(1).first_day.replace(day=15)
    return {
        "房屋编号": unit, "收费项目": item, "所属期": period, "金额": float(amount), "到期日": due, "说明": basis,
    }  # fmt: skip


def _paid_ahead(sample: Sample) -> frozenset[str]:
    """About one home in eighteen has paid its year."""
    settled = [home.code for home in sample.homes if home.state == "自住" and not _is_new(home)]
    return frozenset(settled[5::18]) - _DESK_UNITS


def paid_through(sample: Sample) -> list[Example]:
    """Water is billed up to October everywhere; some have paid 物业费 to the end of the year or beyond."""
    ahead = _paid_ahead(sample)
    found: list[Example] = []
    for home in (*sample.homes, *sample.shops):
        if home.state == "未售" or home.delivered_on > _LAST_BILLED.last_day:
            continue
        found.append({
            "房屋编号": home.code, "收费项目": "水费", "缴至日期": _LAST_BILLED.last_day, "未服务期金额": 0
        })  # fmt: skip
        if home.code in ahead:
            months = 2 if sample.happens(0.7) else 5
            unserved = Decimal(_monthly(home)) * months
            found.append({
                "房屋编号": home.code, "收费项目": "物业费", "缴至日期": _LAST_BILLED.shifted(months).last_day,
                "未服务期金额": float(unserved),
            })  # fmt: skip
    return found


def prepayments(sample: Sample) -> list[Example]:
    """One home in sixteen keeps some money with the office."""
    found: list[Example] = []
    for n, home in enumerate(home for home in sample.homes if home.state != "未售"):
        if home.code == DESK_UNIT:
            found.append({"房屋编号": home.code, "金额": 120, "说明": "多缴转存"})
        elif n % 16 == 3 and not _is_new(home):
            found.append({"房屋编号": home.code, "金额": 50 * (1 + sample.below(30)), "说明": "预存"})
    return found


def deposits(sample: Sample) -> list[Example]:
    """Fit-out deposits of homes still being fitted out, and of the desk's picture."""
    found: list[Example] = []
    for n, home in enumerate(home for home in sample.homes if home.state in ("自住", "空置")):
        if home.code == DESK_UNIT or n % 40 == 7:
            found.append({
                "房屋编号": home.code, "名称": "装修押金", "金额": 2000,
                "收取日期": date(2026, 1 + n % 9, 12), "原票号": f"YJ-{n:05d}",
            })  # fmt: skip
    return found
