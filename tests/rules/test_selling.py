"""What articles of the price list come to, and what is given back of a sale."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.ledger.chart import OWN
from feedesk.money import Fen, Mantissa
from feedesk.rules.giving_back import SettledPart, give_back_latest
from feedesk.rules.selling import MOST, Article, is_quantity, parse_quantity


def article(
    price: Fraction | str,
    area: Fraction | str | None = None,
    mantissa: Mantissa = Mantissa.HALF_UP,
    step: int = 1,
    name: str = "门禁卡",
) -> Article:
    measured = None if area is None else Fraction(area)
    return Article(1, 1, name, 1, "门禁卡", OWN, Fraction(price), measured, "", "", mantissa, Fen(step))


@pytest.mark.parametrize(
    ("price", "area", "quantity", "rounding", "amount", "arithmetic"),
    [
        ("25", None, "2", ("四舍五入", 1), 5000, "25.00×2"),  # 2 × 25.00
        ("25", None, "1", ("四舍五入", 1), 2500, "25.00×1"),
        ("3", "98.6", "1", ("四舍五入", 1), 29580, "98.60㎡×3.00"),  # 98.6 × 3 = 295.80
        ("3", "98.6", "2", ("四舍五入", 1), 59160, "98.60㎡×3.00×2"),
        ("120", None, "1.5", ("四舍五入", 1), 18000, "120.00×1.5"),  # one and a half days
        ("0.333", None, "1", ("四舍五入", 1), 33, "0.333×1"),
        ("0.335", None, "1", ("四舍五入", 1), 34, "0.335×1"),  # 33.5 fen, half up
        ("0.335", None, "1", ("舍去", 1), 33, "0.335×1"),
        ("1.01", None, "1", ("进位", 10), 110, "1.01×1"),  # up to the jiao
        ("1.99", None, "1", ("舍去", 100), 100, "1.99×1"),  # down to the yuan
        ("4/3", None, "3", ("四舍五入", 1), 400, "4/3×3"),  # a third is never rounded before the end
    ],
)
def test_amounts(
    price: str, area: str | None, quantity: str, rounding: tuple[str, int], amount: int, arithmetic: str
) -> None:
    one = article(price, area, Mantissa(rounding[0]), rounding[1])
    assert one.amount(Fraction(quantity)) == amount
    assert one.arithmetic(Fraction(quantity)) == arithmetic


def test_the_tariff_is_named_where_it_says_more_than_its_item() -> None:
    assert article("25", name="门禁卡(补办)").arithmetic(Fraction(2)) == "门禁卡(补办) 25.00×2"


@given(fen=st.integers(1, 10**7), quantity=st.integers(1, MOST))
def test_quantity_times_price_is_exact(fen: int, quantity: int) -> None:
    """A price in whole fen is never rounded, whatever the quantity."""
    assert article(Fraction(fen, 100)).amount(Fraction(quantity)) == quantity * fen


@given(
    price=st.fractions(Fraction(1, 1000), 10000, max_denominator=1000),
    area=st.none() | st.fractions(Fraction(1, 100), 500, max_denominator=100),
    quantity=st.integers(1, MOST * 1000).map(lambda thousandths: Fraction(thousandths, 1000)),
    mantissa=st.sampled_from(Mantissa),
    step=st.sampled_from([1, 10, 100]),
)
def test_it_is_rounded_once_and_by_less_than_a_step(
    price: Fraction, area: Fraction | None, quantity: Fraction, mantissa: Mantissa, step: int
) -> None:
    amount = article(price, area, mantissa, step).amount(quantity)
    exact = price * (area or 1) * quantity * 100
    assert amount % step == 0
    assert abs(amount - exact) < step
    if mantissa is Mantissa.UP:
        assert amount >= exact
    if mantissa is Mantissa.DOWN:
        assert amount <= exact


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("", 0), ("  ", 0), ("2", 2), ("２", 2), ("1.5", Fraction(3, 2)), ("1。5", Fraction(3, 2)), (" 12 ", 12),
        ("0", 0), ("-1", None), ("1,000", None), ("1.", None), (".5", None), ("两", None), ("1e3", None), ("1/2", None),
        ("1.2345", None), ("9999999", None), ("+1", None), ("²", 2),
    ],
)  # fmt: skip
def test_quantities_as_typed(text: str, quantity: Fraction | int | None) -> None:
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize(
    ("quantity", "can"),
    [
        (1, True),
        (MOST, True),
        (MOST + 1, False),
        (0, False),
        (-1, False),
        (Fraction(1, 1000), True),
        (Fraction(1, 3), False),
    ],
)
def test_what_can_be_sold(quantity: Fraction | int, can: bool) -> None:
    assert is_quantity(Fraction(quantity)) is can


@given(
    prepaid=st.integers(0, 1000),
    sold=st.integers(0, 1000),
    parts=st.lists(st.integers(1, 1000), max_size=4),
    rounding=st.integers(0, 9),
    share=st.fractions(0, 1),
)
def test_what_was_sold_goes_back_before_charges_open(
    prepaid: int, sold: int, parts: list[int], rounding: int, share: Fraction
) -> None:
    settled = [SettledPart(place, "principal", Fen(amount)) for place, amount in enumerate(parts)]
    whole = sum(parts) + prepaid + sold - rounding
    amount = int(whole * share)
    if not 0 < amount <= whole:
        return
    back = give_back_latest(Fen(amount), settled, prepaid=Fen(prepaid), sold=Fen(sold), rounding=Fen(rounding))
    opened = sum(part.amount for part in back.parts)
    assert back.from_prepaid + back.from_sold + opened - back.rounding == amount
    assert 0 <= back.from_prepaid <= prepaid
    assert 0 <= back.from_sold <= sold
    assert not opened or back.from_sold == sold, "charges open only once all that was sold went back"
    assert not back.from_sold or back.from_prepaid == prepaid
    assert back.rounding == (rounding if amount == whole else 0)
