"""What a payment earns by settling a whole year at once (一次性付清), of charges posted already and months ahead alike.

Asked for before the payment is posted, by the desk and the quote as well: they show just what will be collected.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select

from feedesk.models import Charge, table_of
from feedesk.money import ZERO, Fen
from feedesk.periods import Period
from feedesk.queries.advances import ItemAhead
from feedesk.queries.concessions import Concessions, charge_line, dated_policies
from feedesk.queries.posted_lines import Posted, posted_lines
from feedesk.queries.statement import StatementCharge
from feedesk.rules.advance_concessions import WHOLE_YEAR, met_by_payment
from feedesk.rules.concession_terms import ConditionKind, DatedPolicy
from feedesk.rules.concessions import Conceded
from feedesk.rules.paid_at_once import YearLine, concede_at_once, last_year, off_line

_charge = table_of(Charge)
_ELIGIBLE = select(_charge.c.id, _charge.c.unit_id, _charge.c.gross, _charge.c.discount, _charge.c.snapshot).where(
    _charge.c.id.in_(bindparam("charges", expanding=True)),
    _charge.c.source.in_(("run", "advance", "opening", "split", "merge")),
    _charge.c.paid == 0,
    _charge.c.waived == 0,
)


@dataclass(frozen=True, slots=True)
class Cut:
    """What is taken off a posted charge: ``amount`` in fen, and what all its concessions are called then."""

    charge: int
    amount: Fen
    label: str


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What paying a year at once is worth: ``cuts`` of posted charges, and the months ``ahead`` as they are lowered.

    ``labels`` are the policies that are granted.
    """

    cuts: tuple[Cut, ...] = ()
    ahead: tuple[ItemAhead, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def total(self) -> Fen:
        """What is taken off posted charges."""
        return Fen(sum(cut.amount for cut in self.cuts))

    def lowered(self, charges: Sequence[StatementCharge]) -> tuple[StatementCharge, ...]:
        """The charges as they are to be paid."""
        cuts = {cut.charge: cut for cut in self.cuts}
        return tuple(_lowered(one, cuts[one.id]) if one.id in cuts else one for one in charges)


def _lowered(charge: StatementCharge, cut: Cut) -> StatementCharge:
    return replace(
        charge,
        discount=Fen(charge.discount + cut.amount),
        principal=Fen(charge.principal - cut.amount),
        snapshot=with_label(charge.snapshot, cut.label),
    )


def with_label(snapshot: str, label: str) -> str:
    """A snapshot with another name of its concession, for the receipt."""
    import json

    facts = json.loads(snapshot) if snapshot else {}
    return json.dumps({**facts, "concession": label}, ensure_ascii=False, separators=(",", ":"))


def years_at_once(connection: Connection, on: date) -> tuple[str, ...]:
    """The names of the policies in force on a day that reward a whole year paid at once (一次性付清)."""
    kind = ConditionKind.PAID_AT_ONCE
    found = [one for one in dated_policies(connection) if one.condition.kind is kind and one.in_force(on)]
    return tuple(dict.fromkeys(one.policy.name for one in found))


def paid_at_once(
    connection: Connection, *, charges: Sequence[StatementCharge], ahead: Sequence[ItemAhead] = (), today: date
) -> AtOnce:
    """What a payment of ``charges`` and months ``ahead`` earns that leaves nothing open.

    Costs no query where no item is paid for a year.
    """
    plain = AtOnce(ahead=tuple(ahead))
    months_ahead = {(one.account.id, one.item): one for one in ahead}
    groups: dict[tuple[int, str], list[StatementCharge]] = {}
    for charge in charges:
        if charge.principal and not charge.frozen:
            groups.setdefault((charge.account, charge.item), []).append(charge)
    years = []
    for key, posted in groups.items():
        more = months_ahead.get(key)
        if (more.months if more else 0) >= WHOLE_YEAR:
            continue  # the months ahead are a year by themselves
        if sum(Period.parse(one.period).months for one in posted) + (more.months if more else 0) >= WHOLE_YEAR:
            years.append((posted, more))
    if not years:
        return plain
    policies = [one for one in dated_policies(connection) if one.condition.is_met_on_payment]
    found = plain
    if any(one.condition.kind is ConditionKind.PAID_AT_ONCE for one in policies):
        for posted, more in years:
            found = _with_year(connection, found, posted, more, policies, today)
    return found


def _with_year(
    connection: Connection,
    found: AtOnce,
    posted: Sequence[StatementCharge],
    more: ItemAhead | None,
    policies: Sequence[DatedPolicy],
    today: date,
) -> AtOnce:
    """The same with what one item's year earns."""
    first = posted[0]
    at_once = [one for one in policies if one.condition.kind is ConditionKind.PAID_AT_ONCE]
    facts: dict[str, Any] = {"item": first.item_id, "nature": first.nature, "day": today}
    granted = met_by_payment(at_once, months=WHOLE_YEAR, nothing_left=True, **facts)
    lines = _posted(connection, posted) if granted else []
    ahead = _ahead(connection, more, policies, facts) if granted and more else []
    count = last_year([one.period for _charge, one in lines] + [one.period for one in ahead], today)
    if not count or count <= len(ahead):
        return found
    kept = lines[len(lines) + len(ahead) - count :] if count < len(lines) + len(ahead) else lines
    year = [one for _charge, one in kept] + ahead
    conceded = concede_at_once(year, granted)
    if conceded is None:
        return found
    cuts = [
        Cut(charge, Fen(off_line(line, one) - line.discount), one.label if one else "")
        for (charge, line), one in zip(kept, conceded, strict=False)
    ]
    planned = tuple(_replaced(one, more, conceded[len(kept) :]) for one in found.ahead)
    used = {part.label: None for one in conceded if one for part in one.parts if part.policy in {p.id for p in granted}}
    return AtOnce(
        (*found.cuts, *(cut for cut in cuts if cut.amount > 0)), planned, tuple(dict.fromkeys((*found.labels, *used)))
    )


def _posted(connection: Connection, charges: Sequence[StatementCharge]) -> list[tuple[int, YearLine]]:
    """The charges that count: wholly unpaid, never lowered since they were billed; in the order of their periods."""
    rows = {row.id: row for row in connection.execute(_ELIGIBLE, {"charges": [one.id for one in charges]})}
    in_order = sorted((one for one in charges if one.id in rows), key=lambda one: Period.parse(one.period))
    wanted = [
        Posted(
            one.id,
            one.account,
            rows[one.id].unit_id,
            one.item_id,
            Period.parse(one.period),
            Fen(rows[one.id].gross),
            rows[one.id].snapshot,
        )
        for one in in_order
    ]
    return [
        (one.posted.id, YearLine(one.posted.period, one.line, one.standing, Fen(rows[one.posted.id].discount), True))
        for one in posted_lines(connection, wanted)
    ]


def _ahead(
    connection: Connection, ahead: ItemAhead, policies: Sequence[DatedPolicy], facts: dict[str, Any]
) -> list[YearLine]:
    """Months ahead: what paying them ahead concedes line by line counts for them anyway."""
    known = Concessions.read(connection, ahead.bills)
    prepaid = [one for one in policies if one.condition.kind is ConditionKind.PREPAID]
    met = met_by_payment(prepaid, months=ahead.months, nothing_left=False, **facts)
    return [
        YearLine(
            bill.period,
            charge_line(bill),
            (*(known.policies_for(bill) if known is not None else ()), *met),
            bill.discount,
            False,
        )
        for bill in ahead.bills
    ]


def _replaced(one: ItemAhead, year: ItemAhead | None, conceded: Sequence[Conceded | None]) -> ItemAhead:
    if one is not year:
        return one
    bills = tuple(
        bill._replace(discount=found.discount if found else ZERO, conceded=found)
        for bill, found in zip(one.bills, conceded, strict=True)
    )
    return replace(one, bills=bills)
