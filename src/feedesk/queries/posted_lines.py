"""Posted charges as concessions see them, so that what they concede can be reckoned anew on other terms.

A charge keeps its quantity and price in its snapshot. Where they make its gross again, the line is exact and a unit
price fits it; otherwise (a part of a month, several prices) its fen are what is exact.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.models import FeeItem, table_of
from feedesk.money import Fen, Mantissa, round_to_fen
from feedesk.periods import Period
from feedesk.queries.concessions import Concessions, dated_policies
from feedesk.rules.concessions import ChargeLine, Policy
from feedesk.rules.pricing import Rounding

_item = table_of(FeeItem)
_ROUNDINGS = select(_item.c.id, _item.c.mantissa, _item.c.mantissa_step).where(
    _item.c.id.in_(bindparam("items", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Posted:
    """What of a posted charge its concession depends on; ``gross`` in fen, ``snapshot`` as stored."""

    id: int
    account: int
    unit_id: int
    item_id: int
    period: Period
    gross: Fen
    snapshot: str


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A charge's line before any concession, and the policies that count for it whatever is paid."""

    posted: Posted
    line: ChargeLine
    standing: tuple[Policy, ...]


def posted_lines(connection: Connection, charges: Sequence[Posted]) -> tuple[PostedLine, ...]:
    """The lines of charges, in their order."""
    items = {one.item_id for one in charges}
    rows = connection.execute(_ROUNDINGS, {"items": list(items)})
    roundings = {key: Rounding(Mantissa(how), Fen(step)) for key, how, step in rows}
    known = Concessions.read_for(connection, [one.period.first_day for one in charges])
    by_id = {one.policy.id: one.policy for one in dated_policies(connection) if not one.condition.is_met_on_payment}
    found = []
    for one in charges:
        facts: dict[str, Any] = json.loads(one.snapshot) if one.snapshot else {}
        policies: dict[int, Policy] = {
            part["id"]: by_id[part["id"]] for part in facts.get("concessions", ()) if part.get("id") in by_id
        }
        if known is not None:
            day = one.period.first_day
            now = known.policies_at(account=one.account, unit=one.unit_id, item=one.item_id, day=day)
            policies |= {policy.id: policy for policy in now}
        found.append(PostedLine(one, _line(one, facts, roundings[one.item_id]), tuple(policies.values())))
    return tuple(found)


def _line(posted: Posted, facts: Mapping[str, Any], rounding: Rounding) -> ChargeLine:
    months = posted.period.months
    try:
        quantity, price = Fraction(facts["quantity"]), Fraction(facts["price"])
    except (KeyError, ValueError, TypeError, ZeroDivisionError):
        quantity = price = Fraction(0)
    for measure in (quantity * months, quantity):
        exact = measure * price
        if exact and round_to_fen(exact, rounding.mantissa, rounding.step) == posted.gross:
            return ChargeLine(exact, posted.gross, measure, months, rounding)
    return ChargeLine(Fraction(posted.gross, 100), posted.gross, Fraction(0), months, rounding)
