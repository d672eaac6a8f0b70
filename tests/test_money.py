"""Amounts: read, written, rounded by magnitude, split to the fen."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import (
    LARGEST,
    AmountNotANumber,
    AmountTooFine,
    AmountTooLarge,
    Fen,
    Mantissa,
    decimal_text,
    format_amount,
    parse_amount,
    round_by_magnitude,
    round_to_fen,
    split_by_weight,
)

fen = st.integers(-LARGEST, LARGEST).map(Fen)
exact = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1600", 160000),
        ("1600.5", 160050),
        ("1,600.05", 160005),
        ("12,345,678.90", 1234567890),
        ("￥1600.00", 160000),
        ("¥ 3", 300),
        ("１６００．０５", 160005),
        ("1600元", 160000),
        (" 0.05 ", 5),
        (".5", 50),
        ("5.", 500),
        ("+7", 700),
        ("-7.01", -701),
        ("−7.01", -701),
        ("1.000", 100),  # a third decimal that says nothing is no harm
        ("0", 0),
        ("999999999999.99", 99999999999999),
    ],
)
def test_read(text: str, expected: int) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "12a", "1 600", "1,60", "12,34,567", "1.2.3", "--1", "1e3", "½", "１２三", "-", ".", "￥"]
)
def test_not_a_number(text: str) -> None:
    with pytest.raises(AmountNotANumber):
        parse_amount(text)


@pytest.mark.parametrize("text", ["1.005", "0.001", "-3.141"])
def test_a_third_decimal_is_refused_not_rounded(text: str) -> None:
    with pytest.raises(AmountTooFine):
        parse_amount(text)


def test_an_amount_beyond_reason_is_refused() -> None:
    with pytest.raises(AmountTooLarge):
        parse_amount("1000000000000")


@pytest.mark.parametrize(
    ("amount", "shown", "plain"),
    [
        (199841, "1,998.41", "1998.41"),
        (0, "0.00", "0.00"),
        (-5, "−0.05", "-0.05"),
        (123456789, "1,234,567.89", "1234567.89"),
    ],
)
def test_written(amount: int, shown: str, plain: str) -> None:
    assert format_amount(Fen(amount)) == shown
    assert format_amount(Fen(amount), grouped=False) == plain


@given(fen)
def test_what_is_written_reads_the_same(amount: Fen) -> None:
    assert parse_amount(format_amount(amount)) == amount
    assert parse_amount(format_amount(amount, grouped=False)) == amount


@pytest.mark.parametrize(
    ("yuan", "mantissa", "step", "expected"),
    [
        ("1.005", Mantissa.HALF_UP, 1, 101),
        ("-1.005", Mantissa.HALF_UP, 1, -101),
        ("1.0049999999", Mantissa.HALF_UP, 1, 100),
        ("2.675", Mantissa.HALF_UP, 1, 268),  # a float would say 2.67
        ("1.001", Mantissa.UP, 1, 101),
        ("-1.001", Mantissa.UP, 1, -101),
        ("1.00", Mantissa.UP, 1, 100),
        ("1.009", Mantissa.DOWN, 1, 100),
        ("-1.009", Mantissa.DOWN, 1, -100),
        ("276.08", Mantissa.HALF_UP, 10, 27610),
        ("276.05", Mantissa.HALF_UP, 10, 27610),
        ("276.04", Mantissa.HALF_UP, 10, 27600),
        ("276.01", Mantissa.UP, 10, 27610),
        ("276.99", Mantissa.DOWN, 100, 27600),
        ("276.50", Mantissa.HALF_UP, 100, 27700),
        ("276.01", Mantissa.UP, 100, 27700),
        ("0", Mantissa.UP, 100, 0),
        ("395/3", Mantissa.HALF_UP, 1, 13167),
    ],
)
def test_rounded_once(yuan: str, mantissa: Mantissa, step: int, expected: int) -> None:
    assert round_to_fen(Fraction(yuan), mantissa, Fen(step)) == expected


@given(yuan=exact, mantissa=st.sampled_from(Mantissa), step=st.sampled_from([1, 10, 100]))
def test_a_reversal_mirrors_its_entry(yuan: Fraction, mantissa: Mantissa, step: int) -> None:
    rounded = round_to_fen(yuan, mantissa, Fen(step))
    assert round_to_fen(-yuan, mantissa, Fen(step)) == -rounded
    assert rounded % step == 0
    off = abs(rounded) - abs(yuan * 100)
    assert abs(off) < step
    assert {Mantissa.UP: off >= 0, Mantissa.DOWN: off <= 0, Mantissa.HALF_UP: abs(2 * off) <= step}[mantissa]


@given(low=exact, high=exact, mantissa=st.sampled_from(Mantissa))
def test_rounding_keeps_the_order(low: Fraction, high: Fraction, mantissa: Mantissa) -> None:
    low, high = sorted((low, high))
    assert round_by_magnitude(low, mantissa) <= round_by_magnitude(high, mantissa)


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [1, 2, 2], [20, 40, 40]),
        (101, [1, 2, 2], [20, 41, 40]),  # equal remainders: the larger weight, then the earlier place
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [0, 0, 5], [0, 0, 1]),
        (0, [3, 4], [0, 0]),
        (683760, [Decimal("98.60"), Decimal("101.40")], [337094, 346666]),
    ],
)
def test_split(total: int, weights: list[Fraction | Decimal | int], expected: list[int]) -> None:
    assert split_by_weight(Fen(total), weights) == expected


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 3]])
def test_no_split_without_weights(weights: list[Fraction | Decimal | int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_by_weight(Fen(100), weights)


@given(
    total=st.integers(-(10**10), 10**10).map(Fen),
    weights=st.lists(st.fractions(0, 1000, max_denominator=1000), min_size=1, max_size=30).filter(any),
)
def test_the_parts_sum_to_the_whole(total: Fen, weights: list[Fraction]) -> None:
    parts = split_by_weight(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / whole) < 1
        assert part == 0 or weight > 0


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("2.8", 2, "2.80"),
        ("2.8", None, "2.8"),
        ("2.805", 2, "2.805"),
        ("0.55831234", 2, "0.55831234"),
        ("4/3", 2, "4/3"),
        ("300", None, "300"),
        ("300", 2, "300.00"),
        ("0.05", None, "0.05"),
        ("-0.5", 2, "-0.50"),
        ("1/1024", None, "0.0009765625"),
        ("1e-19", None, "1/10000000000000000000"),
    ],
)
def test_a_price_is_written_in_full(value: str, places: int | None, expected: str) -> None:
    assert decimal_text(Fraction(value), places) == expected


@given(value=exact, places=st.one_of(st.none(), st.integers(0, 6)))
def test_a_written_price_reads_the_same(value: Fraction, places: int | None) -> None:
    assert Fraction(decimal_text(value, places)) == value
