"""Whose account a unit is on which days: the payer's, which is the owner unless said otherwise, and the developer's.

An account (户) is one unit held by one payer from a day to a day, so that a change of hands leaves old debts where
they belong. The developer owes for unsold and undelivered units (物业管理条例 art. 41).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

_FIRST, _LAST = date.min, date.max
_DAY = timedelta(1)


@dataclass(frozen=True, slots=True)
class Occupant:
    """Somebody in a unit. ``pays`` None: not said, then an owner pays where nobody else is said to."""

    resident: int
    is_owner: bool
    from_date: date | None
    to_date: date | None
    pays: bool | None


@dataclass(frozen=True, slots=True)
class AccountSpan:
    """Days (both included, None: open) on which one payer holds a unit; ``resident`` None is the developer."""

    resident: int | None
    from_date: date | None
    to_date: date | None


class PayersCollide(Exception):
    """Two payers hold the unit on the same days; the arguments are the two residents."""

    def __init__(self, first: int, second: int) -> None:
        self.first, self.second = first, second
        super().__init__(first, second)


@dataclass(frozen=True, slots=True)
class _Days:
    resident: int
    first: date
    last: date


def account_spans(occupants: Sequence[Occupant], *, developer_owes: bool) -> list[AccountSpan]:
    """The accounts of one unit, the developer's last. Raises `PayersCollide` when two payers overlap.

    The developer's is open at both ends: which days of it count follows from the unit's delivery (`rules.spans`).
    """
    held = [AccountSpan(days.resident, _start(days), _end(days)) for days in _payers(occupants)]
    return [*held, AccountSpan(None, None, None)] if developer_owes else held


def _start(days: _Days) -> date | None:
    return None if days.first == _FIRST else days.first


def _end(days: _Days) -> date | None:
    return None if days.last == _LAST else days.last


def _payers(occupants: Sequence[Occupant]) -> list[_Days]:
    said = sorted((_days(one) for one in occupants if one.pays), key=lambda days: days.first)
    owners = [rest for one in occupants if one.is_owner and one.pays is None for rest in _without(_days(one), said)]
    held = sorted([*said, *owners], key=lambda days: days.first)
    for before, after in pairwise(held):
        if after.first <= before.last:
            raise PayersCollide(before.resident, after.resident)
    return held


def _days(occupant: Occupant) -> _Days:
    return _Days(occupant.resident, occupant.from_date or _FIRST, occupant.to_date or _LAST)


def _without(days: _Days, others: Sequence[_Days]) -> list[_Days]:
    """The days on which none of the others (in the order of time) holds the unit."""
    rest, first = [], days.first
    for other in others:
        if other.last < first or other.first > days.last:
            continue
        if other.first > first:
            rest.append(_Days(days.resident, first, other.first - _DAY))
        if other.last == _LAST:
            return rest
        first = max(first, other.last + _DAY)
    if first <= days.last:
        rest.append(_Days(days.resident, first, days.last))
    return rest
