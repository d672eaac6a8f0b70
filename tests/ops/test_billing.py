"""Billing periods of small communities that a workbook brought along, with amounts reckoned by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from feedesk.db import Database
from feedesk.ledger.verify import verify_ledger
from feedesk.models import Account, Charge, ChargeUsage, Entry, FeeItem, MeterReading, Resident, Setting, Unit, table_of
from feedesk.money import Fen
from feedesk.ops.billing import (
    BillingUndone,
    NothingToUndo,
    PeriodBilled,
    RunAlreadyPaid,
    UndoReasonMissing,
    bill_period,
    preview_period,
    undo_billing,
)
from feedesk.ops.collecting import collect_payment
from feedesk.ops.payment_posting import TenderGiven
from feedesk.ops.permissions import NotPermitted
from feedesk.ops.run import Workplace
from feedesk.ops.shifts import open_shift
from feedesk.ops.taking_back import void_payment
from feedesk.periods import Period
from feedesk.queries.due_bills import UnknownFeeItem
from tests.ledger.whole_ledger import bring_along

Rows = Sequence[Sequence[Any]]
COMMUNITY = (("小区名称", "开发商"), ("锦绣江南小区", "温江置业(样例)"))
NO_DEVELOPER = (("小区名称",), ("锦绣江南小区",))
UNIT_COLUMNS = ("房屋编号", "类型", "建筑面积", "状态", "交付日期")
RESIDENT_COLUMNS = ("房屋编号", "姓名", "身份", "起始日期", "截止日期", "缴费人")
TARIFF_COLUMNS = ("名称", "收费项目", "计费方式", "单价", "周期", "到期日", "不足月", "生效日期", "失效日期", "尾数")
SCOPE_COLUMNS = ("房屋编号", "收费标准", "数量", "起始日期", "截止日期")
READING_COLUMNS = ("房屋编号", "表计", "表号", "倍率", "抄表日期", "读数", "说明")

HOME = ("3-1-502", "住宅", "98.60", "自住", "2020-01-01")
OWNER = ("3-1-502", "张样燕", "业主", None, None, None)
AREA = ("住宅物业费", "物业费", "按面积", "2.80", None, None, None, "2024-07-01", None, None)
RENT = ("车位租金", "车位服务费", "固定金额", "300", None, None, None, "2024-07-01", None, None)
WATER = ("生活用水", "水费", "按用量", "3.04", None, None, None, "2024-07-01", None, None)


def scoped(
    unit: str, tariff: str, quantity: Any = None, first: str = "2024-07-01", last: Any = None
) -> tuple[Any, ...]:
    return (unit, tariff, quantity, first, last)


def read_on(day: str, reading: Any, note: str = "", *, number: str = "W1", multiplier: Any = None) -> tuple[Any, ...]:
    return ("3-1-502", "水表", number, multiplier, day, reading, note)


@dataclass(frozen=True, slots=True)
class Posted:
    """A charge as it stands."""

    unit: str
    payer: str
    item: str
    period: str
    gross: int
    basis: str
    due: date


@dataclass(frozen=True, slots=True)
class Office:
    """A ledger and somebody who bills it."""

    database: Database
    desk: Workplace

    def bill(self, period: str, item: str | None = None) -> PeriodBilled:
        return self.desk.run_op(bill_period, period=Period.parse(period), item=item)

    def preview(self, period: str, item: str | None = None) -> PeriodBilled:
        return self.desk.read(preview_period, period=Period.parse(period), item=item)

    def undo(self, period: str, reason: str = "价格有误") -> BillingUndone:
        return self.desk.run_op(undo_billing, period=Period.parse(period), reason=reason)

    def posted(self) -> list[Posted]:
        """The standing charges of runs."""
        charge, unit, account, item, resident = map(table_of, (Charge, Unit, Account, FeeItem, Resident))
        query = (
            select(
                unit.c.code, resident.c.name, item.c.name, charge.c.period, charge.c.gross, charge.c.basis,
                charge.c.due_date,
            )
            .select_from(charge.join(unit, unit.c.id == charge.c.unit_id))
            .join(account, account.c.id == charge.c.account_id)
            .join(resident, resident.c.id == account.c.payer_id)
            .join(item, item.c.id == charge.c.fee_item_id)
            .where(charge.c.status != "cancelled", charge.c.source == "run")
            .order_by(charge.c.id)
        )  # fmt: skip
        with self.database.reading() as connection:
            return [Posted(*row) for row in connection.execute(query)]

    def amounts(self) -> list[tuple[str, str, int]]:
        """Who owes how much for which period."""
        return [(one.payer, one.period, one.gross) for one in self.posted()]

    def verified(self) -> bool:
        return not self.desk.read(verify_ledger).problems

    def set(self, key: str, value: str) -> None:
        with self.database.transaction() as connection:
            connection.execute(insert(table_of(Setting)), {"key": key, "value": value})


def office(
    database: Database,
    *,
    community: Rows = COMMUNITY,
    units: Rows = (HOME,),
    residents: Rows = (OWNER,),
    tariffs: Rows = (),
    scopes: Rows = (),
    readings: Rows = (),
    **sheets: Rows,
) -> Office:
    """A ledger with these rows brought along."""
    desk = Workplace(database, "样例主管", today=date(2026, 11, 23))
    book: dict[str, Rows] = {
        "小区": community,
        "房屋": (UNIT_COLUMNS, *units),
        "住户": (RESIDENT_COLUMNS, *residents),
        "收费标准": (TARIFF_COLUMNS, *tariffs),
        "适用范围": (SCOPE_COLUMNS, *scopes),
        "抄表": (READING_COLUMNS, *readings),
        **sheets,
    }
    bring_along(desk, {name: rows for name, rows in book.items() if len(rows) > 1})
    return Office(database, desk)


def reasons(billed: PeriodBilled) -> list[tuple[str, str, str]]:
    return [(one.unit, one.item, one.reason) for one in billed.skipped]


def test_a_month_of_a_household(ledger_database: Database) -> None:
    parking = ("B1-087", "车位", None, "自住", None)
    found = office(
        ledger_database,
        units=(HOME, parking),
        residents=(OWNER, ("B1-087", "张样燕", "业主", None, None, None)),
        tariffs=(AREA, RENT, (*WATER[:5], "次月15", *WATER[6:])),
        scopes=(scoped("3-*", "住宅物业费"), scoped("B1-087", "车位租金"), scoped("3-1-502", "生活用水")),
        readings=(read_on("2026-10-25", 412), read_on("2026-11-20", 431)),
    )
    expected = [
        Posted("3-1-502", "张样燕", "物业费", "2026-11", 27608, "98.60 ㎡ × 2.80", date(2026, 11, 30)),
        Posted("3-1-502", "张样燕", "水费", "2026-11", 5776, "412→431 · 19 吨 × 3.04", date(2026, 12, 15)),
        Posted("B1-087", "张样燕", "车位服务费", "2026-11", 30000, "B1-087 · 月租", date(2026, 11, 30)),
    ]
    preview = found.preview("2026-11")
    assert found.posted() == []
    billed = found.bill("2026-11")
    assert billed == preview
    assert (billed.posted, billed.already, billed.total, billed.discount) == (3, 0, 63384, 0)
    assert billed.skipped == ()
    assert found.posted() == expected
    again = found.bill("2026-11")
    assert (again.posted, again.already, again.total) == (0, 3, 0)
    assert found.posted() == expected
    assert found.verified()


def test_a_rerun_posts_only_what_is_missing(ledger_database: Database) -> None:
    found = office(ledger_database, tariffs=(AREA, WATER), scopes=(scoped("*", "住宅物业费"), scoped("*", "生活用水")))
    first = found.bill("2026-11")
    assert (first.posted, reasons(first)) == (1, [("3-1-502", "水费", "该房屋没有水表")])
    bring_along(found.desk, {"抄表": (READING_COLUMNS, read_on("2026-10-25", 412), read_on("2026-11-20", 431))})
    second = found.bill("2026-11")
    assert (second.posted, second.already, second.total) == (1, 1, 5776)
    assert found.verified()


def test_one_item_alone(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA, RENT), scopes=(scoped("*", "住宅物业费"), scoped("*", "车位租金")))
    assert found.bill("2026-11", "车位服务费").total == 30000
    rest = found.bill("2026-11")
    assert (rest.posted, rest.already, rest.total) == (1, 1, 27608)
    with pytest.raises(UnknownFeeItem):
        found.bill("2026-11", "车位费")


def test_undone_while_nothing_is_paid(ledger_database: Database) -> None:
    found = office(ledger_database, tariffs=(AREA, WATER), scopes=(scoped("*", "住宅物业费"), scoped("*", "生活用水")),
                   readings=(read_on("2026-10-25", 412), read_on("2026-11-20", 431)))  # fmt: skip
    found.bill("2026-11", "水费")
    found.bill("2026-11")
    undone = found.undo("2026-11")
    assert (undone.cancelled, undone.total, len(undone.entries)) == (2, 33384, 2)
    assert found.posted() == []
    assert found.verified()
    with pytest.raises(NothingToUndo):
        found.undo("2026-11")
    assert found.bill("2026-11").total == 33384
    assert found.verified()


def test_not_undone_once_something_is_paid(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA,), scopes=(scoped("*", "住宅物业费"),))
    found.bill("2026-11")
    found.desk.run_op(open_shift, opening_float=Fen(0))
    with sqlite_ledger.reading() as connection:
        account = connection.execute(select(table_of(Account).c.id)).scalar_one()
    paid = found.desk.run_op(collect_payment, account=account, tenders=[TenderGiven("cash", Fen(100))], part=True)
    with pytest.raises(RunAlreadyPaid) as refused:
        found.undo("2026-11")
    assert refused.value.facts["amount"] == "1.00"
    found.desk.run_op(void_payment, receipt=paid.receipt, reason="误收")
    assert found.undo("2026-11").cancelled == 1
    assert found.verified()


def test_undoing_wants_a_reason_and_the_right(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA,), scopes=(scoped("*", "住宅物业费"),))
    found.bill("2026-11")
    with pytest.raises(UndoReasonMissing):
        found.undo("2026-11", " ")
    cashier = Workplace(sqlite_ledger, "样例收费员", today=date(2026, 11, 23))
    for op, facts in ((bill_period, {}), (undo_billing, {"reason": "r"})):
        with pytest.raises(NotPermitted):
            cashier.run_op(op, period=Period.parse("2026-11"), **facts)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"scopes": ()}, ("", "没有适用的收费标准")),
        ({"residents": ()}, ("物业费", "没有登记缴费人")),
        ({"residents": ((*OWNER[:3], "2026-12-01", None, None),)}, ("物业费", "没有登记缴费人")),
        (
            {"units": ((*HOME[:3], "未售", None),), "residents": (), "community": NO_DEVELOPER},
            ("物业费", "未售或未交付，且小区未登记开发商"),
        ),
        (
            {"units": ((*HOME[:4], "2026-11-20"),), "community": NO_DEVELOPER},
            ("物业费", "未售或未交付，且小区未登记开发商"),
        ),
        (
            {"scopes": (scoped("*", "住宅物业费", None, "2024-07-01", "2026-10-31"),)},
            ("物业费", "收费标准在 2026-11 不适用于该房屋"),
        ),
        (
            {"scopes": (scoped("*", "住宅物业费", None, "2026-12-01"),)},
            ("物业费", "收费标准在 2026-11 不适用于该房屋"),
        ),
        (
            {"tariffs": ((*AREA[:8], "2026-10-31", None),)},
            ("物业费", "收费标准在 2026-11 没有有效单价"),
        ),
        ({"units": ((*HOME[:2], None, *HOME[3:]),)}, ("物业费", "房屋没有登记面积")),
        ({"tariffs": ((*AREA[:3], "0", *AREA[4:]),)}, ("物业费", "应收为 0.00")),
        (
            {"期初缴至": (("房屋编号", "收费项目", "缴至日期"), ("3-1-502", "物业费", "2026-11-30"))},
            ("物业费", "已缴至 2026-11-30"),
        ),
    ],
)
def test_every_unit_not_billed_has_its_reason(
    sqlite_ledger: Database, change: Mapping[str, Rows], reason: tuple[str, str]
) -> None:
    sheets: dict[str, Rows] = {"tariffs": (AREA,), "scopes": (scoped("*", "住宅物业费"),)}
    found = office(sqlite_ledger, **{**sheets, **change})
    billed = found.bill("2026-11")
    assert (billed.posted, reasons(billed)) == (0, [("3-1-502", *reason)])


@pytest.mark.parametrize(
    ("readings", "reason"),
    [
        ((), "该房屋没有水表"),
        ((read_on("2026-10-25", 412),), "2026-11 没有抄表读数"),
        ((read_on("2026-09-25", 400), read_on("2026-10-25", 412)), "2026-11 没有抄表读数"),
        ((read_on("2026-11-20", 412),), "只有首次读数，从下次抄表起计量"),
        ((read_on("2026-10-25", 412), read_on("2026-11-20", 412)), "用量为零"),
        ((read_on("2026-10-25", 412, "估读"), read_on("2026-11-20", 410)), "读数低于上次，待下次抄表一并结算"),
    ],
)
def test_why_a_meter_is_not_billed(sqlite_ledger: Database, readings: Rows, reason: str) -> None:
    found = office(sqlite_ledger, tariffs=(WATER,), scopes=(scoped("*", "生活用水"),), readings=readings)
    assert reasons(found.bill("2026-11")) == [("3-1-502", "水费", reason)]


def test_a_tariff_that_shares_a_total_says_where_its_price_comes_from(sqlite_ledger: Database) -> None:
    shared = ("公摊电", "公摊电费", "总额分摊", None, None, None, None, "2024-07-01", None, None)
    found = office(sqlite_ledger, tariffs=(shared,), scopes=(scoped("*", "公摊电"),))
    why = "按公摊总额分摊，2026-11 未录入涉及该房屋的公摊总额"
    assert reasons(found.bill("2026-11")) == [("3-1-502", "公摊电费", why)]


@pytest.mark.parametrize(
    ("rule", "day", "november", "december"),
    [
        (None, "2026-11-20", [("温江置业(样例)", 27608)], [("张样燕", 27608)]),
        (None, "2026-11-01", [("温江置业(样例)", 27608)], [("张样燕", 27608)]),
        ("by_day", "2026-11-20", [("张样燕", 10123), ("温江置业(样例)", 17485)], [("张样燕", 27608)]),
        ("whole_month", "2026-11-20", [("张样燕", 27608)], [("张样燕", 27608)]),
        ("half_month", "2026-11-20", [("张样燕", 13804), ("温江置业(样例)", 13804)], [("张样燕", 27608)]),
        ("half_month", "2026-11-10", [("张样燕", 27608)], [("张样燕", 27608)]),
    ],
)
def test_the_month_of_delivery(
    sqlite_ledger: Database,
    rule: str | None,
    day: str,
    november: list[tuple[str, int]],
    december: list[tuple[str, int]],
) -> None:
    found = office(sqlite_ledger, units=((*HOME[:4], day),), tariffs=(AREA,), scopes=(scoped("*", "住宅物业费"),))
    if rule:
        found.set("delivery_rule", f'"{rule}"')
    assert found.bill("2026-11").skipped == ()
    assert sorted((payer, gross) for payer, _period, gross in found.amounts()) == sorted(november)
    found.bill("2026-12")
    assert [(payer, gross) for payer, period, gross in found.amounts() if period == "2026-12"] == december


def test_unsold_units_are_the_developers(sqlite_ledger: Database) -> None:
    unsold = ("3-1-601", "住宅", "100.00", "未售", None)
    found = office(sqlite_ledger, units=(HOME, unsold), tariffs=(AREA,), scopes=(scoped("3-*", "住宅物业费"),))
    found.bill("2026-11")
    assert found.amounts() == [("张样燕", "2026-11", 27608), ("温江置业(样例)", "2026-11", 28000)]


def test_a_change_of_hands_splits_the_month_and_the_meter(sqlite_ledger: Database) -> None:
    """Until the 10th the one, from the 11th the other; the reading of the 11th is what the first one used."""
    found = office(
        sqlite_ledger,
        residents=(
            ("3-1-502", "张样燕", "业主", None, "2026-11-10", None),
            ("3-1-502", "李样", "业主", "2026-11-11", None, None),
        ),
        tariffs=(AREA, WATER),
        scopes=(scoped("*", "住宅物业费"), scoped("*", "生活用水")),
        readings=(read_on("2026-10-25", 412), read_on("2026-11-11", 420), read_on("2026-11-24", 431)),
    )
    found.bill("2026-11")
    assert sorted((one.payer, one.item, one.gross, one.basis) for one in found.posted()) == [
        ("张样燕", "水费", 2432, "412→420 · 8 吨 × 3.04"),
        ("张样燕", "物业费", 9203, "98.60 ㎡ × 2.80 × 10/30 天"),
        ("李样", "水费", 3344, "420→431 · 11 吨 × 3.04"),
        ("李样", "物业费", 18405, "98.60 ㎡ × 2.80 × 20/30 天"),
    ]
    again = found.bill("2026-11")
    assert (again.posted, again.already) == (0, 4)


@pytest.mark.parametrize(
    ("first_from", "partial", "amounts"),
    [
        (None, "按天", (10000, 20000)),
        (None, "按整月", (10000, 20000)),
        (None, "按半月", (10000, 20000)),
        # The unit itself is held from the 6th on: 25 days, by days, or all of the month.
        ("2026-11-06", "按天", (5000, 20000)),
        ("2026-11-06", "按整月", (6000, 24000)),
    ],
)
def test_a_change_of_hands_never_makes_a_month_dearer(
    sqlite_ledger: Database, first_from: str | None, partial: str, amounts: tuple[int, int]
) -> None:
    found = office(
        sqlite_ledger,
        units=(("3-1-502", "住宅", "100", "自住", None),),
        residents=(
            ("3-1-502", "张样燕", "业主", first_from, "2026-11-10", None),
            ("3-1-502", "李样", "业主", "2026-11-11", None, None),
        ),
        tariffs=(("住宅物业费", "物业费", "按面积", "3", None, None, partial, "2024-07-01", None, None),),
        scopes=(scoped("*", "住宅物业费"),),
    )
    found.bill("2026-11")
    assert found.amounts() == [("张样燕", "2026-11", amounts[0]), ("李样", "2026-11", amounts[1])]


def test_a_change_of_hands_told_too_late_bills_no_day_twice(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA,), scopes=(scoped("*", "住宅物业费"),))
    found.bill("2026-11")
    hands = ((*OWNER[:4], "2026-11-10", None), ("3-1-502", "李样", "业主", "2026-11-11", None, None))
    bring_along(found.desk, {"住户": (RESIDENT_COLUMNS, *hands)})
    again = found.bill("2026-11")
    assert (again.posted, again.already) == (0, 1)
    assert reasons(again) == [("3-1-502", "物业费", "这段时间已向户号 H000001 出账，不再重复收取")]
    found.undo("2026-11")
    found.bill("2026-11")
    assert found.amounts() == [("张样燕", "2026-11", 9203), ("李样", "2026-11", 18405)]


def test_usage_before_delivery_is_the_developers(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        units=((*HOME[:4], "2026-11-11"),),
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(read_on("2026-10-25", 0), read_on("2026-11-11", 8), read_on("2026-11-24", 19)),
    )
    found.bill("2026-11")
    assert found.amounts() == [("温江置业(样例)", "2026-11", 2432), ("张样燕", "2026-11", 3344)]


QUARTERLY = ("季度物业费", "物业费", "按面积", "2.80", "季", "当月末", None, "2024-07-01", None, None)


def test_a_quarter_is_one_charge_billed_with_its_first_month(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(QUARTERLY,), scopes=(scoped("*", "季度物业费"),))
    assert found.bill("2026-10").total == 82824
    later = [found.bill(month) for month in ("2026-11", "2026-12")]
    assert [(one.posted, one.already) for one in later] == [(0, 1), (0, 1)]
    assert [(one.period, one.basis, one.due) for one in found.posted()] == [
        ("2026Q4", "98.60 ㎡ × 2.80 × 3 个月", date(2026, 10, 31))
    ]
    assert found.verified()


def test_a_quarter_begun_late_is_billed_with_the_first_month_borne(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        residents=((*OWNER[:3], "2026-11-10", None, None),),
        tariffs=(QUARTERLY,),
        scopes=(scoped("*", "季度物业费"),),
    )
    assert found.bill("2026-10").posted == 0
    found.bill("2026-11")
    assert found.amounts() == [("张样燕", "2026Q4", 46934)]  # 98.60 × 2.80 × (21/30 + 1)
    assert found.bill("2026-12").already == 1


def test_months_of_a_quarter_at_once(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA,), scopes=(scoped("*", "住宅物业费", None, "2026-11-01"),))
    billed = found.bill("2026Q4")
    assert (billed.posted, billed.total) == (2, 55216)
    assert reasons(billed) == [("3-1-502", "物业费", "收费标准在 2026-10 不适用于该房屋")]
    assert found.undo("2026Q4").cancelled == 2
    assert found.verified()


def test_trying_a_quarter_tells_what_billing_it_would_post_and_stores_nothing(ledger_database: Database) -> None:
    """A quarter's charge, told once and not once a month, as billing it would post it."""
    made = office(ledger_database, tariffs=(QUARTERLY,), scopes=(scoped("*", "季度物业费"),))
    facts = {"period": Period.parse("2026Q4")}
    tried = made.desk.try_op(bill_period, **facts)
    assert made.posted() == []
    assert (tried.posted, tried.already, tried.total) == (1, 0, 82824)
    assert made.bill("2026Q4") == tried
    again = made.desk.try_op(bill_period, **facts)
    assert (again.posted, again.total) == (0, 0)
    assert made.verified()


