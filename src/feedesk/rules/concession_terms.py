"""For whom a concession policy (优惠政策) counts: its dates, its fee items, its condition, and grants (核准).

All is asked for the first day of the charge's period. What is granted on payment (预缴, 一次性付清) counts in no
billing run, whatever was granted.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

from feedesk.rules.concessions import Policy

EVERY_ITEM: frozenset[int] = frozenset()
"""Stands for 全部: every fee item but what is collected for others (代收代付) and deposits (押金)."""

NEVER_WHOLESALE = frozenset({"代收代付", "押金"})
"""Whose money a policy for 全部 does not give away."""


class ConditionKind(StrEnum):
    """What a condition asks about, as it is stored before its figure."""

    TAG = "标签"
    VACANT = "空置"
    PREPAID = "预缴"
    PAID_AT_ONCE = "一次性付清"
    GRANTED = "核准"


_CONDITION = re.compile(r"标签=(?P<tag>.+)|预缴>=(?P<months>\d{1,2})月|空置|一次性付清|核准", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """``标签=老年``: the payer's tag; 空置: the unit's state; 核准: nobody without a grant."""

    kind: ConditionKind
    tag: str = ""
    months: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the stored notation; ValueError for anything else."""
        match = _CONDITION.fullmatch(text)
        if match is None or (match["months"] and not int(match["months"])):
            raise ValueError(f"{text!r} is no condition")
        if match["tag"]:
            return cls(ConditionKind.TAG, tag=match["tag"])
        if match["months"]:
            return cls(ConditionKind.PREPAID, months=int(match["months"]))
        return cls(ConditionKind(text))

    def __str__(self) -> str:
        match self.kind:
            case ConditionKind.TAG:
                return f"标签={self.tag}"
            case ConditionKind.PREPAID:
                return f"预缴>={self.months}月"
            case _:
                return self.kind.value

    @property
    def is_met_on_payment(self) -> bool:
        """Whether it is the payment that meets it, so that no billing run grants it."""
        return self.kind in (ConditionKind.PREPAID, ConditionKind.PAID_AT_ONCE)

    def holds(self, tags: Collection[str], vacant: bool) -> bool:
        """Whether it holds for a payer with these tags and a unit that is, or is not, empty (空置)."""
        match self.kind:
            case ConditionKind.TAG:
                return self.tag in tags
            case ConditionKind.VACANT:
                return vacant
            case _:
                return False


@dataclass(frozen=True, slots=True)
class DatedPolicy:
    """A policy in force from a day to a day (both included, None: open) for fee items (`EVERY_ITEM`: 全部)."""

    policy: Policy
    condition: Condition
    items: frozenset[int]
    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("a policy cannot end before it begins")

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def covers(self, item: int, nature: str) -> bool:
        """Whether it lowers charges of a fee item; ``nature`` says whose money that is."""
        return item in self.items or (self.items == EVERY_ITEM and nature not in NEVER_WHOLESALE)


def in_force(policies: Iterable[DatedPolicy], day: date) -> tuple[DatedPolicy, ...]:
    """The policies that bills of a period begun on a day may be lowered by; of one name the version begun last."""
    by_name: dict[str, DatedPolicy] = {}
    for one in sorted(policies, key=lambda one: one.valid_from):
        if one.in_force(day) and not one.condition.is_met_on_payment:
            by_name[one.policy.name] = one
    return tuple(by_name.values())


def policies_on(policies: Iterable[DatedPolicy], day: date, item: int, nature: str) -> tuple[DatedPolicy, ...]:
    """Those of them that lower charges of a fee item; ``nature`` says whose money it is."""
    return tuple(one for one in in_force(policies, day) if one.covers(item, nature))


def policies_met(
    policies: Sequence[DatedPolicy], *, tags: Collection[str], vacant: bool, granted: Collection[str]
) -> tuple[Policy, ...]:
    """Those of ``policies`` whose condition holds; a grant makes it hold for the policies it names."""
    return tuple(one.policy for one in policies if one.policy.name in granted or one.condition.holds(tags, vacant))
