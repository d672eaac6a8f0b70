"""Amounts in Chinese capitals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.money import LARGEST, Fen, parse_amount
from feedesk.rules.capitals import NotAnAmountInWords, amount_in_words, parse_words, refund_in_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0.00", "零元整"),
        ("0.05", "伍分"),
        ("0.10", "壹角"),
        ("0.15", "壹角伍分"),
        ("1.00", "壹元整"),
        ("10.00", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("30.03", "叁拾元零叁分"),
        ("110.10", "壹佰壹拾元零壹角"),
        ("1001.10", "壹仟零壹元壹角"),
        ("1001.01", "壹仟零壹元零壹分"),
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
        ("1998.40", "壹仟玖佰玖拾捌元肆角"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("100001.01", "壹拾万零壹元零壹分"),
        ("101000.00", "壹拾万壹仟元整"),
        ("107000.53", "壹拾万柒仟元零伍角叁分"),
        ("10000000.00", "壹仟万元整"),
        ("100010000.00", "壹亿零壹万元整"),
        ("100000001.00", "壹亿零壹元整"),
        ("-5.00", "负伍元整"),
    ],
)
def test_words(amount: str, words: str) -> None:
    assert amount_in_words(parse_amount(amount)) == f"人民币{words}"


def test_a_refund_is_positive() -> None:
    assert refund_in_words(Fen(-30000)) == "退款人民币叁佰元整"


@pytest.mark.parametrize(
    ("words", "fen"),
    [
        ("人民币壹仟陆佰捌拾元叁角贰分", 168032),  # without 零 after 元
        ("壹拾万零柒仟元伍角叁分", 10700053),  # with 零 after 万
        ("壹角整", 10),
        ("人民币负伍元整", -500),
    ],
)
def test_either_spelling_is_read(words: str, fen: int) -> None:
    assert parse_words(words) == fen


@pytest.mark.parametrize("text", ["", "人民币", "一百元", "壹佰", "壹元整元", "角"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmountInWords):
        parse_words(text)


@given(st.integers(-LARGEST, LARGEST).map(Fen))
def test_round_trip(amount: Fen) -> None:
    words = amount_in_words(amount)
    assert parse_words(words) == amount
    assert "零零" not in words
    assert not words.startswith("人民币零") or amount == 0