def test_revenue_of_several_months_is_deferred(sqlite_ledger: Database) -> None:
    from tests.community import SmallCommunity

    found = office(
        sqlite_ledger, tariffs=(QUARTERLY, RENT), scopes=(scoped("*", "季度物业费"), scoped("*", "车位租金"))
    )
    found.bill("2026-10")
    ledger = SmallCommunity(sqlite_ledger, found.desk)
    assert ledger.balance("1122.物业费") == 82824
    # October's 31 of 92 days are served with its run: 828.24 × 31/92 = 279.08.
    assert ledger.balance("2204.物业费") == -82824 + 27908
    assert ledger.balance("6001.物业费") == -27908
    assert ledger.balance("6001.车位服务费") == -30000


def test_paid_ahead_billing_starts_on_the_day_after(sqlite_ledger: Database) -> None:
    paid = (
        ("房屋编号", "收费项目", "缴至日期"),
        ("3-1-502", "物业费", "2026-11-15"),
        ("3-1-502", "水费", "2026-10-31"),
    )
    found = office(
        sqlite_ledger,
        tariffs=(AREA, WATER),
        scopes=(scoped("*", "住宅物业费"), scoped("*", "生活用水")),
        readings=(read_on("2026-09-25", 400), read_on("2026-10-25", 412), read_on("2026-11-20", 431)),
        期初缴至=paid,
    )
    assert reasons(found.bill("2026-10")) == [
        ("3-1-502", "物业费", "已缴至 2026-11-15"),
        ("3-1-502", "水费", "已缴至 2026-10-31"),
    ]
    found.bill("2026-11")
    assert [(one.gross, one.basis) for one in found.posted()] == [
        (13804, "98.60 ㎡ × 2.80 × 15/30 天"),
        (5776, "412→431 · 19 吨 × 3.04"),
    ]


