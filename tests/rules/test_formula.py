"""Formulas: what they may say, what they come to exactly, and that nothing else is ever run."""

from collections.abc import Callable
from fractions import Fraction
from operator import add, mul, sub, truediv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.rules.formula import BadFormula, Formula, MissingQuantity

UNIT = {
    "面积": Fraction("98.6"), "楼层": Fraction(5), "人口": Fraction(3), "系数": Fraction("1.2"), "数量": Fraction(2),
    "单价": Fraction(4, 3), "月数": Fraction(3),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "plain", "value"),
    [
        ("面积*1.2+楼层*3", "面积*1.2+楼层*3", "133.32"),  # 118.32 + 15
        (" area * Price ", "面积*单价", "1972/15"),  # 98.6 × 4/3
        ("（面积－50）×2÷3", "(面积-50)*2/3", "162/5"),  # 48.6 × 2 / 3
        ("1-2-3", "1-2-3", "-4"),
        ("12/2/3", "12/2/3", "2"),
        ("2+3*4", "2+3*4", "14"),
        ("(2+3)*4", "(2+3)*4", "20"),
        ("-面积*2", "-面积*2", "-197.2"),
        ("2*-3", "2*-3", "-6"),
        ("0.1+0.2", "0.1+0.2", "0.3"),
        ("max(面积, 100, 3)", "max(面积,100,3)", "100"),
        ("最小（面积，50）", "min(面积,50)", "50"),
        ("取整(面积)+int(0-1.9)", "取整(面积)+取整(0-1.9)", "97"),  # 98 − 1
        ("四舍五入(2.5)", "四舍五入(2.5)", "3"),
        ("=人口*数量*月数*系数", "人口*数量*月数*系数", "21.6"),
        ("４＋５", "4+5", "9"),
    ],
)
def test_what_a_formula_comes_to(text: str, plain: str, value: str) -> None:
    formula = Formula.parse(text)
    assert (formula.text, formula.value(UNIT)) == (plain, Fraction(value))
    assert Formula.parse(formula.text) == formula


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "公式为空。"),
        ("  ", "公式为空。"),
        ("面机*2", "公式中不认识“面机”，只能用 面积、楼层、人口、系数、数量、单价、月数。"),
        ("面积**2", "公式不支持乘方(**)，只能写 + - * / 和括号。"),
        ("面积/0", "公式中除数为零。"),
        ("面积/(2-1-1)", "公式中除数为零。"),
        ("(面积", "公式不完整，缺少“)”。"),
        ("面积+", "公式不完整，末尾缺少内容。"),
        ("面积)", "公式从“)”起无法识别。"),
        ("面积 楼层", "公式从“楼层”起无法识别。"),
        ("3面积", "公式从“3面积”起无法识别。"),
        ("1e9", "公式从“1e9”起无法识别。"),
        ("1_000", "公式从“1_000”起无法识别。"),
        ("面积.real", "公式从“.real”起无法识别。"),
        ("面积 > 3", "公式从“> 3”起无法识别。"),
        ("面积 if 1 else 2", "公式从“if 1 else 2”起无法识别。"),
        ("__import__('os').system('x')", "公式从“'os').system('x')”起无法识别。"),
        ("min(面积)", "min 需要两个以上参数，用逗号分开。"),
        ("取整(1,2)", "取整 只能有一个参数。"),
        ("min", "公式不完整，缺少“(”。"),
        ("9" * 13, "公式中的数字 9999999999999 太长。"),
        ("(" * 30 + "1" + ")" * 30, "公式括号层数太多。"),
        ("-" * 50 + "1", "公式括号层数太多。"),
        ("1+" * 200 + "1", "公式太长，最多 200 个字符。"),
    ],
)
def test_what_no_formula_may_say(text: str, reason: str) -> None:
    with pytest.raises(BadFormula) as refused:
        Formula.parse(text)
    assert refused.value.reason == reason


def test_what_only_a_unit_can_show() -> None:
    formula = Formula.parse("面积/(楼层-5)")
    assert formula.names == {"面积", "楼层"}
    with pytest.raises(ZeroDivisionError):
        formula.value(UNIT)
    with pytest.raises(MissingQuantity, match="楼层"):
        formula.value({**UNIT, "楼层": None})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("面积*1.2+楼层*3", "98.6 × 1.2 + 5 × 3"),
        ("面积*单价", "98.6 × (4/3)"),
        ("-面积/2-1", "−98.6 ÷ 2 − 1"),
        ("max(面积,楼层-1)", "max(98.6, 5 − 1)"),
        ("2*-楼层", "2 × −5"),
    ],
)
def test_a_formula_filled_in(text: str, words: str) -> None:
    assert Formula.parse(text).filled(UNIT) == words


def test_a_basement_floor_is_filled_in_with_its_sign() -> None:
    assert Formula.parse("10-楼层").filled({"楼层": Fraction(-2)}) == "10 − (−2)"


Sum = tuple[str, Fraction | None]
"""A formula's text and what it comes to; None where it divides by zero."""

numbers = (st.integers(0, 999).map(str) | st.decimals(0, 999, places=2).map(str)).map(
    lambda text: (text, Fraction(text))
)
leaves = numbers | st.sampled_from(list(UNIT.items()))
SIGNS: dict[str, Callable[[Fraction, Fraction], Fraction]] = {"+": add, "-": sub, "*": mul, "/": truediv}


def _joined(parts: st.SearchStrategy[Sum]) -> st.SearchStrategy[Sum]:
    return st.tuples(parts, st.sampled_from(list(SIGNS)), parts).map(_sum_of)


def _sum_of(parts: tuple[Sum, str, Sum]) -> Sum:
    (left, first), sign, (right, second) = parts
    text = f"({left}{sign}{right})"
    if first is None or second is None or (sign == "/" and second == 0):
        return text, None
    return text, SIGNS[sign](first, second)


@given(st.recursive(leaves, _joined, max_leaves=8))
def test_a_formula_comes_to_what_its_parts_come_to(made: Sum) -> None:
    text, value = made
    try:
        found: Fraction | None = Formula.parse(text).value(UNIT)
    except BadFormula as error:
        if error.reason not in ("公式中除数为零。", "公式太长，最多 200 个字符。"):
            raise
        return
    except ZeroDivisionError:
        found = None
    assert found == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        Formula.parse(text).value(UNIT)
    except (BadFormula, ZeroDivisionError):
        return


@given(st.text(alphabet="面积楼层min()+-*/,.0123 ", max_size=40))
def test_anything_like_a_formula_is_read_or_refused(text: str) -> None:
    try:
        Formula.parse(text).value(UNIT)
    except (BadFormula, ZeroDivisionError):
        return
