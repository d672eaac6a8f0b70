"""Whose money of unknown origin may be (可能的户): accounts that fit what came with it, each with the reason why.

Only offered, never taken for granted: namesakes exist, and so do two homes that owe the same sum.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, String, and_, bindparam, func, literal, or_, select

from feedesk.models import Account, Charge, Resident, Unit, table_of
from feedesk.queries.as_if_paid import as_if_paid_on
from feedesk.queries.statement import open_charges
from feedesk.queries.unclaimed import UnclaimedItem
from feedesk.rules.allocation import is_current_or_earlier
from feedesk.rules.unit_codes import plain_code

_account, _charge, _resident, _unit = (table_of(model) for model in (Account, Charge, Resident, Unit))

MOST = 6
"""So many are offered; more would be a list to search, which the search box does better."""
_CANDIDATES = 200


class Likeness(StrEnum):
    """Why an account may be meant: its unit or its payer stands in the remark, or it owes just that much."""

    UNIT = "unit"
    NAME = "name"
    AMOUNT = "amount"


@dataclass(frozen=True, slots=True)
class LikelyOwner:
    """An account that may be meant, and why."""

    account: int
    unit: str
    resident: str
    likeness: tuple[Likeness, ...]


_WORDS = bindparam("words", type_=String)
_STANDING = (
    select(_account.c.id, _unit.c.code, _resident.c.name, _unit.c.sort_key)
    .join(_unit, _unit.c.id == _account.c.unit_id)
    .join(_resident, _resident.c.id == _account.c.payer_id)
    .where(
        ~_account.c.developer,
        or_(_account.c.from_date.is_(None), _account.c.from_date <= bindparam("on")),
        or_(_account.c.to_date.is_(None), _account.c.to_date >= bindparam("on")),
    )
)
# A name of one sign stands in every remark.
_NAMED = _STANDING.where(
    or_(
        and_(func.length(_resident.c.name) > 1, _WORDS.like(literal("%").concat(_resident.c.name).concat("%"))),
        _WORDS.like(literal("%").concat(_unit.c.code).concat("%")),
    )
).order_by(_unit.c.sort_key, _account.c.id)
_PRINCIPAL = func.sum(_charge.c.gross - _charge.c.discount - _charge.c.waived - _charge.c.paid)
# Late fees come on top of the principal, so it is at most the amount, and a good part of it.
_OWING = (
    select(_charge.c.account_id)
    .where(_charge.c.status == "open", _charge.c.serves_from <= bindparam("on"))
    .group_by(_charge.c.account_id)
    .having(_PRINCIPAL.between(bindparam("least"), bindparam("most")))
    .order_by(_PRINCIPAL.desc(), _charge.c.account_id)
    .limit(_CANDIDATES)
)
_OF_ACCOUNTS = _STANDING.where(_account.c.id.in_(bindparam("accounts", expanding=True)))


def likely_owners(connection: Connection, *, item: UnclaimedItem, on: date) -> tuple[LikelyOwner, ...]:
    """Accounts that may be meant, the likeliest first: more reasons, then unit before name before amount."""
    found: dict[int, tuple[str, str, str]] = {}
    reasons: defaultdict[int, list[Likeness]] = defaultdict(list)
    words = _plain(item.words)
    for account, unit, name, key in connection.execute(_NAMED, {"words": words, "on": on}):
        for fits, reason in ((_stands_in(unit, words), Likeness.UNIT), (_is_named(name, words), Likeness.NAME)):
            if fits:
                reasons[account].append(reason)
                found[account] = (unit, name, key)
    owing = _owing_just_that(connection, item, on)
    for account, unit, name, key in connection.execute(_OF_ACCOUNTS, {"accounts": owing, "on": on}) if owing else ():
        reasons[account].append(Likeness.AMOUNT)
        found[account] = (unit, name, key)
    order = list(Likeness)
    likeliest = sorted(found, key=lambda one: (-len(reasons[one]), order.index(reasons[one][0]), found[one][2], one))
    return tuple(LikelyOwner(one, *found[one][:2], tuple(reasons[one])) for one in likeliest[:MOST])


def _plain(text: str) -> str:
    """What came with it, once as written, once with room codes in their plain form."""
    return f"{unicodedata.normalize('NFKC', text)} {plain_code(text)}"


def _stands_in(unit: str, words: str) -> bool:
    """Whether a room's code stands there by itself: 3-1-502 does not stand in 13-1-5021."""
    return re.search(rf"(?<![0-9A-Za-z]){re.escape(unit)}(?![0-9])", words) is not None


def _is_named(name: str, words: str) -> bool:
    return len(name) > 1 and name in words


def _owing_just_that(connection: Connection, item: UnclaimedItem, on: date) -> list[int]:
    """Accounts of which this money, had it been theirs when it came, would have settled everything to the fen."""
    facts = {"on": on, "most": item.left, "least": item.left // 2}
    candidates = list(connection.execute(_OWING, facts).scalars()) if item.left else []
    if not candidates:
        return []
    charges = [
        charge
        for charge in open_charges(connection, accounts=candidates, on=on)
        if not charge.frozen and is_current_or_earlier(charge.period, on)
    ]
    owed: defaultdict[int, int] = defaultdict(int)
    for charge in as_if_paid_on(connection, charges, value_date=item.value_date, on=on):
        owed[charge.account] += charge.due
    return [account for account in candidates if owed[account] == item.left]
