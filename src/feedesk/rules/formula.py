"""Custom formulas (自定义公式): a price reckoned from what is known of a unit, ``面积 * 1.2 + 楼层 * 3``.

Read by a small parser of our own, never by ``eval``: numbers, the four rules, parentheses, a few functions, and the
quantities named below, in Chinese or English. All is exact. A formula is checked when it is entered; what only a unit
can show (no floor given, division by zero) is found when it is billed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, NoReturn

from feedesk.money import Mantissa, decimal_text, round_by_magnitude
from feedesk.texts import _

LONGEST = 200
DEEPEST = 20
LONGEST_NUMBER = 12

AREA, FLOOR, PERSONS, COEFFICIENT = "面积", "楼层", "人口", "系数"
QUANTITY, PRICE, MONTHS = "数量", "单价", "月数"
_NAMES = {
    "area": AREA, "floor": FLOOR, "persons": PERSONS, "coefficient": COEFFICIENT, "quantity": QUANTITY,
    "price": PRICE, "months": MONTHS,
}  # fmt: skip
QUANTITIES = tuple(_NAMES.values())
"""What a formula may name: of the unit its area (m²), floor, persons and coefficient, how often it is charged (数量),
the tariff's unit price, and the months of its cycle."""


def _rounded(value: Fraction) -> Fraction:
    return Fraction(round_by_magnitude(value))


def _whole(value: Fraction) -> Fraction:
    return Fraction(round_by_magnitude(value, Mantissa.DOWN))


class _Function(NamedTuple):
    apply: Callable[..., Fraction]
    least: int
    most: int | None


_FUNCTIONS = {
    "min": _Function(min, 2, None),
    "max": _Function(max, 2, None),
    "取整": _Function(_whole, 1, 1),
    "四舍五入": _Function(_rounded, 1, 1),
}
_SAME_FUNCTION = {"最小": "min", "最大": "max", "int": "取整", "round": "四舍五入"}
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)(?![\w.])|([^\W\d]\w*)|([-+*/(),]))")
_SIGNS = str.maketrans({"×": "*", "✕": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "、": ",", "\n": " "})
_SHOWN = {"*": " × ", "/": " ÷ ", "+": " + ", "-": " − ", ",": ", "}


class BadFormula(ValueError):
    """A formula that cannot be billed by; ``reason`` is a sentence in the language of the moment."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class MissingQuantity(Exception):
    """A unit lacks a quantity that the formula names; the argument is its Chinese name."""


Values = Mapping[str, Fraction | None]
_Value = Callable[[Values], Fraction]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that was read: ``text`` in plain form, ``names`` the quantities it asks for."""

    text: str
    names: frozenset[str]
    _tokens: tuple[str, ...] = field(repr=False, compare=False)
    _value: _Value = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> "Formula":
        """Raises `BadFormula` with what is wrong."""
        return _Parser(_tokens(text)).read()

    def value(self, values: Values) -> Fraction:
        """Yuan. Raises `MissingQuantity`, or ZeroDivisionError."""
        return self._value(values)

    def filled(self, values: Values) -> str:
        """The formula with its quantities filled in, to be read: ``98.6 × 1.2 + 5 × 3``."""
        words, before = "", "("
        for token in self._tokens:
            sign = token in "+-" and before in "(,+-*/"
            words += token.replace("-", "−") if sign else _SHOWN.get(token) or _figure(token, values)
            before = token
        return words


def _figure(token: str, values: Values) -> str:
    value = values.get(token)
    if value is None:
        return token
    figure = decimal_text(value)
    return f"({figure.replace('-', '−')})" if "/" in figure or value < 0 else figure


def _tokens(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS).strip().removeprefix("=")
    if not plain.strip():
        raise BadFormula(_("The formula is empty."))
    if len(plain) > LONGEST:
        raise BadFormula(_("The formula is too long: at most {limit} characters.").format(limit=LONGEST))
    found, at = [], 0
    plain = plain.rstrip()
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if match is None:
            _unreadable(plain[at:].strip())
        found.append(match[0].strip())
        at = match.end()
    for first, second in pairwise(found):
        if first == second == "*":
            raise BadFormula(_("Powers (**) are not known here: write only + - * / and parentheses."))
    return found


def _unreadable(rest: str) -> NoReturn:
    raise BadFormula(_("The formula cannot be read from “{rest}” on.").format(rest=rest[:20]))


