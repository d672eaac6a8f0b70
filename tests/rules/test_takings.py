"""Takings: every fen in one row and one column, the picture's day, and what a cashier may see before she counts."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import ZERO, Fen
from feedesk.rules.takings import (
    Cell,
    Group,
    LineKind,
    PaidLine,
    PaidPayment,
    PaidTender,
    Share,
    add_up_takings,
    cross_items_and_tenders,
    crossed,
    share_of_period,
    without_cash,
)
from tests.day_sample import DAY, ORDER, picture_payments

_KINDS = {"cash": "cash", "wechat": "channel", "transfer": "bank", "prepaid": "prepaid"}
_amounts = st.integers(-10_000, 10_000).map(Fen)
_positive = st.integers(1, 10_000).map(Fen)


def payment(
    lines: list[PaidLine], tenders: dict[str, int], *, kind: str = "payment", rounding: int = 0, number: int = 1
) -> PaidPayment:
    return PaidPayment(
        id=number,
        kind=kind,
        receipt=f"SJ-2026-1-{number:06d}",
        at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        cashier="样例收费员",
        till="1 号台",
        shift=1,
        unit="1-1-101",
        payer="样例住户",
        lines=tuple(lines),
        tenders=tuple(PaidTender(code, _KINDS[code], Fen(kept)) for code, kept in tenders.items()),
        rounding=Fen(rounding),
    )


def fee(amount: int, item: str = "物业费", nature: str = "自有", period: str = "2026-11") -> PaidLine:
    return PaidLine(LineKind.PRINCIPAL, Fen(amount), item, nature, period)


@st.composite
def matching(draw: st.DrawFn, amounts: st.SearchStrategy[Fen]) -> tuple[list[Fen], list[Fen]]:
    """Lines and tenders of any number that have the same sum."""
    lines = draw(st.lists(amounts, min_size=1, max_size=8))
    cuts = draw(st.lists(amounts, max_size=4))
    return lines, [*cuts, Fen(sum(lines) - sum(cuts))]


@st.composite
def payments(draw: st.DrawFn) -> PaidPayment:
    lines = draw(
        st.lists(
            st.builds(
                PaidLine,
                st.sampled_from([LineKind.PRINCIPAL, LineKind.LATE_FEE, LineKind.DEPOSIT, LineKind.PREPAYMENT]),
                _positive,
                st.sampled_from(["物业费", "水费"]),
                st.sampled_from(["自有", "代收代付", "公共收益", "押金"]),
                st.sampled_from(["2026-10", "2026-11", "2026Q4", "2027"]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    total = sum(line.amount for line in lines)
    cash_rounding = draw(st.integers(0, min(9, total)))
    codes = draw(st.lists(st.sampled_from(["wechat", "transfer", "prepaid"]), unique=True, max_size=3))
    left, tenders = total - cash_rounding, {}
    for code in codes:
        tenders[code] = draw(st.integers(0, left))
        left -= tenders[code]
    return payment(lines, {"cash": left, **tenders}, rounding=cash_rounding, number=draw(st.integers(1, 10**6)))


@given(matching(_amounts))
def test_rows_and_columns_both_sum_whatever_the_signs(amounts: tuple[list[Fen], list[Fen]]) -> None:
    lines, tenders = amounts
    cells = cross_items_and_tenders(lines, tenders)
    assert [sum(cell.amount for cell in cells if cell.line == n) for n in range(len(lines))] == lines
    assert [sum(cell.amount for cell in cells if cell.tender == n) for n in range(len(tenders))] == tenders
    assert all(cell.amount for cell in cells)


@given(st.lists(_positive, min_size=1, max_size=8), st.data())
def test_positive_amounts_are_split_into_positive_ones(lines: list[Fen], data: st.DataObject) -> None:
    left = int(sum(lines))
    tenders: list[Fen] = []
    while left:
        tenders.append(Fen(data.draw(st.integers(1, left))))
        left -= tenders[-1]
        if len(tenders) == 4:
            tenders[-1] = Fen(tenders[-1] + left)
            break
    cells = cross_items_and_tenders(lines, tenders)
    assert all(cell.amount > 0 for cell in cells)
    assert len(cells) < len(lines) + len(tenders), "each cell finishes a line or a tender"


@given(matching(_positive))
def test_a_mirrored_payment_has_mirrored_cells(amounts: tuple[list[Fen], list[Fen]]) -> None:
    lines, tenders = amounts
    mirrored = cross_items_and_tenders([Fen(-one) for one in lines], [Fen(-one) for one in tenders])
    assert mirrored == [replace(cell, amount=Fen(-cell.amount)) for cell in cross_items_and_tenders(lines, tenders)]


@pytest.mark.parametrize(
    ("lines", "tenders", "cells"),
    [
        ([5], [5], [(0, 0, 5)]),
        ([5, 7], [5, 7], [(0, 0, 5), (1, 1, 7)]),
        ([5, 7], [6, 6], [(0, 0, 5), (1, 0, 1), (1, 1, 6)]),
        ([12], [4, 0, 8], [(0, 0, 4), (0, 2, 8)]),
        ([0, 3], [3], [(1, 0, 3)]),
        ([-5, -7], [-6, -6], [(0, 0, -5), (1, 0, -1), (1, 1, -6)]),
        ([3, -3], [5, -5], [(1, 0, 2), (0, 0, 3), (1, 1, -5)]),
        ([5, -5], [0], [(0, 0, 5), (1, 0, -5)]),
        ([], [], []),
    ],
)
def test_filling_in_order(lines: list[int], tenders: list[int], cells: list[tuple[int, int, int]]) -> None:
    found = cross_items_and_tenders([Fen(one) for one in lines], [Fen(one) for one in tenders])
    assert sorted((cell.line, cell.tender, cell.amount) for cell in found) == sorted(cells)


@pytest.mark.parametrize(("lines", "tenders"), [([5], [4]), ([], [3, -3]), ([3, -3], []), ([1], [])])
def test_what_does_not_match_is_refused(lines: list[int], tenders: list[int]) -> None:
    with pytest.raises(ValueError, match="do not match"):
        cross_items_and_tenders([Fen(one) for one in lines], [Fen(one) for one in tenders])


def test_prepaid_money_goes_first_and_cash_last() -> None:
    bought = payment(
        [fee(10000), PaidLine(LineKind.PREPAYMENT, Fen(500))], {"cash": 4500, "prepaid": 2000, "wechat": 4000}
    )
    ordered, cells = crossed(bought)
    assert [tender.code for tender in ordered.tenders] == ["prepaid", "wechat", "cash"]
    assert cells == [Cell(0, 0, Fen(2000)), Cell(0, 1, Fen(4000)), Cell(0, 2, Fen(4000)), Cell(1, 2, Fen(500))]


def test_rounding_is_a_line_forgone_in_cash() -> None:
    ordered, cells = crossed(payment([fee(10008)], {"cash": 5000, "wechat": 5000}, rounding=8))
    assert ordered.lines[-1] == PaidLine(LineKind.ROUNDING, Fen(-8))
    assert cells == [Cell(0, 0, Fen(5000)), Cell(0, 1, Fen(5008)), Cell(1, 1, Fen(-8))]
    takings = add_up_takings([payment([fee(10008)], {"cash": 10000}, rounding=8)], DAY)
    assert takings.by_item() == {"物业费": {"cash": 10008}, "抹零": {"cash": -8}}
    assert takings.total == 10000


@given(st.lists(payments(), max_size=6, unique_by=lambda one: one.id))
def test_the_table_sums_every_way(paid: list[PaidPayment]) -> None:
    takings = add_up_takings(paid, DAY)
    total = sum(one.total for one in paid)
    by_tender: dict[str, int] = {}
    for one in paid:
        for tender in one.tenders:
            by_tender[tender.code] = by_tender.get(tender.code, 0) + tender.kept
    assert takings.total == total == sum(takings.shares.values())
    assert {code: amount for code, amount in takings.by_tender().items() if amount} == {
        code: amount for code, amount in by_tender.items() if amount
    }
    assert sum(sum(amounts.values()) for amounts in takings.by_item().values()) == total


@given(payments())
def test_a_void_leaves_nothing_of_its_payment(paid: PaidPayment) -> None:
    original = replace(paid, voided=True)
    void = replace(
        paid,
        id=paid.id + 1,
        kind="void",
        lines=tuple(replace(line, amount=Fen(-line.amount)) for line in paid.lines),
        tenders=tuple(replace(tender, kept=Fen(-tender.kept)) for tender in paid.tenders),
        rounding=Fen(-paid.rounding),
    )
    takings = add_up_takings([original, void], DAY)
    assert takings.rows == ()
    assert takings.returned == ()
    assert not any(takings.shares.values())


def test_the_day_of_the_picture() -> None:
    takings = add_up_takings(picture_payments(), DAY, ORDER)
    rows = [(row.item, row.count, row.amounts.get("wechat", 0), row.amounts.get("alipay", 0)) for row in takings.rows]
    assert rows == [
        ("物业费", 41, 1435620, 612000),
        ("车位服务费", 18, 390000, 90000),
        ("水费", 33, 120450, 38810),
        ("公摊电费", 30, 70236, 23014),
        ("违约金", 12, 8640, 2380),
        ("预存款", 5, 150000, 0),
        ("装修押金", 1, 0, 0),
        ("抹零", 4, 0, 0),
    ]
    assert takings.subtotal(Group.OWN)["wechat"] == 1825620
    assert takings.subtotal(Group.AGENCY) == {"wechat": 190686, "alipay": 61824, "cash": 16220}
    assert takings.returned_by_tender() == {"wechat": -30000}
    assert takings.by_tender() == {
        "wechat": 2144946,
        "alipay": 766204,
        "card": 531300,
        "prepaid": 24000,
        "cash": 398240 - 50000,
    }
    assert takings.shares[Share.CURRENT] == 1230650
    assert takings.shares[Share.ARREARS] == 2011000
    assert takings.shares[Share.ADVANCE] == 220000


def test_what_is_given_back_is_a_row_apart_but_net_by_item() -> None:
    back = payment([fee(-3000)], {"wechat": -3000}, kind="reversal", number=2)
    takings = add_up_takings([payment([fee(5000)], {"wechat": 5000}), back], DAY)
    assert [(row.item, row.amounts, row.count) for row in takings.rows] == [("物业费", {"wechat": 5000}, 1)]
    assert takings.returned_count == 1
    assert takings.by_item() == {"物业费": {"wechat": 2000}}
    assert (takings.shares[Share.CURRENT], takings.shares[Share.RETURNED]) == (5000, -3000)


@pytest.mark.parametrize(
    ("period", "share"),
    [
        ("2026-10", Share.ARREARS),
        ("2026-11", Share.CURRENT),
        ("2026-12", Share.ADVANCE),
        ("2026Q3", Share.ARREARS),
        ("2026Q4", Share.CURRENT),
        ("2027Q1", Share.ADVANCE),
        ("2026H1", Share.ARREARS),
        ("2026", Share.CURRENT),
        ("2025", Share.ARREARS),
    ],
)
def test_age_of_a_period(period: str, share: Share) -> None:
    assert share_of_period(period, date(2026, 11, 23)) is share


def test_rows_are_ordered_by_nature_and_place() -> None:
    lines = [
        PaidLine(LineKind.PREPAYMENT, Fen(1)),
        PaidLine(LineKind.DEPOSIT, Fen(2), "装修押金", "押金"),
        PaidLine(LineKind.LATE_FEE, Fen(3), "物业费", "自有"),
        fee(4, "广告分成", "公共收益"),
        fee(5, "水费", "代收代付"),
        fee(6, "车位服务费"),
        fee(7, "物业费"),
        fee(8, "门禁押金", "押金"),
    ]
    takings = add_up_takings([payment(lines, {"cash": 36})], DAY, {"物业费": 1, "车位服务费": 2, "水费": 3})
    assert [(str(row.group), row.item) for row in takings.rows] == [
        ("自有", "物业费"),
        ("自有", "车位服务费"),
        ("代收代付", "水费"),
        ("公共收益", "广告分成"),
        ("违约金", "违约金"),
        ("预存款", "预存款"),
        ("押金", "装修押金"),
        ("押金", "门禁押金"),
    ]
    assert takings.shares[Share.DEPOSIT] == 10, "an item whose nature is a deposit is one, charged or not"


def test_before_the_count_nothing_tells_the_cash() -> None:
    takings = add_up_takings(
        [
            payment([fee(900)], {"cash": 500, "wechat": 400}),
            payment([fee(100, "水费", "代收代付")], {"wechat": 100}, number=2),
        ],
        DAY,
    )
    mixed, clean = without_cash(takings.rows, frozenset({"cash"}))
    assert mixed.amounts == {"wechat": 400, "cash": None}
    assert (mixed.total, clean.total) == (None, 100)
    assert add_up_takings([], DAY).total == ZERO
