"""Months paid ahead put out of force one by one, and such as are kept billed anew at another price, in one entry.

They leave the ledger as they came: what was owed and deferred for them is taken out, what is kept is owed and deferred
again. A billing run finds the cancelled months unbilled and bills them when their time comes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, update

from feedesk.db import next_ids
from feedesk.ledger import chart
from feedesk.ledger.posting import EntryDraft, PostingLine
from feedesk.models import Charge, ChargeCancellation, table_of
from feedesk.money import Fen
from feedesk.ops.billing_posting import conceded_facts
from feedesk.ops.single_charges import ChargeFacts, charges_at_hand, credited_account
from feedesk.rules.advance_refunds import KeptMonth
from feedesk.rules.concessions import Conceded

_charge, _cancellation = table_of(Charge), table_of(ChargeCancellation)

_CANCEL = (
    update(_charge)
    .where(_charge.c.id.in_(bindparam("charges", expanding=True)))
    .values(status="cancelled", cancelled_by=bindparam("by"))
)
_SETTLE = (
    update(_charge)
    .where(_charge.c.id == bindparam("charge"))
    .values(paid=bindparam("paid_now"), status=bindparam("new_status"))
)


@dataclass(frozen=True, slots=True)
class MonthAnew:
    """A month that is billed anew under ``key``, in the place of ``old``; ``paid`` of it at once, else owed."""

    key: int
    old: ChargeFacts
    conceded: Conceded | None
    paid: bool

    @property
    def net(self) -> Fen:
        return Fen(self.old.gross - (self.conceded.discount if self.conceded is not None else 0))


@dataclass(frozen=True, slots=True)
class Rebilling:
    """What an entry puts out of force, and what it bills in the place of some of it."""

    cancelled: tuple[ChargeFacts, ...] = ()
    anew: tuple[MonthAnew, ...] = ()
    credits: tuple[tuple[str, chart.AccountKind], ...] = ()

    @property
    def owed(self) -> Fen:
        """What of it is owed afterwards."""
        return Fen(sum(one.net for one in self.anew if not one.paid))


NOTHING_REBILLED = Rebilling()


def rebilling(
    connection: Connection, cancelled: Sequence[int], *, kept: Sequence[KeptMonth] = (), owed: Sequence[KeptMonth] = ()
) -> Rebilling:
    """Plans it: the charges ``cancelled``, of which ``kept`` are billed anew and paid, ``owed`` anew and open."""
    if not cancelled:
        return NOTHING_REBILLED
    facts = {one.id: one for one in charges_at_hand(connection, cancelled)}
    keys = iter(next_ids(connection, _charge, len(kept) + len(owed)))
    anew = [MonthAnew(next(keys), facts[one.month.charge], one.conceded, paid=True) for one in kept]
    anew += [MonthAnew(next(keys), facts[one.month.charge], one.conceded, paid=False) for one in owed]
    credits = {one.item: credited_account(connection, one) for one in facts.values()}
    return Rebilling(tuple(facts.values()), tuple(anew), tuple(credits.items()))


def store_rebilling(draft: EntryDraft, plan: Rebilling) -> None:
    """Cancels charges and stores those billed anew; what is paid of the old ones goes back by the entry's own parts."""
    if not plan.cancelled:
        return
    connection = draft.connection
    connection.execute(_CANCEL, {"charges": [one.id for one in plan.cancelled], "by": draft.id})
    for one in plan.cancelled:
        draft.add(_cancellation, {"charge_id": one.id})
    for month in plan.anew:
        draft.add(_charge, _row(month))
        paid = month.net if month.paid else 0
        status = "settled" if month.paid or not month.net else "open"
        connection.execute(_SETTLE, {"charge": month.key, "paid_now": paid, "new_status": status})


def _row(month: MonthAnew) -> dict[str, object]:
    old, conceded = month.old, month.conceded
    return {
        "id": month.key,
        "account_id": old.account,
        "unit_id": old.unit_id,
        "fee_item_id": old.item_id,
        "tariff_version_id": old.tariff_version,
        "period": str(old.period),
        "source": old.source,
        "number": old.number,
        "serves_from": old.serves_from,
        "serves_to": old.serves_to,
        "gross": old.gross,
        "discount": conceded.discount if conceded is not None else 0,
        "due_date": old.due_date,
        "basis": old.basis,
        "snapshot": _snapshot(old.snapshot, conceded),
    }


def _snapshot(snapshot: str, conceded: Conceded | None) -> str:
    """The old one without what was conceded then, and with what is conceded now."""
    facts = json.loads(snapshot) if snapshot else {}
    words = list(facts.get("words", ()))
    before = facts.pop("concessions", ())
    facts.pop("concession", None)
    if before:  # their sentences follow those of the price, the first one's first
        name = str(before[0]["name"])
        words = words[: next((place for place, one in enumerate(words) if one.startswith(name)), len(words))]
    if conceded is not None:
        facts |= conceded_facts(words, conceded)
    else:
        facts["words"] = words
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))


def rebilling_postings(plan: Rebilling) -> list[PostingLine]:
    """What was owed and deferred for it, and what is now, by fee item and without the resident's account.

    The two are posted one by one: what is billed anew is deferred like any advance.
    """
    credits = dict(plan.credits)
    lines = []
    for item, credit in credits.items():
        out = sum(one.gross - one.discount for one in plan.cancelled if one.item == item)
        anew = sum(month.net for month in plan.anew if month.old.item == item)
        lines += [PostingLine(credit, Fen(out)), PostingLine(chart.receivable(item), Fen(-out))]
        lines += [PostingLine(chart.receivable(item), Fen(anew)), PostingLine(credit, Fen(-anew))]
    return lines
