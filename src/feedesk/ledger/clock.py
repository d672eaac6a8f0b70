"""The clock of whoever writes: on a real ledger it may not lie well before the last entry.

A machine whose battery died starts in another year; what it booked then would stand on the wrong day, on paper too.
Moments are compared with their offsets, so another time zone or summer time changes nothing, and small corrections of
the clock are no matter. A supervisor may confirm the clock (`feedesk.ops.confirming_clock`) where the last entry was
the wrong one; that, and a reopening, is an entry itself, from which the next one is measured.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, select

from feedesk.errors import UserError
from feedesk.ledger.prepared import Prepared
from feedesk.models import Entry, Setting, table_of
from feedesk.texts import N_

TOLERANCE: Final = timedelta(minutes=10)
"""So far a clock may be set back by its own corrections."""

QUIET: Final = timedelta(days=15)
"""Nobody books nothing for so long, not even over the Spring Festival: then the clock may have run ahead."""

CONFIRMED: Final = "clock_confirmed"
"""The kind of the entry by which a supervisor says that the clock is right."""

_DECIDED = frozenset({CONFIRMED, "day_reopen"})

_entry, _setting = table_of(Entry), table_of(Setting)
_newest = Prepared(select(_entry.c.recorded_at).order_by(_entry.c.id.desc()).limit(1))
_newest_of_chain = Prepared(
    select(_entry.c.recorded_at)
    .where(_entry.c.chain_id == bindparam("chain"))
    .order_by(_entry.c.sequence.desc())
    .limit(1)
)
_training = Prepared(select(_setting.c.value).where(_setting.c.key == "training"))


class ClockSetBack(UserError):
    message = N_(
        "The clock of this computer says {now}, but the last act in the ledger was at {last}: set the clock right, "
        "or a supervisor confirms it at the desk (Ctrl+K, then K). Nothing was booked."
    )


def last_act(connection: Connection, chain: int) -> datetime | None:
    """When the last entry was written; None before the first.

    On a server only of its chain: several machines write there, and looking at each other's entries they would wait
    for each other.
    """
    if connection.dialect.name == "sqlite":
        found: datetime | None = _newest.scalar(connection)
    else:
        found = _newest_of_chain.scalar(connection, {"chain": chain})
    return found


def check_clock(connection: Connection, *, chain: int, kind: str, now: datetime) -> None:
    """Raises `ClockSetBack` on a real ledger whose last entry lies well after ``now``."""
    last = last_act(connection, chain)
    if last is None or now >= last - TOLERANCE or kind in _DECIDED or _training.scalar(connection) == "true":
        return
    raise ClockSetBack(now=moment_text(now), last=moment_text(last.astimezone(now.tzinfo)))


def moment_text(moment: datetime) -> str:
    """``2026-11-23 09:10``."""
    return moment.strftime("%Y-%m-%d %H:%M")
