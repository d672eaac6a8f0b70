"""A billing run of some fee items or buildings, told how far it is, and stopped in the middle."""

import pytest
from sqlalchemy import func, select

from feedesk.db import Database
from feedesk.models import Building, Charge, Entry, table_of
from feedesk.ops.billing import PeriodBilled, bill_period
from feedesk.ops.run import Workplace
from feedesk.periods import Period
from feedesk.queries.due_bills import UnknownFeeItem
from feedesk.queries.run_scope import RunScope, buildings
from feedesk.queries.verification import verify_everything
from tests.community import TODAY
from tests.ledger.whole_ledger import Sheets, bring_along

NOVEMBER = Period.parse("2026-11")
SHEETS: Sheets = {
    "小区": [("小区名称",), ("锦绣江南小区",)],
    "房屋": [
        ("房屋编号", "类型", "建筑面积", "交付日期"),
        *((code, "住宅", "100", "2020-01-01") for code in ("1-1-101", "1-1-102", "2-1-101", "2-1-102")),
    ],
    "住户": [
        ("房屋编号", "姓名", "身份"),
        *((code, f"样{code[-1]}", "业主") for code in ("1-1-101", "1-1-102", "2-1-101", "2-1-102")),
    ],
    "收费标准": [
        ("名称", "收费项目", "计费方式", "单价", "生效日期"),
        ("住宅物业费", "物业费", "按面积", "2.80", "2026-01-01"),
        ("有线电视", "电视费", "固定金额", "20", "2026-01-01"),
    ],
    "适用范围": [
        ("房屋编号", "收费标准", "起始日期"),
        ("*", "住宅物业费", "2026-01-01"),
        ("*", "有线电视", "2026-01-01"),
    ],
    "公摊": [
        ("名称", "收费项目", "所属期", "总额", "范围", "分摊依据"),
        ("小区路灯", "公摊电费", "2026-11", "400.00", "*", "按户"),
        ("1栋电梯", "公摊电费", "2026-11", "90.00", "1-*", "按户"),
    ],
}


@pytest.fixture
def desk(ledger_database: Database) -> Workplace:
    """Two buildings with two homes each, a lamp for all of them and a lift in the first."""
    made = Workplace(ledger_database, "样例主管", today=TODAY)
    bring_along(made, SHEETS)
    return made


def building(desk: Workplace, code: str) -> frozenset[int]:
    return frozenset(key for key, name in desk.read(buildings) if name == code)


def bill(desk: Workplace, scope: RunScope) -> PeriodBilled:
    return desk.run_op(bill_period, period=NOVEMBER, scope=scope)


def counts(desk: Workplace) -> list[int]:
    with desk.database.reading() as connection:
        return [
            int(connection.execute(select(func.count()).select_from(table_of(model))).scalar_one())
            for model in (Charge, Entry)
        ]


def test_buildings_are_listed_by_their_codes(desk: Workplace) -> None:
    assert [code for _key, code in desk.read(buildings)] == ["1", "2"]
    assert len(building(desk, "1")) == 1
    with desk.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table_of(Building))).scalar_one() == 2


def test_one_building_is_billed_with_its_own_shared_costs_only(desk: Workplace) -> None:
    """Two homes with 280.00 and 20.00 each, and 90.00 of the lift; the lamp waits for the other building."""
    first = bill(desk, RunScope(buildings=building(desk, "1")))
    assert (first.posted, first.total) == (6, 2 * 30000 + 9000)
    assert {(one.unit, one.item, one.reason) for one in first.skipped} == {
        (unit, "公摊电费", "小区路灯 还由其他楼栋分摊：请全部楼栋一起出账。") for unit in ("1-1-101", "1-1-102")
    }
    rest = bill(desk, RunScope())
    assert (rest.posted, rest.total) == (4 + 4, 2 * 30000 + 40000)
    assert bill(desk, RunScope()).posted == 0
    assert desk.read(verify_everything).problems == ()


def test_some_fee_items_are_billed_in_one_act(desk: Workplace) -> None:
    before = counts(desk)
    done = bill(desk, RunScope(items=frozenset({"物业费", "公摊电费"})))
    assert done.posted == 4 + 4 + 2
    charges, entries = counts(desk)
    assert (charges - before[0], entries - before[1]) == (10, 1)
    assert bill(desk, RunScope()).posted == 4
    assert desk.read(verify_everything).problems == ()


def test_an_item_that_does_not_exist_is_named(desk: Workplace) -> None:
    with pytest.raises(UnknownFeeItem, match="暖气费"):
        bill(desk, RunScope(items=frozenset({"物业费", "暖气费"})))


class Stopped(Exception):
    pass


@pytest.mark.parametrize("at", [0, 1])
def test_stopped_anywhere_nothing_is_posted(desk: Workplace, at: int) -> None:
    """At the first telling, or at the last, when all is stored but not yet committed."""
    before = counts(desk)
    told: list[tuple[int, int]] = []

    def stop(done: int, whole: int) -> None:
        told.append((done, whole))
        if len(told) > at:
            raise Stopped

    with pytest.raises(Stopped):
        desk.run_op(bill_period, period=NOVEMBER, progress=stop)
    assert told[-1] == ((0, 1000) if at == 0 else (1000, 1000))
    assert counts(desk) == before
    assert desk.read(verify_everything).problems == ()
    assert desk.run_op(bill_period, period=NOVEMBER).posted == 14
