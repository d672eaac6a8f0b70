"""What may explain a difference in the drawer: each kind of mistake by hand, and that nothing else is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import Fen
from feedesk.rules.variance import CauseKind, DrawerMovement, DrawerReceipt, likely_causes


def receipt(number: str, cash: int = 0, *, change: int = 0, is_void: bool = False, **others: int) -> DrawerReceipt:
    named = {name: Fen(amount) for name, amount in others.items()}
    return DrawerReceipt(number, "10:42", Fen(cash), named, Fen(change), is_void)


CASH = receipt("A", 27_608)
WECHAT = receipt("B", 0, 微信=30_000)
CHANGED = receipt("C", 16_350, change=3_650)
TRANSPOSED = receipt("D", 45_100)
VOID = receipt("E", 8_888, is_void=True)
REFUND = receipt("F", -7_777)
SHIFT = [CASH, WECHAT, CHANGED, TRANSPOSED, VOID, REFUND]


@pytest.mark.parametrize(
    ("over_short", "kind", "number"),
    [
        (-27_608, CauseKind.OTHER_TENDER, "A"),  # booked as cash, not in the drawer
        (30_000, CauseKind.OTHER_TENDER, "B"),  # booked as WeChat, in the drawer
        (8_888, CauseKind.VOIDED, "E"),  # voided, still in the drawer
        (-3_650, CauseKind.CHANGE, "C"),  # change given twice
        (3_650, CauseKind.CHANGE, "C"),  # change not given
        (9_000, CauseKind.TRANSPOSED, "D"),  # 451.00 booked for 541.00
        (-3_600, CauseKind.TRANSPOSED, "D"),  # 451.00 booked for 415.00
        (-2 * 27_608, CauseKind.TWICE, "A"),  # given out instead of taken
        (2 * 7_777, CauseKind.TWICE, "F"),  # a refund taken in instead of given out
    ],
)
def test_each_mistake_names_its_receipt(over_short: int, kind: CauseKind, number: str) -> None:
    causes = likely_causes(SHIFT, Fen(over_short))
    assert (kind, number) in [(cause.kind, cause.receipt) for cause in causes]
    assert {cause.receipt for cause in causes if cause.kind is kind} == {number}


@pytest.mark.parametrize(
    ("over_short", "kinds"),
    [
        (0, []),
        (1, []),  # no coin of a fen
        (-5_000, [CauseKind.COUNT, CauseKind.NOTE]),  # one 50 less, or a 50 taken for a 100
        (8_000, [CauseKind.NOTE]),  # 100 for 20
        (-9_500, [CauseKind.NOTE]),  # 100 for 5
        (50, [CauseKind.COUNT, CauseKind.NOTE]),  # a half yuan, or 1 for 0.5
    ],
)
def test_notes_taken_for_others(over_short: int, kinds: list[CauseKind]) -> None:
    assert [cause.kind for cause in likely_causes([], Fen(over_short))] == kinds


def test_a_note_in_words() -> None:
    words = [cause.words for cause in likely_causes([], Fen(-4_950))]
    assert words == ["0.5 元可能错当成 50 元收下，或找 0.5 元给了 50 元"]


def test_of_one_kind_three_are_named() -> None:
    many = [receipt(str(number), 10_000) for number in range(9)]
    causes = likely_causes(many, Fen(-10_000))
    assert [cause.receipt for cause in causes if cause.kind is CauseKind.OTHER_TENDER] == ["0", "1", "2"]


def test_a_sum_paid_in_cash_lies_in_the_drawer_without_its_fen() -> None:
    """539.04 booked as WeChat but paid with 600: 61.00 went back, so 539.00 is over and not 539.04."""
    receipts = [receipt("A", 0, 微信=53_904), receipt("B", 0, 微信=53_911)]
    causes = likely_causes(receipts, Fen(53_900), step=10)
    assert [(cause.kind, cause.receipt) for cause in causes] == [(CauseKind.OTHER_TENDER, "A")]
    assert "539.04" in causes[0].words


def test_two_receipts_of_one_unit_over_the_same_cash() -> None:
    twice = [
        DrawerReceipt("A", "10:42", Fen(50_000), {}, Fen(0), unit="1-1-502"),
        DrawerReceipt("B", "10:43", Fen(50_000), {}, Fen(0), unit="1-1-601"),
        DrawerReceipt("C", "10:44", Fen(50_000), {}, Fen(0), unit="1-1-502"),
    ]
    first = likely_causes(twice, Fen(-50_000))[0]
    assert (first.kind, first.receipt) == (CauseKind.DOUBLED, "C")
    assert "A" in first.words
    assert all(cause.kind is not CauseKind.DOUBLED for cause in likely_causes(twice, Fen(50_000)))
    assert all(cause.kind is not CauseKind.DOUBLED for cause in likely_causes(twice[:2], Fen(-50_000)))


def test_digits_of_the_cash_given_may_be_transposed() -> None:
    """2,100.00 typed where 1,200.00 lay on the counter: 900.00 of change too much."""
    paid = [receipt("A", 116_840, change=210_000 - 116_840), receipt("B", 116_840)]
    causes = likely_causes(paid, Fen(-90_000))
    assert [(cause.kind, cause.receipt) for cause in causes] == [(CauseKind.TRANSPOSED, "A")]
    assert "1,200.00" in causes[0].words


@pytest.mark.parametrize(
    ("over_short", "named"),
    [
        (-5_000, ["A", "C"]),  # 50 taken for 100 of the 300 given, or 100 given out for the 50 in C's change
        (-3_000, ["B"]),  # 20 taken for the 50 of 350
        (3_000, ["C"]),  # 20 given out for the 50 in C's change
    ],
)
def test_one_note_for_another_names_the_receipts_with_such_a_note(over_short: int, named: list[str]) -> None:
    receipts = [
        receipt("A", 30_000),  # 100 × 3
        receipt("B", 5_000),  # 50
        receipt("C", -4_950, change=5_000),  # 50 back
    ]
    causes = likely_causes(receipts, Fen(over_short))
    assert [one.receipt for one in causes if one.kind is CauseKind.NOTE and one.receipt] == named


@pytest.mark.parametrize(("amount", "word"), [(20_000, "领零钱"), (-3_000, "垃圾袋")])
def test_cash_booked_in_or_out_that_never_moved(amount: int, word: str) -> None:
    moved = [DrawerMovement(Fen(20_000), "领零钱", "09:00"), DrawerMovement(Fen(-3_000), "垃圾袋", "10:00")]
    found = [cause for cause in likely_causes([], Fen(-amount), moved) if cause.kind is CauseKind.MOVEMENT]
    assert len(found) == 1
    assert word in found[0].words
    assert not [one for one in likely_causes([], Fen(amount), moved) if one.kind is CauseKind.MOVEMENT]


@given(
    st.lists(st.integers(-(10**7), 10**7), max_size=20),
    st.integers(-(10**7), 10**7),
)
def test_every_cause_explains_the_whole_difference(amounts: list[int], over_short: int) -> None:
    receipts = [receipt(str(place), amount) for place, amount in enumerate(amounts)]
    for cause in likely_causes(receipts, Fen(over_short)):
        if cause.kind is CauseKind.OTHER_TENDER:
            assert amounts[int(cause.receipt)] == -over_short
        elif cause.kind is CauseKind.TWICE:
            assert amounts[int(cause.receipt)] * -2 == over_short
        elif cause.kind is CauseKind.TRANSPOSED:
            booked, meant = amounts[int(cause.receipt)], amounts[int(cause.receipt)] + over_short
            assert sorted(str(booked)) == sorted(str(meant).zfill(len(str(booked))))
            assert over_short % 9 == 0
