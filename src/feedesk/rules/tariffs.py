"""Tariffs (收费标准): on which days a price holds, and when a charge falls due.

Chinese constants are stored data, in the plain notation that the workbook's readers bring them into. Prices are exact
fractions of a yuan and never rounded.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Self

from feedesk.money import decimal_text
from feedesk.periods import Period
from feedesk.rules.formula import PRICE, Formula
from feedesk.rules.tiers import TierTable

ONE_DAY = timedelta(1)


class Method(StrEnum):
    """How a charge is reckoned (计费方式)."""

    AREA = "按面积"
    FIXED = "固定金额"
    USAGE = "按用量"
    TIERED = "阶梯用量"
    SHARED = "总额分摊"
    FORMULA = "自定义公式"


TIMED = (Method.AREA, Method.FIXED, Method.FORMULA)
"""Charged by time: here delivery counts, and months of which a part is borne."""

METERED = (Method.USAGE, Method.TIERED)
"""Charged by the usage that meters show."""

ONCE = 0
"""The ``cycle_months`` of what is charged once only (一次性)."""


class PartialMonth(StrEnum):
    """What a month counts that is not borne from its first to its last day (不足月)."""

    BY_DAY = "按天"
    WHOLE = "按整月"
    HALF = "按半月"


_DUE = re.compile(r"(当月|次月)(?:末|(\d{1,2}))", re.ASCII)


@dataclass(frozen=True, slots=True)
class DueRule:
    """When a charge of a period falls due (到期日).

    ``anchor`` 当月 is the period's first month and 次月 the one after it, with ``day`` 1–31, or 0 for the last;
    周期首日 and 周期末日 are the period's own first and last day.
    """

    anchor: str
    day: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads ``当月末``, ``当月10``, ``次月15``, ``周期首日`` or ``周期末日``; ValueError for anything else."""
        if text in ("周期首日", "周期末日"):
            return cls(text)
        match = _DUE.fullmatch(text)
        if match is None or (match[2] and not 1 <= int(match[2]) <= 31):
            raise ValueError(f"{text!r} is no rule for a due date")
        return cls(match[1], int(match[2] or 0))

    def __str__(self) -> str:
        return self.anchor if self.anchor.startswith("周期") else f"{self.anchor}{self.day or '末'}"


def due_date(rule: DueRule, period: Period) -> date:
    """The day a charge of ``period`` falls due; a day that the month lacks is its last."""
    if rule.anchor == "周期首日":
        return period.first_day
    if rule.anchor == "周期末日":
        return period.last_day
    year, month = divmod(period.first_month + (rule.anchor == "次月"), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(rule.day or last, last))


@dataclass(frozen=True, slots=True)
class PriceVersion:
    """A tariff's price in force from ``valid_from`` to ``valid_to`` (both included, None: open).

    ``unit_price`` in yuan: per m² and month (按面积), per cycle (固定金额), per unit of usage (按用量; beside ``tiers``
    on all usage); ``prices`` are those of peak and valley meters (峰, 谷). ``formula``: yuan per cycle. ``form`` and
    ``document`` are its legal basis (价格形式, 依据文件), shown with every price (明码标价和禁止价格欺诈规定 art. 7–9).
    """

    id: int
    method: Method
    unit_price: Fraction
    valid_from: date
    valid_to: date | None = None
    cycle_months: int = 1
    partial_month: PartialMonth = PartialMonth.BY_DAY
    due: DueRule = DueRule("当月")
    form: str = ""
    document: str = ""
    prices: tuple[tuple[str, Fraction], ...] = ()
    tiers: TierTable | None = None
    formula: Formula | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("a price cannot end before it begins")
        if (self.method is Method.TIERED) > (self.tiers is not None):
            raise ValueError("a price by tiers has tiers")
        if (self.method is Method.FORMULA) > (self.formula is not None):
            raise ValueError("a price by formula has a formula")

    @property
    def monthly(self) -> Fraction:
        """Yuan per month, of one m² where it is by area; of what is charged once, the whole price."""
        return self.unit_price / self.cycles if self.method is Method.FIXED else self.unit_price

    @property
    def cycles(self) -> int:
        """By how many months a price for its cycle is divided: one where it is charged once."""
        return self.cycle_months or 1

    def told(self) -> dict[str, str]:
        """What a charge keeps of it, in the ledger's notation: ``price``, ``tiers``, ``formula``."""
        if self.formula is not None:
            told = {"formula": self.formula.text}
            return {**told, "price": decimal_text(self.unit_price)} if PRICE in self.formula.names else told
        if self.prices:
            told = {"price": ";".join(f"{name}{decimal_text(price)}" for name, price in self.prices)}
        else:
            told = {"price": decimal_text(self.unit_price)}
        return told if self.tiers is None else {**told, "tiers": str(self.tiers)}

    def of_meter(self, kind: str) -> Fraction:
        """Yuan per unit of usage on a meter of that kind (表计)."""
        return next((price for name, price in self.prices if kind.endswith(name)), self.unit_price)


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """Days from ``first`` to ``last``, both included, and the price in force on them; None: they have no price."""

    first: date
    last: date
    price: PriceVersion | None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def price_on(versions: Sequence[PriceVersion], day: date) -> PriceVersion | None:
    """The version in force on a day: of those that overlap the one begun last; None on a day without a price."""
    holding = [
        version
        for version in versions
        if version.valid_from <= day and (version.valid_to is None or day <= version.valid_to)
    ]
    return max(holding, key=lambda version: version.valid_from, default=None)


def price_spans(versions: Sequence[PriceVersion], first: date, last: date) -> list[PriceSpan]:
    """The days from ``first`` to ``last`` cut where another price, or none, begins to hold."""
    cuts = {first}
    for version in versions:
        cuts.add(version.valid_from)
        if version.valid_to is not None and version.valid_to < last:
            cuts.add(version.valid_to + ONE_DAY)
    starts = sorted(cut for cut in cuts if first <= cut <= last)
    spans: list[PriceSpan] = []
    for start, next_start in zip(starts, [*starts[1:], last + ONE_DAY], strict=True):
        price, end = price_on(versions, start), next_start - ONE_DAY
        if spans and spans[-1].price is price:
            spans[-1] = PriceSpan(spans[-1].first, end, price)
        else:
            spans.append(PriceSpan(start, end, price))
    return spans