def test_arrears_brought_along_are_not_billed_again(sqlite_ledger: Database) -> None:
    arrears = (
        ("房屋编号", "收费项目", "所属期", "金额"),
        ("3-1-502", "物业费", "2026-10", "276.08"),
        ("3-1-502", "水费", "2026-10", "36.48"),
    )
    found = office(
        sqlite_ledger,
        tariffs=(AREA, WATER),
        scopes=(scoped("*", "住宅物业费"), scoped("*", "生活用水")),
        readings=(read_on("2026-09-25", 400), read_on("2026-10-25", 412), read_on("2026-11-20", 431)),
        期初欠费=arrears,
    )
    before = found.bill("2026-10")
    assert (before.posted, before.already, before.skipped) == (0, 2, ())
    assert found.bill("2026-11").total == 27608 + 5776
    assert found.verified()


def test_all_usage_since_the_last_billed_reading(sqlite_ledger: Database) -> None:
    """Months without a run, or without a reading, are billed with the next one that has both."""
    found = office(
        sqlite_ledger,
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(
            read_on("2026-07-25", 400),
            read_on("2026-08-25", 410),
            read_on("2026-09-25", 421),
            read_on("2026-11-20", 431),
        ),
    )
    for month in ("2026-08", "2026-10", "2026-11"):
        found.bill(month)
    assert [(one.period, one.basis) for one in found.posted()] == [
        ("2026-08", "400→410 · 10 吨 × 3.04"),
        ("2026-11", "410→431 · 21 吨 × 3.04"),
    ]
    skipped = found.bill("2026-09")  # its usage went with November
    assert (skipped.posted, reasons(skipped)) == (0, [("3-1-502", "水费", "2026-09 的读数已随其他月份出账")])
    found.undo("2026-08")
    assert found.bill("2026-08").total == 3040
    assert found.verified()


