"""Which debts a payment settles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.allocation import (
    AllocationOrder,
    AllocationPart,
    DebtPart,
    Owed,
    allocate,
    is_current_or_earlier,
    is_designated,
    only_part,
)

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


@given(
    debts=st.lists(st.tuples(fen, fen), max_size=8),
    chosen=st.sets(st.integers(0, 7)),
    only=st.sampled_from([None, *DebtPart]),
    share=st.integers(0, 100),
    order=st.sampled_from(AllocationOrder),
)
def test_a_designation_sums_to_the_payment_and_touches_nothing_else(
    debts: list[tuple[Fen, Fen]], chosen: set[int], only: DebtPart | None, share: int, order: AllocationOrder
) -> None:
    """Whichever debts of however many accounts the payer names, or only one part of them."""
    everything = [Owed(n, principal, late_fee) for n, (principal, late_fee) in enumerate(debts)]
    named = [only_part(one, only) for one in everything if one.charge in chosen]
    amount = Fen(sum(one.principal + one.late_fee for one in named) * share // 100)
    parts = allocate(named, amount, order)
    assert sum(part.amount for part in parts) == amount
    assert {part.charge for part in parts} <= chosen
    assert only is None or {part.kind for part in parts} <= {only}
    agreed = allocate(everything, amount, order)
    assert is_designated(parts, everything, order) is (sorted(as_tuples(parts)) != sorted(as_tuples(agreed)))
    assert not is_designated(agreed, everything, order)


@pytest.mark.parametrize(
    ("chosen", "only", "amount", "designated"),
    [
        ({1, 2, 3}, None, 612, False),
        ({1, 2, 3}, None, 250, False),  # a part of all that is due: oldest first
        ({1}, None, 100, False),  # the oldest one's principal is what the agreed order settles too
        ({1}, None, 107, True),  # with its late fee, which all principals come before
        ({2, 3}, None, 505, True),
        ({1, 2, 3}, DebtPart.PRINCIPAL, 600, False),
        ({1, 2, 3}, DebtPart.LATE_FEE, 12, True),
    ],
)
def test_what_is_the_payers_own_choice(chosen: set[int], only: DebtPart | None, amount: int, designated: bool) -> None:
    parts = allocate([only_part(one, only) for one in DEBTS if one.charge in chosen], Fen(amount))
    assert is_designated(parts, DEBTS) is designated
