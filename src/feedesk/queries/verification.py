"""The whole verification: the ledger's own, and each closed day worked out anew and compared with its figures.

Names (of the community, of tenders) and reprints may change after a close; every sum must stay what it was.
"""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime

from sqlalchemy import Connection, select

from feedesk.ledger.heads import heads_digest, heads_from_json
from feedesk.ledger.verify import Problem, Verification, verify_ledger
from feedesk.models import DayClose, Entry, table_of
from feedesk.queries.day_figures import Closing, work_out_figures
from feedesk.rules.day_summary import DayFigures, ReceiptsIssued
from feedesk.texts import _

_day_close = table_of(DayClose)
_CLOSES = select(
    _day_close.c.entry_id,
    _day_close.c.business_date,
    _day_close.c.version,
    _day_close.c.closed_at,
    _day_close.c.total,
    _day_close.c.figures,
    _day_close.c.chain_heads,
).order_by(_day_close.c.id)
_reopening = table_of(Entry).alias("reopening")
_REOPENED = select(_day_close.c.entry_id).join(_reopening, _reopening.c.reverses_id == _day_close.c.entry_id)

# What papers show beside the sums; it may be called otherwise today.
_MAY_CHANGE = frozenset({"community", "company", "tenders", "training"})


def verify_everything(
    connection: Connection,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Verification:
    """`feedesk.ledger.verify.verify_ledger` and, where that finds nothing, `closed_day_problems`."""
    return verify_ledger(connection, extra_checks=(closed_day_problems,), progress=progress, cancelled=cancelled)


def closed_day_problems(connection: Connection) -> Iterator[Problem]:
    """Where a day's figures as closed are not those the ledger gives today."""
    reopened = set(connection.execute(_REOPENED).scalars())
    for row in connection.execute(_CLOSES).all():
        try:
            stored = DayFigures.from_json(row.figures)
            head = heads_digest(heads_from_json(row.chain_heads))
        except (ValueError, TypeError, KeyError, AttributeError):
            yield _problem(row.entry_id, "figures", _("the figures of {day} cannot be read"), day=row.business_date)
            continue
        kept = {"chain_head": head, "version": row.version, "total": row.total, "date": row.business_date}
        for name, wanted in kept.items():
            if getattr(stored, name) != wanted:
                message = _("the figures of {day} have another {name} than their close")
                yield _problem(row.entry_id, "figures", message, day=row.business_date, name=name)
        if row.entry_id in reopened:
            continue  # what was booked after the reopening makes other figures; the next version has them
        closing = Closing(
            stored.version,
            datetime.fromisoformat(stored.closed_at),
            stored.closed_by,
            stored.chain_head,
            False,
            {one.code: one.reported for one in stored.channels if one.reported is not None},
        )
        try:
            today = work_out_figures(connection, row.business_date, closing)
        except ValueError:  # a fee item's 款项性质, for one, that is none
            message = _("the figures of {day} cannot be worked out anew: records they rest on were altered")
            yield _problem(row.entry_id, "figures", message, day=row.business_date)
            continue
        for name in _differences(stored, today):
            message = _("{day} was closed with other figures than the ledger gives today: {name}")
            yield _problem(row.entry_id, "figures", message, day=row.business_date, name=name)


def _differences(stored: DayFigures, today: DayFigures) -> Iterator[str]:
    stored, today = (replace(one, receipts=ReceiptsIssued(one.receipts.books, 0)) for one in (stored, today))
    if not stored.channels:  # closed before channels were compared
        today = replace(today, channels=())
    for part in fields(DayFigures):
        if part.name not in _MAY_CHANGE and getattr(stored, part.name) != getattr(today, part.name):
            yield part.name


def _problem(entry: int, column: str, message: str, **facts: object) -> Problem:
    return Problem(entry, "day_close", column, message.format(**facts))