def test_a_new_meter_with_another_number_and_multiplier(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(
            read_on("2026-09-25", 400),
            read_on("2026-10-25", 412),
            read_on("2026-11-10", "5", "换表 旧表止度 420 新表起度 2", number="W2", multiplier=2),
            read_on("2026-11-24", "7.5", number="W2", multiplier=2),
        ),
    )
    found.bill("2026-10")
    found.bill("2026-11")
    assert [(one.gross, one.basis) for one in found.posted()] == [
        (3648, "400→412 · 12 吨 × 3.04"),
        (5776, "412→420, 2→7.5 × 2 · 19 吨 × 3.04"),  # 8 + 2 × 5.5
    ]
    usage = table_of(ChargeUsage)
    with sqlite_ledger.reading() as connection:
        assert list(connection.execute(select(usage.c.usage)).scalars()) == [12, 19]
    assert found.verified()


def test_a_swap_that_is_billed_is_not_billed_again(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(
            read_on("2026-10-25", 412),
            read_on("2026-11-10", "5", "换表 旧表止度 420 新表起度 2", number="W2"),
        ),
    )
    assert found.bill("2026-11").total == 3344  # 8 + 3
    again = found.bill("2026-11")
    assert (again.posted, again.already) == (0, 1)
    bring_along(found.desk, {"抄表": (READING_COLUMNS, read_on("2026-12-24", 9, number="W2"))})
    assert found.bill("2026-12").total == 1216
    assert found.verified()


