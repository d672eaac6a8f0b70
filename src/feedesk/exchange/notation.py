"""The small notations of the workbook's tariff sheets, checked and brought into one plain form.

Prices (``2.80``, ``4/3``, ``峰0.5583;谷0.3583``), tiers (``0-180:5.00;180-:9.00``), due dates (``次月15``), the
rounding of charges (``四舍五入到角``), rates (``万分之五``) and the conditions of concessions (``标签=老年``).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction

from feedesk.exchange.cells import BadCell, Cell, day, half_width, number, shown
from feedesk.money import Mantissa, decimal_text
from feedesk.rules.formula import BadFormula, Formula
from feedesk.rules.price_terms import tier_fault
from feedesk.texts import _

_DUE = re.compile(r"(当月|次月|本月|下月)(末|底|最后一天|0?[1-9]|[12]\d|3[01])[日号]?", re.ASCII)
_CYCLE_DAYS = ("周期首日", "周期末日")
_COMPONENT = re.compile(r"([峰谷]):?(.+)")
_TIER = re.compile(r"([\d.]+)[-~]([\d.]*):(.+)", re.ASCII)
_MANTISSA = re.compile(r"(四舍五入|进位|舍去)?(?:到?(分|角|元))?")
_STEPS = {"分": 1, "角": 10, "元": 100}
_CYCLES = {"月": 1, "季": 3, "季度": 3, "半年": 6, "年": 12, "一次性": 0}
_PARTS = {"百分之": 100, "千分之": 1000, "万分之": 10_000}
_CHINESE_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PREPAID = re.compile(r"(?:预缴|预交)(>=|≥)(\d{1,2})个?月")


@dataclass(frozen=True, slots=True)
class Price:
    """One price, or one each for peak and valley in plain notation (then ``unit_price`` is None)."""

    unit_price: Fraction | None
    prices: str = ""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How charge lines are rounded: the way and the step in fen."""

    mantissa: str
    step: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that may have been written as a percentage; ``value`` is the plain factor then (10 % is 1/10)."""

    value: Fraction
    percentage: bool


def _notation(cell: Cell) -> str:
    if isinstance(cell.value, datetime | date | time):
        raise BadCell(_("Excel turned this into a date or time: format the cell as text and type it again."))
    return half_width(shown(cell.value))


def exact_number(digits: str) -> Fraction:
    """A decimal of any length or a fraction such as ``4/3``, not negative."""
    above, slash, below = digits.partition("/")
    if slash and number(below) == 0:
        raise BadCell(_("A fraction cannot be divided by zero."))
    value = number(above) / number(below) if slash else number(above)
    if value < 0:
        raise BadCell(_("The number must not be negative."))
    return value


def price(cell: Cell) -> Price:
    """``2.80``, ``4/3``, or ``峰0.5583;谷0.3583``."""
    words = _notation(cell).removesuffix("元")
    if not words.startswith(("峰", "谷")):
        return Price(exact_number(words))
    found: dict[str, Fraction] = {}
    for part in filter(None, words.split(";")):
        match = _COMPONENT.fullmatch(part)
        if match is None or match[1] in found:
            raise BadCell(_("Write peak and valley prices as 峰0.5583;谷0.3583."))
        found[match[1]] = exact_number(match[2])
    if len(found) != 2:
        raise BadCell(_("Write peak and valley prices as 峰0.5583;谷0.3583."))
    return Price(None, ";".join(f"{name}{decimal_text(found[name])}" for name in "峰谷"))


def tiers(cell: Cell) -> str:
    """``0-180:5.00;180-260:7.00;260-:9.00``: from zero, without gaps, the last one open."""
    plain, bounds = [], []
    for part in filter(None, _notation(cell).split(";")):
        match = _TIER.fullmatch(part)
        if match is None:
            raise BadCell(_("Write tiers as 0-180:5.00;180-260:7.00;260-:9.00."))
        start, end = number(match[1]), number(match[2]) if match[2] else None
        bounds.append((start, end))
        upper = decimal_text(end) if end is not None else ""
        plain.append(f"{decimal_text(start)}-{upper}:{decimal_text(exact_number(match[3]))}")
    if reason := tier_fault(bounds):
        raise BadCell(reason)
    return ";".join(plain)


def person_base(cell: Cell) -> str:
    """``5:36``: every tier is wider by 36 for each person above 5."""
    persons, colon, more = _notation(cell).partition(":")
    if not colon or not re.fullmatch(r"\d{1,2}", persons, re.ASCII):
        raise BadCell(_("Write the base as 5:36, that is 36 more for each person above 5."))
    return f"{int(persons)}:{decimal_text(exact_number(more))}"


def tier_restart(cell: Cell) -> str:
    """Month and day on which annual tiers start again: ``01-01``."""
    if isinstance(cell.value, datetime | date):
        return f"{cell.value:%m-%d}"
    match = re.fullmatch(r"(\d{1,2})[-/月](\d{1,2})日?", _notation(cell), re.ASCII)
    try:
        # A leap day comes once in four years: no year of tiers begins on it.
        return f"{date(2025, int(match[1]), int(match[2])):%m-%d}" if match else _no_month_and_day()
    except ValueError:
        return _no_month_and_day()


def _no_month_and_day() -> str:
    raise BadCell(_("Write month and day, for example 01-01."))


def due_rule(cell: Cell) -> str:
    """``当月末``, ``次月15``, ``当月10``, ``周期首日``, ``周期末日``."""
    words = _notation(cell)
    if words in _CYCLE_DAYS:
        return words
    match = _DUE.fullmatch(words)
    if match is None:
        raise BadCell(_("Write the due date as 当月末, 次月15, 当月10, 周期首日 or 周期末日."))
    month = {"本月": "当月", "下月": "次月"}.get(match[1], match[1])
    return month + (str(int(match[2])) if match[2].isdigit() else "末")


def due_rule_or_day(cell: Cell) -> str:
    """A rule as above, or a day in ISO form."""
    if isinstance(cell.value, datetime | date):
        return day(cell).isoformat()
    try:
        return due_rule(cell)
    except BadCell as error:
        if not re.match(r"\d{4}", half_width(shown(cell.value))):
            raise error
        return day(cell).isoformat()


def formula(cell: Cell) -> str:
    """``面积 * 1.2 + 楼层 * 3``, read by `feedesk.rules.formula` and brought into its plain form."""
    try:
        return Formula.parse(shown(cell.value)).text
    except BadFormula as error:
        raise BadCell(error.reason) from None


def cycle(cell: Cell) -> int:
    """The months of a billing cycle: 月 1, 季 3, 半年 6, 年 12, 一次性 0."""
    words = _notation(cell).removeprefix("每").removeprefix("按")
    if words not in _CYCLES:
        raise BadCell(_("Choose one of: {values}.").format(values="月、季、半年、年、一次性"))
    return _CYCLES[words]


def rounding(cell: Cell) -> Rounding:
    """``四舍五入``, ``进位到角``, ``舍去到元``, ``到角``."""
    words = _notation(cell).replace(",", "").replace("(", "").replace(")", "")
    match = _MANTISSA.fullmatch(words)
    if match is None:
        raise BadCell(_("Write 四舍五入, 进位 or 舍去, if wanted with 到角 or 到元."))
    return Rounding(match[1] or Mantissa.HALF_UP.value, _STEPS[match[2] or "分"])


def figure(cell: Cell) -> Figure:
    """A number such as ``0.0005``, ``4/3``, ``10%`` (as text or as a number format), ``0.5‰`` or ``万分之五``."""
    words = _notation(cell)
    if cell.is_percentage:
        return Figure(exact_number(words), True)
    for sign, parts in (("%", 100), ("‰", 1000), ("‱", 10_000)):
        if words.endswith(sign):
            return Figure(exact_number(words.removesuffix(sign)) / parts, True)
    for prefix, parts in _PARTS.items():
        if words.startswith(prefix):
            return Figure(_spelled(words.removeprefix(prefix)) / parts, True)
    return Figure(exact_number(words), False)


def _spelled(words: str) -> Fraction:
    """``五``, ``3``, ``零点五``, ``十二``: the numbers people put behind 万分之."""
    if re.fullmatch(r"[\d.]+", words, re.ASCII):
        return number(words)
    whole, _point, decimals = words.partition("点")
    if "十" in whole:
        tens, _ten, ones = whole.partition("十")
        whole_value = _digits(tens or "一") * 10 + _digits(ones or "零")
    else:
        whole_value = _digits(whole)
    return whole_value + Fraction(_digits(decimals), 10 ** len(decimals)) if decimals else Fraction(whole_value)


def _digits(words: str) -> int:
    if not words or any(character not in _CHINESE_DIGITS for character in words):
        raise BadCell(_("This is not a rate: write for example 0.0005, 0.05% or 万分之五."))
    return int("".join(str(_CHINESE_DIGITS[character]) for character in words))


def daily_rate(cell: Cell) -> Fraction:
    """A rate a day as a plain factor; one that reaches 1 % a day cannot be meant."""
    rate = figure(cell).value
    if rate >= Fraction(1, 100):
        raise BadCell(_("A late fee of {percent} % a day cannot be meant.").format(percent=decimal_text(rate * 100)))
    return rate


def tax_rate(cell: Cell) -> Fraction:
    """A tax rate as a plain factor: ``6%`` or ``0.06``."""
    rate = figure(cell).value
    if rate >= 1:
        raise BadCell(_("Write the tax rate as 6% or 0.06."))
    return rate


def cap(cell: Cell) -> Fraction:
    """The most that late fees may come to, as a share of the principal: ``1.0``, ``30%``."""
    share = figure(cell).value
    if not 0 < share <= 10:
        raise BadCell(_("Write the limit as a share of the principal: 1.0 or 30%."))
    return share


def condition(cell: Cell) -> str:
    """``标签=老年``, ``空置``, ``核准``, ``预缴>=12月``, ``一次性付清``."""
    words = half_width(shown(cell.value))
    if words in ("空置", "核准", "一次性付清"):
        return words
    label, equals, tag = words.partition("=")
    if label == "标签" and equals and tag:
        return f"标签={tag}"
    match = _PREPAID.fullmatch(words)
    if match and int(match[2]):
        return f"预缴>={int(match[2])}月"
    raise BadCell(_("Write the condition as 标签=老年, 空置, 核准, 预缴>=12月 or 一次性付清."))
