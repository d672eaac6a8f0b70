"""Shared costs (公摊): tables reckoned by hand, and what holds for any weights."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import UserError
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.bills import AccountFacts, UnitFacts
from feedesk.rules.shared_bills import SharedBiller, borne_shares
from feedesk.rules.sharing import (
    AreaMissing,
    CoefficientMissing,
    Cost,
    MeterUnknown,
    NothingToWeigh,
    NoUsageBilled,
    ScopeReachesNothing,
    ShareBasis,
    Weighable,
    meter_kinds_of,
    parse_scope,
    parts_of_share,
    share_out,
)

NOVEMBER = Period.parse("2026-11")


def cost(total: int, basis: str = "按面积", **facts: Any) -> Cost:
    values: dict[str, Any] = {"item": "公摊电费", "period": NOVEMBER, "scope": ("1-*",), "due": "次月15", **facts}
    return Cost(1, "1 栋公共用电", 7, total=Fen(total), basis=ShareBasis(basis), **values)


def home(n: int, code: str, **facts: Any) -> Weighable:
    return Weighable(n, code, facts.pop("area", None), **facts)


def areas(**of_codes: str) -> list[Weighable]:
    return [home(n, code.replace("_", "-"), area=Fraction(area)) for n, (code, area) in enumerate(of_codes.items(), 1)]


def amounts(found: Cost, units: Sequence[Weighable]) -> dict[str, int]:
    return {share.code: share.amount for share in share_out(found, units).shares}


HALF = Fraction(1, 2)
TABLE: list[tuple[str, Cost, list[Weighable], dict[str, int]]] = [
    (
        "by area: 6,837.60 × 98.60 ÷ 18,240 = 36.9621, the rest 6,800.6379; 36.96 + 6,800.63, the fen left to .79",
        cost(683760),
        areas(u1="98.60", u2="18141.40"),
        {"u1": 3696, "u2": 680064},
    ),
    (
        "three equal parts of 100.00: 33.33 each, the fen left to the first code in natural order",
        cost(10000),
        areas(u10="1", u2="1", u1="1"),
        {"u1": 3334, "u2": 3333, "u10": 3333},
    ),
    (
        "0.10 over 1 : 3 : 4 is 1.25, 3.75, 5.00 fen: one fen left, .75 gets it",
        cost(10),
        areas(u1="1", u2="3", u3="4"),
        {"u1": 1, "u2": 4, "u3": 5},
    ),
    (
        "0.01 over 1 : 1 is 0.5 each: the earlier code; over 1 : 3 : 4 the larger weight 0.5 beats 0.375",
        cost(1),
        areas(u2="1", u1="1"),
        {"u1": 1, "u2": 0},
    ),
    (
        "a tie of remainders goes to the larger weight: 0.03 over 1 : 5 is 0.5 and 2.5",
        cost(3),
        areas(u1="1", u2="5"),
        {"u1": 0, "u2": 3},
    ),
    (
        "by household, one of four: 100.01 ÷ 4 = 25.0025, one fen left for the first",
        cost(10001, "按户"),
        [home(n, f"1-{n}") for n in (4, 3, 2, 1)],
        {"1-1": 2501, "1-2": 2500, "1-3": 2500, "1-4": 2500},
    ),
    (
        "an empty home at 0.5: 100.00 ÷ 2.5 = 40.00 and 20.00",
        cost(10000, "按户", vacant_weight=HALF),
        [home(1, "1-1"), home(2, "1-2", vacant=True), home(3, "1-3")],
        {"1-1": 4000, "1-2": 2000, "1-3": 4000},
    ),
    (
        "an empty home counts in full where nothing is set",
        cost(9000, "按户"),
        [home(1, "1-1"), home(2, "1-2", vacant=True), home(3, "1-3")],
        {"1-1": 3000, "1-2": 3000, "1-3": 3000},
    ),
    (
        "an empty home at 0.5 by area: 100 + 50 = 150; 90.00 × 100 ÷ 150 = 60.00, 30.00",
        cost(9000, vacant_weight=HALF),
        [home(1, "1-1", area=Fraction(100)), home(2, "1-2", area=Fraction(100), vacant=True)],
        {"1-1": 6000, "1-2": 3000},
    ),
    (
        "by usage 12.5 : 0 : 37.5 of 10.00: 2.50, nothing, 7.50; an empty home bears what it used",
        cost(1000, "按用量", meter_kinds=("电表",), vacant_weight=HALF),
        [
            home(1, "1-1", usage=Fraction("12.5"), vacant=True),
            home(2, "1-2"),
            home(3, "1-3", usage=Fraction("37.5")),
        ],
        {"1-1": 250, "1-2": 0, "1-3": 750},
    ),
    (
        "by coefficient 1 : 4/3 : 2/3 = 3: 10.00, 13.33…, 6.66…; the fen left to .66",
        cost(3000, "按系数"),
        [home(n, f"1-{n}", coefficient=Fraction(text)) for n, text in enumerate(("1", "4/3", "2/3"), 1)],
        {"1-1": 1000, "1-2": 1333, "1-3": 667},
    ),
    (
        "a coefficient of zero bears nothing",
        cost(3001, "按系数"),
        [home(1, "1-1", coefficient=Fraction(0)), home(2, "1-2", coefficient=Fraction(1))],
        {"1-1": 0, "1-2": 3001},
    ),
]


@pytest.mark.parametrize(("found", "units", "wanted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_shares_reckoned_by_hand(found: Cost, units: list[Weighable], wanted: dict[str, int]) -> None:
    assert amounts(found, units) == wanted
    assert list(amounts(found, units)) == list(wanted), "in the natural order of the codes"


REFUSALS: list[tuple[type[UserError], Cost, list[Weighable], list[str]]] = [
    (ScopeReachesNothing, cost(100), [], []),
    (AreaMissing, cost(100), [home(1, "1-1", area=Fraction(1)), home(3, "1-10"), home(2, "1-2")], ["1-2", "1-10"]),
    (CoefficientMissing, cost(100, "按系数"), [home(1, "1-1")], ["1-1"]),
    (NothingToWeigh, cost(100, "按户", vacant_weight=Fraction(0)), [home(1, "1-1", vacant=True)], []),
    (NoUsageBilled, cost(100, "按用量", meter_kinds=("水表",)), [home(1, "1-1")], []),
    (MeterUnknown, cost(100, "按用量", item="公摊保洁费"), [home(1, "1-1", usage=Fraction(1))], []),
]


@pytest.mark.parametrize(("refusal", "found", "units", "named"), REFUSALS, ids=[row[0].__name__ for row in REFUSALS])
def test_refusals(refusal: type[UserError], found: Cost, units: list[Weighable], named: list[str]) -> None:
    with pytest.raises(refusal) as told:
        share_out(found, units)
    assert [detail["unit"] for detail in told.value.details] == named
    assert "1 栋公共用电" in str(told.value)
    assert all(code in str(told.value) for code in named)


def test_many_units_without_area_are_counted() -> None:
    with pytest.raises(AreaMissing) as told:
        share_out(cost(100), [home(n, f"1-{n}") for n in range(1, 21)])
    assert "1-8" in str(told.value)
    assert "1-9" not in str(told.value)
    assert "(20)" in str(told.value)


WEIGHTS = st.lists(st.fractions(min_value=0, max_value=10_000, max_denominator=1000), min_size=1, max_size=40)
TOTALS = st.integers(min_value=1, max_value=10**11)


def by_coefficient(weights: Sequence[Fraction]) -> list[Weighable]:
    return [home(n, f"{n % 7}-{n}", coefficient=weight) for n, weight in enumerate(weights, 1)]


@given(TOTALS, WEIGHTS.filter(any))
def test_any_shares_sum_follow_the_weights_and_stay_near_the_quota(total: int, weights: list[Fraction]) -> None:
    out = share_out(cost(total, "按系数"), by_coefficient(weights))
    assert sum(share.amount for share in out.shares) == total
    by_weight = sorted(out.shares, key=lambda share: share.weight)
    assert all(one.amount <= next_.amount for one, next_ in pairwise(by_weight) if one.weight < next_.weight)
    assert all(abs(share.amount - total * share.weight / out.weights) < 1 for share in out.shares)
    assert all(share.amount == 0 for share in out.shares if not share.weight)


@given(TOTALS, WEIGHTS.filter(any), st.randoms(use_true_random=False))
def test_shares_do_not_depend_on_the_order(total: int, weights: list[Fraction], dice: Any) -> None:
    units = by_coefficient(weights)
    shuffled = list(units)
    dice.shuffle(shuffled)
    assert share_out(cost(total, "按系数"), units) == share_out(cost(total, "按系数"), shuffled)


@given(TOTALS, WEIGHTS.filter(any), st.integers(min_value=0, max_value=39), st.fractions(min_value=0, max_value=99))
def test_a_larger_weight_never_bears_less(total: int, weights: list[Fraction], place: int, more: Fraction) -> None:
    units = by_coefficient(weights)
    unit = units[place % len(units)]
    grown = [one._replace(coefficient=(one.coefficient or 0) + more) if one is unit else one for one in units]
    before, after = amounts(cost(total, "按系数"), units), amounts(cost(total, "按系数"), grown)
    assert after[unit.code] >= before[unit.code]


# ---- who bears a share ---------------------------------------------------------------------------------------------

OWNER = AccountFacts(1, None, None, False)
DEVELOPER = AccountFacts(9, None, None, True)


def unit(*accounts: AccountFacts, unsold: bool = False, delivered_on: date | None = None) -> UnitFacts:
    return UnitFacts(5, "1-1", Fraction(100), False, unsold, delivered_on, accounts)


def day(number: int) -> date:
    return date(2026, 11, number)


# Unit, its share in fen, and who bears how much: None where nobody is named or it is paid for already.
BEARERS: list[tuple[str, UnitFacts, int, date | None, list[tuple[int | None, int, int]]]] = [
    ("one owner", unit(OWNER), 3000, None, [(1, 30, 3000)]),
    ("unsold", unit(OWNER, DEVELOPER, unsold=True), 3000, None, [(9, 30, 3000)]),
    (
        "delivered on the 11th: ten days the developer's, 3,001 × 10/30 = 1000.33, 2000.66 and the fen left",
        unit(OWNER, DEVELOPER, delivered_on=day(11)),
        3001,
        None,
        [(9, 10, 1000), (1, 20, 2001)],
    ),
    ("delivered on the 1st", unit(OWNER, DEVELOPER, delivered_on=day(1)), 3000, None, [(1, 30, 3000)]),
    ("not delivered yet", unit(OWNER, DEVELOPER, delivered_on=date(2027, 1, 5)), 3000, None, [(9, 30, 3000)]),
    (
        "sold on: fifteen days each, a fen left to the earlier",
        unit(AccountFacts(1, None, day(15), False), AccountFacts(2, day(16), None, False)),
        3001,
        None,
        [(1, 15, 1501), (2, 15, 1500)],
    ),
    (
        "nobody for the first ten days: 3000 × 10/30",
        unit(AccountFacts(1, day(11), None, False)),
        3000,
        None,
        [(None, 10, 1000), (1, 20, 2000)],
    ),
    ("nobody at all", unit(), 3000, None, [(None, 30, 3000)]),
    ("unsold and no developer", unit(OWNER, unsold=True), 3000, None, [(None, 30, 3000)]),
    ("paid through the period", unit(OWNER), 3000, date(2026, 12, 31), [(None, 30, 3000)]),
    ("paid through the 10th", unit(OWNER), 3000, day(10), [(None, 10, 1000), (1, 20, 2000)]),
    ("paid through October", unit(OWNER), 3000, date(2026, 10, 31), [(1, 30, 3000)]),
]


@pytest.mark.parametrize(
    ("found", "share", "paid", "wanted"), [row[1:] for row in BEARERS], ids=[row[0] for row in BEARERS]
)
def test_who_bears_a_share(
    found: UnitFacts, share: int, paid: date | None, wanted: list[tuple[int | None, int, int]]
) -> None:
    parts = parts_of_share(found, NOVEMBER, Fen(share), paid)
    assert [(part.account and part.account.id, part.days.count, part.amount) for part in parts] == wanted
    assert all((part.account is None) == (part.reason is not None) for part in parts)


DAYS = st.one_of(st.none(), st.integers(min_value=1, max_value=30).map(lambda number: date(2026, 11, number)))


@given(st.integers(min_value=0, max_value=10**9), DAYS, DAYS, DAYS)
def test_the_parts_of_a_share_sum_to_it(
    share: int, delivered: date | None, sold: date | None, paid: date | None
) -> None:
    accounts = [DEVELOPER, AccountFacts(1, None, sold, False)]
    if sold is not None:
        accounts.append(AccountFacts(2, sold + timedelta(1), None, False))
    parts = parts_of_share(unit(*accounts, delivered_on=delivered), NOVEMBER, Fen(share), paid)
    assert sum(part.amount for part in parts) == share
    assert sum(part.days.count for part in parts) == 30
    assert [part.days.first for part in parts] == sorted(part.days.first for part in parts)


# ---- words and bills -----------------------------------------------------------------------------------------------


def test_a_bill_keeps_its_arithmetic() -> None:
    found = cost(683760)
    out = share_out(found, [home(5, "1-1", area=Fraction("98.60")), home(6, "1-2", area=Fraction("18141.40"))])
    units = {5: unit(OWNER), 6: unit(OWNER)._replace(id=6, code="1-2", accounts=())}
    plan = borne_shares(out, units, {})
    assert sum(one.part.amount for one in plan.borne) == 683760
    bill = SharedBiller(out).bill(plan.borne[0], vacant=False)
    assert (bill.source, bill.number, bill.due, bill.line.version) == ("shared", 1, date(2026, 12, 15), None)
    assert (bill.account, bill.line.gross, bill.line.basis) == (1, 3696, "6,837.60 × 98.60 ÷ 18,240 ㎡")
    assert bill.line.explanation == (
        "2026-11“1 栋公共用电”总额 6,837.60 元，按面积分摊给 2 户。",
        "总额 6,837.60 × 98.60 ㎡ ÷ 18,240.00 ㎡ = 36.96 元（分位尾差按最大余数分配，合计等于总额）。",
    )
    assert dict(bill.line.facts) == {
        "shared_cost": "1 栋公共用电",
        "total": "683760",
        "share_basis": "按面积",
        "weight": "493/5",
        "weights": "18240",
        "share": "3696",
    }
    assert plan.borne[1].part.reason is not None


# Cost, weighables and the basis of the first home in signs.
WORDS: list[tuple[Cost, list[Weighable], str]] = [
    (cost(640000, "按户"), [home(n, f"1-{n}") for n in range(1, 65)], "6,400.00 ÷ 64 户"),
    (
        cost(1000, "按户", vacant_weight=HALF),
        [home(1, "1-1", vacant=True), home(2, "1-2")],
        "10.00 × 0.5 ÷ 1.5 户",
    ),
    (
        cost(100000, "按用量", meter_kinds=("水表",)),
        [home(1, "1-1", usage=Fraction(19)), home(2, "1-2", usage=Fraction("1231.5"))],
        "1,000.00 × 19 ÷ 1,250.5 吨",
    ),
    (
        cost(100000, "按系数"),
        [home(1, "1-1", coefficient=Fraction("1.2")), home(2, "1-2", coefficient=Fraction(2))],
        "1,000.00 × 1.2 ÷ 3.2",
    ),
    (
        cost(345678),
        [home(1, "1-1", area=Fraction("98.60")), home(2, "1-2", area=Fraction("123357.45"))],
        "3,456.78 × 98.60 ÷ 123,456.05 ㎡",
    ),
]


@pytest.mark.parametrize(("found", "weighable", "basis"), WORDS, ids=[row[2] for row in WORDS])
def test_the_basis_in_signs(found: Cost, weighable: list[Weighable], basis: str) -> None:
    out = share_out(found, weighable)
    units = {one.unit: unit(OWNER)._replace(id=one.unit, code=one.code) for one in weighable}
    assert SharedBiller(out).bill(borne_shares(out, units, {}).borne[0], vacant=weighable[0].vacant).line.basis == basis


def test_part_of_a_month_and_an_empty_home_are_said() -> None:
    out = share_out(
        cost(10000, vacant_weight=HALF),
        [home(5, "1-1", area=Fraction(100), vacant=True), home(6, "1-2", area=Fraction(50))],
    )
    units = {5: unit(OWNER, DEVELOPER, delivered_on=day(13)), 6: unit(OWNER)._replace(id=6, code="1-2")}
    first, second, _other = borne_shares(out, units, {}).borne
    bills = [SharedBiller(out).bill(one, vacant=True) for one in (first, second)]
    # 100.00 × 50 ÷ 100 = 50.00; 12/30 of it 20.00, 18/30 30.00.
    assert [(bill.account, bill.line.gross) for bill in bills] == [(9, 2000), (1, 3000)]
    assert bills[0].line.basis == "100.00 × 100.00 × 0.5 ÷ 100 ㎡ × 12/30 天"
    assert bills[1].line.explanation[2:] == (
        "该房屋空置，按 0.5 计权重。",
        "2026-11-13 至 2026-11-30：承担其中 18/30 天，30.00 元。",
    )


@pytest.mark.parametrize(
    ("item", "kinds"),
    [
        ("公摊电费", ("电表", "电表峰", "电表谷")),
        ("公摊水费", ("水表",)),
        ("热水公摊", ("热水表",)),
        ("公摊燃气费", ("燃气表",)),
        ("电梯费", ("电表", "电表峰", "电表谷")),
        ("公摊保洁费", ()),
    ],
)
def test_the_meters_that_a_shared_item_follows(item: str, kinds: tuple[str, ...]) -> None:
    assert meter_kinds_of(item) == kinds


@pytest.mark.parametrize(
    ("period", "due", "wanted"),
    [
        ("2026-11", "次月15", "2026-12-15"),
        ("2026-11", "当月末", "2026-11-30"),
        ("2026-11", "2027-01-08", "2027-01-08"),
        ("2026Q4", "当月末", "2026-10-31"),
        ("2026Q4", "周期末日", "2026-12-31"),
    ],
)
def test_due_dates(period: str, due: str, wanted: str) -> None:
    assert cost(1, period=Period.parse(period), due=due).due_date == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("1-*", ("1-*",)),
        (" 1-*;2-*； s-001、S-001 ，3-1-502", ("1-*", "2-*", "S-001", "3-1-502")),
        ("＊－１", ("*-1",)),
        (" ;; ", ()),
    ],
)
def test_scopes_as_typed(text: str, scope: tuple[str, ...]) -> None:
    assert parse_scope(text) == scope