def test_peak_and_valley_meters_are_one_charge(sqlite_ledger: Database) -> None:
    power = ("分时电价", "电费", "按用量", "峰0.5583;谷0.3583", None, None, None, "2024-07-01", None, None)
    readings = [
        ("3-1-502", kind, number, None, day, reading, "")
        for kind, number, values in (("电表峰", "E1", (100, 200)), ("电表谷", "E2", (50, 90)))
        for day, reading in zip(("2026-10-25", "2026-11-20"), values, strict=True)
    ]
    found = office(sqlite_ledger, tariffs=(power,), scopes=(scoped("*", "分时电价"),), readings=readings)
    found.bill("2026-11")
    assert [(one.gross, one.basis) for one in found.posted()] == [
        (7016, "100→200 · 100 度 × 0.5583 + 50→90 · 40 度 × 0.3583")
    ]
    assert found.verified()


def test_an_estimate_too_high_is_settled_by_the_next_reading(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(
            read_on("2026-09-25", 400),
            read_on("2026-10-25", 420, "估读"),
            read_on("2026-11-20", 415),
        ),
    )
    assert found.bill("2026-10").total == 6080
    assert found.bill("2026-11").posted == 0
    bring_along(found.desk, {"抄表": (READING_COLUMNS, read_on("2026-12-20", 430))})
    assert found.bill("2026-12").total == 3040  # 430 − 420, as 20 were billed


