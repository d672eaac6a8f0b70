"""The lines of a receipt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.rules.receipt_document import ReceiptLine
from feedesk.rules.receipt_lines import SettledCharge, compose_lines, concession_of, months_together, period_span


def charge(
    period: str,
    gross: int,
    *,
    item: str = "物业费",
    unit: str = "3-1-502",
    basis: str = "98.60 ㎡ × 2.80",
    discount: int = 0,
    concession: str = "",
    paid: int | None = None,
    late_fee: int = 0,
    rate: str = "",
) -> SettledCharge:
    principal = gross - discount if paid is None else paid
    return SettledCharge(
        item, unit, period, basis, Fen(gross), Fen(discount), concession, Fen(principal), Fen(late_fee), rate
    )


def shown(lines: tuple[ReceiptLine, ...]) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [(line.item, line.periods, line.amount, line.details) for line in lines]


def test_the_receipt_of_the_picture() -> None:
    area = [
        charge(month, 27608, discount=2761, concession="老年减免10%", late_fee=fee)
        for month, fee in (("2026-08", 626), ("2026-09", 403), ("2026-10", 171), ("2026-11", 0))
    ]
    rent = [
        charge(month, 30000, item="车位服务费", unit="B1-087", basis="B1-087 · 月租", late_fee=fee)
        for month, fee in (("2026-09", 486), ("2026-10", 207), ("2026-11", 0))
    ]
    water = charge("2026-09", 4864, item="水费", basis="431→447 · 16 吨 × 3.04")
    shared = charge("2026-08", 3696, item="公摊电费", basis="6,837.60 × 98.60 ÷ 18,240 ㎡")
    lines = compose_lines([*area, *rent, water, shared], "3-1-502")
    assert shown(lines) == [
        ("物业费", "2026-08~11", 99388, ("98.60㎡×2.80×4=1,104.32", "老年减免10% −110.44")),
        ("车位服务费", "2026-09~11", 90000, ("B1-087 300.00×3",)),
        ("水费", "2026-09", 4864, ("431→447 16吨×3.04",)),
        ("公摊电费", "2026-08", 3696, ("6,837.60×98.60÷18,240㎡",)),
        ("违约金", "", 1893, ("物业费12.00 车位服务费6.93",)),
    ]
    assert all(line.unit == "" for line in lines)


def test_only_following_periods_at_one_price_are_merged() -> None:
    charges = [
        charge("2026-08", 27608),
        charge("2026-10", 27608),
        charge("2026-11", 28000, basis="100.00 ㎡ × 2.80"),
        charge("2026-12", 28000, basis="100.00 ㎡ × 2.80"),
        charge("2027-01", 28000, basis="100.00 ㎡ × 2.80"),
    ]
    assert [(line.periods, line.amount) for line in compose_lines(charges, "3-1-502")] == [
        ("2026-08", 27608),
        ("2026-10", 27608),
        ("2026-11~2027-01", 84000),
    ]


def test_a_part_payment_stands_alone_and_says_so() -> None:
    lines = compose_lines([charge("2026-10", 27608), charge("2026-11", 27608, paid=10000)], "3-1-502")
    assert [line.amount for line in lines] == [27608, 10000]
    assert lines[1].details == ("98.60㎡×2.80", "部分缴纳，本笔共 276.08")


def test_late_fees_tell_their_rate() -> None:
    rent = charge("2026-09", 30000, item="车位服务费", late_fee=486, rate="万分之三/日")
    area = charge("2026-09", 24847, late_fee=403, rate="万分之三/日")
    (*_others, same) = compose_lines([area, rent], "3-1-502")
    assert same == ReceiptLine("违约金", "", Fen(889), ("物业费4.03 车位服务费4.86 万分之三/日",))
    dearer = charge("2026-09", 24847, late_fee=671, rate="万分之五/日")
    (*_others, each) = compose_lines([dearer, rent], "3-1-502")
    assert each.details == ("物业费6.71 万分之五/日 车位服务费4.86 万分之三/日",)
    changed = charge("2026-08", 24847, late_fee=700, rate="4 倍 LPR")
    (*_others, unclear) = compose_lines([changed, dearer, rent], "3-1-502")
    assert unclear.details == ("物业费13.71 车位服务费4.86 万分之三/日",)


def test_only_a_late_fee_is_left_to_pay() -> None:
    lines = compose_lines([charge("2026-08", 24847, paid=0, late_fee=626, rate="万分之三/日")], "3-1-502")
    assert shown(lines) == [("违约金", "2026-08", 626, ("物业费6.26 万分之三/日",))]
    three = [charge(month, 24847, paid=0, late_fee=100) for month in ("2026-10", "2025-12", "2026-08")]
    assert shown(compose_lines(three, "3-1-502")) == [("违约金", "2025-12~2026-10", 300, ("物业费3.00",))]


def test_another_unit_is_named() -> None:
    shop = charge("2026-10", 100, item="商铺物业费", unit="S-001")
    lines = compose_lines([shop, charge("2026-10", 100, basis="")], "3-1-502")
    assert [line.unit for line in lines] == ["S-001", ""]
    assert lines[1].details == ()


def test_every_unit_is_named_where_one_item_is_paid_for_several() -> None:
    units = ("3-1-502", "3-1-503")
    homes = [charge("2026-10", 100, unit=unit, late_fee=fee) for fee, unit in enumerate(units, 1)]
    *own, late = compose_lines([*homes, charge("2026-10", 50, item="水费")], "3-1-502")
    assert [(line.unit, line.item) for line in own] == [
        ("3-1-502", "物业费"),
        ("3-1-502", "水费"),
        ("3-1-503", "物业费"),
    ]
    assert late.details == ("3-1-502 物业费0.01 3-1-503 物业费0.02",)


def test_what_is_paid_for_several_homes_stands_home_by_home() -> None:
    """As a family pays for three flats: whoever asks what his own was reads it in one place."""
    units, items = ("3-1-503", "3-1-502", "B1-087"), ("物业费", "水费")
    charges = [
        charge(period, 100, item=item, unit=unit, basis=f"{unit} · 月租" if unit == "B1-087" else "")
        for period in ("2026-09", "2026-10")
        for item in items
        for unit in units
    ]
    lines = compose_lines(charges, "3-1-502")
    assert [(line.unit, line.item, line.periods) for line in lines] == [
        (unit, item, "2026-09~10") for unit in ("3-1-502", "3-1-503", "B1-087") for item in items
    ]


@pytest.mark.parametrize(
    ("basis", "months", "detail"),
    [
        ("补收：漏算 2 部电梯", 1, "补收：漏算 2 部电梯"),
        ("补收：漏算电梯", 2, "补收：漏算电梯 25.00×2"),
        ("25.00 元/月", 1, "25.00 元/月"),
        ("25.00 元/月", 3, "25.00×3"),
        ("B1-087 · 月租", 1, "B1-087 25.00"),
        ("98.60 ㎡ × 2.80", 1, "98.60㎡×2.80"),
    ],
)
def test_the_arithmetic_on_paper(basis: str, months: int, detail: str) -> None:
    charges = [charge(str(Period(2026 * 12 + month)), 2500, basis=basis) for month in range(months)]
    (line,) = compose_lines(charges, "3-1-502")
    assert line.details == (detail,)


def given_back(periods: str, amount: int = 100, item: str = "物业费", unit: str = "") -> ReceiptLine:
    return ReceiptLine(item, periods, Fen(amount), unit=unit)


@pytest.mark.parametrize(
    ("lines", "together"),
    [
        ([], []),
        ([("2026-12",)], [("2026-12", 100)]),
        ([("2026-12",), ("2026-11",), ("2026-10",)], [("2026-10~12", 300)]),
        ([("2026-11",), ("2026-12",), ("2027-01",)], [("2026-11~2027-01", 300)]),
        ([("2026-11",), ("2026-12",), ("2026-11",)], [("2026-11~12", 200), ("2026-11", 100)]),
        ([("2026-12",), ("2026-10",)], [("2026-12", 100), ("2026-10", 100)]),
        ([("2026-12", 101), ("2026-11", 100)], [("2026-12", 101), ("2026-11", 100)]),
        ([("2026-12",), ("2026-11", 100, "水费")], [("2026-12", 100), ("2026-11", 100)]),
        ([("2026-12",), ("2026-11", 100, "物业费", "S-1")], [("2026-12", 100), ("2026-11", 100)]),
        ([("",), ("",)], [("", 100), ("", 100)]),
        ([("2026Q4",), ("2026Q3",)], [("2026Q3~2026Q4", 200)]),
    ],
)
def test_whole_months_given_back_are_one_line(lines: list[tuple[str]], together: list[tuple[str, int]]) -> None:
    found = months_together([given_back(*line) for line in lines])
    assert [(line.periods, line.amount) for line in found] == together


def test_spans_and_concessions() -> None:
    assert period_span("2026-08", "2026-08") == "2026-08"
    assert period_span("2026Q3", "2026Q4") == "2026Q3~2026Q4"
    assert concession_of('{"concession":"老年减免"}') == "老年减免"
    assert concession_of("") == ""


charges = st.builds(
    lambda n, item, gross, discount, part, fee: charge(
        str(Period(2026 * 12 + n)),
        gross,
        item=item,
        discount=gross * discount // 100,
        paid=(gross - gross * discount // 100) * part // 100,
        late_fee=fee,
    ),
    st.integers(0, 24),
    st.sampled_from(["物业费", "水费"]),
    st.integers(1, 10**6),
    st.integers(0, 50),
    st.sampled_from([100, 100, 100, 50, 0]),
    st.integers(0, 100),
)


@given(st.lists(charges, max_size=8))
def test_the_lines_sum_to_what_was_settled(settled: list[SettledCharge]) -> None:
    lines = compose_lines(settled, "3-1-502")
    assert sum(line.amount for line in lines) == sum(one.principal + one.late_fee for one in settled)
