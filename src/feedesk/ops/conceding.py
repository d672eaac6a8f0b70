"""The concession policies (优惠政策) a company has decided on.

What posted charges were lowered by stays as it was: a change ends a policy's terms and begins new ones under the same
name. Everything is noted in the audit trail.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from feedesk.db import inserted_key
from feedesk.errors import UserError
from feedesk.models import ConcessionItem, ConcessionPolicy, FeeItem, table_of
from feedesk.money import decimal_text
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.setting_up import record_audit
from feedesk.periods import Period
from feedesk.queries.concession_use import last_use_of_policy
from feedesk.rules.fee_items import ALL_ITEMS
from feedesk.rules.policy_terms import PolicyTerms, policy_findings
from feedesk.rules.tariffs import ONE_DAY
from feedesk.texts import N_

_policy, _policy_item, _item = (table_of(model) for model in (ConcessionPolicy, ConcessionItem, FeeItem))


class PolicyDoesNotFit(UserError):
    """``field`` names what is wrong, as in `feedesk.rules.policy_terms.policy_findings`."""

    message = N_("{reason} Nothing was changed.")

    def __init__(self, field: str, reason: str) -> None:
        self.field = field
        super().__init__(reason=reason)


class UnknownConcessionItem(UserError):
    message = N_("There is no fee item “{item}”: check the name, for example 物业费. Nothing was changed.")


class UnknownPolicy(UserError):
    message = N_("This concession policy is not in the ledger any more: look at the list again.")


class PolicyDatesCross(UserError):
    message = N_(
        "“{name}” already has terms that begin on {day}: end these on the day before, or change those. "
        "Nothing was changed."
    )


class PolicyInUse(UserError):
    message = N_(
        "Charges of {period} were lowered by “{name}” from {day}: it stays as it is. "
        "End it, and begin a new one on a later day."
    )


class PolicyUsedLater(UserError):
    message = N_(
        "Charges of {period} were lowered by “{name}”: it can end on {day} at the earliest. Nothing was changed."
    )


class EndsTooEarly(UserError):
    message = N_("The last day {last} lies before the first day {first}: choose a later one. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class PolicyKept:
    """A policy as it is stored now; ``ended`` are earlier terms of the name that it put an end to."""

    policy: int
    ended: tuple[int, ...] = ()


@requires(Permission.GRANT_CONCESSIONS)
def add_policy(act: Act, *, terms: PolicyTerms) -> PolicyKept:
    """Adds a policy, or new terms of one. Earlier terms of the name that reach into it end on the day before.

    Raises `PolicyDoesNotFit`, `UnknownConcessionItem`, `PolicyDatesCross`, or `PolicyUsedLater` where charges begun
    since were lowered by the earlier terms.
    """
    items = _checked(act, terms)
    _refuse_crossing(act, terms)
    earlier = act.connection.execute(
        select(_policy).where(
            _policy.c.name == terms.name,
            _policy.c.valid_from < terms.valid_from,
            or_(_policy.c.valid_to.is_(None), _policy.c.valid_to >= terms.valid_from),
        )
    ).mappings()
    ended = tuple(_end(act, dict(row), terms.valid_from - ONE_DAY) for row in earlier.all())
    policy = inserted_key(act.connection.execute(insert(_policy), _columns(terms)))
    _store_items(act, policy, items)
    note_concession(act, "add_concession_policy", f"concession_policy:{policy}", {**_told(terms), "ended": list(ended)})
    return PolicyKept(policy, ended)


@requires(Permission.GRANT_CONCESSIONS)
def change_policy(act: Act, *, policy: int, terms: PolicyTerms) -> PolicyKept:
    """Changes a policy. Of one that posted charges used only the last day and the words of its basis may change.

    Raises `UnknownPolicy`, `PolicyDoesNotFit`, `PolicyInUse`, `PolicyUsedLater` or `PolicyDatesCross`.
    """
    before = policy_row(act, policy)
    items = _checked(act, terms)
    _refuse_crossing(act, terms, apart_from=policy)
    known = _items_of(act, policy)
    after = _columns(terms)
    changed = {name: value for name, value in after.items() if value != before[name]}
    if not changed and items == known:
        return PolicyKept(policy)
    period = _last_use(act, before)
    if period is not None and (items != known or changed.keys() - {"valid_to", "basis_document"}):
        raise PolicyInUse(name=before["name"], day=before["valid_from"], period=period)
    if period is not None and terms.valid_to is not None and terms.valid_to < period.first_day:
        raise PolicyUsedLater(name=before["name"], period=period, day=period.first_day)
    if changed:
        act.connection.execute(update(_policy).where(_policy.c.id == policy), changed)
    if items != known:
        act.connection.execute(delete(_policy_item).where(_policy_item.c.policy_id == policy))
        _store_items(act, policy, items)
    facts = {name: [shown_value(before[name]), shown_value(value)] for name, value in changed.items()}
    note_concession(
        act, "change_concession_policy", f"concession_policy:{policy}", {**facts, "items": list(terms.items)}
    )
    return PolicyKept(policy)


@requires(Permission.GRANT_CONCESSIONS)
def end_policy(act: Act, *, policy: int, last_day: date) -> PolicyKept:
    """Lets a policy end on a day, the last one in force.

    Raises `UnknownPolicy`, `EndsTooEarly`, or `PolicyUsedLater` where charges of a period begun later used it.
    """
    before = policy_row(act, policy)
    if last_day < before["valid_from"]:
        raise EndsTooEarly(last=last_day, first=before["valid_from"])
    _end(act, before, last_day)
    return PolicyKept(policy)


def _end(act: Act, policy: dict[str, Any], last_day: date) -> int:
    key, name = int(policy["id"]), policy["name"]
    period = _last_use(act, policy, since=last_day + ONE_DAY)
    if period is not None:
        raise PolicyUsedLater(name=name, period=period, day=period.first_day)
    act.connection.execute(update(_policy).where(_policy.c.id == key), {"valid_to": last_day})
    facts = {"valid_to": [shown_value(policy["valid_to"]), str(last_day)]}
    note_concession(act, "end_concession_policy", f"concession_policy:{key}", facts)
    return key


def _checked(act: Act, terms: PolicyTerms) -> frozenset[int]:
    """The keys of the fee items that terms name, once all else about them can stand; none: 全部."""
    for field, reason in policy_findings(terms):
        raise PolicyDoesNotFit(field, reason)
    names = [name for name in terms.items if name != ALL_ITEMS]
    rows = act.connection.execute(select(_item.c.name, _item.c.id).where(_item.c.name.in_(names)))
    keys = {str(name): int(key) for name, key in rows}
    for name in names:
        if name not in keys:
            raise UnknownConcessionItem(item=name)
    return frozenset() if ALL_ITEMS in terms.items else frozenset(keys.values())


def _refuse_crossing(act: Act, terms: PolicyTerms, *, apart_from: int = 0) -> None:
    """Terms of one name may not reach into others that begin later, or on the same day."""
    later = select(_policy.c.valid_from).where(
        _policy.c.name == terms.name, _policy.c.valid_from >= terms.valid_from, _policy.c.id != apart_from
    )
    if terms.valid_to is not None:
        later = later.where(_policy.c.valid_from <= terms.valid_to)
    day = act.connection.execute(later.order_by(_policy.c.valid_from).limit(1)).scalar()
    if day is not None:
        raise PolicyDatesCross(name=terms.name, day=day)


def policy_row(act: Act, policy: int) -> dict[str, Any]:
    """A policy as it is stored; else `UnknownPolicy`."""
    row = act.connection.execute(select(_policy).where(_policy.c.id == policy)).mappings().one_or_none()
    if row is None:
        raise UnknownPolicy
    return dict(row)


def _items_of(act: Act, policy: int) -> frozenset[int]:
    found = select(_policy_item.c.fee_item_id).where(_policy_item.c.policy_id == policy)
    return frozenset(act.connection.execute(found).scalars())


def _last_use(act: Act, policy: dict[str, Any], *, since: date | None = None) -> Period | None:
    key = int(policy["id"])
    first = since or policy["valid_from"]
    return last_use_of_policy(
        act.connection, policy=key, items=_items_of(act, key), since=first, until=policy["valid_to"]
    )


def _columns(terms: PolicyTerms) -> dict[str, Any]:
    return {
        "name": terms.name,
        "condition": terms.condition,
        "method": terms.method,
        "value": terms.value,
        "valid_from": terms.valid_from,
        "valid_to": terms.valid_to,
        "stackable": terms.stackable,
        "basis_document": terms.basis_document,
    }


def _store_items(act: Act, policy: int, items: frozenset[int]) -> None:
    if items:
        rows = [{"policy_id": policy, "fee_item_id": item} for item in sorted(items)]
        act.connection.execute(insert(_policy_item), rows)


# ---- the audit trail -------------------------------------------------------------------------------------------------


def note_concession(act: Act, action: str, subject: str, facts: dict[str, Any]) -> None:
    """Notes in the audit trail what became of a policy or a grant."""
    detail = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    record_audit(act, action=action, subject=subject, detail=detail)


def _told(terms: PolicyTerms) -> dict[str, Any]:
    return {**{name: shown_value(value) for name, value in _columns(terms).items()}, "items": list(terms.items)}


def shown_value(value: Any) -> Any:
    """A value as the audit trail keeps it."""
    if value is None or isinstance(value, bool | str):
        return "" if value is None else value
    return str(value) if isinstance(value, date) else decimal_text(value)