def test_quantity_pattern_and_the_scope_that_names_the_unit(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        tariffs=(("垃圾清运费", "垃圾费", "固定金额", "12", None, "当月10", None, "2024-07-01", None, "进位到元"),),
        scopes=(scoped("*", "垃圾清运费"), scoped("3-1-502", "垃圾清运费", "1.2")),
    )
    found.bill("2026-11")
    assert [(one.gross, one.basis, one.due) for one in found.posted()] == [
        (1500, "12.00 元/月 × 1.2", date(2026, 11, 10))
    ]


def test_each_tariff_of_an_item_is_a_charge_of_its_own(sqlite_ledger: Database) -> None:
    other = ("电梯费", "物业费", "固定金额", "20", None, None, None, "2024-07-01", None, None)
    found = office(sqlite_ledger, tariffs=(AREA, other), scopes=(scoped("*", "住宅物业费"), scoped("*", "电梯费")))
    assert found.bill("2026-11").posted == 2
    assert [one.gross for one in found.posted()] == [27608, 2000]
    assert found.bill("2026-11").already == 2


def test_a_tariff_that_goes_over_to_the_quarter_within_a_month(sqlite_ledger: Database) -> None:
    name = ("车位租金", "车位服务费", "固定金额")
    found = office(
        sqlite_ledger,
        tariffs=(
            (*name, "310", "月", None, None, "2024-07-01", None, None),
            (*name, "930", "季", None, None, "2026-12-10", None, None),
        ),
        scopes=(scoped("*", "车位租金"),),
    )
    assert found.bill("2026-12").posted == 2
    assert found.amounts() == [("张样燕", "2026-12", 9000), ("张样燕", "2026Q4", 22000)]
    assert found.verified()