class _Part(NamedTuple):
    """A part of a formula: how it is worked out, and whether it names nothing."""

    value: _Value
    constant: bool


class _Parser:
    """Reads sums of products of signed factors, one token after the other."""

    def __init__(self, tokens: list[str]) -> None:
        self._left: list[str] = tokens[::-1]
        self._plain: list[str] = []
        self._names: set[str] = set()
        self._depth = 0

    def read(self) -> Formula:
        whole = self._sum()
        if self._left:
            _unreadable(" ".join(self._left[::-1]))
        tokens = tuple(self._plain)
        return Formula("".join(tokens), frozenset(self._names), tokens, whole.value)

    @property
    def _next(self) -> str:
        return self._left[-1] if self._left else ""

    def _take(self, *, as_: str = "") -> str:
        token = self._left.pop()
        self._plain.append(as_ or token)
        return token

    def _expect(self, token: str) -> None:
        if self._next != token:
            if not self._left:
                raise BadFormula(_("The formula breaks off: “{token}” is missing.").format(token=token))
            _unreadable(" ".join(self._left[::-1]))
        self._take()

    def _sum(self) -> _Part:
        part = self._product()
        while self._next in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            part = _added(part, self._product(), sign)
        return part

    def _product(self) -> _Part:
        part = self._factor()
        while self._next in ("*", "/"):
            joined = _multiplied if self._take() == "*" else _divided
            part = joined(part, self._factor())
        return part

    def _factor(self) -> _Part:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFormula(_("The formula is nested too deeply."))
        part = self._signed()
        self._depth -= 1
        return part

    def _signed(self) -> _Part:
        token = self._next
        if not token:
            raise BadFormula(_("The formula breaks off: something is missing at its end."))
        if token in ("+", "-"):
            sign = 1 if self._take() == "+" else -1
            return _added(_number(Fraction(0)), self._factor(), sign)
        if token == "(":
            self._take()
            part = self._sum()
            self._expect(")")
            return part
        if token[0].isdecimal():
            return self._literal()
        return self._named() if token[0].isalpha() or token[0] == "_" else _unreadable(" ".join(self._left[::-1]))

    def _literal(self) -> _Part:
        token = self._take()
        if len(token) > LONGEST_NUMBER:
            raise BadFormula(_("The number {number} is too long for a formula.").format(number=token))
        return _number(Fraction(token))

    def _named(self) -> _Part:
        word = self._next.lower()
        name = _SAME_FUNCTION.get(word, word)
        if name in _FUNCTIONS:
            self._take(as_=name)
            return self._call(name)
        name = _NAMES.get(word, word)
        if name not in QUANTITIES:
            reason = _("“{name}” is no quantity: a formula may name {names}.")
            raise BadFormula(reason.format(name=self._next, names="、".join(QUANTITIES)))
        self._take(as_=name)
        self._names.add(name)
        return _Part(lambda values: _given(name, values), False)

    def _call(self, name: str) -> _Part:
        function = _FUNCTIONS[name]
        self._expect("(")
        parts = [self._sum()]
        while self._next == ",":
            self._take()
            parts.append(self._sum())
        self._expect(")")
        if len(parts) < function.least or (function.most is not None and len(parts) > function.most):
            raise BadFormula(
                _("{name} takes one figure.").format(name=name)
                if function.most == 1
                else _("{name} takes two figures or more, with commas between them.").format(name=name)
            )
        apply, values_of = function.apply, [part.value for part in parts]
        return _Part(
            lambda values: apply(*(value(values) for value in values_of)), all(part.constant for part in parts)
        )


def _given(name: str, values: Values) -> Fraction:
    value = values.get(name)
    if value is None:
        raise MissingQuantity(name)
    return value


def _number(value: Fraction) -> _Part:
    return _Part(lambda _values: value, True)


def _added(left: _Part, right: _Part, sign: int) -> _Part:
    first, second = left.value, right.value
    return _Part(lambda values: first(values) + sign * second(values), left.constant and right.constant)


def _multiplied(left: _Part, right: _Part) -> _Part:
    first, second = left.value, right.value
    return _Part(lambda values: first(values) * second(values), left.constant and right.constant)


def _divided(left: _Part, right: _Part) -> _Part:
    if right.constant and right.value({}) == 0:
        raise BadFormula(_("The formula divides by zero."))
    first, second = left.value, right.value
    return _Part(lambda values: first(values) / second(values), left.constant and right.constant)
