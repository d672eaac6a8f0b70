"""Concession policies and grants as the records show them, and which of them end soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import Connection, select

from feedesk.models import (
    Account,
    ConcessionGrant,
    ConcessionItem,
    ConcessionPolicy,
    FeeItem,
    Resident,
    Staff,
    Unit,
    table_of,
)
from feedesk.queries.accounts import account_number
from feedesk.rules.fee_items import ALL_ITEMS

_account, _grant, _policy_item, _policy, _item, _resident, _staff, _unit = (
    table_of(model)
    for model in (Account, ConcessionGrant, ConcessionItem, ConcessionPolicy, FeeItem, Resident, Staff, Unit)
)
_approver = _staff.alias("approver")

_POLICIES = select(_policy).order_by(_policy.c.name, _policy.c.valid_from)
_ITEMS = (
    select(_policy_item.c.policy_id, _item.c.name)
    .join(_item, _item.c.id == _policy_item.c.fee_item_id)
    .order_by(_item.c.position, _item.c.id)
)
_GRANTS = (
    select(
        _grant.c.id,
        _grant.c.policy_id,
        _policy.c.name.label("policy"),
        _grant.c.account_id.label("account"),
        _unit.c.code.label("unit"),
        _resident.c.name.label("resident"),
        _grant.c.from_date,
        _grant.c.to_date,
        _grant.c.evidence,
        _grant.c.note,
        _staff.c.name.label("granted_by"),
        _approver.c.name.label("approved_by"),
    )
    .select_from(
        _grant.join(_policy, _policy.c.id == _grant.c.policy_id)
        .join(_account, _account.c.id == _grant.c.account_id)
        .join(_unit, _unit.c.id == _account.c.unit_id)
        .join(_resident, _resident.c.id == _account.c.payer_id)
        .join(_staff, _staff.c.id == _grant.c.granted_by)
        .outerjoin(_approver, _approver.c.id == _grant.c.approved_by)
    )
    .order_by(_unit.c.sort_key, _policy.c.name, _grant.c.from_date)
)
_FEE_ITEMS = select(_item.c.name).order_by(_item.c.position, _item.c.id)


SOON = 60
"""So many days ahead, what ends is said to end soon."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """A policy as it is stored; ``items`` are names of fee items or 全部, ``value`` by ``method``."""

    id: int
    name: str
    condition: str
    method: str
    value: Fraction
    items: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    stackable: bool
    basis_document: str

    @property
    def item_names(self) -> str:
        """The fee items as they are listed for people."""
        return "、".join(self.items)


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A policy granted to an account from a day to a day (both included, None: until it is withdrawn)."""

    id: int
    policy_id: int
    policy: str
    account: int
    unit: str
    resident: str
    from_date: date
    to_date: date | None
    evidence: str
    note: str
    granted_by: str
    approved_by: str

    @property
    def number(self) -> str:
        """The account's number for people."""
        return account_number(self.account)


@dataclass(frozen=True, slots=True)
class ConcessionList:
    """All policies by name and time and all grants by unit, with the fee items there are, on a day."""

    on: date
    policies: tuple[PolicyRow, ...]
    grants: tuple[GrantRow, ...]
    items: tuple[str, ...]


def concession_list(connection: Connection, *, on: date) -> ConcessionList:
    """All there is to see of concessions on a day."""
    items: dict[int, list[str]] = {}
    for policy, name in connection.execute(_ITEMS):
        items.setdefault(policy, []).append(name)
    policies = tuple(
        PolicyRow(
            row.id,
            row.name,
            row.condition,
            row.method,
            row.value,
            tuple(items.get(row.id, (ALL_ITEMS,))),
            row.valid_from,
            row.valid_to,
            row.stackable,
            row.basis_document,
        )
        for row in connection.execute(_POLICIES)
    )
    grants = tuple(
        GrantRow(**{**row, "approved_by": row["approved_by"] or ""}) for row in connection.execute(_GRANTS).mappings()
    )
    return ConcessionList(on, policies, grants, tuple(connection.execute(_FEE_ITEMS).scalars()))


def ends_soon(last_day: date | None, *, on: date, within: int) -> bool:
    """Whether something in force until ``last_day`` ends on the day or within so many days after it."""
    return last_day is not None and on <= last_day <= on + timedelta(within)


def ending_soon(found: ConcessionList, *, within: int = SOON) -> tuple[Sequence[PolicyRow], Sequence[GrantRow]]:
    """The policies and the grants that end within so many days, the first to end first."""
    policies = [one for one in found.policies if ends_soon(one.valid_to, on=found.on, within=within)]
    grants = [one for one in found.grants if ends_soon(one.to_date, on=found.on, within=within)]
    return sorted(policies, key=lambda one: str(one.valid_to)), sorted(grants, key=lambda one: str(one.to_date))