def test_usage_with_more_decimals_than_a_reading_is_charged_exactly(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        tariffs=((*WATER[:3], "100", *WATER[4:]),),
        scopes=(scoped("*", "生活用水"),),
        readings=(read_on("2026-10-25", "0.001", multiplier="1.15"), read_on("2026-11-20", "0.002", multiplier="1.15")),
    )
    assert found.bill("2026-11").total == 12  # 0.00115 × 100 = 0.115
    assert found.verified()


def test_nothing_is_posted_where_nothing_is_due(sqlite_ledger: Database) -> None:
    found = office(sqlite_ledger, tariffs=(AREA,), scopes=(scoped("*", "住宅物业费", None, "2026-12-01"),))
    found.bill("2026-11")
    with sqlite_ledger.reading() as connection:
        assert connection.execute(select(table_of(Entry).c.id)).all() == []


def test_readings_without_a_payer_or_outside_the_scope(sqlite_ledger: Database) -> None:
    found = office(
        sqlite_ledger,
        residents=((*OWNER[:3], "2026-11-15", None, None),),
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水", None, "2026-12-01"),),
        readings=(read_on("2026-10-25", 412), read_on("2026-11-10", 420), read_on("2026-11-24", 431)),
    )
    assert reasons(found.bill("2026-11")) == [("3-1-502", "水费", "没有登记缴费人")]
    with sqlite_ledger.transaction() as connection:
        connection.execute(update(table_of(Account)).values(from_date=None))
    assert reasons(found.bill("2026-11")) == [("3-1-502", "水费", "收费标准在 2026-11 不适用于该房屋")]


def test_a_billed_reading_stays_where_it_is(sqlite_ledger: Database) -> None:
    """Usage billed names the readings it was billed from, first and last."""
    found = office(
        sqlite_ledger,
        tariffs=(WATER,),
        scopes=(scoped("*", "生活用水"),),
        readings=(read_on("2026-10-25", 412), read_on("2026-11-10", 420), read_on("2026-11-24", 431)),
    )
    found.bill("2026-11")
    usage, reading = table_of(ChargeUsage), table_of(MeterReading)
    first, last = reading.alias(), reading.alias()
    query = (
        select(first.c.read_on, last.c.read_on, usage.c.usage)
        .join(first, first.c.id == usage.c.from_reading_id)
        .join(last, last.c.id == usage.c.to_reading_id)
    )
    with sqlite_ledger.reading() as connection:
        assert connection.execute(query).all() == [(date(2026, 10, 25), date(2026, 11, 24), 19)]
