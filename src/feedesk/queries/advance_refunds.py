"""What of a payment's months ahead can go back, and what comes back for them (`feedesk.rules.advance_refunds`).

The months that have begun by the day are served and stay; the last ones go first, so that 缴至 ends earlier and leaves
no gap.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, func, or_, select

from feedesk.models import Charge, Correction, Entry, FeeItem, Payment, Unit, table_of
from feedesk.money import Fen
from feedesk.periods import Period
from feedesk.queries.concessions import dated_policies
from feedesk.queries.corrections import PaymentLeft
from feedesk.queries.posted_lines import Posted, posted_lines
from feedesk.rules.advance_concessions import met_by_payment
from feedesk.rules.advance_refunds import MonthAhead, MonthsBack, give_months_back
from feedesk.rules.concession_terms import ConditionKind
from feedesk.rules.concessions import Policy

_charge, _item, _unit, _entry, _payment, _correction = (
    table_of(model) for model in (Charge, FeeItem, Unit, Entry, Payment, Correction)
)
_CHARGES = (
    select(
        _charge.c.id,
        _charge.c.account_id,
        _charge.c.unit_id,
        _unit.c.code.label("unit"),
        _charge.c.fee_item_id,
        _item.c.name.label("item"),
        _item.c.nature,
        _charge.c.period,
        _charge.c.serves_from,
        _charge.c.serves_to,
        _charge.c.gross,
        _charge.c.snapshot,
    )
    .join(_item, _item.c.id == _charge.c.fee_item_id)
    .join(_unit, _unit.c.id == _charge.c.unit_id)
    .outerjoin(_correction, _correction.c.entry_id == _charge.c.entry_id)
    .where(
        _charge.c.id.in_(bindparam("charges", expanding=True)),
        _charge.c.source == "advance",
        _charge.c.status != "cancelled",
        or_(_charge.c.entry_id == bindparam("entry"), _correction.c.corrects_id == bindparam("payment")),
    )
    .order_by(_charge.c.account_id, _item.c.position, _item.c.id, _charge.c.serves_from)
)
_LATER = select(func.max(_charge.c.serves_to)).where(
    _charge.c.account_id == bindparam("account"),
    _charge.c.fee_item_id == bindparam("item"),
    _charge.c.status.in_(("open", "settled")),
    _charge.c.source.in_(("run", "advance", "shared")),
    _charge.c.serves_from > bindparam("last"),
)


@dataclass(frozen=True, slots=True)
class AdvanceLeft:
    """An item of an account that a payment paid ahead, its charges in order.

    ``served`` of them have begun; ``later`` is until when the item is billed beyond them, None where it is not.
    ``policies`` are those that paying ahead may meet, ``at_once`` whether it was paid at once (一次性付清).
    """

    account: int
    unit: str
    item: str
    item_id: int
    nature: str
    months: tuple[MonthAhead, ...]
    first: date
    last: date
    served: int
    later: date | None
    paid_on: date
    at_once: bool
    lost: tuple[str, ...]

    @property
    def count(self) -> int:
        """The months paid for."""
        return sum(one.months for one in self.months)

    @property
    def most(self) -> int:
        """The months that may go back."""
        return sum(one.months for one in self.months[self.served :])

    def charges_of(self, months: int) -> int | None:
        """How many of its last charges make up ``months``; None where none do."""
        sums = 0
        for count, one in enumerate(reversed(self.months), 1):
            sums += one.months
            if sums >= months:
                return count if sums == months else None
        return None


def advances_left(connection: Connection, left: PaymentLeft, *, today: date) -> tuple[AdvanceLeft, ...]:
    """The months ahead of a payment that stand, by account and item."""
    paid = {part.charge: part.amount for part in left.parts if part.kind == "principal"}
    facts = {"charges": list(paid), "entry": left.entry, "payment": left.id}
    rows = connection.execute(_CHARGES, facts).all() if paid else []
    groups: dict[tuple[int, int], list[int]] = {}
    for place, row in enumerate(rows):
        groups.setdefault((row.account_id, row.fee_item_id), []).append(place)
    posted = [
        Posted(r.id, r.account_id, r.unit_id, r.fee_item_id, Period.parse(r.period), Fen(r.gross), r.snapshot)
        for r in rows
    ]
    lines = posted_lines(connection, posted) if posted else ()
    found = []
    for (account, item), places in groups.items():
        of = [rows[place] for place in places]
        months = tuple(
            MonthAhead(lines[n].posted.id, lines[n].posted.period, paid[rows[n].id], lines[n].line, lines[n].standing)
            for n in places
        )
        last = of[-1].serves_to
        conceded = {part["id"]: part["name"] for row in of for part in json.loads(row.snapshot).get("concessions", ())}
        on_payment = {one.policy.id: one for one in dated_policies(connection) if one.condition.is_met_on_payment}
        granted = [on_payment[key] for key in conceded if key in on_payment]
        found.append(
            AdvanceLeft(
                account=account,
                unit=of[0].unit,
                item=of[0].item,
                item_id=item,
                nature=of[0].nature,
                months=months,
                first=of[0].serves_from,
                last=last,
                served=sum(1 for row in of if row.serves_from <= today),
                later=connection.execute(_LATER, {"account": account, "item": item, "last": last}).scalar(),
                paid_on=left.business_date,
                at_once=any(one.condition.kind is ConditionKind.PAID_AT_ONCE for one in granted),
                lost=tuple(one.policy.label for one in granted),
            )
        )
    return tuple(found)


def months_back(connection: Connection, advance: AdvanceLeft, charges: int) -> MonthsBack:
    """What comes of giving the last ``charges`` of an advance back."""
    return give_months_back(advance.months, charges, _met(connection, advance, charges))


def _met(connection: Connection, advance: AdvanceLeft, charges: int) -> Sequence[Policy]:
    """The policies that the months kept would have met on the day of the payment."""
    kept = sum(one.months for one in advance.months[: len(advance.months) - charges])
    if not kept:
        return ()
    return met_by_payment(
        dated_policies(connection),
        item=advance.item_id,
        nature=advance.nature,
        day=advance.paid_on,
        months=kept,
        nothing_left=advance.at_once,
    )
