"""What concessions (优惠) take off a charge line: exact until net and gross are each rounded once.

Policies that stack (可叠加=是) apply together: the lowest unit price (never raising the line), then percentages and
months off, each on what the last left, then amounts (减金额, each in full and never below zero). A policy that does not
stack stands alone. The owner pays the lowest result; of results that are equal those that stack go first, then the
order of the names. The concession shown is gross less net, shared out over the policies by what each took.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from feedesk.money import Fen, decimal_text, format_amount, round_to_fen, split_by_weight
from feedesk.rules.pricing import TO_THE_FEN, Rounding
from feedesk.texts import _


class Reduction(StrEnum):
    """How a policy lowers a charge (方式)."""

    PERCENT = "百分比"
    AMOUNT = "减金额"
    MONTHS = "减月数"
    UNIT_PRICE = "单价"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy grants: ``value`` per cent (10 = 10 % off), yuan, months, or yuan per unit, by ``reduction``."""

    id: int
    name: str
    reduction: Reduction
    value: Fraction
    stackable: bool = False
    document: str = ""

    def __post_init__(self) -> None:
        if self.value < 0 or (self.reduction is Reduction.PERCENT and self.value > 100):
            raise ValueError("a concession takes off something between nothing and all")

    @property
    def figure(self) -> str:
        """``10%`` of a percentage that its name does not say already, else nothing."""
        is_said = self.reduction is not Reduction.PERCENT or "%" in self.name
        return "" if is_said else f"{decimal_text(self.value)}%"

    @property
    def label(self) -> str:
        """Its name as receipts show it, a percentage with its figure: ``老年减免10%``."""
        gap = " " if self.figure and self.name.isascii() else ""
        return f"{self.name}{gap}{self.figure}"

    def share(self, months: int) -> Fraction:
        """What it takes off as a share: a percentage, or its months of those that the line is for; at most all."""
        if self.reduction is Reduction.PERCENT:
            return self.value / 100
        return min(self.value / months, Fraction(1)) if months else Fraction(0)


class Concession(NamedTuple):
    """What a policy took off a charge, in fen, and the words that say so."""

    policy: int
    name: str
    label: str
    document: str
    amount: Fen
    words: str


@dataclass(frozen=True, slots=True)
class Conceded:
    """What is taken off a line: the parts sum to ``discount``; ``words`` are sentences to be read out."""

    discount: Fen
    parts: tuple[Concession, ...]
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        """The concessions as a receipt names them: ``老年减免10%+特困减免``."""
        return "+".join(part.label for part in self.parts)


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """A line before its concession. ``exact`` yuan, rounded to ``gross``; ``months`` of its cycle, 0 for once only.

    A unit price p would make it p × ``measure``; zero where no unit price fits it.
    """

    exact: Fraction
    gross: Fen
    measure: Fraction = Fraction(0)
    months: int = 1
    rounding: Rounding = TO_THE_FEN


class _Taken(NamedTuple):
    policy: Policy
    yuan: Fraction


def concede(line: ChargeLine, policies: Sequence[Policy]) -> Conceded | None:
    """What the policies that count take off a line; None where they take nothing, or nothing is owed."""
    if line.exact <= 0 or not policies:
        return None
    in_order = sorted(policies, key=lambda policy: (policy.name, policy.id))
    together = [policy for policy in in_order if policy.stackable]
    results = [_reckon(line, together), *(_reckon(line, [policy]) for policy in in_order if not policy.stackable)]
    best = max(results, key=lambda taken: sum(one.yuan for one in taken))  # the first of those that are equal
    if not best:
        return None
    left = line.exact - sum(one.yuan for one in best)
    net = min(line.gross, round_to_fen(left, line.rounding.mantissa, line.rounding.step))
    discount = Fen(line.gross - net)
    if not discount:
        return None
    amounts = split_by_weight(discount, [one.yuan for one in best])
    shown = [(one, amount) for one, amount in zip(best, amounts, strict=True) if amount]
    parts = tuple(_concession(line, one.policy, amount) for one, amount in shown)
    rivals = [policy for policy in in_order if not policy.stackable or not best[0].policy.stackable]
    others = [policy for policy in rivals if all(policy is not one.policy for one in best)]
    return Conceded(discount, parts, (*(part.words for part in parts), *_closing(line.gross, discount, others)))


def _reckon(line: ChargeLine, policies: Sequence[Policy]) -> list[_Taken]:
    """What policies that apply together take, in yuan; those that take nothing are left out."""
    left, taken = line.exact, []
    for policy in _in_turn(line, policies):
        match policy.reduction:
            case Reduction.UNIT_PRICE:
                off = left - policy.value * line.measure
            case Reduction.AMOUNT:
                off = min(policy.value, left)
            case _:
                off = left * policy.share(line.months)
        if off > 0:
            taken.append(_Taken(policy, off))
            left -= off
    return taken


def _in_turn(line: ChargeLine, policies: Sequence[Policy]) -> list[Policy]:
    """The lowest unit price, then what takes a share, then amounts, the larger ones first."""
    prices = [policy for policy in policies if policy.reduction is Reduction.UNIT_PRICE]
    shares = [policy for policy in policies if policy.reduction in (Reduction.PERCENT, Reduction.MONTHS)]
    amounts = [policy for policy in policies if policy.reduction is Reduction.AMOUNT]
    return [
        *([min(prices, key=lambda policy: policy.value)] if prices and line.measure > 0 else []),
        *sorted(shares, key=lambda policy: -policy.share(line.months)),
        *sorted(amounts, key=lambda policy: -policy.value),
    ]


def _concession(line: ChargeLine, policy: Policy, amount: Fen) -> Concession:
    words = _sentence(line, policy, amount)
    return Concession(policy.id, policy.name, policy.label, policy.document, amount, words)


def _sentence(line: ChargeLine, policy: Policy, amount: Fen) -> str:
    """``老年减免10%（依据 样例文〔2025〕3号）：减 27.61 元。``"""
    grounds = _(" (by {document})").format(document=policy.document) if policy.document else ""
    off = format_amount(amount)
    match policy.reduction:
        case Reduction.UNIT_PRICE:
            text = _("{name}{grounds}: at a unit price of {value} yuan, {off} yuan off.")
        case Reduction.MONTHS:
            text = _("{name}{grounds}: {value} of {months} months free, {off} yuan off.")
        case Reduction.AMOUNT if policy.value * 100 > amount:
            text = _("{name}{grounds}: up to {value} yuan a charge, {off} yuan off.")
        case _:
            text = _("{name}{grounds}: {off} yuan off.")
    value = decimal_text(policy.value, None if policy.reduction is Reduction.MONTHS else 2)
    return text.format(name=policy.label, grounds=grounds, value=value, months=line.months, off=off)


def _closing(gross: Fen, discount: Fen, others: Sequence[Policy]) -> list[str]:
    """The sum, and the policies that would have left more to pay."""
    sums = {"gross": gross, "discount": discount, "net": Fen(gross - discount)}
    text = _("Of {gross} yuan {discount} yuan are conceded, {net} yuan remain.")
    lines = [text.format(**{name: format_amount(amount) for name, amount in sums.items()})]
    if others:
        text = _("{names} cannot be had as well: the lowest sum to pay counts.")
        lines.append(text.format(names="、".join(policy.label for policy in others)))
    return lines
