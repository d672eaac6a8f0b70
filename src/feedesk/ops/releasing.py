"""Releasing deferred revenue (待转收入): month by month, what charges that span months have served becomes revenue.

Each release books the difference between what is served by the end of its month, over all standing charges, and what
was released before. So it may run twice, and late charges, undone runs and reductions heal themselves.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from feedesk.ledger import chart
from feedesk.ledger.posting import PostingLine
from feedesk.models import RevenueRelease, table_of
from feedesk.money import Fen
from feedesk.ops.permissions import Permission, requires
from feedesk.ops.run import Act
from feedesk.ops.single_charges import begin_office_entry
from feedesk.periods import Period
from feedesk.queries.billing import fee_items
from feedesk.queries.deferred_revenue import last_release, released, served

_release = table_of(RevenueRelease)


@dataclass(frozen=True, slots=True)
class RevenueReleased:
    """What became revenue with a month, by fee item, in fen; ``entry`` None where there was nothing to book."""

    month: Period
    by_item: Mapping[str, Fen]
    entry: int | None

    @property
    def total(self) -> Fen:
        return Fen(sum(self.by_item.values()))


@requires(Permission.BILL)
def release_revenue(act: Act, *, month: Period) -> RevenueReleased:
    """Books what is served by the end of a month and not released yet, in one entry with a row per fee item.

    A month that lies before one already released is released with that one.
    """
    return release_until(act, month)


def release_until(act: Act, month: Period) -> RevenueReleased:
    """What `release_revenue` does, as part of another operation."""
    last = last_release(act.connection)
    until = month if last is None else max(month, last)
    before = released(act.connection)
    by_now = served(act.connection, until)
    due = {item: Fen(by_now.get(item, 0) - before.get(item, 0)) for item in by_now.keys() | before.keys()}
    due = {item: amount for item, amount in due.items() if amount}
    items = fee_items(act.connection)
    entry = _post(act, until, {item: due[item] for item in items if item in due}) if due else None
    return RevenueReleased(until, {items[item].name: due[item] for item in items if item in due}, entry)


def correct_releases(act: Act) -> None:
    """Takes back what was released of charges that are lower now, or gone, up to the month released last.

    Called by whatever lowers deferred revenue, so that its balance never falls below zero.
    """
    last = last_release(act.connection)
    if last is not None:
        release_until(act, last)


def _post(act: Act, month: Period, due: Mapping[int, Fen]) -> int:
    items = fee_items(act.connection)
    draft = begin_office_entry(act, "release")
    lines = []
    for item, amount in due.items():
        draft.add(_release, {"period": str(month), "fee_item_id": item, "amount": amount})
        name = items[item].name
        lines += [
            PostingLine(chart.deferred(name), amount),
            PostingLine(chart.earned(name, chart.OWN), Fen(-amount)),
        ]
    return draft.seal(lines).id
