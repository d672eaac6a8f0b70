"""A bill shared over units (公摊): total × weight ÷ Σ weights, so that the shares sum to the total.

Fen that do not come out even go to the largest remainders; ties to the larger weight, then in the natural order of the
unit codes. A unit's share is borne by whoever holds it, day by day where it changes hands. A unit that nobody pays for
counts all the same: its share is named, and never laid on the others.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from feedesk.errors import UserError
from feedesk.money import Fen, split_by_weight
from feedesk.periods import Period
from feedesk.rules.bills import PAID_THROUGH, AccountFacts, Reason, UnitFacts, missing_payer
from feedesk.rules.spans import Days, DeliveryRule, Holder, days_held
from feedesk.rules.tariffs import ONE_DAY, DueRule, due_date
from feedesk.rules.unit_codes import sort_key
from feedesk.texts import N_, _


class ShareBasis(StrEnum):
    """What the shares follow (分摊依据)."""

    AREA = "按面积"
    UNIT = "按户"
    USAGE = "按用量"
    COEFFICIENT = "按系数"


FULL = Fraction(1)
"""What an empty unit weighs where no vacant weight is set."""

NOBODY_PAYS_ON = N_("On {fact} nobody is named who pays (缴费人).")

USUAL_DUE = "当月末"
"""When a shared cost's charges fall due where nothing is said (到期日)."""

NAMED_AT_MOST = 8
"""So many units a sentence names before it only counts them."""


class ScopeReachesNothing(UserError):
    message = N_("“{name}” is not shared out: no unit fits its scope {scope}. Correct the 范围.")


class AreaMissing(UserError):
    message = N_("“{name}” is not shared out by area: {units} has no area. Enter it in 档案 or change the scope.")


class CoefficientMissing(UserError):
    message = N_(
        "“{name}” is not shared out by coefficient: {units} has no coefficient. Enter it in 档案 or change the scope."
    )


class NothingToWeigh(UserError):
    message = N_("“{name}” is not shared out: the units in its scope together weigh nothing.")


class NoUsageBilled(UserError):
    message = N_("“{name}” is not shared out by usage: no usage of {meter} is billed in its scope for {period} yet.")


class MeterUnknown(UserError):
    message = N_("“{name}” is not shared out by usage: the fee item “{item}” names neither 水, 电, 燃气 nor 热水.")


@dataclass(frozen=True, slots=True)
class Cost:
    """A shared cost; ``total`` in fen, ``scope`` codes and patterns, ``due`` a rule (当月末) or a day in ISO form.

    ``meter_kinds`` measure the usage it follows; none where it follows something else. ``vacant_weight`` is a factor on
    the weight of an empty unit.
    """

    id: int
    name: str
    item_id: int
    item: str
    period: Period
    total: Fen
    scope: tuple[str, ...]
    basis: ShareBasis
    due: str
    vacant_weight: Fraction = FULL
    meter_kinds: tuple[str, ...] = ()

    @property
    def due_date(self) -> date:
        """The day its charges fall due; a 到期日 of 当月… means the period's first month."""
        if self.due[:1].isdigit():
            return date.fromisoformat(self.due)
        return due_date(DueRule.parse(self.due), self.period)


class Weighable(NamedTuple):
    """A unit that a cost's scope reaches, with all that it may be weighed by."""

    unit: int
    code: str
    area: Fraction | None
    coefficient: Fraction | None = None
    usage: Fraction = Fraction(0)
    vacant: bool = False


class UnitShare(NamedTuple):
    """What a unit weighs, and its part of the total in fen."""

    unit: int
    code: str
    weight: Fraction
    amount: Fen


@dataclass(frozen=True, slots=True)
class SharedOut:
    """A cost's shares in the order of the unit codes; they sum to its total."""

    cost: Cost
    weights: Fraction
    shares: tuple[UnitShare, ...]

    def __post_init__(self) -> None:
        if sum(share.amount for share in self.shares) != self.cost.total:
            raise ValueError("shares must sum to the total")


def share_out(cost: Cost, units: Iterable[Weighable]) -> SharedOut:
    """Shares a cost out over the units of its scope.

    An empty unit counts in full unless a vacant weight is set; by usage everyone bears by what he used, and who used
    nothing bears nothing. Raises `ScopeReachesNothing`, `MeterUnknown`, `AreaMissing`, `CoefficientMissing`,
    `NoUsageBilled` or `NothingToWeigh`.
    """
    reached = sorted(units, key=lambda one: sort_key(one.code))
    if not reached:
        raise ScopeReachesNothing(name=cost.name, scope=_(", ").join(cost.scope))
    if cost.basis is ShareBasis.USAGE and not cost.meter_kinds:
        raise MeterUnknown(name=cost.name, item=cost.item)
    found = [_weight(cost, one) for one in reached]
    _refuse_missing(cost, [one.code for one, weight in zip(reached, found, strict=True) if weight is None])
    weights = [weight or Fraction(0) for weight in found]
    whole = sum(weights, Fraction(0))
    if not whole and cost.basis is ShareBasis.USAGE:
        raise NoUsageBilled(name=cost.name, meter=_(", ").join(cost.meter_kinds), period=cost.period)
    if not whole:
        raise NothingToWeigh(name=cost.name)
    shares = zip(reached, weights, split_by_weight(cost.total, weights), strict=True)
    return SharedOut(cost, whole, tuple(UnitShare(one.unit, one.code, weight, part) for one, weight, part in shares))


