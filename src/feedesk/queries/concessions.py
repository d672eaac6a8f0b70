"""What a billing run needs to know of concessions (优惠), read at once for all accounts, and what they take off bills.

A ledger without policies costs one small query. Tags and the state of a unit carry no dates, so those known now count
whatever the period; a tag goes with its occupancy, which must not have ended before the period.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, or_, select

from feedesk.models import (
    Account,
    ConcessionGrant,
    ConcessionItem,
    ConcessionPolicy,
    FeeItem,
    Occupancy,
    OccupancyTag,
    Unit,
    table_of,
)
from feedesk.rules.concession_terms import Condition, ConditionKind, DatedPolicy, in_force, policies_met, policies_on
from feedesk.rules.concessions import ChargeLine, Conceded, Policy, Reduction, concede

if TYPE_CHECKING:
    from feedesk.rules.bills import Bill

_account, _grant, _policy_item, _policy, _item, _occupancy, _tag, _unit = (
    table_of(model)
    for model in (
        Account, ConcessionGrant, ConcessionItem, ConcessionPolicy, FeeItem, Occupancy, OccupancyTag, Unit,
    )
)  # fmt: skip

VACANT = "空置"
_NOTHING: frozenset[str] = frozenset()

_POLICIES = select(_policy).order_by(_policy.c.name, _policy.c.valid_from)
_ITEMS = select(_policy_item.c.policy_id, _policy_item.c.fee_item_id)
_NATURES = select(_item.c.id, _item.c.nature)
_TAGS = (
    select(_account.c.id, _tag.c.tag, _occupancy.c.to_date)
    .join(_occupancy, _occupancy.c.id == _tag.c.occupancy_id)
    .join(
        _account,
        (_account.c.unit_id == _occupancy.c.unit_id) & (_account.c.payer_id == _occupancy.c.resident_id),
    )
    .where(_tag.c.tag.in_(bindparam("tags", expanding=True)))
)
_VACANT = select(_unit.c.id).where(_unit.c.occupancy == VACANT)
_GRANTS = (
    select(_grant.c.account_id, _policy.c.name, _grant.c.from_date, _grant.c.to_date)
    .join(_policy, _policy.c.id == _grant.c.policy_id)
    .where(
        _grant.c.from_date <= bindparam("last"),
        or_(_grant.c.to_date.is_(None), _grant.c.to_date >= bindparam("first")),
    )
)

_GRANTS_OF_ACCOUNT = _GRANTS.where(_grant.c.account_id == bindparam("account"))


@dataclass(frozen=True, slots=True)
class _Span:
    """A grant of a policy, by its name, or a tag, and the days on which it counts (None: open)."""

    name: str
    first: date | None
    last: date | None

    def reaches(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(slots=True)
class Concessions:
    """What is known for a run. What bills have in common is worked out once for all alike."""

    policies: tuple[DatedPolicy, ...]
    natures: Mapping[int, str]
    tags: Mapping[int, Sequence[_Span]]
    vacant: frozenset[int]
    grants: Mapping[int, Sequence[_Span]]
    _reach: dict[tuple[int, int], tuple[DatedPolicy, ...]] = field(default_factory=dict)
    _met: dict[tuple[object, ...], tuple[Policy, ...]] = field(default_factory=dict)
    _worked_out: dict[tuple[int, int, int], Conceded | None] = field(default_factory=dict)

    @classmethod
    def read(cls, connection: Connection, bills: Sequence["Bill"]) -> "Concessions | None":
        """What counts for the periods of bills; None where no policy does."""
        return cls.read_for(
            connection, [period.first_day for period in {id(b.period): b.period for b in bills}.values()]
        )

    @classmethod
    def read_for(cls, connection: Connection, days: Sequence[date]) -> "Concessions | None":
        """What counts for periods that begin on these days; None where no policy does."""
        known = [one for one in dated_policies(connection) if not one.condition.is_met_on_payment]
        if not known or not days:
            return None
        first, last = min(days), max(days)
        policies = tuple(
            one for one in known if one.valid_from <= last and (one.valid_to is None or one.valid_to >= first)
        )
        if not policies:
            return None
        kinds = {one.condition.kind for one in policies}
        wanted = sorted({one.condition.tag for one in policies if one.condition.tag})
        return cls(
            policies=policies,
            natures=dict(connection.execute(_NATURES).all()),
            tags=_spans((key, _Span(tag, None, to)) for key, tag, to in connection.execute(_TAGS, {"tags": wanted})),
            vacant=frozenset(connection.execute(_VACANT).scalars() if ConditionKind.VACANT in kinds else ()),
            grants=_spans(
                (key, _Span(*grant)) for key, *grant in connection.execute(_GRANTS, {"first": first, "last": last})
            ),
        )

    def applied(self, bills: Iterable["Bill"]) -> Iterator["Bill"]:
        """The bills with what concessions take off them; most accounts have none and are passed on at once."""
        concerned, vacant = self.tags.keys() | self.grants.keys(), self.vacant
        for bill in bills:
            conceded = None
            if bill.account in concerned or bill.unit.id in vacant:
                conceded = self._conceded(bill)
            yield bill if conceded is None else bill._replace(discount=conceded.discount, conceded=conceded)

    def policies_for(self, bill: "Bill") -> tuple[Policy, ...]:
        """The policies that count for a bill anyway, whatever is paid."""
        reach = self._policies_of(bill)
        return self._policies_met(bill, reach) if reach else ()

    def policies_at(self, *, account: int, unit: int, item: int, day: date) -> tuple[Policy, ...]:
        """The same for a charge that is posted already, whose period begins on ``day``."""
        reach = policies_on(self.policies, day, item, self.natures.get(item, ""))
        tags, granted = _names(self.tags.get(account), day), _names(self.grants.get(account), day)
        return policies_met(reach, tags=tags, vacant=unit in self.vacant, granted=granted)

    def _conceded(self, bill: "Bill") -> Conceded | None:
        # Bills, with their tariffs, periods and lines, live as long as this: identity may stand for value.
        place = (id(bill.tariff), id(bill.period))
        reach = self._reach.get(place)
        if reach is None:
            reach = self._reach[place] = self._policies_of(bill)
        policies = self._policies_met(bill, reach) if reach else ()
        if not policies:
            return None
        alike = (id(bill.line), id(policies), bill.period.months)
        if alike not in self._worked_out:
            self._worked_out[alike] = concede(charge_line(bill), policies)
        return self._worked_out[alike]

    def _policies_of(self, bill: "Bill") -> tuple[DatedPolicy, ...]:
        item = bill.tariff.item_id
        return policies_on(self.policies, bill.period.first_day, item, self.natures.get(item, ""))

    def _policies_met(self, bill: "Bill", reach: tuple[DatedPolicy, ...]) -> tuple[Policy, ...]:
        day = bill.period.first_day
        tags, granted = _names(self.tags.get(bill.account), day), _names(self.grants.get(bill.account), day)
        vacant = bill.unit.id in self.vacant
        key = (id(reach), tags, granted, vacant)
        if key not in self._met:
            self._met[key] = policies_met(reach, tags=tags, vacant=vacant, granted=granted)
        return self._met[key]


def _names(spans: Sequence[_Span] | None, day: date) -> frozenset[str]:
    return frozenset(one.name for one in spans if one.reaches(day)) if spans else _NOTHING


def concede_bills(connection: Connection, bills: tuple["Bill", ...]) -> tuple["Bill", ...]:
    """The bills of a run with what concessions take off them; the same bills where there are none."""
    found = Concessions.read(connection, bills)
    return bills if found is None else tuple(found.applied(bills))


@dataclass(frozen=True, slots=True)
class StandingConcession:
    """A policy that counts for an account; ``until`` is the last day of the policy or of the grant (None: open)."""

    policy: Policy
    condition: Condition
    until: date | None


def standing_concessions(
    connection: Connection, *, account: int, tags: Collection[str], vacant: bool, on: date
) -> tuple[StandingConcession, ...]:
    """What bills of the current month are lowered by for an account whose payer has these tags."""
    policies = dated_policies(connection)
    if not policies:
        return ()
    day = on.replace(day=1)
    facts = {"first": day, "last": day, "account": account}
    granted = {name: to for _account, name, _from, to in connection.execute(_GRANTS_OF_ACCOUNT, facts)}
    return tuple(
        StandingConcession(one.policy, one.condition, _sooner(one.valid_to, granted.get(one.policy.name)))
        for one in in_force(policies, day)
        if one.policy.name in granted or one.condition.holds(tags, vacant)
    )


def _sooner(first: date | None, second: date | None) -> date | None:
    return min((day for day in (first, second) if day is not None), default=None)


def dated_policies(connection: Connection) -> list[DatedPolicy]:
    """All policies with their fee items, by name and time."""
    rows = connection.execute(_POLICIES).all()
    items: dict[int, set[int]] = {}
    for policy, item in connection.execute(_ITEMS) if rows else ():
        items.setdefault(policy, set()).add(item)
    return [
        DatedPolicy(
            Policy(row.id, row.name, Reduction(row.method), row.value, row.stackable, row.basis_document),
            Condition.parse(row.condition),
            frozenset(items.get(row.id, ())),
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]


def charge_line(bill: "Bill") -> ChargeLine:
    """A bill as concessions see it."""
    line = bill.line
    # A share of a common cost was rounded together with the others, so that they sum up: its fen are what is owed.
    exact = line.exact if line.version is not None else Fraction(line.gross, 100)
    once = line.version is not None and not line.version.cycle_months
    return ChargeLine(exact, line.gross, line.measure, 0 if once else bill.period.months, bill.tariff.rounding)


def _spans(found: Iterable[tuple[int, _Span]]) -> dict[int, list[_Span]]:
    by_account: dict[int, list[_Span]] = {}
    for account, span in found:
        by_account.setdefault(account, []).append(span)
    return by_account
