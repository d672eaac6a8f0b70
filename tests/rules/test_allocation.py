"""Which debts a payment settles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.allocation import AllocationOrder, AllocationPart, Owed, allocate, is_current_or_earlier

DEBTS = [Owed(1, Fen(100), Fen(7)), Owed(2, Fen(200), Fen(5)), Owed(3, Fen(300))]


def as_tuples(parts: list[AllocationPart]) -> list[tuple[int, str, int]]:
    return [(part.charge, part.kind, part.amount) for part in parts]


def test_all_principal_first_then_late_fees_oldest_first() -> None:
    assert as_tuples(allocate(DEBTS, Fen(609))) == [
        (1, "principal", 100),
        (2, "principal", 200),
        (3, "principal", 300),
        (1, "late_fee", 7),
        (2, "late_fee", 2),
    ]


def test_by_setting_each_late_fee_before_its_principal() -> None:
    parts = allocate(DEBTS, Fen(110), AllocationOrder.LATE_FEE_FIRST)
    assert as_tuples(parts) == [(1, "late_fee", 7), (1, "principal", 100), (2, "late_fee", 3)]


@pytest.mark.parametrize("amount", [-1, 613])
def test_no_more_than_what_is_owed(amount: int) -> None:
    with pytest.raises(ValueError, match="cannot be allocated"):
        allocate(DEBTS, Fen(amount))


fen = st.integers(0, 10**6).map(Fen)


@given(
    debts=st.lists(st.tuples(fen, fen), max_size=8),
    share=st.integers(0, 100),
    order=st.sampled_from(AllocationOrder),
)
def test_the_parts_sum_to_the_payment(debts: list[tuple[Fen, Fen]], share: int, order: AllocationOrder) -> None:
    owed = [Owed(n, principal, late_fee) for n, (principal, late_fee) in enumerate(debts)]
    amount = Fen(sum(one.principal + one.late_fee for one in owed) * share // 100)
    parts = allocate(owed, amount, order)
    assert sum(part.amount for part in parts) == amount
    assert all(part.amount > 0 for part in parts)
    for one in owed:
        of_it = {part.kind: part.amount for part in parts if part.charge == one.charge}
        assert of_it.get("principal", 0) <= one.principal
        assert of_it.get("late_fee", 0) <= one.late_fee


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2026-11", True), ("2026-12", False), ("2026Q4", True), ("2026H2", True), ("2027", False), ("2020-01", True)],
)
def test_current_or_earlier(period: str, expected: bool) -> None:
    assert is_current_or_earlier(period, date(2026, 11, 23)) is expected