def _weight(cost: Cost, one: Weighable) -> Fraction | None:
    """What a unit weighs; None where what it is weighed by is not known."""
    vacant = cost.vacant_weight if one.vacant else FULL
    match cost.basis:
        case ShareBasis.AREA:
            return one.area * vacant if one.area else None
        case ShareBasis.UNIT:
            return vacant
        case ShareBasis.COEFFICIENT:
            return None if one.coefficient is None else one.coefficient * vacant
        case ShareBasis.USAGE:
            return max(one.usage, Fraction(0))


def _refuse_missing(cost: Cost, codes: Sequence[str]) -> None:
    if codes:
        refusal = AreaMissing if cost.basis is ShareBasis.AREA else CoefficientMissing
        more = f" … ({len(codes)})" if len(codes) > NAMED_AT_MOST else ""
        raise refusal(
            name=cost.name,
            units=_(", ").join(codes[:NAMED_AT_MOST]) + more,
            details=[{"unit": code} for code in codes],
        )


class Part(NamedTuple):
    """The part of a unit's share that falls on some days: whose they are, or why nobody is charged for them."""

    account: AccountFacts | None
    days: Days
    amount: Fen
    reason: Reason | None = None


def parts_of_share(unit: UnitFacts, period: Period, amount: Fen, paid_through: date | None = None) -> list[Part]:
    """Who bears a unit's share of a period: by the days each account holds the unit, in the order of time.

    The developer bears what is not sold, and the days before the delivery (物业管理条例 art. 41). Days up to
    ``paid_through`` (期初缴至) were paid for elsewhere.
    """
    whole = Days(period.first_day, period.last_day)
    left = whole if paid_through is None else whole.within(paid_through + ONE_DAY, None)
    held: list[tuple[AccountFacts | None, Days, Reason | None]] = []
    if left != whole:
        before = whole.within(None, paid_through) or whole
        held.append((None, before, Reason(PAID_THROUGH, str(paid_through))))
    if left is not None:
        held += [
            (account, days, None if account else _nobody(unit, days, whole)) for account, days in _held(unit, left)
        ]
    several = len(held) > 1
    amounts = split_by_weight(amount, [days.count for _account, days, _reason in held]) if several else [amount]
    return [Part(account, days, part, reason) for (account, days, reason), part in zip(held, amounts, strict=True)]


def _nobody(unit: UnitFacts, days: Days, whole: Days) -> Reason:
    return missing_payer(unit, days.first) if days == whole else Reason(NOBODY_PAYS_ON, f"{days.first}–{days.last}")


def _held(unit: UnitFacts, whole: Days) -> list[tuple[AccountFacts | None, Days]]:
    """The days by who holds the unit."""
    spans = [(account, days) for account in unit.accounts if (days := _days_of(unit, account, whole)) is not None]
    if len(spans) == 1 and spans[0][1] == whole:
        return [spans[0]]
    cuts = {whole.first}
    for _account, days in spans:
        cuts |= {days.first, days.last + ONE_DAY}
    starts = sorted(cut for cut in cuts if cut <= whole.last)
    held: list[tuple[AccountFacts | None, Days]] = []
    for start, next_start in zip(starts, [*starts[1:], whole.last + ONE_DAY], strict=True):
        days = Days(start, next_start - ONE_DAY)
        holder = next((account for account, span in spans if span.first <= start <= span.last), None)
        if held and held[-1][0] == holder:
            days = Days(held.pop()[1].first, days.last)
        held.append((holder, days))
    return held


def _days_of(unit: UnitFacts, account: AccountFacts, whole: Days) -> Days | None:
    days = days_held(Holder(account.developer, unit.unsold, unit.delivered_on), DeliveryRule.BY_DAY)
    days = days and days.within(whole.first, whole.last)
    return days if days is None or account.developer else days.within(account.from_date, account.to_date)


_BETWEEN = re.compile(r"[;,、\s]+")


def parse_scope(text: str) -> tuple[str, ...]:
    """Codes and patterns as people type them (``1-*; 2-*``, full width, with 、 or blanks between), each once."""
    parts = _BETWEEN.split(unicodedata.normalize("NFKC", text).upper())
    return tuple(dict.fromkeys(filter(None, parts)))


_METER_WORDS = (("热水", ("热水表",)), ("燃气", ("燃气表",)), ("电", ("电表", "电表峰", "电表谷")), ("水", ("水表",)))


def meter_kinds_of(item: str) -> tuple[str, ...]:
    """The meters whose usage a shared cost of a fee item follows, by the item's name; empty where it names none."""
    return next((kinds for word, kinds in _METER_WORDS if word in item), ())
