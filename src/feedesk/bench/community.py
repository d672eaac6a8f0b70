"""A community of any size for the benchmark: homes, one owner each, three fee items on all of them.

Its rows are written in bulk, since importing fifty thousand homes is not what is measured. Everybody is visibly a
sample; areas come from 240 floor plans, as many as a large estate has.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Table, insert

from feedesk.models import (
    Account,
    Building,
    Community,
    FeeItem,
    Occupancy,
    Plate,
    Resident,
    ResidentPhone,
    Tariff,
    TariffScope,
    TariffVersion,
    Unit,
    table_of,
)
from feedesk.ops.importing.readings_of_names import reading_of_name
from feedesk.rules.unit_codes import sort_key

SINCE: Final = date(2016, 1, 1)
"""Since when every home is delivered and every price holds."""
ITEMS: Final = 3
_ENTRANCES, _FLOORS, _DOORS = 4, 25, 4
_PLANS: Final = 240
_FAMILIES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章云苏潘葛范彭郎"
_GIVEN = "燕国芬强丽军敏静涛艳勇娟杰霞平刚桂英华玲辉兰波凤明秀文洁斌红宇琴鹏梅晨颖昊欣怡轩喆"
# name, nature, method, yuan, due rule
_FEES = (
    ("物业费", "自有", "按面积", Fraction(28, 10), "当月末"),
    ("公摊电费", "代收代付", "按面积", Fraction(35, 100), "次月15"),
    ("垃圾清运费", "代收代付", "固定金额", Fraction(6), "当月末"),
)


@dataclass(frozen=True, slots=True)
class _Home:
    """The ``n``-th home, from 1: its keys are all ``n``."""

    n: int
    building: int
    code: str
    floor: int

    @property
    def area(self) -> Fraction:
        return 60 + Fraction(self.n * 37 % _PLANS * 55, 100)

    @property
    def resident(self) -> str:
        return f"{_FAMILIES[self.n * 7 % len(_FAMILIES)]}样{_GIVEN[self.n * 11 % len(_GIVEN)]}"


def fill_community(connection: Connection, *, households: int) -> None:
    """Writes a community of so many homes with owners, accounts and prices into an empty ledger."""
    homes = list(_homes(households))
    _write(connection, table_of(Community), [{"id": 1, "name": "样例小区", "company": "样例物业"}])
    buildings = sorted({home.building for home in homes})
    _write(
        connection,
        table_of(Building),
        [{"id": n, "community_id": 1, "code": str(n), "sort_key": sort_key(str(n))} for n in buildings],
    )
    _write(connection, table_of(Unit), [_unit(home) for home in homes])
    _write(connection, table_of(Resident), [_resident(home) for home in homes])
    _write(connection, table_of(ResidentPhone), [_phone(home) for home in homes])
    _write(connection, table_of(Occupancy), [_occupancy(home) for home in homes])
    _write(connection, table_of(Plate), [_plate(home) for home in homes if home.n % 2])
    _write(connection, table_of(Account), [_account(home) for home in homes])
    _write_fees(connection)


def _homes(households: int) -> Iterator[_Home]:
    per_building = _ENTRANCES * _FLOORS * _DOORS
    for n in range(1, households + 1):
        building, place = divmod(n - 1, per_building)
        entrance, place = divmod(place, _FLOORS * _DOORS)
        floor, door = divmod(place, _DOORS)
        yield _Home(n, building + 1, f"{building + 1}-{entrance + 1}-{floor + 1}{door + 1:02d}", floor + 1)


def _unit(home: _Home) -> dict[str, Any]:
    return {
        "id": home.n,
        "building_id": home.building,
        "code": home.code,
        "sort_key": sort_key(home.code),
        "kind": "住宅",
        "floor": home.floor,
        "built_area": home.area,
        "delivered_on": SINCE,
        "persons": 1 + home.n % 5,
    }


_reading = cache(reading_of_name)


def _resident(home: _Home) -> dict[str, Any]:
    pinyin, initials = _reading(home.resident)
    return {
        "id": home.n,
        "customer_code": f"K{home.n:06d}",
        "name": home.resident,
        "pinyin": pinyin,
        "initials": initials,
    }


def _phone(home: _Home) -> dict[str, Any]:
    # A step without common factor runs through all eight-digit endings before it repeats one.
    return {"resident_id": home.n, "position": 1, "phone": f"120{home.n * 7_919_003 % 10**8:08d}"}


def _occupancy(home: _Home) -> dict[str, Any]:
    return {
        "id": home.n,
        "unit_id": home.n,
        "resident_id": home.n,
        "role": "业主",
        "from_date": SINCE,
    }


def _plate(home: _Home) -> dict[str, Any]:
    return {"occupancy_id": home.n, "plate": f"样A·{home.n:05d}"}


def _account(home: _Home) -> dict[str, Any]:
    return {"id": home.n, "unit_id": home.n, "payer_id": home.n, "from_date": SINCE, "developer": False}


def _write_fees(connection: Connection) -> None:
    for n, (name, nature, method, price, due) in enumerate(_FEES, 1):
        _write(connection, table_of(FeeItem), [{"id": n, "name": name, "nature": nature, "position": n}])
        _write(connection, table_of(Tariff), [{"id": n, "name": name, "fee_item_id": n, "position": n}])
        version = {
            "tariff_id": n,
            "method": method,
            "unit_price": price,
            "due_rule": due,
            "price_form": "政府指导价",
            "basis_document": "样例文件",
            "valid_from": SINCE,
        }
        _write(connection, table_of(TariffVersion), [version])
        _write(connection, table_of(TariffScope), [{"unit_pattern": "*", "tariff_id": n, "from_date": SINCE}])


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
