"""Counting the drawer by denomination."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.errors import UserError
from feedesk.money import AmountNotANumber, AmountTooFine
from feedesk.rules.cash_count import (
    DENOMINATIONS,
    CountNegative,
    CountTooLarge,
    CountTwice,
    NotACount,
    UnknownDenomination,
    counted_cash,
    parse_counts,
)


def test_the_count_of_the_picture() -> None:
    counts = parse_counts("100=28,50=9,20=14,10=32,5=21,1=24,0.5=6,0.1=4")
    assert counts == {"100": 28, "50": 9, "20": 14, "10": 32, "5": 21, "1": 24, "0.5": 6, "0.1": 4}
    assert counted_cash(counts) == 398240


@pytest.mark.parametrize(
    ("text", "counts", "worth"),
    [
        ("", {}, 0),
        (" 100 = 2 , ", {"100": 2}, 20000),
        ("１００＝２，０．５＝１", {"100": 2, "0.5": 1}, 20050),
        ("100元=1、0.50=2", {"100": 1, "0.5": 2}, 10100),
        (".5=1,1.0=1", {"0.5": 1, "1": 1}, 150),
        ("1=3,coin1=12,COIN0.5=2,coin0.1=1", {"1": 3, "coin1": 12, "coin0.5": 2, "coin0.1": 1}, 1610),
        ("硬币1元=2,硬币0.5=1,其他=0.07", {"coin1": 2, "coin0.5": 1, "other": 7}, 257),
        ("100=0", {"100": 0}, 0),
    ],
)
def test_reading_a_count(text: str, counts: dict[str, int], worth: int) -> None:
    assert parse_counts(text) == counts
    assert counted_cash(counts) == worth


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("100", NotACount),
        ("100=", NotACount),
        ("100=x", NotACount),
        ("100=1.5", NotACount),
        ("100=9999999999999", NotACount),
        ("100=-1", CountNegative),
        ("100=--1", NotACount),
        ("100=1,100=2", CountTwice),
        ("1=1,1.00=2", CountTwice),
        ("2=1", UnknownDenomination),
        ("0.05=1", UnknownDenomination),
        ("coin5=1", UnknownDenomination),
        ("=5", UnknownDenomination),
        ("abc=1", UnknownDenomination),
        ("other=x", AmountNotANumber),
        ("other=0.001", AmountTooFine),
        ("other=-1", CountNegative),
        ("100=99999999", CountTooLarge),
    ],
)
def test_a_bad_count_is_a_sentence(text: str, error: type[UserError]) -> None:
    with pytest.raises(error) as caught:
        parse_counts(text)
    assert str(caught.value)


def test_keys_of_programs_are_checked_too() -> None:
    with pytest.raises(UnknownDenomination):
        counted_cash({"2": 1})
    with pytest.raises(CountTooLarge):
        counted_cash({"other": 10**15})


@given(st.dictionaries(st.sampled_from([one.key for one in DENOMINATIONS]), st.integers(0, 10_000)))
def test_written_and_read_again(counts: dict[str, int]) -> None:
    assert parse_counts(",".join(f"{key}={pieces}" for key, pieces in counts.items())) == counts
    assert counted_cash(counts) == sum(one.value * counts.get(one.key, 0) for one in DENOMINATIONS)
